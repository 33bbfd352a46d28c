INSERT INTO t VALUES (x'00ff', x'5c27', x'0001', b'1010', 'é');

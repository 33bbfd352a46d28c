SELECT id, code, typeof(code), hex(body), typeof(body) FROM things ORDER BY id;

SELECT hex(id), hex(a), hex(b), hex(c), d FROM t;

SELECT t.b FROM c JOIN t ON t.a = c.t_a;

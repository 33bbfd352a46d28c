SELECT joined('a', 'b'), "Odd name"(1), (split(7)).rest, fine(1);

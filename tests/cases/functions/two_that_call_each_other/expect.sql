SELECT is_even, odd(4) FROM checked;

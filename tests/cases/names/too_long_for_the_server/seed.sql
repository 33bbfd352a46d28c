INSERT INTO a_table_with_a_name_that_is_rather_long_for_any_good_purpose (id) VALUES (1);

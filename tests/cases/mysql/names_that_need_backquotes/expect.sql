SELECT * FROM `order` ORDER BY 1;
SELECT * FROM `a view; of it` ORDER BY 1;
SELECT * FROM `table of ``ticks```;

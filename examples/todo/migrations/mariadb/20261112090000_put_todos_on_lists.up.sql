-- dbtool: revision 20261112090000 parent 20261111090000
-- Put todos on lists
-- dbtool: slow table=todo "may write every row anew"
-- dbtool: slow table=todo "builds an index"
-- dbtool: slow table=todo "copies every row into a new table, and nobody else can write meanwhile"

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "create todo_lists"
CREATE TABLE todo_lists (
  id int NOT NULL AUTO_INCREMENT,
  name varchar(64) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY todo_lists_name_key (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: step "a list for the todos that are there"
INSERT INTO todo_lists (name) VALUES ('Default');

-- dbtool: step "add todo.list_id"
ALTER TABLE todo ADD COLUMN list_id int, ALGORITHM=INSTANT;

-- dbtool: step "fill todo.list_id"
-- dbtool: backfill table=todo key=id
-- dbtool: verify SELECT 1 FROM todo WHERE list_id IS NULL
UPDATE todo SET list_id = (SELECT id FROM todo_lists WHERE name = 'Default') WHERE list_id IS NULL /* dbtool:range todo */;

-- dbtool: step "todo.list_id is required"
ALTER TABLE todo MODIFY COLUMN list_id int NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;

-- dbtool: step "add index todo_list_id_idx"
ALTER TABLE todo ADD KEY todo_list_id_idx (list_id), ALGORITHM=INPLACE, LOCK=NONE;

-- dbtool: step "add foreign key todo_list_id_fkey to todo"
ALTER TABLE todo ADD CONSTRAINT todo_list_id_fkey FOREIGN KEY (list_id) REFERENCES todo_lists (id) ON DELETE CASCADE, ALGORITHM=COPY, LOCK=SHARED;

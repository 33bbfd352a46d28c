-- dbtool: revision 20261111090000 parent 20261110090000
-- Add tracks

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "create tracks"
CREATE TABLE tracks (
  id int NOT NULL AUTO_INCREMENT,
  title varchar(200) NOT NULL,
  genre enum('classical','jazz','rock') NOT NULL DEFAULT 'rock',
  user_id int NOT NULL,
  PRIMARY KEY (id),
  KEY tracks_user_id_idx (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: step "add users.joined_at"
ALTER TABLE users ADD COLUMN joined_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, ALGORITHM=INSTANT;

-- dbtool: step "add foreign key tracks_user_id_fkey to tracks"
ALTER TABLE tracks ADD CONSTRAINT tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

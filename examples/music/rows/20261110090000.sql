INSERT INTO roles (name) VALUES ('Admin'), ('Listener');
INSERT INTO users (username, role_id) VALUES ('ada', 1), ('ben', 2), ('eve', NULL);

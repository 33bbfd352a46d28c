BEGIN;
ALTER TABLE reviews ADD CONSTRAINT reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE reviews VALIDATE CONSTRAINT reviews_user_id_fkey;
COMMIT;

-- Instead of renaming full_name: both, and a trigger that fills one from the other.
ALTER TABLE users ADD COLUMN name text;
CREATE OR REPLACE FUNCTION users_fill_name() RETURNS trigger LANGUAGE plpgsql AS $fill$
BEGIN
    -- ALTER TABLE users RENAME COLUMN full_name TO name; would stop the old release.
    NEW.name := COALESCE(NEW.name, NEW.full_name);
    RETURN NEW;
END
$fill$;
CREATE TRIGGER users_fill_name BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION users_fill_name();

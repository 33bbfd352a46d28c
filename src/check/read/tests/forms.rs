//! Forms of statements and names that are seldom written.

use super::check;
use crate::dialect::Kind::{Mysql, Postgres, Sqlite};

#[test]
fn commas_inside_a_part_of_mysql() {
    check(
        Mysql,
        &[
            ("ALTER TABLE t DROP PARTITION p, q", "DROP PARTITION p, q"),
            ("ALTER TABLE t TRUNCATE PARTITION p, q", "TRUNCATE PARTITION p, q"),
            ("ALTER TABLE t ORDER BY a, b", "t: ORDER BY"),
            ("ALTER TABLE t CONVERT PARTITION p TO TABLE u", "CONVERT PARTITION p TO TABLE u"),
            (
                "ALTER TABLE t ADD a int PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (5), PARTITION q VALUES LESS THAN (9))",
                "add t.a int; PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (5), PARTITION q VALUES LESS THAN (9))",
            ),
            ("ALTER TABLE t ADD a int, ENGINE=InnoDB REMOVE PARTITIONING", "add t.a int; option of t: ENGINE=InnoDB; REMOVE PARTITIONING"),
            (
                "ALTER TABLE t ALGORITHM=INPLACE, REORGANIZE PARTITION p, q INTO (PARTITION r VALUES LESS THAN (5))",
                "REORGANIZE PARTITION p, q INTO (PARTITION r VALUES LESS THAN (5)); ALGORITHM=INPLACE",
            ),
        ],
    );
}

#[test]
fn options_in_brackets() {
    check(Postgres, &[("VACUUM (FULL false) t", "rewrite VACUUM of t"), ("REINDEX (CONCURRENTLY off) INDEX i", "reindex INDEX i")]);
}

#[test]
fn a_block_is_no_transaction() {
    check(Mysql, &[("BEGIN NOT ATOMIC DROP TABLE t; END", "BEGIN NOT ATOMIC")]);
}

#[test]
fn only_with_brackets() {
    check(
        Postgres,
        &[
            ("ALTER TABLE ONLY (t) ADD a int", "add t.a int"),
            ("CREATE INDEX i ON ONLY (t) (a)", "index i on t (a)"),
            ("TRUNCATE ONLY (a), b", "truncate a, b"),
        ],
    );
}

#[test]
fn names_in_all_their_forms() {
    check(
        Postgres,
        &[
            ("ALTER TABLE t ADD COLUMN U&\"d\\0061t\" int", "add t.dat int"),
            ("ALTER TABLE t ADD GRÖSSE int", "add t.grÖsse int"),
            ("CREATE SCHEMA AUTHORIZATION joe", "CreateSchema { schema: \"joe\" }"),
            ("CLUSTER i ON t", "rewrite CLUSTER of t"),
            ("SELECT \"Do_It\"(1)", "SELECT Do_It()"),
            ("CREATE INDEX i ON t (a \"char_ops\", b)", "index i on t (a, b)"),
            ("SELECT a::numeric(5), CAST(a AS varchar(5)) FROM (VALUES (1)) AS v(a)", "SELECT"),
        ],
    );
    check(
        Mysql,
        &[
            ("LOCK INSTANCE FOR BACKUP", "LOCK INSTANCE"),
            ("SELECT `do_it`(1)", "SELECT do_it()"),
            ("CREATE INDEX algorithm ON t (a) LOCK=NONE", "index algorithm on t (a); LOCK=NONE"),
        ],
    );
    check(
        Sqlite,
        &[
            ("CREATE TABLE 't' ('a' int, 'b c' text)", "create t (a int, b c text)"),
            ("CREATE INDEX 'i' ON 't' ('a')", "index i on t (a)"),
            ("ALTER TABLE 't' ADD 'a' int", "add t.a int"),
        ],
    );
}

#[test]
fn temporary_tables_by_their_schema() {
    check(Postgres, &[("CREATE TABLE pg_temp.t (a int)", "create pg_temp.t (a int) temporary")]);
    check(Mysql, &[("CREATE TABLE temp.t (a int)", "create temp.t (a int)")]);
    check(Sqlite, &[("CREATE TABLE temp.t (a int)", "create temp.t (a int) temporary")]);
}

#[test]
fn attributes_of_columns() {
    check(
        Postgres,
        &[
            ("CREATE TABLE t (a text COLLATE pg_catalog.\"C\" NOT NULL)", "create t (a text not null collate pg_catalog.\"C\")"),
            ("ALTER FOREIGN TABLE f ADD COLUMN a int OPTIONS (x 'y')", "add f.a int"),
        ],
    );
    check(
        Mysql,
        &[
            ("ALTER TABLE t ADD j int SERIAL DEFAULT VALUE", "add t.j int not null identity unique"),
            ("CREATE TABLE t (s timestamp(6) GENERATED ALWAYS AS ROW START)", "create t (s timestamp(6))"),
        ],
    );
    check(
        Sqlite,
        &[
            ("CREATE TABLE t (a TEXT PRIMARY KEY)", "create t (a text primary key)"),
            ("CREATE TABLE t (a TEXT PRIMARY KEY, b int) WITHOUT ROWID", "create t (a text not null primary key, b int) WITHOUT= ROWID="),
            ("CREATE TABLE t (a TEXT, b int, PRIMARY KEY (A)) WITHOUT ROWID", "create t (a text, b int, primary key (A)) WITHOUT= ROWID="),
        ],
    );
}

#[test]
fn forms_of_create() {
    check(
        Postgres,
        &[
            ("CREATE TABLE t OF some_type (PRIMARY KEY (a))", "create t (primary key (a))"),
            ("CREATE TABLE t (a int, FOREIGN KEY (a, PERIOD b) REFERENCES u (a, PERIOD b))", "create t (a int, foreign key (a, b) to u(a, b))"),
            ("CREATE SCHEMA app CREATE TABLE t (a int)", "CreateSchema { schema: \"app\" }; create app.t (a int)"),
            ("CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION joe", "CreateSchema { schema: \"app\" }"),
            (
                "CREATE SCHEMA app GRANT CREATE ON SCHEMA app TO joe CREATE INDEX i ON t (a) CREATE VIEW v AS SELECT 1",
                "CreateSchema { schema: \"app\" }; index i on app.t (a); CREATE VIEW",
            ),
        ],
    );
    check(
        Mysql,
        &[
            ("CREATE ALGORITHM=MERGE VIEW v AS SELECT 1", "CREATE VIEW"),
            ("CREATE DEFINER = joe SQL SECURITY INVOKER VIEW v AS SELECT 1", "CREATE VIEW"),
        ],
    );
    check(
        Sqlite,
        &[("CREATE TABLE t (a int, CONSTRAINT x CHECK (a > 0) CONSTRAINT y UNIQUE (a))", "create t (a int, x: check (a > 0), y: unique (a))")],
    );
}

#[test]
fn harmless_statements_and_those_that_run_another() {
    check(
        Postgres,
        &[
            ("ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b", "ALTER TABLE ALL"),
            ("IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y", "IMPORT"),
            ("(SELECT 1)", "SELECT"),
            ("EXPLAIN ANALYZE DELETE FROM t", "delete t []"),
            ("EXPLAIN (ANALYZE, COSTS off) UPDATE t SET a = 1", "update t [a]"),
            ("EXPLAIN (ANALYZE false) DELETE FROM t", "EXPLAIN"),
            ("((TABLE t) UNION VALUES (1))", "TABLE"),
            ("EXPLAIN ANALYZE VERBOSE CREATE TABLE t AS SELECT 1", "create t () from query"),
        ],
    );
    check(
        Mysql,
        &[
            ("RENAME USER a TO b", "RENAME"),
            ("SIGNAL SQLSTATE '45000'", "SIGNAL"),
            ("ALTER TABLE t RENAME = u", "rename table t to u"),
            ("ANALYZE FORMAT=JSON DELETE FROM t", "delete t []"),
            ("ANALYZE TABLE t", "ANALYZE"),
        ],
    );
}

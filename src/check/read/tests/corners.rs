//! Statements that are easily mistaken for others, by what is easily overlooked.

use super::check;
use crate::dialect::Kind::{Mysql, Postgres, Sqlite};

#[test]
fn commas_in_square_brackets_end_no_part() {
    check(
        Postgres,
        &[
            (
                "CREATE TABLE t (a text[] DEFAULT ARRAY['x','y']::text[] NOT NULL, b int)",
                "create t (a text[] not null = ARRAY['x','y']::text[], b int)",
            ),
            ("ALTER TABLE t ADD COLUMN a text[] DEFAULT ARRAY['x','y'], ADD b int", "add t.a text[] = ARRAY['x','y']; add t.b int"),
            ("ALTER TABLE t ALTER COLUMN a SET DEFAULT ARRAY[1,2]", "set default t.a = ARRAY[1,2]"),
            ("ALTER TABLE t ALTER COLUMN a TYPE int[] USING ARRAY[a,b]", "type of t.a is int[] using ARRAY[a,b]"),
            ("UPDATE t SET a = ARRAY[x,y], b = 3", "update t [a, b]"),
        ],
    );
    check(Sqlite, &[("CREATE TABLE [a,b] ([c,d] int, e int)", "create a,b (c,d int, e int)")]);
}

#[test]
fn a_part_that_begins_like_a_constraint_is_no_column() {
    check(
        Postgres,
        &[
            ("ALTER TABLE t ADD CONSTRAINT c FOO (a)", "unread: ADD CONSTRAINT c FOO (a)"),
            ("CREATE TABLE t (CONSTRAINT c FOO (a))", "unread: CREATE TABLE t (CONSTRAINT c FOO (a))"),
            (
                "ALTER TABLE t ADD CONSTRAINT exclude CHECK (a > 0), ADD NOT NULL b, ADD EXCLUDE (c WITH =)",
                "add to t exclude: check (a > 0); add to t not null b; add to t exclude",
            ),
        ],
    );
    check(
        Mysql,
        &[
            ("ALTER TABLE t ADD UNIQUE KEY IF NOT EXISTS u (a)", "add to t u: unique (a)"),
            ("ALTER TABLE t ADD FOREIGN KEY IF NOT EXISTS f (a) REFERENCES u (b)", "add to t f: foreign key (a) to u(b)"),
            ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS idx (a) REFERENCES db.u (b)", "add to t f: foreign key (a) to db.u(b)"),
            ("ALTER TABLE t ADD CONSTRAINT c UNIQUE INDEX IF NOT EXISTS u (a)", "add to t c: unique (a)"),
            ("ALTER TABLE t ADD PRIMARY KEY IF NOT EXISTS (a)", "add to t primary key (a)"),
            ("CREATE TABLE t (vector int, VECTOR INDEX v (e), KEY FOO)", "unread: CREATE TABLE t (vector int, VECTOR INDEX v (e), KEY FOO)"),
            ("CREATE TABLE t (vector int, VECTOR INDEX v (e))", "create t (vector int, index v on t (e) kind VECTOR)"),
            ("ALTER TABLE t ADD (a int, KEY k (a), CONSTRAINT c CHECK (a > 0))", "add t.a int; index k on t (a); add to t c: check (a > 0)"),
        ],
    );
}

#[test]
fn mysql_deletes_from_several_tables() {
    check(
        Mysql,
        &[
            ("DELETE a, b FROM a INNER JOIN b ON a.id = b.id WHERE a.x", "delete a [] where a.x; delete b [] where a.x"),
            ("DELETE FROM a, b USING a JOIN b", "delete a []; delete b []"),
            ("DELETE t.* FROM t", "delete t []"),
            ("DELETE HISTORY FROM t BEFORE SYSTEM_TIME '2020-01-01'", "delete t []"),
            ("DELETE x, y FROM a AS x JOIN (b y CROSS JOIN c) ON x.id = y.id LIMIT 5", "delete a []; delete b []"),
            ("DELETE history FROM history JOIN t USING (a) WHERE t.b", "delete history [] where t.b"),
            ("DELETE FROM db.a.*, b USING db.a JOIN b", "delete db.a []; delete b []"),
            ("UPDATE a AS x JOIN b ON x.id = b.id SET x.c = 1, b.d = 2, e = 3 WHERE x.f", "update a [c, e] where x.f; update b [d] where x.f"),
            ("UPDATE a JOIN b ON a.id = b.id SET b.d = 2", "update b [d]"),
        ],
    );
}

#[test]
fn with_changes_rows_itself() {
    check(
        Postgres,
        &[
            ("WITH del AS (DELETE FROM t RETURNING *) SELECT count(*) FROM del", "delete t []; SELECT"),
            ("WITH x AS (DELETE FROM a WHERE b = 1 RETURNING *) INSERT INTO arch SELECT * FROM x", "delete a [] where b = 1; insert arch from query"),
            ("WITH replace AS (SELECT 1), x (a, b) AS NOT MATERIALIZED (UPDATE t SET a = 1 RETURNING *) (SELECT * FROM x)", "update t [a]; SELECT"),
        ],
    );
}

#[test]
fn names_of_columns_that_are_words_elsewhere() {
    check(
        Postgres,
        &[
            ("CREATE TABLE t (a int, period int, exclude boolean)", "create t (a int, period int, exclude boolean)"),
            ("ALTER TABLE t ADD period int, ADD system text, ADD exclude int", "add t.period int; add t.system text; add t.exclude int"),
            ("ALTER TABLE t DROP period, DROP system", "drop column t.period; drop column t.system"),
        ],
    );
    check(
        Mysql,
        &[
            ("CREATE TABLE t (a int, period int, exclude int)", "create t (a int, period int, exclude int)"),
            ("ALTER TABLE only ADD a int, DROP SYSTEM VERSIONING", "add only.a int; only: DROP SYSTEM VERSIONING"),
        ],
    );
    check(
        Sqlite,
        &[
            ("CREATE TABLE t (period int, exclude int)", "create t (period int, exclude int)"),
            ("ALTER TABLE t ADD period int", "add t.period int"),
            ("CREATE TABLE t (like int, key int)", "create t (like int, key int)"),
        ],
    );
}

#[test]
fn drop_tables_is_drop_table() {
    check(Mysql, &[("DROP TABLES a, b", "drop table a; drop table b")]);
}

#[test]
fn comments_are_no_text() {
    check(
        Postgres,
        &[
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT /* yet */ VALID", "add to t c: check (a > 0) not valid"),
            (
                "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u NOT DEFERRABLE -- NOT VALID is too slow\n INITIALLY \
             IMMEDIATE",
                "add to t f: foreign key (a) to u()",
            ),
            ("ROLLBACK /* to be sure */ WORK", "Rollback"),
            ("ALTER TABLE t DISABLE /* all */ TRIGGER ALL", "t: DISABLE TRIGGER ALL"),
            ("VACUUM (VERBOSE /* FULL */) t", "rewrite VACUUM of t"),
        ],
    );
}

#[test]
fn queries_that_insert() {
    check(
        Postgres,
        &[
            ("INSERT INTO t (SELECT 1)", "insert t from query"),
            ("INSERT INTO t (a) OVERRIDING SYSTEM VALUE SELECT 1", "insert t from query"),
            ("INSERT INTO t (a) OVERRIDING USER VALUE VALUES (1)", "insert t"),
        ],
    );
    check(
        Mysql,
        &[
            ("INSERT INTO t (a, b) (SELECT 1, 2)", "insert t from query"),
            ("INSERT INTO t TABLE u", "insert t from query"),
            ("INSERT INTO t (a) VALUE ((SELECT 1))", "insert t"),
        ],
    );
}

#[test]
fn select_into_makes_a_table() {
    check(
        Postgres,
        &[
            ("SELECT a INTO app.x FROM t", "create app.x () from query"),
            ("SELECT 1 INTO TEMP TABLE x FROM t", "create x () temporary from query"),
            ("SELECT * INTO UNLOGGED x FROM t", "create x () from query"),
        ],
    );
    check(Mysql, &[("SELECT a INTO @x FROM t", "SELECT")]);
}

#[test]
fn tables_made_of_queries() {
    check(
        Mysql,
        &[
            ("CREATE TABLE t (SELECT 1 AS a)", "create t () from query"),
            ("CREATE TABLE t (b int) (SELECT 1 AS a)", "create t (b int) from query"),
            ("CREATE TABLE t (b int) ENGINE=InnoDB IGNORE SELECT * FROM u", "create t (b int) from query ENGINE=InnoDB"),
            ("CREATE TABLE t REPLACE AS SELECT 1 AS a", "create t () from query"),
            ("CREATE OR REPLACE TABLE t (b int) UNION=(u,v) TABLE w", "create t (b int) or replace from query UNION="),
            ("CREATE TABLE t (b int) PARTITION BY HASH (b) AS SELECT 1 AS b", "create t (b int) from query PARTITION=HASH (b)"),
        ],
    );
}

#[test]
fn set_has_many_forms() {
    check(
        Postgres,
        &[
            ("SET search_path = app, public", "set search_path = app, public"),
            ("SET app.lock_timeout = '5'", "set app.lock_timeout = '5'"),
            ("SET \"lock_timeout\" = 5", "set lock_timeout = 5"),
            ("SET LOCAL TIME ZONE 'UTC'", "set timezone = 'UTC' local"),
            ("SET ROLE x", "set role = x"),
            ("SELECT set_config('lock_timeout', '2s', true)", "set lock_timeout = '2s' local"),
            ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "set transaction = READ ONLY"),
            ("SET CONSTRAINTS ALL DEFERRED", "set constraints = ALL DEFERRED"),
            ("SET SESSION AUTHORIZATION DEFAULT", "set session_authorization = DEFAULT"),
            ("SET LOCAL local.x TO 1", "set local.x = 1 local"),
            ("SET session = 1", "set session = 1"),
            ("RESET lock_timeout", "set lock_timeout = DEFAULT"),
            ("RESET ALL", "set all = DEFAULT"),
            ("SELECT pg_catalog.set_config('search_path', '', false), f(1)", "set search_path = ''; SELECT f()"),
        ],
    );
    check(
        Mysql,
        &[
            ("SET @foreign_key_checks = 0", "set @foreign_key_checks = 0"),
            ("SET PERSIST_ONLY x = 1", "set x = 1 global"),
            ("SET STATEMENT max_statement_time=1 FOR ALTER TABLE t ADD a int", "set max_statement_time = 1; add t.a int"),
            (
                "SET GLOBAL a = 1, b = 2, @@c = 3, @@global.d = 4, SESSION e = 5, f = 6",
                "set a = 1 global; set b = 2 global; set c = 3; set d = 4 global; set e = 5; set f = 6",
            ),
            ("SET @a := 1, @@SESSION.`Sql_Mode` = '', `b`.c = 2", "set @a = 1; set sql_mode = ''; set b.c = 2"),
            ("SET NAMES utf8mb4 COLLATE utf8mb4_bin, a = 1", "set names = utf8mb4 COLLATE utf8mb4_bin; set a = 1"),
            ("SET GLOBAL TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE", "set transaction = READ ONLY, ISOLATION LEVEL SERIALIZABLE global"),
            ("RESET MASTER", "RESET"),
        ],
    );
}

#[test]
fn conditional_comments_are_sql() {
    check(Postgres, &[("ALTER TABLE t ADD a int /*!50100 DEFAULT 5 */", "add t.a int")]);
    check(
        Mysql,
        &[
            ("CREATE TABLE t (a int /*!80023 INVISIBLE */, b int)", "create t (a int, b int)"),
            ("CREATE TABLE t (a int) /*!50100 PARTITION BY HASH (a) */", "create t (a int) PARTITION=HASH (a)"),
            ("/*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */", "set sql_mode = 'NO_AUTO_VALUE_ON_ZERO'"),
            (
                "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1 */",
                "create trigger x on t",
            ),
            ("ALTER TABLE t ADD a int /*M!100401 DEFAULT 5 */, FOO BAR BAZ (1", "add t.a int = 5; unread: FOO BAR BAZ (1"),
            ("/*M!999999\\- enable the sandbox mode */", ""),
        ],
    );
}

#[test]
fn several_at_once() {
    check(
        Postgres,
        &[
            (
                "DROP FUNCTION IF EXISTS f(int, text), app.g() CASCADE",
                "DropRoutine { name: Name { schema: None, name: \"f\" } }; DropRoutine { name: Name { schema: Some(\"app\"), name: \
             \"g\" } }",
            ),
            ("LOCK TABLE a, b", "LockTable { table: Name { schema: None, name: \"a\" } }; LockTable { table: Name { schema: None, name: \"b\" } }"),
            ("VACUUM FULL a, b", "rewrite VACUUM FULL of a; rewrite VACUUM FULL of b"),
            ("VACUUM ANALYZE a (x, y), b", "rewrite VACUUM of a; rewrite VACUUM of b"),
        ],
    );
    check(Mysql, &[("OPTIMIZE TABLE a, b", "rewrite OPTIMIZE of a; rewrite OPTIMIZE of b")]);
    check(Sqlite, &[("VACUUM main INTO 'x'", "rewrite VACUUM")]);
}

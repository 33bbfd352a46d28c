//! Rows, settings, transactions, and all the rest.

use super::check;
use crate::dialect::Kind::{Mysql, Postgres, Sqlite};

#[test]
fn rows_are_changed() {
    check(
        Postgres,
        &[
            ("WITH x AS (SELECT 1) DELETE FROM t USING x WHERE t.a = x.a RETURNING *", "delete t [] where t.a = x.a"),
            (
                "WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x), y AS MATERIALIZED (SELECT 2) UPDATE ONLY app.t AS u \
             SET (a, b) = (SELECT 1, 2), \"c.d\" = 3, e[1] = 4, f.g = 5 FROM x WHERE u.id = x.n",
                "update app.t [a, b, c.d, e, g] where u.id = x.n",
            ),
            ("WITH \"update\" AS (SELECT 1) DELETE FROM ONLY \"order\"", "delete order []"),
            (
                "UPDATE \"order\" SET \"set\" = 'WHERE', b = (SELECT max(x) FROM u WHERE true) WHERE \"where\" = 1 RETURNING *",
                "update order [set, b] where \"where\" = 1",
            ),
            (
                "DELETE FROM t WHERE a IN (SELECT id FROM u ORDER BY id LIMIT 10) -- all",
                "delete t [] where a IN (SELECT id FROM u ORDER BY id LIMIT 10)",
            ),
            ("INSERT INTO t (a, b) VALUES (1, (SELECT 2)) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b", "insert t"),
            ("INSERT INTO t (value) WITH x AS (SELECT 1) SELECT * FROM x", "insert t from query"),
            ("MERGE INTO t AS x USING u ON x.a = u.a WHEN MATCHED THEN UPDATE SET b = 1", "update t []"),
        ],
    );
    check(
        Mysql,
        &[
            ("REPLACE INTO t (a) VALUES (1)", "insert t"),
            ("REPLACE LOW_PRIORITY INTO `t` SELECT * FROM u", "insert t from query"),
            ("INSERT IGNORE t SET a = 1 ON DUPLICATE KEY UPDATE a = 2", "insert t"),
            ("INSERT INTO t PARTITION (p0) (a) SELECT 1", "insert t from query"),
            ("UPDATE LOW_PRIORITY IGNORE t AS x SET x.a = IF(b, 1, 2), `b` = 2 WHERE x.c = 3 ORDER BY d LIMIT 5", "update t [a, b] where x.c = 3"),
            ("UPDATE t JOIN u ON t.id = u.id SET t.a = u.b WHERE t.x", "update t [a] where t.x"),
            ("DELETE LOW_PRIORITY QUICK FROM `db`.`t` WHERE a = 1 ORDER BY b LIMIT 5", "delete db.t [] where a = 1"),
            ("DELETE t FROM t JOIN u ON t.id = u.id WHERE u.x = 1", "delete t [] where u.x = 1"),
        ],
    );
    check(
        Sqlite,
        &[
            ("INSERT OR REPLACE INTO main.t SELECT * FROM u", "insert t from query"),
            ("WITH x(a) AS (SELECT 1) REPLACE INTO t SELECT * FROM x", "insert t from query"),
            (
                "UPDATE OR IGNORE t AS x INDEXED BY i SET (a, b) = (1, 2), c = replace(c, 'x', 'y') WHERE c LIKE '%from%'",
                "update t [a, b, c] where c LIKE '%from%'",
            ),
            ("DELETE FROM t AS x NOT INDEXED WHERE a ORDER BY b LIMIT 5", "delete t [] where a"),
        ],
    );
}

#[test]
fn settings_and_transactions() {
    check(
        Postgres,
        &[
            ("SET lock_timeout = '2s'", "set lock_timeout = '2s'"),
            ("SET LOCAL Lock_Timeout TO 2000", "set lock_timeout = 2000 local"),
            ("START TRANSACTION READ WRITE", "Begin"),
            ("BEGIN ISOLATION LEVEL SERIALIZABLE", "Begin"),
            ("END", "Commit"),
            ("ABORT", "Rollback"),
            ("ROLLBACK WORK TO x", "ROLLBACK"),
            ("VACUUM (FULL, ANALYZE) app.t (a)", "rewrite VACUUM FULL of app.t"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "SET @@session.sql_mode = '', GLOBAL max_connections = 5, SESSION foreign_key_checks = OFF",
                "set sql_mode = ''; set max_connections = 5 global; set foreign_key_checks = OFF",
            ),
            ("SET sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES')", "set sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES')"),
            ("BEGIN WORK", "Begin"),
            ("OPTIMIZE NO_WRITE_TO_BINLOG TABLE a", "rewrite OPTIMIZE of a"),
        ],
    );
    check(
        Sqlite,
        &[
            ("PRAGMA foreign_keys=OFF", "pragma foreign_keys = off"),
            ("PRAGMA main.Foreign_Keys(false)", "pragma foreign_keys = false"),
            ("BEGIN EXCLUSIVE TRANSACTION", "Begin"),
            ("END TRANSACTION", "Commit"),
            ("ROLLBACK TRANSACTION TO SAVEPOINT x", "ROLLBACK"),
            ("VACUUM", "rewrite VACUUM"),
        ],
    );
}

#[test]
fn the_rest_is_known_by_its_head() {
    check(
        Postgres,
        &[
            ("CREATE TYPE mood AS ENUM ('a', 'it''s')", "create enum mood ('a', 'it''s')"),
            ("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'b'", "add 'it''s' to mood placed"),
            ("CREATE DOMAIN d AS text DEFAULT 'NOT' CHECK (VALUE <> '')", "create domain d constrained"),
            (
                "CREATE CONSTRAINT TRIGGER x AFTER UPDATE OF \"on\" ON app.t DEFERRABLE FOR EACH ROW EXECUTE PROCEDURE f('on')",
                "create trigger x on app.t",
            ),
            ("DROP TRIGGER IF EXISTS \"t.r\" ON app.t CASCADE", "drop trigger t.r on app.t"),
            ("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DROP TABLE t; SELECT 1 $$", "CREATE FUNCTION"),
            ("DO $$ BEGIN DROP TABLE t; END $$", "DO"),
            ("SELECT app.my_function(1)", "SELECT my_function()"),
            ("SELECT 'my_function(1)' FROM t WHERE b IN (1) AND (c)", "SELECT"),
            ("COMMENT ON COLUMN t.a IS 'DROP TABLE x'", "COMMENT"),
            ("-- nothing", ""),
        ],
    );
    check(
        Mysql,
        &[
            ("CREATE DEFINER=`root`@`localhost` TRIGGER `t.r` BEFORE INSERT ON `db`.`t` FOR EACH ROW SET NEW.a = 1", "create trigger t.r on db.t"),
            ("CREATE OR REPLACE DEFINER = CURRENT_USER PROCEDURE p() BEGIN DROP TABLE t; END", "CREATE PROCEDURE"),
            ("CALL p()", "CALL"),
        ],
    );
    check(
        Sqlite,
        &[(
            "CREATE TRIGGER IF NOT EXISTS tr AFTER UPDATE OF a, b ON t WHEN NEW.a > 0 BEGIN UPDATE u SET a = 1; DELETE FROM v; END",
            "create trigger tr on t",
        )],
    );
}

#[test]
fn what_cannot_be_read_is_said_to_be_so() {
    check(
        Postgres,
        &[
            ("ALTER TABLE t ADD a int, FOO BAR", "add t.a int; unread: FOO BAR"),
            ("ALTER TABLE t ADD a int,", "add t.a int; unread: ALTER TABLE t ADD a int,"),
            ("\\i other.sql", "unread: \\i other.sql"),
            ("UPDATE t", "unread: UPDATE t"),
            ("CREATE INDEX", "unread: CREATE INDEX"),
        ],
    );
    check(Sqlite, &[(".read x.sql", "unread: .read x.sql")]);
}

#[test]
fn what_is_easily_mistaken() {
    check(
        Postgres,
        &[
            ("TRUNCATE a, ONLY b", "truncate a, b"),
            ("REINDEX (VERBOSE, CONCURRENTLY) TABLE app.t", "reindex TABLE app.t concurrently"),
            ("COMMIT PREPARED 'x'", "COMMIT"),
            ("ROLLBACK PREPARED 'x'", "ROLLBACK"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "DELETE dbtool_child FROM todos AS dbtool_child LEFT JOIN lists AS p ON p.id = dbtool_child.list_id WHERE p.id IS NULL",
                "delete todos [] where p.id IS NULL",
            ),
            ("START SLAVE", "START"),
            ("START REPLICA", "START"),
        ],
    );
}

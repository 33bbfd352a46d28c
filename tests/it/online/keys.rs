//! Whatever the key of a table is, a statement in small batches meets every row just once.

use super::{COUNT, append};
use crate::support::{Engine, Project};

/// A project whose database was made by `sql`, with a revision of this text.
fn with_script(engine: Engine, sql: &str, script: &str) -> Project {
    let project = Project::new(engine);
    project.ok(&["init"]);
    project.sql(sql);
    project.ok(&["revision", "-m", "count", "--rev-id", COUNT]);
    append(&project, &format!("migrations/{COUNT}_count.up.sql"), script);
    project
}

const ADD: &str = "-- dbtool: backfill table=t\nUPDATE t SET n = n + 1 WHERE 1 = 1 /* dbtool:range t */;\n";

#[test]
fn of_any_type_and_of_several_columns() {
    let sqlite = [
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 0); INSERT INTO t (id) SELECT value * 3 - 150 FROM generate_series(1, 100);",
        "CREATE TABLE t (a TEXT, n INTEGER DEFAULT 0); INSERT INTO t (a) SELECT NULL FROM generate_series(1, 100);",
        "CREATE TABLE t (a TEXT PRIMARY KEY, n INTEGER DEFAULT 0); INSERT INTO t (a) SELECT iif(value % 2, NULL, value) FROM generate_series(1, 100);",
        "CREATE TABLE t (a TEXT, b REAL, n INTEGER DEFAULT 0, PRIMARY KEY (a, b)) WITHOUT ROWID;
         INSERT INTO t (a, b) SELECT char(65 + value % 3, 0, 97), value / 7.0 FROM generate_series(1, 100);",
        "CREATE TABLE t (a BLOB PRIMARY KEY, n INTEGER DEFAULT 0) WITHOUT ROWID; INSERT INTO t (a) SELECT randomblob(4) FROM generate_series(1, 100);",
        "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, n INTEGER DEFAULT 0);
         INSERT INTO t (a) SELECT iif(value % 2, 'it''s ', 'IT''S ') || value FROM generate_series(1, 100);",
        "CREATE TABLE t (rowid TEXT, oid TEXT, n INTEGER DEFAULT 0); INSERT INTO t (rowid) SELECT 'x' FROM generate_series(1, 100);",
    ];
    for sql in sqlite {
        check(Engine::Sqlite, sql);
    }
    if !Engine::Postgres.is_available() {
        return;
    }
    for (key, values) in [
        ("id bigint", "i * 3 - 150"),
        ("\"user\" text", "CASE i % 2 WHEN 0 THEN 'it''s ' ELSE E'IT\\\\S ' END || i"),
        ("a uuid", "gen_random_uuid()"),
        ("a timestamptz", "now() - i * interval '1 day 1 microsecond'"),
        ("a date", "DATE '0044-03-15 BC' + i"),
        ("a interval", "i * interval '-3 hours'"),
        ("a numeric", "i / 7.0"),
        ("a bytea", "decode(md5(i::text), 'hex')"),
        ("a inet", "'10.0.0.0'::inet + i"),
        ("a boolean, b char(5), c smallint", "i % 2 = 0, chr(65 + i % 5), i"),
        ("a text COLLATE \"C\", b integer", "chr(65 + i % 3), i"),
    ] {
        let columns: Vec<&str> = key.split(", ").map(|column| column.split(' ').next().expect("a name")).collect();
        let columns = columns.join(", ");
        check(
            Engine::Postgres,
            &format!(
                "CREATE TABLE t ({key}, n integer DEFAULT 0, PRIMARY KEY ({columns})); INSERT INTO t ({columns}) SELECT {values} FROM generate_series(1, 100) AS i;"
            ),
        );
    }
    check(
        Engine::Postgres,
        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, n integer DEFAULT 0); CREATE UNIQUE INDEX i ON t (b DESC, a);
         INSERT INTO t (a, b) SELECT i, i % 10 FROM generate_series(1, 100) AS i;",
    );
    check(
        Engine::Postgres,
        "CREATE TABLE t (id integer PRIMARY KEY, n integer DEFAULT 0) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (50);
         CREATE TABLE t2 PARTITION OF t DEFAULT; INSERT INTO t (id) SELECT i FROM generate_series(1, 100) AS i;",
    );
}

#[test]
fn of_any_type_and_of_several_columns_on_mariadb() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let rows = "WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 100)";
    for (key, values) in [
        ("id bigint", "i * 3 - 150"),
        ("id bigint unsigned", "18446744073709551000 + i"),
        ("`user` varchar(20)", "concat(if(i % 2, 'it''s ', 'IT\\\\S '), i)"),
        ("a varchar(20) COLLATE utf8mb4_bin", "concat(if(i % 2, 'x', 'X'), i div 2)"),
        ("a datetime(6)", "timestampadd(MICROSECOND, -i * 86400000001, '2026-01-01')"),
        ("a date", "adddate('1026-01-01', i)"),
        ("a time", "sec_to_time(i * -3600)"),
        ("a binary(32)", "unhex(sha2(i, 256))"),
        ("a boolean, b char(5), c smallint", "i % 2 = 0, elt(1 + i % 3, 'x', 'y', 'z'), i"),
    ] {
        let columns: Vec<&str> = key.split(", ").map(|column| column.split(' ').next().expect("a name")).collect();
        let columns = columns.join(", ");
        let table = format!("CREATE TABLE t ({key}, n integer DEFAULT 0, PRIMARY KEY ({columns}));");
        check(Engine::Mariadb, &format!("{table} INSERT INTO t ({columns}) {rows} SELECT {values} FROM s;"));
    }
    check(
        Engine::Mariadb,
        &format!(
            "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, n integer DEFAULT 0); CREATE UNIQUE INDEX i ON t (b DESC, a);
             INSERT INTO t (a, b) {rows} SELECT i, i % 10 FROM s;"
        ),
    );
    check(
        Engine::Mariadb,
        &format!(
            "CREATE TABLE t (id integer PRIMARY KEY, n integer DEFAULT 0) PARTITION BY HASH (id) PARTITIONS 3; INSERT INTO t (id) {rows} SELECT i FROM s;"
        ),
    );
}

/// Their text is not their value, or not the one that they are sorted by.
#[test]
fn keys_of_fractions_and_enumerations_are_refused_on_mariadb() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    for key in ["a double", "a float", "a decimal(10,4)", "a enum('z','y','x')", "a bit(8)"] {
        let project =
            with_script(Engine::Mariadb, &format!("CREATE TABLE t ({key} PRIMARY KEY, n integer DEFAULT 0); INSERT INTO t (a) VALUES (1);"), ADD);
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains("no primary key and no unique key without NULLs that batches could go by"), "{key}: {}", output.report());
        assert_eq!(project.query("SELECT n, count(*) FROM t GROUP BY n"), "0|1\n", "{key}");
    }
}

fn check(engine: Engine, sql: &str) {
    let project = with_script(engine, sql, ADD);
    project.ok(&["upgrade", "--batch", "7", "--pause", "0"]);
    assert_eq!(project.query("SELECT n, count(*) FROM t GROUP BY n"), "1|100\n", "{engine}: {sql}");
}

#[test]
fn for_deletes_and_for_rows_put_into_another_table() {
    for engine in Engine::available() {
        let rows = "WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 100)";
        let sql = format!(
            "CREATE TABLE t (id integer PRIMARY KEY, n integer); CREATE TABLE copies (id integer, n integer); INSERT INTO t {rows} SELECT i, i % 4 FROM s;"
        );
        let script = "-- dbtool: backfill table=t\n\
                      INSERT INTO copies (id, n) SELECT source.id, source.n FROM t AS source WHERE source.n > 0 /* dbtool:range source */;\n\
                      -- dbtool: backfill table=t\n\
                      DELETE FROM t WHERE n = 1 /* dbtool:range t */;\n";
        let project = with_script(engine, &sql, script);
        project.ok(&["upgrade", "--batch", "9", "--pause", "0"]);
        assert_eq!(project.query("SELECT count(*), count(DISTINCT id), sum(n) FROM copies"), "75|75|150\n", "{engine}");
        assert_eq!(project.query("SELECT count(*), sum(n) FROM t"), "75|125\n", "{engine}");
    }
}

#[test]
fn rows_that_come_late_are_swept_up() {
    // A trigger of MariaDB may not put rows into the table that is being changed.
    for engine in Engine::available().filter(|&engine| engine != Engine::Mariadb) {
        let sql = "CREATE TABLE t (id integer PRIMARY KEY, n integer); INSERT INTO t SELECT value, NULL FROM generate_series(1, 100);";
        let sql = if engine == Engine::Postgres { sql.replace("value", "i").replace("100)", "100) AS i") } else { sql.to_owned() };
        // Each row that is filled by the main pass has another one come behind the cursor and one behind the end.
        let late = if engine == Engine::Postgres {
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (-1, NULL), (1000, NULL); RETURN NULL; END $$;
             CREATE TRIGGER late AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.id = 50) EXECUTE FUNCTION late();"
        } else {
            "CREATE TRIGGER late AFTER UPDATE ON t WHEN NEW.id = 50 BEGIN INSERT INTO t VALUES (-1, NULL), (1000, NULL); END;"
        };
        let script = "-- dbtool: backfill table=t\n-- dbtool: verify SELECT id FROM t WHERE n IS NULL\nUPDATE t SET n = 7 WHERE n IS NULL /* dbtool:range t */;\n";
        let project = with_script(engine, &format!("{sql}\n{late}"), script);
        project.ok(&["upgrade", "--batch", "10", "--pause", "0"]);
        assert_eq!(project.query("SELECT n, count(*) FROM t GROUP BY n"), "7|102\n", "{engine}");
    }
}

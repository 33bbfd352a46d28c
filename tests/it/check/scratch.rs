//! What scripts of revisions must not reach while `check` tries them: the user's other tables, files and roles.

use crate::support::{Engine, Project};

/// A project with one revision of these texts, which was never run. `{own}` in them stands for the project's database.
fn project(engine: Engine, up: &str, down: &str) -> Project {
    let project = Project::with_schema(engine, "");
    let own = match engine {
        Engine::Sqlite => String::new(),
        Engine::Postgres => project.query("SELECT current_database()"),
        Engine::Mariadb => project.query("SELECT database()"),
    };
    let (up, down) = (up.replace("{own}", own.trim()), down.replace("{own}", own.trim()));
    let header = "-- dbtool: revision 20260101000000\n-- one\n\n";
    project.write("migrations/20260101000000_one.up.sql", &format!("{header}{up}\n"));
    project.write("migrations/20260101000000_one.down.sql", &format!("{header}{down}\n"));
    project
}

/// Expects of MariaDB that neither script is run, and nothing in the project's own database changes.
fn expect_untouched(up: &str, down: &str) {
    let project = project(Engine::Mariadb, up, down);
    project.sql("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1);");
    let everything = project.database().everything();
    let output = project.expect_status(1, &["check", "--level", "error"]);
    assert!(output.stdout.contains("nothing else is touched"), "{up}: {}", output.report());
    assert_eq!(project.database().everything(), everything, "{up}");
}

#[test]
fn a_script_that_names_another_database_is_not_run_on_mysql() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    for (up, down) in [
        ("USE `{own}`; DROP TABLE IF EXISTS kept;", "SELECT 1;"),
        ("CREATE TABLE IF NOT EXISTS `{own}`.kept (id int);", "DROP TABLE {own}.kept;"),
        (
            "CREATE TABLE a (a int); CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW DELETE FROM {own}.kept; INSERT INTO a VALUES (1);",
            "DROP TABLE a;",
        ),
        ("SET @s = 'DELETE FROM {own}.kept'; PREPARE s FROM @s; EXECUTE s;", "SELECT 1;"),
        ("/*!40000 DROP DATABASE IF EXISTS `{own}`*/;", "SELECT 1;"),
    ] {
        expect_untouched(up, down);
    }
}

#[test]
fn a_script_that_opens_another_file_is_not_run_on_sqlite() {
    let project = project(Engine::Sqlite, "ATTACH 'dev.db' AS live;\nDELETE FROM live.kept;", "DETACH live;");
    project.sql("CREATE TABLE kept (id integer); INSERT INTO kept VALUES (1);");
    std::fs::copy(project.url().trim_start_matches("sqlite:///"), project.folder().join("dev.db")).expect("copied");
    let output = project.expect_status(1, &["check", "--level", "error"]);
    assert!(output.stdout.contains("ATTACH opens another database file"), "{}", output.report());
    let rows = std::process::Command::new("sqlite3").arg(project.folder().join("dev.db")).arg("SELECT count(*) FROM kept").output().expect("sqlite3");
    assert_eq!(String::from_utf8_lossy(&rows.stdout), "1\n");
}

#[test]
fn roles_of_the_server_stay_as_they_are_on_postgres() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let role = format!("dbtool_check_{}", std::process::id());
    let up = format!("DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\nCREATE TABLE t (a integer);");
    let project = project(Engine::Postgres, &up, &format!("DROP TABLE t;\nDROP ROLE IF EXISTS {role};"));
    project.write("schema.toml", "[tables.t.columns]\na = { type = \"integer\" }\n");
    project.sql(&format!("CREATE ROLE {role};"));
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    let output = project.dbtool(&["check"]);
    let kept = project.query(&there);
    project.sql(&format!("DROP ROLE IF EXISTS {role};"));
    assert_eq!((output.status, kept.as_str()), (0, "1\n"), "{}", output.report());
    assert!(output.stderr.contains("Not run in scratch"), "{}", output.report());
    // Nor is one made.
    project.ok(&["check"]);
    assert_eq!(project.query(&there), "0\n");
}

#[test]
fn every_script_begins_with_the_settings_of_a_new_session() {
    let cases = [
        (
            Engine::Postgres,
            "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (a integer);",
            "CREATE TABLE u (a integer);",
            None,
        ),
        (
            Engine::Postgres,
            "SET check_function_bodies = off;\nCREATE TABLE t (a integer);",
            "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT nobody';\nCREATE TABLE u (a integer);",
            Some("nobody"),
        ),
        (
            Engine::Sqlite,
            "PRAGMA foreign_keys = OFF;\nCREATE TABLE t (a integer PRIMARY KEY);",
            "CREATE TABLE u (a integer REFERENCES t (a));\nINSERT INTO u VALUES (1);",
            Some("FOREIGN KEY"),
        ),
        (
            Engine::Mariadb,
            "SET foreign_key_checks = 0;\nCREATE TABLE t (a integer);",
            "CREATE TABLE u (a integer, FOREIGN KEY (a) REFERENCES nobody (a));",
            Some("nobody"),
        ),
    ];
    for (engine, first, second, fails) in cases.into_iter().filter(|(engine, ..)| engine.is_available()) {
        let project = project(engine, first, "DROP TABLE t;");
        let header = "-- dbtool: revision 20260101000001 parent 20260101000000\n-- two\n\n";
        project.write("migrations/20260101000001_two.up.sql", &format!("{header}{second}\n"));
        project.write("migrations/20260101000001_two.down.sql", &format!("{header}DROP TABLE u;\n"));
        let output = project.dbtool(&["check", "--level", "error"]);
        let upgraded = project.dbtool(&["upgrade"]);
        match fails {
            None => assert!(!output.stdout.contains("[replay-fails]") && upgraded.status == 0, "{engine}: {}", output.report()),
            Some(_) => assert!(output.stdout.contains("[replay-fails]") && upgraded.status == 2, "{engine}: {first}: {}", output.report()),
        }
    }
}

#[test]
fn what_upgrade_refuses_before_it_runs_is_found() {
    for directive in [
        "alow drop-table reason=\"x\"",
        "look nonsense",
        "look \"x\" SELECT no FROM where",
        "backfill tabel=t",
        "backfill table=nowhere",
        "slow nonsense",
        "step nonsense",
    ] {
        let project = project(Engine::Sqlite, &format!("-- dbtool: {directive}\nCREATE TABLE t (a integer);"), "DROP TABLE t;");
        let output = project.expect_status(1, &["check", "--level", "error"]);
        assert!(output.stdout.contains("[replay-fails]"), "{directive}: {}", output.report());
        project.expect_status(2, &["upgrade"]);
    }
}

#[test]
fn a_text_that_is_prepared_and_a_routine_reach_no_other_database_on_mysql() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    for up in [
        "PREPARE s FROM 'DROP DATABASE `{own}`'; EXECUTE s;",
        "EXECUTE IMMEDIATE 'DROP DATABASE `{own}`';",
        "SET @s = 'DROP DATABASE IF EXISTS `{own}`'; PREPARE s FROM @s; EXECUTE s;",
        "SET STATEMENT max_statement_time = 9 FOR DROP DATABASE `{own}`;",
        "CREATE PROCEDURE p() DROP DATABASE `{own}`; CALL p();",
    ] {
        expect_untouched(up, "SELECT 1;");
    }
}

#[test]
fn privileges_and_comments_of_the_database_stay_as_they_are_on_postgres() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let asked = "SELECT datacl, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()";
    for up in [
        "REVOKE CONNECT ON DATABASE \"{own}\" FROM PUBLIC;",
        "COMMENT ON DATABASE \"{own}\" IS 'from scratch';",
        "DO $$ BEGIN EXECUTE 'REVOKE CONNECT ON DATABASE \"{own}\" FROM PUBLIC'; END $$;",
    ] {
        let project = project(Engine::Postgres, up, "SELECT 1;");
        let before = project.query(asked);
        let output = project.ok(&["check", "--level", "error"]);
        assert_eq!(project.query(asked), before, "{up}: {}", output.report());
        assert!(output.stderr.contains("Not run in scratch"), "{up}: {}", output.report());
    }
}

#[test]
fn no_program_is_run_on_the_server_of_postgres() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres, "CREATE TABLE t (a text);\nCOPY t FROM PROGRAM 'exit 7';", "DROP TABLE t;");
    project.write("schema.toml", "[tables.t.columns]\na = { type = \"text\" }\n");
    // The program would fail, and with it the replay.
    let output = project.ok(&["check", "--level", "error"]);
    assert!(output.stderr.contains("COPY ... PROGRAM runs a program on the server"), "{}", output.report());
}

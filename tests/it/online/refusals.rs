//! Backfills that would not do in batches what they do as one statement are refused before anything is changed.

use super::{COUNT, append, counted, counts};
use crate::support::{Engine, Project};

/// [`counted`] with another statement in its up file, behind a first part that must not have run.
fn with_statement(engine: Engine, directive: &str, statement: &str) -> Project {
    let project = counted(engine, 30);
    let file = format!("migrations/{COUNT}_count.up.sql");
    let header: String = project.read(&file).lines().take(2).map(|line| format!("{line}\n")).collect();
    project.write(&file, &header);
    append(&project, &file, &format!("CREATE TABLE made (id integer);\n{directive}\n{statement};\n"));
    project
}

#[test]
fn what_is_wrong_with_a_backfill_is_said_before_anything_runs() {
    let plain = "-- dbtool: backfill table=t";
    for engine in Engine::available() {
        for (directive, statement, said) in [
            (plain, "UPDATE t SET n = 1", "/* dbtool:range TABLE */"),
            (plain, "UPDATE t SET n = 1 WHERE n = 0 OR n = 5 /* dbtool:range t */", "OR outside parentheses"),
            (plain, "UPDATE t SET n = 1 WHERE n = 0 /* dbtool:range t */ OR n = 5", "OR behind"),
            ("-- dbtool: backfil table=t", "UPDATE t SET n = 1 WHERE 1 = 1 /* dbtool:range t */", "did you mean `backfill`?"),
            ("-- dbtool: backfill table=t batch=none", "UPDATE t SET n = 1 WHERE 1 = 1 /* dbtool:range t */", "no number of rows"),
            ("BEGIN;\n-- dbtool: backfill table=t", "UPDATE t SET n = 1 WHERE 1 = 1 /* dbtool:range t */;\nCOMMIT", "inside BEGIN"),
            ("-- dbtool: step \"a\" contracts", "SELECT 1", "not of its form"),
        ] {
            let project = with_statement(engine, directive, statement);
            let output = project.expect_status(2, &["upgrade"]);
            assert!(output.stderr.contains(said) && output.stderr.contains(&format!("{COUNT}_count.up.sql:")), "{statement}: {}", output.report());
            assert_eq!(counts(&project), "0|30", "{engine}: {statement}");
            assert!(!project.dump().contains("made"), "{engine}: {statement}: a part ran");
        }
    }
}

#[test]
fn a_statement_that_changes_its_own_key_is_refused() {
    for engine in Engine::available() {
        let project = with_statement(engine, "-- dbtool: backfill table=t", "UPDATE t SET n = n + 1, id = id + 5 WHERE 1 = 1 /* dbtool:range t */");
        let output = project.expect_status(2, &["upgrade", "--batch", "10"]);
        assert!(output.stderr.contains("changes id, by which it is cut"), "{}", output.report());
        assert_eq!(counts(&project), "0|30", "{engine}");
    }
}

#[test]
fn rows_that_stay_behind_stop_the_run_with_examples() {
    for engine in Engine::available() {
        let directive = "-- dbtool: backfill table=t\n-- dbtool: verify SELECT id FROM t WHERE n = 0";
        let statement = "UPDATE t SET n = CASE WHEN id > 3 THEN 7 ELSE 0 END WHERE n = 0 /* dbtool:range t */";
        let project = with_statement(engine, directive, statement);
        for _ in 0..2 {
            let output = project.expect_status(2, &["upgrade"]);
            for said in ["3 rows are still to do", "(1)", "(3)", "keep coming"] {
                assert!(output.stderr.contains(said), "{said}: {}", output.report());
            }
        }
        assert_eq!(counts(&project), "0|3\n7|27", "{engine}");
        project.sql("UPDATE t SET n = 8 WHERE n = 0;");
        project.ok(&["upgrade"]);
        assert_eq!(counts(&project), "7|27\n8|3", "{engine}");
    }
}

#[test]
fn a_table_without_transactions_is_refused_and_left_to_one_statement() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let directive = "-- dbtool: backfill table=t";
    for (change, said) in [("ENGINE = MyISAM", "has no transactions"), ("DROP PRIMARY KEY", "no primary key")] {
        let project = with_statement(Engine::Mariadb, directive, "UPDATE t SET n = n + 1 WHERE 1 = 1 /* dbtool:range t */");
        project.sql(&format!("ALTER TABLE t {change};"));
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains(said) && output.stderr.contains("take the directive away"), "{}", output.report());
        assert_eq!(counts(&project), "0|30");
        let file = format!("migrations/{COUNT}_count.up.sql");
        project.write(&file, &project.read(&file).replace(directive, ""));
        project.ok(&["upgrade"]);
        assert_eq!(counts(&project), "1|30");
    }
}

#[test]
fn a_table_without_a_key_is_refused_unless_it_can_be_told_what_is_done() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = with_statement(Engine::Postgres, "-- dbtool: backfill table=t", "UPDATE t SET n = n + 1 WHERE 1 = 1 /* dbtool:range t */");
    project.sql("ALTER TABLE t DROP CONSTRAINT t_pkey; INSERT INTO t VALUES (1, 0), (1, 0);");
    let output = project.expect_status(2, &["upgrade"]);
    assert!(output.stderr.contains("no primary key") && output.stderr.contains("key=COLUMN"), "{}", output.report());
    assert_eq!(counts(&project), "0|32");
    let file = format!("migrations/{COUNT}_count.up.sql");
    let text = project.read(&file).replace("table=t\n", "table=t\n-- dbtool: verify SELECT * FROM t WHERE n = 0\n").replace("1 = 1", "n = 0");
    project.write(&file, &text);
    project.ok(&["upgrade"]);
    assert_eq!(counts(&project), "1|32");
}

//! Levels: per rule, per path, and by the size of the table.

use crate::support::{Engine, Project};

fn project(engine: Engine) -> Project {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\na = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000000"]);
    let (up, down) = ("migrations/20990101000000_two.up.sql", "migrations/20990101000000_two.down.sql");
    project.write(up, &format!("{}\nCREATE INDEX t_a ON t (a);\n", project.read(up)));
    project.write(down, &format!("{}\nDROP INDEX t_a;\n", project.read(down)));
    let schema = project.read("schema.toml");
    project.write("schema.toml", &format!("{schema}\n[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n"));
    project
}

/// Adds a table to dbtool.toml.
fn configure(project: &Project, text: &str) {
    let old = std::fs::read_to_string(project.folder().join("dbtool.toml")).unwrap_or_default();
    project.write("dbtool.toml", &format!("{old}\n{text}\n"));
}

#[test]
fn the_configuration_says_how_much_a_rule_matters() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres);
    assert!(project.expect_status(1, &["check"]).stdout.contains("warning: "));
    project.ok(&["check", "--level", "error"]);
    configure(&project, "[check.rules]\nindex-not-concurrent = \"error\"");
    assert!(project.expect_status(1, &["check", "--level", "error"]).stdout.contains("error: "));
    // A path is more particular than the rule.
    configure(&project, "[[check.paths]]\npath = \"migrations/2099*\"\nrules = { index-not-concurrent = \"off\" }");
    project.ok(&["check"]);
}

#[test]
fn a_code_that_does_not_exist_is_an_error() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    for text in [
        "[check]\nignore = [\"drop-tabel\"]",
        "[check.rules]\ndrop-tabel = \"off\"",
        "[[check.paths]]\npath = \"*\"\nrules = { drop-tabel = \"off\" }",
    ] {
        let project = Project::with_schema(Engine::Sqlite, "");
        configure(&project, text);
        let output = project.expect_status(2, &["check"]);
        assert!(output.stderr.contains("did you mean drop-table?"), "{text}: {}", output.report());
    }
    for text in ["[check]\nlevel = \"bad\"", "[check.rules]\ndrop-table = 1", "[check.names]\ntable = \"(\"", "[[check.paths]]\npath = \"a\""] {
        let project = Project::with_schema(Engine::Sqlite, "");
        configure(&project, text);
        let output = project.expect_status(2, &["check"]);
        assert!(output.stderr.contains("dbtool.toml:"), "{text}: {}", output.report());
    }
}

#[test]
fn a_small_table_makes_it_a_note_once_the_database_is_asked() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres);
    project.sql("INSERT INTO t (id) SELECT generate_series(1, 20); ANALYZE t;");
    let output = project.expect_status(1, &["check", "--live"]);
    assert!(output.stdout.contains("[not-at-head]") && !output.stdout.contains("[index-not-concurrent]"), "{}", output.report());
    let output = project.expect_status(1, &["check", "--live", "--level", "note"]);
    assert!(output.stdout.contains("about 20 rows: small) [index-not-concurrent]"), "{}", output.report());
    project.sql("INSERT INTO t (id) SELECT generate_series(21, 20000); ANALYZE t;");
    let output = project.expect_status(1, &["check", "--live"]);
    assert!(output.stdout.contains("(about 20000 rows) [index-not-concurrent]"), "{}", output.report());
}

#[test]
fn migrate_tells_what_the_rules_find_in_what_it_has_written() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = Project::with_schema(Engine::Sqlite, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n");
    let output = project.ok(&["migrate", "-m", "one"]);
    assert!(!output.stderr.contains('['), "nothing is to be said of a new table: {}", output.report());
    project.ok(&["upgrade"]);
    project.write("schema.toml", "");
    let output = project.ok(&["migrate", "-m", "two", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&output.stdout).expect("a document");
    assert_eq!(document["findings"][0]["code"], "drop-table", "{document}");
    assert_eq!(document["findings"][0]["file"], document["files"]["up"]);
}

#[test]
fn an_index_that_takes_the_place_of_another_is_built_before_that_goes() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let table = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\na = { type = \"integer\" }\nb = { type = \"integer\" }\n";
    let project = Project::with_schema(Engine::Postgres, &format!("{table}[tables.t.indexes.t_old]\ncolumns = [\"a\"]\n"));
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.write("schema.toml", &format!("{table}[tables.t.indexes.t_new]\ncolumns = [\"a\", \"b\"]\n"));
    let output = project.ok(&["migrate", "-m", "two", "--rev-id", "20990101000000"]);
    assert!(!output.stderr.contains("[replace-index]"), "{}", output.report());
    let text = project.read("migrations/20990101000000_two.up.sql");
    let (made, gone) = (text.find("CREATE INDEX CONCURRENTLY t_new"), text.find("DROP INDEX CONCURRENTLY t_old"));
    assert!(made.is_some() && made < gone, "{text}");
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
}

/// A server that nobody can reach.
const POSTGRES: &str = "postgres://nobody@127.0.0.1:1/nobody";
const MYSQL: &str = "mysql://nobody@127.0.0.1:1/nobody";

/// A project of two revisions with these up scripts, the second of which also has a down script, and of these settings. Its schema.toml is
/// empty, whatever the scripts make.
fn two(first: &str, second: &str, down: &str, settings: &str) -> Project {
    let project = Project::new(Engine::Sqlite);
    project.write("schema.toml", "");
    project.write("dbtool.toml", settings);
    project.write("migrations/20260101000000_one.up.sql", &format!("-- dbtool: revision 20260101000000\n-- one\n\n{first}\n"));
    let header = "-- dbtool: revision 20260101000001 parent 20260101000000\n-- two\n\n";
    project.write("migrations/20260101000001_two.up.sql", &format!("{header}{second}\n"));
    project.write("migrations/20260101000001_two.down.sql", &format!("{header}{down}\n"));
    project
}

#[test]
fn the_rules_alone_ask_no_server_and_replay_nothing() {
    let project = two("CREATE TABLE t (id integer);", "CREATE INDEX i ON t (id);", "DROP INDEX nobody;", "");
    let output = project.expect_status(1, &["check", "--rules-only", "--database-url", POSTGRES]);
    assert!(output.stdout.contains("[index-not-concurrent]") && output.stdout.contains("Found 1 warning."), "{}", output.report());
    let output = project.expect_status(2, &["check", "--database-url", POSTGRES]);
    assert!(!output.stdout.contains("[index-not-concurrent]"), "{}", output.report());
    for other in ["--live", "--fix"] {
        project.expect_status(2, &["check", "--rules-only", other, "--database-url", POSTGRES]);
    }
}

#[test]
fn what_is_old_stands_in_the_settings_and_the_command_line_wins() {
    let project = two("CREATE TABLE t (id integer);", "DROP TABLE t;", "SELECT 1;", "[check]\nsince = \"20260101000001\"\n");
    let url = ["--rules-only", "--database-url", "sqlite:///nobody.db"];
    project.ok(&[&["check"][..], &url].concat());
    let output = project.expect_status(1, &[&["check", "--since", "20260101000000"][..], &url].concat());
    assert!(output.stdout.contains("[drop-table]"), "{}", output.report());
}

#[test]
fn a_code_that_is_ignored_finds_nothing() {
    let project = two("CREATE TABLE t (id integer);", "DROP TABLE t;", "SELECT 1;", "[check]\nignore = [\"drop-table\"]\n");
    project.ok(&["check", "--rules-only", "--level", "warning", "--database-url", "sqlite:///nobody.db"]);
}

#[test]
fn storage_engines_and_character_sets_are_those_of_the_settings() {
    let first = "CREATE TABLE t (id integer PRIMARY KEY) ENGINE=MyISAM;";
    let second = "CREATE TABLE u (id integer PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=latin1;";
    let check = |settings: &str| {
        let output = two(first, second, "DROP TABLE u;", settings).expect_status(1, &["check", "--rules-only", "--database-url", MYSQL]);
        output.stdout
    };
    let usual = check("");
    assert!(usual.contains("t is kept by MyISAM; allowed is innodb [engine-not-allowed]"), "{usual}");
    assert!(usual.contains("u has the character set latin1; allowed is utf8mb4 [charset-not-allowed]"), "{usual}");
    let other = check("[check]\nengines = [\"MyISAM\"]\ncharsets = [\"Latin1\"]\n");
    assert!(other.contains("u is kept by InnoDB; allowed is myisam [engine-not-allowed]"), "{other}");
    assert!(!other.contains("t is kept by") && !other.contains("[charset-not-allowed]"), "{other}");
}

#[test]
fn a_pattern_has_to_match_the_whole_name() {
    let settings = "[check.names]\ntable = \"a|ab\"\n";
    let project = two("CREATE TABLE ab (id integer PRIMARY KEY);", "CREATE TABLE ab1 (id integer PRIMARY KEY);", "DROP TABLE ab1;", settings);
    let output = project.expect_status(1, &["check", "--rules-only", "--level", "note", "--database-url", "sqlite:///nobody.db"]);
    assert!(output.stdout.contains("the table ab1 is not named as dbtool.toml says"), "{}", output.report());
    assert!(!output.stdout.contains("the table ab is"), "{}", output.report());
}

#[test]
fn a_down_script_is_judged_by_the_rules_that_are_about_both() {
    let project = two("CREATE TABLE t (id integer PRIMARY KEY);", "SELECT 1;", "FROBNICATE t;\nDROP TABLE t;", "");
    let output = project.expect_status(1, &["check", "--rules-only", "--database-url", "sqlite:///nobody.db"]);
    assert!(
        output.stdout.contains("migrations/20260101000001_two.down.sql:4:") && output.stdout.contains("[statement-not-read]"),
        "{}",
        output.report()
    );
    // What an up script must not do is what a way back is for.
    assert!(!output.stdout.contains("[drop-table]"), "{}", output.report());
}

#[test]
fn what_is_below_the_level_is_counted() {
    let project = two("CREATE TABLE t (id integer PRIMARY KEY);", "DROP TABLE t;", "SELECT 1;", "");
    let output = project.ok(&["check", "--rules-only", "--level", "error", "--database-url", "sqlite:///nobody.db"]);
    assert!(output.stdout.contains("Nothing found. 1 warning below the level: --level note shows them."), "{}", output.report());
}

#[test]
fn off_is_no_level_to_show() {
    let output = two("SELECT 1;", "SELECT 1;", "SELECT 1;", "[check]\nlevel = \"off\"\n")
        .expect_status(2, &["check", "--rules-only", "--database-url", "sqlite:///nobody.db"]);
    assert!(output.stderr.contains("`level` must be \"error\", \"warning\" or \"note\""), "{}", output.report());
}

#[test]
fn a_file_that_is_left_out_is_told_once() {
    let project = two("CREATE TABLE t (id integer PRIMARY KEY);", "SELECT 1;", "SELECT 1;", "");
    project.write("migrations/x.sql", "SELECT 1;");
    let output = project.dbtool(&["check", "--fix", "--database-url", "sqlite:///nobody.db"]);
    assert_eq!(output.stderr.matches("migrations/x.sql is left out").count(), 1, "{}", output.report());
}

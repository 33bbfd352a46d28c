//! A pipeline from end to end: a git repository, two branches, and everything that can go wrong on the way to the main branch.

use std::path::Path;
use std::process::Command;

use crate::support::{Engine, Output, Project, run};

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];
    command.args(identity).arg("-C").arg(folder).args(arguments);
    let output = run(&mut command, "");
    assert!(output.status == 0, "git {arguments:?}: {}", output.report());
    output
}

fn commit(project: &Project, message: &str) {
    git(project.folder(), &["add", "schema.toml", "dbtool.toml", "migrations"]);
    git(project.folder(), &["commit", "-q", "-m", message]);
}

const BASE: &str = "[tables.users.columns]\nid = { type = \"integer\", primary_key = true }\nname = { type = \"text\" }\n";

/// Adds a column and its revision on a branch of its own.
fn branch(project: &Project, column: &str, id: &str) {
    git(project.folder(), &["checkout", "-q", "-b", column, "main"]);
    project.write("schema.toml", &format!("{BASE}{column} = {{ type = \"text\" }}\n"));
    project.ok(&["migrate", "-m", &format!("add {column}"), "--rev-id", id]);
    commit(project, column);
}

#[test]
fn a_pipeline_stops_what_must_not_get_through() {
    for engine in Engine::available() {
        rehearse(engine);
    }
}

fn rehearse(engine: Engine) {
    let project = Project::with_schema(engine, BASE);
    if !project.folder().join("dbtool.toml").exists() {
        project.write("dbtool.toml", "");
    }
    git(project.folder(), &["init", "-q"]);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    commit(&project, "one");
    let check = |status: i32| project.expect_status(status, &["check", "--since", "main"]);
    check(0);

    // Two branches, each with a revision of its own.
    branch(&project, "mail", "20990101000001");
    check(0);
    branch(&project, "phone", "20990101000002");
    check(0);
    git(project.folder(), &["checkout", "-q", "-b", "both", "mail"]);
    git(project.folder(), &["checkout", "-q", "phone", "--", "migrations"]);
    project.write("schema.toml", &format!("{BASE}mail = {{ type = \"text\" }}\nphone = {{ type = \"text\" }}\n"));
    commit(&project, "both");
    let output = check(1);
    assert!(output.stdout.contains("[multiple-heads]"), "{engine}: {}", output.report());
    for word in ["20990101000001", "20990101000002", "dbtool merge 20990101000001 20990101000002"] {
        assert!(output.stdout.contains(word), "{engine}: {word}: {}", output.report());
    }
    project.ok(&["merge", "heads", "-m", "join"]);
    commit(&project, "join");
    check(0);
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
    git(project.folder(), &["checkout", "-q", "-B", "main", "both"]);

    // A file that others have run is edited: the branch tells, and so does the database.
    let one = project.migrations().first().map(|path| format!("migrations/{}", path.file_name().expect("a name").to_string_lossy())).expect("there");
    let one = one.replace(".down.sql", ".up.sql");
    let text = project.read(&one);
    project.write(&one, &format!("{text}\n-- a word\nSELECT 1;\n"));
    let output = check(1);
    assert!(output.stdout.contains("[revision-edited]") && output.stdout.contains(&one), "{engine}: {}", output.report());
    let output = project.expect_status(1, &["check", "--live"]);
    assert!(output.stdout.contains("[applied-file-changed]"), "{engine}: {}", output.report());
    project.write(&one, &text);
    check(0);

    // A column is declared and the revision forgotten.
    let schema = project.read("schema.toml");
    project.write("schema.toml", &format!("{schema}note = {{ type = \"text\" }}\n"));
    let output = check(1);
    assert!(output.stdout.contains("[schema-not-migrated]") && output.stdout.contains("added column users.note"), "{engine}: {}", output.report());
    project.ok(&["migrate", "-m", "note", "--rev-id", "20990101000009"]);
    check(0);

    // The way back is spoilt.
    let down = "migrations/20990101000009_note.down.sql";
    let text = project.read(down);
    project.write(down, &text.replace("DROP COLUMN note", "DROP COLUMN name"));
    assert_ne!(project.read(down), text, "{engine}: the way back drops the column");
    let output = check(1);
    assert!(output.stdout.contains("[down-differs]") && output.stdout.contains(down), "{engine}: {}", output.report());
    project.write(down, &text);
    check(0);

    // A statement slips in that loses rows.
    let up = "migrations/20990101000009_note.up.sql";
    let text = project.read(up);
    project.write(up, &format!("{text}\nALTER TABLE users DROP COLUMN phone;\n"));
    let line = 1 + project.read(up).lines().position(|line| line.contains("DROP COLUMN phone")).expect("it stands there");
    let output = check(1);
    assert!(output.stdout.contains(&format!("{up}:{line}:")) && output.stdout.contains("[drop-column]"), "{engine}: {}", output.report());
    project.write(up, &text);
    commit(&project, "note");
    check(0);

    // A reference that does not exist is an error, and says what to do.
    let output = project.expect_status(2, &["check", "--since", "nowhere"]);
    assert!(output.stderr.contains("neither a revision") && output.stderr.contains("fetch-depth: 0"), "{engine}: {}", output.report());
}

#[test]
fn files_that_get_another_name_or_are_no_revisions_do_not_confuse_it() {
    let project = Project::with_schema(Engine::Sqlite, BASE);
    project.write("dbtool.toml", "");
    git(project.folder(), &["init", "-q"]);
    project.ok(&["migrate", "-m", "one", "--rev-id", "20990101000001"]);
    project.write("migrations/7_notes.up.sql", "nothing of ours");
    commit(&project, "one");
    project.ok(&["check", "--since", "main"]);
    // Another name is no edit, another text is.
    git(project.folder(), &["checkout", "-q", "-b", "other"]);
    for direction in ["up", "down"] {
        git(
            project.folder(),
            &["mv", &format!("migrations/20990101000001_one.{direction}.sql"), &format!("migrations/20990101000001_two.{direction}.sql")],
        );
    }
    project.ok(&["check", "--since", "main"]);
    let up = "migrations/20990101000001_two.up.sql";
    project.write(up, &format!("{}\nSELECT 1;\n", project.read(up)));
    let output = project.expect_status(1, &["check", "--since", "main"]);
    assert!(output.stdout.contains("[revision-edited]"), "{}", output.report());
    git(project.folder(), &["checkout", "-q", "-f", "main"]);
    // The way back of an old revision may be corrected, and then it is tried.
    git(project.folder(), &["clean", "-qfd", "migrations"]);
    let down = "migrations/20990101000001_one.down.sql";
    project.write(down, &format!("{}\nDROP TABLE nobody;\n", project.read(down)));
    let output = project.expect_status(1, &["check", "--since", "main"]);
    assert!(output.stdout.contains("[down-fails]"), "{}", output.report());
}

#[test]
fn more_irreversible_revisions_than_can_be_tried_again_pass() {
    let project = Project::with_schema(Engine::Sqlite, "");
    let mut parent = String::new();
    for number in 1..=25 {
        let id = format!("202601010000{number:02}");
        let header = format!("-- dbtool: revision {id}{parent}\n-- r\n\n");
        project.write(
            &format!("migrations/{id}_r.up.sql"),
            &format!("{header}CREATE TABLE t{number} (a integer);\nDROP TABLE t{number};\nCREATE VIEW v{number} AS SELECT 1;\n"),
        );
        project.write(&format!("migrations/{id}_r.down.sql"), &format!("{header}-- dbtool: allow down-differs reason=\"there is no way back\"\n"));
        parent = format!(" parent {id}");
    }
    let schema: String = (1..=25).map(|number| format!("[views]\nv{number} = \"SELECT 1\"\n")).collect::<String>();
    project.write("schema.toml", &schema.replacen("[views]\n", "@", 1).replace("[views]\n", "").replace('@', "[views]\n"));
    project.ok(&["check", "--level", "error"]);
}

#[test]
fn a_revision_with_a_number_from_before_and_a_file_that_is_gone_are_found() {
    let project = Project::with_schema(Engine::Sqlite, BASE);
    project.write("dbtool.toml", "");
    git(project.folder(), &["init", "-q"]);
    // Without headers the numbers are the order.
    let write = |number: u32, name: &str, up: &str, down: &str| {
        project.write(&format!("migrations/209901010000{number:02}_{name}.up.sql"), up);
        project.write(&format!("migrations/209901010000{number:02}_{name}.down.sql"), down);
    };
    write(5, "one", "CREATE TABLE users (id integer PRIMARY KEY, name text);\n", "DROP TABLE users;\n");
    commit(&project, "one");
    git(project.folder(), &["checkout", "-q", "-b", "other"]);
    write(1, "early", "CREATE VIEW a AS SELECT 1;\n", "DROP VIEW a;\n");
    let output = project.expect_status(1, &["check", "--since", "main"]);
    assert!(output.stdout.contains("20990101000001 is new, and revisions that others have already run stand on it"), "{}", output.report());
    assert!(output.stdout.contains("[non-linear-history]"), "{}", output.report());
    for direction in ["up", "down"] {
        std::fs::remove_file(project.folder().join(format!("migrations/20990101000005_one.{direction}.sql"))).expect("it was there");
    }
    let output = project.expect_status(1, &["check", "--since", "main"]);
    assert!(output.stdout.contains("20990101000005_one.up.sql is gone, and others have run it [revision-edited]"), "{}", output.report());
}

#[test]
fn branches_that_are_merged_one_after_the_other_pass() {
    let project = Project::with_schema(Engine::Sqlite, BASE);
    project.write("dbtool.toml", "");
    git(project.folder(), &["init", "-q"]);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    commit(&project, "one");
    branch(&project, "mail", "20990101000001");
    branch(&project, "phone", "20990101000002");
    git(project.folder(), &["checkout", "-q", "-B", "main", "phone"]);
    // The other one, with the older number, takes over what main has got meanwhile.
    git(project.folder(), &["checkout", "-q", "mail"]);
    git(project.folder(), &["checkout", "-q", "main", "--", "migrations"]);
    project.write("schema.toml", &format!("{BASE}mail = {{ type = \"text\" }}\nphone = {{ type = \"text\" }}\n"));
    commit(&project, "take over");
    git(project.folder(), &["merge", "-q", "-s", "ours", "-m", "merge", "main"]);
    let output = project.expect_status(1, &["check", "--since", "main"]);
    assert!(output.stdout.contains("[multiple-heads]") && output.stdout.contains("Found 1 error."), "{}", output.report());
    project.ok(&["merge", "heads", "-m", "join"]);
    commit(&project, "join");
    project.ok(&["check", "--since", "main"]);
}

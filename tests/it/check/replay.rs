//! The revisions, replayed up and down: what does not run, and what does not lead back.

use crate::support::{Engine, Project};

const TABLE: &str = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n";

/// A project with three revisions that were written and never applied.
fn project(engine: Engine) -> Project {
    let project = Project::with_schema(engine, TABLE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    for (column, id) in [("a", "20990101000001"), ("b", "20990101000002")] {
        let schema = project.read("schema.toml");
        project.write("schema.toml", &format!("{schema}{column} = {{ type = \"integer\" }}\n"));
        project.ok(&["migrate", "-m", column, "--rev-id", id]);
        project.ok(&["upgrade"]);
    }
    project.ok(&["check", "--live"]);
    project
}

#[test]
fn a_way_back_that_was_spoilt_is_found_and_the_others_are_still_looked_at() {
    for engine in Engine::available() {
        let project = project(engine);
        let everything = project.database().everything();
        let down = |id: &str, column: &str| format!("migrations/{id}_{column}.down.sql");
        let (first, second) = (down("20990101000001", "a"), down("20990101000002", "b"));
        let (first_text, second_text) = (project.read(&first), project.read(&second));
        // One takes nothing back, the other does not run.
        let header: String = second_text.lines().take(2).map(|line| format!("{line}\n")).collect();
        project.write(&second, &header);
        project.write(&first, &format!("{first_text}\nDROP TABLE nobody;\n"));
        let output = project.expect_status(1, &["check"]);
        assert!(output.stdout.contains("revision 20990101000002 holds no statement"), "{engine}: {}", output.report());
        assert!(output.stdout.contains("the way back of revision 20990101000001 does not run"), "{engine}: {}", output.report());
        assert!(output.stdout.contains("| DROP TABLE nobody;"), "{engine}: the line is shown: {}", output.report());
        // A missing one is told too.
        std::fs::remove_file(project.folder().join(&second)).expect("it was there");
        project.write(&first, &first_text);
        let output = project.expect_status(1, &["check"]);
        assert!(output.stdout.contains("[down-missing]") && output.stdout.contains("Found 1 error."), "{engine}: {}", output.report());
        assert_eq!(project.database().everything(), everything, "{engine}: check changes nothing");
    }
}

#[test]
fn an_up_script_that_does_not_run_is_found_with_its_line() {
    for engine in Engine::available() {
        let project = project(engine);
        project.ok(&["revision", "-m", "c", "--rev-id", "20990101000003"]);
        let up = "migrations/20990101000003_c.up.sql";
        project.write(up, &format!("{}\nCREATE TABLE c (id integer);\nDROP TABLE nobody;\n", project.read(up)));
        let output = project.expect_status(1, &["check", "--format", "github"]);
        let line = 1 + project.read(up).lines().position(|line| line == "DROP TABLE nobody;").expect("it stands there");
        assert!(output.stdout.contains(&format!("::error file={up},line={line},")), "{engine}: {}", output.report());
        assert!(output.stdout.contains("title=dbtool replay-fails"), "{engine}: {}", output.report());
    }
}

#[test]
fn faults_of_schema_toml_are_findings_with_their_places() {
    let project = project(Engine::Sqlite);
    project.write("schema.toml", &format!("{TABLE}a = {{ tipe = \"integer\" }}\nb = {{ type = \"integer\", nullable = 1 }}\n"));
    let output = project.expect_status(1, &["check", "--format", "github"]);
    let lines: Vec<&str> = output.stdout.lines().filter(|line| line.contains("title=dbtool schema-invalid")).collect();
    assert!(lines.iter().any(|line| line.contains("file=schema.toml,line=3,")), "{}", output.report());
    assert!(lines.iter().any(|line| line.contains("file=schema.toml,line=4,")), "{}", output.report());
}

#[test]
fn a_folder_that_is_no_graph_is_found_with_its_file() {
    let project = project(Engine::Sqlite);
    let up = "migrations/20990101000001_a.up.sql";
    std::fs::remove_file(project.folder().join(up)).expect("it was there");
    let output = project.expect_status(1, &["check"]);
    assert!(
        output.stdout.contains("[revisions-invalid]") && output.stdout.contains("its parent 20990101000001 is not in the folder"),
        "{}",
        output.report()
    );
}

#[test]
fn without_a_database_the_files_are_checked_all_the_same() {
    let project = project(Engine::Sqlite);
    let output = project.ok(&["check", "--database-url", "sqlite:///nobody.db"]);
    assert!(!project.folder().join("nobody.db").exists(), "{}", output.report());
    let output = project.expect_status(1, &["check", "--live", "--database-url", "sqlite:///nobody.db"]);
    assert!(!project.folder().join("nobody.db").exists(), "{}", output.report());
}

#[test]
fn a_sqlite_table_that_is_made_anew_leads_back() {
    let project = project(Engine::Sqlite);
    let schema = project.read("schema.toml").replace("a = { type = \"integer\" }", "a = { type = \"text\", using = \"CAST(a AS text)\" }");
    project.write("schema.toml", &schema);
    project.ok(&["migrate", "-m", "rebuild", "--rev-id", "20990101000003"]);
    assert!(project.read("migrations/20990101000003_rebuild.up.sql").contains("dbtool_new_t"), "the table is made anew");
    project.ok(&["check"]);
}

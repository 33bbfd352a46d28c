//! The forms in which `check` tells what it found.

use serde_json::Value;

use crate::support::{Engine, Project};

/// A project with a finding in a file whose name and text ask for escapes.
fn project() -> Project {
    let project = Project::with_schema(Engine::Sqlite, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000000"]);
    let name = "migrations/20990101000000_two.up.sql";
    let text = format!("{}\n-- ü, 100 %\nDROP TABLE t;\nCREATE TABLE t (id integer PRIMARY KEY);\n", project.read(name));
    project.write(name, &text);
    project.write("migrations/20990101000000_two.down.sql", "-- dbtool: revision 20990101000000\n-- two\nSELECT 1;\n");
    project
}

#[test]
fn people_see_the_line_and_what_to_write_instead() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let output = project().expect_status(1, &["check"]);
    assert!(output.stdout.contains("warning: migrations/20990101000000_two.up.sql:"), "{}", output.report());
    assert!(output.stdout.contains("| DROP TABLE t;\n"), "{}", output.report());
    assert!(output.stdout.contains("[drop-table]"), "{}", output.report());
    assert!(output.stdout.contains("help: let a release run first"), "{}", output.report());
    assert!(output.stdout.contains("Found 1 warning."), "{}", output.report());
}

#[test]
fn programs_get_one_document() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = project();
    let output = project.expect_status(1, &["check", "--format", "json"]);
    let document: Value = serde_json::from_str(&output.stdout).expect("a JSON document");
    let finding = &document["findings"][0];
    assert_eq!((&finding["code"], &finding["level"]), (&"drop-table".into(), &"warning".into()), "{document}");
    assert_eq!(finding["file"], "migrations/20990101000000_two.up.sql");
    let line = finding["line"].as_u64().expect("a line") as usize;
    assert_eq!(project.read("migrations/20990101000000_two.up.sql").lines().nth(line - 1), Some("DROP TABLE t;"));
    assert_eq!((&document["errors"], &document["warnings"]), (&0.into(), &1.into()));
}

#[test]
fn github_gets_an_annotation_in_a_line() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let output = project().expect_status(1, &["check", "--format", "github"]);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines.len(), 1, "{}", output.report());
    assert!(lines[0].starts_with("::warning file=migrations/20990101000000_two.up.sql,line="), "{}", lines[0]);
    assert!(lines[0].contains(",title=dbtool drop-table::the table t is dropped with its rows%0Ahelp: "), "{}", lines[0]);
}

#[test]
fn gitlab_gets_a_code_quality_report() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = project();
    let report = |project: &Project| -> Value {
        let output = project.expect_status(1, &["check", "--format", "gitlab"]);
        serde_json::from_str(&output.stdout).expect("a JSON document")
    };
    let first = report(&project);
    let entry = &first[0];
    assert_eq!((&entry["check_name"], &entry["severity"]), (&"drop-table".into(), &"major".into()), "{first}");
    assert_eq!(entry["location"]["path"], "migrations/20990101000000_two.up.sql");
    // The fingerprint is that of the finding, whatever line it has moved to.
    let name = "migrations/20990101000000_two.up.sql";
    project.write(name, &project.read(name).replace("DROP TABLE", "\n\nDROP TABLE"));
    let second = report(&project);
    assert_eq!(second[0]["fingerprint"], entry["fingerprint"]);
    assert_ne!(second[0]["location"]["lines"], entry["location"]["lines"]);
}

/// The schema of the standard, as OASIS publishes it:
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>.
const SARIF_SCHEMA: &str = include_str!("sarif-schema-2.1.0.json");

#[test]
fn sarif_is_what_the_standard_says() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = project();
    // One finding without a place, too.
    project.write("schema.toml", "[tables.u.columns]\nid = { type = \"integer\", primary_key = true }\n");
    let output = project.expect_status(1, &["check", "--live", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&output.stdout).expect("a JSON document");
    let mut schema: Value = serde_json::from_str(SARIF_SCHEMA).expect("the schema");
    // Its pattern of a language has a bracket too many, which not every engine takes for a character.
    for of in ["run", "toolComponent"] {
        schema["definitions"][of]["properties"]["language"].as_object_mut().expect("an object").remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).expect("the schema can be used");
    let faults: Vec<String> = validator.iter_errors(&log).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let codes: Vec<&str> = results.iter().filter_map(|result| result["ruleId"].as_str()).collect();
    assert!(codes.contains(&"drop-table") && codes.contains(&"not-at-head") && codes.contains(&"schema-not-migrated"), "{codes:?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    // The validator does find what is wrong.
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{ "results": [{}] }] })));
}

#[test]
fn every_code_can_be_explained_and_an_unknown_one_is_an_error() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = Project::new(Engine::Sqlite);
    let list = project.ok(&["check", "--explain"]).stdout;
    for line in list.lines() {
        let code = line.split_whitespace().next().expect("a code");
        assert!(project.ok(&["check", "--explain", code]).stdout.starts_with(&format!("### {code}\n")), "{code}");
    }
    assert!(list.lines().count() > 20);
    let output = project.expect_status(2, &["check", "--explain", "drop-tabel"]);
    assert!(output.stderr.contains("did you mean drop-table?"), "{}", output.report());
}

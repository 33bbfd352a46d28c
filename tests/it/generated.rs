//! Files of the repository that are made from the code and committed, so that people find them without building anything.

use std::fs;
use std::path::Path;

/// The command that brings the files up to date.
const UPDATE: &str = "UPDATE=1 cargo test --test it generated";

/// Brings the file up to date where that is asked for, and compares.
fn expect(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, wanted).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let found = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; make it with: {UPDATE}", path.display()));
    assert!(found == wanted, "{name} is not what the code gives; write it anew with: {UPDATE}");
}

#[test]
fn the_page_of_the_rules_is_that_of_the_code() {
    expect("docs/rules.md", &dbtool::check::page());
}

#[test]
fn the_json_schema_for_editors_is_that_of_the_code() {
    let wanted = serde_json::to_string_pretty(&dbtool::declare::json_schema()).expect("a JSON value can be printed") + "\n";
    expect("docs/schema.schema.json", &wanted);
}

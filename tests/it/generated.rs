//! Files of the repository that are made from the code and committed, so that people find them without building anything.

use std::fs;
use std::path::Path;

/// The command that brings the files up to date.
const UPDATE: &str = "UPDATE=1 cargo test --test it generated";

#[test]
fn the_json_schema_for_editors_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.schema.json");
    let wanted = serde_json::to_string_pretty(&dbtool::declare::json_schema()).expect("a JSON value can be printed") + "\n";
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &wanted).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let found = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; make it with: {UPDATE}", path.display()));
    assert!(found == wanted, "docs/schema.schema.json is not what the code gives; write it anew with: {UPDATE}");
}

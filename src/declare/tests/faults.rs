//! Everything that can be wrong is said, with its place, and all of it at once.

use super::{faults, line, sources};
use crate::declare::parse;
use crate::dialect::Kind;

/// A table with one good column, and what is tried.
fn with_table(rest: &str) -> String {
    format!("[tables.a.columns]\nid = {{ type = \"integer\", primary_key = true }}\n{rest}")
}

/// Checks that `text` has exactly one fault, at `place`, whose message contains `message`.
#[track_caller]
fn check_on(kind: Kind, text: &str, place: &str, message: &str) {
    let found = faults(&[text], kind);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(&format!("schema.toml:{place}: ")) && found[0].contains(message), "{found:#?}");
}

#[track_caller]
fn check(text: &str, place: &str, message: &str) {
    check_on(Kind::Postgres, text, place, message);
}

#[test]
fn unknown_keys_come_with_the_nearest_one() {
    check("[tables.t.columns]\nc = { type = \"text\", nulable = false }\n", "2:22", "unknown key 'nulable', did you mean 'nullable'?");
    check("[table.t.columns]\nc = { type = \"text\" }\n", "1:2", "unknown key 'table', did you mean 'tables'?");
    check("[tables.t.columns]\nc = { type = \"text\", on_delete = \"cascade\" }\n", "2:22", "it belongs inside 'references'");
    check("[tables.t.columns]\nc = { type = \"text\", default = { sq = \"1\", sql = \"1\" } }\n", "2:34", "did you mean 'sql'?");
}

#[test]
fn a_column_outside_columns_is_told_its_place() {
    let found = faults(&["[tables.t]\nid = { type = \"integer\" }\n"], Kind::Postgres);
    assert!(found[1].contains("schema.toml:2:1: unknown key 'id': the columns of a table stand one level deeper"), "{found:#?}");
    assert!(found[0].contains("'t' is a table without 'columns'"), "{found:#?}");
}

#[test]
fn wrong_types_say_what_is_expected() {
    check("[tables.t.columns]\nc = { type = \"text\", nullable = \"no\" }\n", "2:33", "'nullable' takes true or false, not a string");
    check("[tables.t.columns]\nc = \"text\"\n", "2:5", "'c' takes a table { type, nullable, primary_key, ... }, not a string");
    check("[tables.t.columns]\nc = { type = 3 }\n", "2:14", "'type' takes a string, not a whole number");
    check("[enums]\ne = \"a\"\n", "2:5", "'e' takes a list or a table { values, comment, grants, ... }, not a string");
    check("[tables.t.columns]\nc = { type = \"text\", default = [1] }\n", "2:32", "not a list");
    check("[tables.t.columns]\nc = { type = \"real\", default = nan }\n", "2:32", "'nan' is not a number in SQL");
}

#[test]
fn unknown_words_come_with_the_nearest_one() {
    let text = with_table("[tables.t.columns]\nc = { type = \"integer\", references = { column = \"a.id\", on_delete = \"cascad\" } }\n");
    check(&text, "4:69", "unknown word 'cascad' for 'on_delete', did you mean 'cascade'?");
}

#[test]
fn what_is_missing_is_named() {
    check("[tables.t.columns]\nc = { nullable = false }\n", "2:1", "'c' is a column without 'type'");
    check("[tables.t]\ncomment = \"x\"\n", "1:9", "'t' is a table without 'columns'");
    check("[tables.t.columns]\nc = { type = \" \" }\n", "2:14", "the column 'c' has an empty type");
    check("[tables.t.columns]\nc = { type = \"text\", check = \" \" }\n", "2:30", "the SQL is empty");
}

#[test]
fn columns_in_keys_have_to_exist() {
    check(&with_table("[tables.a.uniques]\nu = [\"idd\"]\n"), "4:6", "which the table 'a' does not have, did you mean 'id'?");
    check(&with_table("[tables.a.indexes.i]\ncolumns = [\"id\", { column = \"nme\" }]\n"), "4:18", "the column 'nme'");
    check("[tables.t]\nprimary_key = [\"x\"]\n[tables.t.columns]\nid = { type = \"integer\" }\n", "2:16", "the primary key names the column 'x'");
    check(&with_table("[tables.a.uniques]\nu = [\"id\", \"id\"]\n"), "4:12", "names the column 'id' twice");
    check(&with_table("[tables.a.uniques]\nu = []\n"), "4:1", "the unique constraint 'u' has no columns");
}

#[test]
fn references_have_to_lead_to_a_key() {
    let column =
        |rest: &str| with_table(&format!("n = {{ type = \"text\" }}\n[tables.t.columns]\nc = {{ type = \"integer\", references = {rest} }}\n"));
    check(&column("\"aa.id\""), "5:38", "points at the table 'aa', which does not exist");
    check(&column("\"a.idd\"").replace("tables.t.", "tables.users.").replace("a.idd", "user.id"), "5:38", "did you mean 'users'?");
    check(&column("\"a.idd\""), "5:38", "points at the column 'idd', which the table 'a' does not have, did you mean 'id'?");
    check(&column("\"a.n\""), "5:38", "points at 'a' (n), which is neither a primary key nor unique");
    check(&column("\"a\""), "5:38", "'a' does not name a column");
    let several =
        with_table("[tables.t.columns]\nc = { type = \"integer\" }\n[tables.t.foreign_keys]\nf = { columns = [\"c\", \"c\"], references = \"a\" }\n");
    let found = faults(&[&several], Kind::Postgres);
    assert!(found.iter().any(|line| line.contains("has 2 columns but points at 1 column")), "{found:#?}");
    let keyless = "[tables.t.columns]\nc = { type = \"integer\" }\n[tables.t.foreign_keys]\nf = { columns = [\"c\"], references = \"t\" }\n";
    check(keyless, "4:24", "points at the table 't', which has no primary key");
}

#[test]
fn a_column_gets_its_value_in_one_way() {
    check("[tables.t.columns]\nc = { type = \"integer\", identity = true, default = 1 }\n", "2:25", "has 'default' and 'identity' at once");
    check("[tables.t.columns]\nc = { type = \"integer\", default = 1, generated = \"1\" }\n", "2:38", "has 'default' and 'generated' at once");
    check("[tables.t.columns]\nc = { type = \"serial\", default = 1 }\n", "2:24", "is serial and has 'default' as well");
}

#[test]
fn a_table_has_one_primary_key_and_it_is_never_null() {
    let two = "[tables.t.columns]\na = { type = \"integer\", primary_key = true }\nb = { type = \"integer\", primary_key = true }\n";
    check(two, "3:25", "the table 't' is given a primary key twice");
    let both = "[tables.t]\nprimary_key = [\"a\"]\n[tables.t.columns]\na = { type = \"integer\", primary_key = true }\n";
    check(both, "4:25", "is given a primary key twice");
    let null = "[tables.t.columns]\na = { type = \"text\", primary_key = true, nullable = true }\n";
    check(null, "2:42", "which PostgreSQL keeps free of NULL");
    assert_eq!(faults(&[null], Kind::Sqlite), Vec::<String>::new());
}

#[test]
fn an_enumeration_has_to_exist_and_to_have_values() {
    let text = "[enums]\nstatus = [\"a\"]\n[tables.t.columns]\nc = { type = \"enum:statsu\" }\n";
    check(text, "4:14", "there is no enumeration 'statsu', did you mean 'status'?");
    check("[enums]\ne = []\n", "2:5", "the enumeration 'e' has no values");
    check("[enums]\ne = [\"a\", \"a\"]\n", "2:11", "has the value 'a' twice");
}

#[test]
fn no_name_is_taken_twice() {
    let text = with_table("[tables.a.indexes]\na = [\"id\"]\n");
    check(&text, "4:1", "the name 'a' is taken twice: by a table and by an index");
    let text = "[tables.t.columns]\na = { type = \"text\", unique = true }\n[tables.t.uniques]\nt_a_key = [\"a\"]\n";
    check(text, "4:1", "has two uniques named 't_a_key'");
    check_on(Kind::Sqlite, "[tables.t.columns]\na = { type = \"text\" }\nA = { type = \"text\" }\n", "3:1", "differ in case only");
    check("[enums]\nt = [\"a\"]\n[tables.t.columns]\nc = { type = \"text\" }\n", "3:9", "by an enumeration and by a table");
    let text = "[enums]\ni = [\"a\"]\n[tables.t.columns]\nc = { type = \"text\", index = { name = \"i\" } }\n";
    assert_eq!(faults(&[text], Kind::Postgres), Vec::<String>::new(), "an index has no row type");
    let text = with_table("[tables.a.checks]\na_pkey = \"id > 0\"\n");
    check(&text, "2:26", "by a check and by a primary key");
}

#[test]
fn long_names_are_refused_where_they_would_be_cut() {
    let name = "n".repeat(64);
    let text = format!("[tables.t.columns]\n{name} = {{ type = \"text\" }}\n");
    check(&text, "2:1", "is 64 bytes long, and PostgreSQL keeps 63");
    assert_eq!(faults(&[&text], Kind::Sqlite), Vec::<String>::new());
}

#[test]
fn fix_ups_need_what_they_fix() {
    check("[tables.t.columns]\nc = { type = \"text\", on_duplicate = \"error\" }\n", "2:22", "'on_duplicate' says nothing");
    check("[tables.t.columns]\nc = { type = \"text\", on_orphan = \"error\" }\n", "2:22", "'on_orphan' says nothing");
    let text = with_table("[tables.t.columns]\nc = { type = \"integer\", nullable = false, references = \"a.id\", on_orphan = \"set_null\" }\n");
    check(&text, "4:56", "sets orphans to NULL, but the column 'c' is never NULL");
}

#[test]
fn one_thing_in_two_files_is_named_in_the_second() {
    let one = "[tables.t.columns]\nid = { type = \"integer\" }\n";
    assert_eq!(faults(&[one, one], Kind::Postgres), ["schema1.toml:1:9: the table 't' is declared in another file as well"]);
}

#[test]
fn several_syntax_errors_are_reported_at_once() {
    let found = faults(&["a = \nb = 1 1\n", "c = [1\n"], Kind::Postgres);
    assert!(found.iter().any(|line| line.starts_with("schema.toml:1:")), "{found:#?}");
    assert!(found.iter().any(|line| line.starts_with("schema.toml:2:")), "{found:#?}");
    assert!(found.iter().any(|line| line.starts_with("schema1.toml:")), "{found:#?}");
}

#[test]
fn all_faults_are_reported_at_once_and_each_has_a_proposal() {
    let text = r#"
tabels = 1
[tables.a]
primary_key = ["idd"]
[tables.a.columns]
id = { type = "integer", nulable = true, references = "b.id" }
e = { type = "enum:nothing", default = 1, generated = "2" }
"#;
    let sources = sources(&[text]);
    let diagnostics = parse(&sources, Kind::Postgres.dialect()).unwrap_err();
    let lines: Vec<String> = diagnostics.iter().map(|diagnostic| line(diagnostic, &sources)).collect();
    assert_eq!(lines.len(), 6, "{lines:#?}");
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.help.is_some()), "{diagnostics:#?}");
    assert!(lines.is_sorted_by_key(|line| line.split(':').nth(1).unwrap().parse::<u32>().unwrap()));
}

#[test]
fn what_is_allowed_but_hardly_meant_is_a_warning() {
    let text = with_table(
        "[tables.t.columns]\nc = { type = \"integer\", nullable = false, references = { column = \"a.id\", on_delete = \"set null\" } }\n",
    );
    let declared = parse(&sources(&[&text]), Kind::Postgres.dialect()).unwrap();
    assert!(declared.warnings[0].message.contains("every such delete fails"), "{:#?}", declared.warnings);
    let text = with_table("n = { type = \"text\" }\n[tables.t.columns]\nc = { type = \"text\", references = \"a.n\" }\n");
    let declared = parse(&sources(&[&text]), Kind::Sqlite.dialect()).unwrap();
    assert!(declared.warnings[0].message.contains("neither a primary key nor unique"), "{:#?}", declared.warnings);
}

//! What the catalog makes of scripts.

use super::{Catalog, TableFacts};
use crate::check::read::read;
use crate::dialect::Kind::{self, Mysql, Postgres, Sqlite};
use crate::model::Name;

fn catalog(kind: Kind, script: &str) -> Catalog {
    let mut catalog = Catalog::new(kind);
    for statement in script.split(';').map(str::trim) {
        let reading = read(kind, statement);
        assert!(reading.unread.is_none(), "{statement}");
        reading.acts.iter().for_each(|act| catalog.apply(&act.action));
    }
    catalog
}

fn of<'a>(catalog: &'a Catalog, table: &str) -> &'a TableFacts {
    catalog.table(&Name::new(table)).expect("the table is known")
}

/// The columns with what stands in their definitions: NOT NULL, DEFAULT, and the names of constraints.
fn columns(facts: &TableFacts) -> String {
    let column = |it: &super::ColumnDef| {
        let names: Vec<&str> = it.constraint_names.iter().map(|(name, _)| name.as_str()).collect();
        let flags = format!("{}{}", if it.not_null { "!" } else { "" }, if it.default.is_some() { "=" } else { "" });
        format!("{}{flags} {}", it.name, names.join(" ")).trim_end().to_owned()
    };
    facts.columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// The names of the constraints and indexes of the table.
fn names(facts: &TableFacts) -> String {
    let constraints = facts.constraints.iter().filter_map(|it| it.name.clone());
    constraints.chain(facts.indexes.iter().filter_map(|it| it.name.clone())).collect::<Vec<_>>().join(" ")
}

fn references(facts: &TableFacts) -> String {
    let reference = |(_, it): &(Vec<String>, super::Reference)| format!("{}({})", it.table, it.columns.join(","));
    facts.foreign_keys().iter().map(reference).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_table_like_another_has_what_the_server_copies() {
    let pattern = "CREATE TABLE p (id int PRIMARY KEY); \
                   CREATE TABLE t (a int, b int DEFAULT 5 UNIQUE, c int CONSTRAINT low CHECK (c < 9) REFERENCES p (id), PRIMARY KEY (a)); \
                   CREATE INDEX i ON t (b);";
    let made = catalog(
        Postgres,
        &format!(
            "{pattern} CREATE TABLE u (LIKE t); CREATE TABLE v (LIKE t INCLUDING ALL EXCLUDING DEFAULTS, d int); CREATE TABLE w () INHERITS (t)"
        ),
    );
    assert_eq!(columns(of(&made, "u")), "a!, b, c");
    assert_eq!((of(&made, "u").primary_key().len(), names(of(&made, "u"))), (0, String::new()));
    assert_eq!(columns(of(&made, "v")), "a!, b v_b_key, c low, d");
    assert_eq!((of(&made, "v").primary_key(), names(of(&made, "v"))), (vec!["a".to_owned()], "v_pkey v_b_idx".to_owned()));
    assert_eq!(columns(of(&made, "w")), "a!, b=, c low");
    assert_eq!(names(of(&made, "w")), "");
    let made = catalog(Mysql, &format!("{pattern} CREATE TABLE u LIKE t"));
    assert_eq!(columns(of(&made, "u")), "a!, b= b, c low");
    assert_eq!((of(&made, "u").primary_key(), references(of(&made, "u"))), (vec!["a".to_owned()], String::new()));
    assert_eq!(of(&made, "u").indexes[0].table, Name::new("u"));
}

#[test]
fn a_partition_has_the_keys_of_its_table() {
    let script = "CREATE TABLE p (id int PRIMARY KEY); \
                  CREATE TABLE t (a int DEFAULT 1 REFERENCES p, b int, PRIMARY KEY (a), CONSTRAINT low CHECK (a < 9)) PARTITION BY LIST (a); \
                  CREATE TABLE u PARTITION OF t (b NOT NULL, CONSTRAINT high CHECK (a > 1)) FOR VALUES IN (5)";
    let made = catalog(Postgres, script);
    let facts = of(&made, "u");
    assert_eq!((columns(facts), names(facts)), ("a!= t_a_fkey, b!".to_owned(), "u_pkey low high".to_owned()));
    assert_eq!((references(facts), facts.is_partitioned), ("p()".to_owned(), false));
}

#[test]
fn references_follow_what_they_point_at() {
    let script = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p (id), b int, FOREIGN KEY (b) REFERENCES p); \
                  CREATE INDEX i ON p (id);";
    let made = catalog(Postgres, &format!("{script} ALTER TABLE p RENAME id TO key; ALTER TABLE p RENAME TO q; ALTER TABLE q SET SCHEMA app"));
    assert_eq!(references(of(&made, "c")), "app.q() app.q(key)");
    assert_eq!(made.index(None, "i").map(|(key, index)| (key, index.table.to_string())), Some(("app.q", "app.q".to_owned())));
    let made = catalog(Sqlite, &format!("{script} ALTER TABLE p RENAME TO q"));
    assert_eq!(references(of(&made, "c")), "q() q(id)");
    let pragmas = "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = OFF;";
    let made = catalog(Sqlite, &format!("{script} {pragmas} ALTER TABLE p RENAME TO q"));
    assert_eq!(references(of(&made, "c")), "p() p(id)");
}

#[test]
fn constraints_of_columns_are_dropped_by_their_names() {
    let script = "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY CONSTRAINT f REFERENCES t, b int UNIQUE CHECK (b > 0)); \
                  ALTER TABLE t RENAME TO u; ALTER TABLE u ADD c int CONSTRAINT x UNIQUE;";
    let made = catalog(Postgres, script);
    assert_eq!(columns(of(&made, "u")), "a! k f, b t_b_key t_b_check, c x");
    let made = catalog(Postgres, &format!("{script} ALTER TABLE u DROP CONSTRAINT k, DROP CONSTRAINT f, DROP CONSTRAINT t_b_key, DROP CONSTRAINT x"));
    let facts = of(&made, "u");
    assert_eq!((columns(facts), facts.primary_key().len(), references(facts)), ("a!, b t_b_check, c".to_owned(), 0, String::new()));
    assert!(facts.indexed().is_empty() && facts.columns[1].check);
}

#[test]
fn mysql_drops_the_keys_of_columns_as_indexes() {
    let script = "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE); ALTER TABLE t CHANGE b c bigint;";
    let made = catalog(Mysql, script);
    assert_eq!(of(&made, "t").indexed(), [["a"], ["c"]]);
    let made = catalog(Mysql, &format!("{script} DROP INDEX b ON t; DROP INDEX `PRIMARY` ON t"));
    assert!(of(&made, "t").indexed().is_empty());
}

#[test]
fn what_is_replaced_was_there_before() {
    let made = catalog(Mysql, "CREATE TABLE t (a int); CREATE OR REPLACE TABLE t (b int)");
    assert_eq!(columns(of(&made, "t")), "b");
    assert_eq!(made.dropped(&Name::new("t")).map(columns), Some("a".to_owned()));
}

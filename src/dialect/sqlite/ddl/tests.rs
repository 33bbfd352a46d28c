//! Every clause of CREATE TABLE and CREATE INDEX, and what is made of it.

use super::*;
use crate::model::{Deferrable, Fill, Identity, Index, KeyAction, KeyOf, Order, Table};

fn table(sql: &str) -> Table {
    create_table(sql).expect(sql).1
}

fn notes(sql: &str) -> Vec<String> {
    table(sql).unmodelled.0
}

fn index(sql: &str) -> Index {
    create_index(sql, ["id", "Name", "key"].into_iter()).expect(sql).2
}

#[test]
fn columns_have_types_defaults_and_collations() {
    let table = table(
        "CREATE TABLE \"t x\" (a, b VARCHAR ( 64 ) NOT NULL DEFAULT 'x', [c d] decimal(10, 2) DEFAULT -1.5 NULL, `e` double precision COLLATE nocase,\n\
         'f' unsigned big int DEFAULT (1 + 2), g text DEFAULT Foo, h text DEFAULT \"Bar's\", i DEFAULT current_timestamp, j int DEFAULT TRUE)",
    );
    let types: Vec<&str> = table.columns.values().map(|column| column.ty.key.as_str()).collect();
    assert_eq!(types, ["", "varchar(64)", "decimal(10,2)", "double precision", "unsigned big int", "text", "text", "", "int"]);
    assert_eq!(table.columns.keys().collect::<Vec<_>>(), ["a", "b", "c d", "e", "f", "g", "h", "i", "j"]);
    let default = |name: &str| match &table.columns[name].fill {
        Fill::Default(text) => text.text.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(["b", "c d", "f", "g", "h", "i", "j"].map(default), ["'x'", "-1.5", "1 + 2", "'Foo'", "\"Bar's\"", "current_timestamp", "TRUE"]);
    assert_eq!(table.columns["h"].fill, Fill::Default(crate::model::Text::new("'Bar''s'")));
    assert_eq!(table.columns["e"].collation.as_deref(), Some("nocase"));
    assert!(!table.columns["b"].nullable && table.columns["c d"].nullable);
    assert!(table.unmodelled.is_empty());
}

#[test]
fn generated_columns_are_virtual_unless_stored() {
    let table = table("CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS ((a) * 2) STORED, c AS (a+1), d TEXT AS (a) VIRTUAL NOT NULL)");
    let generated = |name: &str| match &table.columns[name].fill {
        Fill::Generated { expr, stored } => (expr.text.clone(), *stored),
        other => (format!("{other:?}"), false),
    };
    assert_eq!(generated("b"), ("(a) * 2".to_owned(), true));
    assert_eq!(generated("c"), ("a+1".to_owned(), false));
    assert_eq!(generated("d"), ("a".to_owned(), false));
    assert_eq!(table.columns["b"].ty.text, "INT");
}

#[test]
fn the_rowid_is_an_identity() {
    let fill = |sql: &str| table(sql).columns["id"].fill.clone();
    let identity = |autoincrement| Fill::Identity(Identity { autoincrement, ..Identity::default() });
    let not_null = Fill::Identity(Identity { autoincrement: true, not_null: true, ..Identity::default() });
    assert_eq!(fill("CREATE TABLE t (id INTEGER PRIMARY KEY)"), identity(false));
    assert_eq!(fill("CREATE TABLE t (id integer NOT NULL CONSTRAINT k PRIMARY KEY ASC AUTOINCREMENT)"), not_null);
    assert_eq!(fill("CREATE TABLE t (id integer, PRIMARY KEY (ID AUTOINCREMENT))"), identity(true));
    assert_eq!(fill("CREATE TABLE t (id integer, PRIMARY KEY (id))"), identity(false));
    assert_eq!(fill("CREATE TABLE t (id INT PRIMARY KEY)"), Fill::None);
    assert_eq!(fill("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)"), Fill::None);
    assert_eq!(fill("CREATE TABLE t (id INTEGER PRIMARY KEY) WITHOUT ROWID"), Fill::None);
}

#[test]
fn a_primary_key_may_be_null_where_sqlite_allows_it() {
    let nullable = |sql: &str| table(sql).columns["a"].nullable;
    assert!(nullable("CREATE TABLE t (a TEXT PRIMARY KEY)"));
    assert!(!nullable("CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)"));
    assert!(!nullable("CREATE TABLE t (a INTEGER PRIMARY KEY)"));
    assert!(!nullable("CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (b, A)) STRICT"));
    assert!(!nullable("CREATE TABLE t (a TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"));
}

#[test]
fn constraints_without_a_name_get_one_that_is_free() {
    let table = table(
        "CREATE TABLE t (a INT UNIQUE CHECK (a > 0) CHECK (a < 9) REFERENCES u, b INT CONSTRAINT t_a_key UNIQUE, \
         CONSTRAINT c1 CHECK (b) UNIQUE (a, B) CHECK (a <> b), FOREIGN KEY (a, b) REFERENCES v (x, y))",
    );
    assert_eq!(table.uniques.keys().collect::<Vec<_>>(), ["t_a_key1", "t_a_key", "t_a_b_key"]);
    assert_eq!(table.uniques["t_a_b_key"].columns, ["a", "b"]);
    assert_eq!(table.checks.keys().collect::<Vec<_>>(), ["t_a_check", "t_a_check1", "c1", "t_check"]);
    assert_eq!(table.checks["t_a_check"].column.as_deref(), Some("a"));
    assert_eq!(*table.checks["t_check"].column, None);
    assert_eq!(table.foreign_keys.keys().collect::<Vec<_>>(), ["t_a_fkey", "t_a_b_fkey"]);
    assert!(*table.checks["t_check"].unnamed && !*table.checks["c1"].unnamed && !*table.uniques["t_a_key"].unnamed);
}

#[test]
fn foreign_keys_have_actions_and_may_be_deferred() {
    let table = table(
        "CREATE TABLE t (a REFERENCES u (id) ON DELETE SET NULL ON UPDATE CASCADE MATCH SIMPLE NOT DEFERRABLE INITIALLY IMMEDIATE,\n\
         b REFERENCES u NOT NULL DEFERRABLE INITIALLY DEFERRED, c REFERENCES u ON DELETE NO ACTION ON UPDATE SET DEFAULT DEFERRABLE)",
    );
    let (a, b, c) = (&table.foreign_keys["t_a_fkey"], &table.foreign_keys["t_b_fkey"], &table.foreign_keys["t_c_fkey"]);
    assert_eq!((a.on_delete, a.on_update, a.deferrable), (KeyAction::SetNull, KeyAction::Cascade, Deferrable::No));
    assert_eq!((a.target.name.as_str(), a.target_columns.as_slice()), ("u", &["id".to_owned()][..]));
    assert_eq!((b.deferrable, b.target_columns.len()), (Deferrable::InitiallyDeferred, 0));
    assert_eq!((c.on_delete, c.on_update, c.deferrable), (KeyAction::NoAction, KeyAction::SetDefault, Deferrable::InitiallyImmediate));
    assert!(table.unmodelled.is_empty());
}

#[test]
fn what_the_model_has_no_place_for_is_named() {
    assert_eq!(notes("CREATE TABLE t (a INT UNIQUE ON CONFLICT REPLACE)"), ["ON CONFLICT REPLACE on column a"]);
    assert_eq!(notes("CREATE TABLE t (a INT NOT NULL ON CONFLICT ABORT)"), [""; 0]);
    assert_eq!(notes("CREATE TABLE t (a INT, UNIQUE (a COLLATE nocase DESC))"), ["`COLLATE nocase DESC` on a in a unique constraint"]);
    assert_eq!(notes("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)"), ["PRIMARY KEY DESC on column a"]);
    assert_eq!(notes("CREATE TABLE t (a REFERENCES u MATCH FULL)"), ["MATCH FULL on the foreign key to u"]);
    assert_eq!(notes("CREATE TABLE t (a INT CONSTRAINT required NOT NULL)"), ["the name required of NOT NULL on column a"]);
    assert_eq!(notes("CREATE TABLE t (a INT NOT NULL SECRET (x, y))"), ["`SECRET` on column a", "`(x, y)` on column a"]);
    assert_eq!(notes("CREATE TABLE t (a INT, CONSTRAINT x)"), ["CONSTRAINT x without a constraint"]);
    assert_eq!(notes("CREATE TABLE t (a INT, CONSTRAINT x UNIQUE (a), CONSTRAINT x CHECK (a))"), ["a second constraint x"]);
    assert_eq!(notes("CREATE TABLE t (a INT) SHINY"), ["`SHINY` behind the columns"]);
    assert_eq!(notes("CREATE TABLE t (a INTEGER PRIMARY KEY DEFAULT 5)"), ["DEFAULT on column a, which is the rowid"]);
}

#[test]
fn broken_statements_are_errors() {
    for sql in [
        "",
        "CREATE TABLE",
        "CREATE TABLE t",
        "CREATE TABLE t (a",
        "CREATE TABLE t (a INT, PRIMARY KEY)",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "CREATE TABLE t (a DEFAULT",
    ] {
        assert!(create_table(sql).is_err(), "{sql}");
    }
}

#[test]
fn comments_and_key_words_as_names_are_read() {
    let table = table("CREATE TABLE t ( -- the key\n key INTEGER /* no, */ PRIMARY KEY, \"order\" TEXT, desc TEXT, left INT -- last\n)");
    assert_eq!(table.columns.keys().collect::<Vec<_>>(), ["key", "order", "desc", "left"]);
}

#[test]
fn indexes_have_columns_expressions_orders_and_predicates() {
    let it = index(
        "CREATE UNIQUE INDEX i ON t (id DESC, \"name\" COLLATE nocase, lower(name) ASC, (id + 1), id || 'a' COLLATE nocase, 'x') WHERE (key > 0)",
    );
    let shown: Vec<String> = it
        .parts
        .iter()
        .map(|part| {
            let what = match &part.key.what {
                KeyOf::Column(name) => format!("column {name}"),
                KeyOf::Expr(text) => text.text.clone(),
            };
            format!("{what}{}{}", part.key.collation.as_deref().unwrap_or_default(), if part.order == Order::Desc { " desc" } else { "" })
        })
        .collect();
    assert_eq!(shown, ["column id desc", "column Namenocase", "lower(name)", "(id + 1)", "id || 'a' COLLATE nocase", "'x'"]);
    // Brackets are kept as written, and do not count when two expressions are compared.
    assert_eq!(it.predicate, Some(crate::model::Text::with_key("(key > 0)", "key > 0")));
    assert_eq!(it.predicate.map(|text| text.text).as_deref(), Some("(key > 0)"));
    assert!(it.unique);
    assert!(create_index("CREATE INDEX i ON t (a) SHINY", std::iter::empty()).is_err());
}

#[test]
fn views_and_triggers_keep_their_bodies() {
    let (name, view) = create_view("CREATE VIEW v (a, \"b c\") AS\n  SELECT 1, 2 -- two\n").expect("view");
    assert_eq!((name.as_str(), view.definition.text.as_str()), ("v", "SELECT 1, 2"));
    assert_eq!(view.columns, ["a", "b c"]);
    let (name, trigger) = create_trigger("CREATE TRIGGER \"g\" AFTER INSERT ON t BEGIN SELECT 1; END").expect("trigger");
    assert_eq!((name.as_str(), trigger.definition.text.as_str()), ("g", "AFTER INSERT ON t BEGIN SELECT 1; END"));
}

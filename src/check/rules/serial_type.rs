//! A number of its own for each row, in the old way.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, TableDef};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "serial-type",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a column has the type serial instead of an identity",
    why: "serial is no type: it makes a sequence and a default that calls it. Whoever may insert into the table needs a right on the sequence too, \
          the default can be changed or dropped on its own, and a value written by hand is taken without a word: the sequence gives the same number \
          later, and that INSERT fails. An identity column is the standard's way: its sequence needs no rights of its own, and GENERATED ALWAYS \
          refuses values written by hand.",
    instead: "write bigint GENERATED ALWAYS AS IDENTITY, or BY DEFAULT where values are written by hand too",
    sources: &[
        "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL",
        "https://www.postgresql.org/docs/current/ddl-identity-columns.html",
    ],
    known_as: &["squawk prefer-identity"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (id serial PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t DEFAULT VALUES;")
            .seen(Seen::Fails("duplicate key value violates unique constraint")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN id bigserial;")
            .seen(Seen::Shows("SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname = 't_id_seq'", "1")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, serial text, b bigint);"),
        Example::postgres("", "CREATE TEMP TABLE t (id serial);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, _) in scene.acts() {
        for (table, column) in written(action) {
            let Some(integer) = integer(&column.ty) else { continue };
            let was = scene.table(scene.rebuild_of(table).unwrap_or(table)).and_then(|it| it.column(&column.name));
            if was.is_some_and(|it| self::integer(&it.ty).is_some()) {
                continue;
            }
            let draft = found.add(&column.span, format!("{table}.{} is a {} instead of an identity", column.name, column.ty));
            draft.help(format!(
                "write {} {integer} GENERATED ALWAYS AS IDENTITY, or BY DEFAULT where values are written by hand too",
                scene.kind.dialect().quote(&column.name)
            ));
        }
    }
}

/// The type of the numbers behind a serial; `None` for every other type.
fn integer(ty: &str) -> Option<&'static str> {
    match ty {
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        _ => None,
    }
}

/// The columns that an action makes, with their table.
fn written(action: &Action) -> Vec<(&Name, &ColumnDef)> {
    match action {
        Action::CreateTable(TableDef { name: Some(table), temporary: false, columns, .. }) => columns.iter().map(|column| (table, column)).collect(),
        Action::AddColumn { table, column, .. } => vec![(table, column)],
        _ => Vec::new(),
    }
}

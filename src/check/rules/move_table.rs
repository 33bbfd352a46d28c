//! A table goes into another schema.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "move-table",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a table goes into another schema",
    why: "An application of before the revision that still runs finds the table no more: not under its old name with the schema, and without one \
          only if the new schema stands in its search_path too. Roles need USAGE of the new schema, which the table does not bring along. Views \
          follow, bodies of functions that are strings do not.",
    instead: "let the old name live on as a view of the table in the same script, until no release uses it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html",
        "https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE SCHEMA s; CREATE TABLE t (a int);", "ALTER TABLE t SET SCHEMA s; SELECT * FROM t;")
            .seen(Seen::Fails("does not exist")),
        Example::postgres("CREATE SCHEMA s; CREATE TABLE s.t (a int);", "ALTER TABLE s.t SET SCHEMA public; SELECT * FROM s.t;")
            .seen(Seen::Fails("does not exist")),
    ],
    counter_examples: &[
        Example::postgres("CREATE SCHEMA s;", "CREATE TABLE t (a int); ALTER TABLE t SET SCHEMA s;"),
        Example::postgres("CREATE SCHEMA s; CREATE TABLE t (a int);", "ALTER TABLE t SET SCHEMA s; CREATE VIEW t AS SELECT * FROM s.t;"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t SET SCHEMA public; ALTER TABLE t SET (fillfactor = 70);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::MoveTable { table, schema } = action else { continue };
        let moved = Name::within(Some(schema).filter(|it| *it != "public").map(String::as_str), &table.name);
        if moved == *table || scene.is_new(table) || is_view(scene, table) {
            continue;
        }
        let draft = found.add(
            span,
            format!("whatever asks for {table} fails from now on, unless {schema} is in its search_path: the table is {schema}.{}", table.name),
        );
        let (old, new) = (scene.kind.dialect().name(table), scene.kind.dialect().name(&Name::within(Some(schema), &table.name)));
        draft.help(format!("let the old name live on until no release uses it: CREATE VIEW {old} AS SELECT * FROM {new};"));
    }
}

/// True where the script makes a view of this name through which an application can go on.
fn is_view(scene: &Scene<'_>, table: &Name) -> bool {
    let is_made = |text: &str| {
        let mut cursor = Cursor::new(scene.kind, text);
        let creates = cursor.eat(&["CREATE"]);
        cursor.until(&["VIEW", "AS"]);
        creates && cursor.eat(&["VIEW"]) && cursor.name().is_some_and(|name| name == *table)
    };
    scene.after().iter().any(|statement| is_made(&statement.text))
}

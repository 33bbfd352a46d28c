//! A table gets another name.

use super::authorization_change::is_made;
use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "rename-table",
    level: Level::Warning,
    engines: ALL,
    summary: "a table or view gets another name",
    why: "An application of before the revision that still runs fails at its next query that names it, and one of after it fails until the \
          revision has run: no order of the two is right. Views follow the new name on PostgreSQL and SQLite, bodies of functions that are \
          strings do not; on MySQL and MariaDB neither views nor routines do.",
    instead: "let the old name live on as a view of the table in the same script, until no release uses it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html",
        "https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
        "https://dev.mysql.com/doc/refman/8.4/en/rename-table.html",
        "https://www.sqlite.org/lang_altertable.html",
    ],
    known_as: &["squawk renaming-table", "strong_migrations rename_table", "online_migrations rename_table", "Atlas BC101"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME TO u; SELECT * FROM t;").seen(Seen::Fails("no such table")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE IF EXISTS t RENAME TO u; SELECT * FROM t;").seen(Seen::Fails("does not exist")),
        Example::postgres("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;", "ALTER MATERIALIZED VIEW public.v RENAME TO w; SELECT * FROM v;")
            .seen(Seen::Fails("does not exist")),
        Example::mysql("CREATE TABLE t (a int);", "RENAME TABLE t TO u; SELECT * FROM t;").seen(Seen::Fails("doesn't exist")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t RENAME u, ADD COLUMN b int;"),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT * FROM u;"),
        Example::postgres("CREATE VIEW v AS SELECT 1 AS a;", "ALTER VIEW v RENAME TO w; CREATE VIEW v AS SELECT a, 2 AS b FROM w;"),
        Example::postgres("CREATE VIEW v AS SELECT 1 AS a;", "CREATE VIEW n AS SELECT 2 AS a; DROP VIEW v; ALTER VIEW n RENAME TO v;"),
        Example::postgres(
            "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));",
            "ALTER TABLE t RENAME CONSTRAINT c TO d; ALTER TABLE t RENAME a TO b;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "CREATE TABLE n LIKE t; INSERT INTO n SELECT * FROM t; RENAME TABLE t TO o, n TO t;"),
        Example::mysql("CREATE TABLE t (a int); CREATE TABLE n (a int);", "RENAME TABLE t TO o, n TO t;"),
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME TO passing; ALTER TABLE passing RENAME TO T;"),
        Example::sqlite(
            "CREATE TABLE t (a int);",
            "CREATE TABLE n (a bigint); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if let Some((from, to)) = renamed_view(scene).filter(|(from, _)| !is_made(scene, from) && !is_view(scene, from)) {
        let draft = found.add(&(0..scene.statement().text.len()), format!("whatever asks for {from} fails from now on: the view is called {to}"));
        draft.help(live_on(scene, &from, &from.sibling(to)));
        return;
    }
    let acts: Vec<&Action> = scene.acts().map(|(action, _)| action).collect();
    for (index, (action, span)) in scene.acts().enumerate() {
        let Action::RenameTable { from, to } = action else { continue };
        let mut before = scene.actions_before().chain(acts[..index].iter().copied());
        let mut after = acts[index + 1..].iter().copied().chain(scene.actions_after());
        // The name was a passing one, or nothing asks for it because another table has had the new name up to here.
        let is_change_over = before.any(|it| match it {
            Action::RenameTable { from: freed, to: passing } => scene.catalog.is_same(passing, from) || scene.catalog.is_same(freed, to),
            Action::DropTable { table, .. } => scene.catalog.is_same(table, to),
            _ => false,
        });
        let is_taken_again = after.any(|it| match it {
            Action::RenameTable { to: taken, .. } => scene.catalog.is_same(taken, from),
            Action::CreateTable(def) => def.name.as_ref().is_some_and(|name| scene.catalog.is_same(name, from)),
            _ => false,
        });
        if scene.is_new(from) || is_change_over || is_taken_again || is_view(scene, from) {
            continue;
        }
        let draft = found.add(span, format!("whatever asks for {from} fails from now on: the table is called {to}"));
        draft.help(match scene.kind {
            // Nobody can write to a view there.
            Kind::Sqlite => format!("run it while no application runs that uses {from}, and start the one that uses {to} afterwards"),
            Kind::Postgres | Kind::Mysql => live_on(scene, from, to),
        });
    }
}

fn live_on(scene: &Scene<'_>, from: &Name, to: &Name) -> String {
    let (old, new) = (scene.kind.dialect().name(from), scene.kind.dialect().name(to));
    format!("let the old name live on until no release uses it: CREATE VIEW {old} AS SELECT * FROM {new};")
}

/// PostgreSQL: a view, and what it is called from now on.
fn renamed_view(scene: &Scene<'_>) -> Option<(Name, String)> {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.eat(&["ALTER"]).then_some(())?;
    cursor.eat(&["MATERIALIZED"]);
    cursor.eat(&["VIEW"]).then_some(())?;
    cursor.eat(&["IF", "EXISTS"]);
    let view = cursor.name()?;
    cursor.eat(&["RENAME", "TO"]).then_some(())?;
    Some((view, cursor.ident()?))
}

/// True where the script makes a view of this name through which an application can go on.
fn is_view(scene: &Scene<'_>, table: &Name) -> bool {
    let is_made = |text: &str| {
        let mut cursor = Cursor::new(scene.kind, text);
        cursor.until(&["VIEW", "AS"]);
        let is_view = cursor.eat(&["VIEW"]);
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        is_view && cursor.name().is_some_and(|name| scene.catalog.is_same(&name, table))
    };
    let creates = |text: &str| Cursor::new(scene.kind, text).sees(&["CREATE"]);
    scene.kind != Kind::Sqlite && scene.script.statements.iter().any(|statement| creates(&statement.text) && is_made(&statement.text))
}

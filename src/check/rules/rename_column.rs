//! A column gets another name.

use super::authorization_change::is_made;
use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "rename-column",
    level: Level::Warning,
    engines: ALL,
    summary: "a column gets another name, of a table, a view or a composite type",
    why: "An application of before the revision that still runs fails at its next query that names the column, and one of after it fails until \
          the revision has run: no order of the two is right. On PostgreSQL bodies of functions that are strings keep the old name, on MySQL and \
          MariaDB views and routines do.",
    instead: "add a column of the new name and fill it; let a release write both and then one use only the new one; then drop the old one in a \
              revision of its own",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        "https://mariadb.com/kb/en/alter-table/",
        "https://www.sqlite.org/lang_altertable.html",
    ],
    known_as: &[
        "squawk renaming-column",
        "strong_migrations rename_column",
        "online_migrations rename_column",
        "Atlas BC102",
        "spirit rename_column",
    ],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME a TO b; SELECT a FROM t;").seen(Seen::Fails("no such column")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t RENAME COLUMN a TO b; SELECT a FROM t;").seen(Seen::Fails("does not exist")),
        Example::postgres("CREATE VIEW v AS SELECT 1 AS a;", "ALTER VIEW IF EXISTS v RENAME a TO b; SELECT a FROM v;")
            .seen(Seen::Fails("does not exist")),
        Example::postgres("CREATE TYPE p AS (a int); CREATE TABLE t (c p);", "ALTER TYPE p RENAME ATTRIBUTE a TO b CASCADE; SELECT (c).a FROM t;")
            .seen(Seen::Fails("not found")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t RENAME COLUMN a TO b; SELECT a FROM t;").seen(Seen::Fails("unknown column")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t CHANGE a b bigint; SELECT a FROM t;").seen(Seen::Fails("unknown column")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b;"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN n bigint; UPDATE t SET n = a WHERE n IS NULL; ALTER TABLE t RENAME a TO o; ALTER TABLE t RENAME n TO a;",
        ),
        Example::postgres("CREATE TABLE t (a int, n int);", "ALTER TABLE t RENAME a TO o; ALTER TABLE t RENAME n TO a;"),
        Example::postgres(
            "CREATE TYPE p AS (a int); CREATE TYPE m AS ENUM ('a');",
            "ALTER TYPE p RENAME TO q; ALTER TYPE m RENAME VALUE 'a' TO 'b'; CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v RENAME COLUMN a TO b;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t CHANGE a A bigint;"),
        Example::mysql("CREATE TABLE t (a text, b int);", "ALTER TABLE t ADD COLUMN n int; ALTER TABLE t DROP COLUMN a, CHANGE COLUMN n a int;"),
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME TO u;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if let Some((of, from, to)) = renamed_elsewhere(scene) {
        found.add(&(0..scene.statement().text.len()), format!("whatever asks for {from} of {of} fails from now on: it is called {to}"));
        return;
    }
    let acts: Vec<&Action> = scene.acts().map(|(action, _)| action).collect();
    for (index, (action, span)) in scene.acts().enumerate() {
        let Some((table, from, to)) = renamed(action) else { continue };
        if scene.is_new(table) || same(scene, from, to) {
            continue;
        }
        let of_table = |of: &Name| scene.catalog.is_same(of, table);
        let mut before = scene.actions_before().chain(acts[..index].iter().copied());
        let mut after = acts[index + 1..].iter().copied().chain(scene.actions_after());
        // The column is new or had a passing name, or another one has had the new name up to here.
        let is_change_over = before.any(|it| match (it, renamed(it)) {
            (_, Some((of, freed, passing))) => of_table(of) && (same(scene, passing, from) || same(scene, freed, to)),
            (Action::AddColumn { table: of, column, .. }, _) => of_table(of) && same(scene, &column.name, from),
            (Action::DropColumn { table: of, column, .. }, _) => of_table(of) && same(scene, column, to),
            _ => false,
        });
        let is_taken_again = after.any(|it| match (it, renamed(it)) {
            (_, Some((of, _, taken))) => of_table(of) && same(scene, taken, from),
            (Action::AddColumn { table: of, column, .. }, _) => of_table(of) && same(scene, &column.name, from),
            _ => false,
        });
        if !is_change_over && !is_taken_again {
            found.add(span, format!("whatever asks for {table}.{from} fails from now on: the column is called {to}"));
        }
    }
}

/// PostgreSQL: a view or composite type that was there already, and the old and the new name of a column or attribute of it.
fn renamed_elsewhere(scene: &Scene<'_>) -> Option<(Name, String, String)> {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.eat(&["ALTER"]).then_some(())?;
    cursor.eat(&["MATERIALIZED"]);
    let what = cursor.eat_one(&["VIEW", "TYPE"])?;
    cursor.eat(&["IF", "EXISTS"]);
    let of = cursor.name().filter(|it| !is_made(scene, it))?;
    let is_part = cursor.eat(&["RENAME"]) && (cursor.eat(&["ATTRIBUTE"]) || cursor.eat(&["COLUMN"]) || what == "VIEW" && !cursor.sees(&["TO"]));
    let from = cursor.ident().filter(|_| is_part)?;
    cursor.eat(&["TO"]).then_some(())?;
    Some((of, from, cursor.ident()?))
}

/// The table, the old name and the new one.
fn renamed(action: &Action) -> Option<(&Name, &str, &str)> {
    match action {
        Action::RenameColumn { table, from, to } => Some((table, from, to)),
        Action::Redefine { table, from, column } if *from != column.name => Some((table, from, &column.name)),
        _ => None,
    }
}

/// Only PostgreSQL tells columns apart by the case of their letters.
fn same(scene: &Scene<'_>, a: &str, b: &str) -> bool {
    if scene.kind == Kind::Postgres { a == b } else { a.eq_ignore_ascii_case(b) }
}

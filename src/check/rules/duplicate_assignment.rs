//! An UPDATE gives a column two values.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "duplicate-assignment",
    level: Level::Error,
    engines: ALL,
    summary: "an UPDATE sets the same column twice",
    why: "PostgreSQL refuses the statement. SQLite takes the last of the values, MySQL and MariaDB set one after the other; so one of them is lost \
          without a word, and somebody meant it.",
    instead: "set the column once",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-update.html",
        "https://www.sqlite.org/lang_update.html",
        "https://dev.mysql.com/doc/refman/8.4/en/update.html",
    ],
    known_as: &["squawk ban-duplicate-column-assignments"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (0);", "UPDATE t SET a = 1, a = 2;").seen(Seen::Shows("SELECT a FROM t", "2")),
        Example::postgres("CREATE TABLE t (a int, b int);", "UPDATE t SET (a, b) = (1, 2), A = 3 WHERE b > 0;")
            .seen(Seen::Fails("multiple assignments")),
        Example::postgres("CREATE TABLE t (a int);", "WITH x AS (SELECT 1 AS b) UPDATE t SET a = x.b, \"a\" = 2 FROM x;")
            .seen(Seen::Fails("multiple assignments")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (0);", "UPDATE t SET a = 1, `A` = 2;").seen(Seen::Shows("SELECT a FROM t", "2")),
    ],
    counter_examples: &[
        Example::sqlite("CREATE TABLE t (a int, b int);", "UPDATE t SET a = b, b = a WHERE a = 1 AND a = 2;"),
        Example::postgres("CREATE TABLE t (a int[]); INSERT INTO t VALUES ('{0,0}');", "UPDATE t SET a[1] = 1, a[2] = 2;"),
        Example::postgres(
            "CREATE TYPE pair AS (x int, y int); CREATE TABLE t (a pair, b pair);",
            "UPDATE t SET a.x = 1, a.y = 2, b.x = 3; UPDATE t SET (a, b) = (SELECT b, a);",
        ),
        Example::mysql("CREATE TABLE t (a int); CREATE TABLE u (a int);", "UPDATE t JOIN u ON t.a = u.a SET t.a = 1, u.a = 2;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let is_update = |(action, _): (&Action, &Range<usize>)| matches!(action, Action::Update(_));
    if !scene.acts().any(is_update) {
        return;
    }
    let targets = targets(scene.kind, &scene.statement().text);
    for (index, (column, span)) in targets.iter().enumerate() {
        if targets[..index].iter().any(|(other, _)| other == column) {
            found.add(span, format!("{column} is set twice in the same UPDATE"));
        }
    }
}

/// The columns that the SET of an UPDATE assigns as a whole, and where.
fn targets(kind: Kind, text: &str) -> Vec<(Name, Range<usize>)> {
    let mut cursor = Cursor::new(kind, text);
    cursor.until(&["SET"]);
    cursor.eat(&["SET"]);
    let start = cursor.position();
    cursor.until(&["WHERE", "FROM", "RETURNING", "ORDER", "LIMIT"]);
    let list = cursor.text(start, cursor.position());
    let offset = cursor.tokens(start, start + 1).first().map_or(0, |token| token.start);
    let mut found = Vec::new();
    for mut part in Cursor::new(kind, list).parts() {
        let targets = part.brackets().map_or_else(|| vec![part], |list| list.parts());
        for mut target in targets {
            let span = target.span();
            // An element of an array, or a field of a composite value, is a part of a column.
            let Some(name) = target.name().filter(|_| target.is_done() || target.sees(&["="])) else { continue };
            if kind == Kind::Postgres && name.schema.is_none() {
                found.push((name, span.start + offset..span.end + offset));
            } else if kind != Kind::Postgres {
                let folded = Name { schema: name.schema.map(|it| it.to_lowercase()), name: name.name.to_lowercase() };
                found.push((folded, span.start + offset..span.end + offset));
            }
        }
    }
    found
}

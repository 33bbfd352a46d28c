//! A statement gives a column two values.

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
    summary: "an UPDATE or INSERT gives the same column two values",
    why: "PostgreSQL refuses the statement. In an UPDATE SQLite takes the last of the values, MySQL and MariaDB set one after the other; so one of \
          them is lost without a word, and somebody meant it. In the list of an INSERT SQLite takes the first, MySQL and MariaDB refuse it.",
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
        Example::postgres("CREATE TABLE t (a int, b int);", "INSERT INTO public.t AS x (a, B, b) VALUES (1, 2, 3);")
            .seen(Seen::Fails("specified more than once")),
        Example::sqlite("CREATE TABLE t (a int, b int);", "INSERT OR IGNORE INTO t (a, b, b) VALUES (1, 2, 3);")
            .seen(Seen::Shows("SELECT b FROM t", "2")),
        Example::sqlite(
            "CREATE TABLE t (a int PRIMARY KEY, b int); INSERT INTO t VALUES (1, 2);",
            "INSERT INTO t (a, b) SELECT 1, 2 WHERE true ON CONFLICT (a) DO UPDATE SET b = 5, b = 6 WHERE a > 0;",
        )
        .seen(Seen::Shows("SELECT b FROM t", "6")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (0);", "UPDATE t SET a = 1, `A` = 2;").seen(Seen::Shows("SELECT a FROM t", "2")),
    ],
    counter_examples: &[
        Example::sqlite("CREATE TABLE t (a int, b int);", "UPDATE t SET a = b, b = a WHERE a = 1 AND a = 2;"),
        Example::postgres("CREATE TABLE t (a int[]); INSERT INTO t VALUES ('{0,0}');", "UPDATE t SET a[1] = 1, a[2] = 2;"),
        Example::postgres(
            "CREATE TYPE pair AS (x int, y int); CREATE TABLE t (a pair, b pair);",
            "UPDATE t SET a.x = 1, a.y = 2, b.x = 3; UPDATE t SET (a, b) = (SELECT b, a);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int PRIMARY KEY, b int, c int[]);",
            "INSERT INTO t (a, c[1], c[2]) VALUES (1, 2, 3) ON CONFLICT (a) DO UPDATE SET a = 2, b = 2; INSERT INTO t (SELECT a + 5, a FROM t);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int, b int);",
            "MERGE INTO t USING t AS s ON t.a = s.b WHEN MATCHED AND s.a > 0 THEN UPDATE SET a = 1, b = 2 WHEN MATCHED THEN UPDATE SET a = 3, b = 4;",
        ),
        Example::sqlite(
            "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE);",
            "INSERT INTO t VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET a = 3, b = 4 ON CONFLICT (b) DO UPDATE SET a = 5, b = 6;",
        ),
        Example::mysql("CREATE TABLE t (a int); CREATE TABLE u (a int);", "UPDATE t JOIN u ON t.a = u.a SET t.a = 1, u.a = 2;"),
    ],
};

type Target = (Name, Range<usize>);

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let (kind, text) = (scene.kind, scene.statement().text.as_str());
    for (action, _) in scene.acts() {
        match action {
            // MERGE has several lists.
            Action::Update(_) if !Cursor::new(kind, text).sees(&["MERGE"]) => twice(&assigned(Cursor::new(kind, text)), "UPDATE", found),
            Action::Insert { .. } => {
                twice(&inserted(Cursor::new(kind, text)), "INSERT", found);
                let mut cursor = Cursor::new(kind, text);
                cursor.until(&["CONFLICT"]);
                twice(&assigned(cursor), "UPDATE", found);
            }
            _ => {}
        }
    }
}

fn twice(targets: &[Target], verb: &str, found: &mut Found<'_>) {
    for (index, (column, span)) in targets.iter().enumerate() {
        if targets[..index].iter().any(|(other, _)| other == column) {
            found.add(span, format!("{column} is set twice in the same {verb}"));
        }
    }
}

/// The columns that the SET of an UPDATE assigns as a whole, and where.
fn assigned(mut cursor: Cursor<'_>) -> Vec<Target> {
    cursor.until(&["SET"]);
    cursor.eat(&["SET"]);
    let start = cursor.position();
    // SQLite lets several ON CONFLICT follow one another.
    cursor.until(&["WHERE", "FROM", "RETURNING", "ORDER", "LIMIT", "ON"]);
    let list = cursor.text(start, cursor.position());
    let offset = cursor.tokens(start, start + 1).first().map_or(0, |token| token.start);
    let parts = Cursor::new(cursor.kind, list).parts().into_iter();
    parts.flat_map(|mut part| part.brackets().map_or_else(|| vec![part], |list| list.parts())).filter_map(|part| target(part, offset)).collect()
}

/// The columns behind the table of an INSERT, and where.
fn inserted(mut cursor: Cursor<'_>) -> Vec<Target> {
    cursor.until(&["INTO"]);
    cursor.eat(&["INTO"]);
    let _ = cursor.name();
    if cursor.eat(&["AS"]) {
        cursor.step();
    }
    let list = cursor.brackets().filter(|list| !list.sees_one(&["SELECT", "WITH", "VALUES", "TABLE"]));
    list.map_or_else(Vec::new, |list| list.parts().into_iter().filter_map(|part| target(part, 0)).collect())
}

/// The column that the part begins with. An element of an array, or a field of a composite value, is a part of a column.
fn target(mut part: Cursor<'_>, offset: usize) -> Option<Target> {
    let (kind, span) = (part.kind, part.span());
    let name = part.name().filter(|_| part.is_done() || part.sees(&["="]))?;
    let span = span.start + offset..span.end + offset;
    if kind == Kind::Postgres {
        return name.schema.is_none().then_some((name, span));
    }
    Some((Name { schema: name.schema.map(|it| it.to_lowercase()), name: name.name.to_lowercase() }, span))
}

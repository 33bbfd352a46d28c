//! One schema.toml, one application: what it writes it reads again, whatever the engine.

use crate::support::{Engine, Project};

/// Every type that all engines have.
const SCHEMA: &str = r#"
[enums]
mood = ["good", "so-so", "it's bad"]

[tables.authors.columns]
id = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(40)", nullable = false, unique = true }

[tables.books.columns]
id = { type = "integer", primary_key = true, identity = true }
author_id = { type = "integer", nullable = false, index = true, references = { column = "authors.id", on_delete = "cascade" } }
title = { type = "text", nullable = false, check = "title <> ''" }
tiny = { type = "smallint" }
large = { type = "bigint" }
price = { type = "decimal(12,4)", nullable = false, default = 9.99, check = "price >= 0" }
ratio = { type = "double" }
lent = { type = "boolean", nullable = false, default = false }
printed = { type = "date" }
seen_at = { type = "timestamp" }
opens = { type = "time" }
uid = { type = "uuid" }
more = { type = "json" }
cover = { type = "binary" }
mood = { type = "enum:mood", nullable = false, default = "so-so" }
code = { type = "char(3)" }
note = { type = "varchar(20)", default = "it's \\ new" }
made_at = { type = "timestamp", nullable = false, default = { sql = "CURRENT_TIMESTAMP" } }

[tables.books.uniques]
books_author_code = ["author_id", "code"]
"#;

/// What the application writes. Only binary values have a spelling of their own.
const ROWS: &str = "
INSERT INTO authors (name) VALUES ('Ada'), ('Grüße 🎼'), ('ada lovelace');
INSERT INTO books (author_id, title, tiny, large, price, ratio, lent, printed, seen_at, opens, uid, more, cover, mood, code, note) VALUES
  (1, 'One', -32768, 9223372036854775807, 12345678.1234, 0.5, true, '2026-02-28', '2026-02-28 23:59:59', '08:30:00',
   '6f9619ff-8b86-d011-b42d-00c04fc964ff', '{\"a\": [1, null, \"é\"]}', BYTES, 'it''s bad', 'abc', 'x'),
  (2, 'Two 🎼 lines
and a \"quote\"', 32767, -9223372036854775808, 0, -1.25, false, '1026-01-01', '1999-12-31 00:00:00', '00:00:00', NULL, NULL, NULL, 'good', 'abc', NULL);
INSERT INTO books (author_id, title, code) VALUES (1, 'Defaults', 'xyz'), (3, 'Gone', NULL), (3, 'Gone too', NULL);
UPDATE books SET price = price * 2 + 0.0001 WHERE id = 3;
DELETE FROM authors WHERE id = 3;
";

/// What must be refused, so that the application need not look itself.
const REFUSED: [&str; 8] = [
    "INSERT INTO authors (name) VALUES ('Ada');",
    // With a code, because MySQL 9.7 takes the row where any column is NULL of the first index that begins with the key.
    "INSERT INTO books (author_id, title, code) VALUES (99, 'Nobody''s', 'new');",
    "INSERT INTO books (author_id, title) VALUES (1, '');",
    "INSERT INTO books (author_id, title, price) VALUES (1, 'Cheap', -1);",
    "INSERT INTO books (author_id, title, mood) VALUES (1, 'Moody', 'angry');",
    "INSERT INTO books (author_id, title, code) VALUES (1, 'Again', 'abc');",
    "INSERT INTO books (author_id) VALUES (1);",
    "UPDATE books SET lent = NULL WHERE id = 1;",
];

/// What the application reads, in an order of its own.
const QUESTIONS: [&str; 8] = [
    "SELECT id, name FROM authors ORDER BY id;",
    "SELECT id, author_id, title, tiny, large FROM books ORDER BY id;",
    "SELECT id, NUMBER(price * 10000), NUMBER(ratio * 100), FLAG(lent) FROM books ORDER BY id;",
    "SELECT id, TEXT(printed), TEXT(seen_at), TEXT(opens), TEXT(uid) FROM books ORDER BY id;",
    "SELECT id, JSON(more), HEX(cover), mood, code, note FROM books ORDER BY id;",
    "SELECT count(*), sum(NUMBER(price)), min(printed), max(seen_at) FROM books WHERE lent = true OR price > 10;",
    "SELECT a.name, count(*) FROM authors AS a JOIN books AS b ON b.author_id = a.id WHERE b.title <> 'x' GROUP BY a.name ORDER BY 2, 1;",
    "SELECT count(*) FROM books WHERE made_at IS NULL OR abs(SECONDS) > 100000;",
];

/// A question as the engine wants it asked, so that the answer is the same text.
fn spelled(engine: Engine, sql: &str) -> String {
    let (number, flag, text, json, hex, seconds) = match engine {
        Engine::Sqlite => (
            "CAST(round(X) AS INTEGER)",
            "CASE WHEN X THEN 1 ELSE 0 END",
            "X",
            "json_extract(X, '$.a[2]')",
            "lower(hex(X))",
            "julianday(made_at) - julianday('now')",
        ),
        Engine::Postgres => (
            "CAST(round(X) AS bigint)",
            "CASE WHEN X THEN 1 ELSE 0 END",
            "X::text",
            "(X)::jsonb #>> '{a,2}'",
            "coalesce(encode(X, 'hex'), '')",
            "extract(epoch FROM made_at - now()::timestamp)",
        ),
        Engine::Mariadb => (
            "CAST(round(X) AS signed)",
            "CASE WHEN X THEN 1 ELSE 0 END",
            "CAST(X AS char)",
            "json_unquote(json_extract(X, '$.a[2]'))",
            "coalesce(lower(hex(X)), '')",
            "timestampdiff(SECOND, now(), made_at)",
        ),
    };
    let mut sql = sql.replace("SECONDS", seconds);
    for (name, form) in [("NUMBER(", number), ("FLAG(", flag), ("TEXT(", text), ("JSON(", json), ("HEX(", hex)] {
        while let Some(start) = sql.find(name) {
            let end = start + sql[start..].find(')').expect("a call ends");
            let form = form.replace('X', &sql[start + name.len()..end]);
            sql = format!("{}{form}{}", &sql[..start], &sql[end + 1..]);
        }
    }
    sql
}

#[test]
fn the_same_application_reads_the_same_rows_on_every_engine() {
    let mut answers: Vec<(Engine, Vec<String>)> = Vec::new();
    for engine in Engine::available() {
        let project = Project::with_schema(engine, SCHEMA);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.ok(&["check", "--live"]);
        let bytes = if engine == Engine::Postgres { "'\\x00ff10'" } else { "x'00ff10'" };
        project.sql(&ROWS.replace("BYTES", bytes));
        for refused in REFUSED {
            let output = project.database().run(refused);
            assert!(output.status != 0, "{engine} takes: {refused}");
        }
        answers.push((engine, QUESTIONS.iter().map(|question| project.query(&spelled(engine, question))).collect()));
        project.ok(&["downgrade", "base"]);
    }
    // Also where only one engine is here.
    let known = "1|Ada\n2|Grüße 🎼\n";
    for (engine, answer) in &answers {
        assert_eq!(answer[0], known, "{engine}");
        for (question, (wanted, found)) in QUESTIONS.iter().zip(answers[0].1.iter().zip(answer)) {
            assert_eq!(found, wanted, "{engine} and {} answer another thing to {question}", answers[0].0);
        }
    }
}

//! A name with capital letters.

use crate::check::asked::made;
use crate::check::finding::Level;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "name-case",
    level: Level::Note,
    engines: ALL,
    summary: "a table or column gets a name with capital letters",
    why: "PostgreSQL folds a name without quotes to lower case, so that one with capitals is found only in quotes, by everybody who writes a query. \
          On MySQL and MariaDB the name of a table is that of a file: Users and users are two tables on Linux and one on Windows and macOS, and a \
          query that works on one fails on the other. SQLite, and MySQL for columns, take any case: there it is a question of style.",
    instead: "write the name in lower case, with _ between words",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
        "https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html",
        "https://mariadb.com/kb/en/identifier-case-sensitivity/",
        "https://www.sqlite.org/lang_naming.html",
    ],
    known_as: &["spirit name_case"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE \"Users\" (a int); INSERT INTO Users VALUES (1);").seen(Seen::Fails("relation \"users\" does not exist")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD \"createdAt\" date; INSERT INTO t (createdAt) VALUES (now());")
            .seen(Seen::Fails("column \"createdat\" of relation \"t\" does not exist")),
        Example::mysql("", "CREATE TABLE Users (a int); INSERT INTO users VALUES (1);").seen(Seen::Fails("doesn't exist")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t CHANGE a A1 int;"),
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME TO Todos;").seen(Seen::Shows("SELECT name FROM sqlite_master", "Todos")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE Users (Id int, \"created_at\" date, \"größe\" int);"),
        Example::mysql("CREATE TABLE t (Aa int);", "ALTER TABLE t MODIFY Aa bigint; CREATE INDEX I ON t (Aa);"),
        Example::sqlite(
            "CREATE TABLE Todos (Id int);",
            "CREATE TABLE N (Id int, b int); INSERT INTO N (Id) SELECT Id FROM Todos; DROP TABLE Todos; ALTER TABLE N RENAME TO Todos;",
        ),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN New_a bigint; UPDATE t SET New_a = a; ALTER TABLE t DROP COLUMN a, CHANGE COLUMN New_a a bigint;",
        ),
        Example::sqlite("", "CREATE TEMP TABLE Todos (A int);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let made = made(scene, action, span);
        let capital = made.iter().filter(|made| made.name.chars().any(char::is_uppercase));
        let (tables, columns): (Vec<_>, Vec<_>) = capital.partition(|made| made.is_table);
        let names: Vec<&str> = tables.iter().chain(&columns).map(|made| made.name).collect();
        if names.is_empty() {
            continue;
        }
        let outcome = match scene.kind {
            Kind::Postgres => "found only in quotes",
            Kind::Mysql if !tables.is_empty() => "the case of a table's name counts on some systems and not on others",
            Kind::Mysql | Kind::Sqlite => "others write names in lower case",
        };
        found.add(span, format!("capital letters in {}: {outcome}", names.join(", ")));
    }
}

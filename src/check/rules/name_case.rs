//! A name with capital letters.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, TableDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

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
        let capital = made.iter().filter(|(_, name, _)| name.chars().any(char::is_uppercase));
        let (tables, columns): (Vec<_>, Vec<_>) = capital.partition(|(what, ..)| *what == "table");
        let names: Vec<&str> = tables.iter().chain(&columns).map(|(_, name, _)| *name).collect();
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

/// The tables and columns that get a name which they did not have: what each is, the name, and where it is written.
fn made<'a>(scene: &Scene<'a>, action: &'a Action, span: &'a Range<usize>) -> Vec<(&'static str, &'a str, &'a Range<usize>)> {
    let is_new =
        |table: &Name| scene.table(table).is_none() && scene.dropped(table).is_none() && !scene.is_rebuilt(table) && !goes(scene, table, None);
    let is_new_column = |table: &Name, name: &str| scene.table(table).is_none_or(|it| it.column(name).is_none()) && !goes(scene, table, Some(name));
    match action {
        Action::CreateTable(TableDef { name: Some(table), temporary: false, columns, .. }) => {
            // The columns of a table that takes the place of another are not new where that has them, and where nothing is known of it.
            let own = scene.rebuild_of(table);
            let was = own.map_or_else(|| scene.dropped(table), |own| scene.table(own));
            let is_new_here = |name: &str| was.map_or(own.is_none(), |was| was.column(name).is_none());
            let columns =
                columns.iter().filter(|it| is_new_here(&it.name) && is_new_column(table, &it.name)).map(|it| ("column", it.name.as_str(), &it.span));
            is_new(table).then_some(("table", table.name.as_str(), span)).into_iter().chain(columns).collect()
        }
        Action::RenameTable { to, .. } if is_new(to) => vec![("table", &to.name, span)],
        Action::AddColumn { table, column: ColumnDef { name, .. }, .. } if is_new_column(table, name) => vec![("column", name, span)],
        Action::RenameColumn { table, to, .. } if is_new_column(table, to) => vec![("column", to, span)],
        Action::Redefine { table, from, column: ColumnDef { name, .. } } if name != from && is_new_column(table, name) => {
            vec![("column", name, span)]
        }
        _ => Vec::new(),
    }
}

/// True for a name that the script takes away, of a table or of one of its columns: it was there before, or is so only for a while.
fn goes(scene: &Scene<'_>, table: &Name, column: Option<&str>) -> bool {
    scene.script.actions().any(|(_, action)| match (action, column) {
        (Action::DropTable { table: from, .. } | Action::RenameTable { from, .. }, None) => from == table,
        (Action::DropColumn { table: of, column: from, .. } | Action::RenameColumn { table: of, from, .. }, Some(column)) => {
            of == table && from == column
        }
        (Action::Redefine { table: of, from, column: now }, Some(column)) => of == table && from == column && now.name != column,
        _ => false,
    })
}

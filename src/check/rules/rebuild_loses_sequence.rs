//! A rebuild forgets which numbers were given out.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::Scene;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "rebuild-loses-sequence",
    level: Level::Warning,
    engines: SQLITE,
    summary: "a table with AUTOINCREMENT is made anew without its counter",
    why: "AUTOINCREMENT promises that no number is given twice, also not that of a row that was deleted. The largest one stands in sqlite_sequence \
          and goes with the table. The new table counts from the largest number that was copied, so those of rows deleted at the end are given \
          again: what still refers to them now means another row.",
    instead: "carry the counter over between the copy and DROP TABLE: DELETE FROM sqlite_sequence WHERE name = 'new'; INSERT INTO sqlite_sequence \
              (name, seq) SELECT 'new', seq FROM sqlite_sequence WHERE name = 'old'",
    sources: &["https://www.sqlite.org/autoinc.html"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[Example::sqlite(
        "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int); INSERT INTO t (a) VALUES (1), (2), (3); DELETE FROM t WHERE id = 3;",
        "CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT, a text); INSERT INTO n SELECT id, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
    )
    .seen(Seen::Shows("SELECT seq FROM sqlite_sequence", "2"))],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int);",
            "CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT, a text); INSERT INTO n SELECT id, a FROM t; DELETE FROM sqlite_sequence WHERE \
             name = 'n'; INSERT INTO sqlite_sequence (name, seq) SELECT 'n', seq FROM sqlite_sequence WHERE name = 't'; DROP TABLE t; ALTER TABLE n \
             RENAME TO t;",
        ),
        Example::sqlite(
            "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int);",
            "CREATE TABLE n (id integer PRIMARY KEY, a text); INSERT INTO n SELECT id, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
        Example::sqlite(
            "CREATE TABLE t (id integer PRIMARY KEY, a int);",
            "CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT, a text); INSERT INTO n SELECT id, a FROM t; DROP TABLE t; ALTER TABLE n RENAME \
             TO t;",
        ),
        Example::sqlite("CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);", "CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateTable(def) = action else { continue };
        let Some(passing) = &def.name else { continue };
        let Some(own) = scene.rebuild_of(passing) else { continue };
        let counted = |facts: &TableFacts| facts.columns.iter().any(|column| column.identity);
        if !scene.table(own).is_some_and(counted) || !def.columns.iter().any(|column| column.identity) {
            continue;
        }
        let is_carried = scene.script.statements.iter().any(|statement| {
            let writes = |action: &Action| match action {
                Action::Insert { table, .. } => table.name == "sqlite_sequence",
                Action::Update(dml) => dml.table.name == "sqlite_sequence",
                _ => false,
            };
            statement.does(writes) && (mentions(&statement.text, &own.name) || mentions(&statement.text, &passing.name))
        });
        if !is_carried {
            let message = format!("{own} is made anew without its counter: the numbers of rows that were deleted at its end are given again");
            found.add(span, message).help(format!(
                "behind the copy: DELETE FROM sqlite_sequence WHERE name = '{passing}'; INSERT INTO sqlite_sequence (name, seq) SELECT '{passing}', \
                 seq FROM sqlite_sequence WHERE name = '{own}'"
            ));
        }
    }
}

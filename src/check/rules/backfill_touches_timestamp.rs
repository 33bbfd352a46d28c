//! A backfill that says of every row that it was changed now.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "backfill-touches-timestamp",
    level: Level::Warning,
    engines: MYSQL,
    summary: "an UPDATE sets an ON UPDATE CURRENT_TIMESTAMP column without saying so",
    why: "The server gives a column with ON UPDATE CURRENT_TIMESTAMP the present time in every row that an UPDATE changes, unless the UPDATE sets \
          the column itself. After a backfill every row looks as if it had been changed by a user today: what was changed when is lost, and what \
          copies by that column copies the table once more.",
    instead: "set the column to itself: UPDATE ... SET c = ..., updated_at = updated_at",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html", "https://mariadb.com/kb/en/timestamp/"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[Example::mysql(
        "CREATE TABLE t (id int PRIMARY KEY, a int, changed datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP); \
         INSERT INTO t VALUES (1, NULL, '2001-01-01 00:00:00');",
        "UPDATE t SET a = 1 WHERE a IS NULL;",
    )
    .seen(Seen::Shows("SELECT changed > '2001-01-02' FROM t", "1"))],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, a int, changed datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);",
            "UPDATE t SET a = 1, changed = changed WHERE a IS NULL;",
        ),
        Example::mysql("CREATE TABLE t (a int, made datetime NOT NULL DEFAULT CURRENT_TIMESTAMP);", "UPDATE t SET a = 1 WHERE a IS NULL;"),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD changed datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP; UPDATE t SET a = 1 WHERE a IS NULL;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Update(dml) = action else { continue };
        let Some(facts) = scene.table(&dml.table).filter(|_| !scene.is_new(&dml.table)) else { continue };
        // In an UPDATE of several tables the first is not always the one that is changed.
        if !dml.columns.iter().any(|column| facts.column(column).is_some()) {
            continue;
        }
        for column in facts.columns.iter().filter(|column| column.on_update.is_some()) {
            let name = &column.name;
            let is_set = dml.columns.iter().any(|set| set.eq_ignore_ascii_case(name));
            // What the script has added holds nothing yet that could be lost.
            let is_added = scene.actions_before().any(|before| match before {
                Action::AddColumn { table, column, .. } => scene.catalog.is_same(table, &dml.table) && column.name == *name,
                _ => false,
            });
            if !is_set && !is_added {
                found
                    .add(span, format!("{}.{name} becomes the present time in every row that is changed", dml.table))
                    .help(format!("set it to itself: SET ..., {name} = {name}"));
            }
        }
    }
}

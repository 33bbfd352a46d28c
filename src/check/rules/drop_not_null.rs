//! A column may be NULL from now on.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "drop-not-null",
    level: Level::Note,
    engines: SERVERS,
    summary: "a column that was required may be NULL from now on",
    why: "What reads the column has never met a NULL: an application of before the revision fails at the first row that has one, and comparisons, \
          NOT IN and sums in queries give another answer. The way back needs every NULL to be replaced first. On MySQL and MariaDB MODIFY and \
          CHANGE do it where NOT NULL is left out.",
    instead: "let a release run first that copes with NULL when it reads the column; on MySQL and MariaDB write NOT NULL where the column is to \
              stay required",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        "https://mariadb.com/kb/en/alter-table/",
    ],
    known_as: &["squawk ban-drop-not-null"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int NOT NULL);", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL; INSERT INTO t VALUES (NULL);")
            .seen(Seen::Shows("SELECT count(*) FROM t WHERE a IS NULL", "1")),
        Example::mysql("CREATE TABLE t (a int NOT NULL DEFAULT 1);", "ALTER TABLE t MODIFY a bigint; INSERT INTO t VALUES (NULL);")
            .seen(Seen::Shows("SELECT count(*) FROM t WHERE a IS NULL", "1")),
        Example::mysql("CREATE TABLE t (a int NOT NULL);", "ALTER TABLE t CHANGE COLUMN a b int NULL;"),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ALTER COLUMN a DROP NOT NULL;"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 1; ALTER TABLE t ALTER b DROP NOT NULL;"),
        Example::postgres(
            "CREATE TABLE t (a int NOT NULL);",
            "ALTER TABLE t ALTER a DROP NOT NULL; DELETE FROM t WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL;",
        ),
        Example::mysql("CREATE TABLE t (a int NOT NULL, b int);", "ALTER TABLE t MODIFY a bigint NOT NULL, MODIFY b bigint;"),
        Example::mysql("CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT);", "ALTER TABLE t MODIFY a bigint AUTO_INCREMENT;"),
        Example::mysql("CREATE TABLE t (a int NOT NULL, PRIMARY KEY (a));", "ALTER TABLE t MODIFY a bigint;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, column) = match action {
            Action::DropNotNull { table, column } => (table, column),
            Action::Redefine { table, from, column } if loosens(scene, table, from, column) => (table, &column.name),
            _ => continue,
        };
        let is_it = |of: &Name, other: &str| scene.catalog.is_same(of, table) && other.eq_ignore_ascii_case(column);
        let is_added = scene.actions_before().any(|it| matches!(it, Action::AddColumn { table: of, column: added, .. } if is_it(of, &added.name)));
        let is_required_again = scene.actions_after().any(|it| match it {
            Action::SetNotNull { table: of, column: other } => is_it(of, other),
            Action::Redefine { table: of, column: other, .. } => is_it(of, &other.name) && other.not_null,
            _ => false,
        });
        if !scene.is_new(table) && !is_added && !is_required_again {
            found.add(span, format!("{table}.{column} may be NULL from now on"));
        }
    }
}

/// True where a column that is known to be NOT NULL is not that any more. In a primary key, and where it counts up, it stays so unsaid.
fn loosens(scene: &Scene<'_>, table: &Name, from: &str, to: &ColumnDef) -> bool {
    let Some(facts) = scene.table(table) else { return false };
    let is_key = to.primary_key || to.identity || facts.primary_key().iter().any(|column| column.eq_ignore_ascii_case(from));
    // Up to 10.9 MariaDB takes a bare timestamp for NOT NULL: explicit_defaults_for_timestamp is off.
    let is_required_unsaid = is_key || to.ty.starts_with("timestamp") && scene.is_mariadb() && scene.version < 101_000;
    facts.column(from).is_some_and(|column| column.not_null) && !to.not_null && !is_required_unsaid
}

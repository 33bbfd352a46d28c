//! A column becomes NOT NULL, and the server reads or rewrites the table for it.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::{Name, default_name};

pub const RULE: Rule = Rule {
    code: "set-not-null-scan",
    level: Level::Warning,
    engines: SERVERS,
    summary: "a column becomes NOT NULL while the whole table is read or written anew",
    why: "PostgreSQL reads every row to see whether one is NULL, under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile. It \
          does not read where a validated CHECK (column IS NOT NULL) proves it, and VALIDATE CONSTRAINT lets others read and write. MySQL and \
          MariaDB write every row anew. They let others write meanwhile in strict mode; in any other they copy the table, and writers wait.",
    instead: "write ALGORITHM=INPLACE, LOCK=NONE behind the change, so that the server refuses it rather than keep writers waiting",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
    ],
    known_as: &[
        "squawk adding-not-nullable-field",
        "strong_migrations change_column_null",
        "online_migrations change_column_null",
        "Atlas MF104",
        "Atlas PG303",
        "pg-schema-diff ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
        "eugene E2",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a int NOT NULL;").seen(Seen::Refuses("ALGORITHM=INSTANT")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t CHANGE a b int NOT NULL;").seen(Seen::Refuses("ALGORITHM=INSTANT")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; \
             BEGIN; ALTER TABLE t ALTER COLUMN a SET NOT NULL; ALTER TABLE t DROP CONSTRAINT c; COMMIT;",
        ),
        Example::postgres("CREATE TABLE t (\"A b\" int, CHECK ((\"A b\" is not null)));", "ALTER TABLE t ALTER COLUMN \"A b\" SET NOT NULL;"),
        Example::postgres("CREATE TABLE t (a int PRIMARY KEY);", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a SET NOT NULL;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a int NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;"),
        Example::mysql(
            "CREATE TABLE t (a int NOT NULL, b int, PRIMARY KEY (b));",
            "ALTER TABLE t MODIFY a int NOT NULL DEFAULT 1, MODIFY b int NOT NULL;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a int NULL DEFAULT 1;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t MODIFY a int NOT NULL;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let clauses = &scene.statement().reading.clauses;
    // With LOCK=NONE the server would refuse to keep writers waiting; ALGORITHM=COPY says by itself what happens.
    let is_said = clauses.lock.as_deref() == Some("NONE") || clauses.algorithm.as_deref() == Some("COPY");
    for (action, span) in scene.acts() {
        match action {
            Action::SetNotNull { table, column } if !scene.is_new(table) && is_nullable(scene, table, column) != Some(false) => {
                let message = format!("nobody can read or write {table} while every row is read to see whether {column} is NULL");
                found.add(span, message).about(table).help(proof(scene, table, column));
            }
            // What a column was that no script made is not known.
            Action::Redefine { table, from, column }
                if column.not_null && !is_said && !scene.is_new(table) && is_nullable(scene, table, from) == Some(true) =>
            {
                found.add(span, format!("every row of {table} is written anew to make {} NOT NULL", column.name)).about(table);
            }
            _ => {}
        }
    }
}

/// True for a column that may hold NULL as far as the server can tell without a look at the rows; `None` where the column is not known.
fn is_nullable(scene: &Scene<'_>, table: &Name, column: &str) -> Option<bool> {
    let facts = scene.table(table)?;
    let in_key = facts.primary_key().iter().any(|key| key.eq_ignore_ascii_case(column));
    let condition = bare(&format!("{column} IS NOT NULL"));
    let is_proven = facts.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::Check { expr } => !constraint.not_valid && !constraint.not_enforced && bare(expr) == condition,
        ConstraintKind::NotNull { column: required } => !constraint.not_valid && required == column,
        _ => false,
    });
    // MySQL and MariaDB make nothing of a check.
    let is_proven = is_proven && scene.kind == Kind::Postgres;
    if in_key || is_proven { Some(false) } else { facts.column(column).map(|column| !column.not_null) }
}

/// An expression without brackets, quotes, blanks and case.
fn bare(expr: &str) -> String {
    expr.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"')).collect::<String>().to_lowercase()
}

/// The statements that let the server see it while others work.
fn proof(scene: &Scene<'_>, table: &Name, column: &str) -> String {
    let dialect = scene.kind.dialect();
    let (on, name, column) = (dialect.name(table), dialect.quote(&default_name(&table.name, &[column], "required")), dialect.quote(column));
    format!(
        "write before it, each in a transaction of its own: ALTER TABLE {on} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID; \
         ALTER TABLE {on} VALIDATE CONSTRAINT {name}; and behind it: ALTER TABLE {on} DROP CONSTRAINT {name};"
    )
}

//! A unique constraint builds its index while nobody can use the table.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::{Name, default_name};

pub const RULE: Rule = Rule {
    code: "unique-constraint-blocking",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a unique constraint is added to an existing table and builds its index under a lock",
    why: "ADD UNIQUE builds an index over all rows and holds an ACCESS EXCLUSIVE lock on the table meanwhile: nobody can read or write it. CREATE \
          UNIQUE INDEX CONCURRENTLY builds the same index while others go on, and ADD CONSTRAINT ... UNIQUE USING INDEX makes it the constraint at \
          once.",
    instead: "build the index first with CREATE UNIQUE INDEX CONCURRENTLY (INCLUDE and NULLS NOT DISTINCT go with it), outside of BEGIN ... \
              COMMIT; then ADD CONSTRAINT ... UNIQUE USING INDEX",
    sources: &["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
    known_as: &[
        "squawk disallowed-unique-constraint",
        "strong_migrations add_unique_constraint",
        "online_migrations add_unique_constraint",
        "Atlas PG105",
        "eugene E7",
        "pg-schema-diff ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int UNIQUE;").seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "CREATE UNIQUE INDEX CONCURRENTLY k ON t (a); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX k;",
        ),
        Example::postgres("", "CREATE TABLE t (a int UNIQUE); ALTER TABLE t ADD UNIQUE (a); ALTER TABLE t ADD COLUMN b int UNIQUE;"),
        // USING INDEX is not possible there.
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a);", "ALTER TABLE t ADD UNIQUE (a);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, name, columns) = match action {
            Action::AddConstraint { table, constraint } => match &constraint.kind {
                ConstraintKind::Unique { columns, using_index: None } => (table, constraint.name.as_deref(), columns.clone()),
                _ => continue,
            },
            Action::AddColumn { table, column, .. } if column.unique && !column.primary_key => (table, None, vec![column.name.clone()]),
            _ => continue,
        };
        if scene.is_new(table) || scene.table(table).is_some_and(|table| table.is_partitioned) {
            continue;
        }
        let draft = found.add(span, format!("nobody can read or write {table} until the index of the constraint is built")).about(table);
        let written = scene.statement().text[span.clone()].to_ascii_uppercase();
        if !written.contains("INCLUDE") && !written.contains("NULLS") {
            let without = if matches!(action, Action::AddColumn { .. }) { "add the column without UNIQUE, then " } else { "" };
            draft.help(format!("{without}{}", apart(scene, table, name, &columns)));
        }
    }
}

/// The index and the constraint as two statements.
fn apart(scene: &Scene<'_>, table: &Name, name: Option<&str>, columns: &[String]) -> String {
    let dialect = scene.kind.dialect();
    let plain: Vec<&str> = columns.iter().map(String::as_str).collect();
    let name = dialect.quote(&name.map_or_else(|| default_name(&table.name, &plain, "key"), str::to_owned));
    let columns: Vec<String> = columns.iter().map(|column| dialect.quote(column)).collect();
    let (table, columns) = (dialect.name(table), columns.join(", "));
    format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns}); outside of BEGIN ... COMMIT, \
         then ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};"
    )
}

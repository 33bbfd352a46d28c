//! A primary key builds its index, and looks for NULL, while nobody can use the table.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::{Name, default_name};

pub const RULE: Rule = Rule {
    code: "primary-key-blocking",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a primary key is added to an existing table and builds its index under a lock",
    why: "ADD PRIMARY KEY builds an index over all rows and holds an ACCESS EXCLUSIVE lock on the table meanwhile: nobody can read or write it. It \
          makes the columns NOT NULL too, and where they are not yet every row is looked at under the same lock, with USING INDEX as well. SET NOT \
          NULL looks at no row where a validated CHECK (... IS NOT NULL) is there.",
    instead: "build the index with CREATE UNIQUE INDEX CONCURRENTLY; make the columns NOT NULL by way of CHECK (... IS NOT NULL) NOT VALID, \
              VALIDATE CONSTRAINT in a transaction of its own, and SET NOT NULL; then ADD CONSTRAINT ... PRIMARY KEY USING INDEX",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
    ],
    known_as: &["Atlas PG104", "Atlas PG304", "eugene W14", "squawk adding-serial-primary-key-field"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD PRIMARY KEY (a);").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN id bigserial PRIMARY KEY;").seen(Seen::Rewrites("t")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int NOT NULL);",
            "CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t (a); ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;",
        ),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD PRIMARY KEY (a);"),
        // USING INDEX is not possible there.
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a);", "ALTER TABLE t ADD PRIMARY KEY (a);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, name, columns) = match action {
            Action::AddConstraint { table, constraint } => match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, using_index: None } => (table, constraint.name.as_deref(), columns.clone()),
                _ => continue,
            },
            Action::AddColumn { table, column, .. } if column.primary_key => (table, None, vec![column.name.clone()]),
            _ => continue,
        };
        if scene.is_new(table) || scene.table(table).is_some_and(|table| table.is_partitioned) {
            continue;
        }
        let draft = found.add(span, format!("nobody can read or write {table} until the index of its primary key is built")).about(table);
        if matches!(action, Action::AddConstraint { .. }) {
            draft.help(apart(scene, table, name, &columns));
        }
    }
}

/// The index, the columns and the key one after the other.
fn apart(scene: &Scene<'_>, table: &Name, name: Option<&str>, columns: &[String]) -> String {
    let dialect = scene.kind.dialect();
    let is_required = |column: &String| scene.table(table).and_then(|table| table.column(column)).is_some_and(|column| column.not_null);
    let quoted = |column: &String| dialect.quote(column);
    let nullable: Vec<String> = columns.iter().filter(|column| !is_required(column)).map(quoted).collect();
    let required = match nullable.join(", ") {
        none if none.is_empty() => String::new(),
        some => format!("make {some} NOT NULL by way of a validated CHECK (... IS NOT NULL) and SET NOT NULL; "),
    };
    let name = dialect.quote(&name.map_or_else(|| default_name(&table.name, &[], "pkey"), str::to_owned));
    let (table, columns) = (dialect.name(table), columns.iter().map(quoted).collect::<Vec<String>>().join(", "));
    format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns}); outside of BEGIN ... COMMIT; {required}\
         then ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name};"
    )
}

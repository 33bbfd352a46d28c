//! An index goes before the one that replaces it is there.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "replace-index",
    level: Level::Warning,
    engines: ALL,
    summary: "an index is dropped before the one that replaces it is made",
    why: "From the one statement to the other every query that needs the index reads the whole table, and while the new one is built too. In one \
          transaction of PostgreSQL it is worse: DROP INDEX holds an ACCESS EXCLUSIVE lock, so nobody can read or write the table until the new \
          index is built. In one ALTER TABLE of MySQL and MariaDB, and in one transaction of SQLite, both happen at once for all others.",
    instead: "make the new index first, under another name, and then drop the old one",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-dropindex.html",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
        "https://mariadb.com/kb/en/alter-table/",
        "https://www.sqlite.org/lang_transaction.html",
    ],
    known_as: &["online_migrations replace_index"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "DROP INDEX i; CREATE INDEX i ON t (a, b);")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
            "DROP INDEX CONCURRENTLY i; CREATE UNIQUE INDEX CONCURRENTLY j ON t USING btree (a DESC) WHERE b > 0;",
        ),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "DROP INDEX i ON t; ALTER TABLE t ADD INDEX j (a, b);"),
        Example::sqlite(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
            "BEGIN; DROP INDEX i; COMMIT; BEGIN; CREATE INDEX i ON t (a, b); COMMIT;",
        ),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "CREATE INDEX j ON t (a, b); DROP INDEX i;"),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "DROP INDEX i; CREATE INDEX j ON t (b, a);"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i; CREATE INDEX i ON t (a);"),
        Example::postgres(
            "CREATE TABLE t (a int); CREATE INDEX i ON t (a);",
            "DROP INDEX CONCURRENTLY i; ALTER TABLE t ALTER COLUMN a TYPE text; CREATE INDEX CONCURRENTLY i ON t (a);",
        ),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b);"),
        Example::sqlite("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "BEGIN; DROP INDEX i; CREATE INDEX i ON t (a, b); COMMIT;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropIndex { table, index, .. } = action else { continue };
        let Some((table, first)) = known(scene, table.as_ref(), &index.name) else { continue };
        let makes = |it: &Action| made(it).is_some_and(|(of, column)| scene.catalog.is_same(of, &table) && column.eq_ignore_ascii_case(&first));
        if scene.is_new(&table) || has_another(scene, &table, &first) || scene.statement().does(makes) {
            continue;
        }
        let statements = &scene.script.statements;
        let Some(later) = (scene.at + 1..statements.len()).find(|at| statements[*at].does(makes)) else { continue };
        // A column changes in between: the new index cannot be made before.
        let touches = |it: &Action| changes(it).is_some_and(|of| scene.catalog.is_same(of, &table));
        if statements[scene.at..later].iter().any(|statement| statement.does(touches)) {
            continue;
        }
        let transaction = scene.statement().transaction;
        let is_together = transaction.is_some() && transaction == statements[later].transaction;
        let message = match scene.kind {
            Kind::Sqlite if is_together => continue,
            Kind::Postgres if is_together => format!("nobody can read {table} from when {index} is dropped until the new index on {first} is built"),
            _ => format!("queries on {table} do without {index} until the new index on {first} is built"),
        };
        let draft = found.add(span, message).about(&table);
        let (on, old) = (scene.kind.dialect().name(&table), scene.kind.dialect().name(index));
        draft.help(match scene.kind {
            Kind::Mysql => format!("write both in one statement: ALTER TABLE {on} DROP INDEX {old}, ADD INDEX ..."),
            Kind::Postgres => format!("make the new one first, with CREATE INDEX CONCURRENTLY and another name; then DROP INDEX CONCURRENTLY {old}"),
            Kind::Sqlite => {
                format!("make the new one first, with another name, and then DROP INDEX {old}; or write both between one BEGIN and COMMIT")
            }
        });
    }
}

/// The table and the first column of an index. MySQL drops unique constraints as indexes.
fn known(scene: &Scene<'_>, table: Option<&Name>, index: &str) -> Option<(Name, String)> {
    if let Some((key, found)) = scene.catalog.index(table, index) {
        return Some((table.cloned().unwrap_or_else(|| Name::new(key)), found.columns.first()?.clone()?));
    }
    let unique = scene.table(table?)?.constraints.iter().find(|it| it.name.as_deref() == Some(index))?;
    match &unique.kind {
        ConstraintKind::Unique { columns, .. } => Some((table?.clone(), columns.first()?.clone())),
        _ => None,
    }
}

/// The table and the first column of an index that is made.
fn made(action: &Action) -> Option<(&Name, &String)> {
    match action {
        Action::CreateIndex(index) => Some((&index.table, index.columns.first()?.as_ref()?)),
        Action::AddConstraint { table, constraint } => match &constraint.kind {
            ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => Some((table, columns.first()?)),
            _ => None,
        },
        _ => None,
    }
}

/// The table of which a column changes.
fn changes(action: &Action) -> Option<&Name> {
    match action {
        Action::SetType { table, .. } | Action::Redefine { table, .. } | Action::DropColumn { table, .. } | Action::RenameColumn { table, .. } => {
            Some(table)
        }
        _ => None,
    }
}

/// True where one more index of the table begins with the column.
fn has_another(scene: &Scene<'_>, table: &Name, first: &str) -> bool {
    let indexed = scene.table(table).map(|facts| facts.indexed()).unwrap_or_default();
    indexed.iter().filter(|columns| columns.first().is_some_and(|column| column.eq_ignore_ascii_case(first))).count() > 1
}

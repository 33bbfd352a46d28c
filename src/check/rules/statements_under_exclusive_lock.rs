//! A statement that takes time runs while a table is locked by one before it.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "statements-under-exclusive-lock",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a statement that takes time stands in a transaction behind one that locks a table",
    why: "Nearly every ALTER TABLE takes an ACCESS EXCLUSIVE lock on the table, and so do DROP TABLE and TRUNCATE. The lock stays until the \
          transaction ends. What stands behind it in the transaction takes its time with nobody able to read or write that table, even where it \
          works on another one.",
    instead: "put what takes time into a transaction of its own, before the statement that locks the table or behind its COMMIT",
    sources: &["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
    known_as: &["eugene E4"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = a; COMMIT;"),
        Example::postgres("CREATE TABLE t (a int); CREATE TABLE u (a int);", "ALTER TABLE t ADD COLUMN b int; DELETE FROM u WHERE a < 5;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "CREATE TABLE n (a int); TRUNCATE t; INSERT INTO n SELECT a FROM t;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT; UPDATE t SET b = a;"),
        Example::postgres("CREATE TABLE t (a int);", "UPDATE t SET a = 1; ALTER TABLE t ALTER COLUMN a SET STATISTICS 100; UPDATE t SET a = 2;"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b int; ALTER TABLE t ALTER COLUMN b SET DEFAULT 1; INSERT INTO t VALUES (1);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b int; CREATE TABLE n (a int); UPDATE n SET a = 1; CREATE INDEX i ON n (a);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int); CREATE TABLE u (a int);",
            "CREATE TABLE n (a int); ALTER TABLE n ADD COLUMN b int; UPDATE u SET a = 1;",
        ),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; ALTER TABLE t ADD COLUMN b int; CREATE INDEX CONCURRENTLY i ON t (b); COMMIT;")
            .seen(Seen::Fails("transaction block")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; INSERT INTO t (a) SELECT 1 WHERE NOT EXISTS (SELECT FROM t);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (what, table) = match action {
            Action::Update(dml) if !scene.is_new(&dml.table) => ("UPDATE", &dml.table),
            Action::Delete(dml) if !scene.is_new(&dml.table) => ("DELETE", &dml.table),
            Action::Insert { table, from_query: true } if reads_a_table(scene) => ("INSERT", table),
            // The server refuses one that is built concurrently in a transaction.
            Action::CreateIndex(index) if !index.concurrently && !scene.is_new(&index.table) => ("CREATE INDEX", &index.table),
            Action::ValidateConstraint { table, .. } => ("VALIDATE CONSTRAINT", table),
            _ => continue,
        };
        // That the table is locked on which it validates is said by validate-in-same-transaction.
        let counts = |locked: &&Name| !(scene.is_new(locked) || what == "VALIDATE CONSTRAINT" && scene.catalog.is_same(locked, table));
        let mut before = scene.before_in_transaction().flat_map(|statement| &statement.reading.acts).flat_map(|act| locked(&act.action));
        if let Some(locked) = before.find(counts) {
            found.add(span, format!("nobody can read or write {locked} until this {what} is done and the transaction ends")).about(table);
            return;
        }
    }
}

/// True for an INSERT of more than values.
fn reads_a_table(scene: &Scene<'_>) -> bool {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.until(&["FROM", "TABLE"]);
    !cursor.is_done()
}

/// The tables that nobody else can read or write behind the action, until the transaction ends. The manual names the forms of ALTER TABLE
/// that take a weaker lock: <https://www.postgresql.org/docs/current/sql-altertable.html>.
pub(super) fn locked(action: &Action) -> Vec<&Name> {
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| text.to_ascii_uppercase().starts_with(word));
    match action {
        Action::AddColumn { table, .. } | Action::DropColumn { table, .. } | Action::RenameColumn { table, .. } | Action::SetType { table, .. } => {
            vec![table]
        }
        Action::SetNotNull { table, .. }
        | Action::DropNotNull { table, .. }
        | Action::SetDefault { table, .. }
        | Action::DropDefault { table, .. } => vec![table],
        Action::AddIdentity { table, .. }
        | Action::DropConstraint { table, .. }
        | Action::ReplicaIdentity { table }
        | Action::RowSecurity { table } => vec![table],
        Action::RenameTable { from: table, .. } | Action::MoveTable { table, .. } | Action::DropTable { table, .. } => vec![table],
        Action::AddConstraint { table, constraint } if !matches!(constraint.kind, ConstraintKind::ForeignKey { .. }) => vec![table],
        Action::ColumnOption { table, what, .. } if !begins(what, &["SET STATISTICS", "SET (", "RESET"]) => vec![table],
        Action::TableOther { table, what } if !begins(what, &["SET", "RESET", "CLUSTER", "ENABLE", "DISABLE", "FORCE", "WITHOUT"]) => vec![table],
        Action::AttachPartition { partition, .. } => vec![partition],
        Action::DetachPartition { table, partition, concurrently: false } => vec![table, partition],
        Action::DropTrigger { table: Some(table), .. } => vec![table],
        Action::Rewrite { what, table: Some(table) } if what != "VACUUM" => vec![table],
        Action::Truncate { tables, .. } => tables.iter().collect(),
        _ => Vec::new(),
    }
}

//! A script that fails when it is run a second time.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, Cursor};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "not-retryable",
    level: Level::Off,
    engines: SERVERS,
    summary: "a statement outside a transaction fails when it is run a second time",
    why: "What stands outside a transaction stays done where a statement behind it fails, or the connection is lost. A runner that begins anew \
          with the script then fails at what is there already, or is gone already. On MySQL and MariaDB every change of the schema stands outside, \
          on PostgreSQL every statement of a script that has no BEGIN and cannot be one transaction, as it has a CONCURRENTLY or the like. dbtool \
          notes what it has done and goes on behind it; other runners do not.",
    instead: "write IF NOT EXISTS or IF EXISTS, or drop before it what a first run may have made",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
        "https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/",
    ],
    known_as: &["squawk prefer-robust-stmts"],
    is_about_size: false,
    judges_down: false,
    judge,
    // What was there before is what a first run has made.
    examples: &[
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY i ON t (a);")
            .seen(Seen::Fails("already exists")),
        Example::postgres("CREATE TABLE t (a int, b int);", "BEGIN; SELECT 1; COMMIT; ALTER TABLE t ADD COLUMN b int;")
            .seen(Seen::Fails("already exists")),
        Example::postgres(
            "CREATE TABLE t (a int); CREATE UNIQUE INDEX k ON t (a); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX k;",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS k ON t (a); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX k;",
        )
        .seen(Seen::Fails("already associated with a constraint")),
        Example::postgres(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t_1 (a int);",
            "ALTER TABLE t DETACH PARTITION t_1 CONCURRENTLY;",
        )
        .seen(Seen::Fails("not a partition")),
        Example::mysql("CREATE TABLE t (a int, b int);", "ALTER TABLE t ADD COLUMN b int;").seen(Seen::Fails("duplicate column")),
        Example::mysql("", "DROP TABLE t;").seen(Seen::Fails("unknown table")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; DROP TABLE t;"),
        Example::postgres("CREATE TABLE t (a int);", "DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; SELECT 1; COMMIT; ALTER TABLE t ADD COLUMN IF NOT EXISTS b int;"),
        // The server refuses it there, so that nothing is there already.
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT;").seen(Seen::Fails("transaction block")),
        Example::postgres(
            "",
            "DROP DATABASE IF EXISTS dbtool_test_again; CREATE DATABASE dbtool_test_again; DROP DATABASE IF EXISTS dbtool_test_again;",
        ),
        Example::mysql("", "DROP TABLE IF EXISTS t; CREATE TABLE t (a int);"),
    ],
};

const ALONE: &str = "give it a script of its own, so that nothing stands before it that a second run would have to repeat";

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if !stays_done(scene) {
        return;
    }
    let statement = scene.statement();
    for (action, span) in scene.acts() {
        let written = statement.text[span.clone()].to_ascii_uppercase();
        let is_careful = ["IF NOT EXISTS", "IF EXISTS", "OR REPLACE"].iter().any(|words| written.contains(words));
        if is_careful || is_cleared(scene, action) {
            continue;
        }
        if let Some((what, help)) = again(scene, action) {
            found.add(span, format!("a second run fails here: {what}")).help(help);
        }
    }
}

/// True where the statement stays done although one behind it fails.
fn stays_done(scene: &Scene<'_>) -> bool {
    let is_outside = |statement: &ReadStatement| statement.transaction.is_none();
    let statement = scene.statement();
    is_outside(statement)
        || match scene.kind {
            // Between BEGIN and COMMIT as well.
            Kind::Mysql => scene.kind.dialect().runs_alone(&statement.text),
            Kind::Sqlite | Kind::Postgres => !scene.script.is_explicit && scene.script.statements.iter().any(is_outside),
        }
}

/// Why the action fails when it was done already, and what to write.
fn again(scene: &Scene<'_>, action: &Action) -> Option<(String, String)> {
    let dialect = scene.kind.dialect();
    let write = |words: &str| format!("write {words}");
    // MySQL itself knows IF EXISTS and IF NOT EXISTS of whole tables, schemas, routines and triggers only.
    let part = |words: &str| if scene.is_mysql() { ALONE.to_owned() } else { write(words) };
    let (name, help) = match action {
        Action::CreateTable(def) if !def.temporary => (def.name.as_ref()?.to_string(), write("IF NOT EXISTS")),
        Action::CreateSequence { sequence: name } => (name.to_string(), write("IF NOT EXISTS")),
        // PostgreSQL has no IF NOT EXISTS for a database.
        Action::CreateSchema { schema: name } if scene.kind == Kind::Postgres && makes_database(scene) => (name.clone(), ALONE.to_owned()),
        Action::CreateSchema { schema: name } | Action::AddEnumValue { value: name, .. } => (name.clone(), write("IF NOT EXISTS")),
        Action::CreateTrigger { trigger, .. } => {
            (trigger.clone(), write(if scene.is_mysql() { "IF NOT EXISTS" } else { "CREATE OR REPLACE TRIGGER" }))
        }
        Action::AddColumn { column, .. } => (column.name.clone(), part("IF NOT EXISTS")),
        Action::CreateIndex(index) if index.concurrently => {
            let name = index.name.clone()?;
            let help = format!("write before it: DROP INDEX CONCURRENTLY IF EXISTS {};", dialect.name(&index.table.sibling(&name)));
            (name, help)
        }
        Action::CreateIndex(index) => (index.name.clone()?, part("IF NOT EXISTS")),
        Action::AddConstraint { table, constraint } => {
            let name = constraint.name.clone()?;
            let help = format!("write before it: ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};", dialect.name(table), dialect.quote(&name));
            // With the constraint its index would go.
            (name, if scene.is_mysql() || is_made_of_index(&constraint.kind) { ALONE.to_owned() } else { help })
        }
        Action::CreateEnum { name, .. } | Action::CreateDomain { name, .. } => (name.to_string(), ALONE.to_owned()),
        Action::RenameTable { from, .. } | Action::RenameIndex { index: from, .. } => {
            return Some((format!("{from} is gone already"), ALONE.to_owned()));
        }
        Action::AttachPartition { partition, .. } => return Some((format!("{partition} is a partition already"), ALONE.to_owned())),
        Action::DetachPartition { partition, .. } => return Some((format!("{partition} is no partition any more"), ALONE.to_owned())),
        Action::RenameColumn { from, .. } | Action::RenameSchema { from, .. } => return Some((format!("{from} is gone already"), ALONE.to_owned())),
        _ => {
            return gone(action)
                .map(|(name, is_whole)| (format!("{name} is gone already"), if is_whole { write("IF EXISTS") } else { part("IF EXISTS") }));
        }
    };
    Some((format!("{name} is there already"), help))
}

fn makes_database(scene: &Scene<'_>) -> bool {
    Cursor::new(scene.kind, &scene.statement().text).sees(&["CREATE", "DATABASE"])
}

fn is_made_of_index(kind: &ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::PrimaryKey { using_index: Some(_), .. } | ConstraintKind::Unique { using_index: Some(_), .. })
}

/// What is gone when the action was done already, and whether it is more than a part of a table.
fn gone(action: &Action) -> Option<(String, bool)> {
    match action {
        Action::DropTable { table: name, .. } | Action::DropSequence { sequence: name } | Action::DropRoutine { name } => {
            Some((name.to_string(), true))
        }
        Action::DropSchema { schema: name } | Action::DropTrigger { trigger: name, .. } => Some((name.clone(), true)),
        Action::DropColumn { column: name, .. } | Action::DropConstraint { name: Some(name), .. } => Some((name.clone(), false)),
        Action::DropIndex { index, .. } => Some((index.to_string(), false)),
        _ => None,
    }
}

/// True where a statement before it drops what a first run has made.
fn is_cleared(scene: &Scene<'_>, action: &Action) -> bool {
    scene.actions_before().any(|before| match (before, action) {
        (Action::DropTable { table, .. }, Action::CreateTable(def)) => def.name.as_ref() == Some(table),
        (Action::DropIndex { index: dropped, .. }, Action::CreateIndex(index)) => index.name.as_ref() == Some(&dropped.name),
        (Action::DropSchema { schema: dropped }, Action::CreateSchema { schema }) => dropped == schema,
        (Action::DropSequence { sequence: dropped }, Action::CreateSequence { sequence }) => dropped == sequence,
        (Action::DropTrigger { trigger: dropped, .. }, Action::CreateTrigger { trigger, .. }) => dropped == trigger,
        (Action::DropConstraint { name: Some(dropped), .. }, Action::AddConstraint { constraint, .. }) => constraint.name.as_ref() == Some(dropped),
        _ => false,
    })
}

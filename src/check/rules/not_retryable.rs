//! A script that fails when it is run a second time.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "not-retryable",
    level: Level::Off,
    engines: SERVERS,
    summary: "a statement outside a transaction fails when it is run a second time",
    why: "What stands outside a transaction stays done where a statement behind it fails, or the connection is lost. A runner that begins anew \
          with the script then fails at what is there already, or is gone already. On MySQL and MariaDB every change of the schema stands outside. \
          dbtool notes what it has done and goes on behind it; other runners do not.",
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
        Example::mysql("CREATE TABLE t (a int, b int);", "ALTER TABLE t ADD COLUMN b int;").seen(Seen::Fails("duplicate column")),
        Example::mysql("", "DROP TABLE t;").seen(Seen::Fails("unknown table")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; DROP TABLE t;"),
        Example::postgres("CREATE TABLE t (a int);", "DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; SELECT 1; COMMIT; ALTER TABLE t ADD COLUMN IF NOT EXISTS b int;"),
        Example::mysql("", "DROP TABLE IF EXISTS t; CREATE TABLE t (a int);"),
    ],
};

const ALONE: &str = "give it a script of its own, so that nothing stands before it that a second run would have to repeat";

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    if statement.transaction.is_some() && !scene.kind.dialect().runs_alone(&statement.text) {
        return;
    }
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

/// Why the action fails when it was done already, and what to write.
fn again(scene: &Scene<'_>, action: &Action) -> Option<(String, String)> {
    let dialect = scene.kind.dialect();
    let write = |words: &str| format!("write {words}");
    // MySQL itself knows IF EXISTS and IF NOT EXISTS of whole tables, schemas, routines and triggers only.
    let part = |words: &str| if scene.is_mysql() { ALONE.to_owned() } else { write(words) };
    let (name, help) = match action {
        Action::CreateTable(def) if !def.temporary => (def.name.as_ref()?.to_string(), write("IF NOT EXISTS")),
        Action::CreateSequence { sequence: name } => (name.to_string(), write("IF NOT EXISTS")),
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
            (name, if scene.is_mysql() { ALONE.to_owned() } else { help })
        }
        Action::CreateEnum { name, .. } | Action::CreateDomain { name, .. } => (name.to_string(), ALONE.to_owned()),
        Action::RenameTable { from, .. } | Action::RenameIndex { index: from, .. } => {
            return Some((format!("{from} is gone already"), ALONE.to_owned()));
        }
        Action::RenameColumn { from, .. } | Action::RenameSchema { from, .. } => return Some((format!("{from} is gone already"), ALONE.to_owned())),
        _ => {
            return gone(action)
                .map(|(name, is_whole)| (format!("{name} is gone already"), if is_whole { write("IF EXISTS") } else { part("IF EXISTS") }));
        }
    };
    Some((format!("{name} is there already"), help))
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
        (Action::DropTrigger { trigger: dropped, .. }, Action::CreateTrigger { trigger, .. }) => dropped == trigger,
        (Action::DropConstraint { name: Some(dropped), .. }, Action::AddConstraint { constraint, .. }) => constraint.name.as_ref() == Some(dropped),
        _ => false,
    })
}

//! A script waits for locks without a limit.

use std::iter;
use std::ops::Range;

use super::authorization_change::is_made;
use super::domain_constraint_not_valid::domain_read;
use super::statements_under_exclusive_lock::locked;
use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, ConstraintKind, Cursor, TableDef};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "lock-timeout-missing",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a script changes an existing table, view or sequence and sets no lock_timeout",
    why: "A statement that needs a strong lock waits for every query of the table that already runs, and all queries that come after it wait \
          behind it: one long report and a change that takes a millisecond can stop an application for as long as the report runs. With \
          lock_timeout the statement gives up and can be tried again. A new table waits as well for those that its foreign keys point at, and for \
          the one of which it is a partition. `dbtool upgrade` sets lock_timeout for its session itself and tries again, \
          so it matters where the script is run by hand or by another tool.",
    instead: "write SET lock_timeout = '2s'; at the beginning of the script, and SET lock_timeout = 0; before a CONCURRENTLY statement, which has \
              to wait",
    sources: &["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
    known_as: &["squawk require-lock-timeout", "squawk require-timeout-settings", "eugene E9"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; SELECT 1; CREATE INDEX i ON t (a); SET LOCAL lock_timeout = '1s'; COMMIT;"),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (id int, p_id int REFERENCES p);")
            .seen(Seen::Locks("p", "ShareRowExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a);", "CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX INDEX i;").seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE TABLE t (a int);", "CREATE POLICY p ON t USING (a > 0);").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d);", "ALTER DOMAIN d SET NOT NULL;").seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE SCHEMA s; CREATE TABLE s.t (a int);", "DROP SCHEMA s CASCADE;"),
        Example::postgres("CREATE SEQUENCE q;", "ALTER SEQUENCE q RESTART WITH 7;").seen(Seen::Locks("q", "ShareRowExclusiveLock")),
        Example::postgres("CREATE VIEW v AS SELECT 1 AS a;", "ALTER VIEW v RENAME COLUMN a TO b;").seen(Seen::Locks("v", "AccessExclusiveLock")),
        // What is set for a function, a role or a database is not set for this session.
        Example::postgres(
            "CREATE TABLE t (a int);",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET lock_timeout = '2s' AS 'SELECT 1'; ALTER TABLE t ADD COLUMN b int;",
        )
        .seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "SET lock_timeout = '2s'; ALTER TABLE t ADD COLUMN b int;"),
        Example::postgres("CREATE TABLE t (a int);", "SELECT set_config('lock_timeout', '2s', false); DROP TABLE t;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int; CREATE INDEX i ON t (a); DROP INDEX i;"),
        Example::postgres("", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int, p_id int REFERENCES p, t_id int); REINDEX TABLE t;"),
        Example::postgres("", "CREATE SEQUENCE q; ALTER SEQUENCE q RESTART WITH 7; CREATE VIEW v AS SELECT 1 AS a; DROP VIEW v;"),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d);", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN;\n-- dbtool: step \"add t.b\"\nALTER TABLE t ADD COLUMN b int;\nCOMMIT;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some((table, span)) = first_without(scene, "lock_timeout") else { return };
    let draft = found.add(span, format!("this waits for {table} without a limit, and whoever comes after it waits behind it"));
    // What is done concurrently must wait longer, and leaves an invalid index behind where it gives up.
    let is_concurrent = scene.script.statements.iter().any(|statement| mentions(&statement.text, "concurrently"));
    if !is_concurrent {
        draft.fix(set_first(scene, "SET lock_timeout = '2s';\n\n"));
    }
}

/// The first of the script's actions that waits for a lock on what others use: for what it waits, and its place. Nothing where a statement
/// before sets the variable.
pub(super) fn first_without<'a>(scene: &Scene<'a>, variable: &str) -> Option<(Name, &'a Range<usize>)> {
    let change = first_change(scene)?;
    let is_later = (0..scene.at).any(|at| first_change(&Scene { at, ..*scene }).is_some());
    // A script that dbtool has made is made for dbtool.
    let is_generated = || scene.script.source.text.contains("-- dbtool: step ");
    (!is_later && !is_generated() && !scene.has_set(variable)).then_some(change)
}

fn first_change<'a>(scene: &Scene<'a>) -> Option<(Name, &'a Range<usize>)> {
    let existing = |action: &Action| waits_for(scene, action).into_iter().find(|it| !scene.is_new(it) && !is_made(scene, it));
    scene.acts().find_map(|(action, span)| Some((existing(action)?, span)))
}

/// What an action locks, so that others can no longer write to it, or read it. An index stands for its table where that is unknown.
fn waits_for(scene: &Scene<'_>, action: &Action) -> Vec<Name> {
    if let Some(domain) = domain_read(scene, action) {
        return tables(scene, |_, facts| facts.columns.iter().any(|it| it.ty.trim_start_matches("public.") == domain.to_string()));
    }
    match action {
        Action::CreateTable(def) => pointed_at(def),
        Action::AddConstraint { table, constraint } => match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => vec![table.clone(), reference.table.clone()],
            _ => vec![table.clone()],
        },
        Action::AddColumn { table, column, .. } => iter::once(table).chain(column.references.iter().map(|it| &it.table)).cloned().collect(),
        Action::CreateTrigger { table, .. } => vec![table.clone()],
        Action::TableOther { table, what } if mentions(what, "enable") || mentions(what, "disable") => vec![table.clone()],
        Action::CreateIndex(index) if !index.concurrently => vec![index.table.clone()],
        Action::DropIndex { index, concurrently: false, .. } => vec![table_of(scene, &index.name).unwrap_or_else(|| index.clone())],
        Action::Reindex { what, concurrently: false } => reindexed(scene, what),
        Action::DropSchema { schema } => in_schema(scene, schema),
        Action::DropSequence { sequence } => vec![sequence.clone()],
        Action::Authorize { what } | Action::Other { what } => other(scene, what),
        _ => locked(action).into_iter().cloned().collect(),
    }
}

/// The tables that the foreign keys of a new one point at, and the one of which it is a partition.
fn pointed_at(def: &TableDef) -> Vec<Name> {
    let of_columns = def.columns.iter().filter_map(|column| column.references.as_ref());
    let of_table = def.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::ForeignKey { reference, .. } => Some(reference),
        _ => None,
    });
    // INHERITS keeps nobody from the parent.
    let parent = def.parent.iter().filter(|_| def.is_partition);
    let others = parent.chain(of_columns.chain(of_table).map(|it| &it.table));
    others.filter(|it| def.name.as_ref() != Some(*it)).cloned().collect()
}

fn tables(scene: &Scene<'_>, is_it: impl Fn(&str, &TableFacts) -> bool) -> Vec<Name> {
    scene.catalog.tables().filter(|(name, facts)| is_it(name, facts)).map(|(name, _)| Name::new(name)).collect()
}

fn in_schema(scene: &Scene<'_>, schema: &str) -> Vec<Name> {
    tables(scene, |name, _| name.strip_prefix(schema).is_some_and(|rest| rest.starts_with('.')))
}

fn table_of(scene: &Scene<'_>, index: &str) -> Option<Name> {
    scene.catalog.index(None, index).map(|(_, index)| index.table.clone())
}

/// The tables whose indexes REINDEX builds anew: `what` is its word and the name behind it.
fn reindexed(scene: &Scene<'_>, what: &str) -> Vec<Name> {
    match what.split_once(' ') {
        Some(("SCHEMA", schema)) => in_schema(scene, schema),
        Some(("INDEX", index)) => vec![table_of(scene, index.rsplit('.').next().unwrap_or(index)).unwrap_or_else(|| Name::new(index))],
        Some(("TABLE", table)) => vec![Name::new(table)],
        _ => Vec::new(),
    }
}

/// Policies and rules lock their table; views and sequences are locked as tables are.
fn other(scene: &Scene<'_>, what: &str) -> Vec<Name> {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    match what {
        "CREATE POLICY" | "ALTER POLICY" | "DROP POLICY" | "DROP RULE" => cursor.until(&["ON"]),
        "ALTER VIEW" | "DROP VIEW" | "ALTER MATERIALIZED" | "DROP MATERIALIZED" | "REFRESH" => cursor.until(&["VIEW"]),
        "ALTER SEQUENCE" => cursor.until(&["SEQUENCE"]),
        _ => return Vec::new(),
    };
    cursor.step();
    cursor.eat(&["IF", "EXISTS"]);
    // REFRESH ... CONCURRENTLY lets others read.
    if cursor.sees(&["CONCURRENTLY"]) { Vec::new() } else { cursor.names() }
}

/// Puts a SET before everything, also before what is said of the first statement in comments, but behind the header.
pub(super) fn set_first(scene: &Scene<'_>, set: &str) -> Fix {
    let at = scene.script.statements.first().map_or(0, |statement| statement.lead);
    Fix::Insert { at, text: set.to_owned() }
}

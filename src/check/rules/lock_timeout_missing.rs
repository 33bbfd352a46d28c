//! A script waits for locks without a limit.

use std::ops::Range;

use super::statements_under_exclusive_lock::locked;
use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "lock-timeout-missing",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a script changes an existing table and sets no lock_timeout",
    why: "A statement that needs a strong lock waits for every query of the table that already runs, and all queries that come after it wait \
          behind it: one long report and a change that takes a millisecond can stop an application for as long as the report runs. With \
          lock_timeout the statement gives up and can be tried again. `dbtool upgrade` sets lock_timeout for its session itself and tries again, \
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
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "SET lock_timeout = '2s'; ALTER TABLE t ADD COLUMN b int;"),
        Example::postgres("CREATE TABLE t (a int);", "SELECT set_config('lock_timeout', '2s', false); DROP TABLE t;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int; CREATE INDEX i ON t (a); DROP INDEX i;"),
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

/// The table and the place of the first action of the script that waits for a lock on an existing table, where no statement before sets the variable.
pub(super) fn first_without<'a>(scene: &Scene<'a>, variable: &str) -> Option<(&'a Name, &'a Range<usize>)> {
    let change = first_change(scene)?;
    let is_later = (0..scene.at).any(|at| first_change(&Scene { at, ..*scene }).is_some());
    // A script that dbtool has made is made for dbtool.
    let is_generated = || scene.script.source.text.contains("-- dbtool: step ");
    let is_set = || scene.before().iter().any(|statement| mentions(&statement.text, variable));
    (!is_later && !is_generated() && !is_set()).then_some(change)
}

fn first_change<'a>(scene: &Scene<'a>) -> Option<(&'a Name, &'a Range<usize>)> {
    let existing = |action: &'a Action| waits_for(scene, action).into_iter().find(|table| !scene.is_new(table));
    scene.acts().find_map(|(action, span)| Some((existing(action)?, span)))
}

/// The tables that an action locks, so that others can no longer write to them, or read them. An index stands for its table where that is unknown.
fn waits_for<'a>(scene: &Scene<'a>, action: &'a Action) -> Vec<&'a Name> {
    match action {
        Action::AddConstraint { table, .. } | Action::CreateTrigger { table, .. } => vec![table],
        Action::TableOther { table, what } if mentions(what, "enable") || mentions(what, "disable") => vec![table],
        Action::CreateIndex(index) if !index.concurrently => vec![&index.table],
        Action::DropIndex { index, concurrently: false, .. } => vec![scene.catalog.index(None, &index.name).map_or(index, |(_, index)| &index.table)],
        _ => locked(action),
    }
}

/// Puts a SET before everything, also before what is said of the first statement in comments, but behind the header.
pub(super) fn set_first(scene: &Scene<'_>, set: &str) -> Fix {
    let offset = scene.script.statements.first().map_or(0, |statement| statement.offset);
    let head = scene.script.source.text.get(..offset).unwrap_or_default();
    let said = head.match_indices("-- dbtool: ").map(|(at, _)| at).find(|at| !head[*at..].starts_with("-- dbtool: revision"));
    Fix::Insert { at: said.unwrap_or(offset), text: set.to_owned() }
}

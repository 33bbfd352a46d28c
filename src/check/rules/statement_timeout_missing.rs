//! A script may keep a table locked without a limit.

use super::lock_timeout_missing::{first_without, set_first};
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "statement-timeout-missing",
    level: Level::Off,
    engines: POSTGRES,
    summary: "a script changes an existing table, view or sequence and sets no statement_timeout",
    why: "A change that was meant to be quick and looks at every row after all keeps the table locked until it is done. With statement_timeout the \
          server breaks it off. `dbtool upgrade` sets it for its session where `statement_timeout` stands in the `[upgrade]` table of dbtool.toml, \
          and lifts it for CONCURRENTLY statements, so it matters where that is not set, or the script is run by hand or by another tool.",
    instead: "write SET statement_timeout = '30s'; at the beginning of the script, and SET statement_timeout = 0; before what has to take long",
    sources: &["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT"],
    known_as: &["squawk require-statement-timeout", "squawk require-timeout-settings"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "SET lock_timeout = '2s'; TRUNCATE t;").seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "SET statement_timeout = '30s'; ALTER TABLE t ADD COLUMN b int;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int;"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN;\n-- dbtool: step \"add t.b\"\nALTER TABLE t ADD COLUMN b int;\nCOMMIT;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some((table, span)) = first_without(scene, "statement_timeout") else { return };
    let draft = found.add(span, format!("{table} stays locked for as long as this takes, without a limit"));
    let takes_long = |action: &Action| {
        let changes_rows = matches!(action, Action::Update(_) | Action::Delete(_) | Action::Insert { from_query: true, .. });
        let builds = matches!(action, Action::CreateIndex(_) | Action::Reindex { .. } | Action::Rewrite { .. });
        changes_rows || builds || matches!(action, Action::ValidateConstraint { .. } | Action::Opaque { .. })
    };
    // What has to take long would be broken off.
    let is_long = scene.script.statements.iter().any(|statement| statement.does(takes_long) || mentions(&statement.text, "concurrently"));
    if !is_long {
        draft.fix(set_first(scene, "SET statement_timeout = '30s';\n\n"));
    }
}

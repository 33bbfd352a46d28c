//! Rows are changed whose table has triggers.

use super::unbatched_change::{changed, is_of_few_rows};
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "backfill-fires-triggers",
    level: Level::Note,
    engines: ALL,
    summary: "rows are changed of a table that has triggers",
    why: "A trigger cannot tell a migration from the application: what it does for an UPDATE or DELETE it does for each row that the migration \
          changes. Times of the last change move, a log gets as many entries as there are rows, and the statement takes that much longer.",
    instead: "make sure that the triggers may fire; else drop them before and make them again behind, or let their condition spare the statement",
    sources: &[
        "https://www.postgresql.org/docs/current/trigger-definition.html",
        "https://dev.mysql.com/doc/refman/8.4/en/triggers.html",
        "https://www.sqlite.org/lang_createtrigger.html",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); CREATE TABLE log (a int); CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO \
             log VALUES (new.a); END;",
            "UPDATE t SET a = 0;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM log", "2")),
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); CREATE TABLE log (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql \
             AS $$ BEGIN INSERT INTO log VALUES (OLD.a); RETURN OLD; END $$; CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();",
            "DELETE FROM t;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM log", "2")),
        Example::mysql(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); CREATE TABLE log (a int); CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW \
             INSERT INTO log VALUES (NEW.a);",
            "UPDATE t SET a = 0;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM log", "2")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.a); END;",
            "DROP TRIGGER g; UPDATE t SET a = 0; UPDATE log SET a = 0;",
        ),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "CREATE TRIGGER dbtool_fill_t_b BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1; UPDATE t SET a = 0;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER g BEFORE \
             UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
            "ALTER TABLE t DISABLE TRIGGER USER; UPDATE t SET a = 0; ALTER TABLE t ENABLE TRIGGER USER;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some((table, dml, span)) = changed(scene) else { return };
    let Some(facts) = scene.table(&table) else { return };
    if is_of_few_rows(scene, &table, dml) || is_muted(scene) {
        return;
    }
    // What the script itself makes is made for this.
    let is_new = |trigger: &str| scene.actions_before().any(|action| matches!(action, Action::CreateTrigger { trigger: it, .. } if it == trigger));
    let triggers: Vec<&str> =
        facts.triggers.iter().map(String::as_str).filter(|trigger| !trigger.starts_with("dbtool_") && !is_new(trigger)).collect();
    if !triggers.is_empty() {
        found.add(span, format!("the triggers of {table} fire for each row, where they are about this: {}", triggers.join(", ")));
    }
}

/// True where PostgreSQL's triggers are switched off before.
fn is_muted(scene: &Scene<'_>) -> bool {
    let is_off = |action: &Action| matches!(action, Action::TableOther { what, .. } if what.to_ascii_uppercase().starts_with("DISABLE TRIGGER"));
    scene.has_set("session_replication_role") || scene.actions_before().any(is_off)
}

//! A rebuild leaves out indexes or triggers that the old table had.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, IndexDef};
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "rebuild-loses-objects",
    level: Level::Warning,
    engines: SQLITE,
    summary: "a table is made anew without an index or trigger that it had",
    why: "DROP TABLE takes the indexes and triggers of the table with it, and the table that takes its name has only those that the script makes \
          again. Nothing fails: queries get slow, a unique index no longer keeps repeated rows out, and what a trigger did is not done any more.",
    instead: "make them again behind ALTER TABLE ... RENAME; where one is to go, say so with DROP INDEX or DROP TRIGGER before DROP TABLE",
    sources: &["https://www.sqlite.org/lang_droptable.html", "https://www.sqlite.org/lang_altertable.html#otheralter"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX i ON t (a);",
            "CREATE TABLE n (a text, b int); INSERT INTO n SELECT a, b FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM sqlite_master WHERE type = 'index'", "0")),
        Example::sqlite(
            "CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a < 0; END;",
            "CREATE TABLE n (a int, b int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'", "0")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a < 0; END;",
            "CREATE TABLE n (a int, b int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX I ON t (a); \
             CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a < 0; END;",
        ),
        // Under another name, as part of a key, on a column that goes, and dropped on purpose.
        Example::sqlite(
            "CREATE TABLE t (a int, b int, c int, d int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b); CREATE INDEX k ON t (c); CREATE INDEX l \
             ON t (d);",
            "DROP INDEX l; CREATE TABLE n (a int, b int UNIQUE, d int); CREATE INDEX i2 ON n (a); INSERT INTO n SELECT a, b, d FROM t; DROP TABLE \
             t; ALTER TABLE n RENAME TO t;",
        ),
        Example::sqlite("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropTable { table, .. } = action else { continue };
        let Some((passing, new)) = replacement(scene, table) else { continue };
        let Some(facts) = scene.table(table) else { continue };
        // What dbtool writes has what schema.toml declares, and what is not declared is meant to go.
        if passing.name.starts_with("dbtool_new_") {
            continue;
        }
        let indexes = facts.indexes.iter().filter(|index| !is_made_again(scene, index, table, new)).filter_map(|index| index.name.as_deref());
        let has_trigger = |name: &str| {
            scene.script.actions().any(|(_, action)| matches!(action, Action::CreateTrigger { trigger, .. } if trigger.eq_ignore_ascii_case(name)))
        };
        let triggers = facts.triggers.iter().map(String::as_str).filter(|trigger| !has_trigger(trigger));
        let lost: Vec<String> = indexes.map(|index| format!("index {index}")).chain(triggers.map(|trigger| format!("trigger {trigger}"))).collect();
        if !lost.is_empty() {
            found.add(span, format!("{} of {table} goes with the old table and is not made again", lost.join(", ")));
        }
    }
}

/// The table that takes the place of this one: its passing name, and what it has by now.
fn replacement<'a>(scene: &Scene<'a>, table: &Name) -> Option<(&'a Name, &'a TableFacts)> {
    scene.actions_before().find_map(|action| match action {
        Action::CreateTable(def) => {
            let passing = def.name.as_ref().filter(|name| scene.rebuild_of(name).is_some_and(|own| scene.catalog.is_same(own, table)))?;
            Some((passing, scene.table(passing)?))
        }
        _ => None,
    })
}

/// True where the new table has the index too, under whatever name, or a key that does the same, or lacks a column of it.
fn is_made_again(scene: &Scene<'_>, index: &IndexDef, table: &Name, new: &TableFacts) -> bool {
    let has_name = |other: &IndexDef| matches!((&other.name, &index.name), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    let is_it = |other: &IndexDef| has_name(other) || other.columns == index.columns && other.unique == index.unique;
    let later = scene
        .actions_after()
        .any(|action| matches!(action, Action::CreateIndex(other) if scene.catalog.is_same(&other.table, table) && is_it(other)));
    let columns: Vec<&String> = index.columns.iter().flatten().collect();
    let is_key = new.indexed().iter().any(|key| key.len() == columns.len() && key.iter().zip(&columns).all(|(a, b)| a.eq_ignore_ascii_case(b)));
    let is_gone = |column: &&String| !new.columns.is_empty() && new.column(column).is_none();
    later || new.indexes.iter().any(is_it) || is_key || columns.iter().any(is_gone)
}

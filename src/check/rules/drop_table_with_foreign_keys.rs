//! A table goes, and the tables that it points at stand still meanwhile.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::{Name, default_name};

pub const RULE: Rule = Rule {
    code: "drop-table-with-foreign-keys",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a table is dropped that has foreign keys to other tables, which are locked with it",
    why: "DROP TABLE takes an ACCESS EXCLUSIVE lock on the tables that the foreign keys of the table point at, too, and keeps all of them until \
          the transaction ends: nobody can read or write them. While it waits for one of them the others are locked already.",
    instead: "drop the foreign keys first, each with ALTER TABLE ... DROP CONSTRAINT in a transaction of its own, so that one other table is \
              locked at a time",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-droptable.html",
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
    ],
    known_as: &["online_migrations drop_table_multiple_foreign_keys"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p, q int REFERENCES q);",
            "DROP TABLE t;",
        )
        .seen(Seen::Locks("q", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p);", "DROP TABLE IF EXISTS t;")
            .seen(Seen::Locks("p", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p);",
            "BEGIN; ALTER TABLE t DROP CONSTRAINT t_p_fkey; COMMIT; BEGIN; DROP TABLE t; COMMIT;",
        ),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (p int REFERENCES p); DROP TABLE t;"),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p);", "DROP TABLE t, p;"),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p);", "DROP TABLE t; DROP TABLE p;"),
        Example::postgres("CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES t);", "DROP TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropTable { table, .. } = action else { continue };
        if scene.is_new(table) || scene.is_rebuilt(table) {
            continue;
        }
        let keys = keys(scene, table);
        let mut others: Vec<String> = keys.iter().map(|(_, other)| other.to_string()).collect();
        others.sort();
        others.dedup();
        if others.is_empty() {
            continue;
        }
        let dialect = scene.kind.dialect();
        let without = |(name, _): &(String, Name)| format!("ALTER TABLE {} DROP CONSTRAINT {};", dialect.name(table), dialect.quote(name));
        let drops: Vec<String> = keys.iter().map(without).collect();
        let draft =
            found.add(span, format!("{} can be neither read nor written until {table} is dropped and the transaction ends", others.join(", ")));
        draft.help(format!("write before it, in a transaction of its own each: {}", drops.join(" ")));
        // To drop the constraint locks the same table, so that little is won where there is one.
        if others.len() == 1 {
            draft.at_most(Level::Note);
        }
    }
}

/// The foreign keys of a table that point at other tables which stay: their names and the tables.
fn keys(scene: &Scene<'_>, table: &Name) -> Vec<(String, Name)> {
    let Some(facts) = scene.table(table) else { return Vec::new() };
    let of_table = facts.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { reference, .. } => Some((constraint.name.clone()?, reference.table.clone())),
        _ => None,
    });
    let named = |column: &str| default_name(&table.name, &[column], "fkey");
    let of_columns = facts.columns.iter().filter_map(|column| Some((named(&column.name), column.references.as_ref()?.table.clone())));
    let goes = |other: &Name| {
        let drops = |action: &Action| matches!(action, Action::DropTable { table, .. } if scene.catalog.is_same(table, other));
        scene.script.actions().any(|(_, action)| drops(action))
    };
    // A key that was written with its column stays in the catalog when it is dropped by its name.
    let is_dropped = |key: &str| {
        let drops = |action: &Action| matches!(action, Action::DropConstraint { name: Some(name), .. } if name == key);
        scene.actions_before().any(drops)
    };
    let counts = |(key, other): &(String, Name)| !is_dropped(key) && !scene.catalog.is_same(other, table) && !scene.is_new(other) && !goes(other);
    of_table.chain(of_columns).filter(counts).collect()
}

//! A table is dropped while rows of others hang on its rows.

use crate::check::finding::Level;
use crate::check::read::{Action, Reference};
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "rebuild-cascades",
    level: Level::Error,
    engines: SQLITE,
    summary: "a table is dropped while foreign keys are on, and takes rows of other tables with it",
    why: "Where foreign keys are on, which dbtool and most libraries see to, DROP TABLE first deletes all rows of the table as DELETE would, with \
          what ON DELETE says: the rows that point at it by CASCADE go, SET NULL and SET DEFAULT make them point elsewhere. In a rebuild the table \
          is there again a moment later, those rows are not. PRAGMA defer_foreign_keys does not help, nor does PRAGMA foreign_keys inside the \
          transaction.",
    instead: "write PRAGMA foreign_keys = OFF before BEGIN and PRAGMA foreign_keys = ON behind COMMIT, and look at PRAGMA foreign_key_check before \
              COMMIT",
    sources: &["https://www.sqlite.org/foreignkeys.html#fk_schemacommands", "https://www.sqlite.org/lang_altertable.html#otheralter"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite(
            "PRAGMA foreign_keys = ON; CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p ON DELETE CASCADE); \
             INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);",
            "BEGIN; PRAGMA foreign_keys = OFF; CREATE TABLE n (id integer PRIMARY KEY, a int); INSERT INTO n (id) SELECT id FROM p; DROP TABLE p; \
             ALTER TABLE n RENAME TO p; COMMIT;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM c", "0")),
        Example::sqlite(
            "PRAGMA foreign_keys = ON; CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (a int, p_id integer, FOREIGN KEY (p_id) REFERENCES \
             p (id) ON DELETE SET NULL); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1);",
            "DROP TABLE p;",
        )
        .seen(Seen::Shows("SELECT count(*), count(p_id) FROM c", "1|0")),
        Example::sqlite(
            "PRAGMA foreign_keys = ON; CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t ON DELETE CASCADE); INSERT INTO t VALUES (1, \
             NULL), (2, 1);",
            "CREATE TABLE n (id integer PRIMARY KEY, up integer REFERENCES t ON DELETE CASCADE); INSERT INTO n SELECT id, up FROM t; DROP TABLE t; \
             ALTER TABLE n RENAME TO t;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM t", "1")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p ON DELETE CASCADE);",
            "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE n (id integer PRIMARY KEY, a int); INSERT INTO n (id) SELECT id FROM p; DROP TABLE p; \
             ALTER TABLE n RENAME TO p; COMMIT; PRAGMA foreign_keys = ON;",
        ),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p ON DELETE CASCADE);",
            "DROP TABLE c; DROP TABLE p;",
        ),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p ON DELETE CASCADE);",
            "DROP TABLE p; DROP TABLE c;",
        ),
        Example::sqlite("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p);", "DROP TABLE p;"),
        Example::sqlite("", "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p ON DELETE CASCADE); DROP TABLE p;"),
        Example::sqlite("CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t ON DELETE CASCADE);", "DROP TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropTable { table, .. } = action else { continue };
        if scene.is_new(table) || are_off(scene.before()) {
            continue;
        }
        let children: Vec<String> = scene
            .catalog
            .tables()
            .filter_map(|(name, facts)| {
                let child = Name::new(name);
                let mut words = facts.foreign_keys().into_iter().filter_map(|(_, reference)| changes_rows(scene, &reference, table));
                words.next().filter(|_| has_rows(scene, &child, table)).map(|word| format!("{name} ({word})"))
            })
            .collect();
        if !children.is_empty() {
            let message = format!(
                "foreign keys are on, so that this deletes the rows of {table} one by one, with what that does to rows of {}",
                children.join(", ")
            );
            found.add(span, message);
        }
    }
}

/// True where the last word on foreign keys outside of transactions is that they are off.
fn are_off(before: &[ReadStatement]) -> bool {
    let word = |statement: &ReadStatement| {
        statement.reading.acts.iter().find_map(|act| match &act.action {
            Action::Pragma { name, value: Some(value) } if name == "foreign_keys" => {
                Some(["off", "0", "no", "false"].contains(&value.trim_matches(['\'', '"'])))
            }
            _ => None,
        })
    };
    before.iter().rev().filter(|statement| statement.transaction.is_none()).find_map(word).unwrap_or(false)
}

/// What happens to rows that point at the table when those are deleted, where something does.
fn changes_rows(scene: &Scene<'_>, reference: &Reference, table: &Name) -> Option<String> {
    let word = reference.on_delete.clone().filter(|word| ["CASCADE", "SET NULL", "SET DEFAULT"].contains(&word.as_str()));
    word.filter(|_| scene.catalog.is_same(&reference.table, table))
}

/// True where a table has rows that count: not where the script has only just made it, unless as a copy of the dropped one, nor where it goes
/// too.
fn has_rows(scene: &Scene<'_>, child: &Name, table: &Name) -> bool {
    let goes = scene.actions_after().any(|action| matches!(action, Action::DropTable { table, .. } if scene.catalog.is_same(table, child)));
    let is_copy = scene.rebuild_of(child).is_some_and(|own| scene.catalog.is_same(own, table));
    !scene.catalog.is_same(child, table) && (is_copy || !scene.is_new(child) && (!goes || scene.is_rebuilt(child)))
}

//! A table is made anew by renaming the old one away first.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "rebuild-renames-old",
    level: Level::Error,
    engines: SQLITE,
    summary: "a table is renamed away so that another takes its name, and what refers to it follows the old one",
    why: "ALTER TABLE ... RENAME carries the new name into the foreign keys of other tables, into views and into triggers. A table that is made \
          afterwards under the old name is nothing to them: they go on with the old table, and where that is dropped every INSERT into a child \
          fails with \"no such table\", as do the views. Only with PRAGMA legacy_alter_table = ON and PRAGMA foreign_keys = OFF together they stay \
          as they are.",
    instead: "make the new table under a passing name, copy the rows, drop the old one, and rename the new one last: nothing refers to its passing \
              name",
    sources: &["https://www.sqlite.org/lang_altertable.html#alter_table_rename", "https://www.sqlite.org/lang_altertable.html#otheralter"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p (id));",
            "PRAGMA foreign_keys = OFF; BEGIN; ALTER TABLE p RENAME TO p_old; CREATE TABLE p (id integer PRIMARY KEY, a int); INSERT INTO p (id) \
             SELECT id FROM p_old; DROP TABLE p_old; COMMIT;",
        )
        .seen(Seen::Shows("SELECT \"table\" FROM pragma_foreign_key_list('c')", "p_old")),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE VIEW v AS SELECT id FROM p;",
            "CREATE TABLE n (id integer PRIMARY KEY); INSERT INTO n SELECT id FROM p; ALTER TABLE p RENAME TO p_old; ALTER TABLE n RENAME TO p;",
        )
        .seen(Seen::Shows("SELECT sql FROM sqlite_master WHERE name = 'v'", "CREATE VIEW v AS SELECT id FROM \"p_old\"")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p (id));",
            "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE n (id integer PRIMARY KEY, a int); INSERT INTO n (id) SELECT id FROM p; DROP TABLE p; \
             ALTER TABLE n RENAME TO p; COMMIT;",
        ),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p (id));",
            "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN; ALTER TABLE p RENAME TO p_old; CREATE TABLE p (id integer PRIMARY \
             KEY); DROP TABLE p_old; COMMIT;",
        ),
        Example::sqlite("CREATE TABLE p (id integer PRIMARY KEY);", "ALTER TABLE p RENAME TO q;"),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p);",
            "ALTER TABLE p RENAME TO q; CREATE TABLE p (a text PRIMARY KEY);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::RenameTable { from, to } = action else { continue };
        let is_it = |name: &Name| scene.catalog.is_same(name, from);
        let takes_name = |action: &Action| match action {
            Action::CreateTable(def) => def.name.as_ref().is_some_and(is_it),
            Action::RenameTable { to, .. } => is_it(to),
            _ => false,
        };
        if scene.is_new(from) || !scene.actions_after().any(takes_name) || !is_replaced(scene, from, to) || is_legacy(scene) {
            continue;
        }
        let names = scene
            .catalog
            .tables()
            .filter(|(_, facts)| facts.foreign_keys().iter().any(|(_, reference)| is_it(&reference.table)))
            .map(|(name, _)| name);
        let children: Vec<&str> = names.filter(|name| stays(scene, &Name::new(*name)) && !is_it(&Name::new(*name))).collect();
        if children.is_empty() {
            found
                .add(span, format!("views and triggers that read {from} read {to} from now on, not the table that takes its name"))
                .at_most(Level::Note);
        } else {
            found.add(
                span,
                format!("the foreign keys of {} point at {to} from now on, not at the table that takes the name {from}", children.join(", ")),
            );
        }
    }
}

/// True where the old table goes, or its rows are copied: a table of another purpose may well take its name.
fn is_replaced(scene: &Scene<'_>, from: &Name, to: &Name) -> bool {
    let copies = |statement: &ReadStatement, table: &Name| {
        let reads = |action: &Action| match action {
            Action::Insert { from_query, .. } => *from_query,
            Action::CreateTable(def) => def.from_query,
            _ => false,
        };
        statement.does(reads) && mentions(&statement.text, &table.name)
    };
    let goes = scene.actions_after().any(|action| matches!(action, Action::DropTable { table, .. } if scene.catalog.is_same(table, to)));
    goes || scene.before().iter().any(|it| copies(it, from)) || scene.after().iter().any(|it| copies(it, to))
}

/// True for a table that was there before the script and that it does not make anew.
fn stays(scene: &Scene<'_>, child: &Name) -> bool {
    let goes = |action: &Action| match action {
        Action::DropTable { table, .. } | Action::RenameTable { from: table, .. } => scene.catalog.is_same(table, child),
        _ => false,
    };
    !scene.is_new(child) && !scene.actions_after().any(goes)
}

/// True where both pragmas are set with which a rename leaves all else alone.
fn is_legacy(scene: &Scene<'_>) -> bool {
    let last = |wanted: &str| {
        let values = scene.actions_before().filter_map(|action| match action {
            Action::Pragma { name, value: Some(value) } if name == wanted => Some(value.as_str()),
            _ => None,
        });
        values.last()
    };
    matches!(last("legacy_alter_table"), Some("on" | "1" | "yes" | "true")) && matches!(last("foreign_keys"), Some("off" | "0" | "no" | "false"))
}

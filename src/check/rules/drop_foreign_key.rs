//! A foreign key goes, and nothing keeps rows from pointing nowhere.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, ConstraintWord, Reference};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::{Name, default_name};

pub const RULE: Rule = Rule {
    code: "drop-foreign-key",
    level: Level::Note,
    engines: ALL,
    summary: "a foreign key is dropped and not added again",
    why: "From then on rows may point at rows that do not exist, and what ON DELETE did no longer happens; before the key can be added again \
          every such row has to be mended. To drop it PostgreSQL locks both tables, so that nobody can read either until the transaction ends. On \
          SQLite a rebuild drops a key that the new table lacks.",
    instead: "to change a key, add the other one in the same script; else say what keeps the rows right from now on: -- dbtool: allow \
              drop-foreign-key reason=\"...\"",
    sources: &[
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        "https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html",
        "https://www.sqlite.org/foreignkeys.html",
    ],
    known_as: &["Atlas CD101"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p_id integer REFERENCES p (id));",
            "CREATE TABLE n (id integer PRIMARY KEY, p_id integer); INSERT INTO n SELECT id, p_id FROM c; DROP TABLE c; ALTER TABLE n RENAME TO c;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM pragma_foreign_key_list('c')", "0")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int, CONSTRAINT c_to_p FOREIGN KEY (p_id) REFERENCES p);",
            "ALTER TABLE c DROP CONSTRAINT c_to_p;",
        )
        .seen(Seen::Locks("p", "AccessExclusiveLock")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);",
            "ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;",
        ),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));",
            "ALTER TABLE c DROP FOREIGN KEY f; INSERT INTO c VALUES (7);",
        )
        .seen(Seen::Shows("SELECT p_id FROM c", "7")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);",
            "ALTER TABLE c ADD CONSTRAINT n FOREIGN KEY (p_id) REFERENCES p ON DELETE CASCADE NOT VALID; ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;",
        ),
        Example::postgres("CREATE TABLE t (a int, CONSTRAINT positive CHECK (a > 0));", "ALTER TABLE t DROP CONSTRAINT positive;"),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int, p_id int, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));",
            "ALTER TABLE c DROP FOREIGN KEY f; ALTER TABLE c DROP COLUMN p_id;",
        ),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p (id));",
            "CREATE TABLE n (p_id bigint, FOREIGN KEY (P_ID) REFERENCES p); INSERT INTO n SELECT * FROM c; DROP TABLE c; ALTER TABLE n RENAME TO c;",
        ),
    ],
};

type Key = (Vec<String>, Reference);

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::DropConstraint { table, name: Some(name), kind: kind @ (None | Some(ConstraintWord::ForeignKey)), .. }
                if !scene.is_new(table) =>
            {
                let key = known(scene, table, name);
                if kind.is_none() && key.is_none() || is_added(scene, table, name, key.as_ref()) || goes_anyway(scene, table, key.as_ref()) {
                    continue;
                }
                let target = key.map_or_else(String::new, |(_, reference)| format!(" of {}", reference.table));
                found.add(span, format!("the foreign key {name} is dropped: rows of {table} may point at rows{target} that do not exist"));
            }
            Action::RenameTable { from, to } if scene.kind == Kind::Sqlite && scene.rebuild_of(from).is_some() => {
                for (columns, reference) in lost(scene, from, to) {
                    let (columns, target) = (columns.join(", "), reference.table);
                    found.add(span, format!("the new {to} lacks the foreign key on {columns}: rows may point at rows of {target} that do not exist"));
                }
            }
            _ => {}
        }
    }
}

fn known(scene: &Scene<'_>, table: &Name, name: &str) -> Option<Key> {
    let facts = scene.table(table)?;
    let of_table = facts.constraints.iter().filter(|it| it.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)));
    let of_table = of_table.filter_map(|it| match &it.kind {
        ConstraintKind::ForeignKey { columns, reference } => Some((columns.clone(), reference.clone())),
        _ => None,
    });
    let is_its = |column: &str| scene.kind == Kind::Postgres && default_name(&table.name, &[column], "fkey") == name;
    let of_column = facts.columns.iter().filter(|column| is_its(&column.name)).filter_map(|it| Some((vec![it.name.clone()], it.references.clone()?)));
    of_table.chain(of_column).next()
}

fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// True where the script adds the key, before or behind. Of one that is not known any key of the table may be the other half.
fn is_added(scene: &Scene<'_>, table: &Name, name: &str, key: Option<&Key>) -> bool {
    scene.script.actions().any(|(_, it)| {
        let Action::AddConstraint { table: of, constraint } = it else { return false };
        let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind else { return false };
        let is_it =
            |(old, to): &Key| same(old, columns) || constraint.name.as_deref() == Some(name) || scene.catalog.is_same(&reference.table, &to.table);
        scene.catalog.is_same(of, table) && key.is_none_or(is_it)
    })
}

/// True where one of its tables or columns goes in the same script: another rule speaks of that.
fn goes_anyway(scene: &Scene<'_>, table: &Name, key: Option<&Key>) -> bool {
    let is_end = |gone: &Name| scene.catalog.is_same(gone, table) || key.is_some_and(|(_, to)| scene.catalog.is_same(gone, &to.table));
    let has = |column: &String| key.is_none_or(|(columns, _)| columns.iter().any(|it| it.eq_ignore_ascii_case(column)));
    scene.script.actions().any(|(_, it)| match it {
        Action::DropTable { table: gone, .. } => is_end(gone) && !scene.is_rebuilt(gone),
        Action::DropColumn { table: of, column, .. } => scene.catalog.is_same(of, table) && has(column),
        _ => false,
    })
}

/// The keys of the old table for which the new one has the columns, but no key on them.
fn lost(scene: &Scene<'_>, passing: &Name, own: &Name) -> Vec<Key> {
    let (Some(old), Some(new)) = (scene.dropped(own), scene.table(passing)) else { return Vec::new() };
    let kept = new.foreign_keys();
    let is_kept = |key: &Key| kept.iter().any(|(columns, _)| same(columns, &key.0)) || key.0.iter().any(|column| new.column(column).is_none());
    old.foreign_keys().into_iter().filter(|key| !is_kept(key) && !goes_anyway(scene, own, Some(key))).collect()
}

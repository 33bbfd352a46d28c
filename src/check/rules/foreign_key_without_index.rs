//! A foreign key without an index on its own side.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, Constraint, ConstraintKind, Reference};
use crate::check::rule::{Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "foreign-key-without-index",
    level: Level::Note,
    engines: &[Kind::Sqlite, Kind::Postgres],
    summary: "no index begins with the columns of a foreign key",
    why: "Neither engine makes an index for a foreign key. Whenever a row of the other table is deleted, or its key changes, the server looks for \
          rows that point at it, and without an index reads the whole table for each. Queries that join the two do the same. (MySQL makes the index \
          by itself.)",
    instead: "make an index that begins with the columns of the foreign key",
    sources: &[
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        "https://www.sqlite.org/foreignkeys.html#fk_indexes",
    ],
    known_as: &["eugene E15"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);")
            .seen(Seen::Shows("SELECT count(*) FROM pg_index WHERE indrelid = 'c'::regclass", "1")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int);",
            "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;",
        ),
        Example::sqlite("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (a int);", "ALTER TABLE c ADD COLUMN p_id integer REFERENCES p;"),
        Example::sqlite(
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));",
            "CREATE TABLE c (id integer PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b)); CREATE INDEX i ON c (a, id, b);",
        )
        .seen(Seen::Shows("SELECT count(*) FROM pragma_index_list('c')", "1")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY);",
            "CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p); CREATE INDEX i ON c (p_id, id);",
        ),
        Example::postgres(
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));",
            "CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p); ALTER TABLE c RENAME TO d; CREATE INDEX i ON d (b, a) WHERE a IS NOT \
             NULL;",
        ),
        Example::sqlite("CREATE TABLE p (id integer PRIMARY KEY);", "CREATE TABLE c (p_id integer PRIMARY KEY REFERENCES p, a int);"),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p_id integer REFERENCES p);",
            "CREATE TABLE n (p_id integer REFERENCES p, a int); INSERT INTO n (p_id) SELECT p_id FROM c; DROP TABLE c; ALTER TABLE n RENAME TO c;",
        ),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int UNIQUE);",
            "ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        for (table, columns, _) in foreign_keys(action) {
            let Some(facts) = at_end(scene, table) else { continue };
            let is_same = |other: &[String]| other.len() == columns.len() && other.iter().all(|column| has(&columns, column));
            let stays = |facts: &TableFacts| facts.foreign_keys().iter().any(|(other, _)| is_same(other));
            // A rebuild only writes down again what the table had.
            let was_there = scene.rebuild_of(table).and_then(|own| scene.table(own)).is_some_and(stays);
            if !was_there && stays(&facts) && !is_indexed(&facts, &columns) {
                let text = columns.join(", ");
                let message = format!("no index of {table} begins with {text}: whatever deletes rows it points at reads the whole table");
                let concurrently = if scene.kind == Kind::Postgres && !scene.is_new(table) && matches!(action, Action::AddConstraint { .. }) {
                    " CONCURRENTLY"
                } else {
                    ""
                };
                found.add(span, message).help(format!("CREATE INDEX{concurrently} ... ON {table} ({text})"));
            }
        }
    }
}

fn has(columns: &[String], column: &str) -> bool {
    columns.iter().any(|it| it.eq_ignore_ascii_case(column))
}

/// True where an index or key begins with the columns, in whatever order, since all of them are compared with `=`.
fn is_indexed(facts: &TableFacts, columns: &[String]) -> bool {
    let begins = |index: &[String]| index.len() >= columns.len() && index[..columns.len()].iter().all(|column| has(columns, column));
    // One over the rows that are not NULL serves too.
    let partial = facts.indexes.iter().filter(|index| index.is_partial).map(|index| index.columns.iter().map_while(Clone::clone).collect::<Vec<_>>());
    facts.indexed().into_iter().chain(partial).any(|index| begins(&index))
}

/// The foreign keys that an action makes: the table, its columns, and what they point at.
pub(super) fn foreign_keys(action: &Action) -> Vec<(&Name, Vec<String>, &Reference)> {
    match action {
        // Of what a table copies or inherits nobody knows the indexes.
        Action::CreateTable(def) if def.parent.is_none() && def.like.is_none() => {
            let Some(name) = &def.name else { return Vec::new() };
            let of_table = def.constraints.iter().filter_map(of_constraint);
            let of_columns = def.columns.iter().filter_map(|column| Some((vec![column.name.clone()], column.references.as_ref()?)));
            of_table.chain(of_columns).map(|(columns, reference)| (name, columns, reference)).collect()
        }
        Action::AddConstraint { table, constraint } => {
            of_constraint(constraint).map(|(columns, reference)| (table, columns, reference)).into_iter().collect()
        }
        Action::AddColumn { table, column, .. } => column.references.iter().map(|reference| (table, vec![column.name.clone()], reference)).collect(),
        _ => Vec::new(),
    }
}

fn of_constraint(constraint: &Constraint) -> Option<(Vec<String>, &Reference)> {
    match &constraint.kind {
        ConstraintKind::ForeignKey { columns, reference } => Some((columns.clone(), reference)),
        _ => None,
    }
}

/// A table as the script leaves it, under whatever name; `None` where it is gone by then.
pub(super) fn at_end(scene: &Scene<'_>, table: &Name) -> Option<TableFacts> {
    let (mut catalog, mut name) = (scene.catalog.clone(), table.clone());
    let statements = std::iter::once(scene.statement()).chain(scene.after());
    for act in statements.flat_map(|statement| &statement.reading.acts) {
        catalog.apply(&act.action);
        if let Action::RenameTable { from, to } = &act.action
            && catalog.is_same(from, &name)
        {
            name = to.clone();
        }
    }
    catalog.table(&name).cloned()
}

//! TRUNCATE empties tables that it does not name.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "truncate-cascade",
    level: Level::Error,
    engines: POSTGRES,
    summary: "TRUNCATE ... CASCADE empties tables that are not named",
    why: "CASCADE empties every table that points at a named one with a foreign key, and every table that points at those, whatever ON DELETE \
          says: also rows that point at nothing. A table that gets such a foreign key later is emptied with them. All of them stay under an \
          ACCESS EXCLUSIVE lock until the transaction ends.",
    instead: "name every table that is to be emptied, without CASCADE: the server then refuses where one was forgotten",
    sources: &["https://www.postgresql.org/docs/current/sql-truncate.html"],
    known_as: &["squawk ban-truncate-cascade"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p ON DELETE SET NULL); INSERT INTO c VALUES (NULL);",
            "TRUNCATE p CASCADE;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM c", "0")),
        Example::postgres(
            "CREATE TABLE c (p_id int); INSERT INTO c VALUES (NULL);",
            "CREATE TABLE p (id int PRIMARY KEY); ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id); TRUNCATE TABLE p RESTART IDENTITY CASCADE;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM c", "0")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);", "TRUNCATE p, c;"),
        Example::postgres("CREATE TABLE p (id int);", "TRUNCATE p RESTART IDENTITY RESTRICT;"),
        Example::postgres("", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p); TRUNCATE p CASCADE;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Truncate { tables, cascade: true } = action else { continue };
        let mut others = reached(scene, tables);
        others.retain(|table| !scene.is_new(table));
        if others.is_empty() && tables.iter().all(|table| scene.is_new(table)) {
            continue;
        }
        let named = list(tables);
        if others.is_empty() {
            found.add(span, format!("with {named} every table is emptied that points at it with a foreign key"));
            continue;
        }
        let all: Vec<Name> = tables.iter().chain(&others).cloned().collect();
        let all: Vec<String> = all.iter().map(|table| scene.kind.dialect().name(table)).collect();
        let draft = found.add(span, format!("with {named} the rows of {} are gone too", list(&others)));
        draft.help(format!("name what is to be emptied, without CASCADE: TRUNCATE {}", all.join(", ")));
    }
}

fn list(tables: &[Name]) -> String {
    tables.iter().map(Name::to_string).collect::<Vec<_>>().join(", ")
}

/// The tables that are known to point at these, directly or through others, without these themselves.
fn reached(scene: &Scene<'_>, named: &[Name]) -> Vec<Name> {
    let mut reached = named.to_vec();
    let mut at = 0;
    while let Some(target) = reached.get(at).cloned() {
        let points = |facts: &TableFacts| facts.foreign_keys().iter().any(|(_, reference)| scene.catalog.is_same(&reference.table, &target));
        for (key, _) in scene.catalog.tables().filter(|(_, facts)| points(facts)) {
            let table = named_by(key);
            if !reached.contains(&table) {
                reached.push(table);
            }
        }
        at += 1;
    }
    reached.split_off(named.len())
}

/// The name that the catalog keeps as one text.
fn named_by(key: &str) -> Name {
    match key.split_once('.') {
        Some((schema, name)) => Name::within(Some(schema), name),
        None => Name::new(key),
    }
}

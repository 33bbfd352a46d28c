//! A primary key that can run out of numbers.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "small-primary-key",
    level: Level::Note,
    engines: SERVERS,
    summary: "a primary key has an integer type of less than eight bytes",
    why: "integer ends at 2,147,483,647: from then on every INSERT fails. Deleted rows and transactions that were rolled back use up numbers too. \
          The change to bigint writes the whole table anew while nobody can write to it, and has to be made of every column that points at the key. \
          bigint takes four bytes more from the beginning. A key of several columns, and one that is a foreign key too, has the types of what it \
          points at and is not judged.",
    instead: "write bigint for the key and for what points at it",
    sources: &[
        "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
        "https://dev.mysql.com/doc/refman/8.4/en/integer-types.html",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
    ],
    known_as: &[
        "squawk prefer-bigint-over-int",
        "squawk prefer-bigint-over-smallint",
        "online_migrations short_primary_key_type",
        "spirit primary_key",
    ],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (id serial PRIMARY KEY); SELECT setval('t_id_seq', 2147483647); INSERT INTO t DEFAULT VALUES;")
            .seen(Seen::Fails("reached maximum value of sequence")),
        Example::postgres("", "CREATE TABLE t (id integer NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (id)); INSERT INTO t VALUES (2147483648);")
            .seen(Seen::Fails("integer out of range")),
        Example::postgres("CREATE TABLE t (id integer NOT NULL);", "ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id);"),
        Example::postgres("CREATE TABLE t (id bigint PRIMARY KEY);", "ALTER TABLE t ALTER COLUMN id TYPE int;").seen(Seen::Rewrites("t")),
        Example::mysql("", "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY); INSERT INTO t VALUES (2147483648);")
            .seen(Seen::Fails("out of range")),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN id int unsigned NOT NULL AUTO_INCREMENT, ADD PRIMARY KEY (id); INSERT INTO t (id) VALUES (4294967296);",
        )
        .seen(Seen::Fails("out of range")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int);"),
        Example::postgres("", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));"),
        Example::postgres("CREATE TABLE u (id int PRIMARY KEY);", "CREATE TABLE t (id int PRIMARY KEY REFERENCES u (id));"),
        Example::postgres(
            "CREATE TABLE u (id int PRIMARY KEY);",
            "CREATE TABLE t (id int, CONSTRAINT t_pkey PRIMARY KEY (id)); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES u (id);",
        ),
        Example::postgres("", "CREATE TABLE t (id smallint PRIMARY KEY, name text NOT NULL);"),
        Example::mysql("", "CREATE TABLE t (id serial PRIMARY KEY, a int);"),
        Example::mysql("CREATE TABLE t (id int PRIMARY KEY);", "ALTER TABLE t MODIFY id int NOT NULL AUTO_INCREMENT;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if !scene.acts().any(|(action, _)| table(action).is_some()) {
        return;
    }
    let mut catalog = scene.catalog.clone();
    for (action, span) in scene.acts() {
        let before = table(action).and_then(|table| small_key(scene.kind, catalog.table(scene.rebuild_of(table).unwrap_or(table))?));
        catalog.apply(action);
        let Some((table, facts)) = table(action).and_then(|table| Some((table, catalog.table(table)?))) else { continue };
        let Some((column, largest)) = small_key(scene.kind, facts).filter(|_| before.is_none()) else { continue };
        let place = match action {
            Action::CreateTable(def) => def.columns.iter().find(|it| it.name == column).map(|it| &it.span),
            _ => Some(span),
        };
        if let Some(place) = place
            && !points_away(scene, table, facts, &column)
        {
            found.add(place, format!("the key {column} of {table} ends at {largest}"));
        }
    }
}

/// The table that the action may give a key.
fn table(action: &Action) -> Option<&Name> {
    match action {
        Action::CreateTable(def) if !def.temporary => def.name.as_ref(),
        Action::AddColumn { table, .. } | Action::Redefine { table, .. } | Action::SetType { table, .. } | Action::AddConstraint { table, .. } => {
            Some(table)
        }
        _ => None,
    }
}

/// The column that is the primary key by itself, where its type has less than eight bytes, and the largest number of that.
fn small_key(kind: Kind, facts: &TableFacts) -> Option<(String, &'static str)> {
    let [only] = <[String; 1]>::try_from(facts.primary_key()).ok()?;
    let column = facts.column(&only)?;
    // MySQL's SERIAL is a bigint.
    let is_large = kind == Kind::Mysql && column.ty == "serial";
    largest(&column.ty, column.identity).filter(|_| !is_large).map(|largest| (only, largest))
}

/// True where the column is a foreign key too, or becomes one later in the script.
fn points_away(scene: &Scene<'_>, table: &Name, facts: &TableFacts, column: &str) -> bool {
    let is_it = |columns: &[String]| columns.iter().any(|it| it.eq_ignore_ascii_case(column));
    let becomes_one = |action: &Action| match action {
        Action::AddConstraint { table: of, constraint } => {
            of == table && matches!(&constraint.kind, ConstraintKind::ForeignKey { columns, .. } if is_it(columns))
        }
        _ => false,
    };
    facts.foreign_keys().iter().any(|(columns, _)| is_it(columns)) || scene.actions_after().any(becomes_one)
}

/// The largest number of an integer type of less than eight bytes. A type of less than four holds what somebody counted, unless the
/// server gives the numbers.
fn largest(ty: &str, is_given: bool) -> Option<&'static str> {
    let (signed, unsigned) = match ty.split(['(', ' ', '[']).next()? {
        "tinyint" | "int1" if is_given => ("127", "255"),
        "smallint" | "int2" | "smallserial" | "serial2" if is_given => ("32,767", "65,535"),
        "mediumint" | "middleint" | "int3" if is_given => ("8,388,607", "16,777,215"),
        "int" | "integer" | "int4" | "serial" | "serial4" => ("2,147,483,647", "4,294,967,295"),
        _ => return None,
    };
    Some(if ty.contains("unsigned") { unsigned } else { signed })
}

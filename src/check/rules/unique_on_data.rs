//! A table with rows gets a key that they may repeat.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, Cursor, TableDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "unique-on-data",
    level: Level::Warning,
    engines: ALL,
    summary: "a unique index, unique constraint or primary key is made on a table with rows that may repeat it",
    why: "Two rows with the same values make the statement fail, halfway through the script: what ran before it in a transaction of its own stays. \
          Where there are no such rows on the machine of a developer there may be some in production. With a look, `upgrade` asks for them before \
          it changes anything, and names them.",
    instead: "ask for such rows before the script runs: -- dbtool: look \"...\" SELECT ... GROUP BY ... HAVING count(*) > 1",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-createindex.html",
        "https://www.sqlite.org/lang_createindex.html#unique_indexes",
        "https://dev.mysql.com/doc/refman/8.4/en/create-index.html#create-index-unique",
    ],
    known_as: &["Atlas MF101", "Atlas MF102"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);", "CREATE UNIQUE INDEX i ON t (a);")
            .seen(Seen::Fails("unique constraint failed")),
        Example::sqlite(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);",
            "CREATE TABLE n (a int UNIQUE); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        )
        .seen(Seen::Fails("unique constraint failed")),
        Example::postgres("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);")
            .seen(Seen::Fails("could not create unique index")),
        Example::postgres("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 1), (1, 1);", "ALTER TABLE t ADD PRIMARY KEY (a, b);")
            .seen(Seen::Fails("could not create unique index")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);", "ALTER TABLE t ADD UNIQUE KEY u (a);")
            .seen(Seen::Fails("duplicate entry")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);", "ALTER TABLE t MODIFY a bigint UNIQUE;")
            .seen(Seen::Fails("duplicate entry")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (id integer PRIMARY KEY, a int); CREATE UNIQUE INDEX i ON t (a);",
            "CREATE TABLE n (id integer PRIMARY KEY, a int, b int UNIQUE); INSERT INTO n (id, a) SELECT id, a FROM t; DROP TABLE t; ALTER TABLE n \
             RENAME TO t; CREATE UNIQUE INDEX i ON t (a);",
        ),
        Example::sqlite("", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a);"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "-- dbtool: look \"rows of t repeat a\" SELECT a, count(*) FROM t GROUP BY a HAVING count(*) > 1\n\nALTER TABLE t ADD UNIQUE (a);",
        ),
        Example::postgres("CREATE TABLE t (a int PRIMARY KEY, b int);", "CREATE UNIQUE INDEX i ON t (b, a); ALTER TABLE t ADD UNIQUE USING INDEX i;"),
        Example::postgres("CREATE TABLE t (a int);", "DELETE FROM t WHERE a IS NULL; CREATE UNIQUE INDEX i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = a; CREATE UNIQUE INDEX i ON t (b);"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a);"),
        Example::mysql(
            "CREATE TABLE t (a int NOT NULL, UNIQUE KEY u (a));",
            "ALTER TABLE t DROP INDEX u, ADD UNIQUE KEY v (a), ADD PRIMARY KEY (a);",
        ),
        Example::mysql("CREATE TABLE t (a int);", "DELETE x FROM t AS x JOIN t AS y ON x.a = y.a; ALTER TABLE t ADD UNIQUE (a);"),
    ],
};

/// The columns of a key; `None` for an expression.
type Key = Vec<Option<String>>;

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Some((table, keys)) = new_keys(scene, action) else { continue };
        let names = names(scene, table);
        let facts = if scene.is_rebuilt(table) { scene.dropped(table).or_else(|| scene.table(table)) } else { scene.table(table) };
        // Of a table that was not known before the script made it anew, nor are its keys.
        let is_unknown = scene.is_rebuilt(table) && scene.dropped(table).is_none() && !matches!(action, Action::CreateTable(_));
        if is_unknown || scene.is_new(table) || names.iter().any(|name| scene.looks_at(name)) {
            continue;
        }
        let may_repeat = |key: &Key| !is_added(scene, table, facts, key) && !is_unique_already(facts, key) && !is_mended(scene, &names, key);
        for key in keys.iter().filter(|key| may_repeat(key)) {
            let columns = key.iter().map(|column| column.as_deref().unwrap_or("an expression")).collect::<Vec<_>>().join(", ");
            let mut message = format!("this fails where rows of {table} repeat {columns}, and the script does not look for such rows before it runs");
            // ALTER IGNORE of MariaDB does not fail.
            if scene.kind == Kind::Mysql && Cursor::new(scene.kind, &scene.statement().text).sees(&["ALTER", "IGNORE"]) {
                message = format!("rows of {table} that repeat {columns} are deleted, and nobody is told");
            }
            let draft = found.add(span, message);
            // Some of the rows, or rows with NULL, are another question.
            let is_plain = !matches!(action, Action::CreateIndex(index) if index.is_partial) && !mentions(&scene.statement().text, "distinct");
            if let Some(columns) = key.iter().cloned().collect::<Option<Vec<String>>>().filter(|_| is_plain) {
                let (on, list) = (scene.kind.dialect().name(table), scene.kind.dialect().list(&columns));
                let set =
                    columns.iter().map(|column| format!("{} IS NOT NULL", scene.kind.dialect().quote(column))).collect::<Vec<_>>().join(" AND ");
                draft.help(format!(
                    "ask for such rows before the script runs: -- dbtool: look \"rows of {table} repeat {}\" \
                     SELECT {list}, count(*) FROM {on} WHERE {set} GROUP BY {list} HAVING count(*) > 1",
                    columns.join(", ")
                ));
            }
        }
    }
}

/// The unique keys that an action makes on a table that may have rows.
fn new_keys<'a>(scene: &Scene<'a>, action: &'a Action) -> Option<(&'a Name, Vec<Key>)> {
    match action {
        Action::CreateIndex(index) if index.unique => Some((&index.table, vec![index.columns.clone()])),
        Action::AddConstraint { table, constraint } => Some((table, vec![key_of(&constraint.kind)?])),
        Action::Redefine { table, column, .. } if column.unique || column.primary_key => Some((table, vec![vec![Some(column.name.clone())]])),
        // The rows of the table whose place it takes come into this one, unless what copies them leaves some out.
        Action::CreateTable(def) => {
            let passing = def.name.as_ref()?;
            let own = scene.rebuild_of(passing).filter(|own| scene.table(own).is_some())?;
            let copies = scene.after().iter().filter(|it| it.does(|action| matches!(action, Action::Insert { table, .. } if table == passing)));
            let leaves_out = |text: &str| ["ignore", "replace", "distinct", "group"].iter().any(|word| mentions(text, word));
            (!copies.into_iter().any(|statement| leaves_out(&statement.text))).then(|| (own, keys_of(def)))
        }
        _ => None,
    }
}

fn keys_of(def: &TableDef) -> Vec<Key> {
    let of_columns = def.columns.iter().filter(|column| column.unique || column.primary_key).map(|column| vec![Some(column.name.clone())]);
    def.constraints.iter().filter_map(|constraint| key_of(&constraint.kind)).chain(of_columns).collect()
}

/// A key that takes over an index has been made with it.
fn key_of(kind: &ConstraintKind) -> Option<Key> {
    match kind {
        ConstraintKind::PrimaryKey { columns, using_index: None } | ConstraintKind::Unique { columns, using_index: None } => {
            Some(if columns.is_empty() { vec![None] } else { columns.iter().cloned().map(Some).collect() })
        }
        _ => None,
    }
}

/// The names that the table has had in this script.
fn names<'a>(scene: &Scene<'a>, table: &'a Name) -> Vec<&'a Name> {
    let old = scene.actions_before().filter_map(|action| match action {
        Action::RenameTable { from, to } if to == table => Some(from),
        _ => None,
    });
    std::iter::once(table).chain(old).collect()
}

/// True where the script itself fills one of the columns: whoever writes that knows of repetitions.
fn is_added(scene: &Scene<'_>, table: &Name, facts: Option<&TableFacts>, key: &Key) -> bool {
    let is_in_key = |name: &str| key.iter().flatten().any(|column| column.eq_ignore_ascii_case(name));
    let here = scene.acts().map(|(action, _)| action);
    let adds = |action: &Action| match action {
        Action::AddColumn { table: on, column, .. } => scene.catalog.is_same(on, table) && is_in_key(&column.name),
        _ => false,
    };
    let is_not_copied = |name: &String| facts.is_some_and(|facts| facts.column(name).is_none());
    scene.actions_before().chain(here).any(adds) || scene.is_rebuilt(table) && key.iter().flatten().any(is_not_copied)
}

/// True where some of the columns are a key already.
fn is_unique_already(facts: Option<&TableFacts>, key: &Key) -> bool {
    let Some(facts) = facts else { return false };
    let is_within =
        |old: &Key| !old.is_empty() && old.iter().all(|column| column.is_some() && key.iter().any(|it| same(it.as_deref(), column.as_deref())));
    let indexes = facts.indexes.iter().filter(|index| index.unique && !index.is_partial).map(|index| index.columns.clone());
    let constraints = facts.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => Some(columns.iter().cloned().map(Some).collect()),
        _ => None,
    });
    let columns = facts.columns.iter().filter(|column| column.unique || column.primary_key).map(|column| vec![Some(column.name.clone())]);
    indexes.chain(constraints).chain(columns).any(|old: Key| is_within(&old))
}

fn same(a: Option<&str>, b: Option<&str>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// True where rows of the table are deleted before, or get other values in one of the columns.
fn is_mended(scene: &Scene<'_>, names: &[&Name], key: &Key) -> bool {
    let sets = |columns: &[String]| columns.iter().any(|column| key.iter().any(|it| same(it.as_deref(), Some(column))));
    let is_it = |table: &Name| names.iter().any(|name| scene.catalog.is_same(table, name));
    scene.before().iter().any(|statement| {
        // MySQL's DELETE from several tables names an alias first, and its UPDATE of several does not say which it changes.
        let says_it = || scene.kind == Kind::Mysql && names.iter().any(|name| mentions(&statement.text, &name.name));
        statement.does(|action| match action {
            Action::Delete(delete) => is_it(&delete.table) || says_it(),
            Action::Update(update) => sets(&update.columns) && (is_it(&update.table) || says_it()),
            Action::Truncate { tables, .. } => tables.iter().any(is_it),
            _ => false,
        })
    })
}

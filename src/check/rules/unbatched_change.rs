//! Rows of a table that is in use are changed by one statement.

use std::ops::Range;

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, Cursor, Dml};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;
use crate::plan::mentions;
use crate::source::LexemeKind;

pub const RULE: Rule = Rule {
    code: "unbatched-change",
    level: Level::Warning,
    engines: ALL,
    summary: "an UPDATE or DELETE changes rows of a table that is in use in one go",
    why: "One statement is one transaction, and a row that it has changed stays locked until the last one is. An application that writes to such a \
          row waits, and what is killed on the way begins anew. On PostgreSQL VACUUM meanwhile removes nothing that was deleted since, in any \
          table; InnoDB, as it is set up, locks every row that it reads on the way, changed or not; on SQLite nobody else writes to the database at \
          all.",
    instead: "let dbtool cut it into batches: above it -- dbtool: backfill table=t key=id, and at the end of its WHERE /* dbtool:range t */",
    sources: &[
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS",
        "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-BASICS",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html",
        "https://www.sqlite.org/lang_transaction.html#read_transactions_versus_write_transactions",
    ],
    known_as: &[],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (id int PRIMARY KEY, a int);", "UPDATE t SET a = 0 WHERE a IS NULL;")
            .seen(Seen::Locks("t", "RowExclusiveLock")),
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int);",
            "DELETE FROM t USING u WHERE t.a = u.id AND u.id = 1;",
        ),
        Example::mysql("CREATE TABLE t (id int PRIMARY KEY, a int);", "UPDATE t SET a = 0 WHERE id > 5;"),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY);",
            "DELETE x FROM t AS x LEFT JOIN u ON u.id = x.a WHERE u.id IS NULL;",
        ),
        Example::sqlite("CREATE TABLE t (id integer PRIMARY KEY, a int);", "DELETE FROM t WHERE a = 0 OR id = 1;"),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "-- dbtool: backfill table=t key=id\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
        Example::postgres("", "CREATE TABLE t (a int); UPDATE t SET a = 0;"),
        Example::postgres(
            "CREATE TABLE t (id bigint, u text UNIQUE, PRIMARY KEY (id));",
            "UPDATE t SET u = 'b' WHERE (u = 'a'::text); DELETE FROM t WHERE id IN (1, -2) AND u > '';",
        ),
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "DELETE FROM t WHERE ctid IN (SELECT ctid FROM (SELECT ctid, row_number() OVER (PARTITION BY a ORDER BY id) AS place FROM t) AS ranked \
             WHERE place > 1);",
        ),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "DELETE x FROM t AS x JOIN (SELECT id, row_number() OVER (PARTITION BY a ORDER BY id) AS place FROM t) AS y ON y.id = x.id WHERE \
             y.place > 1;",
        ),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "UPDATE t AS x SET x.a = 1 WHERE x.id = 5; DELETE FROM t WHERE a = 0 LIMIT 100;",
        ),
        Example::sqlite(
            "CREATE TABLE t (id integer PRIMARY KEY, a int);",
            "CREATE TABLE n (id integer PRIMARY KEY, a int NOT NULL); UPDATE t SET a = 0 WHERE a IS NULL; INSERT INTO n SELECT id, a FROM t; DROP \
             TABLE t; ALTER TABLE n RENAME TO t; DELETE FROM t WHERE a < 0;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some((table, dml, span)) = changed(scene) else { return };
    let is_of_system = ["sqlite_", "pg_"].iter().any(|prefix| table.name.starts_with(prefix)) || table.schema.as_deref() == Some("temp");
    // A rebuild writes every row of the table anyway, in the same transaction.
    let is_rewritten = scene.kind == Kind::Sqlite && scene.is_rebuilt(&table);
    // Which of several rows has a place only a look at all of them tells: ranges of keys are no help.
    let chosen = if dml.columns.is_empty() { Some(&scene.statement().text) } else { dml.filter.as_ref() };
    let ranks = chosen.is_some_and(|text| mentions(text, "row_number") || mentions(text, "recursive"));
    let is_cut = scene.statement().backfill.is_some();
    if is_cut || is_of_system || is_rewritten || ranks || scene.is_new(&table) || is_of_few_rows(scene, &table, dml) {
        return;
    }
    let message = match scene.kind {
        Kind::Sqlite => format!("nobody else can write to the database until all rows of {table} are done"),
        Kind::Postgres | Kind::Mysql => format!("the rows of {table} stay locked until all of them are done"),
    };
    let draft = found.add(span, message).about(&table);
    draft.help(help(scene, &table, dml));
    if scene.kind == Kind::Sqlite {
        draft.at_most(Level::Note);
    }
}

/// What to write, with the names.
fn help(scene: &Scene<'_>, table: &Name, dml: &Dml) -> String {
    if scene.statement().does(|action| matches!(action, Action::Update(dml) if dml.columns.is_empty())) {
        return "write it as UPDATE ... FROM, DELETE or INSERT ... SELECT, which dbtool can cut into batches (-- dbtool: backfill)".to_owned();
    }
    let facts = scene.table(table).filter(|facts| !facts.columns.is_empty());
    let has_key = scene.kind == Kind::Sqlite || facts.is_none_or(|facts| !unique_keys(facts).is_empty());
    if !has_key && scene.kind == Kind::Mysql {
        return format!("give {table} a primary key, by which dbtool can cut the statement into batches (-- dbtool: backfill table={table})");
    }
    let key = facts.map(|facts| facts.primary_key().join(",")).filter(|key| !key.is_empty()).map(|key| format!(" key={key}")).unwrap_or_default();
    let verify = if has_key { "" } else { " and -- dbtool: verify SELECT ... (the rows that are still to do)" };
    let place = if dml.filter.is_some() { "at the end of its WHERE" } else { "behind it WHERE 1 = 1" };
    let apart = if scene.script.is_explicit && scene.statement().transaction.is_some() { ", outside of BEGIN ... COMMIT" } else { "" };
    let range = format!("{place} /* dbtool:range {} */", dml.table);
    format!("let dbtool cut it into batches{apart}: above it -- dbtool: backfill table={table}{key}{verify}, and {range}")
}

/// The table whose rows the statement changes, where it is an UPDATE or DELETE, and what it says of them.
pub(super) fn changed<'a>(scene: &Scene<'a>) -> Option<(Name, &'a Dml, &'a Range<usize>)> {
    scene.acts().find_map(|(action, span)| match action {
        Action::Update(dml) => Some((dml.table.clone(), dml, span)),
        Action::Delete(dml) if scene.kind == Kind::Mysql => Some((unaliased(scene, &dml.table), dml, span)),
        Action::Delete(dml) => Some((dml.table.clone(), dml, span)),
        _ => None,
    })
}

/// MySQL's `DELETE x FROM t AS x` names the table by its alias.
fn unaliased(scene: &Scene<'_>, alias: &Name) -> Name {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    while !cursor.is_done() {
        if cursor.eat_one(&["FROM", "JOIN", "USING", ","]).is_none() {
            cursor.step();
            continue;
        }
        let Some(table) = cursor.name() else { continue };
        cursor.eat(&["AS"]);
        if cursor.clone().ident().is_some_and(|name| name == alias.name) {
            return table;
        }
    }
    alias.clone()
}

/// True where the statement says itself that it is about a few rows: a key has constants in its filter, or it has a LIMIT. Where nobody knows
/// the keys any column with a constant may be one.
pub(super) fn is_of_few_rows(scene: &Scene<'_>, table: &Name, dml: &Dml) -> bool {
    let mut whole = Cursor::new(scene.kind, &scene.statement().text);
    whole.until(&["LIMIT"]);
    let Some(filter) = &dml.filter else { return !whole.is_done() };
    let fixed = fixed_columns(scene, table, filter);
    let is_fixed = |column: &String| fixed.iter().any(|it| it.eq_ignore_ascii_case(column));
    let is_one = scene.table(table).map_or(!fixed.is_empty(), |facts| unique_keys(facts).iter().any(|key| key.iter().all(is_fixed)));
    is_one || !whole.is_done()
}

/// The column lists of which each value stands in one row at most: the primary key first.
pub(super) fn unique_keys(facts: &TableFacts) -> Vec<Vec<String>> {
    let mut keys = vec![facts.primary_key()];
    keys.extend(facts.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Unique { columns, .. } => Some(columns.clone()),
        _ => None,
    }));
    keys.extend(facts.columns.iter().filter(|column| column.unique).map(|column| vec![column.name.clone()]));
    keys.extend(facts.indexes.iter().filter(|index| index.unique && !index.is_partial).filter_map(|index| index.columns.iter().cloned().collect()));
    keys.retain(|key| !key.is_empty());
    keys
}

/// The columns of the table that the filter compares with constants.
fn fixed_columns(scene: &Scene<'_>, table: &Name, filter: &str) -> Vec<String> {
    // Where other tables are joined a bare column or an alias may be one of theirs.
    let mut whole = Cursor::new(scene.kind, &scene.statement().text);
    whole.eat(&["DELETE", "FROM"]);
    whole.until(&["FROM", "USING", "JOIN", "WHERE"]);
    let is_alone = whole.sees(&["WHERE"]);
    let is_own = |column: &Name| is_alone || column.schema.as_ref() == Some(&table.name);
    fixed_in(Cursor::new(scene.kind, filter), &is_own)
}

/// The columns that must have one of a few values wherever the condition holds.
fn fixed_in(mut cursor: Cursor<'_>, is_own: &impl Fn(&Name) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let mut ahead = cursor.clone();
        match ahead.brackets() {
            Some(inner) if ends(&ahead) => found.extend(fixed_in(inner, is_own)),
            _ => found.extend(fixed(&mut cursor).filter(is_own).map(|column| column.name)),
        }
        cursor.until(&["AND", "OR"]);
        if cursor.eat(&["OR"]) {
            return Vec::new();
        }
        if !cursor.eat(&["AND"]) {
            return found;
        }
    }
}

fn ends(cursor: &Cursor<'_>) -> bool {
    cursor.is_done() || cursor.sees_one(&["AND", "OR"])
}

/// `column = constant`, or `column IN (constant, ...)`.
fn fixed(cursor: &mut Cursor<'_>) -> Option<Name> {
    let column = cursor.name()?;
    let is_fixed = if cursor.eat_one(&["=", "=="]).is_some() {
        constant(cursor)
    } else {
        cursor.eat(&["IN"]) && cursor.brackets()?.parts().into_iter().all(|mut part| constant(&mut part) && part.is_done())
    };
    // A cast may stand behind it.
    (is_fixed && (ends(cursor) || cursor.sees(&[":"]))).then_some(column)
}

/// A string or a number, stepped over.
fn constant(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat(&["-"]);
    let is_string = |text: &str| text.ends_with('\'') || cursor.kind == Kind::Mysql && text.starts_with('"');
    let is_constant = cursor
        .peek()
        .is_some_and(|token| token.kind == LexemeKind::Other && (is_string(token.text) || token.text.starts_with(|c: char| c.is_ascii_digit())));
    cursor.advance();
    is_constant
}

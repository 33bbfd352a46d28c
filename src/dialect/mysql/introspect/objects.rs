//! Views, routines, triggers, events and sequences, each from what the server shows of it.

use indexmap::IndexMap;
use sqlx::mysql::MySqlConnection;

use super::cursor::{Cursor, plain, without_database, without_introducers};
use super::{Asking, Listed, map, show_create};
use crate::dialect::Row;
use crate::model::{Grants, Hint, Name, Object, ObjectId, ObjectKind, Of, Schema, Sequence, SequenceOptions, Text, Unmodelled};

fn names<'a>(listed: &[&'a Listed]) -> Vec<&'a str> {
    listed.iter().map(|listed| listed.name.as_str()).collect()
}

fn cell(row: &Row, index: usize) -> &str {
    row.get(index).and_then(Option::as_deref).unwrap_or_default()
}

/// Names what the user may not see, or the server cannot show.
fn hidden(schema: &mut Schema, listed: &Listed) {
    schema.unmodelled.push(Unmodelled { kind: listed.kind.to_lowercase(), name: listed.name.clone(), stands_on: Vec::new() });
}

/// What stands between CREATE and the word for the thing; the cursor is behind that word then. What everybody gets is left out.
fn head(cursor: &mut Cursor<'_>, word: &str, asking: &Asking) -> IndexMap<String, String> {
    let mut options = IndexMap::new();
    cursor.take_words(&["create"]);
    while !cursor.is_done() && !cursor.take_words(&[word]) {
        if cursor.take_words(&["algorithm"]) {
            cursor.take_symbol("=");
            let algorithm = cursor.name().unwrap_or_default().to_lowercase();
            if algorithm != "undefined" {
                options.insert("algorithm".to_owned(), algorithm);
            }
        } else if cursor.take_words(&["definer"]) {
            cursor.take_symbol("=");
            let definer = definer(cursor);
            if unquoted(&definer) != asking.user {
                options.insert("definer".to_owned(), definer);
            }
        } else if cursor.take_words(&["sql", "security"]) {
            let security = cursor.name().unwrap_or_default().to_lowercase();
            if security != "definer" {
                options.insert("security".to_owned(), security);
            }
        } else {
            cursor.next();
        }
    }
    options
}

/// `` `app`@`%` `` as it stands: the tokens up to the next key word.
fn definer(cursor: &mut Cursor<'_>) -> String {
    let mut text = cursor.next().map(|token| token.text.to_owned()).unwrap_or_default();
    while let Some(token) = cursor.peek().filter(|token| token.text.starts_with('@')) {
        text.push_str(token.text);
        cursor.next();
    }
    text
}

fn unquoted(definer: &str) -> String {
    definer.replace(['`', '"', '\''], "")
}

fn sort(mut options: IndexMap<String, String>) -> IndexMap<String, String> {
    options.sort_keys();
    options
}

pub(super) async fn views(conn: &mut MySqlConnection, listed: &[&Listed], asking: &Asking, schema: &mut Schema) -> anyhow::Result<()> {
    let shown = show_create(conn, "VIEW", &names(listed), 1).await?;
    for (listed, row) in listed.iter().zip(shown) {
        match row {
            Some(row) => {
                let sql = if asking.is_mariadb { cell(&row, 1).to_owned() } else { without_introducers(cell(&row, 1)) };
                // MariaDB names the database where it cannot make sense of the view.
                let sql = without_database(&sql, &asking.database);
                schema.objects.insert(ObjectId::view(Name::new(&listed.name)), view(&sql, asking));
            }
            None => hidden(schema, listed),
        }
    }
    Ok(())
}

fn view(sql: &str, asking: &Asking) -> Object {
    let mut cursor = Cursor::new(sql);
    let mut options = head(&mut cursor, "view", asking);
    cursor.name();
    let columns = cursor.group().map(super::table::columns).unwrap_or_default();
    cursor.take_words(&["as"]);
    let mut query = cursor.rest();
    for (suffix, kind) in [(" WITH CASCADED CHECK OPTION", "cascaded"), (" WITH LOCAL CHECK OPTION", "local")] {
        if let Some(rest) = query.strip_suffix(suffix) {
            query = rest;
            options.insert("check_option".to_owned(), kind.to_owned());
        }
    }
    Object { definition: Text::with_key(plain(query), query), columns, options: sort(options), ..Object::default() }
}

pub(super) async fn routines(conn: &mut MySqlConnection, listed: &[&Listed], asking: &Asking, schema: &mut Schema) -> anyhow::Result<()> {
    for (word, kind) in [("FUNCTION", ObjectKind::Function), ("PROCEDURE", ObjectKind::Procedure)] {
        let listed: Vec<&Listed> = listed.iter().filter(|listed| listed.kind == word).copied().collect();
        let shown = show_create(conn, word, &names(&listed), 2).await?;
        for (listed, row) in listed.iter().zip(shown) {
            let Some(row) = row.filter(|row| is_readable(cell(row, 1))) else {
                hidden(schema, listed);
                continue;
            };
            let sql = cell(&row, 2);
            let mut cursor = Cursor::new(sql);
            let mut options = head(&mut cursor, word, asking);
            if sql.to_ascii_uppercase().contains(" AGGREGATE FUNCTION ") {
                options.insert("aggregate".to_owned(), "true".to_owned());
            }
            mode(&mut options, cell(&row, 1), asking);
            cursor.name();
            let arguments = cursor.group().unwrap_or_default().to_owned();
            let object =
                Object { definition: Text::new(cursor.rest()), arguments: Some(Text::new(arguments)), options: sort(options), ..Object::default() };
            schema.objects.insert(ObjectId { kind, name: Name::new(&listed.name), of: Of::Arguments(String::new()) }, object);
        }
    }
    Ok(())
}

/// Modes in which strings or bodies are read in another way.
pub(in crate::dialect::mysql) const UNREADABLE: [&str; 2] = ["NO_BACKSLASH_ESCAPES", "ORACLE"];

/// False for a mode in which strings or names are read in another way, so that the text cannot be cut where the server cuts it.
fn is_readable(mode: &str) -> bool {
    mode.split(',').all(|word| !UNREADABLE.contains(&word))
}

/// A mode other than that of the session has to be set when the object is made: <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html>.
fn mode(options: &mut IndexMap<String, String>, mode: &str, asking: &Asking) {
    if mode != asking.sql_mode {
        options.insert("sql_mode".to_owned(), mode.to_owned());
    }
}

/// Triggers come in the order in which they fire: each behind the one before it, where several have the same time and event.
pub(super) async fn triggers(conn: &mut MySqlConnection, listed: &[&Listed], asking: &Asking, schema: &mut Schema) -> anyhow::Result<()> {
    let sql = "SELECT TRIGGER_NAME, CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE) FROM information_schema.TRIGGERS \
               WHERE TRIGGER_SCHEMA = DATABASE()";
    let places = if listed.is_empty() { IndexMap::new() } else { map(conn, sql).await? };
    let shown = show_create(conn, "TRIGGER", &names(listed), 2).await?;
    let mut last: IndexMap<&str, &str> = IndexMap::new();
    for (listed, row) in listed.iter().zip(shown) {
        let (Some(row), Some(place)) = (row.filter(|row| is_readable(cell(row, 1))), places.get(&listed.name)) else {
            hidden(schema, listed);
            continue;
        };
        let mut cursor = Cursor::new(cell(&row, 2));
        let mut options = head(&mut cursor, "trigger", asking);
        mode(&mut options, cell(&row, 1), asking);
        // MariaDB keeps the text as it was written, and shows the name with or without its quotes.
        if cursor.peek().is_some_and(|token| !token.text.starts_with('`')) {
            options.insert("bare_name".to_owned(), "true".to_owned());
        }
        cursor.name();
        if let Some(before) = last.insert(place, &listed.name) {
            options.insert("follows".to_owned(), before.to_owned());
        }
        let table = Name::new(place.splitn(3, ' ').nth(2).unwrap_or_default());
        let object = Object { definition: Text::new(without_place(cursor.rest())), options: sort(options), ..Object::default() };
        schema.objects.insert(ObjectId::on(ObjectKind::Trigger, &table, &listed.name), object);
    }
    Ok(())
}

/// A trigger without FOLLOWS or PRECEDES, which MariaDB keeps as they were written: the order of now is what counts.
fn without_place(definition: &str) -> String {
    let tokens = crate::dialect::mysql::lexer::significant(definition);
    let row = tokens.windows(3).position(|words| words[0].is_word("for") && words[1].is_word("each") && words[2].is_word("row"));
    let Some(at) = row.map(|row| row + 3) else { return definition.to_owned() };
    match tokens.get(at..at + 3) {
        Some([word, _, behind]) if word.is_word("follows") || word.is_word("precedes") => {
            format!("{}{}", &definition[..word.start], &definition[behind.start..])
        }
        _ => definition.to_owned(),
    }
}

pub(super) async fn events(conn: &mut MySqlConnection, listed: &[&Listed], asking: &Asking, schema: &mut Schema) -> anyhow::Result<()> {
    if listed.is_empty() {
        return Ok(());
    }
    // An event that was given no beginning begins when it is made.
    let sql = "SELECT EVENT_NAME, CAST(STARTS AS CHAR) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND STARTS = CREATED";
    let unsaid = map(conn, sql).await?;
    let shown = show_create(conn, "EVENT", &names(listed), 3).await?;
    for (listed, row) in listed.iter().zip(shown) {
        let Some(row) = row.filter(|row| is_readable(cell(row, 1))) else {
            hidden(schema, listed);
            continue;
        };
        let mut cursor = Cursor::new(cell(&row, 3));
        let mut options = head(&mut cursor, "event", asking);
        mode(&mut options, cell(&row, 1), asking);
        cursor.name();
        let mut definition = cursor.rest().to_owned();
        if unsaid.contains_key(&listed.name) {
            definition = without_start(&definition);
        }
        let object = Object { definition: Text::new(definition), options: sort(options), ..Object::default() };
        schema.objects.insert(ObjectId::new(ObjectKind::Event, Name::new(&listed.name)), object);
    }
    Ok(())
}

/// An event without the time at which it was made, where the server writes that as its beginning.
fn without_start(definition: &str) -> String {
    let tokens = crate::dialect::mysql::lexer::significant(definition);
    let start = tokens.windows(2).position(|words| words[0].is_word("starts"));
    let end = tokens.iter().position(|token| token.is_word("do"));
    match start {
        Some(at) if end.is_none_or(|end| at < end) => {
            format!("{} {}", definition[..tokens[at].start].trim_end(), definition[tokens[at + 1].end()..].trim_start())
        }
        _ => definition.to_owned(),
    }
}

/// MariaDB's sequences: <https://mariadb.com/kb/en/create-sequence/>.
pub(super) async fn sequences(conn: &mut MySqlConnection, listed: &[&Listed], schema: &mut Schema) -> anyhow::Result<()> {
    let shown = show_create(conn, "SEQUENCE", &names(listed), 1).await?;
    for (listed, row) in listed.iter().zip(shown) {
        match row {
            Some(row) => _ = schema.sequences.insert(Name::new(&listed.name), sequence(cell(&row, 1))),
            None => hidden(schema, listed),
        }
    }
    Ok(())
}

/// Only what is not the default is kept.
fn sequence(sql: &str) -> Sequence {
    const LAST: i64 = i64::MAX - 1;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let behind = |word: &str| words.iter().position(|it| it.eq_ignore_ascii_case(word)).and_then(|at| words.get(at + 1).copied());
    let number = |word: &str| behind(word).and_then(|text| text.parse::<i64>().ok());
    let with = words.iter().position(|word| *word == "with").and_then(|at| words.get(at + 1)).and_then(|text| text.parse::<i64>().ok());
    let increment = words.windows(3).find(|words| words[0] == "increment").and_then(|words| words[2].parse::<i64>().ok()).unwrap_or(1);
    let (lowest, highest) = if increment < 0 { (i64::MIN + 1, -1) } else { (1, LAST) };
    let (min, max) = (number("minvalue"), number("maxvalue"));
    let first = if increment < 0 { max } else { min };
    Sequence {
        ty: words.windows(2).find(|words| words[0] == "as").map_or("bigint", |words| words[1]).to_owned(),
        options: SequenceOptions {
            start: with.filter(|_| with != first),
            increment: Some(increment).filter(|increment| *increment != 1),
            min: min.filter(|min| *min != lowest),
            max: max.filter(|max| *max != highest),
            cache: number("cache").or_else(|| words.contains(&"nocache").then_some(0)).filter(|cache| *cache != 1000),
            cycle: words.contains(&"cycle"),
        },
        owned_by: None,
        unlogged: false,
        comment: None,
        grants: Grants::default(),
        renamed_from: Hint::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking() -> Asking {
        Asking { user: "root@localhost".to_owned(), sql_mode: String::new(), is_mariadb: true, database: "app".to_owned() }
    }

    #[test]
    fn a_view_is_read_without_what_everybody_gets() {
        let sql = "CREATE ALGORITHM=MERGE DEFINER=`app`@`%` SQL SECURITY INVOKER VIEW `v` AS select `t`.`a` AS `a` from `t` WITH LOCAL CHECK OPTION";
        let found = view(sql, &asking());
        assert_eq!(found.definition.key, "select `t`.`a` AS `a` from `t`");
        assert_eq!(found.definition.text, "select t.a AS a from t");
        let options: Vec<(&str, &str)> = found.options.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(options, [("algorithm", "merge"), ("check_option", "local"), ("definer", "`app`@`%`"), ("security", "invoker")]);
        let plain = view("CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `v` AS select 1", &asking());
        assert!(plain.options.is_empty());
    }

    #[test]
    fn a_sequence_keeps_what_is_not_the_default() {
        let plain = "CREATE SEQUENCE `s` start with 1 minvalue 1 maxvalue 9223372036854775806 increment by 1 cache 1000 nocycle ENGINE=InnoDB";
        assert_eq!(sequence(plain).options, SequenceOptions::default());
        let other = "CREATE SEQUENCE `s` start with 5 minvalue 1 maxvalue 99 increment by 2 nocache cycle ENGINE=InnoDB";
        let wanted = SequenceOptions { start: Some(5), increment: Some(2), max: Some(99), cache: Some(0), cycle: true, ..SequenceOptions::default() };
        assert_eq!(sequence(other).options, wanted);
    }

    #[test]
    fn the_order_of_a_trigger_is_told_apart_from_its_text() {
        assert_eq!(without_place("before insert on `t` for each row follows `x` set @a = 1"), "before insert on `t` for each row set @a = 1");
        assert_eq!(
            without_start("ON SCHEDULE EVERY 1 DAY STARTS '2026-11-26 07:50:18' ON COMPLETION PRESERVE DO SELECT 1"),
            "ON SCHEDULE EVERY 1 DAY ON COMPLETION PRESERVE DO SELECT 1"
        );
    }
}

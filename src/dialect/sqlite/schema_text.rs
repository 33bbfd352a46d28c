//! The schema as SQLite keeps it, as one text: whether anything differs is seen without reading all of it into a model.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{self, Kind};

/// Everything of `sqlite_schema` but what SQLite makes for itself, in one value. The parts of a row are parted by unit separators, rows by
/// record separators. <https://www.sqlite.org/schematab.html>.
pub const SCHEMA_TEXT: &str = "SELECT group_concat(type || char(31) || name || char(31) || tbl_name || char(31) || sql, char(30)) \
                               FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// The statements that make, on either side, every table about which the two texts differ in more than spelling, with all that belongs to it.
/// `None` where they say the same.
pub fn differing_statements(before: &str, after: &str) -> Option<(Vec<String>, Vec<String>)> {
    if before == after {
        return None;
    }
    let (from, to) = (rows(before), rows(after));
    let differs = |key: &&(&str, &str)| match (from.get(*key), to.get(*key)) {
        (Some((_, a)), Some((_, b))) => a != b && spelled(a) != spelled(b),
        _ => true,
    };
    let tables: BTreeSet<&str> =
        from.keys().chain(to.keys()).filter(differs).filter_map(|key| from.get(key).or(to.get(key))).map(|row| row.0).collect();
    if tables.is_empty() {
        return None;
    }
    let made = |rows: &BTreeMap<(&str, &str), (&str, &str)>| {
        let mut statements: Vec<(u8, String)> =
            rows.iter().filter(|(_, row)| tables.contains(row.0)).map(|((kind, _), row)| (rank(kind), row.1.to_owned())).collect();
        // Tables first; a trigger needs the table or view that it stands on.
        statements.sort_by_key(|(rank, _)| *rank);
        statements.into_iter().map(|(_, sql)| sql).collect()
    };
    Some((made(&from), made(&to)))
}

fn rank(kind: &str) -> u8 {
    match kind {
        "table" => 0,
        "view" => 1,
        "index" => 2,
        _ => 3,
    }
}

/// By type and name: the table a thing belongs to, and its statement.
fn rows(text: &str) -> BTreeMap<(&str, &str), (&str, &str)> {
    let parts = text.split('\u{1e}').filter_map(|row| {
        let mut parts = row.splitn(4, '\u{1f}');
        Some(((parts.next()?, parts.next()?), (parts.next()?, parts.next()?)))
    });
    parts.collect()
}

/// The tokens of a statement, without comments, and names without their quotes.
fn spelled(sql: &str) -> Vec<String> {
    let tokens = lexer::tokens(sql).filter(|token| token.is_significant());
    let text = |token: lexer::Token<'_>| match token.kind {
        // In double quotes it may be a text.
        Kind::Quoted => token.unquoted(),
        Kind::Word => token.text.to_lowercase(),
        _ => token.text.to_owned(),
    };
    tokens.map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_blanks_are_no_difference_and_a_column_is_one() {
        let row = |sql: &str| format!("table\u{1f}t\u{1f}t\u{1f}{sql}");
        assert_eq!(differing_statements(&row("CREATE TABLE t (a,  b)"), &row("CREATE TABLE \"t\" (a, b)")), None);
        let (from, to) = differing_statements(&row("CREATE TABLE t (a)"), &row("CREATE TABLE t (a, b)")).expect("they differ");
        assert_eq!((from, to), (vec!["CREATE TABLE t (a)".to_owned()], vec!["CREATE TABLE t (a, b)".to_owned()]));
        let both = format!("{}\u{1e}index\u{1f}i\u{1f}t\u{1f}CREATE INDEX i ON t (a)", row("CREATE TABLE t (a)"));
        assert_eq!(differing_statements(&both, &row("CREATE TABLE t (a)")).expect("they differ").1.len(), 1);
    }
}

//! Identifiers and literals, and SQLite's key words.

/// SQLite's key words in lower case, sorted, as `sqlite3_keyword_name` lists them. `true` says that the word may also stand for itself
/// as the name of a column, because the grammar falls back to an identifier wherever the key word makes no sense.
const KEYWORDS: [(&str, bool); 147] = [
    ("abort", true),
    ("action", true),
    ("add", false),
    ("after", true),
    ("all", false),
    ("alter", false),
    ("always", true),
    ("analyze", true),
    ("and", false),
    ("as", false),
    ("asc", true),
    ("attach", true),
    ("autoincrement", false),
    ("before", true),
    ("begin", true),
    ("between", false),
    ("by", true),
    ("cascade", true),
    ("case", false),
    ("cast", true),
    ("check", false),
    ("collate", false),
    ("column", true),
    ("commit", false),
    ("conflict", true),
    ("constraint", false),
    ("create", false),
    ("cross", false),
    ("current", true),
    ("current_date", false),
    ("current_time", false),
    ("current_timestamp", false),
    ("database", true),
    ("default", false),
    ("deferrable", false),
    ("deferred", true),
    ("delete", false),
    ("desc", true),
    ("detach", true),
    ("distinct", false),
    ("do", true),
    ("drop", false),
    ("each", true),
    ("else", false),
    ("end", true),
    ("escape", false),
    ("except", false),
    ("exclude", true),
    ("exclusive", true),
    ("exists", false),
    ("explain", true),
    ("fail", true),
    ("filter", false),
    ("first", true),
    ("following", true),
    ("for", true),
    ("foreign", false),
    ("from", false),
    ("full", false),
    ("generated", true),
    ("glob", true),
    ("group", false),
    ("groups", true),
    ("having", false),
    ("if", true),
    ("ignore", true),
    ("immediate", true),
    ("in", false),
    ("index", false),
    ("indexed", false),
    ("initially", true),
    ("inner", false),
    ("insert", false),
    ("instead", true),
    ("intersect", false),
    ("into", false),
    ("is", false),
    ("isnull", false),
    ("join", false),
    ("key", true),
    ("last", true),
    ("left", false),
    ("like", true),
    ("limit", false),
    ("match", true),
    ("materialized", true),
    ("natural", false),
    ("no", true),
    ("not", false),
    ("nothing", false),
    ("notnull", false),
    ("null", false),
    ("nulls", true),
    ("of", true),
    ("offset", true),
    ("on", false),
    ("or", false),
    ("order", false),
    ("others", true),
    ("outer", false),
    ("over", false),
    ("partition", true),
    ("plan", true),
    ("pragma", true),
    ("preceding", true),
    ("primary", false),
    ("query", true),
    ("raise", true),
    ("range", true),
    ("recursive", true),
    ("references", false),
    ("regexp", true),
    ("reindex", true),
    ("release", true),
    ("rename", true),
    ("replace", true),
    ("restrict", true),
    ("returning", false),
    ("right", false),
    ("rollback", true),
    ("row", true),
    ("rows", true),
    ("savepoint", true),
    ("select", false),
    ("set", false),
    ("table", false),
    ("temp", true),
    ("temporary", true),
    ("then", false),
    ("ties", true),
    ("to", false),
    ("transaction", false),
    ("trigger", true),
    ("unbounded", true),
    ("union", false),
    ("unique", false),
    ("update", false),
    ("using", false),
    ("vacuum", true),
    ("values", false),
    ("view", true),
    ("virtual", true),
    ("when", false),
    ("where", false),
    ("window", false),
    ("with", true),
    ("without", true),
];

/// Key words that name something only in certain places: the words of joins, `INDEXED` and those of window functions, and the words
/// for the time, which are values in an expression and names everywhere else.
const NAMES_IN_PLACES: [&str; 14] = [
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "filter",
    "full",
    "indexed",
    "inner",
    "left",
    "natural",
    "outer",
    "over",
    "right",
    "window",
];

/// `name` as an identifier: in double quotes unless it is a plain word that can only be a name.
///
/// SQLite keeps the case of a name whether it is quoted or not. `TRUE` and `FALSE` are no key words, but without quotes they are values
/// wherever no column of that name is in sight.
pub fn quote(name: &str) -> String {
    if is_plain(name) && keyword(name).is_none() && !is_truth(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A string literal. SQLite stops reading SQL at a zero byte, so text that holds one is given as its bytes.
pub fn literal(text: &str) -> String {
    if text.contains('\0') {
        let bytes: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        return format!("CAST(X'{bytes}' AS TEXT)");
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// True where the quotes around `name` may be taken off in any expression or statement without a change of meaning.
pub(super) fn speaks_for_itself(name: &str) -> bool {
    is_word(name) && !is_truth(name) && keyword(name) != Some(false)
}

/// True where the bare `word` may be the name of a table, column or constraint in SQLite's grammar (`nm`).
pub(super) fn may_be_name(word: &str) -> bool {
    keyword(word) != Some(false) || NAMES_IN_PLACES.contains(&word.to_ascii_lowercase().as_str())
}

/// True where the bare `word` may be part of a type's name (`ids` in SQLite's grammar).
pub(super) fn may_be_type(word: &str) -> bool {
    keyword(word) != Some(false)
}

/// `None` for a word that is no key word, else whether it may stand for itself as a name.
fn keyword(word: &str) -> Option<bool> {
    let lower = word.to_ascii_lowercase();
    KEYWORDS.binary_search_by(|(known, _)| (*known).cmp(&lower)).ok().map(|at| KEYWORDS[at].1)
}

fn is_truth(word: &str) -> bool {
    word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}

/// ASCII letters, digits and `_`, not beginning with a digit: what every tool reads as one name.
fn is_plain(name: &str) -> bool {
    is_word(name) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What SQLite's tokenizer reads as one identifier.
fn is_word(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(starts_word) && bytes.all(goes_on_word)
}

/// A byte with which an identifier may begin. Every byte of a character beyond ASCII counts as a letter.
pub(super) fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// A byte that may follow in an identifier.
pub(super) fn goes_on_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_words_are_sorted() {
        assert!(KEYWORDS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn quotes_stand_only_where_they_are_needed() {
        for plain in ["users", "Users", "_x1", "nocase"] {
            assert_eq!(quote(plain), plain);
        }
        for (name, quoted) in [("order", "\"order\""), ("Key", "\"Key\""), ("a b", "\"a b\""), ("a\"b", "\"a\"\"b\""), ("1x", "\"1x\""), ("", "\"\"")]
        {
            assert_eq!(quote(name), quoted);
        }
        assert_eq!(quote("true"), "\"true\"");
        assert_eq!(quote("größe"), "\"größe\"");
    }

    #[test]
    fn literals_double_their_quotes_and_survive_a_zero_byte() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\0b"), "CAST(X'610062' AS TEXT)");
    }
}

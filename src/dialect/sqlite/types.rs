//! Types. SQLite takes any words for a type and reads an affinity out of them, so the portable names are kept as they are, which tells a
//! reader more; a STRICT table knows six types and nothing else.

use super::lexer::{Kind, significant};
use crate::dialect::TypeChange;

/// The kinds of values a column prefers: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    /// No preference: every value stays as it comes.
    None,
    Real,
    Numeric,
}

/// What two spellings of a type are compared by: lower case, no quotes, no white space but between two words.
pub fn key(spelled: &str) -> String {
    let mut key = String::new();
    let mut word_before = false;
    for token in significant(spelled) {
        let word = token.kind != Kind::Symbol;
        if word && word_before {
            key.push(' ');
        }
        key.push_str(&token.unquoted().to_ascii_lowercase());
        word_before = word;
    }
    key
}

/// True for the one spelling that makes a single primary key the rowid.
pub fn is_integer(key: &str) -> bool {
    key.eq_ignore_ascii_case("integer")
}

/// The type for what schema.toml says. A STRICT table has no exact decimal number; text keeps all digits.
pub(super) fn map_type(spelled: &str, strict: bool) -> String {
    let spelled = spelled.trim();
    let (base, arguments) = spelled.split_at(spelled.find('(').unwrap_or(spelled.len()));
    let base = base.trim().to_ascii_lowercase();
    if !strict {
        // STRING has NUMERIC affinity, which would turn '007' into 7.
        return if base == "string" { format!("varchar{arguments}") } else { spelled.to_owned() };
    }
    let mapped = match base.as_str() {
        "smallint" | "integer" | "bigint" | "boolean" => "INTEGER",
        "real" | "double" => "REAL",
        "decimal" | "text" | "varchar" | "string" | "char" | "date" | "time" | "timestamp" | "datetime" | "timestamptz" | "uuid" | "json" => "TEXT",
        "binary" => "BLOB",
        _ => spelled,
    };
    mapped.to_owned()
}

/// What schema.toml says for a type: lower case, as SQLite sees no case in it. A type in quotes is left alone.
pub(super) fn spell_type(canonical: &str) -> String {
    let quoted = significant(canonical).iter().any(|token| matches!(token.kind, Kind::Quoted | Kind::String));
    if quoted { canonical.to_owned() } else { key(canonical) }
}

/// What becomes of the values when they are copied into a column of the type `to`: SQLite applies its affinity, and keeps what it cannot
/// convert as it is (an error in a STRICT table). The length of a VARCHAR means nothing to it.
pub(super) fn type_change(from: &str, to: &str) -> TypeChange {
    let (from, to) = (key(from), key(to));
    match (affinity(&from), affinity(&to)) {
        (_, Affinity::None) => TypeChange::Fits,
        (Affinity::Numeric, Affinity::Numeric) if !is_number(&to) || is_number(&from) => TypeChange::Fits,
        (a, b) if a == b && a != Affinity::Numeric => TypeChange::Fits,
        (Affinity::Integer | Affinity::Real, Affinity::Numeric) => TypeChange::Fits,
        (_, Affinity::Integer) => number("INTEGER"),
        (_, Affinity::Real) => number("REAL"),
        (_, Affinity::Numeric) if is_number(&to) => number("NUMERIC"),
        // A date or a UUID that reads as a number would become one, and lose its leading zeros.
        (_, Affinity::Numeric) => checked(&format!("typeof({{}}) = 'text' AND {{}} = CAST({{}} AS NUMERIC) AND {}", text_differs("NUMERIC"))),
        (_, Affinity::Text) => checked("(typeof({}) = 'blob' OR typeof({}) = 'real' AND CAST(CAST({} AS TEXT) AS REAL) <> {})"),
    }
}

/// A text that would not come back the same (`'007'`, `'1.50'`), and a number that the new type reads as another one or a value that is no
/// number, do not fit.
fn number(cast: &str) -> TypeChange {
    checked(&format!("CASE typeof({{}}) WHEN 'text' THEN {} ELSE {{}} <> CAST({{}} AS {cast}) END", text_differs(cast)))
}

/// Compares a text with what it reads as in the new type, byte by byte: neither the affinity nor the collation of the column has a say.
fn text_differs(cast: &str) -> String {
    format!("CAST(CAST({{}} AS {cast}) AS TEXT) <> ({{}} || '') COLLATE BINARY")
}

/// True where SQLite stores what is written into a column of either type the same way.
pub(super) fn same_affinity(from: &str, to: &str) -> bool {
    affinity(&key(from)) == affinity(&key(to))
}

fn checked(predicate: &str) -> TypeChange {
    TypeChange::Checked { predicate: predicate.to_owned(), using: None }
}

fn affinity(key: &str) -> Affinity {
    let holds = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if holds(&["int"]) {
        Affinity::Integer
    } else if holds(&["char", "clob", "text"]) {
        Affinity::Text
    } else if key.is_empty() || key == "any" || holds(&["blob"]) {
        Affinity::None
    } else if holds(&["real", "floa", "doub"]) {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// True for the types of NUMERIC affinity that are meant to hold numbers.
fn is_number(key: &str) -> bool {
    ["numeric", "decimal", "number", "bool"].iter().any(|word| key.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_without_case_and_white_space() {
        assert_eq!(key("DECIMAL ( 10 , 2 )"), "decimal(10,2)");
        assert_eq!(key("Double\n Precision"), "double precision");
        assert_eq!(key("\"My Type\""), "my type");
    }

    #[test]
    fn portable_types_stay_and_strict_tables_have_their_own() {
        assert_eq!(map_type("string(64)", false), "varchar(64)");
        assert_eq!(map_type("timestamptz", false), "timestamptz");
        assert_eq!(map_type("varchar(64)", true), "TEXT");
        assert_eq!(map_type("boolean", true), "INTEGER");
        assert_eq!(map_type("ANY", true), "ANY");
        assert_eq!(spell_type("VARCHAR(64)"), "varchar(64)");
    }

    #[test]
    fn only_a_change_that_may_touch_values_is_looked_at() {
        assert_eq!(type_change("varchar(64)", "TEXT"), TypeChange::Fits);
        assert_eq!(type_change("integer", "bigint"), TypeChange::Fits);
        assert_eq!(type_change("text", "blob"), TypeChange::Fits);
        assert!(matches!(type_change("text", "integer"), TypeChange::Checked { .. }));
        assert!(matches!(type_change("real", "integer"), TypeChange::Checked { .. }));
        assert!(matches!(type_change("text", "uuid"), TypeChange::Checked { .. }));
        assert!(matches!(type_change("integer", "text"), TypeChange::Checked { .. }));
    }
}

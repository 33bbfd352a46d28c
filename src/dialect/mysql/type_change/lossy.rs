//! Which rows would not come back from a change that the user has to say a conversion for.

use super::moment::{moment_loses, timed};
use super::number::{approximate, decimal, digits, is_integer, places};
use super::{Family, change};
use crate::dialect::TypeChange;
use crate::dialect::mysql::spelling::Spelling;

/// A condition that holds for rows whose value in `column`, already quoted, would be another one after MODIFY to the type `to` and back.
/// `None` where [`super::type_change`] tells such rows, where there are none, or where the server refuses each of them.
pub fn cast_loses(column: &str, from: &str, to: &str) -> Option<String> {
    let (from, to) = (Spelling::parse(from), Spelling::parse(to));
    if change(&from, &to) != TypeChange::NeedsUsing {
        return None;
    }
    let condition = match (Family::of(&from), Family::of(&to)) {
        // FLOAT(7,3) rounds, and ZEROFILL writes a number in another way.
        (_, Family::Float) if to.args.is_some() => "{} IS NOT NULL".to_owned(),
        (Family::Text, _) if to.zerofill => "{} IS NOT NULL".to_owned(),
        // What is out of range is refused, but for a float that no BIGINT holds.
        (Family::Float, Family::Exact) if to.base == "bigint" => "({} <> ROUND({}) OR ABS({}) >= 9.2e18)".to_owned(),
        (Family::Float, Family::Exact) if is_integer(&to) => "{} <> ROUND({})".to_owned(),
        (Family::Float, Family::Exact) if to.base == "decimal" => {
            format!("CAST(CAST({{}} AS {}) AS {}) <> {{}}", decimal(&to), approximate(&from))
        }
        // A FLOAT ends at 39 digits, and MySQL stops at a CAST that is out of range.
        (Family::Exact, Family::Float) if from.base == "decimal" && to.base == "float" && digits(&from) - places(&from) > 38 => {
            "{} IS NOT NULL".to_owned()
        }
        (Family::Exact, Family::Float) if from.base == "decimal" => {
            format!("CAST(CAST({{}} AS {}) AS {}) <> {{}}", approximate(&to), decimal(&from))
        }
        (Family::Exact, Family::Float) => format!("CAST(CAST({{}} AS {}) AS DECIMAL(20,0)) <> {{}}", approximate(&to)),
        (Family::Float, Family::Float) => {
            format!("CASE WHEN ABS({{}}) > 3.4e38 THEN TRUE ELSE CAST({{}} AS {}) <> {{}} END", approximate(&to))
        }
        // Text of a FLOAT has six digits.
        (Family::Float, Family::Text) if from.base == "float" => "CAST(CAST({} AS CHAR) AS FLOAT) <> {}".to_owned(),
        (Family::Float, Family::Text) => "CAST(CAST({} AS CHAR) AS DOUBLE) <> {}".to_owned(),
        (Family::Text, Family::Exact) if to.base == "decimal" => text_differs(&decimal(&to)),
        (Family::Text, Family::Exact) if is_integer(&to) => text_differs(if to.unsigned { "UNSIGNED" } else { "SIGNED" }),
        (Family::Text, Family::Float) => text_differs(approximate(&to)),
        (Family::Text, Family::Moment) => text_differs(&if to.base == "timestamp" { timed("datetime", &to) } else { timed(&to.base, &to) }),
        (Family::Text, Family::Json) => {
            "CASE WHEN JSON_VALID({}) THEN NOT (CAST(JSON_EXTRACT({}, '$') AS CHAR) <=> CAST({} AS BINARY)) ELSE {} IS NOT NULL END".to_owned()
        }
        // The server refuses bytes that are no text, and every text comes back as its bytes, but for blanks at the end of a CHAR.
        (Family::Binary, Family::Text) if to.base == "char" => "RIGHT({}, 1) = CAST(' ' AS BINARY)".to_owned(),
        (Family::Binary, Family::Text) => return None,
        (Family::Moment, Family::Moment) => moment_loses(&from, &to),
        _ => "{} IS NOT NULL".to_owned(),
    };
    Some(condition.replace("{}", column))
}

/// Compares a text, byte by byte, with what it reads as; one that cannot be read is NULL or the beginning of the text.
fn text_differs(cast: &str) -> String {
    format!("NOT (CAST(CAST({{}} AS {cast}) AS CHAR) <=> CAST({{}} AS BINARY))")
}

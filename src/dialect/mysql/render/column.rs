//! The definition of a column: all of it, since MODIFY forgets what is not said again.
//! <https://dev.mysql.com/doc/refman/8.4/en/alter-table.html>

use super::super::lexer::{Kind, significant};
use super::super::quote::literal;
use super::super::{Mysql, is_mariadb, types};
use crate::dialect::Dialect as _;
use crate::model::{Column, Fill, Table};

/// The column as it stands in CREATE TABLE and behind ADD or MODIFY COLUMN.
pub fn column(name: &str, shape: &Column, table: &Table, version: u32) -> String {
    let is_maria = is_mariadb(version);
    let ty = if version > 0 && !is_maria { types::for_mysql(&shape.ty.text) } else { shape.ty.text.clone() };
    let mut out = format!("{} {ty}", Mysql.quote(name));
    let mut put = |text: &str| {
        out.push(' ');
        out.push_str(text);
    };
    if let Some(srid) = shape.options.srid.filter(|_| is_maria) {
        put(&format!("REF_SYSTEM_ID={srid}"));
    }
    if let Some(method) = shape.options.settings.get("compressed") {
        put(&if method == "true" { "COMPRESSED".to_owned() } else { format!("COMPRESSED={method}") });
    }
    collation(shape, table, &mut put);
    let is_row_time = match &shape.fill {
        Fill::Generated { expr, .. } if expr.text.starts_with("ROW ") => {
            put(&format!("GENERATED ALWAYS AS {}", expr.text));
            true
        }
        Fill::Generated { expr, stored } => {
            put(&format!("GENERATED ALWAYS AS ({}) {}", expr.text, if *stored { "STORED" } else { "VIRTUAL" }));
            // MariaDB has no word for whether it may be NULL.
            is_maria && shape.nullable
        }
        _ => false,
    };
    if !shape.nullable {
        put("NOT NULL");
    } else if !is_row_time && ty.starts_with("timestamp") {
        // Before explicit_defaults_for_timestamp a TIMESTAMP was NOT NULL where nothing was said.
        put("NULL");
    }
    match &shape.fill {
        Fill::Default(text) => put(&format!("DEFAULT {}", default(&text.text))),
        Fill::Identity(_) => put("AUTO_INCREMENT"),
        Fill::None | Fill::Generated { .. } => {}
    }
    if let Some(text) = &shape.options.on_update {
        put(&format!("ON UPDATE {}", text.text));
    }
    if shape.options.invisible {
        put("INVISIBLE");
    }
    for key in ["column_format", "storage"] {
        if let Some(value) = shape.options.settings.get(key) {
            put(&format!("{} {value}", key.to_uppercase()));
        }
    }
    if let Some(comment) = &shape.comment {
        put(&format!("COMMENT {}", literal(comment)));
    }
    if let Some(srid) = shape.options.srid.filter(|_| !is_maria) {
        put(&format!("SRID {srid}"));
    }
    if let Some(check) = &shape.options.check {
        put(&format!("CHECK ({})", check.text));
    }
    if shape.options.settings.contains_key("without_system_versioning") {
        put("WITHOUT SYSTEM VERSIONING");
    }
    out
}

/// What the table says for all of its columns is not said again: MySQL would remember that it was.
fn collation(shape: &Column, table: &Table, put: &mut impl FnMut(&str)) {
    let of_table = shape.collation == table.options.collation;
    match (&shape.options.charset, &shape.collation) {
        (Some(charset), Some(collation)) => put(&format!("CHARACTER SET {charset} COLLATE {collation}")),
        (Some(charset), None) => put(&format!("CHARACTER SET {charset}")),
        (None, Some(collation)) if !of_table => put(&format!("COLLATE {collation}")),
        (None, _) => {}
    }
}

/// A default as it stands behind DEFAULT: an expression needs parentheses, a literal and the current time may not have them.
/// <https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html>
fn default(text: &str) -> String {
    let text = text.trim();
    let tokens = significant(text);
    let is_time = |word: &str| ["current_timestamp", "now", "localtime", "localtimestamp"].iter().any(|time| word.eq_ignore_ascii_case(time));
    let is_constant = |word: &str| ["null", "true", "false"].iter().any(|constant| word.eq_ignore_ascii_case(constant));
    let is_literal = match tokens.as_slice() {
        [token] => matches!(token.kind, Kind::String | Kind::Number) || is_constant(token.text) || is_time(token.text),
        [sign, number] if number.kind == Kind::Number => matches!(sign.text, "-" | "+"),
        // b'101', x'0f', _utf8mb4'a', DATE '2026-01-01'.
        [word, string] => word.kind == Kind::Word && string.kind == Kind::String,
        [word, open, .., close] if open.is_symbol("(") && close.is_symbol(")") => is_time(word.text) && tokens.len() <= 4,
        _ => false,
    };
    let is_enclosed = super::super::introspect::bare(text).len() < text.len();
    if is_literal || is_enclosed { text.to_owned() } else { format!("({text})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_expressions_stand_in_parentheses() {
        for plain in ["'a'", "-1", "NULL", "b'101'", "CURRENT_TIMESTAMP", "now(3)", "current_timestamp()", "(uuid())"] {
            assert_eq!(default(plain), plain);
        }
        assert_eq!(default("uuid()"), "(uuid())");
        assert_eq!(default("1 + 1"), "(1 + 1)");
        assert_eq!(default("now() + interval 1 day"), "(now() + interval 1 day)");
    }
}

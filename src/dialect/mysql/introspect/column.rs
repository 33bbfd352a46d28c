//! A column, as SHOW CREATE TABLE prints it.

use super::cursor::{Cursor, bare, plain};
use super::table::Charsets;
use crate::dialect::mysql::lexer::{Kind, Token, significant};
use crate::dialect::mysql::types;
use crate::model::{Column, ColumnOptions, Fill, Identity, TableOptions, Text};

/// The words that can stand behind a default.
const BEHIND_DEFAULT: [&str; 12] =
    ["on", "comment", "check", "invisible", "visible", "auto_increment", "column_format", "storage", "without", "with", "compressed", "srid"];

/// The column whose name the cursor has just passed.
pub(super) fn column(cursor: &mut Cursor<'_>, of: &TableOptions, charsets: &Charsets, unknown: &mut Vec<String>) -> Column {
    let ty = type_text(cursor);
    let is_text = types::is_text(&ty);
    let mut column = Column::new(ty);
    let mut charset = None;
    while let Some(token) = cursor.peek() {
        if cursor.take_words(&["character", "set"]) {
            charset = cursor.name();
        } else if cursor.take_words(&["collate"]) {
            column.collation = cursor.name();
        } else if cursor.take_words(&["not", "null"]) {
            column.nullable = false;
        } else if cursor.take_words(&["null"]) {
            column.nullable = true;
        } else if cursor.take_words(&["default"]) {
            column.fill = default(cursor, &column.ty.key);
        } else if cursor.take_words(&["auto_increment"]) {
            column.fill = Fill::Identity(Identity::default());
        } else if cursor.take_words(&["generated", "always", "as"]) {
            column.fill = generated(cursor);
        } else if cursor.take_words(&["comment"]) {
            column.comment = cursor.string();
        } else if !option(cursor, &mut column.options) {
            unknown.push(format!("`{}` of a column", token.text));
            cursor.next();
        }
    }
    if is_text {
        settle_collation(&mut column, charset, of, charsets);
    }
    fold_json(&mut column);
    column
}

/// The type with its length or values, UNSIGNED and ZEROFILL.
fn type_text(cursor: &mut Cursor<'_>) -> String {
    let mut text = cursor.next().map(|token| token.text.to_owned()).unwrap_or_default();
    if let Some(inside) = cursor.group() {
        text.push_str(&format!("({inside})"));
    }
    for word in ["unsigned", "zerofill"] {
        if cursor.take_words(&[word]) {
            text.push_str(&format!(" {word}"));
        }
    }
    text
}

fn option(cursor: &mut Cursor<'_>, options: &mut ColumnOptions) -> bool {
    if cursor.take_words(&["on", "update"]) {
        options.on_update = Some(Text::new(cursor.until(is_behind_default)));
    } else if cursor.take_words(&["invisible"]) {
        options.invisible = true;
    } else if cursor.take_words(&["check"]) {
        options.check = cursor.group().map(|expr| Text::with_key(plain(bare(expr)), bare(expr)));
    } else if cursor.take_words(&["srid"]) {
        options.srid = cursor.number();
    } else if cursor.take_words(&["ref_system_id"]) {
        cursor.take_symbol("=");
        options.srid = cursor.number();
    } else if cursor.take_words(&["without", "system", "versioning"]) {
        options.settings.insert("without_system_versioning".to_owned(), "true".to_owned());
    } else if cursor.take_words(&["compressed"]) {
        let method = if cursor.take_symbol("=") { cursor.name() } else { None };
        options.settings.insert("compressed".to_owned(), method.unwrap_or_else(|| "true".to_owned()));
    } else if cursor.take_words(&["column_format"]) {
        options.settings.extend(cursor.name().map(|format| ("column_format".to_owned(), format)));
    } else if cursor.take_words(&["storage"]) {
        options.settings.extend(cursor.name().map(|place| ("storage".to_owned(), place)));
    } else {
        return false;
    }
    options.settings.sort_keys();
    true
}

fn is_behind_default(token: &Token<'_>) -> bool {
    BEHIND_DEFAULT.iter().any(|word| token.is_word(word))
}

/// NULL is what a column gets anyway. MySQL puts numbers in quotes.
fn default(cursor: &mut Cursor<'_>, ty: &str) -> Fill {
    let text = cursor.until(is_behind_default);
    if text.eq_ignore_ascii_case("null") {
        return Fill::None;
    }
    if let [token] = significant(text).as_slice()
        && token.kind == Kind::String
        && types::is_number(ty)
        && token.unquoted().parse::<f64>().is_ok()
    {
        return Fill::Default(Text::new(token.unquoted()));
    }
    Fill::Default(Text::with_key(plain(text), text))
}

fn generated(cursor: &mut Cursor<'_>) -> Fill {
    for end in ["START", "END"] {
        if cursor.take_words(&["row", end]) {
            return Fill::Generated { expr: Text::new(format!("ROW {end}")), stored: true };
        }
    }
    let expr = cursor.group().map(bare).unwrap_or_default();
    let stored = !cursor.take_words(&["virtual"]);
    if stored && !cursor.take_words(&["stored"]) {
        cursor.take_words(&["persistent"]);
    }
    Fill::Generated { expr: Text::with_key(plain(expr), expr), stored }
}

/// The collation that the column has, said or not. The character set is kept only where it is written although the table says the same:
/// MySQL remembers that.
fn settle_collation(column: &mut Column, charset: Option<String>, of: &TableOptions, charsets: &Charsets) {
    let implied = charset.as_ref().and_then(|charset| charsets.get(charset)).or(of.collation.as_ref());
    column.collation = column.collation.take().or_else(|| implied.cloned());
    column.options.charset = charset.filter(|_| column.collation == of.collation);
}

/// MariaDB's `json` is another word for such a column: <https://mariadb.com/kb/en/json-data-type/>.
fn fold_json(column: &mut Column) {
    let is_valid = |check: &Text| check.text.to_ascii_lowercase().starts_with("json_valid(") && !check.text.contains(' ');
    if column.ty.key == "longtext" && column.collation.as_deref() == Some("utf8mb4_bin") && column.options.check.as_ref().is_some_and(is_valid) {
        column.ty = Text::new("json");
        (column.collation, column.options.check, column.options.charset) = (None, None, None);
    }
}

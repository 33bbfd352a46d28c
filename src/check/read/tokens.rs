//! The tokens of a statement as a server reads them: without comments, but with what stands in MySQL's conditional ones.

use crate::dialect::Kind;
use crate::source::{Lexeme, LexemeKind};

/// The tokens in order. Where they begin is counted from the beginning of `sql`, also inside a conditional comment.
pub fn tokens(kind: Kind, sql: &str) -> Vec<Lexeme<'_>> {
    let mut found = Vec::new();
    for token in kind.dialect().lexemes(sql) {
        if let Some((start, inside)) = conditional(kind, token.text) {
            let offset = token.start + start;
            found.extend(tokens(kind, inside).into_iter().map(|it| Lexeme { start: it.start + offset, ..it }));
        } else if token.kind != LexemeKind::Comment {
            found.push(token);
        }
    }
    found
}

/// What stands in `/*!80023 ... */` and `/*M!100401 ... */`, and where it begins in there. Which servers run it the version says, and that the
/// reader does not know: it takes all of it for SQL.
fn conditional(kind: Kind, text: &str) -> Option<(usize, &str)> {
    if kind != Kind::Mysql {
        return None;
    }
    let behind = text.strip_prefix("/*!").or_else(|| text.strip_prefix("/*M!"))?;
    let sql = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    let start = text.len() - sql.len();
    // No server has this version: mariadb-dump writes it for clients.
    if behind.starts_with("999999") {
        return Some((start, ""));
    }
    Some((start, sql.strip_suffix("*/").unwrap_or(sql)))
}

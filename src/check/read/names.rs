//! The names in a statement: how each engine quotes and folds them, and where they stand in lists.

use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;
use crate::source::{Lexeme, LexemeKind};

impl Cursor<'_> {
    /// The identifier that comes next, without quotes, folded as the server folds it.
    pub fn ident(&mut self) -> Option<String> {
        let name = identifier(self.kind, &self.peek()?)?;
        self.advance();
        Some(name)
    }

    /// The name that comes next, with its schema unless that is the default one.
    pub fn name(&mut self) -> Option<Name> {
        let mut parts = vec![self.ident()?];
        // MySQL's DELETE has a `.*` behind a name.
        while self.sees(&["."]) && !self.sees(&[".", "*"]) {
            self.advance();
            parts.push(self.ident()?);
        }
        let name = parts.pop()?;
        let schema = match parts.pop() {
            Some(schema) => Some(schema).filter(|schema| !is_default_schema(self.kind, schema)),
            None => self.schema.clone(),
        };
        Some(Name { schema, name })
    }

    /// The name of a table. On PostgreSQL ONLY may stand before it, then also in brackets, and a `*` behind one that has children.
    pub fn table(&mut self) -> Option<Name> {
        let is_only = self.kind == Kind::Postgres && self.eat(&["ONLY"]);
        let inner = if is_only { self.brackets() } else { None };
        let name = match inner {
            Some(mut inner) => inner.name(),
            None => self.name(),
        };
        if self.kind == Kind::Postgres {
            self.eat(&["*"]);
        }
        name
    }

    /// The names in the list that comes next.
    pub fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(name) = self.table() {
            names.push(name);
            if !self.eat(&[","]) {
                break;
            }
        }
        names
    }

    /// The names of the columns in a list in brackets; an expression is `None`. What stands behind a name (DESC, a prefix) is left out.
    pub fn columns(&mut self) -> Option<Vec<Option<String>>> {
        let list = self.brackets()?;
        Some(list.parts().into_iter().map(|mut part| part.plain_column()).collect())
    }

    fn plain_column(&mut self) -> Option<String> {
        let column = self.ident()?;
        // A prefix of MySQL is a number in brackets, a call has something else there.
        if let Some(mut inner) = self.clone().brackets() {
            let is_number = inner.advance().is_some_and(|token| token.text.bytes().all(|c| c.is_ascii_digit()));
            return (is_number && inner.is_done()).then_some(column);
        }
        // An order, or the name of a collation or an operator class.
        let goes_on = self.is_done() || self.peek().is_some_and(|token| token.kind == LexemeKind::Word || is_quoted(&token));
        goes_on.then_some(column)
    }
}

/// The name that a token stands for. MySQL takes text in double quotes for a string, and SQLite that in single ones, but where a name has to
/// stand it is one.
pub fn identifier(kind: Kind, token: &Lexeme<'_>) -> Option<String> {
    let text = token.text;
    match (token.kind, text.chars().next()?) {
        // A server whose encoding is UTF-8 folds nothing but ASCII.
        (LexemeKind::Word, _) if kind == Kind::Postgres => Some(text.to_ascii_lowercase()),
        (LexemeKind::Word, _) => Some(text.to_owned()),
        (LexemeKind::Other, quote @ ('"' | '`')) => unquoted(text, quote),
        (LexemeKind::Other, '\'') if kind == Kind::Sqlite => unquoted(text, '\''),
        (LexemeKind::Other, '[') => Some(text.strip_prefix('[')?.strip_suffix(']')?.to_owned()),
        (LexemeKind::Other, 'U' | 'u') if kind == Kind::Postgres => unescaped(&unquoted(text.get(2..)?, '"')?),
        _ => None,
    }
}

fn unquoted(text: &str, quote: char) -> Option<String> {
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

/// PostgreSQL's `U&"d\0061t"`, without an escape character of its own:
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.
fn unescaped(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        name.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('\\') {
            name.push('\\');
            rest = behind;
            continue;
        }
        let (start, end) = if rest.starts_with('+') { (1, 7) } else { (0, 4) };
        name.push(char::from_u32(u32::from_str_radix(rest.get(start..end)?, 16).ok()?)?);
        rest = &rest[end..];
    }
    name.push_str(rest);
    Some(name)
}

/// True for a name in quotes.
pub fn is_quoted(token: &Lexeme<'_>) -> bool {
    token.kind == LexemeKind::Other && token.text.starts_with(['"', '`'])
}

fn is_default_schema(kind: Kind, schema: &str) -> bool {
    match kind {
        Kind::Sqlite => schema.eq_ignore_ascii_case("main"),
        Kind::Postgres => schema == "public",
        Kind::Mysql => false,
    }
}

/// True for a table that its schema makes a temporary one.
pub fn is_temporary(kind: Kind, table: &Name) -> bool {
    let schema = table.schema.as_deref().unwrap_or_default();
    match kind {
        Kind::Sqlite => schema.eq_ignore_ascii_case("temp"),
        Kind::Postgres => schema == "pg_temp",
        Kind::Mysql => false,
    }
}

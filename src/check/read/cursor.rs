//! A place in the tokens of a statement, and the small steps that every reader takes.

use std::ops::Range;

use crate::dialect::Kind;
use crate::model::Name;
use crate::source::{Lexeme, LexemeKind};

/// A place in a part of a statement. Comments are no part of it.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    pub kind: Kind,
    pub sql: &'a str,
    tokens: Vec<Lexeme<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(kind: Kind, sql: &'a str) -> Self {
        let tokens = kind.dialect().lexemes(sql).into_iter().filter(|token| token.kind != LexemeKind::Comment).collect();
        Self { kind, sql, tokens, at: 0 }
    }

    /// The same over some of the tokens.
    fn over(&self, tokens: &[Lexeme<'a>]) -> Self {
        Self { kind: self.kind, sql: self.sql, tokens: tokens.to_vec(), at: 0 }
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn peek(&self) -> Option<Lexeme<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub fn advance(&mut self) -> Option<Lexeme<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// True where the next tokens are these key words or symbols.
    pub fn sees(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.tokens.get(self.at + index).is_some_and(|token| is(token, word)))
    }

    /// Steps over these key words or symbols where they come next.
    pub fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.sees(words);
        if found {
            self.at += words.len();
        }
        found
    }

    /// The first of several words that comes next, stepped over.
    pub fn eat_one(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.eat(&[word]))
    }

    /// True where one of the words comes next.
    pub fn sees_one(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.sees(&[word]))
    }

    /// The next token in upper case where it is a word.
    pub fn word(&self) -> Option<String> {
        self.peek().filter(|token| token.kind == LexemeKind::Word).map(|token| token.text.to_ascii_uppercase())
    }

    /// The identifier that comes next, without quotes, folded as the server folds it.
    pub fn ident(&mut self) -> Option<String> {
        let token = self.peek()?;
        let name = identifier(self.kind, &token)?;
        self.at += 1;
        Some(name)
    }

    /// The name that comes next, with its schema unless that is the default one.
    pub fn name(&mut self) -> Option<Name> {
        let mut parts = vec![self.ident()?];
        while self.sees(&["."]) {
            self.at += 1;
            parts.push(self.ident()?);
        }
        let name = parts.pop()?;
        let schema = parts.pop().filter(|schema| !is_default_schema(self.kind, schema));
        Some(Name { schema, name })
    }

    /// The names in the list that comes next.
    pub fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            // PostgreSQL: ONLY before each of several tables.
            if self.sees(&["ONLY"]) {
                self.at += 1;
            }
            let Some(name) = self.name() else { break };
            names.push(name);
            // PostgreSQL lets a `*` stand behind a table that has children.
            self.eat(&["*"]);
            if !self.eat(&[","]) {
                break;
            }
        }
        names
    }

    /// What stands in the brackets that come next, stepped over.
    pub fn brackets(&mut self) -> Option<Cursor<'a>> {
        if self.peek()?.kind != LexemeKind::Open {
            return None;
        }
        let start = self.at + 1;
        self.step();
        Some(self.over(&self.tokens[start..self.at.saturating_sub(1).max(start)]))
    }

    /// Steps over one token, or over brackets and all that is in them.
    pub fn step(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.advance() {
            match token.kind {
                LexemeKind::Open => depth += 1,
                LexemeKind::Close => depth = depth.saturating_sub(1),
                LexemeKind::Comment | LexemeKind::Word | LexemeKind::Other => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Steps up to the first of these words that stands outside brackets, or to the end; what was stepped over, as it is written.
    pub fn until(&mut self, stops: &[&str]) -> &'a str {
        let start = self.at;
        while !self.is_done() && !self.sees_one(stops) {
            self.step();
        }
        self.text(start, self.at)
    }

    /// The rest as it is written.
    pub fn rest(&mut self) -> &'a str {
        self.until(&[])
    }

    /// The parts between commas that stand outside brackets.
    pub fn parts(&self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let mut cursor = self.clone();
        let mut start = cursor.at;
        while !cursor.is_done() {
            if cursor.sees(&[","]) {
                parts.push(self.over(&self.tokens[start..cursor.at]));
                cursor.at += 1;
                start = cursor.at;
            } else {
                cursor.step();
            }
        }
        parts.push(self.over(&self.tokens[start..]));
        parts
    }

    /// The names of the columns in a list in brackets; an expression is `None`. What stands behind a name (DESC, a prefix) is left out.
    pub fn columns(&mut self) -> Option<Vec<Option<String>>> {
        let list = self.brackets()?;
        Some(list.parts().into_iter().map(|mut part| part.plain_column()).collect())
    }

    fn plain_column(&mut self) -> Option<String> {
        let column = self.ident()?;
        // A prefix of MySQL is a number in brackets, a call has something else there.
        if let Some(inner) = self.clone().brackets() {
            let mut inner = inner;
            let is_number = inner.advance().is_some_and(|token| token.text.bytes().all(|c| c.is_ascii_digit()));
            return (is_number && inner.is_done()).then_some(column);
        }
        let goes_on = self.is_done() || self.peek().is_some_and(|token| token.kind == LexemeKind::Word);
        goes_on.then_some(column)
    }

    /// What is written from the place where the cursor stood at `start` up to where it is.
    pub fn text(&self, start: usize, end: usize) -> &'a str {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if start < end => &self.sql[first.start..last.end()],
            _ => "",
        }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    /// The bytes of all tokens of this cursor.
    pub fn span(&self) -> Range<usize> {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => first.start..last.end(),
            _ => 0..0,
        }
    }

    pub fn tokens(&self, start: usize, end: usize) -> &[Lexeme<'a>] {
        self.tokens.get(start..end).unwrap_or_default()
    }
}

fn is(token: &Lexeme<'_>, word: &str) -> bool {
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { token.is_word(word) } else { token.text == word }
}

/// The name that a token stands for. MySQL takes text in double quotes for a string, but where a name has to stand it is one.
fn identifier(kind: Kind, token: &Lexeme<'_>) -> Option<String> {
    let text = token.text;
    match (token.kind, text.chars().next()?) {
        (LexemeKind::Word, _) if kind == Kind::Postgres => Some(text.to_lowercase()),
        (LexemeKind::Word, _) => Some(text.to_owned()),
        (LexemeKind::Other, quote @ ('"' | '`')) => {
            let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
            Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
        }
        (LexemeKind::Other, '[') => Some(text.strip_prefix('[')?.strip_suffix(']')?.to_owned()),
        _ => None,
    }
}

fn is_default_schema(kind: Kind, schema: &str) -> bool {
    match kind {
        Kind::Sqlite => schema.eq_ignore_ascii_case("main") || schema.eq_ignore_ascii_case("temp"),
        Kind::Postgres => schema == "public" || schema == "pg_temp",
        Kind::Mysql => false,
    }
}

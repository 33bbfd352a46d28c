//! A place in the tokens of one statement, and the small steps a parser makes from there.

use std::fmt;

use super::super::lexer::{Kind, Token, closing, significant};
use super::super::quote::may_be_name;

/// Why a stored statement could not be read: what was looked for, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    pub wanted: String,
    pub found: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.wanted, self.found)
    }
}

impl std::error::Error for ParseError {}

pub(super) struct Cursor<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(sql: &'a str) -> Self {
        Self { sql, tokens: significant(sql), at: 0 }
    }

    pub fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(symbol))
    }

    /// True where the next tokens are these key words.
    pub fn are_words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.tokens.get(self.at + offset).is_some_and(|token| token.is_word(word)))
    }

    /// Steps over the key words if all of them come next.
    pub fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.are_words(words);
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, words: &[&str]) -> Result<(), ParseError> {
        if self.eat(words) { Ok(()) } else { Err(self.error(&words.join(" ").to_uppercase())) }
    }

    /// Steps over a name: an identifier, a string, or a key word that may be one.
    pub fn name(&mut self) -> Result<String, ParseError> {
        let name = self.peek().filter(|token| match token.kind {
            Kind::Word => may_be_name(token.text),
            Kind::Quoted | Kind::String => true,
            _ => false,
        });
        let Some(token) = name else { return Err(self.error("a name")) };
        self.at += 1;
        Ok(token.unquoted())
    }

    /// Steps over a name with a namespace before it, which SQLite does not keep, and gives the name alone.
    pub fn object_name(&mut self) -> Result<String, ParseError> {
        let name = self.name()?;
        if self.eat_symbol(".") { self.name() } else { Ok(name) }
    }

    /// Steps over `( ... )` and gives a cursor over what stands between the brackets.
    pub fn group(&mut self) -> Result<Cursor<'a>, ParseError> {
        if !self.is_symbol("(") {
            return Err(self.error("`(`"));
        }
        let length = closing(&self.tokens[self.at..]).ok_or_else(|| self.error("a closing bracket"))?;
        let tokens = self.tokens[self.at + 1..self.at + length].to_vec();
        self.at += length + 1;
        Ok(Cursor { sql: self.sql, tokens, at: 0 })
    }

    /// Steps over everything up to the next comma outside brackets, and gives a cursor over it. The comma is left.
    pub fn item(&mut self) -> Cursor<'a> {
        let from = self.at;
        while let Some(token) = self.peek() {
            if token.is_symbol(",") {
                break;
            }
            self.at += closing(&self.tokens[self.at..]).filter(|_| token.is_symbol("(")).unwrap_or(0) + 1;
        }
        Cursor { sql: self.sql, tokens: self.tokens[from..self.at].to_vec(), at: 0 }
    }

    /// The tokens that are left.
    pub fn rest(&self) -> &[Token<'a>] {
        &self.tokens[self.at..]
    }

    /// Takes the last `count` tokens off, but none that was already stepped over.
    pub fn cut(&mut self, count: usize) {
        let keep = self.tokens.len().saturating_sub(count).max(self.at);
        self.tokens.truncate(keep);
    }

    /// What is left, as it was written.
    pub fn text(&self) -> &'a str {
        match (self.rest().first(), self.rest().last()) {
            (Some(first), Some(last)) => &self.sql[first.start..last.end()],
            _ => "",
        }
    }

    /// What stands between a place given by [`Cursor::place`] and here, as it was written.
    pub fn text_since(&self, place: usize) -> &'a str {
        match (self.tokens.get(place), self.tokens.get(self.at.wrapping_sub(1))) {
            (Some(first), Some(last)) if place < self.at => &self.sql[first.start..last.end()],
            _ => "",
        }
    }

    pub fn place(&self) -> usize {
        self.at
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn error(&self, wanted: &str) -> ParseError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |token| format!("`{}`", token.text));
        ParseError { wanted: wanted.to_owned(), found }
    }
}

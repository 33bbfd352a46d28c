//! A place in the tokens of a statement, and the small steps that every reader takes.

use std::ops::Range;

use super::tokens::tokens;
use crate::dialect::Kind;
use crate::source::{Lexeme, LexemeKind};

/// A place in a part of a statement. Comments are no part of it.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    pub kind: Kind,
    pub sql: &'a str,
    /// The schema of names without one, where the statement says it.
    pub schema: Option<String>,
    tokens: Vec<Lexeme<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(kind: Kind, sql: &'a str) -> Self {
        Self { kind, sql, schema: None, tokens: tokens(kind, sql), at: 0 }
    }

    /// The same over some of the tokens.
    pub fn between(&self, start: usize, end: usize) -> Self {
        Self { kind: self.kind, sql: self.sql, schema: self.schema.clone(), tokens: self.tokens(start, end).to_vec(), at: 0 }
    }

    /// What is left, as a cursor of its own.
    pub fn remaining(&self) -> Self {
        self.between(self.at, self.tokens.len())
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

    /// True where these words follow each other somewhere ahead, outside brackets.
    pub fn has(&self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        while !ahead.is_done() && !ahead.sees(words) {
            ahead.step();
        }
        !ahead.is_done()
    }

    /// The next token in upper case where it is a word.
    pub fn word(&self) -> Option<String> {
        self.peek().filter(|token| token.kind == LexemeKind::Word).map(|token| token.text.to_ascii_uppercase())
    }

    /// What stands in the brackets that come next, stepped over.
    pub fn brackets(&mut self) -> Option<Cursor<'a>> {
        if self.peek()?.kind != LexemeKind::Open {
            return None;
        }
        let start = self.at + 1;
        self.step();
        Some(self.between(start, self.at.saturating_sub(1).max(start)))
    }

    /// Steps over one token, or over brackets and all that is in them: round ones, and the square ones of PostgreSQL's arrays.
    pub fn step(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.advance() {
            match (token.kind, token.text) {
                (LexemeKind::Open, _) | (LexemeKind::Other, "[") => depth += 1,
                (LexemeKind::Close, _) | (LexemeKind::Other, "]") => depth = depth.saturating_sub(1),
                _ => {}
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

    /// The rest without comments, and with one blank wherever there is space: for those who look for words in it.
    pub fn spaced(&mut self) -> String {
        let start = self.at;
        self.rest();
        let mut text = String::new();
        let mut end = usize::MAX;
        for token in self.tokens(start, self.at) {
            if token.start > end {
                text.push(' ');
            }
            text.push_str(token.text);
            end = token.end();
        }
        text
    }

    /// The parts between commas that stand outside brackets.
    pub fn parts(&self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let mut cursor = self.clone();
        loop {
            let start = cursor.at;
            cursor.until(&[","]);
            parts.push(self.between(start, cursor.at));
            if !cursor.eat(&[","]) {
                return parts;
            }
        }
    }

    /// What is written from the place where the cursor stood at `start` up to where it is.
    pub fn text(&self, start: usize, end: usize) -> &'a str {
        match self.tokens(start, end) {
            [first, .., last] => &self.sql[first.start..last.end()],
            [only] => only.text,
            [] => "",
        }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    /// The bytes of all tokens of this cursor.
    pub fn span(&self) -> Range<usize> {
        self.span_of(0, self.tokens.len())
    }

    /// The bytes of some of its tokens.
    pub fn span_of(&self, start: usize, end: usize) -> Range<usize> {
        match (self.tokens(start, end).first(), self.tokens(start, end).last()) {
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

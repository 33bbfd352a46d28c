//! The tokens of SQL as far as all engines agree on them.

/// What a token is to those who look for words and brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LexemeKind {
    Comment,
    /// A key word or an identifier without quotes.
    Word,
    Open,
    Close,
    /// Strings, quoted identifiers, numbers, operators.
    Other,
}

/// A token and where it begins, in bytes. White space is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme<'a> {
    pub kind: LexemeKind,
    pub start: usize,
    pub text: &'a str,
}

impl Lexeme<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for this key word, in any case and never in quotes.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == LexemeKind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// The kind of a token that is one character of punctuation.
pub fn bracket(text: &str) -> LexemeKind {
    match text {
        "(" => LexemeKind::Open,
        ")" => LexemeKind::Close,
        _ => LexemeKind::Other,
    }
}

//! The tokens of PostgreSQL's SQL, as far as splitting scripts and reading the server's expressions needs them.
//!
//! Nothing is parsed: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html> with `standard_conforming_strings` on.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    /// `-- ...` without its line end, or `/* ... */`, nested ones included.
    Comment,
    /// A key word or an identifier without quotes.
    Word,
    /// `"..."`.
    Quoted,
    /// `'...'`, `E'...'`, `$tag$...$tag$`; the prefix belongs to it.
    String,
    Number,
    /// One character of anything else.
    Symbol,
}

/// A token by its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub start: usize,
    pub text: &'a str,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for this key word, in any case and never in quotes.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    /// True for what the server reads, false for white space and comments.
    pub fn is_code(&self) -> bool {
        !matches!(self.kind, Kind::Space | Kind::Comment)
    }
}

/// All tokens of `sql`: joined they are `sql`. What has no end (a string, a comment) goes to the end of the text.
pub(super) fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let token = token_at(sql, start)?;
        start = token.end();
        Some(token)
    })
}

/// The token that begins at `start`; `None` at the end of the text.
pub(super) fn token_at(sql: &str, start: usize) -> Option<Token<'_>> {
    let rest = &sql[start..];
    let (kind, length) = next(rest)?;
    Some(Token { kind, start, text: &rest[..length] })
}

/// The tokens that the server reads.
pub(super) fn code(sql: &str) -> Vec<Token<'_>> {
    tokens(sql).filter(Token::is_code).collect()
}

fn next(rest: &str) -> Option<(Kind, usize)> {
    let bytes = rest.as_bytes();
    let first = *bytes.first()?;
    let found = match first {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => (Kind::Space, run(bytes, |byte| byte.is_ascii_whitespace() || byte == 0x0b)),
        b'-' if bytes.get(1) == Some(&b'-') => (Kind::Comment, run(bytes, |byte| byte != b'\n' && byte != b'\r')),
        b'/' if bytes.get(1) == Some(&b'*') => (Kind::Comment, block_comment(bytes)),
        b'\'' => (Kind::String, quoted(bytes, 0, false)),
        b'"' => (Kind::Quoted, quoted(bytes, 0, false)),
        b'$' => dollar(rest).map_or((Kind::Symbol, 1), |length| (Kind::String, length)),
        b'0'..=b'9' => (Kind::Number, number(bytes)),
        b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => (Kind::Number, number(bytes)),
        _ if begins_word(first) => word(bytes),
        _ => (Kind::Symbol, 1),
    };
    Some(found)
}

/// A word, or the string whose prefix it is. `U&'...'` needs two characters of look-ahead.
fn word(bytes: &[u8]) -> (Kind, usize) {
    let length = run(bytes, |byte| begins_word(byte) || byte.is_ascii_digit() || byte == b'$');
    let next = bytes.get(length).copied();
    let prefix = if length == 1 { bytes[0].to_ascii_lowercase() } else { 0 };
    match (prefix, next) {
        (b'e', Some(b'\'')) => (Kind::String, quoted(bytes, 1, true)),
        (b'b' | b'x' | b'n', Some(b'\'')) => (Kind::String, quoted(bytes, 1, false)),
        (b'u', Some(b'&')) if bytes.get(2) == Some(&b'\'') => (Kind::String, quoted(bytes, 2, false)),
        (b'u', Some(b'&')) if bytes.get(2) == Some(&b'"') => (Kind::Quoted, quoted(bytes, 2, false)),
        _ => (Kind::Word, length),
    }
}

/// Letters, `_` and everything outside ASCII begin an identifier.
fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !belongs(byte)).unwrap_or(bytes.len())
}

/// Digits, underscores, a point and an exponent; `0x1f` and the like too. `1..2` of PL/pgSQL stays two numbers.
fn number(bytes: &[u8]) -> usize {
    let mut at = run(bytes, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) != Some(&b'.') {
        at += 1 + run(&bytes[at + 1..], |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    }
    let exponent = at > 0 && bytes[at - 1].eq_ignore_ascii_case(&b'e') && matches!(bytes.get(at), Some(b'+' | b'-'));
    if exponent && !bytes.starts_with(b"0x") && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1 + run(&bytes[at + 1..], |byte| byte.is_ascii_digit());
    }
    at
}

/// The length of a string or quoted identifier whose quote stands at `open`. A doubled quote does not end it.
fn quoted(bytes: &[u8], open: usize, backslashes: bool) -> usize {
    let quote = bytes[open];
    let mut at = open + 1;
    while at < bytes.len() {
        if backslashes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    bytes.len()
}

fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The length of a dollar-quoted string; `None` for `$1` and a lone dollar.
fn dollar(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let tag = 1 + run(&bytes[1..], |byte| begins_word(byte) || byte.is_ascii_digit());
    if bytes.get(tag) != Some(&b'$') || bytes[1].is_ascii_digit() {
        return None;
    }
    let delimiter = &rest[..=tag];
    Some(rest[delimiter.len()..].find(delimiter).map_or(rest.len(), |found| found + 2 * delimiter.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str) -> Vec<&str> {
        code(sql).iter().map(|token| token.text).collect()
    }

    #[test]
    fn strings_of_every_kind_are_one_token() {
        assert_eq!(shown(r"'it''s' E'\'' U&'x' B'1' $$ ; $$ $a$ $b$ $a$"), [r"'it''s'", r"E'\''", "U&'x'", "B'1'", "$$ ; $$", "$a$ $b$ $a$"]);
        assert_eq!(shown(r"'\' 'x'"), [r"'\'", "'x'"]);
        assert_eq!(shown("$1 a$b$c"), ["$", "1", "a$b$c"]);
    }

    #[test]
    fn comments_nest() {
        assert_eq!(shown("a /* x /* y */ ; */ b -- ;\nc"), ["a", "b", "c"]);
    }

    #[test]
    fn numbers_hold_together() {
        assert_eq!(shown("1.5e-3 1..2 .5 0xff 1+2"), ["1.5e-3", "1", ".", ".2", ".5", "0xff", "1", "+", "2"]);
    }
}

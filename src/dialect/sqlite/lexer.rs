//! SQLite's tokens, as its own tokenizer cuts them. Total and lossless: every text is cut somehow, and the tokens joined are the text.

pub use super::spelling::{closing, expression, key, strip, tidy, trim};

use super::quote::{goes_on_word, starts_word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Space,
    /// `-- ...` up to the end of the line, or `/* ... */`.
    Comment,
    /// A key word or an identifier without quotes.
    Word,
    /// `"x"`, `` `x` `` or `[x]`.
    Quoted,
    /// `'...'`.
    String,
    /// `x'...'`.
    Blob,
    Number,
    /// `?`, `?1`, `:a`, `@a`, `$a`.
    Variable,
    /// An operator or a bracket.
    Symbol,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Byte offset of `text` in the SQL.
    pub start: usize,
}

impl<'a> Token<'a> {
    /// The byte behind the token.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for the key word or bare name `word`, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    /// True for what SQLite looks at: neither white space nor a comment.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, Kind::Space | Kind::Comment)
    }

    /// The name that an identifier stands for, quotes taken off. SQLite takes a string for a name where only a name can stand.
    pub fn unquoted(&self) -> String {
        match self.kind {
            Kind::Quoted | Kind::String => unquote(self.text),
            _ => self.text.to_owned(),
        }
    }
}

/// All tokens of `sql`.
pub fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= sql.len() {
            return None;
        }
        let (kind, end) = scan(sql.as_bytes(), start);
        let token = Token { kind, text: &sql[start..end], start };
        start = end;
        Some(token)
    })
}

/// The tokens of `sql` without white space and comments.
pub fn significant(sql: &str) -> Vec<Token<'_>> {
    tokens(sql).filter(Token::is_significant).collect()
}

/// The content of a quoted token; a missing end quote is forgiven.
fn unquote(text: &str) -> String {
    let Some(open) = text.chars().next() else { return String::new() };
    let close = if open == '[' { ']' } else { open };
    let inner = text[1..].strip_suffix(close).unwrap_or(&text[1..]);
    if open == '[' { inner.to_owned() } else { inner.replace(&format!("{close}{close}"), &close.to_string()) }
}

/// The kind of the token that begins at `start`, and where it ends. Ends always lie between two characters: whatever is looked for is
/// ASCII, and every byte beyond that belongs to a word.
fn scan(sql: &[u8], start: usize) -> (Kind, usize) {
    let at = |offset: usize| sql.get(start + offset).copied().unwrap_or(0);
    match sql[start] {
        byte if is_space(byte) => (Kind::Space, start + run(sql, start, is_space)),
        b'-' if at(1) == b'-' => (Kind::Comment, start + run(sql, start, |byte| byte != b'\n')),
        b'/' if at(1) == b'*' => (Kind::Comment, block_end(sql, start)),
        b'\'' => (Kind::String, quote_end(sql, start)),
        b'"' | b'`' => (Kind::Quoted, quote_end(sql, start)),
        b'[' => (Kind::Quoted, (start + run(sql, start, |byte| byte != b']') + 1).min(sql.len())),
        b'x' | b'X' if at(1) == b'\'' => (Kind::Blob, quote_end(sql, start + 1)),
        0xEF if at(1) == 0xBB && at(2) == 0xBF => (Kind::Space, start + 3), // A byte order mark is white space to SQLite.
        b'0'..=b'9' => (Kind::Number, number_end(sql, start)),
        b'.' if at(1).is_ascii_digit() => (Kind::Number, number_end(sql, start)),
        b'?' => (Kind::Variable, start + 1 + run(sql, start + 1, |byte| byte.is_ascii_digit())),
        b':' | b'@' | b'$' | b'#' if goes_on_word(at(1)) => (Kind::Variable, start + 1 + run(sql, start + 1, goes_on_word)),
        byte if starts_word(byte) => (Kind::Word, start + run(sql, start, goes_on_word)),
        _ => (Kind::Symbol, start + symbol_length(&sql[start..])),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

/// The number of bytes from `start` that `belongs` holds for.
fn run(sql: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    sql[start..].iter().take_while(|byte| belongs(**byte)).count()
}

/// The byte behind a block comment; the end of the text where it is never closed.
fn block_end(sql: &[u8], start: usize) -> usize {
    sql[start + 2..].windows(2).position(|pair| pair == b"*/").map_or(sql.len(), |at| start + 2 + at + 2)
}

/// The byte behind what is quoted by the byte at `start`, which is doubled where it stands for itself.
fn quote_end(sql: &[u8], start: usize) -> usize {
    let quote = sql[start];
    let mut at = start + 1;
    while at < sql.len() {
        if sql[at] != quote {
            at += 1;
        } else if sql.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    sql.len()
}

/// The byte behind a number: digits, a fraction and an exponent, or a hexadecimal integer. Letters that run on are no number at all
/// to SQLite; they are kept with it, so that they cannot become a word of their own.
fn number_end(sql: &[u8], start: usize) -> usize {
    let digit = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let mut at = start + run(sql, start, digit);
    if sql.get(at) == Some(&b'.') {
        at += 1 + run(sql, at + 1, digit);
    }
    let sign = sql.get(at + 1).is_some_and(|byte| matches!(byte, b'+' | b'-')) && sql.get(at + 2).is_some_and(u8::is_ascii_digit);
    if matches!(sql.get(at), Some(b'e' | b'E')) && sign {
        at += 2;
    }
    at + run(sql, at, goes_on_word)
}

/// The length of the operator with which `sql` begins: the longest that SQLite knows.
fn symbol_length(sql: &[u8]) -> usize {
    const LONG: [&[u8]; 9] = [b"->>", b"->", b"||", b"<=", b"<>", b"<<", b">=", b">>", b"!="];
    if sql.starts_with(b"==") {
        return 2;
    }
    LONG.iter().find(|symbol| sql.starts_with(symbol)).map_or(1, |symbol| symbol.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<(Kind, &str)> {
        significant(sql).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn tokens_joined_are_the_text() {
        for sql in [
            "",
            "SELECT 'a''b', \"c\"\"d\", [e f], `g` -- h\n/* i */ + x'00' ->> 1.5e-3;",
            "'open",
            "/* open",
            "[open",
            "ü§\u{feff}1",
            "\"",
            "x'",
            "0x1F .5 1_000",
        ] {
            assert_eq!(tokens(sql).map(|token| token.text).collect::<String>(), sql);
        }
    }

    #[test]
    fn kinds_are_those_of_sqlite() {
        use Kind::*;
        assert_eq!(
            kinds("a\"b\"[c]'d'x'0f'1e-5||?1:v<>"),
            [
                (Word, "a"),
                (Quoted, "\"b\""),
                (Quoted, "[c]"),
                (String, "'d'"),
                (Blob, "x'0f'"),
                (Number, "1e-5"),
                (Symbol, "||"),
                (Variable, "?1"),
                (Variable, ":v"),
                (Symbol, "<>")
            ]
        );
        assert_eq!(kinds("1-2--3\n4"), [(Number, "1"), (Symbol, "-"), (Number, "2"), (Number, "4")]);
        assert_eq!(kinds("a.5"), [(Word, "a"), (Number, ".5")]);
    }

    #[test]
    fn names_lose_their_quotes() {
        for (sql, name) in [("\"a\"\"b\"", "a\"b"), ("[a b]", "a b"), ("`a``b`", "a`b"), ("'it''s'", "it's"), ("plain", "plain")] {
            assert_eq!(significant(sql)[0].unquoted(), name);
        }
    }
}

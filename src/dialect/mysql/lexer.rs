//! The tokens of MySQL's and MariaDB's SQL, as their own lexer cuts them. Total and lossless: the tokens joined are the text.
//!
//! Strings are read as `sql_mode` has them on our sessions: a backslash escapes, and double quotes are a string's
//! (<https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>).

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Space,
    /// `-- ...` and `# ...` up to the end of the line, `/* ... */`.
    Comment,
    /// `/*! ... */` and `/*M! ... */`: the server runs what stands in it.
    Conditional,
    /// A key word or an identifier without quotes.
    Word,
    /// `` `x` ``.
    Quoted,
    /// `'...'` and `"..."`.
    String,
    Number,
    /// `@a`, `@@a`, `?`.
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

impl Token<'_> {
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

    /// True for what the server looks at.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, Kind::Space | Kind::Comment)
    }

    /// The name that an identifier stands for, or the value of a string.
    pub fn unquoted(&self) -> String {
        match self.kind {
            Kind::Quoted => self.text.trim_matches('`').replace("``", "`"),
            Kind::String => unescape(self.text),
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

/// The kind of the token that begins at `start`, and where it ends. Ends lie between two characters: whatever is looked for is ASCII, and
/// every byte beyond that belongs to a word.
fn scan(sql: &[u8], start: usize) -> (Kind, usize) {
    let at = |offset: usize| sql.get(start + offset).copied().unwrap_or(0);
    match sql[start] {
        byte if is_space(byte) => (Kind::Space, start + run(sql, start, is_space)),
        // Two dashes are a comment only before white space: https://dev.mysql.com/doc/refman/8.4/en/comments.html
        b'-' if at(1) == b'-' && (at(2) <= b' ') => (Kind::Comment, line_end(sql, start)),
        b'#' => (Kind::Comment, line_end(sql, start)),
        b'/' if at(1) == b'*' && (at(2) == b'!' || (at(2) == b'M' && at(3) == b'!')) => (Kind::Conditional, block_end(sql, start)),
        b'/' if at(1) == b'*' => (Kind::Comment, block_end(sql, start)),
        b'\'' | b'"' => (Kind::String, string_end(sql, start)),
        b'`' => (Kind::Quoted, quoted_end(sql, start)),
        b'@' => (Kind::Variable, variable_end(sql, start)),
        b'?' => (Kind::Variable, start + 1),
        b'.' if at(1).is_ascii_digit() => (Kind::Number, number_end(sql, start)),
        byte if byte.is_ascii_digit() => word_or_number(sql, start),
        byte if goes_on_word(byte) => (Kind::Word, start + run(sql, start, goes_on_word)),
        _ => (Kind::Symbol, start + symbol_length(&sql[start..])),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0)
}

fn goes_on_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// The number of bytes from `start` that `belongs` holds for.
fn run(sql: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    sql[start..].iter().take_while(|byte| belongs(**byte)).count()
}

fn line_end(sql: &[u8], start: usize) -> usize {
    start + run(sql, start, |byte| byte != b'\n')
}

/// The byte behind a block comment; the end of the text where it is never closed.
fn block_end(sql: &[u8], start: usize) -> usize {
    let from = (start + 2).min(sql.len());
    sql[from..].windows(2).position(|pair| pair == b"*/").map_or(sql.len(), |at| from + at + 2)
}

/// The byte behind a string: its quote is doubled, or stands behind a backslash, where it stands for itself.
fn string_end(sql: &[u8], start: usize) -> usize {
    let quote = sql[start];
    let mut at = start + 1;
    while at < sql.len() {
        match sql[at] {
            b'\\' => at += 2,
            byte if byte == quote && sql.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    sql.len()
}

fn quoted_end(sql: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < sql.len() {
        if sql[at] != b'`' {
            at += 1;
        } else if sql.get(at + 1) == Some(&b'`') {
            at += 2;
        } else {
            return at + 1;
        }
    }
    sql.len()
}

/// `@a`, `@'a b'`, `@@global.a`.
fn variable_end(sql: &[u8], start: usize) -> usize {
    let at = start + run(sql, start, |byte| byte == b'@');
    match sql.get(at) {
        Some(b'\'' | b'"') => string_end(sql, at),
        Some(b'`') => quoted_end(sql, at),
        _ => at + run(sql, at, |byte| goes_on_word(byte) || byte == b'.'),
    }
}

/// Names may begin with a digit, as long as they do not consist of digits only: `1st` is a name, `1e5` a number.
fn word_or_number(sql: &[u8], start: usize) -> (Kind, usize) {
    let whole = start + run(sql, start, goes_on_word);
    let text = &sql[start..whole];
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &text[digits..];
    let is_hexadecimal = text.len() > 2 && text.starts_with(b"0x") && text[2..].iter().all(u8::is_ascii_hexdigit);
    let is_binary = text.len() > 2 && text.starts_with(b"0b") && text[2..].iter().all(|byte| matches!(byte, b'0' | b'1'));
    let is_exponent = matches!(rest.first(), Some(b'e' | b'E')) && rest[1..].iter().all(u8::is_ascii_digit);
    if is_hexadecimal || is_binary {
        return (Kind::Number, whole);
    }
    if rest.is_empty() || is_exponent { (Kind::Number, number_end(sql, start)) } else { (Kind::Word, whole) }
}

/// The byte behind digits, a fraction and an exponent.
fn number_end(sql: &[u8], start: usize) -> usize {
    let digit = |byte: u8| byte.is_ascii_digit();
    let mut at = start + run(sql, start, digit);
    if sql.get(at) == Some(&b'.') {
        at += 1 + run(sql, at + 1, digit);
    }
    if matches!(sql.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(sql.get(at + 1), Some(b'+' | b'-')));
        let digits = sql.get(signed..).map_or(0, |_| run(sql, signed, digit));
        if digits > 0 {
            at = signed + digits;
        }
    }
    at
}

/// The length of the operator with which `sql` begins.
fn symbol_length(sql: &[u8]) -> usize {
    const LONG: [&[u8]; 12] = [b"->>", b"<=>", b"->", b"||", b"&&", b"<=", b"<>", b"<<", b">=", b">>", b"!=", b":="];
    LONG.iter().find(|symbol| sql.starts_with(symbol)).map_or(1, |symbol| symbol.len())
}

/// The value of a string literal: <https://dev.mysql.com/doc/refman/8.4/en/string-literals.html#character-escape-sequences>.
pub fn unescape(text: &str) -> String {
    let Some(quote) = text.chars().next() else { return String::new() };
    let inner = text[1..].strip_suffix(quote).unwrap_or(&text[1..]);
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if c == quote {
            chars.next_if_eq(&quote);
            value.push(quote);
        } else if c == '\\' {
            match chars.next() {
                Some('0') => value.push('\0'),
                Some('b') => value.push('\u{8}'),
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some('Z') => value.push('\u{1a}'),
                // These keep their backslash: they escape something in a LIKE.
                Some(wild @ ('%' | '_')) => value.extend(['\\', wild]),
                Some(other) => value.push(other),
                None => value.push('\\'),
            }
        } else {
            value.push(c);
        }
    }
    value
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
            "SELECT 'a''b\\'', \"c\"\"d\", `e``f` -- h\n/* i */ # j\n + x'00' ->> 1.5e-3 <=> @@a.b @'x y';",
            "'open",
            "'open\\",
            "/* open",
            "/*",
            "`",
            "ü§1",
            "0x1F .5 1e 1e+ 1st 0b2",
            "/*!50100 PARTITION BY */",
        ] {
            assert_eq!(tokens(sql).map(|token| token.text).collect::<String>(), sql);
        }
    }

    #[test]
    fn kinds_are_those_of_the_server() {
        use Kind::*;
        assert_eq!(
            kinds("a`b`'c'1e-5||@v<=>1st--2"),
            [
                (Word, "a"),
                (Quoted, "`b`"),
                (String, "'c'"),
                (Number, "1e-5"),
                (Symbol, "||"),
                (Variable, "@v"),
                (Symbol, "<=>"),
                (Word, "1st"),
                (Symbol, "-"),
                (Symbol, "-"),
                (Number, "2")
            ]
        );
        assert_eq!(kinds("1 -- 2\n# 3\n/* 4 */5"), [(Number, "1"), (Number, "5")]);
        assert_eq!(kinds("/*!40101 SET a = 1 */"), [(Conditional, "/*!40101 SET a = 1 */")]);
    }

    #[test]
    fn strings_and_names_lose_their_quotes() {
        for (sql, value) in [("'it''s'", "it's"), (r"'a\'b\\c\n\%'", "a'b\\c\n\\%"), ("`a``b`", "a`b"), ("\"a\"", "a"), ("plain", "plain")] {
            assert_eq!(significant(sql)[0].unquoted(), value);
        }
    }
}

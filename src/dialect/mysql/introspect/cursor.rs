//! A place in the tokens of a statement that the server has written, and the small steps a parser makes from there.

use super::super::lexer::{Kind, Token, significant};

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

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Steps over the key words if all of them come next.
    pub fn take_words(&mut self, words: &[&str]) -> bool {
        let all = words.iter().enumerate().all(|(offset, word)| self.tokens.get(self.at + offset).is_some_and(|token| token.is_word(word)));
        if all {
            self.at += words.len();
        }
        all
    }

    pub fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_symbol(symbol));
        self.at += usize::from(found);
        found
    }

    /// A name, in quotes or not.
    pub fn name(&mut self) -> Option<String> {
        let in_quotes = |token: &Token<'_>| token.kind == Kind::String && token.text.starts_with('"');
        let token = self.peek().filter(|token| matches!(token.kind, Kind::Quoted | Kind::Word) || in_quotes(token))?;
        self.at += 1;
        Some(token.unquoted())
    }

    /// The value of a string literal.
    pub fn string(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == Kind::String)?;
        self.at += 1;
        Some(token.unquoted())
    }

    pub fn number(&mut self) -> Option<i64> {
        let number = self.peek().filter(|token| token.kind == Kind::Number)?.text.parse().ok()?;
        self.at += 1;
        Some(number)
    }

    /// What stands in the parentheses that come next, without these.
    pub fn group(&mut self) -> Option<&'a str> {
        let open = self.peek().filter(|token| token.is_symbol("("))?;
        let mut depth = 0_usize;
        for (offset, token) in self.tokens[self.at..].iter().enumerate() {
            match token.text {
                "(" if token.kind == Kind::Symbol => depth += 1,
                ")" if token.kind == Kind::Symbol => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at += offset + 1;
                return Some(&self.sql[open.end()..token.start]);
            }
        }
        None
    }

    /// The text up to the first token outside parentheses for which `ends` holds, or to the end.
    pub fn until(&mut self, ends: impl Fn(&Token<'a>) -> bool) -> &'a str {
        let Some(first) = self.peek() else { return "" };
        let (mut depth, mut end) = (0_usize, first.start);
        while let Some(token) = self.peek() {
            if depth == 0 && ends(&token) {
                break;
            }
            match token.text {
                "(" if token.kind == Kind::Symbol => depth += 1,
                ")" if token.kind == Kind::Symbol => depth = depth.saturating_sub(1),
                _ => {}
            }
            end = token.end();
            self.at += 1;
        }
        &self.sql[first.start..end]
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a str {
        let Some(first) = self.peek() else { return "" };
        self.at = self.tokens.len();
        self.sql[first.start..].trim_end()
    }
}

/// The text with what stands in executable comments laid open: `/*!80023 INVISIBLE */`, `/*M!100301 COMPRESSED*/`.
pub(super) fn laid_open(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for token in super::super::lexer::tokens(sql) {
        match token.kind {
            Kind::Conditional => {
                let inner = token.text.trim_start_matches("/*").trim_start_matches(['M', '!']).trim_start_matches(|c: char| c.is_ascii_digit());
                out.push(' ');
                out.push_str(laid_open(inner.strip_suffix("*/").unwrap_or(inner)).trim());
                out.push(' ');
            }
            _ => out.push_str(token.text),
        }
    }
    out
}

/// The items of a list, cut at the commas outside parentheses.
pub(super) fn items(list: &str) -> Vec<&str> {
    let (mut items, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for token in significant(list) {
        match token.text {
            _ if token.kind != Kind::Symbol => {}
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                items.push(list[start..token.start].trim());
                start = token.end();
            }
            _ => {}
        }
    }
    items.push(list[start..].trim());
    items.retain(|item| !item.is_empty());
    items
}

/// An expression without parentheses around the whole of it.
pub(in crate::dialect::mysql) fn bare(expr: &str) -> &str {
    let expr = expr.trim();
    let mut cursor = Cursor::new(expr);
    match cursor.group() {
        Some(inner) if cursor.is_done() => bare(inner),
        _ => expr,
    }
}

/// A statement without the character set that MySQL writes before every string, and that ours have anyway. MariaDB writes it where somebody
/// has written it.
pub(super) fn without_introducers(sql: &str) -> String {
    let tokens: Vec<Token<'_>> = super::super::lexer::tokens(sql).collect();
    let says_nothing = |index: usize, token: &Token<'_>| {
        let next = tokens.get(index + 1).filter(|next| next.kind == Kind::String);
        // Plain letters are the same in every character set, and MySQL takes that of the column when it spells a check again.
        token.kind == Kind::Word && token.text.starts_with('_') && next.is_some_and(|next| token.is_word("_utf8mb4") || next.text.is_ascii())
    };
    tokens.iter().enumerate().filter(|(index, token)| !says_nothing(*index, token)).map(|(_, token)| token.text).collect()
}

/// A statement whose names do not say the database that it is in: they mean the one that they are read in.
pub(super) fn without_database(sql: &str, database: &str) -> String {
    let own = super::super::quote::always(database);
    let tokens: Vec<Token<'_>> = super::super::lexer::tokens(sql).collect();
    let mut out = String::with_capacity(sql.len());
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let dot = tokens.get(index + 1).is_some_and(|next| next.is_symbol("."));
        let name = tokens.get(index + 2).is_some_and(|next| next.kind == Kind::Quoted);
        let is_part = index > 0 && tokens[index - 1].is_symbol(".");
        if token.text == own && dot && name && !is_part {
            index += 2;
            continue;
        }
        out.push_str(token.text);
        index += 1;
    }
    out
}

/// An expression for people: names without the quotes that they do not need.
pub(super) fn plain(expr: &str) -> String {
    let tokens: Vec<Token<'_>> = super::super::lexer::tokens(expr).collect();
    let mut out = String::with_capacity(expr.len());
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Quoted => {
                let name = token.unquoted();
                // A name before a parenthesis would read as a function's.
                let is_called = tokens.get(index + 1).is_some_and(|next| next.is_symbol("("));
                if is_called { out.push_str(token.text) } else { out.push_str(&super::super::quote::quote(&name)) }
            }
            _ => out.push_str(token.text),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_lose_what_says_nothing() {
        assert_eq!(bare("((`a` > 1))"), "`a` > 1");
        assert_eq!(bare("(a) + (b)"), "(a) + (b)");
        assert_eq!(without_introducers("`a` > _utf8mb4'x' and _latin1'y' and _latin1'ü'"), "`a` > 'x' and 'y' and _latin1'ü'");
        assert_eq!(without_database("nextval(`app`.`s`) + `app`.`t`.`app` + '`app`.`t`'", "app"), "nextval(`s`) + `t`.`app` + '`app`.`t`'");
        assert_eq!(plain("`a` > 'x' and `Order` = `order` and `f`(1)"), "a > 'x' and `Order` = `order` and `f`(1)");
    }

    #[test]
    fn lists_are_cut_outside_parentheses() {
        assert_eq!(items("`a`(3), concat(b, ',') , 'x,y'"), ["`a`(3)", "concat(b, ',')", "'x,y'"]);
        assert_eq!(laid_open("a /*!50100 WITH PARSER `n` */ b"), "a  WITH PARSER `n`  b");
    }
}

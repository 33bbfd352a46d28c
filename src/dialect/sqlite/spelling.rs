//! SQLite keeps SQL as it was written, so two texts that mean the same may differ. Here is what makes them comparable and printable.

use super::lexer::{Kind, Token, significant, tokens};
use super::quote::speaks_for_itself;
use crate::model::Text;

/// What two expressions or bodies are compared by: equal where SQLite cannot tell them apart.
///
/// Comments and white space are dropped, words are lower-cased (SQLite folds ASCII only), `==` is `=` and `!=` is `<>`, brackets around
/// the whole are taken off, and so are the quotes of an identifier where it reads the same without them. String literals stay as they are.
/// One ambiguity is accepted: a name in double quotes that is no column is a string to SQLite, and its case would matter then.
pub fn key(sql: &str) -> String {
    let mut list = significant(sql);
    while list.last().is_some_and(|token| token.is_symbol(";")) {
        list.pop();
    }
    strip(&list).iter().map(normal).collect::<Vec<_>>().join(" ")
}

/// `sql` on one line: comments dropped, white space outside literals collapsed to single spaces.
pub fn tidy(sql: &str) -> String {
    let mut line = String::with_capacity(sql.len());
    let mut gap = false;
    for token in tokens(sql) {
        if token.is_significant() {
            if gap && !line.is_empty() {
                line.push(' ');
            }
            line.push_str(token.text);
        }
        gap = !token.is_significant();
    }
    line
}

/// An expression as it reads without comments and without brackets around the whole, and its key.
pub fn expression(sql: &str) -> Text {
    let list = significant(sql);
    let inner = strip(&list);
    let written = match (inner.first(), inner.last()) {
        (Some(first), Some(last)) => &sql[first.start..last.end()],
        _ => "",
    };
    Text::with_key(tidy(written), key(written))
}

/// The SQL from its first token to its last, without comments around it and without a `;` behind it; what lies between stays as written.
///
/// A comment to the end of the line must not stand last, or it would swallow what is printed behind it.
pub fn trim(sql: &str) -> &str {
    let mut list = significant(sql);
    while list.last().is_some_and(|token| token.is_symbol(";")) {
        list.pop();
    }
    match (list.first(), list.last()) {
        (Some(first), Some(last)) => &sql[first.start..last.end()],
        _ => "",
    }
}

/// The tokens without the brackets around all of them. A subquery and a row value keep theirs: they are nothing without.
pub fn strip<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut list = tokens;
    while let [open, inner @ .., _] = list
        && open.is_symbol("(")
        && closing(list) == Some(list.len() - 1)
        && is_plain_expression(inner)
    {
        list = inner;
    }
    list
}

/// The index of the bracket that closes the one at the beginning of `tokens`.
pub fn closing(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// True for what still is one expression when the brackets around it are gone.
fn is_plain_expression(tokens: &[Token<'_>]) -> bool {
    let Some(first) = tokens.first() else { return false };
    if ["select", "with", "values"].iter().any(|word| first.is_word(word)) {
        return false;
    }
    let mut depth = 0i32;
    tokens.iter().all(|token| {
        depth += i32::from(token.is_symbol("(")) - i32::from(token.is_symbol(")"));
        depth > 0 || !token.is_symbol(",")
    })
}

/// A token as all its spellings are compared.
fn normal(token: &Token<'_>) -> String {
    match token.kind {
        Kind::Quoted => {
            let name = token.unquoted();
            let lower = name.to_ascii_lowercase();
            if speaks_for_itself(&name) { lower } else { format!("\"{}\"", lower.replace('"', "\"\"")) }
        }
        Kind::Word | Kind::Number | Kind::Blob => token.text.to_ascii_lowercase(),
        Kind::Symbol if token.text == "==" => "=".to_owned(),
        Kind::Symbol if token.text == "!=" => "<>".to_owned(),
        Kind::String | Kind::Variable | Kind::Symbol | Kind::Space | Kind::Comment => token.text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(left: &str, right: &str) {
        assert_eq!(key(left), key(right));
    }

    #[track_caller]
    fn different(left: &str, right: &str) {
        assert_ne!(key(left), key(right));
    }

    #[test]
    fn spellings_of_one_thing_have_one_key() {
        same("Price>0", "(( \"price\" /* net */ > 0 ))");
        same("[Key] = `KEY`", "key==key");
        same("a != 1", "a <> 1");
        same("(A) + (b)", "(a)+(B)");
        same("SELECT 1;", "select 1 -- one");
        same("X'aB'", "x'Ab'");
    }

    #[test]
    fn different_things_have_different_keys() {
        different("a = 'X'", "a = 'x'");
        different("(a) + (b)", "a) + (b");
        different("\"a b\"", "a b");
        different("\"current_timestamp\"", "current_timestamp");
        different("\"true\"", "true");
        different("\"null\"", "null");
        different("t \"left\" join u", "t left join u");
        different("a in ('b')", "a in ('b', 'b')");
        different("(a, b)", "a, b");
        different("1 .5", "1.5");
    }

    #[test]
    fn tidy_keeps_literals_and_drops_the_rest() {
        assert_eq!(tidy("  a  IN ('x  y', -- no\n 'z -- w')/* end */ "), "a IN ('x  y', 'z -- w')");
        assert_eq!(tidy("a/**/b"), "a b");
        assert_eq!(tidy("\"c\n d\"\n+1"), "\"c\n d\" +1");
    }

    #[test]
    fn brackets_around_the_whole_go_and_those_of_a_subquery_stay() {
        assert_eq!(expression("( (a > 0) )").text, "a > 0");
        assert_eq!(expression("(a > 0) AND (b > 0)").text, "(a > 0) AND (b > 0)");
        assert_eq!(expression("((SELECT 1))").text, "(SELECT 1)");
        assert_eq!(expression("(a, b)").text, "(a, b)");
        assert_eq!(expression("(max(a, b))").text, "max(a, b)");
    }

    #[test]
    fn trim_leaves_nothing_behind_the_last_token() {
        assert_eq!(trim(" -- a\nSELECT 1 -- b\n, 2; -- c"), "SELECT 1 -- b\n, 2");
        assert_eq!(trim(" -- nothing"), "");
    }
}

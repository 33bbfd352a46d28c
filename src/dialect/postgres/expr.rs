//! Expressions as the server spells them: when parentheses around one may go, and when they must come back.

use super::lexer::{self, Kind, Token};

/// `expr` without the parentheses that wrap all of it: the server puts a pair around nearly everything.
pub(super) fn unwrap(expr: &str) -> &str {
    let mut expr = expr.trim();
    while let Some(inner) = inside(expr) {
        expr = inner;
    }
    expr
}

/// What stands in the one pair of parentheses that wraps all of `expr`. Those of a row or a subquery are no mere wrapping.
fn inside(expr: &str) -> Option<&str> {
    let tokens = lexer::code(expr);
    let last = tokens.len().checked_sub(1)?;
    let wraps = tokens[0].is_symbol("(") && group_end(&tokens, 0) == Some(last);
    let kept = tokens.get(1).is_none_or(|token| token.is_symbol(")") || token.is_word("select") || token.is_word("values") || token.is_word("with"));
    if !wraps || kept || has_comma(&tokens[1..last]) {
        return None;
    }
    Some(expr[tokens[0].end()..tokens[last].start].trim())
}

/// The place of the bracket that closes the one at `open`.
fn group_end(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if opens(token) {
            depth += 1;
        } else if closes(token) {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn opens(token: &Token<'_>) -> bool {
    token.is_symbol("(") || token.is_symbol("[")
}

fn closes(token: &Token<'_>) -> bool {
    token.is_symbol(")") || token.is_symbol("]")
}

fn has_comma(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|token| {
        depth = if opens(token) { depth + 1 } else { depth.saturating_sub(usize::from(closes(token))) };
        depth == 0 && token.is_symbol(",")
    })
}

/// `expr` as DEFAULT takes it. The grammar wants a `b_expr` there, which knows neither AND nor IS nor LIKE, so all but literals, calls
/// and casts go into parentheses.
pub(super) fn default(expr: &str) -> String {
    if is_simple(expr) { expr.trim().to_owned() } else { format!("({expr})") }
}

/// `expr` as a key of an index: in parentheses unless it is one call of a function.
pub(super) fn index_key(expr: &str) -> String {
    let tokens = lexer::code(expr);
    let name = name_end(&tokens);
    let call = name > 0 && tokens.get(name).is_some_and(|token| token.is_symbol("(")) && group_end(&tokens, name) == Some(tokens.len() - 1);
    // A name of one word may be a key word with a grammar of its own (CASE, NOT, EXISTS), which the server spells in capitals.
    let lower = tokens.first().is_some_and(|token| token.kind == Kind::Quoted || !token.text.bytes().any(|byte| byte.is_ascii_uppercase()));
    let known = tokens.first().is_some_and(|token| super::keywords::NOT_UNRESERVED.binary_search(&token.text).is_err());
    if call && lower && (known || name > 1) { expr.trim().to_owned() } else { format!("({expr})") }
}

/// True for a literal, a number, a key word such as CURRENT_DATE, a call, an array or something in parentheses, with casts behind it.
fn is_simple(expr: &str) -> bool {
    let tokens = lexer::code(expr);
    let Some(first) = tokens.first() else { return false };
    let signed = first.is_symbol("-") && tokens.get(1).is_some_and(|token| token.kind == Kind::Number);
    let end = match first.kind {
        _ if signed => 2,
        Kind::String | Kind::Number => 1,
        Kind::Symbol if first.text == "(" => match group_end(&tokens, 0) {
            // A pair around everything is kept as it is; around a part it must be the operand of a cast.
            Some(end) => end + 1,
            None => return false,
        },
        Kind::Word if ["not", "case", "select", "exists", "row"].iter().any(|word| first.is_word(word)) => return false,
        Kind::Word | Kind::Quoted => {
            let name = name_end(&tokens);
            match tokens.get(name) {
                Some(token) if opens(token) => match group_end(&tokens, name) {
                    Some(end) => end + 1,
                    None => return false,
                },
                _ => name,
            }
        }
        Kind::Symbol | Kind::Space | Kind::Comment => return false,
    };
    // A minus binds less tightly than a cast, so `-1::text` is not what it looks like.
    let rest = &tokens[end..];
    rest.is_empty() || (!signed && are_casts(rest))
}

/// True for `::type` once or more: words, dots, numbers in parentheses and brackets.
fn are_casts(tokens: &[Token<'_>]) -> bool {
    let mut at = 0;
    while at < tokens.len() {
        let colons = tokens[at].is_symbol(":") && tokens.get(at + 1).is_some_and(|token| token.is_symbol(":"));
        if !colons || !tokens.get(at + 2).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted)) {
            return false;
        }
        at += 2 + name_end(&tokens[at + 2..]);
        while at < tokens.len() && belongs_to_type(&tokens[at]) {
            at = if opens(&tokens[at]) { group_end(tokens, at).map_or(tokens.len(), |end| end + 1) } else { at + 1 };
        }
    }
    true
}

/// Types of more than one word: `character varying`, `timestamp(3) without time zone`, `double precision`, `interval day to second`.
fn belongs_to_type(token: &Token<'_>) -> bool {
    const WORDS: &[&str] = &["varying", "precision", "with", "without", "time", "zone", "day", "hour", "minute", "second", "month", "year", "to"];
    match token.kind {
        Kind::Word => WORDS.iter().any(|word| token.is_word(word)),
        Kind::Symbol => opens(token),
        Kind::Quoted | Kind::Space | Kind::Comment | Kind::String | Kind::Number => false,
    }
}

/// How many tokens the dotted name at the start takes; 0 where there is none.
fn name_end(tokens: &[Token<'_>]) -> usize {
    let is_name = |at: usize| tokens.get(at).is_some_and(|token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::Quoted));
    if !is_name(0) {
        return 0;
    }
    let mut end = 1;
    while tokens.get(end).is_some_and(|token| token.is_symbol(".")) && is_name(end + 1) {
        end += 2;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_everything_go() {
        for (wrapped, bare) in [
            ("((a > 0))", "a > 0"),
            ("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)"),
            ("(a) + (b)", "(a) + (b)"),
            ("(')' || x)", "')' || x"),
            ("(1, 2)", "(1, 2)"),
            ("(SELECT 1)", "(SELECT 1)"),
            ("()", "()"),
        ] {
            assert_eq!(unwrap(wrapped), bare);
        }
    }

    #[test]
    fn defaults_get_parentheses_where_the_grammar_wants_them() {
        for simple in [
            "'x'::character varying",
            "'{}'::text[]",
            "-1.5",
            "now()",
            "CURRENT_TIMESTAMP",
            "nextval('s'::regclass)",
            "'x'::app.\"My type\"",
            "'low'::public.pri",
            "'{}'::app.mood[]",
            "NULL::timestamp(3) without time zone",
            "ARRAY['a'::text, 'b'::text]",
            "(0)::numeric(10,2)",
            "(a IS NULL)",
            "pg_catalog.now()",
        ] {
            assert_eq!(default(simple), simple);
        }
        for other in
            ["1 + 2", "a IS NULL", "now() AT TIME ZONE 'utc'::text", "NOT (true)", "'a' || 'b'", "-1::text", "(1) + (2)", "'a'::text || 'b'::text"]
        {
            assert_eq!(default(other), format!("({other})"));
        }
    }

    #[test]
    fn index_keys_are_calls_or_in_parentheses() {
        assert_eq!(index_key("lower(name)"), "lower(name)");
        assert_eq!(index_key("app.f(a, b)"), "app.f(a, b)");
        for other in ["a + b", "lower(a) || lower(b)", "COALESCE(a, b)", "not (a)", "CASE WHEN a THEN 1 END", "name"] {
            assert_eq!(index_key(other), format!("({other})"));
        }
    }
}

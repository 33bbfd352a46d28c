//! Identifiers and literals.

use super::keywords::NOT_UNRESERVED;

/// `name` as the server's own `quote_ident` gives it: in quotes unless it is lower-case letters, digits and `_`, does not begin with a
/// digit, and is no key word but an unreserved one.
pub(super) fn quote(name: &str) -> String {
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let plain = begins && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if plain && NOT_UNRESERVED.binary_search(&name).is_err() { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A string literal. With a backslash in it the `E''` form is used, which reads the same whatever `standard_conforming_strings` says.
pub(super) fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// The most bytes of a name; the server cuts a longer one, and two that differ behind that would be one:
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.
const LONGEST: usize = 63;

/// A name of ours that fits: a longer one is cut and ends in a part of its own checksum.
pub(super) fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let end = (0..=LONGEST - 9).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
    format!("{}_{}", &name[..end], &crate::migration::checksum(name)[..8])
}

/// The name of a collation as the model keeps it: a bare name, or `"namespace"."name"` with both parts in quotes.
pub(super) fn collation(name: &str) -> String {
    if is_quoted_pair(name) { name.to_owned() } else { quote(name) }
}

/// True for exactly two quoted identifiers with a dot between them, so that nothing else can come along verbatim.
fn is_quoted_pair(name: &str) -> bool {
    let tokens: Vec<_> = super::lexer::tokens(name).collect();
    let [schema, dot, object] = tokens.as_slice() else { return false };
    let closed = |token: &super::lexer::Token<'_>| token.kind == super::lexer::Kind::Quoted && token.text.starts_with('"') && is_closed(token.text);
    closed(schema) && dot.is_symbol(".") && closed(object)
}

/// True where the last quote of a quoted identifier is its end and not half of a doubled one.
fn is_closed(quoted: &str) -> bool {
    quoted.len() > 2 && quoted.ends_with('"') && quoted[1..quoted.len() - 1].replace("\"\"", "").find('"').is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_the_server_puts_them() {
        for plain in ["users", "_x1", "name", "comment", "level"] {
            assert_eq!(quote(plain), plain);
        }
        for (name, quoted) in [
            ("order", "\"order\""),
            ("Users", "\"Users\""),
            ("1x", "\"1x\""),
            ("a\"b", "\"a\"\"b\""),
            ("a$b", "\"a$b\""),
            ("", "\"\""),
            ("ü", "\"ü\""),
        ] {
            assert_eq!(quote(name), quoted);
        }
    }

    #[test]
    fn names_of_ours_fit_and_stay_apart() {
        let long = |tail: &str| shortened(&format!("{}{tail}", "\u{fc}".repeat(40)));
        assert!(long("a").len() <= 63 && long("a") != long("b"));
        assert_eq!(shortened("dbtool_fill_t_c"), "dbtool_fill_t_c");
    }

    #[test]
    fn literals_keep_quotes_and_backslashes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\b'"), r"E'a\\b'''");
    }

    #[test]
    fn collations_are_one_name_or_a_quoted_pair() {
        assert_eq!(collation("en_US.utf8"), "\"en_US.utf8\"");
        assert_eq!(collation("\"app\".\"my\""), "\"app\".\"my\"");
        assert_eq!(collation("\"a\".\"b\"; DROP"), "\"\"\"a\"\".\"\"b\"\"; DROP\"");
    }
}

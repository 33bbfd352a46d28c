//! Defaults as TOML values: the inverse of what is done to `default = "draft"`.

use super::toml::Value;
use crate::dialect::Dialect;
use crate::model::Text;

/// A plain TOML value where the server's text is a literal that the server would spell this way again, else `{ sql = "..." }`.
///
/// PostgreSQL writes the type behind a literal (`'draft'::text`, `'-1'::integer`). That goes away where it is the type of the column:
/// a literal without a type gets exactly that one.
pub(super) fn default(default: &Text, column_type: &Text, dialect: &dyn Dialect) -> Value {
    plain(default.text.trim(), column_type, dialect).unwrap_or_else(|| Value::Inline(vec![("sql".to_owned(), Value::text(&default.text))]))
}

fn plain(text: &str, column_type: &Text, dialect: &dyn Dialect) -> Option<Value> {
    if let Some(value) = [true, false].into_iter().find(|value| text.eq_ignore_ascii_case(dialect.boolean(*value))) {
        let spelled = dialect.boolean(value);
        if spelled.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Some(Value::flag(value));
        }
    }
    if is_number(text) {
        return Some(Value::Raw(text.to_owned()));
    }
    // Older servers put a negative number in parentheses.
    if let Some(inner) = text.strip_prefix("(-").and_then(|rest| rest.strip_suffix(')'))
        && is_number(inner)
    {
        return Some(Value::Raw(format!("-{inner}")));
    }
    let (literal, rest) = string_literal(text)?;
    if dialect.literal(&literal) != text[..text.len() - rest.len()] {
        return None;
    }
    let Some(cast) = rest.strip_prefix("::") else { return rest.is_empty().then(|| Value::text(literal)) };
    if matches!(cast, "integer" | "numeric") && literal.starts_with('-') && is_number(&literal) {
        return Some(Value::Raw(literal));
    }
    let same = [&column_type.text, &column_type.key].into_iter().any(|ty| without_length(ty) == cast || (cast == "bpchar" && is_char(ty)));
    same.then(|| Value::text(literal))
}

/// A number that TOML and SQL read alike: no leading zeros, no `+`, digits on both sides of the point.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = digits.split_once(['e', 'E']).map_or((digits, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.is_none_or(|exponent| all_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    all_digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(all_digits) && exponent
}

/// The value of the string literal at the beginning of `text`, and what stands behind it.
fn string_literal(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.strip_prefix('\'')?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
        } else if chars.next_if(|&(_, next)| next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((value, &text[at + 2..]));
        }
    }
    None
}

/// A type without its length: `character varying(64)` and `timestamp(3) with time zone` cast without it.
fn without_length(ty: &str) -> String {
    match (ty.find('('), ty.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", &ty[..open], &ty[close + 1..]),
        _ => ty.to_owned(),
    }
}

fn is_char(ty: &str) -> bool {
    matches!(without_length(ty).as_str(), "character" | "char" | "bpchar")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn shown(text: &str, ty: &str) -> String {
        let value = default(&Text::new(text), &Text::new(ty), Kind::Postgres.dialect());
        match value {
            Value::Raw(text) => text,
            Value::Text(text) => format!("\"{text}\""),
            Value::Inline(_) => "sql".to_owned(),
            Value::List(_) => "list".to_owned(),
        }
    }

    #[test]
    fn a_literal_of_the_columns_own_type_is_plain() {
        assert_eq!(shown("'draft'::text", "text"), "\"draft\"");
        assert_eq!(shown("'it''s'::character varying", "character varying(64)"), "\"it's\"");
        assert_eq!(shown("'x'::bpchar", "character(3)"), "\"x\"");
        assert_eq!(shown("'open'::app.status", "app.status"), "\"open\"");
        assert_eq!(shown("'2024-01-01'::date", "date"), "\"2024-01-01\"");
        assert_eq!(shown("'2024-01-01 00:00:00'::timestamp without time zone", "timestamp(3) without time zone"), "\"2024-01-01 00:00:00\"");
        assert_eq!(shown("'{}'::text[]", "text[]"), "\"{}\"");
    }

    #[test]
    fn a_literal_of_another_type_keeps_it() {
        assert_eq!(shown("'x'::text", "character varying"), "sql");
        assert_eq!(shown("('x'::text || 'y'::text)", "text"), "sql");
        assert_eq!(shown("'now'::text::date", "date"), "sql");
        assert_eq!(shown("NULL::character varying", "character varying"), "sql");
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0", "-1", "1.50", "1e3", "1e+22"] {
            assert_eq!(shown(text, "numeric"), text);
        }
        assert_eq!(shown("'-1'::integer", "bigint"), "-1");
        assert_eq!(shown("(-1)", "integer"), "-1");
        assert_eq!(shown("'-1.5'::numeric", "numeric(10,2)"), "-1.5");
        for text in ["007", "1.", ".5", "+1", "0x1F", "1_000"] {
            assert_eq!(shown(text, "numeric"), "sql", "{text}");
        }
    }

    #[test]
    fn truth_values_are_plain() {
        assert_eq!(shown("true", "boolean"), "true");
        assert_eq!(shown("false", "boolean"), "false");
    }
}

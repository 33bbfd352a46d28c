//! The expression that turns a column of one type into another, for ALTER COLUMN TYPE ... USING.

use super::type_change::{is_number, is_text, is_unbounded_text};
use super::types::Spelling;

/// The expression for USING that turns `column` (already quoted) from one type into another as well as casts can: directly where the
/// server has a cast, through text where it has none. Rows whose text the new type cannot read make the server stop.
pub fn cast(column: &str, to: &str, from: &str) -> String {
    let (source, target) = (Spelling::parse(from), Spelling::parse(to));
    match (source.array, target.array) {
        _ if is_unbounded_text(&source) || is_unbounded_text(&target) => format!("{column}::{to}"),
        // A value alone becomes an array of one, and no value no array.
        ("", "[]") => format!("CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}::text]::{to} END"),
        ("[]", "[]") if has_cast(&source.base, &target.base) => format!("{column}::{to}"),
        ("[]", "[]") => format!("{column}::text[]::{to}"),
        _ if matches!(target.base.as_str(), "json" | "jsonb") && !matches!(source.base.as_str(), "json" | "jsonb") && !is_text(&source.base) => {
            format!("to_{}({column})", target.base)
        }
        ("[]", _) => format!("{column}::text::{to}"),
        _ => scalar(column, to, &source.base, &target.base),
    }
}

fn scalar(column: &str, to: &str, from: &str, target: &str) -> String {
    match (from, target) {
        // Only integer and boolean are cast into each other; text does not help, since no number reads 'true'.
        ("boolean", "integer") => format!("{column}::{to}"),
        ("boolean", number) if is_number(number) => format!("{column}::integer::{to}"),
        (number, "boolean") if is_number(number) => format!("({column} <> 0)"),
        _ if has_cast(from, target) => format!("{column}::{to}"),
        _ => format!("{column}::text::{to}"),
    }
}

/// True where the server casts one base type into the other directly. A string reads and writes everything.
fn has_cast(from: &str, to: &str) -> bool {
    let timed = |base: &str| base.starts_with("timestamp ") || base == "date";
    from == to
        || is_text(from)
        || is_text(to)
        || (is_number(from) && is_number(to))
        || (timed(from) && timed(to))
        || matches!(
            (from, to),
            ("json", "jsonb")
                | ("jsonb", "json" | "boolean" | "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
                | ("cidr", "inet")
                | ("inet", "cidr")
                | ("bit" | "bit varying", "bit" | "bit varying")
                | ("bit", "integer" | "bigint")
                | ("integer" | "bigint", "bit" | "money" | "oid")
                | ("oid", "integer" | "bigint")
                | ("numeric", "money")
                | ("money", "numeric")
                | ("timestamp without time zone" | "timestamp with time zone", "time without time zone")
                | ("timestamp with time zone", "time with time zone")
                | ("time without time zone", "interval" | "time with time zone")
                | ("time with time zone" | "interval", "time without time zone")
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_go_through_text_where_there_is_no_other_way() {
        for (from, to, expr) in [
            ("text", "integer", "c::integer"),
            ("integer", "boolean", "(c <> 0)"),
            ("boolean", "numeric(3,1)", "c::integer::numeric(3,1)"),
            ("status", "priority", "c::text::priority"),
            ("priority", "text", "c::text"),
            ("uuid", "bytea", "c::text::bytea"),
            ("integer", "jsonb", "to_jsonb(c)"),
            ("text", "jsonb", "c::jsonb"),
            ("integer", "text[]", "CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::text[] END"),
            ("integer[]", "integer", "c::text::integer"),
            ("timestamp with time zone", "date", "c::date"),
        ] {
            assert_eq!(cast("c", to, from), expr, "{from} to {to}");
        }
    }
}

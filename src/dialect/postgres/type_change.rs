//! What becomes of a column's values when its type changes: nothing, an error of the server, or something the user must decide.
//!
//! The rules follow `pg_cast` (PostgreSQL 15) and what ALTER COLUMN TYPE does without USING: an assignment cast, then the coercion to
//! the length or precision. <https://www.postgresql.org/docs/current/sql-createcast.html>

use super::types::Spelling;
use crate::dialect::TypeChange;

/// Judges a change between two types, in the server's spelling or in SQL's.
pub(super) fn type_change(from: &str, to: &str) -> TypeChange {
    let (from, to) = (Spelling::parse(from), Spelling::parse(to));
    match (from.array, to.array) {
        ("", "") => change(&from, &to),
        // An array is cast element by element, with the element's rules.
        ("[]", "[]") => match change(&from, &to) {
            TypeChange::Checked { predicate, using } => TypeChange::Checked {
                predicate: format!("EXISTS (SELECT FROM unnest({{}}) AS element WHERE {})", predicate.replace("{}", "element")),
                using,
            },
            other @ (TypeChange::Fits | TypeChange::NeedsUsing) => other,
        },
        ("", _) => TypeChange::NeedsUsing,
        _ => {
            if is_unbounded_text(&to) {
                TypeChange::Fits
            } else {
                TypeChange::NeedsUsing
            }
        }
    }
}

/// A change for which the server's own assignment cast serves: an explicit one in USING would cut the value instead of refusing it.
fn checked(predicate: String) -> TypeChange {
    TypeChange::Checked { predicate, using: None }
}

/// True where the server writes the whole table anew. It does not where every value stays what it is on disk:
/// <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
pub(super) fn rewrites(from: &str, to: &str) -> bool {
    let (from, to) = (Spelling::parse(from), Spelling::parse(to));
    if from == to {
        return false;
    }
    if !from.array.is_empty() || !to.array.is_empty() {
        return true;
    }
    let varying = |spelling: &Spelling| matches!(spelling.base.as_str(), "text" | "character varying");
    match (from.base.as_str(), to.base.as_str()) {
        _ if varying(&from) && varying(&to) => match (length(&from), length(&to)) {
            (_, None) => false,
            (old, Some(new)) => old.is_none_or(|old| old > new),
        },
        ("cidr", "inet") => false,
        ("bit varying", "bit varying") => bits(&from, &to) != TypeChange::Fits,
        ("numeric", "numeric") => match (digits(&from), digits(&to)) {
            (_, None) => false,
            (Some((whole, fraction)), Some((room, places))) => fraction != places || whole > room,
            (None, Some(_)) => true,
        },
        (a, b) if a == b && has_precision(a) => precision(&from, &to) != TypeChange::Fits,
        _ => true,
    }
}

fn change(from: &Spelling, to: &Spelling) -> TypeChange {
    if from == to {
        return TypeChange::Fits;
    }
    match (from.base.as_str(), to.base.as_str()) {
        (a, b) if is_number(a) && is_number(b) => number(from, to),
        (a, b) if is_text(a) && is_text(b) => text(from, to),
        ("bit" | "bit varying", "bit" | "bit varying") => bits(from, to),
        ("json", "jsonb") | ("jsonb", "json") | ("cidr", "inet") | ("date", "timestamp without time zone") | ("xml", "text") => TypeChange::Fits,
        ("time without time zone", "interval") if to.args.is_none() && from.args.is_none() => TypeChange::Fits,
        (a, b) if a == b && has_precision(a) => precision(from, to),
        (a, b) if is_spelled_alike_everywhere(a) && is_text(b) => into_text(to),
        // The type of a user (an enumeration, a domain, a range) has an assignment cast to text through its output function.
        (a, _) if !is_builtin(a) && is_unbounded_text(to) => TypeChange::Fits,
        _ => TypeChange::NeedsUsing,
    }
}

pub(super) fn is_number(base: &str) -> bool {
    is_integer(base) || matches!(base, "numeric" | "real" | "double precision")
}

fn is_integer(base: &str) -> bool {
    matches!(base, "smallint" | "integer" | "bigint")
}

pub(super) fn is_text(base: &str) -> bool {
    matches!(base, "text" | "character varying" | "character" | "citext" | "bpchar")
}

pub(super) fn is_unbounded_text(spelling: &Spelling) -> bool {
    spelling.array.is_empty() && matches!((spelling.base.as_str(), &spelling.args), ("text" | "character varying" | "citext", None))
}

fn has_precision(base: &str) -> bool {
    matches!(base, "timestamp without time zone" | "timestamp with time zone" | "time without time zone" | "time with time zone" | "interval")
}

/// Types whose text does not depend on the session (as that of dates, floats and bytea does).
fn is_spelled_alike_everywhere(base: &str) -> bool {
    is_integer(base)
        || matches!(base, "numeric" | "boolean" | "uuid" | "json" | "jsonb" | "inet" | "cidr" | "macaddr" | "name" | "bit" | "bit varying")
}

/// The types with rules above, and the others of the system that people have in tables.
fn is_builtin(base: &str) -> bool {
    is_number(base)
        || is_text(base)
        || has_precision(base)
        || is_spelled_alike_everywhere(base)
        || matches!(base, "date" | "bytea" | "money" | "xml" | "oid" | "\"char\"" | "tsvector" | "tsquery")
}

/// The digits before and behind the point that a number type holds exactly; `None` for one without bounds.
fn digits(spelling: &Spelling) -> Option<(i64, i64)> {
    match spelling.base.as_str() {
        "smallint" => Some((5, 0)),
        "integer" => Some((10, 0)),
        "bigint" => Some((19, 0)),
        _ => match spelling.numbers()?.as_slice() {
            [precision] => Some((*precision, 0)),
            [precision, scale] => Some((precision - scale, *scale)),
            _ => None,
        },
    }
}

fn number(from: &Spelling, to: &Spelling) -> TypeChange {
    match (from.base.as_str(), to.base.as_str()) {
        ("smallint", "integer" | "bigint" | "real" | "double precision")
        | ("integer", "bigint" | "double precision")
        | ("real", "double precision") => TypeChange::Fits,
        (a, "numeric") if a == "numeric" || is_integer(a) => into_numeric(from, to),
        (a, b) if is_integer(b) && (is_integer(a) || a == "numeric") => into_integer(from, b),
        // A float rounds what it cannot hold, and whatever comes out of one is rounded.
        _ => TypeChange::NeedsUsing,
    }
}

fn into_numeric(from: &Spelling, to: &Spelling) -> TypeChange {
    if to.args.is_none() {
        return TypeChange::Fits;
    }
    let (Some((whole, fraction)), Some((room, places))) = (digits(from), digits(to)) else { return TypeChange::NeedsUsing };
    if places < fraction {
        return TypeChange::NeedsUsing;
    }
    if room >= whole {
        return TypeChange::Fits;
    }
    // 10 ^ n must be numeric: of doubles it would be a double.
    let limit = if room >= 0 { format!("1{}", "0".repeat(usize::try_from(room).unwrap_or(0))) } else { format!("1e{room}") };
    checked(format!("abs({{}}::numeric) >= {limit}"))
}

fn into_integer(from: &Spelling, to: &str) -> TypeChange {
    let (room, low, high) = match to {
        "smallint" => (4, i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (9, i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (18, i64::MIN, i64::MAX),
    };
    match digits(from) {
        Some((whole, fraction)) if fraction <= 0 => {
            if whole <= room {
                return TypeChange::Fits;
            }
            checked(format!("{{}} NOT BETWEEN {low} AND {high}"))
        }
        _ => TypeChange::NeedsUsing,
    }
}

/// The most characters; `None` is no limit. `character` alone is one character, `bpchar` has no limit.
fn length(spelling: &Spelling) -> Option<i64> {
    match spelling.numbers() {
        Some(numbers) => numbers.first().copied(),
        None => (spelling.base == "character").then_some(1),
    }
}

/// Blanks at the end of `character` mean nothing; those of the other types do, and a longer text that ends in blanks is cut silently.
fn text(from: &Spelling, to: &Spelling) -> TypeChange {
    let padded = |spelling: &Spelling| matches!(spelling.base.as_str(), "character" | "bpchar");
    let too_long = match (length(from), length(to)) {
        (_, None) => None,
        (Some(old), Some(new)) if old <= new => None,
        (_, Some(new)) => Some(format!("char_length({{}}) > {new}")),
    };
    let blanks = (padded(to) && !padded(from)).then(|| "{} LIKE '% '".to_owned());
    match (too_long, blanks) {
        (None, None) => TypeChange::Fits,
        (Some(one), None) | (None, Some(one)) => checked(one),
        (Some(one), Some(other)) => checked(format!("({one} OR {other})")),
    }
}

fn into_text(to: &Spelling) -> TypeChange {
    match (to.base.as_str(), length(to)) {
        ("character" | "bpchar", _) => TypeChange::NeedsUsing,
        (_, None) => TypeChange::Fits,
        (_, Some(new)) => checked(format!("char_length({{}}::text) > {new}")),
    }
}

fn bits(from: &Spelling, to: &Spelling) -> TypeChange {
    let length = |spelling: &Spelling| spelling.numbers().and_then(|numbers| numbers.first().copied());
    let fixed = |spelling: &Spelling| spelling.base == "bit";
    let (old, new) = (length(from).or(fixed(from).then_some(1)), length(to).or(fixed(to).then_some(1)));
    match (old, new) {
        (_, None) => TypeChange::Fits,
        (Some(old), Some(new)) if !fixed(to) && old <= new => TypeChange::Fits,
        (_, Some(new)) => checked(format!("bit_length({{}}) {} {new}", if fixed(to) { "<>" } else { ">" })),
    }
}

/// Times with fewer places are rounded; without a number they have six.
fn precision(from: &Spelling, to: &Spelling) -> TypeChange {
    let places = |spelling: &Spelling| match &spelling.args {
        Some(_) => spelling.numbers().and_then(|numbers| numbers.first().copied()),
        None => Some(6),
    };
    match (places(from), places(to)) {
        (Some(old), Some(new)) if old <= new => TypeChange::Fits,
        _ => TypeChange::NeedsUsing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_changes_touch_no_row() {
        for (from, to) in [
            ("varchar(10)", "varchar(20)"),
            ("varchar(10)", "text"),
            ("text", "varchar"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("timestamp(0)", "timestamp(3)"),
            ("cidr", "inet"),
            ("varbit(3)", "varbit(5)"),
        ] {
            assert!(!rewrites(from, to), "{from} to {to}");
        }
        for (from, to) in [
            ("varchar(20)", "varchar(10)"),
            ("integer", "bigint"),
            ("numeric(10,2)", "numeric(12,3)"),
            ("char(3)", "char(5)"),
            ("varchar(3)[]", "varchar(5)[]"),
            ("json", "jsonb"),
        ] {
            assert!(rewrites(from, to), "{from} to {to}");
        }
    }

    #[test]
    fn widening_asks_for_nothing() {
        for (from, to) in [
            ("smallint", "integer"),
            ("integer", "bigint"),
            ("integer", "numeric(10,0)"),
            ("integer", "double precision"),
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "text"),
            ("text", "character varying"),
            ("character(3)", "character varying(3)"),
            ("numeric(10,2)", "numeric(12,4)"),
            ("numeric(4,0)", "smallint"),
            ("date", "timestamp without time zone"),
            ("timestamp(3) without time zone", "timestamp without time zone"),
            ("bit varying(3)", "bit varying"),
            ("uuid", "text"),
            ("priority", "text"),
            ("integer[]", "bigint[]"),
            ("integer[]", "text"),
        ] {
            assert_eq!(type_change(from, to), TypeChange::Fits, "{from} to {to}");
        }
    }

    #[test]
    fn what_may_not_fit_is_counted() {
        for (from, to, predicate) in [
            ("bigint", "integer", "{} NOT BETWEEN -2147483648 AND 2147483647"),
            ("text", "character varying(10)", "char_length({}) > 10"),
            ("varchar(20)", "varchar(10)", "char_length({}) > 10"),
            ("text", "character(3)", "(char_length({}) > 3 OR {} LIKE '% ')"),
            ("numeric(12,2)", "numeric(10,2)", "abs({}::numeric) >= 100000000"),
            ("integer", "numeric(4,4)", "abs({}::numeric) >= 1"),
            ("integer", "varchar(4)", "char_length({}::text) > 4"),
            ("bigint[]", "integer[]", "EXISTS (SELECT FROM unnest({}) AS element WHERE element NOT BETWEEN -2147483648 AND 2147483647)"),
        ] {
            assert_eq!(type_change(from, to), checked(predicate.to_owned()), "{from} to {to}");
        }
    }

    #[test]
    fn the_rest_is_for_the_user_to_say() {
        for (from, to) in [
            ("bigint", "double precision"),
            ("integer", "real"),
            ("numeric(10,2)", "integer"),
            ("numeric", "numeric(10,2)"),
            ("text", "integer"),
            ("timestamp without time zone", "timestamp with time zone"),
            ("timestamp without time zone", "date"),
            ("timestamp without time zone", "timestamp(0) without time zone"),
            ("integer", "boolean"),
            ("text", "priority"),
            ("priority", "status"),
            ("integer", "integer[]"),
            ("vector(3)", "vector(4)"),
        ] {
            assert_eq!(type_change(from, to), TypeChange::NeedsUsing, "{from} to {to}");
        }
    }
}

//! What becomes of a column's values when its type changes: nothing, an error or a silent change that a query can foresee, or something
//! the user must decide.
//!
//! The rules are those of `ALTER TABLE ... MODIFY` in strict mode (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict>),
//! measured on MariaDB 10.11 and MySQL 9.7. Strict mode refuses what is out of range or too long, but not what is rounded: a decimal, the
//! fraction of a second (MariaDB cuts it, MySQL rounds it), a time of day, blanks at the end, a zero byte that fills up a BINARY. So a
//! predicate here finds both kinds of rows.
//!
//! Another character set is no part of a type; rows that it cannot hold are not looked for here.

mod lossy;
mod moment;
mod number;
mod text;

pub use lossy::cast_loses;

use super::spelling::Spelling;
use moment::moment;
use number::{exact, exact_into_float, float, places};
use text::{bytes, printed, text};

use crate::dialect::TypeChange;

/// Judges a change between two types, in the server's spelling or in SQL's.
pub fn type_change(from: &str, to: &str) -> TypeChange {
    change(&Spelling::parse(from), &Spelling::parse(to))
}

fn change(from: &Spelling, to: &Spelling) -> TypeChange {
    if from == to {
        return TypeChange::Fits;
    }
    match (Family::of(from), Family::of(to)) {
        (Family::Exact, Family::Exact) => exact(from, to),
        (Family::Exact | Family::Year, Family::Float) => exact_into_float(from, to),
        (Family::Float, Family::Float) => float(from, to),
        // A number of two digits becomes a year of this century or the last: https://dev.mysql.com/doc/refman/8.4/en/two-digit-years.html.
        (Family::Exact, Family::Year) if places(from) == 0 => one("NOT ({} = 0 OR {} BETWEEN 1901 AND 2155)".to_owned()),
        (Family::Year, Family::Year) => TypeChange::Fits,
        (Family::Year, Family::Exact) => match exact(from, to) {
            // Beside a YEAR the number 1 is the year 2001.
            TypeChange::Checked { predicate, .. } => one(predicate.replace("{}", "{} + 0")),
            other @ (TypeChange::Fits | TypeChange::NeedsUsing) => other,
        },
        // BIT becomes digits in a VARCHAR, and bytes in a TEXT.
        (Family::Exact, Family::Text) if from.base == "bit" => TypeChange::NeedsUsing,
        (Family::Exact | Family::Year | Family::Moment | Family::Uuid | Family::Inet, Family::Text) => printed(from, to),
        (Family::Moment, Family::Moment) => moment(from, to),
        (Family::Text | Family::Enum | Family::Set | Family::Json, Family::Text) => text(from, to),
        (Family::Text | Family::Enum | Family::Set | Family::Binary, Family::Binary) => bytes(from, to),
        (Family::Enum, Family::Enum | Family::Set) => members(from, to, |lost| format!("{{}} IN ({})", lost.join(", "))),
        (Family::Set, Family::Set) => {
            members(from, to, |lost| joined(&lost.iter().map(|member| format!("FIND_IN_SET({member}, {{}}) > 0")).collect::<Vec<_>>()))
        }
        (Family::Text | Family::Set, Family::Enum) => one(differs_from_all(to)),
        // MySQL has no UUID, so its server never sees the CAST. Text of another case, or without hyphens, would come out differently.
        (Family::Text, Family::Uuid) => one("NOT (CAST(CAST({} AS UUID) AS CHAR) <=> CAST({} AS BINARY))".to_owned()),
        (Family::Uuid, Family::Binary) if to.base == "binary" && to.number() == Some(16) => TypeChange::Fits,
        (Family::Binary, Family::Uuid) if from.base == "binary" && from.number() == Some(16) => TypeChange::Fits,
        (Family::Spatial, Family::Spatial) => spatial(from, to),
        _ => TypeChange::NeedsUsing,
    }
}

/// What the rules speak of; a type without rules is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Numbers that are exact, BIT among them: <https://dev.mysql.com/doc/refman/8.4/en/bit-type.html>.
    Exact,
    Float,
    Year,
    /// CHAR, VARCHAR and the TEXT types.
    Text,
    Enum,
    Set,
    Binary,
    /// DATE, TIME, DATETIME and TIMESTAMP.
    Moment,
    /// MySQL's; MariaDB's JSON is a LONGTEXT with a check: <https://mariadb.com/kb/en/json-data-type/>.
    Json,
    Uuid,
    Inet,
    Spatial,
    Other,
}

impl Family {
    fn of(spelling: &Spelling) -> Self {
        match spelling.base.as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "bit" => Self::Exact,
            "float" | "double" => Self::Float,
            "year" => Self::Year,
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => Self::Text,
            "enum" => Self::Enum,
            "set" => Self::Set,
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Self::Binary,
            "date" | "time" | "datetime" | "timestamp" => Self::Moment,
            "json" => Self::Json,
            "uuid" => Self::Uuid,
            "inet4" | "inet6" => Self::Inet,
            "geometry" | "geometrycollection" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon" => {
                Self::Spatial
            }
            _ => Self::Other,
        }
    }
}

/// MODIFY serves, and a row for which the predicate holds is one that it refuses or changes.
fn one(predicate: String) -> TypeChange {
    TypeChange::Checked { predicate, using: None }
}

/// The change that asks for rows which meet one of the conditions; without conditions all fits.
fn any(conditions: &[String]) -> TypeChange {
    if conditions.is_empty() { TypeChange::Fits } else { one(joined(conditions)) }
}

fn joined(conditions: &[String]) -> String {
    match conditions {
        [condition] => condition.clone(),
        _ => format!("({})", conditions.join(" OR ")),
    }
}

/// Values go by their name, whatever its place is: <https://dev.mysql.com/doc/refman/8.4/en/enum.html>. The members of a SET come in the
/// order of its new type, which is the same set.
fn members(from: &Spelling, to: &Spelling, predicate: impl Fn(&[&str]) -> String) -> TypeChange {
    let kept = to.members();
    // The empty text is the empty set.
    let is_kept = |member: &str| kept.contains(&member) || (to.base == "set" && member == "''");
    let lost: Vec<&str> = from.members().into_iter().filter(|member| !is_kept(member)).collect();
    if lost.is_empty() { TypeChange::Fits } else { one(predicate(&lost)) }
}

/// The condition for a text that is no member, compared byte by byte: the server would take a member in another case, and one with
/// blanks behind it, and a text such as '1' for the first member.
fn differs_from_all(to: &Spelling) -> String {
    format!("CAST(CONVERT({{}} USING utf8mb4) AS BINARY) NOT IN ({})", to.members().join(", "))
}

/// A column of a class of shapes takes the shapes of its subclasses: <https://dev.mysql.com/doc/refman/8.4/en/opengis-geometry-model.html>.
fn spatial(from: &Spelling, to: &Spelling) -> TypeChange {
    match (from.base.as_str(), to.base.as_str()) {
        (_, "geometry") | ("multipoint" | "multilinestring" | "multipolygon", "geometrycollection") => TypeChange::Fits,
        ("geometry", "geometrycollection") => TypeChange::NeedsUsing,
        ("geometry" | "geometrycollection", shape) => one(format!("ST_GEOMETRYTYPE({{}}) <> '{}'", shape.to_ascii_uppercase())),
        _ => TypeChange::NeedsUsing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, predicate: &str) {
        assert_eq!(type_change(from, to), one(predicate.to_owned()), "{from} to {to}");
    }

    #[track_caller]
    fn check_all(pairs: &[(&str, &str)], expected: &TypeChange) {
        for (from, to) in pairs {
            assert_eq!(type_change(from, to), *expected, "{from} to {to}");
        }
    }

    #[test]
    fn widening_asks_for_nothing() {
        check_all(
            &[
                ("int(11)", "int"),
                ("int(5) unsigned zerofill", "int unsigned"),
                ("smallint(6)", "int(11)"),
                ("int unsigned", "bigint"),
                ("tinyint(1)", "tinyint(4)"),
                ("bigint(20)", "decimal(19,0)"),
                ("decimal(10,2)", "decimal(12,4)"),
                ("decimal(9,0)", "int"),
                ("mediumint", "float"),
                ("int", "double"),
                ("float(7,3)", "double"),
                ("float", "double"),
                ("bit(1)", "tinyint(1)"),
                ("bit(8)", "bit(20)"),
                ("year(4)", "smallint"),
                ("varchar(10)", "varchar(20)"),
                ("char(3)", "varchar(3)"),
                ("varchar(63)", "tinytext"),
                ("varchar(16383)", "text"),
                ("tinytext", "varchar(255)"),
                ("text", "longtext"),
                ("int", "varchar(11)"),
                ("bigint unsigned", "char(20)"),
                ("decimal(10,2)", "varchar(12)"),
                ("decimal(2,2) unsigned", "varchar(4)"),
                ("date", "varchar(10)"),
                ("datetime(3)", "text"),
                ("date", "datetime"),
                ("datetime", "datetime(6)"),
                ("timestamp", "timestamp(3)"),
                ("enum('a','b')", "enum('b','x','a')"),
                ("enum('a','b')", "set('b','a')"),
                ("enum('a','')", "set('a')"),
                ("set('a','b')", "set('b','a','c')"),
                ("set('a','bc')", "varchar(4)"),
                ("varchar(20)", "varbinary(80)"),
                ("text", "blob"),
                ("binary(5)", "varbinary(5)"),
                ("json", "longtext"),
                ("uuid", "char(36)"),
                ("uuid", "binary(16)"),
                ("point", "geometry"),
                ("text /*M!100301 COMPRESSED*/", "text"),
            ],
            &TypeChange::Fits,
        );
    }

    #[test]
    fn numbers_out_of_range_and_fractions_are_counted() {
        check("bigint", "int", "({} > 2147483647 OR {} < -2147483648)");
        check("int unsigned", "int", "{} > 2147483647");
        check("int", "int unsigned", "{} < 0");
        check("int", "bigint unsigned", "{} < 0");
        check("tinyint(1)", "bit(1)", "({} > 1 OR {} < 0)");
        check("decimal(12,2)", "decimal(10,2)", "({} > 99999999.99 OR {} < -99999999.99)");
        check("decimal(10,2)", "decimal(10,1)", "{} <> TRUNCATE({}, 1)");
        check("decimal(10,2)", "int", "{} <> TRUNCATE({}, 0)");
        check("decimal(2,2)", "decimal(2,2) unsigned", "{} < 0");
        check("int", "decimal(4,4)", "({} > 0.9999 OR {} < -0.9999)");
        check("decimal(20,0) unsigned", "bigint unsigned", "{} > 9223372036854775807");
        check("float", "float unsigned", "{} < 0");
        check("int", "year", "NOT ({} = 0 OR {} BETWEEN 1901 AND 2155)");
        check("year", "tinyint unsigned", "{} + 0 > 255");
    }

    #[test]
    fn text_that_is_too_long_or_ends_in_blanks_is_counted() {
        check("varchar(20)", "varchar(10)", "CHAR_LENGTH({}) > 10");
        check("varchar(10)", "char(10)", "CHAR_LENGTH(RTRIM({})) < CHAR_LENGTH({})");
        check("text", "char(3)", "(CHAR_LENGTH({}) > 3 OR CHAR_LENGTH(RTRIM({})) < CHAR_LENGTH({}))");
        check("varchar(64)", "tinytext", "LENGTH({}) > 255");
        check("longtext", "text", "LENGTH({}) > 65535");
        check("json", "text", "LENGTH({}) > 65535");
        check("int", "varchar(4)", "CHAR_LENGTH({}) > 4");
        check("varbinary(20)", "varbinary(5)", "LENGTH({}) > 5");
        check("varbinary(5)", "binary(5)", "LENGTH({}) <> 5");
    }

    #[test]
    fn times_that_would_be_cut_are_counted() {
        check("datetime(6)", "datetime", "MICROSECOND({}) <> 0");
        check("timestamp(6)", "timestamp(3)", "MICROSECOND({}) % 1000 <> 0");
        check("time(6)", "time(5)", "MICROSECOND({}) % 10 <> 0");
        check("datetime(3)", "date", "TIME({}) <> TIME '00:00:00'");
    }

    #[test]
    fn lost_members_are_counted() {
        check("enum('a','b','it''s')", "enum('b')", "{} IN ('a', 'it''s')");
        // Another case is another text, which the server would put in silently.
        check("enum('a')", "enum('A')", "{} IN ('a')");
        check("set('a','b','c')", "set('a')", "(FIND_IN_SET('b', {}) > 0 OR FIND_IN_SET('c', {}) > 0)");
        check("set('a','b')", "enum('a','b')", "CAST(CONVERT({} USING utf8mb4) AS BINARY) NOT IN ('a', 'b')");
        check("varchar(9)", "enum('a','b')", "CAST(CONVERT({} USING utf8mb4) AS BINARY) NOT IN ('a', 'b')");
        check("geometry", "point", "ST_GEOMETRYTYPE({}) <> 'POINT'");
    }

    #[test]
    fn the_rest_is_for_the_user_to_say() {
        check_all(
            &[
                ("bigint", "double"),
                ("int", "float"),
                ("decimal(10,2)", "double"),
                ("double", "float"),
                ("float", "float(7,3)"),
                ("double", "decimal(10,2)"),
                ("float", "varchar(40)"),
                ("text", "int"),
                ("text", "json"),
                ("text", "date"),
                ("blob", "text"),
                ("bit(8)", "text"),
                ("int", "varbinary(20)"),
                ("enum('1','2')", "int"),
                ("int", "enum('1','2')"),
                ("text", "set('a')"),
                ("datetime", "timestamp"),
                ("timestamp", "datetime"),
                ("timestamp", "varchar(40)"),
                ("date", "timestamp"),
                ("datetime", "time"),
                ("date", "int"),
                ("inet4", "inet6"),
                ("vector(3)", "vector(4)"),
            ],
            &TypeChange::NeedsUsing,
        );
    }

    #[test]
    fn rows_that_would_not_come_back_are_told() {
        for (from, to, condition) in [
            ("double", "int", "c <> ROUND(c)"),
            ("double", "decimal(10,2)", "CAST(CAST(c AS DECIMAL(10,2)) AS DOUBLE) <> c"),
            ("bigint", "double", "CAST(CAST(c AS DOUBLE) AS DECIMAL(20,0)) <> c"),
            ("text", "int", "NOT (CAST(CAST(c AS SIGNED) AS CHAR) <=> CAST(c AS BINARY))"),
            ("text", "datetime(3)", "NOT (CAST(CAST(c AS DATETIME(3)) AS CHAR) <=> CAST(c AS BINARY))"),
            ("datetime(6)", "timestamp", "(NOT (FROM_UNIXTIME(UNIX_TIMESTAMP(c)) <=> c) OR MICROSECOND(c) <> 0)"),
            ("datetime", "time", "c IS NOT NULL"),
        ] {
            assert_eq!(cast_loses("c", from, to).as_deref(), Some(condition), "{from} to {to}");
        }
        assert_eq!(cast_loses("c", "bigint", "int"), None);
        assert_eq!(cast_loses("c", "blob", "text"), None);
    }
}

//! What becomes of a column's values when its type changes: nothing, an error or a silent change that a query can foresee, or something
//! the user must decide.
//!
//! The rules are those of `ALTER TABLE ... MODIFY` in strict mode (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict>),
//! measured on MariaDB 10.11 and MySQL 9.7. Strict mode refuses what is out of range or too long, but not what is rounded: a decimal, the
//! fraction of a second (MariaDB cuts it, MySQL rounds it), a time of day, blanks at the end, a zero byte that fills up a BINARY. So a
//! predicate here finds both kinds of rows.
//!
//! Another character set is no part of a type; rows that it cannot hold are not looked for here.

use super::types::{Spelling, unquote};
use crate::dialect::TypeChange;

/// Judges a change between two types, in the server's spelling or in SQL's.
pub fn type_change(from: &str, to: &str) -> TypeChange {
    let (from, to) = (Spelling::parse(from), Spelling::parse(to));
    if from == to {
        return TypeChange::Fits;
    }
    match (Family::of(&from), Family::of(&to)) {
        (Family::Exact, Family::Exact) => exact(&from, &to),
        (Family::Exact | Family::Year, Family::Float) => exact_into_float(&from, &to),
        (Family::Float, Family::Float) => float(&from, &to),
        // A number of two digits becomes a year of this century or the last: https://dev.mysql.com/doc/refman/8.4/en/two-digit-years.html.
        (Family::Exact, Family::Year) if places(&from) == 0 => one("NOT ({} = 0 OR {} BETWEEN 1901 AND 2155)".to_owned()),
        (Family::Year, Family::Year) => TypeChange::Fits,
        (Family::Year, Family::Exact) => match exact(&from, &to) {
            // Beside a YEAR the number 1 is the year 2001.
            TypeChange::Checked { predicate, .. } => one(predicate.replace("{}", "{} + 0")),
            other @ (TypeChange::Fits | TypeChange::NeedsUsing) => other,
        },
        // BIT becomes digits in a VARCHAR, and bytes in a TEXT.
        (Family::Exact, Family::Text) if from.base == "bit" => TypeChange::NeedsUsing,
        (Family::Exact | Family::Year | Family::Moment | Family::Uuid | Family::Inet, Family::Text) => printed(&from, &to),
        (Family::Moment, Family::Moment) => moment(&from, &to),
        (Family::Text | Family::Enum | Family::Set | Family::Json, Family::Text) => text(&from, &to),
        (Family::Text | Family::Enum | Family::Set | Family::Binary, Family::Binary) => bytes(&from, &to),
        (Family::Enum, Family::Enum | Family::Set) => members(&from, &to, |lost| format!("{{}} IN ({})", lost.join(", "))),
        (Family::Set, Family::Set) => {
            members(&from, &to, |lost| joined(&lost.iter().map(|member| format!("FIND_IN_SET({member}, {{}}) > 0")).collect::<Vec<_>>()))
        }
        (Family::Text | Family::Set, Family::Enum) => one(differs_from_all(&to)),
        // MySQL has no UUID, so its server never sees the CAST. Text of another case, or without hyphens, would come out differently.
        (Family::Text, Family::Uuid) => one("NOT (CAST(CAST({} AS UUID) AS CHAR) <=> CAST({} AS BINARY))".to_owned()),
        (Family::Uuid, Family::Binary) if to.base == "binary" && to.number() == Some(16) => TypeChange::Fits,
        (Family::Binary, Family::Uuid) if from.base == "binary" && from.number() == Some(16) => TypeChange::Fits,
        (Family::Spatial, Family::Spatial) => spatial(&from, &to),
        _ => TypeChange::NeedsUsing,
    }
}

/// A condition that holds for rows whose value in `column`, already quoted, would be another one after MODIFY to the type `to` and back.
/// `None` where [`type_change`] tells such rows, where there are none, or where the server refuses each of them.
pub fn cast_loses(column: &str, from: &str, to: &str) -> Option<String> {
    if type_change(from, to) != TypeChange::NeedsUsing {
        return None;
    }
    let (from, to) = (Spelling::parse(from), Spelling::parse(to));
    let condition = match (Family::of(&from), Family::of(&to)) {
        // FLOAT(7,3) rounds, and ZEROFILL writes a number in another way.
        (_, Family::Float) if to.args.is_some() => "{} IS NOT NULL".to_owned(),
        (Family::Text, _) if to.zerofill => "{} IS NOT NULL".to_owned(),
        // What is out of range is refused, but for a float that no BIGINT holds.
        (Family::Float, Family::Exact) if to.base == "bigint" => "({} <> ROUND({}) OR ABS({}) >= 9.2e18)".to_owned(),
        (Family::Float, Family::Exact) if is_integer(&to) => "{} <> ROUND({})".to_owned(),
        (Family::Float, Family::Exact) if to.base == "decimal" => {
            format!("CAST(CAST({{}} AS {}) AS {}) <> {{}}", decimal(&to), approximate(&from))
        }
        // A FLOAT ends at 39 digits, and MySQL stops at a CAST that is out of range.
        (Family::Exact, Family::Float) if from.base == "decimal" && to.base == "float" && digits(&from) - places(&from) > 38 => {
            "{} IS NOT NULL".to_owned()
        }
        (Family::Exact, Family::Float) if from.base == "decimal" => {
            format!("CAST(CAST({{}} AS {}) AS {}) <> {{}}", approximate(&to), decimal(&from))
        }
        (Family::Exact, Family::Float) => format!("CAST(CAST({{}} AS {}) AS DECIMAL(20,0)) <> {{}}", approximate(&to)),
        (Family::Float, Family::Float) => {
            format!("CASE WHEN ABS({{}}) > 3.4e38 THEN TRUE ELSE CAST({{}} AS {}) <> {{}} END", approximate(&to))
        }
        // Text of a FLOAT has six digits.
        (Family::Float, Family::Text) if from.base == "float" => "CAST(CAST({} AS CHAR) AS FLOAT) <> {}".to_owned(),
        (Family::Float, Family::Text) => "CAST(CAST({} AS CHAR) AS DOUBLE) <> {}".to_owned(),
        (Family::Text, Family::Exact) if to.base == "decimal" => text_differs(&decimal(&to)),
        (Family::Text, Family::Exact) if is_integer(&to) => text_differs(if to.unsigned { "UNSIGNED" } else { "SIGNED" }),
        (Family::Text, Family::Float) => text_differs(approximate(&to)),
        (Family::Text, Family::Moment) => text_differs(&if to.base == "timestamp" { timed("datetime", &to) } else { timed(&to.base, &to) }),
        (Family::Text, Family::Json) => {
            "CASE WHEN JSON_VALID({}) THEN NOT (CAST(JSON_EXTRACT({}, '$') AS CHAR) <=> CAST({} AS BINARY)) ELSE {} IS NOT NULL END".to_owned()
        }
        // The server refuses bytes that are no text, and every text comes back as its bytes, but for blanks at the end of a CHAR.
        (Family::Binary, Family::Text) if to.base == "char" => "RIGHT({}, 1) = CAST(' ' AS BINARY)".to_owned(),
        (Family::Binary, Family::Text) => return None,
        (Family::Moment, Family::Moment) => moment_loses(&from, &to),
        _ => "{} IS NOT NULL".to_owned(),
    };
    Some(condition.replace("{}", column))
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

// Numbers.

/// The greatest number of an exact type and how far it goes below zero, both as digits.
struct Range {
    high: String,
    low: String,
}

impl Range {
    /// <https://dev.mysql.com/doc/refman/8.4/en/integer-types.html>
    fn of(spelling: &Spelling) -> Self {
        let bits = match spelling.base.as_str() {
            "tinyint" => 8,
            "smallint" => 16,
            "mediumint" => 24,
            "int" => 32,
            "bigint" => 64,
            "bit" => spelling.number().unwrap_or(1),
            "year" => return Self { high: "2155".to_owned(), low: "0".to_owned() },
            _ => {
                let high = nines(spelling);
                let low = if spelling.unsigned { "0".to_owned() } else { high.clone() };
                return Self { high, low };
            }
        };
        let values = 1_u128 << bits.min(64);
        if spelling.unsigned || spelling.base == "bit" {
            Self { high: (values - 1).to_string(), low: "0".to_owned() }
        } else {
            Self { high: (values / 2 - 1).to_string(), low: (values / 2).to_string() }
        }
    }
}

/// The greatest number of a DECIMAL.
fn nines(spelling: &Spelling) -> String {
    let places = places(spelling);
    let whole = "9".repeat(digits(spelling) - places);
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    if places == 0 { whole } else { format!("{whole}.{}", "9".repeat(places)) }
}

/// All digits of a DECIMAL.
fn digits(spelling: &Spelling) -> usize {
    spelling.number().unwrap_or(10).max(places(spelling))
}

/// The digits behind the point that an exact type holds.
fn places(spelling: &Spelling) -> usize {
    if spelling.base == "decimal" { spelling.numbers().and_then(|numbers| numbers.get(1).copied()).unwrap_or(0) } else { 0 }
}

/// Compares the whole parts of two numbers of digits.
fn exceeds(number: &str, limit: &str) -> bool {
    let whole = |number: &str| number.split('.').next().unwrap_or(number).trim_start_matches('0').to_owned();
    let (number, limit) = (whole(number), whole(limit));
    (number.len(), &number) > (limit.len(), &limit)
}

fn exact(from: &Spelling, to: &Spelling) -> TypeChange {
    let (have, mut room) = (Range::of(from), Range::of(to));
    if from.base == "decimal" && room.high == u64::MAX.to_string() {
        // MySQL refuses a DECIMAL that no signed BIGINT holds; MariaDB takes it.
        room.high = i64::MAX.to_string();
    }
    let mut conditions = Vec::new();
    if places(from) > places(to) {
        conditions.push(format!("{{}} <> TRUNCATE({{}}, {})", places(to)));
    }
    if exceeds(&have.high, &room.high) {
        conditions.push(format!("{{}} > {}", room.high));
    }
    if exceeds(&have.low, &room.low) {
        conditions.push(if room.low == "0" { "{} < 0".to_owned() } else { format!("{{}} < -{}", room.low) });
    } else if have.low != "0" && room.low == "0" {
        // All of a DECIMAL(2,2) lies behind the point.
        conditions.push("{} < 0".to_owned());
    }
    any(&conditions)
}

/// A float holds every whole number up to a size; a fraction is hardly ever one that it holds.
fn exact_into_float(from: &Spelling, to: &Spelling) -> TypeChange {
    let have = Range::of(from);
    let exactly = if to.base == "float" { 1_u64 << 24 } else { 1 << 53 }.to_string();
    // FLOAT(7,3) rounds: https://dev.mysql.com/doc/refman/8.4/en/floating-point-types.html.
    if places(from) > 0 || to.args.is_some() || exceeds(&have.high, &exactly) || exceeds(&have.low, &exactly) {
        return TypeChange::NeedsUsing;
    }
    if to.unsigned && have.low != "0" { one("{} < 0".to_owned()) } else { TypeChange::Fits }
}

fn float(from: &Spelling, to: &Spelling) -> TypeChange {
    let wider = from.base == to.base || from.base == "float";
    let unrounded = to.args.is_none() || (from.base == to.base && from.args == to.args);
    if !wider || !unrounded {
        return TypeChange::NeedsUsing;
    }
    if to.unsigned && !from.unsigned { one("{} < 0".to_owned()) } else { TypeChange::Fits }
}

// Text.

/// How much a type holds: <https://dev.mysql.com/doc/refman/8.4/en/storage-requirements.html#data-types-storage-reqs-strings>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Chars(usize),
    Bytes(usize),
}

impl Room {
    fn of(spelling: &Spelling) -> Self {
        match spelling.base.as_str() {
            "tinytext" | "tinyblob" => Self::Bytes(255),
            "text" | "blob" => Self::Bytes(65_535),
            "mediumtext" | "mediumblob" => Self::Bytes(16_777_215),
            "longtext" | "longblob" | "json" => Self::Bytes(4_294_967_295),
            "binary" | "varbinary" => Self::Bytes(spelling.number().unwrap_or(1)),
            "enum" => Self::Chars(lengths(spelling).max().unwrap_or(0)),
            "set" => Self::Chars(lengths(spelling).map(|length| length + 1).sum::<usize>().saturating_sub(1)),
            _ => Self::Chars(spelling.number().unwrap_or(1)),
        }
    }

    /// The condition for a value that does not fit any more.
    fn too_long_for(self, to: Self) -> Option<String> {
        match (self, to) {
            // A character has at most four bytes, in every character set, and at least one.
            (Self::Chars(have), Self::Bytes(room)) if 4 * have <= room => None,
            (Self::Bytes(have) | Self::Chars(have), Self::Chars(room)) if have <= room => None,
            (Self::Bytes(have), Self::Bytes(room)) if have <= room => None,
            (_, Self::Chars(room)) => Some(format!("CHAR_LENGTH({{}}) > {room}")),
            (_, Self::Bytes(room)) => Some(format!("LENGTH({{}}) > {room}")),
        }
    }
}

fn lengths(spelling: &Spelling) -> impl Iterator<Item = usize> {
    spelling.members().into_iter().map(|member| unquote(member).chars().count())
}

/// Blanks at the end of a CHAR are taken away when it is read, and those that are too many for a VARCHAR are cut without an error:
/// <https://dev.mysql.com/doc/refman/8.4/en/char.html>.
fn text(from: &Spelling, to: &Spelling) -> TypeChange {
    let mut conditions: Vec<String> = Room::of(from).too_long_for(Room::of(to)).into_iter().collect();
    let has_blanks = match Family::of(from) {
        Family::Enum | Family::Set => from.members().into_iter().any(|member| unquote(member).ends_with(' ')),
        Family::Text => from.base != "char",
        _ => false,
    };
    if to.base == "char" && has_blanks {
        // Neither LIKE nor = will do: some collations take a no-break space for a blank, and others see no blanks at the end.
        conditions.push("CHAR_LENGTH(RTRIM({})) < CHAR_LENGTH({})".to_owned());
    }
    any(&conditions)
}

/// Text keeps its bytes, and BINARY fills a value up with zero bytes: <https://dev.mysql.com/doc/refman/8.4/en/binary-varbinary.html>.
fn bytes(from: &Spelling, to: &Spelling) -> TypeChange {
    if to.base == "binary" {
        return one(format!("LENGTH({{}}) <> {}", to.number().unwrap_or(1)));
    }
    Room::of(from).too_long_for(Room::of(to)).map_or(TypeChange::Fits, one)
}

/// A value into the text that the server prints for it.
fn printed(from: &Spelling, to: &Spelling) -> TypeChange {
    let length = match from.base.as_str() {
        "date" => 10,
        "time" => with_places(10, from),
        "datetime" => with_places(19, from),
        // The text would be that of the session's time zone.
        "timestamp" => return TypeChange::NeedsUsing,
        "year" => 4,
        "uuid" => 36,
        "inet4" => 15,
        "inet6" => 39,
        "decimal" => {
            let (digits, places) = (digits(from), places(from));
            // The zero before the point of a DECIMAL(2,2); ZEROFILL fills up to one digit more than there are.
            digits + usize::from(digits == places || from.zerofill) + usize::from(places > 0) + usize::from(!from.unsigned)
        }
        _ => {
            let range = Range::of(from);
            let printed = range.high.len().max(range.low.len() + usize::from(!from.unsigned));
            if from.zerofill { printed.max(from.number().unwrap_or(0)) } else { printed }
        }
    };
    Room::Chars(length).too_long_for(Room::of(to)).map_or(TypeChange::Fits, one)
}

// Dates and times.

/// The digits of a second.
fn precision(spelling: &Spelling) -> usize {
    spelling.number().unwrap_or(0).min(6)
}

fn with_places(length: usize, spelling: &Spelling) -> usize {
    match precision(spelling) {
        0 => length,
        places => length + 1 + places,
    }
}

/// Compared with the number 0, MySQL would leave out the fraction of the second; a text it would compare letter by letter ('00:00:00.000').
const HAS_TIME_OF_DAY: &str = "TIME({}) <> TIME '00:00:00'";

/// A TIMESTAMP is a point in time, so every way to or from one depends on the session's time zone; and a TIME has no day.
fn moment(from: &Spelling, to: &Spelling) -> TypeChange {
    match (from.base.as_str(), to.base.as_str()) {
        (a, b) if a == b && precision(from) <= precision(to) => TypeChange::Fits,
        (a, b) if a == b => one(has_more_than(precision(to))),
        ("date", "datetime") => TypeChange::Fits,
        ("datetime", "date") => one(HAS_TIME_OF_DAY.to_owned()),
        _ => TypeChange::NeedsUsing,
    }
}

/// The condition for a time with more digits of a second: <https://dev.mysql.com/doc/refman/8.4/en/fractional-seconds.html>.
fn has_more_than(places: usize) -> String {
    if places == 0 { "MICROSECOND({}) <> 0".to_owned() } else { format!("MICROSECOND({{}}) % 1{} <> 0", "0".repeat(6 - places)) }
}

/// The rows that [`moment`] leaves to the user, and that would not come back.
fn moment_loses(from: &Spelling, to: &Spelling) -> String {
    let mut conditions = match (from.base.as_str(), to.base.as_str()) {
        // Hours that the change to summer time leaves out, and what is out of range (UNIX_TIMESTAMP is 0 then).
        ("date" | "datetime", "timestamp") => vec!["NOT (FROM_UNIXTIME(UNIX_TIMESTAMP({})) <=> {})".to_owned()],
        // The hour that comes twice in autumn.
        ("timestamp", "datetime") => vec!["UNIX_TIMESTAMP(CAST({} AS DATETIME(6))) <> UNIX_TIMESTAMP({})".to_owned()],
        ("timestamp", "date") => vec![HAS_TIME_OF_DAY.to_owned()],
        ("time", "datetime" | "timestamp") => vec!["{} < '00:00:00'".to_owned(), "{} >= '24:00:00'".to_owned()],
        _ => return "{} IS NOT NULL".to_owned(),
    };
    if to.base != "date" && precision(from) > precision(to) {
        conditions.push(has_more_than(precision(to)));
    }
    joined(&conditions)
}

// Values with names.

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

// Shapes.

/// A column of a class of shapes takes the shapes of its subclasses: <https://dev.mysql.com/doc/refman/8.4/en/opengis-geometry-model.html>.
fn spatial(from: &Spelling, to: &Spelling) -> TypeChange {
    match (from.base.as_str(), to.base.as_str()) {
        (_, "geometry") | ("multipoint" | "multilinestring" | "multipolygon", "geometrycollection") => TypeChange::Fits,
        ("geometry", "geometrycollection") => TypeChange::NeedsUsing,
        ("geometry" | "geometrycollection", shape) => one(format!("ST_GEOMETRYTYPE({{}}) <> '{}'", shape.to_ascii_uppercase())),
        _ => TypeChange::NeedsUsing,
    }
}

// Casts there and back.

/// A DECIMAL as CAST takes it, which knows no UNSIGNED.
fn decimal(to: &Spelling) -> String {
    format!("DECIMAL({},{})", digits(to), places(to))
}

/// A type with its digits of a second, as CAST takes it.
fn timed(base: &str, spelling: &Spelling) -> String {
    let name = base.to_ascii_uppercase();
    if precision(spelling) == 0 { name } else { format!("{name}({})", precision(spelling)) }
}

/// Compares a text, byte by byte, with what it reads as; one that cannot be read is NULL or the beginning of the text.
fn text_differs(cast: &str) -> String {
    format!("NOT (CAST(CAST({{}} AS {cast}) AS CHAR) <=> CAST({{}} AS BINARY))")
}

/// A float as CAST takes it.
fn approximate(to: &Spelling) -> &'static str {
    if to.base == "float" { "FLOAT" } else { "DOUBLE" }
}

fn is_integer(spelling: &Spelling) -> bool {
    !matches!(spelling.base.as_str(), "decimal" | "bit")
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

//! Numbers: the whole ones, DECIMAL, BIT, and the floats.

use super::{any, one};
use crate::dialect::TypeChange;
use crate::dialect::mysql::spelling::Spelling;

/// The greatest number of an exact type and how far it goes below zero, both as digits.
pub(super) struct Range {
    pub(super) high: String,
    pub(super) low: String,
}

impl Range {
    /// <https://dev.mysql.com/doc/refman/8.4/en/integer-types.html>
    pub(super) fn of(spelling: &Spelling) -> Self {
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
pub(super) fn digits(spelling: &Spelling) -> usize {
    spelling.number().unwrap_or(10).max(places(spelling))
}

/// The digits behind the point that an exact type holds.
pub(super) fn places(spelling: &Spelling) -> usize {
    if spelling.base == "decimal" { spelling.numbers().and_then(|numbers| numbers.get(1).copied()).unwrap_or(0) } else { 0 }
}

/// Compares the whole parts of two numbers of digits.
fn exceeds(number: &str, limit: &str) -> bool {
    let whole = |number: &str| number.split('.').next().unwrap_or(number).trim_start_matches('0').to_owned();
    let (number, limit) = (whole(number), whole(limit));
    (number.len(), &number) > (limit.len(), &limit)
}

pub(super) fn exact(from: &Spelling, to: &Spelling) -> TypeChange {
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
pub(super) fn exact_into_float(from: &Spelling, to: &Spelling) -> TypeChange {
    let have = Range::of(from);
    let exactly = if to.base == "float" { 1_u64 << 24 } else { 1 << 53 }.to_string();
    // FLOAT(7,3) rounds: https://dev.mysql.com/doc/refman/8.4/en/floating-point-types.html.
    if places(from) > 0 || to.args.is_some() || exceeds(&have.high, &exactly) || exceeds(&have.low, &exactly) {
        return TypeChange::NeedsUsing;
    }
    if to.unsigned && have.low != "0" { one("{} < 0".to_owned()) } else { TypeChange::Fits }
}

pub(super) fn float(from: &Spelling, to: &Spelling) -> TypeChange {
    let wider = from.base == to.base || from.base == "float";
    let unrounded = to.args.is_none() || (from.base == to.base && from.args == to.args);
    if !wider || !unrounded {
        return TypeChange::NeedsUsing;
    }
    if to.unsigned && !from.unsigned { one("{} < 0".to_owned()) } else { TypeChange::Fits }
}

/// A DECIMAL as CAST takes it, which knows no UNSIGNED.
pub(super) fn decimal(to: &Spelling) -> String {
    format!("DECIMAL({},{})", digits(to), places(to))
}

/// A float as CAST takes it.
pub(super) fn approximate(to: &Spelling) -> &'static str {
    if to.base == "float" { "FLOAT" } else { "DOUBLE" }
}

pub(super) fn is_integer(spelling: &Spelling) -> bool {
    !matches!(spelling.base.as_str(), "decimal" | "bit")
}

//! Dates and times.

use super::{joined, one};
use crate::dialect::TypeChange;
use crate::dialect::mysql::spelling::Spelling;

/// The digits of a second.
fn precision(spelling: &Spelling) -> usize {
    spelling.number().unwrap_or(0).min(6)
}

pub(super) fn with_places(length: usize, spelling: &Spelling) -> usize {
    match precision(spelling) {
        0 => length,
        places => length + 1 + places,
    }
}

/// Compared with the number 0, MySQL would leave out the fraction of the second; a text it would compare letter by letter ('00:00:00.000').
const HAS_TIME_OF_DAY: &str = "TIME({}) <> TIME '00:00:00'";

/// A TIMESTAMP is a point in time, so every way to or from one depends on the session's time zone; and a TIME has no day.
pub(super) fn moment(from: &Spelling, to: &Spelling) -> TypeChange {
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
pub(super) fn moment_loses(from: &Spelling, to: &Spelling) -> String {
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

/// A type with its digits of a second, as CAST takes it.
pub(super) fn timed(base: &str, spelling: &Spelling) -> String {
    let name = base.to_ascii_uppercase();
    if precision(spelling) == 0 { name } else { format!("{name}({})", precision(spelling)) }
}

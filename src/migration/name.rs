//! Names of migration files: fourteen digits of UTC, a slug of the message, and which way the script goes.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use crate::UserError;
use crate::plan::Direction;

/// How a revision's time is written.
const FORMAT: &str = "%Y%m%d%H%M%S";
/// The longest slug, as Alembic cuts it.
const LONGEST_SLUG: usize = 40;

/// What the name of a file in the migrations folder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileName {
    Script {
        id: String,
        slug: String,
        direction: Direction,
    },
    /// Ends like a script but is none: the reason.
    Almost(&'static str),
    /// Something else, which is none of our business.
    Other,
}

/// Reads `20261120083200_add_completed.up.sql`.
pub(super) fn parse_file_name(name: &str) -> FileName {
    let Some(stem) = name.strip_suffix(".sql") else { return FileName::Other };
    let (stem, direction) = match (stem.strip_suffix(".up"), stem.strip_suffix(".down")) {
        (Some(stem), _) => (stem, Direction::Up),
        (_, Some(stem)) => (stem, Direction::Down),
        (None, None) => return FileName::Almost("it ends neither in .up.sql nor in .down.sql"),
    };
    let (id, slug) = stem.split_once('_').unwrap_or((stem, ""));
    if id.len() != 14 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return FileName::Almost("it does not begin with fourteen digits and `_`");
    }
    FileName::Script { id: id.to_owned(), slug: slug.to_owned(), direction }
}

/// The revision and the direction of a script by its name; `None` where it is none.
pub fn revision_of_file(name: &str) -> Option<(String, Direction)> {
    match parse_file_name(name) {
        FileName::Script { id, direction, .. } => Some((id, direction)),
        FileName::Almost(_) | FileName::Other => None,
    }
}

/// A revision id for `now` that is later than all of `existing`: always fourteen digits that are a time of the calendar.
///
/// # Errors
/// Where an existing id is so late that nothing can follow it.
pub fn new_revision_id<'a>(existing: impl Iterator<Item = &'a str>, now: DateTime<Utc>) -> Result<String, UserError> {
    let now = now.naive_utc();
    let Some(latest) = existing.max() else { return Ok(now.format(FORMAT).to_string()) };
    let after = following(latest).filter(|time| time.format(FORMAT).to_string().as_str() > latest);
    let Some(after) = after else {
        return Err(UserError::new(format!("no revision can follow {latest}, the latest there is"))
            .with_help("give its files an id that is a time in UTC: year, month, day, hour, minute, second"));
    };
    Ok(after.max(now).format(FORMAT).to_string())
}

/// Checks an id that somebody chose by hand.
pub fn validate_revision_id(id: &str) -> Result<(), UserError> {
    if id.len() == 14 && id.bytes().all(|byte| byte.is_ascii_digit()) && NaiveDateTime::parse_from_str(id, FORMAT).is_ok() {
        return Ok(());
    }
    Err(UserError::new(format!("`{id}` is not a revision id")).with_help("an id is fourteen digits of UTC, such as 20261120083200"))
}

/// The first second after `id`. An id that is no time (a hand-made 20261399000000) is followed by the next one that is.
fn following(id: &str) -> Option<NaiveDateTime> {
    if let Ok(time) = NaiveDateTime::parse_from_str(id, FORMAT) {
        return time.checked_add_signed(Duration::seconds(1));
    }
    let number = |range: std::ops::Range<usize>| id.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let year = i32::try_from(number(0..4)?).ok()?;
    let (month, day, hour, minute) = (number(4..6)?, number(6..8)?, number(8..10)?, number(10..12)?);
    // From the left, the first part that no calendar has is carried into the part before it. A month or day 00 comes before the first one.
    let first_of = |year, month| NaiveDate::from_ymd_opt(year, month, 1).and_then(|date| date.and_hms_opt(0, 0, 0));
    if month == 0 {
        return first_of(year, 1);
    }
    if month > 12 {
        return first_of(year + 1, 1);
    }
    if day == 0 {
        return first_of(year, month);
    }
    let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else {
        return if month == 12 { first_of(year + 1, 1) } else { first_of(year, month + 1) };
    };
    let Some(start) = date.and_hms_opt(hour, 0, 0) else { return date.succ_opt()?.and_hms_opt(0, 0, 0) };
    if minute > 59 {
        return start.checked_add_signed(Duration::hours(1));
    }
    start.checked_add_signed(Duration::minutes(i64::from(minute) + 1))
}

/// The message as part of a file name: lower case, words joined by `_`, cut between words.
pub fn slug(message: &str) -> String {
    let lower = message.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.is_empty() {
            slug.extend(word.chars().take(LONGEST_SLUG));
        } else if slug.chars().count() + 1 + word.chars().count() <= LONGEST_SLUG {
            slug.push('_');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() { "revision".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn id(existing: &[&str]) -> String {
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 8, 32, 0).single().expect("a time");
        new_revision_id(existing.iter().copied(), now).expect("an id")
    }

    #[test]
    fn a_new_id_is_a_time_later_than_every_other() {
        assert_eq!(id(&[]), "20261120083200");
        assert_eq!(id(&["20261119000000"]), "20261120083200");
        assert_eq!(id(&["20261120083200", "20261120083201"]), "20261120083202");
        assert_eq!(id(&["20261231235959"]), "20270101000000");
        assert_eq!(id(&["20280228235959"]), "20280229000000");
    }

    #[test]
    fn an_id_that_is_no_time_is_followed_by_the_next_time() {
        for (existing, next) in [
            ("20261300000000", "20270101000000"),
            ("20270230000000", "20270301000000"),
            ("20270100000000", "20270101000000"),
            ("20270105990000", "20270106000000"),
            ("20270105236099", "20270106000000"),
            ("20270105105999", "20270105110000"),
        ] {
            assert_eq!(id(&[existing]), next);
        }
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 8, 32, 0).single().expect("a time");
        assert!(new_revision_id(["99999999999999"].into_iter(), now).is_err());
    }

    #[test]
    fn slugs_are_words_of_letters_and_digits() {
        assert_eq!(slug("Add todos.completed (really!)"), "add_todos_completed_really");
        assert_eq!(slug("../../etc/passwd"), "etc_passwd");
        assert_eq!(slug("Größe ändern"), "größe_ändern");
        assert_eq!(slug("!!"), "revision");
        assert_eq!(slug(&"word ".repeat(20)), "word_word_word_word_word_word_word_word");
        assert_eq!(slug(&"x".repeat(90)).len(), 40);
    }

    #[test]
    fn file_names_that_almost_match_are_told_apart_from_foreign_ones() {
        let script = |slug: &str, direction| FileName::Script { id: "20261120083200".into(), slug: slug.into(), direction };
        assert_eq!(parse_file_name("20261120083200_add_x.up.sql"), script("add_x", Direction::Up));
        assert_eq!(parse_file_name("20261120083200.down.sql"), script("", Direction::Down));
        assert!(matches!(parse_file_name("2026112008320_add.up.sql"), FileName::Almost(_)));
        assert!(matches!(parse_file_name("20261120083200_add.sql"), FileName::Almost(_)));
        assert_eq!(parse_file_name("README.md"), FileName::Other);
    }
}

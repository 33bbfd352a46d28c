//! Text and bytes, and what is printed into them.

use super::moment::with_places;
use super::number::{Range, digits, places};
use super::{Family, any, one};
use crate::dialect::TypeChange;
use crate::dialect::mysql::lexer::unescape;
use crate::dialect::mysql::spelling::Spelling;

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
    spelling.members().into_iter().map(|member| unescape(member).chars().count())
}

/// Blanks at the end of a CHAR are taken away when it is read, and those that are too many for a VARCHAR are cut without an error:
/// <https://dev.mysql.com/doc/refman/8.4/en/char.html>.
pub(super) fn text(from: &Spelling, to: &Spelling) -> TypeChange {
    let mut conditions: Vec<String> = Room::of(from).too_long_for(Room::of(to)).into_iter().collect();
    let has_blanks = match Family::of(from) {
        Family::Enum | Family::Set => from.members().into_iter().any(|member| unescape(member).ends_with(' ')),
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
pub(super) fn bytes(from: &Spelling, to: &Spelling) -> TypeChange {
    if to.base == "binary" {
        return one(format!("LENGTH({{}}) <> {}", to.number().unwrap_or(1)));
    }
    Room::of(from).too_long_for(Room::of(to)).map_or(TypeChange::Fits, one)
}

/// A value into the text that the server prints for it.
pub(super) fn printed(from: &Spelling, to: &Spelling) -> TypeChange {
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

//! Enumerations, sequences, and what the model has no place for.

use super::rows::{self, SequenceNumbers};
use crate::model::{EnumType, Grants, Hint, Name, Sequence, SequenceOptions, Unmodelled};

pub fn enumeration(row: rows::Enum) -> (Name, EnumType) {
    let found = EnumType { values: row.labels, comment: row.comment, grants: Grants::default(), renamed_from: Hint::default() };
    (rows::name(row.schema, row.name), found)
}

pub fn sequence(row: rows::Sequence) -> (Name, Sequence) {
    let owned_by = match (row.owner_table, row.owner_column) {
        (Some(table), Some(column)) => Some((rows::name(row.owner_schema, table), column)),
        _ => None,
    };
    let found = Sequence {
        options: options(&row.numbers),
        ty: row.numbers.ty,
        owned_by,
        unlogged: row.unlogged,
        comment: row.comment,
        grants: Grants::default(),
        renamed_from: Hint::default(),
    };
    (rows::name(row.schema, row.name), found)
}

/// What differs from the server's default: an ascending sequence runs from 1 to the type's largest number, a descending one from -1 to
/// its smallest, and either starts at the end from which it runs. <https://www.postgresql.org/docs/current/sql-createsequence.html>
pub fn options(numbers: &SequenceNumbers) -> SequenceOptions {
    let (smallest, largest) = match numbers.ty.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let descends = numbers.increment < 0;
    let (min, max) = if descends { (smallest, -1) } else { (1, largest) };
    let unless = |value: i64, default: i64| (value != default).then_some(value);
    SequenceOptions {
        start: unless(numbers.start, if descends { numbers.max } else { numbers.min }),
        increment: unless(numbers.increment, 1),
        min: unless(numbers.min, min),
        max: unless(numbers.max, max),
        cache: unless(numbers.cache, 1),
        cycle: numbers.cycle,
    }
}

/// One entry for each object: its rows follow each other.
pub fn unmodelled(rows: Vec<rows::Unmodelled>) -> Vec<Unmodelled> {
    let mut found: Vec<Unmodelled> = Vec::new();
    for row in rows {
        let is_new = found.last().is_none_or(|last| (&last.kind, &last.name) != (&row.kind, &row.name));
        if is_new {
            found.push(Unmodelled { kind: row.kind, name: row.name, stands_on: Vec::new() });
        }
        if let (Some(table), Some(last)) = (row.table, found.last_mut()) {
            last.stands_on.push((rows::name(row.schema, table), row.column));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(ty: &str, start: i64, increment: i64, min: i64, max: i64) -> SequenceNumbers {
        SequenceNumbers { ty: ty.to_owned(), start, increment, min, max, cache: 1, cycle: false }
    }

    #[test]
    fn the_servers_defaults_are_no_options() {
        assert_eq!(options(&numbers("integer", 1, 1, 1, 2_147_483_647)), SequenceOptions::default());
        assert_eq!(options(&numbers("bigint", 1, 1, 1, i64::MAX)), SequenceOptions::default());
        let down = options(&numbers("smallint", -1, -1, -32768, -1));
        assert_eq!(down, SequenceOptions { increment: Some(-1), ..SequenceOptions::default() });
    }

    #[test]
    fn a_start_at_the_minimum_is_a_default() {
        let from_five = options(&numbers("bigint", 5, 1, 5, i64::MAX));
        assert_eq!(from_five, SequenceOptions { min: Some(5), ..SequenceOptions::default() });
    }
}

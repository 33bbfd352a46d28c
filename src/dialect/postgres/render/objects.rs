//! Enumerations, sequences and comments.

use crate::dialect::Dialect as _;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::quote::literal;
use crate::model::{EnumType, Identity, Name, Sequence, SequenceOptions};

/// `COMMENT ON kind object IS ...`; `object` is already quoted. No text takes the comment away.
pub fn comment(kind: &str, object: &str, text: Option<&str>) -> String {
    format!("COMMENT ON {kind} {object} IS {}", text.map_or_else(|| "NULL".to_owned(), literal))
}

pub fn create_enum(name: &Name, ty: &EnumType) -> String {
    let values: Vec<String> = ty.values.iter().map(|value| literal(value)).collect();
    format!("CREATE TYPE {} AS ENUM ({})", Postgres.name(name), values.join(", "))
}

/// CREATE SEQUENCE without its owner, which may not be there yet.
pub fn create_sequence(name: &Name, sequence: &Sequence) -> String {
    let kind = if sequence.unlogged { "UNLOGGED SEQUENCE" } else { "SEQUENCE" };
    let ty = if sequence.ty == "bigint" { String::new() } else { format!(" AS {}", sequence.ty) };
    let options: String = options(&sequence.options).iter().map(|option| format!(" {option}")).collect();
    format!("CREATE {kind} {}{ty}{options}", Postgres.name(name))
}

/// What stands behind ALTER SEQUENCE and the name, with a blank in front; empty where type and options are the same.
pub fn sequence_changes(from: &Sequence, to: &Sequence) -> String {
    let ty = if from.ty == to.ty { String::new() } else { format!(" AS {}", to.ty) };
    let changes: String = changes(&from.options, &to.options).iter().map(|option| format!(" {option}")).collect();
    format!("{ty}{changes}")
}

/// `GENERATED ... AS IDENTITY` with the options that are not the default.
pub fn identity_clause(identity: &Identity) -> String {
    let kind = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = options(&identity.options);
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {kind} AS IDENTITY{options}")
}

/// What stands behind ALTER COLUMN and the name to bring an identity's options from one state to the other, each with a blank in front.
pub fn identity_option_changes(from: &SequenceOptions, to: &SequenceOptions) -> String {
    changes(from, to).iter().map(|option| format!(" SET {option}")).collect()
}

/// The options as CREATE takes them: what is not said has the server's default.
fn options(options: &SequenceOptions) -> Vec<String> {
    let numbers = [
        ("START WITH", options.start),
        ("INCREMENT BY", options.increment),
        ("MINVALUE", options.min),
        ("MAXVALUE", options.max),
        ("CACHE", options.cache),
    ];
    let mut words: Vec<String> = numbers.iter().filter_map(|(word, number)| number.map(|number| format!("{word} {number}"))).collect();
    if options.cycle {
        words.push("CYCLE".to_owned());
    }
    words
}

/// The options as ALTER takes them: what is not said stays as it is, so a default has to be said.
fn changes(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let mut words = Vec::new();
    let turned = descends(from) != descends(to);
    if start(from) != start(to) {
        words.push(format!("START WITH {}", start(to)));
    }
    if from.increment != to.increment {
        words.push(format!("INCREMENT BY {}", to.increment.unwrap_or(1)));
    }
    // The default bounds depend on the direction, and the server keeps the old ones unless told.
    if from.min != to.min || turned {
        words.push(to.min.map_or_else(|| "NO MINVALUE".to_owned(), |min| format!("MINVALUE {min}")));
    }
    if from.max != to.max || turned {
        words.push(to.max.map_or_else(|| "NO MAXVALUE".to_owned(), |max| format!("MAXVALUE {max}")));
    }
    if from.cache != to.cache {
        words.push(format!("CACHE {}", to.cache.unwrap_or(1)));
    }
    if from.cycle != to.cycle {
        words.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    words
}

fn descends(options: &SequenceOptions) -> bool {
    options.increment.is_some_and(|increment| increment < 0)
}

/// Where the sequence starts: at the end from which it runs, unless said otherwise.
fn start(options: &SequenceOptions) -> i64 {
    let default = if descends(options) { options.max.unwrap_or(-1) } else { options.min.unwrap_or(1) };
    options.start.unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_go_back_to_the_default_are_said() {
        let from = SequenceOptions { min: Some(5), cache: Some(3), cycle: true, ..SequenceOptions::default() };
        let words = identity_option_changes(&from, &SequenceOptions::default());
        assert_eq!(words, " SET START WITH 1 SET NO MINVALUE SET CACHE 1 SET NO CYCLE");
        assert_eq!(identity_option_changes(&from, &from), "");
    }

    #[test]
    fn turning_round_resets_both_bounds() {
        let down = SequenceOptions { increment: Some(-1), ..SequenceOptions::default() };
        assert_eq!(changes(&SequenceOptions::default(), &down), ["START WITH -1", "INCREMENT BY -1", "NO MINVALUE", "NO MAXVALUE"]);
    }

    #[test]
    fn comments_are_literals_or_null() {
        assert_eq!(comment("TABLE", "t", Some("it's")), "COMMENT ON TABLE t IS 'it''s'");
        assert_eq!(comment("TABLE", "t", None), "COMMENT ON TABLE t IS NULL");
    }
}

//! A script as units: what takes effect together, under a name and a hash by which a later run knows it again.

use std::collections::BTreeSet;

use super::backfill::Cut;
use super::script::{Placed, Segment, place};
use crate::UserError;
use crate::dialect::Dialect;
use crate::migration::{Backfill, Script, StepTitle, backfill_of, checksum, looks, refuse_unknown_directives, slow, step_of};
use crate::source::Piece;

/// One unit of a script, in its order.
#[derive(Debug, Clone)]
pub(super) struct Unit<'a> {
    pub segment: Segment<'a>,
    /// The title of its first step; unique in the script.
    pub name: String,
    /// Of its statements, without comments: what may not change once it is done.
    pub hash: String,
    /// Where the runner cuts it into batches.
    pub backfill: Option<Backfill>,
    /// True where an application of before the revision would notice.
    pub contract: bool,
}

impl Unit<'_> {
    /// True for what is repeated by every run and never noted.
    pub fn only_prepares(&self) -> bool {
        matches!(self.segment, Segment::Prepare(_))
    }
}

/// The units of `script`, once for all: what is wrong with it is found before anything runs.
///
/// # Errors
/// Transactions without end, unknown directives and the like, with their file and line.
pub(super) fn units<'a>(script: &'a Script, dialect: &dyn Dialect) -> Result<Vec<Unit<'a>>, UserError> {
    refuse_unknown_directives(script, dialect)?;
    let placed = place(&script.text, dialect).map_err(|error| located(script, error))?;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut units = Vec::new();
    // The step of a setting that stands before its statement is the statement's.
    let mut begun: Option<StepTitle> = None;
    for Placed { segment, .. } in placed {
        let backfill = match &segment {
            Segment::Backfill(piece) => {
                let line = || format!("{}:{}", script.path.display(), piece.line(&script.text));
                let backfill = backfill_of(piece, script)?;
                if let Some(spec) = &backfill {
                    Cut::find(piece, spec, dialect).map_err(|what| UserError::new(format!("{}: {what}", line())))?;
                }
                backfill
            }
            Segment::Transaction(_) | Segment::Prepare(_) | Segment::Alone(_) => None,
        };
        let mut steps = Vec::new();
        for piece in segment.pieces() {
            steps.extend(step_of(piece, script)?);
        }
        let only_prepares = matches!(segment, Segment::Prepare(_));
        if only_prepares {
            begun = steps.pop().or(begun);
            steps.clear();
        } else if steps.is_empty() {
            steps.extend(begun.take());
        } else {
            begun = None;
        }
        let contract = steps.iter().any(|step| step.contract);
        let title = match (steps.into_iter().next(), &backfill) {
            (Some(StepTitle { title, .. }), _) => title,
            (None, Some(backfill)) => format!("backfill {}", backfill.table),
            (None, None) => "part".to_owned(),
        };
        let names = std::iter::once(title.clone()).chain((2..).map(|count: usize| format!("{title} ({count})")));
        let name = names.into_iter().find(|name| !seen.contains(name)).unwrap_or(title);
        if !only_prepares {
            seen.insert(name.clone());
        }
        let hash = checksum(&segment.pieces().iter().map(Piece::statement).collect::<Vec<_>>().join(";\n"));
        units.push(Unit { segment, name, hash, backfill, contract });
    }
    Ok(units)
}

/// Finds what is wrong with a script before it runs: its transactions, its directives, its looks.
///
/// # Errors
/// The first fault, with its file and line.
pub fn refuse_faulty(script: &Script, dialect: &dyn Dialect) -> Result<(), UserError> {
    units(script, dialect)?;
    slow(script, dialect)?;
    looks(script, dialect).map(|_| ())
}

/// An error of [`place`] with the script's path before the line.
pub(super) fn located(script: &Script, error: UserError) -> UserError {
    let path = script.path.display().to_string();
    let message = match error.message.strip_prefix("line ") {
        Some(rest) => format!("{path}:{rest}"),
        None => format!("{path}: {}", error.message),
    };
    UserError { message, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn names(text: &str) -> Vec<(String, bool)> {
        let script = Script::new("x.up.sql", text);
        units(&script, Kind::Postgres.dialect()).expect("valid").into_iter().map(|unit| (unit.name, unit.backfill.is_some())).collect()
    }

    #[test]
    fn units_have_names_of_their_own() {
        let text = "BEGIN;\n-- dbtool: step \"a\"\nSELECT 1;\n-- dbtool: step \"b\"\nSELECT 2;\nCOMMIT;\n\n-- dbtool: step \"a\"\nVACUUM t;\nVACUUM u;\n\
                    -- dbtool: step \"a (2)\"\nVACUUM v;\n-- dbtool: backfill table=t\nUPDATE t SET a = 1 WHERE a IS NULL /* dbtool:range t */;\n";
        let wanted = [("a", false), ("a (2)", false), ("part", false), ("a (2) (2)", false), ("backfill t", true)];
        assert_eq!(names(text), wanted.map(|(name, backfill)| (name.to_owned(), backfill)));
    }

    #[test]
    fn the_step_of_a_setting_is_that_of_its_statement() {
        let text = "-- dbtool: step \"a\" contract\nSET SESSION sql_mode = '';\nDROP TABLE t;\nSET SESSION sql_mode = 'ANSI';\n-- dbtool: step \"b\"\nDROP TABLE u;\nDROP TABLE v;\n";
        let script = Script::new("x.up.sql", text);
        let found: Vec<(String, bool)> = units(&script, Kind::Mysql.dialect())
            .expect("valid")
            .into_iter()
            .filter(|unit| !unit.only_prepares())
            .map(|unit| (unit.name, unit.contract))
            .collect();
        assert_eq!(found, [("a", true), ("b", false), ("part", false)].map(|(name, contract)| (name.to_owned(), contract)));
    }

    #[test]
    fn comments_do_not_count_in_the_hash() {
        let hash = |text: &str| {
            let script = Script::new("x.up.sql", text);
            units(&script, Kind::Sqlite.dialect()).expect("valid").remove(0).hash
        };
        assert_eq!(hash("-- a\nSELECT 1;"), hash("-- b\n\nSELECT 1 ; -- c"));
        assert_ne!(hash("SELECT 1;"), hash("SELECT 2;"));
    }
}

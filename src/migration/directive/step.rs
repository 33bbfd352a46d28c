//! Steps: what a group of statements is called, and what a reader or an operator should know before it runs.

use super::{Said, fault, in_quotes, quoted, said};
use crate::UserError;
use crate::dialect::Dialect;
use crate::migration::Script;
use crate::plan::Slow;
use crate::source::Piece;

/// The title of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTitle {
    pub title: String,
    /// True for a step that an application of before the revision would notice. `upgrade --expand` stops in front of it.
    pub contract: bool,
}

pub fn step_comment(title: &str, contract: bool) -> String {
    // The title has always stood here without escapes, so that it reads well.
    format!("-- dbtool: step \"{}\"{}\n", title.replace(['\n', '\r'], " ").replace('"', "'"), if contract { " contract" } else { "" })
}

pub fn slow_comment(slow: &Slow) -> String {
    format!("-- dbtool: slow table={} {}\n", slow.table, in_quotes(&slow.what))
}

/// The step that begins at a statement, where one does.
///
/// # Errors
/// A directive that is not of the form, with its file and line: a misspelt `contract` would not hold the step back.
pub fn step_of(piece: &Piece<'_>, script: &Script) -> Result<Option<StepTitle>, UserError> {
    let steps = said(piece, &script.text).into_iter().filter(|said| said.word == "step");
    let mut titles = steps.map(|said| {
        title(&said).ok_or_else(|| {
            fault(script, said.line, "the directive `step` is not of its form").with_help("write it as: -- dbtool: step \"what it does\" [contract]")
        })
    });
    let first = titles.next().transpose()?;
    titles.try_fold(first, |first, step| step.map(|step| first.map(|first| StepTitle { contract: first.contract || step.contract, ..first })))
}

fn title(said: &Said) -> Option<StepTitle> {
    let (title, rest) = quoted(said.rest.lines().next()?)?;
    match rest.trim() {
        "" => Some(StepTitle { title, contract: false }),
        "contract" => Some(StepTitle { title, contract: true }),
        _ => None,
    }
}

/// All that a script says of slowness.
///
/// # Errors
/// A directive without table or text, with its file and line.
pub fn slow(script: &Script, dialect: &dyn Dialect) -> Result<Vec<Slow>, UserError> {
    let mut found = Vec::new();
    for piece in dialect.split(&script.text) {
        for said in said(&piece, &script.text).into_iter().filter(|said| said.word == "slow") {
            let read = said.rest.strip_prefix("table=").and_then(|rest| {
                let (table, what) = rest.split_at(name_end(rest));
                Some(Slow { table: table.to_owned(), what: quoted(what.trim_start())?.0 })
            });
            let help = "write it as: -- dbtool: slow table=NAME \"what happens, and who has to wait\"";
            found.push(read.ok_or_else(|| fault(script, said.line, "the directive `slow` has no table or no text").with_help(help))?);
        }
    }
    Ok(found)
}

/// Where the name that `text` begins with ends: at white space outside quotes.
fn name_end(text: &str) -> usize {
    let mut quote = None;
    let end = text.find(|c: char| {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '`') => quote = Some(c),
            Some(_) | None => {}
        }
        quote.is_none() && c.is_whitespace()
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    #[test]
    fn steps_and_slowness_read_back() {
        let slowness = Slow { table: "app.\"a b\"".into(), what: "rewrites \"every\" row".into() };
        let text = format!("{}{}SELECT 1;\nSELECT 2;\n", slow_comment(&slowness), step_comment("the \"fill\" goes", true));
        let script = Script::new("x.up.sql", &text);
        let dialect = Kind::Postgres.dialect();
        assert_eq!(slow(&script, dialect), Ok(vec![slowness]));
        let pieces = dialect.split(&script.text);
        assert_eq!(step_of(&pieces[0], &script), Ok(Some(StepTitle { title: "the 'fill' goes".into(), contract: true })));
        assert_eq!(step_of(&pieces[1], &script), Ok(None));
        for wrong in ["step \"a\" contracts", "step a", "step"] {
            let script = Script::new("x.up.sql", &format!("-- dbtool: {wrong}\nSELECT 1;"));
            assert!(step_of(&dialect.split(&script.text)[0], &script).is_err(), "{wrong}");
        }
        let error = slow(&Script::new("x.up.sql", "\n-- dbtool: slow t\nSELECT 1;\n"), dialect).expect_err("no table");
        assert!(error.message.starts_with("x.up.sql:2: "));
    }
}

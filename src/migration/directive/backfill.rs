//! Backfills: a statement that the runner cuts into batches by ranges of keys.
//!
//! ```sql
//! -- dbtool: backfill table=todos key=id target=200ms pause=10%
//! -- dbtool: verify SELECT * FROM todos WHERE completed IS NULL
//! UPDATE todos SET completed = false WHERE completed IS NULL /* dbtool:range todos */;
//! ```
//!
//! The comment `/* dbtool:range ALIAS */` is where `AND (the keys of ALIAS lie in this range)` goes.

use super::{Pace, Said, continued, fault, parse_duration, said, split_outside_quotes};
use crate::UserError;
use crate::migration::Script;
use crate::source::Piece;

/// What a script says of one backfill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    /// The table whose rows are cut into batches, as SQL spells it.
    pub table: String,
    /// The columns that the batches go by, as SQL spells them; none where the runner is to choose.
    pub key: Vec<String>,
    pub pace: Pace,
    /// Returns the rows that are still to do. It must return none before the next step runs.
    pub verify: Option<String>,
    /// The line of the directive.
    pub line: usize,
}

/// The comment lines that make [`backfill_of`] find a backfill again.
pub fn backfill_comment(table: &str, key: &[String], batch: Option<u64>, verify: Option<&str>) -> String {
    let key = if key.is_empty() { String::new() } else { format!(" key={}", key.join(",")) };
    let batch = batch.map(|rows| format!(" batch={rows}")).unwrap_or_default();
    let verify = verify.map(|query| format!("-- dbtool: verify {}\n", continued(query))).unwrap_or_default();
    format!("-- dbtool: backfill table={table}{key}{batch}\n{verify}")
}

/// True where the comments before a statement call it a backfill.
pub fn is_backfill(piece: &Piece<'_>) -> bool {
    piece.leading().lines().filter_map(crate::migration::header::directive).any(|text| text.split_whitespace().next() == Some("backfill"))
}

/// The backfill that a statement is, where it is one.
///
/// # Errors
/// What is wrong with the directive, with its file and line.
pub fn backfill_of(piece: &Piece<'_>, script: &Script) -> Result<Option<Backfill>, UserError> {
    let all = said(piece, &script.text);
    let verify = all.iter().find(|said| said.word == "verify");
    let Some(said) = all.iter().find(|said| said.word == "backfill") else {
        return match verify {
            Some(verify) => Err(fault(script, verify.line, "`verify` without `backfill`").with_help(HELP)),
            None => Ok(None),
        };
    };
    let mut backfill = read(said).map_err(|what| fault(script, said.line, &format!("the backfill {what}")).with_help(HELP))?;
    if let Some(verify) = verify {
        if verify.rest.trim().is_empty() {
            return Err(fault(script, verify.line, "`verify` has no query").with_help(HELP));
        }
        backfill.verify = Some(verify.rest.trim_end().trim_end_matches(';').to_owned());
    }
    Ok(Some(backfill))
}

const HELP: &str = "write it as: -- dbtool: backfill table=NAME [key=COLUMN,COLUMN] [batch=ROWS] [target=200ms] [pause=50ms or 10%], and below it \
                    -- dbtool: verify SELECT ... (the rows that are still to do)";

fn read(said: &Said) -> Result<Backfill, String> {
    let mut backfill = Backfill { table: String::new(), key: Vec::new(), pace: Pace::default(), verify: None, line: said.line };
    for word in split_outside_quotes(&said.rest, char::is_whitespace) {
        let Some((name, value)) = word.split_once('=').filter(|(_, value)| !value.is_empty()) else {
            return Err(format!("has `{word}`, which is no NAME=VALUE"));
        };
        match name {
            "table" => value.clone_into(&mut backfill.table),
            "key" => backfill.key = split_outside_quotes(value, |c| c == ',').into_iter().map(str::to_owned).collect(),
            "batch" => match value.parse() {
                Ok(rows) if rows > 0 => backfill.pace.batch = Some(rows),
                _ => return Err(format!("has the batch `{value}`, which is no number of rows")),
            },
            "target" => backfill.pace.target = Some(parse_duration(value)?),
            "pause" => backfill.pace.pause = Some(value.parse()?),
            _ => return Err(format!("has the unknown word `{name}`")),
        }
    }
    if backfill.table.is_empty() { Err("names no table".to_owned()) } else { Ok(backfill) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::dialect::Kind;
    use crate::migration::Pause;

    fn parse(text: &str) -> Result<Option<Backfill>, UserError> {
        let script = Script::new("x.up.sql", text);
        let pieces = Kind::Postgres.dialect().split(&script.text);
        backfill_of(&pieces[0], &script)
    }

    #[test]
    fn a_backfill_reads_back_as_it_was_written() {
        let key = ["\"a,b\"".to_owned(), "c".to_owned()];
        let text = format!("{}UPDATE x;\n", backfill_comment("app.\"x y\"", &key, Some(50), Some("SELECT 1\nFROM t")));
        let found = parse(&text).expect("valid").expect("there");
        assert_eq!((found.table.as_str(), found.key.as_slice(), found.pace.batch), ("app.\"x y\"", key.as_slice(), Some(50)));
        assert_eq!(found.verify.as_deref(), Some("SELECT 1\nFROM t"));
        let found = parse("-- dbtool: backfill table=t target=1s pause=20%\nUPDATE t;").expect("valid").expect("there");
        assert_eq!((found.pace.target, found.pace.pause), (Some(Duration::from_secs(1)), Some(Pause::Percent(20))));
        assert_eq!(parse("UPDATE t;"), Ok(None));
    }

    #[test]
    fn faults_name_the_line_and_the_form() {
        for (text, what) in [
            ("-- dbtool: backfill\nUPDATE t;", "x.up.sql:1: the backfill names no table"),
            ("\n-- dbtool: backfill table=t size=1\nUPDATE t;", "x.up.sql:2: the backfill has the unknown word `size`"),
            ("-- dbtool: backfill table=t batch=0\nUPDATE t;", "x.up.sql:1: the backfill has the batch `0`, which is no number of rows"),
            ("-- dbtool: verify SELECT 1\nUPDATE t;", "x.up.sql:1: `verify` without `backfill`"),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.message, what);
            assert!(error.help.is_some());
        }
    }
}

//! What a script tells the runner in comments. By hand they are comments only, so a script means the same to the engine's own client.
//!
//! A directive is a line `-- dbtool: WORD ...` before a statement. Only comments before statements are read: a text literal that looks like
//! a directive is none. A word that is none of the language is refused, because a misspelt `backfill` would run in one go.

mod allow;
mod backfill;
mod look;
mod pace;
mod step;

pub use allow::{Allow, allow_comment, allows};
pub use backfill::{Backfill, backfill_comment, backfill_of, is_backfill};
pub use look::{Look, look_comment, looks};
pub use pace::{Pace, Pause, parse_duration};
pub use step::{StepTitle, slow, slow_comment, step_comment, step_of};

use super::header::directive;
use super::script::Script;
use crate::UserError;
use crate::dialect::Dialect;
use crate::source::Piece;

/// How the further lines of a query begin.
const CONTINUED: &str = "--   ";

/// The words a directive can begin with.
const WORDS: &[&str] = &["revision", "step", "look", "backfill", "verify", "slow", "allow"];

/// One directive: its word, the rest of its line with the lines that continue it, and the line of the script (from 1) it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    word: String,
    rest: String,
    line: usize,
}

/// The directives in the comments before a statement.
fn said(piece: &Piece<'_>, script: &str) -> Vec<Said> {
    let comments = if piece.statement().is_empty() { piece.text } else { piece.leading() };
    let first_line = 1 + script[..piece.offset].matches('\n').count();
    let lines: Vec<&str> = comments.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(text) = directive(line) else { continue };
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let mut rest = rest.trim_start().to_owned();
        for continued in lines[index + 1..].iter().map_while(|line| line.strip_prefix(CONTINUED)) {
            rest.push('\n');
            rest.push_str(continued);
        }
        found.push(Said { word: word.to_owned(), rest, line: first_line + index });
    }
    found
}

/// Where the comments begin that belong to a statement, in bytes of its piece: at the first directive but the header's, or at the statement.
pub fn lead_of(piece: &Piece<'_>) -> usize {
    let mut start = 0;
    for line in piece.leading().split_inclusive('\n') {
        if directive(line).is_some_and(|text| !text.starts_with("revision")) {
            return start;
        }
        start += line.len();
    }
    piece.statement.0
}

/// Refuses a script with directives that nobody understands.
///
/// # Errors
/// The first of them, with its file and line and what was probably meant.
pub fn refuse_unknown_directives(script: &Script, dialect: &dyn Dialect) -> Result<(), UserError> {
    for piece in dialect.split(&script.text) {
        for said in said(&piece, &script.text) {
            if WORDS.contains(&said.word.as_str()) {
                continue;
            }
            let near = WORDS.iter().max_by(|a, b| strsim::jaro_winkler(a, &said.word).total_cmp(&strsim::jaro_winkler(b, &said.word)));
            let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`? The directives are {}", WORDS.join(", ")));
            return Err(fault(script, said.line, &format!("unknown directive `{}`", said.word)).with_help(help));
        }
        backfill_of(&piece, script)?;
    }
    Ok(())
}

fn fault(script: &Script, line: usize, what: &str) -> UserError {
    UserError::new(format!("{}:{line}: {what}", script.path.display()))
}

/// `text` in double quotes, as [`quoted`] reads it back. Line ends would end the comment and become SQL.
fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " "))
}

/// The text in double quotes that `text` begins with, `\"` and `\\` undone, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut message = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((message, &inner[at + 1..])),
            '\\' => message.push(chars.next()?.1),
            _ => message.push(c),
        }
    }
    None
}

/// A query as the rest of a directive, its further lines continued.
fn continued(query: &str) -> String {
    query.trim_end().replace('\n', &format!("\n{CONTINUED}"))
}

/// The parts of `text` between separators that stand outside double quotes.
fn split_outside_quotes(text: &str, is_separator: fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '`') => quote = Some(c),
            Some(_) | None => {}
        }
        if quote.is_none() && is_separator(c) {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    #[test]
    fn a_misspelt_directive_is_refused_with_the_one_that_was_meant() {
        let script = Script::new("x.up.sql", "-- a comment\n-- dbtool: backfil table=t\nUPDATE t SET a = 1;\n");
        let error = refuse_unknown_directives(&script, Kind::Sqlite.dialect()).expect_err("unknown");
        assert_eq!(error.message, "x.up.sql:2: unknown directive `backfil`");
        assert!(error.help.expect("help").starts_with("did you mean `backfill`?"));
        let script = Script::new("x.up.sql", "INSERT INTO t VALUES ('\n-- dbtool: nonsense\n');\n-- dbtool: step \"a\"\n");
        assert_eq!(refuse_unknown_directives(&script, Kind::Postgres.dialect()), Ok(()));
    }
}

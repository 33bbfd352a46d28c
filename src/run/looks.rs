//! The rows that stand in the way of a revision, counted before its first statement runs.

use super::failure::server_words;
use crate::UserError;
use crate::dialect::{Row, Session};
use crate::migration::{Script, looks};

/// How many of the rows are shown.
const EXAMPLES: usize = 5;

/// Runs the looks of `script`.
///
/// # Errors
/// The looks that found rows, all at once, with the number of rows and examples.
pub(super) async fn run_looks(session: &mut Session, script: &Script) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for look in looks(script, session.dialect())? {
        // The closing parenthesis stands on a line of its own in case the query ends with a comment.
        let query = look.query.trim_end().trim_end_matches(';');
        let place = format!("{}:{}", script.path.display(), look.line);
        let fault = |error: sqlx::Error| UserError::new(format!("{place}: the look failed: {}", server_words(&error)));
        let count = session.count(&format!("SELECT count(*) FROM (\n{query}\n) AS dbtool_look")).await.map_err(fault)?;
        if count == 0 {
            continue;
        }
        let rows = session.rows(&format!("SELECT * FROM (\n{query}\n) AS dbtool_look LIMIT {EXAMPLES}")).await.map_err(fault)?;
        let text = format!("{place}: {}: {count} {}", look.message, if count == 1 { "row" } else { "rows" });
        found.push(text + &examples(&rows, count));
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(UserError::new(found.join("\n")).with_help("correct these rows, or the script, and run the command again").into())
}

/// Rows, each on a line of its own, and dots where there are more than these.
pub(super) fn examples(rows: &[Row], count: u64) -> String {
    let lines: String = rows.iter().map(|row| format!("\n  {}", shown(row))).collect();
    if count > rows.len() as u64 { lines + "\n  ..." } else { lines }
}

fn shown(row: &Row) -> String {
    let cells = row.iter().map(|cell| match cell {
        Some(text) if text.chars().count() > 60 => format!("{}...", text.chars().take(57).collect::<String>()),
        Some(text) => text.clone(),
        None => "NULL".to_owned(),
    });
    format!("({})", cells.collect::<Vec<_>>().join(", "))
}

//! Do the files and the history speak of the same revisions?

use super::history::{History, State};
use crate::UserError;
use crate::migration::RevisionGraph;

/// Something in which the files differ from what was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Applied, but there is no file of it.
    NoFile { revision: String, message: String, applied_at: String },
    /// Its up file is not the one that was applied.
    Edited { revision: String, path: std::path::PathBuf },
}

/// What differs, by revision. Reads the up file of every applied revision.
pub fn problems(graph: &RevisionGraph, history: &History) -> Result<Vec<Problem>, UserError> {
    let mut problems = Vec::new();
    for row in &history.rows {
        let Some(revision) = graph.get(&row.revision) else {
            let (message, applied_at) = (row.message.clone(), row.applied_at.clone());
            problems.push(Problem::NoFile { revision: row.revision.clone(), message, applied_at });
            continue;
        };
        // The checksum of an interrupted revision is that of the part that is done; whoever resumes it looks at it.
        if row.state == State::Applied && revision.up()?.checksum() != row.checksum {
            problems.push(Problem::Edited { revision: row.revision.clone(), path: revision.up_path.clone() });
        }
    }
    Ok(problems)
}

/// Refuses to go on where anything differs.
pub(super) fn refuse_problems(graph: &RevisionGraph, history: &History) -> Result<(), UserError> {
    let problems = problems(graph, history)?;
    let Some(first) = problems.first() else { return Ok(()) };
    let told: Vec<String> = problems.iter().map(|problem| problem.text(graph)).collect();
    Err(UserError::new(told.join("\n")).with_help(first.help(history)))
}

impl Problem {
    pub fn text(&self, graph: &RevisionGraph) -> String {
        match self {
            Self::NoFile { revision, message, applied_at } => {
                format!("revision {revision} ({message}), applied {applied_at}, has no file in {}", graph.directory.display())
            }
            Self::Edited { revision, path } => format!("revision {revision} is applied, but {} was edited afterwards", path.display()),
        }
    }

    pub fn help(&self, history: &History) -> String {
        match self {
            Self::NoFile { revision, .. } => format!(
                "bring its files (is this checkout older than the database?), or take it back with `dbtool downgrade {revision}-1`, for which \
                 the database keeps the script; `dbtool stamp --purge REV` makes it forget"
            ),
            Self::Edited { .. } => format!(
                "restore the file and put the change into a new revision; if the file is right as it is, record it with `dbtool stamp {}`",
                history.heads().join(" ")
            ),
        }
    }
}

//! What every command gets, and the steps most of them share.

use serde_json::{Value, json};

use super::exit::Exit;
use super::progress::RunDisplay;
use super::ui::Ui;
use crate::UserError;
use crate::config::Settings;
use crate::dialect::{Access, Kind, Session};
use crate::migration::{Pace, Revision, RevisionGraph};
use crate::plan::Style;
use crate::run::{Halt, Halted, History, Outcome, RunOptions, StateTable, Stop, Tell};

/// The settings of the run and the way to talk.
pub struct Context {
    pub settings: Settings,
    pub ui: Ui,
}

impl Context {
    /// The revisions of the folder. Files that are left out are warned of.
    pub fn graph(&self) -> Result<RevisionGraph, UserError> {
        let graph = RevisionGraph::load(&self.settings.directory)?;
        for warning in &graph.warnings {
            self.ui.warn(warning);
        }
        Ok(graph)
    }

    /// A connection to the database.
    pub async fn connect(&self, access: Access) -> anyhow::Result<Session> {
        let url = self.settings.database_url()?;
        self.ui.detail(format!("Connecting to {url}"));
        Session::connect(url, access).await
    }

    /// The history, read over a connection of its own; empty where there is none. Nothing is written.
    pub async fn history(&self) -> anyhow::Result<History> {
        let mut session = self.connect(Access::ReadOnly).await?;
        let history = self.history_of(&mut session).await;
        session.close().await;
        history
    }

    /// The same, for whoever prints scripts of whole revisions.
    ///
    /// # Errors
    /// Where a revision is half done: its script would do that half again.
    pub async fn settled_history(&self) -> anyhow::Result<History> {
        let history = self.history().await?;
        let Some(row) = history.interrupted() else { return Ok(history) };
        Err(UserError::new(format!("revision {} ({}) is half done, and its script would do that half again", row.revision, row.message))
            .with_help("let dbtool finish it first; `dbtool status` shows how far it is")
            .into())
    }

    /// The history, read over `session`; empty where there is none.
    pub async fn history_of(&self, session: &mut Session) -> anyhow::Result<History> {
        let table = StateTable::locate(session, &self.settings.state).await?;
        Ok(table.read(session).await?.unwrap_or_default())
    }

    /// What a run needs to know.
    pub fn run_options<'a>(&'a self, graph: &'a RevisionGraph, stop: &'a Stop, tell: Tell<'a>) -> Result<RunOptions<'a>, UserError> {
        Ok(RunOptions { graph, url: self.settings.database_url()?, settings: &self.settings, tag: None, pace: Pace::default(), stop, tell })
    }

    /// How plans for the database of `session` are to be.
    ///
    /// # Errors
    /// Where the files are to be for a newer SQLite than the one in this program, with which every plan is proven.
    pub async fn style(&self, session: &mut Session) -> anyhow::Result<Style> {
        let (online, oldest) = (self.settings.migrate.online, self.settings.sqlite_min_version);
        let own = session.server_version().await?;
        if session.kind() != Kind::Sqlite || oldest == 0 {
            return Ok(Style { online, server_version: own });
        }
        if oldest > own {
            let own = format!("{}.{}.{}", own / 1_000_000, own / 1000 % 1000, own % 1000);
            return Err(UserError::new(format!(
                "[sqlite] min_version is newer than the SQLite in this dbtool, {own}, with which every plan is proven"
            ))
            .with_help(format!("write \"{own}\" or an older one"))
            .into());
        }
        Ok(Style { online, server_version: oldest })
    }

    /// Shows what a run tells about itself.
    pub fn display(&self) -> RunDisplay<'_> {
        RunDisplay::new(&self.ui)
    }

    /// The document of a run that changed the history.
    pub fn outcome(&self, outcome: &Outcome) {
        let done: Vec<Value> = outcome
            .done
            .iter()
            .map(|done| json!({ "revision": done.revision, "message": done.message, "duration_ms": done.duration.as_millis() as u64 }))
            .collect();
        let halted = outcome.halted.as_ref().map(|halt| json!({ "revision": halt.revision, "why": halt.why.word(), "place": halt.place }));
        self.ui.document(json!({ "revisions": done, "heads": outcome.heads, "halted": halted }));
    }

    /// Ends a run: where it was asked to stop, what to do next. `command` leads to where this run was to lead.
    pub fn ended(&self, outcome: &Outcome, command: &str) -> Exit {
        self.outcome(outcome);
        let Some(Halt { revision, why, place }) = &outcome.halted else { return Exit::Done };
        let (done, next, exit) = match why {
            Halted::Interrupted => ("Interrupted", format!("`{command}` goes on from there"), Exit::Interrupted),
            Halted::Paused => ("The time is over", format!("`{command}` goes on from there"), Exit::No),
            Halted::Contract { .. } => {
                ("Held back", format!("once no application of before this revision runs any more, `{command}` does the rest"), Exit::Done)
            }
        };
        self.ui.insist(match revision {
            Some(revision) => format!("{done} in revision {revision}, {place}. What is done is kept and noted; {next}"),
            None => format!("{done}, {place}. Nothing was begun"),
        });
        exit
    }
}

/// A revision in a document.
pub fn revision_json(revision: &Revision, graph: &RevisionGraph) -> Value {
    json!({
        "revision": revision.id,
        "parents": revision.parents,
        "message": revision.message,
        "head": graph.dag().children(&revision.id).is_empty(),
        "up": revision.up_path.display().to_string(),
        "down": revision.down_path.as_ref().map(|path| path.display().to_string()),
    })
}

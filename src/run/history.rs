//! What was applied to a database, as its version table tells.

use std::time::Duration;

use crate::migration::{Dag, Direction};

/// How far a revision has come. A row that is not `Applied` belongs to a run that is under way or was interrupted; which of its parts
/// are done stands in `dbtool_steps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Applied,
    Upgrading,
    Downgrading,
}

impl State {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Upgrading => "upgrading",
            Self::Downgrading => "downgrading",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Applied, Self::Upgrading, Self::Downgrading].into_iter().find(|state| state.text() == text)
    }
}

/// One row, without the down script, which is read only where it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    pub revision: String,
    pub parents: Vec<String>,
    pub message: String,
    pub checksum: String,
    /// UTC, as `2026-11-20T08:32:00Z`.
    pub applied_at: String,
    pub duration: Duration,
    pub applied_by: String,
    pub tool_version: String,
    pub tag: Option<String>,
    pub state: State,
}

impl HistoryRow {
    /// Which way a run was going that is under way or was interrupted.
    pub fn direction(&self) -> Direction {
        match self.state {
            State::Downgrading => Direction::Down,
            State::Upgrading | State::Applied => Direction::Up,
        }
    }
}

/// All rows, by revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    pub rows: Vec<HistoryRow>,
}

impl History {
    pub fn get(&self, revision: &str) -> Option<&HistoryRow> {
        self.rows.iter().find(|row| row.revision == revision)
    }

    /// True where the revision has taken effect; one that is being taken back still counts, one that is being applied does not yet.
    pub fn is_applied(&self, revision: &str) -> bool {
        self.applied().any(|row| row.revision == revision)
    }

    pub fn applied(&self) -> impl Iterator<Item = &HistoryRow> {
        self.rows.iter().filter(|row| row.state != State::Upgrading)
    }

    /// The revision in whose middle a run was interrupted.
    pub fn interrupted(&self) -> Option<&HistoryRow> {
        self.rows.iter().find(|row| row.state != State::Applied)
    }

    /// The applied revisions and their parents.
    pub fn dag(&self) -> Dag {
        let mut dag = Dag::default();
        for row in self.applied() {
            dag.insert(row.revision.clone(), row.parents.clone());
        }
        dag
    }

    /// The applied revisions that no other applied one stands on.
    pub fn heads(&self) -> Vec<String> {
        let dag = self.dag();
        dag.heads(&dag.ids().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(revision: &str, parents: &[&str], state: State) -> HistoryRow {
        HistoryRow {
            revision: revision.into(),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
            message: String::new(),
            checksum: String::new(),
            applied_at: String::new(),
            duration: Duration::ZERO,
            applied_by: String::new(),
            tool_version: String::new(),
            tag: None,
            state,
        }
    }

    #[test]
    fn heads_are_applied_revisions_nothing_applied_stands_on() {
        let rows = vec![
            row("1", &[], State::Applied),
            row("2", &["1"], State::Applied),
            row("3", &["1"], State::Downgrading),
            row("4", &["2", "3"], State::Upgrading),
        ];
        let history = History { rows };
        assert_eq!(history.heads(), ["2", "3"]);
        assert!(!history.is_applied("4"));
        assert_eq!(history.interrupted().map(|row| row.revision.as_str()), Some("3"));
    }

    #[test]
    fn states_read_back() {
        for state in [State::Applied, State::Upgrading, State::Downgrading] {
            assert_eq!(State::parse(state.text()), Some(state));
        }
        assert_eq!(State::parse("failed"), None);
    }
}

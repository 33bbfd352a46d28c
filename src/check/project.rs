//! What is wrong with the project as a whole: schema.toml, the graph of the revisions, where they lead, and the database.

use std::path::Path;
use std::sync::Arc;

use super::finding::{Finding, Place};
use super::fix::Fix;
use super::since::News;
use crate::UserError;
use crate::declare::text_diff;
use crate::diff::{Changes, Renames, describe};
use crate::migration::{GraphError, RevisionGraph};
use crate::model::{Name, Schema};
use crate::run::{History, Problem, problems};
use crate::scratch::{Fault, Scratch, compare};
use crate::source::{Diagnostic, Source};

/// What is wrong with schema.toml, each with its place.
pub fn schema_faults(sources: &[Source], diagnostics: &[Diagnostic]) -> Vec<Finding> {
    let sources: Vec<Arc<Source>> = sources.iter().cloned().map(Arc::new).collect();
    let finding = |diagnostic: &Diagnostic| {
        let finding = Finding::new("schema-invalid", diagnostic.message.clone(), diagnostic.help.clone().unwrap_or_default());
        match sources.get(diagnostic.source) {
            Some(source) => finding.at(Place { source: source.clone(), span: diagnostic.span.clone() }),
            None => finding,
        }
    };
    diagnostics.iter().map(finding).collect()
}

/// What keeps the folder from being a graph.
pub fn graph_fault(error: &GraphError) -> Finding {
    let code = if matches!(error, GraphError::MultipleHeads { .. }) { "multiple-heads" } else { "revisions-invalid" };
    let finding = Finding::new(code, error.to_string(), error.help());
    let (path, line) = match error {
        GraphError::Header { path, line, .. } | GraphError::OtherName { path, line, .. } => (path, *line),
        GraphError::MissingParent { path, .. } | GraphError::Duplicate { second: path, .. } => (path, 1),
        GraphError::NoFolder(_) | GraphError::Unreadable { .. } | GraphError::Cycle { .. } | GraphError::MultipleHeads { .. } => return finding,
    };
    // The title of a finding names the place already.
    let place = [format!("{}:{line}: ", path.display()), format!("{}: ", path.display())];
    let message = place.iter().find_map(|place| finding.message.strip_prefix(place)).unwrap_or(&finding.message).to_owned();
    Finding { message, ..finding }.at(line_of(path, line))
}

/// A line of a file that may not be readable; then the place has the path alone.
pub fn line_of(path: &Path, line: usize) -> Place {
    let text = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    Place::line(Arc::new(Source { path: path.display().to_string(), text }), line)
}

/// What happened on the way up and down.
pub fn rehearsal_fault(fault: &Fault, graph: &RevisionGraph) -> Finding {
    let revision = |id: &str| graph.get(id);
    let up = |id: &str| revision(id).map(|revision| revision.up_path.clone()).unwrap_or_default();
    let down = |id: &str| revision(id).and_then(|revision| revision.down_path.clone()).unwrap_or_else(|| up(id));
    let said_at = |path: &Path, said: &str| line_of(path, line_said(said));
    match fault {
        Fault::UpFails { revision, said } => {
            let help = "the revisions do not run on a fresh database any more; correct the file";
            Finding::new("replay-fails", format!("revision {revision} does not run on a fresh database: {said}"), help)
                .at(said_at(&up(revision), said))
        }
        Fault::DownMissing { revision } => {
            let help =
                "`dbtool check --fix` writes it; where there is no way back, say so in the up script: -- dbtool: allow down-missing reason=\"...\"";
            Finding::new("down-missing", format!("revision {revision} has no down script, so it cannot be taken back"), help)
                .at(line_of(&up(revision), 1))
                .with_fix(Fix::WriteDown { revision: revision.clone() })
        }
        Fault::DownFails { revision, said } => {
            let help = "correct the script: `dbtool downgrade` would fail in the same place";
            Finding::new("down-fails", format!("the way back of revision {revision} does not run: {said}"), help).at(said_at(&down(revision), said))
        }
        Fault::DownEmpty { revision } => {
            let help = "write what takes it back; where there is no way back, say so in the script: -- dbtool: allow down-differs reason=\"...\"";
            Finding::new("down-differs", format!("the down script of revision {revision} holds no statement, so it cannot be taken back"), help)
                .at(line_of(&down(revision), 1))
        }
        Fault::DownDiffers { revision, lines, text } => {
            let lines = lines.join("; ");
            let help = "correct the script; where that is meant, say so in it: -- dbtool: allow down-differs reason=\"...\"";
            Finding::new("down-differs", format!("the way back of revision {revision} does not lead back: {lines}"), help)
                .at(line_of(&down(revision), 1))
                .with_detail(text.trim_end())
        }
        Fault::GaveUp { revisions } => {
            let help = "correct what was found, and run it again";
            Finding::new("down-differs", format!("the ways back of {revisions} older revisions were not tried, as so much is wrong already"), help)
        }
    }
}

/// The line that the runner names: `line 3: ...`.
fn line_said(said: &str) -> usize {
    let number = said.strip_prefix("line ").and_then(|rest| rest.split(':').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// What was edited, lost or put between since others have it.
pub fn news_faults(news: &News, graph: &RevisionGraph) -> Vec<Finding> {
    let help = "restore the file and put the change into a new revision";
    let mut findings = Vec::new();
    for revision in news.edited.iter().filter_map(|id| graph.get(id)) {
        let message = format!("revision {} was edited, and others have run it as it was", revision.id);
        findings.push(Finding::new("revision-edited", message, help).at(line_of(&revision.up_path, 1)));
    }
    for path in &news.gone {
        findings.push(Finding::new(
            "revision-edited",
            format!("{path} is gone, and others have run it"),
            "bring the file back; to undo it, write a new revision",
        ));
    }
    if news.is_shallow {
        return findings;
    }
    // Between two branches there is no order that a merge could break: only what an old revision stands on has to be old.
    let old: Vec<&str> = graph.revisions().filter(|revision| !news.new.contains(&revision.id)).map(|revision| revision.id.as_str()).collect();
    let below = graph.dag().closure(&old);
    for revision in graph.revisions().filter(|revision| news.new.contains(&revision.id) && below.contains(&revision.id)) {
        let message = format!("revision {} is new, and revisions that others have already run stand on it", revision.id);
        let help = "give it a number behind theirs, in its file names and its headers";
        findings.push(Finding::new("non-linear-history", message, help).at(line_of(&revision.up_path, 1)));
    }
    findings
}

/// What schema.toml declares and the revisions do not make, or the other way round.
/// `place` knows where schema.toml speaks of a table; without one it tells where it begins.
pub async fn forgotten(
    scratch: &mut Scratch,
    made: &Schema,
    declared: &Schema,
    place: impl Fn(Option<&Name>) -> Place,
) -> anyhow::Result<Option<Finding>> {
    let wanted = scratch.canonicalise_beside(declared, made).await?;
    let found = compare(scratch, made, &wanted, Renames::default()).await?;
    if found.changes.is_empty() {
        return Ok(None);
    }
    let text = text_diff(made, &wanted, ("revisions", "schema.toml"), scratch.dialect());
    let message = format!("the revisions do not make what schema.toml declares: {}", told(&found.changes));
    let table = found.changes.tables.iter().map(|(name, _)| name).find(|name| declared.tables.contains_key(*name));
    Ok(Some(Finding::new("schema-not-migrated", message, "run `dbtool migrate -m MESSAGE`").at(place(table)).with_detail(text.trim_end())))
}

fn told(changes: &Changes) -> String {
    describe(changes).join("; ")
}

/// The applied files that are not what was applied.
pub fn history_faults(graph: &RevisionGraph, history: &History) -> Result<Vec<Finding>, UserError> {
    let finding = |problem: &Problem| {
        let finding = Finding::new("applied-file-changed", problem.text(graph), problem.help(history));
        match problem {
            Problem::Edited { path, .. } => finding.at(line_of(path, 1)),
            Problem::NoFile { .. } => finding,
        }
    };
    Ok(problems(graph, history)?.iter().map(finding).collect())
}

/// The database: at head, and its schema what the revisions make.
///
/// `live` is its schema. `made` is `None` where the revisions do not run; then only the history is looked at.
pub async fn live_faults(
    mut live: Schema,
    scratch: &mut Scratch,
    graph: &RevisionGraph,
    history: &History,
    made: Option<&Schema>,
) -> anyhow::Result<Vec<Finding>> {
    if history.heads() != graph.heads() || history.interrupted().is_some() {
        let at = if history.rows.is_empty() { "has no revision applied".to_owned() } else { format!("is at {}", history.heads().join(", ")) };
        let message = format!("the database is not at the head of the revisions: it {at}, and they end at {}", graph.heads().join(", "));
        return Ok(vec![Finding::new("not-at-head", message, "run `dbtool upgrade`; `dbtool status` shows what is pending")]);
    }
    let Some(made) = made else { return Ok(Vec::new()) };
    live.raws.clone_from(&made.raws);
    let drift = compare(scratch, made, &ours(live, made), Renames::default()).await?;
    if drift.changes.is_empty() {
        return Ok(Vec::new());
    }
    let text = text_diff(made, &drift.to, ("revisions", "database"), scratch.dialect());
    let message = format!("the database has drifted from its revisions: {}", told(&drift.changes));
    let help = "put the change into schema.toml and migrate, or undo it in the database";
    Ok(vec![Finding::new("drift", message, help).with_detail(text.trim_end())])
}

/// The live schema without what no revision made: that is somebody else's.
fn ours(mut live: Schema, made: &Schema) -> Schema {
    live.tables.retain(|name, _| made.tables.contains_key(name));
    live.extensions.retain(|name, _| made.extensions.contains_key(name));
    live.enums.retain(|name, _| made.enums.contains_key(name));
    live.sequences.retain(|name, _| made.sequences.contains_key(name));
    live.domains.retain(|name, _| made.domains.contains_key(name));
    live.composites.retain(|name, _| made.composites.contains_key(name));
    live.objects.retain(|id, _| made.objects.contains_key(id));
    live.namespaces.retain(|name, _| made.namespaces.contains_key(name));
    live
}

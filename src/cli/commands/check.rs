//! `dbtool check`: the gate for CI.

use serde_json::json;

use crate::UserError;
use crate::cli::{Context, Exit};
use crate::config::Format;
use crate::dialect::{Access, Session};
use crate::diff::{Renames, describe};
use crate::generate::text_diff;
use crate::migration::{GraphError, RevisionGraph};
use crate::model::Schema;
use crate::run::problems;
use crate::scratch::{Scratch, compare, replay};

/// Check schema.toml, the revisions and, where there is one, the database
///
/// Replays the revisions in a scratch database. Exit status 1 where anything is found.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Something that is wrong, under a code that stays.
struct Finding {
    code: &'static str,
    message: String,
    help: String,
}

impl Finding {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }

    /// A workflow command of GitHub Actions:
    /// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message>.
    fn annotation(&self) -> String {
        let escaped = format!("{}\nhelp: {}", self.message, self.help).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        format!("::error title=dbtool {}::{escaped}\n", self.code)
    }
}

pub async fn run(_: Args, context: &Context) -> anyhow::Result<Exit> {
    if context.ui.format() == Format::Sarif {
        return Err(UserError::new("the format sarif is not in this version of dbtool").with_help("use --format human, json or github").into());
    }
    let findings = find(context).await?;
    if context.ui.format() == Format::Github {
        findings.iter().for_each(|finding| context.ui.raw(&finding.annotation()));
    }
    for finding in &findings {
        context.ui.print(format!("{}: {}\n  help: {}", finding.code, finding.message, finding.help));
    }
    if findings.is_empty() {
        context.ui.print("Nothing found.");
    }
    let list: Vec<_> = findings.iter().map(|finding| json!({ "code": finding.code, "message": finding.message, "help": finding.help })).collect();
    context.ui.document(json!({ "findings": list }));
    Ok(if findings.is_empty() { Exit::Done } else { Exit::No })
}

async fn find(context: &Context) -> anyhow::Result<Vec<Finding>> {
    let url = context.settings.database_url()?;
    let dialect = url.kind().dialect();
    let files = match context.declared(dialect) {
        Ok(files) => files,
        Err(error) if error.is::<UserError>() && context.settings.schema.exists() => {
            return Ok(vec![Finding::new("schema-invalid", format!("{error:#}"), "correct schema.toml")]);
        }
        Err(error) => return Err(error),
    };
    let graph = match RevisionGraph::load(&context.settings.directory) {
        Ok(graph) => graph,
        Err(error @ (GraphError::NoFolder(_) | GraphError::Unreadable { .. })) => return Err(UserError::from(error).into()),
        Err(error) => return Ok(vec![Finding::new("revisions-invalid", error.to_string(), error.help())]),
    };
    if let Err(error) = graph.single_head() {
        return Ok(vec![Finding::new("multiple-heads", error.to_string(), error.help())]);
    }
    let mut session = context.connect(Access::ReadOnly).await?;
    let mut scratch = context.scratch(Some(&mut session)).await?;
    let result = replayed(context, &graph, &files.declared.schema, &mut session, &mut scratch).await;
    scratch.close().await;
    session.close().await;
    result
}

/// What the revisions make, against what is declared and what is live.
async fn replayed(
    context: &Context,
    graph: &RevisionGraph,
    declared: &Schema,
    session: &mut Session,
    scratch: &mut Scratch,
) -> anyhow::Result<Vec<Finding>> {
    scratch.refuse_foreign_scripts()?;
    let mut findings = Vec::new();
    let made = match replay(scratch, graph, &graph.heads()).await {
        Ok(made) => made.schema,
        Err(error) => match error.downcast::<UserError>() {
            Ok(error) => {
                scratch.reset().await?;
                return Ok(vec![Finding::new("replay-fails", error.message, error.help.unwrap_or_default())]);
            }
            Err(error) => return Err(error),
        },
    };
    let wanted = scratch.canonicalise(declared).await?;
    let forgotten = compare(scratch, &made, &wanted, Renames::default()).await?;
    if !forgotten.changes.is_empty() {
        let lines = describe(&forgotten.changes).join("; ");
        let text = text_diff(&made, &wanted, ("revisions", "schema.toml"), scratch.dialect());
        findings.push(Finding::new(
            "schema-not-migrated",
            format!("the revisions do not make what schema.toml declares: {lines}\n{text}"),
            "run `dbtool migrate -m MESSAGE`",
        ));
    }
    findings.extend(live(context, graph, &made, session, scratch).await?);
    Ok(findings)
}

/// The database: at head, its applied files unedited, its schema what the revisions make. One without a history is not looked at: it may be
/// a server that only lends a scratch.
async fn live(context: &Context, graph: &RevisionGraph, made: &Schema, session: &mut Session, scratch: &mut Scratch) -> anyhow::Result<Vec<Finding>> {
    let history = context.history_of(session).await?;
    if history.rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    for problem in problems(graph, &history)? {
        findings.push(Finding::new("applied-file-changed", problem.text(graph), problem.help(&history)));
    }
    if history.heads() != graph.heads() || history.interrupted().is_some() {
        findings.push(Finding::new("not-at-head", "the database is not at the head of the revisions", "run `dbtool upgrade`"));
        return Ok(findings);
    }
    let mut live = session.introspect(&context.settings.scope()).await?;
    live.raws.clone_from(&made.raws);
    let drift = compare(scratch, made, &ours(live, made), Renames::default()).await?;
    if !drift.changes.is_empty() {
        let lines = describe(&drift.changes).join("; ");
        let text = text_diff(made, &drift.to, ("revisions", "database"), scratch.dialect());
        findings.push(Finding::new(
            "drift",
            format!("the database has drifted from its revisions: {lines}\n{text}"),
            "put the change into schema.toml and migrate, or undo it in the database",
        ));
    }
    Ok(findings)
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

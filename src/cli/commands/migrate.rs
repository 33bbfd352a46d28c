//! `dbtool migrate`: the difference between schema.toml and the database as a pair of files.

use serde_json::json;

use crate::UserError;
use crate::check::{Finding, Levels, News, judge_revisions, report, sizes};
use crate::cli::commands::revision::choose_id;
use crate::cli::project::DeclaredFiles;
use crate::cli::{Context, Exit, ask};
use crate::dialect::{Access, Session};
use crate::diff::describe;
use crate::generate::{NewRevision, Way, apply_renames, pair, possible_renames, standing, way};
use crate::migration::{RevisionGraph, write_pair};
use crate::model::Schema;
use crate::plan::Fixups;
use crate::scratch::Scratch;

/// Compare schema.toml with the database and write a revision
///
/// Writes a pair of SQL files that lead from the live schema to the declared one and back, proven in a scratch database.
/// Writes nothing where there is no difference.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the revision is for
    #[arg(short, long, value_name = "TEXT")]
    message: String,
    /// Ask for no fix-ups: the tables are empty everywhere. The files still stop where they meet rows
    #[arg(long)]
    assume_empty: bool,
    /// TABLE.COLUMN=NEW_COLUMN or TABLE=NEW_TABLE: a rename, not a drop and an addition
    #[arg(long, value_name = "OLD=NEW", value_parser = rename_pair)]
    rename: Vec<(String, String)>,
    /// The revision's id, fourteen digits, instead of the time of day
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Write the files without proving them in scratch
    #[arg(long)]
    no_verify: bool,
}

/// Reads `OLD=NEW`.
pub fn rename_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err("write OLD=NEW, such as todos.done=todos.completed".to_owned()),
    }
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let dialect = context.settings.database_url()?.kind().dialect();
    let mut files = context.declared(dialect)?;
    apply_renames(&mut files.declared.schema, &args.rename)?;
    let graph = context.graph()?;
    let mut session = context.connect(Access::ReadOnly).await?;
    let parents = at_head(context, &graph, &mut session).await?;
    let mut scratch = context.scratch(Some(&mut session)).await?;
    let result = generate(&args, context, &mut files, &graph, &parents, &mut session, &mut scratch).await;
    scratch.close().await;
    session.close().await;
    result
}

/// The revisions the new one stands on. Refuses where the database is not at the head of the folder: the difference would be another.
pub async fn at_head(context: &Context, graph: &RevisionGraph, session: &mut Session) -> anyhow::Result<Vec<String>> {
    let head = graph.single_head()?.map(|revision| revision.id.clone());
    let heads: Vec<String> = head.into_iter().collect();
    let history = context.history_of(session).await?;
    let unknown = history.applied().find(|row| graph.get(&row.revision).is_none());
    if let Some(row) = unknown {
        return Err(UserError::new(format!(
            "the database is at revision {} ({}), which has no file in {}",
            row.revision,
            row.message,
            graph.directory.display()
        ))
        .with_help("bring its files: is this checkout older than the database?")
        .into());
    }
    if history.interrupted().is_some() || history.heads() != heads {
        return Err(UserError::new("the database is not at the head of the revisions, so the difference would be a wrong one")
            .with_help("run `dbtool upgrade` first; `dbtool status` shows what is pending")
            .into());
    }
    Ok(heads)
}

async fn generate(
    args: &Args,
    context: &Context,
    files: &mut DeclaredFiles,
    graph: &RevisionGraph,
    parents: &[String],
    session: &mut Session,
    scratch: &mut Scratch,
) -> anyhow::Result<Exit> {
    let mut found = find(args, context, files, graph, session, scratch).await?;
    context.note_unmanaged(&found.unmanaged);
    if found.up.changes.is_empty() {
        context.ui.print("No changes: the database is what schema.toml declares.");
        context.ui.document(json!({ "changes": [], "revision": null, "unmanaged": found.unmanaged }));
        return Ok(Exit::Done);
    }
    let fixups = settle_fixups(args, context, files, graph, session, scratch, &mut found).await?;
    let lines = describe(&found.up.changes);
    lines.iter().for_each(|line| context.ui.print(format!("Detected {line}")));
    let id = choose_id(args.rev_id.as_deref(), graph)?;
    let verify = context.settings.migrate.verify && !args.no_verify;
    let new = NewRevision { revision: &id, parents, message: &args.message, is_baseline: false, style: context.style(session).await?, verify };
    let pair = pair(scratch, &found.live, &found.up, fixups, &new).await?;
    let written = write_pair(&context.settings.directory, &id, &args.message, &pair.up, &pair.down)?;
    context.ui.print(format!("Wrote {}", written.up.display()));
    context.ui.print(format!("Wrote {}", written.down.display()));
    let findings = judge(context, &id, session, &found.live).await?;
    findings.iter().for_each(|finding| context.ui.note(report::human(finding, context.ui.is_colored())));
    context.ui.document(json!({
        "changes": lines,
        "revision": id,
        "parents": parents,
        "files": { "up": written.up.display().to_string(), "down": written.down.display().to_string() },
        "unmanaged": found.unmanaged,
        "findings": report::json(&findings)["findings"],
    }));
    Ok(Exit::Done)
}

/// What the rules of `check` find in the revision that was just written, from the configured level on.
async fn judge(context: &Context, revision: &str, session: &mut Session, live: &Schema) -> anyhow::Result<Vec<Finding>> {
    let graph = context.graph()?;
    let news = News { new: [revision.to_owned()].into(), ..News::default() };
    let settings = &context.settings.check;
    let sizes = sizes(&graph, &news, session, live).await?;
    let (kind, version) = (session.kind(), session.server_version().await?);
    let (_, mut findings) = judge_revisions(&graph, &news, kind, version, &Levels::new(settings.clone()), &sizes)?;
    findings.retain(|finding| finding.level >= settings.level);
    Ok(findings)
}

/// The way, with the renames that somebody confirms at the terminal.
async fn find(
    args: &Args,
    context: &Context,
    files: &mut DeclaredFiles,
    graph: &RevisionGraph,
    session: &mut Session,
    scratch: &mut Scratch,
) -> anyhow::Result<Way> {
    let scope = &context.settings.scope();
    let found = way(session, scratch, Some(graph), &files.declared.schema, scope).await?;
    let pairs = possible_renames(&found.up.changes);
    if pairs.is_empty() || args.assume_empty && !context.ui.can_ask() {
        return Ok(found);
    }
    if !context.ui.can_ask() {
        for (from, to) in pairs {
            context
                .ui
                .warn(format!("{from} goes and {to} comes, with its values lost; if it is a rename, say so: --rename {from}={to}, or renamed_from"));
        }
        return Ok(found);
    }
    let confirmed = ask::renames(pairs)?;
    if confirmed.is_empty() {
        return Ok(found);
    }
    apply_renames(&mut files.declared.schema, &confirmed)?;
    way(session, scratch, Some(graph), &files.declared.schema, scope).await
}

/// The fix-ups, once nothing is missing: from schema.toml, or from answers at the terminal.
async fn settle_fixups(
    args: &Args,
    context: &Context,
    files: &mut DeclaredFiles,
    graph: &RevisionGraph,
    session: &mut Session,
    scratch: &mut Scratch,
    found: &mut Way,
) -> anyhow::Result<Fixups> {
    let fixups = found.fixups(scratch, args.assume_empty);
    let missing = standing(session, fixups.missing.clone()).await;
    if missing.is_empty() {
        return Ok(fixups);
    }
    let mut answered: Schema = files.declared.schema.clone();
    if !context.ui.can_ask() || !ask::fixups(&missing, &mut answered)? {
        return Err(files.missing(&missing).into());
    }
    files.declared.schema = answered;
    *found = way(session, scratch, Some(graph), &files.declared.schema, &context.settings.scope()).await?;
    let fixups = found.fixups(scratch, args.assume_empty);
    let missing = standing(session, fixups.missing.clone()).await;
    if missing.is_empty() { Ok(fixups) } else { Err(files.missing(&missing).into()) }
}

//! `dbtool init`: the files of a new project, or of one whose database is already there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::UserError;
use crate::cli::commands::inspect::left_out;
use crate::cli::{Context, Exit};
use crate::declare;
use crate::dialect::{Access, Session};
use crate::diff::Renames;
use crate::generate::{NewRevision, pair};
use crate::migration::{RevisionGraph, WrittenPair, new_revision_id, write_pair};
use crate::model::Schema;
use crate::plan::{Fixups, Style};
use crate::run::stamp;
use crate::scratch::{Scratch, compare};
use crate::source::Source;

/// Make migrations/, schema.toml and dbtool.toml
///
/// Refuses to overwrite a file that is there.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write schema.toml from the live database, and a baseline revision that is recorded as applied
    #[arg(long)]
    from_database: bool,
    /// Write a dbtool.toml with a place for several databases
    #[arg(long, conflicts_with = "from_database")]
    multidb: bool,
}

const SCHEMA: &str = "# What the database should look like. `dbtool migrate -m MESSAGE` turns changes of this file into a revision.
#
# [tables.todos.columns]
# id          = { type = \"integer\", primary_key = true, identity = true }
# description = { type = \"text\", nullable = false }
";

const MESSAGE: &str = "Baseline";

/// Keeps an empty folder in git, which knows files only.
const KEEP: &str = ".gitkeep";

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    let has_revisions = settings.directory.is_dir()
        && fs::read_dir(&settings.directory).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != KEEP)));
    if has_revisions {
        return Err(taken(&settings.directory));
    }
    // A configuration or schema written beforehand is the user's; only a baseline would have to overwrite the schema.
    if args.from_database && settings.schema.exists() {
        return Err(taken(&settings.schema));
    }
    let mut written: Vec<PathBuf> = Vec::new();
    let baseline = if args.from_database { Some(adopt(context, &mut written).await?) } else { None };
    if baseline.is_none() {
        if make_folder(&settings.directory, &mut written)? {
            write_new(&settings.directory.join(KEEP), "", &mut Vec::new())?;
        }
        if settings.schema.extension().is_some_and(|extension| extension == "toml") && !settings.schema.exists() {
            write_new(&settings.schema, SCHEMA, &mut written)?;
        }
    }
    if !settings.config_exists {
        write_new(&settings.config, &config_text(&args, context), &mut written)?;
    }
    written.iter().for_each(|path| context.ui.print(format!("Wrote {}", path.display())));
    if let Some(Some(id)) = &baseline {
        context.ui.print(format!("Recorded revision {id} ({MESSAGE}) as applied"));
    }
    let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    context.ui.document(json!({ "written": paths, "baseline": baseline.flatten() }));
    context.ui.note("Next: edit the schema, then `dbtool migrate -m \"what changes\"` and `dbtool upgrade`");
    Ok(Exit::Done)
}

/// Writes schema.toml and the baseline, and records it. Gives its id; `None` for an empty database, which needs none.
async fn adopt(context: &Context, written: &mut Vec<PathBuf>) -> anyhow::Result<Option<String>> {
    let mut session = context.connect(Access::ReadOnly).await?;
    let history = context.history_of(&mut session).await?;
    if let Some(row) = history.rows.first() {
        return Err(UserError::new(format!("the database already has a history, from revision {} ({}) on", row.revision, row.message))
            .with_help("bring the files of that history, or make the database forget it with `dbtool stamp --purge base`")
            .into());
    }
    let live = session.introspect(&context.settings.scope()).await?;
    left_out(&live).iter().for_each(|name| context.ui.note(format!("Left out: {name}")));
    // There is nobody to go on working with what is not there yet.
    let style = Style { online: false, ..context.style(&mut session).await? };
    let mut scratch = context.scratch(Some(&mut session)).await?;
    let made = baseline(context, &live, &mut scratch, style).await;
    scratch.close().await;
    session.close().await;
    let (text, files) = made?;
    let _ = make_folder(&context.settings.directory, written)?;
    write_new(&context.settings.schema, &text, written)?;
    let Some((id, up, down)) = files else { return Ok(None) };
    let WrittenPair { up, down } = write_pair(&context.settings.directory, &id, MESSAGE, &up, &down)?;
    written.extend([up, down]);
    record(context, &id).await?;
    Ok(Some(id))
}

/// The text of schema.toml, which reads back as what is live, and the proven pair of the baseline with its id.
async fn baseline(
    context: &Context,
    live: &Schema,
    scratch: &mut Scratch,
    style: Style,
) -> anyhow::Result<(String, Option<(String, String, String)>)> {
    let dialect = scratch.dialect();
    let text = declare::write(live, dialect);
    let path = context.settings.schema.display().to_string();
    let source = [Source { path, text: text.clone() }];
    let declared = declare::parse(&source, dialect).map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
        UserError::new(format!("the live schema cannot be written as schema.toml: {}", lines.join("; ")))
            .with_help("please report this with `dbtool inspect`'s output")
    })?;
    let declared = scratch.canonicalise(&declared.schema).await?;
    let back = compare(scratch, live, &declared, Renames::default()).await?;
    if !back.changes.is_empty() {
        let lines = crate::diff::describe(&back.changes).join("; ");
        return Err(UserError::new(format!("schema.toml would not say what is live: {lines}"))
            .with_help("please report this with `dbtool inspect`'s output")
            .into());
    }
    if live.is_empty() {
        return Ok((format!("{SCHEMA}{text}"), None));
    }
    let empty = Schema::default();
    let up = compare(scratch, &empty, live, Renames::default()).await?;
    let id = new_revision_id(std::iter::empty(), chrono::Utc::now())?;
    let new = NewRevision { revision: &id, parents: &[], message: MESSAGE, is_baseline: true, style, verify: context.settings.migrate.verify };
    let pair = pair(scratch, &empty, &up, Fixups::default(), &new).await?;
    Ok((text, Some((id, pair.up, pair.down))))
}

/// Records the baseline as applied: the one thing that `init` writes into a database, into a table of its own.
async fn record(context: &Context, id: &str) -> anyhow::Result<()> {
    let graph = RevisionGraph::load(&context.settings.directory)?;
    let mut session: Session = context.connect(Access::ReadWrite).await?;
    let display = context.display();
    let tell = |event: crate::run::Event<'_>| display.event(event);
    let stop = crate::run::Stop::default();
    let options = context.run_options(&graph, &stop, &tell)?;
    stamp(&mut session, options, &[id.to_owned()], false).await?;
    session.close().await;
    Ok(())
}

fn config_text(args: &Args, context: &Context) -> String {
    let url = if args.multidb { None } else { Some("sqlite://dev.db") };
    let mut text = "# Settings of dbtool. A flag or an environment variable of the same meaning wins.\n".to_owned();
    match (&context.settings.database, url) {
        (None, Some(url)) => text.push_str(&format!("database_url = \"{url}\"\n")),
        // A URL with a secret in it is not written down; it shows itself with the secret replaced.
        (Some(database), Some(_)) if !database.url.to_string().contains("***") => {
            text.push_str(&format!("database_url = {}\n", toml::Value::String(database.url.to_string())));
        }
        _ => text.push_str("# database_url = \"sqlite://dev.db\"\n"),
    }
    text.push_str(&format!("directory = {}\nschema = {}\n", quoted(&context.settings.directory), quoted(&context.settings.schema)));
    if args.multidb {
        text.push_str(
            "\n# One of several databases: dbtool --name reports upgrade\n[databases.main]\ndatabase_url = \"sqlite://main.db\"\ndirectory = \"migrations/main\"\nschema = \"schema/main.toml\"\n\n\
             [databases.reports]\ndatabase_url = \"sqlite://reports.db\"\ndirectory = \"migrations/reports\"\nschema = \"schema/reports.toml\"\n",
        );
    }
    text
}

fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

fn taken(path: &Path) -> anyhow::Error {
    UserError::new(format!("{} is there already, and init overwrites nothing", path.display()))
        .with_help("move it away, or name another with --directory and --schema")
        .into()
}

/// True where the folder was not there before.
fn make_folder(path: &Path, written: &mut Vec<PathBuf>) -> Result<bool, UserError> {
    if path.is_dir() {
        return Ok(false);
    }
    fs::create_dir_all(path).map_err(|error| UserError::new(format!("cannot make {}: {error}", path.display())))?;
    written.push(path.to_owned());
    Ok(true)
}

fn write_new(path: &Path, text: &str, written: &mut Vec<PathBuf>) -> Result<(), UserError> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|error| UserError::new(format!("cannot make {}: {error}", parent.display())))?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|error| UserError::new(format!("cannot write {}: {error}", path.display())))?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|error| UserError::new(format!("cannot write {}: {error}", path.display())))?;
    written.push(path.to_owned());
    Ok(())
}

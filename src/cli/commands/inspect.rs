//! `dbtool inspect`: the live schema as schema.toml.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::UserError;
use crate::cli::{Context, Exit};
use crate::declare::{self, Split};
use crate::dialect::Access;
use crate::migration::{RevisionGraph, raws};
use crate::model::Schema;

/// Print the live schema as schema.toml
///
/// What the language has no word for is named on stderr and left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Fail where anything is left out
    #[arg(long)]
    strict: bool,
    /// Write to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a file for each schema, or for each table, into the folder that --output names
    #[arg(long, value_enum, value_name = "HOW", requires = "output")]
    split: Option<How>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum How {
    BySchema,
    ByTable,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let mut session = context.connect(Access::ReadOnly).await?;
    let mut schema = session.introspect(&context.settings.scope()).await?;
    // No server knows what raw statements have made; the files of the applied revisions do.
    if let Ok(graph) = RevisionGraph::load(&context.settings.directory) {
        let history = context.history_of(&mut session).await?;
        schema.raws = raws(&graph, &history.heads(), session.dialect())?;
    }
    let dialect = session.dialect();
    session.close().await;
    let left_out = left_out(&schema);
    if args.strict && !left_out.is_empty() {
        return Err(UserError::new(format!("schema.toml cannot tell everything in this database:\n  {}", left_out.join("\n  ")))
            .with_help("without --strict these are left out, and left alone")
            .into());
    }
    for name in &left_out {
        context.ui.note(format!("Left out: {name}"));
    }
    if let (Some(how), Some(folder)) = (args.split, &args.output) {
        let split = match how {
            How::BySchema => Split::BySchema,
            How::ByTable => Split::ByTable,
        };
        let files = declare::write_split(&schema, dialect, split);
        write_folder(folder, &files)?;
        let names: Vec<String> = files.iter().map(|(file, _)| folder.join(file).display().to_string()).collect();
        context.ui.note(format!("Wrote {} files below {}", names.len(), folder.display()));
        context.ui.document(json!({ "files": names, "left_out": left_out }));
        return Ok(Exit::Done);
    }
    let text = declare::write(&schema, dialect);
    match &args.output {
        Some(path) => std::fs::write(path, &text).map_err(|error| UserError::new(format!("cannot write {}: {error}", path.display())))?,
        None => context.ui.print_text(&text),
    }
    // A copy of the text is made only for those who read it.
    if context.ui.is_json() {
        context.ui.document(json!({ "schema": text, "left_out": left_out }));
    }
    Ok(Exit::Done)
}

/// Writes the files. Any other TOML file below the folder would be read with them, and declare what may be gone.
///
/// # Errors
/// Where there is such a file, before anything is written; or where a file cannot be written.
fn write_folder(folder: &Path, files: &[(String, String)]) -> anyhow::Result<()> {
    if folder.exists() {
        let known: Vec<PathBuf> = files.iter().map(|(file, _)| folder.join(file)).collect();
        let others = declare::files(folder)?.into_iter().find(|file| !known.contains(file));
        if let Some(other) = others {
            return Err(UserError::new(format!("{} would be read along with the new files", other.display()))
                .with_help("move it away, or name a new folder with --output")
                .into());
        }
    }
    for (file, text) in files {
        let path = folder.join(file);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, text));
        written.map_err(|error| UserError::new(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(())
}

/// Everything that the language has no word for, by kind and name.
pub fn left_out(schema: &Schema) -> Vec<String> {
    let objects = schema.unmodelled.iter().map(ToString::to_string);
    let parts = schema.tables.iter().flat_map(|(name, table)| table.unmodelled.iter().map(move |what| format!("{what} of table {name}")));
    objects.chain(parts).collect()
}

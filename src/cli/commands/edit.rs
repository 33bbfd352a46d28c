//! `dbtool edit`.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::named;
use crate::UserError;
use crate::cli::{Context, Exit};

/// Open the scripts of a revision in $VISUAL or $EDITOR
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision, a prefix of one, head, heads, or current
    #[arg(default_value = "head", allow_negative_numbers = true)]
    rev: String,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let revisions = named(context, &graph, &args.rev).await?;
    let paths: Vec<&Path> =
        revisions.iter().flat_map(|revision| [Some(revision.up_path.as_path()), revision.down_path.as_deref()]).flatten().collect();
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let Some(editor) = variable("VISUAL").or_else(|| variable("EDITOR")) else {
        return Err(UserError::new("neither VISUAL nor EDITOR is set").with_help("set one of them, such as EDITOR=vi").into());
    };
    let status = command(&editor, &paths).status().map_err(|error| UserError::new(format!("cannot start {editor}: {error}")))?;
    if !status.success() {
        return Err(UserError::new(format!("{editor} ended with {status}")).into());
    }
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    context.ui.document(json!({ "files": paths }));
    Ok(Exit::Done)
}

/// The editor's variable is a piece of shell, as git reads it too: `code --wait`.
#[cfg(unix)]
fn command(editor: &str, paths: &[&Path]) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).args(paths);
    command
}

#[cfg(not(unix))]
fn command(editor: &str, paths: &[&Path]) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(editor));
    command.args(words).args(paths);
    command
}

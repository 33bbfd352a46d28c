//! `dbtool stamp`.

use crate::cli::{Context, Exit, LockArgs};
use crate::dialect::Access;
use crate::run::{self, RunOptions};

/// Record revisions as applied without running them, and all others as not applied
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Revisions: in full, by prefix, head, heads, base
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revs: Vec<String>,
    /// Forget first whatever is recorded, revisions without files included
    #[arg(long)]
    purge: bool,
    /// A word to keep with the revisions in the history, such as the release
    #[arg(long, value_name = "TEXT")]
    tag: Option<String>,
    #[command(flatten)]
    pub lock: LockArgs,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let display = context.display();
    let tell = |event: run::Event<'_>| display.event(event);
    let stop = run::Stop::default();
    let options = RunOptions { tag: args.tag.as_deref(), ..context.run_options(&graph, &stop, &tell)? };
    let mut session = context.connect(Access::ReadWrite).await?;
    let outcome = run::stamp(&mut session, options, &args.revs, args.purge).await;
    session.close().await;
    let outcome = outcome?;
    let place = if outcome.heads.is_empty() { "base".to_owned() } else { outcome.heads.join(", ") };
    context.ui.note(format!("Recorded: the database is at {place}"));
    context.outcome(&outcome);
    Ok(Exit::Done)
}

//! `dbtool repair`.

use serde_json::json;

use crate::cli::{Context, Exit, LockArgs};
use crate::dialect::Access;
use crate::migration::Direction;
use crate::run::{Answer, repair};

/// Say whether a statement took effect in which an upgrade or downgrade was interrupted
///
/// Only a statement written by hand that cannot stand in a transaction needs this; dbtool looks up everything else by itself.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("answer").required(true))]
pub struct Args {
    /// The revision that was interrupted, or a prefix of it
    rev: String,
    /// The step, as the error and `dbtool status` name it
    #[arg(long, value_name = "NAME")]
    step: String,
    /// It took effect: the next run goes on behind it
    #[arg(long, group = "answer")]
    done: bool,
    /// It did not: the next run runs it from its beginning
    #[arg(long, group = "answer")]
    retry: bool,
    #[command(flatten)]
    pub lock: LockArgs,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let display = context.display();
    let tell = |event: crate::run::Event<'_>| display.event(event);
    let stop = crate::run::Stop::default();
    let options = context.run_options(&graph, &stop, &tell)?;
    let answer = if args.done { Answer::Done } else { Answer::Retry };
    let mut session = context.connect(Access::ReadWrite).await?;
    let result = repair(&mut session, options, &args.rev, &args.step, answer).await;
    session.close().await;
    let command = match result? {
        Direction::Up => "dbtool upgrade",
        Direction::Down => "dbtool downgrade",
    };
    let word = if args.done { "done" } else { "to be run again" };
    context.ui.note(format!("Noted: step \"{}\" counts as {word}; `{command}` goes on", args.step));
    context.ui.document(json!({ "revision": args.rev, "step": args.step, "answer": if args.done { "done" } else { "retry" } }));
    Ok(Exit::Done)
}

//! `dbtool downgrade`.

use serde_json::json;

use super::range::{Target, refuse_range};
use crate::cli::{Context, Exit, LockArgs, PaceArgs, signals};
use crate::dialect::Access;
use crate::migration::{RevisionGraph, resolve};
use crate::run::{self, RunOptions};

/// Take revisions back: the last one, or all down to a revision
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to go: a revision, a prefix of one, base, or -N [default: -1]
    #[arg(allow_negative_numbers = true)]
    pub rev: Option<String>,
    /// Print the SQL instead of running it; FROM:TO without a look at the database
    #[arg(long, value_name = "FROM:TO", num_args = 0..=1, default_missing_value = "", allow_negative_numbers = true)]
    pub sql: Option<String>,
    #[command(flatten)]
    pub lock: LockArgs,
    #[command(flatten)]
    pub pace: PaceArgs,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    if args.sql.is_some() {
        return print(&args, context, &graph).await;
    }
    refuse_range(args.rev.as_deref())?;
    let display = context.display();
    let tell = |event: run::Event<'_>| display.event(event);
    let stop = args.pace.stop();
    let options = RunOptions { pace: args.pace.pace(), ..context.run_options(&graph, &stop, &tell)? };
    let spec = args.rev.as_deref().unwrap_or("-1");
    let mut session = context.connect(Access::ReadWrite).await?;
    let outcome = signals::obeying(&stop, &context.ui, run::downgrade(&mut session, options, spec)).await;
    session.close().await;
    let outcome = outcome?;
    if outcome.done.is_empty() && outcome.halted.is_none() {
        context.ui.note("Nothing to do");
    }
    // A number of steps would count from where the database is now.
    let target = if outcome.target.is_empty() { "base".to_owned() } else { outcome.target.join(" ") };
    Ok(context.ended(&outcome, &format!("dbtool downgrade {target}")))
}

async fn print(args: &Args, context: &Context, graph: &RevisionGraph) -> anyhow::Result<Exit> {
    let (from, to) = match Target::parse(args.rev.as_deref(), args.sql.as_deref())? {
        Target::Range { from, to } => {
            let from = resolve(if from.is_empty() { "head" } else { &from }, graph, graph.dag(), &[])?;
            let to = resolve(if to.is_empty() { "-1" } else { &to }, graph, graph.dag(), &from)?;
            (from, to)
        }
        Target::Live { to } => {
            let from = context.settled_history().await?.heads();
            let to = resolve(to.as_deref().unwrap_or("-1"), graph, graph.dag(), &from)?;
            (from, to)
        }
    };
    let stop = run::Stop::default();
    let options = context.run_options(graph, &stop, &|_| {})?;
    let sql = run::downgrade_sql(options.url.kind(), options, &from, &to)?;
    if sql.is_empty() {
        context.ui.note("Nothing to do");
    }
    context.ui.print_text(&sql);
    context.ui.document(json!({ "from": from, "to": to, "sql": sql }));
    Ok(Exit::Done)
}

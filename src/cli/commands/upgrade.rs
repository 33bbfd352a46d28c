//! `dbtool upgrade`.

use serde_json::json;

use super::range::{Target, refuse_range};
use crate::cli::{Context, Exit, LockArgs, PaceArgs, signals};
use crate::dialect::Access;
use crate::migration::{RevisionGraph, resolve};
use crate::run::{self, RunOptions};

/// Apply the revisions that are missing, up to the head or to a revision
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to go: a revision, a prefix of one, head, or +N [default: head]
    #[arg(allow_negative_numbers = true)]
    pub rev: Option<String>,
    /// Print the SQL instead of running it; FROM:TO without a look at the database
    #[arg(long, value_name = "FROM:TO", num_args = 0..=1, default_missing_value = "", allow_negative_numbers = true)]
    pub sql: Option<String>,
    /// A word to keep with the revisions in the history, such as the release
    #[arg(long, value_name = "TEXT")]
    pub tag: Option<String>,
    /// Stop in front of the steps that an application of before the revision would notice; a later upgrade does them
    #[arg(long)]
    pub expand: bool,
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
    let spec = args.rev.as_deref().unwrap_or("head");
    if !spec.contains(['+', '-']) && !spec.contains("current") {
        // What the files alone can refuse is refused before a SQLite file is made for it.
        resolve(spec, &graph, graph.dag(), &[])?;
    }
    let display = context.display();
    let tell = |event: run::Event<'_>| display.event(event);
    let stop = args.pace.stop().hold_contract(args.expand);
    let options = RunOptions { tag: args.tag.as_deref(), pace: args.pace.pace(), ..context.run_options(&graph, &stop, &tell)? };
    let mut session = context.connect(Access::ReadWrite).await?;
    let outcome = signals::obeying(&stop, &context.ui, run::upgrade(&mut session, options, spec)).await;
    session.close().await;
    let outcome = outcome?;
    if outcome.done.is_empty() && outcome.halted.is_none() {
        context.ui.note(match (graph.is_empty(), outcome.heads == graph.heads()) {
            (true, _) => format!("There are no revisions in {}", graph.directory.display()),
            (false, true) => format!("Already at head, {}", outcome.heads.join(", ")),
            (false, false) => {
                format!("Nothing to do: the database is at {}", if outcome.heads.is_empty() { "base".to_owned() } else { outcome.heads.join(", ") })
            }
        });
    }
    let target = if outcome.target == graph.heads() { String::new() } else { format!(" {}", outcome.target.join(" ")) };
    Ok(context.ended(&outcome, &format!("dbtool upgrade{target}")))
}

async fn print(args: &Args, context: &Context, graph: &RevisionGraph) -> anyhow::Result<Exit> {
    let (from, to) = match Target::parse(args.rev.as_deref(), args.sql.as_deref())? {
        Target::Range { from, to } => {
            let from = resolve(if from.is_empty() { "base" } else { &from }, graph, graph.dag(), &[])?;
            let to = resolve(if to.is_empty() { "head" } else { &to }, graph, graph.dag(), &from)?;
            (from, to)
        }
        Target::Live { to } => {
            let from = context.settled_history().await?.heads();
            let to = resolve(to.as_deref().unwrap_or("head"), graph, graph.dag(), &from)?;
            (from, to)
        }
    };
    let stop = run::Stop::default();
    let options = RunOptions { tag: args.tag.as_deref(), ..context.run_options(graph, &stop, &|_| {})? };
    let sql = run::upgrade_sql(options.url.kind(), options, &from, &to)?;
    if sql.is_empty() {
        context.ui.note("Nothing to do");
    }
    context.ui.print_text(&sql);
    context.ui.document(json!({ "from": from, "to": to, "sql": sql }));
    Ok(Exit::Done)
}

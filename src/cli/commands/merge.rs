//! `dbtool merge`.

use super::revision::{choose_id, report};
use crate::UserError;
use crate::cli::{Context, Exit};
use crate::migration::{RevisionGraph, render_header, resolve, write_pair};

/// Join heads: write a revision that stands on all of them and changes nothing
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The revisions to join, or heads for all of them
    #[arg(required = true)]
    revs: Vec<String>,
    /// What the revision is for [default: Merge A and B]
    #[arg(short, long)]
    message: Option<String>,
    /// The id, fourteen digits of UTC, where it is not to be now
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let parents = parents(&args.revs, &graph)?;
    let id = choose_id(args.rev_id.as_deref(), &graph)?;
    let message = args.message.unwrap_or_else(|| format!("Merge {}", parents.join(" and ")));
    let up = format!(
        "{}\n-- A merge only joins its parents. Statements may stand here where the two do not fit together.\n",
        render_header(&id, &parents, &message)
    );
    let pair = write_pair(&graph.directory, &id, &message, &up, "-- A merge only joins its parents, so there is nothing to take back.\n")?;
    report(context, &id, &parents, &pair);
    Ok(Exit::Done)
}

/// The revisions to join, by id. Joining one with what it stands on already would say nothing.
fn parents(specs: &[String], graph: &RevisionGraph) -> Result<Vec<String>, UserError> {
    let mut parents: Vec<String> = Vec::new();
    for spec in specs {
        parents.extend(resolve(spec, graph, graph.dag(), &[])?);
    }
    parents.sort();
    parents.dedup();
    if parents.len() < 2 {
        let heads = graph.heads();
        let error = UserError::new("a merge needs two revisions at least");
        return Err(match heads.len() {
            0 | 1 => error.with_help("there is only one head, so nothing needs to be joined"),
            _ => error.with_help(format!("the heads are {}", heads.join(", "))),
        });
    }
    for parent in &parents {
        let below = graph.dag().closure(graph.dag().parents(parent));
        if let Some(inner) = parents.iter().find(|other| below.contains(*other)) {
            return Err(UserError::new(format!("{parent} stands on {inner} already")).with_help("name revisions of different branches"));
        }
    }
    Ok(parents)
}

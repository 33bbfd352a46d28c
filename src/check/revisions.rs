//! The scripts of all revisions before the judge, in the order in which they run.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use super::finding::Finding;
use super::judge::Judge;
use super::levels::Levels;
use super::scene::{ReadScript, Sizes};
use super::since::News;
use crate::UserError;
use crate::dialect::{Kind, Scope, Session};
use crate::migration::{Revision, RevisionGraph, Script};
use crate::plan::{Direction, mentions};

/// What the rules find in the new revisions; the older ones tell what is there. The scripts come back too: both of each new revision, and of
/// the others those with exceptions.
///
/// # Errors
/// A script that cannot be read.
pub fn judge_revisions(
    graph: &RevisionGraph,
    news: &News,
    kind: Kind,
    version: u32,
    levels: &Levels,
    sizes: &Sizes,
) -> Result<(Vec<ReadScript>, Vec<Finding>), UserError> {
    let mut judge = Judge::new(kind, version, levels, sizes);
    let (mut scripts, mut findings) = (Vec::new(), Vec::new());
    for revision in graph.ordered() {
        let is_new = news.new.contains(&revision.id);
        let read = |script: &Script, direction| ReadScript::new(script, &revision.id, direction, kind).judged(is_new);
        let up = read(&revision.up()?, Direction::Up);
        if is_new {
            findings.extend(judge.judge(&up));
        } else {
            judge.learn(&up);
        }
        if let Some(down) = down_script(revision, is_new)? {
            let down = read(&down, Direction::Down);
            if is_new {
                findings.extend(judge.judge_down(&down));
            }
            scripts.push(down);
        }
        if is_new || !up.allows.is_empty() {
            scripts.push(up);
        }
    }
    Ok((scripts, findings))
}

/// The revisions whose scripts say that their way back need not be right.
///
/// # Errors
/// A script that cannot be read.
pub fn excused(graph: &RevisionGraph) -> Result<BTreeSet<String>, UserError> {
    let mut found = BTreeSet::new();
    for revision in graph.revisions() {
        for script in [Some(revision.up()?), revision.down()?].into_iter().flatten() {
            // The directive stands in a comment of its own; whether it counts is said later.
            if script.text.contains("dbtool: allow") && script.text.contains("down-") {
                found.insert(revision.id.clone());
            }
        }
    }
    Ok(found)
}

/// How large the tables are, in the database of `session`, that the new revisions are about.
///
/// # Errors
/// Where the database cannot be read, or a script.
pub async fn sizes(graph: &RevisionGraph, news: &News, session: &mut Session, scope: &Scope) -> anyhow::Result<Sizes> {
    let mut sizes = Sizes::default();
    let dialect = session.dialect();
    let live = session.introspect(scope).await?;
    for revision in graph.revisions().filter(|revision| news.new.contains(&revision.id)) {
        let text = revision.up()?.text;
        for name in live.tables.keys().filter(|name| mentions(&text, &name.name)) {
            if let Entry::Vacant(entry) = sizes.rows.entry(name.to_string()) {
                // Without a size the rule counts as for a large table.
                if let Ok(size) = session.table_size(&dialect.name(name)).await {
                    entry.insert(size.rows);
                }
            }
        }
    }
    Ok(sizes)
}

/// The down script, where it is to be judged or may hold an exception.
fn down_script(revision: &Revision, is_new: bool) -> Result<Option<Script>, UserError> {
    Ok(revision.down()?.filter(|script| is_new || script.text.contains("dbtool: allow")))
}

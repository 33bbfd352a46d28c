//! The scripts of all revisions before the judge, in the order in which they run.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use super::finding::Finding;
use super::judge::Judge;
use super::levels::Levels;
use super::scene::{ReadScript, Sizes};
use super::since::News;
use crate::UserError;
use crate::dialect::{Dialect, Kind, Session};
use crate::migration::{RevisionGraph, Script, allows};
use crate::model::Schema;
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
        // One of an old revision may hold an exception.
        let down = revision.down()?.filter(|script| is_new || !allows(script, kind.dialect()).is_empty());
        if let Some(down) = down {
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
pub fn excused(graph: &RevisionGraph, dialect: &dyn Dialect) -> Result<BTreeSet<String>, UserError> {
    let mut found = BTreeSet::new();
    for revision in graph.revisions() {
        for script in [Some(revision.up()?), revision.down()?].into_iter().flatten() {
            // Whether it has a reason, and so counts, is said later.
            if allows(&script, dialect).iter().flat_map(|allow| &allow.rules).any(|rule| rule.starts_with("down-")) {
                found.insert(revision.id.clone());
            }
        }
    }
    Ok(found)
}

/// How large the tables of `live`, the schema of the database of `session`, are that the new revisions are about.
///
/// # Errors
/// A script that cannot be read.
pub async fn sizes(graph: &RevisionGraph, news: &News, session: &mut Session, live: &Schema) -> Result<Sizes, UserError> {
    let mut sizes = Sizes::default();
    let dialect = session.dialect();
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

//! Which revisions are new: those behind a revision, those that a git reference does not have, or those that the database has not applied.

mod git;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub use git::git_prefix;

use crate::UserError;
use crate::migration::{Revision, RevisionGraph, Script, resolve, revision_of_file};
use crate::plan::Direction;
use crate::run::History;
use git::Git;

/// What is new, and what is wrong with the rest.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// The revisions that the rules judge.
    pub new: BTreeSet<String>,
    /// Older ones whose way back is another than others have.
    pub other_downs: BTreeSet<String>,
    /// Revisions that others have, whose up script is not what they have.
    pub edited: Vec<String>,
    /// Up scripts that others have and that are gone.
    pub gone: Vec<String>,
    /// True where it is not known what came before the branch, as in a clone without its history.
    pub is_shallow: bool,
}

/// Finds what is new since `since`, a revision or a git reference; without one, what `history` has not applied; without either everything.
///
/// # Errors
/// Where `since` is neither, with both reasons.
pub fn news(graph: &RevisionGraph, since: Option<&str>, history: Option<&History>) -> Result<News, UserError> {
    let all = graph.revisions().map(|revision| revision.id.clone());
    let Some(since) = since else {
        let is_new = |id: &String| history.is_none_or(|history| !history.is_applied(id));
        return Ok(News { new: all.filter(is_new).collect(), ..News::default() });
    };
    let applied = history.map(History::heads).unwrap_or_default();
    match resolve(since, graph, graph.dag(), &applied) {
        Ok(heads) => {
            let old = graph.dag().closure(&heads);
            Ok(News { new: all.filter(|id| !old.contains(id)).collect(), ..News::default() })
        }
        Err(error) => since_git(graph, since).map_err(|git| {
            UserError::new(format!("--since {since} is neither a revision ({}) nor a git reference ({git})", error.message)).with_help(
                "name a revision as in `dbtool history`, or a branch, tag or commit; in a pipeline fetch the whole history (fetch-depth: 0) first",
            )
        }),
    }
}

/// A script as a commit has it.
struct Old {
    name: String,
    /// Git's name of its contents.
    blob: String,
}

fn since_git(graph: &RevisionGraph, since: &str) -> Result<News, String> {
    let git = Git { folder: &graph.directory };
    let commit = git.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{since}^{{commit}}")]);
    let commit = commit.map_err(|said| if said.is_empty() { "there is none of this name".to_owned() } else { said })?;
    // What the reference has got since this branch left it is none of this branch's.
    let merge_base = git.text(&["merge-base", commit.trim(), "HEAD"]);
    let is_shallow = merge_base.is_err();
    let base = merge_base.unwrap_or(commit);
    let (ups, downs) = (old_scripts(&git, base.trim(), Direction::Up)?, old_scripts(&git, base.trim(), Direction::Down)?);
    let mut news = News { is_shallow, ..News::default() };
    let now = contents(&git, graph);
    for revision in graph.revisions() {
        let Some(up) = ups.get(&revision.id) else {
            news.new.insert(revision.id.clone());
            continue;
        };
        if is_edited(&git, &now, up, &revision.up().map_err(said)?)? {
            news.edited.push(revision.id.clone());
        }
        if is_other_down(&git, &now, downs.get(&revision.id), revision)? {
            news.other_downs.insert(revision.id.clone());
        }
    }
    let gone = ups.iter().filter(|(id, _)| !is_shallow && graph.get(id).is_none());
    news.gone = gone.map(|(_, old)| graph.directory.join(&old.name).display().to_string()).collect();
    Ok(news)
}

/// The scripts of one direction that a commit has in the folder, by their revisions.
fn old_scripts(git: &Git<'_>, commit: &str, direction: Direction) -> Result<BTreeMap<String, Old>, String> {
    let listed = git.text(&["ls-tree", "-z", commit])?;
    let old = |entry: &str| {
        let (about, name) = entry.split_once('\t')?;
        let (id, is) = revision_of_file(name)?;
        (is == direction).then(|| Some((id, Old { name: name.to_owned(), blob: about.split_whitespace().nth(2)?.to_owned() })))?
    };
    Ok(listed.split('\0').filter_map(old).collect())
}

/// Git's names for what the scripts hold now, by their paths: most are what they were, and need not be read.
fn contents(git: &Git<'_>, graph: &RevisionGraph) -> BTreeMap<PathBuf, String> {
    let paths: Vec<&PathBuf> = graph.revisions().flat_map(|revision| [Some(&revision.up_path), revision.down_path.as_ref()]).flatten().collect();
    let names: Vec<String> = paths.iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
    let blobs = git.blobs(&names);
    if blobs.len() == paths.len() { paths.into_iter().cloned().zip(blobs).collect() } else { BTreeMap::new() }
}

fn said(error: UserError) -> String {
    error.message
}

/// True where the checksums differ: line ends and white space at the ends of lines are no edit.
fn is_edited(git: &Git<'_>, blobs: &BTreeMap<PathBuf, String>, old: &Old, now: &Script) -> Result<bool, String> {
    if blobs.get(&now.path) == Some(&old.blob) {
        return Ok(false);
    }
    let before = Script::new(&old.name, &git.text(&["cat-file", "blob", &old.blob])?);
    Ok(before.checksum() != now.checksum())
}

fn is_other_down(git: &Git<'_>, blobs: &BTreeMap<PathBuf, String>, old: Option<&Old>, revision: &Revision) -> Result<bool, String> {
    match (old, revision.down().map_err(said)?) {
        (Some(old), Some(now)) => is_edited(git, blobs, old, &now),
        (None, None) => Ok(false),
        _ => Ok(true),
    }
}

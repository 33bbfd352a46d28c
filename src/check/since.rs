//! Which revisions are new: those behind a revision, those that a git reference does not have, or those that the database has not applied.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::UserError;
use crate::migration::{Revision, RevisionGraph, Script, resolve};
use crate::run::History;

/// What is new, and what is wrong with the rest.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// The revisions that the rules judge.
    pub new: BTreeSet<String>,
    /// Revisions that others have, whose up script is not what they have.
    pub edited: Vec<String>,
    /// Up scripts that others have and that are gone.
    pub gone: Vec<String>,
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

fn since_git(graph: &RevisionGraph, since: &str) -> Result<News, String> {
    let git = Git { folder: &graph.directory };
    let commit = git.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{since}^{{commit}}")]);
    let commit = commit.map_err(|said| if said.is_empty() { "there is none of this name".to_owned() } else { said })?;
    // What the reference has got since this branch left it is none of this branch's. A shallow clone does not know where that was.
    let base = git.text(&["merge-base", commit.trim(), "HEAD"]).unwrap_or_else(|_| commit.clone());
    let base = base.trim();
    let listed = git.text(&["ls-tree", "-z", "--name-only", base])?;
    let there: BTreeSet<&str> = listed.split('\0').collect();
    let differing = git.text(&["diff", "--relative", "--no-renames", "--name-only", "-z", base, "--", "."])?;
    let differing: BTreeSet<&str> = differing.split('\0').collect();
    let mut news = News::default();
    for revision in graph.revisions() {
        let name = file_name(revision);
        if !there.contains(name.as_str()) {
            news.new.insert(revision.id.clone());
        } else if differing.contains(name.as_str()) && is_edited(&git, base, &name, revision)? {
            news.edited.push(revision.id.clone());
        }
    }
    let here: BTreeSet<String> = graph.revisions().map(file_name).collect();
    let gone = there.iter().filter(|name| name.ends_with(".up.sql") && !here.contains(**name));
    news.gone = gone.map(|name| graph.directory.join(name).display().to_string()).collect();
    // A revision whose file got another name is not new, if its number is the same.
    let old_ids: BTreeSet<&str> = there.iter().filter_map(|name| name.split('_').next()).collect();
    news.new.retain(|id| !old_ids.contains(id.as_str()));
    news.gone.retain(|path| {
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        !graph.revisions().any(|revision| name.starts_with(&revision.id))
    });
    Ok(news)
}

/// True where the checksums differ: line ends and white space at the ends of lines are no edit.
fn is_edited(git: &Git<'_>, base: &str, name: &str, revision: &Revision) -> Result<bool, String> {
    let before = Script::new(name, &git.text(&["show", &format!("{base}:./{name}")])?);
    let now = revision.up().map_err(|error| error.message)?;
    Ok(before.checksum() != now.checksum())
}

fn file_name(revision: &Revision) -> String {
    revision.up_path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Where the current folder is in its git repository, with a `/` at the end; empty at its root and outside of one.
pub fn git_prefix() -> String {
    let prefix = Git { folder: Path::new(".") }.text(&["rev-parse", "--show-prefix"]);
    prefix.map(|prefix| prefix.trim_end_matches(['\n', '\r']).to_owned()).unwrap_or_default()
}

/// The git program, asked in the folder of the revisions.
struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    /// What it prints.
    fn text(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("git");
        // A hook is told of the repository in these, and then git forgets the folder that it is asked in:
        // <https://git-scm.com/docs/githooks>.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
            command.env_remove(variable);
        }
        let output = command.arg("-C").arg(self.folder).args(arguments).output();
        let output = output.map_err(|error| format!("the program git cannot be run: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        String::from_utf8(output.stdout).map_err(|_| "git shows a file that is not UTF-8".to_owned())
    }
}

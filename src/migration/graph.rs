//! The revisions of a folder and how they stand on each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::dag::Dag;
use super::file::Revision;
use super::header::Header;
use super::name::{FileName, parse_file_name};
use crate::UserError;
use crate::plan::Direction;

/// What is wrong with a migrations folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error("there is no folder {}", .0.display())]
    NoFolder(PathBuf),
    #[error("cannot read {}: {message}", path.display())]
    Unreadable { path: PathBuf, message: String },
    #[error("{}:{line}: this header cannot be read: {text}", path.display())]
    Header { path: PathBuf, line: usize, text: String },
    #[error("{}:{line}: the header names revision {header}, the file name says {name}", path.display())]
    OtherName { path: PathBuf, line: usize, header: String, name: String },
    #[error("two files are revision {id}: {} and {}", first.display(), second.display())]
    Duplicate { id: String, first: PathBuf, second: PathBuf },
    #[error("{}: its parent {parent} is not in the folder", path.display())]
    MissingParent { path: PathBuf, parent: String },
    #[error("the revisions {} stand on each other in a circle", ids.join(", "))]
    Cycle { ids: Vec<String> },
    #[error("there are {} heads: {}", heads.len(), heads.iter().map(|(id, message)| format!("{id} ({message})")).collect::<Vec<_>>().join(", "))]
    MultipleHeads { heads: Vec<(String, String)> },
}

impl GraphError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::NoFolder(_) => "`dbtool init` makes it; --directory names another".to_owned(),
            Self::Unreadable { .. } => "check the permissions of the folder and its files".to_owned(),
            Self::Header { .. } => "write it as: -- dbtool: revision 20261120083200 parent 20261119101500".to_owned(),
            Self::OtherName { .. } => "make the two agree; where the file was copied, give the copy an id of its own".to_owned(),
            Self::Duplicate { .. } => "give one of them another id, in its name and in its header".to_owned(),
            Self::MissingParent { .. } => "bring the parent's files back, or correct the parent in the header".to_owned(),
            Self::Cycle { .. } => "correct the parents in the headers of these files".to_owned(),
            Self::MultipleHeads { heads } => {
                let ids: Vec<&str> = heads.iter().map(|(id, _)| id.as_str()).collect();
                format!("join them with `dbtool merge {} -m \"Merge heads\"`", ids.join(" "))
            }
        }
    }
}

impl From<GraphError> for UserError {
    fn from(error: GraphError) -> Self {
        UserError::new(error.to_string()).with_help(error.help())
    }
}

/// The revisions of one folder. A loaded graph has no missing parents, no duplicates and no cycles; it may have several heads.
#[derive(Debug, Clone, Default)]
pub struct RevisionGraph {
    pub directory: PathBuf,
    revisions: BTreeMap<String, Revision>,
    dag: Dag,
    /// Files that look like scripts and are not taken for any, each with the reason.
    pub warnings: Vec<String>,
}

impl RevisionGraph {
    /// Reads the names and headers of the files in `directory`; the scripts are read when they are needed.
    pub fn load(directory: &Path) -> Result<Self, GraphError> {
        let mut folder = Folder::read(directory)?;
        let mut graph = Self { directory: directory.to_owned(), ..Self::default() };
        let mut previous: Option<String> = None;
        for (id, (up_path, slug)) in folder.up {
            let header = read_header(&up_path, &id)?;
            let (parents, message) = match header {
                Some(header) => (header.parents, header.message),
                // The layout of sqlx and golang-migrate has no headers: there a revision stands on the one before it.
                None => (previous.take().into_iter().collect(), None),
            };
            let message = message.unwrap_or_else(|| slug.replace('_', " "));
            let down_path = folder.down.remove(&id);
            graph.dag.insert(id.clone(), parents.clone());
            previous = Some(id.clone());
            graph.revisions.insert(id.clone(), Revision { id, parents, message, up_path, down_path });
        }
        graph.warnings = folder.warnings;
        graph.warnings.extend(folder.down.values().map(|path| format!("{} has no up file beside it and is left out", path.display())));
        graph.validate()?;
        Ok(graph)
    }

    fn validate(&self) -> Result<(), GraphError> {
        for revision in self.revisions.values() {
            if let Some(parent) = revision.parents.iter().find(|parent| !self.dag.contains(parent)) {
                return Err(GraphError::MissingParent { path: revision.up_path.clone(), parent: parent.clone() });
            }
        }
        let all: BTreeSet<String> = self.revisions.keys().cloned().collect();
        self.dag.order(&all).map(|_| ()).map_err(|ids| GraphError::Cycle { ids })
    }

    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.revisions.get(id)
    }

    /// All revisions, by id.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.revisions.values()
    }

    /// All revisions so that each comes after its parents.
    pub fn ordered(&self) -> Vec<&Revision> {
        self.path_up(&[], &self.heads()).into_iter().filter_map(|id| self.revisions.get(&id)).collect()
    }

    pub fn dag(&self) -> &Dag {
        &self.dag
    }

    /// The revisions nothing follows, by id.
    pub fn heads(&self) -> Vec<String> {
        self.dag.heads(&self.revisions.keys().cloned().collect())
    }

    /// The only head; `None` where there are no revisions.
    pub fn single_head(&self) -> Result<Option<&Revision>, GraphError> {
        let heads = self.heads();
        if heads.len() > 1 {
            let message = |id: &String| self.get(id).map(|revision| revision.message.clone()).unwrap_or_default();
            return Err(GraphError::MultipleHeads { heads: heads.iter().map(|id| (id.clone(), message(id))).collect() });
        }
        Ok(heads.first().and_then(|id| self.get(id)))
    }

    /// The revisions more than one other stands on, each with those.
    pub fn branch_points(&self) -> Vec<(&Revision, Vec<String>)> {
        self.revisions.values().map(|revision| (revision, self.dag.children(&revision.id))).filter(|(_, children)| children.len() > 1).collect()
    }

    /// What is to be applied, in order, to get from the heads `applied` to `targets`.
    pub fn path_up(&self, applied: &[String], targets: &[String]) -> Vec<String> {
        self.dag.path_up(applied, targets)
    }

    /// What is to be taken back, in order, to get from the heads `applied` to just `kept`.
    pub fn path_down(&self, applied: &[String], kept: &[String]) -> Vec<String> {
        self.dag.path_down(applied, kept)
    }
}

/// The scripts of a folder by id.
#[derive(Default)]
struct Folder {
    up: BTreeMap<String, (PathBuf, String)>,
    down: BTreeMap<String, PathBuf>,
    warnings: Vec<String>,
}

impl Folder {
    fn read(directory: &Path) -> Result<Self, GraphError> {
        let unreadable = |error: std::io::Error| GraphError::Unreadable { path: directory.to_owned(), message: error.to_string() };
        let entries = fs::read_dir(directory).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => GraphError::NoFolder(directory.to_owned()),
            _ => unreadable(error),
        })?;
        let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        // The order in which a file system lists its files differs from machine to machine.
        paths.sort();
        let mut folder = Self::default();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let displaced = match parse_file_name(&name) {
                FileName::Other => continue,
                FileName::Almost(reason) => {
                    folder.warnings.push(format!("{} is left out: {reason}", path.display()));
                    continue;
                }
                FileName::Script { id, slug, direction: Direction::Up } => {
                    let first = folder.up.insert(id.clone(), (path.clone(), slug));
                    first.map(|(first, _)| (id, first))
                }
                FileName::Script { id, direction: Direction::Down, .. } => folder.down.insert(id.clone(), path.clone()).map(|first| (id, first)),
            };
            if let Some((id, first)) = displaced {
                return Err(GraphError::Duplicate { id, first, second: path });
            }
        }
        Ok(folder)
    }
}

/// The header of the script at `path`, which must be that of revision `name`. Only the beginning of the file is read.
fn read_header(path: &Path, name: &str) -> Result<Option<Header>, GraphError> {
    let unreadable = |error: std::io::Error| GraphError::Unreadable { path: path.to_owned(), message: error.to_string() };
    let mut start = Vec::new();
    fs::File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start)).map_err(unreadable)?;
    let header = Header::parse(&String::from_utf8_lossy(&start));
    let header = header.map_err(|fault| GraphError::Header { path: path.to_owned(), line: fault.line, text: fault.text })?;
    match header {
        Some(header) if header.revision != name => {
            Err(GraphError::OtherName { path: path.to_owned(), line: header.line, header: header.revision, name: name.to_owned() })
        }
        header => Ok(header),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u32) -> String {
        format!("202611200000{n:02}")
    }

    /// A folder with revisions `(number, parents)`.
    fn folder(revisions: &[(u32, &[u32])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (number, parents) in revisions {
            let parents: Vec<String> = parents.iter().copied().map(id).collect();
            let header = super::super::render_header(&id(*number), &parents, &format!("message {number}"));
            fs::write(folder.path().join(format!("{}_m.up.sql", id(*number))), header).expect("written");
        }
        folder
    }

    #[test]
    fn heads_and_branch_points_come_from_the_headers() {
        let folder = folder(&[(1, &[]), (2, &[1]), (3, &[1])]);
        let graph = RevisionGraph::load(folder.path()).expect("a graph");
        assert_eq!(graph.heads(), [id(2), id(3)]);
        assert_eq!(graph.branch_points()[0].1, [id(2), id(3)]);
        let error = UserError::from(graph.single_head().expect_err("two heads"));
        assert!(error.help.expect("help").contains(&format!("dbtool merge {} {}", id(2), id(3))));
        assert!(error.message.contains("message 2"));
    }

    #[test]
    fn faults_have_types_of_their_own() {
        let missing = folder(&[(2, &[1])]);
        assert!(matches!(RevisionGraph::load(missing.path()), Err(GraphError::MissingParent { parent, .. }) if parent == id(1)));
        let cycle = folder(&[(1, &[2]), (2, &[1])]);
        assert!(matches!(RevisionGraph::load(cycle.path()), Err(GraphError::Cycle { ids }) if ids == [id(1), id(2)]));
        let duplicate = folder(&[(1, &[])]);
        fs::write(duplicate.path().join(format!("{}_other.up.sql", id(1))), "").expect("written");
        assert!(matches!(RevisionGraph::load(duplicate.path()), Err(GraphError::Duplicate { .. })));
        fs::write(cycle.path().join(format!("{}_m.up.sql", id(1))), "-- dbtool: revision 7\n").expect("written");
        assert!(matches!(RevisionGraph::load(cycle.path()), Err(GraphError::OtherName { .. })));
        assert!(matches!(RevisionGraph::load(&cycle.path().join("none")), Err(GraphError::NoFolder(_))));
    }

    #[test]
    fn files_without_headers_follow_each_other_by_name_and_odd_names_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [format!("{}_first_one.up.sql", id(1)), format!("{}_b.up.sql", id(2)), "7_x.up.sql".into(), format!("{}_c.down.sql", id(3))] {
            fs::write(folder.path().join(name), "SELECT 1;\n").expect("written");
        }
        let graph = RevisionGraph::load(folder.path()).expect("a graph");
        let second = graph.get(&id(2)).expect("there");
        assert_eq!((second.parents.as_slice(), graph.get(&id(1)).expect("there").message.as_str()), (&[id(1)][..], "first one"));
        assert_eq!(graph.warnings.len(), 2);
    }
}

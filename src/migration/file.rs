//! A revision as its files say it, and the writing of a new pair.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::name::slug;
use super::script::Script;
use crate::UserError;

/// A revision: what its name and header say. The scripts themselves are read only when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub id: String,
    pub parents: Vec<String>,
    pub message: String,
    pub up_path: PathBuf,
    /// `None` where the file is missing: then there is no way back.
    pub down_path: Option<PathBuf>,
}

impl Revision {
    /// The script that applies the revision.
    pub fn up(&self) -> Result<Script, UserError> {
        Script::read(&self.up_path)
    }

    /// The script that takes it back, where there is one.
    pub fn down(&self) -> Result<Option<Script>, UserError> {
        self.down_path.as_deref().map(Script::read).transpose()
    }
}

/// The files of a new revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPair {
    pub up: PathBuf,
    pub down: PathBuf,
}

/// Where the pair of a new revision goes.
pub fn pair_paths(directory: &Path, id: &str, message: &str) -> WrittenPair {
    let slug = slug(message);
    WrittenPair { up: directory.join(format!("{id}_{slug}.up.sql")), down: directory.join(format!("{id}_{slug}.down.sql")) }
}

/// Writes a new pair: both files or neither, and never over one that is there.
pub fn write_pair(directory: &Path, id: &str, message: &str, up: &str, down: &str) -> Result<WrittenPair, UserError> {
    let paths = pair_paths(directory, id, message);
    // The down file comes first: a pair of which only the up file was written before a crash would be a revision without way back.
    write_new(&paths.down, down)?;
    if let Err(error) = write_new(&paths.up, up) {
        let _ = fs::remove_file(&paths.down);
        return Err(error);
    }
    Ok(paths)
}

fn write_new(path: &Path, text: &str) -> Result<(), UserError> {
    let fault = |error: std::io::Error| UserError::new(format!("cannot write {}: {error}", path.display()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => fault(error).with_help("the folder is missing: `dbtool init` makes it"),
        _ => fault(error),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(path);
        fault(error)
    })
}

//! SQLite's run lock: a file beside the database, locked by the kernel, which lets go of it however its holder ends.
//!
//! SQLite's own write lock will not do, since it ends with each transaction and a run has several.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::table::host;
use crate::UserError;

/// The locked file. Dropping it removes the file and lets go.
#[derive(Debug)]
pub(super) struct FileLock {
    path: PathBuf,
    file: File,
}

/// What came of one attempt.
#[derive(Debug)]
pub(super) enum Attempt {
    Held(FileLock),
    /// Somebody else has it: who, as far as the file says.
    Busy(String),
}

impl FileLock {
    /// Tries to lock the file of `database` once.
    pub(super) fn attempt(database: &Path) -> Result<Attempt, UserError> {
        let path = path_for(database);
        let fault = |error: std::io::Error| {
            UserError::new(format!("cannot lock {}: {error}", path.display())).with_help("the folder of a SQLite database must be writable")
        };
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(fault)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy(described(&file))),
                Err(TryLockError::Error(error)) => return Err(fault(error)),
            }
            // The holder before us may have removed the file between our open and our lock; then the lock is on a file nobody else will meet.
            if is_at(&file, &path) {
                let mut lock = FileLock { path, file };
                lock.sign().map_err(|error| UserError::new(format!("cannot write {}: {error}", lock.path.display())))?;
                return Ok(Attempt::Held(lock));
            }
        }
    }

    /// Who holds the lock of `database`; nothing is created.
    pub(super) fn holder(database: &Path) -> Option<String> {
        let file = OpenOptions::new().read(true).open(path_for(database)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(described(&file)),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }

    fn sign(&mut self) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "pid {} on {}", std::process::id(), host())
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // The file goes while it is still locked, so that nobody can lock it in between. Windows does not let an open file be removed
        // under others; there it stays, which does no harm.
        #[cfg(unix)]
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// `<database>.dbtool-lock`, the same for every way to write the database's path.
fn path_for(database: &Path) -> PathBuf {
    let real = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let mut name = real.into_os_string();
    name.push(".dbtool-lock");
    PathBuf::from(name)
}

fn described(mut file: &File) -> String {
    let mut text = String::new();
    // A holder that has not signed yet leaves the file empty.
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "another run of dbtool".to_owned(),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_the_lock_and_the_other_learns_who() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("a.db");
        fs::write(&database, "").expect("written");
        assert_eq!(FileLock::holder(&database), None);
        let Attempt::Held(held) = FileLock::attempt(&database).expect("tried") else { panic!("free") };
        let Attempt::Busy(holder) = FileLock::attempt(&folder.path().join("./a.db")).expect("tried") else { panic!("held") };
        assert!(holder.starts_with(&format!("pid {} on ", std::process::id())), "{holder}");
        assert_eq!(FileLock::holder(&database), Some(holder));
        drop(held);
        assert!(!path_for(&database).exists());
        assert!(matches!(FileLock::attempt(&database), Ok(Attempt::Held(_))));
    }
}

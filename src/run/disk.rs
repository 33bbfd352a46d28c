//! Is there room for what a revision writes? A full disk in the middle of it loses nothing, but a person would rather know before.

use std::path::Path;

use indicatif::HumanBytes;

use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::Kind;

/// Refuses to write `bytes` of tables anew where the file system of a SQLite database has no room for them: the copy, and in the journal
/// the pages of the old table. A server's disk cannot be looked at from here.
pub(super) fn refuse_too_little(url: &DatabaseUrl, bytes: u64) -> Result<(), UserError> {
    if url.kind() != Kind::Sqlite || url.is_memory() || bytes == 0 {
        return Ok(());
    }
    let path = url.sqlite_path();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A file system that does not tell is no reason to stop.
    let Ok(free) = fs4::available_space(folder) else { return Ok(()) };
    let needed = bytes.saturating_mul(2);
    if free >= needed {
        return Ok(());
    }
    Err(UserError::new(format!(
        "the disk has {} left, and writing {} of tables anew takes about {}",
        HumanBytes(free),
        HumanBytes(bytes),
        HumanBytes(needed)
    ))
    .with_help(format!("make room on the disk of {}; nothing was changed", folder.display())))
}

//! One script of a revision, read from disk.

use std::path::{Path, PathBuf};

use super::checksum::checksum;
use crate::UserError;
use crate::dialect::Dialect;

/// A script and the path under which the user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    pub path: PathBuf,
    /// The text with `\n` as line end and without byte order mark, so that every checkout of a file does the same to a database.
    pub text: String,
}

impl Script {
    /// Reads the script at `path`.
    pub fn read(path: &Path) -> Result<Self, UserError> {
        let bytes = std::fs::read(path).map_err(|error| UserError::new(format!("cannot read {}: {error}", path.display())))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            UserError::new(format!("{} is not UTF-8 (byte {})", path.display(), error.utf8_error().valid_up_to())).with_help("save the file as UTF-8")
        })?;
        Ok(Self::new(path, &text))
    }

    /// A script of this text; `path` is for messages.
    pub fn new(path: impl Into<PathBuf>, text: &str) -> Self {
        Self { path: path.into(), text: text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n") }
    }

    pub fn checksum(&self) -> String {
        checksum(&self.text)
    }

    /// True where the script holds comments and white space at most.
    pub fn is_empty(&self, dialect: &dyn Dialect) -> bool {
        dialect.split(&self.text).iter().all(|piece| piece.statement().is_empty())
    }
}

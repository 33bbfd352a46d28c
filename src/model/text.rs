//! Text that a server may spell another way, and data that takes no part in comparisons.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A type, an expression or a body of SQL: `text` as somebody wrote it, `key` as the server spells it.
///
/// Equality looks at the key alone. A `Text` that no server has spelled yet has its own text as key, so only values that went through
/// `Scratch::canonicalise` or introspection may be compared.
#[derive(Debug, Clone, Default)]
pub struct Text {
    pub text: String,
    pub key: String,
}

impl Text {
    /// Text that stands for itself: freshly written, or spelled by the server.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key: text.clone(), text }
    }

    /// `text` as it reads, compared by `key`.
    pub fn with_key(text: impl Into<String>, key: impl Into<String>) -> Self {
        Self { text: text.into(), key: key.into() }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Text {}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value that travels with the model but never makes two models differ: fix-ups, rename hints, notes.
#[derive(Debug, Clone, Default)]
pub struct Hint<T>(pub T);

impl<T> PartialEq for Hint<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Hint<T> {}

impl<T> Deref for Hint<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Hint<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

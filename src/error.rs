//! The error people read: one message and, where there is one, the way out.

/// A fault the user or the environment can put right, told in full.
///
/// It travels through `anyhow`; the command line finds it again by downcast and prints `help` on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UserError {
    /// What is wrong, naming the thing and the file.
    pub message: String,
    /// What to type or write next.
    pub help: Option<String>,
}

impl UserError {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// The same error with the way out.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

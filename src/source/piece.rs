//! A statement of a script and where it stands.

/// One statement with the comments and white space around it: the pieces of a script joined are the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Byte offset of `text` in the script.
    pub offset: usize,
    /// Leading comments and white space, the statement, its `;` and what follows up to the end of the line.
    pub text: &'a str,
    /// Where the statement proper begins in `text` (after leading comments and white space) and where it ends (without the `;`).
    /// Empty for a tail that holds no statement.
    pub statement: (usize, usize),
}

impl<'a> Piece<'a> {
    /// The statement proper, without leading comments and without the `;`.
    pub fn statement(&self) -> &'a str {
        &self.text[self.statement.0..self.statement.1]
    }

    /// What stands before the statement: comments, directives, blank lines.
    pub fn leading(&self) -> &'a str {
        &self.text[..self.statement.0]
    }

    /// The line of the script (from 1) on which the statement begins.
    pub fn line(&self, script: &str) -> usize {
        1 + script[..self.offset + self.statement.0].matches('\n').count()
    }
}

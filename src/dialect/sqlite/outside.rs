//! Statements of a script that would reach beyond the database in which they run: in scratch these are refused, because other files are the user's.

use super::lexer::tokens;
use crate::dialect::Reach;

/// What of a statement is not about the database in which it runs. `None` where it stays inside.
pub fn reaches_outside(statement: &str) -> Option<Reach> {
    let mut words = tokens(statement).filter(|token| token.is_significant());
    let first = words.next()?;
    if first.is_word("ATTACH") || first.is_word("DETACH") {
        return Some(Reach::Elsewhere("ATTACH opens another database file".to_owned()));
    }
    if first.is_word("VACUUM") && words.any(|token| token.is_word("INTO")) {
        return Some(Reach::Server("VACUUM INTO writes another file".to_owned()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_found() {
        assert!(reaches_outside("ATTACH 'dev.db' AS live").is_some());
        assert!(reaches_outside("/* x */ VACUUM main INTO 'x.db'").is_some());
        assert!(reaches_outside("VACUUM").is_none() && reaches_outside("CREATE TABLE attach (a)").is_none());
    }
}

//! `FROM:TO`, as `upgrade --sql`, `downgrade --sql` and `history -r` take it.

use crate::UserError;

/// Where a run whose script is printed begins and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// From where the database is to `to`, where that was said.
    Live { to: Option<String> },
    /// Without a look at the database. An empty end was left out.
    Range { from: String, to: String },
}

impl Target {
    /// Reads the revision and the value of `--sql`, either of which may hold the range.
    pub fn parse(rev: Option<&str>, sql: Option<&str>) -> Result<Self, UserError> {
        let sql = sql.filter(|value| !value.is_empty());
        if let (Some(rev), Some(sql)) = (rev, sql) {
            return Err(UserError::new(format!("two targets are given: {rev} and {sql}")).with_help("write one of them, or a range FROM:TO"));
        }
        let Some(text) = rev.or(sql) else { return Ok(Self::Live { to: None }) };
        Ok(match text.split_once(':') {
            Some((from, to)) => Self::Range { from: from.to_owned(), to: to.to_owned() },
            None => Self::Live { to: Some(text.to_owned()) },
        })
    }
}

/// A range where the command runs instead of printing.
pub fn refuse_range(rev: Option<&str>) -> Result<(), UserError> {
    match rev.filter(|rev| rev.contains(':')) {
        None => Ok(()),
        Some(rev) => Err(UserError::new(format!("{rev} is a range, which only --sql takes"))
            .with_help("name the revision to go to; where to begin is what the database says")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_may_stand_in_either_place() {
        let range = Ok(Target::Range { from: "1".into(), to: String::new() });
        assert_eq!(Target::parse(Some("1:"), Some("")), range);
        assert_eq!(Target::parse(None, Some("1:")), range);
        assert_eq!(Target::parse(Some("head"), Some("")), Ok(Target::Live { to: Some("head".into()) }));
        assert_eq!(Target::parse(None, Some("")), Ok(Target::Live { to: None }));
        assert!(Target::parse(Some("head"), Some("1:2")).is_err());
    }
}

//! Exceptions: findings of `check` that somebody has looked at and lets stand, for one statement and with a reason.

use super::{quoted, said};
use crate::dialect::Dialect;
use crate::migration::Script;

/// `-- dbtool: allow RULE reason="..."` before a statement; several rules with commas between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    pub rules: Vec<String>,
    /// `None` where it is missing or not in double quotes.
    pub reason: Option<String>,
    /// The line of the script (from 1).
    pub line: usize,
    /// Which piece of the script it stands before, from 0; one behind the last statement where it stands at the end.
    pub piece: usize,
}

/// All exceptions of a script, in its order. They are never an error to whoever runs the script.
pub fn allows(script: &Script, dialect: &dyn Dialect) -> Vec<Allow> {
    let mut found = Vec::new();
    for (index, piece) in dialect.split(&script.text).iter().enumerate() {
        for said in said(piece, &script.text).into_iter().filter(|said| said.word == "allow") {
            let (names, reason) = said.rest.split_once("reason=").unwrap_or((said.rest.as_str(), ""));
            let rules = names.split([',', ' ', '\n', '\t']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let reason = quoted(reason).map(|(reason, _)| reason).filter(|reason| !reason.trim().is_empty());
            found.push(Allow { rules, reason, line: said.line, piece: index });
        }
    }
    found
}

/// The line that makes [`allows`] find an exception again.
pub fn allow_comment(rule: &str, reason: &str) -> String {
    format!("-- dbtool: allow {rule} reason={}\n", super::in_quotes(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    #[test]
    fn an_exception_has_rules_a_reason_and_the_statement_behind_it() {
        let text = format!("SELECT 1;\n{}DROP TABLE t;\n-- dbtool: allow a, b\n", allow_comment("drop-table", "it was \"empty\""));
        let found = allows(&Script::new("x.up.sql", &text), Kind::Sqlite.dialect());
        assert_eq!(found[0], Allow { rules: vec!["drop-table".into()], reason: Some("it was \"empty\"".into()), line: 2, piece: 1 });
        assert_eq!((found[1].rules.len(), found[1].reason.as_deref(), found[1].piece), (2, None, 2));
    }
}

//! Privileges: who may do what.

use super::Lowering;
use crate::declare::document::Node;
use crate::model::Grants;

impl Lowering {
    /// What `grants = { reader = ["SELECT"] }` says.
    pub fn grants(&mut self, node: Node<'_>) -> Grants {
        node.get("grants").map(|node| self.roles(node)).unwrap_or_default()
    }

    /// Roles and their privileges.
    pub fn roles(&mut self, node: Node<'_>) -> Grants {
        let mut grants = Grants::new();
        for (role, _, list) in node.entries() {
            let role = if role.eq_ignore_ascii_case("public") { "PUBLIC" } else { role };
            let privileges = grants.entry(role.to_owned()).or_default();
            for item in list.items() {
                let Some(written) = item.text() else { continue };
                match parse(written) {
                    Some(parsed) => privileges.extend(parsed),
                    None => {
                        let help = "write it as GRANT does: \"SELECT\", \"UPDATE (name)\", \"SELECT WITH GRANT OPTION\"";
                        self.say(item.place(), format!("'{written}' is no privilege"), help);
                    }
                }
            }
        }
        grants
    }
}

/// `update (a, b) with grant option` as one privilege for each column, in the spelling of the model; `None` where it is none.
fn parse(written: &str) -> Option<Vec<String>> {
    const OPTION: &str = "with grant option";
    let written = written.trim();
    let at = written.len().checked_sub(OPTION.len()).filter(|at| written.is_char_boundary(*at));
    let (written, option) = match at.filter(|at| written[*at..].eq_ignore_ascii_case(OPTION)) {
        Some(at) => (written[..at].trim_end(), " WITH GRANT OPTION"),
        None => (written, ""),
    };
    let (word, columns) = match written.split_once('(') {
        Some((word, rest)) => (word.trim(), Some(rest.strip_suffix(')')?)),
        None => (written, None),
    };
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
    let word = word.to_ascii_uppercase();
    let word = if word == "ALL PRIVILEGES" { "ALL".to_owned() } else { word };
    match columns {
        _ if !is_word => None,
        None => Some(vec![format!("{word}{option}")]),
        Some(columns) => columns.split(',').map(str::trim).map(|column| (!column.is_empty()).then(|| format!("{word} ({column}){option}"))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn privileges_are_read_as_grant_writes_them() {
        assert_eq!(parse("select"), Some(vec!["SELECT".to_owned()]));
        assert_eq!(parse("update (a, b) with grant option").unwrap(), ["UPDATE (a) WITH GRANT OPTION", "UPDATE (b) WITH GRANT OPTION"]);
        assert_eq!(parse("ALL PRIVILEGES").unwrap(), ["ALL"]);
        for bad in ["", "SELECT; DROP TABLE t", "SELECT (", "SELECT ()", "(a)"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}

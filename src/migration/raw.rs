//! The raw objects that revisions have made, read from the titles of their steps: no server knows them.

use indexmap::IndexMap;

use super::{RevisionGraph, Script, step_of};
use crate::UserError;
use crate::dialect::Dialect;
use crate::model::{Hint, Raw};
use crate::plan::{raw_down_title, raw_up_title};

/// What the revisions up to `targets` leave behind, by name: the statements that made each, and those that take it away.
///
/// # Errors
/// Where a file cannot be read, or a step in it has no title.
pub fn raws(graph: &RevisionGraph, targets: &[String], dialect: &dyn Dialect) -> Result<IndexMap<String, Raw>, UserError> {
    let mut found: IndexMap<String, Raw> = IndexMap::new();
    for id in graph.path_up(&[], targets) {
        let Some(revision) = graph.get(&id) else { continue };
        let ups = steps(&revision.up()?, dialect)?;
        if !ups.keys().any(|title| name_of(title).is_some()) {
            continue;
        }
        let downs = match revision.down()? {
            Some(script) => steps(&script, dialect)?,
            None => IndexMap::new(),
        };
        for (title, up) in ups {
            match name_of(&title) {
                Some((name, true)) => {
                    let down = downs.get(&raw_down_title(name)).cloned().unwrap_or_default();
                    found.insert(name.to_owned(), Raw { up, down, depends_on: Hint::default() });
                }
                Some((name, false)) => _ = found.shift_remove(name),
                None => {}
            }
        }
    }
    Ok(found)
}

/// The raw object that a title is about, and whether it is made or taken away.
fn name_of(title: &str) -> Option<(&str, bool)> {
    let (up, down) = (raw_up_title(""), raw_down_title(""));
    title.strip_prefix(down.as_str()).map(|name| (name, false)).or_else(|| title.strip_prefix(up.as_str()).map(|name| (name, true)))
}

/// The statements of each step, as one text, by its title.
fn steps(script: &Script, dialect: &dyn Dialect) -> Result<IndexMap<String, String>, UserError> {
    let mut found: IndexMap<String, String> = IndexMap::new();
    let mut current: Option<String> = None;
    for piece in dialect.split(&script.text) {
        if let Some(step) = step_of(&piece, script)? {
            found.insert(step.title.clone(), String::new());
            current = Some(step.title);
        }
        let statement = piece.statement().trim_end_matches(';').trim();
        let is_control = ["begin", "commit"].iter().any(|word| statement.to_ascii_lowercase().starts_with(word)) && !statement.contains('(');
        if let (Some(text), false, false) = (current.as_ref().and_then(|title| found.get_mut(title)), statement.is_empty(), is_control) {
            if !text.is_empty() {
                text.push_str(";\n");
            }
            text.push_str(statement);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    #[test]
    fn the_statements_of_a_step_are_one_text() {
        let text =
            format!("BEGIN;\n-- dbtool: step \"{}\"\nCREATE A;\nCREATE B;\n\n-- dbtool: step \"other\"\nCREATE C;\n\nCOMMIT;\n", raw_up_title("x"));
        let found = steps(&Script::new("x.up.sql", &text), Kind::Postgres.dialect()).expect("steps");
        assert_eq!(found[&raw_up_title("x")], "CREATE A;\nCREATE B");
        assert_eq!(found["other"], "CREATE C");
    }
}

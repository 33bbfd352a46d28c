//! Changes of a script that a program can make: what `check --fix` does.

use super::read::Action;
use super::scene::{ReadScript, ReadStatement};

/// A change that does what a finding says. Places are bytes of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// A text goes in here.
    Insert { at: usize, text: String },
    /// NOT VALID goes in at `at`, and behind the statement that begins at `statement` the constraint is validated in a transaction of its own.
    ValidateApart { at: usize, statement: usize, validate: String },
    /// The statement that begins here gets the clauses with which the server keeps others waiting least.
    Gentle { statement: usize },
    /// The revision gets a down script.
    WriteDown { revision: String },
}

impl Fix {
    /// The text of the script with the change made; `None` where it takes more than the text, or cannot be made here.
    pub fn apply(&self, script: &ReadScript) -> Option<String> {
        let text = &script.source.text;
        match self {
            Self::Insert { at, text: new } => Some(format!("{}{new}{}", text.get(..*at)?, text.get(*at..)?)),
            Self::ValidateApart { at, statement, validate } => validate_apart(script, *at, *statement, validate),
            Self::Gentle { .. } | Self::WriteDown { .. } => None,
        }
    }
}

/// Ends the transaction behind the statement, validates by itself, and goes on in a new one. A script without BEGIN is written with it: from
/// then on what stands between BEGIN and COMMIT takes effect together, as it did before.
fn validate_apart(script: &ReadScript, at: usize, statement: usize, validate: &str) -> Option<String> {
    let index = script.statements.iter().position(|it| it.offset == statement)?;
    let this = &script.statements[index];
    let mates: Vec<&ReadStatement> = script.statements.iter().filter(|it| it.transaction.is_some() && it.transaction == this.transaction).collect();
    if mates.iter().any(|mate| holds_transaction(mate)) {
        return None;
    }
    let mut inserts = vec![(at, " NOT VALID".to_owned())];
    inserts.extend(terminator(script, this));
    if script.is_explicit {
        let (before, after) = if this.transaction.is_some() { ("COMMIT;\n\n", "\nBEGIN;\n") } else { ("", "") };
        inserts.push((this.end, format!("\n{before}{validate};\n{after}")));
    } else {
        // Every group of statements that took effect together does so still.
        for group in script.statements.chunk_by(|a, b| a.transaction.is_some() && a.transaction == b.transaction) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            if first.transaction.is_none() || group.len() == 1 && first.offset != statement {
                continue;
            }
            inserts.push((first.lead, "BEGIN;\n".to_owned()));
            if last.offset != statement {
                inserts.extend(terminator(script, last));
                inserts.push((last.end, "\nCOMMIT;\n".to_owned()));
            }
        }
        let after = if mates.last().is_some_and(|last| last.offset > statement) { "\nBEGIN;\n" } else { "" };
        inserts.push((this.end, format!("\nCOMMIT;\n\n{validate};\n{after}")));
    }
    joined(&script.source.text, inserts)
}

/// True for what ends with its transaction and would not reach the statements behind another COMMIT.
fn holds_transaction(statement: &ReadStatement) -> bool {
    let text = statement.text.to_ascii_uppercase();
    statement.does(|action| matches!(action, Action::Set { local: true, .. } | Action::LockTable { .. }))
        || ["SET_CONFIG", "ON COMMIT", "SAVEPOINT", "SET CONSTRAINTS", "ADVISORY_XACT", "DECLARE "].iter().any(|word| text.contains(word))
}

/// The `;` that a last statement may lack.
fn terminator(script: &ReadScript, statement: &ReadStatement) -> Option<(usize, String)> {
    let end = statement.offset + statement.text.len();
    let behind = script.source.text.get(end..statement.end)?;
    (!behind.trim_start().starts_with(';')).then(|| (end, ";".to_owned()))
}

/// The text with these put in. Of two for one place the first stays in front.
fn joined(text: &str, mut inserts: Vec<(usize, String)>) -> Option<String> {
    inserts.sort_by_key(|(at, _)| *at);
    let mut out = String::new();
    let mut done = 0;
    for (at, new) in inserts {
        out.push_str(text.get(done..at)?);
        if !out.ends_with('\n') && new.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(&new);
        done = at;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;
    use crate::migration::Script;
    use crate::plan::Direction;

    fn read(text: &str) -> ReadScript {
        ReadScript::new(&Script::new("x.up.sql", text), "1", Direction::Up, Kind::Postgres)
    }

    fn fixed(text: &str, fix: &Fix) -> String {
        fix.apply(&read(text)).expect("it can be made")
    }

    fn apart(text: &str) -> String {
        let statement = text.find("ALTER").expect("there");
        fixed(text, &Fix::ValidateApart { at: text.find("(a)").expect("there") + 3, statement, validate: "VALIDATE".to_owned() })
    }

    #[test]
    fn validation_stands_behind_the_transaction() {
        let alone = apart("ALTER TABLE t ADD CHECK (a);\n");
        assert_eq!(alone, "BEGIN;\nALTER TABLE t ADD CHECK (a) NOT VALID;\n\nCOMMIT;\n\nVALIDATE;\n");
        let more = apart("ALTER TABLE t ADD CHECK (a);\nSELECT 1;\n");
        assert_eq!(more, "BEGIN;\nALTER TABLE t ADD CHECK (a) NOT VALID;\n\nCOMMIT;\n\nVALIDATE;\n\nBEGIN;\nSELECT 1;\n\nCOMMIT;\n");
        // A last statement without its end, and an exception that stays with its statement.
        let bare = apart("-- dbtool: allow x reason=\"y\"\nALTER TABLE t ADD CHECK (a) -- why\n");
        assert_eq!(bare, "BEGIN;\n-- dbtool: allow x reason=\"y\"\nALTER TABLE t ADD CHECK (a) NOT VALID; -- why\n\nCOMMIT;\n\nVALIDATE;\n");
        let text = "BEGIN;\nALTER TABLE t ADD CHECK (a);\nCOMMIT;\n";
        let fix = Fix::ValidateApart { at: text.find(");").expect("there") + 1, statement: 7, validate: "VALIDATE".to_owned() };
        assert_eq!(fixed(text, &fix), "BEGIN;\nALTER TABLE t ADD CHECK (a) NOT VALID;\n\nCOMMIT;\n\nVALIDATE;\n\nBEGIN;\nCOMMIT;\n");
    }

    #[test]
    fn a_transaction_whose_settings_end_with_it_is_not_split() {
        let text = "SET LOCAL search_path = a;\nALTER TABLE t ADD CHECK (a);\nSELECT 1;\n";
        let fix = Fix::ValidateApart { at: 54, statement: 27, validate: "VALIDATE".to_owned() };
        assert_eq!(fix.apply(&read(text)), None);
    }

    #[test]
    fn a_text_goes_in() {
        assert_eq!(
            fixed("CREATE INDEX i ON t (a);", &Fix::Insert { at: 12, text: " CONCURRENTLY".to_owned() }),
            "CREATE INDEX CONCURRENTLY i ON t (a);"
        );
    }
}

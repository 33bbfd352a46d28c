//! Looks: questions to ask before a revision runs.

use super::{continued, fault, in_quotes, quoted, said};
use crate::UserError;
use crate::dialect::Dialect;
use crate::migration::Script;

/// A question to ask before a revision runs: the rows it returns stand in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub message: String,
    pub query: String,
    /// The line of the script on which it begins.
    pub line: usize,
}

/// The comment lines that make [`looks`] find `message` and `query` again.
pub fn look_comment(message: &str, query: &str) -> String {
    format!("-- dbtool: look {} {}\n", in_quotes(message), continued(query))
}

/// The looks of a script, in its order.
///
/// # Errors
/// A look without message or query, with its file and line.
pub fn looks(script: &Script, dialect: &dyn Dialect) -> Result<Vec<Look>, UserError> {
    let mut found = Vec::new();
    for piece in dialect.split(&script.text) {
        for said in said(&piece, &script.text).into_iter().filter(|said| said.word == "look") {
            let spoilt = |what: &str| {
                fault(script, said.line, &format!("the look {what}"))
                    .with_help("write it as: -- dbtool: look \"what is wrong with them\" SELECT ... (the rows that stand in the way)")
            };
            let Some((message, query)) = quoted(&said.rest) else { return Err(spoilt("has no message in double quotes")) };
            if query.trim().is_empty() {
                return Err(spoilt("has no query behind its message"));
            }
            found.push(Look { message, query: query.trim_start().to_owned(), line: said.line });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn script(text: &str) -> Script {
        Script { path: "x.up.sql".into(), text: text.to_owned() }
    }

    #[test]
    fn a_look_reads_back_as_it_was_written() {
        let (message, query) = ("a \"b\" \\ c", "SELECT id,\n       'x\n  y'\nFROM t");
        let text = format!("-- head\n\n{}CREATE TABLE u (a);\n{}", look_comment(message, query), look_comment("last", "SELECT 1"));
        let found = looks(&script(&text), Kind::Sqlite.dialect()).expect("valid");
        assert_eq!(found[0], Look { message: message.into(), query: query.into(), line: 3 });
        assert_eq!((found[1].query.as_str(), found[1].line, found.len()), ("SELECT 1", 8, 2));
    }

    #[test]
    fn text_in_a_literal_is_no_directive_and_a_look_without_query_is_a_fault() {
        let literal = script("INSERT INTO t VALUES ('\n-- dbtool: look \"x\" SELECT 1\n');\n");
        assert_eq!(looks(&literal, Kind::Sqlite.dialect()).expect("valid"), []);
        let error = looks(&script("\n-- dbtool: look \"x\"\nSELECT 1;\n"), Kind::Sqlite.dialect()).expect_err("no query");
        assert!(error.message.starts_with("x.up.sql:2: "), "{}", error.message);
    }
}

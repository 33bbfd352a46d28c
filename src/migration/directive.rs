//! What a script tells the runner in comments. By hand they are comments only, so a script means the same to the engine's own client.

use super::header::directive;
use super::script::Script;
use crate::UserError;
use crate::dialect::Dialect;

/// A question to ask before a revision runs: the rows it returns stand in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub message: String,
    pub query: String,
    /// The line of the script on which it begins.
    pub line: usize,
}

/// How the further lines of a query begin.
const CONTINUED: &str = "--   ";

/// The comment lines that make [`looks`] find `message` and `query` again.
pub fn look_comment(message: &str, query: &str) -> String {
    let message = message.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    format!("-- dbtool: look \"{message}\" {}\n", query.trim_end().replace('\n', &format!("\n{CONTINUED}")))
}

/// The looks of a script, in its order. Only comments before statements are read: a text literal that looks like a directive is none.
///
/// # Errors
/// A look without message or query, with its file and line.
pub fn looks(script: &Script, dialect: &dyn Dialect) -> Result<Vec<Look>, UserError> {
    let mut found = Vec::new();
    for piece in dialect.split(&script.text) {
        let comments = if piece.statement().is_empty() { piece.text } else { piece.leading() };
        let first_line = 1 + script.text[..piece.offset].matches('\n').count();
        let lines: Vec<&str> = comments.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(rest) = directive(line).and_then(|directive| directive.strip_prefix("look")) else { continue };
            let line = first_line + index;
            let Some((message, start)) = quoted(rest.trim_start()) else {
                return Err(fault(script, line, "has no message in double quotes"));
            };
            let mut query = start.trim_start().to_owned();
            for continued in lines[index + 1..].iter().map_while(|line| line.strip_prefix(CONTINUED)) {
                query.push('\n');
                query.push_str(continued);
            }
            if query.trim().is_empty() {
                return Err(fault(script, line, "has no query behind its message"));
            }
            found.push(Look { message, query, line });
        }
    }
    Ok(found)
}

fn fault(script: &Script, line: usize, what: &str) -> UserError {
    UserError::new(format!("{}:{line}: the look {what}", script.path.display()))
        .with_help("write it as: -- dbtool: look \"what is wrong with them\" SELECT ... (the rows that stand in the way)")
}

/// The text in double quotes that `text` begins with, `\"` and `\\` undone, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut message = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((message, &inner[at + 1..])),
            '\\' => message.push(chars.next()?.1),
            _ => message.push(c),
        }
    }
    None
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

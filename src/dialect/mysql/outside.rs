//! Statements of a script that would reach beyond the database in which they run: in scratch these are refused, because the server is the user's.

use super::lexer::{Kind, Token, significant};
use crate::dialect::Reach;

/// First words of statements that are about the server as a whole: <https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html>.
const SERVER: &[&str] = &[
    "GRANT",
    "REVOKE",
    "FLUSH",
    "KILL",
    "SHUTDOWN",
    "RESTART",
    "INSTALL",
    "UNINSTALL",
    "PURGE",
    "CHANGE",
    "CLONE",
    "RESET",
    "STOP",
    "BINLOG",
    "LOAD",
];
/// What stands behind CREATE, ALTER, DROP and RENAME where it is no part of a database.
const OBJECTS: &[&str] = &["USER", "ROLE", "SERVER", "TABLESPACE", "LOGFILE", "RESOURCE", "INSTANCE"];
/// Behind these words stands the name of a table or a routine.
const BEFORE_NAMES: &[&str] = &[
    "FROM",
    "JOIN",
    "INTO",
    "UPDATE",
    "TABLE",
    "REFERENCES",
    "EXISTS",
    "TRUNCATE",
    "VIEW",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "EVENT",
    "CALL",
    "SEQUENCE",
    "IGNORE",
    "LIKE",
    "TABLES",
    "TO",
    "REPLACE",
    "INSERT",
    "DELETE",
    "ONLY",
    "LOW_PRIORITY",
    "QUICK",
];

/// What of a statement is not about the database in which it runs; `databases` are the others on the server. `None` where it stays inside.
///
/// Reading from another database is let through where it cannot be told from a column with its table.
pub fn reaches_outside(statement: &str, databases: &[String]) -> Option<Reach> {
    let tokens: Vec<Token<'_>> = significant(statement);
    let word = |index: usize| tokens.get(index).filter(|token| token.kind == Kind::Word).map(|token| token.text.to_ascii_uppercase());
    // What stands in a conditional comment the server runs too.
    let conditional = tokens.iter().filter(|token| token.kind == Kind::Conditional);
    let inside = |text: &str| {
        text.trim_start_matches(['/', '*', '!', 'M']).trim_start_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['*', '/']).to_owned()
    };
    if let Some(found) = conditional.map(|token| inside(token.text)).find_map(|inner| reaches_outside(inner.trim(), databases)) {
        return Some(found);
    }
    let first = word(0)?;
    if first == "USE" {
        return Some(Reach::Elsewhere("USE leads into another database".to_owned()));
    }
    let made = matches!(first.as_str(), "CREATE" | "ALTER" | "DROP" | "RENAME");
    let object = tokens
        .iter()
        .skip(1)
        .map(|token| token.text.to_ascii_uppercase())
        .find(|word| !matches!(word.as_str(), "OR" | "REPLACE" | "IF" | "NOT" | "EXISTS"));
    if made && object.as_deref().is_some_and(|object| matches!(object, "DATABASE" | "SCHEMA")) {
        return Some(Reach::Elsewhere(format!("{first} DATABASE is about another database")));
    }
    let server = of_server(&tokens, &first, made, object.as_deref());
    named(&tokens, databases).map(Reach::Elsewhere).or(server.map(Reach::Server))
}

/// What is about the server as a whole.
fn of_server(tokens: &[Token<'_>], first: &str, made: bool, object: Option<&str>) -> Option<String> {
    if SERVER.contains(&first) {
        return Some(format!("{first} is about the whole server"));
    }
    if let Some(object) = object.filter(|object| made && OBJECTS.contains(object)) {
        return Some(format!("{first} {object} is about the whole server"));
    }
    let is_global = |token: &Token<'_>| {
        ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD"].iter().any(|word| token.is_word(word))
            || token.text.to_ascii_lowercase().starts_with("@@global")
    };
    if first == "SET" && tokens.iter().any(is_global) {
        return Some("SET GLOBAL is about the whole server".to_owned());
    }
    let writes = tokens.windows(2).any(|pair| pair[0].is_word("INTO") && (pair[1].is_word("OUTFILE") || pair[1].is_word("DUMPFILE")));
    writes.then(|| "INTO OUTFILE writes a file on the server".to_owned())
}

/// A table or a routine of another database, also in the text of a statement that is to be prepared.
fn named(tokens: &[Token<'_>], databases: &[String]) -> Option<String> {
    for (index, token) in tokens.iter().enumerate() {
        // A text is run only where it is prepared, and may have been put together before.
        let is_code = tokens.first().is_some_and(|first| ["PREPARE", "EXECUTE", "SET"].iter().any(|word| first.is_word(word)));
        if is_code && token.kind == Kind::String {
            let inner = token.text.trim_matches(['\'', '"']);
            if let Some(found) = inner.contains('.').then(|| named(&significant(inner), databases)).flatten() {
                return Some(found);
            }
        }
        let is_qualifier = tokens.get(index + 1).is_some_and(|next| next.text == ".");
        let Some(name) = is_qualifier.then(|| unquoted(token.text)) else { continue };
        let is_other = databases.iter().any(|database| database.eq_ignore_ascii_case(name));
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        // A name of three parts begins with a database; one of two does where a table has to stand.
        let is_whole = tokens.get(index + 3).is_some_and(|next| next.text == ".");
        let is_place =
            before.is_some_and(|before| before.text == "," && is_list_of_tables(tokens) || BEFORE_NAMES.iter().any(|word| before.is_word(word)));
        let is_index =
            before.is_some_and(|before| before.is_word("ON")) && tokens.first().is_some_and(|first| first.is_word("CREATE") || first.is_word("DROP"));
        if is_other && (is_whole || is_place || is_index) {
            return Some(format!("{name} is another database"));
        }
    }
    None
}

fn is_list_of_tables(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|first| ["DROP", "TRUNCATE", "RENAME", "LOCK", "DELETE"].iter().any(|word| first.is_word(word)))
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(statement: &str) -> bool {
        reaches_outside(statement, &["live".to_owned(), "todos".to_owned()]).is_some()
    }

    #[test]
    fn what_names_another_database_or_the_server_is_found() {
        for statement in [
            "USE `live`",
            "DROP TABLE live.todos",
            "DROP TABLE IF EXISTS a, `live`.`b`",
            "CREATE TABLE IF NOT EXISTS live.t (a int)",
            "DELETE FROM live.t",
            "UPDATE live.t SET a = 1",
            "CREATE DATABASE IF NOT EXISTS x",
            "DROP SCHEMA live",
            "SET GLOBAL max_connections = 5",
            "SET @@global.x = 5",
            "GRANT ALL ON *.* TO a",
            "CREATE USER a",
            "DROP ROLE IF EXISTS a",
            "PREPARE s FROM 'DELETE FROM live.t'",
            "CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW DELETE FROM live.t",
            "CREATE INDEX i ON live.t (a)",
            "INSERT live.t VALUES (1)",
            "TRUNCATE live.t",
            "RENAME TABLE a TO live.a",
            "SELECT 1 INTO OUTFILE '/tmp/x'",
            "CALL live.p()",
            "ALTER TABLE live.t ADD a int",
        ] {
            assert!(outside(statement), "{statement}");
        }
    }

    #[test]
    fn columns_with_their_table_and_what_stays_inside_are_not() {
        for statement in [
            "SELECT todos.id FROM todos JOIN a ON todos.id = a.id",
            "CREATE VIEW v AS SELECT todos.a, todos.b FROM todos",
            "UPDATE todos SET todos.a = 1 WHERE todos.b = 2",
            "CREATE TABLE t (a int)",
            "SET foreign_key_checks = 0",
            "DROP INDEX i ON t",
            "INSERT INTO t VALUES ('live.x')",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b)",
        ] {
            assert!(!outside(statement), "{statement}");
        }
    }
}

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
    if let Some(verb) = of_database(&tokens) {
        return Some(Reach::Elsewhere(format!("{verb} DATABASE is about another database")));
    }
    let made = matches!(first.as_str(), "CREATE" | "ALTER" | "DROP" | "RENAME");
    let object = tokens
        .iter()
        .skip(1)
        .map(|token| token.text.to_ascii_uppercase())
        .find(|word| !matches!(word.as_str(), "OR" | "REPLACE" | "IF" | "NOT" | "EXISTS"));
    let server = of_server(&tokens, &first, made, object.as_deref()).map(Reach::Server);
    named(&tokens, databases).map(Reach::Elsewhere).or_else(|| prepared(&tokens, databases)).or(server)
}

/// The word that makes, changes or drops a whole database, wherever it stands: the body of a routine may do it too.
fn of_database(tokens: &[Token<'_>]) -> Option<&'static str> {
    let is_between = |token: &&Token<'_>| ["OR", "REPLACE", "IF", "NOT", "EXISTS"].iter().any(|word| token.is_word(word));
    tokens.iter().enumerate().find_map(|(index, token)| {
        let verb = ["CREATE", "ALTER", "DROP"].into_iter().find(|verb| token.is_word(verb))?;
        let object = tokens[index + 1..].iter().find(|token| !is_between(token))?;
        (object.is_word("DATABASE") || object.is_word("SCHEMA")).then_some(verb)
    })
}

/// What a text would do that is run as a statement: it stands where it is prepared, or is put together by SET before.
fn prepared(tokens: &[Token<'_>], databases: &[String]) -> Option<Reach> {
    let is_code =
        tokens.first().is_some_and(|first| first.is_word("SET")) || tokens.iter().any(|token| token.is_word("PREPARE") || token.is_word("IMMEDIATE"));
    let inside = |text: &str| {
        let inner = text.trim_matches(['\'', '"']);
        // A single word is the value of a setting.
        let found = inner.contains(char::is_whitespace).then(|| reaches_outside(inner, databases)).flatten();
        found.or_else(|| named(&significant(inner), databases).map(Reach::Elsewhere))
    };
    tokens.iter().filter(|token| is_code && token.kind == Kind::String).find_map(|token| inside(token.text))
}

/// What is about the server as a whole.
fn of_server(tokens: &[Token<'_>], first: &str, made: bool, object: Option<&str>) -> Option<String> {
    if SERVER.contains(&first) {
        return Some(format!("{first} is about the whole server"));
    }
    if let Some(object) = object.filter(|object| made && OBJECTS.contains(object)) {
        return Some(format!("{first} {object} is about the whole server"));
    }
    if first == "SET" && tokens.get(1).is_some_and(|second| second.is_word("PASSWORD")) {
        return Some("SET PASSWORD is about the whole server".to_owned());
    }
    let is_global = |token: &Token<'_>| {
        let text = token.text.to_ascii_lowercase();
        ["GLOBAL", "PERSIST", "PERSIST_ONLY"].iter().any(|word| token.is_word(word)) || text.starts_with("@@global") || text.starts_with("@@persist")
    };
    // In the body of a routine SET stands right before it; in a SET of several it may stand behind a comma.
    let sets = |pair: &[Token<'_>]| pair[0].is_word("SET") && is_global(&pair[1]);
    if first == "SET" && tokens.iter().any(is_global) || tokens.windows(2).any(sets) {
        return Some("SET GLOBAL is about the whole server".to_owned());
    }
    let writes = tokens.windows(2).any(|pair| pair[0].is_word("INTO") && (pair[1].is_word("OUTFILE") || pair[1].is_word("DUMPFILE")));
    writes.then(|| "INTO OUTFILE writes a file on the server".to_owned())
}

/// A table or a routine of another database.
fn named(tokens: &[Token<'_>], databases: &[String]) -> Option<String> {
    for (index, token) in tokens.iter().enumerate() {
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
            "PREPARE s FROM 'DROP DATABASE live'",
            "EXECUTE IMMEDIATE 'DROP DATABASE live'",
            "SET @s = 'DROP DATABASE IF EXISTS live'",
            "SET STATEMENT max_statement_time = 9 FOR DROP DATABASE live",
            "CREATE PROCEDURE p() DROP DATABASE live",
            "CREATE PROCEDURE p() BEGIN PREPARE s FROM 'DELETE FROM live.t'; EXECUTE s; END",
            "CREATE PROCEDURE p() SET GLOBAL max_connections = 5",
            "SET a = 1, GLOBAL max_connections = 5",
            "SET @@persist.max_connections = 5",
            "SET PASSWORD = PASSWORD('x')",
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
            "ALTER TABLE t DROP `schema`",
            "SET sql_mode = 'STRICT_ALL_TABLES'",
            "UPDATE t SET password = 'x'",
            "SET @password = 'x y'",
        ] {
            assert!(!outside(statement), "{statement}");
        }
    }
}

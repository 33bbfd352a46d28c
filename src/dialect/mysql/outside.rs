//! Statements of a script that would reach beyond the database in which they run: in scratch these are refused, because the server is the user's.

use super::lexer::{Kind, Token, significant, tokens};
use crate::dialect::Reach;

/// First words of statements that are about the server as a whole: <https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html>.
const SERVER: &str = " GRANT REVOKE FLUSH KILL SHUTDOWN RESTART INSTALL UNINSTALL PURGE CHANGE CLONE RESET STOP BINLOG LOAD BACKUP ";
/// What stands behind CREATE, ALTER, DROP and RENAME where it is no part of a database.
const OBJECTS: &str = " USER ROLE SERVER TABLESPACE LOGFILE RESOURCE INSTANCE UNDO ";
/// Behind these words stands the name of a table or a routine.
const BEFORE_NAMES: &str = " FROM JOIN INTO UPDATE TABLE REFERENCES EXISTS TRUNCATE VIEW TRIGGER PROCEDURE FUNCTION EVENT CALL SEQUENCE IGNORE TABLES TO \
     REPLACE INSERT DELETE ONLY LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK RENAME ";

fn is_one_of(token: &Token<'_>, words: &str) -> bool {
    token.kind == Kind::Word && words.contains(&format!(" {} ", token.text.to_ascii_uppercase()))
}

/// What of a statement is not about the database in which it runs; `databases` are the others on the server. `None` where it stays inside.
///
/// Reading from another database is let through where it cannot be told from a column with its table.
pub fn reaches_outside(statement: &str, databases: &[String]) -> Option<Reach> {
    let plain = without_conditions(statement);
    let all: Vec<Token<'_>> = significant(&plain);
    // SET STATEMENT ... FOR runs what stands behind it.
    let is_wrapped = all.first().is_some_and(|first| first.is_word("SET")) && all.get(1).is_some_and(|second| second.is_word("STATEMENT"));
    let start = all.iter().position(|token| is_wrapped && token.is_word("FOR")).map_or(0, |at| at + 1);
    let tokens = all.get(start..).unwrap_or_default();
    let first = tokens.first()?;
    if first.is_word("USE") {
        return Some(Reach::Elsewhere("USE leads into another database".to_owned()));
    }
    if is_one_of(first, SERVER) {
        return Some(Reach::Server(format!("{} is about the whole server", first.text.to_ascii_uppercase())));
    }
    of_database(tokens)
        .or_else(|| named(tokens, databases).map(Reach::Elsewhere))
        .or_else(|| prepared(tokens, databases))
        .or_else(|| of_server(tokens).map(Reach::Server))
}

/// The statement as the server runs it: what stands in conditional comments is part of it.
fn without_conditions(statement: &str) -> String {
    let mut plain = String::with_capacity(statement.len());
    for token in tokens(statement) {
        if token.kind != Kind::Conditional {
            plain.push_str(token.text);
            continue;
        }
        let inner = token.text.trim_start_matches(['/', '*', '!', 'M']).trim_start_matches(|c: char| c.is_ascii_digit());
        plain.push(' ');
        plain.push_str(inner.strip_suffix("*/").unwrap_or(inner));
        plain.push(' ');
    }
    plain
}

/// What makes, changes or drops a whole database, wherever it stands: the body of a routine may do it too.
fn of_database(tokens: &[Token<'_>]) -> Option<Reach> {
    let is_between = |token: &&Token<'_>| is_one_of(token, " OR REPLACE IF NOT EXISTS ");
    tokens.iter().enumerate().find_map(|(index, token)| {
        let verb = ["CREATE", "ALTER", "DROP"].into_iter().find(|verb| token.is_word(verb))?;
        let at = index + 1 + tokens[index + 1..].iter().position(|token| !is_between(&token))?;
        if !is_one_of(&tokens[at], " DATABASE SCHEMA ") {
            return None;
        }
        // Without a name it is about the database in which it runs.
        let is_own = tokens.get(at + 1).is_some_and(|next| is_one_of(next, " CHARACTER CHARSET COLLATE DEFAULT COMMENT ENCRYPTION READ "));
        match verb {
            "ALTER" if is_own => None,
            "DROP" => Some(Reach::Elsewhere("DROP DATABASE is about another database".to_owned())),
            _ if index == 0 => Some(Reach::Server(format!("{verb} DATABASE is about the whole server"))),
            _ => Some(Reach::Elsewhere(format!("{verb} DATABASE is about another database"))),
        }
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
fn of_server(tokens: &[Token<'_>]) -> Option<String> {
    let first = tokens.first()?;
    let second = tokens.get(1);
    let is_second = |word: &str| second.is_some_and(|second| second.is_word(word));
    let is_between = |token: &&&Token<'_>| !is_one_of(token, " OR REPLACE IF NOT EXISTS ");
    // In the body of a routine a statement begins behind one of these.
    let is_routine = first.is_word("CREATE") && tokens.iter().any(|token| is_one_of(token, " PROCEDURE FUNCTION TRIGGER EVENT "));
    let begins = |at: usize| {
        at == 0
            || is_routine
                && tokens.get(at - 1).is_some_and(|before| is_one_of(before, " BEGIN THEN ELSE DO LOOP ") || matches!(before.text, ";" | ")"))
    };
    for (at, token) in tokens.iter().enumerate().filter(|(at, token)| begins(*at) && is_one_of(token, " CREATE ALTER DROP RENAME ")) {
        if let Some(object) = tokens[at + 1..].iter().find(|token| is_between(&token)).filter(|object| is_one_of(object, OBJECTS)) {
            return Some(format!("{} {} is about the whole server", token.text.to_ascii_uppercase(), object.text.to_ascii_uppercase()));
        }
    }
    if first.is_word("SET") && (is_second("PASSWORD") || is_second("DEFAULT")) {
        return Some("SET PASSWORD and SET DEFAULT ROLE are about the whole server".to_owned());
    }
    if first.is_word("START") && !is_second("TRANSACTION") || first.is_word("LOCK") && is_second("INSTANCE") {
        return Some("this statement is about the whole server".to_owned());
    }
    if first.is_word("CREATE") && tokens.iter().any(|token| token.is_word("SONAME")) {
        return Some("CREATE FUNCTION ... SONAME is about the whole server".to_owned());
    }
    if sets_global(tokens) {
        return Some("SET GLOBAL is about the whole server".to_owned());
    }
    let writes = tokens.windows(2).any(|pair| pair[0].is_word("INTO") && (pair[1].is_word("OUTFILE") || pair[1].is_word("DUMPFILE")));
    writes.then(|| "INTO OUTFILE writes a file on the server".to_owned())
}

/// True where a SET, also one in the body of a routine, changes a variable of the server. Reading one is harmless.
fn sets_global(tokens: &[Token<'_>]) -> bool {
    let is_set = tokens.first().is_some_and(|first| first.is_word("SET"));
    let word = tokens
        .windows(2)
        .any(|pair| (pair[0].is_word("SET") || is_set && pair[0].text == ",") && is_one_of(&pair[1], " GLOBAL PERSIST PERSIST_ONLY "));
    let is_variable = |text: &str| text.to_ascii_lowercase().starts_with("@@global") || text.to_ascii_lowercase().starts_with("@@persist");
    let target = tokens.iter().enumerate().any(|(at, token)| {
        is_variable(token.text) && at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| before.is_word("SET") || before.text == ",")
    });
    word || target
}

/// A table or a routine of another database.
fn named(tokens: &[Token<'_>], databases: &[String]) -> Option<String> {
    let found = (0..tokens.len()).find(|at| {
        let is_qualifier = tokens.get(at + 1).is_some_and(|next| next.text == ".");
        let is_other = is_qualifier && databases.iter().any(|database| database.eq_ignore_ascii_case(unquoted(tokens[*at].text)));
        is_other && is_place_of_table(tokens, *at)
    })?;
    Some(format!("{} is another database", unquoted(tokens[found].text)))
}

/// True where the name at `at` has to be that of a table or a routine with its database, and is no column with its table.
fn is_place_of_table(tokens: &[Token<'_>], at: usize) -> bool {
    // A name of three parts begins with a database.
    if tokens.get(at + 3).is_some_and(|next| next.text == ".") {
        return true;
    }
    let (Some(before), Some(first)) = (at.checked_sub(1).and_then(|before| tokens.get(before)), tokens.first()) else { return false };
    let earlier = &tokens[..at];
    let is_head = |words: &str, many: usize| tokens.iter().take(many).any(|token| is_one_of(token, words));
    if tokens.get(at + 2).is_some_and(|next| next.text == "*") {
        return false;
    }
    if before.text == "," {
        let is_list = is_one_of(first, " DROP TRUNCATE RENAME LOCK DELETE UPDATE ");
        return is_list && !earlier.iter().any(|token| is_one_of(token, " WHERE ORDER ON SET GROUP ") || token.text == "(");
    }
    if before.is_word("ON") {
        return first.is_word("CREATE") && is_head(" INDEX ", 4) && !is_head(" TRIGGER VIEW ", 6)
            || first.is_word("DROP")
            || is_head(" TRIGGER ", 8) && !earlier.iter().any(|token| token.is_word("FOR"));
    }
    if before.is_word("LIKE") {
        return first.is_word("CREATE") && is_head(" TABLE ", 4) && !earlier.iter().any(|token| token.is_word("SELECT"));
    }
    if before.is_word("AS") {
        return first.is_word("ALTER");
    }
    if before.is_word("FROM") {
        return !is_argument(earlier);
    }
    if before.is_word("UPDATE") {
        return !earlier.iter().rev().nth(1).is_some_and(|key| key.is_word("KEY"));
    }
    is_one_of(before, BEFORE_NAMES)
}

/// True where these tokens end within the brackets of a function that has FROM between its arguments.
fn is_argument(earlier: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in earlier.iter().enumerate().rev() {
        match token.text {
            ")" => depth += 1,
            "(" if depth == 0 => return at.checked_sub(1).is_some_and(|at| is_one_of(&earlier[at], " EXTRACT TRIM SUBSTRING SUBSTR MID POSITION ")),
            "(" => depth -= 1,
            _ => {}
        }
    }
    false
}

/// A name without its quotes; in one mode of the server they are double ones.
fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inner('`').or_else(|| inner('"')).unwrap_or(text)
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
            "DROP /*!50000 DATABASE */ live",
            "DROP TABLE /*!50000 IF EXISTS */ live.t",
            "/*!50000 DROP */ TABLE live.t",
            "RENAME TABLE /*! live.t */ TO b",
            "EXECUTE IMMEDIATE 'CREATE USER u'",
            "EXECUTE IMMEDIATE 'USE live'",
            "CREATE PROCEDURE p() BEGIN CREATE USER u; END",
            "DELETE FROM \"live\".\"t\"",
            "UPDATE b, live.t AS x SET x.a = 99",
            "INSERT HIGH_PRIORITY live.t VALUES (99)",
            "ALTER TABLE b RENAME live.t2",
            "SELECT 1 INTO /*! OUTFILE */ '/tmp/x'",
            "CREATE FUNCTION f RETURNS INTEGER SONAME 'x.so'",
            "START SLAVE",
            "SET DEFAULT ROLE NONE FOR root@localhost",
            "ALTER DATABASE live CHARACTER SET utf8mb4",
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
            "CREATE VIEW v AS SELECT b.id FROM todos JOIN b ON todos.id = b.id",
            "CREATE TRIGGER x AFTER INSERT ON a FOR EACH ROW UPDATE a JOIN todos ON todos.id = a.id SET a.b = 1",
            "SELECT EXTRACT(YEAR FROM todos.created_at) FROM todos",
            "INSERT INTO todos VALUES (1) ON DUPLICATE KEY UPDATE todos.n = VALUES(n)",
            "SELECT 1 FROM todos WHERE 'x' LIKE todos.p",
            "DELETE todos.* FROM todos JOIN b ON b.id = todos.id",
            "DELETE FROM todos ORDER BY todos.n, todos.id",
            "ALTER DATABASE CHARACTER SET utf8mb4",
            "SET @old = @@GLOBAL.sql_mode",
            "SET @n = (SELECT count(password) FROM u)",
            "START TRANSACTION",
            "ALTER TABLE t DROP role, DROP user",
        ] {
            assert!(!outside(statement), "{statement}");
        }
    }
}

//! The statements of a script, without loss, as `psql` finds them.
//!
//! A `;` ends a statement unless it stands in a string, in a comment, in parentheses (the actions of CREATE RULE) or in the
//! BEGIN ATOMIC ... END body of a function.

use super::lexer::{self, Kind, Token};
use crate::source::Piece;

/// The pieces of `sql`: joined they are `sql`.
///
/// A line that begins with a backslash where a statement could begin is for `psql` alone: it is a piece of its own whose statement is
/// empty, so that it is kept and never sent.
pub(super) fn split(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut open = Open::at(0);
    let mut at = 0;
    while let Some(token) = lexer::token_at(sql, at) {
        at = token.end();
        if token.is_symbol("\\") && open.begin.is_none() && begins_line(sql, token.start) {
            // The rest of the line is no SQL: a quote in it opens nothing.
            at = line_end(sql, token.start);
            pieces.push(piece(sql, open.offset, at, (at, at)));
            open = Open::at(at);
        } else if token.is_symbol(";") && open.is_complete() {
            at = rest_of_line(sql, token.end());
            let begin = open.begin.unwrap_or(token.start);
            pieces.push(piece(sql, open.offset, at, (begin, open.end.max(begin))));
            open = Open::at(at);
        } else if token.is_code() {
            open.read(token);
        }
    }
    if open.offset < sql.len() {
        let begin = open.begin.unwrap_or(sql.len());
        pieces.push(piece(sql, open.offset, sql.len(), (begin, open.end.max(begin))));
    }
    pieces
}

/// A piece from absolute positions.
fn piece(sql: &str, offset: usize, end: usize, statement: (usize, usize)) -> Piece<'_> {
    Piece { offset, text: &sql[offset..end], statement: (statement.0 - offset, statement.1 - offset) }
}

/// The statement that is being read.
struct Open {
    offset: usize,
    /// Where its first token begins, once there is one, and where its last one so far ends.
    begin: Option<usize>,
    end: usize,
    parentheses: usize,
    /// How deep in BEGIN ATOMIC, CASE and their END.
    blocks: usize,
    /// How far the words are that make a body possible: CREATE [OR REPLACE] FUNCTION or PROCEDURE.
    routine: Routine,
    /// True right behind a BEGIN that only ATOMIC makes a block.
    after_begin: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Routine {
    Unknown,
    Create,
    No,
    Yes,
}

impl Open {
    fn at(offset: usize) -> Self {
        Self { offset, begin: None, end: offset, parentheses: 0, blocks: 0, routine: Routine::Unknown, after_begin: false }
    }

    fn is_complete(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn read(&mut self, token: Token<'_>) {
        self.begin.get_or_insert(token.start);
        self.end = token.end();
        match token.kind {
            Kind::Symbol if token.text == "(" => self.parentheses += 1,
            Kind::Symbol if token.text == ")" => self.parentheses = self.parentheses.saturating_sub(1),
            Kind::Word => return self.read_word(token),
            Kind::Space | Kind::Comment | Kind::Quoted | Kind::String | Kind::Number | Kind::Symbol => {}
        }
        if self.routine != Routine::Yes {
            self.routine = Routine::No;
        }
        self.after_begin = false;
    }

    fn read_word(&mut self, token: Token<'_>) {
        match self.routine {
            Routine::Unknown => self.routine = if token.is_word("create") { Routine::Create } else { Routine::No },
            Routine::Create if token.is_word("or") || token.is_word("replace") => {}
            Routine::Create => self.routine = if token.is_word("function") || token.is_word("procedure") { Routine::Yes } else { Routine::No },
            Routine::No => {}
            Routine::Yes => self.read_block(token),
        }
    }

    /// In the body only CASE has an END of its own besides the block itself.
    fn read_block(&mut self, token: Token<'_>) {
        if (self.after_begin && token.is_word("atomic")) || (self.blocks > 0 && token.is_word("case")) {
            self.blocks += 1;
        } else if self.blocks > 0 && token.is_word("end") {
            self.blocks -= 1;
        }
        self.after_begin = self.blocks == 0 && token.is_word("begin");
    }
}

/// The end of the line on which `at` stands, its line end included.
fn line_end(sql: &str, at: usize) -> usize {
    sql[at..].find('\n').map_or(sql.len(), |found| at + found + 1)
}

/// True where only white space stands between the start of the line and `at`.
fn begins_line(sql: &str, at: usize) -> bool {
    sql[..at].bytes().rev().take_while(|&byte| byte != b'\n').all(|byte| byte.is_ascii_whitespace())
}

/// The end of the line behind a `;` where nothing but white space and a `--` comment is left on it, else `at` itself.
fn rest_of_line(sql: &str, at: usize) -> usize {
    let end = line_end(sql, at);
    let rest = sql[at..end].trim_start();
    if rest.is_empty() || rest.starts_with("--") { end } else { at }
}

/// True for a statement that PostgreSQL refuses inside a transaction block (`PreventInTransactionBlock` in its source).
pub(super) fn runs_alone(statement: &str) -> bool {
    let words: Vec<String> = lexer::code(statement)
        .into_iter()
        .map(|token| if token.kind == Kind::Word { token.text.to_ascii_lowercase() } else { "?".to_owned() })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let concurrently = words.contains(&"concurrently");
    match words.as_slice() {
        ["vacuum", ..] | ["alter", "system", ..] | ["discard", "all", ..] | ["cluster"] | ["cluster", "verbose"] => true,
        ["create" | "drop", "database" | "tablespace" | "subscription", ..] => true,
        ["commit" | "rollback", "prepared", ..] => true,
        ["alter", "database", ..] => words.windows(2).any(|pair| pair == ["set", "tablespace"]),
        ["alter", "subscription", ..] => words.windows(2).any(|pair| pair == ["refresh", "publication"]),
        ["create", "index", ..] | ["create", "unique", "index", ..] | ["drop", "index", ..] => concurrently,
        ["alter", "table", ..] => concurrently && words.windows(2).any(|pair| pair == ["detach", "partition"]),
        ["reindex", rest @ ..] => concurrently || rest.iter().any(|word| ["schema", "database", "system"].contains(word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(sql: &str) -> Vec<&str> {
        let pieces = split(sql);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), sql);
        for piece in &pieces {
            assert_eq!(&sql[piece.offset..piece.offset + piece.text.len()], piece.text);
        }
        pieces.iter().map(|piece| piece.statement()).collect()
    }

    #[test]
    fn comments_stay_with_the_statement_they_stand_at() {
        let sql = "-- first\nSELECT 1; -- same line\n\n/* second; */ SELECT ';' ;SELECT $$;$$\n;\n-- tail\n";
        assert_eq!(statements(sql), ["SELECT 1", "SELECT ';'", "SELECT $$;$$", ""]);
        assert_eq!(split(sql)[0].text, "-- first\nSELECT 1; -- same line\n");
    }

    #[test]
    fn bodies_and_parentheses_hold_semicolons() {
        let function = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
        let rule = "CREATE RULE r AS ON DELETE TO t DO (DELETE FROM a; DELETE FROM b)";
        assert_eq!(statements(&format!("{function};\n{rule};\nBEGIN; SELECT 1; END;")), [function, rule, "BEGIN", "SELECT 1", "END"]);
    }

    #[test]
    fn lines_for_psql_are_kept_and_never_sent() {
        assert_eq!(statements("\\set x 'it\nSELECT 1;\n  \\echo it's\nSELECT 2"), ["", "SELECT 1", "", "SELECT 2"]);
    }

    #[test]
    fn what_has_no_end_is_one_piece() {
        assert_eq!(statements("SELECT 'a; b"), ["SELECT 'a; b"]);
        assert_eq!(statements(";;\r\n"), ["", ""]);
        assert!(split("").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn pieces_joined_are_the_script(sql in "([a-zE'\"$;()/*\\\\ \n\u{e9}-]|--|/\\*|\\$\\$|BEGIN ATOMIC|END|create function ){0,30}") {
            statements(&sql);
        }
    }

    #[test]
    fn some_statements_run_alone() {
        for alone in [
            "create unique index concurrently i on t (a)",
            "DROP INDEX /* x */ CONCURRENTLY IF EXISTS i",
            "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
            "VACUUM t",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "CREATE DATABASE x",
        ] {
            assert!(runs_alone(alone), "{alone}");
        }
        for together in [
            "CREATE INDEX \"concurrently\" ON t (a)",
            "ALTER TYPE e ADD VALUE 'x'",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
            "ALTER TABLE t ADD COLUMN vacuum int",
            "COMMIT",
        ] {
            assert!(!runs_alone(together), "{together}");
        }
    }
}

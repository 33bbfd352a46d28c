//! Cuts a script into its statements as the client `mysql` does, without loss: at `;`, or at what a line `DELIMITER` names instead.

use super::lexer::{Token, significant, tokens};
use crate::source::Piece;

/// The statements of `sql`; the pieces joined are `sql`. Lines with DELIMITER are the client's own and belong to what stands before a statement.
pub fn split(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut delimiter = ";".to_owned();
    let mut offset = 0;
    while offset < sql.len() {
        let piece = piece(sql, offset, &mut delimiter);
        offset += piece.text.len();
        pieces.push(piece);
    }
    pieces
}

/// `statement` with what ends it, as the client reads it: one that holds a `;` of its own needs another delimiter.
pub fn terminated(statement: &str) -> String {
    if !tokens(statement).any(|token| token.is_symbol(";")) {
        return format!("{statement};\n");
    }
    let delimiter = ["//", "$$", "@@@", "~~~~"].into_iter().find(|delimiter| !statement.contains(delimiter)).unwrap_or("|||||");
    format!("DELIMITER {delimiter}\n{statement}{delimiter}\nDELIMITER ;\n")
}

/// The piece of `sql` that begins at `offset`.
fn piece<'a>(sql: &'a str, offset: usize, delimiter: &mut String) -> Piece<'a> {
    let rest = &sql[offset..];
    let mut at = 0;
    // What stands before the statement: white space, comments, and the client's own lines.
    let start = loop {
        let Some(token) = tokens(&rest[at..]).find(Token::is_significant) else {
            return Piece { offset, text: rest, statement: (rest.len(), rest.len()) };
        };
        let begin = at + token.start;
        match delimiter_line(&rest[begin..]) {
            Some((named, length)) => {
                *delimiter = named;
                at = begin + length;
            }
            None => break begin,
        }
    };
    let (end, behind) = statement_end(&rest[start..], delimiter);
    let mut text_end = start + behind + line_rest(&rest[start + behind..]);
    // The line that takes the delimiter back belongs to the statement that needed it: what follows is read as ever.
    if delimiter != ";"
        && let Some((named, length)) = delimiter_line(&rest[text_end..])
    {
        *delimiter = named;
        text_end += length + usize::from(rest[text_end + length..].starts_with('\n'));
    }
    Piece { offset, text: &rest[..text_end], statement: (start, start + end) }
}

/// The new delimiter and the length of the line, where `sql` begins with `DELIMITER x`.
fn delimiter_line(sql: &str) -> Option<(String, usize)> {
    let line = sql.lines().next()?;
    let (word, named) = line.split_once(char::is_whitespace)?;
    let named = named.trim();
    (word.eq_ignore_ascii_case("delimiter") && !named.is_empty()).then(|| (named.to_owned(), line.len()))
}

/// Where the statement ends, and where what ends it does.
fn statement_end(sql: &str, delimiter: &str) -> (usize, usize) {
    let mut end = 0;
    let mut at = 0;
    while at < sql.len() {
        if sql[at..].starts_with(delimiter) {
            return (end, at + delimiter.len());
        }
        let Some(token) = tokens(&sql[at..]).next() else { break };
        // A delimiter such as `//` may begin within a token only where that is a symbol or a word.
        let inside = match token.kind {
            super::lexer::Kind::Word | super::lexer::Kind::Symbol | super::lexer::Kind::Number => token.text.find(delimiter).filter(|at| *at > 0),
            _ => None,
        };
        let length = inside.unwrap_or(token.text.len());
        if token.is_significant() {
            end = at + length;
        }
        at += length;
    }
    (end, sql.len())
}

/// The number of bytes up to and with the end of the line, where nothing but white space and comments stands there; else none.
fn line_rest(sql: &str) -> usize {
    for token in tokens(sql) {
        match (token.is_significant(), token.text.find('\n')) {
            (true, _) => return 0,
            (false, Some(at)) => return token.start + at + 1,
            (false, None) => {}
        }
    }
    sql.len()
}

/// True for a text that the server takes for one statement: every `;` in it stands within a body. Our sessions send several at once where
/// there are several, so what schema.toml says must not bring another one along.
pub fn is_one_statement(sql: &str) -> bool {
    let tokens = significant(sql);
    let has_body = tokens.iter().take(16).any(|token| ["trigger", "procedure", "function", "event"].iter().any(|word| token.is_word(word)));
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        let next_is = |words: &[&str]| tokens.get(index + 1).is_some_and(|next| words.iter().any(|word| next.is_word(word)));
        let behind_end = index > 0 && tokens[index - 1].is_word("end");
        match token {
            _ if token.is_symbol(";") && (depth <= 0 || !has_body) => return false,
            // What begins so ends in a plain END, or in END CASE; an IF or a loop stands within a body.
            _ if token.is_word("begin") || token.is_word("case") && !behind_end => depth += 1,
            _ if token.is_word("end") && !next_is(&["if", "loop", "while", "repeat", "for"]) => depth -= 1,
            _ => {}
        }
    }
    true
}

/// True for a statement that commits what was done before it, and cannot be taken back:
/// <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>.
pub fn commits_implicitly(statement: &str) -> bool {
    let words: Vec<String> = tokens(statement).filter(Token::is_significant).take(3).map(|token| token.text.to_ascii_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["create" | "drop", "temporary", ..] => false,
        [
            "create" | "drop" | "alter" | "rename" | "truncate" | "grant" | "revoke" | "analyze" | "optimize" | "repair" | "check" | "cache"
            | "flush",
            ..,
        ]
        | ["load", "index", ..]
        | ["install" | "uninstall" | "import" | "lock" | "unlock", ..]
        | ["set", "password", ..] => true,
        [conditional, ..] => conditional.starts_with("/*"),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(sql: &str) -> Vec<&str> {
        let pieces = split(sql);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), sql);
        pieces.iter().map(Piece::statement).filter(|statement| !statement.is_empty()).collect()
    }

    #[test]
    fn semicolons_in_literals_names_and_comments_end_nothing() {
        assert_eq!(statements("SELECT ';', \"\\\";\" -- ;\n, `;` /* ; */; # ;\nSELECT 2"), ["SELECT ';', \"\\\";\" -- ;\n, `;`", "SELECT 2"]);
        assert_eq!(statements(" -- nothing\n"), [""; 0]);
        assert_eq!(statements(";;SELECT 1;;"), ["SELECT 1"]);
        assert_eq!(statements("SELECT 'open; SELECT 2"), ["SELECT 'open; SELECT 2"]);
    }

    #[test]
    fn a_line_with_delimiter_changes_what_ends_a_statement() {
        let trigger = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = 2; END";
        let script = format!("SELECT 1;\n-- why\nDELIMITER //\n{trigger}//\nDELIMITER ;\nSELECT 2;\n");
        assert_eq!(statements(&script), ["SELECT 1", trigger, "SELECT 2"]);
        let piece = split(&script)[1];
        assert_eq!(piece.leading(), "-- why\nDELIMITER //\n");
        assert!(piece.text.ends_with("END//\nDELIMITER ;\n"), "{}", piece.text);
        assert_eq!(statements("delimiter $$\nSELECT 1$$\nSELECT a; SELECT b $$"), ["SELECT 1", "SELECT a; SELECT b"]);
    }

    #[test]
    fn what_was_ended_is_cut_again() {
        for statement in ["SELECT 1", "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT '//'; END", "SELECT ';'"] {
            assert_eq!(statements(&format!("{}{}", terminated(statement), terminated("SELECT 3"))), [statement, "SELECT 3"]);
        }
    }

    #[test]
    fn one_statement_is_told_from_several() {
        for one in [
            "SELECT ';'",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF NEW.x THEN SET NEW.y = 1; END IF; END",
            "CREATE PROCEDURE p() l: BEGIN DECLARE i int; CASE i WHEN 1 THEN SELECT 1; END CASE; SET i = CASE 1 WHEN 1 THEN 2 END; END l",
        ] {
            assert!(is_one_statement(one), "{one}");
        }
        for several in [
            "SELECT 1; SELECT 2",
            "CREATE TABLE t (a int); drop table u; -- )",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1; DROP TABLE b",
            "CREATE PROCEDURE p() BEGIN SELECT 1; END; DROP TABLE b",
        ] {
            assert!(!is_one_statement(several), "{several}");
        }
    }

    #[test]
    fn what_commits_by_itself_is_told() {
        for statement in ["CREATE TABLE t (a int)", "-- why\nalter table t add b int", "TRUNCATE t", "/*!40000 ALTER TABLE t DISABLE KEYS */"] {
            assert!(commits_implicitly(statement), "{statement}");
        }
        for statement in
            ["INSERT INTO t VALUES (1)", "CREATE TEMPORARY TABLE t (a int)", "DROP TEMPORARY TABLE t", "UPDATE t SET a = 1", "SET @a = 1"]
        {
            assert!(!commits_implicitly(statement), "{statement}");
        }
    }
}

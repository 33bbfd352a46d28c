//! Was a statement done that commits by itself? On MySQL every change of the schema is such a statement, and each is done whole or not at
//! all. So what it is about is looked at before, and a run that finds the note of one that was killed looks again.
//! <https://dev.mysql.com/doc/refman/8.4/en/atomic-ddl.html>, <https://mariadb.com/kb/en/atomic-ddl/>

use sha2::{Digest as _, Sha256};

use super::failure::{Class, class, mysql_number};
use super::probe::{Probed, may_be_repeated};
use super::retry::Backoff;
use crate::dialect::{Kind, Session};
use crate::source::{Lexeme, LexemeKind};

/// What there is where nothing is there.
const ABSENT: &str = "absent";

/// The numbers with which the servers say that there is no such table, routine, trigger, event or sequence, or that it is something else.
const NO_SUCH: [u16; 7] = [1146, 1305, 1347, 1360, 1539, 4089, 4091];

/// What the statement is about, as the server shows it just now, in a few characters; `None` where it is about nothing that can be shown, and
/// where another way tells whether it was done.
pub(super) async fn fingerprint(session: &mut Session, statement: &str) -> Result<Option<String>, sqlx::Error> {
    if session.kind() != Kind::Mysql {
        return Ok(None);
    }
    let lexemes = session.dialect().lexemes(statement);
    let Some(subject) = subject(&lexemes) else { return Ok(None) };
    let mut prints = Vec::new();
    for name in &subject.names {
        let seen = seen(session, &format!("SHOW CREATE {} {name}", subject.word)).await?;
        prints.push(seen.map_or_else(|| ABSENT.to_owned(), |text| digest(&text)));
    }
    Ok(Some(prints.join(" ")))
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What the server shows; `None` where there is nothing to show. Whoever holds the table for a moment is waited for.
async fn seen(session: &mut Session, show: &str) -> Result<Option<String>, sqlx::Error> {
    let mut backoff = Backoff::default();
    loop {
        let error = match session.rows(show).await {
            // The definition is the longest of what is shown, whatever else stands beside it.
            Ok(rows) => return Ok(rows.into_iter().flatten().flatten().max_by_key(String::len).map(|text| lasting(&text))),
            Err(error) => error,
        };
        if mysql_number(&error).is_some_and(|number| NO_SUCH.contains(&number)) {
            return Ok(None);
        }
        match backoff.next().filter(|_| class(&error) == Class::Busy) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(error),
        }
    }
}

/// What became of a statement that was begun when its subject looked like `before`.
pub(super) async fn probe(session: &mut Session, statement: &str, before: Option<&str>) -> Result<Probed, sqlx::Error> {
    let now = fingerprint(session, statement).await?;
    Ok(match (before, now) {
        (Some(before), Some(now)) if before == now => Probed::Missing,
        // MariaDB takes several tables away one by one.
        (Some(_), Some(now)) if now.contains(' ') && now.split(' ').any(|print| print != ABSENT) => Probed::Unknown,
        (Some(_), Some(_)) => Probed::Done,
        _ if may_be_repeated(statement) => Probed::Missing,
        _ => Probed::Unknown,
    })
}

/// The definition without what changes with the rows.
fn lasting(definition: &str) -> String {
    match definition.split_once(" AUTO_INCREMENT=") {
        Some((before, after)) => format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => definition.to_owned(),
    }
}

struct Subject {
    /// The word behind SHOW CREATE.
    word: &'static str,
    /// As the statement spells them.
    names: Vec<String>,
}

/// The things that a statement makes, changes or takes away.
fn subject(lexemes: &[Lexeme<'_>]) -> Option<Subject> {
    const WORDS: [&str; 7] = ["TABLE", "VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "SEQUENCE"];
    let code: Vec<&Lexeme<'_>> = lexemes.iter().filter(|lexeme| lexeme.kind != LexemeKind::Comment).collect();
    let is_verb = |word: &str| code.first().is_some_and(|first| first.is_word(word));
    // Rows, as TRUNCATE takes them away, are no part of a definition.
    if !["create", "alter", "drop", "rename"].iter().any(|verb| is_verb(verb)) {
        return None;
    }
    // `CREATE INDEX i ON t` and `DROP INDEX i ON t` are about the table.
    if code.iter().take(4).any(|lexeme| lexeme.is_word("index")) && !is_verb("alter") {
        let on = code.iter().position(|lexeme| lexeme.is_word("on"))?;
        return Some(Subject { word: "TABLE", names: vec![name_at(&code, on + 1)?.0] });
    }
    let (at, word) =
        code.iter().enumerate().take(16).find_map(|(at, lexeme)| WORDS.into_iter().find(|word| lexeme.is_word(word)).map(|word| (at, word)))?;
    let mut at = at + 1;
    while code.get(at).is_some_and(|lexeme| ["if", "not", "exists"].iter().any(|word| lexeme.is_word(word))) {
        at += 1;
    }
    let mut names = Vec::new();
    loop {
        let (name, behind) = name_at(&code, at)?;
        names.push(name);
        let goes_on = is_verb("drop") && code.get(behind).is_some_and(|lexeme| lexeme.text == ",");
        if !goes_on {
            return Some(Subject { word, names });
        }
        at = behind + 1;
    }
}

/// A name with its database, if it has one, and the place behind it.
fn name_at(code: &[&Lexeme<'_>], at: usize) -> Option<(String, usize)> {
    let first = code.get(at)?.text;
    match (code.get(at + 1), code.get(at + 2)) {
        (Some(dot), Some(second)) if dot.text == "." => Some((format!("{first}.{}", second.text), at + 3)),
        _ => Some((first.to_owned(), at + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(statement: &str) -> String {
        match subject(&Kind::Mysql.dialect().lexemes(statement)) {
            Some(subject) => format!("{} {}", subject.word, subject.names.join(" ")),
            None => String::new(),
        }
    }

    #[test]
    fn a_statement_tells_what_it_is_about() {
        for (statement, wanted) in [
            ("CREATE TABLE IF NOT EXISTS `a b` (c int)", "TABLE `a b`"),
            ("-- why\nALTER TABLE t ADD INDEX i (a)", "TABLE t"),
            ("DROP TABLE IF EXISTS a, db.b", "TABLE a db.b"),
            ("RENAME TABLE a TO b", "TABLE a"),
            ("CREATE UNIQUE INDEX i ON t (a)", "TABLE t"),
            ("DROP INDEX i ON t", "TABLE t"),
            ("CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1", "VIEW v"),
            ("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "TRIGGER x"),
            ("DROP PROCEDURE p", "PROCEDURE p"),
            ("TRUNCATE TABLE t", ""),
            ("UPDATE t SET a = 1", ""),
            ("ANALYZE TABLE t", ""),
        ] {
            assert_eq!(about(statement), wanted, "{statement}");
        }
    }

    #[test]
    fn numbers_that_were_handed_out_change_no_definition() {
        assert_eq!(lasting(") ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4"), ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    }
}

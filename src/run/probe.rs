//! Was a statement that stands alone already done? A run that is killed in CREATE INDEX CONCURRENTLY cannot have noted it, and the server
//! may have gone on with it alone.

use super::fingerprint;
use crate::dialect::{Kind, Session};

/// What the catalog says about a statement that may have run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Probed {
    Done,
    /// Not done, or harmless to do again.
    Missing,
    /// Nothing can be said, and doing it twice might do harm.
    Unknown,
}

/// A statement whose effect can be looked up.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    CreateIndex { index: String, table: String },
    DropIndex { index: String },
}

/// Looks whether `statement` has taken effect. `before` is what its subject looked like when it was begun, where that was noted.
pub(super) async fn probe(session: &mut Session, statement: &str, before: Option<&str>) -> Result<Probed, sqlx::Error> {
    let known = match session.kind() {
        Kind::Mysql => return fingerprint::probe(session, statement, before).await,
        Kind::Sqlite => None,
        Kind::Postgres => known(statement),
    };
    match known {
        None if may_be_repeated(statement) => Ok(Probed::Missing),
        None => Ok(Probed::Unknown),
        Some(Known::DropIndex { index }) => {
            let sql = format!("SELECT count(to_regclass({}))", session.dialect().literal(&index));
            Ok(if session.count(&sql).await? == 0 { Probed::Done } else { Probed::Missing })
        }
        Some(Known::CreateIndex { index, table }) => {
            let found = index_of(session, &index, &table).await?;
            Ok(if found.is_some_and(|found| found.is_valid) { Probed::Done } else { Probed::Missing })
        }
    }
}

/// Takes away what an interrupted or failed run of `statement` has left behind. A failed or killed build leaves an index that is maintained
/// and never read, and IF NOT EXISTS would be content with it:
/// <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.
pub(super) async fn clear_leftover(session: &mut Session, statement: &str) -> Result<(), sqlx::Error> {
    let known = if session.kind() == Kind::Postgres { known(statement) } else { None };
    let Some(Known::CreateIndex { index, table }) = known else { return Ok(()) };
    match index_of(session, &index, &table).await? {
        // One that somebody is building just now is not left over; the server will say that the name is taken.
        Some(found) if !found.is_valid && !found.is_being_built => session.run(&format!("DROP INDEX CONCURRENTLY {}", found.name)).await.map(|_| ()),
        Some(_) | None => Ok(()),
    }
}

/// What makes it certain that the statement fails: an index of that name which is there already.
pub(super) async fn stands_in_the_way(session: &mut Session, statement: &str) -> Result<Option<String>, sqlx::Error> {
    let known = if session.kind() == Kind::Postgres { known(statement) } else { None };
    let Some(Known::CreateIndex { index, table }) = known else { return Ok(None) };
    Ok(index_of(session, &index, &table).await?.map(|found| match found.is_being_built {
        true => format!("another session is building the index {} just now", found.name),
        false => format!("the index {} is there already", found.name),
    }))
}

struct Found {
    is_valid: bool,
    is_being_built: bool,
    /// As SQL spells it, with its schema where that is needed.
    name: String,
}

async fn index_of(session: &mut Session, index: &str, table: &str) -> Result<Option<Found>, sqlx::Error> {
    let literal = |text: &str| session.dialect().literal(text);
    let sql = format!(
        "SELECT i.indisvalid::text, (EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid))::text, \
         i.indexrelid::regclass::text FROM pg_catalog.pg_index AS i \
         JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid WHERE c.relname = {} AND i.indrelid = to_regclass({})",
        literal(index),
        literal(table)
    );
    let rows = session.rows(&sql).await?;
    let Some([Some(valid), Some(building), Some(name)]) = rows.first().map(Vec::as_slice) else { return Ok(None) };
    Ok(Some(Found { is_valid: valid == "true", is_being_built: building == "true", name: name.clone() }))
}

/// True for a statement that does the same however often it runs.
pub(super) fn may_be_repeated(statement: &str) -> bool {
    let words: Vec<String> = Words(statement).take(3).map(str::to_ascii_uppercase).collect();
    matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
        ["VACUUM" | "ANALYZE" | "OPTIMIZE" | "CLUSTER" | "DISCARD" | "CHECKPOINT" | "REINDEX" | "PRAGMA", ..] | ["ALTER", "SYSTEM", ..]
    )
}

fn known(statement: &str) -> Option<Known> {
    let mut words = Words(statement);
    let create = match words.next()?.to_ascii_uppercase().as_str() {
        "CREATE" => true,
        "DROP" => false,
        _ => return None,
    };
    let mut word = words.next()?;
    if create && word.eq_ignore_ascii_case("UNIQUE") {
        word = words.next()?;
    }
    if !word.eq_ignore_ascii_case("INDEX") || !words.next()?.eq_ignore_ascii_case("CONCURRENTLY") {
        return None;
    }
    let mut name = words.next()?;
    if name.eq_ignore_ascii_case("IF") {
        let rest = if create { ["NOT", "EXISTS"].as_slice() } else { ["EXISTS"].as_slice() };
        for expected in rest {
            words.next().filter(|word| word.eq_ignore_ascii_case(expected))?;
        }
        name = words.next()?;
    }
    if !create {
        let last = name.trim_end_matches([',', ';']);
        // Several indexes in one DROP cannot be told apart by one look.
        return if last.len() == name.len() && words.next().is_none_or(|word| !word.starts_with(',')) {
            Some(Known::DropIndex { index: name.to_owned() })
        } else {
            None
        };
    }
    if name.eq_ignore_ascii_case("ON") {
        return None; // The server is to find a name.
    }
    words.next().filter(|word| word.eq_ignore_ascii_case("ON"))?;
    let table = words.next()?;
    let table = if table.eq_ignore_ascii_case("ONLY") { words.next()? } else { table };
    Some(Known::CreateIndex { index: unquoted(name), table: table.to_owned() })
}

/// The name as the catalog has it: folded to lower case unless it is in quotes.
fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_lowercase(),
    }
}

/// Words of a statement, a quoted identifier being part of one; `(` ends a word. Comments are skipped.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn skip(&mut self) {
        loop {
            self.0 = self.0.trim_start();
            if let Some(comment) = self.0.strip_prefix("--") {
                self.0 = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.0.strip_prefix("/*") {
                self.0 = comment.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                return;
            }
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.skip();
        let mut quoted = false;
        let end = self.0.find(|c: char| {
            quoted ^= c == '"';
            !quoted && (c.is_whitespace() || c == '(')
        });
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrent_index_statements_are_understood() {
        let create = |index: &str, table: &str| Some(Known::CreateIndex { index: index.into(), table: table.into() });
        assert_eq!(known("CREATE INDEX CONCURRENTLY Users_Email ON users (email)"), create("users_email", "users"));
        assert_eq!(known("create unique index concurrently if not exists \"My \"\"I\" on only app.\"T x\"(a)"), create("My \"I", "app.\"T x\""));
        assert_eq!(known("DROP INDEX /* x */ CONCURRENTLY IF EXISTS app.i"), Some(Known::DropIndex { index: "app.i".into() }));
    }

    #[test]
    fn what_does_the_same_again_is_told_from_what_may_not() {
        for statement in ["VACUUM t", "vacuum", "REINDEX INDEX CONCURRENTLY i", "ALTER SYSTEM SET work_mem = 1"] {
            assert!(may_be_repeated(statement), "{statement}");
        }
        for statement in ["CREATE DATABASE d", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER DATABASE d SET TABLESPACE t"] {
            assert!(!may_be_repeated(statement), "{statement}");
        }
    }

    #[test]
    fn nothing_is_looked_up_of_everything_else() {
        for statement in [
            "VACUUM",
            "CREATE INDEX CONCURRENTLY ON t (a)",
            "CREATE INDEX i ON t (a)",
            "DROP INDEX CONCURRENTLY a, b",
            "REINDEX INDEX CONCURRENTLY i",
        ] {
            assert_eq!(known(statement), None, "{statement}");
        }
    }
}

//! The proof of a pair of scripts: up leads from the one schema to the other, down leads back.

use std::fmt;

use super::Scratch;
use super::compare::compare;
use crate::dialect::{Dialect, Kind, Reach};
use crate::diff::{self, Renames};
use crate::model::Schema;
use crate::plan::mentions;
use crate::run::{Segment, segments, server_words};
use crate::source::Piece;

/// A pair of scripts that does not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// `up` or `down`.
    pub script: &'static str,
    /// What the server said, or what differs between what is there and what should be.
    pub findings: Vec<String>,
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} script does not lead where it should: {}", self.script, self.findings.join("; "))
    }
}

impl std::error::Error for Unproven {}

/// Runs `up` and then `down`, where there is one, on `from`, and compares what comes out with `to` and `from`.
///
/// # Errors
/// [`Unproven`] where it differs, or the server refuses a statement; anything else where the scratch itself fails.
pub async fn prove(scratch: &mut Scratch, from: &Schema, to: &Schema, up: &str, down: Option<&str>) -> anyhow::Result<()> {
    scratch.reset().await?;
    scratch.build_for_good(from).await?;
    scratch.forgive_unmodelled(from, to).await?;
    let broken_before: Vec<String> = scratch.broken(from).await.into_iter().map(|(what, _)| what).collect();
    scratch.run_script(up).await.map_err(|said| Unproven { script: "up", findings: vec![said] })?;
    let mut after = scratch.introspect().await?;
    // No server can tell what raw statements have made; that they run is all the proof there is.
    after.raws.clone_from(&to.raws);
    let broken = scratch.broken(&after).await;
    let findings: Vec<String> = broken
        .iter()
        .filter(|(what, said)| !broken_before.contains(what) && !misses_unmodelled(said, from, to))
        .map(|(what, said)| format!("{what} would not work any more: {said}"))
        .collect();
    if !findings.is_empty() {
        return Err(Unproven { script: "up", findings }.into());
    }
    let mut back = None;
    if let Some(down) = down {
        scratch.run_script(down).await.map_err(|said| Unproven { script: "down", findings: vec![said] })?;
        let mut found = scratch.introspect().await?;
        found.raws.clone_from(&from.raws);
        back = Some(found);
    }
    scratch.reset().await?;
    expect(scratch, "up", &after, to).await?;
    match back {
        Some(back) => expect(scratch, "down", &back, from).await,
        None => Ok(()),
    }
}

/// True where the server knows no such role: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn misses_role(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("42704") && error.message().contains("role"))
}

/// True where the server misses a table that dbtool does not manage: the scratch has none of those, so what reads them cannot be judged.
fn misses_unmodelled(said: &str, from: &Schema, to: &Schema) -> bool {
    let mut objects = from.unmodelled.iter().chain(to.unmodelled.iter());
    said.contains("no such table") && objects.any(|object| mentions(said, &object.name))
}

/// The statement as it can run in a transaction: without CONCURRENTLY it leads to the same.
fn within_transaction(statement: &str, dialect: &dyn Dialect) -> String {
    match dialect.lexemes(statement).iter().find(|lexeme| lexeme.is_word("concurrently")) {
        Some(word) => format!("{}{}", &statement[..word.start], &statement[word.end()..]),
        None => statement.to_owned(),
    }
}

async fn expect(scratch: &mut Scratch, script: &'static str, got: &Schema, wanted: &Schema) -> anyhow::Result<()> {
    let findings = same(scratch, got, wanted).await?;
    if findings.is_empty() { Ok(()) } else { Err(Unproven { script, findings }.into()) }
}

/// What differs between two schemas once both are in the spelling that the server does not change any more; in words.
pub async fn same(scratch: &mut Scratch, got: &Schema, wanted: &Schema) -> anyhow::Result<Vec<String>> {
    let changes = compare(scratch, got, wanted, Renames::default()).await?.changes;
    Ok(diff::describe(&changes).into_iter().map(|line| format!("still to do: {line}")).collect())
}

impl Scratch {
    /// Runs a migration file's text by the same rules as the runner, without its looks and its history.
    pub async fn run_script(&mut self, text: &str) -> Result<(), String> {
        let dialect = self.dialect();
        let nested = matches!(self.place, super::Place::Transaction);
        self.refuse_elsewhere(text)?;
        for segment in segments(text, dialect).map_err(|error| error.message)? {
            match segment {
                Segment::Prepare(piece) | Segment::Backfill(piece) => self.run_piece(text, piece).await?,
                Segment::Alone(piece) if nested => {
                    let sql = within_transaction(piece.statement(), dialect);
                    self.session.run(&sql).await.map_err(|error| format!("line {}: {}", piece.line(text), server_words(&error)))?;
                }
                Segment::Alone(piece) => self.run_piece(text, piece).await?,
                Segment::Transaction(pieces) => {
                    self.control(nested, dialect.begin()).await?;
                    for piece in pieces {
                        self.run_piece(text, piece).await?;
                    }
                    self.control(nested, "COMMIT").await?;
                }
            }
        }
        Ok(())
    }

    /// Refuses a script that would do something to another database or file, before anything of it runs.
    fn refuse_elsewhere(&self, text: &str) -> Result<(), String> {
        for piece in self.dialect().split(text) {
            if let Some(Reach::Elsewhere(what)) = self.dialect().reaches_outside(piece.statement(), &self.others) {
                return Err(format!("line {}: {what}, and in scratch nothing else is touched", piece.line(text)));
            }
        }
        Ok(())
    }

    async fn run_piece(&mut self, text: &str, piece: Piece<'_>) -> Result<(), String> {
        if let (true, Some(Reach::Server(what))) = (self.is_lent, self.dialect().reaches_outside(piece.statement(), &self.others)) {
            if !self.left_out.contains(&what) {
                self.left_out.push(what);
            }
            return Ok(());
        }
        // Where roles were not made, what is about them cannot run; a failure must not end the transaction then.
        let may_miss = !self.left_out.is_empty() && self.dialect().kind() == Kind::Postgres;
        let is_open = may_miss && self.session.run("SAVEPOINT dbtool_piece").await.is_ok();
        let Err(error) = self.run_muted(piece.statement()).await else { return Ok(()) };
        if may_miss && misses_role(&error) && (!is_open || self.session.run("ROLLBACK TO SAVEPOINT dbtool_piece").await.is_ok()) {
            return Ok(());
        }
        let _ = self.session.run("ROLLBACK").await;
        Err(format!("line {}: {}", piece.line(text), server_words(&error)))
    }

    /// BEGIN and COMMIT, unless the whole scratch lives in one transaction.
    async fn control(&mut self, nested: bool, statement: &str) -> Result<(), String> {
        if nested {
            return Ok(());
        }
        self.session.run(statement).await.map(|_| ()).map_err(|error| server_words(&error))
    }

    /// SQLite refuses many an ALTER TABLE while a view or trigger names a table that is not there, and what reads an unmodelled table does
    /// so in scratch alone. With a writable schema it leaves such objects as they are: <https://www.sqlite.org/pragma.html#pragma_writable_schema>.
    async fn forgive_unmodelled(&mut self, from: &Schema, to: &Schema) -> anyhow::Result<()> {
        let is_needed = !from.unmodelled.is_empty() || !to.unmodelled.is_empty();
        if is_needed && self.dialect().kind() == Kind::Sqlite {
            self.session.run("PRAGMA writable_schema = ON").await?;
        }
        Ok(())
    }

    /// The views and triggers that do not compile, with the server's words: SQLite looks at them only when they are used.
    async fn broken(&mut self, schema: &Schema) -> Vec<(String, String)> {
        let mut broken = Vec::new();
        for (what, statement) in self.dialect().probes(schema) {
            if let Err(error) = self.session.run(&statement).await {
                broken.push((what, server_words(&error)));
            }
        }
        broken
    }
}

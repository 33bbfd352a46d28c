//! How a script is cut into transactions. The script's own text decides, so that the engine's client run by hand does the same.
//!
//! A script with BEGIN ... COMMIT in it runs as it is written: what stands outside runs by itself. A script without any BEGIN is one
//! transaction, unless it holds statements that the engine refuses inside one, or backfills: then these stand alone and what lies between
//! them is one transaction each.

use crate::UserError;
use crate::dialect::{Dialect, Kind};
use crate::migration::is_backfill;
use crate::source::Piece;

/// Statements that take effect together, or one that stands alone. BEGIN and COMMIT themselves are left out: whoever runs the script
/// sends them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'a> {
    Transaction(Vec<Piece<'a>>),
    /// A statement that only prepares the connection, so that a run which goes on where another stopped must repeat it.
    Prepare(Piece<'a>),
    /// A statement that the engine refuses inside a transaction.
    Alone(Piece<'a>),
    /// A statement that the runner may cut into batches. By hand it is one statement.
    Backfill(Piece<'a>),
}

/// A segment and where it lies in the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'a> {
    pub segment: Segment<'a>,
    /// True where the script writes BEGIN and COMMIT itself.
    pub explicit: bool,
    /// Where the segment begins, its BEGIN and the comments before it included.
    pub start: usize,
    /// Where a statement can be added that is to take effect with the segment: before the COMMIT, or at the end.
    pub last: usize,
    pub end: usize,
}

/// The segments of a script, in order.
///
/// # Errors
/// A COMMIT without BEGIN, a BEGIN without COMMIT and the like, with their line, before anything runs.
pub fn segments<'a>(text: &'a str, dialect: &dyn Dialect) -> Result<Vec<Segment<'a>>, UserError> {
    Ok(place(text, dialect)?.into_iter().map(|placed| placed.segment).collect())
}

/// The segments of a script with their places. Messages begin with `line N: `.
pub fn place<'a>(text: &'a str, dialect: &dyn Dialect) -> Result<Vec<Placed<'a>>, UserError> {
    let pieces: Vec<Piece<'a>> = dialect.split(text).into_iter().filter(|piece| !piece.statement().is_empty()).collect();
    for piece in &pieces {
        refuse_copy(piece, text)?;
        refuse_discard(piece, text)?;
    }
    if pieces.iter().any(|piece| matches!(Verb::of(piece.statement()), Verb::Begin)) {
        explicit(text, &pieces, dialect)
    } else {
        implicit(text, &pieces, dialect)
    }
}

impl<'a> Segment<'a> {
    /// A statement that stands by itself. One that may stand in a transaction has one to itself, which does the same and lets what was done
    /// be noted with it.
    fn single(piece: &Piece<'a>, dialect: &dyn Dialect) -> Self {
        if is_backfill(piece) {
            Self::Backfill(*piece)
        } else if prepares_connection(piece) {
            Self::Prepare(*piece)
        } else if dialect.runs_alone(piece.statement()) {
            Self::Alone(*piece)
        } else {
            Self::Transaction(vec![*piece])
        }
    }

    pub fn pieces(&self) -> &[Piece<'a>] {
        match self {
            Self::Transaction(pieces) => pieces,
            Self::Prepare(piece) | Self::Alone(piece) | Self::Backfill(piece) => std::slice::from_ref(piece),
        }
    }
}

/// A SELECT may do anything, so only pg_dump's way to set a variable counts. What a transaction takes back with its end is none.
pub(super) fn prepares_connection(piece: &Piece<'_>) -> bool {
    match first_word(piece.statement()).as_str() {
        "SET" => !matches!(words(piece.statement()).get(1).map(String::as_str), Some("LOCAL" | "TRANSACTION" | "CONSTRAINTS")),
        "PRAGMA" | "RESET" | "SHOW" | "ATTACH" | "DETACH" => true,
        "SELECT" => piece.statement()["SELECT".len()..].trim_start().starts_with("pg_catalog.set_config("),
        _ => false,
    }
}

/// What a statement does to transactions.
enum Verb {
    Begin,
    Commit,
    /// ROLLBACK of everything, not to a savepoint.
    Rollback,
    Other,
}

impl Verb {
    fn of(statement: &str) -> Self {
        let words = words(statement);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["BEGIN", ..] | ["START", "TRANSACTION", ..] => Self::Begin,
            ["COMMIT", "PREPARED", ..] | ["ROLLBACK", "PREPARED", ..] => Self::Other,
            ["COMMIT", ..] | ["END", ..] => Self::Commit,
            ["ABORT", ..] => Self::Rollback,
            ["ROLLBACK", rest @ ..] if !rest.contains(&"TO") => Self::Rollback,
            _ => Self::Other,
        }
    }
}

fn explicit<'a>(text: &'a str, pieces: &[Piece<'a>], dialect: &dyn Dialect) -> Result<Vec<Placed<'a>>, UserError> {
    let mut placed = Vec::new();
    let mut open: Option<(Piece<'a>, Vec<Piece<'a>>)> = None;
    for piece in pieces {
        let end = piece.offset + piece.text.len();
        match (Verb::of(piece.statement()), open.take()) {
            (Verb::Begin, None) => {
                refuse_modes(piece, text)?;
                open = Some((*piece, Vec::new()));
            }
            (Verb::Begin, Some((begin, _))) => {
                return Err(fault(piece, text, &format!("BEGIN inside the transaction that begins on line {}", begin.line(text))));
            }
            (Verb::Commit, Some((begin, statements))) => {
                if words(piece.statement()).iter().any(|word| word == "CHAIN") {
                    return Err(fault(piece, text, "COMMIT AND CHAIN is not supported").with_help("write COMMIT; BEGIN; instead"));
                }
                let segment = Segment::Transaction(statements);
                placed.push(Placed { segment, explicit: true, start: begin.offset, last: piece.offset, end });
            }
            (Verb::Commit, None) => return Err(fault(piece, text, "COMMIT without BEGIN")),
            (Verb::Rollback, _) => return Err(rollback(piece, text)),
            (Verb::Other, Some((begin, mut statements))) => {
                refuse_alone(piece, text, dialect)?;
                if is_backfill(piece) {
                    return Err(fault(piece, text, "a backfill cannot run in batches inside BEGIN ... COMMIT")
                        .with_help("move it in front of BEGIN or behind COMMIT, or take the directive away, so that it runs in one go"));
                }
                statements.push(*piece);
                open = Some((begin, statements));
            }
            (Verb::Other, None) => placed.push(single(piece, dialect)),
        }
    }
    match open {
        Some((begin, _)) => Err(fault(&begin, text, "BEGIN without COMMIT").with_help("end the transaction with COMMIT;")),
        None => Ok(placed),
    }
}

fn implicit<'a>(text: &'a str, pieces: &[Piece<'a>], dialect: &dyn Dialect) -> Result<Vec<Placed<'a>>, UserError> {
    let mut placed: Vec<Placed<'a>> = Vec::new();
    for piece in pieces {
        match Verb::of(piece.statement()) {
            Verb::Begin | Verb::Other => {}
            Verb::Commit => return Err(fault(piece, text, "COMMIT without BEGIN")),
            Verb::Rollback => return Err(rollback(piece, text)),
        }
        let end = piece.offset + piece.text.len();
        // Where nothing but rows is in a transaction, a setting is no part of one.
        let prepares = !dialect.has_transactional_ddl() && prepares_connection(piece);
        if dialect.runs_alone(piece.statement()) || is_backfill(piece) || prepares {
            placed.push(single(piece, dialect));
        } else if let Some(Placed { segment: Segment::Transaction(statements), last, end: until, .. }) = placed.last_mut() {
            statements.push(*piece);
            (*last, *until) = (end, end);
        } else {
            placed.push(Placed { segment: Segment::Transaction(vec![*piece]), explicit: false, start: piece.offset, last: end, end });
        }
    }
    Ok(placed)
}

fn single<'a>(piece: &Piece<'a>, dialect: &dyn Dialect) -> Placed<'a> {
    let end = piece.offset + piece.text.len();
    Placed { segment: Segment::single(piece, dialect), explicit: false, start: piece.offset, last: end, end }
}

/// A BEGIN is sent without what stands behind it, so what would get lost is refused. SQLite's locking modes are all stronger or weaker
/// forms of the IMMEDIATE that is always used.
fn refuse_modes(piece: &Piece<'_>, text: &str) -> Result<(), UserError> {
    let harmless = ["BEGIN", "START", "TRANSACTION", "WORK", "IMMEDIATE", "DEFERRED", "EXCLUSIVE"];
    match words(piece.statement()).iter().find(|word| !harmless.contains(&word.as_str())) {
        None => Ok(()),
        Some(_) => Err(fault(piece, text, "BEGIN with a transaction mode is not supported")
            .with_help("write BEGIN; and SET TRANSACTION ...; as the first statement behind it")),
    }
}

/// PostgreSQL refuses some statements inside a transaction; better now than halfway. MySQL ends the transaction without a word. SQLite's
/// pragmas are allowed there, if often without effect.
fn refuse_alone(piece: &Piece<'_>, text: &str, dialect: &dyn Dialect) -> Result<(), UserError> {
    match dialect.kind() {
        Kind::Postgres if dialect.runs_alone(piece.statement()) => {
            Err(fault(piece, text, "this statement cannot run inside BEGIN ... COMMIT").with_help("move it in front of BEGIN or behind COMMIT"))
        }
        Kind::Mysql if dialect.runs_alone(piece.statement()) => {
            Err(fault(piece, text, "this statement commits what stands before it in BEGIN ... COMMIT")
                .with_help("move it in front of BEGIN or behind COMMIT"))
        }
        Kind::Postgres | Kind::Sqlite | Kind::Mysql => Ok(()),
    }
}

/// A run stands on the lock of its session.
fn refuse_discard(piece: &Piece<'_>, text: &str) -> Result<(), UserError> {
    match words(piece.statement()).iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["DISCARD", "ALL"] => {
            Err(fault(piece, text, "DISCARD ALL takes away the lock under which dbtool works").with_help("write RESET ALL instead"))
        }
        _ => Ok(()),
    }
}

fn refuse_copy(piece: &Piece<'_>, text: &str) -> Result<(), UserError> {
    let mut words = piece.statement().split_whitespace();
    let is_copy = words.next().is_some_and(|word| word.eq_ignore_ascii_case("COPY"));
    let rest: Vec<String> = if is_copy { words.map(str::to_ascii_uppercase).collect() } else { Vec::new() };
    if rest.windows(2).any(|pair| pair[0] == "FROM" && pair[1] == "STDIN") {
        return Err(fault(piece, text, "COPY ... FROM STDIN needs psql").with_help("write the rows as INSERT"));
    }
    Ok(())
}

fn rollback(piece: &Piece<'_>, text: &str) -> UserError {
    fault(piece, text, "a script that rolls itself back cannot be applied")
        .with_help("take the ROLLBACK away; a failing script is rolled back anyway")
}

fn fault(piece: &Piece<'_>, text: &str, message: &str) -> UserError {
    UserError::new(format!("line {}: {message}", piece.line(text)))
}

/// The words of a statement in upper case, up to the first that is none of letters (`WORK`), so literals and comments never count.
fn words(statement: &str) -> Vec<String> {
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_alphabetic());
    let separators = |c: char| c.is_whitespace() || c == ',';
    let head: &str = statement.split(['\'', '"', '$', '-', '/', '(', ';']).next().unwrap_or_default();
    head.split(separators).filter(|word| !word.is_empty()).filter(plain).map(str::to_ascii_uppercase).collect()
}

fn first_word(statement: &str) -> String {
    statement.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The segments as `[a; b]` for a transaction and `a` for a lone statement.
    fn shape(text: &str, kind: Kind) -> String {
        let shapes = segments(text, kind.dialect()).expect(text).into_iter().map(|segment| match segment {
            Segment::Transaction(pieces) => format!("[{}]", pieces.iter().map(Piece::statement).collect::<Vec<_>>().join("; ")),
            Segment::Prepare(piece) => format!("({})", piece.statement()),
            Segment::Alone(piece) => piece.statement().to_owned(),
            Segment::Backfill(piece) => format!("{{{}}}", piece.statement()),
        });
        shapes.collect::<Vec<_>>().join(" | ")
    }

    fn message(text: &str, kind: Kind) -> String {
        segments(text, kind.dialect()).expect_err(text).message
    }

    #[test]
    fn a_script_without_begin_is_one_transaction_around_what_must_stand_alone() {
        assert_eq!(shape("SELECT 1;\n-- x\nSELECT 2", Kind::Postgres), "[SELECT 1; SELECT 2]");
        let text = "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 2;\nSELECT 3;\n";
        assert_eq!(shape(text, Kind::Postgres), "[SELECT 1] | CREATE INDEX CONCURRENTLY i ON t (a) | [SELECT 2; SELECT 3]");
        assert_eq!(shape("-- nothing\n", Kind::Sqlite), "");
    }

    #[test]
    fn a_script_with_begin_runs_as_it_is_written() {
        let text = "PRAGMA foreign_keys=OFF;\nBEGIN IMMEDIATE;\nSELECT 1;\nPRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys=ON;\n";
        assert_eq!(shape(text, Kind::Sqlite), "(PRAGMA foreign_keys=OFF) | [SELECT 1; PRAGMA foreign_key_check] | (PRAGMA foreign_keys=ON)");
        let placed = place(text, Kind::Sqlite.dialect()).expect("valid");
        assert!(text[placed[1].last..].starts_with("COMMIT;"));
        assert!(text[placed[1].start..].starts_with("BEGIN IMMEDIATE;"));
        assert_eq!(shape("begin; select 1; end; start transaction; select 2; commit work;", Kind::Postgres), "[select 1] | [select 2]");
    }

    #[test]
    fn a_statement_outside_a_transaction_gets_its_own_unless_it_may_not_or_is_a_backfill() {
        let text = "BEGIN;\nSELECT 1;\nCOMMIT;\nALTER TABLE t VALIDATE CONSTRAINT c;\n-- dbtool: backfill table=t\nUPDATE t SET a = 1 WHERE a IS NULL;\n\
                    SELECT pg_catalog.set_config('search_path', '', false);\nSELECT f();\nVACUUM t;\n";
        let wanted = "[SELECT 1] | [ALTER TABLE t VALIDATE CONSTRAINT c] | {UPDATE t SET a = 1 WHERE a IS NULL} | \
                      (SELECT pg_catalog.set_config('search_path', '', false)) | [SELECT f()] | VACUUM t";
        assert_eq!(shape(text, Kind::Postgres), wanted);
        let text = "CREATE TABLE u (a);\n-- dbtool: backfill table=t\nUPDATE t SET a = 1 WHERE a IS NULL;\nCREATE TABLE v (a);\nDROP TABLE u;\n";
        assert_eq!(shape(text, Kind::Sqlite), "[CREATE TABLE u (a)] | {UPDATE t SET a = 1 WHERE a IS NULL} | [CREATE TABLE v (a); DROP TABLE u]");
    }

    #[test]
    fn savepoints_and_trigger_bodies_do_not_count_as_transactions() {
        let text = "SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a; RELEASE a;";
        assert_eq!(shape(text, Kind::Postgres), "[SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a; RELEASE a]");
        let text = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\nSELECT 2;";
        assert_eq!(shape(text, Kind::Sqlite), "[CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; SELECT 2]");
    }

    #[test]
    fn unbalanced_transactions_are_refused_with_their_line() {
        assert_eq!(message("SELECT 1;\nCOMMIT;", Kind::Sqlite), "line 2: COMMIT without BEGIN");
        assert_eq!(message("BEGIN;\nSELECT 1;", Kind::Sqlite), "line 1: BEGIN without COMMIT");
        assert_eq!(message("BEGIN;\nBEGIN;\nCOMMIT;", Kind::Sqlite), "line 2: BEGIN inside the transaction that begins on line 1");
        assert_eq!(message("BEGIN;\nCOMMIT;\nCOMMIT;", Kind::Postgres), "line 3: COMMIT without BEGIN");
        assert!(message("BEGIN; SELECT 1; ROLLBACK;", Kind::Postgres).contains("rolls itself back"));
        assert!(message("BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;", Kind::Postgres).starts_with("line 2: "));
        assert!(message("BEGIN ISOLATION LEVEL SERIALIZABLE; COMMIT;", Kind::Postgres).contains("transaction mode"));
        assert!(message("COPY t (a) FROM STDIN;", Kind::Postgres).contains("psql"));
    }
}

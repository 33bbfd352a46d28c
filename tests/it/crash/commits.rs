//! Connections to a server that break at a COMMIT, of which the run then cannot know whether it took effect.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project, Running};

/// Where a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// The server never hears of the COMMIT.
    Before,
    /// The server has done it, and its answer gets lost.
    Behind,
}

/// Something between the run and its server that breaks the connection at one of the COMMITs.
struct Wire {
    url: String,
    /// How many COMMITs are still to come before that at which it breaks.
    left: Arc<AtomicU32>,
}

impl Wire {
    fn to(engine: Engine, url: &str, at: Break) -> Self {
        let (head, rest) = url.split_once('@').expect("the URL names a user");
        let (host, database) = rest.split_once('/').expect("the URL names a database");
        let separator = if database.contains('?') { '&' } else { '?' };
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let (plain, port) = if engine == Engine::Mariadb { ("ssl-mode=disabled", 3306) } else { ("sslmode=disable", 5432) };
        let wire = Wire { url: format!("{head}@{address}/{database}{separator}{plain}"), left: Arc::default() };
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:{port}") };
        let left = Arc::clone(&wire.left);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection can be accepted");
                let server = TcpStream::connect(&host).expect("the server takes connections");
                let left = Arc::clone(&left);
                // Either side may go at any moment, which ends the connection and nothing else.
                thread::spawn(move || drop(carry(engine, client, server, at, &left)));
            }
        });
        wire
    }
}

/// Carries messages both ways until the connection ends or is to break. A client of this kind asks, and waits for the answer.
fn carry(engine: Engine, mut client: TcpStream, mut server: TcpStream, at: Break, left: &AtomicU32) -> std::io::Result<()> {
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    let answering = thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Both);
    });
    let mut is_first = true;
    loop {
        let message = if engine == Engine::Mariadb { packet(&mut client) } else { message(&mut client, is_first) };
        let Ok(message) = message else {
            server.shutdown(Shutdown::Both)?;
            break;
        };
        is_first = false;
        // A query is kind Q of PostgreSQL, and command 3 of MariaDB.
        let is_commit = match engine {
            Engine::Mariadb => message.get(4) == Some(&3) && message.ends_with(b"COMMIT"),
            Engine::Sqlite | Engine::Postgres => message.starts_with(b"Q") && message.ends_with(b"COMMIT\0"),
        };
        let breaks = is_commit && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) == Ok(1);
        if breaks {
            client.shutdown(Shutdown::Both)?;
        }
        if !breaks || at == Break::Behind {
            server.write_all(&message)?;
        }
        if breaks {
            // The server reads to the end of what was sent before it sees that nobody is there any more.
            server.shutdown(Shutdown::Write)?;
            break;
        }
    }
    answering.join().expect("the other direction does not panic");
    Ok(())
}

/// A message of PostgreSQL: its kind, which the first one has not, its length, which counts itself, and its text.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
fn message(stream: &mut TcpStream, is_first: bool) -> std::io::Result<Vec<u8>> {
    let mut message = vec![0; if is_first { 4 } else { 5 }];
    stream.read_exact(&mut message)?;
    let (head, length) = (message.len(), message.last_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize));
    message.resize(head + length - 4, 0);
    stream.read_exact(&mut message[head..])?;
    Ok(message)
}

/// A packet of MariaDB: the length of its text in three bytes, its number, and the text, which begins with what is to be done.
/// <https://mariadb.com/kb/en/0-packet/>
fn packet(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut packet = vec![0; 4];
    stream.read_exact(&mut packet)?;
    let length = packet[..3].iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
    packet.resize(4 + length, 0);
    stream.read_exact(&mut packet[4..])?;
    Ok(packet)
}

/// Breaks the connection at each COMMIT of a run, in runs of their own.
fn every_commit(engine: Engine, at: Break, shapes: &[Shape]) {
    if !engine.is_available() {
        return;
    }
    for &shape in shapes {
        let plan = Plan { shape, rows: 200, batch: 100, pause: "0%", slow: None };
        let schemas = Schemas::of(engine, plan);
        let work = Work::new(Project::new(engine), plan);
        let wire = Wire::to(engine, &work.project.url(), at);
        let mut breaks = 0;
        for number in 1.. {
            let mut unbroken = 0;
            for way in Way::BOTH {
                let what = format!("{way:?}, {at:?} COMMIT {number}");
                wire.left.store(number, Ordering::SeqCst);
                let output = Running::start(work.command(way).env("DATABASE_URL", &wire.url)).wait();
                assert!(output.status == 0, "{shape:?}, {what}: {}", output.report());
                let broken = wire.left.load(Ordering::SeqCst) == 0;
                assert_eq!(output.stderr.contains("the connection was lost"), broken, "{shape:?}, {what}: {}", output.report());
                unbroken += u32::from(!broken);
                breaks += u32::from(broken);
                work.check(way, &schemas, &what);
            }
            if unbroken == 2 {
                break;
            }
        }
        // Up and down, two transactions, two batches, and the notes between them.
        assert!(breaks >= 12, "{shape:?}: there were {breaks} COMMITs");
    }
}

#[test]
fn a_commit_that_never_reached_postgres_is_made_good() {
    every_commit(Engine::Postgres, Break::Before, &[Shape::Between]);
}

#[test]
fn a_commit_that_never_reached_mariadb_is_made_good() {
    every_commit(Engine::Mariadb, Break::Before, &[Shape::Between]);
}

// Once with the history written in a transaction of the script, once in one of its own.

#[test]
fn a_commit_to_postgres_whose_answer_got_lost_is_not_done_again() {
    every_commit(Engine::Postgres, Break::Behind, &[Shape::Between, Shape::Edges]);
}

#[test]
fn a_commit_to_mariadb_whose_answer_got_lost_is_not_done_again() {
    every_commit(Engine::Mariadb, Break::Behind, &[Shape::Between, Shape::Edges]);
}

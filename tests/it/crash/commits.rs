//! Connections to PostgreSQL that break at a COMMIT, of which the run then cannot know whether it took effect.

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
    fn to(url: &str, at: Break) -> Self {
        let (head, rest) = url.split_once('@').expect("the URL names a user");
        let (host, database) = rest.split_once('/').expect("the URL names a database");
        let separator = if database.contains('?') { '&' } else { '?' };
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let wire = Wire { url: format!("{head}@{address}/{database}{separator}sslmode=disable"), left: Arc::default() };
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
        let left = Arc::clone(&wire.left);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection can be accepted");
                let server = TcpStream::connect(&host).expect("the server takes connections");
                let left = Arc::clone(&left);
                // Either side may go at any moment, which ends the connection and nothing else.
                thread::spawn(move || drop(carry(client, server, at, &left)));
            }
        });
        wire
    }
}

/// Carries messages both ways until the connection ends or is to break. A client of this kind asks, and waits for the answer.
fn carry(mut client: TcpStream, mut server: TcpStream, at: Break, left: &AtomicU32) -> std::io::Result<()> {
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    let answering = thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Both);
    });
    // The first message has no kind.
    let first = rest_of_message(&mut client)?;
    server.write_all(&first)?;
    loop {
        let mut kind = [0];
        let message = client.read_exact(&mut kind).and_then(|()| rest_of_message(&mut client));
        let Ok(message) = message else {
            server.shutdown(Shutdown::Both)?;
            break;
        };
        let is_commit = kind == *b"Q" && message.ends_with(b"COMMIT\0");
        let breaks = is_commit && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) == Ok(1);
        if breaks {
            client.shutdown(Shutdown::Both)?;
        }
        if !breaks || at == Break::Behind {
            server.write_all(&[kind.as_slice(), &message].concat())?;
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

/// A message from its length on, which counts itself: <https://www.postgresql.org/docs/current/protocol-message-formats.html>.
fn rest_of_message(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut message = length.to_vec();
    message.resize(u32::from_be_bytes(length) as usize, 0);
    stream.read_exact(&mut message[4..])?;
    Ok(message)
}

/// Breaks the connection at each COMMIT of a run, in runs of their own.
fn every_commit(at: Break, shapes: &[Shape]) {
    if !Engine::Postgres.is_available() {
        return;
    }
    for &shape in shapes {
        let plan = Plan { shape, rows: 200, batch: 100, pause: "0%", slow: false };
        let schemas = Schemas::of(Engine::Postgres, plan);
        let work = Work::new(Project::new(Engine::Postgres), plan);
        let wire = Wire::to(&work.project.url(), at);
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
fn a_commit_that_never_reached_the_server_is_made_good() {
    every_commit(Break::Before, &[Shape::Between]);
}

#[test]
fn a_commit_whose_answer_got_lost_is_not_done_again() {
    // Once with the history written in a transaction of the script, once in one of its own.
    every_commit(Break::Behind, &[Shape::Between, Shape::Edges]);
}

//! A TCP proxy before a PostgreSQL server that counts what a client asks of it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A listening proxy. It forwards every connection, byte for byte, until the test's process ends.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    questions: Arc<AtomicUsize>,
}

impl Proxy {
    /// Stands before the server of `url`, which is reached without TLS so that the messages can be read.
    pub fn before(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").expect("a URL has a scheme");
        let (user, rest) = rest.split_once('@').map_or(("", rest), |(user, rest)| (user, rest));
        let (host, database) = rest.split_once('/').expect("a URL has a database");
        let server = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let separator = if database.contains('?') { '&' } else { '?' };
        let at = if user.is_empty() { "" } else { "@" };
        let proxy = Proxy { url: format!("{scheme}://{user}{at}{address}/{database}{separator}sslmode=disable"), questions: Arc::default() };
        let questions = Arc::clone(&proxy.questions);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection can be accepted");
                let server = TcpStream::connect(&server).expect("the server takes connections");
                forward(client, server, Arc::clone(&questions));
            }
        });
        proxy
    }

    /// The URL by which a client comes through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many questions `work` asked through the proxy.
    pub fn count(&self, work: impl FnOnce()) -> usize {
        let before = self.questions.load(Ordering::SeqCst);
        work();
        self.questions.load(Ordering::SeqCst) - before
    }
}

/// Carries both directions of one connection in threads of their own.
fn forward(client: TcpStream, server: TcpStream, questions: Arc<AtomicUsize>) {
    let (mut answers, mut back) = (server.try_clone().expect("a socket can be shared"), client.try_clone().expect("a socket can be shared"));
    thread::spawn(move || {
        // Either side may go at any moment, which ends the connection and nothing else.
        let _ = std::io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = count_messages(client, &server, &questions);
        let _ = server.shutdown(Shutdown::Both);
    });
}

/// Forwards message by message. The first one has no kind; every other is its kind, its length (which counts itself) and its body.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
fn count_messages(mut client: TcpStream, mut server: &TcpStream, questions: &AtomicUsize) -> std::io::Result<()> {
    server.write_all(&body(&mut client)?)?;
    loop {
        let mut kind = [0];
        client.read_exact(&mut kind)?;
        let body = body(&mut client)?;
        // Query, and Execute of the extended protocol.
        if matches!(kind[0], b'Q' | b'E') {
            questions.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&[kind.as_slice(), &body].concat())?;
    }
}

/// A message from its length on.
fn body(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    let mut body = length.to_vec();
    body.resize(u32::from_be_bytes(length) as usize, 0);
    client.read_exact(&mut body[4..])?;
    Ok(body)
}

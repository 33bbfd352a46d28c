//! A pooler that hands each transaction to another backend takes away the ground that a run stands on: the lock and the settings of the
//! session belong to a backend that the next statement may not meet. <https://www.pgbouncer.org/features.html>,
//! <https://proxysql.com/documentation/multiplexing/>

use std::collections::BTreeSet;

use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::{Access, Kind, Session};

/// How often the two connections are compared: a busy pool need not show the same backend at once.
const ROUNDS: usize = 3;

/// Refuses to work through such a pooler.
pub(super) async fn refuse(session: &mut Session, url: &DatabaseUrl) -> anyhow::Result<()> {
    if session.kind() == Kind::Sqlite || is_direct(session).await? {
        return Ok(());
    }
    // Something stands in between: a pooler, or only a gateway. Two open connections that meet in one backend tell which.
    let Ok(mut other) = Session::connect(url, Access::ReadOnly).await else { return Ok(()) };
    let mut shared = false;
    for _ in 0..ROUNDS {
        shared |= backend(session).await? == backend(&mut other).await?;
    }
    other.close().await;
    if !shared {
        return Ok(());
    }
    let way_out = match session.kind() {
        Kind::Mysql => "give the URL of the server itself, or switch multiplexing off (ProxySQL: mysql-multiplexing = false)",
        Kind::Postgres | Kind::Sqlite => "give the URL of the server itself, or of a pool in session mode (PgBouncer: pool_mode = session)",
    };
    Err(UserError::new(format!("{url} leads to a pooler in transaction mode: no lock of a session holds there, so two runs could work at once"))
        .with_help(way_out)
        .into())
}

/// The number by which the server knows the session.
pub(super) async fn backend(session: &mut Session) -> Result<u64, sqlx::Error> {
    let sql = if session.kind() == Kind::Mysql { "SELECT connection_id()" } else { "SELECT pg_backend_pid()::text" };
    session.count(sql).await
}

/// True where the port from which the server is reached, as the server sees it, is one of this process.
async fn is_direct(session: &mut Session) -> Result<bool, sqlx::Error> {
    let sql = match session.kind() {
        // A local socket has no port and nothing in between.
        Kind::Mysql => {
            "SELECT CASE WHEN HOST LIKE '%:%' THEN SUBSTRING_INDEX(HOST, ':', -1) ELSE 0 END FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()"
        }
        Kind::Postgres | Kind::Sqlite => "SELECT coalesce(inet_client_port(), 0)::text",
    };
    let port = session.count(sql).await?;
    if port == 0 && session.kind() == Kind::Mysql {
        return Ok(true);
    }
    Ok(u16::try_from(port).is_ok_and(|port| port > 0 && own_ports().contains(&port)))
}

/// The local ports of this process's TCP connections, as Linux tells them (proc_pid_net(5)); none elsewhere.
fn own_ports() -> BTreeSet<u16> {
    let links = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let inodes: BTreeSet<String> = links.filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect();
    let tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].into_iter().filter_map(|path| std::fs::read_to_string(path).ok());
    tables.flat_map(|table| table.lines().skip(1).filter_map(|line| port_of(line, &inodes)).collect::<Vec<_>>()).collect()
}

/// The local port of a line `  0: 0100007F:1538 0100007F:C350 01 ... inode ...` whose socket is one of `inodes`.
fn port_of(line: &str, inodes: &BTreeSet<String>) -> Option<u16> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let is_own = inodes.contains(*fields.get(9)?);
    let port = fields.get(1)?.rsplit_once(':')?.1;
    if is_own { u16::from_str_radix(port, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_connection_of_this_process_is_found_by_its_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let stream = std::net::TcpStream::connect(listener.local_addr().expect("it has an address")).expect("it listens");
        let port = stream.local_addr().expect("it has an address").port();
        assert!(own_ports().contains(&port));
        drop(stream);
        assert!(!own_ports().contains(&port));
    }
}

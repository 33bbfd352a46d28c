//! Opening a connection, and saying in one sentence why that failed and what to do. No message ever holds the password.

use std::io;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::Access;

/// How long a server may take to answer where the URL does not say otherwise (libpq's `connect_timeout`, in seconds).
const TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the database at `url`.
pub(in crate::dialect) async fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<PgConnection> {
    open(url, None, access).await
}

/// Opens another database of the same server, with the rights to write.
pub(super) async fn connect_to(url: &DatabaseUrl, database: &str) -> anyhow::Result<PgConnection> {
    open(url, Some(database), Access::ReadWrite).await
}

async fn open(url: &DatabaseUrl, database: Option<&str>, access: Access) -> anyhow::Result<PgConnection> {
    let secret = url.connection_string();
    let options: PgConnectOptions = secret.parse().map_err(|error| UserError::new(format!("the database URL cannot be read: {}", reason(&error))))?;
    let options = match database {
        Some(database) => options.database(database),
        None => options,
    };
    // Statements are sent as they are, never prepared: a cache would only get in the way of a pooler in transaction mode, which also
    // refuses extra_float_digits at the start of a session.
    let options = options.application_name("dbtool").statement_cache_capacity(0).extra_float_digits(None).disable_statement_logging();
    let options = match database {
        Some(database) => options.database(database),
        None => options,
    };
    let timeout = timeout(secret);
    let opening = async {
        let mut conn = options.connect().await?;
        let setup = sqlx::raw_sql(AssertSqlSafe(session_setup(access)));
        setup.execute(&mut conn).await?;
        Ok(conn)
    };
    match tokio::time::timeout(timeout, opening).await {
        Ok(Ok(conn)) => Ok(conn),
        Ok(Err(error)) => Err(UserError::new(explain(&error, &options)).into()),
        Err(_) => Err(UserError::new(format!(
            "the server at {} did not answer within {} seconds; check the address and the firewall, or give more time with ?connect_timeout=SECONDS",
            address(&options),
            timeout.as_secs()
        ))
        .into()),
    }
}

/// Notices of "does not exist, skipping" are noise; literals are written for standard strings.
fn session_setup(access: Access) -> String {
    let mut setup = "SET client_min_messages = warning; SET standard_conforming_strings = on".to_owned();
    match access {
        Access::ReadOnly => setup.push_str("; SET default_transaction_read_only = on"),
        Access::ReadWrite => {}
    }
    setup
}

/// The URL's own `connect_timeout`; zero or nonsense is no answer, so the default holds.
fn timeout(url: &str) -> Duration {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let seconds = query.split('&').find_map(|pair| pair.strip_prefix("connect_timeout=")).and_then(|value| value.parse().ok());
    seconds.filter(|&seconds| seconds > 0).map_or(TIMEOUT, Duration::from_secs)
}

/// Host and port, or the folder of the socket.
fn address(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => format!("{} (port {})", socket.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

fn explain(error: &sqlx::Error, options: &PgConnectOptions) -> String {
    let address = address(options);
    match error {
        sqlx::Error::Database(fault) => refused(fault.code().as_deref().unwrap_or_default(), fault.message(), &address, options),
        sqlx::Error::Io(fault) => unreachable_server(fault, &address, options),
        sqlx::Error::Tls(fault) if options_want_tls(options) && fault.to_string().contains("does not support") => {
            format!("the server at {address} has no TLS, but the URL asks for it; turn TLS on at the server or take sslmode out of the URL")
        }
        sqlx::Error::Tls(fault) => {
            format!("the TLS connection to {address} failed: {fault}; check sslmode, sslrootcert and the server's certificate")
        }
        other => format!("no session could be opened at {address}: {}; check that it is a PostgreSQL server", reason(other)),
    }
}

/// The server answered and said no. <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn refused(code: &str, message: &str, address: &str, options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    match code {
        "28P01" => format!("the password for user \"{user}\" at {address} is wrong or missing; correct it in the database URL or in ~/.pgpass"),
        "28000" if message.contains("no encryption") || message.contains("SSL off") => {
            format!("the server at {address} does not let user \"{user}\" in without TLS: {message}; add ?sslmode=require, or correct pg_hba.conf")
        }
        "28000" => format!("the server at {address} does not let user \"{user}\" in: {message}; check the user's name and pg_hba.conf"),
        "3D000" => format!("there is no database \"{database}\" at {address}; make it with: createdb {database}"),
        "42501" => format!("user \"{user}\" may not connect to database \"{database}\" at {address}; GRANT CONNECT to that user"),
        "53300" => format!("the server at {address} has too many connections ({message}); close some, or raise max_connections"),
        "57P03" => format!("the server at {address} is starting or stopping ({message}); try again in a moment"),
        _ => format!("the server at {address} refused the connection: {message} ({code})"),
    }
}

fn unreachable_server(fault: &io::Error, address: &str, options: &PgConnectOptions) -> String {
    // The resolver's errors have no kind of their own.
    if fault.to_string().contains("failed to lookup address") {
        return format!("the host name \"{}\" is unknown; check it in the database URL", options.get_host());
    }
    match fault.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
            format!("no PostgreSQL server answers at {address}; start it, or correct the database URL")
        }
        io::ErrorKind::PermissionDenied => format!("the socket at {address} may not be opened by this user; connect through a host name instead"),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe if options_want_tls(options) => {
            format!("{address} closed the connection; check that it is a PostgreSQL server with TLS")
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            format!("{address} closed the connection; check that it is a PostgreSQL server, and its log")
        }
        _ => format!("the server at {address} cannot be reached: {fault}"),
    }
}

fn options_want_tls(options: &PgConnectOptions) -> bool {
    matches!(options.get_ssl_mode(), PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull)
}

/// The innermost cause, which says more than the driver's own words around it.
fn reason(error: &sqlx::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_may_give_its_own_timeout() {
        assert_eq!(timeout("postgres://h/d?sslmode=disable&connect_timeout=3"), Duration::from_secs(3));
        assert_eq!(timeout("postgres://h/d?connect_timeout=0"), TIMEOUT);
        assert_eq!(timeout("postgres://h/d"), TIMEOUT);
    }

    #[test]
    fn refusals_say_what_to_do() {
        let options: PgConnectOptions = "postgres://me:secret@db.example:5433/shop".parse().expect("a well-formed URL");
        let address = address(&options);
        assert_eq!(address, "db.example:5433");
        assert_eq!(
            refused("3D000", "database \"shop\" does not exist", &address, &options),
            "there is no database \"shop\" at db.example:5433; make it with: createdb shop"
        );
        for code in ["28P01", "28000", "3D000", "42501", "53300", "57P03", "XX000"] {
            assert!(!refused(code, "words", &address, &options).contains("secret"));
        }
    }
}

//! Ways to a server of MariaDB or MySQL: with and without TLS, by a socket, with a password.

use std::sync::atomic::{AtomicU32, Ordering};

use super::TODOS;
use crate::support::{Engine, Flavour, Project};

/// A user of the server, gone with the value.
struct User<'a> {
    project: &'a Project,
    name: String,
}

/// From where a user may come.
const HOSTS: [&str; 2] = ["%", "localhost"];

/// Needs escapes in a URL.
const PASSWORD: &str = "hunter2@#/:?";

impl<'a> User<'a> {
    /// `identified` says how the user tells who he is.
    fn new(project: &'a Project, identified: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("u{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = project.query("SELECT database()");
        // Where there are users without a name at localhost, one who may come from everywhere is taken for them there. To build what is
        // declared a user needs a database to build it in.
        for host in HOSTS {
            project.sql(&format!(
                "CREATE USER {name}@'{host}' {identified}; GRANT ALL ON {}.* TO {name}@'{host}'; \
                 GRANT ALL ON `dbtool\\_scratch\\_%`.* TO {name}@'{host}';",
                database.trim()
            ));
        }
        User { project, name }
    }

    fn url(&self, password: &str, parameters: &str) -> String {
        let url = self.project.url();
        let (_, rest) = url.split_once('@').expect("the URL names a user");
        let password: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("mysql://{}:{password}@{}{parameters}", self.name, rest.split('?').next().unwrap_or_default())
    }
}

impl Drop for User<'_> {
    fn drop(&mut self) {
        for host in HOSTS {
            self.project.database().run(&format!("DROP USER IF EXISTS {}@'{host}';", self.name));
        }
    }
}

/// Makes the schema, takes it back and looks at it by this way.
#[track_caller]
fn works(project: &Project, url: &str) {
    let dbtool = |arguments: &[&str]| project.ok(&[&["--database-url", url], arguments].concat());
    dbtool(&["upgrade"]);
    dbtool(&["check", "--live"]);
    dbtool(&["inspect", "--strict"]);
    assert_eq!(project.query("SELECT count(*) FROM todos"), "0\n");
    dbtool(&["downgrade", "base"]);
    dbtool(&["status"]);
}

fn project() -> Option<Project> {
    if !Engine::Mariadb.is_available() {
        return None;
    }
    let project = Project::with_schema(Engine::Mariadb, TODOS);
    project.ok(&["migrate", "-m", "one"]);
    Some(project)
}

#[test]
fn a_password_is_sent_with_and_without_tls() {
    let Some(project) = project() else { return };
    let has_tls = match Flavour::here() {
        Flavour::Mariadb => project.query("SELECT @@have_ssl") == "YES\n",
        Flavour::Mysql => true,
    };
    let plugins: &[&str] = match Flavour::here() {
        Flavour::Mariadb => &["IDENTIFIED BY"],
        Flavour::Mysql => &["IDENTIFIED BY", "IDENTIFIED WITH caching_sha2_password BY", "IDENTIFIED WITH sha256_password BY"],
    };
    for plugin in plugins {
        // Whoever has come once is remembered by the server, and then is let in another way; so each way is the first of a user.
        for way in ["", "?ssl-mode=disabled", "?ssl-mode=preferred", "?ssl-mode=required"] {
            let user = User::new(&project, &format!("{plugin} '{PASSWORD}'"));
            let url = user.url(PASSWORD, way);
            if way == "?ssl-mode=required" && !has_tls {
                let output = project.expect_status(2, &["--database-url", &url, "status"]);
                assert!(output.stderr.contains("TLS"), "{}", output.report());
                continue;
            }
            if way == "?ssl-mode=disabled" && plugin.contains("sha256_password") {
                continue;
            }
            works(&project, &url);
            // A second time.
            project.ok(&["--database-url", &url, "status"]);
        }
    }
    if has_tls {
        let user = User::new(&project, &format!("IDENTIFIED BY '{PASSWORD}' REQUIRE SSL"));
        works(&project, &user.url(PASSWORD, "?ssl-mode=REQUIRED"));
        let output = project.expect_status(2, &["--database-url", &user.url(PASSWORD, "?ssl-mode=DISABLED"), "status"]);
        assert!(output.stderr.contains("check the user"), "{}", output.report());
    }
}

#[test]
fn a_socket_leads_to_the_server() {
    let Some(project) = project() else { return };
    let socket = project.query("SELECT @@socket").trim().to_owned();
    if !std::path::Path::new(&socket).exists() {
        // The server is another machine's.
        return;
    }
    let user = User::new(&project, &format!("IDENTIFIED BY '{PASSWORD}'"));
    // A port at which nobody listens shows that it is the socket.
    let url = user.url(PASSWORD, &format!("?socket={socket}"));
    let port = url.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).expect("the URL names a host").to_owned();
    works(&project, &url.replace(&port, "localhost:1"));
    let nowhere = project.expect_status(2, &["--database-url", &user.url(PASSWORD, "?socket=/nowhere/socket"), "status"]);
    assert!(nowhere.stderr.contains("cannot connect to"), "{}", nowhere.report());
}

#[test]
fn a_wrong_password_is_refused_and_no_password_is_shown() {
    let Some(project) = project() else { return };
    let user = User::new(&project, &format!("IDENTIFIED BY '{PASSWORD}'"));
    let urls = [
        user.url("wrong horse", ""),
        user.url("wrong horse", "?ssl-mode=disabled"),
        format!("mysql://{}:wrong%20horse@127.0.0.1:1/x", user.name),
        format!("mysql://{}:wrong%20horse@no-such-host.invalid/x", user.name),
        format!("mysql+pymysql://{}:wrong%20horse@127.0.0.1:1/x", user.name),
        user.url("wrong horse", "?nonsense=1"),
    ];
    for url in &urls {
        for arguments in [&["status"][..], &["-v", "upgrade"], &["--format", "json", "current"], &["inspect"], &["diff"]] {
            let output = project.dbtool(&[&["--database-url", url], arguments].concat());
            assert_eq!(output.status, 2, "{}", output.report());
            for shown in ["wrong horse", "wrong%20horse", "%77%72%6F"] {
                assert!(!output.report().contains(shown), "{}", output.report());
            }
            assert!(output.report().contains("help"), "it says what to do: {}", output.report());
        }
    }
    let output = project.expect_status(2, &["--database-url", &urls[0], "status"]);
    assert!(output.stderr.contains("Access denied") && output.stderr.contains("check the user, the password"), "{}", output.report());
    assert_eq!(project.query("SELECT count(*) FROM information_schema.tables WHERE table_schema = database()"), "0\n", "nothing was changed");
}

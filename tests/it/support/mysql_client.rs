//! The client of MariaDB and MySQL, as a script runs it: no user settings, stops at the first error.
//!
//! It answers in XML, the one form of its output in which NULL is not the text `NULL` and a line's end in a value does not end a row.

use std::env;
use std::process::Command;
use std::sync::OnceLock;

use super::command::{Output, run};

/// The fields of a row with their names; no text for NULL.
pub type Row = Vec<(String, Option<String>)>;

/// Runs a script. What it answers comes as psql prints it: no header, `|` between columns, nothing for NULL.
pub fn script(url: &str, sql: &str) -> Output {
    let mut output = run(&mut client(url), sql);
    let line = |row: Row| row.into_iter().map(|(_, value)| value.unwrap_or_default()).collect::<Vec<_>>().join("|") + "\n";
    output.stdout = rows(&output.stdout).into_iter().map(line).collect();
    output
}

/// The rows that a script answers, those of all its queries in a row.
pub fn ask(url: &str, sql: &str) -> Vec<Row> {
    let output = run(&mut client(url), sql);
    assert!(output.status == 0, "the query failed: {sql}\n{}", output.report());
    rows(&output.stdout)
}

/// The rows of the tests come from recursive queries, which MySQL gives up after 1,000 rounds, and MariaDB ends there without a word. Each of
/// the two servers takes what the other one reads for a comment.
const ROUNDS: &str = "SET /*M! max_recursive_iterations */ /*!80000 cte_max_recursion_depth */ = 10000000";

/// The client, for a script on its standard input.
pub fn client(url: &str) -> Command {
    let mut command = Command::new(program());
    command.args(["--no-defaults", "--batch", "--xml", "--comments", "--default-character-set=utf8mb4", "--init-command", ROUNDS]);
    command.args(address(url));
    command
}

/// Newer MariaDB has no program `mysql`; MySQL has no other.
fn program() -> &'static str {
    static PROGRAM: OnceLock<&str> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let path = env::var_os("PATH").unwrap_or_default();
        if env::split_paths(&path).any(|folder| folder.join("mariadb").is_file()) { "mariadb" } else { "mysql" }
    })
}

/// The client's options for the server, the user and the database of a URL.
fn address(url: &str) -> Vec<String> {
    let (_, rest) = url.split_once("://").expect("a URL has a scheme");
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    let (user, rest) = rest.rsplit_once('@').unwrap_or(("root", rest));
    let (user, password) = user.split_once(':').map_or((user, None), |(user, password)| (user, Some(password)));
    let (server, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = server.split_once(':').unwrap_or((server, "3306"));
    let mut options = vec![format!("--host={host}"), format!("--port={port}"), "--protocol=tcp".to_owned(), format!("--user={user}")];
    options.extend(password.map(|password| format!("--password={password}")));
    if !database.is_empty() {
        options.push(format!("--database={database}"));
    }
    options
}

/// The rows of all the result sets that the client has printed.
fn rows(xml: &str) -> Vec<Row> {
    xml.split("<row>").skip(1).map(row).collect()
}

/// What stands between `<row>` and its end: `<field name="a">1</field>`, and `<field name="b" xsi:nil="true" />` for NULL.
fn row(xml: &str) -> Row {
    let xml = xml.split_once("</row>").map_or(xml, |(fields, _)| fields);
    let field = |field: &str| {
        let (name, rest) = field.split_once('"').expect("a name ends with a quote");
        let value = rest.strip_prefix('>').map(|rest| unescaped(rest.split_once("</field>").map_or(rest, |(value, _)| value)));
        (unescaped(name), value)
    };
    xml.split("<field name=\"").skip(1).map(field).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn null_is_not_the_text_null_and_a_value_may_have_lines() {
    let xml = "<?xml version=\"1.0\"?>\n\n<resultset statement=\"select &quot;&lt;row&gt;&quot;\" xmlns:xsi=\"x\">\n  <row>\n\t<field name=\"&quot;a\">x\ny</field>\n\
               \t<field name=\"b\" xsi:nil=\"true\" />\n\t<field name=\"c\">NULL</field>\n  </row>\n\n  <row>\n\t<field name=\"d\"></field>\n  </row>\n</resultset>\n";
    let some = |text: &str| Some(text.to_owned());
    let first = vec![("\"a".to_owned(), some("x\ny")), ("b".to_owned(), None), ("c".to_owned(), some("NULL"))];
    assert_eq!(rows(xml), [first, vec![("d".to_owned(), some(""))]]);
    assert_eq!(unescaped("a &amp;lt; b"), "a &lt; b");
}

#[test]
fn a_url_is_told_in_options() {
    assert_eq!(address("mysql://root@127.0.0.1:5533/")[..], ["--host=127.0.0.1", "--port=5533", "--protocol=tcp", "--user=root"]);
    assert_eq!(address("mysql://me:pass@db/t1?ssl-mode=disabled")[3..], ["--user=me", "--password=pass", "--database=t1"]);
}

//! A PostgreSQL schema as `pg_dump` tells it, with what is not the user's taken out.

use std::process::Command;

use super::command::run;
use super::facts::{is_ours, squeeze};

/// The script that makes the schema of the database at `url`.
pub fn script(url: &str) -> String {
    let output = run(Command::new("pg_dump").args(["-s", "--no-owner", "-d", url]), "");
    assert!(output.status == 0, "pg_dump failed: {}", output.report());
    output.stdout
}

/// The statements of a dump, one line each. The columns and constraints of a table are sorted, because their order does not count.
pub fn facts(script: &str) -> Vec<String> {
    statements(script).iter().filter(|statement| !is_setting(statement) && !is_ours(statement)).map(|statement| normalise(statement)).collect()
}

/// pg_dump ends each statement at the end of a line. Comments and psql's own commands (`\restrict` and its random key) stand on lines of their own.
fn statements(script: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in script.lines().filter(|line| !line.starts_with("--") && !line.starts_with('\\') && !line.is_empty()) {
        current.push_str(line);
        current.push('\n');
        if line.ends_with(';') {
            statements.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        statements.push(current);
    }
    statements
}

fn is_setting(statement: &str) -> bool {
    statement.starts_with("SET ") || statement.starts_with("SELECT pg_catalog.set_config")
}

fn normalise(statement: &str) -> String {
    let is_table = ["CREATE TABLE", "CREATE UNLOGGED TABLE"].iter().any(|start| statement.starts_with(start));
    let lines: Vec<&str> = statement.trim_end().lines().collect();
    let [first, body @ .., last] = lines.as_slice() else { return squeeze(statement) };
    if !is_table {
        return squeeze(statement);
    }
    let mut body: Vec<&str> = body.iter().map(|line| line.trim().trim_end_matches(',')).collect();
    body.sort_unstable();
    format!("{first} {} {last}", body.join(" | "))
}

#[test]
fn a_dump_is_the_users_statements_with_sorted_columns() {
    let script = "\\restrict x\n--\n-- PostgreSQL database dump\n--\nSET lock_timeout = 0;\n\nCREATE TABLE public.t (\n    b integer NOT NULL,\n    \
                  a text\n);\n\nCREATE TABLE public.dbtool_migrations (\n    revision text\n);\n\nCREATE INDEX i ON public.t\n  USING btree (a);\n";
    assert_eq!(facts(script), ["CREATE TABLE public.t ( a text | b integer NOT NULL );", "CREATE INDEX i ON public.t USING btree (a);"]);
}

//! Statements of a script that would reach beyond the database in which they run: in scratch these are refused, because the server is the user's.

use super::lexer::{Kind, Token, tokens};
use crate::dialect::Reach;

/// What belongs to the server as a whole: <https://www.postgresql.org/docs/current/manage-ag-overview.html>.
const SHARED: &[&str] = &["ROLE", "USER", "GROUP", "DATABASE", "TABLESPACE", "SUBSCRIPTION", "SYSTEM"];

/// What of a statement is not about the database in which it runs. `None` where it stays inside.
pub fn reaches_outside(statement: &str) -> Option<Reach> {
    let found: Vec<Token<'_>> = tokens(statement).filter(Token::is_code).collect();
    let is_code = found.first().is_some_and(|first| first.is_word("DO"));
    // The code of a DO block is a text; that of a function runs only when it is called.
    let bodies = || found.iter().filter(|token| is_code && token.text.starts_with(['$', '\''])).find_map(|body| anywhere(body.text));
    shared(&found).or_else(|| called(&found)).or_else(bodies).map(Reach::Server)
}

/// What a statement that begins here does to something that all databases share.
fn shared(found: &[Token<'_>]) -> Option<String> {
    let (first, second) = (found.first()?, found.get(1)?);
    let verb = ["CREATE", "ALTER", "DROP"].into_iter().find(|verb| first.is_word(verb));
    if let Some(verb) = verb {
        // CREATE USER MAPPING is about a foreign server of this database.
        let is_mapping = found.get(2).is_some_and(|third| third.is_word("MAPPING"));
        let object = SHARED.iter().find(|object| second.is_word(object) && !is_mapping)?;
        return Some(format!("{verb} {object} is about the whole server"));
    }
    let is_owned = (first.is_word("REASSIGN") || first.is_word("DROP")) && second.is_word("OWNED");
    let is_about = |object: &str| found.windows(2).any(|pair| pair[0].is_word("ON") && pair[1].is_word(object));
    let is_grant = first.is_word("GRANT") || first.is_word("REVOKE");
    let is_membership = is_grant && !found.iter().any(|token| token.is_word("ON"));
    let is_privilege = is_grant && ["DATABASE", "TABLESPACE", "PARAMETER"].into_iter().any(is_about);
    // What is said of these stands in a catalog of the whole server, whichever database it is said in.
    let is_said = (first.is_word("COMMENT") || first.is_word("SECURITY")) && ["DATABASE", "ROLE", "TABLESPACE"].into_iter().any(is_about);
    let follows = |before: &str, is: &dyn Fn(&Token<'_>) -> bool| found.windows(2).any(|pair| pair[0].is_word(before) && is(&pair[1]));
    let is_program = |token: &Token<'_>| token.is_word("PROGRAM");
    let runs_program = first.is_word("COPY") && (follows("TO", &is_program) || follows("FROM", &is_program));
    let is_file = first.is_word("COPY") && follows("TO", &|token| token.kind == Kind::String);
    if is_owned {
        Some("OWNED BY is about the whole server".to_owned())
    } else if is_membership {
        Some("membership in a role is about the whole server".to_owned())
    } else if is_privilege {
        Some("a privilege on a database, tablespace or parameter is about the whole server".to_owned())
    } else if is_said {
        Some("what is said of a database, role or tablespace is about the whole server".to_owned())
    } else if runs_program {
        Some("COPY ... PROGRAM runs a program on the server".to_owned())
    } else if is_file {
        Some("COPY ... TO writes a file on the server".to_owned())
    } else {
        None
    }
}

/// Functions that reach beyond their database: <https://www.postgresql.org/docs/current/functions-admin.html>.
const FUNCTIONS: &[&str] = &[
    "pg_create_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_drop_replication_slot",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_switch_wal",
    "lo_export",
];

/// A call of something that reaches beyond the database.
fn called(found: &[Token<'_>]) -> Option<String> {
    let is_one = |name: &str| FUNCTIONS.contains(&name) || name.starts_with("dblink");
    let calls = found.windows(2).filter(|pair| pair[1].is_symbol("("));
    let mut names = calls.map(|pair| pair[0].text.to_ascii_lowercase());
    names.find(|name| is_one(name)).map(|name| format!("{name}() reaches beyond the database"))
}

/// The same anywhere in the body of a DO block.
fn anywhere(body: &str) -> Option<String> {
    let inner = contents(body);
    let found: Vec<Token<'_>> = tokens(inner).filter(Token::is_code).collect();
    let verbs = ["CREATE", "ALTER", "DROP", "REASSIGN", "GRANT", "REVOKE", "COMMENT", "COPY"];
    let mut starts = (0..found.len()).filter(|at| verbs.iter().any(|verb| found[*at].is_word(verb)));
    let direct = starts.find_map(|at| shared(&found[at..]));
    // EXECUTE runs what stands in a text; other texts, such as those of RAISE, are read by people.
    let executed = || {
        let begins = (0..found.len()).filter(|at| found[*at].is_word("EXECUTE"));
        let mut texts = begins.flat_map(|at| found[at..].iter().take_while(|token| !token.is_symbol(";"))).filter(|token| token.kind == Kind::String);
        texts.find_map(|text| anywhere(text.text))
    };
    direct.or_else(executed).or_else(|| called(&found))
}

/// A text without its quotes.
fn contents(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('$') {
        let tag = rest.find('$').map_or(0, |end| end + 2);
        return text.get(tag..text.len().saturating_sub(tag)).unwrap_or_default();
    }
    text.trim_start_matches(['E', 'e', 'U', 'u', '&']).trim_matches('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_databases_share_is_found_and_what_is_of_one_is_not() {
        for statement in [
            "CREATE ROLE a",
            "DROP USER IF EXISTS a",
            "ALTER DATABASE x SET work_mem = '5MB'",
            "ALTER SYSTEM SET a = 1",
            "GRANT a TO b",
            "REASSIGN OWNED BY a TO b",
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE ROLE a; END IF; END $$",
            "DO $x$ BEGIN EXECUTE 'DROP ROLE a'; END $x$",
            "COPY t TO '/tmp/x'",
            "COPY t TO PROGRAM 'cat'",
            "COPY t FROM PROGRAM 'date'",
            "REVOKE CONNECT ON DATABASE x FROM PUBLIC",
            "GRANT SET ON PARAMETER work_mem TO a",
            "COMMENT ON DATABASE x IS 'y'",
            "COMMENT ON ROLE a IS 'y'",
            "COPY c TO E'/tmp/x'",
            "COPY c TO $$/tmp/x$$",
            "DO $$ BEGIN COPY (SELECT 1) TO '/tmp/x'; END $$",
            "DO $$ BEGIN EXECUTE $q$CREATE ROLE a$q$; END $$",
            "DO $$ BEGIN EXECUTE E'CREATE ROLE a'; END $$",
            "SELECT pg_create_physical_replication_slot('a')",
            "SELECT dblink_exec('dbname=live', 'DROP TABLE t')",
            "DO $$ BEGIN EXECUTE 'REVOKE CONNECT ON DATABASE x FROM PUBLIC'; END $$",
        ] {
            assert!(reaches_outside(statement).is_some(), "{statement}");
        }
        for statement in [
            "CREATE TABLE role (a int)",
            "GRANT SELECT ON t TO a",
            "CREATE USER MAPPING FOR a SERVER s",
            "CREATE SCHEMA a AUTHORIZATION b",
            "ALTER TABLE t OWNER TO a",
            "DO $$ BEGIN CREATE TABLE t (a int); END $$",
            "COMMENT ON TABLE t IS 'y'",
            "COPY t TO STDOUT",
            "DO $$ BEGIN RAISE EXCEPTION 'create role app first'; END $$",
            "COPY t FROM '/tmp/x'",
            "DO $$ BEGIN GRANT SELECT ON t TO a; END $$",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a",
        ] {
            assert!(reaches_outside(statement).is_none(), "{statement}");
        }
    }
}

//! Who may do what changes.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "authorization-change",
    level: Level::Note,
    engines: SERVERS,
    summary: "privileges, owners, policies or row level security of what is there already change",
    why: "A privilege too many shows rows to those who may not see them, one too few makes an application fail. With row level security on and no \
          policy that lets them through, roles other than the owner, superusers and those with BYPASSRLS see no row at all, and get no error. An \
          owner may do everything with a table. No test of the schema shows any of it.",
    instead: "have it looked at by whoever answers for the data, and try it with the role of the application",
    sources: &[
        "https://www.postgresql.org/docs/current/ddl-priv.html",
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
        "https://dev.mysql.com/doc/refman/8.4/en/grant.html",
        "https://mariadb.com/kb/en/grant/",
    ],
    known_as: &["pg-schema-diff AUTHZ_UPDATE"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "GRANT SELECT ON t TO PUBLIC;")
            .seen(Seen::Shows("SELECT has_table_privilege('public', 't', 'SELECT')", "t")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "CREATE POLICY p ON t USING (a > 0); ALTER POLICY p ON t USING (true);")
            .seen(Seen::Shows("SELECT qual FROM pg_policies WHERE tablename = 't'", "true")),
        Example::postgres("", "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t OWNER TO CURRENT_USER;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("", "ALTER ROLE CURRENT_USER BYPASSRLS;")
            .seen(Seen::Shows("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user", "t")),
        Example::mysql("CREATE TABLE t (a int);", "GRANT SELECT ON t TO CURRENT_USER(); REVOKE SELECT ON t FROM CURRENT_USER();"),
    ],
    counter_examples: &[
        Example::postgres(
            "",
            "CREATE TABLE t (a int); GRANT SELECT ON TABLE t TO PUBLIC; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true);",
        ),
        Example::postgres("", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;"),
        Example::postgres("", "CREATE SCHEMA IF NOT EXISTS s; GRANT USAGE ON SCHEMA s TO PUBLIC;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t OWNER TO CURRENT_USER; ALTER TABLE t DISABLE TRIGGER ALL;"),
        Example::mysql("", "CREATE TABLE t (a int); GRANT SELECT ON t TO CURRENT_USER(); REVOKE SELECT ON TABLE t FROM CURRENT_USER();"),
    ],
};

const KINDS: [&str; 8] = ["TABLE", "VIEW", "SCHEMA", "SEQUENCE", "FUNCTION", "PROCEDURE", "TYPE", "DOMAIN"];

/// What PostgreSQL lets a role do besides its privileges: <https://www.postgresql.org/docs/current/role-attributes.html>.
const ATTRIBUTES: [&str; 14] = [
    "SUPERUSER",
    "NOSUPERUSER",
    "CREATEROLE",
    "NOCREATEROLE",
    "CREATEDB",
    "NOCREATEDB",
    "REPLICATION",
    "NOREPLICATION",
    "BYPASSRLS",
    "NOBYPASSRLS",
    "INHERIT",
    "NOINHERIT",
    "LOGIN",
    "NOLOGIN",
];

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::RowSecurity { table } if !scene.is_new(table) => {
                found.add(span, format!("row level security of {table} changes who sees which of its rows"));
            }
            Action::Authorize { what } if !is_about_new(scene) && !is_made_again(scene) => {
                found.add(span, format!("{what} changes who may do what"));
            }
            Action::TableOther { table, what } if what == "OWNER" && !scene.is_new(table) => {
                found.add(span, format!("another owner of {table} changes who may do what"));
            }
            Action::Other { what } if matches!(what.as_str(), "ALTER ROLE" | "ALTER USER") && changes_a_role(scene) => {
                found.add(span, format!("{what} changes what the role may do"));
            }
            _ => {}
        }
    }
}

/// True where what a role may do changes, and the role is not of this script. Settings of a role are not that.
fn changes_a_role(scene: &Scene<'_>) -> bool {
    let Some((role, mut behind)) = role_of(scene.kind, &scene.statement().text, "ALTER").filter(|_| scene.kind == Kind::Postgres) else {
        return false;
    };
    let is_new = scene.before().iter().any(|statement| role_of(scene.kind, &statement.text, "CREATE").is_some_and(|(made, _)| made == role));
    behind.until(&ATTRIBUTES);
    !is_new && !behind.is_done()
}

/// The role that is made or changed, and what stands behind its name.
fn role_of<'a>(kind: Kind, text: &'a str, verb: &str) -> Option<(String, Cursor<'a>)> {
    let mut cursor = Cursor::new(kind, text);
    let is_role = cursor.eat(&[verb, "ROLE"]) || cursor.eat(&[verb, "USER"]);
    let role = cursor.ident().filter(|_| is_role)?;
    Some((role, cursor))
}

/// True where all that the statement is about is made by this script: nobody could use it before.
fn is_about_new(scene: &Scene<'_>) -> bool {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.until(&["ON"]);
    cursor.eat(&["ON"]);
    let _ = cursor.eat_one(&KINDS);
    let about = cursor.names();
    !about.is_empty() && about.iter().all(|name| is_made(scene, name))
}

/// True where the script makes a table, view, function or the like of this name before the statement.
pub(super) fn is_made(scene: &Scene<'_>, name: &Name) -> bool {
    let mut made = scene.before().iter().filter_map(|statement| made(Cursor::new(scene.kind, &statement.text)));
    made.any(|it| scene.catalog.is_same(&it, name))
}

/// True for a policy that is dropped and made again: that is one change.
fn is_made_again(scene: &Scene<'_>) -> bool {
    let policy = |text: &str, verb: &str| {
        let mut cursor = Cursor::new(scene.kind, text);
        let is_policy = cursor.eat(&[verb, "POLICY"]);
        cursor.eat(&["IF", "EXISTS"]);
        let name = cursor.ident().filter(|_| is_policy)?;
        cursor.eat(&["ON"]).then(|| cursor.name()).flatten().map(|table| (name, table))
    };
    let dropped = policy(&scene.statement().text, "DROP");
    dropped.is_some() && scene.after().iter().any(|statement| policy(&statement.text, "CREATE") == dropped)
}

/// What a statement makes. What it may also replace was there already.
fn made(mut cursor: Cursor<'_>) -> Option<Name> {
    if !cursor.eat(&["CREATE"]) || cursor.sees(&["OR"]) {
        return None;
    }
    // Triggers, policies and indexes say the name of something else behind these words.
    cursor.until(&[&KINDS[..], &["ON", "TRIGGER"]].concat());
    cursor.eat_one(&KINDS)?;
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.name()
}

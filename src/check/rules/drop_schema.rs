//! A schema or database goes, with all that is in it.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "drop-schema",
    level: Level::Error,
    engines: SERVERS,
    summary: "a schema or database is dropped with everything in it",
    why: "Every table in it goes with its rows, and every view, function and sequence; the statement names none of them. On PostgreSQL CASCADE \
          reaches objects of other schemas too, where they depend on one of these. On MySQL and MariaDB a schema is a database, and nothing \
          brings it back but a backup. PostgreSQL drops a schema without CASCADE only where it is empty: that is a note.",
    instead: "drop what is in it by name, in revisions of their own, and then the empty schema without CASCADE",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-dropschema.html",
        "https://www.postgresql.org/docs/current/sql-dropdatabase.html",
        "https://dev.mysql.com/doc/refman/8.4/en/drop-database.html",
        "https://mariadb.com/kb/en/drop-database/",
    ],
    known_as: &["squawk ban-drop-database", "Atlas DS101", "pg-schema-diff DELETES_DATA"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE SCHEMA s; CREATE TABLE s.t (a int); INSERT INTO s.t VALUES (1);", "DROP SCHEMA s CASCADE;")
            .seen(Seen::Shows("SELECT count(*) FROM pg_tables WHERE schemaname = 's'", "0")),
        Example::postgres("CREATE SCHEMA s;", "DROP SCHEMA IF EXISTS s;"),
        Example::mysql(
            "CREATE DATABASE IF NOT EXISTS dbtool_rule_drop_schema; CREATE TABLE IF NOT EXISTS dbtool_rule_drop_schema.t (a int);",
            "DROP DATABASE dbtool_rule_drop_schema;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'dbtool_rule_drop_schema'", "0")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s CASCADE;"),
        Example::postgres("CREATE SCHEMA s; CREATE TABLE s.t (a int);", "ALTER TABLE s.t ADD COLUMN b int;"),
        Example::mysql("", "CREATE DATABASE dbtool_rule_new_schema; DROP DATABASE dbtool_rule_new_schema;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropSchema { schema } = action else { continue };
        if scene.actions_before().any(|it| matches!(it, Action::CreateSchema { schema: made } if made == schema)) {
            continue;
        }
        if has_to_be_empty(scene) {
            found
                .add(span, format!("the schema {schema} is dropped, if nothing is in it"))
                .at_most(Level::Note)
                .help("see that nothing looks for it any more");
        } else {
            found.add(span, format!("the schema {schema} is dropped with all tables in it and their rows"));
        }
    }
}

/// True where the server refuses to drop a schema that has something in it.
fn has_to_be_empty(scene: &Scene<'_>) -> bool {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    let is_schema = scene.kind == Kind::Postgres && cursor.eat(&["DROP", "SCHEMA"]);
    cursor.until(&["CASCADE"]);
    is_schema && cursor.is_done()
}

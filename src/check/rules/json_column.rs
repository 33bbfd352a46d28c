//! A column of a type whose values cannot be compared.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "json-column",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a column is of type json rather than jsonb",
    why: "PostgreSQL keeps json as the text that came in and has no equality for it: SELECT DISTINCT, GROUP BY and UNION fail on a query with such \
          a column, even where that column is not what the query is about. jsonb has equality and can be indexed. json is right only where blanks, \
          the order of keys or repeated keys must stay.",
    instead: "write jsonb",
    sources: &["https://www.postgresql.org/docs/current/datatype-json.html"],
    known_as: &["strong_migrations add_column_json", "online_migrations add_column_json", "eugene E3"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a json); SELECT DISTINCT a FROM t;").seen(Seen::Fails("could not identify an equality operator")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b json; SELECT b FROM t UNION SELECT b FROM t;")
            .seen(Seen::Fails("could not identify an equality operator")),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ALTER COLUMN a TYPE json USING a::json;"),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b jsonb DEFAULT '{}'; CREATE TABLE u (json text, a jsonb[]);"),
        Example::postgres("", "CREATE TEMP TABLE t (a json);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::CreateTable(def) if !def.temporary => {
                let Some(table) = &def.name else { continue };
                for column in def.columns.iter().filter(|column| is_json(&column.ty)) {
                    found.add(&column.span, message(table, &column.name));
                }
            }
            Action::AddColumn { table, column, .. } if is_json(&column.ty) => {
                found.add(&column.span, message(table, &column.name));
            }
            Action::SetType { table, column, ty, .. } if is_json(ty) => {
                found.add(span, message(table, column));
            }
            _ => {}
        }
    }
}

fn message(table: &Name, column: &str) -> String {
    format!("{column} of {table} is json, which has no equality: DISTINCT, GROUP BY and UNION fail on it")
}

/// An array compares its elements, so one of json is no better.
fn is_json(ty: &str) -> bool {
    let ty = ty.trim_start_matches("pg_catalog.");
    ty == "json" || ty.starts_with("json[")
}

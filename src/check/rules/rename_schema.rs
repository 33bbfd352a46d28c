//! A schema gets another name.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "rename-schema",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a schema gets another name",
    why: "Every table, view and function in it is found under another name from then on. An application of before the revision that still runs \
          fails at its next query, whether it names the schema or has it in its search_path; that a schema of the search_path is not there is no \
          error, so that it says `relation does not exist`. Bodies of functions that are strings, and settings of roles and databases, keep the \
          old name.",
    instead: "make a schema of the new name with views of the tables, let a release use that, and move the tables when nothing uses the old name \
              any more",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-alterschema.html",
        "https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH",
    ],
    known_as: &["strong_migrations rename_schema"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE SCHEMA s; CREATE TABLE s.t (a int);", "ALTER SCHEMA s RENAME TO r; SELECT * FROM s.t;")
            .seen(Seen::Fails("does not exist")),
        Example::postgres(
            "CREATE SCHEMA s; CREATE TABLE s.t (a int);",
            "SET search_path = s; SELECT * FROM t; ALTER SCHEMA s RENAME TO r; SELECT * FROM t;",
        )
        .seen(Seen::Fails("relation \"t\" does not exist")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE SCHEMA s; CREATE TABLE s.t (a int); ALTER SCHEMA s RENAME TO r;"),
        Example::postgres("CREATE SCHEMA s; CREATE SCHEMA n;", "ALTER SCHEMA s RENAME TO o; ALTER SCHEMA n RENAME TO s;"),
        Example::postgres("CREATE SCHEMA s;", "ALTER SCHEMA s OWNER TO CURRENT_USER;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::RenameSchema { from, to } = action else { continue };
        // It is new or had a passing name, or another one has had the new name up to here.
        let is_change_over = scene.actions_before().any(|it| match it {
            Action::CreateSchema { schema } => schema == from,
            Action::RenameSchema { from: freed, to: passing } => passing == from || freed == to,
            Action::DropSchema { schema } => schema == to,
            _ => false,
        });
        let is_taken_again = scene.actions_after().any(|it| match it {
            Action::CreateSchema { schema } => schema == from,
            Action::RenameSchema { to: taken, .. } => taken == from,
            _ => false,
        });
        if !is_change_over && !is_taken_again {
            found.add(span, format!("whatever asks for what is in the schema {from} fails from now on: it is called {to}"));
        }
    }
}

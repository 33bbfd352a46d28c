//! A routine goes, or is called something else, and nobody knows which bodies call it.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "untracked-dependency",
    level: Level::Note,
    engines: SERVERS,
    summary: "a function or procedure is dropped or gets another name, and no catalog knows which bodies call it",
    why: "A body that is a string is read when it runs: PostgreSQL refuses to drop what views, defaults, triggers and bodies in the standard's \
          form call, but not what other bodies call; and such a body keeps the old name where the routine gets another one or goes into another \
          schema. MySQL and MariaDB refuse nothing: views, triggers and routines that call it stay, and fail when they are used.",
    instead: "look for its name in the bodies that are left: pg_proc.prosrc on PostgreSQL, information_schema.routines, triggers and views on \
              MySQL and MariaDB",
    sources: &[
        "https://www.postgresql.org/docs/current/ddl-depend.html",
        "https://www.postgresql.org/docs/current/sql-dropfunction.html",
        "https://dev.mysql.com/doc/refman/8.4/en/drop-procedure.html",
        "https://mariadb.com/kb/en/drop-function/",
    ],
    known_as: &["pg-schema-diff HAS_UNTRACKABLE_DEPENDENCIES"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT f()';",
            "DROP FUNCTION f(); SELECT g();",
        )
        .seen(Seen::Fails("function f() does not exist")),
        Example::postgres("CREATE PROCEDURE p(a int, b int) LANGUAGE sql AS 'SELECT 1';", "DROP PROCEDURE IF EXISTS p(int, int), q(text);"),
        Example::postgres(
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT f(1)';",
            "ALTER FUNCTION f(int) RENAME TO h; SELECT g();",
        )
        .seen(Seen::Fails("function f(integer) does not exist")),
        Example::postgres("CREATE SCHEMA s; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';", "ALTER PROCEDURE p SET SCHEMA s; CALL p();")
            .seen(Seen::Fails("does not exist")),
        Example::mysql(
            "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1; CREATE FUNCTION g() RETURNS int DETERMINISTIC RETURN f() + 1;",
            "DROP FUNCTION f; SELECT g();",
        )
        .seen(Seen::Fails("does not exist")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "DROP FUNCTION f(); CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''1''';",
        ),
        Example::postgres("", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f();"),
        Example::postgres("CREATE TABLE f (a int);", "DROP TABLE f;"),
        Example::postgres("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "ALTER FUNCTION f() STABLE SET search_path = public;"),
        Example::mysql(
            "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;",
            "DROP FUNCTION IF EXISTS f; CREATE DEFINER = CURRENT_USER FUNCTION F() RETURNS int DETERMINISTIC RETURN 2;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
        cursor.step();
        let word = cursor.word().unwrap_or_default().to_lowercase();
        match action {
            Action::DropRoutine { name } if !is_made(scene, name) => {
                found.add(span, format!("what calls the {word} {name} in a body fails when it runs from now on"));
            }
            Action::Other { what } if ALTERS.contains(&what.as_str()) => {
                if let Some(name) = renamed(cursor).filter(|name| !is_made(scene, name)) {
                    found.add(span, format!("what calls the {word} {name} by this name in a body fails when it runs from now on"));
                }
            }
            _ => {}
        }
    }
}

const ALTERS: [&str; 4] = ["ALTER FUNCTION", "ALTER PROCEDURE", "ALTER ROUTINE", "ALTER AGGREGATE"];

/// The routine that gets another name or another schema on PostgreSQL; the cursor stands before the word for it.
fn renamed(mut cursor: Cursor<'_>) -> Option<Name> {
    cursor.step();
    let name = cursor.name()?;
    // What it takes.
    cursor.brackets();
    (cursor.sees(&["RENAME", "TO"]) || cursor.sees(&["SET", "SCHEMA"])).then_some(name)
}

/// True where the script makes a routine of this name, before or behind.
fn is_made(scene: &Scene<'_>, dropped: &Name) -> bool {
    let words = ["CREATE FUNCTION", "CREATE PROCEDURE", "CREATE AGGREGATE"];
    let makes = |action: &Action| matches!(action, Action::Other { what } if words.contains(&what.as_str()));
    scene.script.statements.iter().filter(|statement| statement.does(makes)).any(|statement| {
        let mut cursor = Cursor::new(scene.kind, &statement.text);
        cursor.until(&["FUNCTION", "PROCEDURE", "AGGREGATE"]);
        while cursor.eat_one(&["FUNCTION", "PROCEDURE", "AGGREGATE"]).is_some() {}
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        cursor.name().is_some_and(|name| scene.catalog.is_same(&name, dropped))
    })
}

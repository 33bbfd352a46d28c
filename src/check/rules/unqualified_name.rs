//! A table whose schema the session decides on.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "unqualified-name",
    level: Level::Off,
    engines: POSTGRES,
    summary: "a table is made, altered or dropped without the name of its schema",
    why: "Which table is meant, or in which schema it is made, depends on the `search_path` of the session, which the role, the database and the \
          connection can set. The same script can change, or drop, another table on another server. A script that sets `search_path` itself is not \
          judged. The rule is for databases with several schemas: it is off by default.",
    instead: "write the schema before the name: public.t",
    sources: &["https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH"],
    known_as: &["squawk require-table-schema"],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE IF NOT EXISTS t (a int);"),
        Example::postgres(
            "CREATE TABLE public.t (a int); CREATE SCHEMA app; CREATE TABLE app.t (a int);",
            "ALTER TABLE ONLY t /* which? */ ADD COLUMN b int;",
        )
        .seen(Seen::Shows(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'app' AND table_name = 't' AND column_name = 'b'",
            "0",
        )),
        Example::postgres("", "CREATE UNLOGGED TABLE \"a.b\" (a int);"),
        Example::postgres("CREATE TABLE t (a int); CREATE TABLE u (a int);", "DROP TABLE IF EXISTS public.t, u CASCADE;"),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE public.t (a int); ALTER TABLE ONLY \"public\" . t ADD COLUMN b int;"),
        Example::postgres("", "CREATE TEMP TABLE t (a int); ALTER TABLE t ADD COLUMN b int; DROP TABLE t;"),
        Example::postgres("CREATE TABLE t (a int); CREATE TABLE u (a int);", "DROP TABLE public.t, \"public\".u;"),
        Example::postgres("CREATE SCHEMA app;", "SET search_path = app; CREATE TABLE t (a int);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    if cursor.eat_one(&["CREATE", "ALTER", "DROP"]).is_none() || scene.has_set("search_path") {
        return;
    }
    let _ = cursor.eat_one(&["UNLOGGED", "FOREIGN"]);
    // What stands behind ALL IN is a tablespace. A temporary table is in no schema of the user's.
    if !cursor.eat(&["TABLE"]) || cursor.sees(&["ALL", "IN"]) {
        return;
    }
    let _ = cursor.eat(&["IF", "NOT", "EXISTS"]) || cursor.eat(&["IF", "EXISTS"]);
    cursor.eat(&["ONLY"]);
    // DROP TABLE has a list of them.
    while let (Some(token), Some(name)) = (cursor.peek(), cursor.ident()) {
        if cursor.eat(&["."]) {
            cursor.step();
        } else if !is_temporary(scene, &name) {
            let draft = found.add(&(token.start..token.end()), format!("the session's search_path decides in which schema {name} is"));
            draft.help(format!("write the schema before the name: public.{}", token.text));
        }
        if !cursor.eat(&[","]) {
            return;
        }
    }
}

/// True for a table that the script has made as a temporary one.
fn is_temporary(scene: &Scene<'_>, table: &str) -> bool {
    let makes = |action: &Action| matches!(action, Action::CreateTable(def) if def.temporary && def.name.as_ref().is_some_and(|it| it.name == table));
    scene.actions_before().any(makes)
}

//! A statement that runs code which no rule can read.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "opaque-statement",
    level: Level::Note,
    engines: SERVERS,
    summary: "a statement runs code that the rules cannot see",
    why: "What a DO block, a procedure, a prepared statement or a function does to tables is not in the script as SQL that can be judged. It may \
          drop, lock or rewrite them, and no rule says so. Nor do the rules know afterwards what it made or changed.",
    instead: "write the statements themselves into the script, or look at the code and say so: -- dbtool: allow opaque-statement reason=\"...\"",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-do.html",
        "https://www.postgresql.org/docs/current/sql-call.html",
        "https://dev.mysql.com/doc/refman/8.4/en/call.html",
        "https://dev.mysql.com/doc/refman/8.4/en/execute.html",
    ],
    known_as: &["strong_migrations execute", "online_migrations execute", "pg-schema-diff IS_USER_GENERATED"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 7'; END $$;",
        )
        .seen(Seen::Shows("SELECT b FROM t", "7")),
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE FUNCTION empty_t() RETURNS void LANGUAGE sql AS 'DELETE FROM t';",
            "SELECT empty_t();",
        )
        .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE PROCEDURE empty_t() DELETE FROM t;", "CALL empty_t();")
            .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "SELECT count(*) FROM t; SELECT pg_catalog.set_config('search_path', '', false);"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "DO $dbtool$ BEGIN\n  IF EXISTS (SELECT FROM t WHERE a > 5) THEN\n    RAISE EXCEPTION 't.a does not fit';\n  END IF;\nEND $dbtool$;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "SELECT max(a) FROM t; CREATE PROCEDURE p() DELETE FROM t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Opaque { what } = action else { continue };
        // What `migrate` writes so only looks at rows.
        let is_own = what == "DO" && scene.statement().text.contains("$dbtool");
        if !is_own {
            found.add(span, format!("{what} runs code that no rule can judge"));
        }
    }
}

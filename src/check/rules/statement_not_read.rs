//! A statement, or a part of one, that is not understood.

use crate::check::finding::Level;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "statement-not-read",
    level: Level::Warning,
    engines: ALL,
    summary: "a statement cannot be read, so that no rule has judged it",
    why: "The rules judge what they can read. Here is something that begins with no word that is known: a slip of the pen, which the server refuses \
          when the revision is replayed, or SQL that is newer than this program. Of what stands there no rule says anything, and what it makes is \
          not known to the statements behind it.",
    instead: "look at it yourself; where it is right, say so: -- dbtool: allow statement-not-read reason=\"...\"",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-commands.html",
        "https://www.sqlite.org/lang.html",
        "https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "FROBNICATE t;").seen(Seen::Fails("syntax error")),
        Example::postgres("CREATE TABLE t (a int);", "FROBNICATE t;").seen(Seen::Fails("syntax error")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int, FROBNICATE;").seen(Seen::Fails("syntax error")),
        Example::mysql("CREATE TABLE t (a int);", "FROBNICATE t;").seen(Seen::Fails("error in your sql syntax")),
    ],
    counter_examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "-- frobnicate\nREINDEX t; ANALYZE; EXPLAIN SELECT 1;"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "COMMENT ON TABLE t IS 'frobnicate'; ALTER TABLE t ALTER COLUMN a SET STATISTICS 100, SET (fillfactor = 70);",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ANALYZE TABLE t; ALTER TABLE t COMMENT = 'x', ROW_FORMAT = DYNAMIC;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if let Some(unread) = &scene.statement().reading.unread {
        found.add(&unread.span, format!("{}: no rule has judged it", unread.why));
    }
}

//! A point in time without what tells which one.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "timestamp-without-time-zone",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a column has the type timestamp without time zone",
    why: "The type keeps the digits of a clock and not which clock that is. A time zone in a value is left out without a word, and now() is stored \
          as the session's own time: two sessions with different time zones store different values at the same moment, and an hour is there twice \
          when summer time ends. timestamptz takes the same eight bytes, stores the moment in UTC and shows it in the time zone of the session.",
    instead: "write timestamptz; timestamp is right for what a clock on a wall shows, such as the opening of a shop",
    sources: &["https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-INPUT-TIME-STAMPS"],
    known_as: &["squawk prefer-timestamptz"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a timestamp); INSERT INTO t VALUES ('2026-01-01 12:00:00+09');")
            .seen(Seen::Shows("SELECT a FROM t", "2026-01-01 12:00:00")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b timestamp(3) without time zone NOT NULL DEFAULT now();"),
        Example::postgres("CREATE TABLE t (a timestamptz);", "ALTER TABLE t ALTER COLUMN a TYPE timestamp USING a AT TIME ZONE 'UTC';")
            .seen(Seen::Rewrites("t")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a timestamptz, b timestamp(3) with time zone, c timestamptz(0)[], d date, e time);"),
        Example::postgres("CREATE TABLE t (a timestamp);", "ALTER TABLE t ALTER COLUMN a TYPE timestamp(0);"),
        Example::postgres("", "CREATE TEMP TABLE t (a timestamp);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { table, name: column, ty, place, was, .. } in typed(scene) {
        if is_local(ty) && !was.is_some_and(|it| is_local(&it.ty)) {
            found.add(place, format!("{table}.{column} does not say in which time zone its times are"));
        }
    }
}

fn is_local(ty: &str) -> bool {
    let ty = ty.trim_start_matches("pg_catalog.");
    let base = ty.split(['(', '[', ' ']).next();
    base == Some("timestamp") && !ty.contains(" with time zone")
}

//! A column of an integer type that a growing number leaves behind.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "small-integer-column",
    level: Level::Off,
    engines: POSTGRES,
    summary: "a column has an integer type of less than eight bytes",
    why: "A number beyond the range of the type is refused, and the change to bigint writes every row anew while nobody can read or write the \
          table. bigint takes four bytes more than integer, and often none, where they would be padding. The rule is for those who want bigint \
          everywhere: it is off by default.",
    instead: "write bigint",
    sources: &[
        "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    ],
    known_as: &["squawk prefer-bigint-over-int", "squawk prefer-bigint-over-smallint"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a int); INSERT INTO t VALUES (2147483648);").seen(Seen::Fails("integer out of range")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b smallint; INSERT INTO t (b) VALUES (32768);")
            .seen(Seen::Fails("smallint out of range")),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ALTER COLUMN a TYPE integer USING a::integer;"),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a bigint, b int8, c numeric(4), d int4range, e interval);"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ALTER COLUMN a TYPE bigint;"),
        Example::postgres("", "CREATE TEMP TABLE t (a int);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { table, name: column, ty, place, was, .. } in typed(scene) {
        let Some(largest) = largest(ty) else { continue };
        if was.and_then(|it| self::largest(&it.ty)) != Some(largest) {
            found.add(place, format!("{table}.{column} ends at {largest}"));
        }
    }
}

/// The largest number that a small integer type has; `None` for every other type.
fn largest(ty: &str) -> Option<&'static str> {
    match ty.split('[').next().unwrap_or_default().trim_start_matches("pg_catalog.") {
        "smallint" | "int2" | "smallserial" | "serial2" => Some("32,767"),
        "int" | "integer" | "int4" | "serial" | "serial4" => Some("2,147,483,647"),
        _ => None,
    }
}

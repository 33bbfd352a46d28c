//! A column of numbers that are not exact.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "float-type",
    level: Level::Note,
    engines: SERVERS,
    summary: "a column has a floating-point type",
    why: "real and double precision, FLOAT and DOUBLE keep binary fractions. 0.1 is none: what is read is near what was written, sums depend on the \
          order of the rows, and a comparison with = fails where people see the same digits. That is right for what is measured, and wrong for \
          amounts of money and for what is counted.",
    instead: "write numeric(12,2) for amounts; a floating-point type is right for measurements",
    sources: &[
        "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT",
        "https://dev.mysql.com/doc/refman/8.4/en/problems-with-float.html",
        "https://mariadb.com/kb/en/double/",
    ],
    known_as: &["spirit has_float"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a double precision); INSERT INTO t VALUES (0.1), (0.2);")
            .seen(Seen::Shows("SELECT sum(a) = 0.3 FROM t", "f")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b real; INSERT INTO t (b) VALUES (16777217);")
            .seen(Seen::Shows("SELECT b::double precision FROM t", "16777216")),
        Example::postgres("CREATE TABLE t (a numeric(12,2));", "ALTER TABLE t ALTER COLUMN a TYPE float8;").seen(Seen::Rewrites("t")),
        Example::mysql("", "CREATE TABLE t (a DOUBLE); INSERT INTO t VALUES (0.1), (0.2);").seen(Seen::Shows("SELECT SUM(a) = 0.3 FROM t", "0")),
        Example::mysql("CREATE TABLE t (a decimal(12,2));", "ALTER TABLE t CHANGE a b float unsigned NOT NULL DEFAULT 0;")
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a numeric(12,2), b numrange, c bigint, real_name text, embedding real[]);"),
        Example::postgres("CREATE TABLE t (a real);", "ALTER TABLE t ALTER COLUMN a TYPE double precision;"),
        Example::mysql("", "CREATE TABLE t (a decimal(12,2), `double` int);"),
        Example::mysql("CREATE TABLE t (a float);", "ALTER TABLE t MODIFY a float NOT NULL DEFAULT 0;"),
        Example::mysql("", "CREATE TEMPORARY TABLE t (a double);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { table, name, ty, place, was, .. } in typed(scene) {
        if is_float(ty) && !was.is_some_and(|it| is_float(&it.ty)) {
            found.add(place, format!("{table}.{name} holds binary fractions: 0.1 is not exact in it"));
        }
    }
}

/// An array of such numbers is a vector, which is measured.
fn is_float(ty: &str) -> bool {
    let first = ty.trim_start_matches("pg_catalog.").split(['(', ' ']).next().unwrap_or_default();
    matches!(first, "real" | "double" | "float" | "float4" | "float8") && !ty.ends_with(']')
}

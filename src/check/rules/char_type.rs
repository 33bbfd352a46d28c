//! A column of a type that is filled up with blanks.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "char-type",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a column has the type char(n)",
    why: "A value that is shorter than n is filled up with blanks, and the blanks are stored. Comparisons of this type leave them out, `LIKE` and \
          regular expressions see them, and they go when the value becomes text: the same value is equal in one place and not in another. Nothing \
          is gained: PostgreSQL reads and writes no text faster for its fixed width.",
    instead: "write text, with CHECK (char_length(column) = n) where the length has to be that",
    sources: &["https://www.postgresql.org/docs/current/datatype-character.html"],
    known_as: &["squawk ban-char-field"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a char(5)); INSERT INTO t VALUES ('ab');").seen(Seen::Shows("SELECT octet_length(a) FROM t", "5")),
        Example::postgres("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b character(3) NOT NULL DEFAULT 'x';")
            .seen(Seen::Shows("SELECT b = 'x', b LIKE 'x' FROM t", "t|f")),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ALTER COLUMN a TYPE bpchar(3);"),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a \"char\", b varchar(3), c character varying(3), d char varying(3), e text);"),
        Example::postgres("CREATE TABLE t (a char(3));", "ALTER TABLE t ALTER COLUMN a TYPE char(4);"),
        Example::postgres("", "CREATE TEMP TABLE t (a char(3));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { table, name: column, ty, place, was, .. } in typed(scene) {
        if is_padded(ty) && !was.is_some_and(|it| is_padded(&it.ty)) {
            found.add(place, format!("values of {table}.{column} are filled up with blanks"));
        }
    }
}

/// True for `char(3)` under all its names. `"char"` is a byte, and stands in quotes here too.
fn is_padded(ty: &str) -> bool {
    let ty = ty.strip_prefix("pg_catalog.").unwrap_or(ty);
    let base = ty.split(['(', '[']).next().unwrap_or_default();
    matches!(base, "char" | "character" | "bpchar" | "nchar" | "national char" | "national character")
}

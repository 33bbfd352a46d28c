//! A text column whose limit is part of its type.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "varchar-limit",
    level: Level::Off,
    engines: POSTGRES,
    summary: "a column has the type varchar(n)",
    why: "The limit can be changed only with the type of the column: under an ACCESS EXCLUSIVE lock, not while a view stands on the column, and \
          where the limit becomes smaller with every row written anew. A check on a text column is dropped and made anew by itself, with NOT VALID \
          and VALIDATE CONSTRAINT while others go on writing. Both types are stored in the same way. The rule is for those who want text \
          everywhere: it is off by default.",
    instead: "write text with a check: CHECK (char_length(column) <= n)",
    sources: &[
        "https://www.postgresql.org/docs/current/datatype-character.html",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    ],
    known_as: &["squawk prefer-text-field"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a varchar(20)); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t ALTER COLUMN a TYPE varchar(30);")
            .seen(Seen::Fails("cannot alter type of a column used by a view")),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ADD COLUMN b character varying(20) NOT NULL DEFAULT '';"),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ALTER COLUMN a TYPE varchar(20);").seen(Seen::Rewrites("t")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a varchar, b text CHECK (char_length(b) <= 20), c char(3), d varbit(3));"),
        Example::postgres("CREATE TABLE t (a varchar(20));", "ALTER TABLE t ALTER COLUMN a TYPE varchar(30);"),
        Example::postgres("", "CREATE TEMP TABLE t (a varchar(20));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { action, table, name: column, ty, place, was } in typed(scene) {
        let Some(limit) = limit(ty).filter(|_| was.is_none_or(|it| self::limit(&it.ty).is_none())) else { continue };
        let draft = found.add(place, format!("the limit of {table}.{column} is part of its type"));
        let name = scene.kind.dialect().quote(column);
        if ty.ends_with(']') {
            continue;
        }
        draft.help(match action {
            Action::SetType { .. } => format!("write text, and ADD CHECK (char_length({name}) <= {limit}) NOT VALID"),
            _ => format!("write {name} text CHECK (char_length({name}) <= {limit})"),
        });
    }
}

/// What stands in the brackets of `varchar(20)` under all its names.
fn limit(ty: &str) -> Option<&str> {
    let (base, rest) = ty.split_once('(')?;
    let is_varchar = matches!(base.trim_start_matches("pg_catalog."), "varchar" | "character varying" | "char varying" | "nchar varying");
    let is_national = matches!(base, "national character varying" | "national char varying");
    if is_varchar || is_national { rest.split(')').next() } else { None }
}

//! An enumeration is made, which is hard to take values from.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "create-enum",
    level: Level::Note,
    engines: POSTGRES,
    summary: "an enumeration type is made",
    why: "A value can be added to an enumeration at any time, but not taken away, nor moved to another place. That needs a new type, and every \
          table with a column of it is written anew while nobody can read or write it.",
    instead: "where values will go again, make it text with a CHECK, or a table of its own with a foreign key",
    sources: &["https://www.postgresql.org/docs/current/datatype-enum.html#DATATYPE-ENUM-IMPLEMENTATION-DETAILS"],
    known_as: &["eugene W13"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "CREATE TYPE e AS ENUM ('a', 'b');"),
        Example::postgres(
            "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e); INSERT INTO t VALUES ('a');",
            "CREATE TYPE e_without_b AS ENUM ('a'); ALTER TABLE t ALTER COLUMN a TYPE e_without_b USING a::text::e_without_b;",
        )
        .seen(Seen::Rewrites("t")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TYPE e AS ENUM ('a', 'b');", "ALTER TYPE e RENAME TO old; CREATE TYPE e AS ENUM ('a'); DROP TYPE old;"),
        Example::postgres("", "CREATE TYPE pair AS (a int, b int); CREATE TYPE r AS RANGE (subtype = float8);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateEnum { name, .. } = action else { continue };
        // Where one of this name was there, this is the new type that the change of its values needs.
        if !scene.catalog.enums.contains_key(&name.to_string()) {
            found.add(span, format!("the values of {name} cannot be taken away again, or put in another order"));
        }
    }
}

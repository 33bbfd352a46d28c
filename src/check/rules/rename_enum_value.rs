//! A value of an enumeration gets another name.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "rename-enum-value",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a value of an enumeration gets another name",
    why: "An application of before the revision that still runs fails at its next query that writes the old value or compares with it, and reads \
          a value that it does not know. Defaults and views follow, bodies of functions that are strings do not.",
    instead: "add the new value with ALTER TYPE ... ADD VALUE, let a release write it and understand both, then change the rows in batches",
    sources: &["https://www.postgresql.org/docs/current/sql-altertype.html", "https://www.postgresql.org/docs/current/datatype-enum.html"],
    known_as: &["strong_migrations rename_enum_value"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (a mood);",
            "ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'; INSERT INTO t VALUES ('bad');",
        )
        .seen(Seen::Fails("invalid input value for enum")),
        Example::postgres(
            "CREATE TYPE mood AS ENUM ('bad'); CREATE TABLE t (a mood); INSERT INTO t VALUES ('bad');",
            "ALTER TYPE public.mood RENAME VALUE 'bad' TO 'sad';",
        )
        .seen(Seen::Shows("SELECT a FROM t", "sad")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TYPE mood RENAME VALUE 'bad' TO 'sad';"),
        Example::postgres("CREATE TYPE mood AS ENUM ('good');", "ALTER TYPE mood ADD VALUE 'bad'; ALTER TYPE mood RENAME VALUE 'bad' TO 'sad';"),
        Example::postgres("CREATE TYPE mood AS ENUM ('good');", "ALTER TYPE mood RENAME TO feeling;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::RenameEnumValue { name, from, to } = action else { continue };
        let is_new = scene.actions_before().any(|it| match it {
            Action::CreateEnum { name: made, .. } => made == name,
            Action::AddEnumValue { name: of, value, .. } => of == name && value == from,
            Action::RenameEnumValue { name: of, to: passing, .. } => of == name && passing == from,
            _ => false,
        });
        if !is_new {
            found.add(span, format!("whatever writes {from} or compares with it fails from now on: the value of {name} is called {to}"));
        }
    }
}

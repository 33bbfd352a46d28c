//! An enumeration gets a value at a place that nobody chose.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "enum-value-order",
    level: Level::Note,
    engines: POSTGRES,
    summary: "an enumeration gets a value without BEFORE or AFTER",
    why: "The values of an enumeration have an order, by which the server sorts and compares them. Without BEFORE or AFTER a value is put at the \
          end, and it cannot be moved afterwards without a new type.",
    instead: "say where it belongs: ALTER TYPE ... ADD VALUE '...' AFTER '...'",
    sources: &["https://www.postgresql.org/docs/current/sql-altertype.html"],
    known_as: &["squawk require-enum-value-ordering"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TYPE size AS ENUM ('small', 'large');", "ALTER TYPE size ADD VALUE 'medium';")
            .seen(Seen::Shows("SELECT 'medium'::size > 'large'::size", "t")),
        Example::postgres("CREATE TYPE size AS ENUM ('small');", "ALTER TYPE size ADD VALUE IF NOT EXISTS 'large';"),
    ],
    counter_examples: &[Example::postgres(
        "CREATE TYPE size AS ENUM ('small', 'large');",
        "ALTER TYPE size ADD VALUE 'medium' BEFORE 'large'; ALTER TYPE size ADD VALUE IF NOT EXISTS 'huge' AFTER 'large'; ALTER TYPE size RENAME \
         VALUE 'huge' TO 'big';",
    )],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::AddEnumValue { name, value, is_placed: false } = action else { continue };
        let ty = scene.kind.dialect().name(name);
        found
            .add(span, format!("{value} becomes the last value of {name}, and cannot be moved afterwards"))
            .help(format!("say where it belongs: ALTER TYPE {ty} ADD VALUE {value} AFTER '...';"));
    }
}

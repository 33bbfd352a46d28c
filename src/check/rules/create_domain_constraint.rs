//! A domain is made with a constraint.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "create-domain-constraint",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a domain is made with a constraint",
    why: "A table to which a column of such a domain is added is written anew, row by row, up to PostgreSQL 18, while nobody can read or write it. \
          And a constraint of a domain holds for every table that uses it, so a change of it reads all of them at once, where a constraint of a \
          table reads that one.",
    instead: "make the domain without a constraint, and give each table a CHECK of its own, which can be added NOT VALID and validated by itself",
    sources: &["https://www.postgresql.org/docs/current/sql-createdomain.html", "https://www.postgresql.org/docs/current/sql-alterdomain.html"],
    known_as: &["squawk ban-create-domain-with-constraint"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "CREATE DOMAIN positive AS int CHECK (VALUE > 0); ALTER TABLE t ADD COLUMN b positive;",
        )
        .seen(Seen::Rewrites("t")),
        Example::postgres("", "CREATE DOMAIN named AS varchar(20) DEFAULT 'x' CONSTRAINT not_empty CHECK (VALUE <> '');"),
        Example::postgres("", "CREATE DOMAIN d AS text COLLATE \"C\" NOT NULL;"),
    ],
    counter_examples: &[Example::postgres("", "CREATE DOMAIN d AS varchar(20) DEFAULT 'x' NULL; CREATE DOMAIN e int;")],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        if let Action::CreateDomain { name, is_constrained: true } = action {
            found.add(span, format!("a column of {name} cannot be added without every row being written anew, for the domain has a constraint"));
        }
    }
}

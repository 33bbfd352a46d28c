//! A sequence goes, and with it how far it has counted.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Flavor, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "drop-sequence",
    level: Level::Warning,
    engines: SERVERS,
    summary: "a sequence is dropped, and with it how far it has counted",
    why: "The value where it stood is gone: a sequence that a downgrade makes again starts at its beginning and gives out numbers a second time. \
          PostgreSQL refuses where a default calls it, but knows nothing of applications and bodies of functions that ask for its next value; \
          MariaDB refuses nothing, and the next INSERT that needs the default fails.",
    instead: "see that nothing asks for its next value; where another takes over, hand the value on before: SELECT setval('new', last_value, \
              is_called) FROM old",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-dropsequence.html",
        "https://www.postgresql.org/docs/current/functions-sequence.html",
        "https://mariadb.com/kb/en/drop-sequence/",
    ],
    known_as: &["pg-schema-diff DELETES_DATA", "pg-schema-diff HAS_UNTRACKABLE_DEPENDENCIES"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE SEQUENCE s; SELECT setval('s', 41);", "DROP SEQUENCE s; CREATE SEQUENCE s;")
            .seen(Seen::Shows("SELECT nextval('s')", "1")),
        Example::postgres("CREATE SCHEMA x; CREATE SEQUENCE x.s;", "DROP SEQUENCE IF EXISTS x.s CASCADE;"),
        Example::mysql("CREATE SEQUENCE s; DO SETVAL(s, 41);", "DROP SEQUENCE s; CREATE SEQUENCE s;")
            .only(Flavor::Mariadb)
            .seen(Seen::Shows("SELECT NEXTVAL(s)", "1")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE SEQUENCE s; DROP SEQUENCE s;"),
        Example::postgres("CREATE SEQUENCE s;", "CREATE SEQUENCE n; SELECT setval('n', last_value, is_called) FROM s; DROP SEQUENCE s;"),
        Example::mysql("CREATE SEQUENCE s;", "ALTER SEQUENCE s CACHE 10;").only(Flavor::Mariadb),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::DropSequence { sequence } = action else { continue };
        let is_new =
            scene.actions_before().any(|it| matches!(it, Action::CreateSequence { sequence: made } if scene.catalog.is_same(made, sequence)));
        if !is_new && !hands_on(scene, sequence) {
            found.add(span, format!("the sequence {sequence} is dropped, and how far it has counted is lost"));
        }
    }
}

/// True where a statement before gives its value to another sequence.
fn hands_on(scene: &Scene<'_>, sequence: &Name) -> bool {
    let reads = |text: &str| mentions(text, &sequence.name) && ["last_value", "nextval"].iter().any(|word| mentions(text, word));
    scene.before().iter().any(|statement| mentions(&statement.text, "setval") && reads(&statement.text))
}

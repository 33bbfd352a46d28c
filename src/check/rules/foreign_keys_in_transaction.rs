//! PRAGMA foreign_keys where it has no effect.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "foreign-keys-in-transaction",
    level: Level::Error,
    engines: SQLITE,
    summary: "PRAGMA foreign_keys stands inside BEGIN ... COMMIT, where it does nothing",
    why: "SQLite takes the pragma there without a word and changes nothing. Where the script counts on foreign keys being off, they are on: DROP \
          TABLE then deletes the rows that point at the table by ON DELETE CASCADE, or fails.",
    instead: "write PRAGMA foreign_keys = OFF before BEGIN, and PRAGMA foreign_keys = ON behind COMMIT",
    sources: &["https://www.sqlite.org/pragma.html#pragma_foreign_keys", "https://www.sqlite.org/lang_altertable.html#otheralter"],
    known_as: &[],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::sqlite("PRAGMA foreign_keys = ON;", "BEGIN; PRAGMA foreign_keys = OFF; COMMIT;").seen(Seen::Shows("PRAGMA foreign_keys", "1")),
        Example::sqlite("PRAGMA foreign_keys = ON;", "BEGIN IMMEDIATE; PRAGMA main.foreign_keys(0); COMMIT;")
            .seen(Seen::Shows("PRAGMA foreign_keys", "1")),
    ],
    counter_examples: &[
        Example::sqlite("", "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE t (a int); COMMIT; PRAGMA foreign_keys = ON;"),
        // Without BEGIN every pragma stands outside of the transactions around it.
        Example::sqlite("", "CREATE TABLE t (a int); PRAGMA foreign_keys = OFF; DROP TABLE t;"),
        Example::sqlite(
            "",
            "BEGIN; PRAGMA foreign_keys; PRAGMA foreign_key_check; PRAGMA defer_foreign_keys = ON; PRAGMA legacy_alter_table = ON; COMMIT;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Pragma { name, value: Some(_) } = action else { continue };
        if name == "foreign_keys" && scene.statement().transaction.is_some() {
            found.add(span, "PRAGMA foreign_keys does nothing inside BEGIN ... COMMIT: foreign keys stay on or off as they are");
        }
    }
}

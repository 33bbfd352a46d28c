//! An extension goes to another version.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "extension-upgrade",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "an extension goes to another version",
    why: "ALTER EXTENSION ... UPDATE runs a script that came with the extension: it may change or drop functions, types and operators that \
          tables, indexes and queries use, and lock them meanwhile. Few extensions have a script for the way back. Without TO the version is \
          whatever the files on that server say is the default, so that one server gets another than the next.",
    instead: "read the notes of the extension, try it on a copy, and name the version: ALTER EXTENSION ... UPDATE TO '...'",
    sources: &["https://www.postgresql.org/docs/current/sql-alterextension.html", "https://www.postgresql.org/docs/current/extend-extensions.html"],
    known_as: &["pg-schema-diff UPGRADING_EXTENSION_VERSION"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "ALTER EXTENSION plpgsql UPDATE;"),
        Example::postgres("", "ALTER EXTENSION plpgsql UPDATE TO '1.0';")
            .seen(Seen::Shows("SELECT extversion FROM pg_extension WHERE extname = 'plpgsql'", "1.0")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE EXTENSION IF NOT EXISTS plpgsql;"),
        Example::postgres("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "ALTER EXTENSION plpgsql ADD FUNCTION f();"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::UpdateExtension { name } = action else { continue };
        let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
        cursor.until(&["TO"]);
        if cursor.is_done() {
            found.add(span, format!("the extension {name} goes to whatever version the server has as its default"));
        } else {
            let draft = found.add(span, format!("the extension {name} goes to another version, and few know the way back"));
            draft.help("read the notes of the extension and try it on a copy of the database");
        }
    }
}

//! The codes of what `check` finds besides the rules: the project as a whole.

use super::finding::Level;
use super::rules::RULES;

/// A code that no rule has.
pub struct Code {
    pub code: &'static str,
    pub level: Level,
    pub summary: &'static str,
    /// Why, and what to do.
    pub why: &'static str,
}

/// All of them.
pub const CODES: &[Code] = &[
    code(
        "schema-invalid",
        "schema.toml cannot be read, or says something that the engine cannot hold",
        "Correct the line that is named. Nothing that stands on schema.toml is compared as long as it is invalid.",
    ),
    code(
        "revisions-invalid",
        "the folder of revisions is no graph: a header that cannot be read, a missing parent, a circle, two files of one revision",
        "Correct the file that is named. Without a graph there is no order in which the revisions could be run.",
    ),
    code(
        "multiple-heads",
        "more than one revision that no other stands on",
        "Two people have added one each. `dbtool merge` joins them; `upgrade` refuses to choose.",
    ),
    code(
        "replay-fails",
        "an up script does not run on an empty database behind those before it",
        "A new machine, a test database and the next developer begin with an empty database: the revisions have to lead there. The server's words tell what is wrong.",
    ),
    code(
        "schema-not-migrated",
        "the revisions do not make what schema.toml declares",
        "Somebody has changed schema.toml and not written the revision: `dbtool migrate -m MESSAGE` does. Or a revision was changed by hand, and schema.toml does not know: declare it there.",
    ),
    code(
        "down-missing",
        "a revision has no down script",
        "`downgrade` cannot take it back. `check --fix` writes the plan of the reverse difference. Where there is no way back, write a down script with a comment that says so, and `-- dbtool: allow down-differs reason=\"...\"`.",
    ),
    code(
        "down-fails",
        "a down script does not run on what its up script has left",
        "`downgrade` would fail in the same place. The server's words tell what is wrong.",
    ),
    code(
        "down-differs",
        "a down script does not take the schema back to what it was before its up script",
        "The difference is shown. Where that is meant (`-` stands for what was there before, `+` for what is there after the way back), say so in the down script: `-- dbtool: allow down-differs reason=\"...\"`.",
    ),
    code(
        "revision-edited",
        "a script was changed that `--since` says others have already",
        "Databases that have run it have the old one. Restore the file and put the change into a new revision.",
    ),
    code(
        "applied-file-changed",
        "the up script of an applied revision is missing or not the one that was applied",
        "The database keeps a checksum of what it has run. Restore the file and put the change into a new revision.",
    ),
    code(
        "not-at-head",
        "the database is not at the head of the revisions (`--live`)",
        "`dbtool upgrade` brings it there; `dbtool status` shows what is pending.",
    ),
    code(
        "drift",
        "the database has something that the revisions do not make, or lacks something that they do (`--live`)",
        "Somebody has changed it by hand. Put the change into schema.toml and migrate, or undo it in the database. `-` stands for the revisions, `+` for the database.",
    ),
    Code {
        code: "non-linear-history",
        level: Level::Warning,
        summary: "a new revision was put before one that others have already (`--since`)",
        why: "It runs before a revision that databases have already run, so a new database runs them in another order than an old one. That happens where files have no headers and the numbers are the order: give it a number behind the others. Two branches that are merged are no such case.",
    },
    Code {
        code: "allow-unused",
        level: Level::Warning,
        summary: "an exception without effect",
        why: "The rule finds nothing in the statement: the statement was changed, or the exception never had anything to do. Take the comment away, so that it does not hide something else one day.",
    },
    Code {
        code: "allow-without-reason",
        level: Level::Error,
        summary: "an exception without a reason does not count",
        why: "Whoever reads the script wants to know why it is safe here: `-- dbtool: allow RULE reason=\"...\"`.",
    },
    Code {
        code: "allow-unknown",
        level: Level::Error,
        summary: "an exception for a rule that does not exist",
        why: "`dbtool check --explain` lists the rules.",
    },
];

const fn code(code: &'static str, summary: &'static str, why: &'static str) -> Code {
    Code { code, level: Level::Error, summary, why }
}

/// The level that a code has of itself.
pub fn level_of(code: &str) -> Level {
    let gate = CODES.iter().find(|it| it.code == code).map(|it| it.level);
    gate.or_else(|| RULES.iter().find(|rule| rule.code == code).map(|rule| rule.level)).unwrap_or(Level::Error)
}

/// True for a code that is about the project as a whole, and no rule's.
pub fn is_of_gate(code: &str) -> bool {
    CODES.iter().any(|it| it.code == code)
}

/// True for every code that there is.
pub fn is_known(code: &str) -> bool {
    is_of_gate(code) || RULES.iter().any(|rule| rule.code == code)
}

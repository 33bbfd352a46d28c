//! A domain gets a constraint, and every table that uses it is read.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "domain-constraint-not-valid",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a constraint is added to a domain without NOT VALID",
    why: "The server reads every table that has a column of the domain, and locks them all against writing until the transaction ends. One value \
          that does not fit makes the statement fail. With NOT VALID the constraint holds for new values at once and no table is read; VALIDATE \
          CONSTRAINT reads them later, in a transaction of its own that holds no other lock.",
    instead: "add it NOT VALID, and write ALTER DOMAIN ... VALIDATE CONSTRAINT ... in a transaction of its own",
    sources: &["https://www.postgresql.org/docs/current/sql-alterdomain.html"],
    known_as: &["squawk ban-alter-domain-with-add-constraint"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d);", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE IS NOT NULL);")
            .seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d); INSERT INTO t VALUES (-1);", "ALTER DOMAIN d ADD CHECK (VALUE > 0);")
            .seen(Seen::Fails("violate the new constraint")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE DOMAIN d AS int;",
            "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE IS NOT NULL) NOT VALID; ALTER DOMAIN d VALIDATE CONSTRAINT c; ALTER DOMAIN d SET DEFAULT \
             1;",
        ),
        Example::postgres("", "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::AddDomainConstraint { name, not_valid: false } = action else { continue };
        if !is_new(scene, name) {
            found.add(span, format!("every table with a column of {name} is read, and nobody can write to them meanwhile"));
        }
    }
}

/// True for a domain of this script: tables that use it are no older.
fn is_new(scene: &Scene<'_>, domain: &Name) -> bool {
    scene.actions_before().any(|action| matches!(action, Action::CreateDomain { name, .. } if name == domain))
}

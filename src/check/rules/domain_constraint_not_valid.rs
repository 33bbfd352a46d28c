//! A constraint of a domain is looked at in every row of every table that uses it.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "domain-constraint-not-valid",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a constraint is added to a domain without NOT VALID, or validated",
    why: "The server reads every table that has a column of the domain, and locks them all against writing until the transaction ends. One value \
          that does not fit makes the statement fail. With NOT VALID the constraint holds for new values at once and no table is read; but \
          VALIDATE CONSTRAINT locks as much as the rest, unlike that of a table. For SET NOT NULL there is no NOT VALID.",
    instead: "add it NOT VALID, and validate it in a transaction of its own when nobody has to write to these tables; or give each table a CHECK \
              of its own, which is validated while others write",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-alterdomain.html",
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
    ],
    known_as: &["squawk ban-alter-domain-with-add-constraint"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d);", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE IS NOT NULL);")
            .seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d); INSERT INTO t VALUES (-1);", "ALTER DOMAIN d ADD CHECK (VALUE > 0);")
            .seen(Seen::Fails("violate the new constraint")),
        Example::postgres(
            "CREATE DOMAIN d AS int; CREATE TABLE t (a d); ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;",
            "ALTER DOMAIN public.d VALIDATE CONSTRAINT c;",
        )
        .seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE t (a d);", "ALTER DOMAIN d SET NOT NULL;").seen(Seen::Locks("t", "ShareLock")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE DOMAIN d AS int;",
            "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE IS NOT NULL) NOT VALID; ALTER DOMAIN d SET DEFAULT 1; ALTER DOMAIN d DROP NOT NULL;",
        ),
        Example::postgres("", "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0); ALTER DOMAIN d SET NOT NULL;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Some(domain) = domain_read(scene, action) else { continue };
        if !is_new(scene, &domain) {
            found.add(span, format!("every table with a column of {domain} is read, and nobody can write to them meanwhile"));
        }
    }
}

/// The domain, where the action looks at every value of it that is stored.
pub(super) fn domain_read(scene: &Scene<'_>, action: &Action) -> Option<Name> {
    match action {
        Action::AddDomainConstraint { name, not_valid: false } => Some(name.clone()),
        Action::Other { what } if what == "ALTER DOMAIN" => {
            let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
            cursor.eat(&["ALTER", "DOMAIN"]);
            let domain = cursor.name()?;
            (cursor.sees(&["VALIDATE", "CONSTRAINT"]) || cursor.sees(&["SET", "NOT", "NULL"])).then_some(domain)
        }
        _ => None,
    }
}

/// True for a domain of this script: tables that use it are no older.
fn is_new(scene: &Scene<'_>, domain: &Name) -> bool {
    scene.actions_before().any(|action| matches!(action, Action::CreateDomain { name, .. } if name == domain))
}

//! Random pairs of schemas of every kind of object: from one to the other and back, judged by `pg_dump`.
//!
//! The cases are the same in every run. `DBTOOL_PROPERTIES=500` runs that many others, new ones each time.

use std::path::Path;

use proptest::prelude::*;

use super::dice::{Dice, dice};
use super::{objects, relations};
use crate::properties;
use crate::support::{Database, Engine};

/// The roles that generated schemas grant to. They belong to the server, so that another test may have made them, or may be making them now.
const ROLES: &str = "
DO $$ BEGIN CREATE ROLE dbtool_test_a NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE dbtool_test_b NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
";

/// The text of a schema.toml.
fn write(dice: &Dice) -> String {
    [
        objects::types(dice),
        objects::sequences(dice),
        objects::functions(dice),
        relations::customers(dice),
        relations::orders(dice),
        relations::events(dice),
        relations::views(dice),
        relations::statistics(dice),
        objects::space(dice),
    ]
    .concat()
}

fn schema() -> impl Strategy<Value = String> {
    dice().prop_map(|dice| write(&dice))
}

fn run(cases: u32) {
    if !Engine::Postgres.is_available() {
        return;
    }
    let roles = Database::create(Engine::Postgres, Path::new("")).run(ROLES);
    assert!(roles.status == 0, "{}", roles.report());
    properties::run(Engine::Postgres, cases, &(schema(), schema()));
}

#[test]
fn any_mixed_schema_leads_to_any_other_and_back() {
    run(8);
}

#[test]
#[ignore = "takes minutes: scripts/test --all"]
fn many_mixed_schemas_lead_to_others_and_back() {
    run(200);
}

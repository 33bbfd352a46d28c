//! The examples of every rule on the real engines: what a rule says that a statement does has been seen.

use dbtool::check::rules::RULES;
use dbtool::check::{Example, Flavor, Seen};
use dbtool::dialect::Kind;

use crate::support::{Database, Engine, Flavour};

/// True where the example is for the server that is tested here.
fn is_for(example: &Example, engine: Engine) -> bool {
    match (engine, example.kind) {
        (Engine::Sqlite, Kind::Sqlite) | (Engine::Postgres, Kind::Postgres) => true,
        (Engine::Mariadb, Kind::Mysql) => match example.flavor {
            Flavor::Any => true,
            Flavor::Mariadb => Flavour::here() == Flavour::Mariadb,
            Flavor::Mysql => Flavour::here() == Flavour::Mysql,
        },
        _ => false,
    }
}

/// The version of MariaDB or MySQL, as examples number it; other engines have no example that asks for it.
fn version(engine: Engine) -> u32 {
    if engine != Engine::Mariadb {
        return 0;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let text = Database::create(engine, folder.path()).answer("SELECT version()");
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
    numbers.take(3).zip([10_000, 100, 1]).map(|(number, place)| number * place).sum()
}

/// Runs one example; what is not as the rule says, in words.
fn fault(example: &Example, engine: Engine) -> Option<String> {
    if example.seen == Seen::Manual {
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create(engine, folder.path());
    let before = database.run(example.before);
    if before.status != 0 {
        return Some(format!("what is there before does not run: {}", before.report()));
    }
    let script = example.script.trim_end().trim_end_matches(';');
    let fails = |output: crate::support::Output| (output.status != 0).then(|| format!("it does not run: {}", output.report()));
    match example.seen {
        Seen::Runs => fails(database.run(example.script)),
        Seen::Fails(words) => {
            let output = database.run(example.script);
            let told = output.report().to_lowercase();
            let as_said = output.status != 0 && told.contains(&words.to_lowercase());
            (!as_said).then(|| format!("it does not fail with `{words}`: {}", output.report()))
        }
        Seen::Locks(table, mode) => {
            let query = format!(
                "SELECT 'held ' || l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = '{table}' AND l.pid = pg_backend_pid()"
            );
            let output = database.run(&format!("BEGIN;\n{script};\n{query};\nROLLBACK;\n"));
            let is_held = output.status == 0 && output.stdout.lines().any(|line| line == format!("held {mode}"));
            (!is_held).then(|| format!("it does not hold {mode} on {table}: {}", output.report()))
        }
        Seen::Rewrites(table) => {
            let node = || database.answer(&format!("SELECT pg_relation_filenode('{table}'::regclass)"));
            let old = node();
            fails(database.run(example.script)).or_else(|| (node() == old).then(|| format!("{table} is not written anew")))
        }
        Seen::Refuses(clause) => {
            let output = database.run(&format!("{script}, {clause};"));
            let refused = output.status != 0 && (output.report().contains("ALGORITHM=") || output.report().contains("LOCK="));
            let told = (!refused).then(|| format!("the server takes it with {clause}: {}", output.report()));
            told.or_else(|| fails(database.run(example.script)))
        }
        Seen::Shows(query, wanted) => fails(database.run(example.script)).or_else(|| {
            let got = database.answer(query);
            (got.trim_end() != wanted).then(|| format!("{query} gives {got:?}, not {wanted:?}"))
        }),
        Seen::Manual => None,
    }
}

fn check(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let mut faults = Vec::new();
    let mut seen = 0;
    let version = version(engine);
    for rule in RULES {
        let examples = rule.examples.iter().chain(rule.counter_examples).filter(|example| is_for(example, engine));
        for example in examples.filter(|example| example.below.is_none_or(|below| version < below)) {
            seen += 1;
            if let Some(fault) = fault(example, engine) {
                faults.push(format!("{}: {}\n  {fault}", rule.code, example.script));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {seen} examples are not as their rule says:\n{}", faults.len(), faults.join("\n"));
    assert!(seen > 20, "{engine}: {seen} examples were run");
}

#[test]
fn what_the_rules_say_is_seen_on_sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn what_the_rules_say_is_seen_on_postgres() {
    check(Engine::Postgres);
}

#[test]
fn what_the_rules_say_is_seen_on_mariadb() {
    check(Engine::Mariadb);
}

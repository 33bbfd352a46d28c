//! A statement of which no catalog tells whether it was done: the operator says it.

use super::{append, servers};
use crate::support::{Engine, Project};

/// A revision with a statement that must stand alone and may do harm if it is repeated, killed in front of it.
fn interrupted(engine: Engine) -> (Project, String) {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    let here = if engine == Engine::Mariadb { "SELECT database()" } else { "SELECT current_database()" };
    let name = format!("{}_made", project.query(here).trim_end());
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000001"]);
    append(
        &project,
        "migrations/20990101000001_two.up.sql",
        &format!("-- dbtool: step \"a database\"\nCREATE DATABASE {name};\n\n-- dbtool: step \"a column\"\nALTER TABLE t ADD COLUMN a integer;\n"),
    );
    let mut command = project.command();
    let ended = command.arg("upgrade").env("DBTOOL_FAILPOINT", "before-alone").status().expect("dbtool runs");
    assert_eq!(ended.code(), None, "it was killed");
    (project, name)
}

fn drop_database(project: &Project, name: &str) {
    project.sql(&format!("DROP DATABASE IF EXISTS {name};"));
}

/// How many databases have this name.
fn databases(project: &Project, name: &str) -> String {
    project.query(&match project.engine() {
        Engine::Mariadb => format!("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{name}'"),
        Engine::Sqlite | Engine::Postgres => format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"),
    })
}

#[test]
fn says_that_it_was_not_done_and_the_next_run_does_it() {
    for engine in servers() {
        let (project, name) = interrupted(engine);
        let everything = project.database().everything();
        let output = project.expect_status(2, &["upgrade"]);
        let command = "dbtool repair 20990101000001 --step 'a database' --retry";
        assert!(output.stderr.contains(command) && output.stderr.contains("nothing was changed"), "{engine}: {}", output.report());
        for looking in [&["status"][..], &["current"], &["history"]] {
            project.ok(looking);
        }
        project.expect_status(2, &["repair", "20990101000001", "--step", "nonsense", "--retry"]);
        assert_eq!(project.database().everything(), everything, "{engine}: nothing was changed");
        project.ok(&["repair", "20990101000001", "--step", "a database", "--retry"]);
        project.ok(&["upgrade"]);
        assert_eq!(databases(&project, &name), "1\n", "{engine}");
        assert_eq!(project.query("SELECT count(a) FROM t"), "0\n", "{engine}");
        drop_database(&project, &name);
        project.expect_status(2, &["repair", "20990101000001", "--step", "a database", "--done"]);
    }
}

#[test]
fn says_that_it_was_done_and_the_next_run_goes_on_behind_it() {
    for engine in servers() {
        let (project, name) = interrupted(engine);
        project.sql(&format!("CREATE DATABASE {name};"));
        project.ok(&["repair", "2099", "--step", "a database", "--done"]);
        project.ok(&["upgrade"]);
        assert_eq!(project.query("SELECT count(a) FROM t"), "0\n", "{engine}");
        assert_eq!(project.query("SELECT count(*) FROM dbtool_steps"), "0\n", "{engine}");
        drop_database(&project, &name);
    }
}

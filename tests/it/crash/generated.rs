//! Files that dbtool wrote, on MariaDB: a run is killed before and behind each of their statements that commit by themselves.

use crate::support::{Engine, Project, Running, difference};

const BEFORE: &str = r#"
[tables.teams.columns]
id = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(40)", nullable = false }

[tables.people.columns]
id = { type = "integer", primary_key = true, identity = true }
email = { type = "varchar(60)", nullable = false }
age = { type = "varchar(10)" }
team_id = { type = "integer" }
old = { type = "integer", default = 7 }

[views]
names = "SELECT id, email FROM people"
"#;

/// A required column with a computed value, another type, a key, a check, a name, tables that come and go, a view and a trigger.
const AFTER: &str = r#"
[tables.squads.columns]
id = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(40)", nullable = false, unique = true, on_duplicate = "error" }

[tables.people.columns]
id = { type = "integer", primary_key = true, identity = true }
email = { type = "varchar(60)", nullable = false, index = true }
domain = { type = "varchar(60)", nullable = false, backfill = { sql = "substring_index(email, '@', -1)" } }
age = { type = "integer", nullable = false, check = "age > 0", backfill = 1, using = "CAST(age AS signed)" }
group_id = { type = "integer", references = { column = "squads.id", on_delete = "set null" }, on_orphan = "set_null" }

[tables.people.triggers]
lower_email = "BEFORE INSERT ON people FOR EACH ROW SET NEW.email = lower(NEW.email)"

[tables.made.columns]
id = { type = "integer", primary_key = true, identity = true }

[views]
names = "SELECT id, email, domain FROM people"
"#;

const ROWS: &str = "INSERT INTO teams (name) VALUES ('a'), ('b'); INSERT INTO people (email, age, team_id) WITH RECURSIVE s (i) AS \
                    (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 300) SELECT concat('p', i, '@h', i % 7, '.org'), i, 1 + i % 2 FROM s;";

/// A database at the first revision, with rows, and the files of the second.
fn waiting() -> Project {
    let project = Project::with_schema(Engine::Mariadb, BEFORE);
    project.ok(&["migrate", "-m", "one", "--rev-id", "20260101000001"]);
    project.ok(&["upgrade"]);
    project.sql(ROWS);
    project.write("schema.toml", AFTER);
    let renames = ["--rename", "teams=squads", "--rename", "people.team_id=people.group_id"];
    project.ok(&[&["migrate", "-m", "two", "--rev-id", "20260101000002"], &renames[..]].concat());
    project
}

/// The schema and all rows, without what tells when something was done.
fn state(project: &Project) -> String {
    let teams = if project.dump().contains("squads") { "squads" } else { "teams" };
    format!("{}\n{}\n{}", project.dump(), project.rows("people"), project.rows(teams))
}

/// Each run is killed at the first of its statements, before and behind it by turns, so that each gets one statement further.
#[test]
fn runs_that_are_killed_at_every_statement_get_to_the_end() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let project = waiting();
    project.ok(&["upgrade"]);
    let up = state(&project);
    project.ok(&["downgrade"]);
    let down = state(&project);
    for (arguments, wanted) in [(["upgrade", "head"], &up), (["downgrade", "20260101000001"], &down)] {
        let mut kills = 0;
        loop {
            let place = if kills % 2 == 0 { "before-alone" } else { "after-alone" };
            let mut command = project.command();
            let output = Running::start(command.args(arguments).env("DBTOOL_FAILPOINT", place)).wait();
            if output.signal != Some(9) {
                assert!(output.status == 0, "{}, after {kills} kills: {}\n{}", arguments[0], output.report(), project.newest_migration());
                break;
            }
            kills += 1;
        }
        assert!(kills > 10, "{}: {kills} kills", arguments[0]);
        let found = state(&project);
        assert!(found == *wanted, "{} after {kills} kills:\n{}\n{}", arguments[0], difference(wanted, &found), project.newest_migration());
        assert_eq!(project.query("SELECT count(*) FROM dbtool_steps; SELECT count(*) FROM dbtool_backfills"), "0\n0\n");
    }
}

#[test]
#[ignore = "takes a minute: scripts/test --all"]
fn a_run_is_finished_whichever_statement_it_is_killed_at() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let project = waiting();
    project.ok(&["upgrade"]);
    let up = state(&project);
    project.ok(&["downgrade"]);
    let down = state(&project);
    for place in ["before-alone", "after-alone", "before-commit", "after-commit", "after-batch-commit", "before-verify", "before-backfill-done"] {
        let mut kills = 0;
        for time in 1.. {
            let mut killed = false;
            for (arguments, wanted) in [(["upgrade", "head"], &up), (["downgrade", "20260101000001"], &down)] {
                let what = format!("{} killed at {place}:{time}", arguments[0]);
                let mut command = project.command();
                let output = Running::start(command.args(arguments).env("DBTOOL_FAILPOINT", format!("{place}:{time}"))).wait();
                if output.signal == Some(9) {
                    (killed, kills) = (true, kills + 1);
                    let output = project.dbtool(&arguments);
                    assert!(output.status == 0, "{what}: {}\n{}", output.report(), project.newest_migration());
                } else {
                    assert!(output.status == 0, "{what}: {}", output.report());
                }
                let found = state(&project);
                assert!(found == *wanted, "{what}:\n{}\n{}", difference(wanted, &found), project.newest_migration());
                assert_eq!(project.query("SELECT count(*) FROM dbtool_steps; SELECT count(*) FROM dbtool_backfills"), "0\n0\n", "{what}");
            }
            if !killed {
                break;
            }
        }
        assert!(kills > 0, "no run comes by {place}");
    }
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
}

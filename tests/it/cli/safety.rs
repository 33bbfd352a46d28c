//! Promises about many programs at once, and about one that dies.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::support::{Engine, Project};

/// An update that must not happen twice, with something slow behind it.
fn counter(engine: Engine) -> Project {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO t (id, n) VALUES (1, 10);");
    project.ok(&["revision", "-m", "double", "--rev-id", "20990101000001"]);
    let file = "migrations/20990101000001_double.up.sql";
    let slow = match engine {
        Engine::Sqlite => "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*) FROM c;",
        Engine::Postgres => "SELECT pg_sleep(1);",
        Engine::Mariadb => "SELECT sleep(1);",
    };
    let text = project.read(file);
    project.write(file, &format!("{text}\nUPDATE t SET n = n * 2;\n{slow}\nCREATE TABLE made (id integer);\n"));
    let file = "migrations/20990101000001_double.down.sql";
    let text = project.read(file);
    project.write(file, &format!("{text}\nDROP TABLE made;\nUPDATE t SET n = n / 2;\n"));
    project
}

#[test]
fn many_upgrades_at_once_do_the_work_of_one() {
    for engine in Engine::available() {
        let project = counter(engine);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| project.ok(&["upgrade"]));
            }
        });
        assert_eq!(project.query("SELECT n FROM t"), "20\n", "{engine}");
        project.ok(&["current", "--check-heads"]);
    }
}

#[test]
fn an_upgrade_that_is_killed_is_finished_by_the_next() {
    for engine in Engine::available() {
        for wait in [50, 200, 400, 700] {
            let project = counter(engine);
            let mut child = project.command().arg("upgrade").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("dbtool runs");
            thread::sleep(Duration::from_millis(wait));
            child.kill().expect("a child can be killed");
            child.wait().expect("a child can be waited for");
            project.ok(&["upgrade"]);
            assert_eq!(project.query("SELECT n FROM t"), "20\n", "{engine}: killed after {wait} ms");
            project.ok(&["downgrade"]);
            assert_eq!(project.query("SELECT n FROM t"), "10\n", "{engine}: killed after {wait} ms");
        }
    }
}

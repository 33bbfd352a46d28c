//! Changes of tables that are in use: the application goes on, the operator watches, stops and goes on.

mod keys;
mod locks;
mod old_application;
mod pace;
mod pooler;
mod refusals;
mod repair;

use crate::support::{Engine, Project};

/// The engines that are servers.
pub fn servers() -> impl Iterator<Item = Engine> {
    Engine::available().filter(|&engine| engine != Engine::Sqlite)
}

/// A project whose table `t` has `rows` rows and whose next revision adds 1 to each of them in batches.
pub fn counted(engine: Engine, rows: u32) -> Project {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql(&match engine {
        Engine::Sqlite | Engine::Mariadb => {
            format!("INSERT INTO t WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows}) SELECT i, 0 FROM s;")
        }
        Engine::Postgres => format!("INSERT INTO t SELECT i, 0 FROM generate_series(1, {rows}) AS i;"),
    });
    project.ok(&["revision", "-m", "count", "--rev-id", COUNT]);
    let step = |sign: char| {
        format!("-- dbtool: step \"count\"\n-- dbtool: backfill table=t\nUPDATE t SET n = n {sign} 1 WHERE 1 = 1 /* dbtool:range t */;\n")
    };
    append(&project, &format!("migrations/{COUNT}_count.up.sql"), &step('+'));
    append(&project, &format!("migrations/{COUNT}_count.down.sql"), &step('-'));
    project
}

/// The revision of [`counted`].
pub const COUNT: &str = "20990101000001";

/// Writes behind what a file holds.
pub fn append(project: &Project, file: &str, text: &str) {
    let before = project.read(file);
    project.write(file, &format!("{before}\n{text}"));
}

/// How often each value of `n` stands in [`counted`]'s table: `1|20000`.
pub fn counts(project: &Project) -> String {
    project.query("SELECT n, count(*) FROM t GROUP BY n ORDER BY n").trim_end().to_owned()
}

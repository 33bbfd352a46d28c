//! What dbtool asks of a server does not grow with what the database holds.

use std::fmt::Write as _;

use crate::support::{Engine, Project, Proxy};

/// Enough that one query for each would be seen, and would take long.
const MANY: usize = 1000;

/// A project whose database has `count` revisions recorded, the files of which are there.
fn with_revisions(engine: Engine, count: usize) -> Project {
    let project = Project::with_schema(engine, "");
    let mut parent = String::new();
    for number in 1..=count {
        let revision = format!("{}", 20_260_101_000_000_u64 + number as u64);
        let header = format!("-- dbtool: revision {revision}{parent}\n-- Number {number}\n\nSELECT {number};\n");
        for direction in ["up", "down"] {
            project.write(&format!("migrations/{revision}_number_{number}.{direction}.sql"), &header);
        }
        parent = format!(" parent {revision}");
    }
    project.ok(&["stamp", "head"]);
    assert_eq!(project.query("SELECT count(*) FROM dbtool_migrations"), format!("{count}\n"), "{engine}: the engine's own client agrees");
    project
}

/// A project whose database has `count` tables with all that a table usually has.
fn with_tables(engine: Engine, count: usize) -> Project {
    let project = Project::new(engine);
    let mut script = String::from("BEGIN;\n");
    for number in 1..=count {
        writeln!(
            script,
            "CREATE TABLE t{number} (id integer PRIMARY KEY, parent_id integer REFERENCES t1 (id), name varchar(20) NOT NULL DEFAULT 'x' UNIQUE, \
             CONSTRAINT t{number}_named CHECK (name <> '')); CREATE INDEX t{number}_parents ON t{number} (parent_id);"
        )
        .expect("a string takes everything");
    }
    project.sql(&(script + "COMMIT;\n"));
    project.ok(&["init"]);
    project
}

#[test]
fn current_answers_with_a_thousand_revisions() {
    for engine in Engine::available() {
        let project = with_revisions(engine, MANY);
        let output = project.ok(&["current", "--check-heads"]);
        assert!(output.stdout.contains("20260101001000 (head)"), "{engine}: {}", output.report());
        assert_eq!(output.stdout.matches("20260101").count(), 1, "{engine}: only the head is current: {}", output.report());
    }
}

#[test]
fn inspect_prints_a_thousand_tables() {
    for engine in Engine::available() {
        let project = with_tables(engine, MANY);
        let printed = project.ok(&["inspect", "--strict"]).stdout;
        for part in ["[tables.t1.columns]", "[tables.t500.columns]", "[tables.t1000.columns]", "t777_parents", "t1000_named"] {
            assert!(printed.contains(part), "{engine}: {part} is missing");
        }
        assert_eq!(printed.matches(".columns]").count(), MANY, "{engine}");
        assert_eq!(printed.matches("t1.id").count(), MANY, "{engine}: every foreign key is there");
    }
}

/// How many questions a command asks of the project's server.
fn questions(project: &Project, arguments: &[&str]) -> usize {
    let proxy = Proxy::before(&project.url());
    proxy.count(|| {
        project.ok(&[&["--database-url", proxy.url()], arguments].concat());
    })
}

#[test]
fn a_thousand_revisions_take_as_many_queries_as_one() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let (one, many) = (with_revisions(Engine::Postgres, 1), with_revisions(Engine::Postgres, MANY));
    for arguments in [&["current"][..], &["history", "--indicate-current"], &["status"], &["upgrade"]] {
        let (few, more) = (questions(&one, arguments), questions(&many, arguments));
        assert!(few > 0, "{arguments:?}: the proxy is not deaf");
        assert_eq!(more, few, "dbtool {}", arguments.join(" "));
    }
}

#[test]
fn a_thousand_tables_take_as_many_queries_as_one() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let [one, many] = [1, MANY].map(|count| questions(&with_tables(Engine::Postgres, count), &["inspect"]));
    assert!(one > 0, "the proxy is not deaf");
    assert_eq!(many, one, "dbtool inspect");
}

#[test]
fn a_change_in_a_large_schema_is_found_though_little_of_it_is_built() {
    for engine in Engine::available() {
        let project = with_tables(engine, 80);
        project.sql("CREATE VIEW names AS SELECT id, name FROM t7; CREATE VIEW more_names AS SELECT name FROM names;");
        std::fs::remove_dir_all(project.folder().join("migrations")).expect("the folder is there");
        for file in ["schema.toml", "dbtool.toml"] {
            std::fs::remove_file(project.folder().join(file)).expect("the file is there");
        }
        project.ok(&["init", "--from-database"]);
        assert!(project.ok(&["migrate", "-m", "nothing"]).report().contains("No changes"), "{engine}");
        let schema = project.read("schema.toml");
        let longer = schema.replacen("[tables.t7.columns]", "[tables.t7.columns]\nextra = { type = \"integer\", references = \"t3.id\" }", 1);
        project.write(
            "schema.toml",
            &format!("{longer}\n[tables.new.columns]\nid = {{ type = \"integer\", primary_key = true, references = \"t7.id\" }}\n"),
        );
        let detected = project.ok(&["migrate", "-m", "some", "--assume-empty"]).report();
        // MariaDB has an index for every foreign key.
        let wanted = if engine == Engine::Mariadb { 4 } else { 3 };
        assert_eq!(detected.matches("Detected ").count(), wanted, "{engine}: {detected}");
        project.ok(&["upgrade"]);
        project.ok(&["check", "--live"]);
        project.sql("INSERT INTO t1 (id, name) VALUES (1, 'a'); INSERT INTO t7 (id, name) VALUES (1, 'b'); INSERT INTO new VALUES (1);");
        assert_eq!(project.query("SELECT name FROM more_names"), "b\n", "{engine}");
        project.ok(&["downgrade"]);
    }
}

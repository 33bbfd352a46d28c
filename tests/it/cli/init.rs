//! `dbtool init`.

use super::TODOS;
use crate::support::{Engine, Project};

#[test]
fn makes_the_files_that_the_other_commands_need() {
    let project = Project::new(Engine::Sqlite);
    project.ok(&["init"]);
    assert!(project.folder().join("migrations").is_dir());
    assert!(project.folder().join("schema.toml").is_file());
    assert!(project.folder().join("dbtool.toml").is_file());
    // Nothing is declared yet, so nothing differs.
    project.ok(&["migrate", "-m", "nothing"]);
    assert!(project.migrations().is_empty());
}

#[test]
fn overwrites_nothing() {
    let project = Project::new(Engine::Sqlite);
    // A schema that was written beforehand is kept.
    project.write("schema.toml", TODOS);
    project.ok(&["init"]);
    assert_eq!(project.read("schema.toml"), TODOS);
    let output = project.expect_status(2, &["init", "--from-database"]);
    assert!(output.stderr.contains("schema.toml"), "{}", output.report());
    assert_eq!(project.read("schema.toml"), TODOS);
    // A project with revisions is not begun again.
    project.ok(&["migrate", "-m", "one"]);
    let output = project.expect_status(2, &["init"]);
    assert!(output.stderr.contains("migrations"), "{}", output.report());
    assert_eq!(project.migrations().len(), 2);
}

#[test]
fn adopts_a_database_that_is_there() {
    for engine in Engine::available() {
        let project = Project::new(engine);
        // MariaDB has indexes on columns of all rows alone.
        let index = if engine == Engine::Mariadb { "(name)" } else { "(lower(name)) WHERE id > 3" };
        project.sql(&format!(
            "CREATE TABLE users (id integer PRIMARY KEY, name varchar(50) NOT NULL DEFAULT 'x', CONSTRAINT named CHECK (name <> ''));
             CREATE TABLE posts (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                                 above integer REFERENCES posts (id) ON DELETE NO ACTION ON UPDATE RESTRICT);
             CREATE UNIQUE INDEX by_name ON users {index};
             INSERT INTO users VALUES (1, 'Ada'); INSERT INTO posts VALUES (1, 1, NULL);"
        ));
        let before = project.dump();
        project.ok(&["init", "--from-database"]);
        assert_eq!(project.dump(), before, "{engine}: adopting a database changes nothing in it");
        assert_eq!(project.migrations().len(), 2, "{engine}: the baseline is a pair of files");
        project.ok(&["current", "--check-heads"]);
        project.ok(&["migrate", "-m", "nothing"]);
        assert_eq!(project.migrations().len(), 2, "{engine}: the schema that was written is the schema that is there");

        // Somebody who starts from the files has the same database.
        let other = Project::new(engine);
        for name in ["schema.toml", "dbtool.toml"] {
            other.write(name, &project.read(name));
        }
        for file in project.migrations() {
            let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
            other.write(&format!("migrations/{name}"), &project.read(&format!("migrations/{name}")));
        }
        other.ok(&["upgrade"]);
        assert_eq!(other.database().settled(), project.database().settled(), "{engine}");
    }
}

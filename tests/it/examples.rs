//! The examples of the repository, revision by revision with the rows of their time, as their README tells people to run them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Database, Engine, Project};

/// A query of an example and what the engine's client prints for it, the engines in the order of [`Engine::ALL`].
type Answer = (&'static str, [&'static str; Engine::ALL.len()]);

/// An example, and what its database holds at head once every file of `rows/` has been put in at its revision.
struct Example {
    name: &'static str,
    /// Asked at head.
    head: &'static [Answer],
    /// Asked after each revision and before the rows of its time: what became of the rows that were there.
    steps: &'static [(&'static str, &'static [Answer])],
}

const TODO: Example = Example {
    name: "todo",
    steps: &[
        ("20261110090000", &[("SELECT count(*) FROM todo", ["0", "0", "0"])]),
        (
            "20261111090000",
            &[(
                "SELECT id, description, completed FROM todo ORDER BY id",
                [
                    "1|Buy milk|0\n2|Call Anna|0\n3|Pay the rent|0",
                    "1|Buy milk|f\n2|Call Anna|f\n3|Pay the rent|f",
                    "1|Buy milk|0\n2|Call Anna|0\n3|Pay the rent|0",
                ],
            )],
        ),
        (
            "20261112090000",
            &[
                ("SELECT id, name FROM todo_lists", ["1|Default", "1|Default", "1|Default"]),
                (
                    "SELECT id, completed, list_id FROM todo ORDER BY id",
                    ["1|1|1\n2|0|1\n3|0|1\n4|1|1", "1|t|1\n2|f|1\n3|f|1\n4|t|1", "1|1|1\n2|0|1\n3|0|1\n4|1|1"],
                ),
            ],
        ),
    ],
    head: &[
        ("SELECT id, name FROM todo_lists ORDER BY id", ["1|Default\n2|Garden", "1|Default\n2|Garden", "1|Default\n2|Garden"]),
        (
            "SELECT id, description, completed, list_id FROM todo ORDER BY id",
            [
                "1|Buy milk|1|1\n2|Call Anna|0|1\n3|Pay the rent|0|1\n4|Water the plants|1|1\n5|Plant a tree|0|2",
                "1|Buy milk|t|1\n2|Call Anna|f|1\n3|Pay the rent|f|1\n4|Water the plants|t|1\n5|Plant a tree|f|2",
                "1|Buy milk|1|1\n2|Call Anna|0|1\n3|Pay the rent|0|1\n4|Water the plants|1|1\n5|Plant a tree|0|2",
            ],
        ),
    ],
};

const SHOP: Example = Example {
    name: "shop",
    steps: &[
        ("20261110090000", &[]),
        ("20261111090000", &[("SELECT id, status FROM \"order\" ORDER BY id", ["1|open\n2|paid", "1|open\n2|paid", "1|open\n2|paid"])]),
        (
            "20261112090000",
            &[
                (
                    "SELECT order_id, product_id, quantity FROM order_items ORDER BY 1, 2",
                    ["1|1|1\n2|1|1\n2|2|1", "1|1|1\n2|1|1\n2|2|1", "1|1|1\n2|1|1\n2|2|1"],
                ),
                ("SELECT name, price FROM product ORDER BY id", ["Pen|1.5\nDesk|249", "Pen|1.50\nDesk|249.00", "Pen|1.50\nDesk|249.00"]),
            ],
        ),
    ],
    head: &[
        (
            "SELECT order_id, product_id, quantity FROM order_items ORDER BY 1, 2",
            ["1|1|1\n1|2|4\n1|3|2\n2|1|1\n2|2|1", "1|1|1\n1|2|4\n1|3|2\n2|1|1\n2|2|1", "1|1|1\n1|2|4\n1|3|2\n2|1|1\n2|2|1"],
        ),
        (
            "SELECT name, price FROM product ORDER BY id",
            ["Pen|1.5\nDesk|249\nLamp|39.9", "Pen|1.50\nDesk|249.00\nLamp|39.90", "Pen|1.50\nDesk|249.00\nLamp|39.90"],
        ),
    ],
};

const MUSIC: Example = Example {
    name: "music",
    steps: &[
        ("20261110090000", &[]),
        (
            "20261111090000",
            &[(
                "SELECT username, role_id FROM users WHERE joined_at IS NOT NULL ORDER BY id",
                ["ada|1\nben|2\neve|", "ada|1\nben|2\neve|", "ada|1\nben|2\neve|"],
            )],
        ),
        (
            "20261112090000",
            &[(
                "SELECT id, title, genre, user_id FROM tracks ORDER BY id",
                [
                    "1|Goldberg Variations|classical|1\n2|So What|jazz|2\n3|Paranoid|rock|2",
                    "1|Goldberg Variations|classical|1\n2|So What|jazz|2\n3|Paranoid|rock|2",
                    "1|Goldberg Variations|classical|1\n2|So What|jazz|2\n3|Paranoid|rock|2",
                ],
            )],
        ),
    ],
    head: &[
        ("SELECT name FROM roles ORDER BY id", ["Admin\nListener", "Admin\nListener", "Admin\nListener"]),
        ("SELECT count(*) FROM users WHERE joined_at IS NOT NULL", ["3", "3", "3"]),
        (
            "SELECT title, genre, user_id FROM tracks ORDER BY id",
            [
                "Goldberg Variations|classical|1\nSo What|jazz|2\nParanoid|rock|2\nGiant Steps|jazz|3",
                "Goldberg Variations|classical|1\nSo What|jazz|2\nParanoid|rock|2\nGiant Steps|jazz|3",
                "Goldberg Variations|classical|1\nSo What|jazz|2\nParanoid|rock|2\nGiant Steps|jazz|3",
            ],
        ),
    ],
};

#[test]
fn todo() {
    Engine::available().for_each(|engine| run(&TODO, engine));
}

#[test]
fn shop() {
    Engine::available().for_each(|engine| run(&SHOP, engine));
}

#[test]
fn music() {
    Engine::available().for_each(|engine| run(&MUSIC, engine));
}

#[test]
fn every_example_is_tested() {
    let folders = fs::read_dir(root("examples")).expect("the examples can be read").map(|entry| entry.expect("an entry").path());
    let found: BTreeSet<String> = folders.filter(|path| path.is_dir()).map(|path| file_name(&path)).collect();
    assert_eq!(found, [&TODO, &SHOP, &MUSIC].map(|example| example.name.to_owned()).into());
}

/// The repository's own schema.toml, dbtool.toml and migrations are what somebody tries first, without a database or a setting.
#[test]
fn the_top_level_makes_a_database_from_nothing() {
    let project = Project::new(Engine::Sqlite);
    for file in ["schema.toml", "dbtool.toml"] {
        project.write(file, &fs::read_to_string(root(file)).expect("the file is there"));
    }
    copy(&root("migrations"), &project, "migrations");
    let dbtool = |arguments: &[&str]| {
        let output = project.command().env_remove("DATABASE_URL").args(arguments).output().expect("dbtool can be started");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "dbtool {}: {}\n{said}", arguments.join(" "), output.status);
        said
    };
    let file = project.folder().join("dev.db");
    assert!(!file.exists());
    dbtool(&["upgrade"]);
    let database = Database::Sqlite { file };
    assert_eq!(database.answer("SELECT name FROM todo_lists; SELECT count(*) FROM todo;"), "Default\n0\n");
    let everything = database.everything();
    dbtool(&["check", "--live"]);
    assert_eq!(database.everything(), everything, "check changes nothing");
    let said = dbtool(&["migrate", "-m", "nothing"]);
    assert!(said.contains("No changes") && project.migrations().len() == 6, "{said}");
    dbtool(&["downgrade", "base"]);
    assert_eq!(database.dump(), "");
}

/// One example on an engine for which it has migrations: from an empty database to head, back to base, and up again; then the same files by hand.
fn run(example: &Example, engine: Engine) {
    if !root("examples").join(example.name).join("migrations").join(engine.name()).is_dir() {
        return;
    }
    let project = Project::new(engine);
    copy(&root("examples").join(example.name), &project, "");
    let empty = project.dump();
    let dbtool = |arguments: &[&str]| project.ok(&[&["--name", engine.name(), "--database-url", &project.url()], arguments].concat());
    let hold = |answers: &[Answer], at: &str| {
        for (query, answer) in answers {
            assert_eq!(ask(&project, query), answer[engine as usize], "{} on {engine}, {at}: {query}", example.name);
        }
    };
    let mut dumps = Vec::new();
    for (revision, answers) in example.steps {
        dbtool(&["upgrade", revision]);
        hold(answers, revision);
        project.sql(&spelled(engine, &project.read(&format!("rows/{revision}.sql"))));
        dumps.push(project.dump());
    }
    hold(example.head, "at head");
    let (head, everything) = (project.dump(), project.database().everything());
    dbtool(&["check", "--live"]);
    let said = dbtool(&["migrate", "-m", "nothing"]).stdout;
    assert!(said.contains("No changes"), "{} on {engine}: {said}", example.name);
    assert_eq!(project.database().everything(), everything, "{} on {engine}: check and migrate change nothing", example.name);
    assert_eq!(scripts(&project, engine, "up").len(), example.steps.len(), "{} on {engine}: every revision has its step here", example.name);

    dbtool(&["downgrade", "base"]);
    assert_eq!(project.dump(), empty, "{} on {engine}: base leaves nothing", example.name);
    dbtool(&["upgrade"]);
    assert_eq!(project.dump(), head, "{} on {engine}: up again", example.name);
    dbtool(&["check", "--live"]);
    by_hand(example, &project, engine, &dumps);
}

/// MariaDB has its own quotes around names.
fn spelled(engine: Engine, sql: &str) -> String {
    if engine == Engine::Mariadb { sql.replace('"', "`") } else { sql.to_owned() }
}

fn ask(project: &Project, query: &str) -> String {
    project.query(&spelled(project.engine(), query)).trim_end().to_owned()
}

/// The files with the engine's own client make the same schema after every revision, on the way up and on the way down, and the same rows.
fn by_hand(example: &Example, project: &Project, engine: Engine, dumps: &[String]) {
    let hand = Project::new(engine);
    let empty = hand.dump();
    for ((up, (revision, answers)), dump) in scripts(project, engine, "up").iter().zip(example.steps).zip(dumps) {
        assert!(file_name(up).starts_with(revision), "{}", up.display());
        hand.sql(&fs::read_to_string(up).expect("the file is text"));
        assert_eq!(&hand.dump(), dump, "{} on {engine}: {} by hand", example.name, up.display());
        for (query, answer) in *answers {
            assert_eq!(ask(&hand, query), answer[engine as usize], "{} on {engine}, {revision} by hand: {query}", example.name);
        }
        hand.sql(&spelled(engine, &project.read(&format!("rows/{revision}.sql"))));
    }
    let before = dumps.iter().rev().skip(1).chain([&empty]);
    for (down, dump) in scripts(project, engine, "down").iter().rev().zip(before) {
        hand.sql(&fs::read_to_string(down).expect("the file is text"));
        assert_eq!(&hand.dump(), dump, "{} on {engine}: {} by hand", example.name, down.display());
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}

/// The migration files of one direction, oldest first.
fn scripts(project: &Project, engine: Engine, direction: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.folder().join("migrations").join(engine.name())).expect("the migrations were copied");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file_name(file).ends_with(&format!(".{direction}.sql")));
    files.sort();
    files
}

/// Copies what git would hold of a folder into `target` of the project: text, and no database that somebody made there.
fn copy(folder: &Path, project: &Project, target: &str) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        let name = Path::new(target).join(path.file_name().expect("a file has a name")).display().to_string();
        if path.is_dir() {
            copy(&path, project, &name);
        } else if let Ok(text) = fs::read_to_string(&path) {
            project.write(&name, &text);
        }
    }
}

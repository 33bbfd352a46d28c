//! A git repository with a project on SQLite in it, as pipelines and hooks meet it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Engine, Output, Project, Running};

/// The program under test.
pub const DBTOOL: &str = env!("CARGO_BIN_EXE_dbtool");

const TODOS: &str = r#"
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
description = { type = "text", nullable = false }
"#;

/// A table that goes in [`Repository::add_unsafe`].
const NOTES: &str = r#"
[tables.notes.columns]
id = { type = "integer", primary_key = true, identity = true }
text = { type = "text", nullable = false }
"#;

/// A table that comes in [`Repository::add_clean`].
const LISTS: &str = r#"
[tables.lists.columns]
id = { type = "integer", primary_key = true, identity = true }
name = { type = "text", nullable = false }
"#;

/// A repository and the project in it, both gone when the value is dropped.
pub struct Repository {
    project: Project,
    /// The project's folder, from the root of the repository.
    below: &'static str,
}

impl Repository {
    /// A repository whose one commit has a project with one revision, and whose root is the project's folder.
    pub fn new() -> Self {
        Self::with_project_in("")
    }

    /// The same with the project in a folder.
    pub fn with_project_in(below: &'static str) -> Self {
        let repository = Self::without_commit(below);
        repository.commit("Begin");
        repository
    }

    /// The same before its first commit.
    pub fn without_commit(below: &'static str) -> Self {
        let repository = Self { project: Project::new(Engine::Sqlite), below };
        fs::create_dir_all(repository.folder()).expect("the temporary folder can be written");
        repository.dbtool(&["init"]);
        repository.write("schema.toml", &format!("{TODOS}{NOTES}"));
        repository.set_level("error");
        repository.revision("Create todos");
        // The database lies in the folder too, as it does for most people.
        fs::write(repository.root().join(".gitignore"), "*.db*\n").expect("the temporary folder can be written");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository
    }

    pub fn root(&self) -> &Path {
        self.project.folder()
    }

    fn folder(&self) -> PathBuf {
        self.root().join(self.below)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) {
        fs::write(self.folder().join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Says in dbtool.toml how much it matters that a table is dropped.
    pub fn set_level(&self, level: &str) {
        let settings = self.read("dbtool.toml");
        let rest = settings.split("[check.rules]").next().unwrap_or_default();
        self.write("dbtool.toml", &format!("{}\n\n[check.rules]\ndrop-table = \"{level}\"\n", rest.trim_end()));
    }

    /// Writes a revision that drops a table with its rows, and gives the path of its up file in the project.
    pub fn add_unsafe(&self) -> String {
        self.write("schema.toml", &self.read("schema.toml").replace(NOTES, ""));
        self.revision("Drop notes")
    }

    /// Writes a revision of which nothing is to be said, and gives the path of its up file in the project.
    pub fn add_clean(&self) -> String {
        self.write("schema.toml", &(self.read("schema.toml") + LISTS));
        self.revision("Create lists")
    }

    fn revision(&self, message: &str) -> String {
        // In this order, because what is applied cannot be edited any more, and the tests edit the newest.
        self.dbtool(&["upgrade"]);
        self.dbtool(&["migrate", "-m", message]);
        let entries = fs::read_dir(self.folder().join("migrations")).expect("the project has migrations");
        let names = entries.map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned());
        let newest = names.filter(|name| name.ends_with(".up.sql")).max().expect("a revision was written");
        format!("migrations/{newest}")
    }

    fn dbtool(&self, arguments: &[&str]) {
        let output = finish(self.project.command().current_dir(self.folder()).args(arguments));
        assert!(output.status == 0, "dbtool {}: {}", arguments.join(" "), output.report());
    }

    /// A program in the root of the repository, with an environment in which `dbtool` is the one under test and nothing but dbtool.toml names
    /// the database.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let given = self.project.command();
        let given = given.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.current_dir(self.root()).env_clear().envs(given).env_remove("DATABASE_URL").env("PATH", path());
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
        }
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// What git prints, without the line end behind it.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = finish(self.command("git").args(arguments));
        assert!(output.status == 0, "git {}: {}", arguments.join(" "), output.report());
        output.stdout.trim_end().to_owned()
    }

    /// Commits everything, past the hooks.
    #[track_caller]
    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "-m", message]);
    }

    /// Tries to commit everything, which a hook may refuse.
    pub fn try_commit(&self, message: &str) -> Output {
        self.git(&["add", "--all"]);
        finish(self.command("git").args(["commit", "--quiet", "-m", message]))
    }

    /// From now on others have what is committed: it is the branch `main` of the remote, whose own branch that is.
    pub fn publish(&self) {
        self.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        self.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    }

    /// Takes the database away: a pipeline has a clone of the repository and nothing else.
    pub fn drop_database(&self) {
        for entry in fs::read_dir(self.root()).expect("the temporary folder can be read") {
            let file = entry.expect("the temporary folder can be read").path();
            if file.file_name().is_some_and(|name| name.to_string_lossy().contains(".db")) {
                fs::remove_file(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            }
        }
    }

    /// Puts a hook where git looks for it.
    pub fn install_hook(&self, text: &str) {
        let file = self.root().join(".git/hooks/pre-commit");
        fs::create_dir_all(file.parent().expect("a file stands in a folder")).expect("the repository can be written");
        make_program(&file, text);
    }
}

/// Runs a program to its end.
pub fn finish(command: &mut Command) -> Output {
    Running::start(command).wait()
}

/// Writes a script that can be run.
pub fn make_program(file: &Path, text: &str) {
    fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    }
}

/// A file of dbtool's own repository.
pub fn own_file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A YAML document as the values of JSON. Read as YAML's own values first, because those refuse a key that is there twice.
pub fn yaml(text: &str) -> serde_json::Value {
    let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    serde_json::to_value(value).expect("all keys are texts")
}

/// PATH with the folder of the program under test in front.
fn path() -> OsString {
    let folder = Path::new(DBTOOL).parent().expect("a program stands in a folder").to_owned();
    let others = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(folder).chain(env::split_paths(&others))).expect("no folder of PATH has a colon in its name")
}

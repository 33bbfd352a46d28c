//! action.yml, as far as GitHub's runner is needed to run its scripts: inputs, variables and the places that it gives.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::repository::{Repository, finish, own_file, yaml};
use crate::support::Output;

/// The action with its inputs, in a run of its own.
pub struct Action {
    file: Value,
    inputs: BTreeMap<String, String>,
    base_ref: &'static str,
    place: TempDir,
}

impl Action {
    /// The action with nothing said, outside of a pull request.
    pub fn new() -> Self {
        let file = yaml(&own_file("action.yml"));
        let inputs = file["inputs"].as_object().expect("the action has inputs").iter();
        let inputs = inputs.map(|(name, input)| (name.clone(), input["default"].as_str().expect("every input has a default").to_owned())).collect();
        let place = tempfile::Builder::new().prefix("dbtool-test-").tempdir().expect("a temporary folder can be made");
        let action = Self { file, inputs, base_ref: "", place };
        for folder in [action.bin(), action.temp(), action.source()] {
            fs::create_dir(folder).expect("the temporary folder can be written");
        }
        for (name, text) in [("Cargo.lock", "version = 4"), ("main.rs", "fn main() {}")] {
            fs::write(action.source().join(name), text).expect("the temporary folder can be written");
        }
        action
    }

    pub fn with(mut self, input: &str, value: &str) -> Self {
        let place = self.inputs.get_mut(input).unwrap_or_else(|| panic!("the action has no input {input}"));
        value.clone_into(place);
        self
    }

    pub fn in_pull_request_to(mut self, branch: &'static str) -> Self {
        self.base_ref = branch;
        self
    }

    /// The names of the inputs.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.inputs.keys().map(String::as_str)
    }

    /// A folder in front of PATH.
    pub fn bin(&self) -> PathBuf {
        self.place.path().join("bin")
    }

    /// `RUNNER_TEMP`.
    pub fn temp(&self) -> PathBuf {
        self.place.path().join("temp")
    }

    /// `GITHUB_ACTION_PATH`, where the runner has put the repository of the action.
    pub fn source(&self) -> PathBuf {
        self.place.path().join("source")
    }

    /// `GITHUB_OUTPUT`, the file to which steps write their outputs.
    pub fn outputs(&self) -> PathBuf {
        self.place.path().join("outputs")
    }

    fn steps(&self) -> &[Value] {
        self.file["runs"]["steps"].as_array().expect("the action has steps")
    }

    /// Runs the script of a step in the root of a repository, in the way of
    /// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>.
    pub fn run(&self, repository: &Repository, id: &str) -> Output {
        let step = self.steps().iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("the action has no step {id}"));
        assert_eq!(step["shell"], "bash");
        let script = self.place.path().join("script.sh");
        fs::write(&script, step["run"].as_str().expect("the step has a script")).expect("the temporary folder can be written");
        let mut command = repository.command("bash");
        let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).expect("PATH is set").to_owned();
        let path = env::join_paths(std::iter::once(self.bin()).chain(env::split_paths(&path))).expect("no folder has a colon in its name");
        command.env("PATH", path).env("GITHUB_WORKSPACE", repository.root()).env("GITHUB_OUTPUT", self.outputs());
        command.env("GITHUB_ACTION_PATH", self.source()).env("RUNNER_TEMP", self.temp());
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, self.value(value.as_str().expect("a variable is a text")));
        }
        finish(command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(Path::new(&script)))
    }

    /// The value of a variable. Of GitHub's expressions this knows those that the action gives to its scripts, and no others.
    fn value(&self, text: &str) -> String {
        let expression = text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")).unwrap_or_else(|| panic!("no expression: {text}"));
        match expression.strip_prefix("inputs.") {
            Some(input) => self.inputs.get(input).unwrap_or_else(|| panic!("the action has no input {input}")).clone(),
            None if expression == "github.base_ref" => self.base_ref.to_owned(),
            None => panic!("an expression that this test does not know: {text}"),
        }
    }
}

#[test]
fn no_script_of_the_action_has_an_expression_in_it() {
    for step in Action::new().steps() {
        let Some(script) = step["run"].as_str() else { continue };
        assert!(!script.contains("${{"), "what stands in an input would be part of the script:\n{script}");
        assert_eq!(step["shell"], "bash", "the action runs on Windows too");
    }
}

#[test]
fn every_input_of_the_action_is_described_and_used() {
    let action = Action::new();
    let steps = serde_json::to_string(action.steps()).expect("steps are values");
    for (name, input) in action.file["inputs"].as_object().expect("the action has inputs") {
        assert!(input["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no description");
        assert!(steps.contains(&format!("inputs.{name} ")), "{name} has no effect");
    }
}

#[test]
fn the_action_builds_nothing_where_there_is_a_dbtool() {
    let action = Action::new();
    for step in action.steps().iter().filter(|step| step["id"] != "check") {
        let condition = step["if"].as_str().unwrap_or_default();
        assert!(condition.starts_with("${{ inputs.dbtool == ''"), "{}", step["name"]);
        let uses = step["uses"].as_str();
        assert!(uses.is_none_or(|uses| uses.starts_with("actions/cache/") && uses.contains("@v")), "{uses:?}");
    }
}

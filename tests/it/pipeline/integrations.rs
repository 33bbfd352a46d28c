//! The pieces that people put into their pipelines, run as GitHub, GitLab and git run them: action.yml, the job for GitLab, and the hooks.

use serde_json::Value;

use super::action::Action;
use super::repository::{DBTOOL, Repository, finish, make_program, own_file, yaml};
use crate::support::Output;

/// A repository in which a branch has left the published one, and the path of the revision that the branch brings.
fn branch(add: fn(&Repository) -> String) -> (Repository, String) {
    branch_in("", add)
}

fn branch_in(below: &'static str, add: fn(&Repository) -> String) -> (Repository, String) {
    let repository = Repository::with_project_in(below);
    repository.publish();
    let file = add(&repository);
    repository.commit("More");
    repository.drop_database();
    (repository, file)
}

/// The rules that a SARIF log has results of, each with its file.
fn sarif(text: &str) -> Vec<(String, String)> {
    let log: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().expect("a run has results");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    results.iter().map(|it| (text(&it["ruleId"]), text(&it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]))).collect()
}

#[test]
fn the_action_fails_where_a_pull_request_brings_an_unsafe_statement() {
    let (repository, file) = branch(Repository::add_unsafe);
    let action = Action::new().with("dbtool", DBTOOL).with("sarif-file", "reports/dbtool.sarif").in_pull_request_to("main");
    let output = action.run(&repository, "check");
    assert_eq!(output.status, 1, "{}", output.report());
    assert!(output.stdout.contains(&format!("::error file={file},line=")), "{}", output.report());
    assert_eq!(sarif(&repository.read("reports/dbtool.sarif")), [("drop-table".to_owned(), file)]);
}

#[test]
fn the_action_has_nothing_to_say_of_a_clean_pull_request() {
    let (repository, _) = branch(Repository::add_clean);
    // A name without a slash is looked for in PATH.
    let action = Action::new().with("dbtool", "dbtool").with("sarif-file", "dbtool.sarif").in_pull_request_to("main");
    let output = action.run(&repository, "check");
    assert_eq!(output.status, 0, "{}", output.report());
    assert!(!output.stdout.contains("::"), "{}", output.report());
    assert_eq!(sarif(&repository.read("dbtool.sarif")), []);
}

#[test]
fn the_action_judges_what_a_pull_request_brings_and_outside_of_one_everything() {
    let repository = Repository::new();
    repository.add_unsafe();
    repository.commit("Drop notes");
    repository.publish();
    repository.add_clean();
    repository.commit("Create lists");
    repository.drop_database();
    let status = |action: Action| action.with("dbtool", DBTOOL).run(&repository, "check").status;
    assert_eq!(status(Action::new().in_pull_request_to("main")), 0);
    assert_eq!(status(Action::new()), 1);
    assert_eq!(status(Action::new().with("since", "base").in_pull_request_to("main")), 1);
    assert_eq!(status(Action::new().with("since", "HEAD~1")), 0);
    repository.write("dbtool.toml", &format!("{}\n[check]\nsince = \"HEAD~1\"\n", repository.read("dbtool.toml")));
    assert_eq!(status(Action::new()), 0);
}

#[test]
fn the_action_passes_level_format_and_arguments_on() {
    let (repository, _) = branch(Repository::add_unsafe);
    repository.set_level("warning");
    let run = |action: Action| action.with("dbtool", DBTOOL).in_pull_request_to("main").run(&repository, "check");
    assert_eq!(run(Action::new().with("level", "warning")).status, 1);
    assert_eq!(run(Action::new().with("level", "error")).status, 0);
    let json = run(Action::new().with("format", "json"));
    let document: Value = serde_json::from_str(&json.stdout).unwrap_or_else(|error| panic!("{error}: {}", json.report()));
    assert_eq!((json.status, &document["command"]), (1, &Value::from("check")));
    // More than one, over more than one line, and a pattern that is none.
    let output = run(Action::new().with("args", "--directory\n  * --level error"));
    assert!(output.status == 2 && output.stderr.contains('*'), "there is no folder of this name: {}", output.report());
}

#[test]
fn the_action_says_what_a_clone_with_one_commit_lacks() {
    let repository = Repository::new();
    let output = Action::new().with("dbtool", DBTOOL).with("sarif-file", "dbtool.sarif").in_pull_request_to("main").run(&repository, "check");
    assert_eq!(output.status, 2, "{}", output.report());
    assert!(output.stderr.contains("origin/main") && output.stderr.contains("fetch-depth: 0"), "{}", output.report());
    assert!(!repository.root().join("dbtool.sarif").exists(), "after an error there is no log");
}

#[test]
fn the_action_names_files_from_the_root_of_the_repository() {
    let (repository, file) = branch_in("backend", Repository::add_unsafe);
    let action = Action::new().with("dbtool", DBTOOL).with("working-directory", "backend").with("sarif-file", "dbtool.sarif");
    let output = action.in_pull_request_to("main").run(&repository, "check");
    assert_eq!(output.status, 1, "{}", output.report());
    assert!(output.stdout.contains(&format!("::error file=backend/{file},")), "{}", output.report());
    let log = std::fs::read_to_string(repository.root().join("dbtool.sarif")).expect("the log stands in the root");
    assert_eq!(sarif(&log), [("drop-table".to_owned(), format!("backend/{file}"))]);
}

#[test]
fn the_action_builds_its_own_source_and_runs_what_it_has_built() {
    let (repository, _) = branch(Repository::add_unsafe);
    let action = Action::new().in_pull_request_to("main");
    // Cargo's place is taken by a script that notes its arguments and puts a program where cargo would.
    let cargo = format!("#!/bin/sh\necho \"$PWD: $*\"\nmkdir -p \"$6/bin\"\nln -s '{DBTOOL}' \"$6/bin/dbtool\"\n");
    make_program(&action.bin().join("cargo"), &cargo);
    let output = action.run(&repository, "install");
    let (source, root) = (action.source().display().to_string(), action.temp().join("dbtool").display().to_string());
    assert_eq!(output.stdout, format!("{source}: install --path {source} --locked --root {root}\n"), "{}", output.report());
    assert_eq!(action.run(&repository, "check").status, 1);
}

#[test]
fn the_action_keeps_its_build_as_long_as_its_source_is_the_same() {
    let repository = Repository::new();
    let action = Action::new();
    let key = || {
        let output = action.run(&repository, "key");
        assert!(output.status == 0 && output.stderr.is_empty(), "{}", output.report());
        let outputs = std::fs::read_to_string(action.outputs()).expect("the step has outputs");
        let value = |name: &str| outputs.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).next_back().map(str::to_owned);
        assert_eq!(value("root"), Some(action.temp().join("dbtool").display().to_string()));
        value("hash").filter(|hash| hash.len() >= 40).expect("a hash")
    };
    let source = |path: &str, text: &str| std::fs::write(action.source().join(path), text).expect("the source can be written");
    let first = key();
    assert_eq!(key(), first);
    std::fs::create_dir(action.source().join("target")).expect("the source can be written");
    source("target/dbtool", "what was built is no source");
    assert_eq!(key(), first);
    source("main.rs", "fn main() { changed() }");
    let second = key();
    assert_ne!(second, first, "Cargo.lock is the same, and the program is not");
    source("Cargo.lock", "changed");
    assert_ne!(key(), second);
}

/// The job of the template.
fn gitlab_job() -> Value {
    yaml(&own_file("docs/ci/dbtool.gitlab-ci.yml"))["dbtool-check"].take()
}

/// Runs the job as a runner does: all lines in one shell. `shell` is what the image has.
fn run_gitlab_job(repository: &Repository, shell: &[&str], variables: &[(&str, &str)]) -> Output {
    let job = gitlab_job();
    let lines = ["before_script", "script"].iter().flat_map(|part| job[part].as_array().expect("a list of lines"));
    let script: Vec<&str> = lines.map(|line| line.as_str().expect("a line")).collect();
    let mut command = repository.command(shell[0]);
    for (name, value) in job["variables"].as_object().expect("the job has variables") {
        command.env(name, value.as_str().expect("GitLab takes texts alone for variables"));
    }
    command.env("CI_PROJECT_DIR", repository.root()).envs(variables.iter().copied());
    finish(command.args(&shell[1..]).arg("-c").arg(script.join("\n")))
}

/// The report of code quality, each entry with all that GitLab asks for: <https://docs.gitlab.com/ci/testing/code_quality/>.
fn code_quality(repository: &Repository) -> Vec<(String, String)> {
    let job = gitlab_job();
    let file = job["artifacts"]["reports"]["codequality"].as_str().expect("the job keeps a report").to_owned();
    let text = std::fs::read_to_string(repository.root().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let report: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    let mut fingerprints = std::collections::BTreeSet::new();
    let entry = |entry: &Value| {
        let word = |value: &Value| value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("incomplete: {entry}")).to_owned();
        assert!(fingerprints.insert(word(&entry["fingerprint"])), "GitLab shows one of two with the same fingerprint: {text}");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&word(&entry["severity"]).as_str()), "{entry}");
        assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{entry}");
        word(&entry["description"]);
        (word(&entry["check_name"]), word(&entry["location"]["path"]))
    };
    report.iter().map(entry).collect()
}

/// The shells that images have, with what GitLab's runner gives them.
const SHELLS: [&[&str]; 2] = [&["bash", "-eo", "pipefail"], &["sh", "-e"]];

#[test]
fn the_gitlab_job_fails_and_reports_where_a_merge_request_brings_an_unsafe_statement() {
    let (repository, file) = branch(Repository::add_unsafe);
    let base = repository.git(&["rev-parse", "origin/main"]);
    for shell in SHELLS {
        let output = run_gitlab_job(&repository, shell, &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base)]);
        assert_eq!(output.status, 1, "{shell:?}: {}", output.report());
        assert!(output.stdout.contains("[drop-table]"), "the log is for people: {}", output.report());
        assert_eq!(code_quality(&repository), [("drop-table".to_owned(), file.clone())]);
    }
}

#[test]
fn the_gitlab_job_reports_nothing_of_a_clean_merge_request() {
    let (repository, _) = branch(Repository::add_clean);
    let base = repository.git(&["rev-parse", "origin/main"]);
    for shell in SHELLS {
        let output = run_gitlab_job(&repository, shell, &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base)]);
        assert_eq!(output.status, 0, "{shell:?}: {}", output.report());
        assert_eq!(code_quality(&repository), []);
    }
}

#[test]
fn the_gitlab_job_judges_all_revisions_on_the_default_branch() {
    let (repository, file) = branch(Repository::add_unsafe);
    for shell in SHELLS {
        let output = run_gitlab_job(&repository, shell, &[]);
        assert_eq!(output.status, 1, "{shell:?}: {}", output.report());
        assert_eq!(code_quality(&repository), [("drop-table".to_owned(), file.clone())]);
    }
}

#[test]
fn the_gitlab_job_names_files_from_the_root_of_the_repository() {
    let (repository, file) = branch_in("backend", Repository::add_unsafe);
    let output = run_gitlab_job(&repository, SHELLS[0], &[("DBTOOL_PROJECT", "backend")]);
    assert_eq!(output.status, 1, "{}", output.report());
    assert_eq!(code_quality(&repository), [("drop-table".to_owned(), format!("backend/{file}"))]);
}

#[test]
fn the_gitlab_job_runs_in_merge_requests_and_keeps_its_report_when_it_fails() {
    let job = gitlab_job();
    let rules = job["rules"].as_array().expect("a list of rules");
    assert!(rules.iter().any(|rule| rule["if"] == "$CI_PIPELINE_SOURCE == \"merge_request_event\""), "{rules:?}");
    assert_eq!(job["artifacts"]["when"], "always", "a job that finds something fails, and its report is what it is for");
    assert_eq!(job["variables"]["GIT_DEPTH"], "0", "the commit that a merge request starts from is part of the clone");
}

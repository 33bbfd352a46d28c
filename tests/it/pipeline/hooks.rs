//! The hooks, in commits: the one for git itself, and those for the program pre-commit.

use serde_json::Value;

use super::repository::{Repository, finish, own_file, yaml};
use crate::support::Output;

fn git_hook() -> String {
    own_file("docs/ci/pre-commit")
}

/// The hooks that pre-commit finds in this repository.
fn pre_commit_hooks() -> Vec<Value> {
    serde_json::from_value(yaml(&own_file(".pre-commit-hooks.yaml"))).expect("a list of hooks")
}

/// What pre-commit runs for a hook without file names, as a hook of git.
fn as_git_hook(hook: &Value) -> String {
    assert_eq!(hook["pass_filenames"], false, "check takes no file names: {hook}");
    let words = hook["args"].as_array().expect("a list of arguments").iter().map(|word| word.as_str().expect("an argument"));
    format!("#!/bin/sh\nexec {} {}\n", hook["entry"].as_str().expect("an entry"), words.collect::<Vec<_>>().join(" "))
}

#[track_caller]
fn refused(output: &Output, code: &str) {
    assert!(output.status == 1 && output.report().contains(&format!("[{code}]")), "{}", output.report());
}

#[track_caller]
fn accepted(output: &Output) {
    assert!(output.status == 0, "{}", output.report());
}

/// Puts an exception above the statement that drops a table.
fn allow(repository: &Repository, file: &str) {
    let exception = "-- dbtool: allow drop-table reason=\"nothing reads it\"\nDROP TABLE";
    repository.write(file, &repository.read(file).replacen("DROP TABLE", exception, 1));
}

fn add_comment(repository: &Repository, file: &str) {
    repository.write(file, &format!("{}-- A word more.\n", repository.read(file)));
}

#[test]
fn a_hook_refuses_an_unsafe_statement_until_there_is_a_reason_for_it() {
    for hook in pre_commit_hooks().iter().map(as_git_hook).chain([git_hook()]) {
        let repository = Repository::new();
        repository.install_hook(&hook);
        let file = repository.add_unsafe();
        refused(&repository.try_commit("Drop notes"), "drop-table");
        assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]), "1", "{hook}");
        allow(&repository, &file);
        accepted(&repository.try_commit("Drop notes"));
        repository.add_clean();
        accepted(&repository.try_commit("Create lists"));
    }
}

#[test]
fn a_hook_refuses_a_schema_that_nobody_has_migrated() {
    for hook in pre_commit_hooks().iter().map(as_git_hook).chain([git_hook()]) {
        let repository = Repository::new();
        repository.install_hook(&hook);
        repository.write("schema.toml", &repository.read("schema.toml").replace("nullable = false", "nullable = true"));
        refused(&repository.try_commit("Forgotten"), "schema-not-migrated");
    }
}

#[test]
fn the_hook_of_git_lets_a_revision_be_corrected_until_others_have_it() {
    let repository = Repository::new();
    repository.publish();
    repository.install_hook(&git_hook());
    let file = repository.add_clean();
    accepted(&repository.try_commit("Create lists"));
    add_comment(&repository, &file);
    accepted(&repository.try_commit("Correct it"));
    repository.publish();
    add_comment(&repository, &file);
    refused(&repository.try_commit("Correct it too late"), "revision-edited");
    // Which commit counts is everybody's own choice.
    repository.git(&["config", "dbtool.since", "HEAD~2"]);
    accepted(&repository.try_commit("Correct it all the same"));
}

#[test]
fn without_a_remote_the_hook_of_git_goes_by_the_last_commit() {
    let repository = Repository::new();
    repository.install_hook(&git_hook());
    let file = repository.add_clean();
    accepted(&repository.try_commit("Create lists"));
    add_comment(&repository, &file);
    refused(&repository.try_commit("Correct it"), "revision-edited");
}

#[test]
fn the_hook_of_git_works_in_the_first_commit_and_in_a_second_working_tree() {
    let repository = Repository::without_commit("");
    repository.install_hook(&git_hook());
    accepted(&repository.try_commit("Begin"));
    repository.git(&["worktree", "add", "--quiet", "-b", "other", "other"]);
    add_comment(&repository, &format!("other/{}", repository.git(&["ls-files", "*.up.sql"])));
    let output = finish(repository.command("git").args(["-C", "other", "commit", "--quiet", "--all", "-m", "Correct it"]));
    refused(&output, "revision-edited");
}

#[test]
fn the_hook_of_git_asks_nothing_where_no_revision_can_be_part_of_the_commit() {
    let repository = Repository::new();
    repository.install_hook(&git_hook());
    repository.write("schema.toml", "this is no schema");
    repository.write("README.md", "A word.");
    repository.git(&["add", "README.md"]);
    accepted(&finish(repository.command("git").args(["commit", "--quiet", "-m", "A word"])));
}

#[test]
fn the_hook_of_git_names_what_it_judges_and_the_commit_lacks() {
    let repository = Repository::new();
    repository.install_hook(&git_hook());
    let file = repository.add_clean();
    repository.git(&["add", "schema.toml"]);
    let output = finish(repository.command("git").args(["commit", "--quiet", "-m", "Create lists"]));
    assert!(output.status == 0 && output.report().contains(&file), "{}", output.report());
}

#[test]
fn pre_commit_runs_its_hooks_where_migrations_or_settings_change() {
    for hook in pre_commit_hooks() {
        let files = regex_lite::Regex::new(hook["files"].as_str().expect("a pattern")).expect("a regular expression");
        let up = "20261120083200_add_completed.up.sql";
        let concerned =
            ["schema.toml", "dbtool.toml", "backend/schema.toml", "schema/tables/events.toml", &format!("migrations/{up}"), &format!("db/{up}")];
        for path in concerned {
            assert!(files.is_match(path), "{} leaves out {path}", hook["id"]);
        }
        for path in ["README.md", "Cargo.toml", "queries/report.sql", "src/schema.rs", "my_schema.toml"] {
            assert!(!files.is_match(path), "{} takes {path}", hook["id"]);
        }
        assert!(["rust", "system"].contains(&hook["language"].as_str().unwrap_or_default()), "{hook}");
    }
}

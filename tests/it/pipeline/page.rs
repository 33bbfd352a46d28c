//! docs/ci.md: what people copy from it is true of the files that it is about.

use serde_json::Value;

use super::action::Action;
use super::repository::{Repository, finish, own_file, yaml};
use crate::support::{Engine, Project};

/// The blocks of the page in one language, without the white space before them.
fn blocks(language: &str) -> Vec<String> {
    let page = own_file("docs/ci.md");
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some((indent, marked)) = line.split_once("```") else { continue };
        let text: String =
            lines.by_ref().take_while(|line| line.trim() != "```").map(|line| format!("{}\n", line.strip_prefix(indent).unwrap_or(line))).collect();
        if marked == language {
            found.push(text);
        }
    }
    assert!(!found.is_empty(), "docs/ci.md has no {language}");
    found
}

/// Every `uses:`, `id:` and the like in a document, with the table that it stands in.
fn with_key<'a>(value: &'a Value, key: &str, found: &mut Vec<(&'a str, &'a Value)>) {
    if let Some(text) = value.get(key).and_then(Value::as_str) {
        found.push((text, value));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| with_key(item, key, found)),
        Value::Object(fields) => fields.values().for_each(|field| with_key(field, key, found)),
        _ => {}
    }
}

fn all_with_key<'a>(document: &'a Value, key: &str) -> Vec<(&'a str, &'a Value)> {
    let mut found = Vec::new();
    with_key(document, key, &mut found);
    found
}

#[test]
fn the_workflows_use_the_action_with_inputs_that_it_has_and_a_whole_clone() {
    let action = yaml(&own_file("action.yml"));
    let documents: Vec<Value> = blocks("yaml").iter().map(|text| yaml(text)).filter(|document| document.get("jobs").is_some()).collect();
    for document in &documents {
        let uses = all_with_key(document, "uses");
        let ours: Vec<&Value> = uses.iter().filter(|(name, _)| name.contains("/dbtool@")).map(|(_, step)| *step).collect();
        assert_eq!(ours.len(), 1, "{document}");
        for input in ours[0]["with"].as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(action["inputs"].get(input).is_some(), "the action has no input {input}");
        }
        assert!(uses[0].0.starts_with("actions/checkout@") && uses[0].1["with"]["fetch-depth"] == 0, "{document}");
    }
    assert!(documents.len() >= 3, "SQLite, a server, and code scanning");
}

#[test]
fn the_upload_takes_the_file_that_the_action_writes() {
    let is_upload = |name: &str| name.contains("upload-sarif@");
    let documents = blocks("yaml").into_iter().map(|text| yaml(&text));
    let document = documents.into_iter().find(|document| all_with_key(document, "uses").iter().any(|(name, _)| is_upload(name))).expect("an upload");
    let uses = all_with_key(&document, "uses");
    let written = uses.iter().find(|(name, _)| name.contains("/dbtool@")).map(|(_, step)| &step["with"]["sarif-file"]);
    let (_, upload) = uses.iter().find(|(name, _)| is_upload(name)).expect("found above");
    assert_eq!(written, Some(&upload["with"]["sarif_file"]));
    assert!(upload["if"].as_str().is_some_and(|condition| condition.contains("!cancelled()")), "the step before it may fail");
    assert_eq!(document["permissions"]["security-events"], "write");
}

#[test]
fn the_pipelines_of_gitlab_include_the_template_and_say_what_it_asks() {
    let template = yaml(&own_file("docs/ci/dbtool.gitlab-ci.yml"));
    let mut count = 0;
    for document in blocks("yaml").iter().map(|text| yaml(text)) {
        let Some(include) = document.get("include") else { continue };
        count += 1;
        assert!(include[0]["remote"].as_str().is_some_and(|url| url.ends_with("/docs/ci/dbtool.gitlab-ci.yml")), "{include}");
        for (job, said) in document.as_object().into_iter().flatten().filter(|(key, _)| *key != "include") {
            assert!(template.get(job).is_some(), "the template has no job {job}");
            assert!(said["variables"]["DBTOOL_REPOSITORY"].is_string(), "without it nothing can be built: {said}");
            // What the template does not know is for the service, or a variable of dbtool's own.
            for name in said["variables"].as_object().into_iter().flatten().map(|(name, _)| name) {
                let is_known = template[job]["variables"].get(name).is_some() || name.starts_with("POSTGRES_") || name == "DBTOOL_SCRATCH_URL";
                assert!(is_known, "nobody knows {name}");
            }
        }
    }
    assert_eq!(count, 2, "SQLite, and a server");
}

#[test]
fn the_settings_of_pre_commit_name_hooks_that_there_are() {
    let hooks = yaml(&own_file(".pre-commit-hooks.yaml"));
    let known: Vec<&str> = all_with_key(&hooks, "id").into_iter().map(|(id, _)| id).collect();
    let documents: Vec<Value> = blocks("yaml").iter().map(|text| yaml(text)).filter(|document| document.get("repos").is_some()).collect();
    assert!(!documents.is_empty());
    for (id, _) in documents.iter().flat_map(|document| all_with_key(document, "id")) {
        assert!(known.contains(&id), "there is no hook {id}");
    }
    let page = own_file("docs/ci.md");
    assert!(known.iter().all(|id| page.contains(&format!("`{id}`"))), "{known:?}");
}

#[test]
fn the_page_shows_the_hook_as_it_is() {
    assert!(blocks("sh").contains(&own_file("docs/ci/pre-commit")), "copy docs/ci/pre-commit into docs/ci.md");
}

#[test]
fn the_page_lists_the_inputs_of_the_action() {
    let page = own_file("docs/ci.md");
    for name in Action::new().inputs() {
        assert!(page.contains(&format!("\n| `{name}` |")), "docs/ci.md says nothing of the input {name}");
    }
}

#[test]
fn every_command_line_of_the_page_is_one_that_dbtool_takes() {
    let repository = Repository::new();
    let page = own_file("docs/ci.md");
    // In the blocks by their first word, in the text between backquotes.
    let in_blocks = blocks("sh").into_iter().flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let in_text = page.split('`').map(str::to_owned);
    let exec = |line: String| line.trim().trim_start_matches("exec ").to_owned();
    let lines: Vec<String> = in_blocks.chain(in_text).map(exec).filter(|line| line.starts_with("dbtool ") && !line.contains('\n')).collect();
    assert!(lines.len() > 5, "{lines:?}");
    for line in lines {
        let output = finish(repository.command("sh").env("since", "HEAD").arg("-c").arg(format!("{line} --help")));
        assert!(output.status == 0, "{line}: {}", output.report());
    }
}

#[test]
fn the_settings_of_the_page_are_those_of_dbtool() {
    let project = Project::new(Engine::Sqlite);
    project.ok(&["init"]);
    let settings = project.read("dbtool.toml");
    for text in blocks("toml") {
        project.write("dbtool.toml", &format!("{settings}\n{text}"));
        project.ok(&["heads"]);
    }
}

#[test]
fn the_exception_of_the_page_lets_the_statement_below_it_stand() {
    let repository = Repository::new();
    let file = repository.add_unsafe();
    let check = || finish(repository.command("dbtool").args(["check", "--since", "HEAD"]));
    assert_eq!(check().status, 1);
    let example = blocks("sql").concat();
    let exception = example.lines().next().expect("an exception");
    repository.write(&file, &repository.read(&file).replacen("DROP TABLE", &format!("{exception}\nDROP TABLE"), 1));
    let output = check();
    assert!(output.status == 0, "{}", output.report());
}

#[test]
fn every_link_of_the_page_leads_to_a_file() {
    let page = own_file("docs/ci.md");
    for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = link.split('#').next().unwrap_or_default();
        if !path.is_empty() && !path.contains("://") {
            own_file(&format!("docs/{path}"));
        }
    }
}

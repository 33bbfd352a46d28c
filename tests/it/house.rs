//! Rules of the house that the compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The Rust files of the library, by their path below `src`, with what stands before their tests.
fn sources() -> Vec<(String, String)> {
    let source = root("src");
    let rust = files(&source).into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).expect("a source file is text");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        (file.strip_prefix(&source).expect("the file is below src").display().to_string(), code)
    };
    rust.map(read).collect()
}

#[test]
fn every_test_file_is_part_of_the_binary() {
    let tests = root("tests/it");
    for file in files(&tests).into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let stem = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        if stem == "main" || stem == "mod" {
            continue;
        }
        let folder = file.parent().expect("a file stands in a folder");
        let parent = if folder == tests { tests.join("main.rs") } else { folder.join("mod.rs") };
        let list = fs::read_to_string(&parent).unwrap_or_default();
        assert!(list.contains(&format!("mod {stem};")), "{} is not a module of {}", file.display(), parent.display());
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent: Vec<String> = sources().into_iter().filter(|(_, code)| !code.starts_with("//!")).map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "without a first line that begins with //!: {silent:?}");
}

#[test]
fn the_lower_layers_know_nothing_of_the_upper_ones() {
    // Each folder and what it may not use.
    let layers: [(&str, &[&str]); 4] = [
        ("model/", &["dialect", "source", "diff", "plan", "declare", "run", "migration", "scratch", "config", "cli"]),
        ("source/", &["dialect", "diff", "plan", "declare", "run", "migration", "scratch", "config", "cli"]),
        ("diff/", &["run", "migration", "scratch", "config", "cli", "declare"]),
        ("", &["cli"]),
    ];
    let mut wrong = Vec::new();
    for (name, code) in sources() {
        for (folder, forbidden) in layers {
            if !name.starts_with(folder) || name.starts_with("cli/") || name == "main.rs" || name == "lib.rs" {
                continue;
            }
            wrong.extend(forbidden.iter().filter(|layer| code.contains(&format!("crate::{layer}"))).map(|layer| format!("{name} uses {layer}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

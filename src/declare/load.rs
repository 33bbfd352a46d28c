//! Reads schema.toml, or all the `*.toml` files of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::source::Source;

/// The sources of the declared schema: `path` itself, or the `*.toml` files below it, sorted by name.
///
/// # Errors
/// One sentence with the path where there is no such file, or none in the folder, or where it cannot be read as UTF-8.
pub fn load(path: &Path) -> anyhow::Result<Vec<Source>> {
    let Ok(metadata) = fs::metadata(path) else {
        bail!("there is no schema file at {}: `dbtool init` makes one, `--schema FILE` names another", path.display());
    };
    let mut files = Vec::new();
    if metadata.is_dir() {
        collect(path, &mut files)?;
        if files.is_empty() {
            bail!("the folder {} holds no *.toml file: `dbtool init` makes one, `--schema FILE` names another", path.display());
        }
    } else {
        files.push(path.to_owned());
    }
    files.iter().map(|file| read(file)).collect()
}

/// The `*.toml` files below a folder, by name.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    Ok(found)
}

/// Adds the `*.toml` files below `folder`, by name. Hidden files and folders are left out: editors keep their copies there.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let listing = fs::read_dir(folder).with_context(|| format!("cannot list the folder {}", folder.display()))?;
    let mut entries = Vec::new();
    for entry in listing {
        entries.push(entry.with_context(|| format!("cannot list the folder {}", folder.display()))?.path());
    }
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if entry.extension().is_some_and(|extension| extension == "toml") {
            files.push(entry);
        }
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Source> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        anyhow::anyhow!("{}:{line}: the file is not UTF-8; save it in that encoding", file.display())
    })?;
    Ok(Source { path: file.display().to_string(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_by_name_and_recursively() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.toml", "a.toml", "b/x.toml", "notes.txt", ".a.toml.swp", ".hidden.toml"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let texts: Vec<String> = load(folder.path()).unwrap().into_iter().map(|source| source.text).collect();
        assert_eq!(texts, ["a.toml", "b/x.toml", "c.toml"]);
    }

    #[test]
    fn a_missing_file_names_the_command_that_makes_it() {
        let error = load(Path::new("/nowhere/schema.toml")).unwrap_err().to_string();
        assert!(error.contains("/nowhere/schema.toml") && error.contains("dbtool init"), "{error}");
    }

    #[test]
    fn a_file_in_another_encoding_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("schema.toml");
        fs::write(&file, b"# one\n# caf\xe9\n").unwrap();
        assert!(load(&file).unwrap_err().to_string().contains("schema.toml:2: the file is not UTF-8"));
    }
}

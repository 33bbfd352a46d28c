//! The forms in which findings are told: one file each.

mod github;
mod gitlab;
mod human;
mod json;
mod sarif;

pub use github::github;
pub use gitlab::gitlab;
pub use human::{human, summary};
pub use json::json;
pub use sarif::sarif;

use super::finding::Finding;

/// The path of the file that a finding is about, with `/` and without `./` before it, as it is from the current folder.
fn path(finding: &Finding) -> Option<String> {
    let path = finding.place.as_ref()?.source.path.replace('\\', "/");
    Some(path.trim_start_matches("./").to_owned())
}

/// The same from the root of the repository, as forges take it. `prefix` is where the current folder is in there.
fn rooted(path: &str, prefix: &str) -> String {
    let path = path.replace('\\', "/");
    if path.starts_with('/') {
        return path;
    }
    let mut parts: Vec<&str> = prefix.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        // A file beside the folder of the project.
        if part == ".." && parts.pop().is_some() {
            continue;
        }
        parts.push(part);
    }
    parts.join("/")
}

/// Message, difference and help as one text.
fn whole(finding: &Finding) -> String {
    let detail = finding.detail.as_ref().map(|detail| format!("\n{detail}")).unwrap_or_default();
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{}{detail}{help}", finding.message)
}

/// Texts by which forges know a finding again: the same for the same finding in the same file, whatever line it has moved to, and different
/// for two in one file.
fn fingerprints(findings: &[Finding]) -> Vec<String> {
    use sha2::{Digest as _, Sha256};
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let fingerprint = |finding: &Finding| {
        let text = format!("{}\n{}\n{}", finding.code, path(finding).unwrap_or_default(), finding.message);
        let count = seen.entry(text.clone()).or_default();
        *count += 1;
        let digest = Sha256::digest(format!("{text}\n{count}"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    findings.iter().map(fingerprint).collect()
}

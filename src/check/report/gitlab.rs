//! GitLab's code quality report: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde_json::{Value, json};

use super::{fingerprints, path, rooted, whole};
use crate::check::finding::{Finding, Level};

/// The whole report, its line end included. Every entry has to name a file: what is about none is told of `schema`, the declared schema.
/// `prefix` is where the current folder is in the repository.
pub fn gitlab(findings: &[Finding], schema: &str, prefix: &str) -> String {
    let entries: Vec<Value> = findings
        .iter()
        .zip(fingerprints(findings))
        .map(|(finding, fingerprint)| entry(finding, &fingerprint, &rooted(&path(finding).unwrap_or_else(|| schema.to_owned()), prefix)))
        .collect();
    format!("{:#}\n", Value::Array(entries))
}

fn entry(finding: &Finding, fingerprint: &str, path: &str) -> Value {
    let severity = match finding.level {
        Level::Error => "critical",
        Level::Warning => "major",
        Level::Note | Level::Off => "info",
    };
    json!({
        "description": whole(finding),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": path,
            "lines": { "begin": finding.place.as_ref().map_or(1, |place| place.start().0) },
        },
    })
}

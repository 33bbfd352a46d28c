//! For programs: the fields of the document of `check --format json`.

use serde_json::{Value, json};

use super::path;
use crate::check::finding::{Finding, Level};

/// `findings`, and how many there are of each level.
pub fn json(findings: &[Finding]) -> Value {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    json!({
        "findings": findings.iter().map(one).collect::<Vec<_>>(),
        "errors": count(Level::Error),
        "warnings": count(Level::Warning),
        "notes": count(Level::Note),
    })
}

fn one(finding: &Finding) -> Value {
    let start = finding.place.as_ref().map(|place| place.start());
    let end = finding.place.as_ref().map(|place| place.end());
    json!({
        "code": finding.code,
        "level": finding.level.name(),
        "message": finding.message,
        "help": finding.help,
        "detail": finding.detail,
        "file": path(finding),
        "line": start.map(|(line, _)| line),
        "column": start.map(|(_, column)| column),
        "end_line": end.map(|(line, _)| line),
        "end_column": end.map(|(_, column)| column),
        "fixable": finding.fix.is_some(),
        "docs": finding.docs(),
    })
}

//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use serde_json::{Value, json};

use super::{fingerprints, path, rooted, whole};
use crate::check::finding::{Finding, Level};
use crate::check::gate::CODES;
use crate::check::rules::RULES;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole log, its line end included. `prefix` is where the current folder is in the repository.
pub fn sarif(findings: &[Finding], prefix: &str) -> String {
    let rules = rules();
    let results: Vec<Value> =
        findings.iter().zip(fingerprints(findings)).map(|(finding, fingerprint)| result(finding, &fingerprint, &rules, prefix)).collect();
    let driver = json!({
        "name": "dbtool",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    format!("{:#}\n", json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// Everything that can be found, so that forges can show its documentation.
fn rules() -> Vec<Value> {
    let gate = CODES.iter().map(|code| descriptor(code.code, code.summary, code.why, "", code.level));
    let rules = RULES.iter().map(|rule| descriptor(rule.code, rule.summary, rule.why, rule.instead, rule.level));
    gate.chain(rules).collect()
}

fn descriptor(code: &str, summary: &str, why: &str, instead: &str, level: Level) -> Value {
    let text = if instead.is_empty() { why.to_owned() } else { format!("{why}\n\nInstead: {instead}") };
    json!({
        "id": code,
        "shortDescription": { "text": summary },
        "fullDescription": { "text": why },
        "help": { "text": text, "markdown": text },
        "defaultConfiguration": if level == Level::Off { json!({ "enabled": false }) } else { json!({ "level": level.name() }) },
    })
}

fn result(finding: &Finding, fingerprint: &str, rules: &[Value], prefix: &str) -> Value {
    let index = rules.iter().position(|rule| rule["id"] == finding.code);
    let mut result = json!({
        "ruleId": finding.code,
        "level": finding.level.name(),
        "message": { "text": whole(finding) },
        "partialFingerprints": { "dbtool/v1": fingerprint },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    if let (Some(path), Some(place)) = (path(finding), &finding.place) {
        let ((line, column), (end_line, end_column)) = (place.start(), place.end());
        let region = json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
        result["locations"] = json!([{ "physicalLocation": { "artifactLocation": { "uri": uri(&rooted(&path, prefix)) }, "region": region } }]);
    }
    result
}

/// A path as a reference, relative where the path is: <https://www.rfc-editor.org/rfc/rfc3986#section-4.2>.
fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const RESERVED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'|')
        .add(b'\\')
        .add(b'^')
        .add(b'[')
        .add(b']');
    let encoded = utf8_percent_encode(path, RESERVED).to_string();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

//! Exceptions: which findings somebody has let stand, and which exceptions have nothing to do.

use super::finding::{Finding, Level, Place};
use super::gate::{CODES, is_known, is_of_gate};
use super::levels::Levels;
use super::scene::ReadScript;
use crate::migration::Allow;

/// Takes out the findings that exceptions of these scripts let stand, and adds what is wrong with the exceptions themselves. `is_rehearsed` is
/// false where the revisions were not run, so that exceptions about that cannot have had an effect.
pub fn apply(findings: Vec<Finding>, scripts: &[ReadScript], levels: &Levels, is_rehearsed: bool) -> Vec<Finding> {
    let mut used: Vec<Vec<Vec<bool>>> =
        scripts.iter().map(|script| script.allows.iter().map(|allow| vec![false; allow.rules.len()]).collect()).collect();
    let mut left = Vec::new();
    for finding in findings {
        let mut is_allowed = false;
        for (script, used) in scripts.iter().zip(&mut used) {
            for (allow, used) in script.allows.iter().zip(used) {
                for (rule, used) in allow.rules.iter().zip(used) {
                    if rule == finding.code && covers(allow, script, &finding) {
                        *used = true;
                        is_allowed |= allow.reason.is_some();
                    }
                }
            }
        }
        if !is_allowed {
            left.push(finding);
        }
    }
    for (script, used) in scripts.iter().zip(&used).filter(|(script, _)| script.is_judged) {
        for (allow, used) in script.allows.iter().zip(used) {
            left.extend(faults(allow, used, script, levels, is_rehearsed));
        }
    }
    left
}

/// An exception for a rule stands before the statement; one for the revision as a whole anywhere in the script.
fn covers(allow: &Allow, script: &ReadScript, finding: &Finding) -> bool {
    let Some(place) = &finding.place else { return false };
    if place.source.path != script.source.path {
        return false;
    }
    if is_of_gate(finding.code) {
        return true;
    }
    let statement = script.statements.iter().find(|statement| statement.piece == allow.piece);
    statement.is_some_and(|statement| (statement.offset..statement.end).contains(&place.span.start))
}

fn faults(allow: &Allow, used: &[bool], script: &ReadScript, levels: &Levels, is_rehearsed: bool) -> Vec<Finding> {
    let place = || Place::line(script.source.clone(), allow.line);
    let mut found = Vec::new();
    let path = script.source.path.as_str();
    let mut add = |code: &'static str, message: String, help: String| {
        let finding = Finding::new(code, message, help);
        let level = levels.of(code, finding.level, Some(path));
        if level != Level::Off {
            found.push(Finding { level, ..finding }.at(place()));
        }
    };
    if allow.rules.is_empty() {
        add("allow-unknown", "an exception names no rule".to_owned(), "write it as: -- dbtool: allow RULE reason=\"...\"".to_owned());
    }
    if allow.reason.is_none() {
        let rules = allow.rules.join(", ");
        add(
            "allow-without-reason",
            format!("the exception for {rules} has no reason, and does not count"),
            format!("write it as: -- dbtool: allow {rules} reason=\"why it is safe here\""),
        );
    }
    for (rule, is_used) in allow.rules.iter().zip(used) {
        if !is_known(rule) {
            add("allow-unknown", format!("there is no rule {rule}"), nearest(rule));
        } else if !is_used && levels.of(rule, Level::Note, Some(path)) != Level::Off && (is_rehearsed || !is_of_gate(rule)) {
            add("allow-unused", format!("{rule} finds nothing here, so the exception has no effect"), "take the comment away".to_owned());
        }
    }
    found
}

/// The code that was probably meant.
pub fn nearest(code: &str) -> String {
    let known = super::rules::RULES.iter().map(|rule| rule.code).chain(CODES.iter().map(|code| code.code));
    let near = known.max_by(|a, b| strsim::jaro_winkler(a, code).total_cmp(&strsim::jaro_winkler(b, code)));
    near.map_or_else(String::new, |near| format!("did you mean {near}? `dbtool check --explain` lists them all"))
}

//! The documentation of the rules, as `check --explain` and docs/rules.md show it.

use super::finding::Level;
use super::gate::{CODES, Code};
use super::rule::{Example, Flavor, Rule};
use super::rules::RULES;
use crate::dialect::Kind;

const INTRODUCTION: &str = "\
# What `dbtool check` finds

This page is made from the rules themselves (`UPDATE=1 cargo test --test it generated`). `dbtool check --explain CODE` shows one of them.

The level says how much a finding matters: an **error** fails, loses data or stops an application; a **warning** may; a **note** is worth knowing. From
`[check] level` on (`warning` unless said otherwise) a finding ends `check` with status 1. Where a rule is said to be about size, a table with fewer
rows than `[check] small_table` (10,000) in the database of `--live` makes it a note. [configuration.md](configuration.md#check) has the keys.

One statement is let off by a comment above it, with the reason: `-- dbtool: allow CODE reason=\"...\"`.
";

/// docs/rules.md.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## The project as a whole\n\n| code | level | what is found |\n|---|---|---|\n");
    for code in CODES {
        page.push_str(&format!("| [{0}](#{0}) | {1} | {2} |\n", code.code, code.level.name(), cell(code.summary)));
    }
    page.push_str("\n## Statements\n\n| code | level | engines | what is found |\n|---|---|---|---|\n");
    for rule in RULES {
        page.push_str(&format!("| [{0}](#{0}) | {1} | {2} | {3} |\n", rule.code, rule.level.name(), engines(rule), cell(rule.summary)));
    }
    for code in CODES {
        page.push_str(&format!("\n{}", gate_text(code)));
    }
    for rule in RULES {
        page.push_str(&format!("\n{}", rule_text(rule)));
    }
    page
}

/// What is said of one code; `None` where there is no such.
pub fn explain(code: &str) -> Option<String> {
    let gate = CODES.iter().find(|it| it.code == code).map(gate_text);
    gate.or_else(|| RULES.iter().find(|rule| rule.code == code).map(|rule| rule_text(rule)))
}

/// All codes with their summaries, a line each.
pub fn list() -> String {
    let rules = RULES.iter().map(|rule| (rule.code, rule.level, rule.summary));
    let all = CODES.iter().map(|code| (code.code, code.level, code.summary)).chain(rules);
    all.map(|(code, level, summary)| format!("{code:<36} {:<8} {summary}\n", level.name())).collect()
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn gate_text(code: &Code) -> String {
    format!("### {}\n\n{}: {}.\n\n{}\n", code.code, capital(code.level), code.summary, code.why)
}

fn rule_text(rule: &Rule) -> String {
    let mut text = format!("### {}\n\n{}: {}. {}.", rule.code, capital(rule.level), rule.summary, engines(rule));
    if rule.is_about_size {
        text.push_str(" About size.");
    }
    if rule.judges_down {
        text.push_str(" Down scripts are judged too.");
    }
    text.push_str(&format!("\n\n{}\n\nInstead: {}\n", rule.why, rule.instead));
    if let Some(example) = rule.examples.first() {
        text.push_str(&format!("\nFound in:\n\n{}", block(example)));
    }
    if let Some(example) = rule.counter_examples.iter().find(|example| Some(example.kind) == rule.examples.first().map(|it| it.kind)) {
        text.push_str(&format!("\nNot found in:\n\n{}", block(example)));
    }
    let sources: Vec<String> = rule.sources.iter().map(|source| format!("<{source}>")).collect();
    text.push_str(&format!("\nSee {}.", sources.join(", ")));
    if !rule.known_as.is_empty() {
        text.push_str(&format!(" Elsewhere: {}.", rule.known_as.join(", ")));
    }
    text.push('\n');
    text
}

/// The statements of an example; what was there before as a comment.
fn block(example: &Example) -> String {
    let server = match (example.kind, example.flavor) {
        (Kind::Sqlite, _) => "SQLite",
        (Kind::Postgres, _) => "PostgreSQL",
        (Kind::Mysql, Flavor::Any) => "MySQL and MariaDB",
        (Kind::Mysql, Flavor::Mysql) => "MySQL",
        (Kind::Mysql, Flavor::Mariadb) => "MariaDB",
    };
    let before = if example.before.is_empty() { String::new() } else { format!(" behind {}", example.before) };
    format!("```sql\n-- {server}{before}\n{}\n```\n", example.script)
}

fn capital(level: Level) -> &'static str {
    match level {
        Level::Error => "Error",
        Level::Warning => "Warning",
        Level::Note => "Note",
        Level::Off => "Off unless switched on",
    }
}

fn engines(rule: &Rule) -> String {
    let title = |kind: &Kind| match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
        Kind::Mysql => "MySQL and MariaDB",
    };
    rule.engines.iter().map(title).collect::<Vec<_>>().join(", ")
}

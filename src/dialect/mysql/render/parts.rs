//! Keys, indexes and constraints, as they stand in CREATE TABLE and behind ADD.

use super::super::quote::literal;
use super::super::{Mysql, is_mariadb};
use super::list;
use crate::dialect::Dialect as _;
use crate::diff::Part;
use crate::model::{Check, ForeignKey, Index, IndexPart, KeyAction, KeyOf, Order, PrimaryKey, Unique};

/// Any part, with its name.
pub fn part(name: &str, part: &Part, version: u32) -> String {
    match part {
        Part::PrimaryKey(it) => primary_key(it),
        Part::Unique(it) => unique(name, it),
        Part::Check(it) => check(name, it),
        Part::ForeignKey(it) => foreign_key(name, it, version),
        Part::Index(it) => index(name, it, version),
        // Refused before anything is planned.
        Part::Exclusion(_) => String::new(),
    }
}

pub fn primary_key(key: &PrimaryKey) -> String {
    let using = key.using.as_ref().map(|method| format!(" USING {method}")).unwrap_or_default();
    let columns = match key.parts.as_slice() {
        [] => list(&key.columns),
        parts => format!("({})", parts.iter().map(index_part).collect::<Vec<_>>().join(", ")),
    };
    format!("PRIMARY KEY {columns}{using}{}", comment(key.comment.as_ref()))
}

pub fn unique(name: &str, unique: &Unique) -> String {
    format!("UNIQUE KEY {} {}{}", Mysql.quote(name), list(&unique.columns), comment(unique.comment.as_ref()))
}

pub fn index(name: &str, index: &Index, version: u32) -> String {
    let kind = match index.method.as_str() {
        "fulltext" => "FULLTEXT ",
        "spatial" => "SPATIAL ",
        "vector" => "VECTOR ",
        _ if index.unique => "UNIQUE ",
        _ => "",
    };
    let parts: Vec<String> = index.parts.iter().map(index_part).collect();
    let mut out = format!("{kind}KEY {} ({})", Mysql.quote(name), parts.join(", "));
    if !matches!(index.method.as_str(), "btree" | "fulltext" | "spatial" | "vector") {
        out.push_str(&format!(" USING {}", index.method.to_uppercase()));
    }
    for (key, value) in &index.storage {
        out.push_str(&match key.as_str() {
            "using" => format!(" USING {value}"),
            "parser" => format!(" WITH PARSER {}", Mysql.quote(value)),
            "invisible" if is_mariadb(version) => " IGNORED".to_owned(),
            "invisible" => " INVISIBLE".to_owned(),
            other => format!(" {}={value}", other.to_uppercase()),
        });
    }
    out.push_str(&comment(index.comment.as_ref()));
    out
}

fn index_part(part: &IndexPart) -> String {
    let key = match &part.key.what {
        KeyOf::Column(column) => Mysql.quote(column),
        KeyOf::Expr(expr) => format!("({})", expr.text),
    };
    let length = part.length.map(|length| format!("({length})")).unwrap_or_default();
    format!("{key}{length}{}", if part.order == Order::Desc { " DESC" } else { "" })
}

pub fn check(name: &str, check: &Check) -> String {
    let enforced = if check.not_enforced { " NOT ENFORCED" } else { "" };
    format!("CONSTRAINT {} CHECK ({}){enforced}", Mysql.quote(name), check.expr.text)
}

pub fn foreign_key(name: &str, key: &ForeignKey, version: u32) -> String {
    let mut out = format!(
        "CONSTRAINT {} FOREIGN KEY {} REFERENCES {} {}",
        Mysql.quote(name),
        list(&key.columns),
        Mysql.name(&key.target),
        list(&key.target_columns)
    );
    for (event, chosen) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        out.push_str(&action(chosen, version).map(|action| format!(" ON {event} {action}")).unwrap_or_default());
    }
    out
}

/// RESTRICT and NO ACTION are the same to both servers. Each prints only the one that is not its own default, and so it is the one that can
/// be told from nothing: MySQL prints RESTRICT, MariaDB NO ACTION.
fn action(action: KeyAction, version: u32) -> Option<&'static str> {
    match action {
        KeyAction::NoAction => None,
        KeyAction::Restrict if is_mariadb(version) => Some("NO ACTION"),
        KeyAction::Restrict => Some("RESTRICT"),
        KeyAction::Cascade => Some("CASCADE"),
        KeyAction::SetNull => Some("SET NULL"),
        KeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

fn comment(text: Option<&String>) -> String {
    text.map(|text| format!(" COMMENT {}", literal(text))).unwrap_or_default()
}

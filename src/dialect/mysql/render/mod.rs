//! The text of one object, as a migration file has it. What only one of the two servers understands is written for the one that the
//! version tells; for an unknown one it is MySQL's word.

mod column;
mod objects;
mod parts;

pub use column::column;
pub use objects::{around, create_object, create_sequence, drop_object, sequence_options};
pub use parts::{check, foreign_key, index, part, primary_key, unique};

use super::Mysql;
use super::quote::literal;
use crate::dialect::Dialect as _;
use crate::model::{Name, Table, TableOptions};

/// The columns in parentheses.
fn list(columns: &[String]) -> String {
    format!("({})", Mysql.list(columns))
}

/// CREATE TABLE with all but the foreign keys that `leaves_out` names.
pub fn create_table(name: &Name, table: &Table, leaves_out: &[&str], version: u32) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|(name, shape)| column(name, shape, table, version)).collect();
    lines.extend(table.primary_key.as_ref().map(primary_key));
    lines.extend(table.uniques.iter().map(|(name, it)| unique(name, it)));
    lines.extend(table.indexes.iter().map(|(name, it)| index(name, it, version)));
    lines.extend(table.checks.iter().map(|(name, it)| check(name, it)));
    let keys = table.foreign_keys.iter().filter(|(name, _)| !leaves_out.contains(&name.as_str()));
    lines.extend(keys.map(|(name, it)| foreign_key(name, it, version)));
    lines.extend(table.options.storage.get("period_for_system_time").map(|columns| format!("PERIOD FOR SYSTEM_TIME {columns}")));
    let options = table_options(table);
    let partitions = table.options.partition_by.as_ref().map(|by| format!("\nPARTITION BY {}", by.text)).unwrap_or_default();
    format!("CREATE TABLE {} (\n  {}\n){options}{partitions}", Mysql.name(name), lines.join(",\n  "))
}

/// What stands behind the parentheses, each with a blank before it.
fn table_options(table: &Table) -> String {
    let TableOptions { engine, charset, collation, row_format, system_versioning, auto_increment, storage, .. } = &table.options;
    let mut out = String::new();
    let mut put = |key: &str, value: &str| out.push_str(&format!(" {key}={value}"));
    if let Some(engine) = engine {
        put("ENGINE", engine);
    }
    if let Some(number) = **auto_increment {
        put("AUTO_INCREMENT", &number.to_string());
    }
    if let Some(charset) = charset {
        put("DEFAULT CHARSET", charset);
    }
    if let Some(collation) = collation {
        put("COLLATE", collation);
    }
    if let Some(format) = row_format {
        put("ROW_FORMAT", format);
    }
    for (key, value) in storage.iter().filter(|(key, _)| is_option(key)) {
        put(&key.to_uppercase(), value);
    }
    if let Some(comment) = &table.comment {
        put("COMMENT", &literal(comment));
    }
    if *system_versioning {
        out.push_str(" WITH SYSTEM VERSIONING");
    }
    out
}

/// False for what stands among the other options but is said between the parentheses.
fn is_option(key: &str) -> bool {
    key != "period_for_system_time"
}

/// The script of one table and all that belongs to it, for messages and text diffs.
pub fn describe(name: &Name, table: &Table) -> String {
    format!("{};\n", create_table(name, table, &[], 0))
}

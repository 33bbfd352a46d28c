//! The model as PostgreSQL's DDL, the way a person would type it. Nothing here ends in `;`.

mod defined;
mod grants;
mod keys;
mod objects;
mod table;
mod types;

pub use defined::{additions, comment_changes, create_object, default_privilege_changes, enabled_change, extra_changes, grant_changes, target};
pub use grants::{column_of, columns_of, grants};
pub use keys::{check_clause, create_index, exclusion_clause, foreign_key_clause, primary_key_clause, unique_clause, unique_index, using_index};
pub use objects::{comment, create_enum, create_sequence, identity_clause, identity_option_changes, sequence_changes};
pub use table::{bound, column_clause, column_options, create_table, describe, option_changes};
pub use types::{attribute_type, create_composite, create_domain, domain_check};

use indexmap::IndexMap;

use super::quote::{literal, quote};

/// The name of a collation as SQL: the model keeps a bare name, or `"namespace"."name"` with both parts in quotes.
pub fn collation(name: &str) -> String {
    super::quote::collation(name)
}

/// `a, b` with quotes where they are needed.
fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// ` WITH (fillfactor = 70)`, or nothing.
fn storage(parameters: &IndexMap<String, String>) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{} = {}", parameter_name(name), parameter_value(value))).collect();
    format!(" WITH ({})", pairs.join(", "))
}

/// `toast.autovacuum_enabled` is a namespace and a name.
fn parameter_name(name: &str) -> String {
    name.splitn(2, '.').map(quote).collect::<Vec<_>>().join(".")
}

/// Numbers and the words people write stand bare; everything else may stand as a string.
fn parameter_value(value: &str) -> String {
    let number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && value.parse::<f64>().is_ok();
    let word = ["true", "false", "on", "off", "auto"].contains(&value);
    if number || word { value.to_owned() } else { literal(value) }
}

/// ` TABLESPACE x`, or nothing.
fn tablespace(name: Option<&String>) -> String {
    name.map(|name| format!(" TABLESPACE {}", quote(name))).unwrap_or_default()
}

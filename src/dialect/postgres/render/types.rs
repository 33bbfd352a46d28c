//! Domains and composite types.

use super::collation;
use crate::dialect::Dialect as _;
use crate::dialect::postgres::quote::quote;
use crate::dialect::postgres::{Postgres, expr};
use crate::model::{Attribute, Check, Composite, Domain, Name};

/// CREATE DOMAIN with its checks, but for those that are NOT VALID, which follow.
pub fn create_domain(name: &Name, domain: &Domain) -> String {
    let mut sql = format!("CREATE DOMAIN {} AS {}", Postgres.name(name), domain.ty);
    if let Some(name) = &domain.collation {
        sql.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(default) = &domain.default {
        sql.push_str(&format!(" DEFAULT {}", expr::default(&default.text)));
    }
    if !domain.nullable {
        sql.push_str(" NOT NULL");
    }
    for (name, check) in domain.checks.iter().filter(|(_, check)| !check.not_valid) {
        sql.push_str(&format!("\n  {}", domain_check(name, check)));
    }
    sql
}

pub fn domain_check(name: &str, check: &Check) -> String {
    format!("CONSTRAINT {} CHECK ({}){}", quote(name), check.expr.text, if check.not_valid { " NOT VALID" } else { "" })
}

pub fn create_composite(name: &Name, composite: &Composite) -> String {
    let attributes: Vec<String> = composite.attributes.iter().map(|(name, it)| format!("{} {}", quote(name), attribute_type(it))).collect();
    let body = if attributes.is_empty() { "()".to_owned() } else { format!("(\n  {}\n)", attributes.join(",\n  ")) };
    format!("CREATE TYPE {} AS {body}", Postgres.name(name))
}

pub fn attribute_type(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_ref().map(|name| format!(" COLLATE {}", collation(name))).unwrap_or_default();
    format!("{}{collation}", attribute.ty)
}

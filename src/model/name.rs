//! Names of objects, and the names that are given where the user gave none.

use std::fmt;

/// The longest name PostgreSQL keeps, in bytes (NAMEDATALEN - 1). The other engines allow at least as much.
const LONGEST: usize = 63;

/// The name of an object in a namespace. `schema` is `None` for the default namespace (SQLite's `main`, PostgreSQL's `current_schema()`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub schema: Option<String>,
    pub name: String,
}

impl Name {
    /// A name in the default namespace.
    pub fn new(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// A name in `schema`.
    pub fn within(schema: Option<&str>, name: impl Into<String>) -> Self {
        Self { schema: schema.map(str::to_owned), name: name.into() }
    }

    /// Another object of the same namespace.
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { schema: self.schema.clone(), name: name.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The name of a constraint or index nobody named: `{table}_{columns}_{label}`, cut as PostgreSQL's `makeObjectName` cuts it.
///
/// `label` is `key`, `fkey`, `check`, `idx`, `excl`, `pkey` or `seq`; a primary key has no columns in its name.
pub fn default_name(table: &str, columns: &[&str], label: &str) -> String {
    let middle = columns.join("_");
    let extra = 1 + label.len() + usize::from(!middle.is_empty());
    let available = LONGEST - extra;
    let (mut first, mut second) = (table.len(), middle.len());
    while first + second > available {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let mut name = clip(table, first).to_owned();
    if !middle.is_empty() {
        name.push('_');
        name.push_str(clip(&middle, second));
    }
    name.push('_');
    name.push_str(label);
    name
}

/// The longest prefix of at most `length` bytes that ends at a character.
fn clip(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_joined() {
        assert_eq!(default_name("users", &["email"], "key"), "users_email_key");
        assert_eq!(default_name("order_items", &["order_id", "product_id"], "fkey"), "order_items_order_id_product_id_fkey");
        assert_eq!(default_name("users", &[], "pkey"), "users_pkey");
    }

    #[test]
    fn long_names_are_cut_to_sixty_three_bytes_and_never_inside_a_character() {
        let name = default_name(&"t".repeat(60), &[&"c".repeat(60)], "key");
        assert_eq!(name.len(), 63);
        assert_eq!(name, format!("{}_{}_key", "t".repeat(29), "c".repeat(29)));
        assert!(default_name(&"ü".repeat(40), &["x"], "check").len() <= 63);
    }
}

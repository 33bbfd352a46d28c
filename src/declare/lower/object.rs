//! Enumerations and sequences.

use super::Lowering;
use crate::declare::document::Node;
use crate::declare::path;
use crate::model::{EnumType, Hint, Name, Sequence, SequenceOptions};

impl Lowering {
    /// An enumeration is an object of its own only where the engine has such types; elsewhere each column gets a CHECK.
    pub fn enumeration(&mut self, name: Name, node: Node<'_>) {
        let values = node.get("values").unwrap_or(node).texts();
        self.check_values(&name, node, &values);
        if !self.dialect.has_enum_types() {
            return;
        }
        let renamed_from = Hint(node.text_at("renamed_from"));
        let ty = EnumType { values, comment: node.text_at("comment"), grants: self.grants(node), renamed_from };
        self.schema.enums.insert(name, ty);
    }

    fn check_values(&mut self, name: &Name, node: Node<'_>, values: &[String]) {
        let list = node.get("values").unwrap_or(node);
        if values.is_empty() && list.value().is_some_and(toml::de::DeValue::is_array) {
            self.say(list.place(), format!("the enumeration '{name}' has no values"), "give it at least one, for example [\"open\", \"closed\"]");
        }
        for (index, item) in list.items().enumerate() {
            let Some(value) = item.text() else { continue };
            if values.iter().take(index).any(|earlier| earlier == value) {
                self.say(item.place(), format!("the enumeration '{name}' has the value '{value}' twice"), "take one of the two out");
            }
        }
    }

    pub fn sequence(&mut self, name: Name, node: Node<'_>) {
        let ty = node.text_at("type").unwrap_or_else(|| "bigint".to_owned());
        let owned_by = node.get("owned_by").and_then(|node| self.owner(&name, node));
        let sequence = Sequence {
            ty,
            options: sequence_options(node),
            owned_by,
            unlogged: node.flag_at("unlogged"),
            comment: node.text_at("comment"),
            grants: self.grants(node),
            renamed_from: Hint(node.text_at("renamed_from")),
        };
        self.schema.sequences.insert(name, sequence);
    }

    /// The column of `owned_by = "table.column"`.
    fn owner(&mut self, sequence: &Name, node: Node<'_>) -> Option<(Name, String)> {
        let written = node.text()?;
        let parts = path::parse(written).filter(|parts| matches!(parts.len(), 2 | 3));
        let Some((column, table)) = parts.as_deref().and_then(<[String]>::split_last) else {
            self.say(node.place(), format!("'{written}' names no column"), "write it as \"table.column\"");
            return None;
        };
        Some((self.table_name(sequence.schema.as_deref(), table), column.clone()))
    }

    /// The table that `parts` means; where there is none, the name as written, so that `validate` can say so.
    pub fn table_name(&self, scope: Option<&str>, parts: &[String]) -> Name {
        self.names.table(scope, parts).unwrap_or_else(|| match parts {
            [schema, name] => Name::within(Some(schema), name),
            _ => Name::within(scope, parts.last().cloned().unwrap_or_default()),
        })
    }
}

/// What a sequence or identity says of its numbers.
pub(super) fn sequence_options(node: Node<'_>) -> SequenceOptions {
    SequenceOptions {
        start: node.integer_at("start"),
        increment: node.integer_at("increment"),
        min: node.integer_at("min"),
        max: node.integer_at("max"),
        cache: node.integer_at("cache"),
        cycle: node.flag_at("cycle"),
    }
}

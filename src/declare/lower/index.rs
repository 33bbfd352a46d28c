//! Indexes.

use indexmap::IndexMap;

use super::Lowering;
use super::keys::words;
use super::table::Site;
use crate::declare::document::Node;
use crate::model::{Hint, Index, IndexKey, IndexPart, NullsOrder, Order, Table, Text};

/// The index method that CREATE INDEX takes where none is named.
const METHOD: &str = "btree";

impl Lowering {
    pub fn named_indexes(&mut self, site: &Site, table: &mut Table, node: Node<'_>) {
        for (name, place, node) in node.get("indexes").iter().flat_map(Node::entries) {
            let index = self.index(node);
            let known = table.indexes.insert(name.to_owned(), index).is_some();
            self.named_once(site, "indexes", name, place, known);
        }
    }

    pub fn index(&mut self, node: Node<'_>) -> Index {
        let mut parts = Vec::new();
        for item in node.get("columns").unwrap_or(node).items() {
            parts.extend(self.index_part(item));
        }
        Index {
            unique: node.flag_at("unique"),
            method: node.text_at("using").unwrap_or_else(|| METHOD.to_owned()),
            parts,
            include: node.texts_at("include"),
            predicate: node.get("where").and_then(|node| self.sql(node)).map(Text::new),
            nulls_not_distinct: node.flag_at("nulls_not_distinct"),
            storage: self.storage(node),
            tablespace: node.text_at("tablespace"),
            comment: node.text_at("comment"),
            on_duplicate: Hint(words::on_duplicate(node)),
            short: Hint(false),
        }
    }

    pub fn index_part(&mut self, node: Node<'_>) -> Option<IndexPart> {
        let what = self.part_key(node)?;
        let order = match node.text_at("order").as_deref() {
            Some("desc") => Order::Desc,
            Some(_) | None => Order::Asc,
        };
        // What the order says anyway is left out, so that two ways to write one index are one index.
        let nulls = match (node.text_at("nulls").as_deref(), order) {
            (Some("first"), Order::Asc) => Some(NullsOrder::First),
            (Some("last"), Order::Desc) => Some(NullsOrder::Last),
            (Some(_) | None, _) => None,
        };
        let key = IndexKey { what, collation: node.text_at("collation"), opclass: node.text_at("opclass") };
        let length = node.integer_at("length").and_then(|length| u64::try_from(length).ok());
        Some(IndexPart { key, length, order, nulls })
    }
}

/// The index of `index = true`.
pub(super) fn short(column: &str) -> Index {
    Index {
        unique: false,
        method: METHOD.to_owned(),
        parts: vec![IndexPart::column(column)],
        include: Vec::new(),
        predicate: None,
        nulls_not_distinct: false,
        storage: IndexMap::new(),
        tablespace: None,
        comment: None,
        on_duplicate: Hint::default(),
        short: Hint(true),
    }
}

//! Domains and composite types.

use super::defined::texts_of;
use super::{Lowering, below, path_of};
use crate::declare::document::Node;
use crate::declare::path;
use crate::model::{Attribute, Check, Composite, Domain, Hint, Name, Text, default_name};

impl Lowering {
    pub fn domain(&mut self, name: Name, node: Node<'_>) {
        let path = path_of("domains", &name);
        let Some(written) = node.text_at("type").or_else(|| node.text().map(str::to_owned)) else { return };
        let mut domain = Domain {
            ty: Text::new(self.native_type(name.schema.as_deref(), &written)),
            collation: node.text_at("collation"),
            default: node.get("default").and_then(|node| self.value(node)).map(|value| Text::new(value.sql)),
            nullable: node.get("nullable").and_then(|node| node.flag()).unwrap_or(true),
            checks: indexmap::IndexMap::new(),
            comment: node.text_at("comment"),
            grants: self.grants(node),
            renamed_from: Hint(node.text_at("renamed_from")),
        };
        if let Some(expr) = node.get("check").and_then(|node| self.sql(node)) {
            domain.checks.insert(default_name(&name.name, &[], "check"), super::keys::domain_check(Text::new(expr), node, false));
        }
        for (check, place, node) in node.get("checks").iter().flat_map(Node::entries) {
            let Some(expr) = self.sql_or(node, "sql") else { continue };
            let known: Option<Check> = domain.checks.insert(check.to_owned(), super::keys::domain_check(expr, node, true));
            if known.is_some() {
                self.say(place, format!("the domain '{name}' has two checks named '{check}'"), "give one of them another name");
            }
            self.spans.record(&below(&path, &["checks", check]), place);
        }
        self.schema.domains.insert(name, domain);
    }

    pub fn composite(&mut self, name: Name, node: Node<'_>) {
        let mut attributes = indexmap::IndexMap::new();
        for (attribute, _, node) in node.get("attributes").iter().flat_map(Node::entries) {
            let Some(written) = node.text_at("type").or_else(|| node.text().map(str::to_owned)) else { continue };
            let ty = Text::new(self.native_type(name.schema.as_deref(), &written));
            attributes.insert(attribute.to_owned(), Attribute { ty, collation: node.text_at("collation"), comment: node.text_at("comment") });
        }
        let renamed_from = Hint(node.text_at("renamed_from"));
        let composite = Composite { attributes, comment: node.text_at("comment"), grants: self.grants(node), renamed_from };
        self.schema.composites.insert(name, composite);
    }

    /// A type outside of tables: `enum:NAME`, a portable one, or the server's own.
    fn native_type(&self, scope: Option<&str>, written: &str) -> String {
        let parts = written.trim().strip_prefix("enum:").and_then(path::parse);
        let known = parts.and_then(|parts| self.names.enumeration(scope, &parts).map(|(name, _)| name));
        known.map_or_else(|| self.dialect.map_type(written.trim(), false), |name| self.dialect.name(&name))
    }

    /// OPTIONS (...) of a foreign table or of its column.
    pub fn foreign_options(node: Node<'_>) -> indexmap::IndexMap<String, String> {
        let mut options = texts_of(node, "options");
        options.sort_keys();
        options
    }
}

//! Foreign keys, at a column and at the table.

use super::Lowering;
use super::keys::words;
use super::table::Site;
use crate::declare::document::Node;
use crate::declare::path;
use crate::model::{ForeignKey, Hint, Name};

impl Lowering {
    /// `references = "users.id"` or its long form.
    pub fn column_reference(&mut self, site: &Site, column: &str, node: Node<'_>) -> Option<ForeignKey> {
        let target = node.get("column").unwrap_or(node);
        let written = target.text()?;
        let Some((target_column, table)) = self.column_path(target) else {
            let help = match path::parse(written).as_deref() {
                Some([table]) => format!("write the column as well: \"{}\"", path::join([table.as_str(), "id"])),
                _ => "write it as \"table.column\" or \"schema.table.column\"".to_owned(),
            };
            self.say(target.place(), format!("'{written}' does not name a column"), help);
            return None;
        };
        let name = self.table_name(site.name.schema.as_deref(), &table);
        Some(foreign_key(vec![column.to_owned()], name, vec![target_column], node))
    }

    /// The last part of a dotted name, and the one or two parts before it.
    fn column_path(&self, node: Node<'_>) -> Option<(String, Vec<String>)> {
        let parts = path::parse(node.text()?)?;
        let (column, table) = parts.split_last()?;
        matches!(table.len(), 1 | 2).then(|| (column.clone(), table.to_vec()))
    }

    /// A foreign key with a name of its own.
    pub fn named_foreign_key(&mut self, site: &Site, node: Node<'_>) -> Option<ForeignKey> {
        let references = node.get("references")?;
        let scope = site.name.schema.as_deref();
        let (target, mut columns) = if references.is_table() {
            let table = references.text_at("table")?;
            let target = match references.text_at("schema") {
                // The default schema has no name in schema.toml; an empty one is the way past a table of the same name in one's own schema.
                Some(schema) if schema.is_empty() => Name::new(table),
                Some(schema) => Name::within(Some(&schema), table),
                None => self.table_name(scope, &[table]),
            };
            (target, references.texts_at("columns"))
        } else {
            self.target_string(scope, references, node.get("references_columns").is_some())?
        };
        if let Some(listed) = node.get("references_columns") {
            if !columns.is_empty() {
                let help = "keep one of the two: references = { table = \"orders\", columns = [\"id\"] }";
                self.say(node.key_place("references_columns"), "the foreign key names the columns it points to twice", help);
            }
            columns = listed.texts();
        }
        Some(foreign_key(node.texts_at("columns"), target, columns, node))
    }

    /// `"table"`, `"schema.table"`, or for one column `"table.column"`. Two parts are a table and its column where there is such a table.
    fn target_string(&mut self, scope: Option<&str>, node: Node<'_>, columns_follow: bool) -> Option<(Name, Vec<String>)> {
        let written = node.text()?;
        let parts = path::parse(written).unwrap_or_default();
        let target = match parts.as_slice() {
            [_] => (self.table_name(scope, &parts), Vec::new()),
            [_, _] if columns_follow || self.names.table(None, &parts).is_some() => (self.table_name(scope, &parts), Vec::new()),
            [table, column] => (self.table_name(scope, std::slice::from_ref(table)), vec![column.clone()]),
            [schema, table, column] => (Name::within(Some(schema), table), vec![column.clone()]),
            _ => {
                let help = "write references = { table = \"orders\", columns = [\"id\"] }";
                self.say(node.place(), format!("'{written}' does not name a table"), help);
                return None;
            }
        };
        Some(target)
    }
}

/// A foreign key; `node` is its long form, or a short one that says no more.
fn foreign_key(columns: Vec<String>, target: Name, target_columns: Vec<String>, node: Node<'_>) -> ForeignKey {
    ForeignKey {
        unnamed: Hint(false),
        columns,
        target,
        target_columns,
        on_update: words::action(node, "on_update"),
        on_delete: words::action(node, "on_delete"),
        on_delete_columns: node.texts_at("on_delete_columns"),
        match_full: node.text_at("match").as_deref() == Some("full"),
        deferrable: words::deferrable(node),
        not_valid: node.flag_at("not_valid"),
        comment: node.text_at("comment"),
        on_orphan: Hint(words::on_orphan(node)),
    }
}

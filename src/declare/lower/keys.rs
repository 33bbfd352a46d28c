//! Uniques, checks, foreign keys and exclusion constraints that have a name of their own.

use super::table::Site;
use super::{Lowering, below};
use crate::declare::document::Node;
use crate::declare::spans::Place;
use crate::model::{Check, Exclusion, Hint, IndexKey, Table, Text, Unique};

impl Lowering {
    /// Reads the sections of a table that hold named constraints.
    pub fn named_keys(&mut self, site: &Site, table: &mut Table, node: Node<'_>) {
        for (name, place, node) in node.get("uniques").iter().flat_map(Node::entries) {
            let list = node.get("columns").unwrap_or(node);
            let unique = unique(list.texts(), node);
            let known = table.uniques.insert(name.to_owned(), unique).is_some();
            self.named_once(site, "uniques", name, place, known);
        }
        for (name, place, node) in node.get("checks").iter().flat_map(Node::entries) {
            let Some(expr) = self.sql_or(node, "sql") else { continue };
            let known = table.checks.insert(name.to_owned(), check(expr, node, None)).is_some();
            self.named_once(site, "checks", name, place, known);
        }
        for (name, place, node) in node.get("foreign_keys").iter().flat_map(Node::entries) {
            let Some(foreign_key) = self.named_foreign_key(site, node) else { continue };
            let known = table.foreign_keys.insert(name.to_owned(), foreign_key).is_some();
            self.named_once(site, "foreign_keys", name, place, known);
        }
        for (name, place, node) in node.get("exclusions").iter().flat_map(Node::entries) {
            let exclusion = self.exclusion(node);
            let known = table.exclusions.insert(name.to_owned(), exclusion).is_some();
            self.named_once(site, "exclusions", name, place, known);
        }
    }

    /// Records where a constraint stands; one that has the name of another of its kind is reported.
    pub fn named_once(&mut self, site: &Site, section: &str, name: &str, place: Place, known: bool) {
        if known {
            let message = format!("the table '{}' has two {} named '{name}'", site.name, section.replace('_', " "));
            self.say(place, message, "give one of them another name: { name = \"...\" } at the column");
        }
        self.spans.record(&below(&site.path, &[section, name]), place);
    }

    fn exclusion(&mut self, node: Node<'_>) -> Exclusion {
        let mut parts = Vec::new();
        for item in node.get("columns").iter().flat_map(Node::items) {
            if let (Some(what), Some(with)) = (self.part_key(item), item.text_at("with")) {
                parts.push((IndexKey { what, collation: item.text_at("collation"), opclass: item.text_at("opclass") }, with));
            }
        }
        Exclusion {
            method: node.text_at("using").unwrap_or_else(|| "gist".to_owned()),
            parts,
            include: node.texts_at("include"),
            predicate: node.get("where").and_then(|node| self.sql(node)).map(Text::new),
            deferrable: words::deferrable(node),
            comment: node.text_at("comment"),
        }
    }
}

/// A unique constraint; `node` is its long form, or a short one that says no more.
pub(super) fn unique(columns: Vec<String>, node: Node<'_>) -> Unique {
    Unique {
        unnamed: Hint(false),
        columns,
        include: node.texts_at("include"),
        nulls_not_distinct: node.flag_at("nulls_not_distinct"),
        deferrable: words::deferrable(node),
        comment: node.text_at("comment"),
        on_duplicate: Hint(words::on_duplicate(node)),
    }
}

/// A check; `node` is its long form, or a short one that says no more.
pub(super) fn check(expr: Text, node: Node<'_>, column: Option<&str>) -> Check {
    Check {
        unnamed: Hint(false),
        expr,
        no_inherit: node.flag_at("no_inherit"),
        not_valid: node.flag_at("not_valid"),
        not_enforced: node.get("enforced").is_some_and(|node| node.flag() == Some(false)),
        comment: node.text_at("comment"),
        column: Hint(column.map(str::to_owned)),
    }
}

/// A check of a domain; `long` where the node is the check's own.
pub(super) fn domain_check(expr: Text, node: Node<'_>, long: bool) -> Check {
    let comment = if long { node.text_at("comment") } else { None };
    Check {
        unnamed: Hint(false),
        expr,
        no_inherit: false,
        not_valid: long && node.flag_at("not_valid"),
        not_enforced: false,
        comment,
        column: Hint(None),
    }
}

/// A check of one column that says nothing but its expression.
pub(super) fn column_check(expr: String, column: &str) -> Check {
    Check {
        unnamed: Hint(false),
        expr: Text::new(expr),
        no_inherit: false,
        not_valid: false,
        not_enforced: false,
        comment: None,
        column: Hint(Some(column.to_owned())),
    }
}

/// The words that constraints share.
pub(super) mod words {
    use crate::declare::document::Node;
    use crate::model::{Deferrable, KeyAction, OnDuplicate, OnOrphan};

    pub fn deferrable(node: Node<'_>) -> Deferrable {
        let Some(node) = node.get("deferrable") else { return Deferrable::No };
        match (node.flag(), node.text()) {
            (Some(true), _) | (_, Some("immediate")) => Deferrable::InitiallyImmediate,
            (_, Some("deferred")) => Deferrable::InitiallyDeferred,
            (Some(false) | None, _) => Deferrable::No,
        }
    }

    pub fn on_duplicate(node: Node<'_>) -> OnDuplicate {
        match node.get("on_duplicate").and_then(|node| node.text()) {
            Some("error") => OnDuplicate::Error,
            Some("keep_first") => OnDuplicate::KeepFirst,
            Some("keep_last") => OnDuplicate::KeepLast,
            Some(_) | None => OnDuplicate::Unsaid,
        }
    }

    pub fn on_orphan(node: Node<'_>) -> OnOrphan {
        match node.get("on_orphan").and_then(|node| node.text()) {
            Some("error") => OnOrphan::Error,
            Some("delete") => OnOrphan::Delete,
            Some("set_null") => OnOrphan::SetNull,
            Some(_) | None => OnOrphan::Unsaid,
        }
    }

    pub fn action(node: Node<'_>, key: &str) -> KeyAction {
        let word = node.get(key).and_then(|node| node.text()).unwrap_or_default().replace('_', " ");
        match word.as_str() {
            "restrict" => KeyAction::Restrict,
            "cascade" => KeyAction::Cascade,
            "set null" => KeyAction::SetNull,
            "set default" => KeyAction::SetDefault,
            _ => KeyAction::NoAction,
        }
    }
}

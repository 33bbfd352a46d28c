//! Which tables and enumerations there are, before any of them is read: a reference may stand before what it names.

use indexmap::IndexMap;

use crate::declare::document::{Findings, Node};
use crate::declare::path;
use crate::declare::spans::Place;
use crate::model::Name;

#[derive(Debug)]
pub(super) struct Names {
    tables: IndexMap<Name, Place>,
    enums: IndexMap<Name, (Place, Vec<String>)>,
    /// True where names that differ only in case are one name.
    fold: bool,
}

impl Names {
    /// Reads the names of all documents; what is declared twice, in one schema but two files, is reported.
    pub fn collect(roots: &[Node<'_>], fold: bool, findings: &mut Findings) -> Self {
        let mut names = Self { tables: IndexMap::new(), enums: IndexMap::new(), fold };
        let mut others: IndexMap<(&str, Name), Place> = IndexMap::new();
        for (scope, node) in roots.iter().flat_map(|root| namespaces(*root)) {
            for (name, place, _) in node.get("tables").iter().flat_map(Node::entries) {
                let first = names.tables.insert(Name::within(scope, name), place);
                twice(first, place, "table", name, findings);
            }
            for (name, place, node) in node.get("enums").iter().flat_map(Node::entries) {
                let values = node.get("values").unwrap_or(node).texts();
                let first = names.enums.insert(Name::within(scope, name), (place, values));
                twice(first.map(|(first, _)| first), place, "enumeration", name, findings);
            }
            for (section, what) in [("sequences", "sequence"), ("domains", "domain"), ("types", "composite type"), ("views", "view")] {
                for (name, place, _) in node.get(section).iter().flat_map(Node::entries) {
                    let first = others.insert((what, Name::within(scope, name)), place);
                    twice(first, place, what, name, findings);
                }
            }
        }
        names
    }

    /// The table that `parts` (`table` or `schema.table`) means inside `scope`: first the one of that schema, then the one of the default.
    pub fn table(&self, scope: Option<&str>, parts: &[String]) -> Option<Name> {
        candidates(scope, parts).into_iter().find(|name| self.has_table(name))
    }

    fn has_table(&self, name: &Name) -> bool {
        self.tables.contains_key(name)
            || (self.fold && self.tables.keys().any(|known| known.schema == name.schema && known.name.eq_ignore_ascii_case(&name.name)))
    }

    /// The enumeration of that name, with its values.
    pub fn enumeration(&self, scope: Option<&str>, parts: &[String]) -> Option<(Name, &[String])> {
        let found = candidates(scope, parts).into_iter().find(|name| self.enums.contains_key(name))?;
        let values = self.enums.get(&found).map_or(&[][..], |(_, values)| values);
        Some((found, values))
    }

    /// The names of the enumerations as a column would write them.
    pub fn enum_names(&self) -> Vec<String> {
        self.enums.keys().map(|name| path::join(name.schema.as_deref().into_iter().chain([name.name.as_str()]))).collect()
    }
}

fn candidates(scope: Option<&str>, parts: &[String]) -> Vec<Name> {
    match parts {
        [name] if scope.is_some() => vec![Name::within(scope, name), Name::new(name)],
        [name] => vec![Name::new(name)],
        [schema, name] => vec![Name::within(Some(schema), name)],
        _ => Vec::new(),
    }
}

/// A document's own tables, and those of its schemas.
fn namespaces<'d>(root: Node<'d>) -> Vec<(Option<&'d str>, Node<'d>)> {
    let inner = root.get("schemas");
    let inner = inner.iter().flat_map(Node::entries).map(|(name, _, node)| (Some(name), node));
    [(None, root)].into_iter().chain(inner).collect()
}

fn twice(first: Option<Place>, place: Place, what: &str, name: &str, findings: &mut Findings) {
    if first.is_some() {
        findings.say(place, format!("the {what} '{name}' is declared in another file as well"), "keep it in one of the two files");
    }
}

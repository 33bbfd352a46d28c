//! Makes the model of a document: types in the dialect's spelling, names for what has none, short forms spelled out.
//!
//! It takes whatever is well formed and leaves the rest, which the check of the language has reported. What only the whole schema can
//! tell (does the target exist?) is not asked here but in `validate`.

mod column;
mod defined;
mod grants;
mod index;
mod keys;
mod names;
mod object;
mod references;
mod table;
mod types;
mod value;

pub(super) use column::serial_default;

use super::document::{Findings, Node};
use super::keys as language;
use super::sections;
use super::spans::{Place, Spans};
use crate::dialect::Dialect;
use crate::model::{Name, Schema};
use names::Names;

/// The state of one run.
struct Lowering {
    dialect: &'static dyn Dialect,
    names: Names,
    schema: Schema,
    spans: Spans,
    findings: Findings,
}

/// Where in the document something stands, in its keys.
type Path = Vec<String>;

/// Checks the documents against the language and makes their model.
pub(super) fn lower(roots: &[Node<'_>], dialect: &'static dyn Dialect) -> (Schema, Spans, Findings) {
    let mut findings = Findings::default();
    let mut spans = Spans::default();
    for root in roots {
        super::document::check(*root, &language::ROOT, &mut findings);
        super::document::record(*root, &mut Path::new(), &mut spans);
    }
    let names = Names::collect(roots, dialect.folds_case(), &mut findings);
    let mut lowering = Lowering { dialect, names, schema: Schema::default(), spans, findings };
    for root in roots {
        lowering.document(*root);
    }
    lowering.inherit_columns();
    lowering.point_at_primary_keys();
    dialect.settle_declared(&mut lowering.schema);
    (lowering.schema, lowering.spans, lowering.findings)
}

impl Lowering {
    fn document(&mut self, root: Node<'_>) {
        for extension in root.texts_at("extensions") {
            let (schema, name) = match extension.rsplit_once('.') {
                Some((schema, name)) => (Some(schema.to_owned()), name.to_owned()),
                None => (None, extension),
            };
            self.schema.extensions.insert(name, schema);
        }
        self.namespace(None, root);
        self.objects(None, root, sections::OF_DATABASE);
        self.default_privileges(root);
        self.raws(root);
        for (name, _, node) in root.get("schemas").iter().flat_map(Node::entries) {
            let comment = node.text_at("comment");
            let grants = self.grants(node);
            let known = self.schema.namespaces.entry(name.to_owned()).or_default();
            // Several files may add to one schema; one of them gives it its comment.
            if comment.is_some() {
                known.comment = comment;
            }
            known.grants.extend(grants);
            self.namespace(Some(name), node);
        }
    }

    fn namespace(&mut self, scope: Option<&str>, node: Node<'_>) {
        for (name, _, node) in node.get("enums").iter().flat_map(Node::entries) {
            self.enumeration(Name::within(scope, name), node);
        }
        for (name, _, node) in node.get("domains").iter().flat_map(Node::entries) {
            self.domain(Name::within(scope, name), node);
        }
        for (name, _, node) in node.get("types").iter().flat_map(Node::entries) {
            self.composite(Name::within(scope, name), node);
        }
        for (name, _, node) in node.get("sequences").iter().flat_map(Node::entries) {
            self.sequence(Name::within(scope, name), node);
        }
        for (name, place, node) in node.get("tables").iter().flat_map(Node::entries) {
            self.table(Name::within(scope, name), place, node);
        }
        self.objects(scope, node, sections::OF_SCHEMA);
    }

    fn say(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.findings.say(place, message, help);
    }
}

/// The keys that lead to an object: `tables`, `users`, or `schemas`, `app`, `tables`, `users`.
pub(super) fn path_of(section: &str, name: &Name) -> Path {
    let mut path = Path::new();
    if let Some(schema) = &name.schema {
        path.extend(["schemas".to_owned(), schema.clone()]);
    }
    path.extend([section.to_owned(), name.name.clone()]);
    path
}

/// `path` and the keys below it.
pub(super) fn below(path: &[String], keys: &[&str]) -> Path {
    path.iter().cloned().chain(keys.iter().map(|key| (*key).to_owned())).collect()
}

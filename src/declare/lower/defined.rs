//! Objects that are told by a text: views, routines, triggers and their like.

use indexmap::IndexMap;

use super::{Lowering, Path, below, path_of};
use crate::declare::document::Node;
use crate::declare::sections::{self, split_key};
use crate::model::{Enabled, Hint, Name, Object, ObjectHints, ObjectId, ObjectKind, Of, Raw, Text};

impl Lowering {
    /// The sections of a schema, or of the document.
    pub fn objects(&mut self, scope: Option<&str>, node: Node<'_>, of: &[ObjectKind]) {
        for kind in of {
            let section = kind.section();
            for (key, place, node) in node.get(section).iter().flat_map(Node::entries) {
                let path = path_of(section, &Name::within(scope, key));
                let Some(mut object) = self.object(*kind, &path, node) else { continue };
                let (id, arguments) = self.id(*kind, scope, key);
                object.arguments = arguments.map(Text::new);
                if kind.is_relation() {
                    self.of_table(&id.name, &path, node);
                }
                self.spans.record(&path, place);
                if self.schema.objects.insert(id, object).is_some() {
                    self.say(place, format!("the {} '{key}' is declared twice", kind.word()), "take one of the two out");
                }
            }
        }
    }

    /// What tells an object from others, and the arguments of a routine.
    fn id(&self, kind: ObjectKind, scope: Option<&str>, key: &str) -> (ObjectId, Option<String>) {
        match kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                let (name, arguments) = split_key(key);
                let (types, arguments) = if self.dialect.overloads_routines() {
                    (without_defaults(arguments, self.dialect), arguments.trim())
                } else {
                    // MySQL keeps them as they were written, white space included.
                    (String::new(), arguments)
                };
                (ObjectId { kind, name: Name::within(scope, name), of: Of::Arguments(types) }, Some(arguments.to_owned()))
            }
            ObjectKind::Operator => {
                let (name, types) = split_key(key);
                (ObjectId { kind, name: Name::within(scope, name), of: Of::Arguments(types.trim().to_owned()) }, None)
            }
            _ => (ObjectId::new(kind, Name::within(scope, key)), None),
        }
    }

    /// The triggers, rules and policies of a table or view.
    pub fn of_table(&mut self, table: &Name, path: &Path, node: Node<'_>) {
        for kind in sections::OF_TABLE {
            let section = kind.section();
            for (name, place, node) in node.get(section).iter().flat_map(Node::entries) {
                let path = below(path, &[section, name]);
                let Some(object) = self.object(*kind, &path, node) else { continue };
                self.spans.record(&path, place);
                let taken =
                    *kind == ObjectKind::Trigger && !self.dialect.has_enum_types() && self.schema.triggers().any(|(id, _)| id.name.name == name);
                self.schema.objects.insert(ObjectId::on(*kind, table, name), object);
                if taken {
                    self.say(place, format!("two triggers are named '{name}'"), "give one of them another name");
                }
            }
        }
    }

    fn object(&mut self, kind: ObjectKind, path: &Path, node: Node<'_>) -> Option<Object> {
        let text = if kind.is_relation() && kind != ObjectKind::VirtualTable { "query" } else { "definition" };
        let written = if node.is_table() { node.get(text)? } else { node };
        // A policy may say nothing but its name.
        let may_be_empty = matches!(kind, ObjectKind::Policy | ObjectKind::ForeignDataWrapper | ObjectKind::Publication);
        let definition = if may_be_empty { written.text()?.to_owned() } else { self.sql(written)? };
        let definition = Text::new(definition.trim().trim_end_matches(';').trim_end());
        let mut options = self.storage(node);
        if let Some(target) = node.integer_at("target") {
            options.insert("target".to_owned(), target.to_string());
        }
        options.extend(texts_of(node, "mappings"));
        options.sort_keys();
        let mut indexes = IndexMap::new();
        for (name, place, node) in node.get("indexes").iter().flat_map(Node::entries) {
            indexes.insert(name.to_owned(), self.index(node));
            self.spans.record(&below(path, &["indexes", name]), place);
        }
        let hints = ObjectHints { renamed_from: node.text_at("renamed_from"), depends_on: node.texts_at("depends_on"), ..ObjectHints::default() };
        Some(Object {
            definition,
            arguments: None,
            columns: node.texts_at("columns"),
            options,
            indexes,
            enabled: enabled(node),
            is_constraint: node.flag_at("constraint"),
            comment: node.text_at("comment"),
            column_comments: texts_of(node, "column_comments"),
            grants: self.grants(node),
            hints: Hint(hints),
        })
    }

    /// `[default_privileges.ROLE]`: `"tables in app" = { reader = ["SELECT"] }`.
    pub fn default_privileges(&mut self, root: Node<'_>) {
        const KINDS: [&str; 5] = ["tables", "sequences", "functions", "types", "schemas"];
        for (role, _, node) in root.get(ObjectKind::DefaultPrivileges.section()).iter().flat_map(Node::entries) {
            for (what, place, node) in node.entries() {
                let kind = what.split_once(" in ").map_or(what, |(kind, _)| kind);
                if !KINDS.contains(&kind) {
                    let message = format!("default privileges are about {}, not '{what}'", KINDS.join(", "));
                    self.say(place, message, "write for example \"tables in app\" = { reader = [\"SELECT\"] }");
                    continue;
                }
                let grants = self.roles(node);
                self.spans.record(&[ObjectKind::DefaultPrivileges.section(), role, what], place);
                let id = ObjectId { kind: ObjectKind::DefaultPrivileges, name: Name::new(what), of: Of::Role(role.to_owned()) };
                self.schema.objects.insert(id, Object { grants, ..Object::default() });
            }
        }
    }

    /// `[raw.NAME]`.
    pub fn raws(&mut self, root: Node<'_>) {
        for (name, place, node) in root.get("raw").iter().flat_map(Node::entries) {
            let (Some(up), Some(down)) = (node.get("up").and_then(|node| self.sql(node)), node.get("down").and_then(|node| self.sql(node))) else {
                continue;
            };
            self.spans.record(&["raw", name], place);
            let tidy = |text: &str| crate::plan::statements_of(text, self.dialect).join(";\n");
            let raw = Raw { up: tidy(&up), down: tidy(&down), depends_on: Hint(node.texts_at("depends_on")) };
            if self.schema.raws.insert(name.to_owned(), raw).is_some() {
                self.say(place, format!("the raw object '{name}' is declared twice"), "take one of the two out");
            }
        }
    }
}

/// The arguments of a routine without their defaults, which are no part of its identity.
fn without_defaults(arguments: &str, dialect: &dyn crate::dialect::Dialect) -> String {
    use crate::source::LexemeKind;
    let (mut depth, mut kept, mut from, mut within_default) = (0_usize, String::new(), 0, false);
    for lexeme in dialect.lexemes(arguments) {
        match lexeme.kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if lexeme.text == "," => {
                if !within_default {
                    kept.push_str(arguments[from..lexeme.start].trim_end());
                }
                kept.push_str(", ");
                (from, within_default) = (lexeme.end(), false);
            }
            _ if !within_default && (lexeme.is_word("default") || lexeme.text == "=" || lexeme.text == ":=") => {
                kept.push_str(arguments[from..lexeme.start].trim());
                within_default = true;
            }
            _ => {}
        }
    }
    if !within_default {
        kept.push_str(arguments[from..].trim());
    }
    kept
}

fn enabled(node: Node<'_>) -> Enabled {
    let Some(node) = node.get("enabled") else { return Enabled::Yes };
    match (node.flag(), node.text()) {
        (Some(false), _) => Enabled::No,
        (_, Some("replica")) => Enabled::Replica,
        (_, Some("always")) => Enabled::Always,
        _ => Enabled::Yes,
    }
}

/// The strings of the table behind `key`.
pub(super) fn texts_of(node: Node<'_>, key: &str) -> IndexMap<String, String> {
    let entries = node.get(key);
    let entries = entries.iter().flat_map(Node::entries);
    entries.filter_map(|(name, _, node)| Some((name.to_owned(), node.text()?.to_owned()))).collect()
}

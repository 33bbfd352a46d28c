//! Checks a document against the language: unknown keys, wrong types, unknown words, missing keys. All of them, each with its place.

use toml::de::DeValue;

use super::{Findings, Node};
use crate::declare::keys::{Object, Shape, quoted};
use crate::declare::spans::Place;
use crate::declare::suggest::did_you_mean;

/// What a value is called in messages: the key in front of it, and a right line as a proposal.
#[derive(Clone, Copy)]
struct Label<'a> {
    key: &'a str,
    place: Place,
    example: &'a str,
}

/// Checks the top of a document.
pub(in crate::declare) fn check(root: Node<'_>, object: &'static Object, findings: &mut Findings) {
    let label = Label { key: "schema.toml", place: root.place(), example: "" };
    check_object(root, object, label, findings);
}

fn check_shape(node: Node<'_>, shape: &'static Shape, label: Label<'_>, findings: &mut Findings) {
    let Some(shape) = fitting(node, shape) else {
        let found = node.value().map_or("a table", kind);
        findings.say(node.place(), format!("'{}' takes {}, not {found}", label.key, shape.describe()), proposal(label));
        return;
    };
    match shape {
        Shape::Text | Shape::Sql => check_text(node, label, findings),
        Shape::Word(words) => check_word(node, words, label, findings),
        Shape::Integer => check_integer(node, label, findings),
        Shape::Flag | Shape::Scalar | Shape::Any(_) => {}
        Shape::List(item) => node.items().for_each(|node| check_shape(node, item, label, findings)),
        Shape::Map(_, value) => check_map(node, value, label, findings),
        Shape::Object(object) => check_object(node, object, label, findings),
    }
}

/// `shape`, or that one of its alternatives, which takes a value of this TOML type.
fn fitting(node: Node<'_>, shape: &'static Shape) -> Option<&'static Shape> {
    let fits = match (shape, node.value()) {
        (Shape::Any(shapes), _) => return shapes.iter().find_map(|shape| fitting(node, shape)),
        (Shape::Text | Shape::Sql | Shape::Word(_), Some(DeValue::String(_))) => true,
        (Shape::Flag, Some(DeValue::Boolean(_))) => true,
        (Shape::Integer, Some(DeValue::Integer(_))) => true,
        (Shape::Scalar, Some(value)) => !value.is_table() && !value.is_array(),
        (Shape::List(_), Some(DeValue::Array(_))) => true,
        (Shape::Map(..) | Shape::Object(_), _) => node.is_table(),
        (Shape::Text | Shape::Sql | Shape::Word(_) | Shape::Flag | Shape::Integer | Shape::Scalar | Shape::List(_), _) => false,
    };
    fits.then_some(shape)
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn proposal(label: Label<'_>) -> String {
    if label.example.is_empty() { String::new() } else { format!("for example: {}", label.example.replace('\n', " and below it ")) }
}

/// No server keeps a NUL in a name, an expression or a comment, and PostgreSQL's protocol ends a message at one.
fn check_text(node: Node<'_>, label: Label<'_>, findings: &mut Findings) {
    if node.text().is_some_and(|text| text.contains('\0')) {
        findings.say(node.place(), format!("'{}' holds the character U+0000, which no server takes", label.key), "leave it out");
    }
}

fn check_word(node: Node<'_>, words: &[&'static str], label: Label<'_>, findings: &mut Findings) {
    let written = node.text().unwrap_or_default();
    if !words.contains(&written) {
        let near = did_you_mean(written, words.iter().copied());
        findings.say(node.place(), format!("unknown word '{written}' for '{}'{near}", label.key), format!("it is one of {}", quoted(words)));
    }
}

fn check_integer(node: Node<'_>, label: Label<'_>, findings: &mut Findings) {
    if node.integer().is_none() {
        findings.say(node.place(), format!("'{}' is a number that does not fit 64 bits", label.key), proposal(label));
    }
}

fn check_map(node: Node<'_>, shape: &'static Shape, label: Label<'_>, findings: &mut Findings) {
    for (key, place, value) in node.entries() {
        if key.is_empty() || key.contains('\0') {
            findings.say(place, "a name has at least one character, and none is U+0000", "give it a name");
        }
        check_shape(value, shape, Label { key, place, example: label.example }, findings);
    }
}

fn check_object(node: Node<'_>, object: &'static Object, label: Label<'_>, findings: &mut Findings) {
    for (name, place, value) in node.entries() {
        match object.key(name) {
            Some(key) => check_shape(value, &key.shape, Label { key: name, place, example: key.example }, findings),
            None => unknown_key(name, place, value, object, label, findings),
        }
    }
    for name in object.required {
        if node.get(name).is_none() {
            let example = object.key(name).map_or("", |key| key.example);
            let message = format!("'{}' is {} without '{name}'", label.key, object.title);
            findings.say(label.place, message, format!("add it, for example: {example}"));
        }
    }
}

fn unknown_key(name: &str, place: Place, value: Node<'_>, object: &'static Object, label: Label<'_>, findings: &mut Findings) {
    let names: Vec<&str> = object.names().collect();
    let near = did_you_mean(name, names.iter().copied());
    let looks_like_a_column = object.key("columns").is_some() && object.id == "table" && value.get("type").is_some();
    let (message, help) = if looks_like_a_column {
        (format!("unknown key '{name}': the columns of a table stand one level deeper"), format!("write it below [tables.{}.columns]", label.key))
    } else if object.id == "root" && value.get("columns").is_some() {
        (format!("unknown key '{name}': tables stand below 'tables'"), format!("write [tables.{name}]"))
    } else if let Some(key) = object.keys.iter().find(|key| holds(&key.shape, name)) {
        (format!("unknown key '{name}': it belongs inside '{}'", key.name), format!("write {} = {{ ..., {name} = ... }}", key.name))
    } else {
        (format!("unknown key '{name}'{near}"), format!("{} takes {}", object.title, names.join(", ")))
    };
    findings.say(place, message, help);
}

/// True where one of the tables that may stand behind a key takes `name`.
fn holds(shape: &Shape, name: &str) -> bool {
    match shape {
        Shape::Object(object) => object.key(name).is_some(),
        Shape::Any(shapes) => shapes.iter().any(|shape| holds(shape, name)),
        Shape::Text | Shape::Sql | Shape::Flag | Shape::Integer | Shape::Scalar | Shape::Word(_) | Shape::List(_) | Shape::Map(..) => false,
    }
}

//! TOML as it was written: values with their places, and the check of a document against the language.

mod grammar;
mod node;

pub(super) use grammar::check;
pub(super) use node::Node;

use toml::Spanned;
use toml::de::DeTable;

use super::spans::{Place, Spans};
use crate::source::{Diagnostic, Source};

/// Parses every source. All syntax errors of all of them are returned at once.
pub(super) fn parse(sources: &[Source]) -> Result<Vec<Spanned<DeTable<'_>>>, Vec<Diagnostic>> {
    let mut documents = Vec::new();
    let mut diagnostics = Vec::new();
    for (source, Source { text, .. }) in sources.iter().enumerate() {
        let (document, errors) = DeTable::parse_recoverable(text);
        documents.push(document);
        diagnostics.extend(errors.iter().map(|error| syntax_error(source, text, error)));
    }
    if diagnostics.is_empty() { Ok(documents) } else { Err(diagnostics) }
}

fn syntax_error(source: usize, text: &str, error: &toml::de::Error) -> Diagnostic {
    let message = error.message();
    let help = if message.contains("duplicate key") {
        "a key stands once in its table: take one of the two out, or write both values under the first"
    } else if message.contains("string") {
        "a string stands between double quotes on one line; longer text stands between three: \"\"\"...\"\"\" or '''...'''"
    } else if message.contains("inline table") || message.contains("array") {
        "what is opened with { or [ is closed with } or ]"
    } else if message.contains("table") {
        "a [table] is opened once; its keys stand together below the header"
    } else {
        "a line of TOML is `key = value` or `[table]`; strings need quotes"
    };
    let span = error.span().unwrap_or(text.len()..text.len());
    Diagnostic { source, span, message: format!("not TOML: {message}"), help: Some(help.to_owned()) }
}

/// Records the place of every key and array item below `node`.
pub(super) fn record(node: Node<'_>, path: &mut Vec<String>, spans: &mut Spans) {
    for (key, place, value) in node.entries() {
        path.push(key.to_owned());
        spans.record(path, place);
        record(value, path, spans);
        path.pop();
    }
    for (index, item) in node.items().enumerate() {
        path.push(index.to_string());
        spans.record(path, item.place());
        record(item, path, spans);
        path.pop();
    }
}

/// The findings of a run, gathered.
#[derive(Debug, Default)]
pub(super) struct Findings(pub Vec<Diagnostic>);

impl Findings {
    /// Adds a finding: what is wrong, and what to write instead.
    pub fn say(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        let help = help.into();
        self.0.push(Diagnostic { source: place.source, span: place.range(), message: message.into(), help: (!help.is_empty()).then_some(help) });
    }
}

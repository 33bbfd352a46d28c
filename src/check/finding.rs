//! What `check` finds, as data; `report` makes the forms of it.

use std::ops::Range;
use std::sync::Arc;

use super::fix::Fix;
pub use crate::source::Level;
use crate::source::{Diagnostic, Source};

/// A place in a file.
#[derive(Debug, Clone)]
pub struct Place {
    pub source: Arc<Source>,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl Place {
    /// A whole line of a text, counted from 1.
    pub fn line(source: Arc<Source>, line: usize) -> Self {
        let text = &source.text;
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let length = text[start..].lines().next().map_or(0, str::len);
        Self { source, span: start..start + length }
    }

    /// Line and column, both from 1, of the first character.
    pub fn start(&self) -> (usize, usize) {
        position(&self.source, self.span.start)
    }

    /// The same of the character behind the last.
    pub fn end(&self) -> (usize, usize) {
        position(&self.source, self.span.end)
    }
}

fn position(source: &Source, offset: usize) -> (usize, usize) {
    let diagnostic = Diagnostic { source: 0, span: offset..offset, message: String::new(), help: None };
    diagnostic.line_column(std::slice::from_ref(source))
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Stays the same from version to version: `drop-column`.
    pub code: &'static str,
    pub level: Level,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A longer text, such as the difference of two schemas.
    pub detail: Option<String>,
    pub place: Option<Place>,
    pub fix: Option<Fix>,
}

impl Finding {
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        Self { code, level: super::gate::level_of(code), message: message.into(), help, detail: None, place: None, fix: None }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail| !detail.is_empty());
        self
    }

    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Where the documentation of the code stands.
    pub fn docs(&self) -> String {
        format!("docs/rules.md#{}", self.code)
    }
}

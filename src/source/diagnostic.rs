//! A finding about a place in a file, as data, and its one rendering for people.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

/// A text and the name under which the user knows it.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: String,
    pub text: String,
}

/// One thing that is wrong in a file: where, what, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Index of the source in the list that was parsed.
    pub source: usize,
    /// Byte range in the source.
    pub span: Range<usize>,
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// The line and the column, in characters, where it begins. Both count from 1.
    pub fn line_column(&self, sources: &[Source]) -> (usize, usize) {
        let Some(source) = sources.get(self.source) else { return (1, 1) };
        line_column(&source.text, self.span.start)
    }

    /// The place as people and editors read it: `schema.toml:4:9`.
    pub fn place(&self, sources: &[Source]) -> String {
        let (line, column) = self.line_column(sources);
        let path = sources.get(self.source).map_or("schema.toml", |source| source.path.as_str());
        format!("{path}:{line}:{column}")
    }
}

/// The line and the column of a byte of `text`, from 1; an offset behind the end is the end.
fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What the user reads of errors: one block for each with its place, the line it is about, and what to write instead.
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], color: bool) -> String {
    blocks(diagnostics, sources, color, &Level::ERROR)
}

/// The same for what is allowed but probably not meant.
pub fn render_warnings(diagnostics: &[Diagnostic], sources: &[Source], color: bool) -> String {
    blocks(diagnostics, sources, color, &Level::WARNING)
}

/// One finding as people read it: its level, its code in brackets, and the line it is about.
pub fn render_as(diagnostic: &Diagnostic, code: &str, level: super::Level, sources: &[Source], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let level = match level {
        super::Level::Error => Level::ERROR,
        super::Level::Warning => Level::WARNING,
        super::Level::Note | super::Level::Off => Level::NOTE,
    };
    let diagnostic = Diagnostic { message: format!("{} [{code}]", diagnostic.message), ..diagnostic.clone() };
    block(&diagnostic, sources, &renderer, level)
}

fn blocks(diagnostics: &[Diagnostic], sources: &[Source], color: bool, level: &Level<'static>) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let blocks: Vec<String> = diagnostics.iter().map(|diagnostic| block(diagnostic, sources, &renderer, level.clone())).collect();
    blocks.join("\n\n")
}

fn block(diagnostic: &Diagnostic, sources: &[Source], renderer: &Renderer, level: Level<'static>) -> String {
    let title = match sources.get(diagnostic.source) {
        Some(_) => format!("{}: {}", diagnostic.place(sources), diagnostic.message),
        // It is about no file.
        None => diagnostic.message.clone(),
    };
    let title = level.primary_title(title);
    let mut groups = vec![match sources.get(diagnostic.source) {
        Some(source) if !source.text.is_empty() => title.element(snippet(&source.text, &diagnostic.span)),
        Some(_) | None => Group::with_title(title),
    }];
    if let Some(help) = &diagnostic.help {
        groups.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    renderer.render(&groups)
}

/// The line in which `span` begins, and what of it lies on that line: a finding about a table must not print all of it.
fn snippet<'a>(text: &'a str, span: &Range<usize>) -> Snippet<'a, Annotation<'a>> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end.max(start));
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find(['\r', '\n']).map_or(text.len(), |newline| start + newline);
    let (line, _) = line_column(text, start);
    let annotation = AnnotationKind::Primary.span(start - line_start..end.min(line_end) - line_start);
    Snippet::source(&text[line_start..line_end]).line_start(line).annotation(annotation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Vec<Source> {
        vec![Source { path: "schema.toml".to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let sources = source("a = 1\nü = 2\n");
        let diagnostic = Diagnostic { source: 0, span: 9..10, message: "x".to_owned(), help: None };
        assert_eq!(diagnostic.line_column(&sources), (2, 3));
    }

    #[test]
    fn file_line_and_column_stand_in_the_title_and_help_below() {
        let sources = source("[tables.t.columns]\nid = { tipe = \"integer\" }\n");
        let diagnostic = Diagnostic { source: 0, span: 26..30, message: "unknown key 'tipe'".to_owned(), help: Some("write 'type'".to_owned()) };
        let text = render(&[diagnostic], &sources, false);
        assert!(text.starts_with("error: schema.toml:2:8: unknown key 'tipe'\n"), "{text}");
        assert!(text.contains("2 | id = { tipe = \"integer\" }"), "{text}");
        assert!(text.contains("help: write 'type'"), "{text}");
    }

    #[test]
    fn a_warning_is_called_one() {
        let diagnostic = Diagnostic { source: 0, span: 0..1, message: "doubtful".to_owned(), help: None };
        assert!(render_warnings(&[diagnostic], &source("a = 1\n"), false).starts_with("warning: schema.toml:1:1: doubtful\n"));
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let sources = source("a = ");
        let diagnostic = Diagnostic { source: 0, span: 40..44, message: "no value".to_owned(), help: None };
        assert!(render(&[diagnostic], &sources, false).contains("schema.toml:1:5: no value"));
    }
}

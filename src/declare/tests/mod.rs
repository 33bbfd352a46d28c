//! The language as a whole: what is read, what is written, and what is refused.

mod faults;
mod lowering;
mod roundtrip;

use super::{Declared, parse};
use crate::dialect::Kind;
use crate::source::{Diagnostic, Source};

fn sources(texts: &[&str]) -> Vec<Source> {
    let name = |index: usize| if index == 0 { "schema.toml".to_owned() } else { format!("schema{index}.toml") };
    texts.iter().enumerate().map(|(index, text)| Source { path: name(index), text: (*text).to_owned() }).collect()
}

/// The declared schema of a text that is right.
fn declared(text: &str, kind: Kind) -> Declared {
    let sources = sources(&[text]);
    parse(&sources, kind.dialect()).unwrap_or_else(|diagnostics| panic!("{}", crate::source::render(&diagnostics, &sources, false)))
}

/// What is wrong with texts that are not, one line for each.
fn faults(texts: &[&str], kind: Kind) -> Vec<String> {
    let sources = sources(texts);
    let diagnostics = parse(&sources, kind.dialect()).err().unwrap_or_default();
    diagnostics.iter().map(|diagnostic| line(diagnostic, &sources)).collect()
}

fn line(diagnostic: &Diagnostic, sources: &[Source]) -> String {
    format!("{}: {}", diagnostic.place(sources), diagnostic.message)
}

//! schema.toml: what somebody declares, as a model and back.
//!
//! ```text
//! text --document--> TOML with places --lower--> model --validate--> Declared
//! model --write--> text
//! ```
//!
//! `keys` holds the language itself as data: the check of a document and the JSON Schema both read it. Nothing here asks a server:
//! types and expressions are taken as written, and the server judges them later.

mod document;
mod json_schema;
mod keys;
mod load;
mod lower;
mod path;
mod sections;
mod spans;
mod suggest;
mod text_diff;
mod validate;
mod write;

pub use json_schema::json_schema;
pub use load::{files, load};
pub use spans::Spans;
pub use text_diff::text_diff;
pub use write::{Split, write, write_split};

use document::Node;

use crate::dialect::Dialect;
use crate::model::Schema;
use crate::source::{Diagnostic, Source};

/// What schema.toml says.
#[derive(Debug, Clone)]
pub struct Declared {
    pub schema: Schema,
    /// Where each thing was written.
    pub spans: Spans,
    /// What is allowed but probably not meant.
    pub warnings: Vec<Diagnostic>,
}

/// Reads the declared schema for an engine.
///
/// # Errors
/// All that is wrong, in the order of the files, each with its place and a proposal. Where a file is not even TOML, only the syntax errors
/// are returned, because what the rest says cannot be known.
pub fn parse(sources: &[Source], dialect: &'static dyn Dialect) -> Result<Declared, Vec<Diagnostic>> {
    let documents = document::parse(sources).map_err(sorted)?;
    let roots: Vec<Node<'_>> =
        documents.iter().zip(sources).enumerate().map(|(index, (document, source))| Node::root(index, &source.text, document)).collect();
    let (schema, spans, mut findings) = lower::lower(&roots, dialect);
    let (more, warnings) = validate::validate(&schema, dialect, &spans);
    findings.0.extend(more.0);
    validate::refuse(&schema, dialect, &spans, &mut findings);
    if !findings.0.is_empty() {
        return Err(sorted(findings.0));
    }
    Ok(Declared { schema, spans, warnings: sorted(warnings.0) })
}

/// By place; the same finding at the same place stands once.
fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|one, other| (one.source, one.span.start, &one.message).cmp(&(other.source, other.span.start, &other.message)));
    diagnostics.dedup();
    diagnostics
}

#[cfg(test)]
mod tests;

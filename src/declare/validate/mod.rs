//! What only the whole schema can tell: names that exist and are not taken, keys that can be pointed at.
//!
//! It knows no TOML: it reads the model and asks the spans where a thing was written.

mod names;
mod parts;
mod references;

use super::document::Findings;
use super::lower::below;
use super::spans::{Place, Spans};
use crate::dialect::Dialect;
use crate::model::{Name, Schema, Table};

/// Adds what the engine says it cannot hold. A place that was found wrong before is not named again: the engine may only see what is left
/// of it.
pub(super) fn refuse(schema: &Schema, dialect: &'static dyn Dialect, spans: &Spans, findings: &mut Findings) {
    let known: Vec<(usize, usize)> = findings.0.iter().map(|finding| (finding.source, finding.span.start)).collect();
    for (path, message) in dialect.refuse(schema) {
        let place = spans.nearest(&path).unwrap_or_default();
        if !known.contains(&(place.source, place.start)) {
            findings.say(place, message, "");
        }
    }
}

struct Check<'a> {
    schema: &'a Schema,
    dialect: &'static dyn Dialect,
    spans: &'a Spans,
    findings: Findings,
    warnings: Findings,
}

/// What is wrong with `schema`, and what is only doubtful.
pub(super) fn validate(schema: &Schema, dialect: &'static dyn Dialect, spans: &Spans) -> (Findings, Findings) {
    let mut check = Check { schema, dialect, spans, findings: Findings::default(), warnings: Findings::default() };
    check.names();
    check.namespaces();
    for (name, table) in &schema.tables {
        let path = super::lower::path_of("tables", name);
        check.parts(name, table, &path);
        check.references(name, table, &path);
    }
    check.sequence_owners();
    (check.findings, check.warnings)
}

impl<'a> Check<'a> {
    fn place<S: AsRef<str>>(&self, path: &[S]) -> Place {
        self.spans.nearest(path).unwrap_or_default()
    }

    fn say<S: AsRef<str>>(&mut self, path: &[S], message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(path);
        self.findings.say(place, message, help);
    }

    fn same_name(&self, one: &str, other: &str) -> bool {
        one == other || (self.dialect.folds_case() && one.eq_ignore_ascii_case(other))
    }

    /// The table of that name.
    fn table(&self, name: &Name) -> Option<&'a Table> {
        let same = |other: &Name| other.schema == name.schema && self.same_name(&other.name, &name.name);
        self.schema.tables.get(name).or_else(|| self.schema.tables.iter().find(|(other, _)| same(other)).map(|(_, table)| table))
    }

    fn has_column(&self, table: &Table, column: &str) -> bool {
        table.columns.contains_key(column) || table.columns.keys().any(|other| self.same_name(other, column))
    }

    /// A sequence goes with its column, so the column has to be there.
    fn sequence_owners(&mut self) {
        for (name, sequence) in &self.schema.sequences {
            let Some((owner, column)) = &sequence.owned_by else { continue };
            let path = below(&super::lower::path_of("sequences", name), &["owned_by"]);
            match self.table(owner) {
                None => self.say(&path, format!("there is no table '{owner}'{}", self.table_like(owner)), "name a column of schema.toml"),
                Some(table) if !self.has_column(table, column) => {
                    let near = super::suggest::did_you_mean(column, table.columns.keys().map(String::as_str));
                    self.say(&path, format!("the table '{owner}' has no column '{column}'{near}"), columns_help(owner, table));
                }
                Some(_) => {}
            }
        }
    }

    /// `, did you mean 'x'?` for a table that is not there.
    fn table_like(&self, name: &Name) -> String {
        let names: Vec<String> = self.schema.tables.keys().map(Name::to_string).collect();
        super::suggest::did_you_mean(&name.to_string(), names.iter().map(String::as_str))
    }

    /// `public` is what PostgreSQL calls the default schema unless somebody changed it.
    fn namespaces(&mut self) {
        if self.schema.namespaces.contains_key("public") {
            let place = self.place(&["schemas", "public"]);
            let message = "'public' is the default schema of most databases, and what stands below [schemas.public] is managed apart from it";
            self.warnings.say(place, message, "write its tables as [tables.NAME], without the schema");
        }
    }
}

/// Names the columns that could have been meant.
fn columns_help(name: &Name, table: &Table) -> String {
    if table.columns.is_empty() {
        return format!("'{name}' has no columns");
    }
    format!("the columns of '{name}' are {}", super::suggest::listed(table.columns.keys().map(String::as_str)))
}

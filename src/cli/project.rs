//! What the commands that plan have in common: the declared schema, the scratch, and the sentences about what was found.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::Context;
use crate::UserError;
use crate::check::Place;
use crate::declare::{self, Declared};
use crate::dialect::{Dialect, Session};
use crate::generate::Standing;
use crate::model::Name;
use crate::scratch::Scratch;
use crate::source::{Diagnostic, Source, render, render_warnings};

/// The files of schema.toml and what they declare.
pub struct DeclaredFiles {
    pub sources: Vec<Source>,
    pub declared: Declared,
}

/// What is wrong with schema.toml.
pub struct Faults {
    pub sources: Vec<Source>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Context {
    /// Reads schema.toml for the engine; its warnings go to stderr.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line, column and a proposal.
    pub fn declared(&self, dialect: &'static dyn Dialect) -> anyhow::Result<DeclaredFiles> {
        self.declared_or_faults(dialect)?.map_err(|faults| {
            let count = if faults.diagnostics.len() == 1 { "one thing is".to_owned() } else { format!("{} things are", faults.diagnostics.len()) };
            let text = render(&faults.diagnostics, &faults.sources, self.ui.is_colored());
            UserError::new(format!("{count} wrong in {}\n{}", self.settings.schema.display(), text.trim_end())).into()
        })
    }

    /// The same for those who want what is wrong one by one.
    ///
    /// # Errors
    /// Where there is no file, or a table has a name that dbtool keeps for itself.
    pub fn declared_or_faults(&self, dialect: &'static dyn Dialect) -> anyhow::Result<Result<DeclaredFiles, Faults>> {
        let sources = declare::load(&self.settings.schema)?;
        match declare::parse(&sources, dialect) {
            Ok(declared) => {
                let prefix = &self.settings.state.prefix;
                if let Some(name) = declared.schema.tables.keys().find(|name| name.name.starts_with(prefix.as_str())) {
                    return Err(UserError::new(format!("the table {name} begins with {prefix}, which is for dbtool's own tables"))
                        .with_help("call it otherwise, or give dbtool another prefix: [state] prefix = \"...\" in dbtool.toml")
                        .into());
                }
                if !declared.warnings.is_empty() {
                    self.ui.note(render_warnings(&declared.warnings, &sources, self.ui.is_colored()));
                }
                Ok(Ok(DeclaredFiles { sources, declared }))
            }
            Err(diagnostics) => Ok(Err(Faults { sources, diagnostics })),
        }
    }

    /// A scratch for the database's engine.
    pub async fn scratch(&self, live: Option<&mut Session>) -> anyhow::Result<Scratch> {
        let url = self.settings.database_url()?;
        Scratch::open(url, self.settings.scratch_url.as_ref(), self.settings.scope(), live).await
    }

    /// Names what is in the database and not managed.
    pub fn note_unmanaged(&self, names: &[String]) {
        for name in names {
            self.ui.note(format!("Left alone: {name} is in the database, but neither in schema.toml nor in a revision"));
        }
    }
}

impl DeclaredFiles {
    /// `schema.toml:12:3`, the place of a key, or the file alone where the key is not in it.
    pub fn place(&self, path: &[String]) -> String {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match self.declared.spans.find(&keys) {
            Some((source, span)) => Diagnostic { source, span, message: String::new(), help: None }.place(&self.sources),
            None => self.sources.first().map(|source| source.path.clone()).unwrap_or_default(),
        }
    }

    /// Where a table is declared; without one where the first file begins.
    pub fn place_of(&self, table: Option<&Name>) -> Option<Place> {
        let found = table.and_then(|name| {
            let keys: Vec<&str> = match &name.schema {
                Some(schema) => vec!["schemas", schema, "tables", &name.name],
                None => vec!["tables", &name.name],
            };
            self.declared.spans.find(&keys)
        });
        let (source, span) = found.unwrap_or((0, 0..0));
        Some(Place { source: Arc::new(self.sources.get(source)?.clone()), span })
    }

    /// The error for fix-ups that nobody gave.
    pub fn missing(&self, standing: &[Standing]) -> UserError {
        let mut text = match standing {
            [_] => "a change needs to know what becomes of the rows that are there".to_owned(),
            many => format!("{} changes need to know what becomes of the rows that are there", many.len()),
        };
        for it in standing {
            let rows = match it.rows {
                Some(0) => "no such row here, but elsewhere there may be".to_owned(),
                Some(1) => "1 row in the way".to_owned(),
                Some(rows) => format!("{rows} rows in the way"),
                None => "rows not counted".to_owned(),
            };
            text.push_str(&format!("\n  {}: {} ({rows})\n    add there: {}", self.place(&it.missing.path), it.missing.problem, it.missing.line));
        }
        UserError::new(text).with_help("nothing was written; where the tables are known to be empty everywhere, --assume-empty asks for nothing")
    }
}

/// Fix-ups that are missing, as a document's field.
pub fn standing_json(standing: &[Standing]) -> Vec<Value> {
    standing.iter().map(|it| json!({ "path": it.missing.path, "problem": it.missing.problem, "add": it.missing.line, "rows": it.rows })).collect()
}

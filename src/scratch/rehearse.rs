//! All revisions of a folder, up from base and down again: do they lead where they should, and back?

use std::collections::BTreeSet;

use super::trail::Trail;
use super::{Place, Scratch, memory, same};
use crate::declare::text_diff;
use crate::dialect::{Kind, sqlite};
use crate::diff::diff;
use crate::migration::{Revision, RevisionGraph, raws};
use crate::model::Schema;

/// What was found on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An up script does not run behind those before it; the server's words with the line.
    UpFails {
        revision: String,
        said: String,
    },
    DownMissing {
        revision: String,
    },
    DownFails {
        revision: String,
        said: String,
    },
    /// What differs, in words and as a text difference.
    DownDiffers {
        revision: String,
        lines: Vec<String>,
        text: String,
    },
    /// So many faults that the older down scripts were not run any more.
    GaveUp {
        revisions: usize,
    },
}

/// What the revisions make; `None` where an up script fails.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    pub made: Option<Schema>,
    pub faults: Vec<Fault>,
}

/// Each fault has the revisions before it run once more.
const MOST_FAULTS: usize = 20;

/// Runs every revision up to `targets` in the scratch, then takes back those of `downs`, the newest first, and looks after each whether the
/// schema is what it was before. The scratch is empty afterwards.
///
/// # Errors
/// Where the scratch itself fails, or a script cannot be read.
pub async fn rehearse(scratch: &mut Scratch, graph: &RevisionGraph, targets: &[String], downs: &BTreeSet<String>) -> anyhow::Result<Rehearsal> {
    scratch.refuse_foreign_scripts()?;
    let ids = graph.path_up(&[], targets);
    let path: Vec<&Revision> = ids.iter().filter_map(|id| graph.get(id)).collect();
    let first = path.iter().position(|revision| downs.contains(&revision.id)).unwrap_or(path.len());
    let mut run = Run { scratch, path, first, with_prelude: false };
    run.scratch.reset().await?;
    let mut up = run.up().await?;
    if up.is_err() {
        // A revision may call functions of the live database that nobody manages.
        run.with_prelude = true;
        run.scratch.reset_with_prelude().await?;
        up = match run.up().await? {
            Ok(states) => Ok(states),
            Err(_) => up,
        };
    }
    let states = match up {
        Ok(states) => states,
        Err(fault) => {
            run.scratch.reset().await?;
            return Ok(Rehearsal { made: None, faults: vec![fault] });
        }
    };
    let mut made = run.scratch.introspect().await?;
    made.raws = raws(graph, targets, run.scratch.dialect())?;
    let faults = run.down(states, downs).await?;
    run.scratch.reset().await?;
    Ok(Rehearsal { made: Some(made), faults })
}

/// The schema before each revision whose way back is tried, and behind the last.
enum States {
    /// As texts that tell whether anything changed at all: reading a schema of a thousand tables a thousand times would take minutes.
    Texts(Trail),
    Schemas(Vec<Schema>),
}

struct Run<'a> {
    scratch: &'a mut Scratch,
    path: Vec<&'a Revision>,
    /// The first revision whose way back is tried.
    first: usize,
    with_prelude: bool,
}

impl Run<'_> {
    /// All up scripts, with the state before each from `first` on.
    async fn up(&mut self) -> anyhow::Result<Result<States, Fault>> {
        let mut states = match self.scratch.dialect().kind() {
            Kind::Sqlite => States::Texts(Trail::default()),
            Kind::Postgres | Kind::Mysql => States::Schemas(Vec::new()),
        };
        for (index, revision) in self.path.iter().enumerate() {
            if index >= self.first {
                self.scratch.note(&mut states).await?;
            }
            if let Err(said) = self.scratch.run_script(&revision.up()?.text).await {
                return Ok(Err(Fault::UpFails { revision: revision.id.clone(), said }));
            }
        }
        Ok(Ok(states))
    }

    async fn down(&mut self, mut states: States, downs: &BTreeSet<String>) -> anyhow::Result<Vec<Fault>> {
        let mut faults = Vec::new();
        for index in (self.first..self.path.len()).rev() {
            if faults.len() >= MOST_FAULTS {
                faults.push(Fault::GaveUp { revisions: index + 1 - self.first });
                break;
            }
            let revision = self.path[index];
            let fault = self.back(revision, &mut states).await?;
            let is_lost = fault.is_some();
            faults.extend(fault.filter(|_| downs.contains(&revision.id)));
            if is_lost && index > self.first {
                self.restore(index).await?;
            }
        }
        Ok(faults)
    }

    /// Takes one revision back, and compares with the last of the states, which is taken off.
    async fn back(&mut self, revision: &Revision, states: &mut States) -> anyhow::Result<Option<Fault>> {
        let id = || revision.id.clone();
        let result = match revision.down()? {
            None => Err(Fault::DownMissing { revision: id() }),
            Some(script) => self.scratch.run_script(&script.text).await.map_err(|said| Fault::DownFails { revision: id(), said }),
        };
        let difference = match states {
            States::Texts(trail) => {
                let Some(before) = trail.pop() else { return Ok(result.err()) };
                if let Err(fault) = result {
                    return Ok(Some(fault));
                }
                let after = self.scratch.schema_text().await?;
                differing_texts(self.scratch, &before, &after).await?
            }
            States::Schemas(schemas) => {
                let Some(before) = schemas.pop() else { return Ok(result.err()) };
                if let Err(fault) = result {
                    return Ok(Some(fault));
                }
                let after = self.scratch.introspect().await?;
                if diff(&before, &after).is_empty() {
                    return Ok(None);
                }
                // To compare more closely takes the scratch.
                self.scratch.reset().await?;
                let found = differing(self.scratch, &before, &after).await?;
                if found.is_none() {
                    let index = self.path.iter().position(|it| it.id == revision.id).unwrap_or_default();
                    self.restore(index).await?;
                }
                found
            }
        };
        Ok(difference.map(|(lines, text)| Fault::DownDiffers { revision: id(), lines, text }))
    }

    /// Brings the scratch to where it was before the revision at `index`.
    async fn restore(&mut self, index: usize) -> anyhow::Result<()> {
        if self.with_prelude {
            self.scratch.reset_with_prelude().await?
        } else {
            self.scratch.reset().await?
        }
        for revision in &self.path[..index] {
            if let Err(said) = self.scratch.run_script(&revision.up()?.text).await {
                anyhow::bail!("{}, which ran before, does not run again: {said}", revision.up_path.display());
            }
        }
        Ok(())
    }
}

impl Scratch {
    async fn note(&mut self, states: &mut States) -> anyhow::Result<()> {
        match states {
            States::Texts(trail) => trail.push(self.schema_text().await?),
            States::Schemas(schemas) => schemas.push(self.introspect().await?),
        }
        Ok(())
    }

    /// SQLite: everything that the schema's own table says, as one text.
    async fn schema_text(&mut self) -> anyhow::Result<String> {
        let rows = self.session.rows(sqlite::SCHEMA_TEXT).await?;
        Ok(rows.into_iter().flatten().flatten().next().unwrap_or_default())
    }
}

type Difference = Option<(Vec<String>, String)>;

/// What differs between two schemas of which the scratch, empty, may compare the details.
async fn differing(scratch: &mut Scratch, before: &Schema, after: &Schema) -> anyhow::Result<Difference> {
    let lines = same(scratch, after, before).await?;
    if lines.is_empty() {
        return Ok(None);
    }
    Ok(Some((lines, text_diff(before, after, ("before", "after the way back"), scratch.dialect()))))
}

/// The same for the texts of SQLite's schemas: where they differ in more than spelling, what differs is made in databases of its own.
async fn differing_texts(scratch: &Scratch, before: &str, after: &str) -> anyhow::Result<Difference> {
    let Some((before, after)) = sqlite::differing_statements(before, after) else { return Ok(None) };
    let mut other = Scratch { session: memory().await?, place: Place::Memory, scope: scratch.scope.clone(), version: scratch.version };
    let mut schemas = Vec::new();
    for statements in [before, after] {
        other.reset().await?;
        for statement in statements {
            // What a virtual table makes for itself is there already.
            let _ = other.session.run(&statement).await;
        }
        schemas.push(other.introspect().await?);
    }
    other.reset().await?;
    let found = differing(&mut other, &schemas[0], &schemas[1]).await;
    other.close().await;
    found
}

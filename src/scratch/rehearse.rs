//! All revisions of a folder, up from base and down again: do they lead where they should, and back?

use std::collections::BTreeSet;

use super::trail::Trail;
use super::{Place, Scratch, same};
use crate::declare::text_diff;
use crate::dialect::{Kind, Session, sqlite};
use crate::diff::diff;
use crate::migration::{Revision, RevisionGraph, Script, looks, raws};
use crate::model::Schema;
use crate::run::{enter, leave, refuse_faulty, server_words};

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
    /// A down script without a statement, where the up script has some: `downgrade` refuses it.
    DownEmpty {
        revision: String,
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
/// schema is what it was before. The scratch is empty afterwards. The faults of `excused` do not count as those after which the rest is left.
///
/// # Errors
/// Where the scratch itself fails, or a script cannot be read.
pub async fn rehearse(
    scratch: &mut Scratch,
    graph: &RevisionGraph,
    targets: &[String],
    downs: &BTreeSet<String>,
    excused: &BTreeSet<String>,
) -> anyhow::Result<Rehearsal> {
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
    let faults = run.down(states, downs, excused).await?;
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
            if let Err(said) = self.scratch.rehearse_script(&revision.up()?).await? {
                return Ok(Err(Fault::UpFails { revision: revision.id.clone(), said }));
            }
        }
        Ok(Ok(states))
    }

    async fn down(&mut self, mut states: States, downs: &BTreeSet<String>, excused: &BTreeSet<String>) -> anyhow::Result<Vec<Fault>> {
        let (mut faults, mut costly) = (Vec::new(), 0);
        for index in (self.first..self.path.len()).rev() {
            if costly >= MOST_FAULTS {
                faults.push(Fault::GaveUp { revisions: index + 1 - self.first });
                break;
            }
            let revision = self.path[index];
            let fault = self.back(revision, &mut states).await?;
            let is_lost = fault.is_some();
            let is_told = matches!(fault, Some(Fault::DownMissing { .. } | Fault::DownEmpty { .. })) || excused.contains(&revision.id);
            costly += usize::from(is_lost && !is_told && downs.contains(&revision.id));
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
        let dialect = self.scratch.dialect();
        let result = match revision.down()? {
            None => Err(Fault::DownMissing { revision: id() }),
            Some(script) if script.is_empty(dialect) && !revision.up()?.is_empty(dialect) => Err(Fault::DownEmpty { revision: id() }),
            Some(script) => self.scratch.rehearse_script(&script).await?.map_err(|said| Fault::DownFails { revision: id(), said }),
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
            if let Err(said) = self.scratch.rehearse_script(&revision.up()?).await? {
                anyhow::bail!("{}, which ran before, does not run again: {said}", revision.up_path.display());
            }
        }
        Ok(())
    }
}

impl Scratch {
    /// Runs a script as `upgrade` does: what that refuses before it runs is refused, the looks are asked, and the settings are those of a new
    /// session before and behind it. What is wrong comes back in words that begin with the line.
    pub(super) async fn rehearse_script(&mut self, script: &Script) -> anyhow::Result<Result<(), String>> {
        if let Err(error) = refuse_faulty(script, self.dialect()) {
            let path = format!("{}:", script.path.display());
            return Ok(Err(error.message.strip_prefix(&path).map_or(error.message.clone(), |rest| format!("line {rest}"))));
        }
        if let Err(said) = self.look(script).await {
            return Ok(Err(said));
        }
        self.run_as_new(script).await
    }

    /// Runs a script with the settings of a new session before and behind it.
    pub(super) async fn run_as_new(&mut self, script: &Script) -> anyhow::Result<Result<(), String>> {
        let before = enter(&mut self.session).await?;
        self.settle_session().await?;
        let result = self.run_script(&script.text).await;
        leave(&mut self.session, &before).await?;
        self.settle_session().await?;
        Ok(result)
    }

    /// Asks the looks of a script, for whether the server understands them: there are no rows to stand in the way.
    async fn look(&mut self, script: &Script) -> Result<(), String> {
        for look in looks(script, self.dialect()).map_err(|error| error.message)? {
            let query = look.query.trim_end().trim_end_matches(';');
            let asked = self.session.count(&format!("SELECT count(*) FROM (\n{query}\n) AS dbtool_look")).await;
            asked.map_err(|error| format!("line {}: the look fails: {}", look.line, server_words(&error)))?;
        }
        Ok(())
    }

    /// The session's own place, which resetting its settings has moved it from.
    async fn settle_session(&mut self) -> anyhow::Result<()> {
        match (&self.place, &mut self.session) {
            (Place::Database(database), Session::Postgres(conn)) => database.settle(conn).await,
            _ => Ok(()),
        }
    }

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
    let mut other = scratch.beside().await?;
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

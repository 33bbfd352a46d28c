//! `check --fix`: corrects in the files what can be corrected without a thought, and says what it did.
//!
//! Every change is tried in a copy of the folder: the revision runs in scratch with it and without it, and only where it leads to the same is
//! the user's file written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use tempfile::TempDir;

use super::commands::check::Found;
use super::context::Context;
use crate::UserError;
use crate::check::{Finding, Fix, Levels, News, ReadScript, Sizes, apply_allows, judge_revisions};
use crate::dialect::{Access, Session};
use crate::generate::{NewRevision, way_back};
use crate::migration::{RevisionGraph, Script, pair_paths};
use crate::model::Schema;
use crate::plan::Style;
use crate::scratch::{Scratch, same};

/// More changes than a script has reasons for.
const MOST_ROUNDS: usize = 500;

/// Writes missing down scripts, then changes the new up scripts, one change a round: every change is judged anew.
pub async fn fix(context: &Context, found: Found) -> anyhow::Result<()> {
    let mut server = Server { context, open: None };
    let mut result = write_downs(context, &found, &mut server).await;
    if result.is_ok() {
        result = change_scripts(context, &found, &mut server).await;
    }
    server.close().await;
    result
}

/// The scratch, once it is needed.
struct Server<'a> {
    context: &'a Context,
    open: Option<(Option<Session>, Scratch)>,
}

impl Server<'_> {
    /// The scratch. The database itself is connected to only where its server lends the place.
    async fn get(&mut self) -> anyhow::Result<&mut Scratch> {
        if self.open.is_none() {
            let is_needed = self.context.settings.scratch_url.is_none();
            let mut session = if is_needed { self.context.connect(Access::ReadOnly).await.ok() } else { None };
            let scratch = self.context.scratch(session.as_mut()).await?;
            self.open = Some((session, scratch));
        }
        self.open.as_mut().map(|(_, scratch)| scratch).context("a connection was just opened")
    }

    async fn close(self) {
        let Some((session, scratch)) = self.open else { return };
        scratch.close().await;
        if let Some(session) = session {
            session.close().await;
        }
    }
}

async fn write_downs(context: &Context, found: &Found, server: &mut Server<'_>) -> anyhow::Result<()> {
    for finding in &found.findings {
        let Some(Fix::WriteDown { revision }) = &finding.fix else { continue };
        let Some(of) = found.graph.get(revision) else { continue };
        let scratch = server.get().await?;
        let Some((before, after)) = scratch.around(&found.graph, revision).await? else {
            context.ui.warn(format!("no down script was written for {revision}: its up script, or one before it, does not run"));
            continue;
        };
        let style = Style { online: context.settings.migrate.online, server_version: scratch.version() };
        let new = NewRevision { revision, parents: &of.parents, message: &of.message, is_baseline: false, style, verify: true };
        let path = match &*of.up_path.file_name().unwrap_or_default().to_string_lossy() {
            name if name.ends_with(".up.sql") => of.up_path.with_file_name(name.replace(".up.sql", ".down.sql")),
            _ => pair_paths(&found.graph.directory, revision, &of.message).down,
        };
        match way_back(scratch, &before, &after, &new).await {
            Ok(text) if Script::new(&path, &text).is_empty(scratch.dialect()) => {
                context
                    .ui
                    .warn(format!("no down script was written for {revision}: it leaves the schema as it is, and what it does to rows nobody knows"));
            }
            Ok(text) => {
                replace(&path, &text)?;
                context.ui.note(format!("Wrote {}", path.display()));
            }
            Err(error) => context.ui.warn(format!("no down script was written for {revision}: {error:#}")),
        }
    }
    Ok(())
}

async fn change_scripts(context: &Context, found: &Found, server: &mut Server<'_>) -> anyhow::Result<()> {
    let Some(news) = &found.news else {
        if found.findings.iter().any(is_change) {
            context.ui.warn("no script is changed, as nobody says which revisions no database has run yet: pass --since REV, --since main or --live");
        }
        return Ok(());
    };
    let mut work = Work::begin(context, found, news)?;
    for _ in 0..MOST_ROUNDS {
        if !work.round(server).await? {
            break;
        }
    }
    Ok(())
}

/// The changes are made to a copy of the folder; a file of the user's is written once its change is proven.
struct Work<'a> {
    context: &'a Context,
    found: &'a Found,
    news: &'a News,
    /// The folder goes with it.
    _copy: TempDir,
    graph: RevisionGraph,
    /// What was tried and does not help: the code and the script.
    given_up: BTreeSet<(String, String)>,
    /// What each revision led to before anything was changed; `None` where it does not run.
    schemas: BTreeMap<String, Option<Schema>>,
}

impl<'a> Work<'a> {
    fn begin(context: &'a Context, found: &'a Found, news: &'a News) -> anyhow::Result<Self> {
        let copy = tempfile::tempdir().context("no folder for a copy of the revisions can be made")?;
        // Under the name that dbtool.toml knows its files by.
        let folder = copy.path().join(found.graph.directory.strip_prefix("/").unwrap_or(&found.graph.directory));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for revision in found.graph.revisions() {
            for path in [Some(&revision.up_path), revision.down_path.as_ref()].into_iter().flatten() {
                let name = path.file_name().unwrap_or_default();
                fs::copy(path, folder.join(name)).with_context(|| format!("cannot copy {}", path.display()))?;
            }
        }
        let graph = RevisionGraph::load(&folder).map_err(UserError::from)?;
        Ok(Self { context, found, news, _copy: copy, graph, given_up: BTreeSet::new(), schemas: BTreeMap::new() })
    }

    /// Makes one change. False where there is none any more.
    async fn round(&mut self, server: &mut Server<'_>) -> anyhow::Result<bool> {
        let (scripts, findings) = self.judge()?;
        // What stands alone afterwards comes first: a transaction that is written around it would keep it from that.
        let candidates = findings.iter().filter(|finding| is_change(finding) && !self.given_up.contains(&key(finding)));
        let Some(finding) = candidates.min_by_key(|finding| matches!(finding.fix, Some(Fix::ValidateApart { .. }))) else { return Ok(false) };
        let of = finding.place.as_ref().and_then(|place| scripts.iter().find(|script| script.source.path == place.source.path));
        let is_made = match of {
            Some(script) => self.try_out(finding, script, &findings, server).await?,
            None => false,
        };
        if !is_made {
            self.given_up.insert(key(finding));
        }
        Ok(true)
    }

    fn judge(&self) -> anyhow::Result<(Vec<ReadScript>, Vec<Finding>)> {
        let levels = Levels::new(self.context.settings.check.clone());
        let kind = self.context.settings.database_url()?.kind();
        let (scripts, findings) = judge_revisions(&self.graph, self.news, kind, self.found.version, &levels, &Sizes::default())?;
        let findings = apply_allows(findings, &scripts, &levels, false);
        Ok((scripts, findings))
    }

    /// Makes the change in the copy, and in the user's file once it is proven. False where it is not made.
    async fn try_out(&mut self, finding: &Finding, script: &ReadScript, before: &[Finding], server: &mut Server<'_>) -> anyhow::Result<bool> {
        let Some(wanted) = self.led_to(&script.revision, server).await? else { return Ok(false) };
        let Some(text) = self.changed(finding, script, server).await?.filter(|text| *text != script.source.text) else { return Ok(false) };
        let copy = Path::new(&script.source.path);
        fs::write(copy, &text).with_context(|| format!("cannot write {}", copy.display()))?;
        let leads = self.leads_to(&script.revision, &wanted, server).await?;
        let helps = self.judge().is_ok_and(|(_, after)| self.helps(finding, before, &after));
        let name = copy.file_name().unwrap_or_default();
        let real = self.found.graph.directory.join(name);
        if !leads || !helps {
            fs::write(copy, &script.source.text).with_context(|| format!("cannot write {}", copy.display()))?;
            if !leads {
                let why = "with the change that it asks for the revision would not do the same";
                self.context.ui.warn(format!("{}: {} is left to you: {why}", real.display(), finding.code));
            }
            return Ok(false);
        }
        if fs::metadata(&real).is_ok_and(|about| about.permissions().readonly()) {
            self.context.ui.warn(format!("{} is read-only and stays as it is", real.display()));
            return Ok(false);
        }
        replace(&real, &text)?;
        let line = finding.place.as_ref().map_or(1, |place| place.start().0);
        self.context.ui.note(format!("Corrected {}:{line}: {}", real.display(), finding.code));
        Ok(true)
    }

    /// True where the change takes the finding away, and brings none that counts.
    fn helps(&self, finding: &Finding, before: &[Finding], after: &[Finding]) -> bool {
        let same = |findings: &[Finding]| findings.iter().filter(|other| key(other) == key(finding)).count();
        let level = self.context.settings.check.level;
        let counted = |findings: &[Finding]| findings.iter().filter(|finding| finding.level >= level).count();
        same(after) < same(before) && counted(after) <= counted(before)
    }

    /// What the revision led to before anything was changed.
    async fn led_to(&mut self, revision: &str, server: &mut Server<'_>) -> anyhow::Result<Option<Schema>> {
        if let Some(known) = self.schemas.get(revision) {
            return Ok(known.clone());
        }
        let after = server.get().await?.around(&self.graph, revision).await?.map(|(_, after)| after);
        if after.is_none() {
            self.context.ui.warn(format!("revision {revision} is not corrected: it does not run, so a change of it cannot be tried"));
        }
        self.schemas.insert(revision.to_owned(), after.clone());
        Ok(after)
    }

    /// True where the revision, as the copy has it, leads to this schema.
    async fn leads_to(&self, revision: &str, wanted: &Schema, server: &mut Server<'_>) -> anyhow::Result<bool> {
        let scratch = server.get().await?;
        let Some((_, after)) = scratch.around(&self.graph, revision).await? else { return Ok(false) };
        Ok(same(scratch, &after, wanted).await?.is_empty())
    }

    /// The script with the change made; `None` where it cannot be made here.
    async fn changed(&self, finding: &Finding, script: &ReadScript, server: &mut Server<'_>) -> anyhow::Result<Option<String>> {
        let Some(fix) = &finding.fix else { return Ok(None) };
        let Fix::Gentle { statement } = fix else { return Ok(fix.apply(script)) };
        let Some(sql) = server.get().await?.gentlest(&self.graph, &script.revision, *statement).await? else { return Ok(None) };
        let Some(old) = script.statements.iter().find(|it| it.offset == *statement) else { return Ok(None) };
        let text = &script.source.text;
        Ok(Some(format!("{}{sql}{}", &text[..old.offset], &text[old.offset + old.text.len()..])))
    }
}

fn is_change(finding: &Finding) -> bool {
    matches!(finding.fix, Some(Fix::Insert { .. } | Fix::ValidateApart { .. } | Fix::Gentle { .. }))
}

fn key(finding: &Finding) -> (String, String) {
    (finding.code.to_owned(), finding.place.as_ref().map(|place| place.source.path.clone()).unwrap_or_default())
}

/// Puts a text in the place of a file, with the line ends and the rights of the one that is there: whole or not at all.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    // A link stays one.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::read_to_string(path).unwrap_or_default();
    let mark = if old.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let has_carriage_returns = old.contains("\r\n") && !old.replace("\r\n", "").contains('\n');
    let text = if has_carriage_returns { text.replace('\n', "\r\n") } else { text.to_owned() };
    let passing = path.with_extension("sql.new");
    fs::write(&passing, format!("{mark}{text}")).with_context(|| format!("cannot write {}", passing.display()))?;
    if let Ok(about) = fs::metadata(path) {
        let _ = fs::set_permissions(&passing, about.permissions());
    }
    fs::rename(&passing, path).with_context(|| format!("cannot write {}", path.display()))
}

//! `check --fix`: corrects in the files what can be corrected without a thought, and says what it did.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::commands::check::Found;
use super::context::Context;
use crate::check::{Finding, Fix, Levels, ReadScript, Sizes, apply_allows, judge_revisions};
use crate::dialect::{Access, Session};
use crate::generate::{NewRevision, way_back};
use crate::migration::pair_paths;
use crate::scratch::Scratch;

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
    open: Option<(Session, Scratch)>,
}

impl Server<'_> {
    async fn get(&mut self) -> anyhow::Result<&mut (Session, Scratch)> {
        if self.open.is_none() {
            let mut session = self.context.connect(Access::ReadOnly).await?;
            let scratch = self.context.scratch(Some(&mut session)).await?;
            self.open = Some((session, scratch));
        }
        self.open.as_mut().context("a connection was just opened")
    }

    async fn close(self) {
        if let Some((session, scratch)) = self.open {
            scratch.close().await;
            session.close().await;
        }
    }
}

async fn write_downs(context: &Context, found: &Found, server: &mut Server<'_>) -> anyhow::Result<()> {
    for finding in &found.findings {
        let Some(Fix::WriteDown { revision }) = &finding.fix else { continue };
        let Some(of) = found.graph.get(revision) else { continue };
        let (session, scratch) = server.get().await?;
        let Some((before, after)) = scratch.around(&found.graph, revision).await? else { continue };
        let style = context.style(session).await?;
        let new = NewRevision { revision, parents: &of.parents, message: &of.message, is_baseline: false, style, verify: true };
        match way_back(scratch, &before, &after, &new).await {
            Ok(text) => {
                let name = of.up_path.file_name().unwrap_or_default().to_string_lossy().replace(".up.sql", ".down.sql");
                let path = of.up_path.with_file_name(name);
                let path = if path == of.up_path { pair_paths(&found.graph.directory, revision, &of.message).down } else { path };
                replace(&path, &text)?;
                context.ui.note(format!("Wrote {}", path.display()));
            }
            Err(error) => context.ui.warn(format!("no down script was written for {revision}: {error:#}")),
        }
    }
    Ok(())
}

async fn change_scripts(context: &Context, found: &Found, server: &mut Server<'_>) -> anyhow::Result<()> {
    let levels = Levels::new(context.settings.check.clone());
    let Some(news) = &found.news else {
        if found.findings.iter().any(is_change) {
            context.ui.warn("no script is changed, as nobody says which revisions no database has run yet: pass --since REV, --since main or --live");
        }
        return Ok(());
    };
    let kind = context.settings.database_url()?.kind();
    let mut given_up = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let (scripts, findings) = judge_revisions(&found.graph, news, kind, found.version, &levels, &Sizes::default())?;
        let findings = apply_allows(findings, &scripts, &levels, false);
        let next = findings.iter().filter(|finding| is_change(finding)).find(|finding| !given_up.contains(&key(finding)));
        let Some(finding) = next else { return Ok(()) };
        let script = finding.place.as_ref().and_then(|place| scripts.iter().find(|script| script.source.path == place.source.path));
        let text = match script {
            Some(script) => changed(finding, script, found, server).await?,
            None => None,
        };
        match (text, script) {
            (Some(text), Some(script)) if text != script.source.text => {
                replace(Path::new(&script.source.path), &text)?;
                let line = finding.place.as_ref().map_or(1, |place| place.start().0);
                context.ui.note(format!("Corrected {}:{line}: {}", script.source.path, finding.code));
            }
            _ => {
                given_up.insert(key(finding));
            }
        }
    }
    Ok(())
}

fn is_change(finding: &Finding) -> bool {
    matches!(finding.fix, Some(Fix::Insert { .. } | Fix::ValidateApart { .. } | Fix::Gentle { .. }))
}

fn key(finding: &Finding) -> (String, String, usize) {
    let place = finding.place.as_ref();
    (finding.code.to_owned(), place.map(|place| place.source.path.clone()).unwrap_or_default(), place.map_or(0, |place| place.span.start))
}

/// The script with the change made.
async fn changed(finding: &Finding, script: &ReadScript, found: &Found, server: &mut Server<'_>) -> anyhow::Result<Option<String>> {
    let Some(fix) = &finding.fix else { return Ok(None) };
    let Fix::Gentle { statement } = fix else { return Ok(fix.apply(script)) };
    let (_, scratch) = server.get().await?;
    let Some(sql) = scratch.gentlest(&found.graph, &script.revision, *statement).await? else { return Ok(None) };
    let Some(old) = script.statements.iter().find(|it| it.offset == *statement) else { return Ok(None) };
    let text = &script.source.text;
    Ok(Some(format!("{}{sql}{}", &text[..old.offset], &text[old.offset + old.text.len()..])))
}

/// Puts a file in the place of the one that is there, with its line ends: whole or not at all.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let has_carriage_returns = fs::read_to_string(path).is_ok_and(|old| old.contains("\r\n"));
    let text = if has_carriage_returns { text.replace('\n', "\r\n") } else { text.to_owned() };
    let passing = path.with_extension("sql.new");
    fs::write(&passing, text).with_context(|| format!("cannot write {}", passing.display()))?;
    fs::rename(&passing, path).with_context(|| format!("cannot write {}", path.display()))
}

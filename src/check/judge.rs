//! Asks the rules about scripts, one statement after the other.

use super::catalog::Catalog;
use super::finding::{Finding, Level, Place};
use super::levels::Levels;
use super::rule::{Found, Rule};
use super::rules::RULES;
use super::scene::{ReadScript, Scene, Sizes};
use crate::dialect::Kind;
use crate::plan::Direction;

/// The rules, and what they know so far.
pub struct Judge<'a> {
    kind: Kind,
    version: u32,
    levels: &'a Levels,
    sizes: &'a Sizes,
    catalog: Catalog,
}

impl<'a> Judge<'a> {
    pub fn new(kind: Kind, version: u32, levels: &'a Levels, sizes: &'a Sizes) -> Self {
        Self { kind, version, levels, sizes, catalog: Catalog::new(kind) }
    }

    /// Takes note of what an up script makes, without a judgement.
    pub fn learn(&mut self, script: &ReadScript) {
        self.catalog.begin_script();
        script.actions().for_each(|(_, action)| self.catalog.apply(action));
    }

    /// What the rules find in an up script; afterwards it counts as run.
    pub fn judge(&mut self, script: &ReadScript) -> Vec<Finding> {
        let mut catalog = std::mem::replace(&mut self.catalog, Catalog::new(self.kind));
        let found = self.judge_with(script, &mut catalog);
        self.catalog = catalog;
        found
    }

    /// What the rules find in the down script of the revision that was judged last.
    pub fn judge_down(&self, script: &ReadScript) -> Vec<Finding> {
        self.judge_with(script, &mut self.catalog.clone())
    }

    fn judge_with(&self, script: &ReadScript, catalog: &mut Catalog) -> Vec<Finding> {
        let path = script.source.path.as_str();
        let asked: Vec<(&Rule, Level)> = RULES
            .iter()
            .filter(|rule| rule.engines.contains(&self.kind) && (script.direction == Direction::Up || rule.judges_down))
            .map(|rule| (*rule, self.levels.of(rule.code, rule.level, Some(path))))
            .filter(|(_, level)| *level != Level::Off)
            .collect();
        let mut findings = Vec::new();
        catalog.begin_script();
        for at in 0..script.statements.len() {
            let scene = Scene { kind: self.kind, version: self.version, script, at, catalog, sizes: self.sizes, settings: self.levels.settings() };
            for (rule, level) in &asked {
                findings.extend(self.ask(rule, *level, &scene));
            }
            script.statements[at].reading.acts.iter().for_each(|act| catalog.apply(&act.action));
        }
        findings
    }

    fn ask(&self, rule: &Rule, level: Level, scene: &Scene<'_>) -> Vec<Finding> {
        let mut found = Found::new(scene, rule);
        (rule.judge)(scene, &mut found);
        let finding = |draft: super::rule::Draft| {
            let rows = draft.about.as_ref().and_then(|table| scene.rows(table));
            let is_small = rule.is_about_size && rows.is_some_and(|rows| rows < self.levels.small_table());
            let most = draft.at_most.unwrap_or(Level::Error).min(if is_small { Level::Note } else { Level::Error });
            let message = match (rows, is_small) {
                (Some(rows), true) => format!("{} (about {rows} rows: small)", draft.message),
                (Some(rows), false) if rule.is_about_size => format!("{} (about {rows} rows)", draft.message),
                _ => draft.message,
            };
            Finding {
                code: rule.code,
                level: level.min(most),
                message,
                help: Some(draft.help),
                detail: None,
                place: Some(Place { source: scene.script.source.clone(), span: draft.span }),
                fix: draft.fix,
            }
        };
        found.drafts.into_iter().map(finding).collect()
    }
}

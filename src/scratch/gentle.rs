//! How a change is made so that it keeps others waiting least: the server is asked, in scratch, which forms it takes.

use std::collections::BTreeSet;

use super::Scratch;
use crate::dialect::GentleForm;
use crate::model::Schema;
use crate::plan::{Plan, Slow};

impl Scratch {
    /// Writes each statement of the plan in the first of its forms that the server takes, and notes what takes long. What is said of the
    /// tables in `new`, which nobody uses yet, stays as it is.
    ///
    /// A statement that the server refuses in every form is left: the proof will say so.
    ///
    /// # Errors
    /// Where the scratch fails, or the server cannot build `from`.
    pub async fn make_gentle(&mut self, from: &Schema, plan: &mut Plan, new: &BTreeSet<String>) -> anyhow::Result<()> {
        let dialect = self.dialect();
        let statements = plan.steps.iter().flat_map(|step| &step.statements);
        let all: Vec<Vec<GentleForm>> = statements.map(|statement| dialect.gentle_forms(&statement.sql)).collect();
        if all.iter().all(Vec::is_empty) {
            return Ok(());
        }
        self.reset().await?;
        self.build_for(from, plan).await?;
        for statement in &plan.prologue {
            self.session.run(statement).await?;
        }
        'steps: for (statement, forms) in plan.steps.iter_mut().flat_map(|step| &mut step.statements).zip(all) {
            let is_new = |form: &GentleForm| form.slow.as_ref().is_some_and(|(table, _)| new.contains(table));
            if forms.is_empty() || forms.iter().any(is_new) {
                if self.run_muted(&statement.sql).await.is_err() {
                    break;
                }
                continue;
            }
            for form in forms {
                if self.session.run(&form.sql).await.is_ok() {
                    statement.sql = form.sql;
                    let slow = form.slow.map(|(table, what)| Slow { table, what: what.to_owned() });
                    plan.slow.extend(slow.filter(|slow| !plan.slow.contains(slow)));
                    continue 'steps;
                }
            }
            break;
        }
        self.reset().await
    }
}

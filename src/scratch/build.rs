//! Schemas and plans run in the scratch, and which of their statements the server refuses.

use super::{Place, Scratch};
use crate::UserError;
use crate::dialect::Context;
use crate::diff::{Changes, diff};
use crate::model::Schema;
use crate::plan::{Direction, Plan, Step};

impl Scratch {
    /// Runs the statements that make `schema` out of nothing, in the open transaction.
    pub(super) async fn build(&mut self, schema: &Schema) -> anyhow::Result<()> {
        self.refuse_namespaces(schema)?;
        let empty = Schema::default();
        let changes: Changes = diff(&empty, schema);
        let context = Context { from: &empty, to: schema, direction: Direction::Up, style: self.style() };
        let plan = self.dialect().plan(&changes, &context).map_err(|refusal| UserError::new(refusal.message).with_help(refusal.help))?;
        if let Some(lenient) = self.dialect().lenient() {
            self.session.run(lenient).await?;
        }
        if self.run_at_once(&plan).await? {
            return Ok(());
        }
        self.run_as_it_goes(plan.steps).await
    }

    /// Builds `schema` in the empty scratch, to stay until [`Scratch::reset`].
    pub(crate) async fn build_for_good(&mut self, schema: &Schema) -> anyhow::Result<()> {
        if matches!(self.place, Place::Transaction) || !self.dialect().has_transactional_ddl() {
            return self.build(schema).await;
        }
        self.session.run("BEGIN").await?;
        self.build(schema).await?;
        self.session.run("COMMIT").await?;
        Ok(())
    }

    /// Runs a plan inside the transaction; where that fails, step by step, to learn which step it was.
    pub(super) async fn run_plan(&mut self, plan: &Plan) -> anyhow::Result<()> {
        if self.run_at_once(plan).await? {
            return Ok(());
        }
        for step in &plan.steps {
            if let Err(refused) = self.run_step(step).await? {
                return Err(refused.into());
            }
        }
        Ok(())
    }

    /// Runs a plan in one go. False where a statement failed; nothing of it is left then.
    async fn run_at_once(&mut self, plan: &Plan) -> anyhow::Result<bool> {
        let all: Vec<&str> = plan.steps.iter().flat_map(|step| step.statements.iter().map(|s| s.sql.as_str())).collect();
        if all.is_empty() {
            return Ok(true);
        }
        if !self.dialect().has_transactional_ddl() {
            // What a part of it did would stay.
            return Ok(false);
        }
        self.attempt(&all.join(";\n")).await.map(|result| result.is_ok())
    }

    /// Runs the steps in the order in which they can be run: what a schema that nobody has built yet stands on is not known, so a step that
    /// fails is tried again once others are done. What the live database has besides comes in where nothing else helps.
    async fn run_as_it_goes(&mut self, steps: Vec<Step>) -> anyhow::Result<()> {
        let mut left = steps;
        let mut prelude = match &self.place {
            Place::Database(database) => database.prelude().to_vec(),
            Place::Memory | Place::Transaction | Place::Emptied(_) => Vec::new(),
        };
        loop {
            let before = left.len();
            let (mut failed, mut first) = (Vec::new(), None);
            for step in left {
                if let Err(refused) = self.run_step(&step).await? {
                    first.get_or_insert(refused);
                    failed.push(step);
                }
            }
            let Some(refused) = first else { return Ok(()) };
            if failed.len() == before {
                if prelude.is_empty() {
                    return Err(refused.into());
                }
                for statement in std::mem::take(&mut prelude) {
                    // What cannot be made is missed only where something calls it.
                    let _ = self.attempt(&statement).await?;
                }
            }
            left = failed;
        }
    }

    /// Runs the statements of a step, or none of them.
    async fn run_step(&mut self, step: &Step) -> anyhow::Result<Result<(), UserError>> {
        let all: Vec<&str> = step.statements.iter().map(|statement| statement.sql.as_str()).collect();
        if !self.dialect().has_transactional_ddl() {
            for sql in all {
                if let Err(error) = self.attempt(sql).await? {
                    return Ok(Err(self.refused(step, &error, sql)));
                }
            }
            return Ok(Ok(()));
        }
        let Err(mut error) = self.attempt(&all.join(";\n")).await? else { return Ok(Ok(())) };
        let mut refused = all.first().copied().unwrap_or_default();
        if all.len() > 1 {
            // Which one was it?
            self.session.run("SAVEPOINT dbtool_step").await?;
            for sql in &all {
                if let Err(found) = self.attempt(sql).await? {
                    (error, refused) = (found, sql);
                    break;
                }
            }
            self.session.run("ROLLBACK TO SAVEPOINT dbtool_step").await?;
        }
        Ok(Err(self.refused(step, &error, refused)))
    }

    fn refused(&self, step: &Step, error: &sqlx::Error, sql: &str) -> UserError {
        let said = crate::run::server_words(error);
        let message = format!("{} refuses to {}: {said}", self.dialect().title(), step.title);
        UserError::new(message).with_help(format!("the statement was:\n{sql}"))
    }

    /// Runs a statement, and starts nothing by it.
    pub(crate) async fn run_muted(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        match self.dialect().mute(sql) {
            Some(muted) => self.session.run(&muted).await,
            None => self.session.run(sql).await,
        }
    }

    /// A statement about a savepoint, where the engine's savepoints hold what is done in scratch.
    pub(super) async fn savepoint(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        if self.dialect().has_transactional_ddl() {
            self.session.run(sql).await?;
        }
        Ok(())
    }

    /// Runs what may fail: then the transaction is as it was before.
    pub(super) async fn attempt(&mut self, sql: &str) -> anyhow::Result<Result<(), sqlx::Error>> {
        if !self.dialect().is_one_statement(sql) {
            return Err(several(sql).into());
        }
        self.savepoint("SAVEPOINT dbtool_attempt").await?;
        let result = self.run_muted(sql).await;
        if result.is_err() {
            self.savepoint("ROLLBACK TO SAVEPOINT dbtool_attempt").await?;
        }
        self.savepoint("RELEASE SAVEPOINT dbtool_attempt").await?;
        Ok(result.map(|_| ()))
    }
}

/// What stands in the place of one statement and is more.
pub(crate) fn several(sql: &str) -> UserError {
    UserError::new("schema.toml brings a second statement along where one part of a statement belongs").with_help(format!(
        "take the `;` and what stands behind it out; a body of several statements stands between BEGIN and END. The text was:\n{sql}"
    ))
}

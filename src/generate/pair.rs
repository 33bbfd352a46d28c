//! The two files of a revision.

use super::looks::understood;
use crate::UserError;
use crate::dialect::Dialect;
use crate::diff::{TableEdit, diff};
use crate::migration::{Heading, allow_comment, render};
use crate::model::{Name, ObjectKind, Schema};
use crate::plan::{Direction, Fixups, Look, Plan, Refusal, Statement, Step, Style, fixups};
use crate::scratch::{Comparison, Scratch, Unproven, compare, prove, several};

/// What is to be written.
#[derive(Debug, Clone)]
pub struct NewRevision<'a> {
    pub revision: &'a str,
    pub parents: &'a [String],
    pub message: &'a str,
    /// True for the revision that stands for a database adopted as it was. Where its way back would have to drop what dbtool does not
    /// manage, it is left out, and `downgrade` says so.
    pub is_baseline: bool,
    pub style: Style,
    /// False leaves out the proof in scratch, and the files say so.
    pub verify: bool,
}

/// The texts of up.sql and down.sql.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub up: String,
    pub down: String,
}

/// What the down script of a baseline says that would have to drop what is not dbtool's.
const NO_WAY_BACK: &str = "There is no way back: it would drop objects that dbtool does not manage.";

/// Plans both ways, writes them as text, and proves them in scratch.
///
/// # Errors
/// A change that would lose something, or a plan that does not lead where it should.
pub async fn pair(scratch: &mut Scratch, live: &Schema, up: &Comparison, found: Fixups, new: &NewRevision<'_>) -> anyhow::Result<Pair> {
    let dialect = scratch.dialect();
    let mut up_plan = complete(up.plan(Direction::Up, new.style, scratch).map_err(refused)?, found, scratch, live).await?;
    gentle(scratch, live, up, &mut up_plan, new).await?;
    let down = back(scratch, live, up).await?;
    let mut down_found = fixups(&down.changes, &down.context(Direction::Down, new.style), dialect, true);
    let down_plan = match down.plan(Direction::Down, new.style, scratch) {
        Ok(mut plan) => {
            if new.is_baseline {
                plan.looks = adopted_rows(&up.to, dialect);
                down_found = Fixups::default();
            }
            let mut plan = complete(plan, down_found, scratch, &up.to).await?;
            gentle(scratch, &up.to, &down, &mut plan, new).await?;
            Some(plan)
        }
        Err(_) if new.is_baseline => None,
        Err(refusal) => return Err(refused(refusal).into()),
    };
    let notes = if new.verify { Vec::new() } else { vec!["Not proven: written with --no-verify.".to_owned()] };
    let heading = Heading { revision: new.revision, parents: new.parents, message: new.message, notes: &notes };
    let left_out = Plan { notes: vec![NO_WAY_BACK.to_owned()], ..Plan::default() };
    let mut pair = Pair { up: render(&heading, &up_plan, dialect), down: render(&heading, down_plan.as_ref().unwrap_or(&left_out), dialect) };
    if down_plan.is_none() {
        pair.down.push_str(&allow_comment("down-differs", "there is no way back"));
    }
    if new.verify {
        prove(scratch, live, &up.to, &pair.up, down_plan.as_ref().map(|_| pair.down.as_str())).await.map_err(|error| unproven(error, &pair))?;
    }
    Ok(pair)
}

/// The down script of a revision that has none: what leads from `after` to `before`, proven in scratch.
///
/// # Errors
/// As [`pair`].
pub async fn way_back(scratch: &mut Scratch, before: &Schema, after: &Schema, new: &NewRevision<'_>) -> anyhow::Result<String> {
    let dialect = scratch.dialect();
    let down = Comparison { from: after.clone(), to: before.clone(), changes: diff(after, before) };
    let found = fixups(&down.changes, &down.context(Direction::Down, new.style), dialect, true);
    let mut plan = complete(down.plan(Direction::Down, new.style, scratch).map_err(refused)?, found, scratch, after).await?;
    gentle(scratch, after, &down, &mut plan, new).await?;
    let text = render(&Heading { revision: new.revision, parents: new.parents, message: new.message, notes: &[] }, &plan, dialect);
    prove(scratch, after, before, &text, None).await.map_err(|error| unproven(error, &Pair { up: text.clone(), down: text.clone() }))?;
    Ok(text)
}

/// Writes the statements for tables in use in the form that keeps others waiting least. Without a proof there is no scratch to ask in.
async fn gentle(scratch: &mut Scratch, from: &Schema, way: &Comparison, plan: &mut Plan, new: &NewRevision<'_>) -> anyhow::Result<()> {
    if !new.verify || !new.style.online {
        return Ok(());
    }
    let created = way.changes.tables.iter().filter(|(_, edit)| matches!(edit, TableEdit::Create(_)));
    let created = created.map(|(name, _)| scratch.dialect().name(name)).collect();
    scratch.make_gentle(from, plan, &created).await
}

/// The tables of an adopted database were there before dbtool, and so were their rows: the way back takes tables away only once they are empty.
fn adopted_rows(schema: &Schema, dialect: &dyn Dialect) -> Vec<Look> {
    let look = |name: &Name| Look {
        message: format!("{name} was there before dbtool, and taking the baseline back would drop it with its rows"),
        query: format!("SELECT * FROM {} LIMIT 1", dialect.name(name)),
        silent: true,
    };
    let virtual_tables = schema.of_kind(ObjectKind::VirtualTable).map(|(id, _)| &id.name);
    schema.tables.keys().chain(virtual_tables).map(look).collect()
}

/// The way back. Without renames both schemas are in the server's spelling and in each other's names already.
async fn back(scratch: &mut Scratch, live: &Schema, up: &Comparison) -> anyhow::Result<Comparison> {
    if up.changes.renames.is_empty() {
        return Ok(Comparison { from: up.to.clone(), to: up.from.clone(), changes: diff(&up.to, &up.from) });
    }
    compare(scratch, &up.to, live, up.changes.renames.reversed()).await
}

async fn complete(mut plan: Plan, found: Fixups, scratch: &mut Scratch, schema: &Schema) -> anyhow::Result<Plan> {
    let looks: Vec<Look> = std::mem::take(&mut plan.looks).into_iter().chain(found.looks).collect();
    let statements = plan.steps.iter().flat_map(|step| step.statements.iter().map(|statement| statement.sql.as_str()));
    let mut all = statements.chain(looks.iter().map(|look| look.query.as_str()));
    if let Some(sql) = all.find(|sql| !scratch.dialect().is_one_statement(sql)) {
        return Err(several(sql).into());
    }
    plan.looks = understood(scratch, schema, looks).await?;
    let asserted: Vec<Statement> = plan.looks.iter().filter(|look| look.silent).flat_map(|look| scratch.dialect().assertion(look)).collect();
    if !asserted.is_empty() {
        plan.steps.insert(0, Step::new("no row is changed silently", asserted));
    }
    plan.notes.splice(0..0, found.notes);
    Ok(plan)
}

fn refused(refusal: Refusal) -> UserError {
    UserError::new(refusal.message).with_help(refusal.help)
}

/// How many lines of a script that failed its proof are shown.
const SHOWN: usize = 60;

/// A plan that fails its proof is an error with the script shown, never a file.
fn unproven(error: anyhow::Error, pair: &Pair) -> anyhow::Error {
    match error.downcast::<Unproven>() {
        Ok(unproven) => {
            let text = if unproven.script == "up" { &pair.up } else { &pair.down };
            let mut shown: Vec<&str> = text.lines().take(SHOWN).collect();
            if text.lines().count() > SHOWN {
                shown.push("-- ... (`dbtool migrate --no-verify` writes all of it)");
            }
            let help = "nothing was written. Make the change in smaller steps, or by hand (dbtool revision -m ...). The script was:";
            UserError::new(unproven.to_string()).with_help(format!("{help}\n{}", shown.join("\n"))).into()
        }
        Err(error) => error,
    }
}

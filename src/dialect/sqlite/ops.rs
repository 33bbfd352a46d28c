//! Changes into SQLite's statements: plain ALTERs where the engine has them, one rebuild of a table for everything else.
//!
//! Source of the rules: <https://www.sqlite.org/lang_altertable.html>.

use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, TableEdit};
use crate::model::{Name, Schema, Table};
use crate::plan::{Look, Plan, Refusal, Slow, Statement, Step, raw_steps, statements_of};

use super::remake::Remade;
use super::{Sqlite, alter, combine, guard, hold, notes, rebuild, render, virtual_tables};

/// The statements that make `changes`.
pub fn plan(changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
    hold::refuse(changes, context)?;
    virtual_tables::refuse(changes)?;
    let mut plan = Plan::default();
    let mut taken_away = false;
    let remade = Remade::of(changes, context);
    let (gone, new) = raw_steps(changes, |text| statements_of(text, &Sqlite));
    plan.steps.extend(gone.into_iter().map(|(_, step)| step));
    plan.steps.extend(remade.drops(changes));
    plan.steps.extend(virtual_tables::drops(changes));
    plan.notes.extend(virtual_tables::notes(changes, context.direction));
    let moved = moved_indexes(changes, context);
    plan.steps.extend(moved.iter().map(|index| Step::of(format!("drop index {index}"), [format!("DROP INDEX {}", Sqlite.quote(index))])));
    plan.steps.extend(renames(changes));
    let renamed = plan.steps.len();
    for (name, edit) in &changes.tables {
        if let TableEdit::Create(table) = edit {
            plan.steps.push(create_table(name, table));
        }
    }
    plan.steps.extend(virtual_tables::creates(changes));
    for (name, edit) in &changes.tables {
        if let TableEdit::Alter(alter) = edit {
            let native = alter::native(name, alter, context, &moved);
            let rebuilt = native.is_none();
            combine::refuse(name, alter, context, rebuilt)?;
            if rebuilt {
                hold::refuse_rebuild(name, &alter.from, context)?;
                let table = Sqlite.name(changes.renames.old_table(name));
                plan.slow.push(Slow { table, what: "writes every row into a new table, and nobody else can write meanwhile".to_owned() });
                taken_away = true;
            }
            let triggers = remade.left_to_rebuild(name, changes, context);
            plan.steps.extend(native.unwrap_or_else(|| vec![rebuild::rebuild(name, alter, context, &triggers)]));
            plan.notes.extend(notes::notes(name, alter, changes, context, rebuilt));
        }
    }
    for (name, edit) in &changes.tables {
        if let TableEdit::Drop(_) = edit {
            taken_away = true;
            plan.steps.push(Step::of(format!("drop {name}"), [format!("DROP TABLE {}", Sqlite.name(name))]));
        }
    }
    plan.steps.extend(remade.creates(changes));
    plan.steps.extend(new.into_iter().map(|(_, step)| step));
    if taken_away {
        guard::suspend_foreign_keys(&mut plan, context.from, context.to, renamed);
    } else {
        guard::check_foreign_keys(&mut plan);
        if context.style.online {
            plan.steps.iter_mut().filter(|step| step.fills()).for_each(|step| step.alone = true);
        }
    }
    Ok(plan)
}

/// Indexes whose name goes from one table to another: all indexes share one space of names, so the old one has to go first.
fn moved_indexes(changes: &Changes, context: &Context<'_>) -> Vec<String> {
    let owner =
        |schema: &Schema, index: &str| schema.tables.iter().find(|(_, table)| table.indexes.contains_key(index)).map(|(name, _)| name.clone());
    let gone = changes.tables.iter().flat_map(|(name, edit)| {
        let before = match edit {
            TableEdit::Drop(table) => Some(table),
            TableEdit::Alter(alter) => Some(&alter.from),
            TableEdit::Create(_) => None,
        };
        before.into_iter().flat_map(|table| table.indexes.keys()).map(move |index| (name, index))
    });
    let moved = gone.filter(|(name, index)| owner(context.to, index).is_some_and(|owner| owner != **name));
    moved.map(|(_, index)| index.clone()).collect()
}

fn create_table(name: &Name, table: &Table) -> Step {
    let mut statements = vec![render::create_table(name, table)];
    statements.extend(table.indexes.iter().map(|(index_name, index)| render::create_index(name, index_name, index)));
    Step::of(format!("create {name}"), statements)
}

/// Renames, which SQLite carries into views, triggers and foreign keys by itself (3.25 and 3.26). A change of case alone needs a detour:
/// the engine takes the new name for one that exists.
fn renames(changes: &Changes) -> Vec<Step> {
    let rename = |from: &str, to: &str| format!("ALTER TABLE {} RENAME TO {}", Sqlite.quote(from), Sqlite.quote(to));
    let tables = changes.renames.tables.iter().map(|(from, to)| {
        let statements = if from.name.eq_ignore_ascii_case(&to.name) {
            let detour = format!("dbtool_new_{}", to.name);
            vec![rename(&from.name, &detour), rename(&detour, &to.name)]
        } else {
            vec![rename(&from.name, &to.name)]
        };
        Step::of(format!("rename {from} to {to}"), statements)
    });
    let columns = changes.renames.columns.iter().map(|(table, from, to)| {
        let sql = format!("ALTER TABLE {} RENAME COLUMN {} TO {}", Sqlite.name(table), Sqlite.quote(from), Sqlite.quote(to));
        Step::of(format!("rename {table}.{from} to {to}"), [sql])
    });
    tables.chain(columns).collect()
}

/// SQLite has no statement that raises an error outside a trigger: a CHECK that carries the message does it.
pub fn assertion(look: &Look) -> Vec<Statement> {
    let table = format!("CREATE TEMP TABLE dbtool_silent (holds INTEGER CONSTRAINT {} CHECK (holds))", Sqlite.quote(&look.message));
    let insert = format!("INSERT INTO dbtool_silent SELECT NOT EXISTS ({})", look.query);
    [table, insert, "DROP TABLE temp.dbtool_silent".to_owned()].map(Statement::new).to_vec()
}

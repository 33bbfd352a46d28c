//! Changes into SQLite's statements: plain ALTERs where the engine has them, one rebuild of a table for everything else.
//!
//! Source of the rules: <https://www.sqlite.org/lang_altertable.html>.

use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit, TableAlter, TableEdit};
use crate::model::{Name, Schema, Table};
use crate::plan::{Look, Plan, Refusal, Statement, Step};

use super::{Sqlite, alter, rebuild, render};

/// The statements that make `changes`.
pub fn plan(changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    let mut taken_away = false;
    plan.steps.extend(drop_views_and_triggers(changes));
    let moved = moved_indexes(changes, context);
    plan.steps.extend(moved.iter().map(|index| Step::of(format!("drop index {index}"), [format!("DROP INDEX {}", Sqlite.quote(index))])));
    plan.steps.extend(renames(changes));
    for (name, edit) in &changes.tables {
        if let TableEdit::Create(table) = edit {
            plan.steps.push(create_table(name, table));
        }
    }
    for (name, edit) in &changes.tables {
        if let TableEdit::Alter(alter) = edit {
            match alter::native(name, alter, context, &moved) {
                Some(steps) => plan.steps.extend(steps),
                None => {
                    refuse_unmodelled(name, &alter.from)?;
                    taken_away = true;
                    plan.steps.extend(rebuild::rebuild(name, alter, context, changes));
                }
            }
            plan.notes.extend(lost_to_expression(name, alter));
        }
    }
    for (name, edit) in &changes.tables {
        if let TableEdit::Drop(table) = edit {
            refuse_unmodelled(name, table)?;
            taken_away = true;
            plan.steps.push(Step::of(format!("drop {name}"), [format!("DROP TABLE {}", Sqlite.name(name))]));
        }
    }
    plan.steps.extend(create_views_and_triggers(changes));
    if taken_away {
        guard_foreign_keys(&mut plan, context.to);
    } else if plan.steps.iter().any(|step| step.statements.iter().any(|statement| statement.backfill.is_some())) {
        // The sqlite3 shell leaves foreign keys unchecked unless it is told otherwise; dbtool does not.
        plan.prologue.push("PRAGMA foreign_keys = ON".to_owned());
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

/// A table that says more than the model knows is neither rebuilt nor dropped.
fn refuse_unmodelled(name: &Name, table: &Table) -> Result<(), Refusal> {
    if table.unmodelled.is_empty() {
        return Ok(());
    }
    Err(Refusal {
        message: format!("table {name} cannot be rebuilt or dropped: it has {}, which dbtool does not manage", table.unmodelled.join(", ")),
        help: "write the change by hand in a revision of its own: dbtool revision -m ...".to_owned(),
    })
}

/// The notes for columns whose values give way to an expression.
fn lost_to_expression(name: &Name, alter: &TableAlter) -> Vec<String> {
    use crate::model::Fill;
    let computed = |fill: &Fill| matches!(fill, Fill::Generated { .. });
    let lost = alter
        .from
        .columns
        .iter()
        .filter(|(column, from)| alter.to.columns.get(*column).is_some_and(|to| computed(&to.fill) && !computed(&from.fill)));
    lost.map(|(column, _)| format!("Replaces the values of {name}.{column} by its expression: what it held is lost.")).collect()
}

pub(super) fn create_table(name: &Name, table: &Table) -> Step {
    let mut statements = vec![render::create_table(name, table)];
    statements.extend(table.indexes.iter().map(|(index_name, index)| render::create_index(name, index_name, index)));
    Step::of(format!("create {name}"), statements)
}

/// What changes or goes is dropped before the tables change under it.
fn drop_views_and_triggers(changes: &Changes) -> Vec<Step> {
    let gone =
        |verb: &'static str, word: &'static str, name: &Name| Step::of(format!("drop {word} {name}"), [format!("DROP {verb} {}", Sqlite.name(name))]);
    let triggers = changes.triggers.iter().filter(|(_, edit)| !matches!(edit, Edit::Create(_))).map(|(name, _)| gone("TRIGGER", "trigger", name));
    let views = changes.views.iter().filter(|(_, edit)| !matches!(edit, Edit::Create(_))).map(|(name, _)| gone("VIEW", "view", name));
    triggers.chain(views).collect()
}

fn create_views_and_triggers(changes: &Changes) -> Vec<Step> {
    let views = changes.views.iter().filter_map(|(name, edit)| match edit {
        Edit::Create(view) | Edit::Alter { to: view, .. } => Some(Step::of(format!("create view {name}"), [render::create_view(name, view)])),
        Edit::Drop(_) => None,
    });
    let triggers = changes.triggers.iter().filter_map(|(name, edit)| match edit {
        Edit::Create(trigger) | Edit::Alter { to: trigger, .. } => {
            Some(Step::of(format!("create trigger {name}"), [render::create_trigger(name, trigger)]))
        }
        Edit::Drop(_) => None,
    });
    views.chain(triggers).collect()
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

/// Switches foreign keys off around the transaction, since DROP TABLE would otherwise delete the rows that point at it, and asserts at
/// the end that no row points nowhere that did not before. PRAGMA foreign_keys does nothing inside a transaction.
fn guard_foreign_keys(plan: &mut Plan, to: &Schema) {
    plan.prologue.push("PRAGMA foreign_keys = OFF".to_owned());
    if to.tables.values().all(|table| table.foreign_keys.is_empty()) {
        return;
    }
    let check = violations(to);
    let before = format!("CREATE TEMP TABLE dbtool_violations AS SELECT ({check}) AS before");
    plan.steps.insert(0, Step::of("count rows that already point nowhere", [before]));
    let after = [
        "CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds))".to_owned(),
        format!("INSERT INTO dbtool_assert SELECT ({check}) <= (SELECT before FROM dbtool_violations)"),
        "DROP TABLE temp.dbtool_assert".to_owned(),
        "DROP TABLE temp.dbtool_violations".to_owned(),
    ];
    plan.steps.push(Step::new("foreign keys hold", after.map(Statement::new).to_vec()));
}

/// A query that counts the rows that point nowhere. The pragma fails as a whole where one foreign key points at columns that are no key,
/// which SQLite lets stand; then the tables whose keys are sound are looked at one by one.
fn violations(to: &Schema) -> String {
    let sound = |table: &Table| {
        table.foreign_keys.values().all(|key| {
            let target = to.table(&key.target, true);
            target.is_none_or(|target| {
                crate::diff::parts(target).iter().filter_map(|(_, part)| part.unique_columns()).any(|columns| {
                    columns.len() == key.target_columns.len() && columns.iter().all(|c| key.target_columns.iter().any(|t| t.eq_ignore_ascii_case(c)))
                })
            })
        })
    };
    if to.tables.values().all(sound) {
        return "SELECT count(*) FROM pragma_foreign_key_check".to_owned();
    }
    let with_keys = to.tables.iter().filter(|(_, table)| !table.foreign_keys.is_empty() && sound(table));
    let counts: Vec<String> =
        with_keys.map(|(name, _)| format!("(SELECT count(*) FROM pragma_foreign_key_check({}))", Sqlite.literal(&name.name))).collect();
    if counts.is_empty() { "SELECT 0".to_owned() } else { format!("SELECT {}", counts.join(" + ")) }
}

/// Fails with the look's message as the name of a constraint: SQLite has no other way to raise an error outside a trigger.
pub fn assertion(look: &Look) -> Vec<Statement> {
    let name = format!("\"{}\"", look.message.replace('"', "'"));
    [
        format!("CREATE TEMP TABLE dbtool_silent (holds INTEGER CONSTRAINT {name} CHECK (holds))"),
        format!("INSERT INTO dbtool_silent SELECT NOT EXISTS ({})", look.query),
        "DROP TABLE temp.dbtool_silent".to_owned(),
    ]
    .map(Statement::new)
    .to_vec()
}

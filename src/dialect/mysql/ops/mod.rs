//! Changes into the statements of MySQL and MariaDB.
//!
//! No statement that changes the schema can be taken back, and each commits what was before it, so each is a step of its own that a run
//! which was killed finds done or not done. The server keeps foreign keys from breaking and nothing else: what stands on what else is told
//! by the order of the stages below. <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>

mod column;
mod fill;
mod fixup;
mod forms;
mod keys;
mod objects;
mod options;
mod refuse;
mod rename;
mod sequences;
mod table;
mod zero_dates;

use std::collections::BTreeSet;

use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, TableAlter};
use crate::model::{Fill, Name, Table};
use crate::plan::{Look, Plan, Refusal, Slow, Statement, Step, raw_steps, statements_of};

use super::Mysql;
pub use forms::gentle_forms;
pub(super) use keys::starts_with;

/// The statements that make `changes`, in an order that the server takes.
pub fn plan(changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
    refuse::refuse(changes, context)?;
    let mut planner = Planner { changes, context, steps: Vec::new(), notes: Vec::new(), slow: Vec::new(), forced: BTreeSet::new() };
    planner.forced = planner.forced_keys();
    let (gone, new) = raw_steps(changes, |text| statements_of(text, &Mysql));
    planner.steps.extend(gone.into_iter().map(|(_, step)| step.alone()));
    planner.renames();
    planner.drop_keys_and_checks();
    planner.make_sequences();
    let later = planner.create_tables();
    for (name, alter) in planner.alters() {
        planner.alter_table(name, alter)?;
    }
    planner.add_checks();
    planner.add_foreign_keys(&later);
    planner.objects()?;
    planner.drop_objects();
    planner.drop_columns();
    planner.drop_tables();
    planner.drop_sequences();
    planner.steps.extend(new.into_iter().map(|(_, step)| step.alone()));
    let prologue = planner.prologue();
    zero_dates::allow(&mut planner.steps, context);
    Ok(Plan { steps: planner.steps, notes: planner.notes, slow: planner.slow, prologue, ..Plan::default() })
}

struct Planner<'a> {
    changes: &'a Changes,
    context: &'a Context<'a>,
    steps: Vec<Step>,
    notes: Vec<String>,
    slow: Vec<Slow>,
    /// Foreign keys that stay as they are, but have to go while the columns or keys under them change.
    forced: BTreeSet<(Name, String)>,
}

impl<'a> Planner<'a> {
    fn version(&self) -> u32 {
        self.context.style.server_version
    }

    /// One statement that changes the schema, and so stands alone.
    fn alone(&mut self, title: impl Into<String>, sql: impl Into<String>) {
        self.steps.push(Step::of(short(title), [sql.into()]).alone());
    }

    /// The same, where an application of before the revision would notice it.
    fn contract(&mut self, title: impl Into<String>, sql: impl Into<String>) {
        let contract = self.context.style.online;
        self.steps.push(Step { contract, ..Step::of(short(title), [sql.into()]).alone() });
    }

    /// True where others may be using the table while the revision is applied.
    fn is_online(&self, table: &Name) -> bool {
        self.context.style.online && self.context.from.tables.contains_key(table)
    }

    fn table(&self, name: &Name) -> Option<&'a Table> {
        self.context.to.tables.get(name)
    }

    /// Settings for whoever runs the file by hand; dbtool's own sessions have them anyway.
    fn prologue(&self) -> Vec<String> {
        let mut settings = Vec::new();
        // A server may be told to read backslashes and double quotes in another way: https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html
        let reads_otherwise = self.steps.iter().flat_map(|step| &step.statements).any(|statement| statement.sql.contains(['\\', '"']));
        let mode = if reads_otherwise {
            "REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', ''), 'ANSI', '')"
        } else {
            "@@sql_mode"
        };
        let counts_anew = |(_, alter): (&Name, &TableAlter)| {
            let counts = |table: &Table, column: &str| matches!(table.columns.get(column).map(|shape| &shape.fill), Some(Fill::Identity(_)));
            alter.to.columns.keys().any(|column| counts(&alter.to, column) && alter.from.columns.contains_key(column) && !counts(&alter.from, column))
        };
        // A column that begins to count would give a new number to the row that has 0.
        let zero = if self.alters().any(counts_anew) { ",NO_AUTO_VALUE_ON_ZERO" } else { "" };
        if self.alters().next().is_some() {
            // Without it the server invents values where one does not fit: https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict
            settings.push(format!("SET SESSION sql_mode = CONCAT_WS(',', {mode}, 'STRICT_TRANS_TABLES{zero}')"));
        } else if reads_otherwise {
            settings.push(format!("SET SESSION sql_mode = {mode}"));
        }
        if self.alters().any(|(_, alter)| alter.from.options.system_versioning) {
            // What is changed is changed in the rows of before as well: https://mariadb.com/kb/en/system-versioned-tables/
            settings.push("SET SESSION system_versioning_alter_history = KEEP".to_owned());
        }
        settings
    }

    /// Says that a table that is there will be kept busy.
    fn slow(&mut self, table: &Name, what: impl Into<String>) {
        if self.is_online(table) {
            let old = self.changes.renames.old_table(table);
            self.slow.push(Slow { table: Mysql.name(old), what: what.into() });
        }
    }
}

/// A title that fits into the table of steps.
fn short(title: impl Into<String>) -> String {
    title.into().chars().take(300).collect()
}

/// Neither server has a statement that raises an error outside a routine: a CHECK that carries the message does it.
pub fn assertion(look: &Look) -> Vec<Statement> {
    // Names have 64 characters at most.
    let message: String = look.message.chars().take(64).collect();
    let table =
        format!("CREATE TEMPORARY TABLE dbtool_silent (holds int, CONSTRAINT {} CHECK (holds = 1))", super::quote::always(message.trim_end()));
    let insert = format!("INSERT INTO dbtool_silent SELECT NOT EXISTS ({})", look.query);
    [table, insert, "DROP TEMPORARY TABLE dbtool_silent".to_owned()].map(Statement::new).to_vec()
}

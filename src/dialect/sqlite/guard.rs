//! Foreign keys around a plan: off where a table is dropped, on where rows change, and no row that points nowhere more than before.

use super::Sqlite;
use crate::dialect::Dialect;
use crate::model::{Schema, Table};
use crate::plan::{Plan, Statement, Step};

/// The sqlite3 shell leaves foreign keys unchecked unless it is told otherwise; dbtool does not. A file that changes rows says it.
pub fn check_foreign_keys(plan: &mut Plan) {
    let changes_rows = |statement: &Statement| ["DELETE ", "UPDATE "].iter().any(|verb| statement.sql.starts_with(verb));
    if plan.steps.iter().any(|step| step.statements.iter().any(changes_rows)) {
        plan.prologue.push("PRAGMA foreign_keys = ON".to_owned());
    }
}

/// Switches foreign keys off around the transaction, since DROP TABLE would otherwise delete the rows that point at it, and asserts at
/// the end that no row points nowhere that did not before. PRAGMA foreign_keys does nothing inside a transaction. Rows are counted before
/// the step at `counted`, which is the first behind the renames: the names are compared.
pub fn suspend_foreign_keys(plan: &mut Plan, from: &Schema, to: &Schema, counted: usize) {
    plan.prologue.push("PRAGMA foreign_keys = OFF".to_owned());
    if to.tables.values().all(|table| table.foreign_keys.is_empty()) {
        return;
    }
    let dangling = dangling(from, to);
    let before = format!("CREATE TEMP TABLE dbtool_violations AS\n{dangling}");
    plan.steps.insert(counted, Step::of("count rows that already point nowhere", [before]));
    // Counted for each pair of tables, so that a new row that points nowhere cannot hide behind an old one that is gone.
    let more = format!(
        "SELECT 1 FROM (\n{dangling}\n) AS now LEFT JOIN dbtool_violations AS old ON old.child = now.child AND old.parent = now.parent\n\
         WHERE now.row_count > coalesce(old.row_count, 0)"
    );
    let after = [
        "CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds))".to_owned(),
        format!("INSERT INTO dbtool_assert SELECT NOT EXISTS (\n{more}\n)"),
        "DROP TABLE temp.dbtool_assert".to_owned(),
        "DROP TABLE temp.dbtool_violations".to_owned(),
    ];
    plan.steps.push(Step::new("foreign keys hold", after.map(Statement::new).to_vec()));
}

/// A query that counts the rows that point nowhere, for each child and parent. The pragma fails as a whole where one foreign key points at
/// columns that are no key, which SQLite lets stand; then the tables whose keys are sound are looked at one by one.
fn dangling(from: &Schema, to: &Schema) -> String {
    let is_sound = |schema: &Schema| schema.tables.values().all(|table| has_sound_keys(schema, table));
    let source = if is_sound(from) && is_sound(to) {
        "pragma_foreign_key_check".to_owned()
    } else {
        let both = to.tables.iter().filter(|(_, table)| !table.foreign_keys.is_empty() && has_sound_keys(to, table));
        let both = both.filter(|(name, _)| from.table(name, true).is_none_or(|table| has_sound_keys(from, table)));
        let names: Vec<String> = both.map(|(name, _)| format!("({})", Sqlite.literal(&name.name))).collect();
        let names = if names.is_empty() { "SELECT NULL WHERE 0".to_owned() } else { format!("VALUES {}", names.join(", ")) };
        format!("({names}) AS sound, pragma_foreign_key_check(sound.column1) AS violation")
    };
    format!("SELECT lower(\"table\") AS child, lower(parent) AS parent, count(*) AS row_count FROM {source} GROUP BY 1, 2")
}

/// True where every foreign key of the table points at a key, or at a table that is not there, which the pragma takes.
fn has_sound_keys(schema: &Schema, table: &Table) -> bool {
    table.foreign_keys.values().all(|key| {
        let Some(target) = schema.table(&key.target, true) else { return true };
        crate::diff::parts(target).iter().any(|(_, part)| part.is_key_of(&key.target_columns, true))
    })
}

//! Statements that fail where a view or trigger does not compile any more: SQLite looks at their text only when they are used.

use super::Sqlite;
use crate::dialect::Dialect;
use crate::model::{Fill, Name, Schema};

/// Each with the object's name. EXPLAIN compiles a statement, its triggers included, and runs nothing.
pub fn probes(schema: &Schema) -> Vec<(String, String)> {
    let views = schema.views.keys().map(|name| (format!("view {name}"), format!("SELECT * FROM {} LIMIT 0", Sqlite.name(name))));
    let triggers = schema.triggers.iter().filter_map(|(name, trigger)| {
        let statement = fires(schema, &trigger.table, &trigger.definition.key)?;
        Some((format!("trigger {name}"), format!("EXPLAIN {statement}")))
    });
    views.chain(triggers).collect()
}

/// A statement that fires the trigger; `None` for one on a view, whose columns are not known here.
fn fires(schema: &Schema, table: &Name, definition: &str) -> Option<String> {
    let shape = schema.tables.iter().find(|(name, _)| name.name.eq_ignore_ascii_case(&table.name)).map(|(_, shape)| shape)?;
    let quoted = Sqlite.name(table);
    // The event stands before ON; the words before it are BEFORE, AFTER and the columns of UPDATE OF.
    let event = definition.split(" on ").next().unwrap_or_default();
    if event.contains("delete") {
        return Some(format!("DELETE FROM {quoted}"));
    }
    if event.contains("insert") {
        return Some(format!("INSERT INTO {quoted} DEFAULT VALUES"));
    }
    let settable: Vec<String> = shape
        .columns
        .iter()
        .filter(|(_, c)| !matches!(c.fill, Fill::Generated { .. }))
        .map(|(name, _)| format!("{0} = {0}", Sqlite.quote(name)))
        .collect();
    Some(format!("UPDATE {quoted} SET {}", settable.join(", ")))
}

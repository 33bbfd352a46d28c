//! Statements that fail where a view or trigger does not compile any more: SQLite looks at their text only when they are used.

use super::Sqlite;
use super::lexer::significant;
use crate::dialect::Dialect;
use crate::model::{Fill, Name, Object, ObjectId, Schema, Table};

/// What sets a trigger off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Delete,
    Insert,
    /// An UPDATE of these columns; of any where there are none.
    Update(Vec<String>),
}

/// Each with the object's name. EXPLAIN compiles a statement, its triggers included, and runs nothing.
pub fn probes(schema: &Schema) -> Vec<(String, String)> {
    let views = schema.views().map(|(name, _)| (format!("view {name}"), format!("SELECT * FROM {} LIMIT 0", Sqlite.name(name))));
    let triggers = schema.triggers().filter_map(|(id, trigger)| {
        let statement = fires(schema, id, trigger)?;
        Some((format!("trigger {}", id.name), format!("EXPLAIN {statement}")))
    });
    views.chain(triggers).collect()
}

/// The event of a trigger, out of all that stands behind its name: `[BEFORE | AFTER | INSTEAD OF] event [OF columns] ON table ...`.
pub fn event(definition: &str) -> Option<Event> {
    let list = significant(definition);
    let at = list.iter().take(3).position(|token| ["delete", "insert", "update"].iter().any(|word| token.is_word(word)))?;
    if list[at].is_word("delete") {
        return Some(Event::Delete);
    }
    if list[at].is_word("insert") {
        return Some(Event::Insert);
    }
    let mut columns = Vec::new();
    if list.get(at + 1).is_some_and(|token| token.is_word("of")) {
        // A column may be called `on`, in quotes: only the bare word ends the list.
        let names = list[at + 2..].iter().take_while(|token| !token.is_word("on"));
        columns.extend(names.filter(|token| !token.is_symbol(",")).map(|token| token.unquoted()));
    }
    Some(Event::Update(columns))
}

/// A statement that fires the trigger; `None` where no column is known that an UPDATE could name.
fn fires(schema: &Schema, id: &ObjectId, trigger: &Object) -> Option<String> {
    let event = event(&trigger.definition.text)?;
    let same = |name: &Name| id.table().is_some_and(|table| name.name.eq_ignore_ascii_case(&table.name));
    if let Some((name, table)) = schema.tables.iter().find(|(name, _)| same(name)) {
        return Some(fires_on_table(name, table, &event));
    }
    let (name, view) = schema.views().find(|(name, _)| same(name))?;
    fires_on_view(name, view, event)
}

fn fires_on_table(name: &Name, table: &Table, event: &Event) -> String {
    let quoted = Sqlite.name(name);
    match event {
        Event::Delete => format!("DELETE FROM {quoted}"),
        Event::Insert => format!("INSERT INTO {quoted} DEFAULT VALUES"),
        Event::Update(_) => {
            let settable = table.columns.iter().filter(|(_, column)| !matches!(column.fill, Fill::Generated { .. }));
            let settings: Vec<String> = settable.map(|(column, _)| to_itself(column)).collect();
            format!("UPDATE {quoted} SET {}", settings.join(", "))
        }
    }
}

/// A view's columns are known where they are declared, or where the trigger names them.
fn fires_on_view(name: &Name, view: &Object, event: Event) -> Option<String> {
    let quoted = Sqlite.name(name);
    match event {
        Event::Delete => Some(format!("DELETE FROM {quoted}")),
        Event::Insert => Some(format!("INSERT INTO {quoted} SELECT * FROM {quoted}")),
        Event::Update(of) => {
            let columns = if of.is_empty() { &view.columns } else { &of };
            let settings: Vec<String> = columns.iter().map(|column| to_itself(column)).collect();
            (!settings.is_empty()).then(|| format!("UPDATE {quoted} SET {}", settings.join(", ")))
        }
    }
}

fn to_itself(column: &str) -> String {
    format!("{0} = {0}", Sqlite.quote(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_the_word_and_no_column() {
        assert_eq!(
            event("AFTER UPDATE OF deleted, \"on\" ON t BEGIN SELECT 1; END"),
            Some(Event::Update(vec!["deleted".to_owned(), "on".to_owned()]))
        );
        assert_eq!(event("delete on \"x on y\" begin select 1; end"), Some(Event::Delete));
        assert_eq!(event("/* update */ INSTEAD OF INSERT ON v BEGIN SELECT 1; END"), Some(Event::Insert));
        assert_eq!(event("before update on inserted begin select 1; end"), Some(Event::Update(Vec::new())));
    }
}

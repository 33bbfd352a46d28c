//! Reads the schema of a database: out of the statements that SQLite stores, checked against its pragmas. The number of queries does not
//! depend on the number of tables.

mod check;
mod facts;

use sqlx::sqlite::SqliteConnection;

use self::facts::{Facts, Object, TableFacts};
use super::lexer::significant;
use super::{ddl, render};
use crate::model::{Name, ObjectId, ObjectKind, Schema, Table, Unmodelled};

/// All that dbtool manages, and the names of what it does not, in the order in which it was made. The tool's own tables are left out.
pub async fn introspect(conn: &mut SqliteConnection, state_prefix: &str) -> anyhow::Result<Schema> {
    Ok(assemble(&facts::facts(conn).await?, state_prefix))
}

fn assemble(facts: &Facts, state_prefix: &str) -> Schema {
    let mut schema = Schema::default();
    let own = own_tables(facts, state_prefix);
    // `table` is the object's own name where it is a table or view.
    let objects: Vec<&Object> = facts.objects.iter().filter(|object| !own.contains(&object.table.as_str())).collect();
    for object in objects.iter().filter(|object| object.kind == "table") {
        table(&mut schema, facts, object);
    }
    for object in objects.iter().filter(|object| object.kind == "index" && !object.sql.is_empty()) {
        index(&mut schema, object);
    }
    for (name, table) in &mut schema.tables {
        if let Some(facts) = facts.tables.get(&name.name) {
            let found = check::check(table, facts);
            table.unmodelled.extend(found);
        }
    }
    resolve_targets(&mut schema);
    for object in objects.iter().filter(|object| object.kind == "view") {
        match ddl::create_view(&object.sql) {
            Ok((_, view)) => _ = schema.objects.insert(ObjectId::view(Name::new(&object.name)), view),
            Err(_) => unmodelled(&mut schema, facts, object, "view"),
        }
    }
    for object in objects.iter().filter(|object| object.kind == "trigger") {
        trigger(&mut schema, facts, object);
    }
    schema
}

/// The tool's own tables. What belongs to them goes with them; a trigger of the user's own table is the user's, whatever its name.
fn own_tables<'f>(facts: &'f Facts, state_prefix: &str) -> Vec<&'f str> {
    let is_own = |object: &&Object| !state_prefix.is_empty() && object.kind == "table" && object.name.starts_with(state_prefix);
    facts.objects.iter().filter(is_own).map(|object| object.name.as_str()).collect()
}

fn table(schema: &mut Schema, facts: &Facts, object: &Object) {
    match facts.tables.get(&object.name).map(|facts: &TableFacts| facts.kind.as_str()) {
        // The tables in which a virtual one keeps its data come and go with it.
        Some("shadow") => return,
        Some("virtual") => return virtual_table(schema, facts, object),
        _ => {}
    }
    match ddl::create_table(&object.sql) {
        Ok((_, table)) if reads_back(&object.name, &table) => _ = schema.tables.insert(Name::new(&object.name), table),
        Ok((_, table)) => {
            unmodelled(schema, facts, object, "table");
            let nameless = table.columns.contains_key("").then(|| "a column without a name".to_owned());
            let reasons = table.unmodelled.0.into_iter().chain(nameless).map(|reason| Unmodelled {
                kind: format!("{reason} of table"),
                name: object.name.clone(),
                stands_on: Vec::new(),
            });
            schema.unmodelled.extend(reasons);
        }
        Err(_) => {
            // A virtual table whose module is not at hand is not listed as one.
            let kind = if is_virtual(&object.sql) { "virtual table" } else { "table" };
            unmodelled(schema, facts, object, kind);
        }
    }
}

/// A virtual table is told by its definition, if its module is at hand: without that nobody could prove a plan.
fn virtual_table(schema: &mut Schema, facts: &Facts, object: &Object) {
    match ddl::create_virtual_table(&object.sql) {
        Ok((_, module, table)) if facts.modules.iter().any(|known| known.eq_ignore_ascii_case(&module)) => {
            _ = schema.objects.insert(ObjectId::new(ObjectKind::VirtualTable, Name::new(&object.name)), table);
        }
        _ => unmodelled(schema, facts, object, "virtual table"),
    }
}

/// False where the model's table is another one than the stored: a DESC behind PRIMARY KEY makes a key that is not the rowid, and a column
/// without a name cannot be declared. Such a table is left alone.
fn reads_back(name: &str, table: &Table) -> bool {
    let printed = render::create_table(&Name::new(name), table);
    !table.columns.contains_key("") && ddl::create_table(&printed).is_ok_and(|(_, again)| again == *table)
}

fn is_virtual(sql: &str) -> bool {
    significant(sql).get(1).is_some_and(|token| token.is_word("virtual"))
}

fn index(schema: &mut Schema, object: &Object) {
    let Some(table) = table_mut(schema, &object.table) else { return };
    match ddl::create_index(&object.sql, table.columns.keys().map(String::as_str)) {
        Ok((_, _, index)) => _ = table.indexes.insert(object.name.clone(), index),
        Err(error) => table.unmodelled.push(format!("the index {} ({error})", object.name)),
    }
}

fn table_mut<'s>(schema: &'s mut Schema, name: &str) -> Option<&'s mut Table> {
    schema.tables.iter_mut().find(|(known, _)| known.name.eq_ignore_ascii_case(name)).map(|(_, table)| table)
}

fn trigger(schema: &mut Schema, facts: &Facts, object: &Object) {
    let names = schema.tables.keys().chain(schema.views().map(|(name, _)| name));
    let watched = names.into_iter().find(|name| name.name.eq_ignore_ascii_case(&object.table)).cloned();
    match (watched, ddl::create_trigger(&object.sql)) {
        (Some(table), Ok((_, trigger))) => _ = schema.objects.insert(ObjectId::on(ObjectKind::Trigger, &table, &object.name), trigger),
        _ => unmodelled(schema, facts, object, "trigger"),
    }
}

/// Names an object that has no place in the model, and what it stands on.
fn unmodelled(schema: &mut Schema, facts: &Facts, object: &Object, kind: &str) {
    let stands_on = if kind == "table" { referenced(object) } else { mentioned(facts, object) };
    schema.unmodelled.push(Unmodelled { kind: kind.to_owned(), name: object.name.clone(), stands_on });
}

/// The tables that the foreign keys of a table point at.
fn referenced(object: &Object) -> Vec<(Name, Option<String>)> {
    let list = significant(&object.sql);
    let pairs = list.iter().zip(list.iter().skip(1));
    pairs.filter(|(word, _)| word.is_word("references")).map(|(_, target)| (Name::new(target.unquoted()), None)).collect()
}

/// The tables whose names occur in the object, and their columns that do, or all of them where it names none: an external-content FTS
/// table stands on the table that it indexes, though nothing but a string says so.
fn mentioned(facts: &Facts, object: &Object) -> Vec<(Name, Option<String>)> {
    let words: Vec<String> = significant(&object.sql).iter().map(|token| token.unquoted()).collect();
    let occurs = |name: &str| words.iter().any(|word| word.eq_ignore_ascii_case(name));
    let tables = facts.objects.iter().filter(|table| table.kind == "table" && table.name != object.name && occurs(&table.name));
    let mut found = Vec::new();
    for table in tables {
        let columns: Vec<&str> = facts.tables.get(&table.name).map_or_else(Vec::new, |it| it.columns.iter().map(|c| c.name.as_str()).collect());
        let named: Vec<&str> = columns.iter().copied().filter(|column| occurs(column)).collect();
        let under = if named.is_empty() { columns } else { named };
        found.push((Name::new(&table.name), None));
        found.extend(under.into_iter().map(|column| (Name::new(&table.name), Some(column.to_owned()))));
    }
    found
}

/// Gives foreign keys that name no columns the target's primary key. SQLite folds case, and looks the target up only when a row is
/// written; one that does not exist is left as it is, and the target's name stays as it was written.
fn resolve_targets(schema: &mut Schema) {
    let targets: Vec<(Name, Vec<String>, Vec<String>)> =
        schema.tables.iter().map(|(name, table)| (name.clone(), table.columns.keys().cloned().collect(), table.key_columns().to_vec())).collect();
    for key in schema.tables.values_mut().flat_map(|table| table.foreign_keys.values_mut()) {
        let Some((_, columns, primary_key)) = targets.iter().find(|(name, ..)| name.name.eq_ignore_ascii_case(&key.target.name)) else { continue };
        if key.target_columns.is_empty() && primary_key.len() == key.columns.len() {
            key.target_columns.clone_from(primary_key);
        }
        for target in &mut key.target_columns {
            if let Some(known) = columns.iter().find(|known| known.eq_ignore_ascii_case(target)) {
                target.clone_from(known);
            }
        }
    }
}

#[cfg(test)]
mod tests;

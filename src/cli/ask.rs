//! Questions at the terminal: renames, and the fix-ups that schema.toml does not give. Nobody is asked without a terminal.

use dialoguer::{Confirm, Input, Select};

use crate::UserError;
use crate::generate::Standing;
use crate::model::{Backfill, Name, OnDuplicate, OnOrphan, Schema, Table};

/// Asks whether what went and came is one thing under two names. Returns the pairs that were confirmed.
pub fn renames(pairs: Vec<(String, String)>) -> Result<Vec<(String, String)>, UserError> {
    let mut confirmed = Vec::new();
    for (from, to) in pairs {
        if Confirm::new().with_prompt(format!("Is {to} the new name of {from}?")).default(false).interact().map_err(no_answer)? {
            confirmed.push((from, to));
        }
    }
    Ok(confirmed)
}

/// Asks for the fix-ups that are missing and writes the answers into the declared schema. False where one of them cannot be asked for.
pub fn fixups(standing: &[Standing], declared: &mut Schema) -> Result<bool, UserError> {
    for it in standing {
        let rows = it.rows.map(|rows| format!(" ({rows} rows)")).unwrap_or_default();
        eprintln!("{}{rows}", it.missing.problem);
        let Some((name, rest)) = table_of(&it.missing.path, declared) else { return Ok(false) };
        let Some(table) = declared.tables.get_mut(&name) else { return Ok(false) };
        if !ask_one(&rest, &it.missing.line, table)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn ask_one(rest: &[String], line: &str, table: &mut Table) -> Result<bool, UserError> {
    match rest {
        [kind, column] if kind == "columns" => {
            let Some(column) = table.columns.get_mut(column) else { return Ok(false) };
            let using = line.starts_with("using");
            let prompt = if using { "SQL expression for the new value" } else { "SQL expression for the value they get (a text in single quotes)" };
            let sql: String = Input::new().with_prompt(prompt).interact_text().map_err(no_answer)?;
            if using {
                column.hints.using = Some(sql);
            } else {
                column.hints.backfill = Some(Backfill { sql, constant: false, batch: None });
            }
        }
        [kind, name] if kind == "foreign_keys" => {
            let Some(key) = table.foreign_keys.get_mut(name) else { return Ok(false) };
            let choice = choose("What becomes of rows that point nowhere?", &["stop if there are any", "delete them", "set the column to NULL"])?;
            key.on_orphan.0 = [OnOrphan::Error, OnOrphan::Delete, OnOrphan::SetNull][choice];
        }
        _ => {
            let slot = match rest {
                [kind] if kind == "primary_key" => table.primary_key.as_mut().map(|key| &mut key.on_duplicate),
                [kind, name] if kind == "uniques" => table.uniques.get_mut(name).map(|key| &mut key.on_duplicate),
                [kind, name] if kind == "indexes" => table.indexes.get_mut(name).map(|index| &mut index.on_duplicate),
                _ => None,
            };
            let Some(slot) = slot else { return Ok(false) };
            let choice = choose("What becomes of rows that repeat the key?", &["stop if there are any", "keep the first", "keep the last"])?;
            slot.0 = [OnDuplicate::Error, OnDuplicate::KeepFirst, OnDuplicate::KeepLast][choice];
        }
    }
    Ok(true)
}

fn choose(prompt: &str, items: &[&str]) -> Result<usize, UserError> {
    Select::new().with_prompt(prompt).items(items).default(0).interact().map_err(no_answer)
}

/// The table that a path in schema.toml's keys names, and the rest of the path.
fn table_of(path: &[String], declared: &Schema) -> Option<(Name, Vec<String>)> {
    let (schema, rest) = match path {
        [first, schema, rest @ ..] if first == "schemas" => (Some(schema.as_str()), rest),
        rest => (None, rest),
    };
    let [tables, table, rest @ ..] = rest else { return None };
    let name = Name::within(schema, table.clone());
    (tables == "tables" && declared.tables.contains_key(&name)).then(|| (name, rest.to_vec()))
}

fn no_answer(error: dialoguer::Error) -> UserError {
    UserError::new(format!("no answer at the terminal: {error}"))
        .with_help("say it in schema.toml, or run again with --no-input to see what is missing")
}

//! `--rename OLD=NEW`, and the pairs that may be worth a question.

use crate::UserError;
use crate::diff::{Changes, TableChange, TableEdit};
use crate::model::{Name, Schema};

/// Writes the renames of the command line into the declared schema's hints. `TABLE=TABLE`, or `TABLE.COLUMN=COLUMN` (the new name may
/// carry its table too).
///
/// # Errors
/// Where the new name is not declared, with the form to write.
pub fn apply_renames(declared: &mut Schema, renames: &[(String, String)]) -> Result<(), UserError> {
    for (from, to) in renames {
        let table_of = |text: &str| declared.tables.keys().find(|name| name.to_string() == text).cloned();
        if let Some(name) = table_of(to) {
            let (schema, old) = match from.rsplit_once('.') {
                Some((schema, old)) => (Some(schema), old.to_owned()),
                None => (None, from.clone()),
            };
            if schema != name.schema.as_deref() {
                return Err(UserError::new(format!("--rename {from}={to}: a table cannot be moved to another schema by a rename"))
                    .with_help("write ALTER TABLE ... SET SCHEMA into a revision of its own: dbtool revision -m ..."));
            }
            declared.tables[&name].renamed_from.0 = Some(old);
            continue;
        }
        let (table, old) = from.rsplit_once('.').ok_or_else(|| unknown(from, to))?;
        let (new_table, new) = to.rsplit_once('.').unwrap_or((table, to));
        let name = table_of(new_table).or_else(|| table_of(table)).ok_or_else(|| unknown(from, to))?;
        let column = declared.tables[&name].columns.get_mut(new).ok_or_else(|| unknown(from, to))?;
        column.hints.renamed_from = Some(old.to_owned());
    }
    Ok(())
}

fn unknown(from: &str, to: &str) -> UserError {
    UserError::new(format!("--rename {from}={to}: schema.toml declares no table or column of the new name"))
        .with_help("write --rename old_table=new_table, or --rename table.old_column=new_column")
}

/// Drops and additions that look like a rename: one column (or table) of the same shape gone and one come. Only ever asked, never assumed.
pub fn possible_renames(changes: &Changes) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, edit) in &changes.tables {
        let TableEdit::Alter(alter) = edit else { continue };
        let dropped: Vec<&String> =
            alter.changes.iter().filter_map(|c| if let TableChange::DropColumn(name) = c { Some(name) } else { None }).collect();
        let mut added: Vec<&String> =
            alter.changes.iter().filter_map(|c| if let TableChange::AddColumn(name) = c { Some(name) } else { None }).collect();
        for old in dropped {
            let Some(at) = added.iter().position(|new| alter.from.columns[old].ty == alter.to.columns[*new].ty) else { continue };
            pairs.push((format!("{name}.{old}"), format!("{name}.{}", added.remove(at))));
        }
    }
    let dropped: Vec<(&Name, Vec<&String>)> = changes
        .tables
        .iter()
        .filter_map(|(name, edit)| if let TableEdit::Drop(table) = edit { Some((name, table.columns.keys().collect())) } else { None })
        .collect();
    let mut created: Vec<(&Name, Vec<&String>)> = changes
        .tables
        .iter()
        .filter_map(|(name, edit)| if let TableEdit::Create(table) = edit { Some((name, table.columns.keys().collect())) } else { None })
        .collect();
    for (old, columns) in dropped {
        let alike = |other: &Vec<&String>| columns.iter().filter(|column| other.contains(column)).count() * 2 >= columns.len().max(1);
        if let Some(at) = created.iter().position(|(_, other)| alike(other)) {
            pairs.push((old.to_string(), created.remove(at).0.to_string()));
        }
    }
    pairs
}

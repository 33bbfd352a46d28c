//! Compares what was read out of a table's stored SQL with what SQLite says of the same table. Where the two differ, the parser has
//! misunderstood something, and the table is marked as more than the model can tell rather than trusted.

use super::facts::{IndexFacts, TableFacts};
use crate::dialect::sqlite::types;
use crate::model::{Column, Fill, Index, KeyOf, Order, Table};

/// What is read differently, in words.
pub fn check(table: &Table, facts: &TableFacts) -> Vec<String> {
    let mut found = Vec::new();
    if table.options.strict != facts.strict || table.options.without_rowid != facts.without_rowid {
        found.push("options that dbtool reads differently than SQLite".to_owned());
    }
    let same_columns = table.columns.len() == facts.columns.len()
        && table.columns.iter().zip(&facts.columns).all(|((name, column), fact)| {
            let key = table.key_columns().iter().position(|key| key == name).map_or(0, |at| at + 1);
            let hidden = match &column.fill {
                Fill::Generated { stored: false, .. } => 2,
                Fill::Generated { stored: true, .. } => 3,
                Fill::None | Fill::Default(_) | Fill::Identity(_) => 0,
            };
            *name == fact.name
                && column.ty.key == types::key(&fact.ty)
                && is_not_null(column) == fact.not_null
                && key == fact.key
                && hidden == fact.hidden
        });
    if !same_columns {
        found.push("columns that dbtool reads differently than SQLite".to_owned());
    }
    if !same_keys(table, facts) {
        found.push("keys that dbtool reads differently than SQLite".to_owned());
    }
    for (name, fact) in facts.indexes.iter().filter(|(_, fact)| fact.origin == "c") {
        if !table.indexes.get(name).is_some_and(|index| same_index(table, index, fact)) {
            found.push(format!("the index {name}, which dbtool reads differently than SQLite"));
        }
    }
    found
}

/// Whether the pragma shows NOT NULL. For the rowid it does so only where the words stand there.
fn is_not_null(column: &Column) -> bool {
    match &column.fill {
        Fill::Identity(identity) => identity.not_null,
        Fill::None | Fill::Default(_) | Fill::Generated { .. } => !column.nullable,
    }
}

/// Every index behind a key must be one that was read, and the other way round. SQLite makes one index for two equal keys and none for
/// the rowid, so equal lists are not to be expected.
fn same_keys(table: &Table, facts: &TableFacts) -> bool {
    let made = || facts.indexes.values().filter(|fact| fact.origin != "c");
    let columns = |fact: &IndexFacts| fact.keys.iter().map(|(name, _, _)| name.clone().unwrap_or_default()).collect::<Vec<_>>();
    let read = || table.uniques.values().map(|unique| &unique.columns).chain(table.primary_key.iter().map(|key| &key.columns));
    let all_read = made().all(|fact| fact.unique && read().any(|key| *key == columns(fact)));
    let all_made = table.uniques.values().all(|unique| made().any(|fact| columns(fact) == unique.columns));
    all_read && all_made
}

fn same_index(table: &Table, index: &Index, fact: &IndexFacts) -> bool {
    let same_parts = index.parts.len() == fact.keys.len()
        && index.parts.iter().zip(&fact.keys).all(|(part, (name, descending, collation))| {
            let (same_key, inherited) = match &part.key.what {
                KeyOf::Column(column) => {
                    let inherited = table.columns.get(column).and_then(|column| column.collation.as_deref()).unwrap_or("BINARY");
                    (name.as_ref() == Some(column), Some(inherited))
                }
                KeyOf::Expr(_) => (name.is_none(), None),
            };
            let expected = part.key.collation.as_deref().or(inherited);
            same_key && *descending == (part.order == Order::Desc) && expected.is_none_or(|expected| expected.eq_ignore_ascii_case(collation))
        });
    same_parts && index.unique == fact.unique && index.predicate.is_some() == fact.partial
}

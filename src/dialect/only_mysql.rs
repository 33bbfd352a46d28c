//! What schema.toml may say for MySQL alone, for the engines that have none of it.

use crate::model::{Fill, Schema, Table};

/// The path of each such thing in schema.toml's keys, with a sentence that names the way out.
pub(super) fn of_mysql(schema: &Schema, title: &str) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for (name, table) in &schema.tables {
        let mut path: Vec<String> = name.schema.iter().flat_map(|schema| ["schemas".to_owned(), schema.clone()]).collect();
        path.extend(["tables".to_owned(), name.name.clone()]);
        let below = |keys: &[&str]| path.iter().cloned().chain(keys.iter().map(|key| (*key).to_owned())).collect::<Vec<_>>();
        for keys in of_table(table) {
            let last = keys.last().copied().unwrap_or_default();
            found.push((below(&keys), format!("`{last}` is MySQL's, and {title} has nothing like it: take it out")));
        }
    }
    found
}

fn of_table(table: &Table) -> Vec<Vec<&str>> {
    let options = &table.options;
    let of_table = [
        ("engine", options.engine.is_some()),
        ("charset", options.charset.is_some()),
        ("collation", options.collation.is_some()),
        ("row_format", options.row_format.is_some()),
        ("auto_increment", options.auto_increment.is_some()),
        ("system_versioning", options.system_versioning),
    ];
    let mut found: Vec<Vec<&str>> = of_table.iter().filter(|(_, is_there)| *is_there).map(|(key, _)| vec![*key]).collect();
    for (name, column) in &table.columns {
        let options = &column.options;
        let of_column = [
            ("charset", options.charset.is_some()),
            ("on_update", options.on_update.is_some()),
            ("invisible", options.invisible),
            ("srid", options.srid.is_some()),
            ("check", options.check.is_some()),
        ];
        found.extend(of_column.iter().filter(|(_, is_there)| *is_there).map(|(key, _)| vec!["columns", name.as_str(), *key]));
        if let Fill::Generated { expr, .. } = &column.fill
            && expr.text.starts_with("ROW ")
        {
            found.push(vec!["columns", name, "generated"]);
        }
    }
    for (name, index) in &table.indexes {
        if index.parts.iter().any(|part| part.length.is_some()) {
            found.push(vec!["indexes", name, "length"]);
        }
    }
    if let Some(key) = &table.primary_key {
        found.extend(
            (key.using.is_some() || !key.parts.is_empty()).then(|| vec!["primary_key", if key.using.is_some() { "using" } else { "length" }]),
        );
    }
    found.extend(table.checks.iter().filter(|(_, check)| check.not_enforced).map(|(name, _)| vec!["checks", name.as_str(), "enforced"]));
    found
}

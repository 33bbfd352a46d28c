//! Tables and columns.

use super::{
    check_clause, collation, comment, create_index, exclusion_clause, foreign_key_clause, identity_clause, primary_key_clause, storage, tablespace,
    unique_clause,
};
use crate::dialect::Dialect as _;
use crate::dialect::postgres::quote::{literal, quote};
use crate::dialect::postgres::{Postgres, expr, types};
use crate::model::{Column, ColumnOptions, Fill, Name, Table, Text};
use indexmap::IndexMap;

/// CREATE TABLE with its keys, checks and exclusions, but without foreign keys and indexes, which follow when all tables are there.
/// `serial` tells the columns whose sequence comes with them; `parents` are the tables that it has columns from.
///
/// Checks that are NOT VALID are left out: CREATE TABLE takes the words and makes them valid all the same, so they too must follow.
pub fn create_table(name: &Name, table: &Table, parents: &[&Table], serial: &dyn Fn(&str) -> bool) -> String {
    let partition = table.options.partition.as_ref();
    let own = table.columns.iter().filter(|(column, _)| !parents.iter().any(|parent| parent.columns.contains_key(*column)));
    let mut lines: Vec<String> = own.map(|(column, shape)| table_column(table, column, shape, serial(column))).collect();
    lines.extend(table.primary_key.as_ref().map(primary_key_clause));
    lines.extend(table.uniques.iter().map(|(name, unique)| unique_clause(name, unique)));
    lines.extend(table.checks.iter().filter(|(_, check)| !check.comes_after_table(&name.name)).map(|(name, check)| check_clause(name, check)));
    lines.extend(table.exclusions.iter().map(|(name, exclusion)| exclusion_clause(name, exclusion)));
    let body = match (lines.is_empty(), partition) {
        (true, None) => " ()".to_owned(),
        (true, Some(_)) => String::new(),
        (false, _) => format!(" (\n  {}\n)", lines.join(",\n  ")),
    };
    let options = &table.options;
    let kind = match (options.unlogged, &options.foreign) {
        (true, _) => "UNLOGGED TABLE",
        (false, Some(_)) => "FOREIGN TABLE",
        (false, None) => "TABLE",
    };
    let mut sql = format!("CREATE {kind} {}", Postgres.name(name));
    match partition {
        Some(partition) => sql.push_str(&format!(" PARTITION OF {}{body} {}", Postgres.name(&partition.of), bound(&partition.bound.text))),
        None => sql.push_str(&body),
    }
    if !options.inherits.is_empty() {
        let names: Vec<String> = options.inherits.iter().map(|name| Postgres.name(name)).collect();
        sql.push_str(&format!(" INHERITS ({})", names.join(", ")));
    }
    if let Some(by) = &options.partition_by {
        sql.push_str(&format!(" PARTITION BY {by}"));
    }
    if let Some(foreign) = &options.foreign {
        sql.push_str(&format!(" SERVER {}{}", quote(&foreign.server), foreign_options(&foreign.options)));
    }
    if let Some(method) = &options.access_method {
        sql.push_str(&format!(" USING {}", quote(method)));
    }
    sql + &storage(&options.storage) + &tablespace(options.tablespace.as_ref())
}

/// `DEFAULT`, or `FOR VALUES ...`, which schema.toml leaves out.
pub fn bound(written: &str) -> String {
    let head = written.get(..4).unwrap_or_default();
    if written.eq_ignore_ascii_case("default") || head.eq_ignore_ascii_case("for ") { written.to_owned() } else { format!("FOR VALUES {written}") }
}

/// ` OPTIONS (a 'b')`, or nothing.
pub fn foreign_options(options: &IndexMap<String, String>) -> String {
    let options: Vec<String> = options.iter().map(|(name, value)| format!("{} {}", quote(name), literal(value))).collect();
    if options.is_empty() { String::new() } else { format!(" OPTIONS ({})", options.join(", ")) }
}

/// The statements that bring what a column keeps besides its values from one state to the other; `alter` is `ALTER TABLE t ALTER COLUMN c`.
pub fn column_options(alter: &str, ty: &str, from: &ColumnOptions, to: &ColumnOptions) -> Vec<String> {
    let mut statements = Vec::new();
    if from.storage != to.storage {
        // Without a word of its own a column has the storage of its type, which has no name before PostgreSQL 16.
        let word = to.storage.clone().unwrap_or_else(|| usual_storage(ty).to_owned());
        statements.push(format!("{alter} SET STORAGE {}", word.to_uppercase()));
    }
    if from.compression != to.compression {
        statements.push(format!("{alter} SET COMPRESSION {}", to.compression.as_deref().unwrap_or("default")));
    }
    if from.statistics != to.statistics {
        statements.push(format!("{alter} SET STATISTICS {}", to.statistics.unwrap_or(-1)));
    }
    let set: Vec<String> = to
        .settings
        .iter()
        .filter(|(name, value)| from.settings.get(*name) != Some(value))
        .map(|(name, value)| format!("{} = {value}", quote(name)))
        .collect();
    let reset: Vec<String> = from.settings.keys().filter(|name| !to.settings.contains_key(*name)).map(|name| quote(name)).collect();
    statements.extend((!set.is_empty()).then(|| format!("{alter} SET ({})", set.join(", "))));
    statements.extend((!reset.is_empty()).then(|| format!("{alter} RESET ({})", reset.join(", "))));
    let changes = option_changes(&from.foreign, &to.foreign);
    statements.extend((!changes.is_empty()).then(|| format!("{alter} OPTIONS ({changes})")));
    statements
}

/// What stands in OPTIONS (...) of ALTER.
pub fn option_changes(from: &IndexMap<String, String>, to: &IndexMap<String, String>) -> String {
    let gone = from.keys().filter(|name| !to.contains_key(*name)).map(|name| format!("DROP {}", quote(name)));
    let changed = to.iter().filter(|(name, value)| from.get(*name) != Some(value)).map(|(name, value)| {
        let verb = if from.contains_key(name) { "SET" } else { "ADD" };
        format!("{verb} {} {}", quote(name), literal(value))
    });
    gone.chain(changed).collect::<Vec<_>>().join(", ")
}

/// `typstorage` of the types that are kept otherwise than `extended`: <https://www.postgresql.org/docs/current/storage-toast.html>.
fn usual_storage(ty: &str) -> &'static str {
    if ty.starts_with("numeric") { "main" } else { "extended" }
}

/// A column of a new table, where the primary key already says NOT NULL.
fn table_column(table: &Table, name: &str, column: &Column, serial: bool) -> String {
    let implied = table.key_columns().iter().any(|key| key == name);
    let nullable = column.nullable || implied || serial;
    let shape = if serial {
        Column { ty: Text::new(types::serial_of(&column.ty.key)), fill: Fill::None, nullable, ..column.clone() }
    } else {
        Column { nullable, ..column.clone() }
    };
    column_clause(name, &shape)
}

/// A column as it stands in CREATE TABLE and behind ADD COLUMN. An identity is NOT NULL by itself.
pub fn column_clause(name: &str, column: &Column) -> String {
    let mut clause = format!("{} {}", quote(name), column.ty);
    if let Some(name) = &column.collation {
        clause.push_str(&format!(" COLLATE {}", collation(name)));
    }
    let mut required = !column.nullable;
    match &column.fill {
        Fill::None => {}
        Fill::Default(expression) => clause.push_str(&format!(" DEFAULT {}", expr::default(&expression.text))),
        Fill::Generated { expr, stored } => {
            clause.push_str(&format!(" GENERATED ALWAYS AS ({expr}) {}", if *stored { "STORED" } else { "VIRTUAL" }));
        }
        Fill::Identity(identity) => {
            clause.push_str(&format!(" {}", identity_clause(identity)));
            required = false;
        }
    }
    if required {
        clause.push_str(" NOT NULL");
    }
    clause
}

/// The script of a table and all that belongs to it, each statement with its `;`.
pub fn describe(name: &Name, table: &Table) -> String {
    let quoted = Postgres.name(name);
    let on = |part: &str| format!("{} ON {quoted}", quote(part));
    let mut statements = vec![create_table(name, table, &[], &|_| false)];
    let late = table.checks.iter().filter(|(_, check)| check.comes_after_table(&name.name));
    statements.extend(late.map(|(part, check)| format!("ALTER TABLE {quoted} ADD {}", check_clause(part, check))));
    statements.extend(table.foreign_keys.iter().map(|(part, key)| format!("ALTER TABLE {quoted} ADD {}", foreign_key_clause(part, key))));
    statements.extend(table.indexes.iter().map(|(part, index)| create_index(name, part, index, false)));

    let mut remark = |kind: &str, object: String, text: Option<&String>| {
        statements.extend(text.map(|text| comment(kind, &object, Some(text))));
    };
    remark("TABLE", quoted.clone(), table.comment.as_ref());
    for (column, shape) in &table.columns {
        remark("COLUMN", format!("{quoted}.{}", quote(column)), shape.comment.as_ref());
    }
    if let Some(key) = &table.primary_key {
        remark("CONSTRAINT", on(&key.name), key.comment.as_ref());
    }
    table.uniques.iter().for_each(|(part, unique)| remark("CONSTRAINT", on(part), unique.comment.as_ref()));
    table.checks.iter().for_each(|(part, check)| remark("CONSTRAINT", on(part), check.comment.as_ref()));
    table.foreign_keys.iter().for_each(|(part, key)| remark("CONSTRAINT", on(part), key.comment.as_ref()));
    table.exclusions.iter().for_each(|(part, exclusion)| remark("CONSTRAINT", on(part), exclusion.comment.as_ref()));
    table.indexes.iter().for_each(|(part, index)| remark("INDEX", Postgres.name(&name.sibling(part.as_str())), index.comment.as_ref()));
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, PrimaryKey};

    fn key(columns: &[&str]) -> PrimaryKey {
        PrimaryKey {
            name: "todos_pkey".to_owned(),
            unnamed: crate::model::Hint::default(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            include: Vec::new(),
            deferrable: crate::model::Deferrable::No,
            comment: None,
            using: None,
            parts: Vec::new(),
            on_duplicate: crate::model::Hint::default(),
        }
    }

    #[test]
    fn a_table_reads_as_a_person_would_type_it() {
        let mut table = Table { primary_key: Some(key(&["id"])), ..Table::default() };
        let identity = Fill::Identity(Identity::default());
        table.columns.insert("id".to_owned(), Column { nullable: false, fill: identity, ..Column::new("integer") });
        let title =
            Column { nullable: false, fill: Fill::Default(Text::new("a || b")), collation: Some("C".to_owned()), ..Column::new("varchar(64)") };
        table.columns.insert("order".to_owned(), title);
        table.options.storage.insert("toast.autovacuum_enabled".to_owned(), "false".to_owned());
        let sql = create_table(&Name::within(Some("App"), "todos"), &table, &[], &|_| false);
        assert_eq!(
            sql,
            "CREATE TABLE \"App\".todos (\n  id integer GENERATED BY DEFAULT AS IDENTITY,\n  \
             \"order\" varchar(64) COLLATE \"C\" DEFAULT (a || b) NOT NULL,\n  \
             CONSTRAINT todos_pkey PRIMARY KEY (id)\n) WITH (toast.autovacuum_enabled = false)"
        );
    }

    #[test]
    fn a_serial_says_it_all() {
        let mut table = Table::default();
        let next = Fill::Default(Text::new("nextval('t_id_seq'::regclass)"));
        table.columns.insert("id".to_owned(), Column { nullable: false, fill: next, ..Column::new("bigint") });
        assert_eq!(create_table(&Name::new("t"), &table, &[], &|_| true), "CREATE TABLE t (\n  id bigserial\n)");
        assert_eq!(create_table(&Name::new("t"), &Table::default(), &[], &|_| false), "CREATE TABLE t ()");
    }
}

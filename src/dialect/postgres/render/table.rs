//! Tables and columns.

use super::{
    check_clause, collation, comment, create_index, exclusion_clause, foreign_key_clause, identity_clause, primary_key_clause, storage, tablespace,
    unique_clause,
};
use crate::dialect::Dialect as _;
use crate::dialect::postgres::quote::quote;
use crate::dialect::postgres::{Postgres, expr, types};
use crate::model::{Column, Fill, Name, Table, Text};

/// CREATE TABLE with its keys, checks and exclusions, but without foreign keys and indexes, which follow when all tables are there.
/// `serial` tells the columns whose sequence comes with them.
///
/// Checks that are NOT VALID are left out: CREATE TABLE takes the words and makes them valid all the same, so they too must follow.
pub fn create_table(name: &Name, table: &Table, serial: &dyn Fn(&str) -> bool) -> String {
    let columns = table.columns.iter().map(|(column, shape)| table_column(table, column, shape, serial(column)));
    let mut lines: Vec<String> = columns.collect();
    lines.extend(table.primary_key.as_ref().map(primary_key_clause));
    lines.extend(table.uniques.iter().map(|(name, unique)| unique_clause(name, unique)));
    lines.extend(table.checks.iter().filter(|(_, check)| !check.not_valid).map(|(name, check)| check_clause(name, check)));
    lines.extend(table.exclusions.iter().map(|(name, exclusion)| exclusion_clause(name, exclusion)));
    let body = if lines.is_empty() { "()".to_owned() } else { format!("(\n  {}\n)", lines.join(",\n  ")) };
    let unlogged = if table.options.unlogged { "UNLOGGED " } else { "" };
    let method = table.options.access_method.as_ref().map(|method| format!(" USING {}", quote(method))).unwrap_or_default();
    format!(
        "CREATE {unlogged}TABLE {} {body}{method}{}{}",
        Postgres.name(name),
        storage(&table.options.storage),
        tablespace(table.options.tablespace.as_ref())
    )
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
    let mut statements = vec![create_table(name, table, &|_| false)];
    let late = table.checks.iter().filter(|(_, check)| check.not_valid);
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
        let sql = create_table(&Name::within(Some("App"), "todos"), &table, &|_| false);
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
        assert_eq!(create_table(&Name::new("t"), &table, &|_| true), "CREATE TABLE t (\n  id bigserial\n)");
        assert_eq!(create_table(&Name::new("t"), &Table::default(), &|_| false), "CREATE TABLE t ()");
    }
}

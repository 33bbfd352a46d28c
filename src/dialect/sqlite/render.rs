//! The statements that make tables, indexes, views and triggers, as a person would type them. None of them ends in `;`.

use super::ddl::is_value;
use super::lexer::{Kind, closing, significant, tidy, trim};
use super::quote::quote;
use super::types;
use crate::model::{
    Check, Column, Deferrable, Fill, ForeignKey, Identity, Index, IndexPart, KeyAction, KeyOf, Name, Object, Order, PrimaryKey, Table, Text, Unique,
    default_name,
};

/// CREATE TABLE with all columns and constraints, one to a line. Indexes are statements of their own.
pub fn create_table(name: &Name, table: &Table) -> String {
    let rowid = rowid_column(table);
    let columns = table.columns.iter().map(|(column, shape)| {
        let clause = if rowid == Some(column.as_str()) { rowid_clause(name, table, column, shape) } else { clause(column, shape, !shape.nullable) };
        let own = table.checks.iter().filter(|(_, it)| column_of(table, it) == Some(column));
        own.fold(clause, |clause, (name, it)| format!("{clause} {}", check(name, it)))
    });
    let key = table.primary_key.iter().filter(|_| rowid.is_none()).map(primary_key);
    let uniques = table.uniques.iter().map(|(name, it)| unique(name, it));
    let checks = table.checks.iter().filter(|(_, it)| column_of(table, it).is_none()).map(|(name, it)| check(name, it));
    let foreign_keys = table.foreign_keys.iter().map(|(name, it)| foreign_key(name, it));
    let lines: Vec<String> = columns.chain(key).chain(uniques).chain(checks).chain(foreign_keys).collect();
    let options: Vec<&str> = [(table.options.strict, "STRICT"), (table.options.without_rowid, "WITHOUT ROWID")]
        .into_iter()
        .filter_map(|(on, word)| on.then_some(word))
        .collect();
    let tail = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    format!("CREATE TABLE {} (\n  {}\n){tail}", quote(&name.name), lines.join(",\n  "))
}

/// What stands behind `ADD COLUMN`: the column with the checks and the foreign key that come with it. SQLite adds no key this way.
pub fn add_column(name: &str, column: &Column, checks: &[(&str, &Check)], foreign_key: Option<(&str, &ForeignKey)>) -> String {
    let mut sql = column_clause(name, column);
    for (name, it) in checks {
        sql.push(' ');
        sql.push_str(&check(name, it));
    }
    if let Some((name, it)) = foreign_key {
        sql.push_str(&format!(" {}{}", constraint(name, *it.unnamed), references(it)));
    }
    sql
}

/// A column's name, type and properties, without the constraints that make parts of the table.
pub fn column_clause(name: &str, column: &Column) -> String {
    clause(name, column, !column.nullable)
}

fn clause(name: &str, column: &Column, not_null: bool) -> String {
    let mut clause = quote(name);
    if !column.ty.text.is_empty() {
        clause.push(' ');
        clause.push_str(&tidy(&column.ty.text));
    }
    if let Some(collation) = &column.collation {
        clause.push_str(&format!(" COLLATE {}", quote(collation)));
    }
    if not_null {
        clause.push_str(" NOT NULL");
    }
    match &column.fill {
        // An identity is the rowid, which is made by PRIMARY KEY.
        Fill::None | Fill::Identity(_) => {}
        Fill::Default(value) => clause.push_str(&format!(" DEFAULT {}", default(value))),
        Fill::Generated { expr, stored } => {
            let kind = if *stored { "STORED" } else { "VIRTUAL" };
            clause.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", tidy(&expr.text)));
        }
    }
    clause
}

/// The column that is the table's rowid: a single primary key whose type reads `integer`.
pub fn rowid_column(table: &Table) -> Option<&str> {
    let [name] = table.key_columns() else { return None };
    let column = table.columns.get(name)?;
    let plain = !table.options.without_rowid && !matches!(column.fill, Fill::Generated { .. });
    (plain && types::is_integer(&types::key(&column.ty.text))).then_some(name)
}

pub fn create_index(table: &Name, name: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let parts: Vec<String> = index.parts.iter().map(index_part).collect();
    let predicate = index.predicate.as_ref().map_or_else(String::new, |predicate| format!(" WHERE {}", tidy(&predicate.text)));
    format!("CREATE {unique}INDEX {} ON {} ({}){predicate}", quote(name), quote(&table.name), parts.join(", "))
}

pub fn create_view(name: &Name, view: &Object) -> String {
    let columns = if view.columns.is_empty() { String::new() } else { format!(" ({})", list(&view.columns)) };
    format!("CREATE VIEW {}{columns} AS\n{}", quote(&name.name), trim(&view.definition.text))
}

pub fn create_virtual_table(name: &Name, table: &Object) -> String {
    format!("CREATE VIRTUAL TABLE {} {}", quote(&name.name), trim(&table.definition.text))
}

pub fn create_trigger(name: &Name, trigger: &Object) -> String {
    format!("CREATE TRIGGER {} {}", quote(&name.name), trim(&trigger.definition.text))
}

/// The table and its indexes, for messages and text diffs.
pub fn describe(name: &Name, table: &Table) -> String {
    let indexes = table.indexes.iter().map(|(index, it)| create_index(name, index, it));
    std::iter::once(create_table(name, table)).chain(indexes).collect::<Vec<_>>().join(";\n")
}

/// The rowid with its key behind it. It is never NULL, so NOT NULL is written only where it was written before.
fn rowid_clause(table: &Name, shape: &Table, name: &str, column: &Column) -> String {
    let not_null = matches!(&column.fill, Fill::Identity(Identity { not_null: true, .. }));
    let own_name = shape.primary_key.as_ref().filter(|key| !*key.unnamed && key.name != default_name(&table.name, &[], "pkey"));
    let key_name = own_name.map_or_else(String::new, |key| constraint(&key.name, false));
    let autoincrement = matches!(&column.fill, Fill::Identity(Identity { autoincrement: true, .. }));
    format!("{} {key_name}PRIMARY KEY{}", clause(name, column, not_null), if autoincrement { " AUTOINCREMENT" } else { "" })
}

/// The column behind which a check stands. One without a name goes back there, since its place is what it is named after.
fn column_of<'a>(table: &'a Table, check: &Check) -> Option<&'a String> {
    let column = check.column.as_ref().filter(|_| *check.unnamed)?;
    table.columns.get_key_value(column).map(|(name, _)| name)
}

/// `CONSTRAINT name ` where the constraint has a name.
fn constraint(name: &str, unnamed: bool) -> String {
    if unnamed { String::new() } else { format!("CONSTRAINT {} ", quote(name)) }
}

fn primary_key(key: &PrimaryKey) -> String {
    format!("{}PRIMARY KEY ({})", constraint(&key.name, *key.unnamed), list(&key.columns))
}

fn unique(name: &str, unique: &Unique) -> String {
    format!("{}UNIQUE ({})", constraint(name, *unique.unnamed), list(&unique.columns))
}

fn check(name: &str, check: &Check) -> String {
    format!("{}CHECK ({})", constraint(name, *check.unnamed), tidy(&check.expr.text))
}

fn foreign_key(name: &str, key: &ForeignKey) -> String {
    format!("{}FOREIGN KEY ({}) {}", constraint(name, *key.unnamed), list(&key.columns), references(key))
}

fn references(key: &ForeignKey) -> String {
    let mut clause = format!("REFERENCES {}", quote(&key.target.name));
    if !key.target_columns.is_empty() {
        clause.push_str(&format!(" ({})", list(&key.target_columns)));
    }
    for (word, action) in [("UPDATE", key.on_update), ("DELETE", key.on_delete)] {
        let action = match action {
            KeyAction::NoAction => continue,
            KeyAction::Restrict => "RESTRICT",
            KeyAction::Cascade => "CASCADE",
            KeyAction::SetNull => "SET NULL",
            KeyAction::SetDefault => "SET DEFAULT",
        };
        clause.push_str(&format!(" ON {word} {action}"));
    }
    match key.deferrable {
        Deferrable::No => {}
        Deferrable::InitiallyImmediate => clause.push_str(" DEFERRABLE"),
        Deferrable::InitiallyDeferred => clause.push_str(" DEFERRABLE INITIALLY DEFERRED"),
    }
    clause
}

/// A value as it stands behind DEFAULT: SQLite wants brackets around all but a literal. A string in double quotes is one only without
/// them.
fn default(value: &Text) -> String {
    let text = tidy(&value.text);
    let literal = |kind| matches!(kind, Kind::Number | Kind::String | Kind::Blob | Kind::Quoted);
    let bare = match significant(&text).as_slice() {
        [token] => literal(token.kind) || token.kind == Kind::Word && is_value(token.text),
        [sign, token] => (sign.is_symbol("-") || sign.is_symbol("+")) && token.kind == Kind::Number,
        _ => false,
    };
    if bare { text } else { format!("({text})") }
}

/// True where one pair of brackets goes around the whole.
fn is_bracketed(sql: &str) -> bool {
    let tokens = significant(sql);
    tokens.first().is_some_and(|first| first.is_symbol("(")) && closing(&tokens) == Some(tokens.len() - 1)
}

fn index_part(part: &IndexPart) -> String {
    let collation = part.key.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {}", quote(name)));
    let key = match &part.key.what {
        KeyOf::Column(name) => quote(name),
        // COLLATE binds tighter than every operator, so it needs brackets before it to belong to the whole.
        KeyOf::Expr(expr) if !collation.is_empty() && !is_bracketed(&tidy(&expr.text)) => format!("({})", tidy(&expr.text)),
        KeyOf::Expr(expr) => tidy(&expr.text),
    };
    let order = match part.order {
        Order::Asc => "",
        Order::Desc => " DESC",
    };
    format!("{key}{collation}{order}")
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::ddl;
    use super::*;

    /// Reads a table, prints it and reads it again: nothing may be lost, and the second print is the first.
    #[track_caller]
    fn round_trip(sql: &str) -> String {
        let (name, table) = ddl::create_table(sql).expect(sql);
        let printed = create_table(&Name::new(&name), &table);
        let (_, again) = ddl::create_table(&printed).expect(&printed);
        assert_eq!(again, table, "{printed}");
        assert_eq!(create_table(&Name::new(name), &again), printed);
        printed
    }

    #[test]
    fn a_table_reads_as_a_person_would_write_it() {
        let printed = round_trip(
            "create table `todos`(`id` integer primary key autoincrement,list_id int not null references lists(id) on delete cascade,\
             [order] TEXT collate NOCASE default 'a' check((\"order\"<>'')), n default(1+1), s AS (n * 2) stored, constraint u unique(list_id, [order])) strict",
        );
        assert_eq!(
            printed,
            "CREATE TABLE todos (\n  id integer PRIMARY KEY AUTOINCREMENT,\n  list_id int NOT NULL,\n  \"order\" TEXT COLLATE NOCASE DEFAULT 'a' CHECK (\"order\"<>''),\n  \
             n DEFAULT (1+1),\n  s GENERATED ALWAYS AS (n * 2) STORED,\n  CONSTRAINT u UNIQUE (list_id, \"order\"),\n  \
             FOREIGN KEY (list_id) REFERENCES lists (id) ON DELETE CASCADE\n) STRICT"
        );
    }

    #[test]
    fn tables_survive_being_printed() {
        for sql in [
            "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT DEFAULT NULL, b REAL DEFAULT -1e5, c BLOB DEFAULT x'00', d DEFAULT CURRENT_DATE, e DEFAULT \"\")",
            "CREATE TABLE t (a TEXT PRIMARY KEY, b INT, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES u (x, y) ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE t (a TEXT, b TEXT, CONSTRAINT k PRIMARY KEY (b, a), CHECK (a > b), CHECK (a <> 'x -- y')) WITHOUT ROWID",
            "CREATE TABLE t (id INTEGER CONSTRAINT k PRIMARY KEY, a REFERENCES t DEFERRABLE)",
            "CREATE TABLE \"a \"\"b\" (\"c,d\" \"my type\" UNIQUE)",
        ] {
            round_trip(sql);
        }
        assert!(round_trip("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)").contains("id INTEGER NOT NULL PRIMARY KEY"));
    }

    #[test]
    fn indexes_survive_being_printed() {
        for sql in [
            "CREATE UNIQUE INDEX i ON t (a COLLATE nocase DESC, lower(b)) WHERE a > 0",
            "CREATE INDEX \"x y\" ON t ((a || b) COLLATE nocase, (SELECT 1))",
        ] {
            let (name, table, index) = ddl::create_index(sql, ["a", "b"].into_iter()).expect(sql);
            assert_eq!(create_index(&Name::new(table), &name, &index), sql);
        }
    }

    #[test]
    fn a_comment_in_an_expression_swallows_nothing() {
        let mut column = Column::new("integer");
        column.fill = Fill::Default(Text::new("abs(-1) -- one"));
        assert_eq!(column_clause("a", &column), "a integer DEFAULT (abs(-1))");
        let view = Object { columns: vec!["a".to_owned()], ..Object::new("SELECT 1 -- one\n;") };
        assert_eq!(create_view(&Name::new("v"), &view), "CREATE VIEW v (a) AS\nSELECT 1");
    }
}

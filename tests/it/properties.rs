//! Random pairs of schemas: whatever the difference is, the way to it and back must lead where it says.
//!
//! The cases are the same in every run. `DBTOOL_PROPERTIES=500` runs that many others, new ones each time.

use std::env;
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::support::{Engine, Project, difference};

/// Names of tables; one is a reserved word, one needs quotes for its letters.
const TABLES: [&str; 5] = ["accounts", "items", "order", "Tag", "notes"];

/// Names of columns; one is a reserved word.
const COLUMNS: [&str; 5] = ["name", "amount", "state", "group", "due"];

/// The types of the columns of a pair of schemas. Those in a row can be turned into each other without a word.
const FAMILIES: [&[&str]; 5] =
    [&["text", "varchar(20)", "varchar(40)"], &["integer", "bigint", "smallint"], &["boolean"], &["decimal(8,2)", "decimal(12,2)"], &["date"]];

/// A column as the dice fell; what does not suit its type is left out when it is written.
#[derive(Debug, Clone)]
struct Column {
    name: &'static str,
    ty: usize,
    nullable: bool,
    default: bool,
    check: bool,
    unique: bool,
    index: bool,
}

/// A table as the dice fell. Numbers choose among what is there when it is written.
#[derive(Debug, Clone)]
struct Table {
    name: &'static str,
    columns: Vec<Column>,
    /// The table each foreign key points to, counted among the tables of the schema, and its ON DELETE.
    references: Vec<(usize, Option<&'static str>)>,
    indexes: Vec<Index>,
    /// Two columns that are unique together.
    unique: bool,
    /// A named check over the key.
    check: Option<&'static str>,
}

#[derive(Debug, Clone)]
struct Index {
    column: usize,
    descending: bool,
    expression: bool,
    partial: bool,
    unique: bool,
    wide: bool,
}

impl Column {
    fn family(&self) -> usize {
        COLUMNS.iter().position(|name| *name == self.name).expect("the names come from the list")
    }

    fn quoted(&self, engine: Engine) -> String {
        if engine == Engine::Mariadb { format!("`{}`", self.name) } else { format!("\"{}\"", self.name) }
    }

    fn line(&self, engine: Engine) -> String {
        let family = self.family();
        // MariaDB has no keys over all of a text.
        let types = if engine == Engine::Mariadb && family == 0 { &["varchar(60)", "varchar(20)", "varchar(40)"] } else { FAMILIES[family] };
        let mut line = format!("{} = {{ type = \"{}\"", self.name, types[self.ty % types.len()]);
        if !self.nullable {
            line += ", nullable = false";
        }
        if self.default {
            let default = ["\"it's\"", "7", "true", "1.5", "{ sql = \"CURRENT_DATE\" }"][family];
            write!(line, ", default = {default}").expect("a string takes everything");
        }
        if self.check {
            let test = ["<> ''", "> 0", "IS NOT NULL", "BETWEEN 0 AND 100", "> '2000-01-01'"][family];
            write!(line, ", check = '''{} {test}'''", self.quoted(engine)).expect("a string takes everything");
        }
        line += if self.unique { ", unique = true" } else { "" };
        line += if self.index { ", index = true" } else { "" };
        line + " }\n"
    }

    /// An expression over the column, for an index.
    fn expression(&self, engine: Engine) -> String {
        let name = self.quoted(engine);
        match self.family() {
            0 => format!("lower({name})"),
            1 | 3 => format!("{name} + 1"),
            2 => format!("NOT {name}"),
            _ => format!("coalesce({name}, '2000-01-01')"),
        }
    }
}

impl Table {
    fn write(&self, tables: &[Table], engine: Engine) -> String {
        let (name, mut text) = (self.name, String::new());
        writeln!(text, "[tables.{name}.columns]\nid = {{ type = \"integer\", primary_key = true, identity = true }}")
            .expect("a string takes everything");
        text.extend(self.columns.iter().map(|column| column.line(engine)));
        for (number, (target, action)) in self.references.iter().enumerate() {
            let target = tables[target % tables.len()].name;
            let action = action.map_or(String::new(), |action| format!(", on_delete = \"{action}\""));
            writeln!(text, "parent{number} = {{ type = \"integer\", references = {{ column = \"{target}.id\"{action} }} }}")
                .expect("a string takes everything");
        }
        if let ([first, .., last], true) = (self.columns.as_slice(), self.unique) {
            writeln!(text, "[tables.{name}.uniques]\n{name}_together = [\"{}\", \"{}\"]", first.name, last.name).expect("a string takes everything");
        }
        // MariaDB has no checks of numbers that it hands out.
        if let Some(check) = self.check.filter(|_| engine != Engine::Mariadb) {
            writeln!(text, "[tables.{name}.checks]\n{name}_sane = \"{check}\"").expect("a string takes everything");
        }
        for (number, index) in self.indexes.iter().enumerate() {
            if let Some(column) = self.columns.get(index.column % self.columns.len().max(1)) {
                text += &index.write(name, number, column, engine);
            }
        }
        text
    }
}

impl Index {
    fn write(&self, table: &str, number: usize, column: &Column, engine: Engine) -> String {
        // MariaDB has indexes on columns of all rows alone.
        let plain = engine == Engine::Mariadb;
        let key =
            if self.expression && !plain { format!("sql = '''{}'''", column.expression(engine)) } else { format!("column = \"{}\"", column.name) };
        let order = if self.descending { ", order = \"desc\"" } else { "" };
        let more = if self.wide { ", \"id\"" } else { "" };
        let mut text = format!("[tables.{table}.indexes.{table}_{number}]\ncolumns = [{{ {key}{order} }}{more}]\n");
        text += if self.unique { "unique = true\n" } else { "" };
        if self.partial && !plain {
            writeln!(text, "where = '''{} IS NOT NULL AND id > 3'''", column.quoted(engine)).expect("a string takes everything");
        }
        text
    }
}

fn column(name: &'static str) -> impl Strategy<Value = Column> {
    (0..3_usize, any::<[bool; 5]>()).prop_map(move |(ty, [nullable, default, check, unique, index])| Column {
        name,
        ty,
        nullable,
        default,
        check,
        unique,
        index,
    })
}

fn index() -> impl Strategy<Value = Index> {
    (0..5_usize, any::<[bool; 5]>()).prop_map(|(column, [descending, expression, partial, unique, wide])| Index {
        column,
        descending,
        expression,
        partial,
        unique,
        wide,
    })
}

fn table(name: &'static str) -> impl Strategy<Value = Table> {
    let columns = subsequence(COLUMNS.to_vec(), 0..=4).prop_flat_map(|names| names.into_iter().map(column).collect::<Vec<_>>());
    let action = select(vec![None, Some("cascade"), Some("set null"), Some("restrict")]);
    let check = select(vec![None, None, Some("id > 0"), Some("id <> 13 OR id IS NULL")]);
    (columns, vec((0..4_usize, action), 0..=2), vec(index(), 0..=2), any::<bool>(), check)
        .prop_map(move |(columns, references, indexes, unique, check)| Table { name, columns, references, indexes, unique, check })
}

/// The text of a schema.toml with one to four tables.
fn schema(engine: Engine) -> impl Strategy<Value = String> {
    let tables = subsequence(TABLES.to_vec(), 1..=4).prop_flat_map(|names| names.into_iter().map(table).collect::<Vec<_>>());
    tables.prop_map(move |tables| tables.iter().map(|table| table.write(&tables, engine)).collect::<Vec<_>>().join("\n"))
}

/// From `a` to `b` and back: each is what a database without a past has.
fn there_and_back(engine: Engine, a: &str, b: &str) -> Result<(), TestCaseError> {
    let straight = built(engine, b)?;
    settled(&straight)?;
    let project = built(engine, a)?;
    let before = project.dump();
    project.write("schema.toml", b);
    must(&project, &["migrate", "-m", "b", "--assume-empty"])?;
    must(&project, &["upgrade"])?;
    same(&straight, &project.dump(), "the upgrade differs from a database made from b", &project)?;
    settled(&project)?;
    must(&project, &["check", "--live"])?;
    if project.migrations().len() == 4 {
        must(&project, &["downgrade"])?;
        let after = project.dump();
        // A server may spell an expression another way once it has read its own spelling.
        let equal = after == before || project.database().settled() == built(engine, a)?.database().settled();
        prop_assert!(equal, "the downgrade does not lead back:\n{}\n{}", difference(&before, &after), project.newest_migration());
        must(&project, &["upgrade"])?;
        same(&straight, &project.dump(), "the second upgrade differs from a database made from b", &project)?;
    }
    Ok(())
}

/// A project whose database was made from `schema` alone.
fn built(engine: Engine, schema: &str) -> Result<Project, TestCaseError> {
    let project = Project::with_schema(engine, schema);
    must(&project, &["migrate", "-m", "a"])?;
    must(&project, &["upgrade"])?;
    Ok(project)
}

fn must(project: &Project, arguments: &[&str]) -> Result<(), TestCaseError> {
    let output = project.dbtool(arguments);
    prop_assert!(output.status == 0, "dbtool {}: {}\n{}", arguments.join(" "), output.report(), project.newest_migration());
    Ok(())
}

/// `migrate` must find nothing to do.
fn settled(project: &Project) -> Result<(), TestCaseError> {
    let output = project.dbtool(&["migrate", "-m", "again"]);
    prop_assert!(
        output.status == 0 && output.stdout.contains("No changes"),
        "a difference is left: {}\n{}",
        output.report(),
        project.newest_migration()
    );
    Ok(())
}

fn same(wanted: &Project, got: &str, what: &str, project: &Project) -> Result<(), TestCaseError> {
    let dump = wanted.dump();
    let equal = dump == got || wanted.database().settled() == project.database().settled();
    prop_assert!(equal, "{what}:\n{}\n{}", difference(&dump, got), project.newest_migration());
    Ok(())
}

/// Runs the property over pairs of schema.toml, and on a failure shows the smallest pair that was found for it.
pub fn run(engine: Engine, cases: u32, pairs: &impl Strategy<Value = (String, String)>) {
    if !engine.is_available() {
        return;
    }
    let wish = env::var("DBTOOL_PROPERTIES").ok().and_then(|number| number.parse().ok());
    let config = Config { cases: wish.unwrap_or(cases), failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    let mut runner = match wish {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    match runner.run(pairs, |(a, b)| there_and_back(engine, &a, &b)) {
        Ok(()) => {}
        Err(TestError::Fail(why, (a, b))) => panic!("{engine}: {why}\n==== from\n{a}==== to\n{b}"),
        Err(TestError::Abort(why)) => panic!("{engine}: {why}"),
    }
}

#[test]
fn any_schema_leads_to_any_other_and_back_on_sqlite() {
    run(Engine::Sqlite, 40, &(schema(Engine::Sqlite), schema(Engine::Sqlite)));
}

#[test]
fn any_schema_leads_to_any_other_and_back_on_postgres() {
    run(Engine::Postgres, 8, &(schema(Engine::Postgres), schema(Engine::Postgres)));
}

#[test]
fn any_schema_leads_to_any_other_and_back_on_mariadb() {
    run(Engine::Mariadb, 8, &(schema(Engine::Mariadb), schema(Engine::Mariadb)));
}

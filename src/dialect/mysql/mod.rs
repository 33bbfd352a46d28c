//! MySQL 8 and later, and MariaDB 10.6 and later. Everything that holds for these two alone is in this folder; where they differ, the
//! version tells which one it is ([`is_mariadb`]).

mod batch;
mod bytes;
mod connect;
mod introspect;
mod lexer;
mod mute;
mod ops;
mod outside;
mod quote;
mod refuse;
pub mod render;
mod scratch;
mod spelling;
mod split;
mod type_change;
pub mod types;

pub(in crate::dialect) use batch::{batching, table_size};
pub(in crate::dialect) use connect::{connect, rows, server_version};
pub(in crate::dialect) use introspect::introspect;
pub use scratch::ScratchDatabase;

use super::Reach;
use super::{Context, Dialect, GentleForm, Kind, TypeChange};
use crate::diff::{Changes, Part, PartKind, parts};
use crate::model::{Name, Schema, Table};
use crate::plan::{Look, Plan, Refusal, Statement};
use crate::source::{Lexeme, LexemeKind, Piece, bracket};

/// The first version number that is MariaDB's.
const MARIADB: u32 = 100_000;

/// True for a version of MariaDB. Where nobody asked the server it is not known, and what both understand is written.
pub fn is_mariadb(version: u32) -> bool {
    version >= MARIADB
}

/// The rules of the SQL that MySQL and MariaDB share.
#[derive(Debug, Clone, Copy)]
pub struct Mysql;

impl Dialect for Mysql {
    fn kind(&self) -> Kind {
        Kind::Mysql
    }

    fn title(&self) -> &'static str {
        "MySQL"
    }

    fn quote(&self, name: &str) -> String {
        quote::quote(name)
    }

    fn literal(&self, text: &str) -> String {
        quote::literal(text)
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn map_type(&self, spelled: &str, _strict: bool) -> String {
        types::map_type(spelled)
    }

    fn spell_type(&self, canonical: &str) -> String {
        types::spell_type(canonical)
    }

    fn serial_type(&self, _spelled: &str) -> Option<&'static str> {
        None
    }

    fn has_enum_types(&self) -> bool {
        false
    }

    fn enum_type(&self, values: &[String]) -> Option<String> {
        let values: Vec<String> = values.iter().map(|value| quote::literal(value)).collect();
        Some(format!("enum({})", values.join(",")))
    }

    fn split<'a>(&self, sql: &'a str) -> Vec<Piece<'a>> {
        split::split(sql)
    }

    fn terminated(&self, statement: &str) -> String {
        split::terminated(statement)
    }

    fn lexemes<'a>(&self, sql: &'a str) -> Vec<Lexeme<'a>> {
        let kind = |token: &lexer::Token<'_>| match token.kind {
            lexer::Kind::Comment => LexemeKind::Comment,
            lexer::Kind::Word => LexemeKind::Word,
            lexer::Kind::Symbol => bracket(token.text),
            _ => LexemeKind::Other,
        };
        let tokens = lexer::tokens(sql).filter(|token| token.kind != lexer::Kind::Space);
        tokens.map(|token| Lexeme { kind: kind(&token), start: token.start, text: token.text }).collect()
    }

    /// Numbers as they are: a number in quotes would be compared as a floating-point one. Bytes that are no text are spelled in hexadecimal.
    /// <https://dev.mysql.com/doc/refman/8.4/en/type-conversion.html>
    fn literal_of(&self, column: &str) -> String {
        batch::literal_of(column)
    }

    fn reaches_outside(&self, statement: &str, databases: &[String]) -> Option<Reach> {
        outside::reaches_outside(statement, databases)
    }

    fn runs_alone(&self, statement: &str) -> bool {
        split::commits_implicitly(statement)
    }

    fn refuse(&self, schema: &Schema) -> Vec<(Vec<String>, String)> {
        refuse::refuse(schema)
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    fn steps_in_a_transaction(&self) -> usize {
        usize::MAX
    }

    /// Names of tables are files on most systems, so their case counts: <https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html>.
    fn folds_case(&self) -> bool {
        false
    }

    fn folds_case_of_columns(&self) -> bool {
        true
    }

    fn has_transactional_ddl(&self) -> bool {
        false
    }

    /// A collation begins with the name of its character set: <https://dev.mysql.com/doc/refman/8.4/en/charset-collation-names.html>.
    fn collate(&self, column: &str, collation: &str) -> Option<String> {
        let charset = collation.split('_').next()?;
        Some(format!("CONVERT({column} USING {charset}) COLLATE {collation}"))
    }

    fn is_one_statement(&self, sql: &str) -> bool {
        split::is_one_statement(sql)
    }

    fn mute(&self, statement: &str) -> Option<String> {
        mute::mute(statement)
    }

    fn unmute(&self, schema: &mut Schema) {
        mute::unmute(schema);
    }

    /// 0, an empty string, the first value of an enumeration: <https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html>.
    fn invents_values(&self) -> bool {
        true
    }

    fn overloads_routines(&self) -> bool {
        false
    }

    fn builds_in_parts(&self) -> bool {
        true
    }

    /// What a table and its columns get where nothing is said, and the indexes of foreign keys.
    fn level(&self, declared: &mut Schema, live: &mut Schema) {
        for table in declared.tables.values_mut() {
            let options = &mut table.options;
            options.engine.get_or_insert_with(|| live.defaults.engine.clone());
            if options.charset.is_none() && options.collation.is_none() {
                options.charset = Some(live.defaults.charset.clone());
                options.collation = Some(live.defaults.collation.clone());
            }
            for column in table.columns.values_mut().filter(|column| types::is_text(&column.ty.text) && column.options.charset.is_none()) {
                column.collation = column.collation.take().or_else(|| options.collation.clone());
            }
        }
        for table in live.tables.values_mut() {
            let made: Vec<String> = table.indexes.keys().filter(|name| self.makes_index_itself(table, name)).cloned().collect();
            table.indexes.retain(|name, _| !made.contains(name));
        }
    }

    /// A foreign key without an index on its columns gets one of its own name:
    /// <https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>.
    fn makes_index_itself(&self, table: &Table, index: &str) -> bool {
        let (Some(key), Some(found)) = (table.foreign_keys.get(index), table.indexes.get(index)) else { return false };
        let columns: Vec<&str> = found.parts.iter().filter_map(|part| part.key.column_name()).collect();
        let serves = |(name, part): &(String, Part)| name != index && part.kind() != PartKind::ForeignKey && ops::starts_with(part, &key.columns);
        !found.unique && introspect::is_plain(found) && columns == key.columns && !parts(table).iter().any(serves)
    }

    fn settle_declared(&self, schema: &mut Schema) {
        refuse::settle(schema);
    }

    fn gentle_forms(&self, statement: &str) -> Vec<GentleForm> {
        ops::gentle_forms(statement)
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        type_change::type_change(from, to)
    }

    fn cast_loses(&self, column: &str, from: &str, to: &str) -> Option<String> {
        type_change::cast_loses(column, from, to)
    }

    fn assertion(&self, look: &Look) -> Vec<Statement> {
        ops::assertion(look)
    }

    fn plan(&self, changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
        ops::plan(changes, context)
    }

    fn settles(&self) -> bool {
        false
    }

    /// The server lets a table go from under a view; only whoever reads the view is told.
    fn probes(&self, schema: &Schema) -> Vec<(String, String)> {
        schema.views().map(|(name, _)| (format!("view {name}"), format!("SELECT * FROM {} LIMIT 0", self.name(name)))).collect()
    }

    fn describe(&self, name: &Name, table: &Table) -> String {
        render::describe(name, table)
    }
}

//! SQLite.

mod alter;
mod batch;
mod combine;
mod connect;
mod ddl;
mod fixup;
mod guard;
mod hold;
mod introspect;
pub mod lexer;
mod notes;
mod ops;
mod outside;
mod probes;
mod quote;
mod rebuild;
mod refuse;
mod remake;
pub mod render;
mod schema_text;
mod spelling;
mod split;
mod types;
mod virtual_tables;

pub use batch::{batching, table_size};
pub use connect::{connect, memory};
pub use introspect::introspect;
pub use schema_text::{SCHEMA_TEXT, differing_statements};

use crate::dialect::{Context, Dialect, Kind, Reach, TypeChange};
use crate::diff::Changes;
use crate::model::{Name, Schema, Table};
use crate::plan::{Look, Plan, Refusal, Statement};
use crate::source::{Lexeme, LexemeKind, Piece, bracket};

/// The rules of SQLite's SQL.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn kind(&self) -> Kind {
        Kind::Sqlite
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn quote(&self, name: &str) -> String {
        quote::quote(name)
    }

    fn literal(&self, text: &str) -> String {
        quote::literal(text)
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    fn map_type(&self, spelled: &str, strict: bool) -> String {
        types::map_type(spelled, strict)
    }

    fn spell_type(&self, canonical: &str) -> String {
        types::spell_type(canonical)
    }

    fn serial_type(&self, _: &str) -> Option<&'static str> {
        None
    }

    fn has_enum_types(&self) -> bool {
        false
    }

    fn split<'a>(&self, sql: &'a str) -> Vec<Piece<'a>> {
        split::split(sql)
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

    /// `quote` gives every value as a literal, but ends a text at its first NUL: <https://www.sqlite.org/lang_corefunc.html#quote>.
    fn literal_of(&self, column: &str) -> String {
        format!(
            "CASE WHEN typeof({column}) = 'text' AND instr({column}, char(0)) THEN 'CAST(X''' || hex({column}) || ''' AS TEXT)' ELSE quote({column}) END"
        )
    }

    fn reaches_outside(&self, statement: &str, _databases: &[String]) -> Option<Reach> {
        outside::reaches_outside(statement)
    }

    fn runs_alone(&self, statement: &str) -> bool {
        split::runs_alone(statement)
    }

    fn refuse(&self, schema: &Schema) -> Vec<(Vec<String>, String)> {
        [refuse::refuse(schema), super::only_mysql::of_mysql(schema, self.title())].concat()
    }

    /// A transaction that begins as a reader and wants to write later fails at once when another process writes meanwhile, whatever
    /// `busy_timeout` says: <https://www.sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions>.
    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn steps_in_a_transaction(&self) -> usize {
        usize::MAX
    }

    fn folds_case(&self) -> bool {
        true
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        types::type_change(from, to)
    }

    fn cast_loses(&self, _column: &str, _from: &str, _to: &str) -> Option<String> {
        None
    }

    fn assertion(&self, look: &Look) -> Vec<Statement> {
        ops::assertion(look)
    }

    fn plan(&self, changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
        ops::plan(changes, context)
    }

    /// SQLite keeps what was written, and its key never changes again.
    fn settles(&self) -> bool {
        false
    }

    fn probes(&self, schema: &Schema) -> Vec<(String, String)> {
        probes::probes(schema)
    }

    fn describe(&self, name: &Name, table: &Table) -> String {
        render::describe(name, table)
    }
}

//! PostgreSQL, 14 and later. Everything that holds for this engine alone is in this folder.

mod batch;
mod cast;
mod connect;
mod expr;
mod introspect;
mod keywords;
mod lexer;
mod ops;
mod outside;
mod quote;
mod refuse;
pub mod render;
mod scratch;
mod split;
mod type_change;
pub mod types;

pub(in crate::dialect) use batch::{batching, table_size};
pub(in crate::dialect) use connect::connect;
pub(in crate::dialect) use introspect::introspect;
pub use introspect::introspect_within;
pub use scratch::{NAME_A_SERVER, ScratchDatabase, ScratchPlace, reset_scratch_schema};

use super::Reach;
use super::{Context, Dialect, Kind, TypeChange};
use crate::diff::Changes;
use crate::model::{Name, Schema, Table};
use crate::plan::{Look, Plan, Refusal, Statement};
use crate::source::{Lexeme, LexemeKind, Piece, bracket};

/// The rules of PostgreSQL's SQL.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

impl Postgres {
    /// Dollar quotes that do not stand in `body`.
    fn dollar_tag(self, body: &str) -> String {
        let tags = (0..).map(|n: usize| format!("$dbtool{}$", if n == 0 { String::new() } else { n.to_string() }));
        tags.into_iter().find(|tag| !body.contains(tag.as_str())).unwrap_or_default()
    }
}

impl Dialect for Postgres {
    fn kind(&self) -> Kind {
        Kind::Postgres
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn quote(&self, name: &str) -> String {
        quote::quote(name)
    }

    fn literal(&self, text: &str) -> String {
        quote::literal(text)
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "true" } else { "false" }
    }

    fn map_type(&self, spelled: &str, _strict: bool) -> String {
        types::map_type(spelled)
    }

    fn spell_type(&self, canonical: &str) -> String {
        types::spell_type(canonical)
    }

    fn serial_type(&self, spelled: &str) -> Option<&'static str> {
        types::serial_type(spelled)
    }

    fn has_enum_types(&self) -> bool {
        true
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

    /// JSON spells dates and times the same way whatever `DateStyle` says, and an untyped literal takes the type of what it is compared with.
    fn literal_of(&self, column: &str) -> String {
        let times = "'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'interval'::regtype";
        format!("quote_literal(CASE WHEN pg_typeof({column}) IN ({times}) THEN to_jsonb({column}) #>> '{{}}' ELSE {column}::text END)")
    }

    fn reaches_outside(&self, statement: &str, _databases: &[String]) -> Option<Reach> {
        outside::reaches_outside(statement)
    }

    fn runs_alone(&self, statement: &str) -> bool {
        split::runs_alone(statement)
    }

    fn refuse(&self, schema: &Schema) -> Vec<(Vec<String>, String)> {
        let mut found = refuse::refuse(schema);
        found.extend(super::only_mysql::of_mysql(schema, self.title()));
        found
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    /// Every table, index and TOAST table that is made or dropped is a lock until the commit, and the table of locks holds 6,400 of them
    /// unless `max_locks_per_transaction` says otherwise: <https://www.postgresql.org/docs/current/runtime-config-locks.html>.
    fn steps_in_a_transaction(&self) -> usize {
        500
    }

    fn folds_case(&self) -> bool {
        false
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        type_change::type_change(from, to)
    }

    fn cast_loses(&self, column: &str, from: &str, to: &str) -> Option<String> {
        let there = cast::cast(column, to, from);
        Some(format!("{} IS DISTINCT FROM {column}", cast::cast(&format!("({there})"), from, to)))
    }

    fn assertion(&self, look: &Look) -> Vec<Statement> {
        let message = quote::literal(&look.message.replace('%', "%%"));
        let body = format!("BEGIN\n  IF EXISTS ({}) THEN\n    RAISE EXCEPTION {message};\n  END IF;\nEND", look.query);
        let tag = self.dollar_tag(&body);
        vec![Statement::new(format!("DO {tag} {body} {tag}"))]
    }

    fn plan(&self, changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
        ops::plan(changes, context)
    }

    fn settles(&self) -> bool {
        true
    }

    fn lenient(&self) -> Option<&'static str> {
        Some("SET LOCAL check_function_bodies = off")
    }

    /// The server keeps views from breaking: it refuses what would break one.
    fn probes(&self, _schema: &Schema) -> Vec<(String, String)> {
        Vec::new()
    }

    fn describe(&self, name: &Name, table: &Table) -> String {
        render::describe(name, table)
    }
}

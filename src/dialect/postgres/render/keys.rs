//! Constraints, as they stand behind ADD or in CREATE TABLE, and indexes.

use super::{collation, list, storage, tablespace};
use crate::dialect::Dialect as _;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::expr;
use crate::dialect::postgres::quote::quote;
use crate::model::{
    Check, Deferrable, Exclusion, ForeignKey, Index, IndexKey, IndexPart, KeyAction, KeyOf, Name, NullsOrder, Order, PrimaryKey, Unique,
};

pub fn primary_key_clause(key: &PrimaryKey) -> String {
    let name = quote(&key.name);
    format!("CONSTRAINT {name} PRIMARY KEY ({}){}{}", list(&key.columns), include(&key.include), deferrable(key.deferrable))
}

pub fn unique_clause(name: &str, unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let tail = format!("{}{}", include(&unique.include), deferrable(unique.deferrable));
    format!("CONSTRAINT {} UNIQUE{nulls} ({}){tail}", quote(name), list(&unique.columns))
}

pub fn check_clause(name: &str, check: &Check) -> String {
    let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
    let not_valid = if check.not_valid { " NOT VALID" } else { "" };
    format!("CONSTRAINT {} CHECK ({}){no_inherit}{not_valid}", quote(name), check.expr)
}

pub fn foreign_key_clause(name: &str, key: &ForeignKey) -> String {
    let target_columns = if key.target_columns.is_empty() { String::new() } else { format!(" ({})", list(&key.target_columns)) };
    let mut clause =
        format!("CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}{target_columns}", quote(name), list(&key.columns), Postgres.name(&key.target));
    if key.match_full {
        clause.push_str(" MATCH FULL");
    }
    if let Some(action) = action(key.on_update) {
        clause.push_str(&format!(" ON UPDATE {action}"));
    }
    if let Some(action) = action(key.on_delete) {
        clause.push_str(&format!(" ON DELETE {action}"));
        if !key.on_delete_columns.is_empty() {
            clause.push_str(&format!(" ({})", list(&key.on_delete_columns)));
        }
    }
    clause.push_str(deferrable(key.deferrable));
    if key.not_valid {
        clause.push_str(" NOT VALID");
    }
    clause
}

pub fn exclusion_clause(name: &str, exclusion: &Exclusion) -> String {
    let parts: Vec<String> = exclusion.parts.iter().map(|(key, operator)| format!("{} WITH {operator}", key_text(key))).collect();
    let predicate = exclusion.predicate.as_ref().map(|predicate| format!(" WHERE ({predicate})")).unwrap_or_default();
    format!(
        "CONSTRAINT {} EXCLUDE USING {} ({}){}{predicate}{}",
        quote(name),
        quote(&exclusion.method),
        parts.join(", "),
        include(&exclusion.include),
        deferrable(exclusion.deferrable)
    )
}

/// CREATE INDEX; an index lives in its table's namespace, so its own name stands alone.
pub fn create_index(table: &Name, name: &str, index: &Index, concurrently: bool) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    let method = if index.method == "btree" { String::new() } else { format!(" USING {}", quote(&index.method)) };
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let nulls = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let predicate = index.predicate.as_ref().map(|predicate| format!(" WHERE {predicate}")).unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {concurrently}{} ON {}{method} ({}){}{nulls}{}{}{predicate}",
        quote(name),
        Postgres.name(table),
        parts.join(", "),
        include(&index.include),
        storage(&index.storage),
        tablespace(index.tablespace.as_ref())
    )
}

/// The index that a key is to stand on, built while others write.
pub fn unique_index(table: &Name, name: &str, columns: &[String], include_columns: &[String], nulls_not_distinct: bool) -> String {
    let nulls = if nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let tail = format!("{}{nulls}", include(include_columns));
    format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({}){tail}", quote(name), Postgres.name(table), list(columns))
}

/// A key that takes over an index, which gets the key's name: `CONSTRAINT x UNIQUE USING INDEX y`.
pub fn using_index(name: &str, word: &str, index: &str, deferrability: Deferrable) -> String {
    format!("CONSTRAINT {} {word} USING INDEX {}{}", quote(name), quote(index), deferrable(deferrability))
}

fn part(part: &IndexPart) -> String {
    let order = match part.order {
        Order::Asc => "",
        Order::Desc => " DESC",
    };
    let nulls = match part.nulls {
        None => "",
        Some(NullsOrder::First) => " NULLS FIRST",
        Some(NullsOrder::Last) => " NULLS LAST",
    };
    format!("{}{order}{nulls}", key_text(&part.key))
}

fn key_text(key: &IndexKey) -> String {
    let what = match &key.what {
        KeyOf::Column(name) => quote(name),
        KeyOf::Expr(expression) => expr::index_key(&expression.text),
    };
    let collation = key.collation.as_deref().map(|name| format!(" COLLATE {}", collation(name))).unwrap_or_default();
    // An operator class is SQL as it stands, since it may bring parameters; `refuse` lets nothing else through.
    let opclass = key.opclass.as_deref().map(|opclass| format!(" {opclass}")).unwrap_or_default();
    format!("{what}{collation}{opclass}")
}

fn include(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(columns)) }
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn action(action: KeyAction) -> Option<&'static str> {
    match action {
        KeyAction::NoAction => None,
        KeyAction::Restrict => Some("RESTRICT"),
        KeyAction::Cascade => Some("CASCADE"),
        KeyAction::SetNull => Some("SET NULL"),
        KeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

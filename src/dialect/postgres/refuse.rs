//! What of a schema PostgreSQL cannot hold.

use super::lexer::{self, Kind, Token};
use crate::model::{Fill, IndexKey, Name, ObjectKind, Schema, Table};

/// The path of each such thing in schema.toml's keys, and a sentence with the way out.
pub(super) fn refuse(schema: &Schema) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for (name, table) in &schema.tables {
        refuse_table(&mut found, &place("tables", name), table);
    }
    for (id, _) in schema.of_kind(ObjectKind::VirtualTable) {
        found.push((place("virtual_tables", &id.name), "virtual tables are SQLite's; take it out".to_owned()));
    }
    for (id, _) in schema.of_kind(ObjectKind::Event) {
        found.push((place("events", &id.name), "events are MySQL's; take it out, or use the extension pg_cron".to_owned()));
    }
    found
}

/// `tables.x`, or `schemas.app.tables.x`.
fn place(kind: &str, name: &Name) -> Vec<String> {
    let mut path = match &name.schema {
        Some(schema) => vec!["schemas".to_owned(), schema.clone()],
        None => Vec::new(),
    };
    path.extend([kind.to_owned(), name.name.clone()]);
    path
}

fn below(path: &[String], keys: &[&str]) -> Vec<String> {
    path.iter().cloned().chain(keys.iter().map(|&key| key.to_owned())).collect()
}

fn refuse_table(found: &mut Vec<(Vec<String>, String)>, path: &[String], table: &Table) {
    if table.options.strict {
        found.push((below(path, &["strict"]), "STRICT tables are SQLite's, PostgreSQL always checks types; take `strict` out".to_owned()));
    }
    if table.options.without_rowid {
        found.push((below(path, &["without_rowid"]), "WITHOUT ROWID is SQLite's, PostgreSQL has no rowid; take `without_rowid` out".to_owned()));
    }
    for (name, column) in &table.columns {
        if let Fill::Identity(identity) = &column.fill
            && identity.autoincrement
        {
            let words = "AUTOINCREMENT is SQLite's; write `identity = true`, whose numbers PostgreSQL never uses again".to_owned();
            found.push((below(path, &["columns", name, "autoincrement"]), words));
        }
    }
    for (name, index) in &table.indexes {
        refuse_keys(found, &below(path, &["indexes", name]), index.parts.iter().map(|part| &part.key));
    }
    for (name, exclusion) in &table.exclusions {
        let path = below(path, &["exclusions", name]);
        refuse_keys(found, &path, exclusion.parts.iter().map(|(key, _)| key));
        for (_, operator) in exclusion.parts.iter().filter(|(_, operator)| !is_operator(operator)) {
            found.push((path.clone(), format!("`{operator}` is no operator; write one such as `=`, `&&` or `OPERATOR(app.=)`")));
        }
    }
}

fn refuse_keys<'a>(found: &mut Vec<(Vec<String>, String)>, path: &[String], keys: impl Iterator<Item = &'a IndexKey>) {
    for opclass in keys.filter_map(|key| key.opclass.as_deref()).filter(|opclass| !is_opclass(opclass)) {
        let words = format!("`{opclass}` is no operator class; write its name, such as `text_pattern_ops` or `app.my_ops(siglen = 32)`");
        found.push((path.to_vec(), words));
    }
}

/// An operator of its characters, or `OPERATOR(schema.op)`: it goes into SQL as it stands, so it must be nothing else.
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-OPERATORS>
fn is_operator(text: &str) -> bool {
    let is_sign = |text: &str| !text.is_empty() && text.bytes().all(|byte| b"+-*/<>=~!@#%^&|`?".contains(&byte));
    let qualified = text.strip_prefix("OPERATOR(").and_then(|rest| rest.strip_suffix(')')).and_then(|inside| inside.rsplit_once('.'));
    let sign = match qualified {
        Some((schema, sign)) if is_dotted_name(&lexer::tokens(schema).collect::<Vec<_>>()) => sign,
        Some(_) => return false,
        None => text,
    };
    is_sign(sign) && !sign.contains("--") && !sign.contains("/*")
}

/// A name, with its namespace or without, and parameters of plain values.
fn is_opclass(text: &str) -> bool {
    let tokens: Vec<Token<'_>> = lexer::tokens(text).filter(|token| token.kind != Kind::Space).collect();
    let open = tokens.iter().position(|token| token.is_symbol("(")).unwrap_or(tokens.len());
    let (name, parameters) = tokens.split_at(open);
    let plain = |token: &Token<'_>| match token.kind {
        Kind::Word | Kind::Quoted | Kind::String | Kind::Number => is_closed(token),
        Kind::Symbol => matches!(token.text, "=" | ","),
        Kind::Space | Kind::Comment => false,
    };
    let closed = match parameters {
        [] => true,
        [_, inside @ .., last] => last.is_symbol(")") && inside.iter().all(plain),
        _ => false,
    };
    is_dotted_name(name) && closed
}

/// `a` or `a.b`, each part an identifier.
fn is_dotted_name(tokens: &[Token<'_>]) -> bool {
    let is_name = |token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::Quoted) && is_closed(token);
    match tokens {
        [name] => is_name(name),
        [schema, dot, name] => is_name(schema) && dot.is_symbol(".") && is_name(name),
        _ => false,
    }
}

/// False for a string or quoted identifier that runs to the end of the text for want of its quote.
fn is_closed(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Quoted | Kind::String => lexer::code(&format!("{} x", token.text)).len() == 2,
        Kind::Word | Kind::Number | Kind::Symbol | Kind::Space | Kind::Comment => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_and_operator_classes_bring_nothing_along() {
        for good in ["=", "&&", "-|-", "OPERATOR(app.=)", "OPERATOR(\"My app\".&&)"] {
            assert!(is_operator(good), "{good}");
        }
        for bad in ["", "= x", "--", "OPERATOR(a b.=)", "=); DROP TABLE t"] {
            assert!(!is_operator(bad), "{bad}");
        }
        for good in ["text_pattern_ops", "app.\"My ops\"", "gist_trgm_ops(siglen='32')", "gist_trgm_ops (siglen = 32)"] {
            assert!(is_opclass(good), "{good}");
        }
        for bad in ["", "a b", "ops); DROP TABLE t", "ops(a = (SELECT 1))", "ops -- x", "\"a", "ops(a = 'x)"] {
            assert!(!is_opclass(bad), "{bad}");
        }
    }

    #[test]
    fn the_path_leads_to_the_place_in_the_file() {
        let mut schema = Schema::default();
        let mut table = Table::default();
        table.options.strict = true;
        schema.tables.insert(Name::within(Some("app"), "users"), table);
        let found = refuse(&schema);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.join("."), "schemas.app.tables.users.strict");
    }
}

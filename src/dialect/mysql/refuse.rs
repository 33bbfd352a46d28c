//! What MySQL and MariaDB cannot hold, found before anything is planned, and what schema.toml says in words that they have no two of.
//! Comments on what has none here are not refused: the same schema.toml may serve an engine that has them.

use super::introspect::{UNREADABLE, is_plain, unique};
use super::lexer::{Kind, significant};
use crate::model::{Column, Deferrable, Enabled, Fill, ForeignKey, Hint, Index, ObjectId, ObjectKind, Schema, SequenceOptions, Table};

/// Brings a declared schema into the form in which the server's is read: a unique index of plain columns is a unique constraint, and where
/// numbers begin is the table's.
pub(super) fn settle(schema: &mut Schema) {
    for table in schema.tables.values_mut() {
        let plain: Vec<String> = table.indexes.iter().filter(|(_, index)| index.unique && is_plain(index)).map(|(name, _)| name.clone()).collect();
        for name in plain {
            if let Some(index) = table.indexes.shift_remove(&name) {
                table.uniques.insert(name, unique(index));
            }
        }
        for index in table.indexes.values_mut() {
            index.method = index.method.to_lowercase();
            index.storage.sort_keys();
        }
        for column in table.columns.values_mut() {
            if let Fill::Identity(identity) = &mut column.fill {
                identity.autoincrement = false;
                if let Some(start) = identity.options.start.take() {
                    table.options.auto_increment = Hint(Some(start));
                }
            }
        }
    }
}

/// The things in the way: where they stand in schema.toml, and a sentence that names the way out.
pub(super) fn refuse(schema: &Schema) -> Vec<(Vec<String>, String)> {
    let mut found = Found(Vec::new());
    for namespace in schema.namespaces.keys() {
        found.add(&["schemas", namespace], "a schema is a database to MySQL: give each its own schema.toml ([databases.NAME] in dbtool.toml)");
    }
    for name in schema.extensions.keys() {
        found.add(&["extensions"], &format!("MySQL has no extensions: take {name} out"));
    }
    for name in schema.domains.keys() {
        found.add(&["domains", &name.name], "MySQL has no domains: write the check at the column");
    }
    for name in schema.composites.keys() {
        found.add(&["types", &name.name], "MySQL has no composite types: make a table of it, or keep it as json");
    }
    for (name, sequence) in &schema.sequences {
        let at = ["sequences", name.name.as_str()];
        found.check(sequence.owned_by.is_some(), &at, "owned_by", "a sequence of MariaDB belongs to no column: take it out");
        found.check(sequence.unlogged, &at, "unlogged", "MariaDB logs every sequence: take it out");
        found.check(!sequence.grants.is_empty(), &at, "grants", GRANTS);
    }
    for (id, object) in &schema.objects {
        let path = path_of(id);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let known = [ObjectKind::View, ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Trigger, ObjectKind::Event];
        if !known.contains(&id.kind) {
            found.add(&path, &format!("MySQL has no {}: take it out", id.kind.plural()));
            continue;
        }
        found.check(object.is_constraint, &path, "constraint", "MySQL's triggers fire at once: take it out");
        found.check(object.enabled != Enabled::Yes, &path, "enabled", "MySQL's triggers always fire: take it out");
        found.check(!object.grants.is_empty(), &path, "grants", GRANTS);
        found.options(&path, id.kind, object);
    }
    for (name, table) in &schema.tables {
        found.table(&["tables", &name.name], table);
    }
    found.0
}

const GRANTS: &str = "privileges belong to the server's accounts in MySQL, and dbtool leaves them alone: take it out, and GRANT them by hand";

fn path_of(id: &ObjectId) -> Vec<String> {
    match id.table() {
        Some(table) => vec!["tables".to_owned(), table.name.clone(), id.kind.section().to_owned(), id.name.name.clone()],
        None => vec![id.kind.section().to_owned(), id.name.name.clone()],
    }
}

fn below<'a>(path: &[&'a str], keys: &[&'a str]) -> Vec<&'a str> {
    path.iter().chain(keys).copied().collect()
}

struct Found(Vec<(Vec<String>, String)>);

impl Found {
    fn add(&mut self, path: &[&str], message: &str) {
        self.0.push((path.iter().map(|&part| part.to_owned()).collect(), message.to_owned()));
    }

    /// Adds a finding for a key of the thing at `path`, where it is there.
    fn check(&mut self, is_there: bool, path: &[&str], key: &str, message: &str) {
        if is_there {
            self.add(&below(path, &[key]), message);
        }
    }

    /// What goes into SQL as it stands has to be a word, and nothing behind it.
    fn word(&mut self, path: &[&str], key: &str, text: Option<&String>) {
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if let Some(text) = text.filter(|text| !is_word(text)) {
            self.add(&below(path, &[key]), &format!("`{text}` is no word that MySQL could know"));
        }
    }

    fn options(&mut self, path: &[&str], kind: ObjectKind, object: &crate::model::Object) {
        let known = match kind {
            ObjectKind::View => "algorithm, security, definer and check_option",
            ObjectKind::Trigger => "follows, definer, sql_mode and bare_name",
            ObjectKind::Function => "definer, sql_mode and aggregate",
            _ => "definer and sql_mode",
        };
        for (key, value) in &object.options {
            let (is_view, is_trigger) = (kind == ObjectKind::View, kind == ObjectKind::Trigger);
            let fits = match (key.as_str(), value.to_ascii_lowercase().as_str()) {
                ("algorithm", value) => is_view && matches!(value, "merge" | "temptable" | "undefined"),
                ("security", value) => is_view && matches!(value, "definer" | "invoker"),
                ("check_option", value) => is_view && matches!(value, "cascaded" | "local"),
                ("definer", _) => is_account(value),
                ("sql_mode", _) if value.split(',').any(|word| UNREADABLE.contains(&word.trim())) => {
                    self.add(
                        &below(path, &["with"]),
                        &format!("dbtool does not read bodies under sql_mode {value}: make it in a revision of your own"),
                    );
                    continue;
                }
                ("sql_mode", _) => !is_view,
                ("follows", _) => is_trigger,
                ("bare_name", value) => is_trigger && value == "true",
                ("aggregate", value) => kind == ObjectKind::Function && value == "true",
                _ => false,
            };
            if !fits {
                self.add(&below(path, &["with"]), &format!("`{key} = {value}` is no option of a {}: there are {known}", kind.word()));
            }
        }
    }

    fn table(&mut self, at: &[&str], table: &Table) {
        let options = &table.options;
        let other = "this is another engine's: take it out";
        self.check(options.strict, at, "strict", "STRICT tables are SQLite's: MySQL always checks types; take it out");
        self.check(
            options.without_rowid,
            at,
            "without_rowid",
            "WITHOUT ROWID is SQLite's: InnoDB always orders rows by the primary key; take it out",
        );
        self.check(options.unlogged, at, "unlogged", other);
        self.check(options.access_method.is_some(), at, "access_method", "MySQL's word for it is `engine`");
        self.check(options.tablespace.is_some(), at, "tablespace", "write with = { tablespace = \"name\" }");
        self.check(options.row_security || options.force_row_security, at, "row_security", "MySQL has no policies: take it out");
        self.check(options.replica_identity.is_some(), at, "replica_identity", other);
        self.check(options.clustered_on.is_some(), at, "clustered_on", "InnoDB always orders rows by the primary key: take it out");
        self.check(
            options.partition.is_some(),
            at,
            "partition",
            "MySQL's partitions are said with their table: partition_by = \"RANGE (...) (PARTITION ...)\"",
        );
        self.check(!options.inherits.is_empty(), at, "inherits", "MySQL's tables inherit nothing: write the columns out");
        self.check(options.foreign.is_some(), at, "foreign", "MySQL has no foreign tables: use engine = \"FEDERATED\"");
        self.check(!table.grants.is_empty(), at, "grants", GRANTS);
        self.check(table.columns.is_empty(), at, "columns", "MySQL has no table without columns: declare at least one");
        self.word(at, "engine", options.engine.as_ref());
        self.word(at, "charset", options.charset.as_ref());
        self.word(at, "collation", options.collation.as_ref());
        self.word(at, "row_format", options.row_format.as_ref());
        for (key, value) in &options.storage {
            let is_key = key.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b' '));
            if !is_key || !is_value(value) {
                self.add(
                    &below(at, &["with"]),
                    &format!("`{key} = {value}` is no table option: write a number, a word, or a string in its own quotes, \"'Y'\""),
                );
            }
        }
        for (column, shape) in &table.columns {
            self.column(&below(at, &["columns", column]), shape);
        }
        self.constraints(at, table);
    }

    fn column(&mut self, at: &[&str], column: &Column) {
        let options = &column.options;
        self.check(!is_type(&column.ty.text), at, "type", "a type is words and one pair of parentheses: write for example \"varchar(20)\"");
        self.word(at, "charset", options.charset.as_ref());
        self.word(at, "collation", column.collation.as_ref());
        self.check(
            options.compression.is_some() || options.statistics.is_some() || options.storage.is_some(),
            at,
            "storage",
            "this is PostgreSQL's: take it out",
        );
        self.check(!options.foreign.is_empty(), at, "options", "this is PostgreSQL's: take it out");
        for (key, value) in &options.settings {
            let known = ["compressed", "column_format", "storage", "without_system_versioning"].contains(&key.as_str());
            if !known || !is_value(value) {
                self.add(
                    &below(at, &["settings"]),
                    &format!(
                        "`{key} = {value}` is no setting of a column: there are compressed, column_format, storage and without_system_versioning"
                    ),
                );
            }
        }
        if let Fill::Identity(identity) = &column.fill {
            let plain = !identity.always && identity.options == SequenceOptions::default();
            self.check(!plain, at, "identity", "AUTO_INCREMENT takes a beginning and nothing else: write `identity = { start = 1000 }`");
        }
    }

    fn constraints(&mut self, at: &[&str], table: &Table) {
        const INCLUDE: &str = "MySQL has no INCLUDE: put the columns behind the key columns of an index";
        const DEFERRABLE: &str = "MySQL checks every constraint at once: take it out";
        if let Some(key) = &table.primary_key {
            let at = below(at, &["primary_key"]);
            self.check(!key.include.is_empty(), &at, "include", INCLUDE);
            self.check(key.deferrable != Deferrable::No, &at, "deferrable", DEFERRABLE);
            self.word(&at, "using", key.using.as_ref());
        }
        for (name, unique) in &table.uniques {
            let at = below(at, &["uniques", name]);
            self.check(!unique.include.is_empty(), &at, "include", INCLUDE);
            self.check(unique.deferrable != Deferrable::No, &at, "deferrable", DEFERRABLE);
            self.check(
                unique.nulls_not_distinct,
                &at,
                "nulls_not_distinct",
                "in MySQL NULLs are always distinct: index an expression such as `coalesce(x, '')`",
            );
        }
        for (name, check) in &table.checks {
            let at = below(at, &["checks", name]);
            self.check(check.no_inherit, &at, "no_inherit", "MySQL's tables inherit nothing: take it out");
            self.check(check.not_valid, &at, "not_valid", "MySQL looks at every row, or with `enforced = false` at none: take it out");
        }
        for name in table.exclusions.keys() {
            self.add(&below(at, &["exclusions", name]), "MySQL has no exclusion constraints: use a unique index or a trigger");
        }
        for (name, key) in &table.foreign_keys {
            self.foreign_key(&below(at, &["foreign_keys", name]), key);
        }
        for (name, index) in &table.indexes {
            self.index(&below(at, &["indexes", name]), index);
        }
    }

    fn foreign_key(&mut self, at: &[&str], key: &ForeignKey) {
        self.check(key.match_full, at, "match", "MySQL treats every MATCH as SIMPLE: add a check that all columns are NULL or none is");
        self.check(!key.on_delete_columns.is_empty(), at, "on_delete_columns", "in MySQL ON DELETE sets all columns of the key: take it out");
        self.check(key.deferrable != Deferrable::No, at, "deferrable", "MySQL checks foreign keys at once: take it out");
        self.check(key.not_valid, at, "not_valid", "MySQL looks at every row: take it out");
    }

    fn index(&mut self, at: &[&str], index: &Index) {
        self.check(!index.include.is_empty(), at, "include", "MySQL has no INCLUDE: put the columns behind the key columns");
        self.check(
            index.predicate.is_some(),
            at,
            "where",
            "MySQL has no partial indexes: index an expression that is NULL for the other rows, `(CASE WHEN ... THEN x END)`",
        );
        self.check(
            index.nulls_not_distinct,
            at,
            "nulls_not_distinct",
            "in MySQL NULLs are always distinct: index an expression such as `coalesce(x, '')`",
        );
        self.check(index.tablespace.is_some(), at, "tablespace", "an index of MySQL lies with its table: take it out");
        self.word(at, "using", Some(&index.method));
        let foreign = index.parts.iter().any(|part| part.key.opclass.is_some() || part.key.collation.is_some() || part.nulls.is_some());
        self.check(foreign, at, "columns", "MySQL's indexes go by the column's own collation, NULLs first: take opclass, collation and nulls out");
        for (key, value) in &index.storage {
            let known = ["using", "parser", "invisible", "key_block_size"].contains(&key.as_str());
            if !known && !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') || !is_value(value) {
                self.add(
                    &below(at, &["with"]),
                    &format!("`{key} = {value}` is no option of an index: there are using, parser, invisible and key_block_size"),
                );
            }
        }
    }
}

/// A number, a word, a string, or a list of names.
fn is_value(text: &str) -> bool {
    let tokens = significant(text);
    // A comment would swallow what stands behind it.
    if tokens.iter().map(|token| token.text.len()).sum::<usize>() + text.matches(' ').count() < text.len() {
        return false;
    }
    match tokens.as_slice() {
        [token] => match token.kind {
            Kind::Word | Kind::Number => true,
            Kind::String | Kind::Quoted => significant(&format!("{text} x")).len() == 2,
            _ => false,
        },
        [open, inside @ .., close] => {
            open.is_symbol("(") && close.is_symbol(")") && inside.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Quoted) || t.is_symbol(","))
        }
        [] => false,
    }
}

/// What may stand behind a type in SQL and belongs to other keys of schema.toml.
const MORE: [&str; 15] = [
    "default",
    "not",
    "null",
    "primary",
    "unique",
    "key",
    "comment",
    "references",
    "check",
    "generated",
    "as",
    "auto_increment",
    "collate",
    "on",
    "invisible",
];

/// Words, at most one list in parentheses, and words: the type goes into SQL as it stands.
fn is_type(text: &str) -> bool {
    let tokens = significant(text);
    if tokens.iter().map(|token| token.text.len()).sum::<usize>() + text.matches(char::is_whitespace).count() < text.len() {
        return false;
    }
    let open = tokens.iter().position(|token| token.is_symbol("(")).unwrap_or(tokens.len());
    let (words, rest) = tokens.split_at(open);
    // What is said of a column besides its type has keys of its own.
    let says_more = |token: &super::lexer::Token<'_>| MORE.iter().any(|word| token.is_word(word));
    let are_words = |tokens: &[super::lexer::Token<'_>]| tokens.iter().all(|token| token.kind == Kind::Word && !says_more(token));
    let inside = |token: &super::lexer::Token<'_>| {
        token.is_symbol(",") || matches!(token.kind, Kind::Number | Kind::Word) || token.kind == Kind::String && is_value(token.text)
    };
    let (list, behind) = match rest.iter().position(|token| token.is_symbol(")")) {
        Some(close) => (&rest[1..close], &rest[close + 1..]),
        None if rest.is_empty() => (rest, rest),
        None => return false,
    };
    !words.is_empty() && are_words(words) && list.iter().all(inside) && are_words(behind)
}

/// `` `user`@`host` ``, `'user'@'host'`, or one of the words for the session's own.
fn is_account(text: &str) -> bool {
    match significant(text).as_slice() {
        [user, host] => matches!(user.kind, Kind::Quoted | Kind::String | Kind::Word) && host.kind == Kind::Variable,
        [word] => word.kind == Kind::Word,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_nothing_but_a_type() {
        for good in ["int", "int(10) unsigned zerofill", "enum('a','b''c')", "decimal(10, 2)", "national varchar(5)", "double precision"] {
            assert!(is_type(good), "{good}");
        }
        for bad in ["", "int, c int", "int); drop table t; -- ", "int(1)(2)", "int(", "int /* x", "enum('a", "int default (1)"] {
            assert!(!is_type(bad), "{bad}");
        }
    }

    #[test]
    fn what_goes_into_sql_as_it_stands_brings_nothing_along() {
        for good in ["1", "DYNAMIC", "'Y'", "(a, `b`)"] {
            assert!(is_value(good), "{good}");
        }
        for bad in ["", "1; DROP TABLE t", "'Y", "a b", "(select 1)", "1 -- x"] {
            assert!(!is_value(bad), "{bad}");
        }
        assert!(is_account("`app`@`%`") && is_account("CURRENT_USER") && !is_account("root; DROP TABLE t"));
    }
}

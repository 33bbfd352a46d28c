//! Keys and indexes, as SHOW CREATE TABLE prints them.

use indexmap::IndexMap;

use super::cursor::{Cursor, items};
use super::table::{columns, key_of};
use crate::model::{Deferrable, ForeignKey, Hint, Index, IndexPart, KeyAction, Name, Order, PrimaryKey, Unique};

/// The primary key behind its two words. It has no name of its own: <https://dev.mysql.com/doc/refman/8.4/en/create-table.html>.
pub(super) fn primary_key(cursor: &mut Cursor<'_>, unknown: &mut Vec<String>) -> Option<PrimaryKey> {
    let list = cursor.group()?;
    let Some(parts) = index_parts(list) else {
        unknown.push(format!("PRIMARY KEY ({list})"));
        return None;
    };
    let is_plain = parts.iter().all(|part| part.length.is_none() && part.order == Order::Asc);
    let mut options = Options::default();
    options.read(cursor, unknown);
    unknown.extend(options.storage.keys().filter(|key| *key != "using").map(|key| format!("`{key}` of the primary key")));
    Some(PrimaryKey {
        name: String::new(),
        unnamed: Hint(false),
        columns: columns(list),
        include: Vec::new(),
        deferrable: Deferrable::No,
        comment: options.comment,
        using: options.storage.get("using").cloned(),
        parts: if is_plain { Vec::new() } else { parts },
        on_duplicate: Hint::default(),
    })
}

/// An index with its name; `None` where the words are not understood.
pub(super) fn index(cursor: &mut Cursor<'_>, unknown: &mut Vec<String>) -> Option<(String, Index)> {
    let unique = cursor.take_words(&["unique"]);
    let method = ["fulltext", "spatial", "vector"].into_iter().find(|method| cursor.take_words(&[method]));
    if !cursor.take_words(&["key"]) {
        return None;
    }
    let name = cursor.name()?;
    let parts = index_parts(cursor.group()?)?;
    let mut options = Options::default();
    options.read(cursor, unknown);
    let index = Index {
        unique,
        method: method.unwrap_or("btree").to_owned(),
        parts,
        include: Vec::new(),
        predicate: None,
        nulls_not_distinct: false,
        storage: options.storage,
        tablespace: None,
        comment: options.comment,
        on_duplicate: Hint::default(),
        short: Hint(false),
    };
    Some((name, index))
}

/// The parts of a key; `None` where one has more to it than the model knows.
fn index_parts(list: &str) -> Option<Vec<IndexPart>> {
    let mut parts = Vec::new();
    for item in items(list) {
        let mut part = Cursor::new(item);
        let (key, length) = key_of(&mut part)?;
        let order = if part.take_words(&["desc"]) { Order::Desc } else { Order::Asc };
        if !part.is_done() {
            return None;
        }
        parts.push(IndexPart { key, length, order, nulls: None });
    }
    Some(parts)
}

/// The unique constraint that a plain unique index is: MySQL knows no difference between the two.
pub(in crate::dialect::mysql) fn unique(index: Index) -> Unique {
    Unique {
        unnamed: Hint(false),
        columns: index.parts.iter().filter_map(|part| part.key.column_name().map(str::to_owned)).collect(),
        include: index.include,
        nulls_not_distinct: index.nulls_not_distinct,
        deferrable: Deferrable::No,
        comment: index.comment,
        on_duplicate: index.on_duplicate,
    }
}

/// True for an index that is columns and nothing else, so that a unique one is a unique constraint.
pub(in crate::dialect::mysql) fn is_plain(index: &Index) -> bool {
    let plain = |part: &IndexPart| part.key.column_name().is_some() && part.length.is_none() && part.order == Order::Asc;
    index.method == "btree" && index.storage.is_empty() && index.comment.is_none() && index.parts.iter().all(plain)
}

/// What stands behind the parentheses of an index.
#[derive(Default)]
struct Options {
    storage: IndexMap<String, String>,
    comment: Option<String>,
}

impl Options {
    fn read(&mut self, cursor: &mut Cursor<'_>, unknown: &mut Vec<String>) {
        while let Some(token) = cursor.peek() {
            let mut put = |key: &str, value: Option<String>| self.storage.extend(value.map(|value| (key.to_owned(), value)));
            if cursor.take_words(&["using"]) {
                put("using", cursor.name());
            } else if cursor.take_words(&["comment"]) {
                self.comment = cursor.string();
            } else if cursor.take_words(&["with", "parser"]) {
                put("parser", cursor.name());
            } else if cursor.take_words(&["invisible"]) || cursor.take_words(&["ignored"]) {
                put("invisible", Some("true".to_owned()));
            } else if let Some(key) = cursor.name().map(|key| key.to_lowercase()) {
                cursor.take_symbol("=");
                put(&key, cursor.next().map(|token| token.text.to_owned()));
            } else {
                unknown.push(format!("`{}` of an index", token.text));
                cursor.next();
            }
        }
        self.storage.sort_keys();
    }
}

/// A foreign key behind the name of its constraint.
pub(super) fn foreign_key(cursor: &mut Cursor<'_>) -> Option<ForeignKey> {
    if !cursor.take_words(&["foreign", "key"]) {
        return None;
    }
    let own = columns(cursor.group()?);
    cursor.take_words(&["references"]);
    let first = cursor.name()?;
    let target = if cursor.take_symbol(".") { Name::within(Some(&first), cursor.name()?) } else { Name::new(first) };
    let mut key = ForeignKey::new(own, target, columns(cursor.group()?));
    while !cursor.is_done() {
        if cursor.take_words(&["on", "delete"]) {
            key.on_delete = action(cursor)?;
        } else if cursor.take_words(&["on", "update"]) {
            key.on_update = action(cursor)?;
        } else {
            return None;
        }
    }
    Some(key)
}

/// RESTRICT and NO ACTION are one and the same here; the one that is printed is the one that was said (see `render::foreign_key`).
fn action(cursor: &mut Cursor<'_>) -> Option<KeyAction> {
    let actions = [
        (&["cascade"][..], KeyAction::Cascade),
        (&["set", "null"], KeyAction::SetNull),
        (&["set", "default"], KeyAction::SetDefault),
        (&["restrict"], KeyAction::Restrict),
        (&["no", "action"], KeyAction::Restrict),
    ];
    actions.into_iter().find(|(words, _)| cursor.take_words(words)).map(|(_, action)| action)
}

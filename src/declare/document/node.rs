//! A TOML value and its place.
//!
//! Reading never complains: what has the wrong type was reported by the check of the language and reads as absent.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::declare::spans::Place;

#[derive(Debug, Clone, Copy)]
pub(in crate::declare) struct Node<'d> {
    source: usize,
    text: &'d str,
    value: Value<'d>,
}

/// The top of a document is a bare table; everything below is a value.
#[derive(Debug, Clone, Copy)]
enum Value<'d> {
    Root(&'d Spanned<DeTable<'d>>),
    Inner(&'d Spanned<DeValue<'d>>),
}

impl<'d> Node<'d> {
    /// The top of the document that was read from `text`.
    pub fn root(source: usize, text: &'d str, table: &'d Spanned<DeTable<'d>>) -> Self {
        Self { source, text, value: Value::Root(table) }
    }

    /// The value itself; `None` for the top of a document.
    pub fn value(&self) -> Option<&'d DeValue<'d>> {
        match self.value {
            Value::Root(_) => None,
            Value::Inner(value) => Some(value.get_ref()),
        }
    }

    pub fn place(&self) -> Place {
        let span = match self.value {
            Value::Root(table) => table.span(),
            Value::Inner(value) => value.span(),
        };
        Place::new(self.source, &span)
    }

    /// The characters of the file that make up the value.
    pub fn written(&self) -> &'d str {
        let place = self.place();
        self.text.get(place.range()).unwrap_or_default()
    }

    fn table(&self) -> Option<&'d DeTable<'d>> {
        match self.value {
            Value::Root(table) => Some(table.get_ref()),
            Value::Inner(value) => value.get_ref().as_table(),
        }
    }

    pub fn is_table(&self) -> bool {
        self.table().is_some()
    }

    /// The entries of a table with the places of their keys; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&'d str, Place, Node<'d>)> + use<'d> {
        let (source, text) = (self.source, self.text);
        self.table().into_iter().flatten().map(move |(key, value)| {
            let node = Node { source, text, value: Value::Inner(value) };
            (key.get_ref().as_ref(), Place::new(source, &key.span()), node)
        })
    }

    /// The items of an array; none for anything else.
    pub fn items(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let (source, text) = (self.source, self.text);
        let array = self.value().and_then(DeValue::as_array);
        array.into_iter().flatten().map(move |value| Node { source, text, value: Value::Inner(value) })
    }

    pub fn get(&self, key: &str) -> Option<Node<'d>> {
        let value = self.table()?.get(key)?;
        Some(Node { source: self.source, text: self.text, value: Value::Inner(value) })
    }

    /// The place of a key of this table; of the whole value where there is no such key.
    pub fn key_place(&self, key: &str) -> Place {
        let found = self.table().and_then(|table| table.get_key_value(key));
        found.map_or_else(|| self.place(), |(key, _)| Place::new(self.source, &key.span()))
    }

    pub fn text(&self) -> Option<&'d str> {
        self.value()?.as_str()
    }

    pub fn flag(&self) -> Option<bool> {
        self.value()?.as_bool()
    }

    /// A whole number that fits 64 bits.
    pub fn integer(&self) -> Option<i64> {
        let integer = self.value()?.as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    pub fn text_at(&self, key: &str) -> Option<String> {
        self.get(key)?.text().map(str::to_owned)
    }

    pub fn flag_at(&self, key: &str) -> bool {
        self.get(key).and_then(|node| node.flag()).unwrap_or(false)
    }

    pub fn integer_at(&self, key: &str) -> Option<i64> {
        self.get(key)?.integer()
    }

    /// The strings of an array.
    pub fn texts(&self) -> Vec<String> {
        self.items().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    /// The strings of the array behind `key`; none where there is no such key.
    pub fn texts_at(&self, key: &str) -> Vec<String> {
        self.get(key).map_or_else(Vec::new, |node| node.texts())
    }
}

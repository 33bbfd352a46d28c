//! TOML as a person writes it: sections, aligned columns, the kind of string that needs the fewest escapes.

use std::fmt::Write as _;

/// A value on the right of `=`.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A number or a truth value, as it stands.
    Raw(String),
    Text(String),
    List(Vec<Value>),
    /// `{ a = 1, b = 2 }`.
    Inline(Entries),
}

/// Keys and values of one table.
pub(super) type Entries = Vec<(String, Value)>;

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    pub fn texts(texts: &[String]) -> Self {
        Value::List(texts.iter().map(Value::text).collect())
    }

    pub fn yes() -> Self {
        Value::Raw("true".to_owned())
    }

    pub fn flag(value: bool) -> Self {
        Value::Raw(value.to_string())
    }

    pub fn number(value: i64) -> Self {
        Value::Raw(value.to_string())
    }

    fn render(&self) -> String {
        match self {
            Value::Raw(text) => text.clone(),
            Value::Text(text) => string(text),
            Value::List(items) => format!("[{}]", items.iter().map(Value::render).collect::<Vec<_>>().join(", ")),
            Value::Inline(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Inline(entries) => {
                let entries: Vec<String> = entries.iter().map(|(name, value)| format!("{} = {}", key(name), value.render())).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// The text being written.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    /// `[a.b.c]`, with an empty line before it.
    pub fn section(&mut self, path: &[&str]) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        let path: Vec<String> = path.iter().map(|name| key(name)).collect();
        self.line(&format!("[{}]", path.join(".")));
    }

    /// One `key = value` to a line.
    pub fn entries(&mut self, entries: &Entries) {
        for (name, value) in entries {
            self.line(&format!("{} = {}", key(name), value.render()));
        }
    }

    /// The same, the `=` one below the other.
    pub fn aligned(&mut self, entries: &Entries) {
        let keys: Vec<String> = entries.iter().map(|(name, _)| key(name)).collect();
        let width = keys.iter().map(|key| key.chars().count()).max().unwrap_or(0);
        for (key, (_, value)) in keys.iter().zip(entries) {
            self.line(&format!("{key:width$} = {}", value.render()));
        }
    }

    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// A key, in quotes where it is not a bare one.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { basic(name) }
}

fn string(text: &str) -> String {
    // A line break is the only control character that a literal string may hold besides the tab.
    let printable = text.chars().all(|c| !c.is_control() || c == '\t' || c == '\n');
    if text.contains('\n') {
        return if printable && !text.contains("'''") && !text.ends_with('\'') {
            format!("'''\n{text}'''")
        } else {
            format!("\"\"\"\n{}\"\"\"", escape(text, true))
        };
    }
    if printable && text.contains(['"', '\\']) && !text.contains('\'') { format!("'{text}'") } else { basic(text) }
}

fn basic(text: &str) -> String {
    format!("\"{}\"", escape(text, false))
}

fn escape(text: &str, keep_lines: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' if keep_lines => escaped.push('\n'),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{:04X}", c as u32);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reread(text: &str) -> String {
        let document = format!("{} = {}\n", key(text), string(text));
        let table: toml::Table = document.parse().unwrap_or_else(|error| panic!("{document}\n{error}"));
        let (name, value) = table.iter().next().unwrap();
        assert_eq!(name, text);
        value.as_str().unwrap().to_owned()
    }

    #[test]
    fn every_string_is_read_back() {
        for text in [
            "",
            "plain",
            "it's",
            "say \"x\"",
            "both ' and \"",
            "a\\b",
            "a\nb",
            "\na",
            "a\n",
            "'''\n\"\"\"",
            "a\r\nb",
            "ends\nwith '",
            "\u{7f}\u{1}\t",
            "日本",
        ] {
            assert_eq!(reread(text), text);
        }
    }

    #[test]
    fn strings_take_the_quotes_that_need_no_escapes() {
        assert_eq!(string("a 'b'"), "\"a 'b'\"");
        assert_eq!(string("a \"b\""), "'a \"b\"'");
        assert_eq!(string("SELECT 1\nFROM t"), "'''\nSELECT 1\nFROM t'''");
    }
}

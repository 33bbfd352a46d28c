//! TOML values as SQL.

use toml::de::DeValue;

use super::Lowering;
use crate::declare::document::Node;
use crate::model::Text;

/// A value in SQL.
pub(super) struct Value {
    pub sql: String,
    /// True where it was a plain TOML value rather than an expression.
    pub constant: bool,
}

impl Lowering {
    /// A plain value, quoted as the engine wants it, or the expression of `{ sql = "..." }`.
    pub fn value(&mut self, node: Node<'_>) -> Option<Value> {
        if node.is_table() {
            let sql = self.sql(node.get("sql")?)?;
            return Some(Value { sql, constant: false });
        }
        self.literal(node).map(|sql| Value { sql, constant: true })
    }

    /// Numbers keep the digits they were written with: `1.50` has two decimals for the server as well.
    fn literal(&mut self, node: Node<'_>) -> Option<String> {
        match node.value()? {
            DeValue::String(text) => Some(self.dialect.literal(text)),
            DeValue::Boolean(value) => Some(self.dialect.boolean(*value).to_owned()),
            DeValue::Datetime(_) => Some(self.dialect.literal(node.written())),
            DeValue::Integer(integer) if integer.radix() == 10 => Some(unsigned(integer.as_str())),
            DeValue::Integer(integer) => {
                let value = i128::from_str_radix(integer.as_str(), integer.radix()).ok();
                if value.is_none() {
                    self.say(node.place(), "the number is too great to be converted", "write it in decimal");
                }
                value.map(|value| value.to_string())
            }
            DeValue::Float(float) if float.as_str().ends_with("inf") || float.as_str().ends_with("nan") => {
                let help = format!("if the server has it, write {{ sql = \"'{}'\" }}", float.as_str());
                self.say(node.place(), format!("'{}' is not a number in SQL", node.written()), help);
                None
            }
            DeValue::Float(float) => Some(unsigned(float.as_str())),
            DeValue::Array(_) | DeValue::Table(_) => None,
        }
    }

    /// SQL as somebody wrote it; blank text is reported.
    pub fn sql(&mut self, node: Node<'_>) -> Option<String> {
        let text = node.text()?;
        if text.trim().is_empty() {
            self.say(node.place(), "the SQL is empty", "write the expression, or leave the key out");
            return None;
        }
        Some(text.to_owned())
    }

    /// The SQL of a short form, `"expr"`, or of its long form, `{ KEY = "expr" }`.
    pub fn sql_or(&mut self, node: Node<'_>, key: &str) -> Option<Text> {
        let node = if node.is_table() { node.get(key)? } else { node };
        self.sql(node).map(Text::new)
    }

    /// The value of a storage parameter, which the server keeps as text.
    pub fn parameter(&mut self, node: Node<'_>) -> Option<String> {
        match node.value()? {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Boolean(value) => Some(value.to_string()),
            DeValue::Integer(_) | DeValue::Float(_) => self.literal(node),
            DeValue::Datetime(_) => Some(node.written().to_owned()),
            DeValue::Array(_) | DeValue::Table(_) => None,
        }
    }
}

/// A number without the `+` that TOML allows.
fn unsigned(digits: &str) -> String {
    digits.strip_prefix('+').unwrap_or(digits).to_owned()
}

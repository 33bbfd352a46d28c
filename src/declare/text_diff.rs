//! A difference to read: both schemas as schema.toml, line against line.

use similar::TextDiff;

use crate::dialect::Dialect;
use crate::model::Schema;

/// A unified diff of two schemas, `from` being what is there. Empty where they read the same.
pub fn text_diff(from: &Schema, to: &Schema, names: (&str, &str), dialect: &'static dyn Dialect) -> String {
    let (before, after) = (super::write(from, dialect), super::write(to, dialect));
    TextDiff::from_lines(&before, &after).unified_diff().context_radius(2).header(names.0, names.1).to_string()
}

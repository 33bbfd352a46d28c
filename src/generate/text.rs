//! A difference to read: both schemas as schema.toml, line against line.

use similar::TextDiff;

use crate::declare;
use crate::dialect::Dialect;
use crate::model::Schema;

/// A unified diff of two schemas, `from` being what is there. Empty where they read the same.
pub fn text_diff(from: &Schema, to: &Schema, names: (&str, &str), dialect: &'static dyn Dialect) -> String {
    let (before, after) = (declare::write(from, dialect), declare::write(to, dialect));
    TextDiff::from_lines(&before, &after).unified_diff().context_radius(2).header(names.0, names.1).to_string()
}

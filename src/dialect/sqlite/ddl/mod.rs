//! Reads the statements that SQLite keeps in `sqlite_schema`. Strict: what has no place in the model is named, never dropped in silence.

mod clause;
mod column;
mod cursor;
mod draft;
mod index;
mod script;
mod table;

pub(super) use column::is_value;
pub use index::create_index;
pub use script::{create_trigger, create_view, create_virtual_table};
pub use table::create_table;

#[cfg(test)]
mod tests;

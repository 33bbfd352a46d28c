//! The commands, as the page on the command line promises them.

mod check;
mod connections;
mod init;
mod inspect;
mod migrate;
mod portable;
mod read_only;
mod revisions;
mod safety;
mod scope;
mod upgrade;

/// A schema that every engine holds.
const TODOS: &str = r#"
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
description = { type = "text", nullable = false }
"#;

/// [`TODOS`] with a column that rows must have and that is filled for them.
const TODOS_COMPLETED: &str = r#"
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
description = { type = "text", nullable = false }
completed = { type = "boolean", nullable = false, backfill = false }
"#;

/// Rows for [`TODOS`].
const ROWS: &str = "INSERT INTO todos (description) VALUES ('sweep'), ('mop');";

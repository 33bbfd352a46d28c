//! dbtool keeps a database's schema in step with a file.
//!
//! ```text
//! schema.toml --declare::parse--> declared --scratch: the server spells it--> canonical --+
//! live database ------------------introspect---------------------------> canonical --+-> diff -> plan -> up.sql, down.sql
//! ```
//!
//! `model` and `source` stand at the bottom and know nothing of the rest; `cli` stands on top and is the only place that knows
//! arguments, terminals and exit codes. ARCHITECTURE.md tells where things are and what must stay true.

pub mod check;
pub mod cli;
pub mod config;
pub mod declare;
pub mod dialect;
pub mod diff;
mod error;
pub mod generate;
pub mod migration;
pub mod model;
pub mod plan;
pub mod run;
pub mod scratch;
pub mod source;

pub use error::UserError;

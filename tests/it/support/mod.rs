//! What the tests stand on: throw-away databases, the engines' own clients, and the program under test.
//!
//! Nothing here reads a database through dbtool: what a test compares with must come from somebody else.

mod command;
mod database;
mod engine;
mod facts;
mod mysql_client;
mod mysql_dump;
mod pg_dump;
mod project;
mod proxy;
mod running;
mod sqlite_dump;

pub use command::{Output, run};
pub use database::Database;
pub use engine::{Engine, Flavour};
pub use facts::difference;
pub use project::Project;
pub use proxy::Proxy;
pub use running::Running;

//! What the user asked for: flags over the environment over `.env` over `dbtool.toml` over defaults, as one [`Settings`].
//!
//! The process environment is only read, never changed.

mod check;
mod environment;
mod file;
mod settings;
mod url;

pub use check::{CheckSettings, NAME_KINDS, PathLevels};
pub use environment::Environment;
pub use file::{ConfigFile, Section};
pub use settings::{Color, Database, Flags, Format, MigrateSettings, Origin, Settings, StateSettings, UpgradeSettings};
pub use url::DatabaseUrl;

/// The URL `init` writes where none is given.
pub const DEFAULT_URL: &str = "sqlite://dev.db";
/// Where the migrations lie unless said otherwise.
pub const DEFAULT_DIRECTORY: &str = "migrations";
/// Where the declared schema lies unless said otherwise.
pub const DEFAULT_SCHEMA: &str = "schema.toml";
/// Where the settings lie unless said otherwise.
pub const DEFAULT_CONFIG: &str = "dbtool.toml";

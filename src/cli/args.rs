//! The command line as clap reads it. The help texts are these comments.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, Subcommand};

use super::commands::{
    branches, check, current, diff, downgrade, edit, heads, history, init, inspect, merge, migrate, repair, revision, show, stamp, status, upgrade,
};
use crate::config::{Color, Flags, Format};
use crate::migration::{Pace, Pause, parse_duration};
use crate::run::Stop;

/// Keeps a database's schema in step with a file.
///
/// Say what you want in schema.toml; `dbtool migrate` compares it with the database and writes a pair of SQL files; read them, commit them,
/// and `dbtool upgrade` applies them.
#[derive(Debug, Parser)]
#[command(name = "dbtool", version, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command. Each is also an environment variable, there or in `.env`, and a key of dbtool.toml.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The database: sqlite:///relative.db, sqlite:////absolute.db, postgres:// or mysql://user:password@host/database [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The folder of the migration files [env: DBTOOL_DIRECTORY] [default: migrations]
    #[arg(short, long, global = true, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// The declared schema: a file, or a folder of *.toml files [env: DBTOOL_SCHEMA] [default: schema.toml]
    #[arg(short, long, global = true, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// The settings [env: DBTOOL_CONFIG] [default: dbtool.toml]
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One of several databases in the settings, [databases.NAME] [env: DBTOOL_NAME]
    #[arg(long, global = true, value_name = "NAME")]
    name: Option<String>,
    /// Another server to try plans on [env: DBTOOL_SCRATCH_URL]
    #[arg(long, global = true, value_name = "URL")]
    scratch_url: Option<String>,
    /// The form of the result; github, gitlab and sarif are for `check` only [env: DBTOOL_FORMAT] [default: human]
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// When to use color; NO_COLOR is honored [env: DBTOOL_COLOR] [default: auto]
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    color: Option<Color>,
    /// Say nothing but results, warnings and errors [env: DBTOOL_QUIET]
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more [env: DBTOOL_VERBOSE]
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Never ask a question [env: DBTOOL_NO_INPUT]
    #[arg(long, global = true)]
    no_input: bool,
}

impl From<GlobalArgs> for Flags {
    fn from(args: GlobalArgs) -> Self {
        let GlobalArgs { database_url, directory, schema, config, name, scratch_url, format, color, quiet, verbose, no_input } = args;
        Flags { database_url, directory, schema, config, name, scratch_url, format, color, quiet, verbose, no_input }
    }
}

/// How long to wait for another run.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LockArgs {
    /// Seconds to wait for another run on the same database [env: DBTOOL_LOCK_TIMEOUT] [default: 300]
    #[arg(long, value_name = "SECONDS")]
    lock_timeout: Option<u64>,
}

impl LockArgs {
    pub fn timeout(&self) -> Option<Duration> {
        self.lock_timeout.map(Duration::from_secs)
    }
}

/// How fast backfills go, and when to stop.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Backfills")]
pub struct PaceArgs {
    /// Rows of a batch [env: DBTOOL_BATCH] [default: as many as fit the target]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,
    /// How long a batch is to take [env: DBTOOL_TARGET] [default: 200ms]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    target: Option<Duration>,
    /// The pause behind a batch: a time, or a share of the batch's own [env: DBTOOL_PAUSE] [default: 5%]
    #[arg(long, value_name = "TIME|PERCENT")]
    pause: Option<Pause>,
    /// Stop after this time, where nothing is lost; the next run goes on
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pause_after: Option<Duration>,
}

impl PaceArgs {
    pub fn pace(&self) -> Pace {
        Pace { batch: self.batch, target: self.target, pause: self.pause }
    }

    pub fn stop(&self) -> Stop {
        Stop::after(self.pause_after)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Args),
    Inspect(inspect::Args),
    Migrate(migrate::Args),
    Revision(revision::Args),
    Upgrade(upgrade::Args),
    Downgrade(downgrade::Args),
    Current(current::Args),
    History(history::Args),
    Heads(heads::Args),
    Branches(branches::Args),
    Show(show::Args),
    Stamp(stamp::Args),
    Merge(merge::Args),
    Edit(edit::Args),
    Check(check::Args),
    Diff(diff::Args),
    Status(status::Args),
    Repair(repair::Args),
}

impl Command {
    /// The command's name, as it stands in its JSON document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Inspect(_) => "inspect",
            Self::Migrate(_) => "migrate",
            Self::Revision(_) => "revision",
            Self::Upgrade(_) => "upgrade",
            Self::Downgrade(_) => "downgrade",
            Self::Current(_) => "current",
            Self::History(_) => "history",
            Self::Heads(_) => "heads",
            Self::Branches(_) => "branches",
            Self::Show(_) => "show",
            Self::Stamp(_) => "stamp",
            Self::Merge(_) => "merge",
            Self::Edit(_) => "edit",
            Self::Check(_) => "check",
            Self::Diff(_) => "diff",
            Self::Status(_) => "status",
            Self::Repair(_) => "repair",
        }
    }

    /// The `--lock-timeout` of the commands that have it.
    pub fn lock_timeout(&self) -> Option<Duration> {
        match self {
            Self::Upgrade(args) => args.lock.timeout(),
            Self::Downgrade(args) => args.lock.timeout(),
            Self::Stamp(args) => args.lock.timeout(),
            Self::Repair(args) => args.lock.timeout(),
            Self::Init(_)
            | Self::Inspect(_)
            | Self::Migrate(_)
            | Self::Revision(_)
            | Self::Current(_)
            | Self::History(_)
            | Self::Heads(_)
            | Self::Branches(_)
            | Self::Show(_)
            | Self::Merge(_)
            | Self::Edit(_)
            | Self::Check(_)
            | Self::Diff(_)
            | Self::Status(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_and_behind_the_command_and_steps_are_no_options() {
        let parse = |words: &[&str]| Cli::try_parse_from(words).expect("valid");
        for words in [&["dbtool", "-d", "x", "heads"][..], &["dbtool", "heads", "-d", "x"]] {
            assert_eq!(Flags::from(parse(words).global).directory, Some("x".into()));
        }
        let Command::Downgrade(args) = parse(&["dbtool", "downgrade", "-1"]).command else { panic!("downgrade") };
        assert_eq!(args.rev.as_deref(), Some("-1"));
        let Command::Upgrade(args) = parse(&["dbtool", "upgrade", "+1", "--sql"]).command else { panic!("upgrade") };
        assert_eq!((args.rev.as_deref(), args.sql.as_deref()), (Some("+1"), Some("")));
        assert!(Cli::try_parse_from(["dbtool", "downgrade", "-x"]).is_err());
    }
}

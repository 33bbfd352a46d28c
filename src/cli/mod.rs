//! The only place that knows arguments, terminals and exit codes.

mod args;
mod ask;
mod check_fix;
mod commands;
mod context;
mod exit;
mod progress;
mod project;
mod signals;
mod ui;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use crate::UserError;
use crate::config::{Flags, Format, Settings};

pub use args::{Cli, Command, GlobalArgs, LockArgs, PaceArgs};
pub use context::{Context, revision_json};
pub use exit::{DONE, ERROR, Exit, INTERRUPTED, NO};
pub use ui::Ui;

/// Parses the arguments, runs the command, and gives the exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let command = cli.command.name();
    let flags = Flags::from(cli.global);
    let json = flags.format.map_or_else(json_by_environment, |format| format == Format::Json);
    let context = match context(&flags, &cli.command) {
        Ok(context) => context,
        Err(error) => {
            Ui::early(command, json).error(&error.into());
            return ExitCode::from(ERROR);
        }
    };
    let result = runtime().and_then(|runtime| runtime.block_on(run(cli.command, &context)));
    match result.and_then(|exit| context.ui.finish().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            context.ui.error(&error);
            ExitCode::from(ERROR)
        }
    }
}

/// One connection does all the work, so one thread is enough.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn context(flags: &Flags, command: &Command) -> Result<Context, UserError> {
    let mut settings = Settings::load(flags)?;
    if flags.config.is_some() && !settings.config_exists && !matches!(command, Command::Init(_)) {
        return Err(UserError::new(format!("there is no file {}", settings.config.display())).with_help("`dbtool init` writes one"));
    }
    if matches!(settings.format, Format::Github | Format::Gitlab | Format::Sarif) && !matches!(command, Command::Check(_)) {
        return Err(
            UserError::new("the formats github, gitlab and sarif are for `dbtool check` only").with_help("use --format human or --format json")
        );
    }
    if let Some(timeout) = command.lock_timeout() {
        settings.upgrade.lock_timeout = timeout;
    }
    let ui = Ui::new(command.name(), &settings);
    Ok(Context { settings, ui })
}

async fn run(command: Command, context: &Context) -> anyhow::Result<Exit> {
    match command {
        Command::Init(args) => commands::init::run(args, context).await,
        Command::Inspect(args) => commands::inspect::run(args, context).await,
        Command::Migrate(args) => commands::migrate::run(args, context).await,
        Command::Revision(args) => commands::revision::run(args, context).await,
        Command::Upgrade(args) => commands::upgrade::run(args, context).await,
        Command::Downgrade(args) => commands::downgrade::run(args, context).await,
        Command::Current(args) => commands::current::run(args, context).await,
        Command::History(args) => commands::history::run(args, context).await,
        Command::Heads(args) => commands::heads::run(args, context).await,
        Command::Branches(args) => commands::branches::run(args, context).await,
        Command::Show(args) => commands::show::run(args, context).await,
        Command::Stamp(args) => commands::stamp::run(args, context).await,
        Command::Merge(args) => commands::merge::run(args, context).await,
        Command::Edit(args) => commands::edit::run(args, context).await,
        Command::Check(args) => commands::check::run(args, context).await,
        Command::Diff(args) => commands::diff::run(args, context).await,
        Command::Status(args) => commands::status::run(args, context).await,
        Command::Repair(args) => commands::repair::run(args, context).await,
    }
}

/// Help and version are results; anything else clap says is an error, and in a JSON run a document too.
fn usage(error: &clap::Error) -> ExitCode {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let asked = words.windows(2).any(|pair| pair == ["--format", "json"]) || words.iter().any(|word| word == "--format=json");
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !is_help && (asked || json_by_environment()) {
        let text = error.render().to_string();
        let message = text.trim().strip_prefix("error: ").unwrap_or(text.trim());
        let known = Cli::command();
        let command = words.iter().find_map(|word| known.find_subcommand(word)).map_or_else(String::new, |command| command.get_name().to_owned());
        Ui::early(&command, true).error(&UserError::new(message).into());
    } else {
        // A reader that went away is no error.
        let _ = error.print();
    }
    ExitCode::from(if is_help { DONE } else { ERROR })
}

fn json_by_environment() -> bool {
    std::env::var("DBTOOL_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"))
}

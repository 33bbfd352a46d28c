//! From four places to one answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::check::CheckSettings;
use super::environment::Environment;
use super::file::{ConfigFile, Section, closest};
use super::{DEFAULT_CONFIG, DEFAULT_DIRECTORY, DEFAULT_SCHEMA, DatabaseUrl};
use crate::UserError;
use crate::dialect::Scope;
use crate::migration::{Pace, parse_duration};

/// What the command line said. `None` where it said nothing.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub database_url: Option<String>,
    pub directory: Option<PathBuf>,
    pub schema: Option<PathBuf>,
    pub config: Option<PathBuf>,
    pub name: Option<String>,
    pub scratch_url: Option<String>,
    pub format: Option<Format>,
    pub color: Option<Color>,
    pub quiet: bool,
    pub verbose: u8,
    pub no_input: bool,
}

/// The form of what goes to stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    #[default]
    Human,
    Json,
    /// Workflow commands of GitHub Actions; `check` only.
    Github,
    /// GitLab's code quality report; `check` only.
    Gitlab,
    /// SARIF 2.1.0; `check` only.
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// Where a database URL came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment,
    DotEnv,
    ConfigFile,
}

/// The database to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    pub url: DatabaseUrl,
    pub origin: Origin,
}

/// Where the tool keeps its own tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSettings {
    pub prefix: String,
    /// PostgreSQL: the schema of the tables; the connection's current schema where none is given. SQLite has only one.
    pub schema: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrateSettings {
    /// False leaves out the proof of a plan in scratch.
    pub verify: bool,
    /// True where plans let an application go on writing to tables that are there; false for one transaction.
    pub online: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeSettings {
    /// How long to wait for another run of dbtool on the same database.
    pub lock_timeout: Duration,
    /// PostgreSQL: `statement_timeout` of the session.
    pub statement_timeout: Option<Duration>,
    /// PostgreSQL: `lock_timeout` of the session. A statement that gives up is tried again.
    pub table_lock_timeout: Duration,
    /// How fast backfills go where neither the command line nor the script says.
    pub pace: Pace,
}

/// All settings of one run, resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `None` where no URL was given anywhere.
    pub database: Option<Database>,
    pub directory: PathBuf,
    pub schema: PathBuf,
    pub config: PathBuf,
    /// True where the configuration file exists.
    pub config_exists: bool,
    pub name: Option<String>,
    /// The names in `[databases]`, in the order of the file.
    pub databases: Vec<String>,
    pub scratch_url: Option<DatabaseUrl>,
    pub format: Format,
    pub color: Color,
    pub quiet: bool,
    pub verbose: u8,
    pub no_input: bool,
    pub state: StateSettings,
    /// Patterns of what is left to others.
    pub ignore: Vec<String>,
    /// Patterns of what alone is managed; everything where there are none.
    pub manage: Vec<String>,
    pub migrate: MigrateSettings,
    /// The oldest SQLite that is to run the files by hand, as SQLite numbers it (3035000); 0 for the one in this program.
    pub sqlite_min_version: u32,
    pub upgrade: UpgradeSettings,
    pub check: CheckSettings,
}

impl Settings {
    /// Reads `.env` and the configuration file in the current folder and resolves everything.
    ///
    /// # Errors
    /// What is wrong in which of the places.
    pub fn load(flags: &Flags) -> Result<Self, UserError> {
        let environment = Environment::read(Path::new(".env"))?;
        let named = flags.config.clone().or_else(|| environment.text("DBTOOL_CONFIG").map(PathBuf::from));
        let path = named.unwrap_or_else(|| PathBuf::from(DEFAULT_CONFIG));
        // A file that is not there is no error here even where it was named, since `init` is what makes it; the other commands check
        // `config_exists`.
        let file = ConfigFile::read(&path)?;
        Self::resolve(flags, &environment, &file, path)
    }

    /// Resolves what the four places say; nothing is read here.
    pub fn resolve(flags: &Flags, environment: &Environment, file: &ConfigFile, config: PathBuf) -> Result<Self, UserError> {
        let name = flags.name.clone().or_else(|| environment.text("DBTOOL_NAME").map(str::to_owned)).or_else(|| file.name.clone());
        let section = name.as_deref().map(|name| named_section(name, file)).transpose()?;
        let path = |flag: &Option<PathBuf>, variable: &str, of: fn(&Section) -> &Option<PathBuf>, default: &str| {
            let from_file = || section.and_then(|section| of(section).clone()).or_else(|| of(&file.top).clone());
            flag.clone().or_else(|| environment.text(variable).map(PathBuf::from)).or_else(from_file).unwrap_or_else(|| default.into())
        };
        let prefix = environment.text("DBTOOL_STATE_PREFIX").map(str::to_owned).or_else(|| file.state_prefix.clone());
        Ok(Self {
            database: database(flags, environment, file, section)?,
            directory: path(&flags.directory, "DBTOOL_DIRECTORY", |section| &section.directory, DEFAULT_DIRECTORY),
            schema: path(&flags.schema, "DBTOOL_SCHEMA", |section| &section.schema, DEFAULT_SCHEMA),
            config,
            config_exists: file.path.is_some(),
            name,
            databases: file.databases.keys().cloned().collect(),
            scratch_url: scratch(flags, environment, file, section)?,
            format: choice(flags.format, environment, "DBTOOL_FORMAT", file.format.as_deref(), "format")?,
            color: choice(flags.color, environment, "DBTOOL_COLOR", file.color.as_deref(), "color")?,
            quiet: flags.quiet || environment.truth("DBTOOL_QUIET")?.or(file.quiet).unwrap_or(false),
            verbose: match flags.verbose {
                0 => u8::try_from(environment.number("DBTOOL_VERBOSE")?.or(file.verbose).unwrap_or(0)).unwrap_or(u8::MAX),
                count => count,
            },
            no_input: flags.no_input || environment.truth("DBTOOL_NO_INPUT")?.or(file.no_input).unwrap_or(false),
            state: StateSettings { prefix: prefix.unwrap_or_else(|| "dbtool_".to_owned()), schema: file.state_schema.clone() },
            ignore: patterns(file, section, |section| &section.ignore),
            manage: patterns(file, section, |section| &section.manage),
            migrate: MigrateSettings {
                verify: file.migrate_verify.unwrap_or(true),
                online: environment.truth("DBTOOL_ONLINE")?.or(file.migrate_online).unwrap_or(true),
            },
            sqlite_min_version: sqlite_min_version(file)?,
            upgrade: upgrade(environment, file)?,
            check: file.check.clone(),
        })
    }

    /// What of a database is dbtool's to manage.
    pub fn scope(&self) -> Scope {
        Scope::new(&self.state.prefix, &self.ignore, &self.manage)
    }

    /// The database to work on.
    ///
    /// # Errors
    /// Where no URL was given, the places where one may stand.
    pub fn database_url(&self) -> Result<&DatabaseUrl, UserError> {
        if let Some(database) = &self.database {
            return Ok(&database.url);
        }
        if self.name.is_none() && !self.databases.is_empty() {
            return Err(UserError::new(format!("{} names several databases", self.config.display()))
                .with_help(format!("choose one with --name: {}", self.databases.join(", "))));
        }
        Err(UserError::new("no database is given").with_help(format!(
            "pass --database-url, set DATABASE_URL, or write `database_url = \"sqlite://dev.db\"` in {} (`dbtool init` does that)",
            self.config.display()
        )))
    }
}

fn named_section<'f>(name: &str, file: &'f ConfigFile) -> Result<&'f Section, UserError> {
    file.databases.get(name).ok_or_else(|| {
        let error = UserError::new(format!("the configuration has no [databases.{name}]"));
        let names: Vec<&str> = file.databases.keys().map(String::as_str).collect();
        match closest(name, names.iter().copied()) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None if names.is_empty() => error.with_help(format!("add [databases.{name}] with a database_url to {DEFAULT_CONFIG}")),
            None => error.with_help(format!("the databases are {}", names.join(", "))),
        }
    })
}

/// The URL, by the usual order; but the URL of a database that was chosen by name is more particular than a variable that is there for all.
fn database(flags: &Flags, environment: &Environment, file: &ConfigFile, section: Option<&Section>) -> Result<Option<Database>, UserError> {
    let (text, origin) = if let Some(text) = &flags.database_url {
        (text.clone(), Origin::Flag)
    } else if let Some(text) = section.and_then(|section| section.database_url.as_deref()) {
        (environment.expand("database_url", text)?, Origin::ConfigFile)
    } else if let Some((text, origin)) = environment.get("DATABASE_URL") {
        (text.to_owned(), origin)
    } else if let Some(text) = &file.top.database_url {
        (environment.expand("database_url", text)?, Origin::ConfigFile)
    } else {
        return Ok(None);
    };
    Ok(Some(Database { url: DatabaseUrl::parse(&text)?, origin }))
}

fn scratch(flags: &Flags, environment: &Environment, file: &ConfigFile, section: Option<&Section>) -> Result<Option<DatabaseUrl>, UserError> {
    let in_file = section.and_then(|section| section.scratch_url.as_deref()).or(file.top.scratch_url.as_deref());
    let text = match (&flags.scratch_url, environment.text("DBTOOL_SCRATCH_URL"), in_file) {
        (Some(text), _, _) => text.clone(),
        (None, Some(text), _) => text.to_owned(),
        (None, None, Some(text)) => environment.expand("scratch_url", text)?,
        (None, None, None) => return Ok(None),
    };
    DatabaseUrl::parse(&text).map(Some)
}

fn upgrade(environment: &Environment, file: &ConfigFile) -> Result<UpgradeSettings, UserError> {
    let seconds = |variable: &str, in_file: Option<u64>| Ok::<_, UserError>(environment.number(variable)?.or(in_file).map(Duration::from_secs));
    Ok(UpgradeSettings {
        lock_timeout: seconds("DBTOOL_LOCK_TIMEOUT", file.lock_timeout)?.unwrap_or(Duration::from_secs(300)),
        statement_timeout: seconds("DBTOOL_STATEMENT_TIMEOUT", file.statement_timeout)?,
        table_lock_timeout: seconds("DBTOOL_TABLE_LOCK_TIMEOUT", file.table_lock_timeout)?.unwrap_or(Duration::from_secs(2)),
        pace: pace(environment, file)?,
    })
}

/// The pace of backfills; a word that is none is refused with the place it stands in.
fn pace(environment: &Environment, file: &ConfigFile) -> Result<Pace, UserError> {
    let text = |variable: &'static str, key: &'static str, in_file: &Option<String>| match environment.text(variable) {
        Some(text) => Some((variable, text.to_owned())),
        None => in_file.clone().map(|text| (key, text)),
    };
    let target = text("DBTOOL_TARGET", "[upgrade] target", &file.target);
    let pause = text("DBTOOL_PAUSE", "[upgrade] pause", &file.pause);
    Ok(Pace {
        batch: environment.number("DBTOOL_BATCH")?.or(file.batch).filter(|rows| *rows > 0),
        target: target.map(|(place, text)| parse_duration(&text).map_err(|what| UserError::new(format!("{place}: {what}")))).transpose()?,
        pause: pause.map(|(place, text)| text.parse().map_err(|what| UserError::new(format!("{place}: {what}")))).transpose()?,
    })
}

/// Reads `3.35` or `3.35.5`.
fn sqlite_min_version(file: &ConfigFile) -> Result<u32, UserError> {
    let Some(text) = &file.sqlite_min_version else { return Ok(0) };
    let numbers: Option<Vec<u32>> = text.split('.').map(|number| number.parse().ok().filter(|number| *number < 1000)).collect();
    match numbers.as_deref() {
        Some([major, minor]) => Ok(major * 1_000_000 + minor * 1000),
        Some([major, minor, patch]) => Ok(major * 1_000_000 + minor * 1000 + patch),
        Some(_) | None => {
            Err(UserError::new(format!("[sqlite] min_version: `{text}` is no version of SQLite")).with_help("write it as 3.35 or 3.35.5"))
        }
    }
}

fn choice<T: clap::ValueEnum + Default>(
    flag: Option<T>,
    environment: &Environment,
    variable: &str,
    in_file: Option<&str>,
    key: &str,
) -> Result<T, UserError> {
    if let Some(value) = flag {
        return Ok(value);
    }
    let (place, text) = match (environment.text(variable), in_file) {
        (Some(text), _) => (variable, text),
        (None, Some(text)) => (key, text),
        (None, None) => return Ok(T::default()),
    };
    T::from_str(text, true).map_err(|_| {
        let values: Vec<String> = T::value_variants().iter().filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned())).collect();
        UserError::new(format!("{place} must be one of {}, not `{text}`", values.join(", ")))
    })
}

/// The patterns of the named database, or of the top where it has none.
fn patterns(file: &ConfigFile, section: Option<&Section>, of: fn(&Section) -> &Vec<String>) -> Vec<String> {
    section.map(of).filter(|patterns| !patterns.is_empty()).unwrap_or_else(|| of(&file.top)).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(process: &[(&str, &str)], dotenv: &[(&str, &str)]) -> Environment {
        Environment::of(process, dotenv)
    }

    fn resolve(flags: &Flags, environment: &Environment, file: &str) -> Result<Settings, UserError> {
        Settings::resolve(flags, environment, &ConfigFile::parse("dbtool.toml", file)?, DEFAULT_CONFIG.into())
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_dotenv_over_the_file() {
        let file = "database_url = \"sqlite://file.db\"\ndirectory = \"from_file\"\n";
        let both =
            environment(&[("DATABASE_URL", "sqlite://env.db")], &[("DATABASE_URL", "sqlite://dotenv.db"), ("DBTOOL_DIRECTORY", "from_dotenv")]);
        let flags = Flags { database_url: Some("sqlite://flag.db".into()), ..Flags::default() };
        let shown = |settings: &Settings| settings.database.as_ref().map(|database| (database.url.to_string(), database.origin));
        assert_eq!(shown(&resolve(&flags, &both, file).expect("ok")), Some(("sqlite://flag.db".into(), Origin::Flag)));
        let settings = resolve(&Flags::default(), &both, file).expect("ok");
        assert_eq!(shown(&settings), Some(("sqlite://env.db".into(), Origin::Environment)));
        assert_eq!(settings.directory, Path::new("from_dotenv"));
        let dotenv = environment(&[("DATABASE_URL", "")], &[("DATABASE_URL", "sqlite://dotenv.db")]);
        assert_eq!(shown(&resolve(&Flags::default(), &dotenv, file).expect("ok")), Some(("sqlite://dotenv.db".into(), Origin::DotEnv)));
        let none = Environment::default();
        assert_eq!(shown(&resolve(&Flags::default(), &none, file).expect("ok")), Some(("sqlite://file.db".into(), Origin::ConfigFile)));
        assert!(resolve(&Flags::default(), &none, "").expect("ok").database_url().is_err());
    }

    #[test]
    fn a_named_database_overrides_the_top_level_and_falls_back_to_it() {
        let file = "database_url = \"sqlite://top.db\"\nschema = \"top.toml\"\n[databases.two]\ndatabase_url = \"sqlite://${PLACE}/two.db\"\n";
        let flags = Flags { name: Some("two".into()), ..Flags::default() };
        let settings = resolve(&flags, &environment(&[("DATABASE_URL", "sqlite://env.db"), ("PLACE", "data")], &[]), file).expect("ok");
        assert_eq!(settings.database_url().expect("given").to_string(), "sqlite://data/two.db");
        assert_eq!(settings.schema, Path::new("top.toml"));
        let error = resolve(&Flags { name: Some("tow".into()), ..Flags::default() }, &Environment::default(), file).expect_err("unknown");
        assert_eq!(error.help.as_deref(), Some("did you mean `two`?"));
        assert!(resolve(&flags, &Environment::default(), file).expect_err("PLACE is not set").message.contains("PLACE"));
    }

    #[test]
    fn words_outside_the_choice_are_refused_with_the_choice() {
        let error = resolve(&Flags::default(), &environment(&[("DBTOOL_FORMAT", "xml")], &[]), "").expect_err("no such format");
        assert_eq!(error.message, "DBTOOL_FORMAT must be one of human, json, github, gitlab, sarif, not `xml`");
        assert_eq!(resolve(&Flags::default(), &Environment::default(), "format = \"json\"\n").expect("ok").format, Format::Json);
    }
}

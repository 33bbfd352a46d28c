//! `dbtool.toml`: read by hand from the parsed table, so that every complaint names its line and an unknown key its likely meaning.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::CheckSettings;
use crate::UserError;

/// The keys of one database, at the top level or in `[databases.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    pub database_url: Option<String>,
    pub directory: Option<PathBuf>,
    pub schema: Option<PathBuf>,
    pub scratch_url: Option<String>,
    pub ignore: Vec<String>,
    pub manage: Vec<String>,
}

/// All that `dbtool.toml` says. What it leaves out is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file, where it exists.
    pub path: Option<PathBuf>,
    pub top: Section,
    pub databases: IndexMap<String, Section>,
    pub name: Option<String>,
    pub format: Option<String>,
    pub color: Option<String>,
    pub quiet: Option<bool>,
    pub verbose: Option<u64>,
    pub no_input: Option<bool>,
    pub state_prefix: Option<String>,
    pub state_schema: Option<String>,
    pub migrate_verify: Option<bool>,
    pub migrate_online: Option<bool>,
    pub sqlite_min_version: Option<String>,
    pub lock_timeout: Option<u64>,
    pub statement_timeout: Option<u64>,
    pub table_lock_timeout: Option<u64>,
    pub batch: Option<u64>,
    pub target: Option<String>,
    pub pause: Option<String>,
    pub check: CheckSettings,
}

const SECTION_KEYS: &[&str] = &["database_url", "directory", "schema", "scratch_url", "ignore", "manage"];
const TOP_KEYS: &[&str] = &[
    "database_url",
    "directory",
    "schema",
    "scratch_url",
    "ignore",
    "manage",
    "name",
    "format",
    "color",
    "quiet",
    "verbose",
    "no_input",
    "databases",
    "state",
    "migrate",
    "sqlite",
    "upgrade",
    "check",
];

impl ConfigFile {
    /// Reads the file at `path`. A file that is not there says nothing.
    ///
    /// # Errors
    /// The first fault, with the file, the line and what to write instead.
    pub fn read(path: &Path) -> Result<Self, UserError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { path: Some(path.to_owned()), ..Self::parse(&path.display().to_string(), &text)? }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(UserError::new(format!("cannot read {}: {error}", path.display()))),
        }
    }

    /// Reads `text`; `path` is for messages.
    pub fn parse(path: &str, text: &str) -> Result<Self, UserError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = Reader { path, text };
        let table = DeTable::parse(text).map_err(|error| reader.fault(error.span().map_or(0, |span| span.start), error.message()))?;
        reader.file(table.get_ref())
    }
}

/// The text that is being read and its name.
pub(super) struct Reader<'a> {
    path: &'a str,
    text: &'a str,
}

pub(super) type Entry<'t, 'i> = &'t Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn file(&self, table: &DeTable<'_>) -> Result<ConfigFile, UserError> {
        let mut file = ConfigFile { top: self.section(table, TOP_KEYS)?, ..ConfigFile::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => file.name = Some(self.string("name", value)?),
                "format" => file.format = Some(self.string("format", value)?),
                "color" => file.color = Some(self.string("color", value)?),
                "quiet" => file.quiet = Some(self.boolean("quiet", value)?),
                "verbose" => file.verbose = Some(self.number("verbose", value)?),
                "no_input" => file.no_input = Some(self.boolean("no_input", value)?),
                "databases" => {
                    for (name, section) in self.table("databases", value)? {
                        let section = self.section(self.table(name.get_ref(), section)?, SECTION_KEYS)?;
                        file.databases.insert(name.get_ref().to_string(), section);
                    }
                }
                "state" => self.state(&mut file, self.table("state", value)?)?,
                "migrate" => self.migrate(&mut file, self.table("migrate", value)?)?,
                "sqlite" => self.sqlite(&mut file, self.table("sqlite", value)?)?,
                "upgrade" => self.upgrade(&mut file, self.table("upgrade", value)?)?,
                "check" => file.check = self.check(self.table("check", value)?)?,
                _ => {} // A key of the section, or refused there.
            }
        }
        Ok(file)
    }

    fn section(&self, table: &DeTable<'_>, known: &[&str]) -> Result<Section, UserError> {
        self.refuse_unknown(table, known)?;
        let mut section = Section::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "database_url" => section.database_url = Some(self.string("database_url", value)?),
                "directory" => section.directory = Some(self.string("directory", value)?.into()),
                "schema" => section.schema = Some(self.string("schema", value)?.into()),
                "scratch_url" => section.scratch_url = Some(self.string("scratch_url", value)?),
                "ignore" => section.ignore = self.strings("ignore", value, "a list of patterns")?,
                "manage" => section.manage = self.strings("manage", value, "a list of patterns")?,
                _ => {} // A key of the top level.
            }
        }
        Ok(section)
    }

    fn state(&self, file: &mut ConfigFile, table: &DeTable<'_>) -> Result<(), UserError> {
        self.refuse_unknown(table, &["prefix", "schema"])?;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "prefix" => {
                    let prefix = self.string("prefix", value)?;
                    // An empty prefix would make every table of the user count as the tool's own.
                    if prefix.is_empty() {
                        return Err(self.fault(value.span().start, "`prefix` must not be empty"));
                    }
                    file.state_prefix = Some(prefix);
                }
                _ => file.state_schema = Some(self.string("schema", value)?),
            }
        }
        Ok(())
    }

    fn migrate(&self, file: &mut ConfigFile, table: &DeTable<'_>) -> Result<(), UserError> {
        self.refuse_unknown(table, &["verify", "online"])?;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "verify" => file.migrate_verify = Some(self.boolean("verify", value)?),
                _ => file.migrate_online = Some(self.boolean("online", value)?),
            }
        }
        Ok(())
    }

    fn sqlite(&self, file: &mut ConfigFile, table: &DeTable<'_>) -> Result<(), UserError> {
        self.refuse_unknown(table, &["min_version"])?;
        for value in table.values() {
            file.sqlite_min_version = Some(self.string("min_version", value)?);
        }
        Ok(())
    }

    fn upgrade(&self, file: &mut ConfigFile, table: &DeTable<'_>) -> Result<(), UserError> {
        self.refuse_unknown(table, &["lock_timeout", "statement_timeout", "table_lock_timeout", "batch", "target", "pause"])?;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "lock_timeout" => file.lock_timeout = Some(self.number("lock_timeout", value)?),
                "statement_timeout" => file.statement_timeout = Some(self.number("statement_timeout", value)?),
                "table_lock_timeout" => file.table_lock_timeout = Some(self.number("table_lock_timeout", value)?),
                "batch" => file.batch = Some(self.number("batch", value)?),
                "target" => file.target = Some(self.string("target", value)?),
                _ => file.pause = Some(self.string("pause", value)?),
            }
        }
        Ok(())
    }

    pub(super) fn refuse_unknown(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), UserError> {
        let Some(key) = table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) else { return Ok(()) };
        let error = self.fault(key.span().start, &format!("unknown key `{}`", key.get_ref()));
        Err(match closest(key.get_ref(), known.iter().copied()) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error.with_help(format!("the keys here are {}", known.join(", "))),
        })
    }

    pub(super) fn string(&self, key: &str, value: Entry<'_, '_>) -> Result<String, UserError> {
        value.get_ref().as_str().map(str::to_owned).ok_or_else(|| self.expected(value, key, "a string"))
    }

    pub(super) fn strings(&self, key: &str, value: Entry<'_, '_>, what: &str) -> Result<Vec<String>, UserError> {
        let Some(items) = value.get_ref().as_array() else { return Err(self.expected(value, key, what)) };
        items.iter().map(|item| self.string(key, item)).collect()
    }

    fn boolean(&self, key: &str, value: Entry<'_, '_>) -> Result<bool, UserError> {
        value.get_ref().as_bool().ok_or_else(|| self.expected(value, key, "true or false"))
    }

    pub(super) fn number(&self, key: &str, value: Entry<'_, '_>) -> Result<u64, UserError> {
        let number = value.get_ref().as_integer().and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        number.ok_or_else(|| self.expected(value, key, "a whole number, not negative"))
    }

    pub(super) fn table<'t, 'i>(&self, key: &str, value: &'t Spanned<DeValue<'i>>) -> Result<&'t DeTable<'i>, UserError> {
        value.get_ref().as_table().ok_or_else(|| self.expected(value, key, "a table"))
    }

    pub(super) fn expected(&self, value: Entry<'_, '_>, key: &str, what: &str) -> UserError {
        self.fault(value.span().start, &format!("`{key}` must be {what}"))
    }

    fn fault(&self, offset: usize, message: &str) -> UserError {
        let line = 1 + self.text[..offset.min(self.text.len())].matches('\n').count();
        UserError::new(format!("{}:{line}: {message}", self.path))
    }
}

/// The known word that `word` was probably meant to be.
pub(super) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let text = "database_url = \"sqlite://a.db\"\nquiet = true\n[databases.two]\nschema = \"two.toml\"\n[state]\nprefix = \"m_\"\n\
                    [migrate]\nverify = false\n[upgrade]\nlock_timeout = 3\nstatement_timeout = 0x10\n[check]\nlevel = \"error\"\nignore = [\"a\"]\n";
        let file = ConfigFile::parse("dbtool.toml", text).expect("valid");
        assert_eq!(file.top.database_url.as_deref(), Some("sqlite://a.db"));
        assert_eq!(file.databases["two"].schema, Some("two.toml".into()));
        assert_eq!((file.quiet, file.state_prefix.as_deref(), file.migrate_verify), (Some(true), Some("m_"), Some(false)));
        assert_eq!((file.lock_timeout, file.statement_timeout), (Some(3), Some(16)));
        assert_eq!((file.check.level, file.check.ignore.as_slice()), (crate::source::Level::Error, &["a".to_owned()][..]));
    }

    #[test]
    fn faults_name_the_line_and_the_likely_key() {
        let error = ConfigFile::parse("dbtool.toml", "\n[databases.a]\nshema = \"x\"\n").expect_err("unknown");
        assert_eq!(error.message, "dbtool.toml:3: unknown key `shema`");
        assert_eq!(error.help.as_deref(), Some("did you mean `schema`?"));
        let error = ConfigFile::parse("dbtool.toml", "quiet = 1\n").expect_err("type");
        assert_eq!(error.message, "dbtool.toml:1: `quiet` must be true or false");
        assert!(ConfigFile::parse("dbtool.toml", "a = 1\nb =\n").expect_err("syntax").message.starts_with("dbtool.toml:2: "));
        assert!(ConfigFile::parse("dbtool.toml", "[state]\nprefix = \"\"\n").is_err());
    }
}

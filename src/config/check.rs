//! The table `[check]` of dbtool.toml: which rules matter how much, and where.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::file::{Entry, Reader};
use crate::UserError;
use crate::source::Level;

/// What `[check]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// Findings of this level and above end the command with status 1.
    pub level: Level,
    /// The revisions that are old: one of them, or a git reference.
    pub since: Option<String>,
    /// Codes that are switched off.
    pub ignore: Vec<String>,
    /// Levels by code.
    pub rules: BTreeMap<String, Level>,
    /// Levels by code for the files that match a pattern; a later entry wins.
    pub paths: Vec<PathLevels>,
    /// A table with fewer rows than this is small.
    pub small_table: u64,
    /// Storage engines that are allowed on MySQL, in lower case.
    pub engines: Vec<String>,
    /// Character sets that are allowed on MySQL, in lower case.
    pub charsets: Vec<String>,
    /// Regular expressions that names have to match as a whole, by the kind of thing: see [`NAME_KINDS`].
    pub names: BTreeMap<String, String>,
}

/// An entry of `[[check.paths]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLevels {
    /// `*` stands for any characters, `?` for one.
    pub path: String,
    pub rules: BTreeMap<String, Level>,
}

/// What `[check.names]` can have a pattern for.
pub const NAME_KINDS: [&str; 7] = ["table", "column", "index", "primary_key", "unique", "foreign_key", "check"];

impl Default for CheckSettings {
    fn default() -> Self {
        Self {
            level: Level::Warning,
            since: None,
            ignore: Vec::new(),
            rules: BTreeMap::new(),
            paths: Vec::new(),
            small_table: 10_000,
            engines: vec!["innodb".to_owned()],
            charsets: vec!["utf8mb4".to_owned()],
            names: BTreeMap::new(),
        }
    }
}

impl Reader<'_> {
    pub(super) fn check(&self, table: &DeTable<'_>) -> Result<CheckSettings, UserError> {
        self.refuse_unknown(table, &["level", "since", "ignore", "rules", "paths", "small_table", "engines", "charsets", "names"])?;
        let mut settings = CheckSettings::default();
        let lower = |list: Vec<String>| list.into_iter().map(|name| name.to_lowercase()).collect();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "level" => {
                    settings.level = self.level("level", value)?;
                    if settings.level == Level::Off {
                        return Err(self.expected(value, "level", "\"error\", \"warning\" or \"note\""));
                    }
                }
                "since" => settings.since = Some(self.string("since", value)?),
                "ignore" => settings.ignore = self.strings("ignore", value, "a list of rule codes")?,
                "rules" => settings.rules = self.levels(self.table("rules", value)?)?,
                "paths" => settings.paths = self.paths(value)?,
                "small_table" => settings.small_table = self.number("small_table", value)?,
                "engines" => settings.engines = lower(self.strings("engines", value, "a list of storage engines")?),
                "charsets" => settings.charsets = lower(self.strings("charsets", value, "a list of character sets")?),
                _ => settings.names = self.names(self.table("names", value)?)?,
            }
        }
        Ok(settings)
    }

    fn level(&self, key: &str, value: Entry<'_, '_>) -> Result<Level, UserError> {
        let text = self.string(key, value)?;
        Level::parse(&text).ok_or_else(|| self.expected(value, key, "\"error\", \"warning\", \"note\" or \"off\""))
    }

    fn levels(&self, table: &DeTable<'_>) -> Result<BTreeMap<String, Level>, UserError> {
        table.iter().map(|(code, value)| Ok((code.get_ref().to_string(), self.level(code.get_ref(), value)?))).collect()
    }

    fn paths(&self, value: Entry<'_, '_>) -> Result<Vec<PathLevels>, UserError> {
        let Some(entries) = value.get_ref().as_array() else { return Err(self.expected(value, "paths", "a list of tables: [[check.paths]]")) };
        let mut paths = Vec::new();
        for entry in entries.iter() {
            let table = self.table("paths", entry)?;
            self.refuse_unknown(table, &["path", "rules"])?;
            let part = |key: &str| table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value);
            let (Some(path), Some(rules)) = (part("path"), part("rules")) else {
                return Err(self.expected(entry, "paths", "tables with path = \"pattern\" and rules = { code = \"level\" }"));
            };
            paths.push(PathLevels { path: self.string("path", path)?, rules: self.levels(self.table("rules", rules)?)? });
        }
        Ok(paths)
    }

    fn names(&self, table: &DeTable<'_>) -> Result<BTreeMap<String, String>, UserError> {
        self.refuse_unknown(table, &NAME_KINDS)?;
        let mut names = BTreeMap::new();
        for (key, value) in table {
            let pattern = self.string(key.get_ref(), value)?;
            if let Err(error) = regex_lite::Regex::new(&pattern) {
                return Err(self.expected(value, key.get_ref(), &format!("a regular expression ({error})")));
            }
            names.insert(key.get_ref().to_string(), pattern);
        }
        Ok(names)
    }
}

//! The variables a run sees. They are read once and never changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::settings::Origin;
use crate::UserError;

/// The variables a run sees: those of the process, then those of `.env`.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    process: BTreeMap<String, String>,
    dotenv: BTreeMap<String, String>,
}

impl Environment {
    /// The process's variables and those of the file `dotenv`, which need not exist.
    pub fn read(dotenv: &Path) -> Result<Self, UserError> {
        // A variable that is not UTF-8 cannot be one of ours, all of which are ASCII names with textual values.
        let process = std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?))).collect();
        let lines = match dotenvy::from_path_iter(dotenv) {
            Ok(lines) => lines,
            Err(error) if error.not_found() => return Ok(Self { process, dotenv: BTreeMap::new() }),
            Err(error) => return Err(UserError::new(format!("cannot read {}: {error}", dotenv.display()))),
        };
        // The parser's own message repeats the line, which may hold a password.
        let dotenv = lines.collect::<Result<_, _>>().map_err(|_| {
            UserError::new(format!("{} has a line that is not NAME=value", dotenv.display())).with_help("put values with spaces or `#` in quotes")
        })?;
        Ok(Self { process, dotenv })
    }

    /// Given variables, for tests.
    #[cfg(test)]
    pub(super) fn of(process: &[(&str, &str)], dotenv: &[(&str, &str)]) -> Self {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Self { process: map(process), dotenv: map(dotenv) }
    }

    /// The value of a variable and its origin. An empty value counts as none.
    pub(super) fn get(&self, name: &str) -> Option<(&str, Origin)> {
        [(&self.process, Origin::Environment), (&self.dotenv, Origin::DotEnv)]
            .into_iter()
            .find_map(|(variables, origin)| variables.get(name).filter(|value| !value.is_empty()).map(|value| (value.as_str(), origin)))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(|(value, _)| value)
    }

    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, UserError> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("1" | "true" | "yes" | "on") => Ok(Some(true)),
            Some("0" | "false" | "no" | "off") => Ok(Some(false)),
            Some(_) => Err(UserError::new(format!("{name} must be 1 or 0"))),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, UserError> {
        self.text(name).map(|text| text.parse().map_err(|_| UserError::new(format!("{name} must be a whole number, not `{text}`")))).transpose()
    }

    /// `text` with every `${VAR}` replaced by the variable's value.
    pub(super) fn expand(&self, key: &str, text: &str) -> Result<String, UserError> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                return Err(UserError::new(format!("`{key}` in the configuration has `${{` without `}}`")));
            };
            let Some(value) = self.text(name) else {
                return Err(UserError::new(format!("`{key}` in the configuration needs the variable {name}, which is not set"))
                    .with_help(format!("set {name} in the environment or in .env")));
            };
            out.push_str(before);
            out.push_str(value);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotenv_file_is_read_and_its_faults_do_not_repeat_its_lines() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".env");
        assert!(Environment::read(&path).is_ok());
        std::fs::write(&path, "# comment\nexport DBTOOL_TEST_ONLY=\"a b\"\n").expect("written");
        let environment = Environment::read(&path).expect("valid");
        assert_eq!(environment.get("DBTOOL_TEST_ONLY"), Some(("a b", Origin::DotEnv)));
        std::fs::write(&path, "DATABASE_URL=postgres://me:s3cret pw@h/db\n").expect("written");
        assert!(!Environment::read(&path).expect_err("a space").message.contains("s3cret"));
    }

    #[test]
    fn variables_are_expanded_and_missing_ones_are_named() {
        let environment = Environment::of(&[("USER_NAME", "me")], &[("PASSWORD", "p")]);
        assert_eq!(environment.expand("database_url", "x://${USER_NAME}:${PASSWORD}@h").as_deref(), Ok("x://me:p@h"));
        assert!(environment.expand("database_url", "${NONE}").expect_err("not set").message.contains("NONE"));
        assert!(environment.expand("database_url", "${NONE").is_err());
    }
}

//! Which rule matters how much, where: what dbtool.toml says of it.

use super::finding::Level;
use crate::config::CheckSettings;
use wildmatch::WildMatch;

/// The levels of one run.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    settings: CheckSettings,
}

impl Levels {
    pub fn new(settings: CheckSettings) -> Self {
        Self { settings }
    }

    /// The level of a code in the file at `path`: the last entry of `[[check.paths]]` that matches and names the code, else `[check.rules]`
    /// and `ignore`, else the rule's own.
    pub fn of(&self, code: &str, own: Level, path: Option<&str>) -> Level {
        let by_path = path.and_then(|path| {
            let matching = self.settings.paths.iter().rev().filter(|entry| matches(&entry.path, path));
            matching.flat_map(|entry| entry.rules.get(code)).next().copied()
        });
        if let Some(level) = by_path.or_else(|| self.settings.rules.get(code).copied()) {
            return level;
        }
        if self.settings.ignore.iter().any(|ignored| ignored == code) { Level::Off } else { own }
    }

    pub fn settings(&self) -> &CheckSettings {
        &self.settings
    }

    /// Tables with fewer rows than this are small.
    pub fn small_table(&self) -> u64 {
        self.settings.small_table
    }
}

/// True where the pattern matches the path, from its beginning or from behind any of its folders.
fn matches(pattern: &str, path: &str) -> bool {
    let path = path.replace('\\', "/");
    let path = path.trim_start_matches("./");
    let pattern = WildMatch::new(pattern.trim_start_matches("./"));
    pattern.matches(path) || path.match_indices('/').any(|(at, _)| pattern.matches(&path[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_matches_from_any_of_its_folders() {
        assert!(matches("migrations/2024*", "migrations/20240101000000_a.up.sql"));
        assert!(matches("2024*", "./db/migrations/20240101000000_a.up.sql"));
        assert!(!matches("2025*", "migrations/20240101000000_a.up.sql"));
    }
}

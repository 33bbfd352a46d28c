//! One schema as several files: what is read as one again, since all files of a folder are.

use std::collections::HashSet;

use super::{Part, Writer, namespaces};
use crate::dialect::Dialect;
use crate::model::Schema;

/// What gets a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    BySchema,
    ByTable,
}

/// The file for all that has none of its own.
const REST: &str = "schema.toml";

/// The files and their texts, by their path below the folder. Every one of them says something.
pub fn write_split(schema: &Schema, dialect: &'static dyn Dialect, split: Split) -> Vec<(String, String)> {
    let writer = Writer::new(schema, dialect);
    let mut names = FileNames::default();
    let mut files = Vec::new();
    match split {
        Split::BySchema => {
            let of = |part: Part<'_>, scope: Option<&str>| match part {
                Part::Database => scope.is_none(),
                Part::Schema(of) => of == scope,
                Part::Table(name) => name.schema.as_deref() == scope,
            };
            for scope in namespaces(schema) {
                let file = scope.map_or_else(|| REST.to_owned(), |name| names.of("", name));
                files.push((file, writer.write(&|part| of(part, scope))));
            }
        }
        Split::ByTable => {
            files.push((REST.to_owned(), writer.write(&|part| !matches!(part, Part::Table(_)))));
            for name in schema.tables.keys() {
                let file = names.of("tables/", &name.to_string());
                files.push((file, writer.write(&|part| part == Part::Table(name))));
            }
        }
    }
    files.retain(|(_, text)| !text.is_empty());
    files
}

/// Names of files: of letters that every system takes, and none that differs from another in nothing but case.
#[derive(Default)]
struct FileNames(HashSet<String>);

impl FileNames {
    fn of(&mut self, folder: &str, name: &str) -> String {
        let safe: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
        let safe = safe.trim_start_matches('.');
        let safe = if safe.is_empty() || format!("{safe}.toml") == REST { format!("_{safe}") } else { safe.to_owned() };
        let mut candidates = std::iter::once(safe.clone()).chain((2..).map(|number| format!("{safe}_{number}")));
        let free = candidates.find(|candidate| self.0.insert(candidate.to_lowercase())).unwrap_or(safe);
        format!("{folder}{free}.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare;
    use crate::dialect::Kind;
    use crate::source::Source;

    const SCHEMA: &str = "extensions = [\"citext\"]\n[enums]\nstate = [\"on\"]\n[tables.a.columns]\nid = { type = \"integer\", primary_key = true }\n\
        [tables.A.columns]\nid = { type = \"serial\" }\n[views]\nv = \"SELECT 1\"\n[schemas.app.tables.\"a/b\".columns]\n\
        a = { type = \"integer\", references = \"a.id\" }\ns = { type = \"enum:state\" }\n[schemas.app.views]\nw = \"SELECT 2\"\n";

    fn parse(files: &[(String, String)]) -> Schema {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source { path: path.clone(), text: text.clone() }).collect();
        declare::parse(&sources, Kind::Postgres.dialect()).expect("valid").schema
    }

    #[test]
    fn the_files_together_say_what_the_one_says() {
        let whole = parse(&[("schema.toml".to_owned(), SCHEMA.to_owned())]);
        for (split, expected) in [
            (Split::BySchema, vec!["schema.toml", "app.toml"]),
            (Split::ByTable, vec!["schema.toml", "tables/a.toml", "tables/A_2.toml", "tables/app.a_b.toml"]),
        ] {
            let files = write_split(&whole, Kind::Postgres.dialect(), split);
            assert_eq!(files.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>(), expected);
            let again = parse(&files);
            assert!(crate::diff::diff(&whole, &again).is_empty(), "{files:#?}");
        }
    }

    #[test]
    fn no_file_takes_the_place_of_another() {
        let mut names = FileNames::default();
        assert_eq!(names.of("", "schema"), "_schema.toml");
        assert_eq!(names.of("", "..x"), "x.toml");
        assert_eq!(names.of("", "X"), "X_2.toml");
    }
}

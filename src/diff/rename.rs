//! Renames: never guessed, always said (`renamed_from`, `--rename`, an answer at the terminal).

use std::fmt;

use indexmap::IndexMap;

use crate::model::{Name, ObjectId, Schema};

/// The renames that lead from live names to declared ones, in the order in which they are applied: tables, then columns, then types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    pub tables: Vec<(Name, Name)>,
    /// The table by its new name, then the column's old and new name.
    pub columns: Vec<(Name, String, String)>,
    pub enums: Vec<(Name, Name)>,
    pub domains: Vec<(Name, Name)>,
    pub composites: Vec<(Name, Name)>,
    /// Those that schema.toml renames, and those of serial columns, which follow the name of their table and column.
    pub sequences: Vec<(Name, Name)>,
    pub objects: Vec<(ObjectId, ObjectId)>,
}

/// A rename that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameError {
    /// The path of the declared object in schema.toml's keys.
    pub path: Vec<String>,
    pub from: String,
    pub to: String,
    pub why: Contradiction,
}

/// What stands against a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// The old name is declared as well.
    StillDeclared,
    /// The database has both names: the rename was carried out and the old name used again, or two names are to be swapped.
    BothLive,
}

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, .. } = self;
        match self.why {
            Contradiction::StillDeclared => write!(f, "{to} says renamed_from = \"{from}\", but schema.toml still declares {from}"),
            Contradiction::BothLive => write!(
                f,
                "{to} says renamed_from = \"{from}\", but the database has both; where the rename is done, take renamed_from out; to swap two \
                 names, rename one of them to a third name in a revision before"
            ),
        }
    }
}

impl Renames {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The renames that `declared` asks for and `live` has not seen yet.
    ///
    /// A hint whose old name is not live any more was carried out by an earlier revision, or the database is new: it says nothing.
    /// `fold_case` is true where the engine takes names that differ in case for the same (SQLite), `fold_columns` where it does so with columns
    /// (MySQL): such a pair is one object.
    pub fn find(live: &Schema, declared: &Schema, fold_case: bool, fold_columns: bool) -> Result<Renames, Vec<RenameError>> {
        let (mut renames, mut errors) = (Renames::default(), Vec::new());
        for (to, table) in &declared.tables {
            let path = || vec!["tables".to_owned(), to.name.clone(), "renamed_from".to_owned()];
            let mut refuse = |from: &Name, why| errors.push(RenameError { path: path(), from: from.to_string(), to: to.to_string(), why });
            let hinted = table.renamed_from.as_ref().map(|old| to.sibling(old.clone())).filter(|old| live.tables.contains_key(old));
            if live.tables.contains_key(to) {
                hinted.iter().for_each(|from| refuse(from, Contradiction::BothLive));
                continue;
            }
            let same = live.tables.keys().find(|old| fold_case && old.name.eq_ignore_ascii_case(&to.name)).cloned();
            match hinted.or(same) {
                Some(from) if declared.tables.contains_key(&from) => refuse(&from, Contradiction::StillDeclared),
                Some(from) => renames.tables.push((from, to.clone())),
                None => {}
            }
        }
        let enums = declared.enums.iter().map(|(to, it)| (to, &*it.renamed_from));
        named("enums", enums, &live.enums, &declared.enums, &mut renames.enums, &mut errors);
        let domains = declared.domains.iter().map(|(to, it)| (to, &*it.renamed_from));
        named("domains", domains, &live.domains, &declared.domains, &mut renames.domains, &mut errors);
        let composites = declared.composites.iter().map(|(to, it)| (to, &*it.renamed_from));
        named("types", composites, &live.composites, &declared.composites, &mut renames.composites, &mut errors);
        let sequences = declared.sequences.iter().map(|(to, it)| (to, &*it.renamed_from));
        named("sequences", sequences, &live.sequences, &declared.sequences, &mut renames.sequences, &mut errors);
        if !fold_case {
            // SQLite renames no view; it is dropped and made under its new name, and nothing is lost.
            renames.find_objects(live, declared, &mut errors);
        }
        renames.find_columns(live, declared, fold_columns, &mut errors);
        renames.find_sequences(live, declared);
        if errors.is_empty() { Ok(renames) } else { Err(errors) }
    }

    fn find_objects(&mut self, live: &Schema, declared: &Schema, errors: &mut Vec<RenameError>) {
        for (to, object) in &declared.objects {
            let hinted = object.hints.renamed_from.as_ref().map(|old| ObjectId { name: to.name.sibling(old.clone()), ..to.clone() });
            let Some(from) = hinted.filter(|from| live.objects.contains_key(from)) else { continue };
            match contradiction(live.objects.contains_key(to), declared.objects.contains_key(&from)) {
                Some(why) => {
                    let path = vec![to.kind.section().to_owned(), to.name.name.clone(), "renamed_from".to_owned()];
                    errors.push(RenameError { path, from: from.full_name(), to: to.full_name(), why });
                }
                None => self.objects.push((from, to.clone())),
            }
        }
    }

    fn find_columns(&mut self, live: &Schema, declared: &Schema, fold_case: bool, errors: &mut Vec<RenameError>) {
        for (name, table) in &declared.tables {
            let Some(before) = live.tables.get(self.old_table(name)) else { continue };
            for (to, column) in &table.columns {
                let path = || ["tables", &name.name, "columns", to, "renamed_from"].map(str::to_owned).to_vec();
                let mut refuse = |from: &str, why| {
                    errors.push(RenameError { path: path(), from: format!("{name}.{from}"), to: format!("{name}.{to}"), why });
                };
                let hinted = column.hints.renamed_from.as_ref().filter(|old| before.columns.contains_key(*old));
                if before.columns.contains_key(to) {
                    hinted.iter().for_each(|from| refuse(from, Contradiction::BothLive));
                    continue;
                }
                let same = before.columns.keys().find(|old| fold_case && old.eq_ignore_ascii_case(to));
                match hinted.or(same) {
                    Some(from) if table.columns.contains_key(from) => refuse(from, Contradiction::StillDeclared),
                    Some(from) => self.columns.push((name.clone(), from.clone(), to.clone())),
                    None => {}
                }
            }
        }
    }

    /// The sequence of a serial column is the same one after a rename: a new one would begin at 1 again.
    fn find_sequences(&mut self, live: &Schema, declared: &Schema) {
        for (to, sequence) in declared.sequences.iter().filter(|(to, _)| !live.sequences.contains_key(*to)) {
            if self.sequences.iter().any(|(_, known)| known == to) {
                continue;
            }
            let Some((table, column)) = &sequence.owned_by else { continue };
            let owner = (self.old_table(table).clone(), self.old_column(table, column).to_owned());
            if owner == (table.clone(), column.clone()) {
                continue;
            }
            let mut owned =
                live.sequences.iter().filter(|(from, it)| it.owned_by.as_ref() == Some(&owner) && !declared.sequences.contains_key(*from));
            if let (Some((from, _)), None) = (owned.next(), owned.next()) {
                self.sequences.push((from.clone(), to.clone()));
            }
        }
    }

    /// The name that the table, called `new` after the renames, has before them.
    pub fn old_table<'a>(&'a self, new: &'a Name) -> &'a Name {
        self.tables.iter().find(|(_, to)| to == new).map_or(new, |(from, _)| from)
    }

    /// The name that a column has before the renames; `table` is the new name of its table.
    pub fn old_column<'a>(&'a self, table: &Name, new: &'a str) -> &'a str {
        self.columns.iter().find(|(name, _, to)| name == table && to == new).map_or(new, |(_, from, _)| from)
    }

    /// The way back.
    pub fn reversed(&self) -> Renames {
        Renames {
            tables: turned(&self.tables),
            columns: self.columns.iter().rev().map(|(table, from, to)| (self.old_table(table).clone(), to.clone(), from.clone())).collect(),
            enums: turned(&self.enums),
            domains: turned(&self.domains),
            composites: turned(&self.composites),
            sequences: turned(&self.sequences),
            objects: turned(&self.objects),
        }
    }
}

fn turned<T: Clone>(pairs: &[(T, T)]) -> Vec<(T, T)> {
    pairs.iter().rev().map(|(from, to)| (to.clone(), from.clone())).collect()
}

fn contradiction(is_live: bool, is_declared: bool) -> Option<Contradiction> {
    if is_live { Some(Contradiction::BothLive) } else { is_declared.then_some(Contradiction::StillDeclared) }
}

/// The renames of one kind of things that have nothing but a name.
fn named<'a, T>(
    section: &str,
    hints: impl Iterator<Item = (&'a Name, &'a Option<String>)>,
    live: &IndexMap<Name, T>,
    declared: &IndexMap<Name, T>,
    renames: &mut Vec<(Name, Name)>,
    errors: &mut Vec<RenameError>,
) {
    for (to, renamed_from) in hints {
        let hinted = renamed_from.as_ref().map(|old| to.sibling(old.clone())).filter(|old| live.contains_key(old));
        let Some(from) = hinted else { continue };
        match contradiction(live.contains_key(to), declared.contains_key(&from)) {
            Some(why) => {
                let path = vec![section.to_owned(), to.name.clone(), "renamed_from".to_owned()];
                errors.push(RenameError { path, from: from.to_string(), to: to.to_string(), why });
            }
            None => renames.push((from, to.clone())),
        }
    }
}

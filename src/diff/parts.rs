//! The named parts of a table (keys, checks, foreign keys, exclusions, indexes) under one type, so that they are paired by one algorithm.

use crate::model::{Check, Exclusion, ForeignKey, Index, PartKind, PrimaryKey, Table, Unique};

/// A named part of a table. The name stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    PrimaryKey(PrimaryKey),
    Unique(Unique),
    Check(Check),
    Exclusion(Exclusion),
    ForeignKey(ForeignKey),
    Index(Index),
}

impl Part {
    pub fn kind(&self) -> PartKind {
        match self {
            Part::PrimaryKey(_) => PartKind::PrimaryKey,
            Part::Unique(_) => PartKind::Unique,
            Part::Check(_) => PartKind::Check,
            Part::Exclusion(_) => PartKind::Exclusion,
            Part::ForeignKey(_) => PartKind::ForeignKey,
            Part::Index(_) => PartKind::Index,
        }
    }

    pub fn comment(&self) -> Option<&str> {
        match self {
            Part::PrimaryKey(it) => it.comment.as_deref(),
            Part::Unique(it) => it.comment.as_deref(),
            Part::Check(it) => it.comment.as_deref(),
            Part::Exclusion(it) => it.comment.as_deref(),
            Part::ForeignKey(it) => it.comment.as_deref(),
            Part::Index(it) => it.comment.as_deref(),
        }
    }

    /// The part without its comment, and a primary key without its name: what has to be made anew when it differs.
    pub fn definition(&self) -> Part {
        let mut part = self.clone();
        match &mut part {
            Part::PrimaryKey(it) => {
                it.comment = None;
                it.name.clear();
            }
            Part::Unique(it) => it.comment = None,
            Part::Check(it) => it.comment = None,
            Part::Exclusion(it) => it.comment = None,
            Part::ForeignKey(it) => it.comment = None,
            Part::Index(it) => it.comment = None,
        }
        part
    }

    /// True where the live table gives the constraint no name of its own (SQLite).
    pub fn is_unnamed(&self) -> bool {
        match self {
            Part::PrimaryKey(it) => *it.unnamed,
            Part::Unique(it) => *it.unnamed,
            Part::Check(it) => *it.unnamed,
            Part::ForeignKey(it) => *it.unnamed,
            Part::Exclusion(_) | Part::Index(_) => false,
        }
    }

    /// The columns it is made of by name; expressions are not looked into.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Part::PrimaryKey(it) => it.columns.iter().chain(&it.include).map(String::as_str).collect(),
            Part::Unique(it) => it.columns.iter().chain(&it.include).map(String::as_str).collect(),
            Part::Check(_) => Vec::new(),
            Part::ForeignKey(it) => it.columns.iter().map(String::as_str).collect(),
            Part::Exclusion(it) => it.parts.iter().filter_map(|(part, _)| part.column_name()).chain(it.include.iter().map(String::as_str)).collect(),
            Part::Index(it) => it.parts.iter().filter_map(|part| part.key.column_name()).chain(it.include.iter().map(String::as_str)).collect(),
        }
    }

    /// Every expression in it, as the server spells it.
    pub fn expressions(&self) -> Vec<&str> {
        match self {
            Part::PrimaryKey(_) | Part::Unique(_) | Part::ForeignKey(_) => Vec::new(),
            Part::Check(it) => vec![&it.expr.key],
            Part::Exclusion(it) => {
                it.parts.iter().filter_map(|(key, _)| key.expression()).chain(it.predicate.as_ref().map(|p| p.key.as_str())).collect()
            }
            Part::Index(it) => it.parts.iter().filter_map(|p| p.key.expression()).chain(it.predicate.as_ref().map(|p| p.key.as_str())).collect(),
        }
    }

    /// The columns whose rows it forbids to repeat, where it is a key or a unique index on plain columns without a predicate.
    pub fn unique_columns(&self) -> Option<Vec<&str>> {
        match self {
            Part::PrimaryKey(it) => Some(it.columns.iter().map(String::as_str).collect()),
            Part::Unique(it) => Some(it.columns.iter().map(String::as_str).collect()),
            Part::Index(it) if it.unique && it.predicate.is_none() => it.parts.iter().map(|part| part.key.column_name()).collect(),
            Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => None,
        }
    }

    /// True where it keeps `columns`, in any order, from repeating, so that a foreign key can point at them. `fold_case` takes names that
    /// differ in nothing but case for the same.
    pub fn is_key_of(&self, columns: &[String], fold_case: bool) -> bool {
        let same = |own: &str, other: &str| own == other || fold_case && own.eq_ignore_ascii_case(other);
        self.unique_columns().is_some_and(|own| own.len() == columns.len() && own.iter().all(|own| columns.iter().any(|other| same(own, other))))
    }
}

/// What becomes of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum PartEdit {
    Add(Part),
    Drop(Part),
    /// The same name, another definition.
    Replace {
        from: Part,
        to: Part,
    },
    /// The same definition under another name.
    Rename {
        from: String,
        part: Part,
    },
    /// Nothing but the comment.
    Comment {
        from: Part,
        to: Part,
    },
}

/// All parts of a table with their names, kind by kind.
pub fn parts(table: &Table) -> Vec<(String, Part)> {
    let primary_key = table.primary_key.iter().map(|it| (it.name.clone(), Part::PrimaryKey(it.clone())));
    let uniques = table.uniques.iter().map(|(name, it)| (name.clone(), Part::Unique(it.clone())));
    let checks = table.checks.iter().map(|(name, it)| (name.clone(), Part::Check(it.clone())));
    let exclusions = table.exclusions.iter().map(|(name, it)| (name.clone(), Part::Exclusion(it.clone())));
    let foreign_keys = table.foreign_keys.iter().map(|(name, it)| (name.clone(), Part::ForeignKey(it.clone())));
    let indexes = table.indexes.iter().map(|(name, it)| (name.clone(), Part::Index(it.clone())));
    primary_key.chain(uniques).chain(checks).chain(exclusions).chain(foreign_keys).chain(indexes).collect()
}

/// Pairs the parts of two tables: by name and kind first, then what is left over by equal definition.
///
/// A constraint that the live table gives no name is the declared one of the same definition, whatever that is called: naming it
/// alone is not worth a rebuild.
pub fn edits(from: &Table, to: &Table) -> Vec<(String, PartEdit)> {
    let (before, after) = (parts(from), parts(to));
    let find = |list: &[(String, Part)], name: &str, kind| list.iter().find(|(n, p)| n == name && p.kind() == kind).map(|(_, p)| p.clone());
    let mut gone: Vec<_> = before.iter().filter(|(name, part)| find(&after, name, part.kind()).is_none()).cloned().collect();
    let mut edits = Vec::new();
    for (name, part) in &after {
        match find(&before, name, part.kind()) {
            Some(old) if old == *part => {}
            Some(old) if old.definition() == part.definition() => edits.push((name.clone(), PartEdit::Comment { from: old, to: part.clone() })),
            Some(old) => edits.push((name.clone(), PartEdit::Replace { from: old, to: part.clone() })),
            None => match gone.iter().position(|(_, old)| old.definition() == part.definition() && old.comment() == part.comment()) {
                Some(at) => {
                    let (old_name, old) = gone.remove(at);
                    if !old.is_unnamed() && !part.is_unnamed() {
                        edits.push((name.clone(), PartEdit::Rename { from: old_name, part: part.clone() }));
                    }
                }
                None => edits.push((name.clone(), PartEdit::Add(part.clone()))),
            },
        }
    }
    gone.into_iter().map(|(name, part)| (name, PartEdit::Drop(part))).chain(edits).collect()
}

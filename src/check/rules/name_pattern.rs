//! A name that is not as dbtool.toml wants names to be.

use std::ops::Range;

use regex_lite::Regex;

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, Constraint, ConstraintKind, Cursor, IndexDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "name-pattern",
    level: Level::Note,
    engines: ALL,
    summary: "a name does not match the pattern that dbtool.toml has for names of its kind",
    why: "Names that follow one rule can be guessed, and messages of the server that give no more than the name of a constraint say what it is \
          about. The patterns stand in the table `[check.names]` of dbtool.toml, with the keys `table`, `column`, `index`, `primary_key`, `unique`, \
          `foreign_key` and `check`; each is a regular expression that has to match the whole name. Names of which dbtool.toml has no pattern, and \
          those that the server gives, are not judged.",
    instead: "write a name that matches the pattern of [check.names] in dbtool.toml",
    sources: &["https://docs.rs/regex-lite/latest/regex_lite/#syntax"],
    known_as: &["Atlas NM101-106"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("", "CREATE TABLE todos2 (a int);").seen(Seen::Shows("SELECT name FROM sqlite_master", "todos2")),
        Example::postgres("CREATE TABLE todos (a int);", "ALTER TABLE todos RENAME TO \"Todos\";"),
        Example::mysql("", "CREATE TABLE `to-dos` (a int);").seen(Seen::Shows("SHOW TABLES LIKE 'to-dos'", "to-dos")),
        Example::mysql("CREATE TABLE todos (a int);", "RENAME TABLE todos TO todos2;"),
    ],
    counter_examples: &[
        Example::sqlite("", "CREATE TABLE todos (A1 int, CONSTRAINT C1 UNIQUE (A1)); CREATE INDEX I1 ON todos (A1);"),
        Example::sqlite(
            "CREATE TABLE t (a int);",
            "CREATE TABLE new2 (a int, b int); INSERT INTO new2 (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE new2 RENAME TO t;",
        ),
        Example::postgres("", "CREATE TEMP TABLE t2 (a int);"),
        Example::mysql("CREATE TABLE t2 (a int);", "ALTER TABLE t2 ADD b int; RENAME TABLE t2 TO t3, t3 TO t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if scene.settings.names.is_empty() {
        return;
    }
    for (action, span) in scene.acts() {
        for (kind, name, place) in made(scene, action, span) {
            let Some(pattern) = scene.settings.names.get(kind) else { continue };
            // To MySQL a unique index and a unique constraint are the same, so that its name may be that of either.
            let other = scene.settings.names.get("index").filter(|_| kind == "unique" && scene.kind == Kind::Mysql);
            if !matches(pattern, &name) && !other.is_some_and(|it| matches(it, &name)) && !goes(scene, kind, &name) && !is_of_key(scene, kind, &name)
            {
                let draft = found.add(&place, format!("the {} {name} is not named as dbtool.toml says", kind.replace('_', " ")));
                draft.help(format!("write a name that matches {pattern}"));
            }
        }
    }
}

/// A pattern that is no regular expression was refused with the settings.
fn matches(pattern: &str, name: &str) -> bool {
    Regex::new(&format!("^(?:{pattern})$")).map_or(true, |regex| regex.is_match(name))
}

/// True for the index of a foreign key of the same name: MySQL makes such by itself, so that scripts which write them name them so.
fn is_of_key(scene: &Scene<'_>, kind: &str, name: &str) -> bool {
    let is_it = |it: &Constraint| matches!(it.kind, ConstraintKind::ForeignKey { .. }) && it.name.as_deref() == Some(name);
    kind == "index"
        && scene.kind == Kind::Mysql
        && scene.script.actions().any(|(_, action)| match action {
            Action::CreateTable(def) => def.constraints.iter().any(is_it),
            Action::AddConstraint { constraint, .. } => is_it(constraint),
            _ => false,
        })
}

/// A name that is given: the key of its pattern, the name, and where it stands.
type Made = (&'static str, String, Range<usize>);

fn made(scene: &Scene<'_>, action: &Action, span: &Range<usize>) -> Vec<Made> {
    let one = |kind, name: &str| vec![(kind, name.to_owned(), span.clone())];
    let is_new = |table: &Name| scene.table(table).is_none() && scene.dropped(table).is_none() && !scene.is_rebuilt(table);
    let is_new_column = |table: &Name, name: &str| scene.table(table).is_none_or(|it| it.column(name).is_none());
    match action {
        Action::CreateTable(def) if !def.temporary => {
            let Some(table) = &def.name else { return Vec::new() };
            // Of a table that takes the place of another only that is new which the other does not have, and nothing where it is not known.
            let own = scene.rebuild_of(table);
            let was = own.map_or_else(|| scene.dropped(table), |own| scene.table(own));
            let columns = def.columns.iter().filter(|it| was.map_or(own.is_none(), |was| was.column(&it.name).is_none()));
            let has = |was: &TableFacts, name: &Option<String>| was.constraints.iter().any(|it| it.name == *name);
            let constraints = def.constraints.iter().filter(|it| was.map_or(own.is_none(), |was| !has(was, &it.name)));
            let names = columns.flat_map(|it| of_column(scene, it)).chain(constraints.filter_map(|it| of_constraint(scene.kind, it)));
            let indexes = def.indexes.iter().filter(|_| was.is_none() && own.is_none()).filter_map(|it| of_index(scene.kind, it, span));
            let table = is_new(table).then(|| ("table", table.name.clone(), span.clone()));
            table.into_iter().chain(names).chain(indexes).collect()
        }
        Action::RenameTable { to, .. } if is_new(to) => one("table", &to.name),
        Action::AddColumn { table, column, .. } if is_new_column(table, &column.name) => of_column(scene, column),
        Action::Redefine { table, from, column } if column.name != *from && is_new_column(table, &column.name) => one("column", &column.name),
        Action::RenameColumn { table, to, .. } if is_new_column(table, to) => one("column", to),
        Action::RenameIndex { to, .. } => one("index", to),
        Action::AddConstraint { constraint, .. } => of_constraint(scene.kind, constraint).into_iter().collect(),
        Action::CreateIndex(index) if !is_made_again(scene, index) => of_index(scene.kind, index, span).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// True for an index that went with its table and is made again.
fn is_made_again(scene: &Scene<'_>, index: &IndexDef) -> bool {
    scene.dropped(&index.table).is_some_and(|table| table.indexes.iter().any(|it| it.name == index.name))
}

/// A column, and the constraints in its definition that have a name.
fn of_column(scene: &Scene<'_>, column: &ColumnDef) -> Vec<Made> {
    let mut names = vec![("column", column.name.clone(), column.span.clone())];
    let mut part = Cursor::new(scene.kind, scene.statement().text.get(column.span.clone()).unwrap_or_default());
    part.until(&["CONSTRAINT"]);
    while part.eat(&["CONSTRAINT"]) {
        let name = part.ident();
        let kind = match part.word().as_deref() {
            Some("PRIMARY") => "primary_key",
            Some("UNIQUE") => "unique",
            Some("REFERENCES") => "foreign_key",
            Some("CHECK") => "check",
            _ => "",
        };
        names.extend(name.map(|name| (kind, name, column.span.clone())));
        part.until(&["CONSTRAINT"]);
    }
    names
}

fn of_constraint(engine: Kind, constraint: &Constraint) -> Option<Made> {
    let kind = match &constraint.kind {
        // MySQL calls each of them PRIMARY.
        ConstraintKind::PrimaryKey { .. } if engine == Kind::Mysql => return None,
        ConstraintKind::PrimaryKey { .. } => "primary_key",
        ConstraintKind::Unique { .. } => "unique",
        ConstraintKind::ForeignKey { .. } => "foreign_key",
        ConstraintKind::Check { .. } => "check",
        ConstraintKind::NotNull { .. } | ConstraintKind::Exclude => return None,
    };
    Some((kind, constraint.name.clone()?, constraint.span.clone()))
}

fn of_index(engine: Kind, index: &IndexDef, span: &Range<usize>) -> Option<Made> {
    let kind = if index.unique && engine == Kind::Mysql { "unique" } else { "index" };
    Some((kind, index.name.clone()?, span.clone()))
}

/// True for a name that the script takes away: it was there before, or is so only for a while.
fn goes(scene: &Scene<'_>, kind: &str, name: &str) -> bool {
    scene.script.actions().any(|(_, action)| match action {
        Action::DropTable { table: from, .. } | Action::RenameTable { from, .. } => kind == "table" && from.name == name,
        Action::DropColumn { column: from, .. } | Action::RenameColumn { from, .. } => kind == "column" && from == name,
        Action::Redefine { from, column, .. } => kind == "column" && from == name && column.name != name,
        Action::DropIndex { index: from, .. } | Action::RenameIndex { index: from, .. } => matches!(kind, "index" | "unique") && from.name == name,
        Action::DropConstraint { name: Some(from), .. } => from == name,
        Action::AddConstraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::Unique { using_index: Some(from), .. } | ConstraintKind::PrimaryKey { using_index: Some(from), .. } => {
                kind == "index" && from == name
            }
            _ => false,
        },
        _ => false,
    })
}

//! A name that the server refuses, or cuts.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, Constraint, Cursor};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "identifier-too-long",
    level: Level::Error,
    engines: SERVERS,
    summary: "a name is longer than the server keeps",
    why: "MySQL and MariaDB refuse a name of more than 64 characters. PostgreSQL cuts it to 63 bytes and gives no more than a notice: the thing is \
          there under another name than the one in the script, whoever looks for the long name in the catalogs does not find it, and two names that \
          differ only behind that are the same name. On PostgreSQL it is a warning.",
    instead: "choose a shorter name",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html",
        "https://mariadb.com/kb/en/identifier-names/#maximum-length",
        "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
    ],
    known_as: &["squawk identifier-too-long", "Atlas NM101-106"],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::postgres("", "CREATE TABLE t (a_name_that_goes_on_and_on_until_it_has_more_than_64_characters_x int);")
            .seen(Seen::Shows("SELECT length(attname) FROM pg_attribute WHERE attname LIKE 'a_name_that_goes%'", "63")),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD b int CONSTRAINT a_name_that_goes_on_and_on_until_it_has_more_than_64_characters_x CHECK (b > 0);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));",
            "ALTER TABLE t RENAME CONSTRAINT c TO a_name_that_goes_on_and_on_until_it_has_more_than_64_characters_x;",
        ),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX \"äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü\" ON t (a);"),
        Example::mysql("", "CREATE TABLE t (a_name_that_goes_on_and_on_until_it_has_more_than_64_characters_x int);").seen(Seen::Fails("too long")),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD UNIQUE KEY a_name_that_goes_on_and_on_until_it_has_more_than_64_characters_x (a);",
        )
        .seen(Seen::Fails("too long")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a_name_that_goes_on_and_on_until_it_has_just_63_characters_yzyz int);"),
        Example::mysql("", "CREATE TABLE t (a_name_that_goes_on_and_on_until_it_has_just_64_characters_yzyzy int);"),
        Example::mysql("", "CREATE TABLE t (a int, KEY `äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü` (a));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        for (name, place) in made(scene, action, span) {
            let (bytes, characters) = (name.len(), name.chars().count());
            if scene.kind == Kind::Postgres && bytes > 63 {
                found.add(&place, format!("{name} is cut to 63 of its {bytes} bytes")).at_most(Level::Warning);
            }
            if scene.kind == Kind::Mysql && characters > 64 {
                found.add(&place, format!("{name} is refused: it has {characters} characters, and 64 is the most"));
            }
        }
    }
}

/// The names that an action gives, and where it does.
fn made(scene: &Scene<'_>, action: &Action, span: &Range<usize>) -> Vec<(String, Range<usize>)> {
    let one = |name: &str| vec![(name.to_owned(), span.clone())];
    let of_column =
        |it: &ColumnDef| inline(scene, &it.span).into_iter().chain([it.name.clone()]).map(|name| (name, it.span.clone())).collect::<Vec<_>>();
    let of_constraint = |it: &Constraint| it.name.clone().map(|name| (name, it.span.clone()));
    match action {
        Action::CreateTable(def) => {
            let own =
                def.name.iter().map(|it| it.name.clone()).chain(def.indexes.iter().filter_map(|it| it.name.clone())).map(|name| (name, span.clone()));
            own.chain(def.columns.iter().flat_map(of_column)).chain(def.constraints.iter().filter_map(of_constraint)).collect()
        }
        Action::AddColumn { column, .. } | Action::Redefine { column, .. } => of_column(column),
        Action::AddConstraint { constraint, .. } => of_constraint(constraint).into_iter().collect(),
        Action::CreateIndex(index) => index.name.as_deref().map(one).unwrap_or_default(),
        Action::RenameTable { to, .. } => one(&to.name),
        Action::RenameColumn { to, .. } | Action::RenameIndex { to, .. } => one(to),
        Action::CreateSequence { sequence: name } | Action::CreateEnum { name, .. } | Action::CreateDomain { name, .. } => one(&name.name),
        Action::CreateTrigger { trigger: name, .. } | Action::CreateSchema { schema: name } => one(name),
        Action::TableOther { what, .. } if what == "RENAME CONSTRAINT" => {
            let mut part = Cursor::new(scene.kind, scene.statement().text.get(span.clone()).unwrap_or_default());
            part.until(&["TO"]);
            part.eat(&["TO"]);
            part.ident().as_deref().map(one).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The names of the constraints in the definition of a column.
fn inline(scene: &Scene<'_>, column: &Range<usize>) -> Vec<String> {
    let mut part = Cursor::new(scene.kind, scene.statement().text.get(column.clone()).unwrap_or_default());
    let mut names = Vec::new();
    part.until(&["CONSTRAINT"]);
    while part.eat(&["CONSTRAINT"]) {
        names.extend(part.ident());
        part.until(&["CONSTRAINT"]);
    }
    names
}

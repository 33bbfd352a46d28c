//! A date stands first in an index of several columns.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, Constraint, ConstraintKind, IndexDef};
use crate::check::rule::{Example, Found, MYSQL, Rule};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "datetime-index-position",
    level: Level::Note,
    engines: MYSQL,
    summary: "a date or time is the first of several columns of an index",
    why: "The server looks up rows by the columns of an index from the first on, up to and with the first that is compared as a range (`>`, `<`, \
          BETWEEN). Dates mostly are: then the columns behind the date do not narrow down what is read. With the date last, `user_id = 5 AND \
          created_at > ...` reads only the rows that it wants.",
    instead: "put the columns that are compared with = first, and the date last",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/range-optimization.html", "https://mariadb.com/kb/en/compound-composite-indexes/"],
    known_as: &["spirit datetime_index_position"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int, seen datetime(6));", "CREATE INDEX i ON t (seen, a);"),
        Example::mysql("", "CREATE TABLE t (a int, day date, KEY i (day DESC, a));"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD seen timestamp NULL, ADD UNIQUE KEY u (seen, a);"),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int, seen datetime);", "CREATE INDEX i ON t (a, seen); ALTER TABLE t ADD KEY (seen);"),
        Example::mysql("", "CREATE TABLE t (a int, day date, PRIMARY KEY (day, a), KEY i (a, day));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    // What the same statement adds the catalog does not know yet.
    let added = || scene.acts().filter_map(|(action, _)| if let Action::AddColumn { column, .. } = action { Some(column) } else { None });
    let known = |table: &Name| scene.table(table).into_iter().flat_map(|facts| &facts.columns).chain(added());
    for (action, span) in scene.acts() {
        match action {
            Action::CreateIndex(index) => judge_index(index, known(&index.table), span, found),
            Action::AddConstraint { table, constraint } => judge_constraint(constraint, known(table), found),
            Action::CreateTable(def) => {
                def.indexes.iter().for_each(|index| judge_index(index, def.columns.iter(), span, found));
                def.constraints.iter().for_each(|constraint| judge_constraint(constraint, def.columns.iter(), found));
            }
            _ => {}
        }
    }
}

fn judge_index<'a>(index: &IndexDef, known: impl Iterator<Item = &'a ColumnDef>, span: &Range<usize>, found: &mut Found<'_>) {
    if index.special.is_none() {
        let columns: Vec<&str> = index.columns.iter().map(|column| column.as_deref().unwrap_or("...")).collect();
        judge_columns(&columns, known, span, found);
    }
}

/// A primary key may begin with a date so that the rows lie by it.
fn judge_constraint<'a>(constraint: &Constraint, known: impl Iterator<Item = &'a ColumnDef>, found: &mut Found<'_>) {
    if let ConstraintKind::Unique { columns, .. } = &constraint.kind {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        judge_columns(&columns, known, &constraint.span, found);
    }
}

fn judge_columns<'a>(columns: &[&str], mut known: impl Iterator<Item = &'a ColumnDef>, span: &Range<usize>, found: &mut Found<'_>) {
    let [first, rest @ ..] = columns else { return };
    let is_date = |column: &ColumnDef| column.ty.starts_with("date") || column.ty.starts_with("timestamp");
    if rest.is_empty() || !known.any(|column| column.name.eq_ignore_ascii_case(first) && is_date(column)) {
        return;
    }
    let rest = rest.join(", ");
    found
        .add(span, format!("a range of {first} leaves {rest} of the index without use"))
        .help(format!("put the date last where the others are compared with =: ({rest}, {first})"));
}

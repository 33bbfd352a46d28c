//! Renames. They come first, so that all that follows is said in the new names.
//!
//! The server carries them into foreign keys and indexes, but neither into views nor into the text of routines. MySQL, unlike MariaDB, does
//! not carry the name of a column into expressions of its table, and refuses while there are any: they are said again.

use std::collections::BTreeMap;

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::lexer::{self, Kind};
use crate::dialect::mysql::{Mysql, is_mariadb, render};
use crate::diff::{Part, parts};
use crate::model::{Column, Fill, KeyOf, Name, ObjectKind, Table, Text};
use crate::plan::mentions;

/// Old names of columns and their new ones.
type Names<'a> = BTreeMap<&'a str, &'a str>;

impl Planner<'_> {
    pub(super) fn renames(&mut self) {
        let renames = &self.changes.renames;
        for (from, to) in renames.tables.iter().chain(&renames.sequences) {
            self.alone(format!("rename {from} to {to}"), format!("RENAME TABLE {} TO {}", Mysql.name(from), Mysql.name(to)));
        }
        let mut columns: BTreeMap<&Name, Names<'_>> = BTreeMap::new();
        for (table, from, to) in &renames.columns {
            columns.entry(table).or_default().insert(from, to);
        }
        for (table, names) in columns {
            // In scratch the table is still known by its old name.
            let shape = [table, renames.old_table(table)].into_iter().find_map(|name| self.context.from.tables.get(name));
            let again = match shape {
                Some(shape) if !is_mariadb(self.version()) => said_again(shape, &names, self.version()),
                Some(_) | None => Again::default(),
            };
            let clause = |(from, to): (&&str, &&str)| {
                (format!("rename {table}.{from} to {to}"), format!("RENAME COLUMN {} TO {}", Mysql.quote(from), Mysql.quote(to)))
            };
            let is_read = |from: &str, to: &str| again.with.iter().any(|(_, sql)| mentions(sql, from) || mentions(sql, to));
            let (read, plain): (Vec<_>, Vec<_>) = names.iter().partition(|(from, to)| is_read(from, to));
            // A foreign key's column cannot be renamed by a statement that copies the table, as one with a new check or generated column does.
            self.clauses(table, "checks in the way of a rename of", again.before);
            self.clauses(table, "rename columns of", plain.into_iter().map(clause).collect());
            self.clauses(table, "rename columns of", read.into_iter().map(clause).chain(again.with).collect());
            self.clauses(table, "checks behind a rename of", again.after);
        }
        for (from, to) in &renames.objects {
            let (old, new) = (Mysql.quote(&from.name.name), Mysql.quote(&to.name.name));
            let sql = match from.kind {
                ObjectKind::View => format!("RENAME TABLE {old} TO {new}"),
                ObjectKind::Event => format!("ALTER EVENT {old} RENAME TO {new}"),
                // There is no statement for the others: they are dropped and made under their new name.
                _ => continue,
            };
            self.alone(format!("rename {from} to {}", to.name), sql);
        }
    }
}

/// What is said again of a table whose columns are renamed: clauses with their titles, before, with and behind the rename.
#[derive(Default)]
struct Again {
    before: Vec<(String, String)>,
    with: Vec<(String, String)>,
    after: Vec<(String, String)>,
}

/// The clauses for checks, indexes, generated columns and defaults that name one of the columns.
fn said_again(table: &Table, names: &Names<'_>, version: u32) -> Again {
    let reads = |sql: &str| names.iter().any(|(from, to)| mentions(sql, from) || mentions(sql, to));
    let again = |text: &mut Text| *text = Text::new(renamed(&text.text, names));
    let mut said = Again::default();
    for (name, part) in parts(table).into_iter().filter(|(_, part)| part.expressions().iter().any(|sql| reads(sql))) {
        let (word, part) = match part {
            Part::Check(mut check) => {
                again(&mut check.expr);
                ("CONSTRAINT", Part::Check(check))
            }
            Part::Index(mut index) => {
                for key in index.parts.iter_mut().map(|part| &mut part.key.what) {
                    match key {
                        KeyOf::Expr(expr) => again(expr),
                        KeyOf::Column(column) => *column = new_name(column, names),
                    }
                }
                ("INDEX", Part::Index(index))
            }
            _ => continue,
        };
        said.before.push((format!("{name} in the way of a rename"), format!("DROP {word} {}", Mysql.quote(&name))));
        said.after.push((format!("{name} behind a rename"), format!("ADD {}", render::part(&name, &part, version))));
    }
    for (name, shape) in &table.columns {
        let text = match &shape.fill {
            Fill::Default(text) | Fill::Generated { expr: text, .. } => text,
            Fill::None | Fill::Identity(_) => continue,
        };
        // A string may say the name of a column and mean itself.
        if renamed(&text.text, names) == text.text && !names.values().any(|to| renamed(&text.text, &[(*to, "")].into()) != text.text) {
            continue;
        }
        let mut shape: Column = shape.clone();
        if let Fill::Default(text) | Fill::Generated { expr: text, .. } = &mut shape.fill {
            again(text);
        }
        let clause = format!("MODIFY COLUMN {}", render::column(&new_name(name, names), &shape, table, version));
        said.with.push((format!("{name} behind a rename"), clause));
    }
    said
}

fn new_name(name: &str, names: &Names<'_>) -> String {
    names.iter().find(|(from, _)| from.eq_ignore_ascii_case(name)).map_or(name, |(_, to)| *to).to_owned()
}

/// An expression with the new names of columns in the place of the old ones.
fn renamed(sql: &str, names: &Names<'_>) -> String {
    let tokens: Vec<lexer::Token<'_>> = lexer::tokens(sql).collect();
    let mut out = String::with_capacity(sql.len());
    for (index, token) in tokens.iter().enumerate() {
        let is_called = tokens.get(index + 1).is_some_and(|next| next.is_symbol("("));
        let is_name = token.kind == Kind::Quoted || token.kind == Kind::Word && !is_called;
        let name = token.unquoted();
        match names.iter().find(|(from, _)| is_name && from.eq_ignore_ascii_case(&name)) {
            Some((_, to)) => out.push_str(&Mysql.quote(to)),
            None => out.push_str(token.text),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_nothing_else() {
        let names: Names<'_> = [("a", "order"), ("lower", "l")].into();
        assert_eq!(renamed("a > 'a' and `A` < lower(b) and lower = 1", &names), "`order` > 'a' and `order` < lower(b) and l = 1");
    }
}

//! What becomes of rows that stand in the way of a key or a foreign key.

use super::Planner;
use super::table::is_index;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::{Mysql, types};
use crate::diff::{Part, PartEdit, TableAlter, TableChange, parts};
use crate::model::{ForeignKey, KeyOf, Name, OnDuplicate, OnOrphan};
use crate::plan::{Direction, Refusal, Statement};

impl Planner<'_> {
    /// Keeps the first or the last row of those that repeat a new key.
    pub(super) fn deduplicate(&mut self, name: &Name, alter: &TableAlter) -> Result<(), Refusal> {
        if self.context.direction == Direction::Down {
            return Ok(());
        }
        for change in &alter.changes {
            let TableChange::Part(part_name, PartEdit::Add(part) | PartEdit::Replace { to: part, .. }) = change else { continue };
            let (keys, on_duplicate): (Vec<String>, OnDuplicate) = match part {
                Part::PrimaryKey(key) => (quoted(&key.columns), *key.on_duplicate),
                Part::Unique(key) => (quoted(&key.columns), *key.on_duplicate),
                Part::Index(index) if index.unique && is_index(part) => (index.parts.iter().map(key_text).collect(), *index.on_duplicate),
                _ => continue,
            };
            let order = match on_duplicate {
                OnDuplicate::KeepFirst => "ASC",
                OnDuplicate::KeepLast => "DESC",
                OnDuplicate::Unsaid | OnDuplicate::Error => continue,
            };
            let Some(row) = row_key(alter) else {
                return Err(Refusal {
                    message: format!("{name} has no key that tells its rows apart, so none of those that repeat {part_name} can be kept"),
                    help: "delete the repeated rows in a revision of your own before: dbtool revision -m ...".to_owned(),
                });
            };
            self.rows(format!("rows of {name} that repeat {part_name}"), Statement::new(delete_repeated(name, &keys, &row, order)));
        }
        Ok(())
    }

    /// Deletes or lets go of rows that point nowhere.
    pub(super) fn adopt_orphans(&self, table: &Name, key: &ForeignKey) -> Option<Statement> {
        if self.context.direction == Direction::Down {
            return None;
        }
        let (child, parent) = (Mysql.name(table), Mysql.name(&key.target));
        let own: Vec<String> = quoted(&key.columns).iter().map(|column| format!("dbtool_child.{column}")).collect();
        let pairs: Vec<String> =
            quoted(&key.target_columns).iter().zip(&own).map(|(target, own)| format!("dbtool_parent.{target} = {own}")).collect();
        let set: Vec<String> = own.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        let missing = quoted(&key.target_columns).first().map(|target| format!("dbtool_parent.{target} IS NULL"))?;
        let joined = format!("{child} AS dbtool_child LEFT JOIN {parent} AS dbtool_parent ON {}", pairs.join(" AND "));
        let condition = format!("{} AND {missing}", set.join(" AND "));
        match *key.on_orphan {
            OnOrphan::Delete if key.target == *table => Some(Statement::new(delete_with_descendants(&child, key))),
            OnOrphan::Delete => Some(Statement::new(format!("DELETE dbtool_child FROM {joined} WHERE {condition}"))),
            OnOrphan::SetNull => {
                let nulls: Vec<String> = own.iter().map(|column| format!("{column} = NULL")).collect();
                let columns: Vec<&String> = key.columns.iter().collect();
                let kept = self.kept_times(table, &columns, true);
                let kept = kept.iter().map(|column| format!(", dbtool_child.{0} = dbtool_child.{0}", Mysql.quote(column))).collect::<String>();
                Some(Statement::new(format!("UPDATE {joined} SET {}{kept} WHERE {condition}", nulls.join(", "))))
            }
            OnOrphan::Unsaid | OnOrphan::Error => None,
        }
    }
}

/// In a table that points at itself the rows below one that goes would point nowhere themselves.
fn delete_with_descendants(table: &str, key: &ForeignKey) -> String {
    let (own, target) = (quoted(&key.columns), quoted(&key.target_columns));
    let pairs = |left: &str, lefts: &[String], right: &str, rights: &[String]| {
        lefts.iter().zip(rights).map(|(one, other)| format!("{left}.{one} = {right}.{other}")).collect::<Vec<_>>().join(" AND ")
    };
    let of = |alias: &str, columns: &[String]| columns.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>().join(", ");
    let set = own.iter().map(|column| format!("dbtool_child.{column} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    format!(
        "DELETE dbtool_row FROM {table} AS dbtool_row JOIN (\n  WITH RECURSIVE dbtool_gone ({columns}) AS (\n    \
         SELECT {first} FROM {table} AS dbtool_child LEFT JOIN {table} AS dbtool_parent ON {parents} WHERE {set} AND dbtool_parent.{missing} IS NULL\n    \
         UNION SELECT {next} FROM {table} AS dbtool_child JOIN dbtool_gone ON {below}\n  ) SELECT * FROM dbtool_gone\n) AS dbtool_gone ON {same}",
        columns = target.join(", "),
        first = of("dbtool_child", &target),
        parents = pairs("dbtool_child", &own, "dbtool_parent", &target),
        missing = target[0],
        next = of("dbtool_child", &target),
        below = pairs("dbtool_child", &own, "dbtool_gone", &target),
        same = pairs("dbtool_row", &target, "dbtool_gone", &target),
    )
}

fn quoted(columns: &[String]) -> Vec<String> {
    columns.iter().map(|column| Mysql.quote(column)).collect()
}

/// What two rows have in common where an index finds them the same.
fn key_text(part: &crate::model::IndexPart) -> String {
    match (&part.key.what, part.length) {
        (KeyOf::Column(column), None) => Mysql.quote(column),
        (KeyOf::Column(column), Some(length)) => format!("left({}, {length})", Mysql.quote(column)),
        (KeyOf::Expr(expr), _) => format!("({})", expr.text),
    }
}

/// The columns that tell a row from all others as the table is now: the primary key, else a unique key without NULLs.
pub(super) fn row_key(alter: &TableAlter) -> Option<Vec<String>> {
    // The order of these is not that of their text.
    let is_odd = |ty: &str| types::is_float(ty) || ["enum", "set", "bit", "decimal"].iter().any(|odd| ty.to_ascii_lowercase().starts_with(odd));
    let required = |column: &str| alter.from.columns.get(column).is_some_and(|shape| !shape.nullable && !is_odd(&shape.ty.key));
    let keys = parts(&alter.from).into_iter().filter_map(|(_, part)| {
        let columns: Option<Vec<String>> = part.unique_columns().map(|columns| columns.iter().map(|column| (*column).to_owned()).collect());
        columns
    });
    keys.into_iter().find(|columns| columns.iter().all(|column| required(column))).map(|columns| quoted(&columns))
}

fn delete_repeated(table: &Name, keys: &[String], row: &[String], order: &str) -> String {
    let name = Mysql.name(table);
    let ordered: Vec<String> = row.iter().map(|column| format!("{column} {order}")).collect();
    let set: Vec<String> = keys.iter().map(|key| format!("{key} IS NOT NULL")).collect();
    let same: Vec<String> = row.iter().map(|column| format!("dbtool_row.{column} = dbtool_rank.{column}")).collect();
    format!(
        "DELETE dbtool_row FROM {name} AS dbtool_row JOIN (\n  SELECT {}, row_number() OVER (PARTITION BY {} ORDER BY {}) AS dbtool_place FROM {name} WHERE {}\n) AS \
         dbtool_rank ON {} WHERE dbtool_rank.dbtool_place > 1",
        row.join(", "),
        keys.join(", "),
        ordered.join(", "),
        set.join(" AND "),
        same.join(" AND ")
    )
}

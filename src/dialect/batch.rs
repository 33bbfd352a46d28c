//! How the rows of a table are cut into batches: by what key, and how a range of it is said in SQL.

/// What the batches of a backfill go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchKey {
    /// Columns, as SQL spells them, of which none is NULL: rows in the order of these.
    Columns(Vec<String>),
    /// The same, compared one by one: MySQL reads the whole index for a comparison of rows.
    /// <https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html>
    Nested(Vec<String>),
    /// Ranges of a table's blocks, where no column serves. A row that is changed may move to another block, so only a statement that
    /// leaves alone what it has done can go by them.
    Blocks,
}

/// A table that can be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batching {
    pub key: BatchKey,
    /// How many rows it has, about.
    pub rows: u64,
    /// How many blocks, where they count.
    pub blocks: u64,
    /// True where the key is one column of whole numbers, with which one can reckon.
    pub is_integer: bool,
    /// The version of SQLite's schema for which the keys hold, where they need not outlive it: VACUUM numbers rows anew that have no
    /// INTEGER PRIMARY KEY, and raises the version.
    pub epoch: Option<u64>,
}

/// How large a table is, about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSize {
    pub rows: u64,
    /// On disk, without its indexes.
    pub bytes: u64,
}

impl BatchKey {
    /// The columns; `None` where the batches go by blocks.
    pub fn columns(&self) -> Option<&[String]> {
        match self {
            Self::Columns(columns) | Self::Nested(columns) => Some(columns),
            Self::Blocks => None,
        }
    }

    /// The key for people and for the table of backfills.
    pub fn text(&self) -> String {
        self.columns().map_or_else(|| "ctid".to_owned(), |columns| columns.join(", "))
    }

    /// The columns with their table before them, as a row.
    pub fn row(&self, alias: &str) -> String {
        match self {
            Self::Columns(columns) | Self::Nested(columns) => row(&columns.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>()),
            Self::Blocks => format!("{alias}.ctid"),
        }
    }

    /// The condition that holds for rows behind `after` and up to and with `upto`, each a key as SQL literals.
    pub fn range(&self, alias: &str, after: Option<&[String]>, upto: &[String]) -> String {
        let key = self.row(alias);
        match self {
            Self::Columns(_) => {
                let after = after.map(|after| format!("{key} > {} AND ", row(after))).unwrap_or_default();
                format!("({after}{key} <= {})", row(upto))
            }
            Self::Nested(columns) => {
                let after = after.map(|after| format!("{} AND ", beyond(alias, columns, ('>', '>'), after))).unwrap_or_default();
                format!("({after}{})", beyond(alias, columns, ('<', '='), upto))
            }
            Self::Blocks => {
                let block = |keys: &[String]| keys.first().cloned().unwrap_or_else(|| "0".to_owned());
                let after = after.map_or_else(|| "0".to_owned(), block);
                // Block numbers are where a range begins and, exclusively, where it ends: https://www.postgresql.org/docs/current/datatype-oid.html
                format!("({key} >= '({after},0)'::tid AND {key} < '({},0)'::tid)", block(upto))
            }
        }
    }
}

/// The condition that holds for rows whose key lies on one side of `keys`: `(a >= 1 AND (a > 1 OR (b > 2)))` behind them, and with `=` as the
/// second sign up to and with them. The first condition alone is one that an index serves. No column of a key is NULL.
fn beyond(alias: &str, columns: &[String], (sign, last): (char, char), keys: &[String]) -> String {
    match (columns, keys) {
        ([column, inner @ ..], [key, rest @ ..]) if !inner.is_empty() => {
            let (name, inner) = (format!("{alias}.{column}"), beyond(alias, inner, (sign, last), rest));
            format!("({name} {sign}= {key} AND ({name} {sign} {key} OR {inner}))")
        }
        ([column, ..], [key, ..]) if last == '=' => format!("({alias}.{column} {sign}= {key})"),
        ([column, ..], [key, ..]) => format!("({alias}.{column} {sign} {key})"),
        _ => "(1 = 0)".to_owned(),
    }
}

fn row(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        parts => format!("({})", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn ranges_are_said_in_sql() {
        let one = BatchKey::Columns(keys(&["id"]));
        assert_eq!(one.range("t", None, &keys(&["5"])), "(t.id <= 5)");
        let two = BatchKey::Columns(keys(&["a", "b"]));
        assert_eq!(two.range("t", Some(&keys(&["1", "'x'"])), &keys(&["2", "'y'"])), "((t.a, t.b) > (1, 'x') AND (t.a, t.b) <= (2, 'y'))");
        let nested = BatchKey::Nested(keys(&["a", "b"]));
        let wanted = "((t.a >= 1 AND (t.a > 1 OR (t.b > 'x'))) AND (t.a <= 2 AND (t.a < 2 OR (t.b <= 'y'))))";
        assert_eq!(nested.range("t", Some(&keys(&["1", "'x'"])), &keys(&["2", "'y'"])), wanted);
        assert_eq!(BatchKey::Blocks.range("t", Some(&keys(&["8"])), &keys(&["16"])), "(t.ctid >= '(8,0)'::tid AND t.ctid < '(16,0)'::tid)");
    }
}

//! How the rows of a table are cut into batches: by what key, and how a range of it is said in SQL.

/// What the batches of a backfill go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchKey {
    /// Columns, as SQL spells them, of which none is NULL: rows in the order of these.
    Columns(Vec<String>),
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
    /// The key for people and for the table of backfills.
    pub fn text(&self) -> String {
        match self {
            Self::Columns(columns) => columns.join(", "),
            Self::Blocks => "ctid".to_owned(),
        }
    }

    /// The columns with their table before them, as a row.
    pub fn row(&self, alias: &str) -> String {
        match self {
            Self::Columns(columns) => row(&columns.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>()),
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
            Self::Blocks => {
                let block = |keys: &[String]| keys.first().cloned().unwrap_or_else(|| "0".to_owned());
                let after = after.map_or_else(|| "0".to_owned(), block);
                // Block numbers are where a range begins and, exclusively, where it ends: https://www.postgresql.org/docs/current/datatype-oid.html
                format!("({key} >= '({after},0)'::tid AND {key} < '({},0)'::tid)", block(upto))
            }
        }
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
        assert_eq!(BatchKey::Blocks.range("t", Some(&keys(&["8"])), &keys(&["16"])), "(t.ctid >= '(8,0)'::tid AND t.ctid < '(16,0)'::tid)");
    }
}

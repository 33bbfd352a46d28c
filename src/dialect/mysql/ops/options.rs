//! What is said of a table as a whole.

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::quote::literal;
use crate::diff::{TableAlter, TableChange};
use crate::model::Name;
use crate::plan::{Refusal, mentions};

impl Planner<'_> {
    /// What columns get that say nothing of their character set. It comes before the columns, which then say what they are.
    pub(super) fn character_set(&mut self, name: &Name, alter: &TableAlter) {
        let (from, to) = (&alter.from.options, &alter.to.options);
        let Some(charset) = to.charset.as_ref().filter(|_| from.charset != to.charset || from.collation != to.collation) else { return };
        let collation = to.collation.as_ref().map(|collation| format!(" COLLATE={collation}")).unwrap_or_default();
        self.alone(format!("character set of {name}"), format!("ALTER TABLE {} DEFAULT CHARSET={charset}{collation}", Mysql.name(name)));
    }

    pub(super) fn options(&mut self, name: &Name, alter: &TableAlter) -> Result<(), Refusal> {
        if !alter.changes.iter().any(|change| matches!(change, TableChange::Options | TableChange::Comment)) {
            return Ok(());
        }
        let (from, to) = (&alter.from.options, &alter.to.options);
        let mut clauses: Vec<String> = Vec::new();
        let mut put = |key: &str, value: &str| clauses.push(format!("{key}={value}"));
        if from.engine != to.engine {
            put("ENGINE", to.engine.as_deref().unwrap_or("InnoDB"));
        }
        if from.row_format != to.row_format {
            put("ROW_FORMAT", to.row_format.as_deref().unwrap_or("DEFAULT"));
        }
        for (key, value) in to.storage.iter().filter(|(key, value)| from.storage.get(*key) != Some(*value)) {
            put(&key.to_uppercase(), value);
        }
        for key in from.storage.keys().filter(|key| !to.storage.contains_key(*key)) {
            put(&key.to_uppercase(), usual(name, key)?);
        }
        if alter.from.comment != alter.to.comment {
            put("COMMENT", &literal(alter.to.comment.as_deref().unwrap_or_default()));
        }
        if !clauses.is_empty() {
            self.alone(format!("options of {name}"), format!("ALTER TABLE {} {}", Mysql.name(name), clauses.join(", ")));
        }
        if from.system_versioning != to.system_versioning {
            let word = if to.system_versioning { "ADD" } else { "DROP" };
            self.alone(format!("system versioning of {name}"), format!("ALTER TABLE {} {word} SYSTEM VERSIONING", Mysql.name(name)));
            if !to.system_versioning {
                self.notes.push(format!("Drops what the rows of {name} were before: their history is lost."));
            }
        }
        self.partitions(name, alter);
        Ok(())
    }

    /// Partitions that are only added at the end are added; everything else writes the rows into partitions anew, which loses none: a row
    /// that has no partition any more is an error. <https://dev.mysql.com/doc/refman/8.4/en/alter-table-partition-operations.html>
    fn partitions(&mut self, name: &Name, alter: &TableAlter) {
        let (from, to) = (&alter.from.options.partition_by, &alter.to.options.partition_by);
        if from == to {
            return;
        }
        let table = format!("ALTER TABLE {}", Mysql.name(name));
        let Some(to) = to else {
            self.slow(name, "writes every row anew, and nobody else can write meanwhile");
            return self.alone(format!("no partitions of {name}"), format!("{table} REMOVE PARTITIONING"));
        };
        if let Some(added) = from.as_ref().and_then(|from| added(&from.key, &to.key)) {
            self.alone(format!("add partitions to {name}"), format!("{table} ADD PARTITION ({added})"));
        } else {
            self.slow(name, "writes every row into its partition anew, and nobody else can write meanwhile");
            self.alone(format!("partitions of {name}"), format!("{table}\nPARTITION BY {}", to.text));
        }
    }
}

/// What takes an option away.
fn usual(table: &Name, key: &str) -> Result<&'static str, Refusal> {
    match key {
        "stats_persistent" | "stats_auto_recalc" | "stats_sample_pages" | "pack_keys" => Ok("DEFAULT"),
        "key_block_size" | "max_rows" | "min_rows" | "avg_row_length" | "checksum" | "delay_key_write" | "page_checksum" | "transactional"
        | "page_compressed" => Ok("0"),
        "compression" => Ok("''"),
        "encryption" => Ok("'N'"),
        "encrypted" => Ok("DEFAULT"),
        "insert_method" => Ok("NO"),
        _ => Err(Refusal {
            message: format!("the option {key} of {table} is to go, and dbtool does not know what is usual"),
            help: format!("say what it is to be: with = {{ \"{key}\" = ... }}"),
        }),
    }
}

/// The partitions that `to` has behind those of `from`, where that is all.
fn added<'t>(from: &str, to: &'t str) -> Option<&'t str> {
    let rest = to.strip_prefix(from.strip_suffix(')')?)?.strip_prefix(',')?.strip_suffix(')')?;
    // Only lists of ranges and values can grow at their end, and not behind the last of all.
    let grows = (from.starts_with("RANGE") || from.starts_with("LIST")) && from.contains("(PARTITION ") && !mentions(from, "maxvalue");
    grows.then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_at_the_end_are_added() {
        let from = "RANGE (y) (PARTITION p0 VALUES LESS THAN (10))";
        let to = "RANGE (y) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))";
        assert_eq!(added(from, to), Some("PARTITION p1 VALUES LESS THAN (20)"));
        assert_eq!(added(to, from), None);
        assert_eq!(added("HASH (id) PARTITIONS 4", "HASH (id) PARTITIONS 8"), None);
    }
}

//! A table from what SHOW CREATE TABLE prints: the server's own and only complete account of it.
//! <https://dev.mysql.com/doc/refman/8.4/en/show-create-table.html>

use indexmap::IndexMap;

use super::column::column;
use super::cursor::{Cursor, bare, items, laid_open, plain};
use super::keys::{foreign_key, index, is_plain, primary_key, unique};
use crate::dialect::mysql::lexer::significant;
use crate::model::{Check, Hint, Index, IndexKey, IndexPart, Table, TableOptions, Text};

/// The collation that a character set has where nothing is said, for each of the server's.
pub(super) type Charsets = IndexMap<String, String>;

/// Reads the statement. What is not understood is named in `unmodelled`.
pub(super) fn table(sql: &str, charsets: &Charsets) -> Table {
    let open = laid_open(sql);
    let mut cursor = Cursor::new(&open);
    cursor.until(|token| token.is_symbol("("));
    let body = cursor.group().unwrap_or_default();
    let mut table = Table::default();
    let mut unknown = Vec::new();
    options(&mut cursor, &mut table, charsets, &mut unknown);
    for item in items(body) {
        part(item, &mut table, charsets, &mut unknown);
    }
    long_uniques(&mut table);
    table.unmodelled = Hint(unknown);
    table
}

/// MariaDB keeps a unique key on long text by a hash, said or not: <https://mariadb.com/kb/en/getting-started-with-indexes/#unique-index>.
fn long_uniques(table: &mut Table) {
    let is_long = |part: &IndexPart| {
        let ty = part.key.column_name().and_then(|column| table.columns.get(column)).map(|shape| shape.ty.key.to_ascii_lowercase());
        ty.is_some_and(|ty| ty.contains("text") || ty.contains("blob") || ty == "json")
    };
    let hashed = |index: &Index| index.unique && index.storage.get("using").is_some_and(|using| using.eq_ignore_ascii_case("hash"));
    let names: Vec<String> =
        table.indexes.iter().filter(|(_, index)| hashed(index) && index.parts.iter().any(is_long)).map(|(name, _)| name.clone()).collect();
    for name in names {
        let Some(mut index) = table.indexes.shift_remove(&name) else { continue };
        index.storage.shift_remove("using");
        if is_plain(&index) {
            table.uniques.insert(name, unique(index));
        } else {
            table.indexes.insert(name, index);
        }
    }
}

fn part(item: &str, table: &mut Table, charsets: &Charsets, unknown: &mut Vec<String>) {
    let mut cursor = Cursor::new(item);
    if cursor.take_words(&["primary", "key"]) {
        table.primary_key = primary_key(&mut cursor, unknown);
    } else if cursor.take_words(&["constraint"]) {
        let name = cursor.name().unwrap_or_default();
        constraint(&mut cursor, name, item, table, unknown);
    } else if cursor.take_words(&["period", "for", "system_time"]) {
        let columns = cursor.group().map(plain).unwrap_or_default();
        table.options.storage.insert("period_for_system_time".to_owned(), format!("({columns})"));
    } else if cursor.take_words(&["period"]) {
        unknown.push(item.to_owned());
    } else if cursor.peek().is_some_and(|token| token.text.starts_with('`')) {
        let name = cursor.name().unwrap_or_default();
        if item.contains('\u{FFFD}') {
            // Bytes that are no text: what they were is not known here.
            unknown.push(format!("the default or comment of `{name}`, which is no text"));
        }
        let shape = column(&mut cursor, &table.options, charsets, unknown);
        table.columns.insert(name, shape);
    } else {
        match index(&mut cursor, unknown) {
            Some((name, found)) if found.unique && is_plain(&found) => {
                table.uniques.insert(name, unique(found));
            }
            Some((name, found)) => _ = table.indexes.insert(name, found),
            None => unknown.push(item.to_owned()),
        }
    }
}

fn constraint(cursor: &mut Cursor<'_>, name: String, item: &str, table: &mut Table, unknown: &mut Vec<String>) {
    if cursor.take_words(&["check"]) {
        let expr = cursor.group().map(bare).unwrap_or_default();
        let check = Check {
            unnamed: Hint(false),
            expr: Text::with_key(plain(expr), expr),
            no_inherit: false,
            not_valid: false,
            not_enforced: cursor.take_words(&["not", "enforced"]),
            comment: None,
            column: Hint(None),
        };
        table.checks.insert(name, check);
    } else {
        match foreign_key(cursor) {
            Some(key) => _ = table.foreign_keys.insert(name, key),
            None => unknown.push(item.to_owned()),
        }
    }
}

/// What stands behind the parentheses.
fn options(cursor: &mut Cursor<'_>, table: &mut Table, charsets: &Charsets, unknown: &mut Vec<String>) {
    let TableOptions { engine, charset, collation, row_format, system_versioning, storage, partition_by, auto_increment, .. } = &mut table.options;
    while let Some(token) = cursor.peek() {
        if cursor.take_words(&["partition", "by"]) {
            let text = partitions(cursor.rest(), engine.as_deref());
            *partition_by = Some(Text::new(text));
            break;
        }
        if cursor.take_words(&["with", "system", "versioning"]) {
            *system_versioning = true;
            continue;
        }
        cursor.take_words(&["default"]);
        let Some(mut key) = cursor.name().map(|key| key.to_lowercase()) else {
            unknown.push(token.text.to_owned());
            cursor.next();
            continue;
        };
        while let Some(word) = cursor.peek().filter(|token| !token.is_symbol("=")).and_then(|_| cursor.name()) {
            key = format!("{key} {}", word.to_lowercase());
        }
        cursor.take_symbol("=");
        match key.as_str() {
            "engine" => *engine = cursor.name(),
            "auto_increment" => *auto_increment = Hint(cursor.number()),
            "charset" | "character set" => *charset = cursor.name(),
            "collate" => *collation = cursor.name(),
            "row_format" => *row_format = cursor.name().map(|format| format.to_uppercase()),
            "comment" => table.comment = cursor.string(),
            _ => {
                let value = match cursor.group() {
                    Some(list) => format!("({list})"),
                    None => cursor.next().map(|token| token.text.to_owned()).unwrap_or_default(),
                };
                storage.insert(key, value);
            }
        }
    }
    storage.sort_keys();
    if collation.is_none() {
        *collation = charset.as_ref().and_then(|charset| charsets.get(charset)).cloned();
    }
}

/// PARTITION BY on one line, without the engine that every partition has from its table.
fn partitions(text: &str, engine: Option<&str>) -> String {
    let tokens = significant(text);
    let mut out = String::new();
    let (mut index, mut end) = (0, 0);
    while let Some(token) = tokens.get(index) {
        let names_engine = token.is_word("engine") && tokens.get(index + 1).is_some_and(|next| next.is_symbol("="));
        if names_engine && tokens.get(index + 2).is_some_and(|next| Some(next.text) == engine) {
            index += 3;
            end = tokens[index - 1].end();
            continue;
        }
        // White space between two tokens, whatever it is, is one blank.
        if index > 0 && text[end..token.start].contains(char::is_whitespace) && !token.is_symbol(",") && !token.is_symbol(")") {
            out.push(' ');
        }
        out.push_str(token.text);
        end = token.end();
        index += 1;
    }
    plain(&out)
}

/// The names of key columns, each as a part of its own.
pub(super) fn columns(list: &str) -> Vec<String> {
    items(list).iter().filter_map(|item| Cursor::new(item).name()).collect()
}

/// A key on a column or an expression, as it stands in the parentheses of an index.
pub(super) fn key_of(cursor: &mut Cursor<'_>) -> Option<(IndexKey, Option<u64>)> {
    if let Some(expr) = cursor.group() {
        let text = Text::with_key(plain(bare(expr)), bare(expr));
        return Some((IndexKey { what: crate::model::KeyOf::Expr(text), collation: None, opclass: None }, None));
    }
    let name = cursor.name()?;
    let length = cursor.group().and_then(|length| length.trim().parse().ok());
    Some((IndexKey::column(name), length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fill, KeyAction, Order};

    const MARIADB: &str = "CREATE TABLE `p` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `e` enum('a','b''c') CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'a' COMMENT 'x''y\\\\z\\nnew',
  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),
  `ts` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  `g` int(11) GENERATED ALWAYS AS (`id` + 1) STORED,
  `inv` int(11) INVISIBLE DEFAULT 3,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u1` (`e`),
  UNIQUE KEY `u2` (`inv`) USING BTREE COMMENT 'hi',
  KEY `k1` (`e`(3),`inv` DESC),
  FULLTEXT KEY `ft` (`e`),
  CONSTRAINT `chk` CHECK (`inv` > 0),
  CONSTRAINT `p_fk` FOREIGN KEY (`inv`) REFERENCES `q` (`id`) ON DELETE CASCADE ON UPDATE SET NULL
) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci STATS_PERSISTENT=1 ROW_FORMAT=DYNAMIC COMMENT='tab''le'
 PARTITION BY RANGE (`id`)
(PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION `p1` VALUES LESS THAN MAXVALUE ENGINE = InnoDB)";

    #[test]
    fn a_table_of_mariadb_is_read() {
        let table = table(MARIADB, &Charsets::new());
        assert_eq!(*table.unmodelled, [""; 0]);
        assert_eq!(table.columns.keys().collect::<Vec<_>>(), ["id", "e", "j", "ts", "g", "inv"]);
        assert!(matches!(table.columns["id"].fill, Fill::Identity(_)));
        assert_eq!(table.columns["e"].comment.as_deref(), Some("x'y\\z\nnew"));
        assert_eq!((table.columns["j"].ty.key.as_str(), &table.columns["j"].options.check), ("json", &None));
        assert_eq!(table.columns["ts"].options.on_update, Some(Text::new("current_timestamp()")));
        assert!(table.columns["inv"].options.invisible);
        assert_eq!(table.uniques.keys().collect::<Vec<_>>(), ["u1"]);
        assert_eq!(table.indexes.keys().collect::<Vec<_>>(), ["u2", "k1", "ft"]);
        let parts = &table.indexes["k1"].parts;
        assert_eq!((parts[0].length, parts[1].order), (Some(3), Order::Desc));
        assert_eq!(table.foreign_keys["p_fk"].on_update, KeyAction::SetNull);
        assert_eq!(table.comment.as_deref(), Some("tab'le"));
        assert_eq!(table.options.row_format.as_deref(), Some("DYNAMIC"));
        let partitions = "RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)";
        assert_eq!(table.options.partition_by.expect("partitions").text, partitions);
    }

    #[test]
    fn a_table_of_mysql_is_read() {
        let sql = "CREATE TABLE `a` (
  `a` varchar(10) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `b` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT 'it''s\\\\',
  `p` point NOT NULL /*!80003 SRID 4326 */,
  `i` int DEFAULT '3' /*!80023 INVISIBLE */,
  `x` text COLLATE utf8mb4_general_ci DEFAULT ('x'),
  KEY `e` ((lower(`a`)),`b` DESC),
  KEY `f` (`b`) /*!80000 INVISIBLE */,
  FULLTEXT KEY `ft` (`b`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `q` CHECK ((`b` <> 'y')) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci MAX_ROWS=1000
/*!50100 PARTITION BY HASH (`i`)
PARTITIONS 4 */";
        let table = table(sql, &Charsets::new());
        assert_eq!(*table.unmodelled, [""; 0]);
        assert_eq!(table.columns["a"].options.charset, None);
        assert_eq!(table.columns["b"].options.charset.as_deref(), Some("utf8mb4"));
        assert_eq!(table.columns["i"].fill, Fill::Default(Text::new("3")));
        assert_eq!(table.columns["p"].options.srid, Some(4326));
        assert_eq!(table.indexes["e"].parts[0].key.expression(), Some("lower(`a`)"));
        assert_eq!(table.indexes["f"].storage["invisible"], "true");
        assert_eq!(table.indexes["ft"].storage["parser"], "ngram");
        assert!(table.checks["q"].not_enforced);
        assert_eq!(table.options.partition_by.expect("partitions").text, "HASH (i) PARTITIONS 4");
        assert_eq!(table.options.storage["max_rows"], "1000");
    }
}

//! ALGORITHM and LOCK: which of them the server takes for a change is asked of the server, and the answer is written into the file, so that
//! another server refuses rather than copies a table while nobody can write.
//! <https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl.html>, <https://mariadb.com/kb/en/innodb-online-ddl-overview/>

use super::super::lexer::significant;
use crate::dialect::GentleForm;

/// The forms of an ALTER TABLE, the one that keeps others waiting least first. Nothing else has a choice.
pub fn gentle_forms(statement: &str) -> Vec<GentleForm> {
    let tokens = significant(statement);
    let (Some(alter), Some(word), Some(table)) = (tokens.first(), tokens.get(1), tokens.get(2)) else { return Vec::new() };
    if !alter.is_word("alter") || !word.is_word("table") {
        return Vec::new();
    }
    let has = |words: &[&str]| tokens.windows(words.len()).any(|found| found.iter().zip(words).all(|(token, word)| token.is_word(word)));
    // What is said of partitions stands last, and knows no algorithm.
    let sets = |word: &str| tokens.windows(2).any(|pair| pair[0].is_word(word) && pair[1].is_symbol("="));
    if sets("algorithm") || has(&["partition", "by"]) || has(&["add", "partition"]) || has(&["remove", "partitioning"]) {
        return Vec::new();
    }
    let slow = |what: &'static str| Some((table.text.to_owned(), what));
    let form = |clause: &str, slow| GentleForm { sql: format!("{statement}, {clause}"), slow };
    let copies = form("ALGORITHM=COPY, LOCK=SHARED", slow("copies every row into a new table, and nobody else can write meanwhile"));
    // Another engine keeps the rows in another way, whatever MariaDB says it takes.
    if sets("engine") {
        return vec![copies];
    }
    let builds = ["index", "key", "unique", "fulltext", "spatial", "primary"].iter().any(|word| has(&["add", word]));
    let only_drops = ["index", "key", "primary", "constraint", "foreign"].iter().any(|word| has(&["drop", word])) && !has(&["add"]);
    let reads = match (builds, only_drops && !has(&["column"])) {
        (true, _) => slow("builds an index"),
        (false, true) => None,
        (false, false) => slow("may write every row anew"),
    };
    // MariaDB calls it instant, and MySQL refuses that word for it.
    let instant = (!has(&["drop", "foreign"])).then(|| form("ALGORITHM=INSTANT", None));
    let others = vec![
        form("ALGORITHM=INPLACE, LOCK=NONE", reads),
        form("ALGORITHM=INPLACE, LOCK=SHARED", slow("builds an index, and nobody else can write meanwhile")),
        copies,
        GentleForm { sql: statement.to_owned(), slow: slow("changes the table while nobody else can use it") },
    ];
    instant.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_alter_table_has_forms() {
        let forms = gentle_forms("ALTER TABLE `t` ADD COLUMN a int");
        assert!(gentle_forms("ALTER TABLE t MODIFY COLUMN algorithm bigint").len() > 1);
        assert_eq!(gentle_forms("ALTER TABLE t ENGINE=MyISAM").len(), 1);
        assert_eq!(forms[0].sql, "ALTER TABLE `t` ADD COLUMN a int, ALGORITHM=INSTANT");
        assert_eq!(forms[3].slow.as_ref().map(|(table, _)| table.as_str()), Some("`t`"));
        for statement in ["CREATE TABLE t (a int)", "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4", "ALTER VIEW v AS SELECT 1"] {
            assert_eq!(gentle_forms(statement), [], "{statement}");
        }
    }
}

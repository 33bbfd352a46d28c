//! Partitions go with their rows, or rows are copied into other partitions.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "partition-rebuild",
    level: Level::Warning,
    engines: MYSQL,
    summary: "partitions are dropped or emptied, or their rows copied",
    why: "DROP PARTITION and TRUNCATE PARTITION delete all rows of the partition, at once and for good. PARTITION BY and REMOVE PARTITIONING copy \
          every row of the table, REORGANIZE, REBUILD and COALESCE those of the partitions, and ADD PARTITION to a table by HASH or KEY deals them \
          out anew; nobody can write meanwhile. ADD PARTITION to a table by RANGE or LIST copies nothing.",
    instead: "keep the rows of a partition before it goes: EXCHANGE PARTITION with an empty table; split a partition while it is empty",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-partitioning",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table-partition-operations.html",
        "https://mariadb.com/kb/en/partition-maintenance/",
    ],
    known_as: &[],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20)); \
             INSERT INTO t VALUES (1);",
            "ALTER TABLE t DROP PARTITION p0;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
        Example::mysql(
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10)); INSERT INTO t VALUES (1);",
            "ALTER TABLE t TRUNCATE PARTITION p0;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4;"),
        Example::mysql("CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 2;", "ALTER TABLE t ADD PARTITION PARTITIONS 2;"),
        Example::mysql(
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);",
            "ALTER TABLE t REORGANIZE PARTITION p1 INTO (PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE);",
        ),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10));",
            "ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (20));",
        ),
        Example::mysql("CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 2;", "ALTER TABLE t ANALYZE PARTITION p0;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4; ALTER TABLE t REMOVE PARTITIONING;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Partitioning { table, what } = action else { continue };
        if scene.is_new(table) {
            continue;
        }
        let mut cursor = Cursor::new(scene.kind, what);
        if cursor.eat(&["DROP", "PARTITION"]) || cursor.eat(&["TRUNCATE", "PARTITION"]) {
            cursor.eat(&["IF", "EXISTS"]);
            found.add(span, format!("the rows of {table} in {} are gone", cursor.rest())).about(table);
            continue;
        }
        // Where a list of partitions stands behind ADD PARTITION they are those of a RANGE or LIST.
        let deals = cursor.eat(&["ADD", "PARTITION"]) && cursor.clone().brackets().is_none();
        let message = if cursor.sees(&["PARTITION", "BY"]) || cursor.sees(&["REMOVE"]) || deals {
            format!("every row of {table} is copied, and nobody can write meanwhile")
        } else if cursor.sees_one(&["REORGANIZE", "REBUILD", "COALESCE"]) {
            format!("rows of {table} are copied into other partitions, and nobody can write meanwhile")
        } else {
            continue;
        };
        let draft = found.add(span, message).about(table);
        draft.help(format!(
            "do it while few people write, and say that it is slow: -- dbtool: slow table={table} \"copies rows into other partitions\""
        ));
        if scene.is_announced(table) {
            draft.at_most(Level::Note);
        }
    }
}

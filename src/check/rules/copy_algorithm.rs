//! ALGORITHM=COPY on a table that is in use.

use crate::check::asked::altered;
use crate::check::finding::Level;
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "copy-algorithm",
    level: Level::Warning,
    engines: MYSQL,
    summary: "ALGORITHM=COPY: every row is copied into a new table",
    why: "The server makes a second table, copies every row into it and puts it in the place of the first. It needs the space of both. Nobody can \
          write to the table meanwhile, except on MariaDB from 11.2 on, and at the end nobody can read it for a moment.",
    instead: "try ALGORITHM=INSTANT, then ALGORITHM=INPLACE, LOCK=NONE; where the server refuses both, say so: -- dbtool: slow table=NAME \"...\"",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-performance",
        "https://mariadb.com/kb/en/innodb-online-ddl-overview/",
    ],
    known_as: &["strong_migrations copy_algorithm"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "CREATE TABLE t (a int); \
             CREATE TABLE was AS SELECT table_id FROM information_schema.innodb_sys_tables WHERE name = CONCAT(DATABASE(), '/t');",
            "ALTER TABLE t ADD COLUMN b int, ALGORITHM=COPY;",
        )
        .only(Flavor::Mariadb)
        .seen(Seen::Shows("SELECT count(*) FROM was JOIN information_schema.innodb_sys_tables USING (table_id)", "0")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD b int, ALGORITHM=COPY;").only(Flavor::Mysql).seen(Seen::Refuses("LOCK=NONE")),
        Example::mysql("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a) ALGORITHM COPY;"),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int, ALGORITHM=INSTANT;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int, ALGORITHM=COPY;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    if statement.reading.clauses.algorithm.as_deref() != Some("COPY") {
        return;
    }
    let Some(table) = altered(scene).filter(|table| !scene.is_new(table)) else { return };
    let start = statement.text.to_ascii_uppercase().rfind("ALGORITHM").unwrap_or_default();
    let wait = if scene.is_mariadb() && scene.version >= 110_200 { "" } else { ", and nobody can write meanwhile" };
    let draft = found.add(&(start..statement.text.len()), format!("every row of {table} is copied into a new table{wait}")).about(&table);
    if scene.is_announced(&table) {
        draft.at_most(Level::Note);
    }
}

//! All texts of a table get another character set.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "convert-charset",
    level: Level::Warning,
    engines: MYSQL,
    summary: "CONVERT TO CHARACTER SET copies the table and may change the types of columns",
    why: "CONVERT TO writes every text of the table anew: the table is copied, and nobody can write meanwhile, except on MariaDB from 11.2 on. So \
          that every text has room, a TEXT may become a MEDIUMTEXT and a MEDIUMTEXT a LONGTEXT. Columns that have a character set or collation of \
          their own lose it, as an `ascii` or `_bin` one for codes. A text that the new character set does not have fails the statement in strict \
          mode.",
    instead: "MODIFY each column that is to change, with its type and CHARACTER SET, and set DEFAULT CHARACTER SET for the columns to come",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-character-set", "https://mariadb.com/kb/en/alter-table/"],
    known_as: &[],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (s text) DEFAULT CHARSET=latin1;", "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;")
            .seen(Seen::Shows("SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'", "mediumtext")),
        Example::mysql("CREATE TABLE t (s varchar(20)) DEFAULT CHARSET=latin1;", "ALTER TABLE t CONVERT TO CHARSET utf8mb4 COLLATE utf8mb4_bin;")
            .only(Flavor::Mariadb)
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (s text) DEFAULT CHARSET=latin1;", "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4;"),
        Example::mysql("", "CREATE TABLE t (s text) DEFAULT CHARSET=latin1; ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::ConvertCharset { table, charset } = action else { continue };
        if scene.is_new(table) {
            continue;
        }
        let wait = if scene.is_mariadb() && scene.version >= 110_200 { "" } else { ", and nobody can write meanwhile" };
        let draft = found.add(span, format!("every row of {table} is copied for {charset}{wait}")).about(table);
        if scene.is_announced(table) {
            draft.at_most(Level::Note);
        }
    }
}

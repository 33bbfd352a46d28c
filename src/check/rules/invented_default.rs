//! The server puts a value of its own into rows that are there.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "invented-default",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a column becomes NOT NULL and nobody says what the rows that are there get",
    why: "`ADD COLUMN ... NOT NULL` without a default succeeds on a table with rows, in strict mode too: the server fills in 0, an empty text, \
          `0000-00-00` or the first value of an enumeration, without a warning. (MySQL refuses the dates where `sql_mode` has NO_ZERO_DATE, as it \
          has by default.) `MODIFY ... NOT NULL` fails in strict mode where a row has NULL, and otherwise puts the same values there; a default in \
          the definition does not change that.",
    instead: "say the value: ADD COLUMN ... NOT NULL DEFAULT ..., or fill the column before: UPDATE ... SET c = ... WHERE c IS NULL",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html", "https://mariadb.com/kb/en/alter-table/"],
    known_as: &["Atlas MY101"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN n int NOT NULL;")
            .seen(Seen::Shows("SELECT n FROM t", "0")),
        Example::mysql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN e enum('a','b') NOT NULL;")
            .seen(Seen::Shows("SELECT e FROM t", "a")),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, NULL);",
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'; ALTER TABLE t MODIFY n int NOT NULL DEFAULT 5;",
        )
        .only(Flavor::Mariadb)
        .seen(Seen::Fails("data truncated")),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, NULL);",
            "SET SESSION sql_mode = ''; ALTER TABLE t CHANGE n m int NOT NULL DEFAULT 5;",
        )
        .only(Flavor::Mariadb)
        .seen(Seen::Shows("SELECT m FROM t", "0")),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY);",
            "ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 0; ALTER TABLE t MODIFY COLUMN n int NOT NULL;",
        ),
        Example::mysql(
            "CREATE TABLE t (id int PRIMARY KEY);",
            "ALTER TABLE t ADD COLUMN n int; UPDATE t SET n = 0 WHERE n IS NULL; ALTER TABLE t MODIFY COLUMN n int NOT NULL;",
        ),
        Example::mysql(
            "CREATE TABLE t (id int, n int NOT NULL, PRIMARY KEY (id));",
            "ALTER TABLE t MODIFY n bigint NOT NULL, MODIFY id bigint NOT NULL;",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN id int NOT NULL AUTO_INCREMENT PRIMARY KEY;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN n int NOT NULL;"),
        Example::mysql("CREATE TABLE t (a int);", "-- dbtool: look \"t has rows\" SELECT a FROM t\nALTER TABLE t ADD COLUMN n int NOT NULL;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::AddColumn { table, column, .. } if !scene.is_new(table) && !scene.looks_at(table) => {
                let is_given = column.default.is_some() || column.generated.is_some() || column.identity;
                if column.not_null && !is_given {
                    let value = implicit(&column.ty);
                    found.add(span, format!("the server puts {value} into {table}.{} of every row that is there", column.name)).help(format!(
                        "say the value: ADD COLUMN {} {} NOT NULL DEFAULT ...; where new rows are not to have it, MODIFY it without one afterwards",
                        column.name, column.ty
                    ));
                }
            }
            Action::Redefine { table, from, column }
                if column.not_null
                    && !scene.is_new(table)
                    && is_nullable(scene, table, from)
                    && !column.identity
                    && column.generated.is_none()
                    && !is_filled(scene, table, from) =>
            {
                let value = implicit(&column.ty);
                let message = format!("it fails where {table}.{from} is NULL, and in a mode that is not strict the server puts {value} there");
                found.add(span, message).help(format!("fill it before: UPDATE {table} SET {from} = ... WHERE {from} IS NULL"));
            }
            _ => {}
        }
    }
}

/// What the server takes for a value that nobody gives.
fn implicit(ty: &str) -> &'static str {
    let is = |words: &[&str]| words.iter().any(|word| ty.starts_with(word));
    if is(&["date", "timestamp"]) {
        "'0000-00-00'"
    } else if is(&["enum"]) {
        "the first value of the list"
    } else if is(&["char", "varchar", "varbinary", "tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob", "set"])
    {
        "''"
    } else if is(&["tinyint", "smallint", "mediumint", "int", "bigint", "dec", "numeric", "float", "double", "real", "bool", "bit"]) {
        "0"
    } else {
        "a value of its own"
    }
}

fn is_nullable(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    let Some(facts) = scene.table(table) else { return false };
    let is_key = facts.primary_key().iter().any(|key| key.eq_ignore_ascii_case(name));
    !is_key && facts.column(name).is_some_and(|column| !column.not_null && !column.identity && column.generated.is_none())
}

/// True where the script asks about the rows, fills the column, or deletes the rows without a value.
fn is_filled(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    let fills = |action: &Action| match action {
        Action::Update(dml) => dml.columns.iter().any(|column| column.eq_ignore_ascii_case(name)),
        Action::Delete(dml) => dml.filter.as_deref().is_some_and(|filter| mentions(filter, name)),
        _ => false,
    };
    scene.looks_at(table) || scene.before().iter().any(|statement| mentions(&statement.text, &table.name) && statement.does(fills))
}

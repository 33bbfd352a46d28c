//! Two statements that write a table anew where one would do.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, ConstraintWord, Cursor, Generated};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "combine-alters",
    level: Level::Note,
    engines: MYSQL,
    summary: "two ALTER TABLE in a row that each write the table anew",
    why: "Each ALTER TABLE that copies or rebuilds a table writes every row. All parts of one ALTER TABLE are done in one pass, so two statements \
          take twice the time, the space and the wait that one would. Of a table that the script itself calls slow (`-- dbtool: slow table=...`) \
          nothing is said.",
    instead: "write one ALTER TABLE with the parts of both, parted by a comma",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/alter-table.html", "https://mariadb.com/kb/en/alter-table/"],
    known_as: &["spirit multiple_alter_table"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint; ALTER TABLE t ADD CHECK (a > 0);")
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ENGINE=InnoDB; ALTER TABLE t ADD b int, ALGORITHM=COPY;"),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint, ADD CHECK (a > 0);"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD b int NOT NULL DEFAULT 0, ALGORITHM=INSTANT; ALTER TABLE t ADD CHECK (b > 0);"),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "-- dbtool: slow table=`t` \"copies every row\"\nALTER TABLE t MODIFY a bigint, ALGORITHM=COPY; \
             ALTER TABLE t ADD CHECK (a > 0), ALGORITHM=COPY;",
        ),
        Example::mysql("CREATE TABLE t (a int); CREATE TABLE u (a int);", "ALTER TABLE t MODIFY a bigint; ALTER TABLE u MODIFY a bigint;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint; UPDATE t SET a = 1 WHERE a < 1; ALTER TABLE t ADD CHECK (a > 0);"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t MODIFY a bigint; ALTER TABLE t ADD CHECK (a > 0);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    let (Some(table), Some(next)) = (altered(scene.kind, &statement.text), scene.after().first()) else { return };
    let is_both = altered(scene.kind, &next.text).is_some_and(|other| scene.catalog.is_same(&other, &table));
    if is_both && !scene.is_new(&table) && !scene.is_announced(&table) && rewrites(scene, statement) && rewrites(scene, next) {
        found
            .add(&(0..statement.text.len()), format!("every row of {table} is written anew here, and once more by the next statement"))
            .about(&table);
    }
}

/// The table of an ALTER TABLE.
fn altered(kind: Kind, text: &str) -> Option<Name> {
    let mut cursor = Cursor::new(kind, text);
    cursor.eat(&["ALTER"]).then_some(())?;
    while cursor.eat_one(&["ONLINE", "IGNORE"]).is_some() {}
    cursor.eat(&["TABLE"]).then_some(())?;
    cursor.eat(&["IF", "EXISTS"]);
    cursor.name()
}

/// True where the statement surely copies or rebuilds the table.
fn rewrites(scene: &Scene<'_>, statement: &ReadStatement) -> bool {
    match statement.reading.clauses.algorithm.as_deref() {
        Some("INSTANT" | "NOCOPY") => false,
        Some("COPY") => true,
        _ => statement.does(|action| is_rewrite(scene, action)),
    }
}

fn is_rewrite(scene: &Scene<'_>, action: &Action) -> bool {
    match action {
        Action::ConvertCharset { .. } | Action::DropConstraint { kind: Some(ConstraintWord::PrimaryKey), .. } => true,
        Action::TableOption { key, .. } => matches!(key.as_str(), "ENGINE" | "ROW_FORMAT" | "KEY_BLOCK_SIZE"),
        Action::AddColumn { column, .. } => column.identity || column.generated == Some(Generated::Stored),
        Action::AddConstraint { constraint, .. } => match constraint.kind {
            ConstraintKind::PrimaryKey { .. } => true,
            ConstraintKind::Check { .. } => !constraint.not_enforced,
            ConstraintKind::ForeignKey { .. } => !scene.has_set("foreign_key_checks"),
            _ => false,
        },
        Action::Redefine { table, from, column } => {
            let base = |ty: &str| ty.split('(').next().unwrap_or_default().to_owned();
            let known = scene.table(table).and_then(|facts| facts.column(from));
            known.is_some_and(|known| base(&known.ty) != base(&column.ty) || column.not_null && !known.not_null && !known.primary_key)
        }
        _ => false,
    }
}

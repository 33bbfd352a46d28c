//! A foreign key that the rows that are there may not keep.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "foreign-key-unchecked",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a foreign key is added while foreign_key_checks is off",
    why: "With `foreign_key_checks = 0` the server adds the key without a look at the rows that are there, and it does not look later either: SET \
          foreign_key_checks = 1 checks nothing. Rows that point nowhere stay, behind a key that says there are none: what relies on the key is \
          wrong about them, and they cannot be put into a table that is checked.",
    instead: "let the script look before it runs: -- dbtool: look \"rows point nowhere\" SELECT ... FROM child WHERE parent_id NOT IN (SELECT ...)",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_foreign_key_checks",
        "https://mariadb.com/kb/en/server-system-variables/#foreign_key_checks",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a)); INSERT INTO t VALUES (99);",
            "SET foreign_key_checks = 0; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id); SET foreign_key_checks = 1;",
        )
        .seen(Seen::Shows("SELECT count(*) FROM t LEFT JOIN p ON p.id = t.a WHERE p.id IS NULL", "1")),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "SET @@session.foreign_key_checks = OFF; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id), ALGORITHM=INPLACE, LOCK=NONE;",
        ),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "SET foreign_key_checks = 0; SET foreign_key_checks = 1; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);",
        ),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY);",
            "SET foreign_key_checks = 0; CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id); SET foreign_key_checks = 1;",
        ),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "-- dbtool: look \"rows of t point nowhere\" SELECT t.a FROM t LEFT JOIN p ON p.id = t.a WHERE t.a IS NOT NULL AND p.id IS NULL\n\
             SET foreign_key_checks = 0; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id); SET foreign_key_checks = 1;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if !checks_are_off(scene) {
        return;
    }
    for (action, _) in scene.acts() {
        let Action::AddConstraint { table, constraint } = action else { continue };
        let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind else { continue };
        if scene.is_new(table) || scene.looks_at(table) {
            continue;
        }
        let draft = found.add(&constraint.span, format!("rows of {table} that point at no row of {} stay as they are", reference.table));
        if let ([child], [parent]) = (columns.as_slice(), reference.columns.as_slice()) {
            let of = &reference.table;
            draft.help(format!(
                "let the script look before it runs: -- dbtool: look \"rows of {table} point nowhere\" \
                 SELECT {child} FROM {table} WHERE {child} IS NOT NULL AND {child} NOT IN (SELECT {parent} FROM {of})"
            ));
        }
    }
}

/// True where the last SET of `foreign_key_checks` before the statement switches them off.
fn checks_are_off(scene: &Scene<'_>) -> bool {
    let set = scene.actions_before().filter_map(|action| match action {
        Action::Set { variable, value, global: false, .. } if variable == "foreign_key_checks" => Some(value.to_lowercase()),
        _ => None,
    });
    set.last().is_some_and(|value| matches!(value.as_str(), "0" | "off" | "false"))
}

//! A column is added with a default that is not one value for all rows.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Flavor, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;
use crate::source::LexemeKind;

pub const RULE: Rule = Rule {
    code: "volatile-default",
    level: Level::Warning,
    engines: SERVERS,
    summary: "a column is added with a default that the server has to compute for each row",
    why: "A default that is one value for all rows is kept beside the table, and no row is touched. For a volatile one, such as random() or \
          gen_random_uuid(), PostgreSQL writes every row and every index anew under an ACCESS EXCLUSIVE lock: nobody can read or write the table \
          meanwhile. MySQL cannot add a column with an expression as its default with ALGORITHM=INSTANT, and refuses one that differs from row to row. MariaDB can where the expression is the \
          same for all rows, and else copies the table while writers wait.",
    instead: "add the column without the default, set the default for new rows (ALTER COLUMN ... SET DEFAULT), and fill the rows that are there in \
              batches",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/",
    ],
    known_as: &[
        "squawk adding-field-with-default",
        "strong_migrations add_column_default_callable",
        "online_migrations add_column_with_default",
        "Atlas PG302",
        "pg-schema-diff (new column full rewrite)",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid() NOT NULL;")
            .seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b text DEFAULT md5(random()::text);")
            .seen(Seen::Rewrites("t")),
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "ALTER TABLE t ADD COLUMN b int DEFAULT f();",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b varchar(36) DEFAULT (uuid());")
            .only(Flavor::Mariadb)
            .seen(Seen::Refuses("ALGORITHM=INSTANT")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b varchar(36) DEFAULT (uuid());")
            .only(Flavor::Mysql)
            .seen(Seen::Fails("may return a different value on the replica")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int DEFAULT (a + 1);").seen(Seen::Refuses("ALGORITHM=INSTANT")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int DEFAULT (2 + 5);")
            .only(Flavor::Mysql)
            .seen(Seen::Refuses("ALGORITHM=INSTANT")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b timestamptz DEFAULT now(), ADD COLUMN c text DEFAULT current_user, ADD COLUMN d date DEFAULT (now() + \
             interval '1 day')::date, ADD COLUMN e numeric(10,2) DEFAULT 1.5::numeric(10,2), ADD COLUMN f jsonb DEFAULT '{}'::jsonb, ADD COLUMN g \
             int DEFAULT (1 + 2);",
        ),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b uuid; ALTER TABLE t ALTER COLUMN b SET DEFAULT gen_random_uuid();"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b float DEFAULT random();"),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b datetime DEFAULT CURRENT_TIMESTAMP, ADD COLUMN c int DEFAULT -1, ADD COLUMN d varchar(9) DEFAULT 'a', ADD \
             COLUMN e int DEFAULT (1);",
        ),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b date DEFAULT (curdate());").only(Flavor::Mariadb),
    ],
};

/// Functions of PostgreSQL and of its own extensions that give each row another value.
const VOLATILE: &str = "random random_normal gen_random_uuid uuidv4 uuidv7 uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes \
    gen_salt clock_timestamp timeofday nextval currval lastval setval";

/// What else stands before a bracket in a default: functions that are immutable or stable, types with a length, and key words.
const SAME_FOR_ALL: &str = "now transaction_timestamp statement_timestamp current_timestamp current_time localtimestamp localtime timezone \
    date_trunc date_part extract age make_date make_time make_timestamp make_timestamptz make_interval to_timestamp to_date to_char to_number \
    justify_days justify_hours date_bin json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object to_json \
    to_jsonb jsonb_set to_tsvector setweight coalesce nullif greatest least lower upper initcap concat concat_ws format left right substr substring \
    trim btrim ltrim rtrim replace repeat lpad rpad reverse split_part length char_length md5 sha224 sha256 sha384 sha512 encode decode \
    convert_from convert_to chr ascii abs floor ceil ceiling round trunc mod div power sqrt exp ln log sign pi current_setting current_database \
    current_schema session_user version array_fill string_to_array cardinality int4range int8range numrange tsrange tstzrange daterange point box \
    circle polygon inet cidr uuid_nil uuid_generate_v3 uuid_generate_v5 txid_current pg_current_xact_id cast case when then else in and or not any \
    all array row varying character varchar char bpchar numeric decimal timestamp timestamptz time timetz interval bit varbit float precision";

/// What MariaDB computes for each row, so that it copies the table.
const COMPUTED_BY_MARIADB: &str =
    "uuid uuid_short uuid_v4 uuid_v7 sys_guid random_bytes nextval lastval last_insert_id found_rows sysdate utc_timestamp";

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, _) in scene.acts() {
        let Action::AddColumn { table, column, .. } = action else { continue };
        let Some(default) = column.default.as_deref().filter(|_| !scene.is_new(table)) else { continue };
        if scene.kind == Kind::Mysql {
            let is_computed = if scene.is_mariadb() { is_computed_by_mariadb(scene, table, default) } else { is_expression(default) };
            if is_computed {
                found.add(&column.span, format!("every row of {table} is written anew to compute {} = {default}", column.name)).about(table);
            }
            continue;
        }
        let calls = calls(default);
        if let Some(call) = calls.iter().find(|call| has(VOLATILE, call)) {
            let message = format!("nobody can read or write {table} while every row is written anew with its own {call}()");
            found.add(&column.span, message).about(table);
        } else if let Some(call) = calls.iter().find(|call| !has(SAME_FOR_ALL, call)) {
            let message = format!("nobody can read or write {table} while every row is written anew, unless {call}() is immutable or stable");
            found.add(&column.span, message).about(table).at_most(Level::Note);
        }
    }
}

fn has(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|it| it == word)
}

/// The words that stand before a bracket, in lower case. What stands behind `::` is a type.
fn calls(default: &str) -> Vec<String> {
    let tokens = Kind::Postgres.dialect().lexemes(default);
    let is_call = |at: usize| tokens[at].kind == LexemeKind::Word && tokens.get(at + 1).is_some_and(|next| next.kind == LexemeKind::Open);
    let is_type = |at: usize| at > 0 && tokens[at - 1].text.ends_with(':');
    (0..tokens.len()).filter(|at| is_call(*at) && !is_type(*at)).map(|at| tokens[at].text.to_lowercase()).collect()
}

/// MySQL takes an expression for a default in brackets only. A literal in them is left alone.
fn is_expression(default: &str) -> bool {
    let is_literal = |mut inner: Cursor<'_>| {
        inner.eat_one(&["+", "-"]);
        inner.step();
        inner.is_done()
    };
    Cursor::new(Kind::Mysql, default).brackets().is_some_and(|inner| !is_literal(inner))
}

/// True for a function that gives each row another value, for NEXT VALUE FOR, and for another column of the table.
fn is_computed_by_mariadb(scene: &Scene<'_>, table: &Name, default: &str) -> bool {
    let tokens = Kind::Mysql.dialect().lexemes(default);
    let names = tokens.iter().filter(|token| token.kind == LexemeKind::Word || token.text.starts_with('`'));
    let mut names = names.map(|token| token.text.trim_matches('`').to_lowercase());
    let is_column = |name: &str| scene.table(table).is_some_and(|facts| facts.column(name).is_some());
    let is_next_value = tokens.windows(2).any(|pair| pair[0].is_word("next") && pair[1].is_word("value"));
    is_next_value || names.any(|name| has(COMPUTED_BY_MARIADB, &name) || is_column(&name))
}

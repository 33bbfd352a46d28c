//! A name that is a word of the language.

use crate::check::asked::{Made, made};
use crate::check::finding::Level;
use crate::check::rule::{ALL, Example, Flavor, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "reserved-word",
    level: Level::Note,
    engines: ALL,
    summary: "a table or column gets a name that is a reserved word",
    why: "The name has to stand in quotes in every statement, whoever writes it. Without them most statements are syntax errors, and some mean \
          something else: on PostgreSQL `SELECT user FROM accounts` gives the name of the role, not the column.",
    instead: "choose a name that is no reserved word: a plural, or with a word before it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-keywords-appendix.html",
        "https://dev.mysql.com/doc/refman/8.4/en/keywords.html",
        "https://mariadb.com/kb/en/reserved-words/",
        "https://www.sqlite.org/lang_keywords.html",
    ],
    known_as: &["spirit reserved_words"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("", "CREATE TABLE \"order\" (a int); INSERT INTO order VALUES (1);").seen(Seen::Fails("syntax error")),
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t RENAME COLUMN a TO \"group\"; UPDATE t SET group = 1;")
            .seen(Seen::Fails("syntax error")),
        Example::postgres("", "CREATE TABLE \"user\" (a int); INSERT INTO user VALUES (1);").seen(Seen::Fails("syntax error at or near \"user\"")),
        Example::postgres("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN \"user\" text NOT NULL DEFAULT 'somebody';")
            .seen(Seen::Shows("SELECT user = current_user FROM t", "t")),
        Example::mysql("", "CREATE TABLE t (a int, `Order` int); UPDATE t SET Order = 1;").seen(Seen::Fails("error in your sql syntax")),
        Example::mysql("CREATE TABLE t (a int);", "RENAME TABLE t TO `groups`; INSERT INTO groups VALUES (1);")
            .only(Flavor::Mysql)
            .seen(Seen::Fails("error in your sql syntax")),
    ],
    counter_examples: &[
        Example::sqlite("", "CREATE TABLE t (key int, \"action\" int, row int, query int, \"desc\" int, orders int);"),
        Example::postgres("", "CREATE TABLE t (\"position\" int, time int, \"timestamp\" int, \"values\" int, name int, \"interval\" int);"),
        Example::mysql("", "CREATE TABLE t (position int, `count` int, `status` int, `_a` int);"),
        Example::mysql("", "CREATE TABLE `groups` (`rank` int, `system` int, `row` int);").only(Flavor::Mariadb),
        Example::mysql("", "CREATE TABLE t (`offset` int, `returning` int);").only(Flavor::Mysql),
        Example::sqlite(
            "CREATE TABLE t (\"order\" int);",
            "CREATE TABLE n (\"order\" int, b int); INSERT INTO n (\"order\") SELECT \"order\" FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
    ],
};

/// Key words that may be the name of a table and of a column without quotes, although [`crate::dialect::Dialect::quote`] gives them some to
/// be sure: tried out on SQLite 3.40, PostgreSQL 15 (with what 16 to 18 have of that kind) and MariaDB 10.11.
const SQLITE: &str = "abort action after always analyze asc attach before begin by cascade cast column conflict cross current database deferred \
    desc detach do each end exclude exclusive explain fail filter first following for full generated glob groups if ignore immediate indexed \
    initially inner instead key last left like match materialized natural no nulls of offset others outer over partition plan pragma preceding \
    query raise range recursive regexp reindex release rename replace restrict right rollback row rows savepoint temp temporary ties trigger \
    unbounded vacuum view virtual window with without true false";
const POSTGRES: &str = "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer \
    interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value least \
    merge_action national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp treat \
    trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";
/// Names of functions, which are words of the language only before a bracket.
const FUNCTIONS: &str = "adddate bit_and bit_or bit_xor cast count curdate curtime date_add date_sub extract group_concat max mid min now position \
    session_user std stddev stddev_pop stddev_samp subdate substr substring sum sysdate trim variance";
const MARIADB: &str = "cube cume_dist database dense_rank empty external first_value function generated get grouping groups io_after_gtids \
    io_before_gtids json_table lag last_value lateral lead library nth_value ntile of optimizer_costs option percent_rank qualify rank row schema \
    stored system tablesample virtual window";
/// What is reserved in MariaDB alone: <https://dev.mysql.com/doc/refman/8.4/en/keywords.html>.
const MYSQL: &str = "current_role delete_domain_id do_domain_ids ignore_domain_ids master_demote_to_replica master_demote_to_slave \
    master_ssl_verify_server_cert offset page_checksum parse_vcol_expr portion ref_system_id returning stats_auto_recalc stats_persistent \
    stats_sample_pages";

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        for Made { is_table, name, place } in made(scene, action, span) {
            let what = if is_table { "table" } else { "column" };
            if is_reserved(scene, name) {
                let engine = if scene.is_mariadb() { "MariaDB" } else { scene.kind.dialect().title() };
                found.add(place, format!("the {what} {name} needs quotes everywhere: it is a reserved word of {engine}"));
            }
        }
    }
}

fn is_reserved(scene: &Scene<'_>, name: &str) -> bool {
    // A name with capitals needs its quotes on PostgreSQL for their sake.
    let word = if scene.kind == Kind::Postgres { name.to_owned() } else { name.to_ascii_lowercase() };
    let is_word =
        word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
    let bare = match scene.kind {
        Kind::Sqlite => [SQLITE, ""],
        Kind::Postgres => [POSTGRES, ""],
        Kind::Mysql => [FUNCTIONS, if scene.is_mariadb() { MARIADB } else { MYSQL }],
    };
    let may_be_bare = || bare.iter().flat_map(|words| words.split_whitespace()).any(|it| it == word);
    is_word && scene.kind.dialect().quote(&word) != word && !may_be_bare()
}

//! A type whose values depend on a setting of the server.

use crate::check::asked::{Typed, typed};
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "money-type",
    level: Level::Note,
    engines: POSTGRES,
    summary: "a column has the type money",
    why: "How many digits stand behind the point, what the point is and which currency a value has comes from the setting `lc_monetary` of whoever \
          reads and writes. A value that is written under one setting is another amount under the next, a dump of one server may not be readable by \
          another, and a division by a whole number cuts off what is less than a cent.",
    instead: "write numeric(12,2), and the currency in a column of its own",
    sources: &["https://www.postgresql.org/docs/current/datatype-money.html"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("", "SET lc_monetary = 'C'; CREATE TABLE t (a money); INSERT INTO t VALUES ('1,50');")
            .seen(Seen::Shows("SELECT a::numeric(12,2) FROM t", "150.00")),
        Example::postgres("CREATE TABLE t (a numeric(12,2));", "ALTER TABLE t ADD COLUMN b money NOT NULL DEFAULT 0;"),
        Example::postgres("CREATE TABLE t (a numeric(12,2));", "ALTER TABLE t ALTER COLUMN a TYPE money;").seen(Seen::Rewrites("t")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (money numeric(12,2), currency text);"),
        Example::postgres("CREATE TABLE t (a money);", "ALTER TABLE t ALTER COLUMN a TYPE numeric(12,2);"),
        Example::postgres("", "CREATE TEMP TABLE t (a money);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for Typed { table, name: column, ty, place, was, .. } in typed(scene) {
        if is_money(ty) && !was.is_some_and(|it| is_money(&it.ty)) {
            found.add(place, format!("what {table}.{column} holds depends on lc_monetary"));
        }
    }
}

fn is_money(ty: &str) -> bool {
    ty.trim_start_matches("pg_catalog.").split('[').next() == Some("money")
}

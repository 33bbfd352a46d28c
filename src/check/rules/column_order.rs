//! Columns between which bytes are left free in every row.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, Generated};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "column-order",
    level: Level::Off,
    engines: POSTGRES,
    summary: "another order of the columns makes the rows smaller",
    why: "A value of a fixed length begins at a multiple of 2, 4 or 8 bytes, as its type says, and a row takes a multiple of 8. A boolean before a \
          bigint so costs 8 bytes, of which 7 are free. With the types of 8 bytes first, then those of 4, of 2 and of 1, and those of changing \
          length at the end no byte is free between two columns. A value that is NULL takes no bytes: the number is that of a row without one. The \
          rule is for tables with very many rows: it is off by default.",
    instead: "write the columns of 8 bytes first, then those of 4, 2 and 1, then text and the like",
    sources: &[
        "https://www.postgresql.org/docs/current/storage-page-layout.html#STORAGE-TUPLE-LAYOUT",
        "https://www.postgresql.org/docs/current/catalog-pg-type.html",
    ],
    known_as: &["Atlas PG110"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE best (b bigint, d bigint, a boolean, c boolean); INSERT INTO best VALUES (1, 1, true, true);",
            "CREATE TABLE t (a boolean, b bigint, c boolean, d bigint); INSERT INTO t VALUES (true, 1, true, 1);",
        )
        .seen(Seen::Shows("SELECT (SELECT pg_column_size(t.*) FROM t) - (SELECT pg_column_size(best.*) FROM best)", "14")),
        Example::postgres(
            "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE best (a timestamptz, b bigint, c mood, d smallint, e text);",
            "CREATE TABLE t (d smallint, a timestamptz, c mood, b bigint, e text); INSERT INTO t VALUES (1, now(), 'a', 1, 'x'); \
             INSERT INTO best SELECT a, b, c, d, e FROM t;",
        )
        .seen(Seen::Shows("SELECT (SELECT pg_column_size(t.*) FROM t) - (SELECT pg_column_size(best.*) FROM best)", "10")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (b bigint, d timestamptz, a int, c boolean, e text);"),
        Example::postgres("", "CREATE TABLE t (id int, name text, created timestamptz);"),
        Example::postgres("", "CREATE TABLE t (a uuid, b bigint, c int, d date);"),
        Example::postgres("", "CREATE TEMP TABLE t (a boolean, b bigint, c boolean, d bigint);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateTable(def) = action else { continue };
        let Some(table) = def.name.as_ref().filter(|_| !def.temporary && def.like.is_none() && def.parent.is_none()) else { continue };
        let given: Vec<(&ColumnDef, Option<Layout>)> = def.columns.iter().map(|column| (column, layout(scene, column))).collect();
        let mut best = given.clone();
        best.sort_by_key(|(_, layout)| std::cmp::Reverse(layout.map_or(0, |(_, alignment)| alignment)));
        let layouts = |columns: &[(&ColumnDef, Option<Layout>)]| columns.iter().map(|(_, layout)| *layout).collect::<Vec<_>>();
        let saved = free(&layouts(&given)).saturating_sub(free(&layouts(&best)));
        if saved >= 8 {
            let order: Vec<String> = best.iter().map(|(column, _)| scene.kind.dialect().quote(&column.name)).collect();
            found
                .add(span, format!("{saved} bytes of each row of {table} are free"))
                .help(format!("write the columns in this order: {}", order.join(", ")));
        }
    }
}

/// The bytes of a value, and the number that its place is a multiple of.
type Layout = (usize, usize);

/// The least that is free between columns in this order. Behind a value whose length is not known the next one may begin anywhere.
fn free(columns: &[Option<Layout>]) -> usize {
    let parts: Vec<Vec<Layout>> = columns.split(Option::is_none).map(|part| part.iter().copied().flatten().collect()).collect();
    let last = parts.len() - 1;
    let of_part = |(index, part): (usize, &Vec<Layout>)| {
        let starts = if index == 0 { 0..1 } else { 0..8 };
        let free_from = |start: usize| {
            let (mut at, mut free) = (start, 0);
            for (size, alignment) in part {
                free += at.next_multiple_of(*alignment) - at;
                at = at.next_multiple_of(*alignment) + size;
            }
            // A row of nothing but fixed lengths has an end that is known.
            if last == 0 { free + at.next_multiple_of(8) - at } else { free }
        };
        starts.map(free_from).min().unwrap_or_default()
    };
    parts.iter().enumerate().map(of_part).sum()
}

/// `None` for a type whose values have different lengths, and for one that is not known.
fn layout(scene: &Scene<'_>, column: &ColumnDef) -> Option<Layout> {
    let ty = column.ty.as_str();
    if column.generated == Some(Generated::Virtual) {
        return Some((0, 1));
    }
    if ty.ends_with(']') {
        return None;
    }
    match ty.split('(').next().unwrap_or_default().trim_start_matches("pg_catalog.") {
        "bigint" | "int8" | "bigserial" | "serial8" | "double precision" | "float8" | "money" | "pg_lsn" => Some((8, 8)),
        "timestamp" | "timestamptz" | "timestamp with time zone" | "timestamp without time zone" => Some((8, 8)),
        "interval" | "point" => Some((16, 8)),
        "timetz" | "time with time zone" => Some((12, 8)),
        "time" if ty.ends_with(" with time zone") => Some((12, 8)),
        "time" | "time without time zone" => Some((8, 8)),
        "integer" | "int" | "int4" | "serial" | "serial4" | "real" | "float4" | "date" | "oid" => Some((4, 4)),
        "smallint" | "int2" | "smallserial" | "serial2" => Some((2, 2)),
        "boolean" | "bool" | "\"char\"" => Some((1, 1)),
        "uuid" => Some((16, 1)),
        base => scene.catalog.enums.contains_key(base).then_some((4, 4)),
    }
}

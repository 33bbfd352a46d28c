//! A foreign key between columns of different types.

use super::foreign_key_without_index::{at_end, foreign_keys};
use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, Reference};
use crate::check::rule::{ALL, Example, Flavor, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "foreign-key-type-mismatch",
    level: Level::Warning,
    engines: ALL,
    summary: "the columns of a foreign key have other types than those they point at",
    why: "MySQL and MariaDB refuse it: integers have to be of the same size and sign. PostgreSQL refuses types that it cannot compare, and takes \
          the others; a column of a smaller type then has no room for the keys that are still to come, and joins may have to convert every value. \
          SQLite takes anything and compares in the type of the other column, so that a value which was changed when it was stored finds no partner.",
    instead: "give both columns the same type",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html#foreign-key-restrictions",
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        "https://www.sqlite.org/foreignkeys.html#fk_basics",
    ],
    known_as: &["online_migrations mismatched_foreign_key_type", "spirit type_pedantic"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE p (id bigint PRIMARY KEY);", "CREATE TABLE c (p_id int, FOREIGN KEY (p_id) REFERENCES p (id));")
            .only(Flavor::Mariadb)
            .seen(Seen::Fails("foreign key constraint is incorrectly formed")),
        Example::mysql(
            "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint unsigned);",
            "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);",
        )
        .only(Flavor::Mysql)
        .seen(Seen::Fails("are incompatible")),
        Example::postgres("CREATE TABLE p (id bigserial PRIMARY KEY);", "CREATE TABLE c (p_id int4 REFERENCES p);"),
        Example::postgres("CREATE TABLE p (id uuid PRIMARY KEY);", "CREATE TABLE c (p_id text, FOREIGN KEY (p_id) REFERENCES p (id));")
            .seen(Seen::Fails("cannot be implemented")),
        Example::sqlite(
            "PRAGMA foreign_keys = ON; CREATE TABLE p (id text PRIMARY KEY); INSERT INTO p VALUES ('01');",
            "CREATE TABLE c (p_id integer REFERENCES p); INSERT INTO c VALUES ('01');",
        )
        .seen(Seen::Fails("foreign key constraint failed")),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE p (id int(11) PRIMARY KEY, s varchar(10) UNIQUE);",
            "CREATE TABLE c (p_id integer, s varchar(20), FOREIGN KEY (p_id) REFERENCES p (id), FOREIGN KEY (s) REFERENCES p (s));",
        ),
        Example::postgres(
            "CREATE TABLE p (id serial PRIMARY KEY, s text UNIQUE);",
            "CREATE TABLE c (p_id integer REFERENCES p, s varchar(20) REFERENCES p (s));",
        ),
        Example::postgres("CREATE DOMAIN d AS int; CREATE TABLE p (id d PRIMARY KEY);", "CREATE TABLE c (p_id int REFERENCES p);"),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id bigint);",
            "ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p NOT VALID; ALTER TABLE p ALTER COLUMN id TYPE bigint;",
        ),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY, n decimal(8, 2) UNIQUE);",
            "CREATE TABLE c (p_id bigint REFERENCES p, n int REFERENCES p (n), x REFERENCES p);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        for (table, columns, reference) in foreign_keys(action) {
            // MySQL takes no notice of REFERENCES behind a column before version 9.
            if is_inline(action, &columns) && scene.is_mysql() && scene.version < 90_000 {
                continue;
            }
            let (Some(child), Some(parent)) = (at_end(scene, table), at_end(scene, &reference.table)) else { continue };
            // A rebuild only writes down again what the table had.
            let old = scene.rebuild_of(table).and_then(|own| scene.table(own));
            if old.is_some_and(|old| mismatch(scene.kind, old, &columns, &parent, reference).is_some()) {
                continue;
            }
            if let Some([column, ty, target, wanted]) = mismatch(scene.kind, &child, &columns, &parent, reference) {
                let message = format!("{table}.{column} is {ty}, and {}.{target}, at which it points, is {wanted}", reference.table);
                found.add(span, message).help(format!("make {table}.{column} {wanted} too"));
            }
        }
    }
}

/// True where REFERENCES stands behind a column.
fn is_inline(action: &Action, columns: &[String]) -> bool {
    let defined = match action {
        Action::CreateTable(def) => def.columns.as_slice(),
        Action::AddColumn { column, .. } => std::slice::from_ref(column),
        _ => &[],
    };
    defined.iter().any(|column| column.references.is_some() && columns == std::slice::from_ref(&column.name))
}

/// The first pair of columns whose types are known and differ: the column and its type, what it points at and its type.
fn mismatch(kind: Kind, child: &TableFacts, columns: &[String], parent: &TableFacts, reference: &Reference) -> Option<[String; 4]> {
    let targets = if reference.columns.is_empty() { parent.primary_key() } else { reference.columns.clone() };
    columns.iter().zip(&targets).find_map(|(column, target)| {
        let (ty, wanted) = (&child.column(column)?.ty, &parent.column(target)?.ty);
        let differ = family(kind, ty)? != family(kind, wanted)?;
        differ.then(|| [column, ty, target, wanted].map(Clone::clone))
    })
}

/// What types have in common that can be compared without harm; `None` for a type that is not known.
fn family(kind: Kind, ty: &str) -> Option<String> {
    match kind {
        Kind::Sqlite => affinity(ty),
        Kind::Postgres => postgres_family(ty).map(str::to_owned),
        Kind::Mysql => mysql_family(ty),
    }
}

/// Numbers of all kinds compare as such: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
fn affinity(ty: &str) -> Option<String> {
    let has = |words: &[&str]| words.iter().any(|word| ty.contains(word));
    let family = match ty {
        "" | "any" => return None,
        _ if has(&["int"]) => "a number",
        _ if has(&["char", "clob", "text"]) => "text",
        _ if has(&["blob"]) => "bytes",
        _ => "a number",
    };
    Some(family.to_owned())
}

/// A type without what stands in brackets.
fn bare(ty: &str) -> String {
    let parts: Vec<&str> = ty.split(['(', ')']).step_by(2).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn postgres_family(ty: &str) -> Option<&'static str> {
    Some(match bare(ty).as_str() {
        "smallint" | "int2" | "smallserial" | "serial2" => "smallint",
        "integer" | "int" | "int4" | "serial" | "serial4" => "integer",
        "bigint" | "int8" | "bigserial" | "serial8" => "bigint",
        "text" | "varchar" | "character varying" | "char" | "character" | "bpchar" => "text",
        "numeric" | "decimal" => "numeric",
        "real" | "float4" => "real",
        "double precision" | "float8" => "double precision",
        "boolean" | "bool" => "boolean",
        "timestamp" | "timestamp without time zone" => "timestamp",
        "timestamptz" | "timestamp with time zone" => "timestamptz",
        "uuid" => "uuid",
        "date" => "date",
        "bytea" => "bytea",
        _ => return None,
    })
}

fn mysql_family(ty: &str) -> Option<String> {
    let bare = bare(ty);
    let words: Vec<&str> = bare.split(' ').collect();
    let family = match *words.first()? {
        "bool" | "boolean" | "tinyint" | "int1" => "tinyint",
        "smallint" | "int2" => "smallint",
        "mediumint" | "int3" | "middleint" => "mediumint",
        "int" | "integer" | "int4" => "int",
        "bigint" | "int8" => "bigint",
        "serial" => return Some("bigint unsigned".to_owned()),
        "char" | "varchar" | "nchar" | "nvarchar" => return Some("text".to_owned()),
        "binary" | "varbinary" => return Some("bytes".to_owned()),
        "date" => return Some("date".to_owned()),
        "datetime" | "timestamp" => return Some("datetime".to_owned()),
        _ => return None,
    };
    let is_unsigned = words.contains(&"unsigned") || words.contains(&"zerofill");
    Some(if is_unsigned { format!("{family} unsigned") } else { family.to_owned() })
}

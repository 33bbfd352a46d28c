//! A column gets another type, and every row is written anew or looked at.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, ConstraintKind};
use crate::check::rule::{Example, Flavor, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "change-type",
    level: Level::Warning,
    engines: SERVERS,
    summary: "a column gets another type, for which every row is written anew or looked at",
    why: "PostgreSQL writes every row and every index anew under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile. It leaves \
          the rows as they are only where every value stays what it is on disk: a longer varchar, varchar to text, more digits of a numeric with \
          the same scale, more digits of a second, varbit growing, cidr to inet. Even then it looks at every row, under the same lock, where the \
          column has a check. MySQL and MariaDB copy the table, and nobody can write meanwhile, except where a varchar grows and its length still \
          takes as many bytes.",
    instead: "add a column of the new type, keep it filled by a trigger, fill the rows that are there in batches, and let it take the place of the \
              old one",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations",
        "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/",
    ],
    known_as: &[
        "squawk changing-column-type",
        "strong_migrations change_column",
        "online_migrations change_column",
        "Atlas PG301",
        "pg-schema-diff ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
        "eugene E5",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ALTER COLUMN a TYPE bigint;").seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a varchar(20));", "ALTER TABLE t ALTER COLUMN a SET DATA TYPE character varying(10);")
            .seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a text);", "ALTER TABLE t ALTER COLUMN a TYPE text USING lower(a);").seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a varchar(3)[], b numeric(9,2));", "ALTER TABLE t ALTER b TYPE numeric(10,3), ALTER a TYPE varchar(5)[];")
            .seen(Seen::Rewrites("t")),
        // No row is written, but the checks are made anew with the column.
        Example::postgres(
            "CREATE TABLE t (a varchar(10) CHECK (a <> ''), b numeric(8,2), CHECK (a <> 'x' OR B > 0));",
            "ALTER TABLE t ALTER b TYPE numeric(9,2); ALTER TABLE t ALTER a TYPE text;",
        )
        .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint;").seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (a varchar(50)) CHARSET=utf8mb4;", "ALTER TABLE t CHANGE a b varchar(80);")
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a varchar(10), b numeric(8,2), c timestamp(3), d text, e varbit(3), f cidr, g int4);",
            "ALTER TABLE t ALTER a TYPE character varying(20), ALTER b TYPE decimal(12,2), ALTER c TYPE timestamp without time zone, ALTER d TYPE \
             varchar, ALTER e TYPE bit varying, ALTER f TYPE inet, ALTER g TYPE integer;",
        ),
        Example::postgres("CREATE TABLE t (a varchar(10));", "ALTER TABLE t ALTER a TYPE text USING a::text;"),
        Example::postgres(
            "CREATE TABLE t (a varchar(10), b int CHECK (b > 0), CONSTRAINT c CHECK (a <> ''));",
            "ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (a <> '') NOT VALID; ALTER TABLE t ALTER a TYPE text;",
        ),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ALTER a TYPE bigint;"),
        Example::mysql(
            "CREATE TABLE t (a varchar(50), b int, c bool) CHARSET=utf8mb4;",
            "ALTER TABLE t MODIFY a varchar(63), MODIFY b int(11), MODIFY c tinyint;",
        ),
        Example::mysql("CREATE TABLE t (a varchar(31)) CHARSET=utf8mb4;", "ALTER TABLE t MODIFY a varchar(300);").only(Flavor::Mariadb),
        Example::mysql("CREATE TABLE t (a enum('a'));", "ALTER TABLE t MODIFY a enum('b', 'a');"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t MODIFY a bigint;"),
    ],
};

/// The server's types, beside which a name is a domain or an enumeration.
const BUILTIN: &str = "smallint int bigint numeric real double varchar char text bytea boolean date timestamp timestamptz time timetz interval uuid \
    json jsonb inet cidr macaddr bit varbit money xml tsvector point";

/// Words for one and the same type, the one that is used here first.
const SAME_TYPES: &[&str] = &[
    "int integer int4 serial serial4",
    "bigint int8 bigserial serial8",
    "smallint int2 smallserial serial2",
    "boolean bool",
    "numeric decimal dec fixed",
    "real float4",
    "double float8 double_precision",
    "varchar character_varying char_varying",
    "char character",
    "varbit bit_varying",
    "timestamp timestamp_without_time_zone",
    "timestamptz timestamp_with_time_zone",
    "time time_without_time_zone",
    "timetz time_with_time_zone",
];

/// What a change costs.
enum Cost {
    Nothing,
    Rewrite,
    Unknown,
}

const CHECKS: &str = "drop the check before it, and add it again behind it with NOT VALID; then VALIDATE CONSTRAINT in a transaction of its own";

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::SetType { table, column, ty, using } if !scene.is_new(table) => {
                let old = scene.table(table).and_then(|facts| facts.column(column)).map(|old| old.ty.as_str());
                let message = format!("nobody can read or write {table} while every row is written anew for the type of {column}");
                match postgres(scene, old, ty, using.as_deref().filter(|using| !is_plain_cast(using, column, ty))) {
                    Cost::Nothing if is_checked(scene, table, column) => {
                        let message = format!("nobody can read or write {table} while the checks of {column} are looked at again for every row");
                        found.add(span, message).about(table).help(CHECKS);
                    }
                    Cost::Nothing => {}
                    Cost::Rewrite => {
                        found.add(span, message).about(table);
                    }
                    Cost::Unknown => {
                        let message = format!("{message}, unless the old type is one whose values are kept as they are");
                        found.add(span, message).about(table).at_most(Level::Note);
                    }
                }
            }
            Action::Redefine { table, from, column } if !scene.is_new(table) => {
                let Some(facts) = scene.table(table) else { continue };
                // With another algorithm the server refuses the statement rather than copy the table.
                let copies = scene.statement().reading.clauses.algorithm.as_deref().is_none_or(|word| matches!(word, "COPY" | "DEFAULT"));
                if let Some(old) = facts.column(from).filter(|old| copies && !is_kept_by_mysql(scene, facts, old, column)) {
                    let message = format!("nobody can write to {table} while every row is copied: {from} was {} and becomes {}", old.ty, column.ty);
                    found.add(span, message).about(table);
                }
            }
            _ => {}
        }
    }
}

/// True where a check that holds for all rows is about the column.
fn is_checked(scene: &Scene<'_>, table: &Name, column: &str) -> bool {
    let is_about = |kind: &ConstraintKind| matches!(kind, ConstraintKind::Check { expr } if mentions(expr, column));
    scene.table(table).is_some_and(|facts| {
        let of_table = facts.constraints.iter().any(|it| !it.not_valid && is_about(&it.kind));
        of_table || facts.column(column).is_some_and(|it| it.check)
    })
}

/// A type as its base, under one name, and the numbers behind it: `timestamp(3) with time zone` is `timestamptz` and 3.
fn take_apart(ty: &str) -> (String, Vec<i64>) {
    let ty = ty.trim_start_matches("pg_catalog.");
    let (head, args, tail) = match (ty.find('('), ty.find(')')) {
        (Some(open), Some(close)) if open < close => (&ty[..open], &ty[open + 1..close], &ty[close + 1..]),
        _ => (ty, "", ""),
    };
    let words = format!("{head} {tail}").replace('[', " [").split_whitespace().collect::<Vec<_>>().join("_");
    let (element, array) = words.find("_[").map_or((words.as_str(), ""), |at| words.split_at(at));
    let known = SAME_TYPES.iter().find(|names| names.split(' ').any(|name| name == element)).and_then(|names| names.split(' ').next());
    let base = format!("{}{array}", known.unwrap_or(element));
    let numbers: Vec<i64> = args.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    match (base.as_str(), numbers.as_slice()) {
        ("char" | "bit", []) => (base, vec![1]),
        ("numeric", [precision]) => (base, vec![*precision, 0]),
        _ => (base, numbers),
    }
}

/// USING with nothing but the cast that the server would do anyway.
fn is_plain_cast(using: &str, column: &str, ty: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"')).collect::<String>().to_lowercase();
    [column.to_owned(), format!("{column}::{ty}"), format!("CAST({column} AS {ty})")].iter().any(|cast| bare(cast) == bare(using))
}

fn postgres(scene: &Scene<'_>, old: Option<&str>, new: &str, using: Option<&str>) -> Cost {
    let (to, new_numbers) = take_apart(new);
    let is_text = |base: &str| matches!(base, "varchar" | "text" | "citext");
    let is_known = |base: &str| {
        let is_builtin = BUILTIN.split_whitespace().any(|it| Some(it) == base.split("_[").next());
        is_text(base) || is_builtin || scene.catalog.enums.contains_key(base)
    };
    // Types that another one may become without a change of its values.
    let is_wide = is_text(&to) || matches!(to.as_str(), "numeric" | "varbit" | "inet" | "timestamp" | "timestamptz" | "time" | "timetz" | "interval");
    let Some((from, old_numbers)) = old.map(take_apart).filter(|_| using.is_none()) else {
        return if using.is_none() && (is_wide || !is_known(&to)) { Cost::Unknown } else { Cost::Rewrite };
    };
    // For varchar, text and varbit no number is no limit; times have six digits of a second.
    let grows = |default: i64| old_numbers.first().copied().unwrap_or(default) <= new_numbers.first().copied().unwrap_or(default);
    let is_kept = match (from.as_str(), to.as_str()) {
        (a, b) if a == b && old_numbers == new_numbers => true,
        (a, b) if is_text(a) && is_text(b) => grows(i64::MAX),
        ("varbit", "varbit") => grows(i64::MAX),
        ("numeric", "numeric") => new_numbers.is_empty() || old_numbers.get(1) == new_numbers.get(1) && grows(i64::MAX),
        ("timestamp" | "timestamptz" | "time" | "timetz" | "interval", b) if from == b => grows(6),
        ("cidr", "inet") => true,
        // In UTC both are the same on disk.
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => scene.has_set("timezone") && grows(6),
        _ => false,
    };
    if is_kept {
        Cost::Nothing
    } else if is_known(&from) && is_known(&to) {
        Cost::Rewrite
    } else {
        // A domain without a constraint is the same on disk as what it stands on.
        Cost::Unknown
    }
}

/// True where MySQL or MariaDB changes nothing but what it knows of the column, or where another rule speaks of it.
fn is_kept_by_mysql(scene: &Scene<'_>, facts: &TableFacts, old: &ColumnDef, new: &ColumnDef) -> bool {
    let ((from, was), (to, is)) = (mysql_type(&old.ty), mysql_type(&new.ty));
    match (from.as_str(), to.as_str()) {
        ("" | "enum" | "set", _) if from == to || from.is_empty() => true,
        ("varchar" | "varbinary", _) if from == to => {
            let (Some(was), Some(is)) = (was.first().copied(), is.first().copied()) else { return false };
            let width = if from == "varbinary" { Some(1) } else { bytes_of_a_character(scene, facts, old) };
            // Up to 255 bytes the length takes one byte, but MariaDB takes one for up to 127 whatever the limit is.
            let is_same_class = |width: i64| (was * width < 256) == (is * width < 256) || scene.is_mariadb() && was * width < 128;
            was <= is && width.is_none_or(is_same_class)
        }
        _ => from == to && was == is,
    }
}

/// The width that is shown of an integer is no part of its type.
fn mysql_type(ty: &str) -> (String, Vec<i64>) {
    let (base, numbers) = take_apart(ty);
    let base = match base.as_str() {
        "real" => "double".to_owned(),
        "boolean" => "tinyint".to_owned(),
        _ => base.replace("integer", "int").replace("_signed", ""),
    };
    match (base.as_str(), numbers.as_slice()) {
        ("numeric", []) => (base, vec![10, 0]),
        ("datetime" | "timestamp" | "time", [0]) => (base, Vec::new()),
        _ if base.contains("int") && !base.contains("zerofill") || base == "year" => (base, Vec::new()),
        _ if base.starts_with("enum") || base.starts_with("set") => (base.chars().take_while(char::is_ascii_alphabetic).collect(), Vec::new()),
        _ => (base, numbers),
    }
}

/// `None` where neither the column nor the table says its character set, unless it is MySQL's own.
fn bytes_of_a_character(scene: &Scene<'_>, facts: &TableFacts, column: &ColumnDef) -> Option<i64> {
    let of_table = |key: &str| facts.options.iter().find(|(it, _)| it == key).map(|(_, value)| value.as_str());
    let said = column.charset.as_deref().or(column.collation.as_deref()).or(of_table("CHARSET")).or(of_table("COLLATE"));
    let charset = said.or(scene.is_mysql().then_some("utf8mb4"))?.trim_matches(['\'', '"']).to_lowercase();
    match charset.split('_').next() {
        Some("utf8mb4") => Some(4),
        Some("utf8" | "utf8mb3") => Some(3),
        Some("latin1" | "ascii" | "binary") => Some(1),
        _ => None,
    }
}

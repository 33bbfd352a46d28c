//! A schema of MariaDB or MySQL as the server's SHOW CREATE statements tell it, with what is not the user's taken out.
//!
//! Two runs of the client read everything: one asks what there is, the other one asks for all of it.

use super::facts::{is_ours, squeeze};
use super::mysql_client::{Row, ask};

/// What there is: kind and name, in an order that only the names decide. Of a trigger also what it does and its place among those of its moment:
/// its statement is kept as it was typed, with quotes or without. Of an event also whether its first time is about now, which says that nobody
/// has declared it.
const LIST: &str = "
SELECT table_type, table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY table_name;
SELECT 'TRIGGER', trigger_name,
  concat_ws(' ', action_timing, event_manipulation, 'ON', event_object_table, 'number', action_order, action_statement, '--', sql_mode)
FROM information_schema.triggers WHERE trigger_schema = database() ORDER BY trigger_name;
SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = database() ORDER BY routine_type, routine_name;
SELECT 'EVENT', event_name, abs(timestampdiff(HOUR, starts, now())) < 24 FROM information_schema.events WHERE event_schema = database()
ORDER BY event_name;
";

/// Something that has a SHOW CREATE statement.
struct Object {
    /// The word of its statement.
    kind: String,
    name: String,
    /// What [`LIST`] says besides.
    more: String,
}

impl Object {
    fn show(&self) -> String {
        format!("SHOW CREATE {} {};\n", self.kind, quoted(&self.name))
    }
}

/// The statements of a schema, one line each. The columns, keys and checks of a table are sorted, because their order does not count.
pub fn facts(url: &str) -> Vec<String> {
    let mut objects = objects(url);
    objects.retain(|object| !is_ours(&object.name));
    if objects.is_empty() {
        return Vec::new();
    }
    let shown = ask(url, &objects.iter().map(Object::show).collect::<String>());
    assert_eq!(shown.len(), objects.len(), "every SHOW CREATE answers with one row");
    let database = quoted(url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default());
    objects.iter().zip(&shown).map(|(object, row)| fact(object, row).replace(&format!("{database}."), "")).collect()
}

/// Everything as the server tells it, and all rows.
pub fn everything(url: &str) -> String {
    let objects = objects(url);
    let select = |object: &Object| match object.kind.as_str() {
        "TABLE" | "SEQUENCE" => {
            format!("SELECT {name} AS 'rows of', t.* FROM {quoted} AS t;\n", name = literal(&object.name), quoted = quoted(&object.name))
        }
        _ => String::new(),
    };
    let script: String = objects.iter().map(|object| object.show() + &select(object)).collect();
    let line =
        |row: Row| row.into_iter().map(|(name, value)| format!("{name}: {}", value.as_deref().unwrap_or("NULL"))).collect::<Vec<_>>().join(", ");
    let mut lines: Vec<String> = if script.is_empty() { Vec::new() } else { ask(url, &script).into_iter().map(line).collect() };
    // A table need not give its rows in the same order twice.
    lines.sort();
    lines.join("\n")
}

fn objects(url: &str) -> Vec<Object> {
    let object = |row: Row| {
        let mut values = row.into_iter().map(|(_, value)| value.unwrap_or_default());
        let kind = match values.next().expect("the query names a kind").as_str() {
            // MariaDB says of a table with system versioning that it is no BASE TABLE.
            "BASE TABLE" | "SYSTEM VERSIONED" => "TABLE".to_owned(),
            kind => kind.to_owned(),
        };
        Object { kind, name: values.next().expect("the query names a name"), more: values.next().unwrap_or_default() }
    };
    ask(url, LIST).into_iter().map(object).collect()
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// The sets of characters and the collation of the connection that made something, and when, are left out.
fn fact(object: &Object, row: &Row) -> String {
    if object.kind == "TRIGGER" {
        return squeeze(&format!("TRIGGER {} {}", object.name, object.more));
    }
    let statement = row.iter().find(|(name, _)| name.starts_with("Create ")).and_then(|(_, value)| value.as_deref());
    let statement = statement.unwrap_or_else(|| panic!("no statement is in the answer to {}: {row:?}", object.show()));
    let statement = match object.kind.as_str() {
        "TABLE" => return table(statement),
        "EVENT" if object.more == "1" => without_start(statement),
        _ => statement.to_owned(),
    };
    let mode = row.iter().find(|(name, _)| name == "sql_mode").and_then(|(_, value)| value.as_deref());
    let mode = mode.map(|mode| format!(" -- {mode}")).unwrap_or_default();
    squeeze(&without_definer(&statement)) + &mode
}

/// `CREATE TABLE` with its lines sorted and without the next number that it will hand out. Partitions keep their order.
fn table(statement: &str) -> String {
    let lines: Vec<&str> = statement.lines().collect();
    let end = lines.iter().position(|line| line.starts_with(')')).unwrap_or(lines.len());
    let mut body: Vec<&str> = lines[1..end].iter().map(|line| line.trim().trim_end_matches(',')).collect();
    body.sort_unstable();
    format!("{} {} {}", lines[0], body.join(" | "), without_next_number(&squeeze(&lines[end..].join(" "))))
}

fn without_next_number(options: &str) -> String {
    let Some((before, after)) = options.split_once(" AUTO_INCREMENT=") else { return options.to_owned() };
    if before.contains(" COMMENT=") {
        return options.to_owned();
    }
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Whoever made something is not part of it.
fn without_definer(statement: &str) -> String {
    let Some((before, after)) = statement.split_once("DEFINER=`") else { return statement.to_owned() };
    // `name`@`host`: the quotes are the first, which is gone, to the fourth.
    let rest = after.splitn(4, '`').nth(3).unwrap_or(after);
    format!("{before}{}", rest.trim_start())
}

fn without_start(statement: &str) -> String {
    let Some((before, after)) = statement.split_once(" STARTS '") else { return statement.to_owned() };
    format!("{before}{}", after.split_once('\'').map_or("", |(_, rest)| rest))
}

#[test]
fn a_table_is_its_sorted_lines_without_the_next_number() {
    let sql = "CREATE TABLE `t` (\n  `b` int(11) NOT NULL,\n  `a` text DEFAULT NULL,\n  PRIMARY KEY (`b`)\n) ENGINE=InnoDB AUTO_INCREMENT=17 COMMENT='x'\n \
               PARTITION BY HASH (`b`)\nPARTITIONS 2";
    let wanted = "CREATE TABLE `t` ( PRIMARY KEY (`b`) | `a` text DEFAULT NULL | `b` int(11) NOT NULL ) ENGINE=InnoDB COMMENT='x' \
                  PARTITION BY HASH (`b`) PARTITIONS 2";
    assert_eq!(table(sql), wanted);
    assert_eq!(without_next_number(") ENGINE=InnoDB COMMENT='a AUTO_INCREMENT=1'"), ") ENGINE=InnoDB COMMENT='a AUTO_INCREMENT=1'");
}

#[test]
fn neither_who_made_it_nor_when_counts() {
    assert_eq!(without_definer("CREATE DEFINER=`root`@`localhost` FUNCTION `f`()"), "CREATE FUNCTION `f`()");
    assert_eq!(without_start("EVERY 1 DAY STARTS '2026-01-01 00:00:00' ON COMPLETION"), "EVERY 1 DAY ON COMPLETION");
}

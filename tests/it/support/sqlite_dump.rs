//! A SQLite schema as its own pragmas tell it. What they leave out (CHECK, COLLATE, generated columns, names of constraints) comes from the
//! text of the CREATE statements, with comments, white space, case and quotes taken out.

use serde_json::Value;

use super::facts::is_ours;

/// Asks for everything at once, as one JSON document.
pub const QUERY: &str = "
WITH tables AS MATERIALIZED (
  SELECT s.name, l.wr, l.strict
  FROM sqlite_schema AS s JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name AND l.type IN ('table', 'virtual')
  WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
)
SELECT json_object(
  'objects', (SELECT json_group_array(json_array(type, name, tbl_name, sql)) FROM sqlite_schema WHERE sql IS NOT NULL),
  'tables', (SELECT json_group_array(json_array(name, wr, strict)) FROM tables),
  'columns', (SELECT json_group_array(json_array(t.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden))
              FROM tables AS t, pragma_table_xinfo(t.name) AS c),
  'keys', (SELECT json_group_array(json_array(name, target, on_update, on_delete, pairs)) FROM (
             SELECT t.name, k.\"table\" AS target, k.on_update, k.on_delete,
                    group_concat(k.\"from\" || ' = ' || coalesce(k.\"to\", '')) AS pairs
             FROM tables AS t, pragma_foreign_key_list(t.name) AS k GROUP BY t.name, k.id, k.\"table\", k.on_update, k.on_delete)),
  'indexes', (SELECT json_group_array(json_array(name, label, \"unique\", origin, partial, columns)) FROM (
                SELECT t.name, iif(i.origin = 'c', i.name, '') AS label, i.\"unique\", i.origin, i.partial,
                       (SELECT group_concat(coalesce(x.name, 'expression') || iif(x.desc, ' desc ', ' asc ') || x.coll)
                        FROM pragma_index_xinfo(i.name) AS x WHERE x.key) AS columns
                FROM tables AS t, pragma_index_list(t.name) AS i))
);
";

/// The facts in the answer to [`QUERY`].
pub fn facts(answer: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(answer).expect("sqlite3 prints the JSON it was asked for");
    let mut facts = Vec::new();
    for row in rows(&document, "objects") {
        let [kind, name, table, sql] = row.as_slice() else { unreachable!("the query names four columns") };
        if is_ours(name) || is_ours(table) || name.starts_with("sqlite_") {
            continue;
        }
        let words = words(sql);
        if kind == "table" && words.get(1).is_none_or(|word| word != "virtual") {
            facts.extend(clauses(&words).into_iter().map(|clause| format!("table {table}: {clause}")));
        } else {
            facts.push(format!("{kind} {name}: {}", words.join(" ")));
        }
    }
    for part in ["tables", "columns", "keys", "indexes"] {
        for row in rows(&document, part).iter().filter(|row| !is_ours(&row[0])) {
            // Types and expressions count without their case, white space and quotes; so do names, which SQLite does not tell apart either.
            let fields: Vec<String> = row.iter().map(|field| words(field).join(" ")).collect();
            facts.push(format!("{part}: {}", fields.join(" / ")));
        }
    }
    facts
}

/// The rows of one part of the answer, every value as text.
fn rows(document: &Value, part: &str) -> Vec<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let rows = document[part].as_array().expect("each part is an array");
    rows.iter().map(|row| row.as_array().expect("each row is an array").iter().map(text).collect()).collect()
}

/// What no pragma tells of a table: AUTOINCREMENT, collations, checks, generated columns, deferred keys, and the names of constraints.
fn clauses(words: &[String]) -> Vec<String> {
    let mut clauses = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map_or("", String::as_str);
        match word.as_str() {
            "autoincrement" => clauses.push(word.clone()),
            "collate" | "deferrable" | "initially" => clauses.push(format!("{word} {next}")),
            "constraint" => {
                // A foreign key says REFERENCES at its column and FOREIGN KEY behind the columns, and means the same.
                let kind = words.get(at + 2).map_or("", |kind| if kind == "references" { "foreign" } else { kind });
                clauses.push(format!("{word} {next} {kind}"));
            }
            "check" | "as" if next == "(" => clauses.push(format!("{word} {}", parenthesised(&words[at + 1..]))),
            _ => {}
        }
    }
    clauses
}

/// What stands in the parentheses with which `words` begins, without further parentheses around the whole of it.
fn parenthesised(words: &[String]) -> String {
    let mut inner = &words[1..closing(words)];
    while inner.first().is_some_and(|word| word == "(") && closing(inner) == inner.len() - 1 {
        inner = &inner[1..inner.len() - 1];
    }
    inner.join(" ")
}

/// Where the parenthesis with which `words` begins is closed.
fn closing(words: &[String]) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" if depth == 1 => return at,
            ")" => depth -= 1,
            _ => {}
        }
    }
    panic!("SQLite stores statements whose parentheses are closed: {words:?}")
}

/// The tokens of a statement: comments gone, names without quotes and in lower case, string literals as they are.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => quoted(rest, first),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            '|' | '<' | '>' | '=' | '!' => rest.find(|c| !"|<>=!".contains(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        rest = behind.trim_start();
        match first {
            '-' | '/' if length > 1 => {}
            '\'' => words.push(word.to_owned()),
            '"' | '`' | '[' => words.push(word[1..length - 1].to_lowercase()),
            _ => words.push(word.to_lowercase()),
        }
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_$.".contains(c)
}

/// The length of the quoted text with which `text` begins; a doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(end) = text[at..].find(quote) {
        at += end + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

#[test]
fn spelling_does_not_count_but_literals_do() {
    assert_eq!(words("CHECK (\"A\" <> 'It''s') -- why\n"), words("check([a]  <>/* */'It''s')"));
    assert_ne!(words("a = 'x'"), words("a = 'X'"));
}

#[test]
fn clauses_are_found_wherever_they_stand() {
    let sql = words("CREATE TABLE t (a TEXT COLLATE nocase CONSTRAINT c CHECK ((a <> '(')), b AS (a || 'x'))");
    assert_eq!(clauses(&sql), ["collate nocase", "constraint c check", "check a <> '('", "as a || 'x'"]);
}

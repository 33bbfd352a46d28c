//! DROP, and ALTER of anything but a table; the cursor stands behind the word.

use super::action::Action;
use super::cursor::Cursor;

pub fn drop(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    let what = cursor.word()?;
    cursor.step();
    if matches!(what.as_str(), "MATERIALIZED" | "FOREIGN" | "TEMPORARY") {
        let _ = cursor.eat_one(&["VIEW", "TABLE", "TABLES"]);
    }
    let concurrently = cursor.eat(&["CONCURRENTLY"]);
    let if_exists = cursor.eat(&["IF", "EXISTS"]);
    match what.as_str() {
        "TABLE" | "TABLES" => {
            let tables = cursor.names();
            let cascade = cursor.sees(&["CASCADE"]);
            Some(tables.into_iter().map(|table| Action::DropTable { table, if_exists, cascade }).collect())
        }
        "TEMPORARY" => Some(vec![Action::Other { what: "DROP TEMPORARY TABLE".to_owned() }]),
        "SCHEMA" | "DATABASE" => Some(cursor.names().into_iter().map(|schema| Action::DropSchema { schema: schema.name }).collect()),
        "SEQUENCE" => Some(cursor.names().into_iter().map(|sequence| Action::DropSequence { sequence }).collect()),
        "INDEX" => {
            let indexes = cursor.names();
            let table = cursor.eat(&["ON"]).then(|| cursor.name()).flatten();
            let dropped = indexes.into_iter().map(|index| Action::DropIndex { table: table.clone(), index, concurrently, if_exists });
            Some(dropped.collect())
        }
        // The types of the arguments stand in brackets behind each name.
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => {
            cursor.parts().iter_mut().map(|part| Some(Action::DropRoutine { name: part.name()? })).collect()
        }
        "TRIGGER" => {
            let trigger = cursor.name()?.name;
            Some(vec![Action::DropTrigger { trigger, table: cursor.eat(&["ON"]).then(|| cursor.name()).flatten() }])
        }
        "POLICY" => Some(vec![Action::Authorize { what: "DROP POLICY".to_owned() }]),
        _ => Some(vec![Action::Other { what: format!("DROP {what}") }]),
    }
}

pub fn alter(cursor: &mut Cursor<'_>) -> Option<Action> {
    let what = cursor.word()?;
    cursor.step();
    match what.as_str() {
        "TYPE" => alter_type(cursor),
        "DOMAIN" => {
            let name = cursor.name()?;
            if !cursor.eat(&["ADD"]) {
                return Some(Action::Other { what: "ALTER DOMAIN".to_owned() });
            }
            cursor.until(&["NOT"]);
            Some(Action::AddDomainConstraint { name, not_valid: cursor.sees(&["NOT", "VALID"]) })
        }
        "SCHEMA" => {
            let from = cursor.ident()?;
            if !cursor.eat(&["RENAME", "TO"]) {
                return Some(Action::Other { what: "ALTER SCHEMA".to_owned() });
            }
            Some(Action::RenameSchema { from, to: cursor.ident()? })
        }
        "EXTENSION" => {
            let name = cursor.ident()?;
            Some(if cursor.eat(&["UPDATE"]) { Action::UpdateExtension { name } } else { Action::Other { what: "ALTER EXTENSION".to_owned() } })
        }
        "INDEX" => {
            cursor.eat(&["IF", "EXISTS"]);
            let index = cursor.name()?;
            if !cursor.eat(&["RENAME", "TO"]) {
                return Some(Action::Other { what: "ALTER INDEX".to_owned() });
            }
            Some(Action::RenameIndex { index, to: cursor.ident()? })
        }
        "POLICY" => Some(Action::Authorize { what: "ALTER POLICY".to_owned() }),
        "DEFAULT" if cursor.eat(&["PRIVILEGES"]) => Some(Action::Authorize { what: "ALTER DEFAULT PRIVILEGES".to_owned() }),
        _ => Some(Action::Other { what: format!("ALTER {what}") }),
    }
}

fn alter_type(cursor: &mut Cursor<'_>) -> Option<Action> {
    let name = cursor.name()?;
    if cursor.eat(&["ADD", "VALUE"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let value = cursor.advance()?.text.to_owned();
        return Some(Action::AddEnumValue { name, value, is_placed: cursor.sees_one(&["BEFORE", "AFTER"]) });
    }
    if cursor.eat(&["RENAME", "VALUE"]) {
        let from = cursor.advance()?.text.to_owned();
        cursor.eat(&["TO"]);
        return Some(Action::RenameEnumValue { name, from, to: cursor.advance()?.text.to_owned() });
    }
    Some(Action::Other { what: "ALTER TYPE".to_owned() })
}

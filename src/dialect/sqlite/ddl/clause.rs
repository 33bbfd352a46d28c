//! The clauses that columns and tables share: REFERENCES and ON CONFLICT.

use super::cursor::{Cursor, ParseError};
use super::draft::Draft;
use super::table::names;
use crate::model::{Deferrable, ForeignKey, KeyAction, Name};

/// `REFERENCES table [(columns)]` with all that may follow.
pub(super) fn references(cursor: &mut Cursor<'_>, draft: &mut Draft, columns: Vec<String>) -> Result<ForeignKey, ParseError> {
    cursor.expect(&["references"])?;
    let target = Name::new(cursor.name()?);
    let target_columns = if cursor.is_symbol("(") { names(&mut cursor.group()?)? } else { Vec::new() };
    let mut key = ForeignKey::new(columns, target, target_columns);
    loop {
        if cursor.eat(&["on", "delete"]) {
            key.on_delete = action(cursor)?;
        } else if cursor.eat(&["on", "update"]) {
            key.on_update = action(cursor)?;
        } else if cursor.eat(&["on", "insert"]) {
            // The grammar takes it and the engine ignores it.
            action(cursor)?;
            draft.note(format!("ON INSERT on the foreign key to {}", key.target));
        } else if cursor.eat(&["match"]) {
            // SQLite reads every MATCH as SIMPLE (https://www.sqlite.org/foreignkeys.html#fk_unsupported), so that word and NONE say nothing.
            let kind = cursor.name()?;
            if !["simple", "none"].iter().any(|word| kind.eq_ignore_ascii_case(word)) {
                draft.note(format!("MATCH {} on the foreign key to {}", kind.to_uppercase(), key.target));
            }
        } else if let Some(deferrable) = deferrable(cursor)? {
            key.deferrable = deferrable;
        } else {
            return Ok(key);
        }
    }
}

fn action(cursor: &mut Cursor<'_>) -> Result<KeyAction, ParseError> {
    const ACTIONS: [(&[&str], KeyAction); 5] = [
        (&["set", "null"], KeyAction::SetNull),
        (&["set", "default"], KeyAction::SetDefault),
        (&["cascade"], KeyAction::Cascade),
        (&["restrict"], KeyAction::Restrict),
        (&["no", "action"], KeyAction::NoAction),
    ];
    let found = ACTIONS.iter().find(|(words, _)| cursor.eat(words));
    found.map(|(_, action)| *action).ok_or_else(|| cursor.error("an action of a foreign key"))
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`; `None` where something else stands there.
pub(super) fn deferrable(cursor: &mut Cursor<'_>) -> Result<Option<Deferrable>, ParseError> {
    let never = cursor.eat(&["not", "deferrable"]);
    if !never && !cursor.eat(&["deferrable"]) {
        return Ok(None);
    }
    let deferred = if cursor.eat(&["initially"]) {
        let deferred = cursor.eat(&["deferred"]);
        if !deferred {
            cursor.expect(&["immediate"])?;
        }
        deferred
    } else {
        false
    };
    Ok(Some(match (never, deferred) {
        (true, _) => Deferrable::No,
        (false, true) => Deferrable::InitiallyDeferred,
        (false, false) => Deferrable::InitiallyImmediate,
    }))
}

/// `ON CONFLICT ...`. ABORT is what happens anyway; the model has no place for the others.
pub(super) fn conflict(cursor: &mut Cursor<'_>, draft: &mut Draft, of: &str) -> Result<(), ParseError> {
    if cursor.eat(&["on", "conflict"]) {
        let resolution = cursor.name()?;
        if !resolution.eq_ignore_ascii_case("abort") {
            draft.note(format!("ON CONFLICT {} on {of}", resolution.to_uppercase()));
        }
    }
    Ok(())
}

//! Events in scratch: they are made there to be read, and must not run.
//!
//! One that is to run is made disabled, and one that is disabled in the way of a replica, so that the two can be told apart when they are read:
//! <https://dev.mysql.com/doc/refman/8.4/en/create-event.html>.

use super::lexer::{Token, significant};
use crate::model::{ObjectKind, Schema};

/// CREATE EVENT without the event's running; `None` for every other statement.
pub(super) fn mute(statement: &str) -> Option<String> {
    let tokens = significant(statement);
    let create = tokens.first()?.is_word("create") || tokens.first()?.is_word("alter");
    let event = tokens.iter().take(8).position(|token| token.is_word("event"))?;
    if !create {
        return None;
    }
    let end = tokens.iter().position(|token| token.is_word("do")).unwrap_or(tokens.len());
    let head = &tokens[event..end.max(event)];
    let with = |from: usize, to: usize, word: &str| format!("{}{word}{}", &statement[..from], &statement[to..]);
    if let Some(at) = head.iter().position(|token| token.is_word("disable")) {
        let is_replica = head.get(at + 1).is_some_and(|next| next.is_word("on"));
        return Some(if is_replica { statement.to_owned() } else { with(head[at].start, head[at].end(), "DISABLE ON SLAVE") });
    }
    if let Some(enable) = head.iter().find(|token| token.is_word("enable")) {
        return Some(with(enable.start, enable.end(), "DISABLE"));
    }
    // It stands before the comment, or before the body.
    let comment = head.iter().find(|token| token.is_word("comment"));
    let at = comment.or_else(|| tokens.get(end)).map(|token| token.start)?;
    Some(with(at, at, "DISABLE "))
}

/// What was muted as it is to be.
pub(super) fn unmute(schema: &mut Schema) {
    for (_, event) in schema.objects.iter_mut().filter(|(id, _)| id.kind == ObjectKind::Event) {
        for text in [&mut event.definition.text, &mut event.definition.key] {
            *text = awake(text);
        }
    }
}

fn awake(definition: &str) -> String {
    let tokens = significant(definition);
    let end = tokens.iter().position(|token| token.is_word("do")).unwrap_or(tokens.len());
    let Some(at) = tokens[..end].iter().position(|token| token.is_word("disable")) else { return definition.to_owned() };
    let replica = tokens[at..end].get(1..3).filter(|words: &&[Token<'_>]| words[0].is_word("on"));
    let (last, word) = replica.map_or((tokens[at], "ENABLE"), |words| (words[1], "DISABLE"));
    format!("{}{word}{}", &definition[..tokens[at].start], &definition[last.end()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_muted_and_come_back() {
        let check = |given: &str, muted: &str, read: &str| {
            assert_eq!(mute(&format!("CREATE EVENT `e` {given}")), Some(format!("CREATE EVENT `e` {muted}")));
            assert_eq!(awake(muted), read);
        };
        check("ON SCHEDULE EVERY 1 DAY DO SELECT 1", "ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1", "ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1");
        check(
            "ON SCHEDULE EVERY 1 DAY ENABLE DO SET @disable = 1",
            "ON SCHEDULE EVERY 1 DAY DISABLE DO SET @disable = 1",
            "ON SCHEDULE EVERY 1 DAY ENABLE DO SET @disable = 1",
        );
        check(
            "ON SCHEDULE EVERY 1 DAY DISABLE COMMENT 'x' DO SELECT 1",
            "ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE COMMENT 'x' DO SELECT 1",
            "ON SCHEDULE EVERY 1 DAY DISABLE COMMENT 'x' DO SELECT 1",
        );
        assert_eq!(mute("CREATE TABLE event (a int)"), None);
        assert_eq!(mute("DROP EVENT e"), None);
    }
}

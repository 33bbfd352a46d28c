//! SET and RESET in all their forms.

use super::action::Action;
use super::cursor::Cursor;
use super::names::identifier;
use crate::dialect::Kind;
use crate::source::LexemeKind;

/// SET; the cursor stands behind the word.
pub fn set(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    match cursor.kind {
        Kind::Mysql => assignments(cursor),
        Kind::Postgres | Kind::Sqlite => of_postgres(cursor).map(|action| vec![action]),
    }
}

/// PostgreSQL sets one variable, and its value may be a list.
fn of_postgres(cursor: &mut Cursor<'_>) -> Option<Action> {
    let is_whole = cursor.eat(&["SESSION", "CHARACTERISTICS", "AS"]) || cursor.sees(&["SESSION", "AUTHORIZATION"]);
    // Both words are names, too.
    let is_name = ["=", "TO", "."].iter().any(|next| cursor.sees(&["LOCAL", next]) || cursor.sees(&["SESSION", next]));
    let local = !is_whole && !is_name && cursor.eat_one(&["SESSION", "LOCAL"]) == Some("LOCAL");
    let set = |variable: String, cursor: &mut Cursor<'_>| Action::Set { variable, value: cursor.rest().to_owned(), local, global: false };
    if let Some(variable) = in_words(cursor) {
        return Some(set(variable.to_owned(), cursor));
    }
    let variable = dotted(cursor)?;
    cursor.eat_one(&["=", "TO"])?;
    Some(set(variable, cursor))
}

/// The variables that SET and RESET have words of their own for.
fn in_words(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    let forms: [(&[&str], &str); 9] = [
        (&["TIME", "ZONE"], "timezone"),
        (&["SESSION", "AUTHORIZATION"], "session_authorization"),
        (&["XML", "OPTION"], "xmloption"),
        (&["ROLE"], "role"),
        (&["NAMES"], "client_encoding"),
        (&["SCHEMA"], "search_path"),
        (&["SEED"], "seed"),
        (&["TRANSACTION"], "transaction"),
        (&["CONSTRAINTS"], "constraints"),
    ];
    let is_assigned = |words: &[&str]| ["=", "TO"].iter().any(|to| cursor.sees(&[words, &[*to]].concat()));
    let found = forms.into_iter().find(|(words, _)| cursor.sees(words) && !is_assigned(words))?;
    cursor.eat(found.0);
    Some(found.1)
}

/// A name with its points, in lower case and without quotes.
fn dotted(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut name = cursor.ident()?;
    while cursor.eat(&["."]) {
        name = format!("{name}.{}", cursor.ident()?);
    }
    Some(name.to_lowercase())
}

/// RESET, which the variable's default comes back with; the cursor stands behind the word. MySQL resets other things.
pub fn reset(cursor: &mut Cursor<'_>) -> Option<Action> {
    if cursor.kind == Kind::Mysql {
        return Some(Action::Other { what: "RESET".to_owned() });
    }
    let variable = in_words(cursor).map(str::to_owned).or_else(|| dotted(cursor))?;
    Some(Action::Set { variable, value: "DEFAULT".to_owned(), local: false, global: false })
}

/// MySQL sets several variables at once.
pub fn assignments(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    // These have a list of something else behind them.
    let mut ahead = cursor.clone();
    let is_global = ahead.eat_one(&["SESSION", "LOCAL", "GLOBAL"]) == Some("GLOBAL");
    if let Some(word) = ahead.eat_one(&["TRANSACTION", "ROLE", "DEFAULT", "PASSWORD", "RESOURCE"])
        && !ahead.sees_one(&["=", ":="])
    {
        return Some(vec![Action::Set { variable: word.to_lowercase(), value: ahead.rest().to_owned(), local: false, global: is_global }]);
    }
    // The word counts for the bare names that follow, too.
    let mut global = false;
    cursor.parts().iter_mut().map(|part| assignment(part, &mut global)).collect()
}

fn assignment(part: &mut Cursor<'_>, global: &mut bool) -> Option<Action> {
    if let Some(word) = part.eat_one(&["LOCAL", "SESSION", "GLOBAL", "PERSIST", "PERSIST_ONLY"]) {
        *global = !matches!(word, "LOCAL" | "SESSION");
    }
    if part.eat_one(&["NAMES", "CHARSET"]).is_some() || part.eat(&["CHARACTER", "SET"]) || part.eat(&["CHAR", "SET"]) {
        return Some(Action::Set { variable: "names".to_owned(), value: part.rest().to_owned(), local: false, global: false });
    }
    let (variable, global) = variable(part, *global)?;
    part.eat_one(&["=", ":="])?;
    Some(Action::Set { variable, value: part.rest().to_owned(), local: false, global })
}

/// The variable that comes next in lower case, and whether it is that of the server: `@@global.x`, `@@x`, `@x` of the user, and a bare name.
fn variable(part: &mut Cursor<'_>, global: bool) -> Option<(String, bool)> {
    let token = part.peek()?;
    if token.kind != LexemeKind::Other || !token.text.starts_with('@') {
        return Some((dotted(part)?, global));
    }
    part.advance();
    let text = token.text.to_lowercase();
    let Some(name) = text.strip_prefix("@@") else { return Some((text, false)) };
    let (scope, name) = match name.split_once('.') {
        Some((scope @ ("global" | "session" | "local" | "persist" | "persist_only"), name)) => (scope, name),
        _ => ("session", name),
    };
    // A name in quotes is a token of its own behind the point.
    let quoted = part.peek().filter(|_| name.is_empty()).and_then(|token| identifier(part.kind, &token));
    if quoted.is_some() {
        part.advance();
    }
    let name = quoted.unwrap_or_else(|| name.trim_matches('`').to_owned()).to_lowercase();
    Some((name, !matches!(scope, "session" | "local")))
}

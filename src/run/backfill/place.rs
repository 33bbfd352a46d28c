//! Whether a statement does in ranges what it does as a whole, as far as its words tell.

use crate::source::{Lexeme, LexemeKind};

/// Refuses a comment that stands where its range would not hold for the whole condition, or in a statement whose answer for the whole table
/// is not that for its parts. `repeats` is true where the statement runs again for rows that are still to do.
pub(super) fn refuse(lexemes: &[Lexeme<'_>], comment: usize, repeats: bool) -> Result<(), String> {
    let condition = refuse_before(&lexemes[..comment])?;
    if repeats && names_nothing(condition) {
        return Err("with `verify` the statement runs again for late rows, so its WHERE has to say which: a condition that tells the rows that \
                    are still to do, such as WHERE completed IS NULL"
            .to_owned());
    }
    let level = Level::behind(&lexemes[comment + 1..]);
    let ends = ["or", "union", "intersect", "except", "group", "having", "limit", "offset", "window", "fetch"];
    match level.words().find(|word| ends.iter().any(|end| word.is_word(end))) {
        None => Ok(()),
        Some(word) => Err(format!(
            "{} behind /* dbtool:range */ makes the statement another one in each range: put the comment behind the whole condition, and leave \
             out what looks at all rows together",
            word.text.to_uppercase()
        )),
    }
}

/// The condition from WHERE up to the comment.
fn refuse_before<'l, 'a>(before: &'l [Lexeme<'a>]) -> Result<&'l [Lexeme<'a>], String> {
    let mut closed = 0_usize;
    let mut begin = None;
    for (index, lexeme) in before.iter().enumerate().rev() {
        match lexeme.kind {
            LexemeKind::Close => closed += 1,
            LexemeKind::Open if closed == 0 => break,
            LexemeKind::Open => closed -= 1,
            LexemeKind::Word if closed > 0 => {}
            LexemeKind::Word if begin.is_none() && lexeme.is_word("or") => {
                return Err(
                    "the condition before /* dbtool:range */ has an OR outside parentheses: put the whole condition into parentheses".to_owned()
                );
            }
            LexemeKind::Word if begin.is_none() && lexeme.is_word("where") => begin = Some(index),
            LexemeKind::Word if lexeme.is_word("distinct") && begin.is_some() && !is_comparison(&before[..index]) => {
                return Err("a statement with DISTINCT looks at all rows together: it cannot run in ranges".to_owned());
            }
            LexemeKind::Word | LexemeKind::Comment | LexemeKind::Other => {}
        }
    }
    match begin {
        Some(begin) => Ok(&before[begin + 1..]),
        None => Err("the comment /* dbtool:range */ does not stand in a WHERE: write WHERE 1 = 1 before it where there is no condition".to_owned()),
    }
}

/// True behind `IS` and `IS NOT`: there DISTINCT FROM compares two values.
fn is_comparison(before: &[Lexeme<'_>]) -> bool {
    match before {
        [.., is, not] if not.is_word("not") => is.is_word("is"),
        [.., is] => is.is_word("is"),
        [] => false,
    }
}

/// True for `1 = 1`, `TRUE` and the like.
fn names_nothing(condition: &[Lexeme<'_>]) -> bool {
    let constant = |word: &Lexeme<'_>| ["true", "false", "and", "or", "not"].iter().any(|known| word.is_word(known));
    condition.iter().all(|lexeme| match lexeme.kind {
        LexemeKind::Word => constant(lexeme),
        LexemeKind::Other => !lexeme.text.starts_with(['"', '`', '[']),
        LexemeKind::Comment | LexemeKind::Open | LexemeKind::Close => true,
    })
}

/// Refuses a range over another table than the one that is changed: a row of that may have several of the other. Where the statement says
/// which rows are still to do, one that is done is not done again.
pub(super) fn refuse_target(lexemes: &[Lexeme<'_>], aliases: &[String], repeats: bool) -> Result<(), String> {
    let Some((table, names)) = target(lexemes) else { return Ok(()) };
    match aliases.iter().find(|alias| !names.iter().any(|name| name.eq_ignore_ascii_case(alias))) {
        Some(alias) if !repeats => Err(format!(
            "the statement changes {table}, and its ranges are of {alias}, of which several rows may meet one of {table}: write \
             /* dbtool:range {} */, or say which rows are still to do: -- dbtool: verify SELECT ...",
            names.last().map_or(table.as_str(), String::as_str)
        )),
        Some(_) | None => Ok(()),
    }
}

/// The table that an UPDATE or DELETE changes, and the names that it has in the statement: its alias, else its own, with and without schema.
fn target(lexemes: &[Lexeme<'_>]) -> Option<(String, Vec<String>)> {
    let code: Vec<&Lexeme<'_>> = Level::behind(lexemes).lexemes.into_iter().filter(|lexeme| lexeme.kind != LexemeKind::Comment).collect();
    let verb = code.iter().position(|lexeme| ["update", "delete", "insert"].iter().any(|verb| lexeme.is_word(verb)))?;
    if code[verb].is_word("insert") {
        return None;
    }
    let mut at = verb + 1;
    while code.get(at).is_some_and(|lexeme| lexeme.is_word("only") || lexeme.is_word("from")) {
        at += 1;
    }
    let mut parts = vec![code.get(at)?.text.to_owned()];
    while code.get(at + 1).is_some_and(|lexeme| lexeme.text == ".") {
        parts.push(code.get(at + 2)?.text.to_owned());
        at += 2;
    }
    let table = parts.join(".");
    let mut next = code.get(at + 1)?;
    if next.is_word("as") {
        next = code.get(at + 2)?;
    }
    let ends = ["set", "where", "using", "from", "indexed", "not"].iter().any(|word| next.is_word(word));
    let names = if ends { vec![table.clone(), parts.pop()?] } else { vec![next.text.to_owned()] };
    Some((table, names))
}

/// The columns that an UPDATE assigns.
pub(super) fn assigned<'a>(lexemes: &[Lexeme<'a>]) -> Vec<&'a str> {
    let code: Vec<&Lexeme<'a>> = Level::behind(lexemes).lexemes.into_iter().filter(|lexeme| lexeme.kind != LexemeKind::Comment).collect();
    let Some(set) = code.iter().position(|lexeme| lexeme.is_word("set")) else { return Vec::new() };
    let end = code[set..].iter().position(|lexeme| lexeme.is_word("from") || lexeme.is_word("where")).map_or(code.len(), |end| set + end);
    let begins = |index: usize| index == set + 1 || code[index - 1].text == ",";
    let single =
        (set + 1..end).filter(|&index| begins(index) && code.get(index + 1).is_some_and(|next| next.text == "=")).map(|index| code[index].text);
    // `SET (a, b) = ...` stands a level below.
    let grouped = grouped_columns(lexemes);
    single.chain(grouped).collect()
}

/// The names in the parentheses behind SET or a comma in front of `=`.
fn grouped_columns<'a>(lexemes: &[Lexeme<'a>]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (index, _) in lexemes.iter().enumerate().filter(|(_, lexeme)| lexeme.kind == LexemeKind::Open) {
        let follows = index > 0 && (lexemes[index - 1].is_word("set") || lexemes[index - 1].text == ",");
        let Some(close) = lexemes[index..].iter().position(|lexeme| lexeme.kind == LexemeKind::Close).map(|close| index + close) else { continue };
        if follows && lexemes.get(close + 1).is_some_and(|next| next.text == "=") {
            found.extend(lexemes[index + 1..close].iter().map(|lexeme| lexeme.text).filter(|text| *text != ","));
        }
    }
    found
}

/// The tokens of one level of parentheses, up to where it ends.
struct Level<'l, 'a> {
    lexemes: Vec<&'l Lexeme<'a>>,
}

impl<'l, 'a> Level<'l, 'a> {
    fn behind(lexemes: &'l [Lexeme<'a>]) -> Self {
        let mut open = 0_usize;
        let mut level = Vec::new();
        for lexeme in lexemes {
            match lexeme.kind {
                LexemeKind::Open => open += 1,
                LexemeKind::Close if open == 0 => break,
                LexemeKind::Close => open -= 1,
                LexemeKind::Word | LexemeKind::Comment | LexemeKind::Other if open == 0 => level.push(lexeme),
                LexemeKind::Word | LexemeKind::Comment | LexemeKind::Other => {}
            }
        }
        Self { lexemes: level }
    }

    fn words(&self) -> impl Iterator<Item = &'l Lexeme<'a>> {
        self.lexemes.iter().copied().filter(|lexeme| lexeme.kind == LexemeKind::Word)
    }
}

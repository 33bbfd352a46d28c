//! Dotted names in strings: `users.id`, `app.users.id`, `"my.table".id`.

/// The parts of a dotted name. A part in double quotes may hold anything; a quote in it is doubled, as in SQL.
///
/// `None` where a part is empty or a quote is not closed.
pub(super) fn parse(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, behind) = if rest.starts_with('"') { quoted(rest)? } else { bare(rest) };
        if part.is_empty() {
            return None;
        }
        parts.push(part);
        match behind.strip_prefix('.') {
            Some(next) => rest = next,
            None if behind.is_empty() => return Some(parts),
            None => return None,
        }
    }
}

fn bare(text: &str) -> (String, &str) {
    let end = text.find('.').unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

/// A part that begins with a quote, without its quotes, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            part.push(c);
        } else if chars.next_if(|&(_, next)| next == '"').is_some() {
            part.push('"');
        } else {
            return Some((part, &text[at + 1..]));
        }
    }
    None
}

/// The parts joined with dots, in quotes where a part needs them: what [`parse`] reads back.
pub(super) fn join<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<String> = parts.into_iter().map(part).collect();
    parts.join(".")
}

fn part(name: &str) -> String {
    let plain = !name.contains(['.', '"']) && name.trim() == name && !name.is_empty();
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_at_dots_outside_quotes() {
        assert_eq!(parse("users.id").unwrap(), ["users", "id"]);
        assert_eq!(parse("app.users.id").unwrap(), ["app", "users", "id"]);
        assert_eq!(parse(r#""my.table".id"#).unwrap(), ["my.table", "id"]);
        assert_eq!(parse(r#""a""b".c"#).unwrap(), [r#"a"b"#, "c"]);
        assert_eq!(parse("order items.id").unwrap(), ["order items", "id"]);
    }

    #[test]
    fn empty_parts_and_open_quotes_are_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_joined_is_read_back() {
        for parts in [["users", "id"], ["my.table", "a\"b"], [" lead", "trail "], ["日本", "ü.ü"]] {
            assert_eq!(parse(&join(parts)).unwrap(), parts);
        }
    }
}

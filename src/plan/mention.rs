//! Whether a piece of SQL mentions a name. Errs on the side of yes: a needless edge in the order does no harm, a missing one does.

use std::collections::BTreeSet;

/// True where `name` stands in `sql` as a word of its own or inside quotes, in any case.
pub fn mentions(sql: &str, name: &str) -> bool {
    // In quotes a quote of the name stands doubled.
    if name.contains('"') && mentions(sql, &name.replace('"', "\u{1}")) {
        return true;
    }
    let (text, word) = (sql.to_lowercase().replace("\"\"", "\u{1}"), name.to_lowercase());
    if word.is_empty() {
        return false;
    }
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(&word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !part(before) && !part(after)
    })
}

/// The words of a piece of SQL, as they stand there and in lower case.
pub fn words(sql: &str) -> BTreeSet<String> {
    let found = sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    found.flat_map(|word| [word.to_owned(), word.to_lowercase()]).collect()
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_word_is_found_and_a_part_of_one_is_not() {
        assert!(mentions("price > 0", "price"));
        assert!(mentions("(\"Price\" > 0)", "price"));
        assert!(mentions("lower(t.email)", "email"));
        assert!(!mentions("unit_price > 0", "price"));
        assert!(!mentions("prices > 0", "price"));
    }
}

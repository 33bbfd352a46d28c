//! Facts about a schema: lines of text that two databases with the same schema have in common.

use similar::{ChangeTag, TextDiff};

/// True for a text that names one of dbtool's own tables, which are no part of the user's schema. The roles of the tests are.
pub fn is_ours(text: &str) -> bool {
    let is_whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    text.match_indices("dbtool_").any(|(at, _)| is_whole(at) && !text[at..].starts_with("dbtool_test_"))
}

/// `text` with every run of white space turned into one space.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that only one of two texts has, `-` before those that were wanted and `+` before those that were got.
pub fn difference(wanted: &str, got: &str) -> String {
    let diff = TextDiff::from_lines(wanted, got);
    let lines = diff.iter_all_changes().filter_map(|change| match change.tag() {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(format!("  - {}", change.value().trim_end())),
        ChangeTag::Insert => Some(format!("  + {}", change.value().trim_end())),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn only_whole_names_are_ours() {
    assert!(is_ours("CREATE TABLE public.dbtool_migrations ("));
    assert!(is_ours("dbtool_migrations"));
    assert!(!is_ours("CREATE TABLE my_dbtool_notes ("));
    assert!(!is_ours("GRANT SELECT ON TABLE public.t TO dbtool_test_a;"));
}

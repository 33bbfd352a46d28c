//! What somebody probably meant.

/// The candidate nearest to what was written, where one is near enough to be a slip of the hand.
pub(super) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    let length = written.chars().count();
    let allowed = (length / 3).max(1);
    candidates
        .into_iter()
        // The distance is at least the difference of the lengths: most candidates need no closer look.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&written, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `, did you mean 'x'?`, or nothing where nothing is near.
pub(super) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, candidates).map_or_else(String::new, |candidate| format!(", did you mean '{candidate}'?"))
}

/// `a, b, c`; of a long list the first ones, and how many there are.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let names: Vec<&str> = names.into_iter().collect();
    match names.get(..SHOWN) {
        Some(first) if names.len() > SHOWN => format!("{}, ... ({} in all)", first.join(", "), names.len()),
        Some(_) | None => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        assert_eq!(nearest("nulable", ["nullable", "unique"]), Some("nullable"));
        assert_eq!(nearest("emial", ["email", "name"]), Some("email"));
        assert_eq!(nearest("Users", ["users"]), Some("users"));
        assert_eq!(nearest("nonsense", ["nullable", "unique"]), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}

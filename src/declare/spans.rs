//! Where each thing of schema.toml was written.

use std::ops::Range;

use indexmap::IndexMap;

/// A range of bytes in one of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Place {
    pub source: usize,
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn new(source: usize, span: &Range<usize>) -> Self {
        Self { source, start: span.start, end: span.end }
    }

    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// The places of all keys, by their path from the top: `tables`, `users`, `columns`, `email`.
///
/// They live beside the model, so they survive whatever is done to it and never make two models differ. A constraint that was written in
/// the short form of its column is also found under the path of the long form, `tables`, `users`, `uniques`, `users_email_key`.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    root: Branch,
}

#[derive(Debug, Clone, Default)]
struct Branch {
    place: Place,
    below: IndexMap<String, Branch>,
}

impl Spans {
    /// The source and the byte range where `path` was written, or the nearest thing around it that was.
    ///
    /// `None` only where not even the first key is known.
    pub fn find(&self, path: &[&str]) -> Option<(usize, Range<usize>)> {
        self.nearest(path).map(|place| (place.source, place.range()))
    }

    pub(super) fn nearest<S: AsRef<str>>(&self, path: &[S]) -> Option<Place> {
        let mut branch = &self.root;
        let mut found = None;
        for key in path {
            let Some(next) = branch.below.get(key.as_ref()) else { break };
            found = Some(next.place);
            branch = next;
        }
        found
    }

    /// The place of `path` itself.
    pub(super) fn exact<S: AsRef<str>>(&self, path: &[S]) -> Option<Place> {
        let mut branch = &self.root;
        for key in path {
            branch = branch.below.get(key.as_ref())?;
        }
        Some(branch.place)
    }

    /// Records `path`. What was recorded first stays: the second one of two is the one that is reported.
    pub(super) fn record<S: AsRef<str>>(&mut self, path: &[S], place: Place) {
        let mut branch = &mut self.root;
        for key in path {
            branch = branch.below.entry(key.as_ref().to_owned()).or_insert_with(|| Branch { place, below: IndexMap::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ancestor_stands_in() {
        let mut spans = Spans::default();
        spans.record(&["tables", "users"], Place { source: 0, start: 1, end: 2 });
        spans.record(&["tables", "users", "columns", "email"], Place { source: 1, start: 5, end: 9 });
        assert_eq!(spans.find(&["tables", "users", "columns", "email"]), Some((1, 5..9)));
        assert_eq!(spans.find(&["tables", "users", "columns", "email", "type"]), Some((1, 5..9)));
        assert_eq!(spans.find(&["tables", "users", "indexes", "i"]), Some((0, 1..2)));
        assert_eq!(spans.find(&["views", "v"]), None);
    }
}

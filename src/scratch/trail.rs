//! A row of texts of which each differs little from the one before, kept as the last of them and what to change to get back.

/// Texts, the last on top.
#[derive(Debug, Clone, Default)]
pub(super) struct Trail {
    last: Option<String>,
    steps: Vec<Step>,
}

/// The text before has the same beginning and end; in between it has `middle`.
#[derive(Debug, Clone)]
struct Step {
    prefix: usize,
    suffix: usize,
    middle: String,
}

impl Trail {
    pub fn push(&mut self, text: String) {
        let Some(before) = self.last.replace(text) else { return };
        let last = self.last.as_deref().unwrap_or_default();
        let shorter = before.len().min(last.len());
        let mut prefix = before.bytes().zip(last.bytes()).position(|(a, b)| a != b).unwrap_or(shorter);
        while !before.is_char_boundary(prefix) || !last.is_char_boundary(prefix) {
            prefix -= 1;
        }
        let (rest, other) = (&before[prefix..], &last[prefix..]);
        let shorter = rest.len().min(other.len());
        let mut suffix = rest.bytes().rev().zip(other.bytes().rev()).position(|(a, b)| a != b).unwrap_or(shorter);
        while !rest.is_char_boundary(rest.len() - suffix) || !other.is_char_boundary(other.len() - suffix) {
            suffix -= 1;
        }
        self.steps.push(Step { prefix, suffix, middle: rest[..rest.len() - suffix].to_owned() });
    }

    pub fn pop(&mut self) -> Option<String> {
        let last = self.last.take()?;
        self.last = self.steps.pop().map(|step| format!("{}{}{}", &last[..step.prefix], step.middle, &last[last.len() - step.suffix..]));
        Some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_comes_back_in_the_reverse_order() {
        let texts = ["", "a", "aa", "aba", "", "größer", "gröber", "xgröberx"];
        let mut trail = Trail::default();
        texts.iter().for_each(|text| trail.push((*text).to_owned()));
        for text in texts.iter().rev() {
            assert_eq!(trail.pop().as_deref(), Some(*text));
        }
        assert_eq!(trail.pop(), None);
    }
}

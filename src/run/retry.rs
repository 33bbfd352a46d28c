//! How long to wait before trying again.

use std::time::Duration;

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(15);
/// How often it is tried again: about two and a half minutes of waiting.
const TIMES: u32 = 16;

/// Waits that grow, and end.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    tried: u32,
}

impl Backoff {
    /// The next wait; `None` where it has been tried often enough.
    pub fn next(&mut self) -> Option<Duration> {
        if self.tried >= TIMES {
            return None;
        }
        let wait = FIRST.saturating_mul(1 << self.tried.min(16)).min(LONGEST);
        self.tried += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = std::iter::from_fn(|| backoff.next()).collect();
        assert_eq!(waits[..3], [100, 200, 400].map(Duration::from_millis));
        assert_eq!((waits.len(), waits[15]), (16, LONGEST));
    }
}

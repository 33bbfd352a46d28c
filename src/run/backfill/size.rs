//! The size of the next batch, from the time that the last ones took.

use std::collections::VecDeque;
use std::time::Duration;

use crate::dialect::BatchKey;

/// How many of the last batches count.
const MEMORY: usize = 10;

/// Sizes are rows, or blocks where the batches go by blocks.
#[derive(Debug)]
pub(super) struct Size {
    current: u64,
    target: Duration,
    /// The time per row of the last batches, in nanoseconds.
    recent: VecDeque<u128>,
    limits: (u64, u64),
    /// True where somebody has set the size: then it only ever shrinks, where a batch runs out of time.
    fixed: bool,
}

impl Size {
    /// `start` is what an earlier run has found out.
    pub fn new(key: &BatchKey, batch: Option<u64>, target: Duration, start: u64) -> Self {
        let (first, limits) = match key {
            BatchKey::Columns(_) | BatchKey::Nested(_) => (1_000, (10, 500_000)),
            BatchKey::Blocks => (16, (1, 20_000)),
        };
        let current = batch.unwrap_or(if start > 0 { start.clamp(limits.0, limits.1) } else { first });
        Self { current, target, recent: VecDeque::new(), limits, fixed: batch.is_some() }
    }

    pub fn get(&self) -> u64 {
        self.current
    }

    /// A batch of `rows` took `time`: the next one is as large as nine of the last ten batches would have done in the target time, at most
    /// twice as large as this one; a tenth where this one took five times too long.
    pub fn took(&mut self, rows: u64, time: Duration) {
        if self.fixed {
            return;
        }
        if time > self.target * 5 {
            self.recent.clear();
            self.current = (self.current / 10).max(self.limits.0);
            return;
        }
        self.recent.push_back(time.as_nanos() / u128::from(rows.max(1)));
        if self.recent.len() > MEMORY {
            self.recent.pop_front();
        }
        let mut sorted: Vec<u128> = self.recent.iter().copied().collect();
        sorted.sort_unstable();
        let slow = sorted[(sorted.len() * 9).div_ceil(10) - 1].max(1);
        let wanted = u64::try_from(self.target.as_nanos() / slow).unwrap_or(u64::MAX);
        self.current = wanted.min(self.current.saturating_mul(2)).clamp(self.limits.0, self.limits.1);
    }

    /// A batch ran out of time. False where it cannot be any smaller.
    pub fn halve(&mut self) -> bool {
        let smaller = (self.current / 2).max(1);
        let could = smaller < self.current;
        self.current = smaller;
        self.recent.clear();
        could
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(batch: Option<u64>) -> Size {
        Size::new(&BatchKey::Columns(vec!["id".into()]), batch, Duration::from_millis(200), 0)
    }

    #[test]
    fn batches_grow_to_the_target_and_shrink_at_once_when_they_take_far_too_long() {
        let mut size = size(None);
        for _ in 0..12 {
            let rows = size.get();
            size.took(rows, Duration::from_micros(rows * 10));
        }
        assert_eq!(size.get(), 20_000);
        size.took(20_000, Duration::from_millis(1_100));
        assert_eq!(size.get(), 2_000);
        // One slow batch in ten does not count, two do.
        for time in [10, 10, 10, 10, 10, 10, 10, 10, 10, 100] {
            size.took(1_000, Duration::from_micros(time * 1_000));
        }
        assert_eq!(size.get(), 20_000);
    }

    #[test]
    fn a_size_that_was_set_stays_until_a_batch_runs_out_of_time() {
        let mut size = size(Some(50));
        size.took(50, Duration::from_secs(9));
        assert_eq!(size.get(), 50);
        assert!(size.halve());
        assert_eq!(size.get(), 25);
        (0..5).for_each(|_| _ = size.halve());
        assert!(!size.halve() && size.get() == 1);
    }
}

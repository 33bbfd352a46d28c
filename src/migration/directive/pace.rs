//! How fast a backfill goes: the size of a batch, the time it may take, and the pause behind it.

use std::time::Duration;

/// What somebody said of the pace; `None` where they said nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Rows of a batch, from the first to the last. Without it the size follows from the time that batches take.
    pub batch: Option<u64>,
    /// The time that a batch is to take.
    pub target: Option<Duration>,
    pub pause: Option<Pause>,
}

/// How long nothing is done behind a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    For(Duration),
    /// So many hundredths of the time that the batch took.
    Percent(u32),
}

impl Pace {
    /// What `self` says, and what `other` says where `self` says nothing.
    pub fn or(self, other: Self) -> Self {
        Self { batch: self.batch.or(other.batch), target: self.target.or(other.target), pause: self.pause.or(other.pause) }
    }
}

impl Pause {
    pub fn after(self, batch: Duration) -> Duration {
        match self {
            Self::For(pause) => pause,
            Self::Percent(percent) => batch * percent / 100,
        }
    }
}

impl std::str::FromStr for Pause {
    type Err = String;

    /// Reads `50ms`, `1s` or `10%`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_suffix('%') {
            Some(number) => number.trim().parse().map(Self::Percent).map_err(|_| format!("`{text}` is no percentage")),
            None => parse_duration(text).map(Self::For).map_err(|error| format!("{error}, or a percentage of the time a batch took, such as 10%")),
        }
    }
}

/// Reads `200ms`, `2s`, `10m`, `1h 30m`, and `0`.
///
/// # Errors
/// A sentence that says what a duration looks like.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    match text.trim() {
        "0" => Ok(Duration::ZERO),
        text => {
            humantime::parse_duration(text).map_err(|_| format!("`{text}` is no duration: write a number with its unit, such as 200ms, 2s or 10m"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_times_or_shares_of_the_batch() {
        assert_eq!("50ms".parse(), Ok(Pause::For(Duration::from_millis(50))));
        assert_eq!("0".parse(), Ok(Pause::For(Duration::ZERO)));
        assert_eq!("10%".parse::<Pause>().map(|pause| pause.after(Duration::from_secs(2))), Ok(Duration::from_millis(200)));
        for wrong in ["", "50", "x%", "-1s", "fast"] {
            assert!(wrong.parse::<Pause>().is_err(), "{wrong}");
        }
    }
}

//! How much a finding matters.

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rule is not asked.
    Off,
    /// Worth knowing.
    Note,
    /// Somebody should look at it before it runs.
    Warning,
    /// It fails, loses data, or stops an application.
    Error,
}

impl Level {
    pub const NAMES: [&'static str; 4] = ["error", "warning", "note", "off"];

    /// The level of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "error" => Some(Self::Error),
            "warning" => Some(Self::Warning),
            "note" => Some(Self::Note),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

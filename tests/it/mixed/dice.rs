//! The dice of a generated schema: one for each thing that may be there, may not, or may be otherwise.

use proptest::array::uniform28;
use proptest::prelude::*;

/// What a die decides. Nought is its absence, so that a failing pair shrinks towards little; 1 to 3 are ways in which it may be.
#[derive(Debug, Clone, Copy)]
pub enum Die {
    Enumeration,
    Domain,
    Composite,
    Sequence,
    Clean,
    NextCode,
    Price,
    Stamp,
    Busy,
    Home,
    Email,
    State,
    Code,
    Lower,
    CleanIndex,
    Amount,
    OpenOrders,
    NamedOrders,
    TopOrders,
    Totals,
    Trigger,
    Policy,
    Grants,
    Comments,
    Partitions,
    Statistics,
    Space,
    Writable,
}

/// All dice as they fell.
#[derive(Debug, Clone)]
pub struct Dice([u8; 28]);

impl Dice {
    /// What a die shows.
    pub fn of(&self, die: Die) -> u8 {
        self.0[die as usize]
    }

    pub fn has(&self, die: Die) -> bool {
        self.of(die) > 0
    }

    /// What a thing is that can only be where another one is.
    pub fn with(&self, die: Die, needed: &[Die]) -> u8 {
        if needed.iter().all(|needed| self.has(*needed)) { self.of(die) } else { 0 }
    }

    /// One of four texts, the first of which is for the absence.
    pub fn choose(&self, die: Die, texts: [&'static str; 4]) -> &'static str {
        texts[usize::from(self.of(die))]
    }

    /// A comment as a line or nothing. Each thing falls another way, so that some get one while others lose theirs.
    pub fn comment(&self, of: &str) -> String {
        match (usize::from(self.of(Die::Comments)) + of.len()) % 3 {
            _ if !self.has(Die::Comments) => String::new(),
            0 => String::new(),
            way => format!("comment = \"It's {of}, way {way}.\"\n"),
        }
    }

    /// Privileges as a line or nothing: `all` is what can be granted on such a thing.
    pub fn grants(&self, of: &str, all: &[&str]) -> String {
        let first = all[0];
        let every = all.iter().map(|privilege| format!("\"{privilege}\"")).collect::<Vec<_>>().join(", ");
        match (usize::from(self.of(Die::Grants)) + of.len()) % 4 {
            _ if !self.has(Die::Grants) => String::new(),
            0 => format!("grants = {{ dbtool_test_a = [{every}], dbtool_test_b = [\"{first}\"] }}\n"),
            1 => format!("grants = {{ dbtool_test_b = [\"{first} WITH GRANT OPTION\"] }}\n"),
            2 => format!("grants = {{ PUBLIC = [\"{first}\"] }}\n"),
            _ => String::new(),
        }
    }
}

/// Dice as they may fall.
pub fn dice() -> impl Strategy<Value = Dice> {
    uniform28(0..4_u8).prop_map(Dice)
}

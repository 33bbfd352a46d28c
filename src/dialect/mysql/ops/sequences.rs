//! Sequences, which only MariaDB has.

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::{Mysql, render};
use crate::diff::Edit;
use crate::model::{Sequence, SequenceOptions};

impl Planner<'_> {
    /// New and changed ones come before the tables whose defaults read them.
    pub(super) fn make_sequences(&mut self) {
        for (name, edit) in &self.changes.sequences {
            match edit {
                Edit::Create(sequence) => self.alone(format!("create sequence {name}"), render::create_sequence(name, sequence)),
                Edit::Alter { to, .. } => self.alone(format!("change sequence {name}"), format!("ALTER SEQUENCE {}{}", Mysql.name(name), all(to))),
                Edit::Drop(_) => {}
            }
        }
    }

    pub(super) fn drop_sequences(&mut self) {
        for (name, edit) in &self.changes.sequences {
            if let Edit::Drop(_) = edit {
                self.contract(format!("drop sequence {name}"), format!("DROP SEQUENCE {}", Mysql.name(name)));
            }
        }
    }
}

/// Every option, those that are the default included: what is not said stays as it was. <https://mariadb.com/kb/en/alter-sequence/>
fn all(sequence: &Sequence) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = &sequence.options;
    let is_falling = increment.is_some_and(|increment| increment < 0);
    let options = SequenceOptions {
        start: *start,
        increment: Some(increment.unwrap_or(1)),
        min: *min,
        max: *max,
        cache: Some(cache.unwrap_or(1000)),
        cycle: *cycle,
    };
    let mut out = render::sequence_options(&options);
    if start.is_none() {
        let first = if is_falling { max.unwrap_or(-1) } else { min.unwrap_or(1) };
        out.push_str(&format!(" START WITH {first}"));
    }
    for (word, value) in [("NO MINVALUE", min), ("NO MAXVALUE", max)] {
        if value.is_none() {
            out.push_str(&format!(" {word}"));
        }
    }
    if !cycle {
        out.push_str(" NOCYCLE");
    }
    out
}

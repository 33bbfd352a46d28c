//! The order of operations: each says what it makes, uses or takes away, and one topological sort does the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refusal, Step};
pub use crate::model::Key;
use crate::model::ObjectKind;

/// What an operation does with its key. The order of the variants is the order of operations on one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    Drop,
    Create,
    /// Gives a column another type, or a type other values.
    Retype,
    /// Changes rows: a backfill, the duplicates or orphans in the way of a key.
    Fill,
    /// Makes a column required, or changes what does not touch anything else.
    Settle,
}

/// One node of the graph.
#[derive(Debug, Clone)]
pub struct Op {
    pub verb: Verb,
    pub key: Key,
    /// What must be there while the operation runs (for a `Drop`: what the dropped thing stands on).
    pub uses: Vec<Key>,
    /// Operations that go first for another reason, such as a name that they free.
    pub after: Vec<(Verb, Key)>,
    /// What would better be made before, unless that makes a ring: a text mentions it.
    pub wishes: Vec<Key>,
    /// True where a wish could not be granted.
    pub early: bool,
    pub step: Step,
}

impl Op {
    pub fn new(verb: Verb, key: Key, step: Step) -> Self {
        Self { verb, key, uses: Vec::new(), after: Vec::new(), wishes: Vec::new(), early: false, step }
    }

    pub fn using(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.uses.extend(keys);
        self
    }
}

/// Operations that wait for each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<String>);

impl From<Cycle> for Refusal {
    fn from(cycle: Cycle) -> Self {
        Self { message: format!("these changes wait for each other: {}", cycle.0.join(", ")), help: "make them in two revisions".to_owned() }
    }
}

/// Sorts the operations by what they use; where two are free, the one given first goes first, so the same input gives the same order.
pub fn order(ops: Vec<Op>) -> Result<Vec<Op>, Cycle> {
    let mut by_key: BTreeMap<&Key, Vec<usize>> = BTreeMap::new();
    for (index, op) in ops.iter().enumerate() {
        by_key.entry(&op.key).or_default().push(index);
    }
    let of = |key: &Key| by_key.get(key).map_or(&[][..], Vec::as_slice);
    let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); ops.len()];
    for (index, op) in ops.iter().enumerate() {
        // Operations on one key run in the order of their verbs.
        after[index].extend(of(&op.key).iter().filter(|other| ops[**other].verb < op.verb));
        for (verb, key) in &op.after {
            after[index].extend(of(key).iter().filter(|other| **other != index && ops[**other].verb == *verb));
        }
        for used in &op.uses {
            for &other in of(used).iter().filter(|other| **other != index) {
                let made_anew = of(used).iter().any(|o| ops[*o].verb == Verb::Create);
                match (op.verb, ops[other].verb) {
                    // What stands on a thing goes before the thing goes or becomes another.
                    (Verb::Drop, Verb::Drop | Verb::Retype | Verb::Fill | Verb::Settle) => _ = after[other].insert(index),
                    (Verb::Drop, Verb::Create) => {}
                    // A thing is used before it goes, unless it comes back in a new shape: then that one is meant.
                    (_, Verb::Drop) if !made_anew => _ = after[other].insert(index),
                    (_, Verb::Drop) => {}
                    // A view or policy needs a column's type and nothing else of it; what it stood for must not be away while rows are filled.
                    (Verb::Create, Verb::Fill | Verb::Settle) if needs_types_only(&op.key, used) => {}
                    // A thing is ready before it is used; a backfill reads what other backfills have filled.
                    (Verb::Fill, Verb::Settle) => {}
                    (_, _) => _ = after[index].insert(other),
                }
            }
        }
    }
    let wishes: Vec<BTreeSet<usize>> = ops
        .iter()
        .enumerate()
        .map(|(index, op)| {
            let made = op.wishes.iter().flat_map(&of).filter(|other| **other != index && ops[**other].verb == Verb::Create);
            made.copied().filter(|other| !after[index].contains(other)).collect()
        })
        .collect();
    sort(ops, after, wishes)
}

/// True for an object that is told by its definition and uses a column or table; but a materialized view keeps what it reads.
fn needs_types_only(key: &Key, used: &Key) -> bool {
    let reads_once = matches!(key, Key::Object(id) if id.kind != ObjectKind::MaterializedView);
    reads_once && matches!(used, Key::Column(..) | Key::Table(_))
}

const TOGETHER: usize = 0;
const ALONE: usize = 1;
const GONE: usize = 2;
const NOTICED: usize = 3;

fn rank(op: &Op) -> usize {
    match op.verb {
        _ if op.step.contract => NOTICED,
        _ if op.step.alone => ALONE,
        Verb::Drop if !matches!(op.key, Key::Part(..)) => GONE,
        Verb::Drop | Verb::Create | Verb::Retype | Verb::Fill | Verb::Settle => TOGETHER,
    }
}

/// Kahn's algorithm. Of the operations that are free the one goes first that needs no new transaction, then the one given first; what takes
/// things away, and what an old application would notice, waits until nothing else is left.
///
/// Where nothing is free any more but wishes are left, the first that waits for nothing else goes without.
fn sort(ops: Vec<Op>, after: Vec<BTreeSet<usize>>, wishes: Vec<BTreeSet<usize>>) -> Result<Vec<Op>, Cycle> {
    let mut hard: Vec<usize> = after.iter().map(BTreeSet::len).collect();
    let mut soft: Vec<usize> = wishes.iter().map(BTreeSet::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); ops.len()];
    let mut wishing: Vec<Vec<usize>> = vec![Vec::new(); ops.len()];
    for (lists, before) in [(&mut followers, &after), (&mut wishing, &wishes)] {
        for (index, before) in before.iter().enumerate() {
            before.iter().for_each(|&other| lists[other].push(index));
        }
    }
    // One queue for each rank, so that a plan of many thousand operations is no longer in the making than in the reading.
    let ranks: Vec<usize> = ops.iter().map(rank).collect();
    let mut free: [BTreeSet<usize>; 4] = Default::default();
    (0..ops.len()).filter(|&index| hard[index] + soft[index] == 0).for_each(|index| _ = free[ranks[index]].insert(index));
    let mut held: BTreeSet<usize> = (0..ops.len()).filter(|&index| hard[index] == 0 && soft[index] > 0).collect();
    let mut slots: Vec<Option<Op>> = ops.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(slots.len());
    let mut last = TOGETHER;
    loop {
        // What was last goes on, as long as it is one of the two that may change places.
        let first = if last == ALONE { [ALONE, TOGETHER] } else { [TOGETHER, ALONE] };
        let next = first.into_iter().chain([GONE, NOTICED]).find_map(|rank| free[rank].pop_first());
        let Some(index) = next.or_else(|| held.pop_first()) else { break };
        last = ranks[index];
        sorted.extend(slots[index].take().map(|op| Op { early: soft[index] > 0, ..op }));
        followers[index].iter().for_each(|&follower| hard[follower] -= 1);
        wishing[index].iter().for_each(|&follower| soft[follower] -= 1);
        for &follower in followers[index].iter().chain(&wishing[index]) {
            if slots[follower].is_none() || hard[follower] > 0 {
                continue;
            }
            if soft[follower] == 0 {
                held.remove(&follower);
                free[ranks[follower]].insert(follower);
            } else {
                held.insert(follower);
            }
        }
    }
    let stuck: Vec<String> = slots.into_iter().flatten().map(|op| op.step.title).collect();
    if stuck.is_empty() { Ok(sorted) } else { Err(Cycle(stuck)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn op(verb: Verb, table: &str, uses: &[&str]) -> Op {
        let key = |name: &str| Key::Table(Name::new(name));
        Op::new(verb, key(table), Step::of(format!("{verb:?} {table}"), [""])).using(uses.iter().map(|name| key(name)))
    }

    fn titles(ops: Vec<Op>) -> Vec<String> {
        order(ops).expect("no cycle").into_iter().map(|op| op.step.title).collect()
    }

    #[test]
    fn a_thing_is_made_before_it_is_used() {
        assert_eq!(titles(vec![op(Verb::Create, "a", &["b"]), op(Verb::Create, "b", &[])]), ["Create b", "Create a"]);
    }

    #[test]
    fn what_stands_on_a_thing_goes_first() {
        assert_eq!(titles(vec![op(Verb::Drop, "b", &[]), op(Verb::Drop, "a", &["b"])]), ["Drop a", "Drop b"]);
    }

    #[test]
    fn a_thing_is_used_before_it_goes() {
        assert_eq!(titles(vec![op(Verb::Drop, "b", &[]), op(Verb::Fill, "a", &["b"])]), ["Fill a", "Drop b"]);
    }

    #[test]
    fn a_thing_made_anew_is_meant_in_its_new_shape() {
        let ops = vec![op(Verb::Create, "a", &["b"]), op(Verb::Create, "b", &[]), op(Verb::Drop, "b", &[]), op(Verb::Drop, "a", &["b"])];
        assert_eq!(titles(ops), ["Drop a", "Drop b", "Create b", "Create a"]);
    }

    #[test]
    fn what_shares_a_transaction_stands_together() {
        let alone = |table: &str, uses: &[&str]| {
            let op = op(Verb::Create, table, uses);
            Op { step: op.step.alone(), ..op }
        };
        let ops = vec![op(Verb::Drop, "z", &[]), alone("a", &["b"]), op(Verb::Create, "b", &[]), alone("c", &[]), op(Verb::Create, "d", &[])];
        assert_eq!(titles(ops), ["Create b", "Create d", "Create a", "Create c", "Drop z"]);
    }

    #[test]
    fn a_ring_of_wishes_is_broken() {
        let wish = |table: &str, wishes: &[&str]| Op {
            wishes: wishes.iter().map(|name| Key::Table(Name::new(*name))).collect(),
            ..op(Verb::Create, table, &[])
        };
        assert_eq!(titles(vec![wish("a", &["b"]), wish("b", &[])]), ["Create b", "Create a"]);
        assert_eq!(titles(vec![wish("a", &["b"]), wish("b", &["a"]), op(Verb::Create, "c", &["b"])]), ["Create a", "Create b", "Create c"]);
    }

    #[test]
    fn a_cycle_is_named() {
        let cycle = order(vec![op(Verb::Create, "a", &["b"]), op(Verb::Create, "b", &["a"])]).expect_err("a cycle");
        assert_eq!(cycle.0, ["Create a", "Create b"]);
    }
}

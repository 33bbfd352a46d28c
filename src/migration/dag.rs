//! Which revision stands on which: a graph of names alone, so that files and history rows are walked by the same code.

use std::collections::{BTreeMap, BTreeSet};

/// Revisions and their parents. A parent that is not a key is outside the graph and counts as base.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dag {
    parents: BTreeMap<String, Vec<String>>,
}

impl Dag {
    pub fn insert(&mut self, revision: impl Into<String>, parents: Vec<String>) {
        self.parents.insert(revision.into(), parents);
    }

    pub fn contains(&self, revision: &str) -> bool {
        self.parents.contains_key(revision)
    }

    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// All revisions, by id.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.parents.keys().map(String::as_str)
    }

    pub fn parents(&self, revision: &str) -> &[String] {
        self.parents.get(revision).map_or(&[], Vec::as_slice)
    }

    /// The revisions that name `revision` as a parent, by id.
    pub fn children(&self, revision: &str) -> Vec<String> {
        self.parents.iter().filter(|(_, parents)| parents.iter().any(|parent| parent == revision)).map(|(id, _)| id.clone()).collect()
    }

    /// The revisions of `of` and everything they stand on, as far as it is in the graph.
    pub fn closure<S: AsRef<str>>(&self, of: &[S]) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut pending: Vec<&str> = of.iter().map(AsRef::as_ref).collect();
        while let Some(revision) = pending.pop() {
            if self.contains(revision) && seen.insert(revision.to_owned()) {
                pending.extend(self.parents(revision).iter().map(String::as_str));
            }
        }
        seen
    }

    /// The revisions of `set` that are no parent of another one in it, by id.
    pub fn heads(&self, set: &BTreeSet<String>) -> Vec<String> {
        let followed: BTreeSet<&str> = set.iter().flat_map(|id| self.parents(id)).map(String::as_str).collect();
        set.iter().filter(|id| !followed.contains(id.as_str())).cloned().collect()
    }

    /// `set` so that every revision comes after its parents, the smallest id first wherever there is a choice.
    ///
    /// # Errors
    /// The revisions that stand on each other in a circle, or on one that does.
    pub fn order(&self, set: &BTreeSet<String>) -> Result<Vec<String>, Vec<String>> {
        let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in set {
            let parents: BTreeSet<&str> = self.parents(id).iter().map(String::as_str).filter(|parent| set.contains(*parent)).collect();
            waiting.insert(id, parents.len());
            for parent in parents {
                children.entry(parent).or_default().push(id);
            }
        }
        let mut ready: BTreeSet<&str> = waiting.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
        let mut order = Vec::with_capacity(set.len());
        while let Some(id) = ready.pop_first() {
            waiting.remove(id);
            order.push(id.to_owned());
            for child in children.get(id).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(child) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(child);
                    }
                }
            }
        }
        if waiting.is_empty() { Ok(order) } else { Err(waiting.keys().map(|id| (*id).to_owned()).collect()) }
    }

    /// What is to be applied, in order, so that the revisions of `targets` are, where those of `applied` (and what they stand on) already are.
    pub fn path_up<S: AsRef<str>>(&self, applied: &[S], targets: &[String]) -> Vec<String> {
        let applied = self.closure(applied);
        let missing: BTreeSet<String> = self.closure(targets).into_iter().filter(|id| !applied.contains(id)).collect();
        self.ordered(&missing)
    }

    /// What is to be taken back, in order, so that of `applied` just `kept` and what it stands on stays.
    pub fn path_down<S: AsRef<str>>(&self, applied: &[S], kept: &[String]) -> Vec<String> {
        let kept = self.closure(kept);
        let surplus: BTreeSet<String> = self.closure(applied).into_iter().filter(|id| !kept.contains(id)).collect();
        let mut path = self.ordered(&surplus);
        path.reverse();
        path
    }

    /// `set` in dependency order. A graph of files was checked for cycles when it was loaded; history rows that form one come by id.
    fn ordered(&self, set: &BTreeSet<String>) -> Vec<String> {
        self.order(set).unwrap_or_else(|_| set.iter().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 - 2 - 4 - 5 with a branch 1 - 3 - 4.
    fn diamond() -> Dag {
        let mut dag = Dag::default();
        for (id, parents) in [("1", &[][..]), ("2", &["1"]), ("3", &["1"]), ("4", &["2", "3"]), ("5", &["4"])] {
            dag.insert(id, parents.iter().map(|parent| (*parent).to_owned()).collect());
        }
        dag
    }

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn paths_work_through_branches_and_merges() {
        let dag = diamond();
        assert_eq!(dag.path_up(&ids(""), &ids("5")), ids("1 2 3 4 5"));
        assert_eq!(dag.path_up(&ids("2"), &ids("4")), ids("3 4"));
        assert_eq!(dag.path_up(&ids("5"), &ids("3")), ids(""));
        assert_eq!(dag.path_down(&ids("5"), &ids("2 3")), ids("5 4"));
        assert_eq!(dag.path_down(&ids("5"), &ids("2")), ids("5 4 3"));
        assert_eq!(dag.path_down(&ids("2 3"), &ids("")), ids("3 2 1"));
    }

    #[test]
    fn heads_are_what_nothing_stands_on() {
        let dag = diamond();
        assert_eq!(dag.heads(&dag.closure(&ids("2 3"))), ids("2 3"));
        assert_eq!(dag.heads(&dag.closure(&ids("5"))), ids("5"));
        assert_eq!(dag.children("1"), ids("2 3"));
    }

    #[test]
    fn a_cycle_is_named() {
        let mut dag = diamond();
        dag.insert("2", ids("1 5"));
        assert_eq!(dag.order(&dag.closure(&ids("5"))), Err(ids("2 4 5")));
    }
}

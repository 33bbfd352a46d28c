//! Objects that nobody declared and no revision made: somebody else's, so they stay.

use std::hash::Hash;

use indexmap::IndexMap;

use crate::diff::{Changes, Edit, TableEdit, diff};
use crate::migration::RevisionGraph;
use crate::model::Key;
use crate::scratch::{Comparison, Scratch, replay};

/// Takes the objects that the revisions do not know out of what is dropped, by keeping them on both sides. Returns their names.
pub async fn hold_back(scratch: &mut Scratch, graph: &RevisionGraph, up: &mut Comparison) -> anyhow::Result<Vec<String>> {
    if !drops_something(&up.changes) {
        return Ok(Vec::new());
    }
    // Only what the revisions make is ours; replaying them is the one way to know that which does not depend on our reading of SQL.
    let known = replay(scratch, graph, &graph.heads()).await?.schema;
    let theirs: Vec<Key> =
        up.from.objects.keys().filter(|id| !known.objects.contains_key(*id) && !up.to.objects.contains_key(*id)).cloned().map(Key::Object).collect();
    let mut kept = Vec::new();
    keep("table", &up.from.tables, &known.tables, &mut up.to.tables, &mut kept);
    keep("extension", &up.from.extensions, &known.extensions, &mut up.to.extensions, &mut kept);
    keep("enum", &up.from.enums, &known.enums, &mut up.to.enums, &mut kept);
    keep("sequence", &up.from.sequences, &known.sequences, &mut up.to.sequences, &mut kept);
    keep("domain", &up.from.domains, &known.domains, &mut up.to.domains, &mut kept);
    keep("type", &up.from.composites, &known.composites, &mut up.to.composites, &mut kept);
    keep("", &up.from.objects, &known.objects, &mut up.to.objects, &mut kept);
    keep("schema", &up.from.namespaces, &known.namespaces, &mut up.to.namespaces, &mut kept);
    if !kept.is_empty() {
        up.from.unmanaged.extend(theirs.iter().cloned());
        up.to.unmanaged.extend(theirs);
        let renames = up.changes.renames.clone();
        up.changes = Changes { renames, ..diff(&up.from, &up.to) };
    }
    Ok(kept)
}

fn keep<K: Clone + Eq + Hash + ToString, T: Clone>(
    word: &str,
    live: &IndexMap<K, T>,
    known: &IndexMap<K, T>,
    to: &mut IndexMap<K, T>,
    kept: &mut Vec<String>,
) {
    for (name, object) in live {
        if !known.contains_key(name) && !to.contains_key(name) {
            to.insert(name.clone(), object.clone());
            kept.push(format!("{word} {}", name.to_string()).trim_start().to_owned());
        }
    }
}

fn drops_something(changes: &Changes) -> bool {
    fn gone<K, T>(edits: &[(K, Edit<T>)]) -> bool {
        edits.iter().any(|(_, edit)| matches!(edit, Edit::Drop(_)))
    }
    gone(&changes.namespaces)
        || gone(&changes.extensions)
        || gone(&changes.enums)
        || gone(&changes.sequences)
        || gone(&changes.domains)
        || gone(&changes.composites)
        || gone(&changes.objects)
        || changes.tables.iter().any(|(_, edit)| matches!(edit, TableEdit::Drop(_)))
}

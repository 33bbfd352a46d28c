//! Where in schema.toml an object stands.

use super::lower::{below, path_of};
use crate::model::{Name, Object, ObjectId, ObjectKind, Of, Schema};

/// The kinds of a schema, in the order in which they are written.
pub(super) const OF_SCHEMA: &[ObjectKind] = &[
    ObjectKind::RangeType,
    ObjectKind::Collation,
    ObjectKind::Function,
    ObjectKind::Procedure,
    ObjectKind::Aggregate,
    ObjectKind::Operator,
    ObjectKind::TextSearchDictionary,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::VirtualTable,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Statistics,
];

/// The kinds of what stands in no schema.
pub(super) const OF_DATABASE: &[ObjectKind] = &[
    ObjectKind::Cast,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::ForeignServer,
    ObjectKind::EventTrigger,
    ObjectKind::Publication,
    ObjectKind::Event,
];

/// What belongs to a table or view.
pub(super) const OF_TABLE: &[ObjectKind] = &[ObjectKind::Trigger, ObjectKind::Rule, ObjectKind::Policy];

/// The key of an object in its section: the name, and of routines and operators what their arguments are.
pub(super) fn key_of(id: &ObjectId, object: &Object) -> String {
    match (&id.of, &object.arguments) {
        (Of::Arguments(_), Some(arguments)) => format!("{}({arguments})", id.name.name),
        (Of::Arguments(types), None) => format!("{}({types})", id.name.name),
        (Of::Nothing | Of::Table(_) | Of::Role(_), _) => id.name.name.clone(),
    }
}

/// The name and the arguments of such a key; a name alone has none.
pub(super) fn split_key(key: &str) -> (&str, &str) {
    match key.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end().strip_suffix(')').unwrap_or(rest)),
        None => (key.trim(), ""),
    }
}

/// The keys of schema.toml that lead to an object.
pub(super) fn path_of_object(schema: &Schema, id: &ObjectId) -> Vec<String> {
    let inner = id.kind.section();
    match &id.of {
        Of::Table(table) => {
            let owners = [("tables", None), ("views", Some(ObjectKind::View)), ("materialized_views", Some(ObjectKind::MaterializedView))];
            let is_owner = |kind: Option<ObjectKind>, table: &Name| match kind {
                None => schema.tables.contains_key(table),
                Some(kind) => schema.objects.contains_key(&ObjectId::new(kind, table.clone())),
            };
            let outer = owners.into_iter().find(|(_, kind)| is_owner(*kind, table)).map_or("tables", |(outer, _)| outer);
            below(&path_of(outer, table), &[inner, &id.name.name])
        }
        Of::Role(role) => vec![inner.to_owned(), role.clone(), id.name.name.clone()],
        Of::Nothing | Of::Arguments(_) => {
            let key = schema.objects.get(id).map_or_else(|| id.full_name(), |object| key_of(id, object));
            path_of(inner, &id.name.sibling(key))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_name_with_or_without_arguments() {
        assert_eq!(split_key("touch"), ("touch", ""));
        assert_eq!(split_key("touch()"), ("touch", ""));
        assert_eq!(split_key("add(a integer, b numeric(10,2))"), ("add", "a integer, b numeric(10,2)"));
    }
}

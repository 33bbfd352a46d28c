//! The server's spelling of a schema joined with the texts and hints of the one that was written.

use crate::model::{Fill, Index, KeyOf, Object, ObjectId, Schema, Table, Text};

/// `spelled` as the shape, with the texts, hints and order of `written` wherever both have the object.
pub fn adopt(written: &Schema, mut spelled: Schema) -> Schema {
    visit(written, &mut spelled, &mut |ours, theirs| theirs.text.clone_from(&ours.text));
    carry_hints(written, &mut spelled);
    in_order(&written.tables, &mut spelled.tables);
    in_order(&written.enums, &mut spelled.enums);
    in_order(&written.sequences, &mut spelled.sequences);
    in_order(&written.domains, &mut spelled.domains);
    in_order(&written.composites, &mut spelled.composites);
    in_order(&written.objects, &mut spelled.objects);
    for (name, table) in &mut spelled.tables {
        if let Some(ours) = written.tables.get(name) {
            in_order(&ours.columns, &mut table.columns);
            in_order(&ours.uniques, &mut table.uniques);
            in_order(&ours.checks, &mut table.checks);
            in_order(&ours.foreign_keys, &mut table.foreign_keys);
            in_order(&ours.exclusions, &mut table.exclusions);
            in_order(&ours.indexes, &mut table.indexes);
        }
    }
    spelled
}

/// Replaces what was written by what the server made of it.
pub fn spell_by_key(schema: &mut Schema) {
    let copy = schema.clone();
    visit(&copy, schema, &mut |_, text| text.text.clone_from(&text.key));
}

/// Takes what was written for what the server makes of it.
pub fn key_by_text(schema: &mut Schema) {
    let copy = schema.clone();
    visit(&copy, schema, &mut |_, text| text.key.clone_from(&text.text));
}

/// Carries over everything that is never compared: fix-ups, rename hints, what is not modelled, which constraints have no name.
pub fn carry_hints(written: &Schema, spelled: &mut Schema) {
    spelled.unmodelled.clone_from(&written.unmodelled);
    spelled.ignored.clone_from(&written.ignored);
    spelled.unmanaged.clone_from(&written.unmanaged);
    for (name, ours) in &written.enums {
        if let Some(ty) = spelled.enums.get_mut(name) {
            ty.renamed_from.clone_from(&ours.renamed_from);
        }
    }
    for (name, ours) in &written.domains {
        if let Some(domain) = spelled.domains.get_mut(name) {
            domain.renamed_from.clone_from(&ours.renamed_from);
        }
    }
    for (name, ours) in &written.composites {
        if let Some(composite) = spelled.composites.get_mut(name) {
            composite.renamed_from.clone_from(&ours.renamed_from);
        }
    }
    for (name, ours) in &written.sequences {
        if let Some(sequence) = spelled.sequences.get_mut(name) {
            sequence.renamed_from.clone_from(&ours.renamed_from);
        }
    }
    spelled.owners.clone_from(&written.owners);
    spelled.raws.clone_from(&written.raws);
    let ids: Vec<ObjectId> = spelled.objects.keys().cloned().collect();
    for id in ids {
        let Some(ours) = counterpart(written, spelled, &id) else { continue };
        let (renamed_from, depends_on) = (ours.hints.renamed_from.clone(), ours.hints.depends_on.clone());
        if let Some(object) = spelled.objects.get_mut(&id) {
            object.hints.renamed_from = renamed_from;
            object.hints.depends_on = depends_on;
        }
    }
    for (name, ours) in &written.tables {
        if let Some(table) = spelled.tables.get_mut(name) {
            carry_table_hints(ours, table);
        }
    }
}

fn carry_table_hints(ours: &Table, table: &mut Table) {
    table.renamed_from.clone_from(&ours.renamed_from);
    table.unmodelled.clone_from(&ours.unmodelled);
    table.sql.clone_from(&ours.sql);
    table.options.auto_increment.clone_from(&ours.options.auto_increment);
    for (name, column) in &ours.columns {
        if let Some(it) = table.columns.get_mut(name) {
            it.hints.clone_from(&column.hints);
        }
    }
    if let (Some(ours), Some(it)) = (&ours.primary_key, &mut table.primary_key) {
        it.unnamed.clone_from(&ours.unnamed);
        it.on_duplicate.clone_from(&ours.on_duplicate);
    }
    for (name, ours) in &ours.uniques {
        if let Some(it) = table.uniques.get_mut(name) {
            it.unnamed.clone_from(&ours.unnamed);
            it.on_duplicate.clone_from(&ours.on_duplicate);
        }
    }
    for (name, ours) in &ours.checks {
        if let Some(it) = table.checks.get_mut(name) {
            it.unnamed.clone_from(&ours.unnamed);
            it.column.clone_from(&ours.column);
        }
    }
    for (name, ours) in &ours.foreign_keys {
        if let Some(it) = table.foreign_keys.get_mut(name) {
            it.unnamed.clone_from(&ours.unnamed);
            it.on_orphan.clone_from(&ours.on_orphan);
        }
    }
    for (name, ours) in &ours.indexes {
        if let Some(it) = table.indexes.get_mut(name) {
            it.on_duplicate.clone_from(&ours.on_duplicate);
            it.short.clone_from(&ours.short);
        }
    }
}

/// Calls `each` with every pair of texts that the two schemas have in the same place.
fn visit(ours: &Schema, theirs: &mut Schema, each: &mut dyn FnMut(&Text, &mut Text)) {
    for (name, ours) in &ours.tables {
        if let Some(table) = theirs.tables.get_mut(name) {
            visit_table(ours, table, each);
        }
    }
    for (name, ours) in &ours.domains {
        let Some(domain) = theirs.domains.get_mut(name) else { continue };
        each(&ours.ty, &mut domain.ty);
        visit_option(ours.default.as_ref(), domain.default.as_mut(), each);
        for (name, ours) in &ours.checks {
            if let Some(check) = domain.checks.get_mut(name) {
                each(&ours.expr, &mut check.expr);
            }
        }
    }
    for (name, ours) in &ours.composites {
        let Some(composite) = theirs.composites.get_mut(name) else { continue };
        for (name, ours) in &ours.attributes {
            if let Some(attribute) = composite.attributes.get_mut(name) {
                each(&ours.ty, &mut attribute.ty);
            }
        }
    }
    for (id, ours) in &ours.objects {
        let Some(object) = theirs.objects.get_mut(id) else { continue };
        // The server may have moved the names in front of a query into it.
        if ours.columns == object.columns {
            each(&ours.definition, &mut object.definition);
        }
        visit_option(ours.arguments.as_ref(), object.arguments.as_mut(), each);
        for (name, ours) in &ours.indexes {
            if let Some(index) = object.indexes.get_mut(name) {
                visit_index(ours, index, each);
            }
        }
    }
}

/// The declared object that the server calls `id`: a routine's argument types are spelled in more than one way, so where only one of the
/// name is left on both sides it is that one.
fn counterpart<'a>(written: &'a Schema, spelled: &Schema, id: &ObjectId) -> Option<&'a Object> {
    if let Some(object) = written.objects.get(id) {
        return Some(object);
    }
    let same = |other: &ObjectId| other.kind == id.kind && other.name == id.name;
    let mut ours = written.objects.iter().filter(|(other, _)| same(other) && !spelled.objects.contains_key(*other));
    let mut theirs = spelled.objects.keys().filter(|other| same(other) && !written.objects.contains_key(*other));
    match (ours.next(), ours.next(), theirs.next(), theirs.next()) {
        (Some((_, object)), None, Some(_), None) => Some(object),
        _ => None,
    }
}

fn visit_table(ours: &Table, table: &mut Table, each: &mut dyn FnMut(&Text, &mut Text)) {
    visit_option(ours.options.partition_by.as_ref(), table.options.partition_by.as_mut(), each);
    if let (Some(ours), Some(it)) = (&ours.options.partition, &mut table.options.partition) {
        each(&ours.bound, &mut it.bound);
    }
    for (name, ours) in &ours.columns {
        let Some(column) = table.columns.get_mut(name) else { continue };
        each(&ours.ty, &mut column.ty);
        match (&ours.fill, &mut column.fill) {
            (Fill::Default(ours), Fill::Default(text)) => each(ours, text),
            (Fill::Generated { expr: ours, .. }, Fill::Generated { expr: text, .. }) => each(ours, text),
            _ => {}
        }
    }
    for (name, ours) in &ours.checks {
        if let Some(check) = table.checks.get_mut(name) {
            each(&ours.expr, &mut check.expr);
        }
    }
    for (name, ours) in &ours.exclusions {
        let Some(it) = table.exclusions.get_mut(name) else { continue };
        for ((ours, _), (key, _)) in ours.parts.iter().zip(&mut it.parts) {
            visit_key(&ours.what, &mut key.what, each);
        }
        visit_option(ours.predicate.as_ref(), it.predicate.as_mut(), each);
    }
    for (name, ours) in &ours.indexes {
        if let Some(index) = table.indexes.get_mut(name) {
            visit_index(ours, index, each);
        }
    }
}

fn visit_index(ours: &Index, index: &mut Index, each: &mut dyn FnMut(&Text, &mut Text)) {
    for (ours, part) in ours.parts.iter().zip(&mut index.parts) {
        visit_key(&ours.key.what, &mut part.key.what, each);
    }
    visit_option(ours.predicate.as_ref(), index.predicate.as_mut(), each);
}

fn visit_key(ours: &KeyOf, key: &mut KeyOf, each: &mut dyn FnMut(&Text, &mut Text)) {
    if let (KeyOf::Expr(ours), KeyOf::Expr(text)) = (ours, key) {
        each(ours, text);
    }
}

fn visit_option(ours: Option<&Text>, text: Option<&mut Text>, each: &mut dyn FnMut(&Text, &mut Text)) {
    if let (Some(ours), Some(text)) = (ours, text) {
        each(ours, text);
    }
}

/// Puts the entries of `map` into the order of `like`; those that only `map` has follow in their own order.
fn in_order<K: Clone + Eq + std::hash::Hash, T, U>(like: &indexmap::IndexMap<K, U>, map: &mut indexmap::IndexMap<K, T>) {
    let mut sorted = indexmap::IndexMap::with_capacity(map.len());
    for name in like.keys() {
        if let Some((name, value)) = map.shift_remove_entry(name) {
            sorted.insert(name, value);
        }
    }
    sorted.extend(std::mem::take(map));
    *map = sorted;
}

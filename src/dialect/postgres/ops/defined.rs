//! Objects that are told by their definition: made, replaced where the server can, else dropped and made again.

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{Edit, TableEdit};
use crate::model::{Enabled, Fill, Grants, Key, Name, Object, ObjectId, ObjectKind, Of};
use crate::plan::Step;
use crate::plan::order::{Op, Verb};

impl Planner<'_> {
    /// The objects of the kinds that are `wanted`.
    pub(super) fn objects(&mut self, wanted: fn(ObjectKind) -> bool) {
        let changes = self.changes;
        for (id, edit) in changes.objects.iter().filter(|(id, _)| wanted(id.kind)) {
            match edit {
                _ if id.kind == ObjectKind::DefaultPrivileges => self.default_privileges(id, edit),
                Edit::Create(object) => self.create_object(id, object),
                Edit::Drop(_) => self.drop_object(id),
                Edit::Alter { from, to } if self.forced.objects.contains(id) => {
                    self.notes.extend(remade_note(id, from, to));
                    self.drop_object(id);
                    self.create_object(id, to);
                }
                Edit::Alter { from, to } => self.alter_object(id, from, to),
            }
        }
        // What does not change itself but stands on something that is made anew.
        let (from, to) = (self.from(), self.to());
        for id in self.forced.objects.clone().into_iter().filter(|id| wanted(id.kind)) {
            let unchanged = changes.objects.iter().all(|(changed, _)| *changed != id);
            if let (true, Some(_), Some(object)) = (unchanged, from.objects.get(&id), to.objects.get(&id)) {
                self.drop_object(&id);
                self.create_object(&id, object);
            }
        }
    }

    fn create_object(&mut self, id: &ObjectId, object: &Object) {
        let key = Key::Object(id.clone());
        let mut statements = vec![render::create_object(id, object, false)];
        statements.extend(render::additions(id, object));
        let kind = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => "functions",
            ObjectKind::RangeType => "types",
            _ => "tables",
        };
        statements.extend(render::grant_changes(id, &self.granted_by_default(kind, id.name.schema.as_deref()), &object.grants));
        statements.extend(self.owner_of(id));
        let uses: Vec<Key> = self.home(&id.name).chain(id.table().map(|table| self.table_key(table))).collect();
        let mut op = Op::new(Verb::Create, key.clone(), Step::of(format!("create {id}"), statements)).using(uses);
        // What it stood on before may be called as what it is to stand on, so that has to be gone.
        op.after.extend(self.from().dependencies.of(&key).map(|on| (Verb::Drop, on.clone())));
        self.push(op);
    }

    /// What `kind` of objects (as ALTER DEFAULT PRIVILEGES names them) in a schema get when they are made: the server grants it by itself.
    pub(super) fn granted_by_default(&self, kind: &str, schema: Option<&str>) -> Grants {
        let mut granted = Grants::new();
        for (id, object) in self.from().of_kind(ObjectKind::DefaultPrivileges) {
            let mine = matches!(&id.of, Of::Role(role) if *role == *self.from().user);
            let (what, within) = id.name.name.split_once(" in ").map_or((id.name.name.as_str(), None), |(what, within)| (what, Some(within)));
            // The default schema has its name here, and nowhere else.
            let here = within.is_none_or(|within| schema.map_or(!self.from().namespaces.contains_key(within), |schema| schema == within));
            let stays = !self.changes.objects.iter().any(|(changed, edit)| changed == id && matches!(edit, Edit::Drop(_)));
            if mine && what == kind && here && stays {
                for (role, privileges) in &object.grants {
                    granted.entry(role.clone()).or_default().extend(privileges.iter().cloned());
                }
            }
        }
        granted
    }

    /// True where a thing of the table stands on a routine that stands on the table: none of them could go first.
    pub(super) fn is_in_a_ring(&self, key: &Key, table: &Name) -> bool {
        let dependencies = &self.from().dependencies;
        let of_table = |on: &Key| matches!(on, Key::Table(name) | Key::Column(name, _) if name == table);
        dependencies.of(key).any(|on| matches!(on, Key::Object(_)) && dependencies.of(on).any(of_table))
    }

    /// What is made again belongs to whom it belonged.
    fn owner_of(&self, id: &ObjectId) -> Option<String> {
        let owner = self.from().owners.get(&Key::Object(id.clone()))?;
        let can_be_owned = !matches!(id.kind, ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy | ObjectKind::Cast);
        can_be_owned.then(|| format!("ALTER {} OWNER TO {}", render::target(id), Postgres.quote(owner)))
    }

    fn drop_object(&mut self, id: &ObjectId) {
        // What belongs to a table or view goes with it, unless it has to let go of something that stands on the table itself.
        if id.table().is_some_and(|table| self.goes(table) && !self.is_in_a_ring(&Key::Object(id.clone()), table)) {
            return;
        }
        let uses: Vec<Key> = self.home(&id.name).chain(id.table().map(|table| self.table_key(table))).collect();
        let step = Step::of(format!("drop {id}"), [format!("DROP {}", render::target(id))]);
        self.push(Op::new(Verb::Drop, Key::Object(id.clone()), step).using(uses));
    }

    /// True where the table or view is dropped, be it to be made again.
    pub(super) fn goes(&self, name: &Name) -> bool {
        let table = self.changes.tables.iter().any(|(changed, edit)| changed == name && matches!(edit, TableEdit::Drop(_)));
        let is_view = |id: &ObjectId| id.kind.is_relation() && id.name == *name;
        table || self.forced.objects.iter().any(is_view) || self.changes.objects.iter().any(|(id, edit)| is_view(id) && matches!(edit, Edit::Drop(_)))
    }

    /// The table or the view of that name.
    fn table_key(&self, name: &Name) -> Key {
        let schemas = [self.to(), self.from()];
        let view = schemas.iter().flat_map(|schema| schema.objects.keys()).find(|id| id.kind.is_relation() && id.name == *name);
        view.map_or_else(|| Key::Table(name.clone()), |id| Key::Object(id.clone()))
    }

    fn alter_object(&mut self, id: &ObjectId, from: &Object, to: &Object) {
        let mut statements = Vec::new();
        let replaced = has_new_definition(from, to) || id.kind == ObjectKind::View && from.options != to.options;
        if replaced {
            self.note_kept_results(id);
            statements.push(render::create_object(id, to, true));
        } else if id.kind == ObjectKind::MaterializedView {
            let alter = format!("ALTER {}", render::target(id));
            statements.extend(super::table::storage_changes(&alter, &from.options, &to.options));
        }
        let extra = render::extra_changes(id, from, to);
        if !extra.is_empty() && id.kind == ObjectKind::TextSearchConfiguration {
            self.note_kept_results(id);
        }
        statements.extend(extra);
        statements.extend(self.view_indexes(id, from, to));
        statements.extend(render::comment_changes(id, from, to));
        // One that is replaced fires as if it were new.
        let fires = if replaced { Enabled::Yes } else { from.enabled };
        statements.extend(render::enabled_change(id, to.enabled).filter(|_| fires != to.enabled));
        statements.extend(render::grant_changes(id, &from.grants, &to.grants));
        let title = if replaced { format!("change {id}") } else { format!("settings of {id}") };
        self.push(Op::new(Verb::Settle, Key::Object(id.clone()), Step::of(title, statements)));
    }

    /// What has kept the results of a routine does not follow it to a new body.
    fn note_kept_results(&mut self, id: &ObjectId) {
        let key = Key::Object(id.clone());
        let pairs = self.from().dependencies.pairs().filter(|(_, on)| **on == key);
        let kept: Vec<String> = pairs
            .filter_map(|(thing, _)| match thing {
                Key::Default(table, column) => {
                    let fill = self.to().tables.get(table)?.columns.get(column).map(|column| &column.fill)?;
                    matches!(fill, Fill::Generated { .. }).then(|| format!("generated column {table}.{column}"))
                }
                Key::Part(table, kind, name) => Some(format!("{} {name} on {table}", kind.word())),
                Key::Object(view) if view.kind == ObjectKind::MaterializedView => Some(view.to_string()),
                _ => None,
            })
            .collect();
        if !kept.is_empty() {
            let keep = if kept.len() == 1 { "keeps" } else { "keep" };
            self.notes.push(format!("Changes {id}: {} {keep} what it gave before, until that is computed anew.", kept.join(", ")));
        }
    }

    /// The indexes of a materialized view that stays.
    fn view_indexes(&self, id: &ObjectId, from: &Object, to: &Object) -> Vec<String> {
        let same = |name: &String, index| from.indexes.get(name).is_some_and(|before| without_comment(before) == without_comment(index));
        let gone = from.indexes.iter().filter(|(name, _)| to.indexes.get(*name).is_none_or(|index| !same(name, index)));
        let gone = gone.map(|(name, _)| format!("DROP INDEX {}", Postgres.name(&id.name.sibling(name.as_str()))));
        let new = to.indexes.iter().filter(|(name, index)| !same(name, index));
        gone.chain(new.map(|(name, index)| render::create_index(&id.name, name, index, false))).collect()
    }

    /// They say what new objects get, so they go before those are made and come after.
    fn default_privileges(&mut self, id: &ObjectId, edit: &Edit<Object>) {
        let nothing = Object::default();
        let (verb, from, to) = match edit {
            Edit::Create(to) => (Verb::Create, &nothing, to),
            Edit::Drop(from) => (Verb::Drop, from, &nothing),
            Edit::Alter { from, to } => (Verb::Settle, from, to),
        };
        let statements = render::default_privilege_changes(id, &from.grants, &to.grants);
        let schema = id.name.name.split_once(" in ").map(|(_, schema)| Key::Namespace(schema.to_owned()));
        self.push(Op::new(verb, Key::Object(id.clone()), Step::of(format!("{id}"), statements)).using(schema));
    }

    /// Domains, extensions and everything else that can be made by others wait for nothing here; but privileges that come by default must not
    /// be added to what schema.toml says of an object.
    pub(super) fn default_privileges_last(&mut self) {
        if !self.ops.iter().any(|op| is_default(&op.key)) {
            return;
        }
        let made: Vec<(Verb, Key)> =
            self.ops.iter().filter(|op| op.verb == Verb::Create && !is_default(&op.key)).map(|op| (op.verb, op.key.clone())).collect();
        for op in self.ops.iter_mut().filter(|op| is_default(&op.key) && op.verb != Verb::Drop) {
            op.after.extend(made.iter().cloned());
        }
        let gone: Vec<(Verb, Key)> =
            self.ops.iter().filter(|op| op.verb == Verb::Drop && is_default(&op.key)).map(|op| (op.verb, op.key.clone())).collect();
        for op in self.ops.iter_mut().filter(|op| op.verb == Verb::Create && !is_default(&op.key) && !matches!(op.key, Key::Namespace(_))) {
            op.after.extend(gone.iter().cloned());
        }
    }
}

fn is_default(key: &Key) -> bool {
    matches!(key, Key::Object(id) if id.kind == ObjectKind::DefaultPrivileges)
}

fn without_comment(index: &crate::model::Index) -> crate::model::Index {
    crate::model::Index { comment: None, ..index.clone() }
}

fn has_new_definition(from: &Object, to: &Object) -> bool {
    from.definition != to.definition || from.arguments != to.arguments || from.columns != to.columns || from.is_constraint != to.is_constraint
}

/// True where the object has to go before it can come back in its new shape: CREATE OR REPLACE keeps a view's columns and a routine's
/// result and arguments. <https://www.postgresql.org/docs/current/sql-createview.html>
pub(super) fn needs_remake(id: &ObjectId, from: &Object, to: &Object) -> bool {
    if !has_new_definition(from, to) {
        return false;
    }
    let (before, after) = (&from.hints.shape, &to.hints.shape);
    match id.kind {
        ObjectKind::View => !(after.len() >= before.len() && after[..before.len()] == before[..]),
        ObjectKind::Function | ObjectKind::Procedure => {
            // The second entry is the number of defaults, of which none can be taken away.
            let number = |shape: &[String]| shape.get(1).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
            let rest = |shape: &[String]| shape.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, text)| text.clone()).collect::<Vec<_>>();
            rest(before) != rest(after) || number(after) < number(before)
        }
        ObjectKind::Trigger => from.is_constraint || to.is_constraint,
        ObjectKind::Rule => false,
        _ => true,
    }
}

/// What a reader has to know of an object that is made anew.
fn remade_note(id: &ObjectId, from: &Object, to: &Object) -> Option<String> {
    let is_publication = id.kind == ObjectKind::Publication && from.definition != to.definition;
    is_publication.then(|| format!("Makes {id} anew: subscriptions have to be refreshed afterwards."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Hint, ObjectHints, Of};

    fn shaped(definition: &str, shape: &[&str]) -> Object {
        let hints = ObjectHints { shape: shape.iter().map(|it| (*it).to_owned()).collect(), ..ObjectHints::default() };
        Object { hints: Hint(hints), ..Object::new(definition) }
    }

    #[test]
    fn a_view_can_get_columns_at_its_end() {
        let id = ObjectId::view(Name::new("v"));
        let from = shaped("a", &["id integer"]);
        assert!(!needs_remake(&id, &from, &shaped("b", &["id integer", "name text"])));
        assert!(needs_remake(&id, &from, &shaped("b", &["name text", "id integer"])));
        assert!(!needs_remake(&id, &from, &shaped("a", &["name text"])));
    }

    #[test]
    fn a_function_keeps_its_result_and_its_defaults() {
        let id = ObjectId { kind: ObjectKind::Function, name: Name::new("f"), of: Of::Arguments("integer".into()) };
        let from = shaped("a", &["integer", "1", "IN x integer"]);
        assert!(!needs_remake(&id, &from, &shaped("b", &["integer", "1", "IN x integer"])));
        assert!(needs_remake(&id, &from, &shaped("b", &["integer", "0", "IN x integer"])));
        assert!(needs_remake(&id, &from, &shaped("b", &["text", "1", "IN x integer"])));
    }
}

//! Objects that are told by their definition, domains, composite types and default privileges.

use indexmap::IndexMap;

use super::rows::{self, name};
use super::tables::storage;
use crate::dialect::postgres::{expr, types};
use crate::model::{Attribute, Check, Composite, Domain, Enabled, Grants, Hint, Name, Object, ObjectHints, ObjectId, ObjectKind, Of, Text};

const KINDS: [ObjectKind; 19] = [
    ObjectKind::RangeType,
    ObjectKind::Collation,
    ObjectKind::Function,
    ObjectKind::Procedure,
    ObjectKind::Aggregate,
    ObjectKind::Operator,
    ObjectKind::Cast,
    ObjectKind::TextSearchDictionary,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::ForeignServer,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Statistics,
    ObjectKind::Trigger,
    ObjectKind::Rule,
    ObjectKind::Policy,
    ObjectKind::EventTrigger,
    ObjectKind::Publication,
];

/// The object of a row; `None` for a kind that no query gives.
pub fn object(row: rows::Object) -> Option<(ObjectId, Object)> {
    // The queries call a statistics object by the word of its command.
    let kind = KINDS.into_iter().find(|kind| kind.word() == row.kind || row.kind == "statistics" && *kind == ObjectKind::Statistics)?;
    let of = match (kind.belongs_to_table(), row.table, row.types) {
        (true, Some(table), _) => Of::Table(name(row.table_schema, table)),
        (_, _, Some(types)) => Of::Arguments(types),
        _ => Of::Nothing,
    };
    let routine = matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate);
    let object = Object {
        definition: Text::new(row.definition),
        arguments: routine.then(|| Text::new(row.arguments.unwrap_or_default())),
        columns: Vec::new(),
        options: storage(row.options),
        indexes: IndexMap::new(),
        enabled: match row.enabled.as_deref() {
            Some("D") => Enabled::No,
            Some("R") => Enabled::Replica,
            Some("A") => Enabled::Always,
            _ => Enabled::Yes,
        },
        is_constraint: row.is_constraint,
        comment: row.comment,
        column_comments: row.column_comments,
        grants: Grants::default(),
        hints: Hint(ObjectHints { shape: row.shape, unmodelled: row.unmodelled, ..ObjectHints::default() }),
    };
    Some((ObjectId { kind, name: name(row.schema, row.name), of }, object))
}

pub fn default_privileges(row: rows::DefaultPrivileges) -> (ObjectId, Object) {
    let what = match row.schema {
        Some(schema) => format!("{} in {schema}", row.object),
        None => row.object,
    };
    let hints = ObjectHints { unmodelled: row.unmodelled, ..ObjectHints::default() };
    let id = ObjectId { kind: ObjectKind::DefaultPrivileges, name: Name::new(what), of: Of::Role(row.role) };
    (id, Object { grants: row.grants, hints: Hint(hints), ..Object::default() })
}

pub fn domain(row: rows::Domain) -> (Name, Domain) {
    let check = |row: rows::DomainCheck| {
        let expr = Text::new(expr::unwrap(&row.expression));
        let check = Check {
            unnamed: Hint(false),
            expr,
            no_inherit: false,
            not_valid: row.not_valid,
            not_enforced: false,
            comment: row.comment,
            column: Hint(None),
        };
        (row.name, check)
    };
    let domain = Domain {
        ty: Text::with_key(types::short_type(&row.ty), row.ty),
        collation: row.collation,
        default: row.default.map(|default| Text::new(expr::unwrap(&default))),
        nullable: !row.required,
        checks: row.checks.into_iter().map(check).collect(),
        comment: row.comment,
        grants: Grants::default(),
        renamed_from: Hint(None),
    };
    (name(row.schema, row.name), domain)
}

pub fn composite(row: rows::Composite) -> (Name, Composite) {
    let attribute = |row: rows::Attribute| {
        let ty = Text::with_key(types::short_type(&row.ty), row.ty);
        (row.name, Attribute { ty, collation: row.collation, comment: row.comment })
    };
    let composite = Composite {
        attributes: row.attributes.into_iter().map(attribute).collect(),
        comment: row.comment,
        grants: Grants::default(),
        renamed_from: Hint(None),
    };
    (name(row.schema, row.name), composite)
}

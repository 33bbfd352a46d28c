//! Domains and composite types: columns hold their values, so they change in place or not at all.

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::Edit;
use crate::model::{Composite, Domain, Grants, Key, Name};
use crate::plan::order::{Op, Verb};
use crate::plan::{Refusal, Statement, Step};

impl Planner<'_> {
    pub(super) fn domains(&mut self) {
        let changes = self.changes;
        for (name, edit) in &changes.domains {
            let key = Key::Domain(name.clone());
            match edit {
                Edit::Create(domain) => {
                    let mut statements = vec![render::create_domain(name, domain)];
                    statements.extend(late_checks(name, domain));
                    statements.extend(domain_comments(name, &bare(domain), domain));
                    statements.extend(type_grants(name, &self.granted_by_default("types", name.schema.as_deref()), &domain.grants));
                    let home = self.home(name);
                    self.push(Op::new(Verb::Create, key, Step::of(format!("create domain {name}"), statements)).using(home));
                }
                Edit::Drop(_) => {
                    let home = self.home(name);
                    let step = Step::of(format!("drop domain {name}"), [format!("DROP DOMAIN {}", Postgres.name(name))]);
                    self.push(Op::new(Verb::Drop, key, step).using(home));
                }
                Edit::Alter { from, to } => self.alter_domain(name, from, to),
            }
        }
        self.forced_domains();
    }

    fn alter_domain(&mut self, name: &Name, from: &Domain, to: &Domain) {
        let alter = format!("ALTER DOMAIN {}", Postgres.name(name));
        let mut statements = Vec::new();
        if from.default != to.default {
            let default = to.default.as_ref().map_or_else(|| "DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {}", default.text));
            statements.push(format!("{alter} {default}"));
        }
        if from.nullable != to.nullable {
            statements.push(format!("{alter} {} NOT NULL", if to.nullable { "DROP" } else { "SET" }));
        }
        let definition = |check: &crate::model::Check| crate::model::Check { comment: None, ..check.clone() };
        let changed = |check: &str| from.checks.get(check).map(definition) != to.checks.get(check).map(definition);
        for check in from.checks.keys().filter(|check| changed(check)) {
            statements.push(format!("{alter} DROP CONSTRAINT {}", Postgres.quote(check)));
        }
        for (check, shape) in to.checks.iter().filter(|(check, _)| changed(check)) {
            statements.push(format!("{alter} ADD {}", render::domain_check(check, shape)));
        }
        statements.extend(domain_comments(name, from, to));
        statements.extend(type_grants(name, &from.grants, &to.grants));
        self.push(Op::new(Verb::Settle, Key::Domain(name.clone()), Step::of(format!("domain {name}"), statements)));
    }

    /// A function that a domain's default or check calls is made anew: they let go of it meanwhile.
    fn forced_domains(&mut self) {
        for name in self.forced.domains.clone() {
            let (Some(from), Some(to)) = (self.from().domains.get(&name), self.to().domains.get(&name)) else { continue };
            let alter = format!("ALTER DOMAIN {}", Postgres.name(&name));
            let mut gone: Vec<String> = from.checks.keys().map(|check| format!("{alter} DROP CONSTRAINT {}", Postgres.quote(check))).collect();
            gone.extend(from.default.as_ref().map(|_| format!("{alter} DROP DEFAULT")));
            let mut back: Vec<String> =
                to.checks.iter().map(|(check, shape)| format!("{alter} ADD {}", render::domain_check(check, shape))).collect();
            back.extend(to.default.as_ref().map(|default| format!("{alter} SET DEFAULT {}", default.text)));
            back.extend(domain_comments(&name, &bare(to), to));
            let key = Key::Default(name.clone(), String::new());
            let uses = |dependencies: &crate::model::Dependencies| dependencies.of(&Key::Domain(name.clone())).cloned().collect::<Vec<_>>();
            let (before, after) = (uses(&self.from().dependencies), uses(&self.to().dependencies));
            self.ops.retain(|op| op.key != Key::Domain(name.clone()));
            self.push(Op::new(Verb::Drop, key.clone(), Step::of(format!("conditions of domain {name}"), gone)).using(before));
            self.push(Op::new(Verb::Create, key, Step::of(format!("conditions of domain {name}, again"), back)).using(after));
        }
    }

    /// A domain whose type changes would have to be another one.
    pub(super) fn refuse_retyped_domains(&self) -> Result<(), Refusal> {
        let retyped = self.changes.domains.iter().find(|(_, edit)| match edit {
            Edit::Alter { from, to } => from.ty != to.ty || from.collation != to.collation,
            Edit::Create(_) | Edit::Drop(_) => false,
        });
        let Some((name, _)) = retyped else { return Ok(()) };
        Err(Refusal {
            message: format!("domain {name} is to have another type, which PostgreSQL cannot change"),
            help: "declare a domain of another name, and give its columns that type in the same revision".to_owned(),
        })
    }

    /// An enumeration that loses values is a new type, and what is made of the old one cannot be told to be made of the new.
    pub(super) fn refuse_types_of_lost_enums(&self) -> Result<(), Refusal> {
        for (name, edit) in &self.changes.enums {
            if !matches!(edit, Edit::Alter { from, to } if super::enums::needs_new_type(from, to)) {
                continue;
            }
            let key = Key::Enum(name.clone());
            let made_of = |thing: &Key| match thing {
                Key::Domain(domain) => Some(format!("domain {domain}")),
                Key::Composite(composite) => Some(format!("type {composite}")),
                Key::Object(id) if id.kind == crate::model::ObjectKind::RangeType => Some(id.to_string()),
                _ => None,
            };
            let found = self.from().dependencies.pairs().filter(|(_, on)| **on == key).find_map(|(thing, _)| made_of(thing));
            if let Some(thing) = found {
                return Err(Refusal {
                    message: format!("enum {name} cannot lose or move values: {thing} is made of it"),
                    help: "declare an enumeration and a type of other names, and move the columns to them".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The values of a column cannot follow an attribute to another type.
    pub(super) fn refuse_retyped_attributes(&self) -> Result<(), Refusal> {
        for (name, edit) in &self.changes.composites {
            let Edit::Alter { from, to } = edit else { continue };
            let retyped = to.attributes.iter().find(|(attribute, shape)| {
                from.attributes.get(*attribute).is_some_and(|before| before.ty != shape.ty || before.collation != shape.collation)
            });
            let Some((attribute, _)) = retyped else { continue };
            let key = Key::Composite(name.clone());
            let column = self.from().dependencies.pairs().find_map(|(thing, on)| match thing {
                Key::Column(table, column) if *on == key => Some(format!("{table}.{column}")),
                _ => None,
            });
            if let Some(column) = column {
                return Err(Refusal {
                    message: format!(
                        "attribute {attribute} of type {name} is to have another type, which PostgreSQL cannot give it while column {column} uses it"
                    ),
                    help: "declare a type of another name, and move the column to it with `using`".to_owned(),
                });
            }
        }
        Ok(())
    }

    pub(super) fn composites(&mut self) {
        let changes = self.changes;
        for (name, edit) in &changes.composites {
            let key = Key::Composite(name.clone());
            match edit {
                Edit::Create(composite) => {
                    let mut statements = vec![render::create_composite(name, composite)];
                    let nothing = Composite { attributes: indexmap::IndexMap::new(), comment: None, grants: Grants::default(), ..composite.clone() };
                    statements.extend(composite_comments(name, &nothing, composite));
                    statements.extend(type_grants(name, &self.granted_by_default("types", name.schema.as_deref()), &composite.grants));
                    let home = self.home(name);
                    self.push(Op::new(Verb::Create, key, Step::of(format!("create type {name}"), statements)).using(home));
                }
                Edit::Drop(_) => {
                    let home = self.home(name);
                    let step = Step::of(format!("drop type {name}"), [format!("DROP TYPE {}", Postgres.name(name))]);
                    self.push(Op::new(Verb::Drop, key, step).using(home));
                }
                Edit::Alter { from, to } => self.alter_composite(name, from, to),
            }
        }
    }

    fn alter_composite(&mut self, name: &Name, from: &Composite, to: &Composite) {
        let alter = format!("ALTER TYPE {}", Postgres.name(name));
        let mut statements = Vec::new();
        for attribute in from.attributes.keys().filter(|attribute| !to.attributes.contains_key(*attribute)) {
            self.notes.push(format!("Drops the attribute {attribute} of {name}: what it held is lost."));
            statements.push(format!("{alter} DROP ATTRIBUTE {}", Postgres.quote(attribute)));
        }
        for (attribute, shape) in &to.attributes {
            let (quoted, ty) = (Postgres.quote(attribute), render::attribute_type(shape));
            match from.attributes.get(attribute) {
                None => statements.push(format!("{alter} ADD ATTRIBUTE {quoted} {ty}")),
                Some(before) if before.ty != shape.ty || before.collation != shape.collation => {
                    statements.push(format!("{alter} ALTER ATTRIBUTE {quoted} TYPE {ty}"));
                }
                Some(_) => {}
            }
        }
        statements.extend(composite_comments(name, from, to));
        statements.extend(type_grants(name, &from.grants, &to.grants));
        let statements = statements.into_iter().map(Statement::new).collect();
        self.push(Op::new(Verb::Settle, Key::Composite(name.clone()), Step::new(format!("type {name}"), statements)));
    }
}

/// The same domain without comments, so that all of a new one's are said.
fn bare(domain: &Domain) -> Domain {
    let mut bare = Domain { comment: None, ..domain.clone() };
    bare.checks.values_mut().for_each(|check| check.comment = None);
    bare
}

/// Checks that are NOT VALID are added apart: CREATE DOMAIN makes them valid.
fn late_checks(name: &Name, domain: &Domain) -> Vec<String> {
    let late = domain.checks.iter().filter(|(_, check)| check.not_valid);
    late.map(|(check, shape)| format!("ALTER DOMAIN {} ADD {}", Postgres.name(name), render::domain_check(check, shape))).collect()
}

fn domain_comments(name: &Name, from: &Domain, to: &Domain) -> Vec<String> {
    let quoted = Postgres.name(name);
    let own = (from.comment != to.comment).then(|| render::comment("DOMAIN", &quoted, to.comment.as_deref()));
    let checks = to.checks.iter().filter_map(|(check, shape)| {
        let before = from.checks.get(check);
        // One that is made anew has lost its comment.
        let had = before.filter(|before| before.expr == shape.expr && before.not_valid == shape.not_valid).and_then(|before| before.comment.as_ref());
        let place = format!("{} ON DOMAIN {quoted}", Postgres.quote(check));
        (had != shape.comment.as_ref()).then(|| render::comment("CONSTRAINT", &place, shape.comment.as_deref()))
    });
    own.into_iter().chain(checks).collect()
}

fn composite_comments(name: &Name, from: &Composite, to: &Composite) -> Vec<String> {
    let quoted = Postgres.name(name);
    let own = (from.comment != to.comment).then(|| render::comment("TYPE", &quoted, to.comment.as_deref()));
    let attributes = to.attributes.iter().filter_map(|(attribute, shape)| {
        let had = from.attributes.get(attribute).and_then(|before| before.comment.as_ref());
        let place = format!("{quoted}.{}", Postgres.quote(attribute));
        (had != shape.comment.as_ref()).then(|| render::comment("COLUMN", &place, shape.comment.as_deref()))
    });
    own.into_iter().chain(attributes).collect()
}

/// The privileges of any type; PUBLIC may use it unless that is taken away.
pub(super) fn type_grants(name: &Name, from: &Grants, to: &Grants) -> Vec<String> {
    render::grants(&format!("TYPE {}", Postgres.name(name)), Some("USAGE"), from, to)
}

//! Columns: type, value, and the constraints that are written at them.

use super::keys::{self, words};
use super::object::sequence_options;
use super::table::Site;
use super::{Lowering, below, index};
use crate::declare::document::Node;
use crate::declare::path;
use crate::declare::spans::Place;
use crate::declare::suggest::did_you_mean;
use crate::dialect::Kind;
use crate::model::{
    Backfill, Column, ColumnHints, Fill, Grants, Hint, Identity, OnDuplicate, OnOrphan, Sequence, SequenceOptions, Table, Text, default_name,
};

/// What stands in front of the name of an enumeration where a type is asked for.
const ENUM: &str = "enum:";

impl Lowering {
    pub fn column(&mut self, site: &mut Site, table: &mut Table, name: &str, place: Place, node: Node<'_>) {
        let serial = node.get("type").and_then(|ty| self.dialect.serial_type(ty.text()?));
        let ty = match serial {
            Some(integer) => integer.to_owned(),
            None => self.column_type(site, name, node),
        };
        self.check_one_fill(name, serial.is_some(), node);
        let fill = match serial {
            Some(integer) => self.serial(site, name, integer, place),
            None => self.fill(node),
        };
        let numbered = serial.is_some() || matches!(fill, Fill::Identity(_));
        let column = Column {
            ty: Text::new(ty),
            nullable: self.nullable(site, name, numbered, node),
            fill,
            collation: node.text_at("collation"),
            comment: node.text_at("comment"),
            options: self.column_options(node),
            hints: Hint(self.hints(node)),
        };
        table.columns.insert(name.to_owned(), column);
        self.column_keys(site, table, name, node);
    }

    fn column_type(&mut self, site: &mut Site, column: &str, node: Node<'_>) -> String {
        let Some(ty) = node.get("type") else { return String::new() };
        let Some(written) = ty.text().map(str::trim) else { return String::new() };
        // SQLite alone takes a column without a type.
        if written.is_empty() && self.dialect.kind() != Kind::Sqlite {
            self.say(ty.place(), format!("the column '{column}' has an empty type"), "for example: type = \"text\"");
        }
        let Some(name) = written.strip_prefix(ENUM) else { return self.dialect.map_type(written, site.strict) };
        let parts = path::parse(name).unwrap_or_default();
        let Some((name, values)) = self.names.enumeration(site.name.schema.as_deref(), &parts) else {
            let names = self.names.enum_names();
            let near = did_you_mean(name, names.iter().map(String::as_str));
            self.say(ty.place(), format!("there is no enumeration '{name}'{near}"), format!("declare it: [enums] {name} = [\"one\", \"two\"]"));
            return self.dialect.map_type("text", site.strict);
        };
        if self.dialect.has_enum_types() {
            return self.dialect.name(&name);
        }
        if let Some(ty) = self.dialect.enum_type(values) {
            return ty;
        }
        site.enum_checks.push((column.to_owned(), values.to_vec()));
        self.dialect.map_type("text", site.strict)
    }

    /// `serial`: an integer that takes its default from a sequence that the column owns.
    fn serial(&mut self, site: &Site, column: &str, integer: &str, place: Place) -> Fill {
        let name = site.name.sibling(default_name(&site.name.name, &[column], "seq"));
        let default = serial_default(self.dialect, &name);
        self.spans.record(&super::path_of("sequences", &name), place);
        let sequence = Sequence {
            ty: integer.to_owned(),
            options: SequenceOptions::default(),
            owned_by: Some((site.name.clone(), column.to_owned())),
            unlogged: false,
            comment: None,
            grants: Grants::default(),
            renamed_from: Hint::default(),
        };
        if self.schema.sequences.insert(name.clone(), sequence).is_some() {
            let help = "leave the sequence out, or write the column as an integer with default = { sql = \"nextval(...)\" }";
            self.say(place, format!("the serial column '{column}' makes the sequence '{name}', which is declared as well"), help);
        }
        Fill::Default(Text::new(default))
    }

    fn fill(&mut self, node: Node<'_>) -> Fill {
        let autoincrement = node.flag_at("autoincrement");
        let not_null = self.dialect.folds_case() && node.get("nullable").is_some_and(|node| node.flag() == Some(false));
        let identity = node.get("identity").filter(|node| node.is_table() || node.flag() == Some(true));
        if let Some(node) = identity {
            let options = sequence_options(node);
            return Fill::Identity(Identity { always: node.flag_at("always"), autoincrement, not_null, options });
        }
        if autoincrement {
            return Fill::Identity(Identity { autoincrement, not_null, ..Identity::default() });
        }
        if let Some(node) = node.get("generated") {
            let stored = node.get("stored").and_then(|node| node.flag()).unwrap_or(true);
            return self.sql_or(node, "sql").map_or(Fill::None, |expr| Fill::Generated { expr, stored });
        }
        let value = node.get("default").and_then(|node| self.value(node));
        value.map_or(Fill::None, |value| Fill::Default(Text::new(value.sql)))
    }

    /// A column gets its value in one way.
    fn check_one_fill(&mut self, column: &str, serial: bool, node: Node<'_>) {
        let mut ways: Vec<&str> = ["default", "identity", "generated"]
            .into_iter()
            .filter(|key| node.get(key).is_some_and(|node| *key != "identity" || node.flag() != Some(false)))
            .collect();
        if node.flag_at("autoincrement") && !ways.contains(&"identity") {
            ways.push("autoincrement");
        }
        let Some(last) = ways.last() else { return };
        if serial {
            let message = format!("the column '{column}' is serial and has '{last}' as well");
            self.say(node.key_place(last), message, "serial brings its own default: take one of the two out");
        } else if ways.len() > 1 {
            let message =
                format!("the column '{column}' has {} at once", ways.iter().map(|way| format!("'{way}'")).collect::<Vec<_>>().join(" and "));
            self.say(node.key_place(last), message, "a column gets its value in one way: keep one of them");
        }
    }

    fn nullable(&mut self, site: &Site, column: &str, numbered: bool, node: Node<'_>) -> bool {
        let in_key = site.key.iter().any(|key| key == column);
        let written = node.get("nullable").and_then(|node| node.flag());
        let place = node.key_place("nullable");
        if written == Some(true) && numbered {
            let help = "take 'nullable' out: such a column always has a value";
            self.say(place, format!("the column '{column}' gets its numbers from the server and cannot be NULL"), help);
        } else if written == Some(true) && in_key && self.dialect.kind() != Kind::Sqlite {
            let help = "take 'nullable' out, or use a unique constraint instead of the primary key";
            self.say(place, format!("the column '{column}' is part of the primary key, which {} keeps free of NULL", self.dialect.title()), help);
        }
        written.unwrap_or(!in_key && !numbered)
    }

    fn hints(&mut self, node: Node<'_>) -> ColumnHints {
        let backfill = node.get("backfill").and_then(|node| {
            let batch = node.integer_at("batch").and_then(|batch| u64::try_from(batch).ok());
            if node.get("batch").is_some() && batch.is_none_or(|batch| batch == 0) {
                self.say(node.key_place("batch"), "a batch has at least one row", "for example: batch = 5000");
            }
            self.value(node).map(|value| Backfill { sql: value.sql, constant: value.constant, batch })
        });
        ColumnHints { renamed_from: node.text_at("renamed_from"), backfill, using: node.get("using").and_then(|node| self.sql(node)) }
    }

    /// What is written at the column but belongs to the table: unique, index, references, check.
    fn column_keys(&mut self, site: &Site, table: &mut Table, column: &str, node: Node<'_>) {
        let names = |node: Node<'_>, label: &str| node.text_at("name").unwrap_or_else(|| default_name(&site.name.name, &[column], label));
        let on = |node: &Node<'_>| node.is_table() || node.flag() == Some(true) || node.text().is_some();
        if let Some(unique) = node.get("unique").filter(on) {
            let mut constraint = keys::unique(vec![column.to_owned()], unique);
            if constraint.on_duplicate.0 == OnDuplicate::Unsaid {
                constraint.on_duplicate = Hint(words::on_duplicate(node));
            }
            let name = names(unique, "key");
            let known = table.uniques.insert(name.clone(), constraint).is_some();
            self.named_once(site, "uniques", &name, node.key_place("unique"), known);
        } else if node.get("on_duplicate").is_some() && !node.flag_at("primary_key") {
            let help = "add unique = true, or take 'on_duplicate' out";
            self.say(node.key_place("on_duplicate"), format!("'on_duplicate' says nothing: the column '{column}' is not unique"), help);
        }
        if let Some(node) = node.get("index").filter(on) {
            let name = names(node, "idx");
            let known = table.indexes.insert(name.clone(), index::short(column)).is_some();
            self.named_once(site, "indexes", &name, node.place(), known);
        }
        if let Some(check) = node.get("check").filter(|check| on(check) && !check.flag_at("inline"))
            && let Some(expr) = self.sql_or(check, "sql")
        {
            let name = names(check, "check");
            let known = table.checks.insert(name.clone(), keys::check(expr, check, Some(column))).is_some();
            self.named_once(site, "checks", &name, node.key_place("check"), known);
        }
        self.column_references(site, table, column, node);
    }

    fn column_references(&mut self, site: &Site, table: &mut Table, column: &str, node: Node<'_>) {
        let Some(references) = node.get("references") else {
            if node.get("on_orphan").is_some() {
                let help = "add references = \"table.column\", or take 'on_orphan' out";
                self.say(node.key_place("on_orphan"), format!("'on_orphan' says nothing: the column '{column}' points nowhere"), help);
            }
            return;
        };
        let Some(mut foreign_key) = self.column_reference(site, column, references) else { return };
        if foreign_key.on_orphan.0 == OnOrphan::Unsaid {
            foreign_key.on_orphan = Hint(words::on_orphan(node));
        }
        let name = references.text_at("name").unwrap_or_else(|| default_name(&site.name.name, &[column], "fkey"));
        let known = table.foreign_keys.insert(name.clone(), foreign_key).is_some();
        let place = references.get("column").unwrap_or(references).place();
        self.named_once(site, "foreign_keys", &name, place, known);
        self.spans.record(&below(&site.path, &["foreign_keys", &name, "references"]), place);
    }
}

/// The default of a serial column, as it reads on the server.
pub(in crate::declare) fn serial_default(dialect: &dyn crate::dialect::Dialect, sequence: &crate::model::Name) -> String {
    format!("nextval({}::regclass)", dialect.literal(&dialect.name(sequence)))
}

//! Numbers that go on where they were when a column turns from `serial` to an identity or back, or its bounds change.

use super::Planner;
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::Edit;
use crate::model::{Column, Fill, Identity, Name, Schema, Sequence, SequenceOptions};
use crate::plan::mentions;

impl Planner<'_> {
    /// The sequence that belongs to the column and that its default reads.
    fn serial<'s>(&self, schema: &'s Schema, table: &Name, column: &str) -> Option<(&'s Name, &'s Sequence)> {
        let Fill::Default(default) = &schema.tables.get(table)?.columns.get(column)?.fill else { return None };
        let owned = |sequence: &Sequence| sequence.owned_by.as_ref().is_some_and(|(t, c)| t == table && c == column);
        schema.sequences.iter().find(|(name, sequence)| owned(sequence) && mentions(&default.key, &name.name))
    }

    /// True for a sequence that its column's turning to an identity, or back, drops or makes.
    pub(super) fn goes_with_identity(&self, sequence: &Sequence, edit: &Edit<Sequence>) -> bool {
        let Some((table, column)) = &sequence.owned_by else { return false };
        let is_identity =
            |schema: &Schema| schema.tables.get(table).and_then(|t| t.columns.get(column)).is_some_and(|c| matches!(c.fill, Fill::Identity(_)));
        match edit {
            Edit::Drop(_) => is_identity(self.to()) && self.serial(self.from(), table, column).is_some(),
            Edit::Create(_) => is_identity(self.from()) && self.serial(self.to(), table, column).is_some(),
            Edit::Alter { .. } => false,
        }
    }

    /// `serial` becomes an identity: the new sequence takes the old one's name and goes on where that one stood. `None` for other changes.
    pub(super) fn serial_to_identity(&self, table: &Name, column: &str, from: &Column, to: &Column) -> Option<Vec<String>> {
        let (Fill::Identity(identity), (sequence, _)) = (&to.fill, self.serial(self.from(), table, column)?) else { return None };
        let old = sequence.sibling(crate::model::default_name("dbtool_old", &[&sequence.name], "seq"));
        let alter = format!("ALTER TABLE {} ALTER COLUMN {}", Postgres.name(table), Postgres.quote(column));
        let mut statements = vec![format!("{alter} DROP DEFAULT")];
        if from.nullable {
            statements.push(format!("{alter} SET NOT NULL"));
        }
        statements.extend([
            format!("ALTER SEQUENCE {} OWNED BY NONE", Postgres.name(sequence)),
            format!("ALTER SEQUENCE {} RENAME TO {}", Postgres.name(sequence), Postgres.quote(&old.name)),
            format!("{alter} ADD {}", render::identity_clause(identity)),
            format!("SELECT setval({}, last_value, is_called) FROM {}", owned_sequence(table, column), Postgres.name(&old)),
            format!("DROP SEQUENCE {}", Postgres.name(&old)),
        ]);
        Some(statements)
    }

    /// An identity becomes `serial`: a new sequence takes over where the identity's own stands, and its name once that is gone.
    pub(super) fn identity_to_serial(&self, table: &Name, column: &str, from: &Column, to: &Column) -> Option<Vec<String>> {
        let (Fill::Identity(_), Fill::Default(default)) = (&from.fill, &to.fill) else { return None };
        let (name, sequence) = self.serial(self.to(), table, column)?;
        let (table_name, quoted) = (Postgres.name(table), Postgres.quote(column));
        let alter = format!("ALTER TABLE {table_name} ALTER COLUMN {quoted}");
        let sequence_name = Postgres.name(name);
        let new = name.sibling(crate::model::default_name("dbtool_new", &[&name.name], "seq"));
        let stands = format!("pg_sequence_last_value({})", owned_sequence(table, column));
        let mut statements = vec![
            render::create_sequence(&new, sequence),
            format!("SELECT setval({}, {stands}) WHERE {stands} IS NOT NULL", Postgres.literal(&Postgres.name(&new))),
            format!("{alter} DROP IDENTITY"),
            format!("ALTER SEQUENCE {} RENAME TO {}", Postgres.name(&new), Postgres.quote(&name.name)),
            format!("ALTER SEQUENCE {sequence_name} OWNED BY {table_name}.{quoted}"),
            format!("{alter} SET DEFAULT {}", default.text),
        ];
        if to.nullable {
            statements.push(format!("{alter} DROP NOT NULL"));
        }
        statements.extend(sequence.comment.as_deref().map(|text| render::comment("SEQUENCE", &sequence_name, Some(text))));
        Some(statements)
    }

    /// A sequence that this plan makes for the default of a column with rows goes on behind them.
    pub(super) fn new_sequence_goes_on(&self, table: &Name, column: &str, default: &str) -> Option<String> {
        let made = |(_, edit): &&(Name, Edit<Sequence>)| matches!(edit, Edit::Create(_));
        let (name, edit) =
            self.changes.sequences.iter().filter(made).find(|(name, _)| default.contains("nextval") && mentions(default, &name.name))?;
        let Edit::Create(sequence) = edit else { return None };
        Some(go_on(&Postgres.literal(&Postgres.name(name)), &Postgres.name(table), &Postgres.quote(column), &sequence.options))
    }

    /// The changes of an identity's options. The server refuses bounds that exclude where the sequence stands, so one that stands before
    /// the new lower end is moved there first: no number below it can be given out any more.
    pub(super) fn identity_options(&self, table: &Name, column: &str, from: &Identity, to: &Identity) -> Vec<String> {
        let alter = format!("ALTER TABLE {} ALTER COLUMN {}", Postgres.name(table), Postgres.quote(column));
        let mut statements = Vec::new();
        let descends = |identity: &Identity| identity.options.increment.is_some_and(|step| step < 0);
        if let (Some(lowest), false) = (to.options.min.filter(|min| from.options.min.unwrap_or(1) < *min), descends(to)) {
            let sequence = owned_sequence(table, column);
            statements.push(format!(
                "SELECT setval({sequence}, {lowest}, false) WHERE coalesce(pg_sequence_last_value({sequence}), {lowest} - 1) < {lowest}"
            ));
        }
        let kind = match (from.always, to.always) {
            (false, true) => " SET GENERATED ALWAYS",
            (true, false) => " SET GENERATED BY DEFAULT",
            _ => "",
        };
        let options = render::identity_option_changes(&from.options, &to.options);
        if !kind.is_empty() || !options.is_empty() {
            statements.push(format!("{alter}{kind}{options}"));
        }
        statements
    }
}

/// The sequence of an identity column, as an expression: its name is the server's choice.
fn owned_sequence(table: &Name, column: &str) -> String {
    format!("pg_get_serial_sequence({}, {})", Postgres.literal(&Postgres.name(table)), Postgres.literal(column))
}

/// Moves a sequence behind the numbers that its column holds: behind the highest, or the lowest where it counts down. Nothing where there
/// are none, or where they lie before the sequence's own beginning.
fn go_on(sequence: &str, table: &str, quoted: &str, options: &SequenceOptions) -> String {
    if options.increment.is_some_and(|step| step < 0) {
        let first = options.max.unwrap_or(-1);
        return format!("SELECT setval({sequence}, min({quoted})) FROM {table} HAVING min({quoted}) <= {first}");
    }
    let first = options.min.unwrap_or(1);
    format!("SELECT setval({sequence}, max({quoted})) FROM {table} HAVING max({quoted}) >= {first}")
}

/// The statement that lets the sequence of a new identity go on behind the rows that are there.
pub(super) fn go_on_behind_rows(table: &Name, column: &str, options: &SequenceOptions) -> String {
    go_on(&owned_sequence(table, column), &Postgres.name(table), &Postgres.quote(column), options)
}

//! Columns that become required while an application that knows nothing of it goes on writing.
//!
//! A trigger fills what the application leaves out, the rows that are there are filled in batches, a check is validated without a lock that
//! others wait for, and makes SET NOT NULL a matter of a moment. Only the removal of the trigger is noticed by an application that still
//! leaves the column out, so that is a step of its own (`upgrade --expand` stops in front of it).
//! <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL>

use super::Planner;
use super::part::part_key;
use crate::dialect::Dialect;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::quote::shortened;
use crate::diff::PartKind;
use crate::model::{Fill, Name};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step, mentions};

/// The first version in which NOT NULL itself can be added NOT VALID.
const NOT_NULL_NOT_VALID: u32 = 180_000;

impl Planner<'_> {
    /// True where rows that others write meanwhile can be filled by a trigger: its function sees the row under the table's own name only.
    pub(super) fn can_fill_by_trigger(&self, table: &Name, sql: &str) -> bool {
        let lexemes = Postgres.lexemes(sql);
        let bare = |text: &str| text.trim_matches('"').replace("\"\"", "\"");
        let is_qualified = lexemes.windows(3).any(|three| three[0].text == "." && bare(three[1].text) == table.name && three[2].text == ".");
        // A generated column has its value only behind the trigger.
        let generated = self
            .to()
            .tables
            .get(table)
            .is_some_and(|shape| shape.columns.iter().any(|(name, column)| matches!(column.fill, Fill::Generated { .. }) && mentions(sql, name)));
        self.is_online(table) && !is_qualified && !generated
    }

    /// The trigger's name, and that of its function. Triggers fire in the order of their names, so one that reads what another fills comes
    /// behind it.
    pub(super) fn fill_trigger(&self, table: &Name, column: &str) -> Name {
        let depth = self.fill_depth(table, column, 9);
        table.sibling(shortened(&format!("dbtool_fill_{depth}_{}_{column}", table.name)))
    }

    /// How many filled columns of the table stand one on another below this one.
    fn fill_depth(&self, table: &Name, column: &str, limit: usize) -> usize {
        let Some(shape) = self.to().tables.get(table) else { return 0 };
        let sql = |name: &str| {
            shape.columns.get(name).and_then(|column| column.hints.backfill.as_ref()).filter(|fill| !fill.constant).map(|fill| &fill.sql)
        };
        let Some(own) = sql(column) else { return 0 };
        let below = shape.columns.keys().filter(|other| *other != column && shape.columns[*other].hints.backfill.is_some() && mentions(own, other));
        if limit == 0 { 0 } else { below.map(|other| 1 + self.fill_depth(table, other, limit - 1)).max().unwrap_or(0).min(limit) }
    }

    /// The trigger that gives the column its value in rows that come without one.
    pub(super) fn add_fill_trigger(&mut self, table: &Name, column: &str, sql: &str) {
        let trigger = self.fill_trigger(table, column);
        let (name, function, quoted) = (Postgres.quote(&trigger.name), Postgres.name(&trigger), Postgres.quote(column));
        let body = format!("BEGIN\n  SELECT {sql} INTO NEW.{quoted} FROM (SELECT NEW.*) AS {};\n  RETURN NEW;\nEND", Postgres.quote(&table.name));
        let tag = Postgres.dollar_tag(&body);
        // It runs for whoever writes to the table, who need not see what the expression reads, nor have the same search_path.
        let statements = [
            format!(
                "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS {tag}\n\
                 #variable_conflict use_column\n{body} {tag}"
            ),
            format!(
                "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {}\n  FOR EACH ROW WHEN (NEW.{quoted} IS NULL) EXECUTE FUNCTION {function}()",
                Postgres.name(table)
            ),
        ];
        let key = Key::Column(table.clone(), column.to_owned());
        let uses = self.fill_uses(table, column, sql);
        let step = Step::of(format!("fill {table}.{column} in rows written meanwhile"), statements);
        let mut op = Op::new(Verb::Create, Key::FillTrigger(trigger), step).using(uses);
        op.after.extend([(Verb::Create, key.clone()), (Verb::Retype, key)]);
        self.push(op);
    }

    fn drop_fill_trigger(&mut self, table: &Name, column: &str, after: &Key) {
        let trigger = self.fill_trigger(table, column);
        let statements = [
            format!("DROP TRIGGER {} ON {}", Postgres.quote(&trigger.name), Postgres.name(table)),
            format!("DROP FUNCTION {}()", Postgres.name(&trigger)),
        ];
        let step = Step { contract: true, ..Step::of(format!("fill {table}.{column} no more in rows that come without it"), statements) };
        // What the function reads stays as long as it is there.
        let fill = self.to().tables.get(table).and_then(|shape| shape.columns.get(column)).and_then(|shape| shape.hints.backfill.clone());
        let uses = fill.map(|fill| self.fill_uses(table, column, &fill.sql)).unwrap_or_default();
        let mut op = Op::new(Verb::Settle, Key::FillTrigger(trigger), step).using(uses);
        op.after.extend([(Verb::Settle, Key::Column(table.clone(), column.to_owned())), (Verb::Settle, after.clone())]);
        self.push(op);
    }

    /// Makes a column required; `statements` are the other changes of it, SET NOT NULL among them. `filled` is true where a trigger fills it.
    pub(super) fn require_online(&mut self, table: &Name, column: &str, title: String, statements: Vec<String>, uses: Vec<Key>, filled: bool) {
        let key = Key::Column(table.clone(), column.to_owned());
        let (quoted, altered) = (Postgres.quote(column), format!("ALTER TABLE {}", Postgres.name(table)));
        let has_own_form = self.context.style.server_version >= NOT_NULL_NOT_VALID;
        let constraint = if has_own_form {
            shortened(&format!("{}_{column}_not_null", table.name))
        } else {
            shortened(&format!("dbtool_required_{}_{column}", table.name))
        };
        let name = Postgres.quote(&constraint);
        let condition = if has_own_form { format!("NOT NULL {quoted}") } else { format!("CHECK ({quoted} IS NOT NULL)") };
        let guard = part_key(table, PartKind::Check, &constraint);
        let added = Step::of(format!("{table}.{column} is required of new rows"), [format!("{altered} ADD CONSTRAINT {name} {condition} NOT VALID")]);
        let mut op = Op::new(Verb::Create, guard.clone(), added);
        op.after.extend([Verb::Create, Verb::Retype, Verb::Fill].map(|verb| (verb, key.clone())));
        self.push(op);
        let validated = Step::of(format!("look at the rows of {table}.{column}"), [format!("{altered} VALIDATE CONSTRAINT {name}")]).alone();
        // Where NOT NULL itself is validated the column is settled with that; whatever needs it required waits for it.
        let required = format!("{altered} ALTER COLUMN {quoted} SET NOT NULL");
        let mut statements: Vec<String> = statements.into_iter().filter(|sql| !has_own_form || *sql != required).collect();
        let settled = has_own_form && statements.is_empty();
        let mut op = Op::new(Verb::Settle, if settled { key.clone() } else { guard.clone() }, validated);
        op.after.push((Verb::Create, guard.clone()));
        self.push(op);
        if !has_own_form {
            statements.push(format!("{altered} DROP CONSTRAINT {name}"));
        }
        if !statements.is_empty() {
            let mut op = Op::new(Verb::Settle, key, Step::new(title, statements.into_iter().map(Statement::new).collect())).using(uses);
            op.after.push((Verb::Settle, guard.clone()));
            self.push(op);
        }
        if filled {
            self.drop_fill_trigger(table, column, &guard);
        }
    }
}

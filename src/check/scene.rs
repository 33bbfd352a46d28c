//! What a rule sees: the script it judges, the statement it is asked about, and what was there before it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::catalog::{Catalog, TableFacts};
use super::read::{Action, Reading, is_temporary, read};
use crate::config::CheckSettings;
use crate::dialect::{Kind, mysql};
use crate::migration::{Allow, Backfill, Script, allows, backfill_of, is_backfill, lead_of, looks, slow};
use crate::model::Name;
use crate::plan::{Direction, mentions};
use crate::source::Source;

/// A statement of a script.
#[derive(Debug)]
pub struct ReadStatement {
    /// Without the `;` and the comments before it.
    pub text: String,
    /// Where `text` begins in the script, in bytes.
    pub offset: usize,
    /// Where the comments begin that are about the statement: its directives, or the statement itself.
    pub lead: usize,
    /// Where what stands behind the statement begins: after its `;` and the rest of its line.
    pub end: usize,
    /// Which piece of the script it is.
    pub piece: usize,
    pub reading: Reading,
    /// The number of the transaction it runs in, where it shares one: statements with the same number take effect together.
    pub transaction: Option<usize>,
    /// The directive that lets it run in batches.
    pub backfill: Option<Backfill>,
}

/// A script that was read.
#[derive(Debug)]
pub struct ReadScript {
    pub source: Arc<Source>,
    pub revision: String,
    pub direction: Direction,
    pub statements: Vec<ReadStatement>,
    pub allows: Vec<Allow>,
    /// What the script asks before it runs: the message and the query of each look.
    pub looks: Vec<(String, String)>,
    /// The tables of which it says that they are slow to change, as it spells them.
    pub slow: Vec<String>,
    /// True where it writes BEGIN and COMMIT itself.
    pub is_explicit: bool,
    /// False where it was read for what it makes alone.
    pub is_judged: bool,
    /// Tables that are made anew under a passing name: the passing name and the table's own, as SQLite's changes are made.
    rebuilds: Vec<(Name, Name)>,
    /// Where each table is made that the script makes: the number of the statement, by the name in lower case.
    made: BTreeMap<String, usize>,
}

impl ReadScript {
    pub fn new(script: &Script, revision: &str, direction: Direction, kind: Kind) -> Self {
        let dialect = kind.dialect();
        let mut statements = Vec::new();
        let pieces = dialect.split(&script.text);
        for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.statement().is_empty()) {
            statements.push(ReadStatement {
                text: piece.statement().to_owned(),
                offset: piece.offset + piece.statement.0,
                lead: piece.offset + lead_of(piece),
                end: piece.offset + piece.text.len(),
                piece: index,
                reading: read(kind, piece.statement()),
                transaction: None,
                backfill: if is_backfill(piece) { backfill_of(piece, script).ok().flatten() } else { None },
            });
        }
        let is_explicit = statements.iter().any(|statement| statement.does(|action| matches!(action, Action::Begin)));
        number_transactions(&mut statements, is_explicit, kind);
        let rebuilds = rebuilds(&statements);
        let made = made(&statements);
        let looks = looks(script, dialect).unwrap_or_default().into_iter().map(|look| (look.message, look.query)).collect();
        let slow = slow(script, dialect).unwrap_or_default().into_iter().map(|slow| slow.table).collect();
        let source = Arc::new(Source { path: script.path.display().to_string(), text: script.text.clone() });
        Self {
            source,
            revision: revision.to_owned(),
            direction,
            statements,
            allows: allows(script, dialect),
            looks,
            slow,
            is_explicit,
            is_judged: true,
            rebuilds,
            made,
        }
    }

    /// The same script, to be judged or not.
    #[must_use]
    pub fn judged(self, is_judged: bool) -> Self {
        Self { is_judged, ..self }
    }

    /// Every action of the script with its statement, in order.
    pub fn actions(&self) -> impl Iterator<Item = (usize, &Action)> {
        self.statements.iter().enumerate().flat_map(|(index, statement)| statement.reading.acts.iter().map(move |act| (index, &act.action)))
    }
}

impl ReadStatement {
    /// True where one of its actions is such.
    pub fn does(&self, is: impl Fn(&Action) -> bool) -> bool {
        self.reading.acts.iter().any(|act| is(&act.action))
    }
}

/// By the rules of the runner (`run::script`): BEGIN ... COMMIT where the script has them, else everything between what must stand alone.
fn number_transactions(statements: &mut [ReadStatement], is_explicit: bool, kind: Kind) {
    let dialect = kind.dialect();
    let (mut number, mut is_open) = (0, !is_explicit);
    for statement in statements {
        let begins = statement.does(|action| matches!(action, Action::Begin));
        let ends = statement.does(|action| matches!(action, Action::Commit | Action::Rollback));
        if is_explicit {
            if begins {
                (number, is_open) = (number + 1, true);
            }
            statement.transaction = is_open.then_some(number);
            if ends {
                is_open = false;
            }
        } else if dialect.runs_alone(&statement.text) || statement.backfill.is_some() {
            number += 1;
        } else {
            statement.transaction = Some(number);
        }
    }
}

/// A table that is made, takes the place of another that is dropped, and gets its name: in this order.
fn rebuilds(statements: &[ReadStatement]) -> Vec<(Name, Name)> {
    let (mut made, mut dropped, mut found) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for act in statements.iter().flat_map(|statement| &statement.reading.acts) {
        match &act.action {
            Action::CreateTable(def) => made.extend(def.name.as_ref().map(|name| name.to_string().to_lowercase())),
            Action::DropTable { table, .. } => {
                dropped.insert(table.to_string().to_lowercase());
            }
            Action::RenameTable { from, to } => {
                let (of, into) = (from.to_string().to_lowercase(), to.to_string().to_lowercase());
                if made.contains(&of) && dropped.contains(&into) {
                    found.push((from.clone(), to.clone()));
                }
            }
            _ => {}
        }
    }
    found
}

/// The first statement that makes each table, under its own name or one that it gets later.
fn made(statements: &[ReadStatement]) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    for (index, statement) in statements.iter().enumerate() {
        for act in &statement.reading.acts {
            match &act.action {
                Action::CreateTable(def) => {
                    if let Some(name) = &def.name {
                        made.entry(name.to_string().to_lowercase()).or_insert(index);
                        // A temporary table is found without its schema, too.
                        if def.temporary {
                            made.entry(name.name.to_lowercase()).or_insert(index);
                        }
                    }
                }
                Action::RenameTable { from, to } if made.contains_key(&from.to_string().to_lowercase()) => {
                    made.entry(to.to_string().to_lowercase()).or_insert(index);
                }
                _ => {}
            }
        }
    }
    made
}

fn same(a: &Name, b: &Name) -> bool {
    a.to_string().eq_ignore_ascii_case(&b.to_string())
}

/// How many rows the tables of a live database have, about. Empty where none was asked.
#[derive(Debug, Clone, Default)]
pub struct Sizes {
    pub rows: BTreeMap<String, u64>,
}

impl Sizes {
    pub fn of(&self, table: &Name) -> Option<u64> {
        let text = table.to_string();
        self.rows.get(&text).or_else(|| self.rows.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text)).map(|(_, rows)| rows)).copied()
    }
}

/// One statement in its place.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub kind: Kind,
    /// The server's version as `Session::server_version` numbers it.
    pub version: u32,
    pub script: &'a ReadScript,
    /// Which of `script.statements` is asked about.
    pub at: usize,
    /// What was there before this statement.
    pub catalog: &'a Catalog,
    pub sizes: &'a Sizes,
    /// What dbtool.toml says of names and the like.
    pub settings: &'a CheckSettings,
}

impl<'a> Scene<'a> {
    pub fn statement(&self) -> &'a ReadStatement {
        &self.script.statements[self.at]
    }

    /// What the statement does, and where it says so.
    pub fn acts(&self) -> impl Iterator<Item = (&'a Action, &'a Range<usize>)> {
        self.statement().reading.acts.iter().map(|act| (&act.action, &act.span))
    }

    pub fn is_mariadb(&self) -> bool {
        self.kind == Kind::Mysql && mysql::is_mariadb(self.version)
    }

    /// True for MySQL itself.
    pub fn is_mysql(&self) -> bool {
        self.kind == Kind::Mysql && !self.is_mariadb()
    }

    /// The statements before this one, the nearest last.
    pub fn before(&self) -> &'a [ReadStatement] {
        &self.script.statements[..self.at]
    }

    /// The statements behind this one.
    pub fn after(&self) -> &'a [ReadStatement] {
        &self.script.statements[self.at + 1..]
    }

    /// The actions of the statements before this one.
    pub fn actions_before(&self) -> impl Iterator<Item = &'a Action> {
        self.before().iter().flat_map(|statement| statement.reading.acts.iter().map(|act| &act.action))
    }

    pub fn actions_after(&self) -> impl Iterator<Item = &'a Action> {
        self.after().iter().flat_map(|statement| statement.reading.acts.iter().map(|act| &act.action))
    }

    /// The other statements of its transaction that stand before it.
    pub fn before_in_transaction(&self) -> impl Iterator<Item = &'a ReadStatement> {
        let number = self.statement().transaction;
        self.before().iter().filter(move |statement| number.is_some() && statement.transaction == number)
    }

    /// True for a table that this script makes, before this statement: nobody uses it yet, and it has few rows. So it is with a temporary one.
    pub fn is_new(&self, table: &Name) -> bool {
        if is_temporary(self.kind, table) {
            return true;
        }
        let made = self.script.made.get(&table.to_string().to_lowercase());
        made.is_some_and(|made| *made < self.at) && !self.is_rebuilt(table)
    }

    /// True for a table that the script drops only to put another with its rows in its place.
    pub fn is_rebuilt(&self, table: &Name) -> bool {
        self.script.rebuilds.iter().any(|(_, own)| same(own, table))
    }

    /// The table whose place this one is to take.
    pub fn rebuild_of(&self, passing: &Name) -> Option<&'a Name> {
        self.script.rebuilds.iter().find(|(name, _)| same(name, passing)).map(|(_, own)| own)
    }

    /// What is known of a table just before this statement; `None` where no script that was read made it.
    pub fn table(&self, name: &Name) -> Option<&'a TableFacts> {
        self.catalog.table(name)
    }

    /// A table that this script has dropped, as it was.
    pub fn dropped(&self, name: &Name) -> Option<&'a TableFacts> {
        self.catalog.dropped(name)
    }

    /// How many rows a table has in the live database, where one was asked.
    pub fn rows(&self, table: &Name) -> Option<u64> {
        self.sizes.of(table)
    }

    /// True where the script itself asks about the rows of a table before it runs.
    pub fn looks_at(&self, table: &Name) -> bool {
        self.script.looks.iter().any(|(_, query)| mentions(query, &table.name))
    }

    /// True where the script says that this table is slow to change, so that `upgrade` tells the operator before it begins.
    pub fn is_announced(&self, table: &Name) -> bool {
        self.script.slow.iter().any(|slow| {
            let name = slow.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`']);
            name.eq_ignore_ascii_case(&table.name)
        })
    }

    /// True where a SET of this variable for the session or the transaction stands before the statement, and nothing that takes it back.
    pub fn has_set(&self, variable: &str) -> bool {
        let is_it = |name: &str| name == variable || name == "all";
        let values = self.actions_before().filter_map(|action| match action {
            Action::Set { variable: name, value, global: false, .. } if is_it(name) => Some(value),
            _ => None,
        });
        values.last().is_some_and(|value| !value.eq_ignore_ascii_case("default"))
    }

    /// A byte of the statement as a byte of the script.
    pub fn in_script(&self, at: usize) -> usize {
        self.statement().offset + at
    }
}

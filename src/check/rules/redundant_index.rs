//! An index whose columns are the first of another one.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, Cursor, IndexDef, TableDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "redundant-index",
    level: Level::Note,
    engines: ALL,
    summary: "the columns of an index are the first ones of another index or key of the table",
    why: "What looks rows up by the first columns of an index needs no second one that ends there. Both are written whenever a row is, and both \
          take room.",
    instead: "leave the shorter one out, unless it is unique or measurably better",
    sources: &[
        "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
        "https://dev.mysql.com/doc/refman/8.4/en/multiple-column-indexes.html",
        "https://www.sqlite.org/queryplanner.html#multi_column_indices",
    ],
    known_as: &["spirit redundant_indexes"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int, b int, UNIQUE (a, b));", "CREATE INDEX i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int PRIMARY KEY, b int);", "CREATE INDEX i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY j ON t (a, b);"),
        Example::mysql("", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b), KEY i (a));").seen(Seen::Shows(
            "SELECT count(DISTINCT index_name) FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't'",
            "2",
        )),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a, b));", "ALTER TABLE t ADD INDEX j (a);"),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int, b int, UNIQUE (a, b));",
            "CREATE INDEX i ON t (b); CREATE UNIQUE INDEX j ON t (a); CREATE INDEX k ON t (a COLLATE NOCASE);",
        ),
        Example::postgres(
            "CREATE TABLE t (a int, b text PRIMARY KEY, c text); CREATE INDEX i ON t (a) WHERE a > 0;",
            "CREATE INDEX j ON t (b text_pattern_ops); CREATE INDEX k ON t (b) INCLUDE (a); CREATE INDEX l ON t USING hash (b); CREATE INDEX m ON t \
             (b) WHERE c IS NULL; CREATE INDEX n ON t (a, c); CREATE INDEX o ON t (lower(b));",
        ),
        Example::postgres(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
            "CREATE INDEX CONCURRENTLY j ON t (a, b); DROP INDEX CONCURRENTLY i;",
        ),
        Example::mysql("CREATE TABLE t (a int, KEY i (a));", "ALTER TABLE t DROP INDEX i, ADD INDEX j (a);"),
        Example::mysql("CREATE TABLE t (a text, b int, KEY i (a(10), b));", "CREATE INDEX j ON t (a(200)); CREATE FULLTEXT INDEX k ON t (a);"),
        Example::mysql("", "CREATE TABLE t (a varchar(100), b int, KEY i (a), KEY j (a(10), b));"),
    ],
};

/// An index or key that does for the columns what another would.
struct Key {
    name: String,
    columns: Vec<String>,
    /// True for one that nothing but its order speaks for.
    is_plain: bool,
}

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::CreateTable(def) if !def.indexes.is_empty() && are_bare(scene) => {
                let keys = keys_of(&facts_of(def), |_| true);
                let short = keys.iter().filter(|key| key.is_plain);
                for key in short {
                    if let Some(longer) = keys.iter().find(|other| other.name != key.name && covers(other, key)) {
                        found.add(span, format!("the columns of the index {} are the first ones of {}", key.name, longer.name));
                    }
                }
            }
            Action::CreateIndex(index) if is_ordered(index) && is_bare(scene, &scene.statement().text[span.clone()]) => {
                let (Some(facts), Some(columns)) = (scene.table(&index.table), index.columns.iter().cloned().collect()) else { continue };
                let new = Key { name: index.name.clone().unwrap_or_default(), columns, is_plain: !index.unique };
                // A rebuild only makes again what the table had.
                if scene.dropped(&index.table).is_some_and(|old| old.indexes.iter().any(|it| it.name == index.name)) {
                    continue;
                }
                let mut keys = keys_of(facts, |columns| is_read(facts, columns));
                keys.retain(|key| !is_dropped(scene, &key.name));
                if let Some(longer) = keys.iter().find(|key| new.is_plain && covers(key, &new)) {
                    found.add(span, format!("the columns of this index are the first ones of {}", longer.name)).help("leave it out");
                } else if let Some(shorter) = keys.iter().find(|key| key.is_plain && covers(&new, key)) {
                    let message = format!("with this the index {} is of no more use: its columns are the first ones here", shorter.name);
                    found.add(span, message).help(format!("drop {} behind it, or leave this one out", shorter.name));
                }
            }
            _ => {}
        }
    }
}

fn covers(long: &Key, short: &Key) -> bool {
    long.columns.len() >= short.columns.len() && short.columns.iter().zip(&long.columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// True where this statement or one behind it drops the index or key.
fn is_dropped(scene: &Scene<'_>, name: &str) -> bool {
    let drops = |action: &Action| match action {
        Action::DropIndex { index, .. } => index.name.eq_ignore_ascii_case(name),
        Action::DropConstraint { name: Some(other), .. } => other.eq_ignore_ascii_case(name),
        _ => false,
    };
    scene.statement().does(drops) || scene.actions_after().any(drops)
}

fn is_ordered(index: &IndexDef) -> bool {
    !index.is_partial && index.special.is_none() && index.method.as_deref().is_none_or(|method| method == "btree")
}

fn facts_of(def: &TableDef) -> TableFacts {
    TableFacts { columns: def.columns.clone(), constraints: def.constraints.clone(), indexes: def.indexes.clone(), ..TableFacts::default() }
}

/// The indexes and keys of a table whose columns are known for what they are. `trusts` is asked about those that CREATE INDEX made.
fn keys_of(facts: &TableFacts, trusts: impl Fn(&[String]) -> bool) -> Vec<Key> {
    let indexes = facts.indexes.iter().filter(|index| is_ordered(index)).filter_map(|index| {
        let columns: Vec<String> = index.columns.iter().cloned().collect::<Option<_>>()?;
        trusts(&columns).then(|| Key { name: index.name.clone().unwrap_or_default(), columns, is_plain: !index.unique })
    });
    let constraints = facts.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => Some(Key { name: "the primary key".to_owned(), columns: columns.clone(), is_plain: false }),
        ConstraintKind::Unique { columns, .. } if trusts(columns) => {
            Some(Key { name: constraint.name.clone().unwrap_or_else(|| "a unique key".to_owned()), columns: columns.clone(), is_plain: false })
        }
        _ => None,
    });
    let columns = facts.columns.iter().filter(|column| column.primary_key || column.unique).map(|column| {
        let name = if column.primary_key { "the primary key".to_owned() } else { format!("the unique key of {}", column.name) };
        Key { name, columns: vec![column.name.clone()], is_plain: false }
    });
    indexes.chain(constraints).chain(columns).filter(|key| !key.columns.is_empty()).collect()
}

/// True where an index that an earlier script made has whole columns in their own order: of a text only a part, or another order of it, may be in it.
fn is_read(facts: &TableFacts, columns: &[String]) -> bool {
    let is_text = |ty: &str| ["char", "text", "clob", "blob", "binary"].iter().any(|word| ty.contains(word));
    columns.iter().all(|column| facts.column(column).is_some_and(|it| !it.ty.is_empty() && !is_text(&it.ty)))
}

/// True where the list of columns has nothing but names in it, and nothing stands behind it: no prefix, order, collation, operator class or INCLUDE.
fn is_bare(scene: &Scene<'_>, sql: &str) -> bool {
    let mut cursor = Cursor::new(scene.kind, sql);
    cursor.until(&["("]);
    let is_name = |mut part: Cursor<'_>| part.ident().is_some() && part.is_done();
    let are_names = cursor.brackets().is_some_and(|list| list.parts().into_iter().all(is_name));
    cursor.until(&["INCLUDE"]);
    are_names && cursor.is_done()
}

/// The same of all keys between the brackets of a table.
fn are_bare(scene: &Scene<'_>) -> bool {
    let text = &scene.statement().text;
    let mut cursor = Cursor::new(scene.kind, text);
    cursor.until(&["("]);
    let parts = cursor.brackets().map(|list| list.parts()).unwrap_or_default();
    let is_key = |part: &Cursor<'_>| {
        let mut head = part.clone();
        if head.eat(&["CONSTRAINT"]) {
            head.until(&["UNIQUE", "PRIMARY", "FOREIGN", "CHECK"]);
        }
        head.sees_one(&["KEY", "INDEX", "UNIQUE", "PRIMARY"])
    };
    parts.into_iter().filter(is_key).all(|part| is_bare(scene, &text[part.span()]))
}

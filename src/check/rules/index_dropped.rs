//! An index goes, and no other serves its queries.

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind, IndexDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "index-dropped",
    level: Level::Note,
    engines: ALL,
    summary: "an index is dropped, and none of its kind with the same leading columns takes its place",
    why: "Queries that used it read the whole table from then on, and to build it again takes as long as the table is large. A unique index also \
          kept values from appearing twice. On SQLite a rebuild drops the indexes of the old table, and those that it does not make again are \
          lost.",
    instead: "see first that no query needs it: in pg_stat_user_indexes on PostgreSQL, with EXPLAIN QUERY PLAN on SQLite, by making it INVISIBLE \
              on MySQL and IGNORED on MariaDB for a while",
    sources: &[
        "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
        "https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html",
        "https://mariadb.com/kb/en/ignored-indexes/",
        "https://www.sqlite.org/eqp.html",
    ],
    known_as: &["pg-schema-diff INDEX_DROPPED", "spirit invisible_index_before_drop"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP INDEX i;")
            .seen(Seen::Shows("SELECT count(*) FROM pragma_index_list('t')", "0")),
        Example::sqlite(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);",
            "CREATE TABLE n (a int, b text); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX j ON t (b);",
        )
        .seen(Seen::Shows("SELECT name FROM pragma_index_list('t')", "j")),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a, b);", "DROP INDEX i; CREATE INDEX j ON t (b, a);")
            .seen(Seen::Shows("SELECT indexname FROM pg_indexes WHERE tablename = 't'", "j")),
        // An index of another method answers other questions.
        Example::postgres("CREATE TABLE t (a int[]); CREATE INDEX i ON t (a);", "CREATE INDEX j ON t USING gin (a); DROP INDEX i;"),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t USING brin (a, b);", "DROP INDEX i;"),
        Example::mysql("CREATE TABLE t (a int, KEY i (a));", "ALTER TABLE t DROP INDEX i;")
            .seen(Seen::Shows("SELECT count(*) FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't'", "0")),
        Example::mysql("CREATE TABLE t (a int, UNIQUE KEY i (a));", "DROP INDEX i ON t;"),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a, b);", "DROP INDEX CONCURRENTLY i;"),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);", "CREATE INDEX j ON t (a, b); DROP INDEX i;"),
        Example::postgres(
            "CREATE TABLE t (a int[]); CREATE INDEX i ON t USING gin (a);",
            "CREATE INDEX j ON t USING gin (a) WITH (fastupdate = off); DROP INDEX i;",
        ),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i;"),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "ALTER TABLE t DROP KEY i, ADD UNIQUE KEY i (a, b);"),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (b));", "DROP INDEX i ON t; ALTER TABLE t DROP COLUMN b;"),
        Example::sqlite(
            "CREATE TABLE t (a int); CREATE INDEX i ON t (a);",
            "CREATE TABLE n (a text); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX i ON t (a);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::DropIndex { table, index, .. } => {
                let old = known(scene, table.as_ref(), &index.name);
                let of = old.as_ref().map(|old| &old.table).or(table.as_ref());
                let is_new = scene.actions_before().any(|it| is_named(it, &index.name)) || of.is_some_and(|of| scene.is_new(of));
                let is_served = old.as_ref().map_or_else(|| may_be_replaced(scene, of, &index.name), |old| is_served(scene, old));
                if !is_new && !is_served {
                    let on = of.map_or_else(String::new, |of| format!(" on {of}"));
                    found.add(span, format!("queries that used the index {index}{on} have to do without it")).help(first(scene, of, &index.name));
                }
            }
            Action::RenameTable { from, to } if scene.kind == Kind::Sqlite && scene.rebuild_of(from).is_some() => {
                for name in lost(scene, from, to) {
                    let draft = found.add(span, format!("the index {name} goes with the old {to} and is not made again"));
                    draft.help(format!("make it again behind the rename: CREATE INDEX {name} ON {to} ..."));
                }
            }
            _ => {}
        }
    }
}

/// The indexes of the old table for which the new one has the columns, but no index.
fn lost(scene: &Scene<'_>, passing: &Name, own: &Name) -> Vec<String> {
    let (Some(old), Some(new)) = (scene.dropped(own), scene.table(passing)) else { return Vec::new() };
    let is_lost = |index: &IndexDef| {
        let is_made = scene.actions_after().any(|it| index.name.as_deref().is_some_and(|name| is_named(it, name)));
        let has_columns = index.columns.iter().flatten().all(|column| new.column(column).is_some());
        has_columns
            && !is_made
            && !is_covered(scene.kind, new, index, false)
            && !is_replaced(scene, &IndexDef { table: own.clone(), ..index.clone() })
    };
    old.indexes.iter().filter(|index| is_lost(index)).filter_map(|index| index.name.clone()).collect()
}

/// Of an index that is not known any other that the script makes on the table may be the other half.
fn may_be_replaced(scene: &Scene<'_>, table: Option<&Name>, index: &str) -> bool {
    let is_on = |of: &Name| table.is_none_or(|table| scene.catalog.is_same(of, table));
    scene.script.actions().any(|(_, it)| is_named(it, index) || made(scene.kind, it).is_some_and(|(of, ..)| is_on(of)))
}

fn is_served(scene: &Scene<'_>, old: &IndexDef) -> bool {
    is_replaced(scene, old) || goes_anyway(scene, old) || scene.table(&old.table).is_some_and(|facts| is_covered(scene.kind, facts, old, true))
}

/// The index as it was made, with the table that has it by now. MySQL drops unique constraints as indexes.
fn known(scene: &Scene<'_>, table: Option<&Name>, index: &str) -> Option<IndexDef> {
    if let Some((key, found)) = scene.catalog.index(table, index) {
        return Some(IndexDef { table: table.cloned().unwrap_or_else(|| Name::new(key)), ..found.clone() });
    }
    let table = table?;
    let columns = scene.table(table)?.constraints.iter().find_map(|it| match &it.kind {
        ConstraintKind::Unique { columns, .. } if it.name.as_deref() == Some(index) => Some(columns.iter().cloned().map(Some).collect()),
        _ => None,
    })?;
    let (name, table) = (Some(index.to_owned()), table.clone());
    Some(IndexDef { name, table, unique: true, concurrently: false, if_not_exists: false, method: None, columns, is_partial: false, special: None })
}

fn is_named(action: &Action, index: &str) -> bool {
    matches!(action, Action::CreateIndex(made) if made.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(index)))
}

/// The table of an index that is made, its method, and the first column where it is one.
fn made(kind: Kind, action: &Action) -> Option<(&Name, &str, Option<&String>)> {
    match action {
        Action::CreateIndex(index) => Some((&index.table, method(kind, index), index.columns.first()?.as_ref())),
        Action::AddConstraint { table, constraint } => match &constraint.kind {
            ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => Some((table, BTREE, columns.first())),
            _ => None,
        },
        _ => None,
    }
}

const BTREE: &str = "btree";

/// How an index finds rows. Elsewhere than on PostgreSQL it is a btree whatever USING says.
fn method(kind: Kind, index: &IndexDef) -> &str {
    index.method.as_deref().filter(|_| kind == Kind::Postgres).unwrap_or(BTREE)
}

/// True where the script makes an index of the same method with the same first column, on the table or on what takes its place.
fn is_replaced(scene: &Scene<'_>, old: &IndexDef) -> bool {
    let first = old.columns.first().and_then(Option::as_ref).map(|column| column.to_lowercase());
    scene.script.actions().filter_map(|(_, it)| made(scene.kind, it)).any(|(table, way, column)| {
        let table = scene.rebuild_of(table).unwrap_or(table);
        let is_like = scene.catalog.is_same(table, &old.table) && way == method(scene.kind, old);
        is_like && column.map(|column| column.to_lowercase()) == first
    })
}

/// True where the table or a column goes in the same script: other rules speak of that.
fn goes_anyway(scene: &Scene<'_>, old: &IndexDef) -> bool {
    let has = |column: &String| old.columns.iter().flatten().any(|it| it.eq_ignore_ascii_case(column));
    scene.script.actions().any(|(_, it)| match it {
        Action::DropTable { table, .. } => scene.catalog.is_same(table, &old.table) && !scene.is_rebuilt(table),
        Action::DropColumn { table, column, .. } => scene.catalog.is_same(table, &old.table) && has(column),
        _ => false,
    })
}

/// True where an index of the table and of the same method begins with all its columns. `is_there` says that it is one of them itself.
fn is_covered(kind: Kind, facts: &TableFacts, old: &IndexDef, is_there: bool) -> bool {
    let own: Vec<&String> = old.columns.iter().map_while(Option::as_ref).collect();
    let begins = |columns: &&Vec<String>| columns.len() >= own.len() && own.iter().zip(*columns).all(|(a, b)| a.eq_ignore_ascii_case(b));
    let itself = usize::from(is_there && !old.is_partial);
    let is_like = |index: &&IndexDef| method(kind, index) == method(kind, old);
    let like = TableFacts { indexes: facts.indexes.iter().filter(is_like).cloned().collect(), ..facts.clone() };
    !own.is_empty() && old.special.is_none() && like.indexed().iter().filter(begins).count() > itself
}

/// What to do before.
fn first(scene: &Scene<'_>, table: Option<&Name>, index: &str) -> String {
    let dialect = scene.kind.dialect();
    match (scene.kind, table) {
        (Kind::Mysql, Some(table)) => {
            let hidden = if scene.is_mariadb() { "IGNORED" } else { "INVISIBLE" };
            format!(
                "let it be there unused for a while, and drop it later: ALTER TABLE {} ALTER INDEX {} {hidden}",
                dialect.name(table),
                dialect.quote(index)
            )
        }
        (Kind::Postgres, _) => {
            let name = dialect.literal(index);
            format!("see that nothing uses it, on replicas too: SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = {name}")
        }
        _ => "see with EXPLAIN QUERY PLAN that no query needs it".to_owned(),
    }
}

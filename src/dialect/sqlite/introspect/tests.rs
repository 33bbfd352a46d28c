//! Introspection against the engine itself.

use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;

use super::facts::{Facts, Object};
use super::{assemble, introspect};
use crate::dialect::sqlite::{connect::memory, render};
use crate::model::{Fill, Name, Schema};

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

async fn execute(conn: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.expect(sql);
}

/// The schema that the script makes in an empty database.
fn schema(script: &str) -> Schema {
    run(async {
        let mut conn = memory().await.expect("a database in memory");
        execute(&mut conn, script).await;
        introspect(&mut conn, "dbtool_").await.expect("introspection")
    })
}

/// The script that makes the schema again.
fn script(schema: &Schema) -> String {
    let tables = schema.tables.iter().map(|(name, table)| render::describe(name, table));
    let views = schema.views().map(|(name, view)| render::create_view(name, view));
    let triggers = schema.triggers().map(|(id, trigger)| render::create_trigger(&id.name, trigger));
    tables.chain(views).chain(triggers).map(|sql| sql + ";\n").collect()
}

const BLOG: &str = "
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE UNIQUE, age INT CHECK (age >= 0));
CREATE TABLE Posts (id TEXT PRIMARY KEY, author INT REFERENCES USERS ON DELETE CASCADE, body TEXT DEFAULT ('a' || 'b'), n AS (length(body)) STORED);
CREATE TABLE pairs (a INT, b INT, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX posts_body ON posts (lower(body), author DESC) WHERE author IS NOT NULL;
CREATE VIEW long AS SELECT * FROM posts WHERE n > 100;
CREATE TRIGGER g AFTER INSERT ON posts BEGIN UPDATE posts SET body = CASE WHEN 1 THEN 'x' END WHERE id = new.id; END;
CREATE TABLE dbtool_migrations (revision TEXT PRIMARY KEY);
CREATE INDEX dbtool_by_revision ON dbtool_migrations (revision);";

#[test]
fn everything_is_read_and_what_is_printed_makes_the_same() {
    let schema = schema(BLOG);
    assert_eq!(schema.tables.keys().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["users", "Posts", "pairs"]);
    assert!(schema.tables.values().all(|table| table.unmodelled.is_empty()), "{:?}", schema.tables);
    let key = &schema.tables[&Name::new("Posts")].foreign_keys["Posts_author_fkey"];
    assert_eq!((key.target.name.as_str(), key.target_columns.as_slice()), ("USERS", &["id".to_owned()][..]));
    assert!(matches!(schema.tables[&Name::new("users")].columns["id"].fill, Fill::Identity(_)));
    assert_eq!((schema.views().count(), schema.triggers().count()), (1, 1));
    assert_eq!(self::schema(&script(&schema)), schema);
}

#[test]
fn virtual_tables_are_told_by_their_definition_and_their_shadows_are_not() {
    let schema = schema(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
         CREATE VIRTUAL TABLE search USING fts5 (body, content='notes', content_rowid='id');",
    );
    assert_eq!(schema.tables.keys().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["notes"]);
    let (id, search) = schema.objects.first().expect("an object");
    assert_eq!(
        (id.to_string().as_str(), search.definition.text.as_str()),
        ("virtual table search", "USING fts5 (body, content='notes', content_rowid='id')")
    );
    assert_eq!((schema.objects.len(), schema.unmodelled.len()), (1, 0));
}

#[test]
fn a_virtual_table_of_an_unknown_module_is_named() {
    let mut facts = Facts::default();
    let sql = "CREATE VIRTUAL TABLE v USING nonsense (a)".to_owned();
    facts.objects.push(Object { kind: "table".to_owned(), name: "v".to_owned(), table: "v".to_owned(), sql });
    let schema = assemble(&facts, "dbtool_");
    assert_eq!((schema.objects.len(), schema.unmodelled[0].to_string().as_str()), (0, "virtual table v"));
}

#[test]
fn columns_and_keys_that_alter_table_wrote_are_read() {
    let schema = schema(
        "CREATE TABLE t (a INT /* one */, b INT); ALTER TABLE t ADD COLUMN \"c d\" TEXT NOT NULL DEFAULT '' CHECK (\"c d\" <> 'x');
         ALTER TABLE t RENAME COLUMN a TO z; ALTER TABLE t RENAME TO \"u v\"; CREATE INDEX i ON \"u v\" (z, \"c d\"); ALTER TABLE \"u v\" DROP COLUMN b;",
    );
    let table = &schema.tables[&Name::new("u v")];
    assert_eq!(table.columns.keys().collect::<Vec<_>>(), ["z", "c d"]);
    assert!(table.unmodelled.is_empty(), "{:?}", table.unmodelled);
    assert_eq!(table.indexes["i"].parts.len(), 2);
}

#[test]
fn a_table_that_says_more_than_the_model_is_marked() {
    let schema = schema("CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE, b INT PRIMARY KEY DESC)");
    assert_eq!(schema.tables[0].unmodelled.0, ["ON CONFLICT IGNORE on column a", "PRIMARY KEY DESC on column b"]);
}

#[test]
fn a_table_that_would_become_another_one_is_left_out_with_the_reason() {
    let schema = schema("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INTEGER PRIMARY KEY DESC, p INT REFERENCES P)");
    assert_eq!(schema.tables.len(), 1);
    let named: Vec<String> = schema.unmodelled.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["table t", "PRIMARY KEY DESC on column a of table t"]);
    assert_eq!(schema.unmodelled[0].stands_on, [(Name::new("P"), None)]);
}

#[test]
fn what_belongs_to_a_table_of_the_user_is_the_users_whatever_its_name() {
    let schema = schema(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX dbtool_by_name ON users (name);
         CREATE TRIGGER dbtool_audit AFTER INSERT ON users BEGIN SELECT 1; END; CREATE VIEW dbtool_users AS SELECT * FROM users;
         CREATE TABLE dbtool_migrations (a INT); CREATE TRIGGER own AFTER INSERT ON dbtool_migrations BEGIN SELECT 1; END;",
    );
    assert_eq!((schema.tables.len(), schema.tables[0].indexes.len(), schema.triggers().count(), schema.views().count()), (1, 1, 1, 1));
    assert!(schema.unmodelled.is_empty());
}

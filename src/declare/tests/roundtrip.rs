//! What is written is read back as the same schema, and reads well.

use proptest::prelude::*;

use super::{declared, sources};
use crate::declare::{parse, write};
use crate::dialect::Kind;
use crate::model::{Column, Deferrable, EnumType, Fill, Hint, Name, Schema, Sequence, SequenceOptions, Table, Text, Unique};

/// Every key that PostgreSQL takes.
const POSTGRES: &str = r#"
extensions = ["btree_gist", "citext"]

[enums]
status = ["open", "it's"]
[enums.priority]
values = ["low"]
comment = "How soon."

[sequences]
plain = {}
full = { type = "integer", start = 10, increment = -5, min = -100, max = 100, cache = 20, cycle = true, unlogged = true, comment = "c" }
owned = { owned_by = "users.number" }

[tables.users]
comment = "People"
unlogged = true
tablespace = "fast"
access_method = "heap"
with = { fillfactor = 70, autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.05, "toast.x" = "y" }
[tables.users.columns]
id = { type = "integer", primary_key = true, identity = { always = true, start = 5, cycle = true } }
serial = { type = "bigserial" }
number = { type = "integer", default = { sql = "nextval('owned'::regclass)" } }
email = { type = "varchar(64)", nullable = false, unique = true, collation = "C", comment = "Where to write \"to\"" }
nick = { type = "text", unique = { name = "u_nick", nulls_not_distinct = true, deferrable = "deferred", comment = "n" } }
score = { type = "decimal(8,2)", default = 1.50, check = "score >= 0", index = true }
state = { type = "enum:status", nullable = false, default = "it's" }
level = { type = "enum:app.level" }
total = { type = "decimal(8,2)", generated = "score * 2" }
boss = { type = "integer", index = { name = "boss_i" }, references = { column = "users.id", name = "boss_f", on_delete = "set null", on_update = "cascade", match = "full", deferrable = true, not_valid = true, comment = "b" } }
note = { type = "text", default = { sql = "upper('x')" }, check = { sql = "note <> ''", name = "note_c", no_inherit = true, not_valid = true, comment = "c" } }
period = { type = "tstzrange" }
a = { type = "integer", default = -1 }
b = { type = "boolean", default = false }
[tables.users.uniques]
ab = ["a", "b"]
[tables.users.uniques.ab2]
columns = ["a", "b"]
include = ["nick"]
nulls_not_distinct = true
deferrable = true
comment = "d"
[tables.users.checks]
short = "a > 0\nAND b"
[tables.users.checks.long]
sql = "a < 10"
no_inherit = true
not_valid = true
comment = "e"
[tables.users.exclusions.ex]
using = "spgist"
columns = [{ column = "period", with = "&&" }, { sql = "lower(email)", with = "=", opclass = "text_ops", collation = "C" }]
where = "b"
include = ["a"]
deferrable = "deferred"
comment = "f"
[tables.users.exclusions.ex2]
columns = [{ column = "period", with = "-|-" }]
[tables.users.indexes]
plain_i = ["a", "b"]
[tables.users.indexes.full_i]
columns = ["a", { column = "b", order = "desc", nulls = "last", collation = "C", opclass = "bool_ops" }, { sql = "lower(email)", nulls = "first" }]
unique = true
using = "brin"
where = "a > 0"
include = ["nick"]
nulls_not_distinct = true
with = { fillfactor = 50 }
tablespace = "slow"
comment = "g"

[tables.members]
primary_key = { name = "members_key", columns = ["user_id", "group_id"], include = ["note"], deferrable = "deferred", comment = "h" }
[tables.members.columns]
user_id = { type = "integer", references = "users.id" }
group_id = { type = "integer" }
owner_id = { type = "integer" }
note = { type = "text" }
[tables.members.foreign_keys.pair]
columns = ["owner_id", "group_id"]
references = { table = "pairs", schema = "app", columns = ["x", "y"] }
on_delete = "set default"
on_update = "restrict"
on_delete_columns = ["group_id"]
match = "full"
deferrable = true
not_valid = true
comment = "i"

[schemas.empty]
[schemas.app]
comment = "The application"
[schemas.app.enums]
level = ["x"]
[schemas.app.sequences]
s = { start = 2 }
[schemas.app.tables.pairs]
primary_key = ["x", "y"]
[schemas.app.tables.pairs.columns]
x = { type = "integer" }
y = { type = "serial" }
level = { type = "enum:level" }
user_id = { type = "integer", references = "users.id" }
"#;

const SQLITE: &str = r#"
[tables.users]
comment = "not kept by this engine, but kept in the file"
strict = true
without_rowid = true
[tables.users.columns]
code = { type = "text", primary_key = true }
name = { type = "text", collation = "NOCASE" }
full = { type = "text", generated = { sql = "name || '!'", stored = false } }
[tables.users.triggers]
touch = "AFTER UPDATE ON users\nBEGIN\n  SELECT 'x';\nEND"
[tables."odd name"]
primary_key = { name = "k", columns = ["The Id"] }
[tables."odd name".columns]
"The Id" = { type = "integer", nullable = true, autoincrement = true }
"with.dot" = { type = "", default = "a\\b" }
"ü\"q" = { type = "varchar(3)", references = "users.code" }
self = { type = "integer", references = "\"odd name\".\"The Id\"" }
[views]
quick = "SELECT 1 AS one"
[views.long]
query = '''
SELECT id
FROM users'''
columns = ["x"]
comment = "j"
[views.v]
query = "SELECT 1"
[views.v.triggers]
instead = "INSTEAD OF INSERT ON v BEGIN SELECT 1; END"
"#;

#[track_caller]
fn comes_back(schema: &Schema, kind: Kind) {
    let text = write(schema, kind.dialect());
    let sources = sources(&[&text]);
    let again =
        parse(&sources, kind.dialect()).unwrap_or_else(|diagnostics| panic!("{text}\n{}", crate::source::render(&diagnostics, &sources, false)));
    assert_eq!(again.schema, *schema, "{text}");
    assert_eq!(again.schema.extensions, schema.extensions);
    assert_eq!(write(&again.schema, kind.dialect()), text, "the same schema is written the same way");
}

fn schema_of(text: &str, kind: Kind) -> Schema {
    declared(text, kind).schema
}

#[test]
fn every_key_that_postgres_takes_comes_back() {
    comes_back(&schema_of(POSTGRES, Kind::Postgres), Kind::Postgres);
}

#[test]
fn every_key_that_sqlite_takes_comes_back() {
    let text = SQLITE.replace("nullable = true, autoincrement", "autoincrement");
    comes_back(&schema_of(&text, Kind::Sqlite), Kind::Sqlite);
}

#[test]
fn a_key_column_that_may_be_null_says_so() {
    let schema = schema_of("[tables.t.columns]\nc = { type = \"text\", primary_key = true, nullable = true }\n", Kind::Sqlite);
    assert!(write(&schema, Kind::Sqlite.dialect()).contains("c = { type = \"text\", nullable = true, primary_key = true }"));
    comes_back(&schema, Kind::Sqlite);
}

#[test]
fn what_is_written_reads_as_a_person_would_write_it() {
    let text = r#"[enums]
status = ["open", "closed"]

[tables.lists.columns]
id   = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(64)", nullable = false, unique = true }

[tables.todos]
comment = "What is to be done."

[tables.todos.columns]
id      = { type = "bigserial", primary_key = true }
list_id = { type = "integer", nullable = false, index = true, references = { column = "lists.id", on_delete = "cascade" } }
state   = { type = "enum:status", nullable = false, default = "open" }
done    = { type = "boolean", nullable = false, default = false }
price   = { type = "integer", default = 0, check = "price >= 0" }
at      = { type = "timestamptz", nullable = false, default = { sql = "now()" } }

[tables.todos.uniques]
todos_once = ["list_id", "at"]

[tables.todos.indexes.todos_open]
columns = ["list_id", { column = "at", order = "desc" }]
where = "NOT done"
"#;
    assert_eq!(write(&schema_of(text, Kind::Postgres), Kind::Postgres.dialect()), text);
}

#[test]
fn a_table_that_another_of_its_name_hides_is_still_reached() {
    let text = r#"
[tables.users.columns]
id = { type = "integer", primary_key = true }
[schemas.app.tables.users.columns]
id = { type = "integer", primary_key = true }
[schemas.app.tables.t.columns]
c = { type = "integer" }
[schemas.app.tables.t.foreign_keys.f]
columns = ["c"]
references = { table = "users", schema = "", columns = ["id"] }
"#;
    let schema = schema_of(text, Kind::Postgres);
    assert_eq!(schema.tables[&Name::within(Some("app"), "t")].foreign_keys["f"].target, Name::new("users"));
    comes_back(&schema, Kind::Postgres);
}

#[test]
fn a_sequence_that_differs_from_serial_in_anything_is_written_out() {
    let mut schema = schema_of("[tables.t.columns]\nid = { type = \"serial\" }\n", Kind::Postgres);
    assert!(write(&schema, Kind::Postgres.dialect()).contains("\"serial\""));
    let sequence = schema.sequences.values_mut().next().unwrap();
    *sequence = Sequence { options: SequenceOptions { start: Some(7), ..SequenceOptions::default() }, ..sequence.clone() };
    let text = write(&schema, Kind::Postgres.dialect());
    assert!(text.contains("t_id_seq = { type = \"integer\", start = 7, owned_by = \"t.id\" }"), "{text}");
    comes_back(&schema, Kind::Postgres);
}

/// Text with all that needs care: quotes, dots, line breaks, control characters.
fn odd() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-zA-Z0-9_ .'\"\\\\\n\t\r#=\\[\\]{},üß-]{1,12}").unwrap()
}

/// A table in which every name, value and comment is odd.
fn odd_schema(table_name: &str, names: &[String], value: &str) -> Schema {
    let mut table = Table { comment: Some(value.to_owned()), ..Table::default() };
    for name in names {
        let mut column = Column::new("text");
        column.fill = Fill::Default(Text::new(Kind::Postgres.dialect().literal(value)));
        column.comment = Some(value.to_owned());
        table.columns.insert(name.clone(), column);
    }
    let unique = Unique {
        unnamed: Hint(false),
        columns: names.to_vec(),
        include: Vec::new(),
        nulls_not_distinct: false,
        deferrable: Deferrable::No,
        comment: None,
        on_duplicate: Hint::default(),
    };
    table.uniques.insert(names.concat(), unique);
    let mut schema = Schema::default();
    let ty = EnumType { values: vec![value.to_owned()], comment: None, grants: crate::model::Grants::new(), renamed_from: Hint(None) };
    schema.enums.insert(Name::new(format!("{table_name}_")), ty);
    schema.tables.insert(Name::new(table_name), table);
    schema
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn odd_names_and_values_come_back(table in odd(), names in proptest::collection::hash_set(odd(), 2), value in odd()) {
        let names: Vec<String> = names.into_iter().collect();
        comes_back(&odd_schema(&table, &names, &value), Kind::Postgres);
    }
}

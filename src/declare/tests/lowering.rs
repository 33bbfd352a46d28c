//! What the short forms stand for.

use super::declared;
use crate::dialect::Kind;
use crate::model::{Deferrable, Fill, Identity, KeyAction, Name, OnDuplicate, OnOrphan, Table};

const DESIGN: &str = r#"
#:schema ./schema.schema.json
[enums.priority]
values = ["low", "normal", "high"]

[tables.todo_lists]
comment = "A named list of todos."

[tables.todo_lists.columns]
id   = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(64)", nullable = false, unique = true }

[tables.todos.columns]
id          = { type = "integer", primary_key = true, identity = true }
list_id     = { type = "integer", nullable = false, index = true, references = { column = "todo_lists.id", on_delete = "cascade" } }
description = { type = "text", nullable = false }
priority    = { type = "enum:priority", nullable = false, default = "normal" }
completed   = { type = "boolean", nullable = false, backfill = false }
due         = { type = "timestamptz", check = "due > created_at" }
created_at  = { type = "timestamptz", nullable = false, default = { sql = "CURRENT_TIMESTAMP" } }

[tables.todos.indexes.todos_open]
columns = ["list_id", { column = "due", order = "desc" }]
where = "NOT completed"

[tables.order_items]
primary_key = ["order_id", "product_id"]
[tables.order_items.columns]
order_id   = { type = "integer", references = "todos.id" }
product_id = { type = "integer", references = "todo_lists.id" }
"#;

fn table<'a>(declared: &'a super::Declared, name: &str) -> &'a Table {
    &declared.schema.tables[&Name::new(name)]
}

fn default_of(table: &Table, column: &str) -> String {
    match &table.columns[column].fill {
        Fill::Default(text) => text.text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_of_the_documentation_is_read_on_both_engines() {
    for kind in [Kind::Postgres, Kind::Sqlite] {
        let declared = declared(DESIGN, kind);
        assert!(declared.warnings.is_empty());
        let todos = table(&declared, "todos");
        assert_eq!(todos.columns.keys().collect::<Vec<_>>(), ["id", "list_id", "description", "priority", "completed", "due", "created_at"]);
        assert_eq!(todos.key_columns(), ["id"]);
        assert_eq!(todos.primary_key.as_ref().unwrap().name, "todos_pkey");
        assert!(!todos.columns["id"].nullable && todos.columns["due"].nullable && !todos.columns["completed"].nullable);
        assert_eq!(todos.columns["id"].fill, Fill::Identity(Identity::default()));
        assert_eq!(default_of(todos, "priority"), "'normal'");
        assert_eq!(default_of(todos, "created_at"), "CURRENT_TIMESTAMP");
        let backfill = todos.columns["completed"].hints.backfill.as_ref().unwrap();
        assert_eq!((backfill.sql.to_lowercase().as_str(), backfill.constant), (kind.dialect().boolean(false).to_lowercase().as_str(), true));
        let key = &todos.foreign_keys["todos_list_id_fkey"];
        assert_eq!(
            (key.target.to_string(), &key.target_columns[..], key.on_delete),
            ("todo_lists".into(), &["id".to_owned()][..], KeyAction::Cascade)
        );
        assert!(todos.indexes["todos_list_id_idx"].short.0);
        assert_eq!(todos.indexes["todos_open"].predicate.as_ref().unwrap().text, "NOT completed");
        assert_eq!(todos.checks["todos_due_check"].column.0.as_deref(), Some("due"));
        assert_eq!(table(&declared, "todo_lists").uniques["todo_lists_name_key"].columns, ["name"]);
        let items = table(&declared, "order_items");
        assert!(!items.columns["order_id"].nullable, "a column of the key is never NULL");
    }
}

#[test]
fn an_enumeration_is_a_type_or_a_check() {
    let postgres = declared(DESIGN, Kind::Postgres);
    assert_eq!(postgres.schema.enums[&Name::new("priority")].values, ["low", "normal", "high"]);
    assert_eq!(table(&postgres, "todos").columns["priority"].ty.text, "priority");
    let sqlite = declared(DESIGN, Kind::Sqlite);
    assert!(sqlite.schema.enums.is_empty());
    let check = &table(&sqlite, "todos").checks["todos_priority_check"];
    assert_eq!(check.expr.text, "priority IN ('low', 'normal', 'high')");
    assert_eq!(table(&sqlite, "todos").columns["priority"].ty.text, "text");
}

#[test]
fn the_check_of_an_enumeration_gives_way_to_the_users_own() {
    let text = "[enums]\nk = [\"a\"]\n[tables.t.columns]\nk = { type = \"enum:k\", check = \"k <> ''\" }\n";
    let declared = declared(text, Kind::Sqlite);
    assert_eq!(table(&declared, "t").checks.keys().collect::<Vec<_>>(), ["t_k_check", "t_k_enum_check"]);
}

#[test]
fn values_keep_what_was_written() {
    let text = r#"
[tables.t.columns]
price = { type = "decimal(8,2)", default = 1.50 }
big   = { type = "decimal(30,0)", default = 123456789012345678901234567890 }
flags = { type = "integer", default = 0xFF }
plus  = { type = "integer", default = +1_000 }
less  = { type = "integer", default = -7 }
day   = { type = "date", default = 2024-02-29 }
quote = { type = "text", default = "it's" }
"#;
    let declared = declared(text, Kind::Postgres);
    let values = ["price", "big", "flags", "plus", "less", "day", "quote"].map(|column| default_of(table(&declared, "t"), column));
    assert_eq!(values, ["1.50", "123456789012345678901234567890", "255", "1000", "-7", "'2024-02-29'", "'it''s'"]);
}

#[test]
fn serial_is_a_sequence_and_a_default() {
    let declared = declared("[schemas.app.tables.t.columns]\nid = { type = \"bigserial\", primary_key = true }\n", Kind::Postgres);
    let name = Name::within(Some("app"), "t");
    let column = &declared.schema.tables[&name].columns["id"];
    assert_eq!((column.ty.text.as_str(), column.nullable), ("bigint", false));
    assert_eq!(default_of(&declared.schema.tables[&name], "id"), "nextval('app.t_id_seq'::regclass)");
    let sequence = &declared.schema.sequences[&name.sibling("t_id_seq")];
    assert_eq!((sequence.ty.as_str(), &sequence.owned_by), ("bigint", &Some((name, "id".to_owned()))));
}

#[test]
fn names_are_looked_up_in_their_own_schema_first() {
    let text = r#"
[enums]
status = ["a"]
other  = ["b"]
[tables.users.columns]
id = { type = "integer", primary_key = true }
[tables.lists.columns]
id = { type = "integer", primary_key = true }
[schemas.app.enums]
status = ["c"]
[schemas.app.tables.users.columns]
id = { type = "integer", primary_key = true }
[schemas.app.tables.posts.columns]
id      = { type = "integer", primary_key = true }
user_id = { type = "integer", references = "users.id" }
list_id = { type = "integer", references = "lists.id" }
status  = { type = "enum:status" }
other   = { type = "enum:other" }
[tables.notes.columns]
id      = { type = "integer", primary_key = true }
user_id = { type = "integer", references = "app.users.id" }
status  = { type = "enum:app.status" }
"#;
    let declared = declared(text, Kind::Postgres);
    let posts = &declared.schema.tables[&Name::within(Some("app"), "posts")];
    assert_eq!(posts.foreign_keys["posts_user_id_fkey"].target.to_string(), "app.users");
    assert_eq!(posts.foreign_keys["posts_list_id_fkey"].target.to_string(), "lists");
    assert_eq!((posts.columns["status"].ty.text.as_str(), posts.columns["other"].ty.text.as_str()), ("app.status", "other"));
    let notes = &declared.schema.tables[&Name::new("notes")];
    assert_eq!(notes.foreign_keys["notes_user_id_fkey"].target.to_string(), "app.users");
    assert_eq!(notes.columns["status"].ty.text, "app.status");
}

#[test]
fn a_foreign_key_names_its_target_in_several_ways() {
    let text = r#"
[tables.a.columns]
x = { type = "integer", primary_key = true }
[schemas.s.tables.b.columns]
y = { type = "integer", primary_key = true }
[tables.t.columns]
c = { type = "integer" }
[tables.t.foreign_keys]
one   = { columns = ["c"], references = "a" }
two   = { columns = ["c"], references = "a.x" }
three = { columns = ["c"], references = { table = "a", columns = ["x"] } }
four  = { columns = ["c"], references = "s.b" }
five  = { columns = ["c"], references = { table = "b", schema = "s" } }
six   = { columns = ["c"], references = "a", references_columns = ["x"], match = "full", deferrable = "deferred", on_update = "set_null" }
"#;
    let declared = declared(text, Kind::Postgres);
    let target = |name: &str| {
        let key = &table(&declared, "t").foreign_keys[name];
        format!("{} {}", key.target, key.target_columns.join(","))
    };
    assert_eq!(["one", "two", "three", "four", "five", "six"].map(target), ["a x", "a x", "a x", "s.b y", "s.b y", "a x"]);
    let six = &table(&declared, "t").foreign_keys["six"];
    assert_eq!((six.match_full, six.deferrable, six.on_update), (true, Deferrable::InitiallyDeferred, KeyAction::SetNull));
}

#[test]
fn fix_ups_at_a_column_belong_to_its_constraints() {
    let text = r#"
[tables.a.columns]
id = { type = "integer", primary_key = true, on_duplicate = "keep_last" }
[tables.t.columns]
a = { type = "integer", references = "a.id", on_orphan = "delete", renamed_from = "b", using = "b::integer" }
u = { type = "text", unique = true, on_duplicate = "keep_first", backfill = { sql = "lower(u)", batch = 500 } }
"#;
    let declared = declared(text, Kind::Postgres);
    let t = table(&declared, "t");
    assert_eq!(table(&declared, "a").primary_key.as_ref().unwrap().on_duplicate.0, OnDuplicate::KeepLast);
    assert_eq!(t.foreign_keys["t_a_fkey"].on_orphan.0, OnOrphan::Delete);
    assert_eq!(t.uniques["t_u_key"].on_duplicate.0, OnDuplicate::KeepFirst);
    assert_eq!((t.columns["a"].hints.renamed_from.as_deref(), t.columns["a"].hints.using.as_deref()), (Some("b"), Some("b::integer")));
    let backfill = t.columns["u"].hints.backfill.as_ref().unwrap();
    assert_eq!((backfill.sql.as_str(), backfill.constant, backfill.batch), ("lower(u)", false, Some(500)));
}

#[test]
fn spans_know_where_each_thing_was_written() {
    let text = "[tables.users.columns]\nid = { type = \"integer\", primary_key = true }\nemail = { type = \"text\", unique = true }\n";
    let declared = declared(text, Kind::Sqlite);
    let at = |path: &[&str]| declared.spans.find(path).map(|(_, range)| &text[range]);
    assert_eq!(at(&["tables", "users"]), Some("users"));
    assert_eq!(at(&["tables", "users", "columns", "email"]), Some("email"));
    assert_eq!(at(&["tables", "users", "columns", "email", "type"]), Some("type"));
    assert_eq!(at(&["tables", "users", "uniques", "users_email_key"]), Some("unique"));
    assert_eq!(at(&["tables", "users", "primary_key"]), Some("primary_key"));
    assert_eq!(at(&["tables", "users", "indexes", "missing"]), Some("users"));
}

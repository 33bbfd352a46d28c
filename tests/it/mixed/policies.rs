//! What protects rows is never away while others can look.

use crate::support::{Engine, Project};

const BEFORE: &str = r#"
[tables.notes]
row_security = true
[tables.notes.columns]
id = { type = "integer", primary_key = true }
owner = { type = "text" }
[tables.notes.policies]
own = "AS RESTRICTIVE USING (owner = CURRENT_USER)"
all_rows = "USING (true)"
[views]
owners = "SELECT owner FROM notes"
"#;

#[test]
fn policies_and_views_over_a_retyped_column_come_back_in_the_transaction_in_which_they_go() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = Project::with_schema(Engine::Postgres, BEFORE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO notes VALUES (1, 'ada'), (2, NULL);");
    let after = BEFORE.replace("owner = { type = \"text\" }", "owner = { type = \"varchar(90)\", nullable = false, backfill = \"nobody\" }");
    project.write("schema.toml", &after);
    project.ok(&["migrate", "-m", "two"]);
    let file = project.migrations().into_iter().find(|file| file.display().to_string().ends_with("two.up.sql")).expect("a script");
    let script = std::fs::read_to_string(file).expect("a script is text");
    for (gone, back) in [("DROP POLICY own", "CREATE POLICY own"), ("DROP VIEW owners", "CREATE VIEW owners")] {
        let (from, to) = (script.find(gone).expect("it goes"), script.find(back).expect("it comes back"));
        assert!(from < to && !script[from..to].contains("COMMIT"), "{script}");
    }
    project.ok(&["upgrade"]);
    assert_eq!(project.query("SELECT count(*) FROM owners WHERE owner IS NOT NULL"), "2\n");
    assert_eq!(project.query("SELECT polpermissive FROM pg_policy WHERE polname = 'own'"), "f\n");
}

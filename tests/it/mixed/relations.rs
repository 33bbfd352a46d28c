//! The tables of a generated schema and what stands on them: triggers, policies, partitions, views, statistics.

use super::dice::{Dice, Die};

/// Customers, whose columns use every kind of type and function.
pub fn customers(dice: &Dice) -> String {
    let mut columns = vec!["id = { type = \"integer\", primary_key = true, identity = true }".to_owned()];
    columns.push("name = { type = \"text\", nullable = false, default = \"nobody\" }".to_owned());
    if dice.with(Die::Home, &[Die::Composite]) > 0 {
        columns.push("home = { type = \"place\" }".to_owned());
    }
    match dice.with(Die::Email, &[Die::Domain]) {
        0 => {}
        1 => columns.push("email = { type = \"email\" }".to_owned()),
        2 => columns.push("email = { type = \"email\", unique = true, default = \"a@b\" }".to_owned()),
        _ => columns.push("email = { type = \"email\", check = \"length(email::text) > 4\" }".to_owned()),
    }
    match dice.with(Die::State, &[Die::Enumeration]) {
        0 => {}
        1 => columns.push("state = { type = \"enum:state\", nullable = false, default = \"new\" }".to_owned()),
        2 => columns.push("state = { type = \"enum:state\", index = true }".to_owned()),
        _ => columns.push("state = { type = \"enum:state\", check = \"state <> 'open'\" }".to_owned()),
    }
    if dice.with(Die::Code, &[Die::NextCode, Die::Sequence]) > 0 {
        columns.push("code = { type = \"text\", default = { sql = \"next_code()\" } }".to_owned());
    }
    match dice.of(Die::Lower) {
        0 => {}
        1 => columns.push("lower_name = { type = \"text\", generated = \"lower(name)\" }".to_owned()),
        2 if dice.has(Die::Clean) => columns.push("lower_name = { type = \"text\", generated = \"clean(name)\" }".to_owned()),
        _ => columns.push("lower_name = { type = \"text\", generated = \"lower(name || 'x')\", index = true }".to_owned()),
    }
    let mut text = format!("[tables.customers]\n{}", dice.comment("customers"));
    text += &dice.grants("customers", &["SELECT", "INSERT", "UPDATE (name)"]);
    text += &format!("[tables.customers.columns]\n{}\n", columns.join("\n"));
    match dice.with(Die::CleanIndex, &[Die::Clean]) {
        0 => {}
        1 => text += "[tables.customers.indexes.customers_clean]\ncolumns = [{ sql = \"clean(name)\" }]\n",
        2 => text += "[tables.customers.indexes.customers_clean]\ncolumns = [\"id\"]\nwhere = \"clean(name) <> ''\"\n",
        _ => text += "[tables.customers.checks]\ncustomers_clean = \"clean(name) <> ''\"\n",
    }
    text
}

/// The type of what an order costs: views, a function, a policy and a trigger stand on the column.
fn amount(dice: &Dice) -> &'static str {
    dice.choose(Die::Amount, ["integer", "bigint", "decimal(10,2)", "integer"])
}

/// Orders, with triggers and policies.
pub fn orders(dice: &Dice) -> String {
    let mut text = format!("[tables.orders]\n{}", dice.comment("orders"));
    text += &dice.grants("orders", &["SELECT", "INSERT", "UPDATE (amount)", "DELETE"]);
    let policy = dice.of(Die::Policy);
    text += if policy > 0 { "row_security = true\n" } else { "" };
    text += if policy == 2 { "force_row_security = true\n" } else { "" };
    text += &format!(
        "[tables.orders.columns]\n\
         id = {{ type = \"bigint\", primary_key = true, identity = true }}\n\
         customer_id = {{ type = \"integer\", references = \"customers.id\" }}\n\
         amount = {{ type = \"{}\", nullable = false, default = 0, check = \"amount >= 0\", index = true }}\n\
         placed = {{ type = \"date\" }}\n\
         paid = {{ type = \"boolean\", nullable = false, default = false }}\n\
         changed_at = {{ type = \"timestamptz\" }}\n",
        amount(dice)
    );
    match policy {
        0 => {}
        1 => text += "[tables.orders.policies]\norders_own = \"TO dbtool_test_a USING (customer_id = 1)\"\n",
        2 => text += "[tables.orders.policies]\norders_own = \"AS RESTRICTIVE FOR SELECT TO dbtool_test_a, dbtool_test_b USING (amount > 1)\"\n",
        _ => {
            text += "[tables.orders.policies.orders_own]\ndefinition = \"FOR UPDATE USING (amount < 10) WITH CHECK (amount < 20 AND NOT paid)\"\n";
            text += &dice.comment("policy");
            text +=
                "[tables.orders.policies]\norders_known = \"FOR INSERT WITH CHECK (EXISTS (SELECT 1 FROM customers c WHERE c.id = customer_id))\"\n";
        }
    }
    text + trigger(dice).as_str()
}

fn trigger(dice: &Dice) -> String {
    let definition = match dice.with(Die::Trigger, &[Die::Stamp]) {
        0 => return String::new(),
        1 => "definition = \"BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp()\"\n",
        2 => {
            "definition = \"BEFORE UPDATE OF amount ON orders FOR EACH ROW WHEN (OLD.amount IS DISTINCT FROM NEW.amount) EXECUTE FUNCTION stamp('x')\"\n"
        }
        _ => "enabled = false\ndefinition = \"BEFORE INSERT OR UPDATE ON orders FOR EACH ROW WHEN (NEW.paid) EXECUTE FUNCTION stamp()\"\n",
    };
    format!("[tables.orders.triggers.orders_stamp]\n{definition}{}", dice.comment("a trigger"))
}

/// A partitioned table.
pub fn events(dice: &Dice) -> String {
    let way = dice.of(Die::Partitions);
    if way == 0 {
        return String::new();
    }
    let mut text = "[tables.events]\npartition_by = \"RANGE (at)\"\n".to_owned() + &dice.comment("events");
    text += &dice.grants("events", &["SELECT", "INSERT"]);
    text += "[tables.events.columns]\nat = { type = \"date\", nullable = false }\nwhat = { type = \"text\" }\n";
    text += if way == 3 { "note = { type = \"text\", default = \"-\" }\n[tables.events.indexes]\nevents_what = [\"what\", \"at\"]\n" } else { "" };
    text += "[tables.events_2024]\npartition = { of = \"events\", values = \"FROM ('2024-01-01') TO ('2025-01-01')\" }\n";
    if way >= 2 {
        text += "[tables.events_2025]\npartition = { of = \"events\", values = \"FROM ('2025-01-01') TO ('2026-01-01')\" }\n";
        text += &dice.comment("events of 2025");
    }
    text + if way == 3 { "[tables.events_rest]\npartition = { of = \"events\", values = \"DEFAULT\" }\n" } else { "" }
}

/// Three levels of views, a view that is written to, and a materialized view.
pub fn views(dice: &Dice) -> String {
    let mut text = String::new();
    let open = [
        "",
        "SELECT id, customer_id, amount FROM orders WHERE NOT paid",
        "SELECT id, customer_id, amount, placed FROM orders WHERE NOT paid",
        "SELECT id, amount, customer_id FROM orders WHERE NOT paid AND amount > 0",
    ];
    let levels = dice.with(Die::NamedOrders, &[Die::OpenOrders]);
    if dice.has(Die::OpenOrders) {
        text += &view(dice, "open_orders", dice.choose(Die::OpenOrders, open));
        let with = ["", "with = { security_barrier = true }\n", "", "with = { security_invoker = true }\n"];
        text += dice.choose(Die::Writable, with);
        if dice.with(Die::Writable, &[Die::Stamp]) > 1 {
            text += "[views.open_orders.triggers]\n\
                     open_orders_write = \"INSTEAD OF UPDATE ON open_orders FOR EACH ROW EXECUTE FUNCTION stamp()\"\n";
        }
    }
    let more = if dice.has(Die::Price) { ", price_of(o.id) AS price" } else { ", 1 AS price" };
    match levels {
        0 => {}
        1 => text += &view(dice, "named_orders", "SELECT o.*, c.name FROM open_orders o JOIN customers c ON c.id = o.customer_id"),
        2 => {
            text += &view(
                dice,
                "named_orders",
                &format!("SELECT o.id, o.amount, c.name{more} FROM open_orders o JOIN customers c ON c.id = o.customer_id"),
            )
        }
        _ => text += &view(dice, "named_orders", "SELECT o.id, o.amount * 2 AS amount, 'x' || c.id AS name FROM open_orders o, customers c"),
    }
    if levels > 0 && dice.has(Die::TopOrders) {
        let queries = [
            "",
            "SELECT max(amount) AS most FROM named_orders",
            "SELECT name, sum(amount) AS most FROM named_orders GROUP BY name",
            "TABLE named_orders",
        ];
        text += &view(dice, "top_orders", dice.choose(Die::TopOrders, queries));
    }
    text + totals(dice).as_str()
}

fn view(dice: &Dice, name: &str, query: &str) -> String {
    let comments = if dice.of(Die::Comments) == 2 && name == "open_orders" { "column_comments = { id = \"The key.\" }\n" } else { "" };
    format!("[views.{name}]\nquery = \"{query}\"\n{comments}{}{}", dice.comment(name), dice.grants(name, &["SELECT", "UPDATE"]))
}

fn totals(dice: &Dice) -> String {
    let query = match dice.of(Die::Totals) {
        0 => return String::new(),
        1 => "SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id",
        2 if dice.has(Die::OpenOrders) => "SELECT customer_id, count(*) AS total FROM open_orders GROUP BY customer_id",
        _ => "SELECT customer_id, max(amount) AS total, min(placed) AS first FROM orders GROUP BY 1",
    };
    let unique = if dice.of(Die::Totals) == 3 { "unique = true\n" } else { "" };
    let mut text = format!("[materialized_views.totals]\nquery = \"{query}\"\n{}{}", dice.comment("totals"), dice.grants("totals", &["SELECT"]));
    text += &format!("[materialized_views.totals.indexes.totals_customer]\ncolumns = [\"customer_id\"]\n{unique}");
    text
}

/// Extended statistics.
pub fn statistics(dice: &Dice) -> String {
    match dice.of(Die::Statistics) {
        0 => String::new(),
        1 => format!("[statistics.order_habits]\ndefinition = \"ON customer_id, amount FROM orders\"\n{}", dice.comment("statistics")),
        2 => "[statistics.order_habits]\ndefinition = \"(ndistinct) ON customer_id, amount FROM orders\"\ntarget = 500\n".to_owned(),
        _ => "[statistics]\norder_habits = \"(mcv) ON customer_id, placed FROM orders\"\n".to_owned(),
    }
}

//! What the tables of a generated schema stand on: types, sequences and functions; and a schema beside the default one.

use super::dice::{Dice, Die};

/// An enumeration, a domain, a composite type.
pub fn types(dice: &Dice) -> String {
    let mut text = String::new();
    let values = ["", r#""new", "open", "done""#, r#""new", "open", "held", "done""#, r#""new", "open""#];
    if dice.has(Die::Enumeration) {
        text += &format!("[enums.state]\nvalues = [{}]\n{}", dice.choose(Die::Enumeration, values), dice.comment("state"));
        text += &dice.grants("enumeration", &["USAGE"]);
    }
    match dice.of(Die::Domain) {
        0 => {}
        1 => text += "[domains.email]\ntype = \"text\"\ncheck = \"VALUE ~ '@'\"\n",
        2 => {
            text +=
                "[domains.email]\ntype = \"text\"\ndefault = \"x@y\"\nchecks = { email_at = \"VALUE ~ '@'\", email_short = \"length(VALUE) < 90\" }\n"
        }
        _ => text += "[domains.email]\ntype = \"text\"\nnullable = false\ndefault = \"n@n\"\ncheck = \"VALUE ~ '^.+@'\"\n",
    }
    if dice.has(Die::Domain) {
        text += &(dice.comment("email") + &dice.grants("email", &["USAGE"]));
    }
    let attributes = ["", "", "zip = \"varchar(10)\"\n", "zip = \"varchar(10)\"\ncountry = { type = \"text\", comment = \"NULL at home.\" }\n"];
    if dice.has(Die::Composite) {
        text += &format!("[types.place]\n{}", dice.comment("place"));
        text += "[types.place.attributes]\nstreet = \"text\"\ntown = { type = \"text\", collation = \"C\" }\n";
        text += dice.choose(Die::Composite, attributes);
    }
    text
}

/// A sequence that a function reads.
pub fn sequences(dice: &Dice) -> String {
    match dice.of(Die::Sequence) {
        0 => return String::new(),
        1 => "[sequences.codes]\nstart = 100\n",
        2 => "[sequences.codes]\nstart = 100\nincrement = 5\ncache = 10\n",
        _ => "[sequences.codes]\ntype = \"integer\"\nmax = 9999\ncycle = true\n",
    }
    .to_owned()
        + &dice.comment("codes")
        + &dice.grants("codes", &["USAGE", "SELECT"])
}

/// Functions for defaults, checks, indexes, generated columns, triggers and views.
pub fn functions(dice: &Dice) -> String {
    let clean = [
        "",
        "RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT btrim(value) $$",
        "RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN lower(btrim(value))",
        "RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$\nBEGIN\n  -- by hand\n  RETURN btrim(value);\nEND\n$$",
    ];
    let stamp = "\nBEGIN\n  NEW.changed_at := now();\n  RETURN NEW;\nEND\n";
    let price = [
        "",
        "RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT p_order * p_factor $$",
        "RETURNS numeric LANGUAGE sql STABLE AS $$ SELECT amount * p_factor FROM orders WHERE id = p_order $$",
        "RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT amount * p_factor FROM orders WHERE id = p_order; END",
    ];
    let busy = [
        "",
        "RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM open_orders $$",
        "RETURNS SETOF open_orders LANGUAGE sql STABLE AS $$ SELECT * FROM open_orders $$",
        "RETURNS TABLE(one bigint, two bigint) LANGUAGE sql STABLE BEGIN ATOMIC SELECT id, id FROM open_orders; END",
    ];
    let mut text = function(dice, Die::Clean, "clean(value text)", dice.choose(Die::Clean, clean));
    let factor = if dice.of(Die::Price) == 2 {
        "price_of(p_order bigint, p_factor integer DEFAULT 3)"
    } else {
        "price_of(p_order bigint, p_factor integer DEFAULT 2)"
    };
    text += &function(dice, Die::Price, factor, dice.choose(Die::Price, price));
    let stamped = match dice.of(Die::Stamp) {
        1 => format!("RETURNS trigger LANGUAGE plpgsql AS $${stamp}$$"),
        2 => format!("RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $${stamp}$$"),
        _ => format!("RETURNS trigger LANGUAGE plpgsql AS $$\n-- every time{stamp}$$"),
    };
    text += &function(dice, Die::Stamp, "stamp()", &stamped);
    if dice.has(Die::Sequence) {
        let code = ["", "'C' || nextval('codes')", "lpad(nextval('codes')::text, 6, '0')", "nextval('codes')::text"];
        let body = dice.choose(Die::NextCode, code);
        // A parsed body depends on the sequence, a text does not.
        let body = if dice.of(Die::NextCode) == 1 { format!("RETURN {body}") } else { format!("AS $$ SELECT {body} $$") };
        text += &function(dice, Die::NextCode, "next_code()", &format!("RETURNS text LANGUAGE sql {body}"));
    }
    if dice.has(Die::OpenOrders) {
        text += &function(dice, Die::Busy, "busy()", dice.choose(Die::Busy, busy));
    }
    text
}

fn function(dice: &Dice, die: Die, signature: &str, definition: &str) -> String {
    if !dice.has(die) {
        return String::new();
    }
    let name = signature.split('(').next().unwrap_or_default();
    format!("[functions.\"{signature}\"]\ndefinition = '''{definition}'''\n{}{}", dice.comment(name), dice.grants(name, &["EXECUTE"]))
}

/// A schema beside the default one, with a table, a function and a view over both.
pub fn space(dice: &Dice) -> String {
    let way = dice.of(Die::Space);
    if way == 0 {
        return String::new();
    }
    let mut text = format!("[schemas.app]\n{}{}", dice.comment("app"), dice.grants("app", &["USAGE", "CREATE"]));
    text += "[schemas.app.tables.audit.columns]\nid = { type = \"integer\", primary_key = true }\nstate = { type = \"enum:mood\" }\n";
    text += if way == 2 { "order_id = { type = \"bigint\", default = { sql = \"app.seven()\" } }\n" } else { "order_id = { type = \"bigint\" }\n" };
    text +=
        if way == 3 { "[schemas.app.enums]\nmood = [\"good\", \"fair\", \"bad\"]\n" } else { "[schemas.app.enums]\nmood = [\"good\", \"bad\"]\n" };
    text += "[schemas.app.functions]\n\"seven()\" = \"RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 7::bigint'\"\n";
    let query = "SELECT a.id, a.state, o.amount FROM app.audit a JOIN orders o ON o.id = a.order_id";
    text + &format!("[schemas.app.views.audited]\nquery = \"{query}\"\n{}", dice.grants("audited", &["SELECT"]))
}

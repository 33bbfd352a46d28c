//! Views, routines, triggers, events and sequences: the statements that make them and take them away.

use super::super::Mysql;
use super::super::quote::literal;
use crate::dialect::Dialect as _;
use crate::model::{Name, Object, ObjectId, ObjectKind, Sequence, SequenceOptions};

/// The statements that make an object. `replace` is for one that is there, where the server can replace it.
pub fn create_object(id: &ObjectId, object: &Object, replace: bool) -> Vec<String> {
    let option = |key: &str| object.options.get(key).map(String::as_str);
    let definer = option("definer").map(|definer| format!("DEFINER={definer} ")).unwrap_or_default();
    let create = if replace { "CREATE OR REPLACE" } else { "CREATE" };
    let (name, definition) = (Mysql.name(&Name::new(&id.name.name)), &object.definition.text);
    let arguments = object.arguments.as_ref().map(|arguments| arguments.text.as_str()).unwrap_or_default();
    let sql = match id.kind {
        ObjectKind::View => view(&name, object, &definer, replace),
        ObjectKind::Function => {
            let aggregate = if option("aggregate").is_some() { "AGGREGATE " } else { "" };
            format!("{create} {definer}{aggregate}FUNCTION {name}({arguments}) {definition}")
        }
        ObjectKind::Procedure => format!("{create} {definer}PROCEDURE {name}({arguments}) {definition}"),
        // The name stands in quotes as SHOW CREATE prints it: MariaDB keeps the text as it was.
        ObjectKind::Trigger => {
            let bare = option("bare_name").is_some();
            let name = if bare { name } else { super::super::quote::always(&id.name.name) };
            format!("CREATE {definer}TRIGGER {name} {definition}")
        }
        ObjectKind::Event => format!("{create} {definer}EVENT {name} {definition}"),
        // Refused before anything is planned.
        _ => String::new(),
    };
    match option("sql_mode") {
        None => vec![sql],
        Some(mode) => {
            let [before, behind] = around(&literal(mode));
            vec![before, sql, behind]
        }
    }
}

/// What stands before and behind a statement that is to run under another `sql_mode`, an expression.
pub fn around(mode: &str) -> [String; 2] {
    [format!("SET @dbtool_sql_mode = @@sql_mode, SESSION sql_mode = {mode}"), "SET SESSION sql_mode = @dbtool_sql_mode".to_owned()]
}

fn view(name: &str, object: &Object, definer: &str, replace: bool) -> String {
    let option = |key: &str| object.options.get(key);
    let algorithm = option("algorithm").map(|algorithm| format!("ALGORITHM={} ", algorithm.to_uppercase())).unwrap_or_default();
    let security = option("security").map(|security| format!("SQL SECURITY {} ", security.to_uppercase())).unwrap_or_default();
    let check = option("check_option").map(|kind| format!("\nWITH {} CHECK OPTION", kind.to_uppercase())).unwrap_or_default();
    let columns = if object.columns.is_empty() { String::new() } else { format!(" {}", super::list(&object.columns)) };
    let or_replace = if replace { "OR REPLACE " } else { "" };
    format!("CREATE {or_replace}{algorithm}{definer}{security}VIEW {name}{columns} AS\n{}{check}", object.definition.text)
}

pub fn drop_object(id: &ObjectId) -> String {
    format!("DROP {} {}", id.kind.word().to_uppercase(), Mysql.quote(&id.name.name))
}

pub fn create_sequence(name: &Name, sequence: &Sequence) -> String {
    let ty = if sequence.ty == "bigint" { String::new() } else { format!(" AS {}", sequence.ty) };
    format!("CREATE SEQUENCE {}{ty}{}", Mysql.name(name), sequence_options(&sequence.options))
}

/// The options that are said, each with a blank before it.
pub fn sequence_options(options: &SequenceOptions) -> String {
    let numbers = [("START WITH", options.start), ("MINVALUE", options.min), ("MAXVALUE", options.max), ("INCREMENT BY", options.increment)];
    let mut out: String = numbers.iter().filter_map(|(word, number)| Some(format!(" {word} {}", (*number)?))).collect();
    match options.cache {
        Some(0) => out.push_str(" NOCACHE"),
        Some(cache) => out.push_str(&format!(" CACHE {cache}")),
        None => {}
    }
    if options.cycle {
        out.push_str(" CYCLE");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_of_its_own_is_set_around_the_statement() {
        let mut object = Object::new("BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET NEW.a = 1; END");
        object.options.insert("sql_mode".to_owned(), "ANSI_QUOTES".to_owned());
        let id = ObjectId::on(ObjectKind::Trigger, &Name::new("t"), "x");
        let statements = create_object(&id, &object, false);
        assert_eq!(statements[0], "SET @dbtool_sql_mode = @@sql_mode, SESSION sql_mode = 'ANSI_QUOTES'");
        assert_eq!(statements[1], "CREATE TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET NEW.a = 1; END");
        assert_eq!(statements.len(), 3);
    }
}

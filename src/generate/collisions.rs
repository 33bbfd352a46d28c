//! Declared objects whose name something unmodelled already has.

use crate::UserError;
use crate::dialect::Scope;
use crate::model::Schema;

/// Kinds of objects that share their names with tables and views.
const RELATIONS: [&str; 3] = ["foreign table", "virtual table", "table"];

/// Refuses to declare a table under the name of something that dbtool does not manage: it would have to be dropped for it.
pub fn refuse(live: &Schema, declared: &Schema) -> Result<(), UserError> {
    let taken = declared.tables.keys().chain(declared.views().map(|(name, _)| name)).find_map(|name| {
        let object = live.unmodelled.iter().find(|object| RELATIONS.contains(&object.kind.as_str()) && object.name == name.to_string())?;
        Some((name, object))
    });
    match taken {
        None => Ok(()),
        Some((name, object)) => {
            Err(UserError::new(format!("schema.toml declares {name}, but in the database that is a {}, which dbtool does not manage", object.kind))
                .with_help(format!("take {name} out of schema.toml, or drop the {} by hand first", object.kind)))
        }
    }
}

/// Refuses to declare what dbtool.toml, or common sense, leaves to others: it would be made and then never seen again.
pub fn refuse_ignored(scope: &Scope, declared: &Schema) -> Result<(), UserError> {
    let mut rest = declared.clone();
    scope.apply(&mut rest);
    match rest.ignored.first() {
        None => Ok(()),
        Some(object) => Err(UserError::new(format!("schema.toml declares {object}, which is not dbtool's to manage")).with_help(format!(
            "take it out of schema.toml, out of `ignore` in dbtool.toml, or name it there: manage = [\"*\"] or manage = [\"{}\"]",
            object.name
        ))),
    }
}

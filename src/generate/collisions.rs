//! Declared objects whose name something unmodelled already has.

use crate::UserError;
use crate::model::Schema;

/// Kinds of objects that share their names with tables and views.
const RELATIONS: [&str; 9] =
    ["view", "materialized view", "partitioned table", "partition", "inherited table", "parent table", "foreign table", "virtual table", "table"];

/// Refuses to declare a table under the name of something that dbtool does not manage: it would have to be dropped for it.
pub fn refuse(live: &Schema, declared: &Schema) -> Result<(), UserError> {
    let taken = declared.tables.keys().chain(declared.views.keys()).find_map(|name| {
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

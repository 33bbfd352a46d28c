//! `dbtool inspect`: the live schema as schema.toml.

use std::path::PathBuf;

use serde_json::json;

use crate::UserError;
use crate::cli::{Context, Exit};
use crate::declare;
use crate::dialect::Access;
use crate::model::Schema;

/// Print the live schema as schema.toml
///
/// What the language has no word for is named on stderr and left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Fail where anything is left out
    #[arg(long)]
    strict: bool,
    /// Write to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let mut session = context.connect(Access::ReadOnly).await?;
    let schema = session.introspect(&context.settings.scope()).await?;
    let dialect = session.dialect();
    session.close().await;
    let left_out = left_out(&schema);
    if args.strict && !left_out.is_empty() {
        return Err(UserError::new(format!("schema.toml cannot tell everything in this database:\n  {}", left_out.join("\n  ")))
            .with_help("without --strict these are left out, and left alone")
            .into());
    }
    for name in &left_out {
        context.ui.note(format!("Left out: {name}"));
    }
    let text = declare::write(&schema, dialect);
    match &args.output {
        Some(path) => std::fs::write(path, &text).map_err(|error| UserError::new(format!("cannot write {}: {error}", path.display())))?,
        None => context.ui.print_text(&text),
    }
    context.ui.document(json!({ "schema": text, "left_out": left_out }));
    Ok(Exit::Done)
}

/// Everything that the language has no word for, by kind and name.
pub fn left_out(schema: &Schema) -> Vec<String> {
    let objects = schema.unmodelled.iter().map(ToString::to_string);
    let parts = schema.tables.iter().flat_map(|(name, table)| table.unmodelled.iter().map(move |what| format!("{what} of table {name}")));
    objects.chain(parts).collect()
}

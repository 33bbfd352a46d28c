//! Counting the rows that stand in the way, and keeping only questions that the server understands.

use crate::dialect::Session;
use crate::model::Schema;
use crate::plan::{Look, Missing};
use crate::scratch::Scratch;

/// A missing fix-up and how many live rows it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub missing: Missing,
    /// `None` where they cannot be counted.
    pub rows: Option<u64>,
}

/// The fix-ups that are really missing, each with the number of live rows in its way.
pub async fn standing(session: &mut Session, missing: Vec<Missing>) -> Vec<Standing> {
    let mut found = Vec::new();
    for missing in missing {
        let rows = session.count(&format!("SELECT count(*) FROM ({}) AS dbtool_rows", missing.query)).await.ok();
        if !missing.only_with_rows || rows.is_some_and(|rows| rows > 0) {
            found.push(Standing { missing, rows });
        }
    }
    found
}

/// The looks whose query runs on `schema`. One that does not (it would need the new shape) asks nothing: the server itself will see to the
/// constraint when it is made.
pub async fn understood(scratch: &mut Scratch, schema: &Schema, looks: Vec<Look>) -> anyhow::Result<Vec<Look>> {
    if looks.is_empty() {
        return Ok(looks);
    }
    let queries: Vec<&str> = looks.iter().map(|look| look.query.as_str()).collect();
    let runs = scratch.runs(schema, &queries).await?;
    let mut kept: Vec<Look> = Vec::new();
    for (look, _) in looks.into_iter().zip(runs).filter(|(_, runs)| *runs) {
        if !kept.contains(&look) {
            kept.push(look);
        }
    }
    Ok(kept)
}

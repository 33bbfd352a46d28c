//! What `check --fix` asks a server: the gentlest form of a statement, and the schemas on both sides of a revision.

use super::Scratch;
use crate::migration::RevisionGraph;
use crate::model::Schema;

impl Scratch {
    /// The statement that begins at byte `statement` of the up script of `revision`, in the first of its forms that the server takes behind
    /// everything that stands before it. `None` where it takes none, or there is no choice.
    ///
    /// # Errors
    /// Where the scratch fails or a script cannot be read.
    pub async fn gentlest(&mut self, graph: &RevisionGraph, revision: &str, statement: usize) -> anyhow::Result<Option<String>> {
        let Some(script) = graph.get(revision).map(|revision| revision.up()).transpose()? else { return Ok(None) };
        let dialect = self.dialect();
        let pieces = dialect.split(&script.text);
        let Some(piece) = pieces.iter().find(|piece| piece.offset + piece.statement.0 == statement) else { return Ok(None) };
        let forms = dialect.gentle_forms(piece.statement());
        if forms.is_empty() || !self.up_to(graph, graph.dag().parents(revision)).await? {
            return Ok(None);
        }
        let mut found = None;
        if self.run_script(&script.text[..piece.offset]).await.is_ok() {
            for form in forms {
                if self.session.run(&form.sql).await.is_ok() {
                    found = Some(form.sql);
                    break;
                }
            }
        }
        self.reset().await?;
        Ok(found)
    }

    /// The schema before a revision and behind it; `None` where the scripts do not run.
    ///
    /// # Errors
    /// Where the scratch fails or a script cannot be read.
    pub async fn around(&mut self, graph: &RevisionGraph, revision: &str) -> anyhow::Result<Option<(Schema, Schema)>> {
        let Some(script) = graph.get(revision).map(|revision| revision.up()).transpose()? else { return Ok(None) };
        if !self.up_to(graph, graph.dag().parents(revision)).await? {
            return Ok(None);
        }
        let before = self.introspect().await?;
        let ran = self.run_as_new(&script).await?.is_ok();
        let after = self.introspect().await?;
        self.reset().await?;
        Ok(ran.then_some((before, after)))
    }

    /// Runs the revisions up to `targets` in the emptied scratch; false where one does not run.
    async fn up_to(&mut self, graph: &RevisionGraph, targets: &[String]) -> anyhow::Result<bool> {
        self.reset().await?;
        for id in graph.path_up(&[], targets) {
            let Some(script) = graph.get(&id).map(|revision| revision.up()).transpose()? else { continue };
            if self.run_as_new(&script).await?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

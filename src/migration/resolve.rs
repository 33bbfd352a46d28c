//! How people name a revision: in full, by a prefix, or relatively.

use std::collections::BTreeSet;

use super::dag::Dag;
use super::graph::RevisionGraph;
use crate::UserError;

/// The revisions that `spec` names; none is base.
///
/// `graph` gives `head` and `heads`; `known` holds every revision that may be named (the files' and, for `downgrade`, the database's);
/// `applied` are the heads of the database. `REV+N` is REV and the first N revisions behind it in the order in which `upgrade` applies them,
/// `REV-N` is what remains of REV when N steps of `downgrade` are taken: on a merge point, `-1` takes back just the merge.
///
/// # Errors
/// An unknown or ambiguous name with the candidates, several heads where one is asked for, more steps than there are.
pub fn resolve(spec: &str, graph: &RevisionGraph, known: &Dag, applied: &[String]) -> Result<Vec<String>, UserError> {
    let spec = spec.trim();
    let Some((start, steps)) = relative(spec) else { return absolute(spec, graph, known, applied) };
    let start = if start.is_empty() { "current" } else { start };
    let from = absolute(start, graph, known, applied)?;
    match steps {
        Steps::Forward(count) => forward(known, graph, &from, count),
        Steps::Back(count) => back(known, &from, count),
    }
}

enum Steps {
    Forward(usize),
    Back(usize),
}

/// `REV+2`, `+2`, `REV-1`, `-1`: what stands before the sign, and the steps.
fn relative(spec: &str) -> Option<(&str, Steps)> {
    let at = spec.rfind(['+', '-'])?;
    let count = spec[at + 1..].parse().ok()?;
    Some((&spec[..at], if spec[at..].starts_with('+') { Steps::Forward(count) } else { Steps::Back(count) }))
}

fn absolute(name: &str, graph: &RevisionGraph, known: &Dag, applied: &[String]) -> Result<Vec<String>, UserError> {
    match name {
        "base" => Ok(Vec::new()),
        "heads" => Ok(graph.heads()),
        "head" => Ok(graph.single_head()?.map(|revision| revision.id.clone()).into_iter().collect()),
        "current" => Ok(applied.to_vec()),
        "" => Err(UserError::new("a revision is missing").with_help("name one in full, by a prefix, or as head, base, +1 or -1")),
        prefix => by_prefix(prefix, graph, known).map(|id| vec![id]),
    }
}

fn by_prefix(prefix: &str, graph: &RevisionGraph, known: &Dag) -> Result<String, UserError> {
    let mut candidates: Vec<&str> = known.ids().filter(|id| id.starts_with(prefix)).collect();
    candidates.sort_by_key(|id| *id != prefix);
    match candidates.as_slice() {
        [] => Err(UserError::new(format!("there is no revision {prefix}")).with_help("`dbtool history` lists them")),
        [id] => Ok((*id).to_owned()),
        [id, ..] if *id == prefix => Ok((*id).to_owned()),
        several => {
            let told = several.iter().map(|id| match graph.get(id) {
                Some(revision) => format!("{id} ({})", revision.message),
                None => (*id).to_owned(),
            });
            Err(UserError::new(format!("revision {prefix} is ambiguous: {}", told.collect::<Vec<_>>().join(", "))).with_help("add more digits"))
        }
    }
}

fn forward(known: &Dag, graph: &RevisionGraph, from: &[String], count: usize) -> Result<Vec<String>, UserError> {
    // Behind a branch point the order of the branches is arbitrary, so the steps are counted only where everything leads to one head.
    let head: Vec<String> = graph.single_head()?.map(|revision| revision.id.clone()).into_iter().collect();
    let path = graph.path_up(from, &head);
    if count > path.len() {
        return Err(UserError::new(format!("+{count} goes too far: {} after {}", revisions(path.len()), place(from))));
    }
    let mut reached: BTreeSet<String> = known.closure(from);
    reached.extend(path.into_iter().take(count));
    Ok(known.heads(&reached))
}

fn back(known: &Dag, from: &[String], count: usize) -> Result<Vec<String>, UserError> {
    let path = known.path_down(from, &[]);
    if from.is_empty() && count > 0 {
        return Err(UserError::new(format!("-{count} leads nowhere: there is nothing before base")).with_help("no revision is applied"));
    }
    if count > path.len() {
        return Err(UserError::new(format!("-{count} goes too far: {} up to {}", revisions(path.len()), place(from))));
    }
    let mut kept = known.closure(from);
    for id in path.iter().take(count) {
        kept.remove(id);
    }
    Ok(known.heads(&kept))
}

fn revisions(count: usize) -> String {
    match count {
        0 => "there is no revision".to_owned(),
        1 => "there is one revision".to_owned(),
        count => format!("there are {count} revisions"),
    }
}

fn place(ids: &[String]) -> String {
    if ids.is_empty() { "base".to_owned() } else { ids.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(|n| format!("2026112000000{n}")).collect()
    }

    /// 1 - 2 - 4 - 5 with a branch 1 - 3 - 4, on disk.
    fn graph(revisions: &[(&str, &str)]) -> (tempfile::TempDir, RevisionGraph) {
        let folder = tempfile::tempdir().expect("a folder");
        for (id, parents) in revisions {
            let header = super::super::render_header(&ids(id)[0], &ids(parents), "m");
            std::fs::write(folder.path().join(format!("{}_m.up.sql", ids(id)[0])), header).expect("written");
        }
        let graph = RevisionGraph::load(folder.path()).expect("a graph");
        (folder, graph)
    }

    const DIAMOND: &[(&str, &str)] = &[("1", ""), ("2", "1"), ("3", "1"), ("4", "2 3"), ("5", "4")];

    #[test]
    fn names_of_every_kind_are_found() {
        let (_folder, graph) = graph(DIAMOND);
        let find = |spec: &str, applied: &str| resolve(spec, &graph, graph.dag(), &ids(applied)).expect(spec);
        assert_eq!(find("head", ""), ids("5"));
        assert_eq!(find("base", "5"), ids(""));
        assert_eq!(find("current", "2 3"), ids("2 3"));
        assert_eq!(find("20261120000003", ""), ids("3"));
        assert_eq!(find("+1", ""), ids("1"));
        assert_eq!(find("+2", "1"), ids("2 3"));
        assert_eq!(find("+0", "2"), ids("2"));
        assert_eq!(find("-1", "5"), ids("4"));
        assert_eq!(find("-2", "5"), ids("2 3"));
        assert_eq!(find("-1", "2 3"), ids("2"));
        assert_eq!(find("20261120000001+1", ""), ids("2"));
        assert_eq!(find("20261120000004-1", ""), ids("2 3"));
        assert_eq!(find("head-1", ""), ids("4"));
        assert_eq!(find("base+5", ""), ids("5"));
    }

    #[test]
    fn too_many_steps_and_ambiguous_names_are_refused() {
        let (_folder, graph) = graph(DIAMOND);
        let fails = |spec: &str, applied: &str| resolve(spec, &graph, graph.dag(), &ids(applied)).expect_err(spec);
        assert_eq!(fails("+2", "4").message, "+2 goes too far: there is one revision after 20261120000004");
        assert_eq!(fails("-1", "").message, "-1 leads nowhere: there is nothing before base");
        assert_eq!(fails("-9", "4").message, "-9 goes too far: there are 4 revisions up to 20261120000004");
        assert!(fails("2026", "").message.contains("20261120000003 (m)"));
        assert!(fails("1999", "").message.contains("no revision 1999"));
    }

    #[test]
    fn head_of_two_heads_names_the_merge() {
        let (_folder, graph) = graph(&[("1", ""), ("2", "1"), ("3", "1")]);
        let error = resolve("head", &graph, graph.dag(), &[]).expect_err("two heads");
        assert!(error.help.expect("help").contains("dbtool merge"));
        assert_eq!(resolve("heads", &graph, graph.dag(), &[]).expect("both"), ids("2 3"));
    }
}

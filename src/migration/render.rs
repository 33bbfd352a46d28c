//! A plan as the text of a migration file. Run by hand with the engine's own client it does what dbtool does.

use super::{backfill_comment, look_comment, render_header, slow_comment, step_comment};
use crate::dialect::Dialect;
use crate::plan::{Plan, Step};

/// What stands on top of a file.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    pub revision: &'a str,
    pub parents: &'a [String],
    pub message: &'a str,
    /// Further lines for the reader, each a sentence.
    pub notes: &'a [String],
}

/// The whole file.
pub fn render(heading: &Heading<'_>, plan: &Plan, dialect: &dyn Dialect) -> String {
    let mut out = render_header(heading.revision, heading.parents, heading.message);
    for note in heading.notes.iter().chain(&plan.notes) {
        comment(&mut out, note);
    }
    plan.slow.iter().for_each(|slow| out.push_str(&slow_comment(slow)));
    for look in &plan.looks {
        out.push_str(&look_comment(&look.message, &look.query));
    }
    if !plan.prologue.is_empty() {
        out.push('\n');
        plan.prologue.iter().for_each(|statement| out.push_str(&format!("{statement};\n")));
    }
    let groups = plan.steps.chunk_by(|a, b| a.phase() == b.phase());
    for group in groups.flat_map(|group| group.chunks(dialect.steps_in_a_transaction())) {
        let alone = group.first().is_some_and(|step| step.alone);
        if !alone {
            out.push_str(&format!("\n{};\n", dialect.begin()));
        }
        group.iter().for_each(|step| render_step(&mut out, step, dialect));
        if !alone {
            out.push_str("\nCOMMIT;\n");
        }
    }
    out
}

fn render_step(out: &mut String, step: &Step, dialect: &dyn Dialect) {
    out.push('\n');
    out.push_str(&step_comment(&step.title, step.contract));
    for statement in &step.statements {
        // Inside a transaction it is one statement like any other.
        if let (Some(of), true) = (&statement.backfill, step.alone) {
            out.push_str(&backfill_comment(&of.table, &of.key, of.batch, of.verify.as_deref()));
        }
        out.push_str(&dialect.terminated(&statement.sql));
    }
}

/// A comment of as many lines as the text has.
fn comment(out: &mut String, text: &str) {
    for line in text.lines() {
        out.push_str(format!("-- {line}").trim_end());
        out.push('\n');
    }
}

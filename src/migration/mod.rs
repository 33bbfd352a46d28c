//! Migration files on disk: their names, headers, directives and checksums, and the graph their parents make. No database here.

mod checksum;
mod dag;
mod directive;
mod file;
mod graph;
mod header;
mod name;
mod raw;
mod render;
mod resolve;
mod script;

pub use checksum::checksum;
pub use dag::Dag;
pub use directive::{
    Allow, Backfill, Look, Pace, Pause, StepTitle, allow_comment, allows, backfill_comment, backfill_of, is_backfill, lead_of, look_comment, looks,
    parse_duration, refuse_unknown_directives, slow, slow_comment, step_comment, step_of,
};
pub use file::{Revision, WrittenPair, pair_paths, write_pair};
pub use graph::{GraphError, RevisionGraph};
pub use header::{Header, render_header};
pub use name::{new_revision_id, revision_of_file, slug, validate_revision_id};
pub use raw::raws;
pub use render::{Heading, render};
pub use resolve::resolve;
pub use script::Script;

pub use crate::plan::Direction;

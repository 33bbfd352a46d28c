//! The gate for CI: what is wrong with schema.toml, the revisions and the database, and what the rules find in the revisions that are new.

mod allow;
mod asked;
pub mod catalog;
mod docs;
mod finding;
mod fix;
mod gate;
mod judge;
mod levels;
pub mod project;
pub mod read;
pub mod report;
mod revisions;
mod rule;
pub mod rules;
mod scene;
mod since;

pub use allow::{apply as apply_allows, nearest};
pub use docs::{explain, list, page};
pub use finding::{Finding, Level, Place};
pub use fix::Fix;
pub use gate::{CODES, Code, is_known, is_of_gate, level_of};
pub use judge::Judge;
pub use levels::Levels;
pub use revisions::{excused, judge_revisions, sizes};
pub use rule::{Draft, Example, Flavor, Found, Rule, Seen};
pub use scene::{ReadScript, ReadStatement, Scene, Sizes};
pub use since::{News, git_prefix, news};

//! `dbtool check`: the rules on the real engines, the forms of its output, exceptions, corrections, and a pipeline from end to end.

mod allow;
mod engines;
mod fix;
mod formats;
mod levels;
mod pipeline;
mod replay;
mod scratch;

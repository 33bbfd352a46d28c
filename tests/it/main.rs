//! The integration tests: the program as its users run it, against databases that are made for the purpose.
//!
//! One binary, because each one links the whole program again. `scripts/test` starts the servers.

mod adoption;
mod behaviour;
mod check;
mod cli;
mod crash;
mod examples;
mod generated;
mod house;
mod mixed;
mod online;
mod pipeline;
mod properties;
mod scale;
mod snapshots;
mod support;

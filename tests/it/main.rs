//! The integration tests: the program as its users run it, against databases that are made for the purpose.
//!
//! One binary, because each one links the whole program again. `scripts/test` starts the servers.

mod behaviour;
mod cli;
mod house;
mod support;

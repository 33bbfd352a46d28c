//! Schemas with every kind of object: one that was written by hand, and any number that the dice made.

mod dice;
mod generated;
mod objects;
mod pagila;
mod policies;
mod relations;

//! dbtool in other people's pipelines: the pieces that this repository has ready for them, and the page that tells how to use them.

mod action;
mod hooks;
mod integrations;
mod page;
mod repository;

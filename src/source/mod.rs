//! Text with positions: schema.toml and SQL scripts, and what is to be said about a place in them.

mod diagnostic;
mod level;
mod lexeme;
mod piece;

pub use diagnostic::{Diagnostic, Source, render, render_as, render_warnings};
pub use level::Level;
pub use lexeme::{Lexeme, LexemeKind, bracket};
pub use piece::Piece;

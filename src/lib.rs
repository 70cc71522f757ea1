#[macro_use]
pub mod kernel;
pub mod content;

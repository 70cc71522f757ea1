#[macro_use]
pub mod kernel;
pub mod content;
pub mod events;
pub mod site;

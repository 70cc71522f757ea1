pub mod kinds;
pub mod markdown;
mod reader;
mod values;

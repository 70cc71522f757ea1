//! stub
use uuid::Uuid;
pub struct RichDoc;
pub enum Target { Document { id: Uuid, block: Option<Uuid> }, Address(String) }
impl RichDoc { pub fn parse(_: &str) -> Self { RichDoc } pub fn to_markdown(&self) -> String { String::new() }
 pub fn targets(&self) -> Vec<&Target> { vec![] } pub fn to_text(&self)->String{String::new()} }

//! stub
use crate::web::Route;
pub fn document(_: &str, _: &[Route]) -> serde_json::Value {
    serde_json::json!({})
}

//! HTTP plumbing, without business and without pages: the state that handlers share, what a request brings, how errors
//! and answers look, and the layers around all of it.

mod answer;
mod answers;
mod browser;
mod call;
mod client_address;
mod download;
mod fields;
mod finished;
mod front;
mod layers;
mod problem;
mod query;
mod rate;
mod routes;
pub mod session;
mod state;

pub use answer::{created, created_with_etag, json, json_with_etag, json_with_version, no_content, see_other};
pub use answers::{Answers, lasting};
pub use call::{Call, UPLOAD_LIMIT, Visit, form_or_json, idempotent, read_body};
pub use client_address::client_address;
pub use download::download;
pub use fields::Fields;
pub use finished::Written;
pub use front::Front;
pub use layers::around;
pub use problem::{Answer, Problem, not_found};
pub use query::{Cursor, Query};
pub use rate::RateLimit;
pub use routes::{Access, Route};
pub use state::{App, Contract, Surroundings};

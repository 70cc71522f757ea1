//! All integration tests, in one binary. They go through the doors that people and programs use; each has a database of
//! its own, a clock that stands still and ids from a seed. `TEST_DATABASE` chooses the database: `sqlite` (or nothing), or
//! the address of a PostgreSQL server on which databases may be made.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that can't go on shall stop where it is"
)]

mod support;

mod answering;
mod answers;
mod architecture;
mod changes;
mod checks;
mod contract;
mod corpus;
mod demo;
mod desk;
mod docs;
mod documents;
mod exports;
mod filters;
mod fixes_told;
mod forgetting;
mod hostile;
mod intake;
mod leaks;
mod lifecycle;
mod mail;
mod migrations;
mod panel;
mod parity;
mod paths;
mod permissions;
mod played;
mod preconditions;
mod process;
mod races;
mod reports;
mod retention;
mod search;
mod signing_in;
mod sittings;
mod webhooks;
mod working;

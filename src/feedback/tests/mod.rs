//! The feedback commands on a database of their own each, with a clock that stands still and ids from a seed.

mod cases;
mod intake;
mod redactions;
mod search;
mod support;
mod targets;

//! Trees with what they must mean. `build` makes them, `golden_asks` and `golden_plain` hold them by subject,
//! `examples` reads whole documents, `properties` states what holds for every tree.

mod build;
mod examples;
mod expansion;
mod golden_asks;
mod golden_plain;
mod properties;

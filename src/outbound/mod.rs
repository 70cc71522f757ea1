//! The way out: posts to addresses elsewhere that people have typed in, and letters to the mail server that the
//! configuration names. It decides which addresses may be reached at all and knows nothing of what is sent there. Nothing else
//! in the program opens a connection to the outside.

mod post;
mod smtp;
mod targets;
#[cfg(test)]
mod tests;

pub use post::{Exchange, Outbound, Patience, Reply, Resolve};
pub use smtp::{Letter, Mailer, Posted, Setback, one_line};
pub use targets::{Allowance, Refusal, Target, Targets};

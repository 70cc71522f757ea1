//! The demo: a small careers site about working in health, with the people who look after it, half a year of its history
//! and what visitors said about it. It stands above the domain and acts through its commands alone; it knows no doors and
//! sends no statement of its own.
//!
//! `story.json` says what happens when, `desk.json` what visitors of two pages said lately; `content/` holds each document as it was first written, `material.rs` lists them
//! and the pictures. To change the demo, change those; a test reads the story to its end.
//!
//! Decision (2026-11-22), everything through commands. Context: a demo that is copied into tables shows states that nobody
//! could reach. Choice: four people and some visitors act through the ordinary commands, with a clock that walks through
//! the last half year and never passes the present. Consequence: history, events, publications, addresses and cases are
//! what they would be, and each start of a new demo tests the domain.
//!
//! Decision (2026-11-22), half a demo. Context: a first start can be interrupted. Choice: the last act of filling is a mark
//! in the settings; a demo with people and without the mark is refused, with a sentence that says what to remove. A demo
//! that has no people yet is filled. Consequence: what is served is complete, and nothing is ever deleted on a guess.

mod changes;
mod desk;
mod material;
mod names;
mod people;
mod samples;
mod stage;
mod story;
mod visitors;
mod writing;

use crate::{
    accounts::{self, Passwords},
    kernel::{Ctx, Error, Result},
    media::Store,
    site,
};

pub use people::{Person, people};
pub use samples::{Because, Changed, Outcome, Removal, Samples, Thing, add_samples, removal, remove_samples, samples};

use stage::Stage;

/// What a database is, as far as the demo is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds a site that is no demo.
    NoDemo,
    /// It is marked as a demo and holds nothing yet.
    Empty,
    /// Filling it was interrupted.
    Unfinished,
    Complete,
}

/// Looks at a database that is up to date and prepared.
pub async fn standing(ctx: &Ctx) -> Result<Standing> {
    let snapshot = ctx.database.read().await?;
    if !site::identity(&*snapshot).await?.demo {
        return Ok(Standing::NoDemo);
    }
    if site::demo_is_complete(&*snapshot).await? {
        return Ok(Standing::Complete);
    }
    let people = accounts::count(&*snapshot).await?;
    Ok(if people == 0 { Standing::Empty } else { Standing::Unfinished })
}

/// Fills an empty demo, as of now. The mark that it is complete comes last.
///
/// # Errors
/// [`Error::Bug`] with the entry of the story that could not be played.
pub async fn fill(ctx: &Ctx, store: &Store, passwords: &Passwords) -> Result<()> {
    let mut stage = Stage::set(ctx, store, passwords).await?;
    for (position, entry) in story::read()?.into_iter().enumerate() {
        let told = entry.told();
        stage.play(entry).await.map_err(|error| {
            Error::bug(format!("the demo's story, entry {} ({told}): {}", position + 1, in_full(&error)))
        })?;
    }
    stage.end().await
}

/// An error with its faults, for whoever changed the story.
fn in_full(error: &Error) -> String {
    match error {
        Error::Invalid(faults) | Error::Conflict { faults, .. } => format!("{error} {faults:?}"),
        Error::Bug(source) => source.to_string(),
        other => other.to_string(),
    }
}

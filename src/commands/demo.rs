//! `serve --demo`: makes sure that the database holds a whole demo, and presents the people in it. What the demo holds
//! stands in [`crate::demo`].

use crate::{
    accounts::{PasswordCost, Passwords},
    config::Storage,
    demo::{self, Standing},
    kernel::Ctx,
    media::Store,
};

use super::{Failure, say};

/// Fills an empty demo; leaves a complete one as it is.
///
/// # Errors
/// One sentence if the database holds something else, or half a demo.
pub(super) async fn fill(ctx: &Ctx, store: &Store, storage: &Storage) -> Result<(), Failure> {
    match demo::standing(ctx).await? {
        Standing::Complete => Ok(()),
        Standing::Empty => {
            say("Filling the demo. This takes a few seconds, at the first start only.");
            Ok(demo::fill(ctx, store, &Passwords::new(PasswordCost::default())?).await?)
        }
        Standing::NoDemo => Err(Failure::new(
            "The database holds a site that is no demo, so --demo leaves it alone; name an empty one with --database \
             (ROLEBOOK_DATABASE_URL), or none.",
        )),
        Standing::Unfinished => Err(Failure::new(format!(
            "The demo was interrupted while it was being filled; remove {} and start again.",
            remains(storage)
        ))),
    }
}

/// What half a demo has left behind.
fn remains(storage: &Storage) -> String {
    match storage.database_url.strip_prefix("sqlite://") {
        Some(file) => format!("{file} with the files beside it that begin with the same name"),
        None => "the database that --database (ROLEBOOK_DATABASE_URL) names".to_owned(),
    }
}

/// Presents the people of the demo.
pub(super) fn greet() {
    say("This is a demo. The people who look after it:");
    for person in demo::people() {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
        say(format!("  {} ({}): {}", person.name, roles.join(", "), person.email));
    }
}

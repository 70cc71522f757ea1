//! `serve --demo`: makes sure that the database holds a whole demo, and presents the people in it. What the demo holds
//! stands in [`crate::demo`].

use crate::{
    accounts::{self, PasswordCost, Passwords, links},
    config::Storage,
    demo::{self, Standing},
    kernel::Ctx,
    media::Store,
    web::session,
};

use super::{Failure, say};

/// Fills an empty demo; leaves a complete one as it is. Answers whether there was something to fill.
///
/// # Errors
/// One sentence if the database holds something else, or half a demo.
pub(super) async fn fill(ctx: &Ctx, store: &Store, storage: &Storage) -> Result<bool, Failure> {
    match demo::standing(ctx).await? {
        Standing::Complete => Ok(false),
        Standing::Empty => {
            say("Filling the demo. This takes a few seconds, at the first start only.");
            demo::fill(ctx, store, &Passwords::new(PasswordCost::default())?).await?;
            Ok(true)
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

/// Presents the people of the demo, each with a link to sign in once. Who has been made inactive meanwhile gets none.
pub(super) async fn greet(ctx: &Ctx, public_url: &str) -> Result<(), Failure> {
    say("This is a demo. The people who look after it, each with a link that signs you in once:");
    for person in demo::people() {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
        let found = accounts::find_by_email(&*ctx.database.read().await?, person.email).await?;
        if let Some(user) = found.filter(|user| user.active) {
            let link = links::demo_link(ctx, user.id).await?;
            say(format!("  {} ({}): {}", person.name, roles.join(", "), session::link_address(public_url, &link)));
        }
    }
    Ok(())
}

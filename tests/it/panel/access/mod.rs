//! Getting in, people, keys, settings, and the log of all that.

mod links;

use rolebook::accounts::NewLink;

/// Where the holder of a link goes.
fn path(link: &NewLink) -> String {
    rolebook::web::session::link_address("", link)
}

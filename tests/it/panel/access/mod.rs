//! Getting in, people, keys, settings, and the log of all that.

mod links;
mod own;
mod people;
mod site;

use rolebook::accounts::NewLink;

use super::Browser;
use crate::support::Answer;

/// Where the holder of a link goes.
fn path(link: &NewLink) -> String {
    rolebook::web::session::link_address("", link)
}

/// What a page shows once.
fn shown(page: &str) -> String {
    let field = page.split("id=\"f-secret\"").nth(1).unwrap_or_else(|| panic!("nothing is shown once: {page}"));
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Sends the fields of a form.
async fn send(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

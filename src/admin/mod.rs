//! The door for people: the panel, pages of HTML that need no script. A screen reads a request, calls the commands and
//! queries that programs call too, and draws what came of it. THE list of its screens stands below.
//!
//! How a screen is made: a handler takes a [`PanelRequest`], reads its parameters and refuses others
//! (`end_of_query`), asks the domain, and answers with `request.page(area, title, markup)`. A form posts to the address
//! that it stands at; what a command refuses comes back as [`FormState`] with everything typed and status 422; what it
//! did is said once on the page that follows (`request.done`). Whatever else goes wrong is returned as an error, and
//! `layers.rs` makes a page of it.

mod assets;
mod dashboard;
mod editor;
mod errors;
mod form;
mod layers;
mod lists;
mod request;
mod search;
mod sign_in;
mod ui;

use axum::Router;

use crate::{
    kernel::Permission::{ContentRead, ContentWrite},
    web::{
        Access::{Permission, Public, SignedIn},
        App,
    },
};

pub use form::{Form, FormState};
pub use request::PanelRequest;

crate::routes! {
    get "/admin/assets/{hash}/panel.css" Public, "The style sheet of the panel" => assets::style;
    get "/admin/sign-in" Public, "Sign in" => sign_in::show;
    post "/admin/sign-in" Public, "Sign in" => sign_in::sign_in;
    post "/admin/sign-out" Public, "Sign out" => sign_in::sign_out;
    get "/admin/forgotten" Public, "What to do without the password" => sign_in::forgotten;
    get "/admin/unsent" SignedIn, "What was typed before the session ended" => sign_in::unsent;
    post "/admin/unsent" SignedIn, "Give it up" => sign_in::give_up;

    get "/admin" SignedIn, "What needs the person who is signed in" => dashboard::show;

    // The editor.
    get "/admin/{collection}/{id}" Permission(ContentRead), "Edit a document" => editor::show;
    post "/admin/{collection}/{id}" Permission(ContentWrite), "Save a document" => editor::save;
    get "/admin/{collection}/{id}/choose" Permission(ContentWrite), "Choose a document or an image" => editor::choose;
    post "/admin/{collection}/{id}/choose" Permission(ContentWrite), "Take what was chosen" => editor::chosen;

    // Lists, what begins there, and search.
    get "/admin/search" Permission(ContentRead), "Search everything" => search::show;
    get "/admin/{collection}" Permission(ContentRead), "List documents" => lists::show;
    get "/admin/{collection}/trash" Permission(ContentRead), "List what is in the trash" => lists::trash;
    get "/admin/{collection}/new" Permission(ContentWrite), "What a new document starts from" => lists::start;
    post "/admin/{collection}/new" Permission(ContentWrite), "Make a document" => lists::create;
    post "/admin/{collection}/bulk" Permission(ContentWrite), "What a step would do to many documents" => lists::choose;
    post "/admin/{collection}/bulk/confirm" Permission(ContentWrite), "Take a step for many documents" => lists::confirm;
}

/// The screens with everything around them.
pub fn panel(app: &App) -> Router<App> {
    layers::around(router(), app)
}

/// What answers at every address of the panel that leads nowhere.
pub fn lost(app: &App) -> Router<App> {
    layers::around(Router::new().fallback(layers::not_found), app)
}

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
mod gallery;
mod layers;
mod media;
mod redirects;
mod request;
mod sign_in;
mod ui;

use axum::Router;

use crate::{
    kernel::Permission::{ContentPublish, ContentRead, ContentWrite, MediaWrite},
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

    // The media library.
    get "/admin/media" Permission(ContentRead), "The pictures of the library" => media::list;
    get "/admin/media/new" Permission(MediaWrite), "Choose pictures to upload" => media::show_new;
    post "/admin/media/new" Permission(MediaWrite), "Upload pictures" => media::add;
    get "/admin/media/describe" Permission(MediaWrite), "The words of pictures that were just added" => media::show_describe;
    post "/admin/media/describe" Permission(MediaWrite), "Describe several pictures" => media::describe;
    get "/admin/media/{id}" Permission(ContentRead), "A picture" => media::show;
    post "/admin/media/{id}" Permission(MediaWrite), "Change what is said about a picture" => media::change;
    get "/admin/media/{id}/replace" Permission(MediaWrite), "What replacing a picture would do" => media::show_replace;
    post "/admin/media/{id}/replace" Permission(MediaWrite), "Replace a picture" => media::replace;
    get "/admin/media/{id}/delete" Permission(MediaWrite), "Whether a picture can be deleted" => media::show_delete;
    post "/admin/media/{id}/delete" Permission(MediaWrite), "Delete a picture" => media::delete;
    get "/admin/media/{id}/files/{key}" Permission(ContentRead), "A file of a picture" => media::file;

    // Redirects made by hand, and the gallery of components.
    get "/admin/redirects" Permission(ContentRead), "Redirects made by hand" => redirects::list;
    get "/admin/redirects/new" Permission(ContentPublish), "The form of a redirect" => redirects::show_new;
    post "/admin/redirects/new" Permission(ContentPublish), "Make a redirect" => redirects::add;
    get "/admin/redirects/{id}/remove" Permission(ContentPublish), "What removing a redirect would do" => redirects::show_remove;
    post "/admin/redirects/{id}/remove" Permission(ContentPublish), "Remove a redirect" => redirects::remove;
    get "/admin/gallery" SignedIn, "Every component of the panel, in a demo" => gallery::show;
}

/// The screens with everything around them.
pub fn panel(app: &App) -> Router<App> {
    layers::around(router(), app)
}

/// What answers at every address of the panel that leads nowhere.
pub fn lost(app: &App) -> Router<App> {
    layers::around(Router::new().fallback(layers::not_found), app)
}

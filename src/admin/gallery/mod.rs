//! The gallery: every component of the panel in every state, under its name, with samples that never change, so that
//! pictures of it can be compared. It is there in a demo only, and knows no data of the site.

mod controls;
mod showing;

use maud::{Markup, html};

use crate::{
    kernel::{Error, Timestamp},
    web::Answer,
};

use super::{
    request::PanelRequest,
    ui::{self, Badge, badge::Look, shell::Area},
};

/// Sunday 22 November 2026 at nine: the samples know no other time.
const NOW: Timestamp = Timestamp(1_795_338_000_000);
const PATH: &str = "/admin/gallery";

/// A component: its name in the source, and its states.
type Exhibit = (&'static str, Markup);

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    if !request.chrome.demo {
        return Err(Error::not_found("such address").into());
    }
    let rooms = [
        ("Buttons", controls::buttons()),
        ("Fields", controls::fields()),
        ("Forms", controls::forms()),
        ("What pages say", showing::messages()),
        ("Finding one's way", showing::ways()),
        ("Lists", showing::lists()),
        ("Content and its changes", showing::content()),
    ];
    let main = html! {
        div.main.stack {
            (ui::head("Gallery of components", html! { (Badge::new(Look::Quiet, "ui::head with something beside it")) }))
            p { "The bar above and the foot below are " code { "shell::page" } ". The h1 is " code { "ui::head" } "." }
            @for (title, exhibits) in rooms {
                section.stack {
                    h2 { (title) }
                    @for (name, states) in exhibits {
                        div.exhibit { h3 { code { (name) } } (states) }
                    }
                }
            }
        }
    };
    Ok(request.page(Area::None, "Gallery of components", main))
}

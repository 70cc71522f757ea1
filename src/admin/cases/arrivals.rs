//! What has come in since an inbox was drawn. Scripts ask for it now and then and show it above the list, which does not
//! move; without them there is nothing, and the list is new whenever it is opened.

use maud::{Markup, html};

use crate::{feedback, kernel::Timestamp, web::Answer};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, shell::Area},
    },
    view::INBOX,
};

const TITLE: &str = "New reports";

pub async fn arrivals(mut request: PanelRequest) -> Answer {
    let since = request.query.time("since").unwrap_or_else(|| request.now());
    request.end_of_query()?;
    let arrived = feedback::received_since(&request.ctx, since).await?;
    let main = html! {
        div.main {
            h1 { (TITLE) }
            @if arrived > 0 {
                p #arrived { a.button href={ (INBOX) "?view=new" } { (ui::count(arrived, "new report", "new reports")) } }
            } @else {
                p { "Nothing has come in since." }
            }
        }
    };
    Ok(request.page(Area::Feedback, TITLE, main))
}

/// Where scripts show it.
pub fn place(now: Timestamp) -> Markup {
    html! { div data-arrivals=(ui::list::address(&format!("{INBOX}/arrivals"), "", &[("since", Some(&now.to_string()))])) aria-live="polite" {} }
}

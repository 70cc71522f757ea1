//! The first page: what needs the person who is signed in.

use maud::html;

use crate::web::Answer;

use super::{
    request::PanelRequest,
    ui::{self, shell::Area},
};

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let main = html! {
        div.main {
            (ui::head("What needs you", html! {}))
            (ui::empty("Nothing is waiting for you.", html! { (ui::link_button("/admin/role-pages", "Look at the role pages")) }))
        }
    };
    Ok(request.page(Area::Dashboard, "Dashboard", main))
}

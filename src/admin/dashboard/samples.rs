//! Sample content for a site that has none: what it would be, and one button.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    content, demo,
    kernel::{Permission, Result},
    web::Answer,
};

use super::super::{
    form::FormState,
    request::PanelRequest,
    ui::{self, shell::Area, words},
};

/// Where the page is.
pub const ADDRESS: &str = "/admin/samples";
const TITLE: &str = "Add sample content";

/// Whether the site has no document at all.
async fn is_empty(request: &PanelRequest) -> Result<bool> {
    let begun = content::beginnings(&request.ctx).await?;
    Ok(!begun.role_page && !begun.requirement_section)
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    let main = page(is_empty(&request).await?, &FormState::new())?;
    Ok(request.page(Area::Dashboard, TITLE, main))
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    request.form.fields(&[])?.finish()?;
    match demo::add_samples(&request.ctx, &request.app.store).await {
        Ok(added) => {
            request.app.ring();
            let pages = ui::count(added.role_pages, "role page", "role pages");
            let sections = ui::count(added.requirement_sections, "requirement section", "requirement sections");
            let images = ui::count(added.images, "picture", "pictures");
            let said = format!("{pages}, {sections} and {images} are added. All of them are drafts.");
            request.done("/admin/role-pages", said).await
        }
        Err(error) => {
            let state = FormState::new().refused(error)?;
            let main = page(is_empty(&request).await?, &state)?;
            Ok(request.page_with(StatusCode::CONFLICT, Area::Dashboard, &format!("Error: {TITLE}"), main))
        }
    }
}

fn page(empty: bool, state: &FormState) -> Result<Markup> {
    let samples = demo::samples()?;
    Ok(html! {
        div.main { div.reading.stack {
            h1 { (TITLE) }
            (ui::error_summary(state))
            @if empty {
                p { "These become drafts of yours, with the pictures in them. Nothing becomes public, nobody is added, and you can change them or put them into the trash like anything else." }
                ul { @for (kind, title) in &samples { li { (title) " (" (words::kind(*kind).to_lowercase()) ")" } } }
                form method="post" action=(ADDRESS) {
                    div.buttons { (ui::submit(TITLE)) a href="/admin" { "Back without adding" } }
                }
            } @else {
                p { "There is content already, so no samples are added." }
                (ui::link_button("/admin", "Back to what needs you"))
            }
        } }
    })
}

//! The first steps of a new site, for administrators, until all of them are taken. Each ticks itself.

use maud::{Markup, html};

use crate::{
    accounts::{self, api_keys},
    content,
    kernel::{Permission, Result},
    site::{self, Settings},
};

use super::{
    super::{
        connect,
        request::PanelRequest,
        ui::{self, Badge, badge::Look},
    },
    samples,
};

/// The checklist, or nothing once it is done.
pub async fn checklist(request: &PanelRequest) -> Result<Markup> {
    if !request.may(Permission::SettingsManage) || !request.may(Permission::KeysManage) {
        return Ok(html! {});
    }
    let begun = content::beginnings(&request.ctx).await?;
    let (settings, people) = {
        let snapshot = request.app.database.read().await?;
        (site::settings(&*snapshot).await?, accounts::count(&*snapshot).await?)
    };
    let connected = !api_keys::list(&request.ctx).await?.is_empty();
    let steps = [
        (settings != Settings::default(), "/admin/settings", "Name the site and describe your review rule"),
        (people > 1, "/admin/users", "Invite a colleague"),
        (begun.requirement_section, "/admin/requirement-sections/new", "Make a requirement section"),
        (begun.role_page, "/admin/role-pages/new", "Make the first role page from the outline"),
        (connected, connect::ADDRESS, "Connect a site: a key, and the report form to paste"),
        (begun.published, "/admin/role-pages", "Publish something"),
    ];
    let done = steps.iter().filter(|(done, _, _)| *done).count();
    Ok(html! {
        @if done < steps.len() {
            section.card {
                h2 { "First steps (" (done) " of " (steps.len()) " done)" }
                ol.steps { @for (done, address, words) in steps { li {
                    @if done { (Badge::new(Look::Good, "Done")) } @else { (Badge::new(Look::Quiet, "To do")) }
                    a href=(address) { (words) }
                } } }
                @if begun.empty {
                    p { "Would you rather look at something first? " (ui::link_button(samples::ADDRESS, "Add sample content…")) }
                }
            }
        }
    })
}

//! What is said when a document changed while somebody was looking at one of its forms: what changed, and by whom. The
//! form stands below it again, with everything typed, and starts from what is there now.

use maud::{Markup, html};

use crate::{
    content::Document,
    kernel::{Error, Result, VersionNumber},
    web::session::Tone,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, time},
    },
    Opened, compare,
};

/// # Errors
/// Every other error, as it came.
pub async fn notice(request: &PanelRequest, opened: Opened, document: &Document, error: Error) -> Result<Markup> {
    let Error::Stale(_) = error else { return Err(error) };
    let standing = &document.standing;
    let seen = request.form.value("version").parse().map(VersionNumber).ok();
    let comparison = match seen {
        Some(seen) if seen <= document.latest_version && seen.0 > 0 => {
            Some(compare::drawn(request, opened, seen, standing.version, "stale-").await?)
        }
        _ => None,
    };
    let (zone, now) = (&request.chrome.zone, request.now());
    Ok(html! {
        (ui::banner(Tone::Warning, html! {
            p {
                "This changed while you were looking at it, so nothing was done. The last change is by "
                (standing.updated_by.name) ", " (time::when(zone, now, standing.updated_at)) ". "
                @match seen {
                    Some(seen) => { "You saw version " (seen) "; now it is version " (standing.version) "." }
                    None => { "Now it is version " (standing.version) "." }
                }
            }
            p { "What you typed is still below. Look at what changed, then decide again." }
        }))
        @if let Some(comparison) = comparison {
            h2 { "What changed since you looked" }
            (comparison)
        }
    })
}

//! Who looks after a document, and by when it is to be looked at again. Neither makes a version.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{self, Document, Ownership},
    kernel::{Error, Permission, Result, UserId},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field},
    },
    Opened, Tab, document_head, seen, stale, title_of,
};

pub async fn ownership(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let owner = document.standing.owner.as_ref().and_then(|owner| owner.id);
    let state = FormState::new()
        .with("version", document.standing.version.to_string())
        .with("owner", owner.map(|id| id.to_string()).unwrap_or_default())
        .with("review_by", document.standing.review_by.clone().unwrap_or_default());
    Ok(page(&request, opened, &document, &state, html! {}, StatusCode::OK).await?)
}

pub async fn own(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    match carry_out(&request, opened).await {
        Ok(()) => {
            request.app.ring();
            request.done(&opened.address(""), "Owner and review date are kept.").await
        }
        Err(error @ Error::Stale(_)) => {
            let document = opened.document(&request).await?;
            let notice = stale::notice(&request, opened, &document, error).await?;
            let state = FormState::of(&request.form).with("version", document.standing.version.to_string());
            Ok(page(&request, opened, &document, &state, notice, StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let document = opened.document(&request).await?;
            Ok(page(&request, opened, &document, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn carry_out(request: &PanelRequest, opened: Opened) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let version = seen(&mut fields)?;
    let change =
        Ownership { owner: Some(fields.id("owner").map(UserId)), review_by: Some(fields.text("review_by", 10)) };
    fields.finish()?;
    content::own(&request.ctx, opened.kind, opened.id, version, change).await?;
    Ok(())
}

async fn page(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let head = document_head(request, document, Tab::None).await?;
    let people = content::possible_owners(&request.ctx).await?;
    let mut options = vec![(String::new(), "Nobody".to_owned())];
    options.extend(people.into_iter().filter_map(|person| Some((person.id?.to_string(), person.name))));
    let main = html! {
        (head)
        div.main { div.reading.stack {
            (notice)
            h2 { "Owner and review date" }
            (ui::error_summary(state))
            p { "The owner is asked when the review is due. The review date stands in the public JSON. No version is made." }
            form method="post" action=(opened.address("ownership")) {
                (field::hidden("version", state.value("version")))
                (field::select(&state.field("owner", "Owner").class("medium"), &options))
                (field::text(&state.field("review_by", "To be reviewed by").kind("date").class("short")
                    .hint("Leave it empty if no date is set.")))
                div.buttons { (ui::submit("Keep owner and review date")) a href=(opened.address("")) { "Cancel" } }
            }
        } }
    };
    let title = format!("Owner and review date: {}", title_of(document));
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(opened.area(), &title, main),
        other => request.page_with(other, opened.area(), &title, main),
    })
}

//! Replacing and deleting an image: each has a page that says what will happen before the button.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content,
    kernel::{DocumentId, Error, MediaId, Permission, Result, VersionNumber},
    media::{self, Media, NewImage, Use},
    web::{Answer, session::Tone},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, confirm, field, shell::Area},
    },
    ACCEPT, ALT_HINT, KINDS, address, thumbnail, uses_table,
};

pub async fn show_replace(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let (media, uses) = seen(&request).await?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let state = FormState::new()
        .with("version", media.version.0.to_string())
        .with("alt", text(&media.alt))
        .with("caption", text(&media.caption))
        .with("credit", text(&media.credit));
    Ok(request.page(Area::Media, &replace_title(&media), replace_page(&state, &media, &uses)))
}

async fn seen(request: &PanelRequest) -> Result<(Media, Vec<Use>)> {
    let id: MediaId = request.id("id")?;
    Ok((media::get(&request.ctx, id).await?, media::uses(&request.ctx, id).await?))
}

fn replace_title(media: &Media) -> String {
    format!("Replace {}", media.filename)
}

fn replace_page(state: &FormState, media: &Media, uses: &[Use]) -> Markup {
    let count = u64::try_from(uses.len()).unwrap_or_default();
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/media".to_owned(), "Media".to_owned()), (address(media.id), media.filename.clone())]))
            h1 { (replace_title(media)) }
            (ui::error_summary(state))
            div.picture-place { (thumbnail(media)) }
            @if uses.is_empty() {
                p { "A new picture is added in place of this one. No document uses this one now." }
            } @else {
                p {
                    "A new picture is added, and " (ui::count(count, "draft is made, of the document", "drafts are made, one of each document"))
                    " below. Nothing that is live changes until you publish them. Each use keeps its own alternative text: read it again before you publish."
                }
                (uses_table(uses))
            }
            form method="post" action={ (address(media.id)) "/replace" } enctype="multipart/form-data" {
                (field::hidden("version", state.value("version")))
                (field::file(&state.field("file", "New picture").hint(KINDS), ACCEPT, false))
                (field::area(&state.field("alt", "Alternative text").hint(ALT_HINT).rows(2)))
                (field::text(&state.field("caption", "Caption")))
                (field::text(&state.field("credit", "Credit").class("medium")))
                div.buttons { (ui::submit("Replace")) (ui::link_button(&address(media.id), "Cancel")) }
            }
        } }
    }
}

pub async fn replace(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let id: MediaId = request.id("id")?;
    let before = media::get(&request.ctx, id).await?;
    let outcome = match read(&mut request) {
        Ok((seen, new)) => media::replace(&request.ctx, &request.app.store, id, seen, new).await,
        Err(error) => Err(error),
    };
    let replaced = match outcome {
        Ok(replaced) => replaced,
        Err(error) => return Ok(not_replaced(&request, &before, error).await?),
    };
    let documents: Vec<DocumentId> = replaced.uses.iter().map(|used| used.id).collect();
    let outcomes = content::replace_image_in(&request.ctx, &documents, id, replaced.media.id).await;
    request.app.ring();
    let failed =
        replaced.uses.iter().zip(&outcomes).filter_map(|(used, outcome)| Some((used, outcome.as_ref().err()?)));
    let failed: Vec<String> = failed.map(|(used, error)| format!("“{}” ({error})", used.title)).collect();
    let made = u64::try_from(documents.len().saturating_sub(failed.len())).unwrap_or_default();
    let mut text = match made {
        0 => "The picture was replaced.".to_owned(),
        made => format!("The picture was replaced, and {} made.", ui::count(made, "draft was", "drafts were")),
    };
    if !failed.is_empty() {
        text.push_str(&format!(" No draft could be made of {}. Change the picture there by hand.", failed.join(", ")));
    }
    let tone = if failed.is_empty() { Tone::Done } else { Tone::Warning };
    request.say(tone, text, None).await?;
    crate::web::see_other(&address(replaced.media.id))
}

/// The form again, with everything typed; the file has to be chosen again, since no page can do that for a person.
async fn not_replaced(request: &PanelRequest, before: &Media, error: Error) -> Result<Response> {
    let (media, uses) = seen(request).await?;
    let title = replace_title(before);
    let typed = FormState::of(&request.form);
    let state = match error {
        Error::Stale(_) => {
            let detail = "Somebody changed this picture meanwhile, so nothing was replaced. Look at it, choose the file again and send it once more.";
            let state = typed.with("version", media.version.0.to_string()).refused(Error::conflict("stale", detail))?;
            let main = replace_page(&state, &media, &uses);
            return Ok(request.page_with(StatusCode::CONFLICT, Area::Media, &title, main));
        }
        Error::TooLarge { limit } => {
            typed.with_fault("file", &format!("The file is larger than {}.", ui::bytes(limit)))
        }
        other => typed.refused(other)?,
    };
    Ok(request.refused(Area::Media, &title, replace_page(&state, &media, &uses)))
}

fn read(request: &mut PanelRequest) -> Result<(VersionNumber, NewImage)> {
    let mut files = std::mem::take(&mut request.form.files);
    let mut fields = request.form.fields(&[]);
    let version = fields.required_text("version", 20).parse().unwrap_or_default();
    let (alt, caption, credit) = (fields.raw_text("alt"), fields.raw_text("caption"), fields.raw_text("credit"));
    let file = files.pop();
    match &file {
        None => fields.fault("file", "missing-field", "Choose the picture that takes the place of this one."),
        Some(_) if !files.is_empty() => fields.fault("file", "too-many", "Choose one file only."),
        Some(_) => {}
    }
    fields.finish()?;
    let file = file.ok_or_else(|| Error::bug("a form without a file was accepted"))?;
    let new = NewImage { filename: file.name, bytes: file.bytes, alt, caption, credit, focal_point: None };
    Ok((VersionNumber(version), new))
}

pub async fn show_delete(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let (media, uses) = seen(&request).await?;
    Ok(request.page(Area::Media, &delete_title(&media), delete_page(&FormState::new(), &media, &uses)))
}

fn delete_title(media: &Media) -> String {
    format!("Delete {}", media.filename)
}

/// Asks, or says why the image is kept.
fn delete_page(state: &FormState, media: &Media, uses: &[Use]) -> Markup {
    let kept = media::kept(media, uses);
    let back = address(media.id);
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/media".to_owned(), "Media".to_owned()), (back.clone(), media.filename.clone())]))
            h1 { (delete_title(media)) }
            (ui::error_summary(state))
            div.picture-place { (thumbnail(media)) }
            @match kept {
                Ok(()) => {
                    (confirm::ask(
                        &format!("{back}/delete"),
                        html! { p { "The picture, what is said about it and all files made of it will be gone for good. No document uses it now; older versions that did will show that a picture is missing." } },
                        html! { (field::hidden("version", &media.version.0.to_string())) (ui::bad_button("Delete for good")) },
                        &back,
                    ))
                }
                Err(error) => {
                    p { "This picture can't be deleted. " (error) }
                    @if !uses.is_empty() { (uses_table(uses)) }
                    div.buttons { (ui::link_button(&back, "Back to the picture")) }
                }
            }
        } }
    }
}

pub async fn delete(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let id: MediaId = request.id("id")?;
    let mut fields = request.form.fields(&[]);
    let version = fields.required_text("version", 20).parse().unwrap_or_default();
    fields.finish()?;
    let filename = media::get(&request.ctx, id).await?.filename;
    match media::delete(&request.ctx, &request.app.store, id, VersionNumber(version)).await {
        Ok(()) => {
            request.app.ring();
            request.done("/admin/media", format!("{filename} was deleted.")).await
        }
        Err(error) => Ok(not_deleted(&request, error).await?),
    }
}

async fn not_deleted(request: &PanelRequest, error: Error) -> Result<Response> {
    let state = match error {
        Error::Stale(_) => {
            let detail = "Somebody changed this picture meanwhile. Look at it again before you delete it.";
            FormState::new().refused(Error::conflict("stale", detail))?
        }
        other => FormState::new().refused(other)?,
    };
    let (media, uses) = seen(request).await?;
    let title = delete_title(&media);
    Ok(request.page_with(StatusCode::CONFLICT, Area::Media, &title, delete_page(&state, &media, &uses)))
}

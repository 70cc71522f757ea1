//! Uploading several files at once, and describing right afterwards what came of them.
//!
//! Decision (2026-11-22): a file that is refused takes nothing else with it. What could be added is added, what could
//! not is named with its reason, and the form of descriptions stands on the same page.
//!
//! Decision (2026-11-22): a file that the library has already is not added again unless the person asks for it: most
//! second uploads are somebody who did not find the first. The other one keeps its own words either way.

use axum::response::Response;
use maud::{Markup, html};

use crate::{
    kernel::{Error, Fault, MediaId, Permission, Result, VersionNumber},
    media::{self, Media, MediaChange, NewImage},
    web::{Answer, UPLOAD_LIMIT, see_other, session::Tone},
};

use super::{
    super::{
        form::{FormState, Upload},
        request::PanelRequest,
        ui::{self, field, shell::Area},
    },
    ACCEPT, ALT_HINT, KINDS, address, thumbnail,
};

const UPLOAD: &str = "Upload pictures";
const DESCRIBE: &str = "Describe the pictures";
/// Pictures that are described on one page.
const MOST: usize = 100;

/// What came of the files of one form.
#[derive(Default)]
struct Outcome {
    added: Vec<Media>,
    /// The library had these files already.
    there: Vec<Media>,
    refused: Vec<Fault>,
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let main = html! { div.main { div.reading.stack { h1 { (UPLOAD) } (choose(&FormState::new())) } } };
    Ok(request.page(Area::Media, UPLOAD, main))
}

fn choose(state: &FormState) -> Markup {
    let limit =
        format!("{KINDS} At most {} in all at once. Where a photo was taken is removed.", ui::bytes(UPLOAD_LIMIT));
    html! {
        form method="post" action="/admin/media/new" enctype="multipart/form-data" data-drop {
            (field::file(&state.field("files", "Pictures").hint(limit), ACCEPT, true))
            (field::check(&state.field("again", "Add files again that the library already has")))
            (ui::submit("Upload"))
        }
    }
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let mut fields = request.form.fields(&[]);
    let again = fields.text("again", 10).is_some();
    fields.finish()?;
    let files = std::mem::take(&mut request.form.files);
    let outcome = add_each(&request, files, again).await?;
    request.app.ring();
    if outcome.refused.is_empty() {
        let (ids, there) = (joined(&outcome.added), joined(&outcome.there));
        if !outcome.added.is_empty() {
            let count = u64::try_from(outcome.added.len()).unwrap_or_default();
            let text = format!("{} added.", ui::count(count, "picture was", "pictures were"));
            request.say(Tone::Done, text, None).await?;
        }
        return see_other(&format!("/admin/media/describe?ids={ids}&there={there}"));
    }
    Ok(partly(&request, outcome)?)
}

/// Adds the files one after the other.
///
/// # Errors
/// Faults of ours only; what is wrong with a file is part of the outcome.
async fn add_each(request: &PanelRequest, files: Vec<Upload>, again: bool) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    if files.is_empty() {
        outcome.refused.push(Fault::new("/files", "missing-field", "Choose at least one file."));
    }
    for file in files {
        if let Some(media) = media::already_there(&request.ctx, &file.bytes).await?
            && !again
        {
            // A file that was chosen twice in this form is one picture.
            if !outcome.added.contains(&media) && !outcome.there.contains(&media) {
                outcome.there.push(media);
            }
            continue;
        }
        let new = NewImage {
            filename: file.name.clone(),
            bytes: file.bytes,
            alt: None,
            caption: None,
            credit: None,
            focal_point: None,
        };
        match media::add(&request.ctx, &request.app.store, new).await {
            Ok(media) => outcome.added.push(media),
            Err(error) => outcome.refused.push(refusal(&file.name, error)?),
        }
    }
    Ok(outcome)
}

/// Why a file was not added, in a sentence with its name.
///
/// # Errors
/// What says nothing about the file.
fn refusal(name: &str, error: Error) -> Result<Fault> {
    let (code, why) = match error {
        Error::Invalid(faults) => {
            let details: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
            ("refused", details.join(" "))
        }
        Error::TooLarge { limit } => ("too-large", format!("The file is larger than {}.", ui::bytes(limit))),
        Error::Unavailable(_) => ("unavailable", "It could not be stored at the moment; send it again.".to_owned()),
        other => return Err(other),
    };
    Ok(Fault::new("/files", code, format!("“{name}” was not added. {why}")))
}

fn joined(images: &[Media]) -> String {
    images.iter().map(|media| media.id.to_string()).collect::<Vec<_>>().join(",")
}

/// The page after some files were refused: why, what was added nevertheless, and the form for other files.
fn partly(request: &PanelRequest, outcome: Outcome) -> Result<Response> {
    let refused = FormState::of(&request.form).refused(Error::Invalid(outcome.refused))?;
    let main = html! {
        div.main { div.reading.stack {
            h1 { (UPLOAD) }
            (ui::error_summary(&refused))
            (already(&outcome.there))
            @if !outcome.added.is_empty() {
                h2 { "Describe what was added" }
                (form(&described(&outcome.added), &outcome.added))
            }
            @if !outcome.added.is_empty() || !outcome.there.is_empty() { h2 { "Choose other files" } }
            (choose(&refused))
        } }
    };
    Ok(request.refused(Area::Media, UPLOAD, main))
}

/// Files that were there before, each with the picture that was made of it then.
fn already(there: &[Media]) -> Markup {
    html! {
        @if !there.is_empty() {
            (ui::banner(Tone::Note, html! {
                p { "The library already has:" }
                ul { @for media in there { li {
                    a href=(address(media.id)) { (media.filename) }
                    @if let Some(alt) = &media.alt { ", “" (alt) "”" }
                } } }
                p { "Use what is there; it was not added a second time." }
            }))
        }
    }
}

pub async fn show_describe(mut request: PanelRequest) -> Answer {
    let (ids, there) = (ids_of(&mut request, "ids"), ids_of(&mut request, "there"));
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let images = media::several(&request.ctx, &ids).await?;
    let there = media::several(&request.ctx, &there).await?;
    let main = html! {
        div.main { div.reading.stack {
            h1 { (DESCRIBE) }
            (already(&there))
            @if images.is_empty() {
                (ui::empty("No picture was added.", ui::link_button("/admin/media", "Go to the library")))
            } @else {
                p { "What you write here is offered wherever a picture is used; every use can have words of its own." }
                (form(&described(&images), &images))
            }
        } }
    };
    Ok(request.page(Area::Media, DESCRIBE, main))
}

fn ids_of(request: &mut PanelRequest, name: &str) -> Vec<MediaId> {
    let texts = request.query.names(name).unwrap_or_default();
    let read = read_ids(texts.iter().map(String::as_str));
    if read.is_none() {
        request.query.fault(name, "not-an-id", "Up to 100 ids, separated by commas, were expected.");
    }
    read.unwrap_or_default()
}

fn read_ids<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Vec<MediaId>> {
    let ids: Option<Vec<MediaId>> = texts.filter(|text| !text.is_empty()).map(|text| text.parse().ok()).collect();
    ids.filter(|ids| ids.len() <= MOST)
}

pub async fn describe(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let typed = match read(&request) {
        Ok(typed) => typed,
        Err(error) => {
            let ids = read_ids(request.form.value("ids").split(',')).unwrap_or_default();
            let images = media::several(&request.ctx, &ids).await?;
            let state = FormState::of(&request.form).refused(error)?;
            return Ok(request.refused(Area::Media, DESCRIBE, refused_form(&state, &images)));
        }
    };
    let ids: Vec<MediaId> = typed.iter().map(|(id, ..)| *id).collect();
    let mut state = FormState::of(&request.form);
    for (id, seen, change) in typed {
        match media::change(&request.ctx, id, seen, change).await {
            // Should another one be refused, this one is sent again from where it stands now.
            Ok(media) => state = state.with(&named("version", id), media.version.0.to_string()),
            Err(Error::Stale(_)) => state = overtaken(&request, state, id).await?,
            Err(Error::NotFound(_)) => {
                state = state.with_fault(&named("alt", id), "Somebody has deleted this picture meanwhile.");
            }
            Err(error) => state = state.refused(of_picture(error, id))?,
        }
    }
    request.app.ring();
    if state.is_faulty() {
        let images = media::several(&request.ctx, &ids).await?;
        return Ok(request.refused(Area::Media, DESCRIBE, refused_form(&state, &images)));
    }
    let count = u64::try_from(ids.len()).unwrap_or_default();
    request.done("/admin/media", format!("The words of {} were saved.", ui::count(count, "picture", "pictures"))).await
}

fn read(request: &PanelRequest) -> Result<Vec<(MediaId, VersionNumber, MediaChange)>> {
    let mut fields = request.form.fields(&[]);
    let ids = fields.raw_text("ids").unwrap_or_default();
    let ids = read_ids(ids.split(',')).unwrap_or_default();
    let mut typed = Vec::new();
    for id in ids {
        let version = fields.text(&named("version", id), 20).and_then(|text| text.parse().ok());
        let change = MediaChange {
            alt: Some(fields.raw_text(&named("alt", id))),
            caption: Some(fields.raw_text(&named("caption", id))),
            credit: Some(fields.raw_text(&named("credit", id))),
            ..MediaChange::default()
        };
        typed.push((id, VersionNumber(version.unwrap_or_default()), change));
    }
    fields.finish()?;
    Ok(typed)
}

/// Somebody was quicker: what they wrote is shown, and sending again puts these words in its place.
async fn overtaken(request: &PanelRequest, state: FormState, id: MediaId) -> Result<FormState> {
    let media = media::get(&request.ctx, id).await?;
    let theirs = media.alt.as_deref().unwrap_or("no alternative text");
    let detail = format!("Somebody described “{}” meanwhile: {theirs}. Save again to keep your words.", media.filename);
    Ok(state.with(&named("version", id), media.version.0.to_string()).with_fault(&named("alt", id), &detail))
}

/// The faults of one picture, at its fields among those of the others.
fn of_picture(error: Error, id: MediaId) -> Error {
    match error {
        Error::Invalid(faults) => {
            let moved = |fault: Fault| Fault { pointer: format!("{}-{id}", fault.pointer), ..fault };
            Error::Invalid(faults.into_iter().map(moved).collect())
        }
        other => other,
    }
}

fn named(field: &str, id: MediaId) -> String {
    format!("{field}-{id}")
}

fn refused_form(state: &FormState, images: &[Media]) -> Markup {
    html! {
        div.main { div.reading.stack {
            h1 { (DESCRIBE) }
            (ui::error_summary(state))
            (form(state, images))
        } }
    }
}

/// What the form of these pictures shows at first.
fn described(images: &[Media]) -> FormState {
    images.iter().fold(FormState::new(), |state, media| {
        state
            .with(&named("version", media.id), media.version.0.to_string())
            .with(&named("alt", media.id), media.alt.clone().unwrap_or_default())
            .with(&named("caption", media.id), media.caption.clone().unwrap_or_default())
            .with(&named("credit", media.id), media.credit.clone().unwrap_or_default())
    })
}

fn form(state: &FormState, images: &[Media]) -> Markup {
    html! {
        form.stack method="post" action="/admin/media/describe" {
            (field::hidden("ids", &joined(images)))
            @for media in images {
                (picture(state, media))
            }
            div.buttons {
                (ui::submit("Save descriptions"))
                (ui::link_button("/admin/media", "Do it later"))
            }
        }
    }
}

fn picture(state: &FormState, media: &Media) -> Markup {
    let [version, alt, caption, credit] = ["version", "alt", "caption", "credit"].map(|name| named(name, media.id));
    let about = format!("of {}", media.filename);
    html! {
        fieldset.card.describing {
            legend.vh { (media.filename) }
            div.picture-place { (thumbnail(media)) }
            div {
                p { a href=(address(media.id)) { (media.filename) } }
                (field::hidden(&version, state.value(&version)))
                (field::area(&state.field(&alt, "Alternative text").about(&about).hint(ALT_HINT).rows(2)))
                (field::text(&state.field(&caption, "Caption").about(&about)))
                (field::text(&state.field(&credit, "Credit").about(&about).class("medium")))
            }
        }
    }
}

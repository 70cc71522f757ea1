//! One image: how it looks, what is said about it, its files, and who uses it.

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    kernel::{Error, Fault, MediaId, Permission, Result, VersionNumber},
    media::{self, FocalPoint, Media, MediaChange, Use},
    web::{Answer, session::Tone},
};

use super::{
    super::{
        form::FormState,
        layers::Bytes,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, field, shell::Area, time},
    },
    ALT_HINT, address, bytes, file_address, size, uses_table,
};

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let media = media::get(&request.ctx, request.id("id")?).await?;
    let state = shown(&media);
    let main = page(&request, &media, &state, None).await?;
    Ok(request.page(Area::Media, &media.filename, main))
}

/// What the form shows before anything was typed.
fn shown(media: &Media) -> FormState {
    let (x, y) = focal_texts(media);
    FormState::new()
        .with("version", media.version.0.to_string())
        .with("filename", media.filename.clone())
        .with("alt", media.alt.clone().unwrap_or_default())
        .with("caption", media.caption.clone().unwrap_or_default())
        .with("credit", media.credit.clone().unwrap_or_default())
        .with("focal_x", x)
        .with("focal_y", y)
}

/// The focal point in per cent, as the form shows it.
fn focal_texts(media: &Media) -> (String, String) {
    let text = |part: f64| {
        let text = format!("{:.1}", part * 100.0);
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    media.focal_point.map_or_else(Default::default, |point| (text(point.x), text(point.y)))
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::MediaWrite)?;
    let id: MediaId = request.id("id")?;
    let before = media::get(&request.ctx, id).await?;
    let outcome = match read(&request, &before) {
        Ok((seen, change)) => media::change(&request.ctx, id, seen, change).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(media) => {
            request.app.ring();
            request.done(&address(id), format!("What is said about {} was saved.", media.filename)).await
        }
        Err(Error::Stale(_)) => overtaken(&request, id).await.map_err(Into::into),
        Err(error) => {
            let state = FormState::of(&request.form).refused(at_fields(error))?;
            let main = page(&request, &before, &state, None).await?;
            Ok(request.refused(Area::Media, &before.filename, main))
        }
    }
}

fn read(request: &PanelRequest, before: &Media) -> Result<(VersionNumber, MediaChange)> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.required_text("version", 20).parse().unwrap_or_default();
    let filename = fields.raw_text("filename");
    let (alt, caption, credit) = (fields.raw_text("alt"), fields.raw_text("caption"), fields.raw_text("credit"));
    let typed = (fields.text("focal_x", 20).unwrap_or_default(), fields.text("focal_y", 20).unwrap_or_default());
    // What is shown is rounded, so a point that nobody touched stays as exact as it is.
    let focal_point = if typed == focal_texts(before) {
        None
    } else {
        match (typed.0.is_empty() && typed.1.is_empty(), percent(&typed.0), percent(&typed.1)) {
            (true, ..) => Some(None),
            (_, Some(x), Some(y)) => Some(Some(FocalPoint { x, y })),
            (_, x, _) => {
                let wrong = if x.is_none() { "focal_x" } else { "focal_y" };
                fields.fault(wrong, "not-a-number", "Give both numbers, from 0 to 100, or neither.");
                None
            }
        }
    };
    fields.finish()?;
    let change = MediaChange { filename, alt: Some(alt), caption: Some(caption), credit: Some(credit), focal_point };
    Ok((VersionNumber(seen), change))
}

fn percent(text: &str) -> Option<f64> {
    text.trim_end_matches('%').trim().parse::<f64>().ok().map(|number| number / 100.0)
}

/// The domain speaks of one point, the form has two numbers.
fn at_fields(error: Error) -> Error {
    let moved = |fault: Fault| match fault.pointer.as_str() {
        "/focal_point" => Fault::new("/focal_x", fault.code, "Both numbers lie between 0 and 100."),
        _ => fault,
    };
    match error {
        Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(moved).collect()),
        other => other,
    }
}

/// Somebody changed the image since the form was opened: what it says now stands beside what was typed.
async fn overtaken(request: &PanelRequest, id: MediaId) -> Result<Response> {
    let media = media::get(&request.ctx, id).await?;
    let state = FormState::of(&request.form).with("version", media.version.0.to_string());
    let now = shown(&media);
    let names = [
        ("filename", "Name"),
        ("alt", "Alternative text"),
        ("caption", "Caption"),
        ("credit", "Credit"),
        ("focal_x", "Focal point, from the left"),
        ("focal_y", "Focal point, from the top"),
    ];
    let differing: Vec<_> = names.into_iter().filter(|(name, _)| now.value(name) != state.value(name)).collect();
    let note = ui::banner(
        Tone::Warning,
        html! {
            p { "Somebody changed this picture meanwhile, so nothing was saved. What you typed is still in the form; save it again to put it in place of theirs." }
            @if !differing.is_empty() {
                p { "Where it differs from yours, it now says:" }
                dl.facts { @for (name, words) in differing {
                    dt { (words) } dd { @if now.value(name).is_empty() { "nothing" } @else { (now.value(name)) } }
                } }
            }
        },
    );
    let main = page(request, &media, &state, Some(note)).await?;
    Ok(request.page_with(StatusCode::CONFLICT, Area::Media, &media.filename, main))
}

async fn page(request: &PanelRequest, media: &Media, state: &FormState, note: Option<Markup>) -> Result<Markup> {
    let uses = media::uses(&request.ctx, media.id).await?;
    let may_write = request.may(Permission::MediaWrite);
    let sample = request.samples().await?.contains(media.id);
    Ok(html! {
        div.main {
            (ui::crumbs(&[("/admin/media".to_owned(), "Media".to_owned())]))
            (ui::head(&media.filename, html! {
                @if sample { (Badge::sample()) }
                @if may_write { (steps(media, &uses)) }
            }))
            (ui::error_summary(state))
            @if let Some(note) = note { (note) }
            @if let Some(by) = media.replaced_by {
                (ui::banner(Tone::Note, html! { p { "This picture has been replaced. " a href=(address(by)) { "Open the one in its place" } } }))
            }
            div.split {
                div.stack {
                    (picture(media))
                    @if may_write { (form(media, state)) } @else { (said(media)) }
                }
                div.stack { (facts(request, media)) (files(media)) (used_on(&uses)) }
            }
        }
    })
}

fn steps(media: &Media, uses: &[Use]) -> Markup {
    let address = address(media.id);
    html! {
        @if media.replaced_by.is_none() { a.button href={ (address) "/replace" } data-dialog { "Replace…" } }
        @if media::kept(media, uses).is_ok() { a.button href={ (address) "/delete" } data-dialog { "Delete…" } }
    }
}

/// The picture at a middle size, with its focal point on it.
fn picture(media: &Media) -> Markup {
    let mut webp = media.renditions.iter().filter(|file| file.media_type == "image/webp");
    let file = webp.clone().find(|file| file.width >= 960).or_else(|| webp.next_back());
    html! {
        figure.picture {
            @if let Some(file) = file {
                div.picture-focus data-focal {
                    img src=(file_address(media.id, &file.key)) width=(file.width) height=(file.height)
                        alt=(media.alt.as_deref().unwrap_or("The picture, which has no alternative text yet."));
                    @if let Some(point) = media.focal_point {
                        (focus(point, f64::from(file.width), f64::from(file.height)))
                    }
                }
            }
            @if let Some(caption) = &media.caption { figcaption { (caption) } }
        }
    }
}

fn focus(point: FocalPoint, width: f64, height: f64) -> Markup {
    let (x, y, radius) = (point.x * width, point.y * height, width.max(height) / 30.0);
    html! {
        svg viewBox={ "0 0 " (width) " " (height) } aria-hidden="true" {
            circle.under cx=(x) cy=(y) r=(radius) {}
            circle.over cx=(x) cy=(y) r=(radius) {}
            circle.middle cx=(x) cy=(y) r=(radius / 5.0) {}
        }
    }
}

fn form(media: &Media, state: &FormState) -> Markup {
    html! {
        section.stack aria-labelledby="words" {
            h2 #words { "What is said about it" }
            p.muted { "These words are offered when somebody places the picture. Each use has words of its own, which don't change with these. Whether a picture is only decoration is said at each use, too." }
            form method="post" action=(address(media.id)) {
                (field::hidden("version", state.value("version")))
                (field::text(&state.field("filename", "Name")))
                (field::area(&state.field("alt", "Alternative text").hint(ALT_HINT).rows(2)))
                details.field {
                    summary { "How to write it" }
                    div.stack-s {
                        p { "Say what matters about the picture on the page. Begin with the subject, leave out “picture of”, and end with a full stop. Words that can be read in the picture belong in the text." }
                        ul {
                            li { "For a photo: “A porter wheels a patient along a hospital corridor; both are laughing.”" }
                            li { "For a diagram: “Three routes into nursing: degree, apprenticeship, and from another health role.”" }
                        }
                    }
                }
                (field::text(&state.field("caption", "Caption").hint("Stands below the picture, for everybody.")))
                (field::text(&state.field("credit", "Credit").hint("Who made the picture, or whose it is.").class("medium")))
                fieldset.field {
                    legend { "Focal point" }
                    p.hint { "The part that stays visible where a site crops the picture, in per cent. Without it, the middle." }
                    div.fields {
                        (field::text(&state.field("focal_x", "From the left").class("short")))
                        (field::text(&state.field("focal_y", "From the top").class("short")))
                    }
                }
                (ui::submit("Save"))
            }
        }
    }
}

/// What is said about the image, for those who may not change it.
fn said(media: &Media) -> Markup {
    html! {
        section.card {
            h2 { "What is said about it" }
            dl.facts {
                dt { "Alternative text" } dd { (super::alt(media)) }
                @if let Some(credit) = &media.credit { dt { "Credit" } dd { (credit) } }
            }
        }
    }
}

fn facts(request: &PanelRequest, media: &Media) -> Markup {
    let chrome = &request.chrome;
    html! {
        section.card {
            h2 { "The upload" }
            dl.facts {
                dt { "Kind" } dd { (media.media_type.trim_start_matches("image/").to_uppercase()) }
                dt { "Size" } dd { (size(media)) }
                dt { "Added" } dd { (time::when(&chrome.zone, chrome.now, media.created_at)) " by " (media.created_by.name) }
                dt { "Public" }
                dd {
                    @if media.public { (Badge::new(Look::Good, "Public")) " A publication has used it." }
                    @else { (Badge::new(Look::Quiet, "Not public")) " Only people who are signed in see it." }
                }
            }
        }
    }
}

fn files(media: &Media) -> Markup {
    html! {
        div.table {
            table {
                caption { "Files made of it" }
                thead { tr { th scope="col" { "Pixels" } th scope="col" { "Kind" } th.number scope="col" { "Size" } } }
                tbody {
                    @for file in &media.renditions {
                        tr {
                            th scope="row" {
                                a href=(file_address(media.id, &file.key)) { (file.width) " × " (file.height) }
                            }
                            td { (file.media_type.trim_start_matches("image/").to_uppercase()) }
                            td.number { (bytes(file.bytes)) }
                        }
                    }
                }
            }
        }
    }
}

fn used_on(uses: &[Use]) -> Markup {
    html! {
        @if uses.is_empty() {
            section.card { h2 { "Used in" } p { "No document uses it." } }
        } @else {
            (uses_table(uses))
        }
    }
}

/// A file of an image, also of one that is not public. The bytes under a key never change; what a browser keeps is gone
/// once its person signs out.
pub async fn file(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let media = media::get(&request.ctx, request.id("id")?).await?;
    let key = request.parameter("key");
    if !media.renditions.iter().any(|rendition| rendition.key == key) {
        return Err(Error::not_found("such image").into());
    }
    let file = media::file(&request.app.store, &*request.app.database.read().await?, key, false).await?;
    let file = file.ok_or_else(|| Error::not_found("such image"))?;
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ];
    Ok((StatusCode::OK, Extension(Bytes), headers, file.bytes).into_response())
}

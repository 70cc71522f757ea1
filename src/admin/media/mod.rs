//! The screens of the media library. It knows how images look in lists and what their addresses are; what may be done
//! with them the library itself decides.

mod detail;
mod library;
mod steps;
mod upload;

use maud::{Markup, html};

use crate::{
    content::Kind,
    kernel::{DocumentId, MediaId},
    media::{Media, Use},
};

use super::ui::{self, Badge, badge::Look};

pub use detail::{change, file, show};
pub use library::list;
pub use steps::{delete, replace, show_delete, show_replace};
pub use upload::{add, describe, show_describe, show_new};

/// The kinds of files that can be chosen; what a file really is, its content says.
const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif";
/// What can be uploaded, for the hints of file fields.
const KINDS: &str = "JPEG, PNG, WebP or GIF; at most 20 MB and 50 megapixels a file.";
/// What an alternative text is for.
const ALT_HINT: &str = "What the picture shows and why it is there, in a sentence, for people who don't see it.";

fn address(id: MediaId) -> String {
    format!("/admin/media/{id}")
}

/// Where people who are signed in get a file of an image.
fn file_address(id: MediaId, key: &str) -> String {
    format!("/admin/media/{id}/files/{key}")
}

/// The smallest file of an image. Its alternative text is empty, since the name of the image stands beside it.
fn thumbnail(media: &Media) -> Markup {
    html! {
        @if let Some(file) = media.renditions.first() {
            img.thumbnail src=(file_address(media.id, &file.key)) alt="" width=(file.width) height=(file.height)
                loading="lazy";
        }
    }
}

/// The suggested alternative text, or words that say that it is missing.
fn alt(media: &Media) -> Markup {
    html! {
        @match &media.alt {
            Some(alt) => { (alt) }
            None => { (Badge::new(Look::Warning, "No alternative text")) }
        }
    }
}

/// Pixels and bytes of what was uploaded.
fn size(media: &Media) -> String {
    format!("{} × {}, {}", media.width, media.height, bytes(media.bytes))
}

fn bytes(count: i64) -> String {
    ui::bytes(usize::try_from(count).unwrap_or_default())
}

fn used(count: u64) -> String {
    match count {
        0 => "not used".to_owned(),
        count => format!("used in {}", ui::count(count, "document", "documents")),
    }
}

fn document_address(kind: &str, id: DocumentId) -> String {
    Kind::from_name(kind).map_or_else(String::new, |kind| format!("/admin/{}/{id}", kind.collection()))
}

/// The documents that use an image, each with what of it uses it.
fn uses_table(uses: &[Use]) -> Markup {
    html! {
        div.table {
            table.cards {
                caption { "Used in " (ui::count(u64::try_from(uses.len()).unwrap_or_default(), "document", "documents")) }
                thead { tr { th scope="col" { "Document" } th scope="col" { "Kind" } th scope="col" { "Where" } } }
                tbody {
                    @for one in uses {
                        tr {
                            th scope="row" { a href=(document_address(&one.kind, one.id)) { (one.title) } }
                            td data-label="Kind" { (Kind::from_name(&one.kind).map_or("", ui::words::kind)) }
                            td data-label="Where" {
                                span.badges {
                                    @if one.live { (Badge::new(Look::Good, "Live")) }
                                    @if one.draft { (Badge::new(Look::Working, "Draft")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

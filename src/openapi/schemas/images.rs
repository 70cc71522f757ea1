//! Images of the library, and uploads.

use serde_json::{Value, json};

use super::{
    Schemas,
    limits::{LINE_LIMIT, TITLE_LIMIT},
    named,
    parts::{
        address, boolean, component, count, described, filled_text, fraction, id, input, list, nullable, object,
        page_of, record, text, text_up_to, time, version, with,
    },
};
use crate::media::MAX_BYTES;

pub fn schemas() -> Schemas {
    let mut replaced = media();
    replaced.push((
        "drafts",
        described(list(draft()), "The documents that used the old image, each with its new draft."),
        true,
    ));
    named([
        ("Media", described(record(media()), "An image of the library.")),
        ("MediaList", page_of(component("Media"))),
        ("ReplacedMedia", record(replaced)),
        ("MediaUpload", upload()),
        ("MediaChangeInput", change()),
        ("FocalPoint", focal_point()),
    ])
}

fn media() -> Vec<(&'static str, Value, bool)> {
    vec![
        ("id", id(), true),
        ("filename", text(), true),
        ("media_type", described(text(), "Of what was uploaded, like the bytes, the size and the hash."), true),
        ("bytes", count(), true),
        ("width", described(count(), "Upright, in pixels."), true),
        ("height", described(count(), "Upright, in pixels."), true),
        ("sha256", described(text(), "In hexadecimal."), true),
        ("alt", described(nullable(text()), "Suggested for the next use; every use has its own."), true),
        ("caption", nullable(text()), true),
        ("credit", nullable(text()), true),
        ("focal_point", nullable(component("FocalPoint")), true),
        ("replaced_by", described(nullable(id()), "The image that was put in its place."), true),
        ("public", described(boolean(), "Whether a publication has ever used it."), true),
        ("renditions", list(rendition()), true),
        ("created_at", time(), true),
        ("created_by", component("Person"), true),
        ("version", described(version(), "Counts the changes; also the ETag."), true),
    ]
}

fn rendition() -> Value {
    object([
        ("key", text()),
        ("width", count()),
        ("height", count()),
        ("type", text()),
        ("bytes", count()),
        ("src", described(address(), "Public once a publication has used the image; with a key before that.")),
    ])
}

fn draft() -> Value {
    object([
        ("id", id()),
        ("title", text()),
        ("version", described(nullable(version()), "The draft with the new image.")),
        ("failure", described(nullable(text()), "Why there is none; it can be done again.")),
    ])
}

fn upload() -> Value {
    let coordinate = |description: &str| described(fraction(), description);
    let file = json!({ "description": format!("A JPEG, PNG, WebP or GIF image of at most {MAX_BYTES} bytes."), "contentMediaType": "application/octet-stream" });
    let properties = json!({
        "file": file,
        "alt": text_up_to(LINE_LIMIT),
        "caption": text_up_to(LINE_LIMIT),
        "credit": text_up_to(LINE_LIMIT),
        "focal_x": coordinate("What must stay visible, from the left."),
        "focal_y": coordinate("What must stay visible, from the top."),
    });
    let schema = json!({ "type": "object", "properties": properties, "required": ["file"] });
    with(schema, "additionalProperties", false.into())
}

fn change() -> Value {
    let schema = input(
        &[],
        [
            ("filename", filled_text(TITLE_LIMIT)),
            ("alt", text_up_to(LINE_LIMIT)),
            ("caption", text_up_to(LINE_LIMIT)),
            ("credit", text_up_to(LINE_LIMIT)),
            ("focal_point", component("FocalPoint")),
        ],
    );
    described(schema, "What is left out stays as it is; null takes it away.")
}

fn focal_point() -> Value {
    let schema = object([("x", fraction()), ("y", fraction())]);
    described(
        with(schema, "additionalProperties", false.into()),
        "What must stay visible, from the left and from the top.",
    )
}

//! Images: each use says what it shows, or that it is decoration (WCAG 2.2, 1.1.1).

use super::{
    super::kinds::{Content, Part},
    Findings, Surroundings,
};

/// Longer alternative texts belong into the text (NHS digital service manual).
const ALT_ADVICE: usize = 125;

pub fn check(content: &Content, surroundings: &Surroundings, findings: &mut Findings) {
    content.walk(&mut |pointer, part| {
        let Part::Image(used) = part else { return };
        match used.media {
            None => findings.must_fix("image-missing", format!("{pointer}/media"), "Choose an image."),
            Some(media) if !surroundings.images.contains(&media.0) => {
                findings.must_fix(
                    "image-missing",
                    format!("{pointer}/media"),
                    "This image is no longer in the library.",
                );
            }
            Some(_) => {}
        }
        let alt = used.alt.as_str();
        let alt_pointer = format!("{pointer}/alt");
        if alt.is_empty() {
            if !used.decorative {
                let message = "Say what the image shows, or mark it as decorative.";
                findings.must_fix("alt-missing", alt_pointer, message);
            }
        } else if is_file_name(alt) {
            findings.must_fix("alt-is-file-name", alt_pointer, "A file name says nothing about the image.");
        } else if alt.chars().count() > ALT_ADVICE {
            let message = format!("Longer than {ALT_ADVICE} characters; tell the rest in the text.");
            findings.look_at("alt-long", alt_pointer, message);
        } else if ["image of", "picture of", "photo of"].iter().any(|start| alt.to_lowercase().starts_with(start)) {
            findings.look_at("alt-says-image", alt_pointer, "Screen readers say that it is an image already.");
        } else if used.caption.as_deref() == Some(alt) {
            findings.look_at("alt-is-caption", alt_pointer, "The caption says the same; people hear it twice.");
        }
    });
}

fn is_file_name(alt: &str) -> bool {
    let lower = alt.to_lowercase();
    !alt.contains(' ')
        && ["jpg", "jpeg", "png", "gif", "webp", "svg"].iter().any(|end| lower.ends_with(&format!(".{end}")))
}

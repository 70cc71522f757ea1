//! Images: each use says what it shows, or that it is decoration (WCAG 2.2, 1.1.1).

use super::{super::kinds::Part, Case, Family, Findings, Rule, Severity};

/// Longer alternative texts belong into the text.
const ALT_ADVICE: usize = 125;

const NON_TEXT: &str = "WCAG 2.2, 1.1.1 Non-text content";
const ALT: &str = "NHS digital service manual, images";

const IMAGE_MISSING: Rule =
    Rule { code: "image-missing", severity: Severity::MustFix, source: "House rule: no empty parts" };
const MISSING: Rule = Rule { code: "alt-missing", severity: Severity::MustFix, source: NON_TEXT };
const FILE_NAME: Rule = Rule { code: "alt-is-file-name", severity: Severity::MustFix, source: NON_TEXT };
const LONG: Rule = Rule { code: "alt-long", severity: Severity::LookAt, source: ALT };
const SAYS_IMAGE: Rule = Rule { code: "alt-says-image", severity: Severity::LookAt, source: ALT };
const IS_CAPTION: Rule = Rule { code: "alt-is-caption", severity: Severity::LookAt, source: ALT };
const LOWER_CASE: Rule = Rule { code: "alt-lower-case", severity: Severity::Advice, source: ALT };

pub const FAMILY: Family = Family {
    passed: "Each image says what it shows, or is decoration",
    rules: &[IMAGE_MISSING, MISSING, FILE_NAME, LONG, SAYS_IMAGE, IS_CAPTION, LOWER_CASE],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (pointer, part) in &case.reading.parts {
        let Part::Image(used) = part else { continue };
        match used.media {
            None => findings.add(&IMAGE_MISSING, format!("{pointer}/media"), "Choose an image."),
            Some(media) if !case.surroundings.images.contains(&media.0) => {
                let message = "This image is no longer in the library. Choose another.";
                findings.add(&IMAGE_MISSING, format!("{pointer}/media"), message);
            }
            Some(_) => {}
        }
        let alt = used.alt.as_str();
        let place = format!("{pointer}/alt");
        if alt.is_empty() {
            if !used.decorative {
                findings.add(&MISSING, place, "Say what the image shows, or mark it as decorative.");
            }
            continue;
        }
        if is_file_name(alt) {
            let message = "A file name says nothing about the image. Say what it shows.";
            findings.add(&FILE_NAME, place, message);
            continue;
        }
        if alt.chars().count() > ALT_ADVICE {
            let message = format!("Longer than {ALT_ADVICE} characters; tell the rest in the text.");
            findings.add(&LONG, place.as_str(), message);
        }
        let lower = alt.to_lowercase();
        let lower = ["an ", "a ", "the "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower);
        if ["image of", "picture of", "photo of", "photograph of"].iter().any(|start| lower.starts_with(start)) {
            let message = "Screen readers say that it is an image already. Begin with what it shows.";
            findings.add(&SAYS_IMAGE, place.as_str(), message);
        }
        if used.caption.as_deref() == Some(alt) {
            findings.add(&IS_CAPTION, place.as_str(), "The caption says the same; people hear it twice.");
        }
        if alt.starts_with(char::is_lowercase) {
            findings.add(&LOWER_CASE, place, "Begin with a capital letter; it is read like a sentence.");
        }
    }
}

fn is_file_name(alt: &str) -> bool {
    let lower = alt.to_lowercase();
    !alt.contains(' ')
        && ["jpg", "jpeg", "png", "gif", "webp", "svg"].iter().any(|end| lower.ends_with(&format!(".{end}")))
}

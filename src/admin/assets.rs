//! What the panel's pages load: one style sheet, joined from a file a component, in the order of the cascade. It is part
//! of the binary and served under an address that holds its hash, so that browsers may keep it for good.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::{
    kernel::Error,
    web::{Answer, Visit},
};

macro_rules! style_sheets {
    ($($name:literal),* $(,)?) => {
        /// Every style sheet, in the order of the cascade.
        const STYLE_SHEETS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../admin-assets/css/", $name, ".css")))),*];
    };
}

style_sheets![
    "tokens",
    "base",
    "shell",
    "button",
    "badge",
    "field",
    "banner",
    "card",
    "table",
    "bulk",
    "tabs",
    "timeline",
    "difference",
    "prose",
    "editor",
    "document",
    "choices",
    "access",
    "feedback",
    "picture",
    "gallery",
];

static STYLE: LazyLock<String> =
    LazyLock::new(|| STYLE_SHEETS.iter().map(|(_, text)| text.trim_end()).collect::<Vec<_>>().join("\n"));
static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let hash: String = Sha256::digest(STYLE.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/admin/assets/{hash}/panel.css")
});

/// Where the style sheet is served.
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// The style sheet; an address with another hash belongs to another program and leads nowhere.
pub async fn style(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    if visit.path != style_address() {
        return Err(Error::not_found("such address").into());
    }
    let mut response = (StatusCode::OK, STYLE.as_str()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    // A page in a sandboxed frame has no origin, and may load it all the same: it says nothing that is not public.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The two values of a token, light and dark, as red, green and blue.
    type Colours = BTreeMap<String, [[u8; 3]; 2]>;

    fn colours() -> Colours {
        let tokens = STYLE_SHEETS.iter().find(|(name, _)| *name == "tokens").unwrap().1;
        let lines = tokens.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": light-dark("));
        let pairs = lines.map(|(name, values)| {
            let (light, dark) = values.trim_end_matches(");").split_once(", ").unwrap();
            (name.to_owned(), [colour(light), colour(dark)])
        });
        pairs.collect()
    }

    fn colour(text: &str) -> [u8; 3] {
        let number = u32::from_str_radix(text.trim_start_matches('#'), 16).unwrap();
        let [_, red, green, blue] = number.to_be_bytes();
        [red, green, blue]
    }

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let luminance = |colour: [u8; 3]| {
            let [red, green, blue] = colour.map(|part| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn text_and_controls_stand_out_in_light_and_dark() {
        let colours = colours();
        let text = [
            ("ink", "canvas page sunken accent-soft ok-soft warn-soft bad-soft plan-soft"),
            ("ink-2", "canvas page sunken"),
            ("ink-3", "canvas page sunken"),
            ("accent", "canvas page sunken accent-soft"),
            ("accent-strong", "canvas page"),
            ("on-accent", "accent accent-strong"),
            ("ok", "ok-soft canvas"),
            ("warn", "warn-soft canvas page"),
            ("bad", "bad-soft canvas page"),
            ("plan", "plan-soft canvas"),
            ("ins", "ins-soft"),
            ("del", "del-soft"),
            ("mov", "mov-soft"),
            ("bar-ink", "bar"),
            ("bar-ink-2", "bar"),
        ];
        let lines = [("control", "canvas page sunken"), ("focus", "canvas page sunken"), ("bar-line", "bar")];
        let pairs = text.iter().map(|pair| (pair, 4.5)).chain(lines.iter().map(|pair| (pair, 3.0)));
        for ((front, backs), least) in pairs {
            for back in backs.split(' ') {
                for (theme, name) in ["light", "dark"].iter().enumerate() {
                    let found = contrast(colours[*front][theme], colours[back][theme]);
                    assert!(found >= least, "{front} on {back} in {name}: {found:.2}, at least {least} is needed");
                }
            }
        }
    }

    #[test]
    fn every_colour_is_a_token() {
        for (name, text) in STYLE_SHEETS.iter().filter(|(name, _)| *name != "tokens") {
            for (number, line) in text.lines().enumerate() {
                let bare = line.contains('#')
                    && line.split('#').skip(1).any(|rest| {
                        rest.chars().take_while(char::is_ascii_hexdigit).count() >= 3 && !rest.starts_with("ffffff")
                    });
                assert!(!bare, "{name}.css:{}: {line}", number + 1);
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_list() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/admin-assets/css")).unwrap();
        let mut files: Vec<String> =
            folder.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        files.sort();
        let mut listed: Vec<&str> = STYLE_SHEETS.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        assert_eq!(files, listed);
    }
}

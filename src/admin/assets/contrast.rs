//! Proves that the colours can be told apart: the file of tokens is read and the contrast of each pair computed.
#![cfg(test)]

use std::collections::BTreeMap;

use super::STYLE_SHEETS;

/// The two values of a token, light and dark, as red, green and blue.
type Colours = BTreeMap<String, [[u8; 3]; 2]>;

fn colours() -> Colours {
    let tokens = STYLE_SHEETS.iter().find(|(name, _)| *name == "css/tokens.css").unwrap().1;
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
    for (name, text) in STYLE_SHEETS.iter().filter(|(name, _)| *name != "css/tokens.css") {
        for (number, line) in text.lines().enumerate() {
            let bare = line.contains('#')
                && line.split('#').skip(1).any(|rest| {
                    rest.chars().take_while(char::is_ascii_hexdigit).count() >= 3 && !rest.starts_with("ffffff")
                });
            assert!(!bare, "{name}:{}: {line}", number + 1);
        }
    }
}

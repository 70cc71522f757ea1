//! The panel's components: functions from small values to markup, without logic of their own. A screen is made of these;
//! each has its style sheet under `admin-assets/css/` and its place in the gallery.

pub mod badge;
pub mod chart;
pub mod check_list;
pub mod compared;
pub mod compared_text;
pub mod confirm;
pub mod difference;
pub mod field;
pub mod list;
pub mod markdown;
pub mod passage;
pub mod shell;
pub mod time;
pub mod timeline;
pub mod words;

use maud::{Markup, html};

use crate::{
    search::Piece,
    web::session::{Flash, Tone},
};

use super::form::FormState;

pub use badge::Badge;
pub use field::Field;

/// A text in pieces; those that answer a search are marked.
pub fn marked(pieces: &[Piece]) -> Markup {
    html! { @for piece in pieces { @if piece.marked { mark { (piece.text) } } @else { (piece.text) } } }
}

/// The main button of a form.
pub fn submit(words: &str) -> Markup {
    html! { button.button.primary { (words) } }
}

/// A button of a form that says what it does by a name and a value. `about` completes the words for those who don't see
/// what the button stands beside. A button without a name says nothing.
pub fn button(name: &str, value: &str, words: &str, about: &str) -> Markup {
    let named = Some(name).filter(|name| !name.is_empty());
    html! {
        button.button name=[named] value=[named.map(|_| value)] { (words) @if !about.is_empty() { span.vh { " " (about) } } }
    }
}

/// A small button without a border, for rows of controls.
pub fn small_button(name: &str, value: &str, words: &str, about: &str) -> Markup {
    html! {
        button.button.quiet.small name=(name) value=(value) { (words) @if !about.is_empty() { span.vh { " " (about) } } }
    }
}

/// A button for what can't be taken back.
pub fn bad_button(words: &str) -> Markup {
    html! { button.button.bad { (words) } }
}

/// A link that looks like a button.
pub fn link_button(address: &str, words: &str) -> Markup {
    html! { a.button href=(address) { (words) } }
}

/// The one link on a page that matters most.
pub fn primary_link(address: &str, words: &str) -> Markup {
    html! { a.button.primary href=(address) { (words) } }
}

/// A form of one button that posts to an address.
pub fn post_button(address: &str, words: &str, about: &str) -> Markup {
    html! {
        form method="post" action=(address) {
            button.button { (words) @if !about.is_empty() { span.vh { " " (about) } } }
        }
    }
}

/// What the last act came to.
pub fn flash(flash: &Flash) -> Markup {
    html! { (banner(flash.tone, html! {
        p { (flash.text) @for (address, words) in &flash.links { " " a href=(address) { (words) } } }
        @if let Some((address, fields)) = &flash.undo {
            form method="post" action=(address) {
                @for (name, value) in fields { (field::hidden(name, value)) }
                button.button data-key="u" aria-keyshortcuts="U" { "Undo" }
            }
        }
    })) }
}

/// Something to know before anything else on the page.
pub fn banner(tone: Tone, body: Markup) -> Markup {
    let (class, heading) = match tone {
        Tone::Done => ("banner ok", "Done"),
        Tone::Note => ("banner", "Note"),
        Tone::Warning => ("banner warn", "Look at this"),
        Tone::Fault => ("banner bad", "There is a problem"),
    };
    html! { div class=(class) { h2 { (heading) } (body) } }
}

/// What is wrong with a form, first on the page, each fault with a link to its field.
pub fn error_summary(state: &FormState) -> Markup {
    html! {
        @if state.is_faulty() {
            div.summary tabindex="-1" autofocus {
                div role="alert" {
                    h2 { "There is a problem" }
                    ul {
                        @for fault in state.faults() {
                            @let field = fault.pointer.trim_start_matches('/');
                            li {
                                @if field.is_empty() { (fault.detail) }
                                @else { a href={ "#" (field::anchor(field.split('/').next().unwrap_or(field))) } { (fault.detail) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What stands where a list would stand: a sentence, and what to do.
pub fn empty(sentence: &str, action: Markup) -> Markup {
    html! { div.empty { p { (sentence) } (action) } }
}

/// A heading with what belongs beside it.
pub fn head(title: &str, beside: Markup) -> Markup {
    html! { div.head { h1 { (title) } div.row { (beside) } } }
}

/// The way to a page from the top: addresses and words; the last is the page itself.
pub fn crumbs(steps: &[(String, String)]) -> Markup {
    html! {
        nav.crumbs aria-label="Breadcrumb" {
            ol { @for (address, words) in steps { li { a href=(address) { (words) } } } }
        }
    }
}

/// A key as scripts look for it and as it is told to those who hear the page: `Control+s`, `Alt+Shift+ArrowUp`. It does
/// what pressing the control does, and nothing without script.
pub fn keyed_button(name: &str, value: &str, words: &str, about: &str, key: &str) -> Markup {
    html! {
        button.button.quiet.small name=(name) value=(value) data-key=(key) aria-keyshortcuts=(spoken_key(key)) {
            (words) @if !about.is_empty() { span.vh { " " (about) } }
        }
    }
}

/// The same, of the size of other buttons.
pub fn keyed_add(value: &str, words: &str, about: &str, key: &str) -> Markup {
    html! {
        button.button name="op" value=(value) data-key=(key) aria-keyshortcuts=(spoken_key(key)) {
            (words) @if !about.is_empty() { span.vh { " " (about) } }
        }
    }
}

/// A key in the notation of `aria-keyshortcuts`, in which letters are capitals; on a Mac, Command does what Control does.
pub fn spoken_key(key: &str) -> String {
    let (modifiers, last) = key.rsplit_once('+').map_or(("", key), |(modifiers, last)| (modifiers, last));
    let last = if last.chars().count() == 1 { last.to_uppercase() } else { last.to_owned() };
    let whole = if modifiers.is_empty() { last } else { format!("{modifiers}+{last}") };
    if whole.starts_with("Control+") { format!("{whole} {}", whole.replacen("Control", "Meta", 1)) } else { whole }
}

/// Views of the same thing, each with an address of its own.
pub fn tabs(label: &str, tabs: &[(String, String, bool)]) -> Markup {
    keyed_tabs(label, tabs, "", "")
}

/// The same, one of which a key leads to.
pub fn keyed_tabs(label: &str, tabs: &[(String, String, bool)], keyed: &str, key: &str) -> Markup {
    let key = |address: &str| Some(key).filter(|_| address == keyed);
    html! {
        nav.tabs aria-label=(label) data-enhance {
            ul {
                @for (address, words, current) in tabs {
                    li {
                        a href=(address) aria-current=[current.then_some("page")] data-key=[key(address)]
                            aria-keyshortcuts=[key(address).map(spoken_key)] { (words) }
                    }
                }
            }
        }
    }
}

/// A count of bytes as people say it.
pub fn bytes(count: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    match count {
        0..KIB => format!("{count} bytes"),
        KIB..MIB => format!("{} KB", count.div_ceil(KIB)),
        _ => format!("{} MB", count / MIB),
    }
}

/// A count of seconds as people say it.
pub fn seconds(count: u64) -> String {
    match count {
        1 => "1 second".to_owned(),
        0..90 => format!("{count} seconds"),
        _ => format!("{} minutes", count.div_ceil(60)),
    }
}

/// A number with its noun: "1 page", "2 pages".
pub fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

//! The keys of the panel, on a page; scripts show it over any other. Each key belongs to a control that can be pressed just
//! as well; without script there are none.

use maud::{Markup, html};

use crate::web::Answer;

use super::{request::PanelRequest, ui::shell::Area};

type Keys = &'static [(&'static str, &'static str)];

/// Each group: where the keys work, and what they do.
const GROUPS: &[(&str, Keys)] = &[
    (
        "Everywhere",
        &[
            ("Ctrl K", "Search, go somewhere, or do something on this page"),
            ("/", "Go to the search of this page"),
            ("?", "This list"),
            ("Escape", "Close what lies over the page"),
            ("g then d", "Dashboard"),
            ("g then p", "Role pages"),
            ("g then r", "Requirement sections"),
            ("g then m", "Media"),
            ("g then f", "Feedback"),
            ("g then a", "Administration"),
        ],
    ),
    (
        "In lists",
        &[
            ("j, k", "Next and previous row"),
            ("Enter or o", "Open the row"),
            ("x", "Tick the row"),
            ("Shift X", "Tick all rows from the last one ticked"),
            ("e", "Edit the page or section of the row"),
            ("h", "History of the page or section of the row"),
            ("n", "New role page or requirement section"),
        ],
    ),
    (
        "In the list of cases, for those ticked, else for the row",
        &[
            ("a", "Assign; a again: to yourself"),
            ("s", "Start work"),
            ("e", "Resolve"),
            ("d", "Dismiss"),
            ("w", "Let it wait"),
            ("m", "Merge it into another"),
            ("l", "Severity, category and labels"),
            ("n", "Write a note"),
            ("u", "Undo what was just done, or open it again"),
            ("#", "Put everything in it into quarantine, as spam"),
            (".", "Go to the list of steps"),
        ],
    ),
    (
        "In a case",
        &[
            ("j, k", "Next and previous case"),
            ("a", "Assign it to yourself"),
            ("s", "Start work"),
            ("e", "Resolve"),
            ("d", "Dismiss"),
            ("w", "Let it wait"),
            ("f", "Start a fix, or go on with it"),
            ("m", "Merge it into another"),
            ("y", "Same problem: merge it into the case that is most alike"),
            ("l", "Severity, category and labels"),
            ("n", "Write a note"),
            ("u", "Undo what you did last; open it again, or undo the merge"),
            ("#", "In a report: put it into quarantine"),
        ],
    ),
    (
        "In the editor",
        &[
            (".", "More steps"),
            ("Ctrl S", "Save"),
            ("Alt Shift ↑, ↓", "Move the section that you are in"),
            ("Alt Shift ←, →", "Move the requirement out of its group, or into the one above"),
            ("Ctrl Alt N", "Add a section after this one"),
            ("Ctrl Alt D", "Duplicate the section that you are in"),
            ("Alt P", "Preview"),
            ("F6, Shift F6", "Next and previous part of the screen"),
            ("←, →", "From button to button of a section"),
        ],
    ),
];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let main = html! {
        div.main { div.reading.stack {
            h1 { "Keyboard shortcuts" }
            p {
                "Each of them presses something that you can see. On a Mac, Alt is ⌥. "
                "Letters and signs alone do nothing while you type."
            }
            @for (place, keys) in GROUPS { (table(place, keys)) }
        } }
    };
    Ok(request.page(Area::None, "Keyboard shortcuts", main))
}

fn table(place: &str, keys: Keys) -> Markup {
    html! {
        div.table { table {
            caption { (place) }
            thead { tr { th scope="col" { "Keys" } th scope="col" { "What they do" } } }
            tbody { @for (key, purpose) in keys { tr { th scope="row" {
                kbd { (key) }
                @if let Some(rest) = key.strip_prefix("Ctrl") { span.muted { " or " } kbd { "⌘" (rest) } }
            } td { (purpose) } } } }
        } }
    }
}

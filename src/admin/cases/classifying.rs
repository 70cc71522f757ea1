//! How grave a case is, what it is about, its labels and by when it is due: what is shown of them, and the fields that
//! change them, for one case and for several.

use maud::{Markup, html};

use crate::{
    feedback::{Case, CaseCategory, CaseSeverity, CaseState, LABEL_LIMIT, LabelChange, MOST_LABELS},
    kernel::Timestamp,
    web::Fields,
};

use super::super::{
    form::FormState,
    ui::{
        Badge,
        badge::Look,
        field,
        time::{self, Zone},
        words,
    },
};

/// What is to be changed; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Classifying {
    pub severity: Option<CaseSeverity>,
    pub category: Option<CaseCategory>,
    pub labels: Option<LabelChange>,
}

/// A severity that people should see at once.
pub fn badge(severity: CaseSeverity) -> Option<Badge> {
    match severity {
        CaseSeverity::Urgent => Some(Badge::new(Look::Bad, words::case_severity(severity))),
        CaseSeverity::High => Some(Badge::new(Look::Warning, words::case_severity(severity))),
        CaseSeverity::Normal => None,
        CaseSeverity::Low => Some(Badge::new(Look::Quiet, words::case_severity(severity))),
    }
}

/// That a case is past its target.
pub fn escalating(case: &Case) -> Option<Badge> {
    case.escalating.then(|| Badge::new(Look::Bad, "Overdue"))
}

/// By when something is to be done about a case, for a list: "today", "26 Nov".
pub fn due(case: &Case, zone: &Zone, now: Timestamp) -> Markup {
    html! {
        @match case.due_at {
            Some(at) => {
                time datetime=(at.to_string()) title=(due_in_full(case, zone)) { (time::due_day(zone, now, at)) }
            }
            None => { span.muted { (undue(case)) } }
        }
    }
}

fn due_in_full(case: &Case, zone: &Zone) -> String {
    let day = |at: Timestamp| time::full_day(zone, at.plus(-1));
    let first = case.first_action_due_at.map(|at| format!("First action by the end of {}", day(at)));
    let fix = case.fix_due_at.map(|at| format!("answer by the end of {}", day(at)));
    let mut said = [first, fix].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(letter) = said.get_mut(0..1) {
        letter.make_ascii_uppercase();
    }
    said
}

fn undue(case: &Case) -> &'static str {
    if case.state == CaseState::Waiting { "Paused" } else { "–" }
}

/// What a page about one case says of it, as items of a list of facts.
pub fn facts(case: &Case, zone: &Zone) -> Markup {
    html! {
        dt { "Severity" } dd { (words::case_severity(case.severity)) }
        dt { "Category" } dd { (words::case_category(case.category)) }
        @if !case.labels.is_empty() {
            dt { "Labels" }
            dd { (case.labels.iter().map(String::as_str).collect::<Vec<_>>().join(", ")) }
        }
        @for (name, due) in [("First action by", case.first_action_due_at), ("Answer by", case.fix_due_at)] {
            @if let Some(at) = due {
                dt { (name) }
                dd { (time::full_day(zone, at.plus(-1))) " " @if let Some(badge) = escalating(case).filter(|_| due == case.due_at) { (badge) } }
            }
        }
        @if case.state == CaseState::Waiting { dt { "Targets" } dd { "The clock stands while it waits" } }
    }
}

/// What a form of one case begins with.
pub fn state(case: &Case, state: FormState) -> FormState {
    state
        .with("severity", case.severity.name())
        .with("category", case.category.name())
        .with("labels", case.labels.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// The fields; for several cases every one of them can be left as it is.
pub fn fields(state: &FormState, in_use: &[String], several: bool) -> Markup {
    let as_it_is = several.then(|| (String::new(), "As it is".to_owned()));
    let options = |named: Vec<(String, String)>| as_it_is.iter().cloned().chain(named).collect::<Vec<_>>();
    let severities = options(field::options(CaseSeverity::ALL, CaseSeverity::name, words::case_severity));
    let categories = options(field::options(CaseCategory::ALL, CaseCategory::name, words::case_category));
    let offered = match in_use {
        [] => String::new(),
        some => format!(" In use: {}.", some.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ")),
    };
    let hint =
        format!("Short words with commas between them, at most {MOST_LABELS} of {LABEL_LIMIT} characters.{offered}");
    html! {
        (field::select(&state.field("severity", "Severity").class("medium").hint("It decides by when something is to be done."), &severities))
        (field::select(&state.field("category", "What it is about").class("medium"), &categories))
        @if several {
            (field::text(&state.field("add_labels", "Add labels").hint(hint)))
            (field::text(&state.field("remove_labels", "Take labels away")))
        } @else {
            (field::text(&state.field("labels", "Labels").hint(hint)))
        }
    }
}

/// Reads the fields of either form.
pub fn read(fields: &mut Fields) -> Classifying {
    let listed = |text: String| text.split(',').map(str::to_owned).collect::<Vec<String>>();
    let only = fields.has("labels").then(|| listed(fields.raw_text("labels").unwrap_or_default()));
    let add = listed(fields.raw_text("add_labels").unwrap_or_default());
    let remove = listed(fields.raw_text("remove_labels").unwrap_or_default());
    let named = |labels: &[String]| labels.iter().any(|label| !label.trim().is_empty());
    let labels = match only {
        Some(only) => Some(LabelChange::Only(only)),
        None if named(&add) || named(&remove) => Some(LabelChange::Some { add, remove }),
        None => None,
    };
    Classifying { severity: fields.choice("severity"), category: fields.choice("category"), labels }
}

//! What happened to a case, in plain sentences. Events carry no words of reports, so neither do these.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    events::{Event, EventKind},
    feedback::{CaseAction, CaseCategory, CaseDetail, CaseSeverity, CaseState, Dismissal, Person, Report, Resolution},
    kernel::{Door, Timestamp},
};

use super::super::ui::{
    time::{self, Zone},
    words,
};

/// Everything that happened, newest first.
pub fn timeline(detail: &CaseDetail, people: &[Person], zone: &Zone, now: Timestamp) -> Markup {
    let names: BTreeMap<String, &str> = people.iter().map(|one| (one.id.to_string(), one.name.as_str())).collect();
    let mut entries: Vec<(Timestamp, String, String)> =
        detail.timeline.iter().map(|event| (event.at, who(event), sentence(event, &names, zone))).collect();
    entries.extend(detail.reports.iter().map(|report| (report.received_at, "A visitor".to_owned(), received(report))));
    entries.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    html! {
        ol.timeline.unmarked {
            @for (at, who, what) in entries { li { (time::when(zone, now, at)) ": " (who) " " (what) "." } }
        }
    }
}

/// The newest events, those that somebody has not seen.
pub fn newest(detail: &CaseDetail, count: usize, people: &[Person], zone: &Zone, now: Timestamp) -> Markup {
    let names: BTreeMap<String, &str> = people.iter().map(|one| (one.id.to_string(), one.name.as_str())).collect();
    html! {
        ul {
            @for event in detail.timeline.iter().take(count) {
                li { (time::when(zone, now, event.at)) ": " (who(event)) " " (sentence(event, &names, zone)) "." }
            }
        }
    }
}

/// Who did it, as the beginning of a sentence; what a schedule carries out, the program does.
fn who(event: &Event) -> String {
    match event.actor.kind.as_str() {
        _ if event.door == Door::Schedule.name() => "Rolebook".to_owned(),
        "visitor" => "A visitor".to_owned(),
        _ => event.actor.name.clone(),
    }
}

fn received(report: &Report) -> String {
    format!("sent the report {}", report.reference)
}

fn sentence(event: &Event, names: &BTreeMap<String, &str>, zone: &Zone) -> String {
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
    let number = |key: &str| event.payload.get(key).and_then(Value::as_i64);
    let reports = match number("reports") {
        Some(1) => "1 report".to_owned(),
        other => format!("{} reports", other.unwrap_or_default()),
    };
    match event.kind {
        EventKind::CaseResolved => {
            let how = text("resolution").and_then(Resolution::from_name);
            match (how, number("fixed_version")) {
                (Some(Resolution::Fixed), Some(version)) if number("publication").is_some() => {
                    format!("resolved it by publishing version {version}")
                }
                (Some(Resolution::Fixed), Some(version)) => format!("resolved it: fixed in version {version}"),
                (Some(how), _) => format!("resolved it: {}", words::resolution(how).to_lowercase()),
                (None, _) => "resolved it".to_owned(),
            }
        }
        EventKind::CaseReopened if text("action") == Some(CaseAction::Regress.name()) => {
            let version = number("fixed_version").map(|version| format!(" in version {version}")).unwrap_or_default();
            format!("reported that the fix{version} did not work, which reopened it")
        }
        EventKind::CaseChanged if event.payload.contains_key("undone") => "took the start of the fix back".to_owned(),
        EventKind::CaseReopened | EventKind::CaseChanged if text("action") == Some(CaseAction::Undo.name()) => {
            let state = text("to").and_then(CaseState::from_name).map(words::case_state).unwrap_or_default();
            format!("undid the step before, which made it {} again", state.to_lowercase())
        }
        EventKind::CaseReopened => "reopened it".to_owned(),
        EventKind::CaseMerged => match (number("into_number"), number("merged_number")) {
            (Some(into), _) => format!("merged it into case {into}, with {reports}"),
            (None, Some(merged)) => format!("merged case {merged} into it, with {reports}"),
            (None, None) => "merged it".to_owned(),
        },
        EventKind::CaseUnmerged => match (number("out_of_number"), number("unmerged_number")) {
            (Some(out_of), _) => format!("took it out of case {out_of} again, with {reports}"),
            (None, Some(unmerged)) => format!("took case {unmerged} out of it again, with {reports}"),
            (None, None) => "undid a merge".to_owned(),
        },
        EventKind::CaseSplit => {
            let undone = event.payload.contains_key("undone");
            match (number("into_number"), number("out_of_number"), undone) {
                (Some(into), _, false) => format!("moved {reports} into case {into}"),
                (Some(into), _, true) => format!("brought {reports} back from case {into}"),
                (None, Some(out_of), false) => format!("moved {reports} into it, from case {out_of}"),
                (None, Some(out_of), true) => format!("brought {reports} back to case {out_of}"),
                (None, None, _) => "moved reports".to_owned(),
            }
        }
        EventKind::CaseNoted => "left a note".to_owned(),
        EventKind::FixTold => "said in public what was changed".to_owned(),
        EventKind::FixUntold => "took back what was said in public".to_owned(),
        EventKind::ReplySent => match text("report") {
            Some(report) => format!("answered the visitor of report {report}"),
            None => "answered a visitor".to_owned(),
        },
        _ => changed(event, names, zone),
    }
}

fn changed(event: &Event, names: &BTreeMap<String, &str>, zone: &Zone) -> String {
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
    let flag = |key: &str| event.payload.get(key).and_then(Value::as_bool) == Some(true);
    if flag("fix") {
        return "started a fix and has it now".to_owned();
    }
    match text("action").and_then(CaseAction::from_name) {
        Some(CaseAction::Open) => "opened it".to_owned(),
        Some(CaseAction::Start) => "started work on it".to_owned(),
        Some(CaseAction::Wait) => match text("until").and_then(Timestamp::parse) {
            Some(until) => format!("let it wait until {}", time::in_full(zone, until)),
            None => "let it wait".to_owned(),
        },
        Some(CaseAction::Resume) if flag("due") => "went on with it, since the time had come".to_owned(),
        Some(CaseAction::Resume) => "went on with it".to_owned(),
        Some(CaseAction::Dismiss) => {
            let why = text("reason").and_then(Dismissal::from_name).map(words::dismissal);
            let why = why.map(|why| format!(": {}", why.to_lowercase())).unwrap_or_default();
            let empty = if flag("empty") { ", since its last report was taken out" } else { "" };
            format!("dismissed it{why}{empty}")
        }
        Some(CaseAction::Assign) => match text("assignee") {
            Some(id) => format!("assigned it to {}", names.get(id).copied().unwrap_or("somebody")),
            None => "assigned it to nobody".to_owned(),
        },
        Some(CaseAction::Retitle) => "gave it another title".to_owned(),
        Some(CaseAction::Classify) => classified(text("severity"), text("category"), flag("labelled")),
        _ => "changed it".to_owned(),
    }
}

fn classified(severity: Option<&str>, category: Option<&str>, labelled: bool) -> String {
    let severity = severity.and_then(CaseSeverity::from_name).map(words::case_severity);
    let category = category.and_then(CaseCategory::from_name).map(words::case_category);
    let said = [
        severity.map(|severity| format!("severity {}", severity.to_lowercase())),
        category.map(|category| format!("category {}", category.to_lowercase())),
        labelled.then(|| "other labels".to_owned()),
    ];
    match said.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [] => "classified it".to_owned(),
        said => format!("gave it {}", said.join(", ")),
    }
}

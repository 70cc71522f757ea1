//! What stands beside the reports of a case: where it stands, what can be done, what looks like it, what happened.

use maud::{Markup, html};

use crate::{
    feedback::{Case, CaseAction, Dismissal, Suggestion},
    kernel::Permission,
};

use super::{
    super::{
        form::FormState,
        replies,
        request::PanelRequest,
        ui::{self, Badge, field, time, words},
    },
    address, changes, classifying,
    show::Facts,
    steps, telling, timeline,
};

pub fn aside(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let triages = request.may(Permission::FeedbackTriage);
    let zone = &request.chrome.zone;
    html! {
        section.card.stack aria-labelledby="standing" {
            h2 #standing { "Where it stands" }
            dl.facts {
                dt { "State" } dd { (words::case_state(case.state)) }
                @if let Some(until) = case.waiting_until { dt { "Waits until" } dd { (time::in_full(zone, until)) } }
                dt { "Assignee" } dd { @match &case.assignee { Some(person) => (person.name), None => "Nobody" } }
                (classifying::facts(case, zone))
                dt { "Page or section" }
                dd {
                    @match facts.address_of(case.document.id) {
                        Some(address) => { a href=(address) { (facts.title_of(case.document.id)) } }
                        None => (facts.title_of(case.document.id)),
                    }
                }
                (answer(facts))
                (telling::facts(request, facts))
            }
            (telling::way(request, facts))
            (fix(request, facts))
            @if triages { (steps::bar(facts.detail, &facts.from)) (replies::button(request, facts.detail)) }
            @else { p.small.muted { "Triagers and administrators work on cases." } }
        }
        @if triages { (assigning(request, facts)) }
        (similar(facts, triages))
        (merged(facts))
    }
}

/// Everything that happened, in words.
pub fn history(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    html! {
        section aria-labelledby="history" {
            h2 #history { "History" }
            (timeline::timeline(facts.detail, &facts.choices.assignees, &request.chrome.zone, request.now()))
        }
    }
}

fn answer(facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let dismissal = case.reason.as_deref().and_then(Dismissal::from_name);
    html! {
        @if let Some(resolution) = case.resolution { dt { "Answer" } dd { (words::resolution(resolution)) } }
        @if let Some(fix) = case.fixed_in {
            dt { @if case.state.is_open() { "Fixed before" } @else { "Fixed in" } }
            dd {
                (facts.fix(fix))
                @if let Some(address) = facts.comparison_with(fix) { br; a href=(address) { "What it changed" } }
            }
        }
        @match (dismissal, &case.reason) {
            (Some(dismissal), _) if case.resolution.is_none() => { dt { "Dismissed" } dd { (words::dismissal(dismissal)) } }
            (_, Some(reason)) => { dt { "Reason" } dd { (reason) } }
            _ => {}
        }
        @if let Some(explanation) = &case.explanation { dt { "Explanation" } dd { (explanation) } }
    }
}

/// The way to the editor, at the place that was reported. Who triages and writes takes the case up with it; of the others each
/// is led to where they can do their part.
fn fix(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let Some(address) = facts.address_of(case.document.id).filter(|_| case.state.is_open()) else { return html! {} };
    let block = facts.report.and_then(|report| report.block).map(|block| format!("#{block}")).unwrap_or_default();
    let editor = format!("{address}?case={}{block}", case.id);
    let (triages, writes) = (request.may(Permission::FeedbackTriage), request.may(Permission::ContentWrite));
    let theirs = case.assignee.as_ref().filter(|person| Some(person.id) != request.ctx.actor.user);
    html! {
        @if !writes {
            p.small { "A fix is for those who write. " a href={ (address) "/preview" } { "Look at it as it is" } }
        } @else if !triages {
            p { a.button href=(editor) data-key="f" aria-keyshortcuts="F" { "Open the editor at the passage" } }
        } @else if facts.fix_in_hand {
            div.row {
                a.button.primary href=(editor) data-key="f" aria-keyshortcuts="F" { "Go on with the fix" }
            }
        } @else {
            form.stack-s method="post" action={ "/admin/cases/" (case.id) "/fix" } {
                (field::hidden("version", &case.version.to_string()))
                (field::hidden("from", &facts.from))
                @if let Some(report) = facts.report { (field::hidden("report", &report.id.to_string())) }
                div.row { button.button.primary data-key="f" aria-keyshortcuts="F" { "Start a fix" } }
                p.small.muted {
                    "Opens the editor at the passage, with the reports beside the text. "
                    @match theirs {
                        Some(person) => { "It belongs to " (person.name) "; you take it over." }
                        None => "The case is then yours and in progress.",
                    }
                }
            }
        }
    }
}

fn assigning(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let assignee = case.assignee.as_ref().map(|person| person.id);
    let state = FormState::new()
        .with("assignee", assignee.map(|id| id.to_string()).unwrap_or_default())
        .with("title", case.title.clone());
    let me = request.ctx.actor.user;
    let carried = html! {
        (field::hidden("version", &case.version.to_string()))
        (field::hidden("from", &facts.from))
    };
    let possible = |action| changes::refusal(case, action).is_none();
    html! {
        @if possible(CaseAction::Assign) {
            section.card.stack-s aria-labelledby="assigning" {
                h2 #assigning { "Assign" }
                @if let Some(me) = me.filter(|me| Some(*me) != assignee) {
                    form method="post" action={ "/admin/cases/" (case.id) "/assign" } {
                        (carried)
                        (field::hidden("assignee", &me.to_string()))
                        div.row { button.button data-key="a" aria-keyshortcuts="A" { "Assign to me" } }
                    }
                }
                form method="post" action={ "/admin/cases/" (case.id) "/assign" } {
                    (carried)
                    (changes::fields(CaseAction::Assign, &state, &facts.choices, &request.chrome.zone))
                    button.button { (changes::verb(CaseAction::Assign)) }
                }
                details {
                    summary { "Rename the case" }
                    form method="post" action={ "/admin/cases/" (case.id) "/retitle" } {
                        (carried)
                        (changes::fields(CaseAction::Retitle, &state, &facts.choices, &request.chrome.zone))
                        button.button { (changes::verb(CaseAction::Retitle)) }
                    }
                }
            }
        }
    }
}

/// The cases that say much the same, each with why that is thought, and a button to put them together.
fn similar(facts: &Facts<'_>, triages: bool) -> Markup {
    let suggestions = &facts.detail.suggestions;
    let case = &facts.detail.case;
    html! {
        @if !suggestions.is_empty() {
            section.card.stack-s aria-labelledby="similar" {
                h2 #similar { "Similar cases" }
                ul.stack.unmarked {
                    @for (position, one) in suggestions.iter().enumerate() {
                        li.stack-s {
                            p {
                                a href=(address(one.case.id, &facts.from)) { "#" (one.case.number) " " (one.case.title) }
                                " " (Badge::case(one.case.state))
                            }
                            p.small.muted {
                                (steps::likeness(one.similarity)) ", "
                                (ui::count(u64::try_from(one.case.report_count).unwrap_or_default(), "report", "reports"))
                            }
                            (why(one))
                            @if triages { (joining(case, one, position == 0, &facts.from)) }
                        }
                    }
                }
            }
        }
    }
}

/// Why a case is thought to be about the same.
fn why(one: &Suggestion) -> Markup {
    html! {
        p.small {
            @if one.same_passage { "About the same passage" } @else { "About the same page; one of them names no passage" }
            @if !one.words.is_empty() {
                ". Both say: " @for (position, word) in one.words.iter().enumerate() { @if position > 0 { ", " } em { (word) } }
            }
            "."
        }
    }
}

/// The first one is joined with a key, since it is the likeliest.
fn joining(case: &Case, one: &Suggestion, is_first: bool, from: &str) -> Markup {
    let key = is_first.then_some("y");
    html! {
        form method="post" action={ "/admin/cases/" (case.id) "/merge" } {
            (field::hidden("version", &case.version.to_string()))
            (field::hidden("from", from))
            (field::hidden("into", &one.case.id.to_string()))
            button.button.small data-key=[key] aria-keyshortcuts=[key.map(ui::spoken_key)] {
                "Same problem: merge into #" (one.case.number)
            }
        }
    }
}

fn merged(facts: &Facts<'_>) -> Markup {
    let own = facts.detail.case.merged_into;
    let others: Vec<&Case> = facts.merged.iter().filter(|other| Some(other.id) != own).collect();
    html! {
        @if !others.is_empty() {
            section.card aria-labelledby="merged" {
                h2 #merged { "Merged into this case" }
                ul { @for other in others { li { a href=(address(other.id, &facts.from)) { "#" (other.number) " " (other.title) } } } }
            }
        }
    }
}

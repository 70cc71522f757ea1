//! Steps of one case: the pages that ask for them, and what comes of them. Whoever came from a view of the inbox can go on
//! to the next case of that view with each step.

use std::collections::BTreeSet;

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{self, Case, CaseAction, CaseDetail, CaseListing},
    kernel::{CaseId, DocumentId, Error, Result, Stale},
    web::{Answer, Problem, see_other, session::Tone},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, Badge, Field, field, shell::Area},
    },
    address, below,
    changes::{self, Change, Choices},
    classifying, timeline,
    view::{self, View},
};

pub async fn open(request: PanelRequest) -> Answer {
    take(request, CaseAction::Open).await
}

pub async fn start(request: PanelRequest) -> Answer {
    take(request, CaseAction::Start).await
}

pub async fn resume(request: PanelRequest) -> Answer {
    take(request, CaseAction::Resume).await
}

pub async fn wait_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Wait).await
}

pub async fn wait(request: PanelRequest) -> Answer {
    take(request, CaseAction::Wait).await
}

pub async fn resolve_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Resolve).await
}

pub async fn resolve(request: PanelRequest) -> Answer {
    take(request, CaseAction::Resolve).await
}

pub async fn dismiss_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Dismiss).await
}

pub async fn dismiss(request: PanelRequest) -> Answer {
    take(request, CaseAction::Dismiss).await
}

pub async fn reopen_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Reopen).await
}

pub async fn reopen(request: PanelRequest) -> Answer {
    take(request, CaseAction::Reopen).await
}

pub async fn merge_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Merge).await
}

pub async fn merge(request: PanelRequest) -> Answer {
    take(request, CaseAction::Merge).await
}

pub async fn unmerge_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Unmerge).await
}

pub async fn unmerge(request: PanelRequest) -> Answer {
    take(request, CaseAction::Unmerge).await
}

pub async fn assign(request: PanelRequest) -> Answer {
    take(request, CaseAction::Assign).await
}

pub async fn retitle(request: PanelRequest) -> Answer {
    take(request, CaseAction::Retitle).await
}

pub async fn classify_page(request: PanelRequest) -> Answer {
    ask(request, CaseAction::Classify).await
}

pub async fn classify(request: PanelRequest) -> Answer {
    take(request, CaseAction::Classify).await
}

pub async fn undo(request: PanelRequest) -> Answer {
    take(request, CaseAction::Undo).await
}

pub async fn note(request: PanelRequest) -> Answer {
    take(request, CaseAction::Note).await
}

/// What a page of a step shows.
struct Page<'a> {
    action: CaseAction,
    detail: &'a CaseDetail,
    from: &'a str,
    /// What the search for a case to merge into looks for.
    words: &'a str,
}

/// The page that asks for a step.
async fn ask(mut request: PanelRequest, action: CaseAction) -> Answer {
    let id: CaseId = request.id("id")?;
    let from = request.query.text("from").unwrap_or_default();
    let merging = action == CaseAction::Merge;
    let words = if merging { request.query.text("q").unwrap_or_default() } else { String::new() };
    let into = if merging { request.query.id("into") } else { None };
    request.end_of_query()?;
    request.ctx.authorise(action.permission())?;
    let detail = feedback::case(&request.ctx, id).await?;
    let choices = choices(&request, &detail).await?;
    let live = choices.documents.first().and_then(|(_, document)| document.live_version);
    let state = FormState::new()
        .with("fixed_document", detail.case.document.id.to_string())
        .with("fixed_in", live.map(|version| version.to_string()).unwrap_or_default())
        .with("into", into.map(|id| id.to_string()).unwrap_or_default())
        .with("next", if from.is_empty() { "" } else { "true" });
    let state = classifying::state(&detail.case, state);
    let page = Page { action, detail: &detail, from: &from, words: &words };
    if let Some(why) = changes::refusal(&detail.case, action) {
        let main = frame(&page, html! { p { (why) } (back(&page)) });
        return Ok(request.page_with(StatusCode::CONFLICT, Area::Feedback, changes::heading(action), main));
    }
    let main = frame(&page, form(&request, &page, &state, &choices).await?);
    Ok(request.page(Area::Feedback, changes::heading(action), main))
}

/// Carries a step out, and goes on.
async fn take(mut request: PanelRequest, action: CaseAction) -> Answer {
    let id: CaseId = request.id("id")?;
    request.end_of_query()?;
    request.ctx.authorise(action.permission())?;
    let from = request.form.value("from").to_owned();
    match carry_out(&request, id, action).await {
        Ok((change, case)) => {
            request.app.ring();
            go_on(&request, &change, &case, &from).await
        }
        Err(Error::Stale(stale)) => overtaken(&request, id, action, &from, *stale).await,
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let detail = feedback::case(&request.ctx, id).await?;
            let page = Page { action, detail: &detail, from: &from, words: "" };
            let choices = choices(&request, &detail).await?;
            let main =
                frame(&page, html! { (ui::error_summary(&state)) (form(&request, &page, &state, &choices).await?) });
            Ok(request.refused(Area::Feedback, changes::heading(action), main))
        }
    }
}

async fn carry_out(request: &PanelRequest, id: CaseId, action: CaseAction) -> Result<(Change, Case)> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok());
    let _ = (fields.raw_text("from"), fields.text("next", 10));
    let change = changes::read(&request.ctx, &request.chrome.zone, action, &mut fields).await?;
    // A form without the version that was seen saw none.
    let case = changes::apply(&request.ctx, id, seen.unwrap_or_default(), &change).await?;
    Ok((change, case))
}

/// To the next case of the view if that was wanted, else to the case itself.
async fn go_on(request: &PanelRequest, change: &Change, case: &Case, from: &str) -> Answer {
    let title = feedback::case(&request.ctx, case.id).await?.case.title;
    let text = format!("Case {} {}.", case.number, changes::done(change));
    let link = Some((address(case.id, from), format!("Case {}: {title}", case.number)));
    let undo = changes::is_undoable(change).then(|| undoing(case, from));
    if request.form.value("next") != "true" || from.is_empty() {
        request.say_done(text, None, undo).await?;
        return see_other(&address(case.id, from));
    }
    match next(request, case, from).await? {
        Some(next) => {
            request.say_done(format!("{text} This is the next one."), link, undo).await?;
            see_other(&address(next, from))
        }
        None => {
            request.say_done(format!("{text} That was the last one here."), link, undo).await?;
            see_other(&list_of(request, from))
        }
    }
}

/// The form that takes back what was just done to a case.
pub fn undoing(case: &Case, from: &str) -> (String, Vec<(String, String)>) {
    let carried = [("version", case.version.to_string()), ("from", from.to_owned())];
    let carried = carried.map(|(name, value)| (name.to_owned(), value));
    (format!("/admin/cases/{}/undo", case.id), carried.to_vec())
}

/// The case after this one in a view, else the first of the view; `None` if it holds no other.
pub async fn next(request: &PanelRequest, case: &Case, from: &str) -> Result<Option<CaseId>> {
    let Ok(view) = View::read(from, &request.ctx.actor) else { return Ok(None) };
    let listing = CaseListing { after: None, limit: 2, ..view::asked(request, &view, request.now()).await? };
    let after = CaseListing { after: Some(view.sort.place(case)), ..listing.clone() };
    for listing in [after, listing] {
        let (found, _) = feedback::some_cases(&request.ctx, &listing).await?;
        if let Some(other) = found.iter().find(|other| other.id != case.id) {
            return Ok(Some(other.id));
        }
    }
    Ok(None)
}

fn list_of(request: &PanelRequest, from: &str) -> String {
    View::read(from, &request.ctx.actor).map_or_else(|_| view::INBOX.to_owned(), |view| view.address())
}

/// Somebody was quicker: what changed, and the same step again with everything that was typed.
async fn overtaken(
    request: &PanelRequest,
    id: CaseId,
    action: CaseAction,
    from: &str,
    stale: Stale,
) -> Result<Response, Problem> {
    let detail = feedback::case(&request.ctx, id).await?;
    let seen: i64 = request.form.value("version").parse().unwrap_or_default();
    let missed = stale.version.map_or(1, |now| i64::from(now).saturating_sub(seen).clamp(1, 20));
    let choices = choices(request, &detail).await?;
    let page = Page { action, detail: &detail, from, words: "" };
    let state = FormState::of(&request.form);
    let (zone, now) = (&request.chrome.zone, request.now());
    let typed = request.form.values.iter().filter(|(name, value)| {
        !value.trim().is_empty() && !["version", "from", "next", "into", "fixed_document"].contains(&name.as_str())
    });
    let again = match changes::refusal(&detail.case, action) {
        None => html! {
            p { "Nothing was done. Decide again: what you typed is still here." }
            (form(request, &page, &state, &choices).await?)
        },
        Some(why) => html! {
            p { "Nothing was done. " (why) }
            dl.facts { @for (name, value) in typed { dt { "You typed (" (name) ")" } dd { (value) } } }
            (back(&page))
        },
    };
    let body = html! {
        (ui::banner(Tone::Warning, html! {
            p { "Somebody changed this case after you opened it. It is now " (ui::words::case_state(detail.case.state).to_lowercase()) ", "
                @match &detail.case.assignee { Some(person) => { "assigned to " (person.name) } None => "assigned to nobody" } "." }
            (timeline::newest(&detail, usize::try_from(missed).unwrap_or(1), &choices.assignees, zone, now))
        }))
        (again)
    };
    let title = "Somebody changed this case meanwhile";
    Ok(request.page_with(StatusCode::CONFLICT, Area::Feedback, title, frame(&page, body)))
}

/// What stands around every page of a step.
fn frame(page: &Page<'_>, body: Markup) -> Markup {
    let case = &page.detail.case;
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[
                (view::INBOX.to_owned(), "Feedback".to_owned()),
                (address(case.id, page.from), format!("Case {}", case.number)),
            ]))
            h1 { (changes::heading(page.action)) }
            p { (case.title) " " (Badge::case(case.state)) }
            (body)
        } }
    }
}

fn back(page: &Page<'_>) -> Markup {
    html! { div.buttons { (ui::link_button(&address(page.detail.case.id, page.from), "Back to the case")) } }
}

/// The form of a step.
async fn form(request: &PanelRequest, page: &Page<'_>, state: &FormState, choices: &Choices) -> Result<Markup> {
    let case = &page.detail.case;
    let action = page.action;
    let merging = match action {
        CaseAction::Merge => merge_fields(request, page, state).await?,
        _ => html! {},
    };
    let searching = match action {
        CaseAction::Merge => html! {
            form.filters method="get" action={ "/admin/cases/" (case.id) "/merge" } data-enhance role="search" {
                (field::hidden("from", page.from))
                (field::text(&Field::new("q", "Look for a case by words or number").kind("search").value(page.words)))
                (ui::button("", "", "Search", "for cases"))
            }
        },
        _ => html! {},
    };
    let sentence = match action {
        CaseAction::Unmerge => "The case becomes what it was before, and the reports that came from it go back to it.",
        CaseAction::Dismiss => "Nothing more is done about it. It can be reopened.",
        CaseAction::Resolve => "Visitors who kept their receipt see that it is answered. It can be reopened.",
        CaseAction::Merge => "All its reports move to the other case, and it leads there. It can be undone.",
        _ => "",
    };
    Ok(html! {
        @if !sentence.is_empty() { p { (sentence) } }
        (searching)
        form method="post" action={ "/admin/cases/" (case.id) "/" (action.name()) } {
            (field::hidden("version", &case.version.to_string()))
            (field::hidden("from", page.from))
            (merging)
            (changes::fields(action, state, choices, &request.chrome.zone))
            @if !page.from.is_empty() { (field::check(&state.field("next", "Then go to the next case of the list"))) }
            div.buttons {
                (ui::submit(changes::heading(action)))
                a href=(address(case.id, page.from)) { "Cancel" }
            }
        }
    })
}

/// The cases that one can be merged into: those that were looked for, else those that say much the same.
async fn merge_fields(request: &PanelRequest, page: &Page<'_>, state: &FormState) -> Result<Markup> {
    let case = &page.detail.case;
    let mut options: Vec<(String, String)> = Vec::new();
    let describe = |other: &Case, like: Option<f64>| {
        let like = like.map(|like| format!(", {}", likeness(like))).unwrap_or_default();
        let title = other.document.title.clone().unwrap_or_default();
        let reports = ui::count(u64::try_from(other.report_count).unwrap_or_default(), "report", "reports");
        format!("#{} {} ({title}, {reports}{like})", other.number, other.title)
    };
    if page.words.is_empty() {
        options.extend(
            page.detail
                .suggestions
                .iter()
                .map(|one| (one.case.id.to_string(), describe(&one.case, Some(one.similarity)))),
        );
    } else {
        let found = request.cases_with(page.words).await?;
        let listing = CaseListing { found, limit: 20, ..CaseListing::default() };
        let found = feedback::cases(&request.ctx, &listing).await?;
        let other = found
            .rows
            .iter()
            .filter(|other| other.id != case.id && changes::refusal(other, CaseAction::Take).is_none());
        options.extend(other.map(|other| (other.id.to_string(), describe(other, None))));
    }
    let chosen = state.value("into");
    if !chosen.is_empty()
        && !options.iter().any(|(id, _)| id == chosen)
        && let Ok(id) = chosen.parse()
    {
        let listing = CaseListing { ids: Some(vec![id]), limit: 1, ..CaseListing::default() };
        let found = feedback::cases(&request.ctx, &listing).await?;
        options.extend(found.rows.iter().map(|other| (other.id.to_string(), describe(other, None))));
    }
    let legend = if page.words.is_empty() { "Cases that say much the same" } else { "Cases that were found" };
    Ok(html! {
        @if options.is_empty() {
            p.muted #f-into { @if page.words.is_empty() { "No open case on the same page says much the same." } @else { "No case was found." } }
        } @else {
            (field::radios(&state.field("into", legend), &options))
        }
        (field::text(&state.field("number", "Or the number of the case").class("short")))
    })
}

/// How alike two cases are, in words.
pub fn likeness(similarity: f64) -> &'static str {
    match similarity {
        like if like >= 0.95 => "the same words",
        like if like >= 0.8 => "nearly the same words",
        _ => "similar words",
    }
}

/// What the fields of a case offer.
pub async fn choices(request: &PanelRequest, detail: &CaseDetail) -> Result<Choices> {
    let own = detail.case.document.id;
    let mut ids: BTreeSet<DocumentId> = detail.reports.iter().map(|report| report.page).collect();
    ids.insert(own);
    let mut documents: Vec<_> = feedback::named_documents(&request.ctx, &ids).await?.into_iter().collect();
    documents.sort_by_key(|(id, _)| *id != own);
    Ok(Choices {
        assignees: feedback::assignees(&request.ctx).await?,
        documents,
        labels: labels(request).await?,
        several: false,
        tells_fixes: request.chrome.tells_fixes,
    })
}

/// The labels that are in use, the most used first.
pub async fn labels(request: &PanelRequest) -> Result<Vec<String>> {
    Ok(feedback::labels_in_use(&request.ctx).await?.into_iter().map(|(label, _)| label).collect())
}

/// The letter that presses a step, for those who go through many cases.
pub fn key(action: CaseAction) -> Option<&'static str> {
    match action {
        CaseAction::Start => Some("s"),
        CaseAction::Resolve => Some("e"),
        CaseAction::Dismiss => Some("d"),
        CaseAction::Wait => Some("w"),
        CaseAction::Merge => Some("m"),
        // What was closed is open again.
        CaseAction::Reopen | CaseAction::Unmerge => Some("u"),
        CaseAction::Assign => Some("a"),
        CaseAction::Classify => Some("l"),
        _ => None,
    }
}

/// The steps of a case on its page: buttons for those that ask for nothing, links for the others; only what its state
/// allows.
pub fn bar(detail: &CaseDetail, from: &str) -> Markup {
    let case = &detail.case;
    let possible = |action: &CaseAction| changes::refusal(case, *action).is_none();
    let at_once: Vec<CaseAction> =
        [CaseAction::Open, CaseAction::Start, CaseAction::Resume].into_iter().filter(possible).collect();
    let asking = [
        CaseAction::Resolve,
        CaseAction::Dismiss,
        CaseAction::Wait,
        CaseAction::Classify,
        CaseAction::Reopen,
        CaseAction::Merge,
        CaseAction::Unmerge,
    ];
    html! {
        div.stack-s {
            @if detail.undo_until.is_some() {
                @let (address, fields) = undoing(case, from);
                form method="post" action=(address) {
                    @for (name, value) in &fields { (field::hidden(name, value)) }
                    div.row { button.button data-key="u" aria-keyshortcuts="U" { (changes::verb(CaseAction::Undo)) } }
                }
            }
            @if !at_once.is_empty() {
                form.stack-s method="post" action=(format!("/admin/cases/{}/{}", case.id, at_once.first().map_or("", |first| first.name()))) {
                    (field::hidden("version", &case.version.to_string()))
                    (field::hidden("from", from))
                    div.row {
                        @for action in &at_once {
                            button.button formaction={ "/admin/cases/" (case.id) "/" (action.name()) } data-key=[key(*action)] aria-keyshortcuts=[key(*action).map(ui::spoken_key)] {
                                (changes::verb(*action))
                            }
                        }
                    }
                    @if !from.is_empty() {
                        (field::check(&Field::new("next", "Then go to the next case of the list").value("")))
                    }
                }
            }
            div.row {
                @for action in asking.iter().filter(|action| possible(action)) {
                    a.button href=(below(case.id, action.name(), from)) data-dialog data-key=[key(*action)] aria-keyshortcuts=[key(*action).map(ui::spoken_key)] {
                        (changes::verb(*action))
                    }
                }
            }
        }
    }
}

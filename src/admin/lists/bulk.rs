//! One step for many documents: chosen in the list, looked at on a page of its own, taken for each by itself, and told
//! line by line.
//!
//! Decision (2026-11-22): what was done is told on the page that answers the post, not after a redirect: up to 500 lines
//! have no place in a session. Sending it once more does no harm, since every line carries the version that was seen.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    content::{
        self, BulkStep, ChangeSize, Children, Choice, Decision, Document, Kind, Listing, Ownership, Person, Prospect,
        Prospects, Publishing, Unpublishing,
    },
    kernel::{DocumentId, Error, Fault, Permission, Result, UserId, VersionNumber, is_date},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        document::{
            looking::{self, REASON, TICKED},
            title_of,
        },
        form::FormState,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, field, list},
    },
    address, area, counted,
    filters::Filters,
    kind,
    table::{badges, title},
};

/// The most documents that one step is taken for.
const AT_ONCE: u64 = 500;
/// The most documents that go live in one transaction.
const TOGETHER: usize = 100;
/// The most findings that are asked about on one page; who has more is published from a page of its own.
const FINDINGS: usize = 400;
const LINE: usize = 500;
const TEXT: usize = 1_000;

/// What a button says.
fn words(step: BulkStep) -> &'static str {
    match step {
        BulkStep::Submit => "Submit for review…",
        BulkStep::Publish => "Publish…",
        BulkStep::SetOwner => "Set owner…",
        BulkStep::SetReviewDate => "Set review date…",
        BulkStep::Discard => "Discard drafts…",
        BulkStep::Unpublish => "Unpublish…",
        BulkStep::Trash => "Put in the trash…",
    }
}

/// What will happen, in a sentence.
fn promise(step: BulkStep) -> &'static str {
    match step {
        BulkStep::Submit => "Each draft goes to the people who review. Nothing becomes public.",
        BulkStep::Publish => "Each draft becomes public at once, in place of what is live now.",
        BulkStep::SetOwner => "The owner is changed. The content stays as it is.",
        BulkStep::SetReviewDate => {
            "The date by which to review is changed. It stands in the public JSON of what is live."
        }
        BulkStep::Discard => {
            "The drafts are given up. What is live stays live, and every version stays in the history."
        }
        BulkStep::Unpublish => "They leave the public at once.",
        BulkStep::Trash => "They leave the lists and can be taken out of the trash again as they were.",
    }
}

/// What was done to one.
fn done(step: BulkStep) -> &'static str {
    match step {
        BulkStep::Submit => "Submitted for review",
        BulkStep::Publish => "Published",
        BulkStep::SetOwner => "Owner set",
        BulkStep::SetReviewDate => "Review date set",
        BulkStep::Discard => "Draft discarded",
        BulkStep::Unpublish => "Unpublished",
        BulkStep::Trash => "Put in the trash",
    }
}

/// The buttons below a list, for what this person may do.
pub fn bar(request: &PanelRequest, filters: &Filters, total: u64) -> Markup {
    if !request.may(Permission::ContentWrite) {
        return html! {};
    }
    let scope = if total > AT_ONCE {
        format!("The first {AT_ONCE} of all {total} that match, not only those ticked")
    } else {
        format!("All {total} that match, not only those ticked")
    };
    html! {
        fieldset.bulk {
            legend { "With what is ticked" }
            label.choice for="all" { input #all type="checkbox" name="all" value="true"; (scope) }
            (field::hidden("query", &filters.text))
            @for step in BulkStep::ALL.iter().filter(|step| request.may(step.permission())) {
                button.button name="step" value=(step.name()) { (words(*step)) }
            }
        }
    }
}

type Chosen = Vec<(DocumentId, VersionNumber)>;

/// The page between choosing and doing.
pub async fn choose(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let kind = kind(&request)?;
    let mut fields = request.form.fields(&["item"]);
    let step: Option<BulkStep> = fields.choice("step");
    let query = fields.raw_text("query").unwrap_or_default();
    let all = fields.text("all", 10).is_some();
    let items = fields.list("item").unwrap_or_default();
    if step.is_none() && !fields.has_fault("step") {
        fields.fault("step", "missing-field", "Say what is to be done.");
    }
    let chosen = read_items(&mut fields, &items);
    fields.finish()?;
    let Some(step) = step else { return Err(Error::bug("a step that was read is missing").into()) };
    request.ctx.authorise(step.permission())?;
    let query = list::address("", &query, &[("cursor", None)]);
    let filters = Filters::of_text(query.strip_prefix('?').unwrap_or_default(), kind)?;
    let chosen = if all { matching(&request, &filters).await? } else { chosen };
    let back = list::address(&address(kind), &filters.text, &[]);
    if chosen.is_empty() {
        request.say(Tone::Warning, "Tick at least one line first.", None).await?;
        return see_other(&back);
    }
    let prospects = content::prospects(&request.ctx, kind, step, &chosen).await?;
    let state = FormState::new().with("together", "no").with("children", "refuse").with("change", "major");
    let main = confirmation(&request, kind, step, &prospects, &state, &back).await?;
    Ok(request.page(area(kind), &heading(step, kind, &prospects), main))
}

/// Each item is an id and the version that was seen.
fn read_items(fields: &mut crate::web::Fields, items: &[serde_json::Value]) -> Chosen {
    let read = |item: &serde_json::Value| {
        let (id, version) = item.as_str()?.split_once(' ')?;
        Some((id.parse::<DocumentId>().ok()?, VersionNumber(version.parse().ok()?)))
    };
    let mut chosen: Chosen = Vec::new();
    for (position, item) in items.iter().enumerate() {
        match read(item) {
            Some(one) if !chosen.iter().any(|(id, _)| *id == one.0) => chosen.push(one),
            Some(_) => {}
            None => fields.fault(&format!("item/{position}"), "not-an-id", "An id and a version were expected here."),
        }
    }
    chosen
}

/// What the filters let through, with the versions that are shown now.
async fn matching(request: &PanelRequest, filters: &Filters) -> Result<Chosen> {
    let listing = Listing { limit: AT_ONCE, ..filters.listing(request).await? };
    let page = content::list(&request.ctx, &listing).await?;
    Ok(page.rows.iter().map(|row| (row.id, row.version)).collect())
}

fn ready(prospects: &Prospects) -> impl Iterator<Item = &Prospect> {
    prospects.documents.iter().filter(|one| one.refusal.is_none())
}

fn skipped(prospects: &Prospects) -> impl Iterator<Item = (&Prospect, &str)> {
    prospects.documents.iter().filter_map(|one| Some((one, one.refusal.as_deref()?)))
}

fn heading(step: BulkStep, kind: Kind, prospects: &Prospects) -> String {
    let number = u64::try_from(ready(prospects).count()).unwrap_or_default();
    format!("{}: {}", words(step).trim_end_matches('…'), counted(number, kind))
}

async fn confirmation(
    request: &PanelRequest,
    kind: Kind,
    step: BulkStep,
    prospects: &Prospects,
    state: &FormState,
    back: &str,
) -> Result<Markup> {
    let number = ready(prospects).count();
    let people = if step == BulkStep::SetOwner { content::writers(&request.ctx).await? } else { Vec::new() };
    let left = skipped(prospects).count() + prospects.missing;
    let found = if step == BulkStep::Publish { found(request, prospects).await? } else { Vec::new() };
    let (asked, too_many) = asked(&found);
    Ok(html! {
        div.main { div.stack {
            (ui::crumbs(&[(back.to_owned(), area(kind).words().to_owned())]))
            h1 { (heading(step, kind, prospects)) }
            (ui::error_summary(state))
            @if number == 0 {
                p { "Nothing that you chose can be done. Why stands below." }
                (ui::link_button(back, "Back to the list"))
            } @else {
                p { (promise(step)) " Each is done by itself: what can't be done for one stops no other." }
                form method="post" action={ (address(kind)) "/bulk/confirm" } {
                    (field::hidden("step", step.name()))
                    (field::hidden("back", back))
                    @for one in ready(prospects) {
                        (field::hidden("item", &format!("{} {}", one.row.listed.id, one.seen)))
                    }
                    (looking::boxes(&asked, true, state))
                    @if !too_many.is_empty() {
                        p { "There are more findings to look at than a page can hold. These are skipped here; publish each from its own page:" }
                        ul { @for document in &too_many { li { (its_page(document.standing.kind, document.standing.id, title_of(document))) } } }
                    }
                    (questions(step, state, &people, number))
                    div.row {
                        @if matches!(step, BulkStep::Discard | BulkStep::Unpublish | BulkStep::Trash) {
                            (ui::bad_button(words(step).trim_end_matches('…')))
                        } @else {
                            (ui::submit(words(step).trim_end_matches('…')))
                        }
                        a href=(back) { "Back to the list" }
                    }
                }
                section.stack-s {
                    h2 { "What it will be done for (" (number) ")" }
                    ul { @for one in ready(prospects) { li { (named(one)) " " @for badge in badges(&one.row) { (badge) " " } } } }
                }
            }
            @if left > 0 {
                section.stack-s {
                    h2 { "What will be skipped (" (left) ")" }
                    ul {
                        @for (one, why) in skipped(prospects) { li { (named(one)) ": " (why) } }
                        @if prospects.missing > 0 { li { (prospects.missing) " are not there any more." } }
                    }
                }
            }
        } }
    })
}

/// What would be published, with everything that the checks find in it.
async fn found(request: &PanelRequest, prospects: &Prospects) -> Result<Vec<Document>> {
    let mut found = Vec::new();
    for one in ready(prospects) {
        found.push(content::document(&request.ctx, one.row.listed.kind, one.row.listed.id).await?);
    }
    Ok(found)
}

/// Those whose findings stand on the page, and those for whose findings there is no room.
fn asked(found: &[Document]) -> (Vec<&Document>, Vec<&Document>) {
    let mut findings = 0;
    found.iter().filter(|document| looking::open(document).next().is_some()).partition(|document| {
        findings += looking::open(document).count();
        findings <= FINDINGS
    })
}

fn its_page(kind: Kind, id: DocumentId, title: &str) -> Markup {
    html! { a href={ (address(kind)) "/" (id) "/publish" } { "Publish “" (title) "” from its own page" } }
}

fn named(one: &Prospect) -> Markup {
    html! { a href={ (address(one.row.listed.kind)) "/" (one.row.listed.id) } { (title(&one.row.listed)) } }
}

/// What has to be said before a step is taken.
fn questions(step: BulkStep, state: &FormState, people: &[Person], number: usize) -> Markup {
    let choices = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
    };
    match step {
        BulkStep::Submit => html! {
            (field::area(&state.field("note", "Note for the reviewers").hint("Optional.").rows(2).limit(TEXT)))
        },
        BulkStep::Publish => html! {
            @if number <= TOGETHER {
                (field::radios(&state.field("together", "If one of them can't be published"), &choices(&[
                    ("no", "Publish the others: each is published by itself"),
                    ("yes", "Publish none: all go live in one moment, or none does"),
                ])))
            }
            (field::radios(&state.field("change", "How much it matters to readers"), &choices(&[
                ("major", "They should know of it"), ("minor", "A correction without new meaning"),
            ])))
            (field::area(&state.field("note", "Note for readers of the changes").hint("Optional.").rows(2).limit(TEXT)))
        },
        BulkStep::SetOwner => {
            let writers = people.iter().filter_map(|one| Some((one.id?.to_string(), one.name.clone())));
            let options: Vec<(String, String)> =
                std::iter::once((String::new(), "Nobody".to_owned())).chain(writers).collect();
            html! { (field::select(&state.field("owner", "New owner").class("medium"), &options)) }
        }
        BulkStep::SetReviewDate => html! {
            (field::text(&state.field("review_by", "Review by").kind("date").class("short").hint("Leave it empty to take the date away.")))
        },
        BulkStep::Unpublish => html! {
            (field::radios(&state.field("decision", "What becomes of their addresses"), &choices(&[
                ("redirect", "They lead to another page"),
                ("gone", "They say that the page is gone, and why"),
                ("hidden", "As if the page had never been there"),
            ])))
            (field::text(&state.field("redirect_to", "Where they lead").hint("A path of the site such as /nursing, or a whole address. Only for the first choice.").limit(LINE)))
            (field::area(&state.field("explanation", "Explanation for readers").hint("Only for the second choice.").rows(2).limit(TEXT)))
            (field::radios(&state.field("children", "Live pages below them"), &choices(&[
                ("refuse", "Skip a page that has live pages below it"),
                ("unpublish", "Unpublish the pages below with it, with the same decision"),
            ])))
        },
        BulkStep::Discard | BulkStep::Trash => html! {},
    }
}

/// What was said on the page between.
struct Said {
    step: BulkStep,
    note: Option<String>,
    together: bool,
    change: Option<ChangeSize>,
    ownership: Ownership,
    unpublishing: Unpublishing,
}

pub async fn confirm(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let kind = kind(&request)?;
    let mut fields = request.form.fields_without(&["item", TICKED], REASON);
    let step: Option<BulkStep> = fields.choice("step");
    let items = fields.list("item").unwrap_or_default();
    let chosen = read_items(&mut fields, &items);
    let back = fields.raw_text("back").unwrap_or_default();
    let back = if back.starts_with(&address(kind)) { back } else { address(kind) };
    let Some(step) = step else {
        fields.fault("step", "missing-field", "Say what is to be done.");
        fields.finish()?;
        return Err(Error::bug("a missing step was let through").into());
    };
    request.ctx.authorise(step.permission())?;
    let said = said(step, &mut fields);
    if let Err(error) = fields.finish() {
        let state = FormState::of(&request.form).refused(error)?;
        let prospects = content::prospects(&request.ctx, kind, step, &chosen).await?;
        let main = confirmation(&request, kind, step, &prospects, &state, &back).await?;
        return Ok(request.refused(area(kind), &heading(step, kind, &prospects), main));
    }
    let prospects = content::prospects(&request.ctx, kind, step, &chosen).await?;
    if said.together
        && let Err(error) = looking::look_at(&request, &choices(&prospects)).await
    {
        let state = FormState::of(&request.form).refused(error)?;
        let main = confirmation(&request, kind, step, &prospects, &state, &back).await?;
        return Ok(request.refused(area(kind), &heading(step, kind, &prospects), main));
    }
    let outcomes = if said.together {
        together(&request, &prospects, &said).await?
    } else {
        one_by_one(&request, kind, &prospects, &said).await?
    };
    request.app.ring();
    let main = told(kind, step, &prospects, &outcomes, &back);
    Ok(request.page_with(StatusCode::OK, area(kind), done(step), main))
}

fn said(step: BulkStep, fields: &mut crate::web::Fields) -> Said {
    let mut said = Said {
        step,
        note: None,
        together: false,
        change: None,
        ownership: Ownership::default(),
        unpublishing: Unpublishing::default(),
    };
    match step {
        BulkStep::Submit => said.note = fields.text("note", TEXT),
        BulkStep::Publish => {
            said.note = fields.text("note", TEXT);
            said.change = fields.choice("change");
            fields.list(TICKED);
            said.together = fields.text("together", 10).as_deref() == Some("yes");
        }
        BulkStep::SetOwner => said.ownership.owner = Some(fields.id("owner").map(UserId)),
        BulkStep::SetReviewDate => {
            let date = fields.text("review_by", 10);
            if date.as_deref().is_some_and(|date| !is_date(date)) {
                fields.fault("review_by", "not-a-date", "A date such as 2026-11-22 was expected here.");
            }
            said.ownership.review_by = Some(date);
        }
        BulkStep::Unpublish => {
            said.unpublishing = Unpublishing {
                decision: fields.choice("decision"),
                redirect_to: fields.text("redirect_to", LINE),
                explanation: fields.text("explanation", TEXT),
                children: fields.choice::<Children>("children"),
            };
            match said.unpublishing.decision {
                None if !fields.has_fault("decision") => {
                    fields.fault("decision", "missing-field", "Say what becomes of their addresses.");
                }
                Some(Decision::Redirect) if said.unpublishing.redirect_to.is_none() => {
                    fields.fault("redirect_to", "missing-field", "Say where the addresses lead.");
                }
                _ => {}
            }
            // What was typed for another choice is not meant.
            if said.unpublishing.decision != Some(Decision::Redirect) {
                said.unpublishing.redirect_to = None;
            }
            if said.unpublishing.decision != Some(Decision::Gone) {
                said.unpublishing.explanation = None;
            }
        }
        BulkStep::Discard | BulkStep::Trash => {}
    }
    said
}

/// What came of it: by document, `None` or why not.
type Outcomes = BTreeMap<DocumentId, Option<String>>;

async fn one_by_one(request: &PanelRequest, kind: Kind, prospects: &Prospects, said: &Said) -> Result<Outcomes> {
    let mut outcomes = Outcomes::new();
    for one in ready(prospects) {
        let id = one.row.listed.id;
        let outcome = match take(request, kind, id, one.seen, said).await {
            Ok(()) => None,
            Err(error @ Error::Forbidden(_)) => return Err(error),
            Err(error) => Some(why(&error)),
        };
        outcomes.insert(id, outcome);
    }
    Ok(outcomes)
}

async fn take(request: &PanelRequest, kind: Kind, id: DocumentId, seen: VersionNumber, said: &Said) -> Result<()> {
    let ctx = &request.ctx;
    match said.step {
        BulkStep::Submit => content::submit(ctx, kind, id, seen, said.note.clone()).await?,
        BulkStep::Publish => {
            looking::look_at(request, &[Choice { kind, id, version: seen }]).await?;
            content::publish(ctx, kind, id, seen, publishing(said)).await?
        }
        BulkStep::SetOwner | BulkStep::SetReviewDate => {
            content::own(ctx, kind, id, seen, said.ownership.clone()).await?
        }
        BulkStep::Discard => content::discard(ctx, kind, id, seen).await?,
        BulkStep::Unpublish => content::unpublish(ctx, kind, id, seen, said.unpublishing.clone()).await?,
        BulkStep::Trash => content::trash(ctx, kind, id, seen).await?,
    };
    Ok(())
}

fn publishing(said: &Said) -> Publishing {
    Publishing { change: said.change, note: said.note.clone(), fixes: Vec::new(), force: None }
}

fn choices(prospects: &Prospects) -> Vec<Choice> {
    let choice = |one: &Prospect| Choice { kind: one.row.listed.kind, id: one.row.listed.id, version: one.seen };
    prospects.documents.iter().map(choice).collect()
}

/// All in one transaction: what stands in the way of one stands in the way of all.
async fn together(request: &PanelRequest, prospects: &Prospects, said: &Said) -> Result<Outcomes> {
    let choices = choices(prospects);
    let refusal = match prospects.documents.iter().find(|one| one.refusal.is_some()) {
        Some(_) => Some("Nothing was published, because another could not be.".to_owned()),
        None => match content::publish_together(&request.ctx, &choices, publishing(said)).await {
            Ok(_) => None,
            Err(error @ Error::Forbidden(_)) => return Err(error),
            Err(error) => Some(format!("Nothing was published: {}", why(&error))),
        },
    };
    Ok(ready(prospects).map(|one| (one.row.listed.id, refusal.clone())).collect())
}

/// Why a step could not be taken, for people.
pub fn why(error: &Error) -> String {
    let named = |faults: &[Fault]| faults.iter().map(|fault| fault.detail.clone()).collect::<Vec<_>>().join(" ");
    match error {
        Error::Invalid(faults) | Error::Malformed(faults) => named(faults),
        Error::Conflict { detail, faults, .. } => format!("{detail} {}", named(faults)).trim_end().to_owned(),
        Error::Bug(source) => {
            tracing::error!(error = %source, "a step for many documents met a fault");
            "The program has a fault here; it is in the log.".to_owned()
        }
        other => other.to_string(),
    }
}

fn told(kind: Kind, step: BulkStep, prospects: &Prospects, outcomes: &Outcomes, back: &str) -> Markup {
    let worked = outcomes.values().filter(|outcome| outcome.is_none()).count();
    let number = u64::try_from(worked).unwrap_or_default();
    html! {
        div.main { div.stack {
            (ui::crumbs(&[(back.to_owned(), area(kind).words().to_owned())]))
            h1 { (done(step)) ": " (counted(number, kind)) }
            div.table {
                table.cards {
                    caption.vh { "What came of it" }
                    thead { tr { th scope="col" { "Title" } th scope="col" { "Outcome" } } }
                    tbody { @for one in &prospects.documents {
                        @let outcome = one.refusal.as_deref().or_else(|| outcomes.get(&one.row.listed.id)?.as_deref());
                        tr {
                            th scope="row" { (named(one)) }
                            td data-label="Outcome" {
                                @match outcome {
                                    None => { (Badge::new(Look::Good, done(step))) }
                                    Some(why) => {
                                        (Badge::new(Look::Warning, "Skipped")) " " (why)
                                        @if step == BulkStep::Publish && one.refusal.is_none() { " " (its_page(kind, one.row.listed.id, title(&one.row.listed))) }
                                    }
                                }
                            }
                        }
                    } }
                }
            }
            @if prospects.missing > 0 { p { (prospects.missing) " are not there any more." } }
            (ui::link_button(back, "Back to the list"))
        } }
    }
}

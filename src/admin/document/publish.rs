//! Publishing: of one document, now or at a time, and of several together. What will happen stands first, then what was
//! found and looked at, who approved, what is said with it, and one button that says the act. The page is drawn in `publish_page.rs`.

use std::collections::{BTreeMap, BTreeSet};

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{
        self, Action, Choice, Decision, Document, DraftState, Kind, Outlook, PageComparison, Publishing,
        ScheduledAction, Scheduling, Severity,
    },
    events::{Event, EventKind, Filter},
    feedback::{self, Case, CaseListing, CaseState},
    kernel::{CaseId, DocumentId, Error, Fault, Permission, Result, Timestamp, VersionNumber},
    published,
    web::{Answer, Fields, see_other, session::Tone},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{shell::Area, time},
    },
    NOTE_LIMIT, Opened, Origin, Tab, address, compare, document_head,
    looking::{self, REASON, TICKED},
    publish_page, review_queue, stale, timing, title_of, titled,
};

/// Of so many pages it is worked out what their readers will see; the others are named.
const MOST_DIFFERENCES: usize = 20;
/// How many open cases can be ticked.
const MOST_CASES: u64 = 50;
/// How many documents are published together at most.
const MOST_TOGETHER: usize = 100;

/// How the documents are to go live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Publish,
    /// Without a review, with a reason.
    Force,
    Schedule,
}

/// Everything that the page shows.
pub struct Outcome {
    pub documents: Vec<Document>,
    pub act: Act,
    /// Why the act is not possible at all.
    pub refusal: Option<String>,
    pub outlook: Outlook,
    /// What is not live, has to be, and can go along.
    pub along: Vec<Document>,
    /// What changes against the live version, and how that looks, of each document that was live.
    pub changes: BTreeMap<DocumentId, (PageComparison, Markup)>,
    /// What readers of pages that embed a section will see.
    pub differences: BTreeMap<DocumentId, (PageComparison, Markup)>,
    pub reviews: Vec<Event>,
    pub needs_review: bool,
    /// An approval that a later save voided: of which version, and whose.
    pub voided: Option<(VersionNumber, String)>,
    /// Open cases, those first for which a fix has been started.
    pub cases: Vec<Case>,
    /// The cases for which a fix has been started.
    pub begun: BTreeSet<CaseId>,
    /// Whether the draft can be sent back from here.
    pub can_send_back: bool,
    /// Whether a review can be asked for.
    pub can_submit: bool,
}

impl Outcome {
    /// Whether something must be fixed first.
    pub fn is_stopped(&self) -> bool {
        let faulty = |document: &Document| document.checks.iter().any(|check| check.severity == Severity::MustFix);
        self.documents.iter().any(faulty)
            || self.outlook.obstacle.is_some()
            || self.outlook.missing.iter().any(|one| one.refusal.is_some())
    }
}

named! {
    /// When to publish.
    When { Now = "now", Later = "later", }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentPublish)?;
    let when = request.query.choice("when").unwrap_or(When::Now);
    let from: Option<Origin> = request.query.choice("from");
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let state = FormState::new()
        .with("version", document.standing.version.to_string())
        .with("when", when.name())
        .with("from", from.map_or("", Origin::name))
        .with("change", content::ChangeSize::Major.name())
        .with_all("fixes", begun(&request, &[opened.id]).await?.iter().map(ToString::to_string));
    Ok(page(&request, vec![document], &state, None, StatusCode::OK).await?)
}

pub async fn publish(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentPublish)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let before = opened.document(&request).await?;
    if request.form.has("suggest") {
        let outcome = outcome(&request, vec![before], Act::Publish).await?;
        let suggested = publish_page::suggestion(&outcome).unwrap_or_default();
        let state = FormState::of(&request.form).with("note", suggested);
        return Ok(page(&request, outcome.documents, &state, None, StatusCode::OK).await?);
    }
    if timing::is_asked(&request) {
        let state = timing::named(&request, FormState::of(&request.form));
        return Ok(page(&request, vec![before], &state, None, StatusCode::OK).await?);
    }
    match carry_out(&request, opened).await {
        Ok((document, trouble)) => {
            request.app.ring();
            Ok(said(&request, &[document], before.standing.live_version, trouble).await?)
        }
        Err(error @ Error::Stale(_)) => {
            let document = opened.document(&request).await?;
            let notice = stale::notice(&request, opened, &document, error).await?;
            let state = FormState::of(&request.form).with("version", document.standing.version.to_string());
            Ok(page(&request, vec![document], &state, Some(notice), StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let document = opened.document(&request).await?;
            Ok(page(&request, vec![document], &state, None, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

/// Publishes or schedules it, and says what could not be done besides.
async fn carry_out(request: &PanelRequest, opened: Opened) -> Result<(Document, Option<String>)> {
    let Opened { kind, id } = opened;
    let ctx = &request.ctx;
    let mut fields = request.form.fields_without(&["fixes", "together", TICKED], REASON);
    let version = super::seen(&mut fields)?;
    let later = fields.choice::<When>("when") == Some(When::Later);
    let at = if later { timing::chosen(request, &mut fields) } else { None };
    let together = named(&mut fields, "together");
    let publishing = publishing(&mut fields);
    let internal_note = fields.text("internal_note", NOTE_LIMIT);
    let leaving = leaving(request, &mut fields);
    // Where to go afterwards, which is no matter of the command's.
    fields.text("from", 20);
    fields.list(TICKED);
    fields.finish()?;
    let mut choices = vec![Choice { kind, id, version }];
    choices.extend(choices_of(request, &together).await?);
    looking::look_at(request, &choices).await?;
    let mut document = go_live(request, &choices, at.filter(|_| later), publishing, later).await?;
    if let Some(note) = internal_note {
        content::add_note(ctx, kind, id, &note).await?;
    }
    let mut trouble = None;
    if let Some(scheduling) = leaving.filter(|_| !later) {
        match content::schedule(ctx, kind, id, document.standing.version, scheduling).await {
            Ok(scheduled) => document = scheduled,
            // It is live, whatever becomes of this.
            Err(error) => {
                let refused = FormState::new().refused(error)?;
                trouble = refused.faults().first().map(|fault| fault.detail.clone());
            }
        }
    }
    Ok((document, trouble))
}

/// When it is to be unpublished again, if a time was typed.
fn leaving(request: &PanelRequest, fields: &mut Fields) -> Option<Scheduling> {
    let decision: Option<Decision> = fields.choice("unpublish_decision");
    if request.form.value("unpublish_at").trim().is_empty() {
        fields.text("unpublish_at", 40);
        return None;
    }
    let at = timing::typed(request, fields, "unpublish_at")?;
    if at <= request.now() {
        fields.fault("unpublish_at", "out-of-range", "The time has to lie in the future.");
    }
    if decision.is_none() {
        fields.fault("unpublish_decision", "missing-field", "Say what becomes of its address then.");
    }
    Some(Scheduling {
        action: ScheduledAction::Unpublish,
        at,
        publishing: Publishing::default(),
        unpublishing: content::Unpublishing { decision, ..content::Unpublishing::default() },
    })
}

/// Publishes it alone or with others, or schedules it. The first of the choices is the one that the page is about.
async fn go_live(
    request: &PanelRequest,
    choices: &[Choice],
    at: Option<Timestamp>,
    publishing: Publishing,
    later: bool,
) -> Result<Document> {
    let ctx = &request.ctx;
    match choices {
        [Choice { kind, id, version }] if later => {
            let scheduling = Scheduling {
                action: ScheduledAction::Publish,
                at: at.unwrap_or_default(),
                publishing,
                unpublishing: content::Unpublishing::default(),
            };
            content::schedule(ctx, *kind, *id, *version, scheduling).await
        }
        _ if later => {
            let detail = "Only one document can be scheduled; publish the others first, or all of them now.";
            Err(Error::invalid("/together", "unexpected", detail))
        }
        [Choice { kind, id, version }] => content::publish(ctx, *kind, *id, *version, publishing).await,
        _ => {
            let published = content::publish_together(ctx, choices, publishing).await?;
            published.into_iter().next().ok_or_else(|| Error::bug("nothing was published"))
        }
    }
}

fn publishing(fields: &mut Fields) -> Publishing {
    let forced = fields.has("reason");
    let reason = fields.text("reason", NOTE_LIMIT);
    Publishing {
        change: fields.choice("change"),
        note: fields.text("note", NOTE_LIMIT),
        fixes: fields.ids("fixes").into_iter().map(CaseId).collect(),
        force: forced.then(|| reason.unwrap_or_default()),
    }
}

/// Documents and versions that boxes name as `id:version`.
fn named(fields: &mut Fields, name: &str) -> Vec<(DocumentId, VersionNumber)> {
    let mut found = Vec::new();
    for value in fields.list(name).unwrap_or_default() {
        let parts = value.as_str().and_then(|text| text.split_once(':'));
        match parts.and_then(|(id, version)| Some((id.parse().ok()?, VersionNumber(version.parse().ok()?)))) {
            Some(one) => found.push(one),
            None => fields.fault(name, "not-an-id", "A document and its version were expected here."),
        }
    }
    found
}

async fn choices_of(request: &PanelRequest, named: &[(DocumentId, VersionNumber)]) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for (id, version) in named {
        let kind = content::kind_of(&request.ctx, *id).await?;
        let kind = kind.ok_or_else(|| Error::not_found("such document"))?;
        choices.push(Choice { kind, id: *id, version: *version });
    }
    Ok(choices)
}

/// Goes on to where the person came from, to the document, or to the list for several, and says what is live now.
async fn said(
    request: &PanelRequest,
    documents: &[Document],
    before: Option<VersionNumber>,
    trouble: Option<String>,
) -> Answer {
    let waiting = review_queue::offer(request).await?;
    let [document] = documents else {
        let text = waiting.after(format!("{} documents are live.", documents.len()));
        request.say(Tone::Done, text, waiting.link).await?;
        return see_other("/admin");
    };
    let standing = &document.standing;
    let title = title_of(document);
    let to = |rest: &str| address(standing.kind, standing.id, rest);
    let location =
        Origin::from_name(request.form.value("from")).map_or_else(|| to(""), |from| from.address().to_owned());
    if request.form.value("when") == When::Later.name() {
        let zone = &request.chrome.zone;
        let planned = document.schedules.iter().find(|one| one.action == ScheduledAction::Publish.name());
        let text = match planned {
            Some(one) => format!("“{title}” goes live as version {} on {}.", one.version, time::in_full(zone, one.at)),
            None => format!("“{title}” is scheduled."),
        };
        request.say(Tone::Done, waiting.after(text), waiting.link).await?;
        return see_other(&location);
    }
    let text = format!("“{title}” is live as version {} at {}.", standing.version, standing.path);
    let mut links = vec![
        (to("preview?line=live"), "View live".to_owned()),
        (format!("/api/v1/{}/{}", standing.kind.collection(), standing.slug), "The published JSON".to_owned()),
    ];
    if let Some(before) = before.filter(|before| *before != standing.version && request.may(Permission::ContentWrite)) {
        links.push((to(&format!("restore?version={before}")), format!("Undo (restore version {before})…")));
    }
    let (tone, text) = match trouble {
        Some(trouble) => (Tone::Warning, format!("{text} It could not be scheduled to be unpublished: {trouble}")),
        None => (Tone::Done, text),
    };
    let text = waiting.after(text);
    links.extend(waiting.link);
    request.say(tone, text, links).await?;
    see_other(&location)
}

/// Several together: which, as the address names them.
pub async fn show_several(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentPublish)?;
    let ids = request.query.documents("documents").unwrap_or_default();
    request.end_of_query()?;
    let mut documents = Vec::new();
    for id in ids.into_iter().collect::<BTreeSet<_>>() {
        let kind = content::kind_of(&request.ctx, id).await?;
        let kind = kind.ok_or_else(|| Error::not_found("such document"))?;
        documents.push(content::document(&request.ctx, kind, id).await?);
    }
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.standing.id).collect();
    let state = FormState::new()
        .with("change", content::ChangeSize::Major.name())
        .with_all("fixes", begun(&request, &ids).await?.iter().map(ToString::to_string));
    Ok(several(&request, documents, &state, StatusCode::OK).await?)
}

pub async fn publish_several(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentPublish)?;
    request.end_of_query()?;
    let mut fields = request.form.fields_without(&["documents", "together", "fixes", TICKED], REASON);
    let mut chosen = named(&mut fields, "documents");
    let shown: Vec<DocumentId> = chosen.iter().map(|(id, _)| *id).collect();
    // A document that is missing from one of them can be one of them.
    for one in named(&mut fields, "together") {
        if !chosen.iter().any(|(id, _)| *id == one.0) {
            chosen.push(one);
        }
    }
    let publishing = publishing(&mut fields);
    // Each document carries the version that was seen.
    fields.text("version", 20);
    fields.text("when", 20);
    fields.list(TICKED);
    fields.finish()?;
    let choices = choices_of(&request, &chosen).await?;
    let outcome = match looking::look_at(&request, &choices).await {
        Ok(()) => content::publish_together(&request.ctx, &choices, publishing).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(documents) => {
            request.app.ring();
            Ok(said(&request, &documents, None, None).await?)
        }
        Err(error) => {
            let (state, status) = match error {
                Error::Stale(_) => {
                    let detail = "One of them changed while you were looking at it; this is how they are now.";
                    let fault = Error::Invalid(vec![Fault::new("", "changed-meanwhile", detail)]);
                    (FormState::of(&request.form).refused(fault)?, StatusCode::CONFLICT)
                }
                other => (FormState::of(&request.form).refused(other)?, StatusCode::UNPROCESSABLE_ENTITY),
            };
            // The page is drawn again for those that it was about; what can go along is found anew.
            let mut documents = Vec::new();
            for choice in choices.iter().filter(|choice| shown.contains(&choice.id)) {
                documents.push(content::document(&request.ctx, choice.kind, choice.id).await?);
            }
            Ok(several(&request, documents, &state, status).await?)
        }
    }
}

async fn several(
    request: &PanelRequest,
    documents: Vec<Document>,
    state: &FormState,
    status: StatusCode,
) -> Result<Response> {
    let head = html! { div.actions { h1 { "Publish together" } } };
    if documents.is_empty() || documents.len() > MOST_TOGETHER {
        let main = html! { (head) div.main { (publish_page::none_chosen()) } };
        return Ok(request.page_with(status, Area::None, "Publish together", main));
    }
    let outcome = outcome(request, documents, Act::Publish).await?;
    let main = html! { (head) div.main { div.reading.stack { (publish_page::draw(request, &outcome, state, true)) } } };
    Ok(answer(request, Area::None, "Publish together", main, status))
}

/// The cases about documents for which a fix has been started. Publishing is the end of it, so they are ticked to begin with.
async fn begun(request: &PanelRequest, documents: &[DocumentId]) -> Result<BTreeSet<CaseId>> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(BTreeSet::new());
    }
    let cases = feedback::fixes_in_hand(&request.ctx, documents, None).await?;
    Ok(cases.into_iter().map(|case| case.id).collect())
}

async fn page(
    request: &PanelRequest,
    documents: Vec<Document>,
    state: &FormState,
    notice: Option<Markup>,
    status: StatusCode,
) -> Result<Response> {
    let Some(document) = documents.first() else { return Err(Error::bug("no document to publish")) };
    let head = document_head(request, document, Tab::None).await?;
    let (area, title) = (super::area(document.standing.kind), format!("Publish: {}", title_of(document)));
    let act = if state.value("when") == When::Later.name() { Act::Schedule } else { Act::Publish };
    let outcome = outcome(request, documents, act).await?;
    let main = html! {
        (head)
        div.main { div.reading.stack {
            @if let Some(notice) = notice { (notice) }
            (publish_page::draw(request, &outcome, state, false))
        } }
    };
    Ok(answer(request, area, &title, main, status))
}

fn answer(request: &PanelRequest, area: Area, title: &str, main: Markup, status: StatusCode) -> Response {
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(area, title, main),
        other => request.page_with(other, area, title, main),
    }
}

/// Asks everything that the page shows.
async fn outcome(request: &PanelRequest, documents: Vec<Document>, act: Act) -> Result<Outcome> {
    let ctx = &request.ctx;
    let choices: Vec<Choice> = documents
        .iter()
        .map(|document| Choice {
            kind: document.standing.kind,
            id: document.standing.id,
            version: document.standing.version,
        })
        .collect();
    let outlook = content::outlook(ctx, &choices).await?;
    let mut along = Vec::new();
    for one in outlook.missing.iter().filter(|one| one.refusal.is_none()) {
        along.push(content::document(ctx, one.kind, one.id).await?);
    }
    let mut changes = BTreeMap::new();
    for document in &documents {
        let standing = &document.standing;
        if let Some(live) = standing.live_version.filter(|live| *live != standing.version) {
            let (kind, id, to) = (standing.kind, standing.id, standing.version);
            let comparison = content::page_comparison(ctx, kind, id, live, to, false).await?;
            let drawn = compare::draw(request, &comparison, "live-").await?;
            changes.insert(id, (comparison, drawn));
        }
    }
    let sections: BTreeMap<DocumentId, VersionNumber> = choices
        .iter()
        .filter(|choice| choice.kind == Kind::RequirementSection)
        .map(|choice| (choice.id, choice.version))
        .collect();
    let mut differences = BTreeMap::new();
    let shown_on = outlook.embedding.iter().filter(|page| page.kind == Kind::RolePage).take(MOST_DIFFERENCES);
    for (position, page) in shown_on.enumerate() {
        let comparison = published::difference_for_readers(ctx, page.id, &sections).await?;
        let of = format!("on “{}”", titled(&page.title));
        let drawn = compare::draw_of(request, &comparison, &format!("reads-{position}-"), &of).await?;
        differences.insert(page.id, (comparison, drawn));
    }
    let mut reviews = Vec::new();
    let mut needs_review = false;
    let mut cases = Vec::new();
    for document in &documents {
        let (kind, id) = (document.standing.kind, document.standing.id);
        needs_review |= content::rules_of(ctx, kind).await?.review;
        let kinds = [EventKind::DocumentSubmitted, EventKind::DocumentApproved, EventKind::ChangesRequested];
        reviews.extend(content::timeline_of(ctx, kind, id, Filter::default(), &kinds, 5).await?.events);
        if request.may(Permission::FeedbackRead) {
            let states = CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect();
            let listing = CaseListing { states, document: Some(id), limit: MOST_CASES, ..CaseListing::default() };
            cases.extend(feedback::cases(ctx, &listing).await?.rows);
        }
    }
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.standing.id).collect();
    let begun = begun(request, &ids).await?;
    cases.sort_by_key(|case| !begun.contains(&case.id));
    let (act, refusal) = possible(request, &documents, act).await?;
    let mut outcome = Outcome {
        documents,
        act,
        refusal,
        outlook,
        along,
        changes,
        differences,
        reviews,
        needs_review,
        voided: None,
        cases,
        begun,
        can_send_back: false,
        can_submit: false,
    };
    if let [document] = outcome.documents.as_slice() {
        let steps = content::possible_steps(ctx, document).await?;
        let can = |action: Action| steps.iter().any(|step| step.action == action && step.refusal.is_none());
        (outcome.can_send_back, outcome.can_submit) = (can(Action::RequestChanges), can(Action::Submit));
        outcome.voided = voided(document, &outcome.reviews);
    }
    Ok(outcome)
}

/// The last approval since the live version, if it is of a version that was saved over.
fn voided(document: &Document, reviews: &[Event]) -> Option<(VersionNumber, String)> {
    let standing = &document.standing;
    let draft = standing.draft_version.filter(|_| standing.draft_state != DraftState::Approved)?;
    let approval = reviews.iter().find(|event| event.kind == EventKind::DocumentApproved)?;
    let version = approval.payload.get("version").and_then(serde_json::Value::as_i64)?;
    let version = VersionNumber(i32::try_from(version).ok()?);
    let since_live = standing.live_version.is_none_or(|live| version > live);
    (version < draft && since_live).then(|| (version, approval.actor.name.clone()))
}

/// What can be done of what is asked: where a review is missing, those who may publish without one are offered that.
async fn possible(request: &PanelRequest, documents: &[Document], act: Act) -> Result<(Act, Option<String>)> {
    let mut refusal = None;
    let mut forces = true;
    for document in documents {
        let steps = content::possible_steps(&request.ctx, document).await?;
        let refused = |action: Action| match steps.iter().find(|step| step.action == action) {
            Some(step) => step.refusal.clone(),
            None => Some("It needs another permission.".to_owned()),
        };
        let asked = if act == Act::Schedule { Action::Schedule } else { Action::Publish };
        if let Some(reason) = refused(asked) {
            let named = documents.len() > 1;
            let reason = if named { format!("“{}”: {reason}", title_of(document)) } else { reason };
            refusal.get_or_insert(reason);
            forces &= refused(Action::ForcePublish).is_none();
        }
    }
    Ok(match refusal {
        Some(_) if forces && act == Act::Publish => (Act::Force, None),
        refusal => (act, refusal),
    })
}

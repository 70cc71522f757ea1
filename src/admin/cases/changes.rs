//! What people can do to a case: read from a form, carried out by the one command there is for it, and the fields that
//! ask for it. The page of one case and the page for several use the same.

use maud::{Markup, html};

use crate::{
    feedback::{
        self, Case, CaseAction, CaseChange, CaseListing, Dismissal, FixedIn, NamedDocument, Person, Resolution,
        Resolving, lifecycle,
    },
    kernel::{CaseId, Ctx, DocumentId, Error, Permission, Result, Timestamp, UserId, VersionNumber},
    web::Fields,
};

use super::{
    super::{
        form::FormState,
        ui::{
            field,
            time::{self, Zone},
            words,
        },
    },
    classifying::{self, Classifying},
    telling,
};

/// A step with what it needs.
#[derive(Clone, Debug)]
pub enum Change {
    Open,
    Start,
    Wait(Timestamp),
    Resume,
    Resolve(Resolving),
    Dismiss(Dismissal, Option<String>),
    Reopen(Option<String>),
    Merge(CaseId),
    Unmerge,
    Assign(Option<UserId>),
    Retitle(String),
    Classify(Classifying),
    Note(String),
    /// What was done last is taken back.
    Undo,
    /// Everything in it goes into quarantine.
    Spam,
}

/// What the fields offer.
pub struct Choices {
    pub assignees: Vec<Person>,
    /// Documents in which a problem can have been fixed; the likeliest first.
    pub documents: Vec<(DocumentId, NamedDocument)>,
    /// Labels that are in use; the most used first.
    pub labels: Vec<String>,
    /// Whether the fields are for several cases, which may differ.
    pub several: bool,
    /// Whether it can be said in public what was changed.
    pub tells_fixes: bool,
}

/// The words of a step on its button; with "…" where something is asked first.
pub fn verb(action: CaseAction) -> &'static str {
    match action {
        CaseAction::Open => "Open",
        CaseAction::Start => "Start work",
        CaseAction::Wait => "Wait…",
        CaseAction::Resume => "Go on with it",
        CaseAction::Resolve => "Resolve…",
        CaseAction::Dismiss => "Dismiss…",
        CaseAction::Reopen => "Reopen…",
        CaseAction::Merge => "Merge…",
        CaseAction::Unmerge => "Undo merge…",
        CaseAction::Assign => "Assign",
        CaseAction::Retitle => "Rename",
        CaseAction::Classify => "Classify…",
        CaseAction::Note => "Add note",
        CaseAction::Undo => "Undo the last step",
        CaseAction::Regress | CaseAction::Receive | CaseAction::Take => "",
    }
}

/// The heading of the page that asks for a step, and its button.
pub fn heading(action: CaseAction) -> &'static str {
    match action {
        CaseAction::Open => "Open the case",
        CaseAction::Start => "Start work",
        CaseAction::Wait => "Let the case wait",
        CaseAction::Resume => "Go on with the case",
        CaseAction::Resolve => "Resolve the case",
        CaseAction::Dismiss => "Dismiss the case",
        CaseAction::Reopen => "Reopen the case",
        CaseAction::Merge => "Merge the case",
        CaseAction::Unmerge => "Undo the merge",
        CaseAction::Assign => "Assign the case",
        CaseAction::Retitle => "Rename the case",
        CaseAction::Classify => "Classify the case",
        CaseAction::Note => "Add a note",
        CaseAction::Undo => "Undo the last step",
        CaseAction::Regress | CaseAction::Receive | CaseAction::Take => "",
    }
}

/// What was done, after "Case 12".
pub fn done(change: &Change) -> &'static str {
    match change {
        Change::Open => "is open",
        Change::Start => "is in progress",
        Change::Wait(_) => "waits",
        Change::Resume => "goes on",
        Change::Resolve(_) => "is resolved",
        Change::Dismiss(..) => "is dismissed",
        Change::Reopen(_) => "is open again",
        Change::Merge(_) => "is merged",
        Change::Unmerge => "stands by itself again",
        Change::Assign(Some(_)) => "has a new assignee",
        Change::Assign(None) => "belongs to nobody now",
        Change::Retitle(_) => "has a new title",
        Change::Classify(_) => "is classified",
        Change::Note(_) => "has a new note",
        Change::Undo => "is as it was before",
        Change::Spam => "is in quarantine",
    }
}

/// Whether a step can be taken back for a while.
pub fn is_undoable(change: &Change) -> bool {
    match change {
        Change::Open
        | Change::Start
        | Change::Wait(_)
        | Change::Resume
        | Change::Resolve(_)
        | Change::Dismiss(..)
        | Change::Merge(_)
        | Change::Assign(_)
        | Change::Classify(_) => true,
        Change::Reopen(_) | Change::Unmerge | Change::Retitle(_) | Change::Note(_) | Change::Undo | Change::Spam => {
            false
        }
    }
}

/// Why a step is not possible for a case as it stands; `None` if it is.
pub fn refusal(case: &Case, action: CaseAction) -> Option<&'static str> {
    lifecycle::refusal(case.state, action).map(|refusal| refusal.detail)
}

/// Reads a step. Texts are cleaned and measured by the commands.
///
/// # Errors
/// [`Error::Invalid`] if something is missing that the step needs.
pub async fn read(ctx: &Ctx, zone: &Zone, action: CaseAction, fields: &mut Fields) -> Result<Change> {
    let change = match action {
        CaseAction::Open => Some(Change::Open),
        CaseAction::Start => Some(Change::Start),
        CaseAction::Resume => Some(Change::Resume),
        CaseAction::Unmerge => Some(Change::Unmerge),
        CaseAction::Undo => Some(Change::Undo),
        CaseAction::Wait => {
            let until = fields.text("until", 40).and_then(|text| zone.read(&text));
            if until.is_none() {
                fields.fault("until", "missing-field", "Choose the day and the time until which it waits.");
            }
            until.map(Change::Wait)
        }
        CaseAction::Resolve => resolving(fields).map(Change::Resolve),
        CaseAction::Dismiss => {
            let reason: Option<Dismissal> = fields.choice("reason");
            if reason.is_none() && !fields.has_fault("reason") {
                fields.fault("reason", "missing-field", "Choose why it is dismissed.");
            }
            let text = fields.raw_text("text");
            reason.map(|reason| Change::Dismiss(reason, text))
        }
        CaseAction::Reopen => Some(Change::Reopen(fields.raw_text("reason"))),
        CaseAction::Merge => target(ctx, fields).await?.map(Change::Merge),
        CaseAction::Assign => {
            let assignee = fields.id("assignee").map(UserId);
            (!fields.has_fault("assignee")).then_some(Change::Assign(assignee))
        }
        CaseAction::Classify => Some(Change::Classify(classifying::read(fields))),
        CaseAction::Retitle => Some(Change::Retitle(fields.raw_text("title").unwrap_or_default())),
        CaseAction::Note => Some(Change::Note(fields.raw_text("text").unwrap_or_default())),
        CaseAction::Regress | CaseAction::Receive | CaseAction::Take => None,
    };
    std::mem::replace(fields, Fields::of_form(serde_json::Map::new())).finish()?;
    change.ok_or_else(|| Error::bug("a step without what it needs"))
}

fn resolving(fields: &mut Fields) -> Option<Resolving> {
    let resolution: Option<Resolution> = fields.choice("resolution");
    if resolution.is_none() && !fields.has_fault("resolution") {
        fields.fault("resolution", "missing-field", "Choose how it was resolved.");
    }
    let reason = fields.raw_text("explanation");
    let document = fields.id("fixed_document").map(DocumentId);
    let version = fields.text("fixed_in", 12);
    // The form always sends where it would be fixed; it counts for that answer alone.
    let fixed_in = match (resolution, document, version) {
        (Some(Resolution::Fixed), Some(document), Some(version)) => match version.parse() {
            Ok(version) => Some(FixedIn { document, version: VersionNumber(version) }),
            Err(_) => {
                fields.fault("fixed_in", "not-a-number", "The number of a version was expected, such as 3.");
                None
            }
        },
        _ => None,
    };
    // So does what is said of a fix.
    let what_changed = fields.raw_text("what_changed").filter(|_| resolution == Some(Resolution::Fixed));
    Some(Resolving { resolution: resolution?, reason, fixed_in, what_changed })
}

/// The case to merge into, by its id or by the number that people know it by.
async fn target(ctx: &Ctx, fields: &mut Fields) -> Result<Option<CaseId>> {
    let chosen = fields.id("into").map(CaseId);
    let number = fields.text("number", 20);
    let found = match (&number, chosen) {
        (Some(number), _) => by_number(ctx, number).await?,
        (None, chosen) => chosen,
    };
    if found.is_none() && !fields.has_fault("into") {
        match number {
            Some(number) => fields.fault("number", "reference-missing", format!("There is no case {number}.")),
            None => fields.fault("into", "missing-field", "Choose the case to merge into, or type its number."),
        }
    }
    Ok(found)
}

/// The case with a number.
pub async fn by_number(ctx: &Ctx, number: &str) -> Result<Option<CaseId>> {
    let Ok(number) = number.trim().trim_start_matches('#').parse::<i64>() else { return Ok(None) };
    // Words are looked for in titles too, so the number is compared again.
    let listing = CaseListing { words: Some(number.to_string()), limit: 100, ..CaseListing::default() };
    let (found, _) = feedback::some_cases(ctx, &listing).await?;
    Ok(found.iter().find(|case| case.number == number).map(|case| case.id))
}

/// Carries a step out.
pub async fn apply(ctx: &Ctx, id: CaseId, seen: i64, change: &Change) -> Result<Case> {
    match change.clone() {
        Change::Open => feedback::open(ctx, id, seen).await,
        Change::Start => feedback::start(ctx, id, seen).await,
        Change::Wait(until) => feedback::wait(ctx, id, seen, until).await,
        Change::Resume => feedback::resume(ctx, id, seen).await,
        Change::Resolve(resolving) => feedback::resolve(ctx, id, seen, resolving).await.map_err(renamed),
        Change::Dismiss(reason, text) => feedback::dismiss(ctx, id, seen, reason, text.as_deref()).await,
        Change::Reopen(reason) => feedback::reopen(ctx, id, seen, reason.as_deref()).await,
        Change::Merge(into) => feedback::merge(ctx, id, seen, into).await,
        Change::Unmerge => feedback::unmerge(ctx, id, seen).await,
        Change::Undo => feedback::undo(ctx, id, seen).await,
        Change::Assign(assignee) => feedback::assign(ctx, id, seen, assignee).await,
        Change::Retitle(title) => feedback::retitle(ctx, id, seen, &title).await,
        Change::Classify(Classifying { severity, category, labels }) => {
            let change = CaseChange { severity, category, labels, ..CaseChange::default() };
            feedback::change(ctx, id, seen, change).await
        }
        Change::Note(text) => feedback::note(ctx, id, seen, &text).await,
        Change::Spam => quarantine(ctx, id, seen).await,
    }
}

/// Puts all reports of a case into quarantine; it is dismissed with the last of them. Each can be released again.
async fn quarantine(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    let detail = feedback::case(ctx, id).await?;
    if detail.case.version != seen {
        return Err(Error::stale(&detail.case.version.to_string(), &detail.case));
    }
    for report in detail.reports {
        feedback::quarantine(ctx, report.id, &report.revision).await?;
    }
    Ok(feedback::case(ctx, id).await?.case)
}

/// The field of a form in which the reason of an answer stands has another name than the command gives it, since a form
/// for several steps asks for several reasons.
fn renamed(error: Error) -> Error {
    match error {
        Error::Invalid(mut faults) => {
            for fault in faults.iter_mut().filter(|fault| fault.pointer == "/reason") {
                fault.pointer = "/explanation".to_owned();
            }
            Error::Invalid(faults)
        }
        other => other,
    }
}

/// What a step asks for.
pub fn fields(action: CaseAction, state: &FormState, choices: &Choices, zone: &Zone) -> Markup {
    match action {
        CaseAction::Wait => {
            let hint = format!("It goes on by itself then. At most 14 months ahead, in {} time.", zone.name());
            html! { (field::text(&state.field("until", "Until").kind("datetime-local").class("medium").hint(hint))) }
        }
        CaseAction::Resolve => resolve_fields(state, choices),
        CaseAction::Dismiss => {
            let reasons = field::options(Dismissal::ALL, Dismissal::name, words::dismissal);
            html! {
                (field::radios(&state.field("reason", "Why"), &reasons))
                (field::area(&state.field("text", "Explanation (optional)").hint("For others who triage. Visitors see only that it is closed.")))
            }
        }
        CaseAction::Reopen => html! {
            (field::area(&state.field("reason", "Why (optional)").hint("It is kept as a note.")))
        },
        CaseAction::Assign => {
            let mut people = vec![(String::new(), "Nobody".to_owned())];
            people.extend(choices.assignees.iter().map(|one| (one.id.to_string(), one.name.clone())));
            html! { (field::select(&state.field("assignee", "Assignee").class("medium"), &people)) }
        }
        CaseAction::Classify => classifying::fields(state, &choices.labels, choices.several),
        CaseAction::Retitle => html! { (field::text(&state.field("title", "Title").limit(feedback::TITLE_LIMIT))) },
        CaseAction::Note => {
            let hint = "For others who triage. Personal data is taken out when it is saved.";
            html! { (field::area(&state.field("text", "Note").hint(hint).rows(3))) }
        }
        CaseAction::Merge
        | CaseAction::Open
        | CaseAction::Start
        | CaseAction::Resume
        | CaseAction::Unmerge
        | CaseAction::Undo
        | CaseAction::Regress
        | CaseAction::Receive
        | CaseAction::Take => html! {},
    }
}

fn resolve_fields(state: &FormState, choices: &Choices) -> Markup {
    let resolutions = field::options(Resolution::ALL, Resolution::name, words::resolution);
    let none = choices.several.then(|| (String::new(), "Choose…".to_owned()));
    let documents: Vec<(String, String)> = none
        .into_iter()
        .chain(choices.documents.iter().map(|(id, document)| {
            let live = match document.live_version {
                Some(version) => format!(" (live: version {version})"),
                None => " (not live)".to_owned(),
            };
            (id.to_string(), format!("{}{live}", document.title))
        }))
        .collect();
    let hint = "For a fix. The version must have been published; publish a draft first, or name this case when you do.";
    html! {
        (field::radios(&state.field("resolution", "How it was resolved"), &resolutions))
        (field::select(&state.field("fixed_document", "Fixed in the page or section"), &documents))
        (field::text(&state.field("fixed_in", "In version").class("short").hint(hint)))
        @if choices.tells_fixes && !choices.several { (telling::sentence(state, "what_changed", "What was changed, for visitors (optional)")) }
        (field::area(&state.field("explanation", "Reason or answer").hint("Needed if it will not change; visitors don't see it.")))
    }
}

/// Who may do any of it.
pub const PERMISSION: Permission = Permission::FeedbackTriage;

/// What several cases have come to, in a sentence.
pub fn outcome(change: &Change, zone: &Zone, people: &[Person]) -> String {
    match change {
        Change::Wait(until) => format!("They wait until {}.", time::in_full(zone, *until)),
        Change::Resolve(resolving) => words::resolution(resolving.resolution).to_owned() + ".",
        Change::Dismiss(reason, _) => words::dismissal(*reason).to_owned() + ".",
        Change::Merge(_) => "Their reports have moved. Each merge can be undone.".to_owned(),
        Change::Assign(Some(user)) => {
            let name = people.iter().find(|one| one.id == *user).map_or("somebody", |one| one.name.as_str());
            format!("They belong to {name}.")
        }
        Change::Assign(None) => "They belong to nobody.".to_owned(),
        Change::Open | Change::Start | Change::Resume | Change::Reopen(_) => String::new(),
        Change::Spam => "Their reports are in quarantine; each can be released again.".to_owned(),
        Change::Unmerge | Change::Undo | Change::Retitle(_) | Change::Note(_) | Change::Classify(_) => String::new(),
    }
}

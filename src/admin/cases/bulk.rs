//! One step for several cases: first a page that says what will happen and which are left out, then what came of each.
//! Nothing is done until the second post, and each case is changed as it was seen on that page or not at all.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::{
    feedback::{self, Case, CaseAction, CaseListing},
    kernel::{CaseId, DocumentId, Error, Result},
    web::{Answer, Fields, session::Tone},
};

use super::{
    super::{
        form::{Form, FormState},
        request::PanelRequest,
        ui::{self, Badge, Field, field, shell::Area},
    },
    address,
    changes::{self, Change, Choices},
    steps,
    view::{self, LIMIT, View},
};

/// A step of a case, or quarantine for everything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Case(CaseAction),
    Spam,
}

/// What can be done to several cases.
const STEPS: &[Step] = &[
    Step::Case(CaseAction::Assign),
    Step::Case(CaseAction::Open),
    Step::Case(CaseAction::Start),
    Step::Case(CaseAction::Wait),
    Step::Case(CaseAction::Resume),
    Step::Case(CaseAction::Resolve),
    Step::Case(CaseAction::Dismiss),
    Step::Case(CaseAction::Reopen),
    Step::Case(CaseAction::Merge),
    Step::Case(CaseAction::Classify),
    Step::Case(CaseAction::Note),
    Step::Case(CaseAction::Undo),
    Step::Spam,
];

impl Step {
    fn named(name: &str) -> Option<Self> {
        STEPS.iter().copied().find(|step| step.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Case(action) => action.name(),
            Self::Spam => "spam",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Case(CaseAction::Assign) => "Assign…",
            Self::Case(CaseAction::Start) => "Start work",
            Self::Case(CaseAction::Note) => "Add a note…",
            Self::Case(other) => changes::verb(other),
            Self::Spam => "Put into quarantine…",
        }
    }

    fn key(self) -> Option<&'static str> {
        match self {
            Self::Case(CaseAction::Note) => Some("n"),
            Self::Case(action) => steps::key(action),
            Self::Spam => Some("#"),
        }
    }

    /// Why it is not possible for a case as it stands. Quarantine ends a case as a dismissal does.
    fn refusal(self, case: &Case) -> Option<&'static str> {
        match self {
            Self::Case(action) => changes::refusal(case, action),
            Self::Spam => changes::refusal(case, CaseAction::Dismiss),
        }
    }
}

/// What the list shows below its cases. The key of a step takes it for what is ticked, else for the row with the focus.
pub fn bar() -> Markup {
    let field = Field::new("action", "With the chosen cases");
    let actions = html! {
        select id=(field.id()) name="action" data-key="." aria-keyshortcuts="." {
            @for step in STEPS { option value=(step.name()) data-key=[step.key()] { (step.words()) } }
        }
    };
    html! {
        div.filters.below {
            (field.around(actions))
            button.button { "Go on…" span.vh { " with the chosen cases" } }
        }
    }
}

/// What was chosen.
struct Chosen {
    step: Step,
    /// With the version that the confirming page showed, once there was one.
    cases: Vec<(Case, Option<i64>)>,
    from: String,
    confirmed: bool,
}

pub async fn bulk(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(changes::PERMISSION)?;
    let from = request.form.value("from").to_owned();
    let list = View::read(&from, &request.ctx.actor).map_or_else(|_| view::INBOX.to_owned(), |view| view.address());
    let chosen = choose(&request, from).await?;
    if chosen.cases.is_empty() {
        request.say(Tone::Warning, "No case was chosen, so nothing was done.", None).await?;
        return crate::web::see_other(&list);
    }
    if !chosen.confirmed && !chosen.is_done_at_once(&request) {
        let state = FormState::new();
        return Ok(request.page(Area::Feedback, "Several cases", confirm(&request, &chosen, &state, &list).await?));
    }
    match step(&request, &chosen).await {
        Ok(change) => {
            let only = chosen.cases.first().filter(|_| chosen.cases.len() == 1);
            let next = match only {
                Some((case, _)) => steps::next(&request, case, &chosen.from).await?,
                None => None,
            };
            let outcomes = carry_out(&request, &chosen, &change).await?;
            request.app.ring();
            if let ([(before, Ok(case))], Some(_)) = (outcomes.as_slice(), only) {
                let text = format!("Case {} {}.", case.number, changes::done(&change));
                let link = (address(case.id, &chosen.from), format!("Case {}: {}", case.number, before.title));
                let undo = changes::is_undoable(&change).then(|| steps::undoing(case, &chosen.from));
                request.say_done(text, Some(link), undo).await?;
                // On to the next row.
                let row = next.map(|next| format!("#row-{next}")).unwrap_or_default();
                return crate::web::see_other(&format!("{list}{row}"));
            }
            let main = outcome_page(&request, &chosen, &change, &outcomes, &list).await?;
            Ok(request.page(Area::Feedback, "What was done", main))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(request.refused(Area::Feedback, "Several cases", confirm(&request, &chosen, &state, &list).await?))
        }
    }
}

/// Reads which cases and which step; the fields of the step are read once it is confirmed.
async fn choose(request: &PanelRequest, from: String) -> Result<Chosen> {
    let step = Step::named(request.form.value("action"));
    let step = step.ok_or_else(|| Error::invalid("/action", "unknown-choice", "Choose what to do."))?;
    let most = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let mut asked: Vec<(CaseId, Option<i64>)> = Vec::new();
    for text in request.form.all("case").into_iter().take(most) {
        let (id, version) = match text.split_once(':') {
            Some((id, version)) => (id, version.parse().ok()),
            None => (text, None),
        };
        let id = id.parse().map_err(|_| Error::invalid("/case", "not-an-id", "The id of a case was expected."))?;
        if !asked.iter().any(|(other, _)| *other == id) {
            asked.push((id, version));
        }
    }
    let ids = asked.iter().map(|(id, _)| *id).collect();
    let listing = CaseListing { ids: Some(ids), limit: LIMIT, ..CaseListing::default() };
    let found = if asked.is_empty() { Vec::new() } else { feedback::cases(&request.ctx, &listing).await?.rows };
    let cases = found.into_iter().map(|case| {
        let version = asked.iter().find(|(id, _)| *id == case.id).and_then(|(_, version)| *version);
        (case, version)
    });
    Ok(Chosen { step, cases: cases.collect(), from, confirmed: request.form.value("confirmed") == "true" })
}

impl Chosen {
    /// Whether a step asks for nothing: one case, as it was seen, that nobody else has.
    fn is_done_at_once(&self, request: &PanelRequest) -> bool {
        let asks = !matches!(
            self.step,
            Step::Case(CaseAction::Open | CaseAction::Start | CaseAction::Resume | CaseAction::Undo)
        );
        let [(case, seen)] = self.cases.as_slice() else { return false };
        let is_free = case.assignee.as_ref().is_none_or(|person| Some(person.id) == request.ctx.actor.user);
        !asks && is_free && *seen == Some(case.version) && self.step.refusal(case).is_none()
    }

    /// The cases that somebody changed, or has, since the list was drawn.
    fn overtaken(&self) -> Vec<&Case> {
        let changed = self.cases.iter().filter(|(case, seen)| seen.is_some_and(|seen| seen != case.version));
        changed.map(|(case, _)| case).collect()
    }

    /// The cases for which the step is possible, and the others with the reason.
    fn split(&self) -> (Vec<&Case>, Vec<(&Case, &'static str)>) {
        let (mut possible, mut left_out) = (Vec::new(), Vec::new());
        for (case, _) in &self.cases {
            match self.step.refusal(case) {
                None => possible.push(case),
                Some(why) => left_out.push((case, why)),
            }
        }
        (possible, left_out)
    }
}

async fn confirm(request: &PanelRequest, chosen: &Chosen, state: &FormState, list: &str) -> Result<Markup> {
    let (possible, left_out) = chosen.split();
    let choices = choices(request).await?;
    let state = if state.is_faulty() || possible.is_empty() {
        state.clone()
    } else {
        // The oldest report was there first.
        let first = possible.iter().min_by_key(|case| case.number);
        fixed_in(
            &possible,
            &choices,
            state.clone().with("into", first.map(|case| case.id.to_string()).unwrap_or_default()),
        )
    };
    let name = chosen.step.words().trim_end_matches('…');
    Ok(html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(list.to_owned(), "Feedback".to_owned())]))
            h1 { (name) ": " (ui::count(u64::try_from(possible.len()).unwrap_or_default(), "case", "cases")) }
            (ui::error_summary(&state))
            @if !chosen.overtaken().is_empty() && !chosen.confirmed {
                (ui::banner(Tone::Warning, html! {
                    p { "Somebody changed this since you looked. Go on only if it is still right." }
                    ul {
                        @for case in chosen.overtaken() {
                            li {
                                a href=(address(case.id, &chosen.from)) { "#" (case.number) " " (case.title) } ": "
                                (ui::words::case_state(case.state).to_lowercase()) ", "
                                @match &case.assignee { Some(person) => { "assigned to " (person.name) } None => "assigned to nobody" }
                            }
                        }
                    }
                }))
            }
            @if !left_out.is_empty() {
                section aria-labelledby="left-out" {
                    h2 #left-out { (left_out.len()) " will be left out" }
                    ul { @for (case, why) in &left_out { li { "#" (case.number) " " (case.title) ": " (why) } } }
                }
            }
            @if possible.is_empty() {
                p { "There is nothing to do." }
                (ui::link_button(list, "Back to the list"))
            } @else {
                section aria-labelledby="changed" {
                    h2 #changed { "These will be changed" }
                    ul {
                        @for case in &possible {
                            li {
                                "#" (case.number) " " (case.title) " " (Badge::case(case.state))
                                @if let Some(person) = &case.assignee { " " span.muted { (person.name) " has it" } }
                            }
                        }
                    }
                }
                @if let Some(me) = request.ctx.actor.user.filter(|_| chosen.step == Step::Case(CaseAction::Assign)) {
                    form method="post" action="/admin/cases/bulk" {
                        (carried(chosen, &possible))
                        (field::hidden("assignee", &me.to_string()))
                        div.buttons { button.button data-key="a" aria-keyshortcuts="A" { "Assign to me" } }
                    }
                }
                form method="post" action="/admin/cases/bulk" {
                    (carried(chosen, &possible))
                    @match chosen.step {
                        Step::Case(action) => {
                            @if action == CaseAction::Merge { (merge_fields(&possible, &state)) }
                            (changes::fields(action, &state, &choices, &request.chrome.zone))
                        }
                        Step::Spam => { p { "All reports in these cases are put into quarantine, and the cases dismissed as spam. Each report can be released again." } }
                    }
                    div.buttons {
                        (ui::submit(&format!("{name} {}", ui::count(u64::try_from(possible.len()).unwrap_or_default(), "case", "cases"))))
                        a href=(list) { "Cancel" }
                    }
                }
            }
        } }
    })
}

/// What both forms of the page carry.
fn carried(chosen: &Chosen, possible: &[&Case]) -> Markup {
    html! {
        (field::hidden("action", chosen.step.name()))
        (field::hidden("from", &chosen.from))
        (field::hidden("confirmed", "true"))
        @for case in possible { (field::hidden("case", &format!("{}:{}", case.id, case.version))) }
    }
}

fn merge_fields(possible: &[&Case], state: &FormState) -> Markup {
    let options: Vec<(String, String)> =
        possible.iter().map(|case| (case.id.to_string(), format!("#{} {}", case.number, case.title))).collect();
    html! {
        (field::radios(&state.field("into", "Merge the others into"), &options))
        (field::text(&state.field("number", "Or into the case with the number").class("short")))
    }
}

/// Cases about one document were fixed there, most likely in what is live; of several, people choose.
fn fixed_in(possible: &[&Case], choices: &Choices, state: FormState) -> FormState {
    let documents: BTreeSet<DocumentId> = possible.iter().map(|case| case.document.id).collect();
    let only = documents.first().filter(|_| documents.len() == 1);
    let found = choices.documents.iter().find(|(id, _)| Some(id) == only);
    let live = found.and_then(|(_, document)| document.live_version);
    state
        .with("fixed_document", found.map(|(id, _)| id.to_string()).unwrap_or_default())
        .with("fixed_in", live.map(|version| version.to_string()).unwrap_or_default())
}

async fn choices(request: &PanelRequest) -> Result<Choices> {
    let documents = feedback::reported_documents(&request.ctx).await?;
    let ids = documents.iter().map(|(id, _)| *id).collect();
    let mut named = feedback::named_documents(&request.ctx, &ids).await?;
    let documents = documents.into_iter().filter_map(|(id, _)| Some((id, named.remove(&id)?))).collect();
    Ok(Choices {
        assignees: feedback::assignees(&request.ctx).await?,
        documents,
        labels: steps::labels(request).await?,
        several: true,
        tells_fixes: false,
    })
}

/// The step, read from the fields that belong to it.
async fn step(request: &PanelRequest, chosen: &Chosen) -> Result<Change> {
    let own = ["case", "action", "from", "confirmed"];
    let values = request.form.values.iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned().collect();
    let mut fields: Fields = Form { values, files: Vec::new() }.fields(&[]);
    match chosen.step {
        Step::Case(action) => changes::read(&request.ctx, &request.chrome.zone, action, &mut fields).await,
        Step::Spam => {
            fields.finish()?;
            Ok(Change::Spam)
        }
    }
}

/// What came of each case: as it is now, or why it was not changed.
type Outcomes<'a> = Vec<(&'a Case, Result<Case, String>)>;

/// Does it, case by case.
async fn carry_out<'a>(request: &PanelRequest, chosen: &'a Chosen, change: &Change) -> Result<Outcomes<'a>> {
    let mut outcomes: Outcomes<'a> = Vec::new();
    for (case, version) in &chosen.cases {
        if matches!(change, Change::Merge(into) if *into == case.id) {
            continue;
        }
        let outcome = match changes::apply(&request.ctx, case.id, version.unwrap_or_default(), change).await {
            Ok(after) => Ok(after),
            Err(error) => Err(refused(error)?),
        };
        outcomes.push((case, outcome));
    }
    Ok(outcomes)
}

/// Says what came of each, with the way back for all.
async fn outcome_page(
    request: &PanelRequest,
    chosen: &Chosen,
    change: &Change,
    outcomes: &Outcomes<'_>,
    list: &str,
) -> Result<Markup> {
    let done = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
    let tone = if done == outcomes.len() { Tone::Done } else { Tone::Warning };
    let assignees = feedback::assignees(&request.ctx).await?;
    Ok(html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(list.to_owned(), "Feedback".to_owned())]))
            h1 { "What was done" }
            (ui::banner(tone, html! {
                p { (done) " of " (ui::count(u64::try_from(outcomes.len()).unwrap_or_default(), "case", "cases")) " changed. " (changes::outcome(change, &request.chrome.zone, &assignees)) }
            }))
            ul.stack-s {
                @for (case, outcome) in outcomes {
                    li {
                        a href=(address(case.id, &chosen.from)) { "#" (case.number) " " (case.title) }
                        ": "
                        @match outcome { Ok(_) => (changes::done(change)), Err(why) => { strong { "not changed. " } (why) } }
                    }
                }
            }
            @if changes::is_undoable(change) && done > 0 {
                form method="post" action="/admin/cases/bulk" {
                    (field::hidden("action", CaseAction::Undo.name()))
                    (field::hidden("from", &chosen.from))
                    (field::hidden("confirmed", "true"))
                    @for case in outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()) {
                        (field::hidden("case", &format!("{}:{}", case.id, case.version)))
                    }
                    div.buttons { button.button data-key="u" aria-keyshortcuts="U" { "Undo" span.vh { " for all of them" } } a href=(list) { "Back to the list" } }
                }
            } @else {
                (ui::link_button(list, "Back to the list"))
            }
        } }
    })
}

/// Why one case was not changed; what is wrong with the program or the database ends the whole.
fn refused(error: Error) -> Result<String> {
    match error {
        Error::Stale(_) => Ok("Somebody changed it meanwhile.".to_owned()),
        Error::NotFound(_) => Ok("It is gone.".to_owned()),
        Error::Conflict { detail, .. } | Error::NotAllowed { detail, .. } => Ok(detail),
        Error::Invalid(faults) => Ok(faults.iter().map(|fault| fault.detail.as_str()).collect::<Vec<_>>().join(" ")),
        other => Err(other),
    }
}

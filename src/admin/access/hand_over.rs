//! Handing over what a person is working on: how much it is, who can have it, and what came of it. It stands on a page of
//! its own and on the page that deactivates an account. Documents go to who writes, cases to who triages.
//!
//! Decision (2026-11-22), each by itself. Context: hundreds of documents can belong to somebody, and others work on them
//! meanwhile. Choice: the ordinary commands give each document and each case to somebody else, one after the other, at
//! most 500 of each at once. Consequence: each has its event; what somebody changed at that very moment stays, is
//! counted, and goes with the next attempt.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    accounts::User,
    content::{self, DraftState, Kind, Listing, Narrowing, Ownership, Sort},
    feedback::{self, AssigneeFilter, CaseListing, CaseState},
    kernel::{Error, Permission, Result, UserId},
    web::{Answer, Fields},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, confirm, field, shell::Area},
    },
    people::{PEOPLE, address, person},
};

/// The most that is handed over at once, of documents of a kind and of cases.
const AT_ONCE: u64 = 500;
/// How many are asked for at once.
const PAGE: u64 = 100;

/// How much somebody is working on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    pub documents: u64,
    /// How many of them have a draft.
    pub drafts: u64,
    pub cases: u64,
}

impl OpenWork {
    pub fn is_nothing(self) -> bool {
        self.documents == 0 && self.cases == 0
    }
}

/// To whom it goes; what goes to nobody stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heirs {
    pub documents: Option<UserId>,
    pub cases: Option<UserId>,
}

/// What was handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandedOver {
    documents: u64,
    cases: u64,
    /// What stayed: somebody changed it at that moment, or it was too much for once.
    left: u64,
}

impl HandedOver {
    /// What was done, in sentences; nothing if nothing was asked for.
    pub fn told(self, heirs: Heirs) -> String {
        let mut said = Vec::new();
        if heirs.documents.is_some() {
            said.push(format!("{} handed over.", ui::count(self.documents, "document", "documents")));
        }
        if heirs.cases.is_some() {
            said.push(format!("{} handed over.", ui::count(self.cases, "case", "cases")));
        }
        if self.left > 0 {
            said.push(format!("{} stayed; hand over once more.", ui::count(self.left, "thing", "things")));
        }
        said.join(" ")
    }
}

/// How much a person is working on, as far as whoever asks may see it.
pub async fn open_work(request: &PanelRequest, id: UserId) -> Result<OpenWork> {
    let mut work = OpenWork::default();
    if request.may(Permission::ContentRead) {
        for kind in Kind::ALL {
            let owned = content::list(&request.ctx, &Listing { limit: 1, ..owned(*kind, id) }).await?;
            work.documents += owned.total;
            for state in DraftState::ALL.iter().copied().filter(|state| *state != DraftState::None) {
                let listing = Listing { limit: 1, draft_state: Some(state), ..self::owned(*kind, id) };
                work.drafts += content::list(&request.ctx, &listing).await?.total;
            }
        }
    }
    if request.may(Permission::FeedbackRead) {
        work.cases = feedback::cases(&request.ctx, &CaseListing { limit: 1, ..cases_of(id) }).await?.total;
    }
    Ok(work)
}

fn owned(kind: Kind, id: UserId) -> Listing {
    Listing {
        kind,
        draft_state: None,
        live_state: None,
        parent: None,
        owner: Some(id),
        words: None,
        trashed: false,
        narrowing: Narrowing::default(),
        sort: Sort::TitleUp,
        after: None,
        limit: PAGE,
    }
}

fn cases_of(id: UserId) -> CaseListing {
    CaseListing {
        states: CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect(),
        assignee: Some(AssigneeFilter::User(id)),
        limit: PAGE,
        ..CaseListing::default()
    }
}

/// Who can have the work of a person: those who write, and those who triage.
struct Candidates {
    documents: Vec<(String, String)>,
    cases: Vec<(String, String)>,
}

async fn candidates(request: &PanelRequest, without: UserId) -> Result<Candidates> {
    let stays = || (String::new(), "Nobody: it stays as it is".to_owned());
    let mut candidates = Candidates { documents: vec![stays()], cases: vec![stays()] };
    if request.may(Permission::ContentWrite) {
        let writers = content::writers(&request.ctx).await?;
        let others =
            writers.into_iter().filter_map(|one| Some((one.id.filter(|id| *id != without)?.to_string(), one.name)));
        candidates.documents.extend(others);
    }
    if request.may(Permission::FeedbackTriage) {
        let triagers = feedback::assignees(&request.ctx).await?;
        let others = triagers.into_iter().filter(|one| one.id != without).map(|one| (one.id.to_string(), one.name));
        candidates.cases.extend(others);
    }
    Ok(candidates)
}

/// How much it is, and a choice of who gets it.
pub async fn fields(request: &PanelRequest, user: &User, work: OpenWork, state: &FormState) -> Result<Markup> {
    let candidates = candidates(request, user.id).await?;
    Ok(html! {
        @if work.documents > 0 {
            p { (user.name) " owns " (ui::count(work.documents, "document", "documents"))
                @if work.drafts > 0 { ", " (work.drafts) " with a draft" } "." }
            (field::select(&state.field("documents_to", "Who gets the documents").class("medium"), &candidates.documents))
        }
        @if work.cases > 0 {
            p { (ui::count(work.cases, "open case is", "open cases are")) " assigned to " (user.name) "." }
            (field::select(&state.field("cases_to", "Who gets the cases").class("medium"), &candidates.cases))
        }
    })
}

/// What was chosen.
pub fn chosen(fields: &mut Fields) -> Heirs {
    Heirs { documents: fields.id("documents_to").map(UserId), cases: fields.id("cases_to").map(UserId) }
}

/// Refuses heirs who can't have it, before anything is done.
///
/// # Errors
/// [`Error::Invalid`] at the field.
pub async fn accept(request: &PanelRequest, from: UserId, heirs: Heirs) -> Result<()> {
    let candidates = candidates(request, from).await?;
    let is_one = |heir: Option<UserId>, all: &[(String, String)]| {
        heir.is_none_or(|heir| all.iter().any(|(id, _)| *id == heir.to_string()))
    };
    if !is_one(heirs.documents, &candidates.documents) {
        return Err(Error::invalid("/documents_to", "reference-missing", "Choose somebody who can write."));
    }
    if !is_one(heirs.cases, &candidates.cases) {
        return Err(Error::invalid("/cases_to", "reference-missing", "Choose somebody who can triage."));
    }
    Ok(())
}

/// Hands it over.
pub async fn carry_out(request: &PanelRequest, from: UserId, heirs: Heirs) -> Result<HandedOver> {
    let mut done = HandedOver::default();
    if let Some(heir) = heirs.documents {
        for kind in Kind::ALL {
            give_documents(request, *kind, from, heir, &mut done).await?;
        }
    }
    if let Some(heir) = heirs.cases {
        give_cases(request, from, heir, &mut done).await?;
    }
    Ok(done)
}

async fn give_documents(
    request: &PanelRequest,
    kind: Kind,
    from: UserId,
    to: UserId,
    done: &mut HandedOver,
) -> Result<()> {
    let change = || Ownership { owner: Some(Some(to)), ..Ownership::default() };
    let mut tried = 0;
    while tried < AT_ONCE {
        let found = content::list(&request.ctx, &owned(kind, from)).await?;
        let mut given = 0;
        for row in &found.rows {
            match content::own(&request.ctx, kind, row.id, row.version, change()).await {
                Ok(_) => given += 1,
                Err(Error::Stale(_) | Error::Conflict { .. } | Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        done.documents += given;
        tried += u64::try_from(found.rows.len()).unwrap_or(u64::MAX);
        // Those that were given are not found again; without one, the others would be found for ever.
        if found.next.is_none() || given == 0 {
            break;
        }
    }
    done.left += content::list(&request.ctx, &Listing { limit: 1, ..owned(kind, from) }).await?.total;
    Ok(())
}

async fn give_cases(request: &PanelRequest, from: UserId, to: UserId, done: &mut HandedOver) -> Result<()> {
    let mut tried = 0;
    while tried < AT_ONCE {
        let found = feedback::cases(&request.ctx, &cases_of(from)).await?;
        let mut given = 0;
        for case in &found.rows {
            match feedback::assign(&request.ctx, case.id, case.version, Some(to)).await {
                Ok(_) => given += 1,
                Err(Error::Stale(_) | Error::Conflict { .. } | Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        done.cases += given;
        tried += u64::try_from(found.rows.len()).unwrap_or(u64::MAX);
        if found.next.is_none() || given == 0 {
            break;
        }
    }
    done.left += feedback::cases(&request.ctx, &CaseListing { limit: 1, ..cases_of(from) }).await?.total;
    Ok(())
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    let main = page(&request, &user, &FormState::new()).await?;
    Ok(request.page(Area::Administration, &title(&user), main))
}

pub async fn take(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    match hand_over(&request, user.id).await {
        Ok((heirs, done)) => {
            request.app.ring();
            request.done(&address(user.id), done.told(heirs)).await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let main = page(&request, &user, &state).await?;
            Ok(request.page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                Area::Administration,
                &format!("Error: {}", title(&user)),
                main,
            ))
        }
    }
}

async fn hand_over(request: &PanelRequest, from: UserId) -> Result<(Heirs, HandedOver)> {
    let mut fields = request.form.fields(&[]);
    let heirs = chosen(&mut fields);
    if heirs == Heirs::default() && !fields.has_fault("documents_to") && !fields.has_fault("cases_to") {
        fields.fault("documents_to", "missing-field", "Choose who gets it.");
    }
    fields.finish()?;
    accept(request, from, heirs).await?;
    Ok((heirs, carry_out(request, from, heirs).await?))
}

fn title(user: &User) -> String {
    format!("Hand over the work of {}", user.name)
}

async fn page(request: &PanelRequest, user: &User, state: &FormState) -> Result<Markup> {
    let work = open_work(request, user.id).await?;
    let fields = fields(request, user, work, state).await?;
    let own = address(user.id);
    Ok(html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned()), (own.clone(), user.name.clone())]))
            h1 { (title(user)) }
            (ui::error_summary(state))
            @if work.is_nothing() {
                (ui::empty("They own no pages, and no open case is assigned to them.", ui::link_button(&own, "Back")))
            } @else {
                (confirm::ask(
                    &format!("{own}/hand-over"),
                    html! { (fields) p { "Nothing becomes public, and the history keeps who did what." } },
                    ui::submit("Hand over"),
                    &own,
                ))
            }
        } }
    })
}

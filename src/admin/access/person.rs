//! One person: name and roles, how they can sign in, their sessions, what they are working on, and whether the account
//! can be used.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::{SessionKey, SignedIn, User, UserChange, links, mailed_links, sessions, users, ways_in::WayIn},
    content::{self, Kind, Listed, Listing, Narrowing, Sort},
    feedback::{self, AssigneeFilter, Case, CaseListing, CaseState},
    kernel::{Error, Permission, Result, UserId, VersionNumber},
    web::{Answer, Fields, see_other},
};

use super::{
    super::{
        document,
        form::FormState,
        request::PanelRequest,
        ui::{self, Badge, confirm, field, shell::Area, time},
    },
    changed_meanwhile, choices,
    hand_over::{self, Heirs},
    people::{PEOPLE, address, goes_by_mail, pass_on, person},
    role_names, roles, standing,
};

/// How many drafts and cases of a person are shown; links lead to the rest.
const SHOWN: usize = 5;
/// How many documents of a person are looked through for drafts.
const LOOKED_THROUGH: u64 = 100;

/// What the page of a person shows beside the form.
struct Around {
    way: WayIn,
    sessions: Vec<SignedIn>,
    drafts: Vec<Listed>,
    /// How many documents of each kind they own.
    owned: Vec<(Kind, u64)>,
    cases: Vec<Case>,
    open_cases: u64,
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, way) = person(&request).await?;
    let state = filled(&user);
    Ok(page(&request, &user, way, &state, html! {}, StatusCode::OK).await?)
}

fn filled(user: &User) -> FormState {
    FormState::new()
        .with("version", user.version.to_string())
        .with("name", user.name.clone())
        .with_all("roles", user.roles.iter().map(|role| role.name().to_owned()))
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::UsersManage)?;
    let id: UserId = request.id("id")?;
    match save(&request, id).await {
        Ok(user) => {
            request.app.ring();
            let own = request.ctx.actor.user == Some(id);
            // Whoever gave up their own role can't open the page any more.
            let back = if own && !user.permissions().contains(&Permission::UsersManage) {
                "/admin/profile".to_owned()
            } else {
                address(id)
            };
            request.done(&back, format!("Name and roles of {} are kept.", user.name)).await
        }
        Err(error) => Ok(refused(&request, error).await?),
    }
}

async fn save(request: &PanelRequest, id: UserId) -> Result<User> {
    let mut fields = request.form.fields(&["roles"]);
    let seen = seen(&mut fields)?;
    let change = UserChange {
        name: Some(fields.text("name", 254).unwrap_or_default()),
        roles: Some(fields.choices("roles").unwrap_or_default()),
        active: None,
    };
    fields.finish()?;
    users::change(&request.ctx, id, seen, change).await
}

/// The form again, with everything typed: what is wrong with it, or what somebody else changed meanwhile.
async fn refused(request: &PanelRequest, error: Error) -> Result<Response> {
    if let Error::Stale(_) = error {
        let (user, way) = person(request).await?;
        let state = FormState::of(&request.form).with("version", user.version.to_string());
        let now = html! { p { "Now the name is " strong { (user.name) } ", the roles are " strong { (role_names(user.roles.iter().copied())) } ", and the account is " @if user.active { "active." } @else { "inactive." } } };
        return page(request, &user, way, &state, changed_meanwhile(now), StatusCode::CONFLICT).await;
    }
    let state = FormState::of(&request.form).refused(error)?;
    let (user, way) = person(request).await?;
    page(request, &user, way, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The version of the account that was seen.
pub fn seen(fields: &mut Fields) -> Result<VersionNumber> {
    let number = fields.text("version", 20).and_then(|text| text.parse().ok());
    number.map(VersionNumber).ok_or(Error::PreconditionRequired)
}

async fn page(
    request: &PanelRequest,
    user: &User,
    way: WayIn,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let around = surroundings(request, user.id, way).await?;
    let own = request.ctx.actor.user == Some(user.id);
    let main = html! {
        div.main.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned())]))
            (ui::head(&user.name, html! { (standing(user, way)) }))
            (notice)
            (ui::error_summary(state))
            @if own { p { "This is your own account. Password and sessions are on " a href="/admin/profile" { "Your account" } "." } }
            div.split {
                section.stack-s {
                    h2 { "Name and roles" }
                    (form(user, state))
                }
                div.stack {
                    section.card.stack-s { (account(request, user, &around)) }
                    section.stack-s { (open_work(user, &around)) }
                }
            }
            section.stack-s { (their_sessions(request, user, &around.sessions)) }
        }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Administration, &user.name, main),
        other => request.page_with(other, Area::Administration, &user.name, main),
    })
}

fn form(user: &User, state: &FormState) -> Markup {
    html! {
        form method="post" action=(address(user.id)) {
            (field::hidden("version", state.value("version")))
            (field::text(&state.field("name", "Name").class("medium")))
            (choices(state, "roles", "Roles", "Other roles count from the next page on that they open.", &roles()))
            div.buttons { (ui::submit("Keep name and roles")) }
        }
    }
}

fn account(request: &PanelRequest, user: &User, around: &Around) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let own = address(user.id);
    html! {
        h2 { "Account" }
        dl.facts {
            dt { "E-mail address" } dd { (user.email) }
            dt { "Added" } dd { (time::when(zone, now, user.created_at)) }
            dt { "Password" } dd { @if around.way.has_password { "Chosen" } @else { "None yet" } }
            @if let Some(until) = around.way.invited_until { dt { "Invitation" } dd { "Open until " (time::in_full(zone, until)) } }
        }
        div.buttons {
            @if user.active {
                a.button href={ (own) "/link" } { @if around.way.has_password { "Make a password link…" } @else { "Make an invitation link…" } }
                a.button.bad href={ (own) "/deactivate" } { "Deactivate…" }
            } @else {
                a.button href={ (own) "/activate" } { "Activate…" }
            }
            a.button href={ "/admin/api-keys?owner=" (user.id) } { "API keys" }
        }
    }
}

fn open_work(user: &User, around: &Around) -> Markup {
    let nothing =
        around.drafts.is_empty() && around.cases.is_empty() && around.owned.iter().all(|(_, count)| *count == 0);
    html! {
        h2 { "Open work" }
        @if nothing { p.muted { "They own no pages, and no open case is assigned to them." } }
        @if !around.drafts.is_empty() {
            h3 { "Drafts they own" }
            ul {
                @for draft in around.drafts.iter().take(SHOWN) {
                    li { a href=(document::address(draft.kind, draft.id, "")) { (document::titled(&draft.title)) } " " @if let Some(badge) = Badge::draft(draft.draft_state) { (badge) } }
                }
            }
        }
        @for (kind, count) in around.owned.iter().filter(|(_, count)| *count > 0) {
            p { a.tap href={ "/admin/" (kind.collection()) "?owner=" (user.id) } { (ui::count(*count, owned(*kind, true), owned(*kind, false))) } }
        }
        @if !around.cases.is_empty() {
            h3 { "Cases assigned to them" }
            ul { @for case in around.cases.iter().take(SHOWN) { li { a href={ "/admin/cases/" (case.id) } { "Case " (case.number) ": " (case.title) } } } }
            p { a.tap href={ "/admin/cases?view=open&assignee=" (user.id) } { (ui::count(around.open_cases, "open case of theirs", "open cases of theirs")) } }
        }
        @if !nothing { (ui::link_button(&format!("{}/hand-over", address(user.id)), "Hand over…")) }
    }
}

fn owned(kind: Kind, one: bool) -> &'static str {
    match (kind, one) {
        (Kind::RolePage, true) => "role page that they own",
        (Kind::RolePage, false) => "role pages that they own",
        (Kind::RequirementSection, true) => "requirement section that they own",
        (Kind::RequirementSection, false) => "requirement sections that they own",
    }
}

fn their_sessions(request: &PanelRequest, user: &User, sessions: &[SignedIn]) -> Markup {
    let own = format!("{}/sessions", address(user.id));
    html! {
        h2 { "Sessions" }
        @if sessions.is_empty() { p.muted { "They are signed in nowhere." } }
        @else {
            p { "Ending a session signs that browser out at once. What is being typed there is kept and can be sent after signing in again." }
            (super::sessions(request, sessions, &own, None))
            @if sessions.len() > 1 { (ui::post_button(&format!("{own}/end-all"), "End all", "sessions of this person")) }
        }
    }
}

async fn surroundings(request: &PanelRequest, id: UserId, way: WayIn) -> Result<Around> {
    let ctx = &request.ctx;
    let (mut drafts, mut owned) = (Vec::new(), Vec::new());
    if request.may(Permission::ContentRead) {
        for kind in Kind::ALL {
            let listing = Listing {
                kind: *kind,
                draft_state: None,
                live_state: None,
                parent: None,
                owner: Some(id),
                words: None,
                trashed: false,
                narrowing: Narrowing::default(),
                sort: Sort::UpdatedDown,
                after: None,
                limit: LOOKED_THROUGH,
            };
            let found = content::list(ctx, &listing).await?;
            owned.push((*kind, found.total));
            drafts.extend(found.rows.into_iter().filter(|row| row.draft_version.is_some()));
        }
    }
    let (mut cases, mut open_cases) = (Vec::new(), 0);
    if request.may(Permission::FeedbackRead) {
        let listing = CaseListing {
            states: CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect(),
            assignee: Some(AssigneeFilter::User(id)),
            limit: u64::try_from(SHOWN).unwrap_or(u64::MAX),
            ..CaseListing::default()
        };
        let found = feedback::cases(ctx, &listing).await?;
        (cases, open_cases) = (found.rows, found.total);
    }
    Ok(Around { way, sessions: sessions::list(ctx, id).await?, drafts, owned, cases, open_cases })
}

/// Whether to make an account unusable, or usable again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Activate,
    Deactivate,
}

impl Step {
    fn words(self) -> &'static str {
        match self {
            Self::Activate => "Activate",
            Self::Deactivate => "Deactivate",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
        }
    }
}

pub async fn show_activate(request: PanelRequest) -> Answer {
    show_step(request, Step::Activate).await
}

pub async fn activate(request: PanelRequest) -> Answer {
    take(request, Step::Activate).await
}

pub async fn show_deactivate(request: PanelRequest) -> Answer {
    show_step(request, Step::Deactivate).await
}

pub async fn deactivate(request: PanelRequest) -> Answer {
    take(request, Step::Deactivate).await
}

async fn show_step(mut request: PanelRequest, step: Step) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    let state = FormState::new().with("version", user.version.to_string());
    Ok(step_page(&request, &user, step, &state, html! {}, StatusCode::OK).await?)
}

async fn take(mut request: PanelRequest, step: Step) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    match carry_out(&request, user.id, step).await {
        Ok((user, handed_over)) => {
            request.app.ring();
            let text = match step {
                Step::Activate => format!("{} can use the account again.", user.name),
                Step::Deactivate => {
                    format!("{} can't use the account any more. {handed_over}", user.name).trim_end().to_owned()
                }
            };
            if request.ctx.actor.user == Some(user.id) {
                // Their own session has just ended.
                return see_other("/admin/sign-in");
            }
            request.done(&address(user.id), text).await
        }
        Err(Error::Stale(_)) => {
            let state = FormState::new().with("version", user.version.to_string());
            let now = html! { p { "Now the account of " (user.name) " is " @if user.active { "active." } @else { "inactive." } " The roles are " (role_names(user.roles.iter().copied())) "." } };
            Ok(step_page(&request, &user, step, &state, changed_meanwhile(now), StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(step_page(&request, &user, step, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

/// Takes the step, and answers what was said of the work that went to others.
async fn carry_out(request: &PanelRequest, id: UserId, step: Step) -> Result<(User, String)> {
    let mut fields = request.form.fields(&[]);
    let seen = seen(&mut fields)?;
    let heirs = if step == Step::Deactivate { hand_over::chosen(&mut fields) } else { Heirs::default() };
    fields.finish()?;
    hand_over::accept(request, id, heirs).await?;
    let change = UserChange { active: Some(step == Step::Activate), ..UserChange::default() };
    let user = users::change(&request.ctx, id, seen, change).await?;
    let told = hand_over::carry_out(request, id, heirs).await?.told(heirs);
    Ok((user, told))
}

async fn step_page(
    request: &PanelRequest,
    user: &User,
    step: Step,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let title = format!("{} {}", step.words(), user.name);
    let sessions = sessions::list(&request.ctx, user.id).await?.len();
    let own = request.ctx.actor.user == Some(user.id);
    let work = hand_over::open_work(request, user.id).await?;
    let heirs = hand_over::fields(request, user, work, state).await?;
    let button = format!("{} {}", step.words(), user.name);
    let (what, act) = match step {
        Step::Activate => (
            html! { p { (user.name) " can use the account again, with the roles " (role_names(user.roles.iter().copied())) " and the password as it was. API keys that have not been revoked work again." } },
            ui::submit(&button),
        ),
        Step::Deactivate => (
            html! {
                p { (user.name) " can't sign in any more. At once:" }
                ul {
                    li { (ui::count(u64::try_from(sessions).unwrap_or_default(), "session ends", "sessions end")) "," }
                    li { "links for a password that are still open stop working," }
                    li { "API keys that they own stop working." }
                }
                p { "Their name stays in the history, and the account can be activated again." }
                @if work.is_nothing() { p { "They own no pages, and no open case is assigned to them." } } @else { (heirs) }
                @if own { p { strong { "This is your own account: you will be signed out, and somebody else has to activate it again." } } }
            },
            ui::bad_button(&button),
        ),
    };
    let target = format!("{}/{}", address(user.id), step.name());
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned()), (address(user.id), user.name.clone())]))
            h1 { (title) }
            (notice)
            (ui::error_summary(state))
            (confirm::ask(&target, what, html! { (field::hidden("version", state.value("version"))) (act) }, &address(user.id)))
        } }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Administration, &title, main),
        other => request.page_with(other, Area::Administration, &title, main),
    })
}

pub async fn show_link(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, way) = person(&request).await?;
    let title = if way.has_password { "Make a password link" } else { "Make an invitation link" };
    let by_mail = request.app.mailer.is_some();
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned()), (address(user.id), user.name.clone())]))
            h1 { (title) " for " (user.name) }
            (confirm::ask(
                &format!("{}/link", address(user.id)),
                html! {
                    @if way.has_password {
                        p { "Whoever opens the link can set a new password for this account, once, within a day. The present password stays good until then. When the link is used, all sessions of " (user.name) " end." }
                    } @else {
                        p { "Whoever opens the link can choose the password of this account, once, within a week." }
                    }
                    p { "An older link of this sort stops working." }
                },
                html! {
                    @if by_mail { (ui::submit("Send it by mail")) (ui::button("link", "shown", "Show it to pass on", "")) }
                    @else { (ui::submit("Make the link")) }
                },
                &address(user.id),
            ))
        } }
    };
    Ok(request.page(Area::Administration, &format!("{title} for {}", user.name), main))
}

pub async fn make_link(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, way) = person(&request).await?;
    let mut fields = request.form.fields(&[]);
    let by_mail = goes_by_mail(&request, &mut fields);
    fields.finish()?;
    if by_mail {
        if way.has_password {
            mailed_links::send_reset(&request.ctx, user.id).await?;
        } else {
            mailed_links::send_invitation(&request.ctx, user.id).await?;
        }
        request.app.ring();
        return request.done(&address(user.id), format!("A link is on its way to {}.", user.email)).await;
    }
    let link = if way.has_password {
        links::reset_link(&request.ctx, user.id).await?
    } else {
        links::invite(&request.ctx, user.id).await?
    };
    request.app.ring();
    Ok(pass_on(&request, &user, &link))
}

pub async fn end_session(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    let key: SessionKey = request.id("key")?;
    let theirs = sessions::list(&request.ctx, user.id).await?.into_iter().any(|session| session.key == key);
    if !theirs {
        return Err(Error::not_found("such session; it may have ended").into());
    }
    sessions::end(&request.ctx, &key).await?;
    request.app.ring();
    request.done(&address(user.id), format!("A session of {} has ended.", user.name)).await
}

pub async fn end_sessions(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (user, _) = person(&request).await?;
    let present = crate::web::session::key(&request.session);
    let ended = sessions::end_all(&request.ctx, user.id, present.as_ref()).await?;
    request.app.ring();
    request
        .done(&address(user.id), format!("{} of {} ended.", ui::count(ended, "session", "sessions"), user.name))
        .await
}

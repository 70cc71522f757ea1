//! A page for each step in a document's life, but for publishing, which has a page of its own. One handler shows the page
//! of the step that the address names, another takes it; the words are in `step_forms.rs`.

use axum::{http::StatusCode, response::Response};
use maud::html;

use crate::{
    content::{self, Action, Choice, Document, Listing, LiveState, ScheduledAction, Scheduling, Sort, Unpublishing},
    kernel::{Error, Result, VersionNumber},
    web::{Answer, Fields, see_other, session::Tone},
};

use super::{
    super::{form::FormState, request::PanelRequest},
    NOTE_LIMIT, Opened, Origin, Tab, compare, document_head,
    looking::{self, REASON, TICKED},
    review_queue, seen, stale,
    step_forms::{self, Surroundings},
    timing, title_of, version_named,
};

/// How many documents a search for the target of a redirect finds at most, of each kind.
const MOST_FOUND: u64 = 10;

/// The step that the last part of an address names.
fn action_of(request: &PanelRequest) -> Result<Action> {
    let name = request.path.rsplit('/').next().unwrap_or_default();
    Action::from_name(name).ok_or_else(|| Error::not_found("such address"))
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let action = action_of(&request)?;
    request.ctx.authorise(action.permission())?;
    let (restored, since) = match action {
        Action::Restore => (numbered(&mut request, "version"), numbered(&mut request, "since")),
        _ => (0, 0),
    };
    let reviews = matches!(action, Action::Approve | Action::RequestChanges);
    let from: Option<Origin> = if reviews { request.query.choice("from") } else { None };
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let now = document.standing.version;
    if since > 0 && u64::try_from(now.0).is_ok_and(|now| now != since) {
        let said = format!("Version {now} was saved since. Taking back all of it would undo that, too; compare first.");
        request.say(Tone::Warning, said, None).await?;
        return see_other(&opened.address(&format!("compare?from={restored}&to={now}")));
    }
    let mut state = FormState::new().with("version", document.standing.version.to_string());
    if let Some(from) = from {
        state = state.with("from", from.name());
    }
    if restored > 0 {
        state = state.with("restored", restored.to_string());
    }
    if action == Action::Confirm {
        state = state.with("review_by", document.standing.review_by.clone().unwrap_or_default());
    }
    Ok(page(&request, opened, action, &document, &state, StatusCode::OK).await?)
}

/// The number of a version; 0 where none is named.
fn numbered(request: &mut PanelRequest, name: &str) -> u64 {
    request.query.number(name, 0, 1, 1_000_000_000)
}

/// Takes the step, or shows its page again with everything typed.
pub async fn take(mut request: PanelRequest) -> Answer {
    let action = action_of(&request)?;
    request.ctx.authorise(action.permission())?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let searches = action == Action::Unpublish && request.form.has("search");
    let asks_for_the_time = action == Action::Schedule && timing::is_asked(&request);
    if searches || asks_for_the_time {
        let document = opened.document(&request).await?;
        let state = FormState::of(&request.form);
        let state = if asks_for_the_time { timing::named(&request, state) } else { state };
        return Ok(page(&request, opened, action, &document, &state, StatusCode::OK).await?);
    }
    match carry_out(&request, opened, action).await {
        Ok(document) => {
            request.app.ring();
            let (location, said) = step_forms::done(&request.chrome.zone, opened, action, document.as_ref());
            let back = Origin::from_name(request.form.value("from")).map(Origin::address);
            let location = back.map_or(location, str::to_owned);
            let waiting = match action {
                Action::Approve | Action::RequestChanges => review_queue::offer(&request).await?,
                _ => review_queue::Waiting::default(),
            };
            request.say(Tone::Done, waiting.after(said), waiting.link).await?;
            see_other(&location)
        }
        Err(error @ Error::Stale(_)) => {
            let document = opened.document(&request).await?;
            let notice = stale::notice(&request, opened, &document, error).await?;
            let state = FormState::of(&request.form).with("version", document.standing.version.to_string());
            let head = document_head(&request, &document, Tab::None).await?;
            let around = surroundings(&request, opened, action, &document, &state).await?;
            let main = step_forms::page(&request, opened, action, &document, &state, &around);
            let title = format!("{}: {}", step_forms::title(action), title_of(&document));
            let main = html! { (head) div.main { div.reading.stack { (notice) (main) } } };
            Ok(request.page_with(StatusCode::CONFLICT, opened.area(), &title, main))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let document = opened.document(&request).await?;
            Ok(page(&request, opened, action, &document, &state, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn page(
    request: &PanelRequest,
    opened: Opened,
    action: Action,
    document: &Document,
    state: &FormState,
    status: StatusCode,
) -> Result<Response> {
    let head = document_head(request, document, Tab::None).await?;
    let around = surroundings(request, opened, action, document, state).await?;
    let main = step_forms::page(request, opened, action, document, state, &around);
    let title = format!("{}: {}", step_forms::title(action), title_of(document));
    let main = html! { (head) div.main { div.reading.stack { (main) } } };
    Ok(if status == StatusCode::UNPROCESSABLE_ENTITY {
        request.refused(opened.area(), &title, main)
    } else {
        request.page_with(status, opened.area(), &title, main)
    })
}

/// Calls the command. Only a purge leaves no document.
async fn carry_out(request: &PanelRequest, opened: Opened, action: Action) -> Result<Option<Document>> {
    let Opened { kind, id } = opened;
    let ctx = &request.ctx;
    let mut fields = match action {
        Action::Schedule => request.form.fields_without(&[TICKED], REASON),
        _ => request.form.fields(&[]),
    };
    let version = seen(&mut fields)?;
    // Where to go afterwards, which is no matter of the command's.
    fields.text("from", 20);
    let document = match action {
        Action::Submit => content::submit(ctx, kind, id, version, note(fields)?).await?,
        Action::Approve => content::approve(ctx, kind, id, version, note(fields)?).await?,
        Action::RequestChanges => content::request_changes(ctx, kind, id, version, note(fields)?).await?,
        Action::Confirm => {
            let review_by = fields.text("review_by", 10);
            content::confirm(ctx, kind, id, version, review_by, note(fields)?).await?
        }
        Action::Withdraw => {
            let explanation = fields.text("explanation", NOTE_LIMIT);
            fields.finish()?;
            content::withdraw(ctx, kind, id, version, explanation).await?
        }
        Action::Unpublish => {
            let unpublishing = unpublishing(&mut fields);
            fields.finish()?;
            content::unpublish(ctx, kind, id, version, unpublishing).await?
        }
        Action::Schedule => {
            let scheduling = scheduling(request, &mut fields);
            fields.list(TICKED);
            fields.finish()?;
            if scheduling.action == ScheduledAction::Publish {
                looking::look_at(request, &[Choice { kind, id, version }]).await?;
            }
            content::schedule(ctx, kind, id, version, scheduling).await?
        }
        Action::Unschedule => {
            let which = fields.choice("action");
            fields.finish()?;
            content::unschedule(ctx, kind, id, version, which).await?
        }
        Action::Restore => {
            let number = version_named(&mut fields, "restored")?;
            content::restore(ctx, kind, id, version, number, note(fields)?).await?
        }
        Action::Reinstate | Action::Discard | Action::Trash | Action::Untrash | Action::Purge => {
            fields.finish()?;
            match action {
                Action::Reinstate => content::reinstate(ctx, kind, id, version).await?,
                Action::Discard => content::discard(ctx, kind, id, version).await?,
                Action::Trash => content::trash(ctx, kind, id, version).await?,
                Action::Untrash => content::untrash(ctx, kind, id, version).await?,
                _ => {
                    content::purge(ctx, kind, id, version).await?;
                    return Ok(None);
                }
            }
        }
        Action::Save | Action::Publish | Action::ForcePublish | Action::ScheduleUnpublish => {
            return Err(Error::not_found("such address"));
        }
    };
    Ok(Some(document))
}

fn note(mut fields: Fields) -> Result<Option<String>> {
    let note = fields.text("note", NOTE_LIMIT);
    fields.finish()?;
    Ok(note)
}

/// The answers about an unpublication. A chosen document goes before an address that was typed.
pub(super) fn unpublishing(fields: &mut Fields) -> Unpublishing {
    let decision = fields.choice("decision");
    let chosen = fields.text("redirect_to", NOTE_LIMIT);
    let typed = fields.text("redirect_address", NOTE_LIMIT);
    // What a search was made with says nothing about the step.
    fields.text("find", NOTE_LIMIT);
    let redirects = decision == Some(content::Decision::Redirect);
    Unpublishing {
        decision,
        redirect_to: chosen.or(typed).filter(|_| redirects),
        explanation: fields.text("explanation", NOTE_LIMIT),
        children: fields.choice("children"),
    }
}

fn scheduling(request: &PanelRequest, fields: &mut Fields) -> Scheduling {
    let action = fields.choice("action").unwrap_or(ScheduledAction::Publish);
    let at = timing::chosen(request, fields);
    Scheduling {
        action,
        at: at.unwrap_or_default(),
        publishing: content::Publishing { note: fields.text("note", NOTE_LIMIT), ..content::Publishing::default() },
        unpublishing: unpublishing(fields),
    }
}

/// What the page of a step shows beyond the document itself.
async fn surroundings(
    request: &PanelRequest,
    opened: Opened,
    action: Action,
    document: &Document,
    state: &FormState,
) -> Result<Surroundings> {
    let ctx = &request.ctx;
    let Opened { kind, id } = opened;
    let steps = content::possible_steps(ctx, document).await?;
    let refusal = steps.iter().find(|step| step.action == action).and_then(|step| step.refusal.clone());
    let mut around = Surroundings { refusal, ..Surroundings::default() };
    let live = document.standing.live_version;
    match action {
        Action::Approve | Action::Submit | Action::Discard if document.standing.draft_version.is_some() => {
            if let Some(live) = live {
                let to = document.standing.version;
                around.compared = Some(compare::drawn(request, opened, live, to, "live-").await?);
            }
        }
        Action::Restore => {
            let number = state.value("restored").parse().map(VersionNumber);
            let number = number.map_err(|_| Error::not_found("version without a number"))?;
            around.checks = content::checks_of(ctx, kind, id, number).await?;
            let from = document.standing.version;
            around.compared = Some(compare::drawn(request, opened, from, number, "now-").await?);
        }
        Action::Unpublish | Action::Schedule => {
            around.below = content::live_below(ctx, id).await?;
            around.embedding = content::live_embedding(ctx, id).await?;
            let words = state.value("find").trim();
            if let Some(holders) = request.holders(words).await? {
                for kind in content::Kind::ALL {
                    let listing = Listing {
                        kind: *kind,
                        draft_state: None,
                        live_state: Some(LiveState::Live),
                        parent: None,
                        owner: None,
                        words: Some(holders.clone()),
                        trashed: false,
                        narrowing: content::Narrowing::default(),
                        sort: Sort::TitleUp,
                        after: None,
                        limit: MOST_FOUND,
                    };
                    let found = content::list(ctx, &listing).await?.rows;
                    around.found.extend(found.into_iter().filter(|row| row.id != id));
                }
            }
        }
        Action::Purge => {
            around.uses = content::uses(ctx, kind, id).await?.into_iter().filter(|one| one.id != id).collect();
        }
        _ => {}
    }
    Ok(around)
}

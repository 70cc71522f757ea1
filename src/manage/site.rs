//! The site: settings, redirects made by hand, the event log.

use serde_json::Value;
use uuid::Uuid;

use crate::{
    content::{self, Redirect},
    events::{self, Event, Filter},
    kernel::{Permission, Result, Sequence},
    site::{self, Holiday, Settings, SettingsChange, Targets},
    web::{Answer, Call, Fields, created_with_etag, idempotent, json_with_etag, no_content},
};

use super::lists;

pub async fn settings(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    call.ctx.authorise(Permission::SettingsManage)?;
    let snapshot = call.app.database.read().await?;
    answer_settings(&site::settings(&*snapshot).await?)
}

fn answer_settings(settings: &Settings) -> Answer {
    json_with_etag(settings, &settings.revision()?)
}

/// Everything that is not named goes back to its default.
pub async fn replace_settings(call: Call) -> Answer {
    write(call, Settings::default().into()).await
}

/// What is not named stays as it is.
pub async fn change_settings(call: Call) -> Answer {
    write(call, SettingsChange::default()).await
}

/// `otherwise` says what becomes of settings that are not named.
async fn write(mut call: Call, otherwise: SettingsChange) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    call.ctx.authorise(Permission::SettingsManage)?;
    let seen = call.seen_etag()?;
    let mut fields = call.fields()?;
    let days = fields.whole_number("contact_email_days").map(|days| u32::try_from(days).unwrap_or_default());
    let autosave_days = fields.whole_number("autosave_days").map(|days| u32::try_from(days).unwrap_or(u32::MAX));
    let mut days_of = |name| fields.whole_number(name).map(|days| u32::try_from(days).unwrap_or(u32::MAX));
    let (texts, spam, contacts) = (days_of("report_text_days"), days_of("spam_days"), days_of("contact_closed_days"));
    let targets = fields.part("targets").and_then(|part| targets(part, &mut fields));
    let holidays = holidays(&mut fields);
    let change = SettingsChange {
        site_name: fields.text("site_name", 100).or(otherwise.site_name),
        review_role_pages: fields.choice("review_role_pages").or(otherwise.review_role_pages),
        review_requirement_sections: fields
            .choice("review_requirement_sections")
            .or(otherwise.review_requirement_sections),
        contact_email: fields.boolean("contact_email").or(otherwise.contact_email),
        contact_email_days: days.or(otherwise.contact_email_days),
        report_text_days: texts.or(otherwise.report_text_days),
        spam_days: spam.or(otherwise.spam_days),
        contact_closed_days: contacts.or(otherwise.contact_closed_days),
        time_zone: fields.text("time_zone", 100).or(otherwise.time_zone),
        targets: targets.or(otherwise.targets),
        holidays: holidays.or(otherwise.holidays),
        keep_unsent: fields.boolean("keep_unsent").or(otherwise.keep_unsent),
        autosave_days: autosave_days.or(otherwise.autosave_days),
        tell_fixes: fields.boolean("tell_fixes").or(otherwise.tell_fixes),
    };
    fields.finish()?;
    answer_settings(&site::change_settings(&call.ctx, &seen, change).await?)
}

fn targets(part: Value, fields: &mut Fields) -> Option<Targets> {
    let read = serde_json::from_value(part);
    if let Err(error) = &read {
        let detail = format!("Of each severity, the working days of first_action and fix were expected: {error}.");
        fields.fault("targets", "wrong-type", detail);
    }
    read.ok()
}

fn holidays(fields: &mut Fields) -> Option<Vec<Holiday>> {
    let mut holidays = Vec::new();
    for (place, value) in fields.list("holidays")?.into_iter().enumerate() {
        match serde_json::from_value(value) {
            Ok(holiday) => holidays.push(holiday),
            Err(error) => {
                let detail = format!("A date and the name of the day were expected: {error}.");
                fields.fault(&format!("holidays/{place}"), "wrong-type", detail);
            }
        }
    }
    Some(holidays)
}

pub async fn redirects(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 20, 1, 100);
    let after = call.query.text("cursor");
    std::mem::take(&mut call.query).finish()?;
    let (mut found, total) = content::redirects(&call.ctx, None, after.as_deref(), limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let limit = ("limit", Some(limit.to_string()));
    let next = found.last().filter(|_| more).map(|last| lists::next("/manage/v1/redirects", &[limit], &last.path));
    lists::answer(&found, next, total)
}

pub async fn add_redirect(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let mut fields = call.fields()?;
    let path = fields.required_text("path", 1_000);
    let target = fields.required_text("target", 2_000);
    fields.finish()?;
    let redirect: Redirect = idempotent(&call.ctx, content::add_redirect(&call.ctx, path, target)).await?;
    created_with_etag(&redirect, &redirect.revision, &format!("/manage/v1/redirects/{}", redirect.id))
}

pub async fn redirect(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let redirect = content::redirect(&call.ctx, call.id::<Uuid>("id")?).await?;
    json_with_etag(&redirect, &redirect.revision)
}

pub async fn remove_redirect(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen) = (call.id::<Uuid>("id")?, call.seen_etag()?);
    content::remove_redirect(&call.ctx, id, &seen).await?;
    no_content()
}

/// The event log, newest first. Nobody changes it, administrators neither.
pub async fn events(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 50, 1, 100);
    let before = call.query.number("before", 0, 1, u64::from(u32::MAX));
    let kind = call.query.choice("kind");
    std::mem::take(&mut call.query).finish()?;
    call.ctx.authorise(Permission::AuditRead)?;
    let before = i64::try_from(before).ok().filter(|before| *before > 0).map(Sequence);
    let filter = Filter { before, kind, ..Filter::default() };
    let snapshot = call.app.database.read().await?;
    let total = events::count(&*snapshot, &filter).await?;
    let found = events::list(&*snapshot, &filter, true, limit + 1).await?;
    events_answer(found, limit, total, "/manage/v1/events")
}

/// A page of events of which one more than `limit` was asked for.
pub(super) fn events_answer(mut found: Vec<Event>, limit: u64, total: u64, path: &str) -> Answer {
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| format!("{path}?limit={limit}&before={}", last.sequence));
    let data: Vec<Value> =
        found.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(crate::kernel::Error::from)?;
    lists::answer(&data, next, total)
}

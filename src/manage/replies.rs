//! Answers to visitors, and those that are kept to be used again.

use serde_json::json as value;

use crate::{
    feedback::{self, NewReply, REPLY_LIMIT, saved_replies},
    kernel::{CaseId, Ctx, Error, Permission, ReportId, Result, SavedReplyId},
    mail::letters,
    site,
    web::{Answer, Call, Fields, created_with_etag, idempotent, json_with_etag, json_with_version, no_content},
};

use super::lists;

const SAVED: &str = "/manage/v1/saved-replies";

/// The answers to the reports of a case, newest first.
pub async fn list(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let replies = feedback::replies(&call.ctx, call.id("id")?).await?;
    lists::answer(&replies, None, u64::try_from(replies.len()).unwrap_or_default())
}

/// Takes `{report, text, by_mail}`. What is not sent by mail is answered as a letter, this once: it holds an address and the
/// secret of a receipt, and so it is in no stored outcome.
pub async fn write(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (CaseId, i64) = (call.id("id")?, call.seen()?);
    let mut fields = call.fields()?;
    let report: Option<ReportId> = fields.id("report").map(ReportId);
    if report.is_none() && !fields.has_fault("report") {
        fields.fault("report", "missing-field", "Say whom to answer, by the id of their report.");
    }
    let text = fields.required_text("text", REPLY_LIMIT);
    let by_mail = fields.boolean("by_mail").unwrap_or(call.app.mailer.is_some());
    fields.finish()?;
    if by_mail {
        call.app.require_mail()?;
    }
    let report = report.ok_or_else(|| Error::bug("an id vanished"))?;
    let mut written = None;
    let mut case = idempotent(&call.ctx, async {
        let new = NewReply { report, text, by_mail };
        let (case, reply) = feedback::reply(&call.ctx, id, seen, new).await?;
        written = Some(reply).filter(|_| !by_mail);
        Ok(case)
    })
    .await?;
    call.app.ring();
    if case.title.is_empty() {
        // A stored outcome holds no words of a case; the case itself does.
        case = feedback::case(&call.ctx, case.id).await?.case;
    }
    let letter = match written {
        Some(reply) => Some(letter(&call, reply).await?),
        None => None,
    };
    json_with_version(&value!({ "case": case, "letter": letter }), case.version)
}

/// What the author of an answer sends with a mail program of their own.
async fn letter(call: &Call, reply: uuid::Uuid) -> Result<serde_json::Value> {
    // The outcome of the request is kept already.
    let ctx = Ctx { idempotency: None, ..call.ctx.clone() };
    let letter = feedback::reply_letter(&ctx, reply).await?;
    let settings = site::settings(&*call.app.database.read().await?).await?;
    let receipt = format!("{}/api/v1/reports/{}/{}", call.app.public_url, letter.reference, letter.receipt);
    let words = letters::reply(&settings.site_name, &letter.reference, &letter.text, &receipt);
    Ok(value!({ "to": letter.address, "subject": words.subject, "text": words.body }))
}

pub async fn saved(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let saved = saved_replies::list(&call.ctx).await?;
    lists::answer(&saved, None, u64::try_from(saved.len()).unwrap_or_default())
}

pub async fn show_saved(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let saved = saved_replies::get(&call.ctx, call.id("id")?).await?;
    json_with_etag(&saved, &saved.revision)
}

pub async fn add_saved(mut call: Call) -> Answer {
    call.ctx.authorise(Permission::FeedbackTriage)?;
    std::mem::take(&mut call.query).finish()?;
    let (title, text) = title_and_text(call.fields()?)?;
    let saved = idempotent(&call.ctx, saved_replies::add(&call.ctx, &title, &text)).await?;
    created_with_etag(&saved, &saved.revision, &format!("{SAVED}/{}", saved.id))
}

pub async fn change_saved(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (SavedReplyId, String) = (call.id("id")?, call.seen_etag()?);
    let (title, text) = title_and_text(call.fields()?)?;
    let saved = saved_replies::change(&call.ctx, id, &seen, &title, &text).await?;
    json_with_etag(&saved, &saved.revision)
}

pub async fn remove_saved(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (SavedReplyId, String) = (call.id("id")?, call.seen_etag()?);
    call.ctx.authorise(Permission::FeedbackTriage)?;
    saved_replies::remove(&call.ctx, id, &seen).await?;
    no_content()
}

fn title_and_text(mut fields: Fields) -> Result<(String, String)> {
    let read = (fields.required_text("title", saved_replies::TITLE_LIMIT), fields.required_text("text", REPLY_LIMIT));
    fields.finish()?;
    Ok(read)
}

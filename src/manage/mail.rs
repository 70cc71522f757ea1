//! The log of mail: what is on its way, what was sent and what was not. No words of a letter are in it, and no address of a
//! visitor.

use crate::{
    kernel::{MailId, Permission},
    mail::{self, Listing, MailState},
    web::{Answer, Call, Cursor, created_with_etag, idempotent, json_with_etag},
};

use super::lists;

const MAIL: &str = "/manage/v1/mail";
const NEWEST: &str = "-created_at";

pub async fn list(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 20, 1, 100);
    let state: Option<MailState> = call.query.choice("state");
    let after = call.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id));
    std::mem::take(&mut call.query).finish()?;
    let page = mail::list(&call.ctx, &Listing { state, after, limit }).await?;
    let next = page.next.map(|(key, id)| {
        let parameters = [("limit", Some(limit.to_string())), ("state", state.map(|state| state.name().to_owned()))];
        lists::next(MAIL, &parameters, &Cursor { order: NEWEST.to_owned(), key, id }.encode())
    });
    lists::answer(&page.rows, next, page.total)
}

pub async fn show(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let letter = mail::get(&call.ctx, call.id("id")?).await?;
    json_with_etag(&letter, &letter.revision)
}

pub async fn attempts(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let letter = mail::get(&call.ctx, call.id("id")?).await?;
    let attempts = mail::attempts(&call.ctx, letter.id).await?;
    lists::answer(&attempts, None, u64::try_from(attempts.len()).unwrap_or_default())
}

pub async fn test(mut call: Call) -> Answer {
    call.ctx.authorise(Permission::SettingsManage)?;
    std::mem::take(&mut call.query).finish()?;
    call.fields()?.finish()?;
    call.app.require_mail()?;
    let letter = idempotent(&call.ctx, mail::test(&call.ctx)).await?;
    call.app.ring();
    created_with_etag(&letter, &letter.revision, &format!("{MAIL}/{}", letter.id))
}

pub async fn send_again(mut call: Call) -> Answer {
    call.ctx.authorise(Permission::SettingsManage)?;
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (MailId, String) = (call.id("id")?, call.seen_etag()?);
    call.fields()?.finish()?;
    call.app.require_mail()?;
    let letter = idempotent(&call.ctx, mail::send_again(&call.ctx, id, &seen)).await?;
    call.app.ring();
    json_with_etag(&letter, &letter.revision)
}

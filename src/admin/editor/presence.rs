//! Who else has the editor of a document open: a line when the page is drawn, and a stream of server-sent events for pages
//! with a script (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
//!
//! Decision (2026-11-22): a stream looks at the table every two seconds, besides being told at once of what happens in its own
//! instance. Context: several instances can serve one database, and nothing but the table connects them. It ends after ten
//! minutes; browsers come again by themselves, and only then is looked whether the session still holds.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse,
    sse::{Event, Sse},
};
use futures_util::stream;
use maud::{Markup, html};
use tokio::time::Instant;

use crate::{
    content::{self, OpenPage, Present},
    kernel::{Ctx, Error, Fault, Permission, Result},
    web::{Answer, App},
};

use super::{
    super::{request::PanelRequest, ui},
    Address, autosave,
};

/// How often the table is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How often a page is said to be open, and the connection kept alive.
const BEAT: Duration = Duration::from_secs(20);
/// How long one stream lasts.
const LONGEST: Duration = Duration::from_secs(600);

/// Notes that the editor was opened, unless a browser or a script only fetches the page ahead or again.
pub async fn note_opened(request: &PanelRequest, address: &Address) {
    let ahead = ["sec-purpose", "purpose", "x-fragment"].iter().any(|name| request.headers.contains_key(*name));
    if ahead {
        return;
    }
    // It is no reason not to show the page.
    if let Err(error) = content::note_opened(&request.ctx, address.id).await {
        tracing::warn!(%error, "it could not be noted that an editor was opened");
    }
    request.app.presence.notify_waiters();
}

/// Who else is there, as the page says it when it is drawn.
pub async fn others(request: &PanelRequest, address: &Address) -> Result<Markup> {
    let present = content::present(&request.ctx, address.id, None).await?;
    Ok(html! {
        div.small #presence role="status" {
            @for one in &present {
                p {
                    @if one.here { (here(&request.ctx, one)) "." }
                    @else { (one.name) " opened this " (ago(request, one)) " and has not saved." }
                }
            }
        }
    })
}

fn ago(request: &PanelRequest, one: &Present) -> String {
    let minutes = u64::try_from((request.now().0 - one.since.0) / 60_000).unwrap_or_default();
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{} ago", ui::count(minutes, "minute", "minutes")),
        _ => format!("{} ago", ui::count(minutes / 60, "hour", "hours")),
    }
}

fn here(ctx: &Ctx, one: &Present) -> String {
    if ctx.actor.user == Some(one.user) {
        "You have this open in another tab".to_owned()
    } else {
        format!("{} is also here", one.name)
    }
}

/// The stream of one open page: who else is there and where, whenever that changes.
pub async fn presence(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    let (page, place) = (request.query.text("page"), request.query.text("place"));
    request.end_of_query()?;
    let open = opened(&request, &page.unwrap_or_default(), &place.unwrap_or_default()).await?;
    content::arrive(&request.ctx, &open).await?;
    request.app.presence.notify_waiters();
    let now = Instant::now();
    let watch = Watch {
        app: request.app.clone(),
        ctx: request.ctx.clone(),
        open,
        told: None,
        beat: now + BEAT,
        until: now + LONGEST,
    };
    Ok(Sse::new(stream::unfold(watch, Watch::next)).into_response())
}

/// Says in which part of the document somebody is.
pub async fn be_present(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let open = opened(&request, request.form.value("page"), request.form.value("place")).await?;
    content::arrive(&request.ctx, &open).await?;
    request.app.presence.notify_waiters();
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

async fn opened(request: &PanelRequest, page: &str, place: &str) -> Result<OpenPage> {
    let address = Address::of(request)?;
    let page = page.parse().map_err(|_| {
        Error::Malformed(vec![Fault::new("page", "not-an-id", "An id (a UUID) of the open page was expected here.")])
    })?;
    if content::kind_of(&request.ctx, address.id).await? != Some(address.kind) {
        return Err(Error::not_found("such address"));
    }
    Ok(OpenPage { page, document: address.id, place: autosave::place(place) })
}

/// One open page, and what it was last told. Whoever stops listening has left the page.
struct Watch {
    app: App,
    ctx: Ctx,
    open: OpenPage,
    told: Option<String>,
    beat: Instant,
    until: Instant,
}

impl Watch {
    /// Waits for the next thing to tell; nothing once the server ends or the stream has lasted long enough.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            let now = Instant::now();
            if self.app.ending.is_cancelled() || now >= self.until {
                return None;
            }
            match self.news().await {
                Ok(Some(news)) => return Some((Ok(Event::default().data(news)), self)),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "it can't be told who has an editor open"),
            }
            if now >= self.beat {
                self.beat = now + BEAT;
                let still = OpenPage { place: None, ..self.open.clone() };
                if let Err(error) = content::arrive(&self.ctx, &still).await {
                    tracing::warn!(%error, "it could not be noted that an editor is still open");
                }
                return Some((Ok(Event::default().comment("")), self));
            }
            tokio::select! {
                () = self.app.presence.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                () = self.app.ending.cancelled() => {}
            }
        }
    }

    /// Who is there, if it is not what was last told.
    async fn news(&mut self) -> Result<Option<String>> {
        let present = content::present(&self.ctx, self.open.document, Some(self.open.page)).await?;
        let there = present.iter().filter(|one| one.here);
        let lines: Vec<_> =
            there.map(|one| serde_json::json!({ "said": here(&self.ctx, one), "place": one.place })).collect();
        let news = serde_json::to_string(&lines)?;
        if self.told.as_ref() == Some(&news) {
            return Ok(None);
        }
        self.told = Some(news.clone());
        Ok(Some(news))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let (app, ctx, open) = (self.app.clone(), self.ctx.clone(), self.open.clone());
        // Where nothing runs any more, the row tells by its age that nobody is there.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = content::depart(&ctx, &open).await {
                    tracing::warn!(%error, "it could not be noted that an editor was left");
                }
                app.presence.notify_waiters();
            });
        }
    }
}

//! Taking back what was done to a case a moment ago: the start of a fix, a split. Each is asked on a page of its own, which
//! says what becomes of the case.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    feedback::{self, CaseDetail},
    kernel::{CaseId, Error, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, field, shell::Area},
    },
    address, view,
};

/// What is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undo {
    Fix,
    Split,
}

impl Undo {
    fn page(self) -> &'static str {
        match self {
            Self::Fix => "undo-fix",
            Self::Split => "undo-split",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Fix => "Undo the start of the fix",
            Self::Split => "Undo the split",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Fix => {
                "The case goes back to the state that it had, and to whom it belonged. What was saved of the page stays."
            }
            Self::Split => {
                "The reports come back, as far as nobody has moved them since. A case that the split made and that is empty then leads here."
            }
        }
    }

    fn is_possible(self, detail: &CaseDetail, request: &PanelRequest) -> bool {
        match self {
            Self::Fix => feedback::can_undo_fix(detail.timeline.first(), request.now()),
            Self::Split => feedback::can_undo_split(&detail.timeline, request.now()),
        }
    }
}

pub async fn undo_fix_page(request: PanelRequest) -> Answer {
    ask(request, Undo::Fix).await
}

pub async fn undo_fix(request: PanelRequest) -> Answer {
    take_back(request, Undo::Fix).await
}

pub async fn undo_split_page(request: PanelRequest) -> Answer {
    ask(request, Undo::Split).await
}

pub async fn undo_split(request: PanelRequest) -> Answer {
    take_back(request, Undo::Split).await
}

async fn ask(mut request: PanelRequest, undo: Undo) -> Answer {
    let id: CaseId = request.id("id")?;
    let from = request.query.text("from").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let detail = feedback::case(&request.ctx, id).await?;
    if !undo.is_possible(&detail, &request) {
        let why = "It can't be undone any more: it is too long ago, or something else has happened since.";
        let main = page(&detail, undo, &from, html! { p { (why) } });
        return Ok(request.page_with(StatusCode::CONFLICT, Area::Feedback, undo.heading(), main));
    }
    let body = html! {
        p { (undo.sentence()) }
        form method="post" action={ "/admin/cases/" (id) "/" (undo.page()) } {
            (field::hidden("version", &detail.case.version.to_string()))
            (field::hidden("from", &from))
            div.buttons { (ui::submit(undo.heading())) a href=(address(id, &from)) { "Cancel" } }
        }
    };
    let main = page(&detail, undo, &from, body);
    Ok(request.page(Area::Feedback, undo.heading(), main))
}

async fn take_back(mut request: PanelRequest, undo: Undo) -> Answer {
    let id: CaseId = request.id("id")?;
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok()).unwrap_or_default();
    let from = fields.raw_text("from").unwrap_or_default();
    fields.finish()?;
    let done = match undo {
        Undo::Fix => feedback::undo_fix(&request.ctx, id, seen).await.map(|_| "The case is as it was."),
        Undo::Split => feedback::undo_split(&request.ctx, id, seen).await.map(|_| "The reports are back in this case."),
    };
    match done {
        Ok(said) => {
            request.app.ring();
            request.say(Tone::Done, said, None).await?;
        }
        Err(error) => request.say(Tone::Warning, refusal(error)?, None).await?,
    }
    see_other(&address(id, &from))
}

/// What to say of a step that was refused because of what the case is now; other errors remain.
pub fn refusal(error: Error) -> Result<String> {
    match error {
        Error::Stale(_) => {
            Ok("Somebody changed this case after you opened it, so nothing was done. This is how it is now.".to_owned())
        }
        Error::Conflict { detail, .. } => Ok(format!("Nothing was done. {detail}")),
        other => Err(other),
    }
}

fn page(detail: &CaseDetail, undo: Undo, from: &str, body: Markup) -> Markup {
    framed(detail, undo.heading(), from, body)
}

/// What stands around a page about a step of a case.
pub fn framed(detail: &CaseDetail, heading: &str, from: &str, body: Markup) -> Markup {
    let case = &detail.case;
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[
                (view::INBOX.to_owned(), "Feedback".to_owned()),
                (address(case.id, from), format!("Case {}", case.number)),
            ]))
            h1 { (heading) }
            p { (case.title) " " (Badge::case(case.state)) }
            (body)
        } }
    }
}

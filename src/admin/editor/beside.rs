//! The case for which somebody has come to the editor. Its reports stand at the passages that they are about and, all of
//! them, beside the text; they stay through saves and through the pages that a button leads to, until they are put away.
//!
//! Decision (2026-11-22): a fix that was started is found again without being named in each address: a case in progress that
//! belongs to who edits stands beside the text by itself. So no page on the way has to carry it along.

use maud::{Markup, html};

use crate::{
    content::Kind,
    feedback::{self, CaseDetail, Report},
    kernel::{CaseId, DocumentId, Error, Fault, Permission, Result},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, field, time},
    },
    sheet::Sheet,
};

/// What stands for "no case" in an address.
const NONE: &str = "none";
/// How many reports stand beside the text, and at one passage.
const SHOWN: usize = 10;
const AT_A_PASSAGE: usize = 3;

/// Which case is to stand beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The one for which a fix has been started, if there is one.
    InHand,
    Case(CaseId),
    /// It was put away.
    Nothing,
}

impl Wish {
    /// # Errors
    /// [`Error::Malformed`] if it is no id.
    pub fn read(text: Option<&str>) -> Result<Self> {
        match text {
            None | Some("") => Ok(Self::InHand),
            Some(NONE) => Ok(Self::Nothing),
            Some(id) => match id.parse() {
                Ok(id) => Ok(Self::Case(id)),
                Err(_) => Err(Error::Malformed(vec![Fault::new(
                    "case",
                    "not-an-id",
                    "The id of a case or none was expected.",
                )])),
            },
        }
    }

    /// The query that keeps it.
    pub fn query(self) -> String {
        match self {
            Self::InHand => String::new(),
            Self::Case(id) => format!("?case={id}"),
            Self::Nothing => format!("?case={NONE}"),
        }
    }

    /// The case itself, for those who may read it.
    pub async fn find(self, request: &PanelRequest, document: DocumentId) -> Result<Option<CaseDetail>> {
        if !request.may(Permission::FeedbackRead) {
            return Ok(None);
        }
        let id = match self {
            Self::Nothing => None,
            Self::Case(id) => Some(id),
            Self::InHand => match request.ctx.actor.user {
                Some(me) => {
                    let mine = feedback::fixes_in_hand(&request.ctx, &[document], Some(me)).await?;
                    mine.first().map(|case| case.id)
                }
                None => None,
            },
        };
        match id {
            // A sample can have been removed, and an address is kept for long.
            Some(id) => match feedback::case(&request.ctx, id).await {
                Ok(case) => Ok(Some(case)),
                Err(Error::NotFound(_)) => Ok(None),
                Err(error) => Err(error),
            },
            None => Ok(None),
        }
    }
}

/// What the form carries of it.
pub fn carried(wish: Wish, case: Option<&CaseDetail>) -> Markup {
    let value = match (wish, case) {
        (_, Some(case)) => case.case.id.to_string(),
        (Wish::Nothing, None) => NONE.to_owned(),
        _ => String::new(),
    };
    html! { @if !value.is_empty() { (field::hidden("case", &value)) } }
}

/// A line above the text: that it is about a case, for windows in which nothing stands beside it.
pub fn line(case: &CaseDetail) -> Markup {
    html! {
        div.row.card.small {
            span { strong { "Case " (case.case.number) ": " } (case.case.title) }
            a.tap href="#case-heading" { "Its reports" }
            (ui::small_button("op", "put-away", "Put away", "the case"))
        }
    }
}

/// All reports of a case, beside the text.
pub fn card(request: &PanelRequest, case: &CaseDetail, sheet: &Sheet<'_>) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let own = &case.case;
    let kind: Kind = sheet.kind;
    html! {
        section.card.stack-s aria-labelledby="case-heading" {
            h2 #case-heading { "Case " (own.number) }
            p { a href={ "/admin/cases/" (own.id) } { (own.title) } " " (Badge::case(own.state)) }
            @for report in case.reports.iter().take(SHOWN) {
                div {
                    (words(report))
                    p.small.muted {
                        (report.reference) ", " (time::when(zone, now, report.received_at))
                        @if let Some(version) = report.version { ", saw version " (version) }
                    }
                    @match report.block.filter(|_| report.document.0 == sheet.document) {
                        Some(block) if sheet.holds(&block.to_string()) => { p.small { a href={ "#" (block) } { "Go to the passage" } } }
                        Some(_) => { p.small { "The passage is not in this draft any more." } }
                        None => {}
                    }
                }
            }
            @if case.reports.len() > SHOWN { p.small { "The others stand on the page of the case." } }
            p.small.muted { "When you publish the " (kind.words()) ", you can say that the new version fixes it." }
        }
    }
}

/// What visitors said of one passage, at that passage.
pub fn at_a_passage(reports: &[&Report]) -> Markup {
    html! {
        @for report in reports.iter().take(AT_A_PASSAGE) {
            div.conflict role="note" {
                p.small { strong { "Reported here" } span.muted { " · " (report.reference) } }
                (words(report))
            }
        }
    }
}

fn words(report: &Report) -> Markup {
    let said = [&report.wrong, &report.doing].into_iter().flatten();
    html! {
        @if report.text_purged_at.is_some() { p.small.muted { "The text was erased." } }
        @for text in said { blockquote { p.pre { (text) } } }
    }
}

//! What stands around a page about a step of a case, and what is said of a step that was refused.

use maud::{Markup, html};

use crate::{
    feedback::CaseDetail,
    kernel::{Error, Result},
};

use super::{
    super::ui::{self, Badge},
    address, view,
};

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

//! Erasing all that a visitor said.

use maud::{Markup, html};

use crate::{
    feedback::{self, Report},
    kernel::Permission,
    web::Answer,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, field, shell::Area},
    },
    show, steps,
};

const TITLE: &str = "Erase the text";

pub async fn erase_page(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackErase)?;
    let report = show::of(&request).await?;
    let body = erase_form(&report);
    Ok(request.page(Area::Feedback, TITLE, steps::frame(&report, TITLE, body)))
}

fn erase_form(report: &Report) -> Markup {
    html! {
        p { "Everything that the visitor said in report " strong { (report.reference) } " is erased for good: both answers, what was added later, and the address that was left. Titles that were made from it are made anew." }
        p { "That there was a report, and what happened to it, stay. This can't be undone, except from a backup." }
        form method="post" action={ "/admin/reports/" (report.id) "/erase" } {
            (field::hidden("version", &report.revision))
            div.buttons { (ui::bad_button("Erase the text for good")) a href=(steps::address(report)) { "Cancel" } }
        }
    }
}

pub async fn erase(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackErase)?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    fields.finish()?;
    let report = show::of(&request).await?;
    match feedback::erase(&request.ctx, &report.id.to_string(), &seen).await {
        Ok(()) => {
            request.app.ring();
            let text = format!("The text of report {} has been erased.", report.reference);
            request.done(&steps::address(&report), text).await
        }
        Err(error) => steps::refused(&request, error, TITLE, erase_form(&report)).await,
    }
}

//! Erasing all that a visitor said.

use maud::html;

use crate::{feedback, kernel::Permission, web::Answer};

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
    let body = html! {
        p { "Everything that the visitor said in report " strong { (report.reference) } " is erased for good: both answers, what was added later, and the address that was left. Titles that were made from it are made anew." }
        p { "That there was a report, and what happened to it, stay. This can't be undone, except from a backup." }
        form method="post" action={ "/admin/reports/" (report.id) "/erase" } {
            (field::hidden("version", &report.revision))
            div.buttons { (ui::bad_button("Erase the text for good")) a href=(steps::address(&report)) { "Cancel" } }
        }
    };
    Ok(request.page(Area::Feedback, TITLE, steps::frame(&report, TITLE, body)))
}

pub async fn erase(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackErase)?;
    let mut fields = request.form.fields(&[])?;
    // What was added since is erased too: nothing of it was meant to stay.
    let _ = fields.text("version", 100);
    fields.finish()?;
    let report = show::of(&request).await?;
    feedback::erase(&request.ctx, &report.id.to_string()).await?;
    request.app.ring();
    request.done(&steps::address(&report), format!("The text of report {} has been erased.", report.reference)).await
}

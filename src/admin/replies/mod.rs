//! Answering a visitor who left an address: the page where an answer is written, with those that are kept to be used
//! again, and the page that shows one to be sent by hand while mail is off. The kept ones stand in `saved.rs`.

mod saved;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use maud::{Markup, html};

use crate::{
    feedback::{self, CaseDetail, NewReply, REPLY_LIMIT, Reply, ReplyLetter, Report, SavedReply, saved_replies},
    kernel::{Error, Permission, ReportId, Result, SavedReplyId},
    mail::letters,
    site,
    web::{Answer, session::Tone},
};

use super::{
    form::FormState,
    request::PanelRequest,
    ui::{self, field, shell::Area, time},
};

pub use saved::{add, change, list, remove, show, show_new, show_remove};

const AREA: Area = Area::Feedback;
const TITLE: &str = "Answer the visitor";

/// The reports of a case whose visitors can be answered now.
fn answerable<'detail>(request: &PanelRequest, detail: &'detail CaseDetail) -> Vec<&'detail Report> {
    let now = request.now();
    let good = |report: &&Report| report.contact.as_ref().is_some_and(|contact| contact.delete_after > now);
    detail.reports.iter().filter(good).collect()
}

/// The button on the page of a case, if there is somebody to answer.
pub fn button(request: &PanelRequest, detail: &CaseDetail) -> Markup {
    html! {
        @if !answerable(request, detail).is_empty() {
            p { (ui::link_button(&format!("/admin/cases/{}/reply", detail.case.id), "Answer the visitor…")) }
        }
    }
}

pub async fn show_reply(mut request: PanelRequest) -> Answer {
    let report = request.query.id("report").map(ReportId);
    let chosen = request.query.id("saved").map(SavedReplyId);
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let detail = feedback::case(&request.ctx, request.id("id")?).await?;
    let report = report.or_else(|| answerable(&request, &detail).first().map(|report| report.id));
    let mut state = FormState::new().with("version", detail.case.version.to_string());
    if let Some(report) = report {
        state = state.with("report", report.to_string());
    }
    if let (Some(chosen), Some(report)) = (chosen, report) {
        let saved = saved_replies::get(&request.ctx, chosen).await?;
        let text = feedback::fill_reply(&request.ctx, report, &saved.text).await?;
        state = state.with("saved", saved.id.to_string()).with("text", text);
    }
    page(&request, &detail, &state, html! {}, StatusCode::OK).await
}

async fn page(
    request: &PanelRequest,
    detail: &CaseDetail,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Answer {
    let case = &detail.case;
    let (reports, saved) = (answerable(request, detail), saved_replies::list(&request.ctx).await?);
    let earlier = feedback::replies(&request.ctx, case.id).await?;
    let case_page = format!("/admin/cases/{}", case.id);
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned()), (case_page.clone(), format!("Case {}", case.number))]))
            h1 { (TITLE) }
            (notice)
            (ui::error_summary(state))
            @if reports.is_empty() {
                (ui::empty("Nobody who sent a report of this case left an address, or the addresses have been deleted by now.", ui::link_button(&case_page, "Back to the case")))
            } @else {
                (starting(&case_page, &reports, &saved, state))
                (form(request, &case_page, &reports, state))
            }
            (before(request, detail, &earlier))
        } }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(AREA, TITLE, main),
        other => request.page_with(other, AREA, TITLE, main),
    })
}

/// With which text to begin, and whom to answer where there are several: a form of its own that loses nothing but what has
/// been typed, which it says.
fn starting(case_page: &str, reports: &[&Report], saved: &[SavedReply], state: &FormState) -> Markup {
    let mut options = vec![(String::new(), "An empty text".to_owned())];
    options.extend(saved.iter().map(|one| (one.id.to_string(), one.title.clone())));
    let people: Vec<(String, String)> =
        reports.iter().map(|report| (report.id.to_string(), format!("Report {}", report.reference))).collect();
    html! {
        form.card.stack-s method="get" action={ (case_page) "/reply" } {
            @if reports.len() > 1 { (field::select(&state.field("report", "Whom to answer").class("medium"), &people)) }
            @if saved.is_empty() {
                p { "Answers that you write often can be kept, and begun with one click. " a href="/admin/saved-replies" { "Saved replies" } }
            } @else {
                (field::select(&state.field("saved", "Begin with").class("medium").hint("It takes the place of the text below."), &options))
            }
            @if reports.len() > 1 || !saved.is_empty() {
                div.row { button.button { "Begin with it" } a href="/admin/saved-replies" { "Saved replies" } }
            }
        }
    }
}

fn form(request: &PanelRequest, case_page: &str, reports: &[&Report], state: &FormState) -> Markup {
    let report =
        reports.iter().find(|report| report.id.to_string() == state.value("report")).or_else(|| reports.first());
    let by_mail = request.app.mailer.is_some();
    let hint = format!(
        "Plain text, at most {REPLY_LIMIT} characters. {{receipt}} becomes a link with which they see how far it is and can \
         add something; without it, that stands below your text."
    );
    html! {
        @if let Some(report) = report {
            section.stack-s aria-labelledby="asked" {
                h2 #asked { "Report " (report.reference) }
                (super::reports::said(request, report, 3))
            }
            form.stack-s method="post" action={ (case_page) "/reply" } {
                (field::hidden("version", state.value("version")))
                (field::hidden("report", &report.id.to_string()))
                (field::area(&state.field("text", "Your answer").rows(12).hint(hint)))
                @if by_mail { p { "It is sent by mail. Colleagues who triage can read it here until the address is deleted." } }
                @else { p { "Mail is off, so nothing is sent: the next page shows the answer to send with your own mail program." } }
                div.buttons {
                    (ui::submit(if by_mail { "Send the answer" } else { "Show it to send" }))
                    (ui::link_button(case_page, "Cancel"))
                }
            }
        }
    }
}

fn before(request: &PanelRequest, detail: &CaseDetail, earlier: &[Reply]) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let reference = |id: ReportId| detail.reports.iter().find(|one| one.id == id).map(|one| one.reference.clone());
    html! {
        @if !earlier.is_empty() {
            section.stack aria-labelledby="before" {
                h2 #before { "Answers so far" }
                @for reply in earlier {
                    article.card.stack-s {
                        p.small.muted {
                            (reply.author_name) " · " (time::when(zone, now, reply.created_at))
                            @if let Some(reference) = reference(reply.report) { " · to report " (reference) }
                            " · " (standing(reply))
                        }
                        @match &reply.text {
                            Some(text) => { p.pre { (text) } }
                            None => { p.muted { "The text was deleted with the address." } }
                        }
                    }
                }
            }
        }
    }
}

fn standing(reply: &Reply) -> &'static str {
    match (reply.by_mail, reply.sent_at) {
        (true, Some(_)) => "sent by mail",
        (true, None) => "on its way by mail",
        (false, _) => "shown to be sent by hand",
    }
}

pub async fn reply(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let id = request.id("id")?;
    let detail = feedback::case(&request.ctx, id).await?;
    match carry_out(&request, &detail).await {
        Ok(None) => {
            request.app.ring();
            request.done(&format!("/admin/cases/{id}"), "The answer is on its way.").await
        }
        Ok(Some(letter)) => {
            request.app.ring();
            by_hand(&request, &detail, &letter).await
        }
        Err(Error::Stale(_)) => {
            let state = FormState::of(&request.form).with("version", detail.case.version.to_string());
            let said = html! { p { "Somebody worked on this case while you were writing, so nothing was sent. Send it again if it is still right." } };
            page(&request, &detail, &state, ui::banner(Tone::Warning, said), StatusCode::CONFLICT).await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            page(&request, &detail, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The letter, if it is to be sent by hand.
async fn carry_out(request: &PanelRequest, detail: &CaseDetail) -> Result<Option<ReplyLetter>> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok()).ok_or(Error::PreconditionRequired)?;
    let report = fields.text("report", 40).and_then(|text| text.parse().ok());
    let report: ReportId = report.ok_or_else(|| Error::invalid("/report", "missing-field", "Say whom to answer."))?;
    let text = fields.raw_text("text").unwrap_or_default();
    fields.finish()?;
    let by_mail = request.app.mailer.is_some();
    let (_, reply) = feedback::reply(&request.ctx, detail.case.id, seen, NewReply { report, text, by_mail }).await?;
    if by_mail { Ok(None) } else { feedback::reply_letter(&request.ctx, reply).await.map(Some) }
}

/// The page that shows an answer once, to be sent by hand.
async fn by_hand(request: &PanelRequest, detail: &CaseDetail, letter: &ReplyLetter) -> Answer {
    let settings = site::settings(&*request.app.database.read().await?).await?;
    let receipt = format!("{}/api/v1/reports/{}/{}", request.app.public_url, letter.reference, letter.receipt);
    let words = letters::reply(&settings.site_name, &letter.reference, &letter.text, &receipt);
    let title = "Send the answer";
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned()), (format!("/admin/cases/{}", detail.case.id), format!("Case {}", detail.case.number))]))
            h1 { (title) }
            p { "Nothing has been sent. Open it in your mail program, or copy it. It is shown with its link to the receipt this once." }
            p { a.button.primary href=(mailto(&letter.address, &words)) { "Open it in a mail program" } }
            dl.facts {
                dt { "To" } dd { (letter.address) }
                dt { "Subject" } dd { (words.subject) }
            }
            div.field {
                label for="f-letter" { "The letter" }
                textarea #f-letter rows="14" readonly spellcheck="false" { (words.body) }
            }
            (ui::link_button(&format!("/admin/cases/{}", detail.case.id), "Back to the case"))
        } }
    };
    let mut response: Response = request.page_with(StatusCode::CREATED, AREA, title, main);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// An address that opens a letter (RFC 6068): line breaks are CR LF, and everything that is no plain letter is encoded.
fn mailto(address: &str, words: &letters::Words) -> String {
    let encoded = |text: &str| -> String {
        let mut out = String::new();
        for byte in text.replace('\n', "\r\n").bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                    out.push(char::from(byte))
                }
                other => out.push_str(&format!("%{other:02X}")),
            }
        }
        out
    };
    format!("mailto:{}?subject={}&body={}", encoded(address), encoded(&words.subject), encoded(&words.body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_letter_adds_no_field_of_its_own() {
        let words = letters::Words { subject: "A & B?".to_owned(), body: "One\nTwo ü".to_owned() };
        let address = mailto("a?bcc=x@y.test&z@example.org", &words);
        assert_eq!(
            address,
            "mailto:a%3Fbcc%3Dx@y.test%26z@example.org?subject=A%20%26%20B%3F&body=One%0D%0ATwo%20%C3%BC"
        );
    }
}

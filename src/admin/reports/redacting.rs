//! Taking words out of a report: first which, then a page that shows what will stand instead.

use maud::{Markup, html};

use crate::{
    feedback::{self, Field as Text, Passage, Redaction, RedactionReason, Report, Seal},
    kernel::{Error, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field, shell::Area},
    },
    show, steps,
};

const TITLE: &str = "Remove personal data";

pub async fn redact_page(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let report = show::of(&request).await?;
    let state = FormState::new()
        .with("field", if report.wrong.is_some() { "wrong" } else { "doing" })
        .with("reason", RedactionReason::PersonalData.name());
    let main = steps::frame(&report, TITLE, form(&report, &state));
    Ok(request.page(Area::Feedback, TITLE, main))
}

pub async fn redact(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let report = show::of(&request).await?;
    let outcome = match read(&request, &report) {
        Ok((redaction, seen, true)) => {
            let seal = seal(&request)?;
            feedback::redact_report(&request.ctx, report.id, &seen, redaction, &seal).await.map(|_| None)
        }
        Ok((redaction, seen, false)) => feedback::preview(&report, redaction.field, &redaction.passage)
            .map(|(text, count)| Some((text, count, seen))),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(None) => {
            request.app.ring();
            let text = "The words have been taken out, of the titles and notes of its cases too. You can put them back for ten minutes.";
            let address = steps::address(&report);
            let undo = (format!("{address}#taken-out"), "Undo".to_owned());
            request.say(Tone::Done, text, [undo]).await?;
            see_other(&address)
        }
        Ok(Some((text, count, seen))) => {
            let main = steps::frame(&report, TITLE, confirm(&request, &report, &text, count, &seen));
            Ok(request.page(Area::Feedback, TITLE, main))
        }
        Err(error) => {
            let state = match &error {
                Error::Invalid(faults) => FormState::of(&request.form).refused(Error::Invalid(faults.clone()))?,
                _ => FormState::of(&request.form),
            };
            steps::refused(&request, error, TITLE, form(&report, &state)).await
        }
    }
}

/// Puts back what this person has just taken out.
pub async fn put_back(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let report = show::of(&request).await?;
    match carry_out_putting_back(&request, &report).await {
        Ok(back) => {
            request.app.ring();
            let back = back.filter(|back| back.starts_with("/admin/cases/"));
            let target = back.unwrap_or_else(|| steps::address(&report));
            request.done(&target, "The words stand where they stood.").await
        }
        Err(error) => steps::refused(&request, error, "Put words back", html! {}).await,
    }
}

async fn carry_out_putting_back(request: &PanelRequest, report: &Report) -> Result<Option<String>> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    let taken_out = fields.id("taken_out");
    let back = fields.text("back", 200);
    if taken_out.is_none() && !fields.has_fault("taken_out") {
        fields.fault("taken_out", "missing-field", "It is not said what to put back.");
    }
    fields.finish()?;
    let taken_out = taken_out.ok_or_else(|| Error::bug("an id vanished"))?;
    feedback::put_back(&request.ctx, report.id, &seen, taken_out, &seal(request)?).await?;
    Ok(back)
}

/// What only this browser has.
fn seal(request: &PanelRequest) -> Result<Seal> {
    let session = request.session.id().ok_or_else(|| Error::bug("somebody is signed in without a session"))?;
    Seal::of(&session.to_string())
}

/// What to take out, the revision that was seen, and whether it was confirmed.
fn read(request: &PanelRequest, report: &Report) -> Result<(Redaction, String, bool)> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    let confirmed = fields.text("confirmed", 10).as_deref() == Some("true");
    let named = fields.text("field", 100).unwrap_or_default();
    let words = fields.raw_text("text").unwrap_or_default();
    let reason: Option<RedactionReason> = fields.choice("reason");
    let text = match named.as_str() {
        "doing" => Some(Text::Doing),
        "wrong" => Some(Text::Wrong),
        id => report.additions.iter().find(|one| one.id.to_string() == id).map(|one| Text::Addition(one.id)),
    };
    if text.is_none() {
        fields.fault("field", "unknown-choice", "Choose which text the words stand in.");
    }
    if words.trim().is_empty() {
        fields.fault("text", "missing-field", "Type or copy the words that should go.");
    }
    if reason.is_none() {
        fields.fault("reason", "missing-field", "Choose why.");
    }
    fields.finish()?;
    let (field, reason) = text.zip(reason).ok_or_else(|| Error::bug("a redaction without its parts"))?;
    Ok((Redaction { field, passage: Passage::Words(words), reason }, seen, confirmed))
}

fn form(report: &Report, state: &FormState) -> Markup {
    let mut texts = Vec::new();
    if let Some(wrong) = &report.wrong {
        texts.push(("wrong".to_owned(), format!("What went wrong: {wrong}")));
    }
    if let Some(doing) = &report.doing {
        texts.push(("doing".to_owned(), format!("What they were doing: {doing}")));
    }
    texts.extend(report.additions.iter().map(|one| (one.id.to_string(), format!("Added later: {}", one.text))));
    if texts.is_empty() {
        return html! { p { "The report has no text left." } };
    }
    let reasons = field::options(RedactionReason::ALL, RedactionReason::name, reason_in_words);
    html! {
        p { "The words are taken out wherever they stand in the text you choose, and where they stand whole in the titles and notes of its cases. You can put them back for ten minutes; then they are gone for good." }
        form method="post" action={ "/admin/reports/" (report.id) "/redact" } {
            (field::hidden("version", &report.revision))
            (field::radios(&state.field("field", "Which text"), &texts))
            (field::area(&state.field("text", "The words that should go").hint("Exactly as they stand in the text.").rows(2)))
            (field::radios(&state.field("reason", "Why"), &reasons))
            div.buttons { (ui::submit("Show what will stand instead")) a href=(steps::address(report)) { "Cancel" } }
        }
    }
}

fn confirm(request: &PanelRequest, report: &Report, text: &str, count: u32, seen: &str) -> Markup {
    let carried = ["field", "text", "reason"];
    html! {
        p { "In place of " (ui::count(u64::from(count), "passage", "passages")) " a mark will stand. For ten minutes you can undo it, while the words are kept where nobody can read them; then they are gone for good." }
        section.card.stack-s aria-labelledby="instead" {
            h2 #instead { "What will stand there" }
            p.pre { (text) }
        }
        form method="post" action={ "/admin/reports/" (report.id) "/redact" } {
            (field::hidden("version", seen))
            (field::hidden("confirmed", "true"))
            @for name in carried { (field::hidden(name, request.form.value(name))) }
            div.buttons { (ui::bad_button("Remove the words")) a href=(steps::address(report)) { "Cancel" } }
        }
    }
}

fn reason_in_words(reason: RedactionReason) -> &'static str {
    match reason {
        RedactionReason::PersonalData => "Personal data",
        RedactionReason::AboutSomebodyElse => "About somebody else",
        RedactionReason::Offensive => "Offensive",
        RedactionReason::Other => "Another reason",
    }
}

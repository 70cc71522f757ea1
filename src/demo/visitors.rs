//! What visitors of the story report, and what people do about it.

use serde_json::{Map, Value};

use crate::{
    feedback::{self, Case, CaseChange, LabelChange, Limits, NewReport, Resolving, spam},
    kernel::{CaseId, Error, NodeId, Result},
    published::{self, At},
};

use super::{
    names::unknown,
    people::Part,
    stage::Stage,
    story::{CaseStep, Classified, Report, Step},
};

/// Minutes between two steps on a case.
const NEXT: i64 = 4;

impl Stage<'_> {
    /// Plays a step that is about reports.
    pub async fn hear(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Report(report) => self.receive(report).await,
            Step::AddDetail { report, text } => {
                let receipt = self.reports.get(&report).ok_or_else(|| unknown("report", &report))?;
                let (reference, secret) = (&receipt.reference, &receipt.receipt);
                feedback::add_detail(&self.visitor(), reference, secret, &text).await.map(|_| ())
            }
            Step::Case { of, by, steps } => {
                for step in steps {
                    let case = self.case_of(&of).await?;
                    self.look_after(&case, by.unwrap_or(Part::Publisher), step).await?;
                    self.pass(NEXT);
                }
                Ok(())
            }
            other => Err(Error::bug(format!("nobody knows how to hear {other:?}"))),
        }
    }

    /// Sends a report about the page as it is published at this moment.
    pub async fn receive(&mut self, report: Report) -> Result<()> {
        let (kind, id) = self.names.document(&report.page)?;
        let page = published::page(&self.system.database, kind, &id.to_string(), At::Now, None).await?;
        let page = page.ok_or_else(|| unknown("published page", &report.page))?.value;
        let block = match &report.passage {
            None => None,
            Some(words) => Some(around(&page, words).ok_or_else(|| unknown("passage", words))?),
        };
        let token = page.pointer("/feedback/page_token").and_then(Value::as_str).map(str::to_owned);
        let token = token.filter(|_| !report.without_token);
        let new = NewReport {
            document: token.is_none().then(|| id.to_string()),
            page_token: token,
            version: None,
            block,
            kind: report.kind,
            doing: report.doing,
            wrong: report.wrong,
            contact_email: report.contact_email,
            honeypot_filled: report.honeypot_filled,
            seconds_on_form: Some(report.seconds_on_form),
            door: spam::Door::Form,
            device: report.device,
        };
        let receipt = feedback::receive(&self.visitor(), &Limits::default(), new).await?;
        self.reports.insert(report.name, receipt);
        Ok(())
    }

    /// The case that a report belongs to.
    pub async fn case_of(&self, report: &str) -> Result<Case> {
        let receipt = self.reports.get(report).ok_or_else(|| unknown("report", report))?;
        let found = feedback::report_by_reference(&self.system, &receipt.reference).await?;
        let case: CaseId = found.case.ok_or_else(|| unknown("case of the report", report))?;
        Ok(feedback::case(&self.system, case).await?.case)
    }

    async fn look_after(&self, case: &Case, by: Part, step: CaseStep) -> Result<()> {
        let ctx = self.person(by)?;
        let (id, seen) = (case.id, case.version);
        let stepped = match step {
            CaseStep::Open => feedback::open(&ctx, id, seen).await,
            CaseStep::Start => feedback::start(&ctx, id, seen).await,
            CaseStep::Resume => feedback::resume(&ctx, id, seen).await,
            CaseStep::Note(text) => feedback::note(&ctx, id, seen, &text).await,
            CaseStep::Retitle(title) => feedback::retitle(&ctx, id, seen, &title).await,
            CaseStep::Assign(part) => feedback::assign(&ctx, id, seen, Some(self.user(part)?.id)).await,
            CaseStep::WaitDays(days) => feedback::wait(&ctx, id, seen, self.morning_in(days)?).await,
            CaseStep::Resolve { resolution, reason } => {
                let resolving = Resolving { resolution, reason, fixed_in: None, what_changed: None };
                feedback::resolve(&ctx, id, seen, resolving).await
            }
            CaseStep::Dismiss { reason, text } => feedback::dismiss(&ctx, id, seen, reason, text.as_deref()).await,
            CaseStep::Merge(into) => feedback::merge(&ctx, id, seen, self.case_of(&into).await?.id).await,
            CaseStep::Reopen(reason) => feedback::reopen(&ctx, id, seen, Some(&reason)).await,
            CaseStep::Classify(classified) => feedback::change(&ctx, id, seen, change(classified)).await,
            CaseStep::Reply(text) => self.reply(&ctx, case, text).await,
            CaseStep::Tell(text) => feedback::tell(&ctx, id, seen, Some(&text)).await,
        };
        stepped.map(|_| ())
    }
}

fn change(classified: Classified) -> CaseChange {
    let labels = Some(classified.labels).filter(|labels| !labels.is_empty()).map(LabelChange::Only);
    CaseChange { severity: classified.severity, category: classified.category, labels, ..CaseChange::default() }
}

/// The smallest thing of a page around these words.
pub(super) fn around(value: &Value, words: &str) -> Option<NodeId> {
    match value {
        Value::Object(fields) => {
            if let Some(found) = fields.values().find_map(|field| around(field, words)) {
                return Some(found);
            }
            let says = || fields.values().any(|field| says(field, words));
            id_of(fields).filter(|_| says())?.parse().ok().map(NodeId)
        }
        Value::Array(items) => items.iter().find_map(|item| around(item, words)),
        _ => None,
    }
}

/// Whether the words stand here, outside anything that has an id of its own.
fn says(value: &Value, words: &str) -> bool {
    match value {
        Value::String(text) => text.contains(words),
        Value::Array(items) => items.iter().any(|item| says(item, words)),
        Value::Object(fields) => id_of(fields).is_none() && fields.values().any(|field| says(field, words)),
        _ => false,
    }
}

/// The id of a thing within a page. Cards of other documents have a slug and images have files; their ids are others.
fn id_of(fields: &Map<String, Value>) -> Option<&str> {
    let elsewhere = fields.contains_key("slug") || fields.contains_key("sources");
    fields.get("id").and_then(Value::as_str).filter(|_| !elsewhere)
}

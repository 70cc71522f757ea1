//! Reports on their way in: checked, redacted, judged, written, and given to a case. It knows no HTTP; the door has
//! measured the time on the form and looked into the honeypot.
//!
//! Decisions (2026-11-22):
//! - Visitors need no permission: whoever can read a page can report a problem with it. Whoever has one may use this
//!   command too, and counts as a visitor in no other way.
//! - Personal data leaves the texts before the first statement is sent, so that neither a table nor a log of statements
//!   ever holds it. For the same reason what came in can't be printed.
//! - An idempotency key is not honoured here. Visitors share one key space, so that a guessed key would hand one
//!   visitor's receipt to another, and the secret of a receipt would stand in the store. A repeated report joins the case
//!   of the first anyway.

use std::collections::BTreeSet;

use entity::{report, report_contact};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use validator::ValidateEmail;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, NodeId, Result, Timestamp, Transaction, VersionNumber, insert_all},
    site::{self, Settings},
};

use super::{
    documents::{self, Found, Subject},
    limits::Limits,
    placing,
    round::Round,
    similarity::fingerprint,
    spam::{self, Assessment, Signals, Submission},
    texts::{self, ANSWER_LIMIT, Removed},
    turns::Turn,
};

named! {
    /// What a visitor wants to say.
    ReportKind {
        Problem = "problem",
        Comment = "comment",
        Accessibility = "accessibility",
        Praise = "praise",
    }
}

named! {
    /// What sort of device a report was sent from.
    Device {
        Phone = "phone",
        Tablet = "tablet",
        Desktop = "desktop",
    }
}

/// What a visitor sent, as it came in. It holds what may be personal, so it can't be printed.
#[derive(Clone)]
pub struct NewReport {
    /// From the published JSON of the page; goes before `document` and `version`.
    pub page_token: Option<String>,
    /// The id or slug of a live document; of a role page first.
    pub document: Option<String>,
    /// `None`: the live one.
    pub version: Option<VersionNumber>,
    /// A block of the page, or of a requirement section that stands in it.
    pub block: Option<NodeId>,
    pub kind: ReportKind,
    pub doing: Option<String>,
    pub wrong: Option<String>,
    pub contact_email: Option<String>,
    pub honeypot_filled: bool,
    pub seconds_on_form: Option<u64>,
    pub door: spam::Door,
    /// `None`: the sender is no browser that says it, such as the server of a site.
    pub device: Option<Device>,
}

/// What the visitor is told; the same whether or not the report was put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub reference: String,
    pub received_at: Timestamp,
    /// The secret of the receipt's address, 128 bits in hexadecimal. Only its digest is kept.
    pub receipt: String,
}

/// The longest e-mail address (RFC 5321, 4.5.3.1.3 without the brackets).
const EMAIL_LIMIT: usize = 254;
/// Letters and digits that are not taken for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How often a taken reference is drawn again; with 2^40 of them once is rare.
const DRAWS: usize = 8;

/// The answers without personal data.
struct Answers {
    doing: Option<String>,
    wrong: Option<String>,
    removed: Removed,
}

/// What a report is about, as the sender names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct About {
    pub page_token: Option<String>,
    pub document: Option<String>,
    pub version: Option<VersionNumber>,
    pub block: Option<NodeId>,
}

/// What is to be known before a report is judged.
pub(super) struct Question {
    ctx: Ctx,
    about: About,
}

/// The answer: how the site is set up, and what the report is about, or what is wrong with how it is named.
pub(super) struct Known {
    settings: Settings,
    subject: Found,
}

/// A report with which nothing is wrong, as it is to be written.
pub(super) struct Accepted {
    pub ctx: Ctx,
    report: NewReport,
    subject: Subject,
    answers: Answers,
    assessment: Assessment,
    /// The address, and how long it is kept, in milliseconds.
    contact: Option<(String, i64)>,
    secret: String,
}

/// Takes a report in. Needs no permission. What goes beyond the limits waits in quarantine.
///
/// # Errors
/// [`Error::Invalid`] with every fault and its pointer; [`Error::Unavailable`] if too many wait to be written.
pub async fn receive(ctx: &Ctx, limits: &Limits, report: NewReport) -> Result<Receipt> {
    let ctx = &Ctx { idempotency: None, ..ctx.clone() };
    let mut faults = Vec::new();
    let answers = answers(&report, &mut faults)?;
    let _place = limits.line.place()?;
    let about = About {
        page_token: report.page_token.clone(),
        document: report.document.clone(),
        version: report.version,
        block: report.block,
    };
    let Known { settings, subject } = limits.line.ask(Question { ctx: ctx.clone(), about }).await?;
    let email = contact(report.contact_email.as_deref(), settings.contact_email, &mut faults);
    let subject = subject.map_err(|found| faults.extend(found)).ok();
    let Some(subject) = subject.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };

    let signals =
        Signals { door: report.door, honeypot_filled: report.honeypot_filled, seconds_on_form: report.seconds_on_form };
    let assessment = spam::assess(&Submission {
        doing: answers.doing.as_deref().unwrap_or_default(),
        wrong: answers.wrong.as_deref().unwrap_or_default(),
        signals,
    });
    let admitted = if assessment.quarantined { Ok(()) } else { limits.admit(subject.page, ctx.now()) };
    let assessment = match admitted {
        Ok(()) => assessment,
        Err(reason) => assessment.and(reason),
    };
    let contact = email.map(|email| (email, i64::from(settings.contact_email_days) * Timestamp::DAY));
    let secret = secret(ctx);
    limits.line.write(Accepted { ctx: ctx.clone(), report, subject, answers, assessment, contact, secret }).await
}

impl Turn for Question {
    type Outcome = Known;

    async fn together(all: &[Self]) -> Result<Vec<Known>> {
        let Some(first) = all.first() else { return Ok(Vec::new()) };
        let snapshot = first.ctx.database.read().await?;
        let settings = site::settings(&*snapshot).await?;
        let key = site::identity(&*snapshot).await?.page_token_key;
        let abouts: BTreeSet<&About> = all.iter().map(|question| &question.about).collect();
        let subjects = documents::subjects(&*snapshot, &key, abouts).await?;
        let known = |question: &Self| {
            let subject = subjects.get(&question.about).cloned().ok_or_else(|| Error::bug("nobody asked for it"))?;
            Ok(Known { settings: settings.clone(), subject })
        };
        all.iter().map(known).collect()
    }

    async fn alone(&self) -> Result<Known> {
        only(Self::together(std::slice::from_ref(self)).await?)
    }
}

impl Turn for Accepted {
    type Outcome = Receipt;

    /// If a reference is taken, the unique index refuses it.
    async fn together(all: &[Self]) -> Result<Vec<Receipt>> {
        let Some(first) = all.first() else { return Ok(Vec::new()) };
        let tx = first.ctx.write().await?;
        let references = all.iter().map(|report| reference(&report.ctx)).collect();
        let receipts = write(&tx, all, references).await?;
        tx.commit(receipts).await
    }

    async fn alone(&self) -> Result<Receipt> {
        let tx = self.ctx.write().await?;
        let reference = free_reference(&*tx, &self.ctx).await?;
        let receipt = only(write(&tx, std::slice::from_ref(self), vec![reference]).await?)?;
        tx.commit(receipt).await
    }
}

fn only<T>(outcomes: Vec<T>) -> Result<T> {
    outcomes.into_iter().next().ok_or_else(|| Error::bug("there is no outcome"))
}

/// Writes reports under these references: their rows, cases, addresses, and what is to be recorded.
async fn write(tx: &Transaction, reports: &[Accepted], references: Vec<String>) -> Result<Vec<Receipt>> {
    let mut rows = Vec::new();
    for (accepted, reference) in reports.iter().zip(references) {
        rows.push(row(accepted, reference)?);
        // Comparing words takes its time, and readers wait meanwhile.
        tokio::task::yield_now().await;
    }
    let admitted: Vec<&report::Model> = rows.iter().filter(|row| !row.quarantined).collect();
    let mut round = Round::begin(tx, &admitted).await?;
    let (mut receipts, mut events, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
    for (accepted, mut row) in reports.iter().zip(rows) {
        let Accepted { ctx, report, assessment, secret, .. } = accepted;
        let mut reopened = None;
        if !row.quarantined {
            let placed = placing::place(tx, ctx, &mut round, &row).await?;
            row.case_id = Some(placed.case);
            reopened = placed.event;
        }
        if let Some((email, kept)) = &accepted.contact {
            contacts.push(report_contact::ActiveModel {
                report_id: Set(row.id),
                email: Set(email.clone()),
                delete_after: Set(ctx.now().plus(*kept).0),
            });
        }
        events.push((ctx, received(&row, report.kind, assessment)?));
        events.extend(reopened.map(|event| (ctx, event)));
        let (reference, received_at) = (row.reference.clone(), Timestamp(row.received_at));
        receipts.push(Receipt { reference, received_at, receipt: secret.clone() });
        round.add_report(row);
        tokio::task::yield_now().await;
    }
    round.write(tx).await?;
    insert_all(tx, contacts).await?;
    events::append_all(tx, events).await?;
    Ok(receipts)
}

/// The SHA-256 of a receipt's secret, in hexadecimal.
pub(super) fn digest(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

/// What is compared of a report to know its like again, in hexadecimal.
pub(super) fn fingerprint_of(doing: Option<&str>, wrong: Option<&str>) -> String {
    hexadecimal(&fingerprint(&texts::whole(doing, wrong)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answers(report: &NewReport, faults: &mut Vec<Fault>) -> Result<Answers> {
    let before = faults.len();
    let doing = texts::clean(report.doing.as_deref(), "/doing", ANSWER_LIMIT, faults);
    let wrong = texts::clean(report.wrong.as_deref(), "/wrong", ANSWER_LIMIT, faults);
    if doing.is_none() && wrong.is_none() && faults.len() == before {
        faults.push(Fault::new("/wrong", "missing-field", "Say what went wrong, or what you were doing."));
    }
    let mut removed = Removed::new();
    let doing = doing.map(|text| texts::redact(&text, &mut removed)).transpose()?;
    let wrong = wrong.map(|text| texts::redact(&text, &mut removed)).transpose()?;
    Ok(Answers { doing, wrong, removed })
}

fn contact(email: Option<&str>, allowed: bool, faults: &mut Vec<Fault>) -> Option<String> {
    let email = email.map(str::trim).filter(|email| !email.is_empty())?;
    if !allowed {
        faults.push(Fault::new("/contact_email", "not-allowed", "This site takes no contact addresses."));
        return None;
    }
    if email.len() > EMAIL_LIMIT || !email.validate_email() {
        let detail = "An e-mail address such as name@example.org was expected here.";
        faults.push(Fault::new("/contact_email", "not-an-email", detail));
        return None;
    }
    Some(email.to_owned())
}

pub(super) fn secret(ctx: &Ctx) -> String {
    let mut bytes = [0; 16];
    ctx.chance.fill(&mut bytes);
    hexadecimal(&bytes)
}

/// A reference by chance, such as `RB-7K3M-9QXF`.
fn reference(ctx: &Ctx) -> String {
    let mut bytes = [0; 8];
    ctx.chance.fill(&mut bytes);
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from);
    let letters: String = bytes.iter().filter_map(letter).collect();
    let (first, second) = letters.split_at_checked(4).unwrap_or_default();
    format!("RB-{first}-{second}")
}

/// A reference that no report has yet.
async fn free_reference(connection: &impl ConnectionTrait, ctx: &Ctx) -> Result<String> {
    for _ in 0..DRAWS {
        let reference = reference(ctx);
        let query = report::Entity::find().filter(report::Column::Reference.eq(&reference));
        if query.count(connection).await? == 0 {
            return Ok(reference);
        }
    }
    Err(Error::bug("no free reference was found"))
}

fn row(accepted: &Accepted, reference: String) -> Result<report::Model> {
    let Accepted { ctx, report, subject, answers, assessment, secret, .. } = accepted;
    let flags = texts::flags([answers.doing.as_deref(), answers.wrong.as_deref()].into_iter().flatten())?;
    Ok(report::Model {
        id: ctx.new_id(),
        reference,
        document_id: subject.document,
        page_id: subject.page,
        version: Some(subject.version),
        seen_sequence: subject.seen,
        block_id: subject.block,
        kind: report.kind.name().to_owned(),
        fingerprint: fingerprint_of(answers.doing.as_deref(), answers.wrong.as_deref()),
        doing: answers.doing.clone(),
        wrong: answers.wrong.clone(),
        removed: serde_json::to_string(&answers.removed)?,
        reasons: serde_json::to_string(&assessment.reasons)?,
        score: i32::try_from(assessment.score).unwrap_or(i32::MAX),
        quarantined: assessment.quarantined,
        case_id: None,
        case_before_merge: None,
        received_at: ctx.now().0,
        door: match report.door {
            spam::Door::Form => "form".to_owned(),
            spam::Door::Json => "json".to_owned(),
        },
        receipt_digest: digest(secret),
        text_purged_at: None,
        flags,
        quarantined_at: assessment.quarantined.then_some(ctx.now().0),
        purge_rule: None,
        device: report.device.map(|device| device.name().to_owned()),
        has_contact: accepted.contact.is_some(),
    })
}

/// Says that there is a report and what it is about, and nothing of what it says.
fn received(row: &report::Model, kind: ReportKind, assessment: &Assessment) -> Result<NewEvent> {
    let mut event = NewEvent::about(EventKind::ReportReceived, "report", row.id)
        .with("reference", row.reference.clone())
        .with("kind", kind.name())
        .with("document", row.document_id.to_string())
        .with("page", row.page_id.to_string())
        .with("version", row.version)
        .with("block", row.block_id.map(|block| block.to_string()))
        .with("quarantined", row.quarantined)
        .with("reasons", serde_json::to_value(&assessment.reasons)?)
        .with("case", row.case_id.map(|case| case.to_string()));
    event.document = Some(DocumentId(row.document_id));
    Ok(event)
}

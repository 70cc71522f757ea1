//! Reports and cases.

use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Filter},
    feedback::{
        self, AssigneeFilter, Case, CaseChange, CaseListing, CaseOrder, CaseState, DayOfViews, Dismissal, ExportFormat,
        Exported, Field, FixedIn, LabelChange, Passage, Periods, Redaction, RedactionReason, Report, ReportListing,
        Resolution, Resolving, Seal,
    },
    kernel::{CaseId, DocumentId, Error, Named, NodeId, Permission, ReportId, Result, Sequence, UserId, VersionNumber},
    site,
    web::{Answer, Call, Cursor, Fields, download, idempotent, json, json_with_etag, json_with_version, no_content},
};

use super::lists;

const NEWEST: &str = "-received_at";

named! {
    /// The orders of cases.
    Sort {
        Newest = "-last_report_at",
        Due = "due_at",
    }

    /// Whether cases are past their targets.
    Due {
        Overdue = "overdue",
        Later = "later",
    }
}

impl Sort {
    fn order(self) -> CaseOrder {
        match self {
            Self::Newest => CaseOrder::Newest,
            Self::Due => CaseOrder::Due,
        }
    }
}

pub async fn reports(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 20, 1, 100);
    let listing = ReportListing {
        quarantined: call.query.boolean("quarantined"),
        document: call.query.id("document").map(DocumentId),
        kind: call.query.choice("kind"),
        flag: call.query.choice("flag"),
        device: call.query.choice("device"),
        after: call.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id)),
        limit,
    };
    std::mem::take(&mut call.query).finish()?;
    let page = feedback::reports(&call.ctx, &listing).await?;
    let next = page.next.map(|(key, id)| {
        let parameters = [
            ("limit", Some(limit.to_string())),
            ("quarantined", listing.quarantined.map(|flag| flag.to_string())),
            ("document", listing.document.map(|id| id.to_string())),
            ("kind", listing.kind.map(|kind| kind.name().to_owned())),
            ("flag", listing.flag.map(|flag| flag.name().to_owned())),
            ("device", listing.device.map(|device| device.name().to_owned())),
        ];
        lists::next("/manage/v1/reports", &parameters, &Cursor { order: NEWEST.to_owned(), key, id }.encode())
    });
    lists::answer(&page.rows, next, page.total)
}

/// All that a filter lets through, as one file.
pub async fn export_reports(mut call: Call) -> Answer {
    let format = call.query.choice("format").unwrap_or(ExportFormat::Json);
    let with_purged = call.query.boolean("purged").unwrap_or_default();
    let listing = ReportListing {
        quarantined: call.query.boolean("quarantined"),
        document: call.query.id("document").map(DocumentId),
        kind: call.query.choice("kind"),
        flag: call.query.choice("flag"),
        device: call.query.choice("device"),
        ..ReportListing::default()
    };
    std::mem::take(&mut call.query).finish()?;
    let filter = listing.words(with_purged);
    let what = Exported::Reports { listing, with_purged };
    download(feedback::export(&call.ctx, what, format, &filter).await?)
}

/// By id, or by the reference that the visitor was given.
pub async fn report(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let report = match call.parameter("id").parse() {
        Ok(id) => feedback::report(&call.ctx, id).await?,
        Err(_) => feedback::report_by_reference(&call.ctx, call.parameter("id")).await?,
    };
    answer_report(&report)
}

fn answer_report(report: &Report) -> Answer {
    json_with_etag(report, &report.revision)
}

/// The report, and its revision from `If-Match`.
fn seen_report(call: &mut Call) -> Result<(ReportId, String)> {
    std::mem::take(&mut call.query).finish()?;
    Ok((call.id("id")?, call.seen_etag()?))
}

async fn report_done(call: &Call, command: impl Future<Output = Result<Report>>) -> Answer {
    let mut report = idempotent(&call.ctx, command).await?;
    call.app.ring();
    if report.doing.is_none() && report.wrong.is_none() {
        // A stored outcome holds no words of a report; the report itself does.
        report = feedback::report(&call.ctx, report.id).await?;
    }
    answer_report(&report)
}

pub async fn release(mut call: Call) -> Answer {
    let (id, seen) = seen_report(&mut call)?;
    call.fields()?.finish()?;
    report_done(&call, feedback::release(&call.ctx, id, &seen)).await
}

pub async fn quarantine(mut call: Call) -> Answer {
    let (id, seen) = seen_report(&mut call)?;
    call.fields()?.finish()?;
    report_done(&call, feedback::quarantine(&call.ctx, id, &seen)).await
}

pub async fn move_report(mut call: Call) -> Answer {
    let (id, seen) = seen_report(&mut call)?;
    let mut fields = call.fields()?;
    let to = fields.id("case").map(CaseId);
    fields.finish()?;
    report_done(&call, feedback::move_report(&call.ctx, id, &seen, to)).await
}

/// Takes `{field: "doing" | "wrong" | "addition", addition, text}` or a range `{start, end}`, and a reason.
pub async fn redact(mut call: Call) -> Answer {
    let (id, seen) = seen_report(&mut call)?;
    let mut fields = call.fields()?;
    let redaction = redaction(&mut fields);
    fields.finish()?;
    let redaction = redaction.ok_or_else(|| {
        Error::invalid("", "missing-field", "Name the field, the passage (text, or start and end) and the reason.")
    })?;
    let seal = Seal::of(call.secret())?;
    report_done(&call, feedback::redact_report(&call.ctx, id, &seen, redaction, &seal)).await
}

/// Takes `{taken_out}`, one of the report's `taken_out`; only with the key that took the words out.
pub async fn put_back(mut call: Call) -> Answer {
    let (id, seen) = seen_report(&mut call)?;
    let mut fields = call.fields()?;
    let taken_out: Option<Uuid> = fields.id("taken_out");
    if taken_out.is_none() && !fields.has_fault("taken_out") {
        fields.fault("taken_out", "missing-field", "Name what was taken out, by its id.");
    }
    fields.finish()?;
    let taken_out = taken_out.ok_or_else(|| Error::bug("an id vanished"))?;
    let seal = Seal::of(call.secret())?;
    report_done(&call, feedback::put_back(&call.ctx, id, &seen, taken_out, &seal)).await
}

fn redaction(fields: &mut Fields) -> Option<Redaction> {
    let named = fields.required_text("field", 20);
    let addition = fields.id("addition");
    let words = fields.raw_text("text");
    let (start, end) = (fields.whole_number("start"), fields.whole_number("end"));
    let reason = fields.choice::<RedactionReason>("reason");
    let field = match (named.as_str(), addition) {
        ("doing", None) => Field::Doing,
        ("wrong", None) => Field::Wrong,
        ("addition", Some(addition)) => Field::Addition(addition),
        _ => {
            fields.fault("field", "unknown-choice", "doing, wrong, or addition with the id of the addition.");
            return None;
        }
    };
    let passage = match (words, start, end) {
        (Some(words), None, None) => Passage::Words(words),
        (None, Some(start), Some(end)) => {
            Passage::Range { start: usize::try_from(start).ok()?, end: usize::try_from(end).ok()? }
        }
        _ => return None,
    };
    Some(Redaction { field, passage, reason: reason? })
}

/// By the reference that the visitor was given, or by id.
pub async fn erase(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (reference, seen) = (call.parameter("id").to_owned(), call.seen_etag()?);
    call.fields()?.finish()?;
    let _: Value =
        idempotent(&call.ctx, async { feedback::erase(&call.ctx, &reference, &seen).await.map(|()| Value::Null) })
            .await?;
    no_content()
}

pub async fn cases(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 20, 1, 100);
    let order = call.query.choice("sort").unwrap_or(Sort::Newest);
    let after = call.query.cursor("cursor", order.name()).map(|cursor| (cursor.key, cursor.id));
    let CaseFilter { mut listing, words, mut parameters } = case_filter(&mut call);
    std::mem::take(&mut call.query).finish()?;
    listing.found = feedback::cases_with(&call.ctx, &call.app.case_search, &words).await?;
    let listing = CaseListing { order: order.order(), after, limit, ..listing };
    let page = feedback::cases(&call.ctx, &listing).await?;
    let next = page.next.map(|(key, id)| {
        parameters.extend([("limit", Some(limit.to_string())), ("sort", Some(order.name().to_owned()))]);
        lists::next("/manage/v1/cases", &parameters, &Cursor { order: order.name().to_owned(), key, id }.encode())
    });
    lists::answer(&page.rows, next, page.total)
}

/// All cases that a filter lets through, as one file.
pub async fn export_cases(mut call: Call) -> Answer {
    call.ctx.authorise(Permission::FeedbackExport)?;
    let format = call.query.choice("format").unwrap_or(ExportFormat::Json);
    let order = call.query.choice("sort").unwrap_or(Sort::Newest);
    let CaseFilter { mut listing, words, parameters } = case_filter(&mut call);
    std::mem::take(&mut call.query).finish()?;
    listing.found = feedback::cases_with(&call.ctx, &call.app.case_search, &words).await?;
    listing.order = order.order();
    let filter: Vec<(&str, String)> = parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    download(feedback::export(&call.ctx, Exported::Cases(Box::new(listing)), format, &filter).await?)
}

/// Which cases are asked for.
struct CaseFilter {
    listing: CaseListing,
    /// What is sought in them.
    words: String,
    /// The same as the address says it.
    parameters: Vec<(&'static str, Option<String>)>,
}

fn case_filter(call: &mut Call) -> CaseFilter {
    let states = call.query.names("state");
    let assignee = call.query.text("assignee");
    let due = call.query.choice::<Due>("due");
    let words = call.query.text("q");
    let now = call.ctx.now();
    let mut listing = CaseListing {
        severity: call.query.choice("severity"),
        category: call.query.choice("category"),
        label: call.query.text("label").map(|label| feedback::label_of(&label).unwrap_or(label)),
        due_after: due.filter(|due| *due == Due::Later).map(|_| now),
        due_until: due.filter(|due| *due == Due::Overdue).map(|_| now),
        block: call.query.id("block").map(NodeId),
        has_contact: call.query.boolean("has_contact"),
        reported_since: call.query.time("reported_since"),
        reported_before: call.query.time("reported_before"),
        document: call.query.id("document").map(DocumentId),
        regressed: call.query.boolean("regressed"),
        ..CaseListing::default()
    };
    for state in states.iter().flatten() {
        match CaseState::from_name(state) {
            Some(state) => listing.states.push(state),
            None => {
                let detail = format!("{state:?} is not one of: {}.", CaseState::names().join(", "));
                call.query.fault("state", "unknown-choice", detail);
            }
        }
    }
    listing.assignee = match assignee.as_deref() {
        None => None,
        Some("nobody") => Some(AssigneeFilter::Nobody),
        Some("me") => call.ctx.actor.user.map(AssigneeFilter::User),
        Some(id) => {
            let id = id.parse().ok().map(|id| AssigneeFilter::User(UserId(id)));
            if id.is_none() {
                call.query.fault("assignee", "not-an-id", "The id of a user, me or nobody was expected.");
            }
            id
        }
    };
    let parameters = vec![
        ("state", states.map(|states| states.join(","))),
        ("document", listing.document.map(|id| id.to_string())),
        ("assignee", assignee),
        ("q", words.clone()),
        ("regressed", listing.regressed.map(|flag| flag.to_string())),
        ("severity", listing.severity.map(|one| one.name().to_owned())),
        ("category", listing.category.map(|one| one.name().to_owned())),
        ("label", listing.label.clone()),
        ("due", due.map(|due| due.name().to_owned())),
        ("block", listing.block.map(|id| id.to_string())),
        ("has_contact", listing.has_contact.map(|flag| flag.to_string())),
        ("reported_since", listing.reported_since.map(|at| at.to_string())),
        ("reported_before", listing.reported_before.map(|at| at.to_string())),
    ];
    CaseFilter { listing, words: words.unwrap_or_default(), parameters }
}

pub async fn case(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let detail = feedback::case(&call.ctx, call.id("id")?).await?;
    json_with_version(&detail, detail.case.version)
}

pub async fn events(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 50, 1, 100);
    let before = call.query.number("before", 0, 1, u64::from(u32::MAX));
    std::mem::take(&mut call.query).finish()?;
    let id: CaseId = call.id("id")?;
    feedback::case(&call.ctx, id).await?;
    let before = i64::try_from(before).ok().filter(|before| *before > 0).map(Sequence);
    let filter = Filter { subject: Some(("case".to_owned(), id.to_string())), before, ..Filter::default() };
    let snapshot = call.app.database.read().await?;
    let total = events::count(&*snapshot, &filter).await?;
    let found = events::list(&*snapshot, &filter, true, limit + 1).await?;
    super::site::events_answer(found, limit, total, &format!("/manage/v1/cases/{id}/events"))
}

/// The case and its version that a step is about.
fn step(call: &mut Call) -> Result<(CaseId, i64, Fields)> {
    std::mem::take(&mut call.query).finish()?;
    Ok((call.id("id")?, call.seen()?, call.fields()?))
}

async fn done(call: &Call, command: impl Future<Output = Result<Case>>) -> Answer {
    let mut case = idempotent(&call.ctx, command).await?;
    call.app.ring();
    if case.title.is_empty() {
        // A stored outcome holds no words of a case; the case itself does.
        case = feedback::case(&call.ctx, case.id).await?.case;
    }
    json_with_version(&case, case.version)
}

pub async fn change(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let change = CaseChange {
        assignee: fields.has("assignee").then(|| fields.id("assignee").map(UserId)),
        title: fields.text("title", 500),
        severity: fields.choice("severity"),
        category: fields.choice("category"),
        labels: labels(&mut fields),
    };
    fields.finish()?;
    done(&call, feedback::change(&call.ctx, id, seen, change)).await
}

/// The labels that a case is to have, all of them.
fn labels(fields: &mut Fields) -> Option<LabelChange> {
    let mut labels = Vec::new();
    for (place, label) in fields.list("labels")?.into_iter().enumerate() {
        match label {
            Value::String(label) => labels.push(label),
            _ => fields.fault(&format!("labels/{place}"), "wrong-type", "A text was expected here."),
        }
    }
    Some(LabelChange::Only(labels))
}

pub async fn open(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::open(&call.ctx, id, seen)).await
}

pub async fn start(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::start(&call.ctx, id, seen)).await
}

pub async fn start_fix(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::start_fix(&call.ctx, id, seen)).await
}

pub async fn wait(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let until = fields.time("until");
    if until.is_none() && !fields.has_fault("until") {
        fields.fault("until", "missing-field", "Say until when.");
    }
    fields.finish()?;
    done(&call, feedback::wait(&call.ctx, id, seen, until.unwrap_or_default())).await
}

pub async fn resume(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::resume(&call.ctx, id, seen)).await
}

/// Takes `{resolution: "fixed" | "answered" | "wont_change", reason, document, version}`.
pub async fn resolve(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let resolution: Option<Resolution> = fields.choice("resolution");
    if resolution.is_none() && !fields.has_fault("resolution") {
        fields.fault("resolution", "missing-field", "Say how it was resolved.");
    }
    let reason = fields.text("reason", feedback::REASON_LIMIT);
    let document = fields.id("document").map(DocumentId);
    let version = fields.whole_number("version").map(|version| VersionNumber(i32::try_from(version).unwrap_or(-1)));
    let what_changed = fields.text("what_changed", feedback::TOLD_LIMIT);
    if document.is_some() != version.is_some() {
        fields.fault("version", "missing-field", "A fix names a document and its version.");
    }
    fields.finish()?;
    let fixed_in = document.zip(version).map(|(document, version)| FixedIn { document, version });
    let resolution = resolution.ok_or_else(|| Error::bug("a resolution vanished"))?;
    let resolving = Resolving { resolution, reason, fixed_in, what_changed };
    done(&call, feedback::resolve(&call.ctx, id, seen, resolving)).await
}

pub async fn dismiss(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let reason: Option<Dismissal> = fields.choice("reason");
    if reason.is_none() && !fields.has_fault("reason") {
        let names = Dismissal::names().join(", ");
        fields.fault("reason", "missing-field", format!("Say why, with one of: {names}."));
    }
    let text = fields.text("text", feedback::REASON_LIMIT);
    fields.finish()?;
    let reason = reason.ok_or_else(|| Error::bug("a reason vanished"))?;
    done(&call, feedback::dismiss(&call.ctx, id, seen, reason, text.as_deref())).await
}

pub async fn reopen(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let reason = fields.text("reason", feedback::REASON_LIMIT);
    fields.finish()?;
    done(&call, feedback::reopen(&call.ctx, id, seen, reason.as_deref())).await
}

pub async fn merge(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let into = fields.id("into").map(CaseId);
    if into.is_none() && !fields.has_fault("into") {
        fields.fault("into", "missing-field", "Name the case to merge into.");
    }
    fields.finish()?;
    let into = into.unwrap_or(CaseId(Uuid::nil()));
    done(&call, feedback::merge(&call.ctx, id, seen, into)).await
}

/// Takes `{reports, into}`; without a case to go into they make a new one.
pub async fn split(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let reports = fields.ids("reports").into_iter().map(ReportId).collect();
    let into = fields.id("into").map(CaseId);
    fields.finish()?;
    let mut split = idempotent(&call.ctx, feedback::split(&call.ctx, id, seen, &reports, into)).await?;
    call.app.ring();
    if split.case.title.is_empty() {
        // A stored outcome holds no words of a case; the case itself does.
        split.case = feedback::case(&call.ctx, split.case.id).await?.case;
    }
    json_with_version(&split, split.case.version)
}

pub async fn unmerge(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::unmerge(&call.ctx, id, seen)).await
}

pub async fn undo(mut call: Call) -> Answer {
    let (id, seen, fields) = step(&mut call)?;
    fields.finish()?;
    done(&call, feedback::undo(&call.ctx, id, seen)).await
}

/// What is said in public about a fix; nothing takes it back.
pub async fn tell(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    if !fields.has("text") {
        fields.fault("text", "missing-field", "Say what was changed; null takes it back.");
    }
    let text = fields.text("text", feedback::TOLD_LIMIT);
    fields.finish()?;
    done(&call, feedback::tell(&call.ctx, id, seen, text.as_deref())).await
}

pub async fn note(mut call: Call) -> Answer {
    let (id, seen, mut fields) = step(&mut call)?;
    let text = fields.required_text("text", feedback::NOTE_LIMIT);
    fields.finish()?;
    done(&call, feedback::note(&call.ctx, id, seen, &text)).await
}

/// How it stands with the cases about accessibility; they themselves are listed by their category.
pub async fn accessibility(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    json(&feedback::accessibility(&call.ctx).await?)
}

/// How often pages were looked at on days. What was said before of the same pages and days is replaced.
pub async fn supply_views(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    call.ctx.authorise(Permission::FeedbackTriage)?;
    let mut fields = call.fields()?;
    let mut views = Vec::new();
    for (position, one) in fields.required_list("views").into_iter().enumerate() {
        match day_of_views(one) {
            Some(one) => views.push(one),
            None => {
                let detail = "An object with document, day and views was expected here.";
                fields.fault(&format!("views/{position}"), "wrong-type", detail);
            }
        }
    }
    fields.finish()?;
    let days = feedback::supply_views(&call.ctx, views).await?;
    json(&serde_json::json!({ "days": days }))
}

fn day_of_views(value: serde_json::Value) -> Option<DayOfViews> {
    let serde_json::Value::Object(mut fields) = value else { return None };
    let document = fields.remove("document")?.as_str()?.parse().ok()?;
    let day = fields.remove("day")?.as_str()?.to_owned();
    let views = fields.remove("views")?.as_i64()?;
    fields.is_empty().then_some(DayOfViews { document, day, views })
}

/// What the rules of retention would purge now, with the periods of the settings or with others.
pub async fn retention(mut call: Call) -> Answer {
    call.ctx.authorise(Permission::SettingsManage)?;
    let settings = site::settings(&*call.app.database.read().await?).await?;
    let present = Periods::from(&settings);
    let mut days = |name, present: u32, least, most| {
        let days = call.query.number(name, u64::from(present), least, most);
        u32::try_from(days).unwrap_or(present)
    };
    let periods = Periods {
        report_text_days: days("report_text_days", present.report_text_days, 1, 3_650),
        spam_days: days("spam_days", present.spam_days, 1, 365),
        contact_closed_days: days("contact_closed_days", present.contact_closed_days, 0, 365),
    };
    std::mem::take(&mut call.query).finish()?;
    let rules = feedback::dry_run(&call.ctx, Some(periods)).await?;
    json(&serde_json::json!({ "rules": rules }))
}

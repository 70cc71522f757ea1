//! What waits for a person, from all parts of the site, in one order: the most urgent first, then the oldest.

use std::collections::BTreeMap;

use crate::{
    content::{self, Kind, Task, Today, Why},
    feedback::{self, AssigneeFilter, Case, CaseListing, CaseState, Mention},
    kernel::{DocumentId, Permission, Result, Timestamp},
    webhooks::{self, PauseReason, Webhook},
};

use super::super::{
    cases as case_pages, lists,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, words},
};

/// How many cases of one person are looked at.
const CASES: u64 = 50;

/// One thing that waits.
pub struct Line {
    urgency: u8,
    pub title: String,
    /// What sort of thing it is.
    pub sort: &'static str,
    pub address: String,
    pub badge: Badge,
    /// A time that belongs to the reason.
    pub at: Option<Timestamp>,
    pub from: String,
    pub since: Option<Timestamp>,
    pub action: &'static str,
    /// Where the action is.
    pub target: String,
    /// Where all of its kind stand: address and words.
    all: (String, String),
}

/// Everything that waits, as far as the person can act on it.
pub async fn of(request: &PanelRequest, today: &Today) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    if request.may(Permission::ContentRead) {
        let me = request.ctx.actor.user.map(|user| user.to_string()).unwrap_or_default();
        let tasks = content::tasks(&request.ctx, today).await?;
        let new = new_cases(request, &tasks).await?;
        lines.extend(tasks.into_iter().map(|task| document(task, &me, &new)));
    }
    if request.may(Permission::FeedbackRead) {
        lines.extend(cases(request).await?);
        lines.extend(feedback::mentions(&request.ctx).await?.into_iter().map(mention));
    }
    if request.may(Permission::WebhooksManage) {
        lines.extend(webhooks::list(&request.ctx).await?.into_iter().filter_map(paused));
    }
    lines.sort_by_key(|line| (line.urgency, line.since));
    Ok(lines)
}

/// Where the rest stands, each list once.
pub fn all(lines: &[Line]) -> Vec<(String, String)> {
    let each: BTreeMap<&String, &String> = lines.iter().map(|line| (&line.all.0, &line.all.1)).collect();
    each.into_iter().map(|(address, words)| (address.clone(), words.clone())).collect()
}

/// How many of the cases about documents that are somebody's own nobody has looked at yet.
async fn new_cases(request: &PanelRequest, tasks: &[Task]) -> Result<BTreeMap<DocumentId, i64>> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(BTreeMap::new());
    }
    let reported = tasks.iter().filter(|task| matches!(task.why, Why::Cases(_)));
    feedback::count_new_about(&request.ctx, &reported.map(|task| task.document).collect::<Vec<_>>()).await
}

/// What an owner is told of the cases about a document: that there are new ones comes first.
fn reported(number: i64, new: i64) -> String {
    match (number, new) {
        (1, 0) => "1 open case".to_owned(),
        (number, 0) => format!("{number} open cases"),
        (1, _) => "1 new case".to_owned(),
        (number, new) if number == new => format!("{new} new cases"),
        (number, new) => format!("{number} open cases, {new} new"),
    }
}

fn document(task: Task, me: &str, new: &BTreeMap<DocumentId, i64>) -> Line {
    let own = format!("/admin/{}/{}", task.kind.collection(), task.document);
    let (urgency, look, reason, action, step) = match task.why {
        Why::Failed => (0, Look::Bad, "Publishing failed".to_owned(), "See why", ""),
        Why::ChangesRequested => (1, Look::Bad, "Changes requested".to_owned(), "Continue", ""),
        Why::Scheduled(_) => (2, Look::Planned, "Changes by itself today".to_owned(), "Check", "/preview"),
        Why::Review => (3, Look::Warning, "Waiting for your review".to_owned(), "Review", "/approve?from=dashboard"),
        Why::LookBack => (4, Look::Warning, "Needs a look back".to_owned(), "Look back", "/approve?from=dashboard"),
        Why::Cases(number) => {
            let new = new.get(&task.document).copied().unwrap_or_default();
            (if new > 0 { 5 } else { 6 }, Look::Warning, reported(number, new), "See cases", "")
        }
        Why::Overdue => (7, Look::Warning, "Review date has passed".to_owned(), "Check", ""),
        Why::Forgotten => (8, Look::Working, "Your draft, untouched for a week".to_owned(), "Continue", ""),
    };
    let at = if let Why::Scheduled(at) = task.why { Some(at) } else { None };
    let target = match task.why {
        Why::Cases(_) => format!("/admin/cases?document={}", task.document),
        _ => format!("{own}{step}"),
    };
    Line {
        urgency,
        title: if task.title.trim().is_empty() { "Untitled".to_owned() } else { task.title },
        sort: words::kind(task.kind),
        address: own,
        badge: Badge::new(look, reason),
        at,
        from: task.from,
        since: Some(task.since),
        action,
        target,
        all: everything(task.kind, task.why, me),
    }
}

/// The list in which everything with the same reason stands.
fn everything(kind: Kind, why: Why, me: &str) -> (String, String) {
    let (query, words) = match why {
        Why::Failed => ("draft_state=failed".to_owned(), "whose publishing failed"),
        Why::ChangesRequested => ("draft_state=changes_requested".to_owned(), "with changes requested"),
        Why::Scheduled(_) => ("scheduled=true".to_owned(), "with something scheduled"),
        Why::Review => ("draft_state=in_review".to_owned(), "in review"),
        Why::LookBack => ("needs_work=true".to_owned(), "that need work"),
        Why::Cases(_) => (format!("owner={me}&open_cases=true"), "of yours with open cases"),
        Why::Overdue => (format!("owner={me}&review_passed=true"), "of yours that are overdue for review"),
        Why::Forgotten => ("draft_state=draft&sort=updated_at".to_owned(), "in draft, oldest first"),
    };
    let area = lists::area(kind).words().to_lowercase();
    (format!("/admin/{}?{query}", kind.collection()), format!("{area} {words}"))
}

async fn cases(request: &PanelRequest) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    if let Some(me) = request.ctx.actor.user {
        let listing = CaseListing {
            states: CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect(),
            assignee: Some(AssigneeFilter::User(me)),
            limit: CASES,
            ..CaseListing::default()
        };
        let now = request.now();
        let mine = feedback::cases(&request.ctx, &listing).await?.rows;
        lines.extend(mine.into_iter().filter_map(|case| assigned(case, now)));
    }
    lines.extend(overdue(request).await?);
    let new = request.chrome.new_cases;
    if new > 0 && request.may(Permission::FeedbackTriage) {
        lines.push(Line {
            urgency: 5,
            title: ui::count(new, "new case", "new cases"),
            sort: "Feedback",
            address: "/admin/cases".to_owned(),
            badge: Badge::new(Look::Warning, "Nobody has looked yet"),
            at: None,
            from: "Visitors".to_owned(),
            since: None,
            action: "Look through",
            target: "/admin/cases".to_owned(),
            all: ("/admin/cases".to_owned(), "cases".to_owned()),
        });
    }
    Ok(lines)
}

/// How many cases of others, or of nobody, are past their targets.
async fn overdue(request: &PanelRequest) -> Result<Option<Line>> {
    if !request.may(Permission::FeedbackTriage) {
        return Ok(None);
    }
    let listing = CaseListing { due_until: Some(request.now()), limit: CASES, ..CaseListing::default() };
    let found = feedback::cases(&request.ctx, &listing).await?;
    let address = "/admin/cases?view=open&due=overdue&sort=due".to_owned();
    Ok((found.total > 0).then(|| Line {
        urgency: 3,
        title: ui::count(found.total, "overdue case", "overdue cases"),
        sort: "Feedback",
        address: address.clone(),
        badge: Badge::new(Look::Bad, "Past their targets"),
        at: None,
        from: "Visitors".to_owned(),
        since: found.rows.iter().filter_map(|case| case.due_at).min(),
        action: "Look through",
        target: address.clone(),
        all: ("/admin/cases".to_owned(), "cases".to_owned()),
    }))
}

/// A webhook that was paused by what happened; who pauses one by hand knows.
fn paused(webhook: Webhook) -> Option<Line> {
    let paused = webhook.paused?;
    let why = match paused.reason {
        PauseReason::ByHand => return None,
        PauseReason::Failing => "Paused: nothing got through for a day",
        PauseReason::Gone => "Paused: its receiver is gone for good",
        PauseReason::Restored => "Paused: the site was restored from a backup",
    };
    let address = format!("/admin/webhooks/{}", webhook.id);
    Some(Line {
        urgency: 1,
        title: webhook.name,
        sort: "Webhook",
        target: address.clone(),
        address,
        badge: Badge::new(Look::Bad, why),
        at: None,
        from: webhook.owner.name,
        since: Some(paused.at),
        action: "Look at it",
        all: ("/admin/webhooks".to_owned(), "webhooks".to_owned()),
    })
}

/// A note that names this person, until they have followed the way to it.
fn mention(mention: Mention) -> Line {
    let address = format!("{}#note-{}", case_pages::mentioned(mention.case, ""), mention.note);
    Line {
        urgency: 1,
        title: format!("#{} {}", mention.number, mention.title),
        sort: "Case",
        target: address.clone(),
        address,
        badge: Badge::new(Look::Working, "You were mentioned"),
        at: None,
        from: mention.by,
        since: Some(mention.at),
        action: "Read the note",
        all: ("/admin/cases".to_owned(), "cases".to_owned()),
    }
}

/// A case of this person; one that waits for a later time does not wait for them.
fn assigned(case: Case, now: Timestamp) -> Option<Line> {
    let waits = case.state == CaseState::Waiting;
    let (urgency, badge) = match case.waiting_until {
        Some(until) if waits && until > now => return None,
        _ if case.escalating => (1, Badge::new(Look::Bad, "Overdue: past its target")),
        _ if case.regressed => (1, Badge::new(Look::Bad, "Regressed: a fix did not hold")),
        Some(_) if waits => (2, Badge::new(Look::Planned, "Waited for until now")),
        _ => (5, Badge::new(Look::Working, "Assigned to you")),
    };
    let address = format!("/admin/cases/{}", case.id);
    Some(Line {
        urgency,
        title: format!("#{} {}", case.number, case.title),
        sort: "Case",
        target: address.clone(),
        address,
        badge,
        at: None,
        from: ui::count(u64::try_from(case.report_count).unwrap_or_default(), "report", "reports"),
        since: Some(case.last_report_at),
        action: "Open",
        all: ("/admin/cases".to_owned(), "cases".to_owned()),
    })
}

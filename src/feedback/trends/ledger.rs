//! What the event log says of reports and cases, gone through once from its beginning. It reads no table but the log, so every
//! number that is made of it can be made again.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter},
    feedback::{CaseAction, CaseState, ReportKind, Resolution},
    kernel::{Result, Sequence, Timestamp},
};

/// Events that are read at once.
const BATCH: u64 = 5_000;
const KINDS: [EventKind; 14] = [
    EventKind::ReportReceived,
    EventKind::ReportReleased,
    EventKind::ReportQuarantined,
    EventKind::ReportMoved,
    EventKind::ReportRemoved,
    EventKind::CaseChanged,
    EventKind::CaseResolved,
    EventKind::CaseReopened,
    EventKind::CaseMerged,
    EventKind::CaseUnmerged,
    EventKind::CaseSplit,
    EventKind::CaseNoted,
    EventKind::CaseRemoved,
    EventKind::ReplySent,
];

/// A report, as the log tells of it.
#[derive(Clone, Debug)]
pub struct LoggedReport {
    pub received_at: Timestamp,
    pub kind: ReportKind,
    pub page: Uuid,
    /// The document that owns what is reported.
    pub document: Uuid,
    pub block: Option<Uuid>,
    pub quarantined: bool,
    pub case: Option<Uuid>,
    before_merge: Option<Uuid>,
}

/// A case, as the log tells of it.
#[derive(Clone, Debug)]
pub struct LoggedCase {
    pub began: Timestamp,
    /// When a person, or a publication, first did something about it.
    pub first_action: Option<Timestamp>,
    /// Since when it is open: its beginning, or when it was reopened last.
    open_since: Timestamp,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub reports: BTreeMap<Uuid, LoggedReport>,
    pub cases: BTreeMap<Uuid, LoggedCase>,
    /// When cases were resolved or dismissed.
    pub closings: Vec<(Timestamp, Uuid)>,
    /// When cases were resolved as fixed, and how long they had been open, in milliseconds.
    pub fixes: Vec<(Timestamp, Uuid, i64)>,
    /// When reports said that a fix did not work.
    pub regressions: Vec<(Timestamp, Uuid)>,
    /// The reports that the newest split of a case moved.
    split: BTreeMap<Uuid, Vec<Uuid>>,
}

impl Ledger {
    /// The whole log.
    pub async fn read(connection: &impl ConnectionTrait) -> Result<Self> {
        let mut ledger = Self::default();
        let mut after = Sequence(0);
        loop {
            let filter = Filter { after: Some(after), kinds: KINDS.to_vec(), ..Filter::default() };
            let events = events::list(connection, &filter, false, BATCH).await?;
            for event in &events {
                ledger.take_in(event);
            }
            match events.last() {
                Some(last) if u64::try_from(events.len()).unwrap_or_default() == BATCH => after = last.sequence,
                _ => return Ok(ledger),
            }
        }
    }

    /// One event more, the next of the log.
    pub fn take_in(&mut self, event: &Event) {
        let Ok(subject) = event.subject.id.parse::<Uuid>() else { return };
        match event.kind {
            EventKind::ReportReceived => self.received(event, subject),
            EventKind::ReportReleased => self.put(event, subject, id(event, "case"), Some(false)),
            EventKind::ReportQuarantined => self.put(event, subject, None, Some(true)),
            EventKind::ReportMoved => {
                self.acted(event, id(event, "from_case"));
                self.put(event, subject, id(event, "to_case"), None);
            }
            EventKind::ReportRemoved => {
                self.reports.remove(&subject);
            }
            EventKind::CaseRemoved => {
                self.cases.remove(&subject);
                self.closings.retain(|(_, case)| *case != subject);
                self.fixes.retain(|(_, case, _)| *case != subject);
                self.regressions.retain(|(_, case)| *case != subject);
            }
            EventKind::CaseMerged => self.merged(event, subject),
            EventKind::CaseUnmerged => self.unmerged(event, subject),
            EventKind::CaseSplit => self.split(event, subject),
            _ => self.happened(event, subject),
        }
    }

    fn received(&mut self, event: &Event, subject: Uuid) {
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let (Some(page), Some(document)) = (id(event, "page"), id(event, "document")) else { return };
        let Some(kind) = text("kind").and_then(ReportKind::from_name) else { return };
        let case = id(event, "case");
        let quarantined = event.payload.get("quarantined").and_then(Value::as_bool) == Some(true);
        let block = id(event, "block");
        let report =
            LoggedReport { received_at: event.at, kind, page, document, block, quarantined, case, before_merge: None };
        self.reports.insert(subject, report);
        self.begun(event, case);
    }

    /// A case begins with the first report that is in it.
    fn begun(&mut self, event: &Event, case: Option<Uuid>) {
        if let Some(case) = case {
            let begun = LoggedCase { began: event.at, first_action: None, open_since: event.at };
            self.cases.entry(case).or_insert(begun);
        }
    }

    fn put(&mut self, event: &Event, report: Uuid, case: Option<Uuid>, quarantined: Option<bool>) {
        if let Some(report) = self.reports.get_mut(&report) {
            report.case = case;
            report.before_merge = None;
            report.quarantined = quarantined.unwrap_or(report.quarantined);
        }
        self.begun(event, case);
    }

    fn merged(&mut self, event: &Event, case: Uuid) {
        self.acted(event, Some(case));
        let Some(into) = id(event, "into") else { return };
        for report in self.reports.values_mut().filter(|report| report.case == Some(case)) {
            (report.case, report.before_merge) = (Some(into), Some(case));
        }
    }

    fn unmerged(&mut self, event: &Event, case: Uuid) {
        let Some(out_of) = id(event, "out_of") else { return };
        let back = |report: &&mut LoggedReport| report.case == Some(out_of) && report.before_merge == Some(case);
        for report in self.reports.values_mut().filter(back) {
            (report.case, report.before_merge) = (Some(case), None);
        }
        self.acted(event, Some(out_of));
    }

    fn split(&mut self, event: &Event, case: Uuid) {
        if let Some(into) = id(event, "into") {
            let undone = event.payload.contains_key("undone");
            let named = event.payload.get("report_ids").and_then(Value::as_array);
            let moved = match named {
                Some(named) => named.iter().filter_map(|id| id.as_str()?.parse().ok()).collect(),
                None => self.split.remove(&case).unwrap_or_default(),
            };
            let (from, to) = if undone { (into, case) } else { (case, into) };
            for report in &moved {
                if let Some(report) = self.reports.get_mut(report).filter(|report| report.case == Some(from)) {
                    (report.case, report.before_merge) = (Some(to), None);
                }
            }
            if !undone {
                self.split.insert(case, moved);
                self.begun(event, Some(into));
            }
        }
        self.acted_or_not(event, case);
    }

    fn acted(&mut self, event: &Event, case: Option<Uuid>) {
        if let Some(case) = case.and_then(|case| self.cases.get_mut(&case)) {
            case.first_action = case.first_action.or(Some(event.at));
        }
    }

    /// What was taken back, and taking it back, is no first action.
    fn acted_or_not(&mut self, event: &Event, case: Uuid) {
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let Some(undone) = text("first_action_undone") else { return self.acted(event, Some(case)) };
        if let Some(case) = self.cases.get_mut(&case)
            && case.first_action == Timestamp::parse(undone)
        {
            case.first_action = None;
        }
    }

    fn happened(&mut self, event: &Event, case: Uuid) {
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let action = text("action");
        if event.actor.kind == "visitor" {
            if action == Some(CaseAction::Regress.name()) {
                self.regressions.push((event.at, case));
                self.reopened(event, case);
            }
            return;
        }
        self.acted_or_not(event, case);
        match event.kind {
            // Whoever takes a closing back has never closed it.
            _ if action == Some(CaseAction::Undo.name()) => {
                let was = text("from").and_then(CaseState::from_name);
                let is = text("to").and_then(CaseState::from_name);
                if is.is_some_and(CaseState::is_open)
                    && was.is_some_and(|was| !was.is_open())
                    && let Some(place) = self.closings.iter().rposition(|(_, closed)| *closed == case)
                {
                    let (at, _) = self.closings.remove(place);
                    self.fixes.retain(|(fixed_at, fixed, _)| (*fixed_at, *fixed) != (at, case));
                }
            }
            EventKind::CaseResolved => {
                self.closings.push((event.at, case));
                if text("resolution") == Some(Resolution::Fixed.name())
                    && let Some(since) = self.cases.get(&case).map(|case| case.open_since)
                {
                    self.fixes.push((event.at, case, event.at.0 - since.0));
                }
            }
            EventKind::CaseChanged if action == Some(CaseAction::Dismiss.name()) => {
                self.closings.push((event.at, case));
            }
            // A report that was released can say so as well; then it is a person who acts.
            EventKind::CaseReopened => {
                if action == Some(CaseAction::Regress.name()) {
                    self.regressions.push((event.at, case));
                }
                self.reopened(event, case);
            }
            _ => {}
        }
    }

    fn reopened(&mut self, event: &Event, case: Uuid) {
        if let Some(case) = self.cases.get_mut(&case) {
            case.open_since = event.at;
        }
    }
}

fn id(event: &Event, key: &str) -> Option<Uuid> {
    event.payload.get(key)?.as_str()?.parse().ok()
}

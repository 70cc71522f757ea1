//! What the event log says of reports and cases, one event after another. It reads no table but the log, so every number that
//! is made of it can be made again.
//!
//! The time of the log never goes back. So what is noted in its order is in the order of time too, and a period of it is
//! found without going through the rest.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use sea_orm::FromQueryResult;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    events::EventKind,
    feedback::{CaseAction, CaseState, ReportKind, Resolution},
    kernel::{Result, Timestamp},
};

/// The events that it takes in.
pub const KINDS: [EventKind; 14] = [
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
#[derive(Debug, Default)]
pub struct Ledger {
    reports: FxHashMap<Uuid, LoggedReport>,
    cases: FxHashMap<Uuid, LoggedCase>,
    /// When reports came in, those too that have been removed since.
    arrivals: Vec<(Timestamp, Uuid)>,
    /// When cases began, likewise.
    beginnings: Vec<(Timestamp, Uuid)>,
    /// Which reports are in which case.
    gathered: BTreeSet<(Uuid, Uuid)>,
    /// When cases were resolved or dismissed.
    closings: Vec<(Timestamp, Uuid)>,
    /// When cases were resolved as fixed, and how long they had been open, in milliseconds.
    fixes: Vec<(Timestamp, Uuid, i64)>,
    /// When reports said that a fix did not work.
    regressions: Vec<(Timestamp, Uuid)>,
    /// The reports that the newest split of a case moved.
    split: BTreeMap<Uuid, Vec<Uuid>>,
}

/// An event, as far as it is taken in.
#[derive(FromQueryResult)]
pub struct Entry {
    pub sequence: i64,
    at: i64,
    kind: String,
    subject_id: String,
    actor_kind: String,
    payload: String,
}

/// The same, read.
struct Event {
    at: Timestamp,
    kind: EventKind,
    by_visitor: bool,
    payload: Map<String, Value>,
}

impl Ledger {
    /// One event more, the next of the log.
    pub fn take_in(&mut self, entry: &Entry) -> Result<()> {
        let (Ok(subject), Some(kind)) = (entry.subject_id.parse::<Uuid>(), EventKind::from_name(&entry.kind)) else {
            return Ok(());
        };
        let payload = serde_json::from_str(&entry.payload)?;
        let by_visitor = entry.actor_kind == "visitor";
        self.hear(&Event { at: Timestamp(entry.at), kind, by_visitor, payload }, subject);
        Ok(())
    }

    /// The reports that came in within a time and have not been removed, with their ids.
    pub fn received(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = (Uuid, &LoggedReport)> {
        let within = within(&self.arrivals, |(at, _)| *at, from, until);
        within.iter().filter_map(|(_, id)| Some((*id, self.reports.get(id)?)))
    }

    /// The cases that began within a time, with their ids.
    pub fn begun(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = (Uuid, &LoggedCase)> {
        let within = within(&self.beginnings, |(at, _)| *at, from, until);
        within.iter().filter_map(|(_, id)| Some((*id, self.cases.get(id)?)))
    }

    /// The cases that were resolved or dismissed within a time.
    pub fn closed(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Uuid> {
        within(&self.closings, |(at, _)| *at, from, until).iter().map(|(_, case)| *case)
    }

    /// How long what was fixed within a time had been open.
    pub fn fixed(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = i64> {
        within(&self.fixes, |(at, _, _)| *at, from, until).iter().map(|(_, _, took)| *took)
    }

    /// The cases of which reports said within a time that the fix did not work.
    pub fn regressed(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Uuid> {
        within(&self.regressions, |(at, _)| *at, from, until).iter().map(|(_, case)| *case)
    }

    /// The reports that are in a case now, without those in quarantine.
    pub fn of_case(&self, case: Uuid) -> impl Iterator<Item = &LoggedReport> {
        let gathered = self.gathered.range((case, Uuid::nil())..=(case, Uuid::max()));
        gathered.filter_map(|(_, report)| self.reports.get(report)).filter(|report| !report.quarantined)
    }

    fn hear(&mut self, event: &Event, subject: Uuid) {
        match event.kind {
            EventKind::ReportReceived => self.arrived(event, subject),
            EventKind::ReportReleased => self.put(event, subject, id(event, "case"), Some(false)),
            EventKind::ReportQuarantined => self.put(event, subject, None, Some(true)),
            EventKind::ReportMoved => {
                self.acted(event, id(event, "from_case"));
                self.put(event, subject, id(event, "to_case"), None);
            }
            EventKind::ReportRemoved => {
                self.place(subject, None, None);
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

    fn arrived(&mut self, event: &Event, subject: Uuid) {
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let (Some(page), Some(document)) = (id(event, "page"), id(event, "document")) else { return };
        let Some(kind) = text("kind").and_then(ReportKind::from_name) else { return };
        let quarantined = event.payload.get("quarantined").and_then(Value::as_bool) == Some(true);
        let (received_at, block) = (event.at, id(event, "block"));
        let report =
            LoggedReport { received_at, kind, page, document, block, quarantined, case: None, before_merge: None };
        self.reports.insert(subject, report);
        self.arrivals.push((received_at, subject));
        self.place(subject, id(event, "case"), None);
        self.begin(event, id(event, "case"));
    }

    /// A case begins with the first report that is in it.
    fn begin(&mut self, event: &Event, case: Option<Uuid>) {
        let Some(case) = case.filter(|case| !self.cases.contains_key(case)) else { return };
        self.cases.insert(case, LoggedCase { began: event.at, first_action: None, open_since: event.at });
        self.beginnings.push((event.at, case));
    }

    fn put(&mut self, event: &Event, report: Uuid, case: Option<Uuid>, quarantined: Option<bool>) {
        self.place(report, case, None);
        if let Some(report) = self.reports.get_mut(&report) {
            report.quarantined = quarantined.unwrap_or(report.quarantined);
        }
        self.begin(event, case);
    }

    /// Notes in which case a report is, and in which one it was before that was merged.
    fn place(&mut self, id: Uuid, case: Option<Uuid>, before_merge: Option<Uuid>) {
        let Some(report) = self.reports.get_mut(&id) else { return };
        if let Some(left) = report.case {
            self.gathered.remove(&(left, id));
        }
        self.gathered.extend(case.map(|case| (case, id)));
        (report.case, report.before_merge) = (case, before_merge);
    }

    /// The ids of the reports that are in a case.
    fn ids_of(&self, case: Uuid) -> Vec<Uuid> {
        self.gathered.range((case, Uuid::nil())..=(case, Uuid::max())).map(|(_, report)| *report).collect()
    }

    fn merged(&mut self, event: &Event, case: Uuid) {
        self.acted(event, Some(case));
        let Some(into) = id(event, "into") else { return };
        for report in self.ids_of(case) {
            self.place(report, Some(into), Some(case));
        }
    }

    fn unmerged(&mut self, event: &Event, case: Uuid) {
        let Some(out_of) = id(event, "out_of") else { return };
        for id in self.ids_of(out_of) {
            if self.reports.get(&id).is_some_and(|report| report.before_merge == Some(case)) {
                self.place(id, Some(case), None);
            }
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
                if self.reports.get(report).is_some_and(|report| report.case == Some(from)) {
                    self.place(*report, Some(to), None);
                }
            }
            if !undone {
                self.split.insert(case, moved);
                self.begin(event, Some(into));
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
        if event.by_visitor {
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

/// The part of a list in the order of time that lies within a time.
fn within<T>(list: &[T], at: impl Fn(&T) -> Timestamp, from: Timestamp, until: Timestamp) -> &[T] {
    let begins = list.partition_point(|one| at(one) < from);
    let ends = list.partition_point(|one| at(one) < until);
    list.get(begins..ends).unwrap_or_default()
}

fn id(event: &Event, key: &str) -> Option<Uuid> {
    event.payload.get(key)?.as_str()?.parse().ok()
}

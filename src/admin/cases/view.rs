//! What the inbox shows: a view, and filters within it. It is read from an address and written into one, so that whoever
//! acts on a case can go on to the next of the same view.

use url::form_urlencoded::parse;

use crate::{
    feedback::{
        AssigneeFilter, Case, CaseCategory, CaseListing, CaseOrder, CaseSeverity, CaseState, Ends, ReportKind, label_of,
    },
    kernel::{Actor, DocumentId, NodeId, Result, Timestamp, UserId},
    web::{Cursor, Query},
};

use super::super::{
    request::PanelRequest,
    ui::{list, time::Zone, words},
};

/// Where the inbox is.
pub const INBOX: &str = "/admin/cases";
/// Cases on a page.
pub const LIMIT: u64 = 25;

named! {
    /// The tabs of the inbox.
    Tab {
        New = "new",
        Mine = "mine",
        Open = "open",
        Waiting = "waiting",
        Regressed = "regressed",
        Resolved = "resolved",
        Dismissed = "dismissed",
        All = "all",
    }

    /// By when cases are due.
    DueFilter {
        Overdue = "overdue",
        Today = "today",
        Week = "week",
    }

    /// The orders of the inbox.
    Sort {
        Newest = "newest",
        Due = "due",
    }
}

/// A view of the cases.
#[derive(Clone, Debug)]
pub struct View {
    pub tab: Tab,
    pub words: Option<String>,
    pub document: Option<DocumentId>,
    pub assignee: Option<AssigneeFilter>,
    pub state: Option<CaseState>,
    pub kind: Option<ReportKind>,
    /// A date in the zone of the site.
    pub since: Option<String>,
    /// The last date, in the same zone.
    pub until: Option<String>,
    pub severity: Option<CaseSeverity>,
    pub category: Option<CaseCategory>,
    pub label: Option<String>,
    pub due: Option<DueFilter>,
    pub contact: Option<bool>,
    /// A block of a page or section that was reported.
    pub block: Option<NodeId>,
    pub sort: Sort,
    pub cursor: Option<Cursor>,
}

impl Tab {
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Mine => "Mine",
            Self::Open => "Open",
            Self::Waiting => "Waiting",
            Self::Regressed => "Regressed",
            Self::Resolved => "Resolved",
            Self::Dismissed => "Dismissed",
            Self::All => "All",
        }
    }

    /// The address of the tab without filters; the new cases stand at the address of the inbox itself.
    pub fn address(self) -> String {
        match self {
            Self::New => INBOX.to_owned(),
            other => format!("{INBOX}?view={}", other.name()),
        }
    }

    fn states(self) -> Vec<CaseState> {
        match self {
            Self::New => vec![CaseState::New],
            Self::Mine | Self::Open | Self::Regressed => {
                CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect()
            }
            Self::Waiting => vec![CaseState::Waiting],
            Self::Resolved => vec![CaseState::Resolved],
            Self::Dismissed => vec![CaseState::Dismissed],
            Self::All => Vec::new(),
        }
    }
}

/// A query without its empty parameters: forms send every field, filled or not.
pub fn filled(query: &str) -> String {
    list::address("", query, &[]).trim_start_matches('?').to_owned()
}

impl View {
    /// Reads a view from a query. Filters without a view look through all cases.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Malformed`] if a parameter is wrong or unknown.
    pub fn read(query: &str, actor: &Actor) -> Result<Self> {
        let query = filled(query);
        let mut read = Query::parse(Some(&query));
        let unfiltered = parse(query.as_bytes()).all(|(name, _)| name == "cursor" || name == "sort");
        let sort = read.choice("sort").unwrap_or(Sort::Newest);
        let view = Self {
            tab: read.choice("view").unwrap_or(if unfiltered { Tab::New } else { Tab::All }),
            words: read.text("q"),
            document: read.id("document").map(DocumentId),
            assignee: assignee(&mut read, actor),
            state: read.choice("state"),
            kind: read.choice("kind"),
            since: read.text("since"),
            until: read.text("until"),
            severity: read.choice("severity"),
            category: read.choice("category"),
            label: read.text("label").map(|label| label_of(&label).unwrap_or(label)),
            due: read.choice("due"),
            contact: read.boolean("contact"),
            block: read.id("block").map(NodeId),
            sort,
            cursor: read.cursor("cursor", sort.name()),
        };
        for (name, date) in [("since", &view.since), ("until", &view.until)] {
            if date.as_deref().is_some_and(|date| !crate::kernel::is_date(date)) {
                read.fault(name, "not-a-date", "A date was expected, such as 2026-11-22.");
            }
        }
        read.finish()?;
        Ok(view)
    }

    /// The query that leads to this view; without the page of it.
    pub fn query(&self) -> String {
        let document = self.document.map(|id| id.to_string());
        let assignee = self.assignee.map(|assignee| match assignee {
            AssigneeFilter::Nobody => "nobody".to_owned(),
            AssigneeFilter::User(id) => id.to_string(),
        });
        let block = self.block.map(|id| id.to_string());
        let parameters = [
            ("view", Some(self.tab.name())),
            ("q", self.words.as_deref()),
            ("document", document.as_deref()),
            ("assignee", assignee.as_deref()),
            ("state", self.state.map(CaseState::name)),
            ("kind", self.kind.map(ReportKind::name)),
            ("since", self.since.as_deref()),
            ("until", self.until.as_deref()),
            ("severity", self.severity.map(CaseSeverity::name)),
            ("category", self.category.map(CaseCategory::name)),
            ("label", self.label.as_deref()),
            ("due", self.due.map(DueFilter::name)),
            ("contact", self.contact.map(|has| if has { "true" } else { "false" })),
            ("block", block.as_deref()),
            ("sort", Some(self.sort).filter(|sort| *sort != Sort::Newest).map(Sort::name)),
        ];
        list::address("", "", &parameters).trim_start_matches('?').to_owned()
    }

    /// The address of the list.
    pub fn address(&self) -> String {
        list::address(INBOX, &self.query(), &[])
    }

    pub fn is_filtered(&self) -> bool {
        let Self { tab: _, words, document, assignee, state, kind, since, sort: _, cursor: _, .. } = self;
        self.has_more()
            || words.is_some()
            || document.is_some()
            || assignee.is_some()
            || state.is_some()
            || kind.is_some()
            || since.is_some()
    }

    /// Whether one of the filters is in use that stand behind the others.
    pub fn has_more(&self) -> bool {
        self.severity.is_some()
            || self.category.is_some()
            || self.label.is_some()
            || self.contact.is_some()
            || self.block.is_some()
            || self.until.is_some()
            || self.due.is_some()
    }

    /// What to ask for, besides the words.
    fn listing(&self, actor: &Actor, zone: &Zone, now: Timestamp) -> CaseListing {
        let (due_after, due_until) = match self.due {
            None => (None, None),
            Some(DueFilter::Overdue) => (None, Some(now)),
            Some(DueFilter::Today) => (Some(now), zone.day(&zone.date(now)).map(|(_, ends)| ends)),
            Some(DueFilter::Week) => (Some(now), zone.week_ends(now)),
        };
        let mine = (self.tab == Tab::Mine).then_some(actor.user).flatten().map(AssigneeFilter::User);
        CaseListing {
            states: match self.state {
                Some(state) if self.tab == Tab::All || self.tab.states().contains(&state) => vec![state],
                _ => self.tab.states(),
            },
            document: self.document,
            assignee: mine.or(self.assignee),
            words: None,
            regressed: (self.tab == Tab::Regressed).then_some(true),
            kind: self.kind,
            reported_since: self.since.as_deref().and_then(|date| zone.day(date)).map(|(begins, _)| begins),
            reported_before: self.until.as_deref().and_then(|date| zone.day(date)).map(|(_, ends)| ends),
            severity: self.severity,
            category: self.category,
            label: self.label.clone(),
            due_after,
            due_until,
            block: self.block,
            has_contact: self.contact,
            order: self.sort.order(),
            ids: None,
            found: None,
            after: self.cursor.as_ref().map(|cursor| (cursor.key.clone(), cursor.id)),
            limit: LIMIT,
        }
    }
}

/// The same without the filters whose values are counted together, as far as the view leaves them open.
pub fn unfiltered(asked: &CaseListing, view: &View, actor: &Actor) -> CaseListing {
    let mine = actor.user.filter(|_| view.tab == Tab::Mine).map(AssigneeFilter::User);
    CaseListing {
        states: view.tab.states(),
        assignee: mine,
        severity: None,
        category: None,
        due_after: None,
        due_until: None,
        ..asked.clone()
    }
}

/// The time, and when the day and the week end, by which something may be due.
pub fn ends(zone: &Zone, now: Timestamp) -> Ends {
    let day = zone.day(&zone.date(now)).map_or(now, |(_, ends)| ends);
    Ends { now, day, week: zone.week_ends(now).unwrap_or(day) }
}

/// What to ask for at a time, with the cases that hold the words of the view.
pub async fn asked(request: &PanelRequest, view: &View, now: Timestamp) -> Result<CaseListing> {
    let listing = view.listing(&request.ctx.actor, &request.chrome.zone, now);
    let found = request.cases_with(view.words.as_deref().unwrap_or_default()).await?;
    Ok(CaseListing { found, ..listing })
}

/// Reads a query as the inbox would.
///
/// # Errors
/// [`crate::kernel::Error::Malformed`] if a parameter is wrong or unknown.
pub fn check_query(query: &str, actor: &Actor) -> Result<()> {
    View::read(query, actor).map(|_| ())
}

fn assignee(query: &mut Query, actor: &Actor) -> Option<AssigneeFilter> {
    match query.text("assignee")?.as_str() {
        "nobody" => Some(AssigneeFilter::Nobody),
        "me" => actor.user.map(AssigneeFilter::User),
        id => {
            let user = id.parse().ok().map(|id| AssigneeFilter::User(UserId(id)));
            if user.is_none() {
                query.fault("assignee", "not-an-id", "The id of a user, me or nobody was expected.");
            }
            user
        }
    }
}

impl Sort {
    pub fn order(self) -> CaseOrder {
        match self {
            Self::Newest => CaseOrder::Newest,
            Self::Due => CaseOrder::Due,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Newest => "Newest report first",
            Self::Due => "Due first",
        }
    }

    /// Where the next page of a list starts.
    pub fn cursor(self, next: Option<(String, uuid::Uuid)>) -> Option<String> {
        next.map(|(key, id)| Cursor { order: self.name().to_owned(), key, id }.encode())
    }

    /// A case in the order of the list, from which the next cases are looked for.
    pub fn place(self, case: &Case) -> (String, uuid::Uuid) {
        self.order().place(case)
    }
}

impl DueFilter {
    pub fn words(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Today",
            Self::Week => "This week",
        }
    }
}

/// The states that a view can have, as options.
pub fn state_options(tab: Tab) -> Vec<(String, String)> {
    let states = CaseState::ALL.iter().filter(|state| tab == Tab::All || tab.states().contains(*state));
    states.map(|state| (state.name().to_owned(), words::case_state(*state).to_owned())).collect()
}

//! What the inbox shows: a view, and filters within it. It is read from an address and written into one, so that whoever
//! acts on a case can go on to the next of the same view.

use url::form_urlencoded::parse;

use crate::{
    feedback::{AssigneeFilter, CaseListing, CaseState, ReportKind},
    kernel::{Actor, DocumentId, Result, Timestamp, UserId},
    web::{Cursor, Query},
};

use super::super::ui::{list, time::Zone, words};

/// Where the inbox is.
pub const INBOX: &str = "/admin/cases";
/// Cases on a page.
pub const LIMIT: u64 = 25;
const ORDER: &str = "-last_report_at";

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
        let unfiltered = parse(query.as_bytes()).all(|(name, _)| name == "cursor");
        let view = Self {
            tab: read.choice("view").unwrap_or(if unfiltered { Tab::New } else { Tab::All }),
            words: read.text("q"),
            document: read.id("document").map(DocumentId),
            assignee: assignee(&mut read, actor),
            state: read.choice("state"),
            kind: read.choice("kind"),
            since: read.text("since"),
            cursor: read.cursor("cursor", ORDER),
        };
        if view.since.as_deref().is_some_and(|date| !crate::kernel::is_date(date)) {
            read.fault("since", "not-a-date", "A date was expected, such as 2026-11-22.");
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
        let parameters = [
            ("view", Some(self.tab.name())),
            ("q", self.words.as_deref()),
            ("document", document.as_deref()),
            ("assignee", assignee.as_deref()),
            ("state", self.state.map(CaseState::name)),
            ("kind", self.kind.map(ReportKind::name)),
            ("since", self.since.as_deref()),
        ];
        list::address("", "", &parameters).trim_start_matches('?').to_owned()
    }

    /// The address of the list.
    pub fn address(&self) -> String {
        list::address(INBOX, &self.query(), &[])
    }

    pub fn is_filtered(&self) -> bool {
        let Self { tab: _, words, document, assignee, state, kind, since, cursor: _ } = self;
        words.is_some()
            || document.is_some()
            || assignee.is_some()
            || state.is_some()
            || kind.is_some()
            || since.is_some()
    }

    /// What to ask for.
    pub fn listing(&self, actor: &Actor, zone: &Zone) -> CaseListing {
        let mine = (self.tab == Tab::Mine).then_some(actor.user).flatten().map(AssigneeFilter::User);
        CaseListing {
            states: match self.state {
                Some(state) if self.tab == Tab::All || self.tab.states().contains(&state) => vec![state],
                _ => self.tab.states(),
            },
            document: self.document,
            assignee: mine.or(self.assignee),
            words: self.words.clone(),
            regressed: (self.tab == Tab::Regressed).then_some(true),
            kind: self.kind,
            reported_since: self.since.as_deref().and_then(|date| zone.read(&format!("{date}T00:00"))),
            ids: None,
            after: self.cursor.as_ref().map(|cursor| (cursor.key.clone(), cursor.id)),
            limit: LIMIT,
        }
    }
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

/// Where the next page of a list starts.
pub fn cursor(next: Option<(String, uuid::Uuid)>) -> Option<String> {
    next.map(|(key, id)| Cursor { order: ORDER.to_owned(), key, id }.encode())
}

/// The states as options.
pub fn state_options() -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Any".to_owned())];
    options.extend(CaseState::ALL.iter().map(|state| (state.name().to_owned(), words::case_state(*state).to_owned())));
    options
}

/// A moment of a case in the order of the list, from which the next cases are looked for.
pub fn place(last_report_at: Timestamp, id: uuid::Uuid) -> (String, uuid::Uuid) {
    (last_report_at.0.to_string(), id)
}

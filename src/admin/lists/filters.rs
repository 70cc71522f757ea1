//! What a list is filtered by, as it stands in the address: read strictly, shown again in the form, named as chips.

use std::collections::BTreeMap;

use maud::{Markup, html};
use uuid::Uuid;

use crate::{
    content::{self, DraftState, Kind, Listing, LiveState, Narrowing, Person, Sort},
    kernel::{DocumentId, Permission, Result, UserId},
    web::Query,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Field, field, words},
    },
    address, date,
};

/// Rows on a page.
const ROWS: u64 = 50;
/// The most options that a list to choose from has.
const OPTIONS: u64 = 100;
/// Characters of words to search for.
pub const WORDS_LIMIT: usize = 200;
/// Filters that are on or off: parameter, words.
const SWITCHES: [(&str, &str); 9] = [
    ("needs_work", "Needs work"),
    ("scheduled", "Something is scheduled"),
    ("review_passed", "Review date has passed"),
    ("must_fix", "Has things that must be fixed"),
    ("problems", "Has things to fix or look at"),
    ("open_cases", "Has open cases"),
    ("unowned", "Has no owner"),
    ("broken_links", "Is live, with links that lead nowhere for readers"),
    ("unpublished_changes", "Is live, with changes that are not published"),
];

/// The filters and the order of a list.
pub struct Filters {
    pub kind: Kind,
    /// The parameters that are set.
    pub text: String,
    pub words: Option<String>,
    pub draft_state: Option<DraftState>,
    pub live_state: Option<LiveState>,
    pub parent: Option<DocumentId>,
    pub owner: Option<UserId>,
    pub embeds: Option<DocumentId>,
    switches: Vec<&'static str>,
    pub sort: Sort,
    after: Option<(String, Uuid)>,
}

impl Filters {
    /// Reads the parameters of the address.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Malformed`] with everything that nobody offers.
    pub fn read(request: &mut PanelRequest, kind: Kind) -> Result<Self> {
        std::mem::take(&mut request.query);
        Self::of_text(&request.query_text, kind)
    }

    /// The order alone, for a list without filters.
    pub fn read_order(request: &mut PanelRequest, kind: Kind) -> Result<Self> {
        std::mem::take(&mut request.query);
        let mut query = tidy(&request.query_text);
        let filters = Self::order(&mut query, &request.query_text, kind);
        query.finish()?;
        Ok(filters)
    }

    /// The same of parameters that a form carried. A form sends what is not chosen as empty; that sets nothing.
    pub fn of_text(text: &str, kind: Kind) -> Result<Self> {
        let mut query = tidy(text);
        let mut filters = Self::order(&mut query, text, kind);
        filters.words = query.text("q").map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
        if filters.words.as_ref().is_some_and(|words| words.chars().count() > WORDS_LIMIT) {
            query.fault("q", "too-long", format!("At most {WORDS_LIMIT} characters can be searched for."));
        }
        filters.draft_state = query.choice("draft_state");
        filters.live_state = query.choice("live_state");
        filters.parent = query.id("parent").map(DocumentId);
        filters.owner = query.id("owner").map(UserId);
        filters.embeds = query.id("embeds").map(DocumentId);
        for (name, _) in SWITCHES {
            if query.boolean(name) == Some(true) {
                filters.switches.push(name);
            }
        }
        query.finish()?;
        Ok(filters)
    }

    fn order(query: &mut Query, text: &str, kind: Kind) -> Self {
        let sort = query.choice("sort").unwrap_or(Sort::UpdatedDown);
        let after = query.cursor("cursor", sort.name()).map(|cursor| (cursor.key, cursor.id));
        Self {
            kind,
            text: query_of(&ui::list::address("", text, &[])),
            words: None,
            draft_state: None,
            live_state: None,
            parent: None,
            owner: None,
            embeds: None,
            switches: Vec::new(),
            sort,
            after,
        }
    }

    fn is_on(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }

    /// The filters as they stand in an address, without order and place.
    pub fn without_order(&self) -> String {
        query_of(&ui::list::address("", &self.text, &[("sort", None), ("cursor", None)]))
    }

    pub fn is_narrow(&self) -> bool {
        !self.without_order().is_empty()
    }

    /// What to ask for; words have been looked up then.
    pub async fn listing(&self, request: &PanelRequest) -> Result<Listing> {
        let today = date(&request.chrome.zone, request);
        Ok(Listing {
            kind: self.kind,
            draft_state: self.draft_state,
            live_state: self.live_state,
            parent: self.parent,
            owner: self.owner,
            words: request.holders(self.words.as_deref().unwrap_or_default()).await?,
            trashed: false,
            narrowing: Narrowing {
                scheduled: self.is_on("scheduled"),
                review_before: self.is_on("review_passed").then(|| today.clone()),
                problems: self.is_on("problems"),
                must_fix: self.is_on("must_fix"),
                open_cases: self.is_on("open_cases"),
                unowned: self.is_on("unowned"),
                unpublished_changes: self.is_on("unpublished_changes"),
                broken_links: self.is_on("broken_links"),
                embeds: self.embeds,
                needs_work: self.is_on("needs_work").then_some(today),
                ..Narrowing::default()
            },
            sort: self.sort,
            after: self.after.clone(),
            limit: ROWS,
        })
    }

    /// Each filter in force, in words.
    pub fn applied(&self, choices: &Choices) -> Vec<(&'static str, String)> {
        let mut applied = Vec::new();
        if let Some(words) = &self.words {
            applied.push(("q", format!("“{words}”")));
        }
        if let Some(state) = self.draft_state {
            applied.push(("draft_state", words::draft_state(state).to_owned()));
        }
        if let Some(state) = self.live_state {
            applied.push(("live_state", words::live_state(state).to_owned()));
        }
        if let Some(parent) = self.parent {
            applied.push(("parent", format!("Inside: {}", choices.title(parent))));
        }
        if let Some(owner) = self.owner {
            applied.push(("owner", format!("Owner: {}", choices.name(owner))));
        }
        if let Some(section) = self.embeds {
            applied.push(("embeds", format!("Embeds: {}", choices.title(section))));
        }
        let on = SWITCHES.into_iter().filter(|(name, _)| self.is_on(name));
        applied.extend(on.map(|(name, words)| (name, words.to_owned())));
        applied
    }

    pub fn form(&self, choices: &Choices) -> Markup {
        let draft = field::options(DraftState::ALL, DraftState::name, words::draft_state);
        let live = field::options(LiveState::ALL, LiveState::name, words::live_state);
        let chosen = |name: Option<&str>| name.unwrap_or_default().to_owned();
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let more = self.embeds.is_some() || self.parent.is_some() || !self.switches.is_empty();
        html! {
            form method="get" action=(address(self.kind)) role="search" aria-label="Filter the list" data-enhance {
                div.filters {
                    (field::text(&Field::new("q", "Words in title or text").kind("search").limit(WORDS_LIMIT).value(self.words.clone().unwrap_or_default())))
                    (field::select(&Field::new("draft_state", "Draft").value(chosen(self.draft_state.map(DraftState::name))), &any(draft)))
                    (field::select(&Field::new("live_state", "Live").value(chosen(self.live_state.map(LiveState::name))), &any(live)))
                    (field::select(&Field::new("owner", "Owner").value(id(self.owner.map(|owner| owner.0))), &any(choices.owners())))
                    @if self.sort != Sort::UpdatedDown { (field::hidden("sort", self.sort.name())) }
                    (ui::submit("Filter"))
                }
                details.more-filters open[more] {
                    summary { "More filters" }
                    div {
                        (field::select(&Field::new("parent", "Inside").value(id(self.parent.map(|parent| parent.0))), &any(choices.parents.clone())))
                        @if self.kind == Kind::RolePage {
                            (field::select(&Field::new("embeds", "Embeds").value(id(self.embeds.map(|section| section.0))), &any(choices.sections.clone())))
                        }
                        @for (name, words) in SWITCHES {
                            (field::check(&Field::new(name, words).value(if self.is_on(name) { "true" } else { "" })))
                        }
                    }
                }
            }
        }
    }
}

/// Parameters without those that are empty.
fn tidy(text: &str) -> Query {
    Query::parse(Some(&query_of(&ui::list::address("", text, &[]))))
}

fn query_of(address: &str) -> String {
    address.strip_prefix('?').unwrap_or(address).to_owned()
}

fn any(options: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "Any".to_owned())).chain(options).collect()
}

/// What the filters offer to choose from.
pub struct Choices {
    people: Vec<Person>,
    parents: Vec<(String, String)>,
    sections: Vec<(String, String)>,
    titles: BTreeMap<DocumentId, String>,
}

impl Choices {
    /// Reads them: whoever owns something, whatever others stand below, and the sections that are embedded.
    pub async fn of(request: &PanelRequest, filters: &Filters) -> Result<Self> {
        request.ctx.authorise(Permission::ContentRead)?;
        let parents = Narrowing { has_children: true, ..Narrowing::default() };
        let sections = match filters.kind {
            Kind::RolePage => {
                let embedded = Narrowing { embedded: true, ..Narrowing::default() };
                offered(request, Kind::RequirementSection, embedded).await?
            }
            Kind::RequirementSection => Vec::new(),
        };
        let named: Vec<DocumentId> = filters.parent.into_iter().chain(filters.embeds).collect();
        let mut choices = Self {
            people: content::owners(&request.ctx, filters.kind).await?,
            parents: offered(request, filters.kind, parents).await?,
            sections,
            titles: content::titles(&request.ctx, &named).await?,
        };
        if let Some(parent) = filters.parent {
            include(&mut choices.parents, parent, &choices.titles);
        }
        if let Some(section) = filters.embeds {
            include(&mut choices.sections, section, &choices.titles);
        }
        Ok(choices)
    }

    fn owners(&self) -> Vec<(String, String)> {
        self.people.iter().filter_map(|one| Some((one.id?.to_string(), one.name.clone()))).collect()
    }

    fn title(&self, id: DocumentId) -> &str {
        self.titles.get(&id).map_or("a document that is not there", String::as_str)
    }

    fn name(&self, id: UserId) -> &str {
        self.people.iter().find(|one| one.id == Some(id)).map_or("somebody without documents", |one| &one.name)
    }
}

/// What is chosen is offered, however far down the list it would stand.
fn include(options: &mut Vec<(String, String)>, id: DocumentId, titles: &BTreeMap<DocumentId, String>) {
    let value = id.to_string();
    if let Some(title) = titles.get(&id)
        && !options.iter().any(|(other, _)| *other == value)
    {
        options.push((value, title.clone()));
    }
}

async fn offered(request: &PanelRequest, kind: Kind, narrowing: Narrowing) -> Result<Vec<(String, String)>> {
    let listing = Listing {
        kind,
        draft_state: None,
        live_state: None,
        parent: None,
        owner: None,
        words: None,
        trashed: false,
        narrowing,
        sort: Sort::TitleUp,
        after: None,
        limit: OPTIONS,
    };
    let page = content::list(&request.ctx, &listing).await?;
    Ok(page.rows.into_iter().map(|row| (row.id.to_string(), row.title)).collect())
}

//! What the audit log is narrowed to, as it stands in the address.

use maud::{Markup, html};

use crate::{
    events::{EventKind, Filter},
    kernel::{DocumentId, Result, Sequence, UserId},
    web::Query,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Field, field, list, time},
    },
    LOG,
    sentences::{Names, kind_in_words},
};

/// The filters, and the text of those that were typed.
pub struct Filters {
    pub filter: Filter,
    from: String,
    to: String,
}

impl Filters {
    /// Reads the parameters of the address. A form sends what is not filled in as empty; that sets nothing.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Malformed`] with everything that nobody offers.
    pub fn read(request: &mut PanelRequest) -> Result<Self> {
        std::mem::take(&mut request.query);
        let filled = list::address("", &request.query_text, &[]);
        let mut query = Query::parse(Some(filled.trim_start_matches('?')));
        let zone = &request.chrome.zone;
        let day = |query: &mut Query, name: &str| {
            let text = query.text(name).unwrap_or_default();
            let times = zone.day(&text);
            if times.is_none() && !text.is_empty() {
                query.fault(name, "not-a-date", "A day was expected, such as 2026-11-22.");
            }
            (text, times)
        };
        let (from, from_times) = day(&mut query, "from");
        let (to, to_times) = day(&mut query, "to");
        let before = query.text("cursor").map(|text| text.parse::<i64>());
        if matches!(before, Some(Err(_))) {
            query.fault("cursor", "bad-cursor", "This list did not give out the cursor.");
        }
        let filter = Filter {
            before: before.and_then(Result::ok).map(Sequence),
            kind: query.choice("kind"),
            actor: query.id("person").map(UserId),
            document: query.id("document").map(DocumentId),
            from: from_times.map(|(begins, _)| begins),
            until: to_times.map(|(_, ends)| ends),
            ..Filter::default()
        };
        query.finish()?;
        Ok(Self { filter, from, to })
    }

    pub fn form(&self, request: &PanelRequest, names: &Names) -> Markup {
        let mut kinds: Vec<(String, String)> =
            EventKind::ALL.iter().map(|kind| (kind.name().to_owned(), kind_in_words(*kind))).collect();
        kinds.sort_by(|one, other| one.1.cmp(&other.1));
        kinds.insert(0, (String::new(), "Anything".to_owned()));
        let mut people: Vec<(String, String)> =
            names.people.iter().map(|(id, name)| (id.clone(), name.clone())).collect();
        people.sort_by_key(|(_, name)| name.to_lowercase());
        people.insert(0, (String::new(), "Anybody".to_owned()));
        let kind = self.filter.kind.map_or("", EventKind::name);
        let person = self.filter.actor.map(|id| id.to_string()).unwrap_or_default();
        let document = self.filter.document.map(|id| id.to_string()).unwrap_or_default();
        html! {
            form.filters method="get" action=(LOG) data-enhance role="search" aria-label="Filter events" {
                (field::select(&Field::new("person", "Who").value(person), &people))
                (field::select(&Field::new("kind", "What").value(kind), &kinds))
                (field::text(&Field::new("document", "Id of a page or section").value(document)))
                (field::text(&Field::new("from", "From").kind("date").value(self.from.clone())))
                (field::text(&Field::new("to", "To").kind("date").value(self.to.clone())))
                button.button { "Filter" }
            }
            p.small.muted { "Days are those of " (request.chrome.zone.name()) "." }
        }
    }

    pub fn chips(&self, request: &PanelRequest, names: &Names) -> Markup {
        let mut applied = Vec::new();
        if let Some(id) = self.filter.actor {
            let name = names.people.get(&id.to_string()).cloned().unwrap_or_else(|| "Somebody unknown".to_owned());
            applied.push(("person", name));
        }
        if let Some(kind) = self.filter.kind {
            applied.push(("kind", kind_in_words(kind)));
        }
        if let Some(id) = self.filter.document {
            let title = names.documents.get(&id).map(|(_, title)| title.clone());
            applied.push(("document", title.unwrap_or_else(|| id.to_string())));
        }
        if !self.from.is_empty() {
            applied.push(("from", format!("From {}", time::day(&self.from))));
        }
        if !self.to.is_empty() {
            applied.push(("to", format!("To {}", time::day(&self.to))));
        }
        ui::list::chips(LOG, &request.query_text, &applied)
    }
}

//! What is sought and what is to stand in its place, as it stands in the address: read strictly, and turned into what the
//! domain looks for.

use uuid::Uuid;

use crate::{
    content::{self, Kind, Replacement, Sought, SoughtWords},
    kernel::{DocumentId, Error, Result},
    web::{Cursor, Query},
};

use super::super::{form::FormState, request::PanelRequest, ui};

/// The order of what is found; a cursor of another list is no cursor here.
const ORDER: &str = "found";

named! {
    /// What is looked for; each has a form of its own.
    What {
        Text = "text",
        Address = "address",
        Organisation = "organisation",
        Standard = "standard",
        Document = "document",
        Section = "section",
    }
}

impl What {
    /// Whether documents stand for one another, and not texts.
    pub fn is_document(self) -> bool {
        matches!(self, Self::Document | Self::Section)
    }
}

/// The parameters of the address.
pub struct Asked {
    pub what: What,
    /// The parameters that are set.
    pub text: String,
    sought: String,
    with: String,
    match_case: bool,
    whole_words: bool,
    old: Option<DocumentId>,
    new: Option<DocumentId>,
    after: Option<(usize, Uuid)>,
}

impl Asked {
    /// # Errors
    /// [`Error::Malformed`] with everything that nobody offers.
    pub fn of_text(text: &str) -> Result<Self> {
        let tidy = ui::list::address("", text, &[]);
        let tidy = tidy.strip_prefix('?').unwrap_or(&tidy).to_owned();
        let mut query = Query::parse(Some(&tidy));
        let cursor = query.cursor("cursor", ORDER);
        let after = cursor.and_then(|cursor| Some((cursor.key.parse().ok()?, cursor.id)));
        let asked = Self {
            what: query.choice("what").unwrap_or(What::Text),
            sought: query.text("q").unwrap_or_default(),
            with: query.text("with").unwrap_or_default(),
            match_case: query.boolean("case") == Some(true),
            whole_words: query.boolean("words") == Some(true),
            old: query.id("old").map(DocumentId),
            new: query.id("new").map(DocumentId),
            after,
            text: tidy,
        };
        // What documents are searched for by; the form shows it again.
        query.text("old_words");
        query.text("new_words");
        query.finish()?;
        Ok(asked)
    }

    /// What was typed, for the form.
    pub fn state(&self) -> FormState {
        let mut state = FormState::new();
        for (name, value) in url::form_urlencoded::parse(self.text.as_bytes()) {
            state = state.with(&name, value.into_owned());
        }
        state
    }

    /// What to look for; `None` as long as nothing was asked.
    pub fn sought(&self) -> Option<Sought> {
        let typed = || Some(self.sought.clone()).filter(|text| !text.trim().is_empty());
        match self.what {
            What::Text => {
                let (match_case, whole) = (self.match_case, self.whole_words);
                typed().map(|text| Sought::Text(SoughtWords { text, match_case, whole }))
            }
            What::Address => typed().map(Sought::Address),
            What::Organisation => typed().map(Sought::Organisation),
            What::Standard => typed().map(Sought::Standard),
            What::Document => self.old.map(Sought::Document),
            What::Section => self.old.map(Sought::Embedded),
        }
    }

    /// What is to stand in its place; of documents `None` until one is chosen.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the document is not there any more.
    pub async fn replacement(&self, request: &PanelRequest) -> Result<Option<Replacement>> {
        if !self.what.is_document() {
            return Ok(Some(Replacement::Text(self.with.clone())));
        }
        let Some(id) = self.new else { return Ok(None) };
        let kind = content::kind_of(&request.ctx, id).await?;
        let gone = || Error::invalid("/new", "reference-missing", "The document to put there is not there any more.");
        Ok(Some(Replacement::Document { kind: kind.ok_or_else(gone)?, id }))
    }

    /// The documents that are named, old and new.
    pub fn documents(&self) -> Vec<DocumentId> {
        self.old.into_iter().chain(self.new).collect()
    }

    /// The kinds that can be chosen for either.
    pub fn kinds(&self) -> &'static [Kind] {
        match self.what {
            What::Section => &[Kind::RequirementSection],
            _ => Kind::ALL,
        }
    }

    pub fn after(&self) -> Option<(usize, Uuid)> {
        self.after
    }

    pub fn cursor(next: (usize, Uuid)) -> String {
        Cursor { order: ORDER.to_owned(), key: next.0.to_string(), id: next.1 }.encode()
    }
}

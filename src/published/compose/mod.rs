//! From a publication to its public JSON: pure, so that the same bundle always gives the same bytes on every instance.
//! It must not know HTTP or the database; the addresses that it writes are part of the promised JSON.
//!
//! Decision (2026-11-22), links. Context: a link in content leads to an address or to a document. Choice: every published
//! link has `text` and `url`; one to a document has `document`, and `block` if it names one, beside them. The fragment is
//! always the id of the section, block or other part, never a section's anchor. Consequence: a simple site follows `url`
//! and needs no logic; a link into another page can be written without reading that page, and survives a new heading.
//!
//! Decision (2026-11-22), what isn't there. Context: images that are not public and sections that can't be read at a time
//! in the past. Choice: a block whose whole meaning was such a thing is left out; a links block or a role summary stays
//! with what is left of it. Consequence: an image block always has an image, and a requirements block its section.

mod prose;
mod requirement;
mod rich_text;
mod wording;

use crate::{
    content::kinds::{self, Content, Kind, role_page},
    kernel::{DocumentId, NodeId},
};

use super::{
    bundle::{Bundle, PublishedDocument},
    view,
};

use wording::{Anchors, cut_summary};

pub use wording::sort_key;

/// Where all public addresses begin.
const PUBLIC_ROOT: &str = "/api/v1";
/// Where reports are sent to.
const REPORTS: &str = "/api/v1/reports";

/// What a visitor can report about a page.
const REPORT_KINDS: &[&str] = &["problem", "comment", "accessibility", "praise"];

/// The public JSON of a page, as types.
pub fn compose(bundle: &Bundle) -> view::Page {
    Composer { bundle, anchors: Anchors::default(), embedding: Vec::new() }.page()
}

/// Composes one page; remembers what must be unique in it.
struct Composer<'a> {
    bundle: &'a Bundle,
    anchors: Anchors,
    /// The requirement sections that are being composed, the outermost first.
    embedding: Vec<DocumentId>,
}

impl Composer<'_> {
    fn page(mut self) -> view::Page {
        let PublishedDocument {
            id,
            kind,
            slug,
            path,
            version,
            language,
            state: _,
            notice,
            content,
            first_published_at,
            published_at,
            updated_at,
            changed_sequence: _,
            last_reviewed_on,
            review_by,
        } = &self.bundle.document;
        let identity = view::Identity {
            id: *id,
            kind: *kind,
            slug: slug.clone(),
            path: path.clone(),
            version: *version,
            language: language.clone(),
        };
        let standing = view::Standing {
            first_published_at: *first_published_at,
            published_at: *published_at,
            updated_at: *updated_at,
            last_reviewed_on: last_reviewed_on.clone(),
            review_by: review_by.clone(),
            notice: notice.clone(),
            feedback: self.feedback(),
            links: links(*kind, slug),
        };
        match content {
            Content::RolePage(page) => view::Page::RolePage(Box::new(self.role_page(identity, page, standing))),
            Content::RequirementSection(section) => {
                view::Page::RequirementSection(Box::new(self.requirement_section(identity, section, standing)))
            }
        }
    }

    fn role_page(
        &mut self,
        identity: view::Identity,
        page: &role_page::RolePage,
        standing: view::Standing,
    ) -> view::RolePage {
        let role_page::RolePage {
            title,
            title_article,
            alternative_titles,
            summary,
            meta_description,
            search_terms: _,
            lead_image,
            sections,
            related_roles,
            learn_more,
            facts,
        } = page;
        view::RolePage {
            identity,
            title: title.clone(),
            title_article: *title_article,
            alternative_titles: alternative_titles.clone(),
            summary: summary.clone(),
            meta_description: meta_description.clone().unwrap_or_else(|| cut_summary(summary)),
            breadcrumbs: self.bundle.breadcrumbs.clone(),
            lead_image: lead_image.as_ref().and_then(|used| self.image(used)),
            sections: self.sections(sections),
            related_roles: related_roles.iter().filter_map(|role| self.card(*role)).collect(),
            learn_more: self.links(learn_more),
            facts: self.facts(facts),
            standing,
        }
    }

    fn requirement_section(
        &mut self,
        identity: view::Identity,
        section: &kinds::RequirementSection,
        standing: view::Standing,
    ) -> view::RequirementSection {
        view::RequirementSection {
            title: section.title.clone(),
            summary: section.summary.clone(),
            meta_description: cut_summary(&section.summary),
            breadcrumbs: self.bundle.breadcrumbs.clone(),
            body: self.section_body(identity.id, section),
            used_by: self.bundle.used_by.clone(),
            identity,
            standing,
        }
    }

    fn facts(&self, facts: &role_page::Facts) -> view::Facts {
        let role_page::Facts {
            occupation_codes,
            pay,
            hours,
            tasks,
            skills,
            registrations,
            work_locations,
            work_environments,
            uniform,
            standards,
            career_path,
        } = facts;
        view::Facts {
            occupation_codes: occupation_codes.iter().map(Into::into).collect(),
            pay: pay.as_ref().map(Into::into),
            hours: hours.as_ref().map(Into::into),
            tasks: tasks.iter().map(Into::into).collect(),
            skills: skills.iter().map(Into::into).collect(),
            registrations: registrations.iter().map(|registration| self.registration(registration)).collect(),
            work_locations: work_locations.clone(),
            work_environments: work_environments.clone(),
            uniform: uniform.clone(),
            standards: standards.iter().map(Into::into).collect(),
            career_path: self.rich_text(career_path),
        }
    }

    fn registration(&self, registration: &role_page::Registration) -> view::Registration {
        let role_page::Registration { id, text, organisation, links } = registration;
        view::Registration { id: *id, text: text.clone(), organisation: organisation.clone(), links: self.links(links) }
    }

    fn feedback(&self) -> view::Feedback {
        view::Feedback { action: REPORTS, page_token: self.bundle.page_token.clone(), kinds: REPORT_KINDS }
    }

    /// `None` if the document may not be shown.
    fn card(&self, document: DocumentId) -> Option<view::Card> {
        self.bundle.cards.get(&document).cloned()
    }

    /// Where a link to a document leads; `None` if it may not be shown.
    fn address(&self, document: DocumentId, block: Option<NodeId>) -> Option<String> {
        let path = &self.bundle.cards.get(&document)?.path;
        Some(match block {
            Some(block) => format!("{path}#{block}"),
            None => path.clone(),
        })
    }
}

fn links(kind: Kind, slug: &str) -> view::Links {
    let own = format!("{PUBLIC_ROOT}/{}/{slug}", kind.collection());
    let json_ld = match kind {
        Kind::RolePage => Some(format!("{own}/json-ld")),
        Kind::RequirementSection => None,
    };
    view::Links { own, json_ld }
}

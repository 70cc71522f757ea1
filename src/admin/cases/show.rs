//! The page of a case: what visitors said, what they saw, what stands there now, and what can be done. What it shows is
//! gathered here; its parts are drawn in `said.rs`, `sight.rs`, `aside.rs` and `notes.rs`.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::{
    content,
    feedback::{self, Case, CaseDetail, CaseListing, FixedIn, Mention, NamedDocument, Report},
    kernel::{CaseId, DocumentId, Permission, ReportId, Result, VersionNumber},
    web::{Answer, session::Tone},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, badge::Look, shell::Area},
    },
    address, aside, below,
    changes::Choices,
    classifying, notes, said, seen,
    sight::{self, Sights},
    steps,
    view::{self, View},
};

/// How many cases of a view are looked through for those before and after the one in view.
const LOOKED_THROUGH: u64 = 200;

/// Everything that the page shows.
pub struct Facts<'a> {
    pub detail: &'a CaseDetail,
    pub choices: Choices,
    /// The documents that reports and fixes name, as far as they are not purged.
    documents: BTreeMap<DocumentId, NamedDocument>,
    /// Names of passages, by report.
    pub passages: BTreeMap<ReportId, String>,
    /// Cases that are merged into this one, or that this one is merged into.
    pub merged: Vec<Case>,
    /// The report that is shown in full.
    pub report: Option<&'a Report>,
    pub sights: Sights,
    /// Whether the actor has started a fix that is not finished.
    pub fix_in_hand: bool,
    /// The notes here in which the actor is named and that they had not seen.
    pub mentions: Vec<Mention>,
    pub from: String,
}

impl Facts<'_> {
    /// A document that the case is about; `None` if it has been purged.
    pub fn named(&self, document: DocumentId) -> Option<&NamedDocument> {
        self.documents.get(&document)
    }

    pub fn title_of(&self, document: DocumentId) -> String {
        match self.named(document) {
            Some(found) => found.title.clone(),
            None if document == self.detail.case.document.id => {
                self.detail.case.document.title.clone().unwrap_or_else(|| "a page that has been purged".to_owned())
            }
            None => "a page that has been purged".to_owned(),
        }
    }

    /// The address of a document's own page in the panel.
    pub fn address_of(&self, document: DocumentId) -> Option<String> {
        let kind = content::Kind::from_name(&self.named(document)?.kind)?;
        Some(format!("/admin/{}/{document}", kind.collection()))
    }

    /// A version that fixes something, with the way to it.
    pub fn fix(&self, fix: FixedIn) -> Markup {
        let FixedIn { document, version } = fix;
        html! {
            @match self.address_of(document) {
                Some(address) => { a href={ (address) "/versions/" (version) } { "version " (version) } }
                None => { "version " (version) }
            }
            " of " (self.title_of(document))
        }
    }

    /// The way to what a fix changed since the version that was reported.
    pub fn comparison_with(&self, fix: FixedIn) -> Option<String> {
        let about = |report: &&Report| report.document == fix.document;
        let seen = |report: &Report| self.sights.version_seen(report);
        let seen: Option<VersionNumber> = self.detail.reports.iter().filter(about).filter_map(seen).min();
        let seen = seen.filter(|seen| *seen < fix.version)?;
        Some(format!("{}/compare?from={seen}&to={}", self.address_of(fix.document)?, fix.version))
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let asked = request.query.id("report").map(ReportId);
    let from = request.query.text("from").unwrap_or_default();
    // Who follows the way to a note that names them has seen it.
    let sees_mentions = request.query.boolean("mentioned") == Some(true);
    request.end_of_query()?;
    let detail = feedback::case(&request.ctx, request.id("id")?).await?;
    let facts = gather(&request, &detail, asked, from).await?;
    if sees_mentions && !facts.mentions.is_empty() {
        feedback::mentions_seen(&request.ctx, detail.case.id).await?;
    }
    let beside = neighbours(&request, &detail.case, &facts.from).await?;
    let case = &detail.case;
    let sample = request.samples().await?.contains(case.id);
    let list =
        View::read(&facts.from, &request.ctx.actor).map_or_else(|_| view::INBOX.to_owned(), |view| view.address());
    let main = html! {
        div.main {
            (ui::crumbs(&[(list, "Feedback".to_owned()), (address(case.id, &facts.from), format!("Case {}", case.number))]))
            (ui::head(&case.title, html! {
                @if sample { (Badge::sample()) }
                (Badge::case(case.state))
                @if case.regressed { (Badge::new(Look::Bad, "Fix failed")) }
                @if let Some(badge) = classifying::escalating(case) { (badge) }
                (beside.ways(&facts.from))
            }))
            (banners(&request, &facts, sees_mentions))
            div.split {
                div.stack {
                    (said::reports(&request, &facts))
                    (sight::what_was_seen(&facts))
                    (sight::passage_now(&facts))
                }
                div.stack {
                    (aside::aside(&request, &facts))
                    (notes::notes(&request, &facts).await?)
                    (aside::history(&request, &facts))
                }
            }
        }
    };
    Ok(request.page(Area::Feedback, &case.title, main))
}

async fn gather<'a>(
    request: &PanelRequest,
    detail: &'a CaseDetail,
    asked: Option<ReportId>,
    from: String,
) -> Result<Facts<'a>> {
    let ctx = &request.ctx;
    let case = &detail.case;
    let report = seen::chosen(detail, asked)?;
    let ids: Vec<_> = detail.merged.iter().copied().chain(case.merged_into).collect();
    let merged = if ids.is_empty() {
        Vec::new()
    } else {
        feedback::cases(ctx, &CaseListing { ids: Some(ids), limit: 200, ..CaseListing::default() }).await?.rows
    };
    let about = detail.reports.iter().flat_map(|report| [report.page, report.document]);
    let fixed = case.fixed_in.map(|fix| fix.document);
    let documents: BTreeSet<DocumentId> = about.chain([case.document.id]).chain(fixed).collect();
    let in_hand = match ctx.actor.user.filter(|_| request.may(Permission::ContentWrite)) {
        Some(me) => feedback::fixes_in_hand(ctx, &[case.document.id], Some(me)).await?,
        None => Vec::new(),
    };
    let mentions = feedback::mentions(ctx).await?;
    Ok(Facts {
        choices: steps::choices(request, detail).await?,
        documents: feedback::named_documents(ctx, &documents).await?,
        passages: feedback::passage_names(ctx, &detail.reports).await?,
        merged,
        report,
        sights: Sights::gather(ctx, detail, report).await?,
        fix_in_hand: in_hand.iter().any(|one| one.id == case.id),
        mentions: mentions.into_iter().filter(|mention| mention.case == case.id).collect(),
        detail,
        from,
    })
}

/// The cases around one in a view.
#[derive(Default)]
struct Neighbours {
    previous: Option<CaseId>,
    next: Option<CaseId>,
    /// Which it is, of how many.
    place: Option<(usize, u64)>,
}

impl Neighbours {
    fn ways(&self, from: &str) -> Markup {
        html! {
            @if let Some((place, total)) = self.place { span.small.muted { (place) " of " (total) } }
            @if let Some(id) = self.previous { a.tap href=(address(id, from)) data-key="k" aria-keyshortcuts="K" { "Previous case" } }
            @if let Some(id) = self.next { a.tap href=(address(id, from)) data-key="j" aria-keyshortcuts="J" data-ahead { "Next case" } }
        }
    }
}

/// What stands before and after a case in the view that somebody came from; of a case that has left the view what comes next.
async fn neighbours(request: &PanelRequest, case: &Case, from: &str) -> Result<Neighbours> {
    let Ok(view) = View::read(from, &request.ctx.actor) else { return Ok(Neighbours::default()) };
    if from.is_empty() {
        return Ok(Neighbours::default());
    }
    let listing =
        CaseListing { after: None, limit: LOOKED_THROUGH, ..view::asked(request, &view, request.now()).await? };
    let found = feedback::cases(&request.ctx, &listing).await?;
    let Some(place) = found.rows.iter().position(|other| other.id == case.id) else {
        return Ok(Neighbours { next: steps::next(request, case, from).await?, ..Neighbours::default() });
    };
    let at = |place: Option<usize>| Some(found.rows.get(place?)?.id);
    let next = match at(place.checked_add(1)) {
        Some(next) => Some(next),
        None => steps::next(request, case, from).await?,
    };
    Ok(Neighbours { previous: at(place.checked_sub(1)), next, place: Some((place.saturating_add(1), found.total)) })
}

fn banners(request: &PanelRequest, facts: &Facts<'_>, sees_mentions: bool) -> Markup {
    let case = &facts.detail.case;
    let triages = request.may(Permission::FeedbackTriage);
    let into = facts.merged.iter().find(|other| Some(other.id) == case.merged_into);
    html! {
        @if let Some(mention) = facts.mentions.first().filter(|_| !sees_mentions) {
            (ui::banner(Tone::Note, html! {
                p {
                    (mention.by) " named you in a note. "
                    a href={ (mentioned(case.id, &facts.from)) "#note-" (mention.note) } { "Read it" }
                }
            }))
        }
        @if let Some(into) = into {
            (ui::banner(Tone::Note, html! {
                p { "Merged into " a href=(address(into.id, &facts.from)) { "case " (into.number) ": " (into.title) } ". Its reports are there." }
                @if triages { p { a href=(below(case.id, "unmerge", &facts.from)) { "Undo merge…" } } }
            }))
        }
        @if let Some(fix) = case.fixed_in.filter(|_| case.regressed) {
            (ui::banner(Tone::Warning, html! {
                p {
                    "This was fixed before, in " (facts.fix(fix)) ". "
                    "Somebody who saw that version says it is still wrong."
                }
                @if let Some(address) = facts.comparison_with(fix) { p { a href=(address) { "See what that fix changed" } } }
            }))
        }
    }
}

/// The page of a case for somebody who is named in a note there.
pub fn mentioned(id: CaseId, from: &str) -> String {
    let from = Some(from).filter(|from| !from.is_empty());
    ui::list::address(&format!("/admin/cases/{id}"), "", &[("mentioned", Some("true")), ("from", from)])
}

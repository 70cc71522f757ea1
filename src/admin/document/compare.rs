//! Two versions of a document compared, on a page of its own and wherever else a version is judged. Every way to look at
//! them has its address.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    content::{self, Document, PageComparison, VersionSummary},
    kernel::{Permission, Result, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{
            self,
            compared::{Drawing, compared},
            field,
        },
    },
    Opened, Tab, document_head,
    history::version_options,
    title_of,
};

/// How many versions can be chosen from; older ones are reached by their addresses.
const MOST_VERSIONS: u64 = 200;

named! {
    /// How much of two versions is shown.
    Whole { Changes = "changes", Page = "page", }

    /// How the older and the newer text stand to each other.
    Sides { Words = "words", Beside = "sides", }
}

/// What is compared, and how it is shown.
#[derive(Clone, Copy)]
struct Asked {
    from: VersionNumber,
    to: VersionNumber,
    whole: Whole,
    sides: Sides,
}

impl Asked {
    fn address(self, opened: Opened) -> String {
        let Self { from, to, whole, sides } = self;
        let mut rest = format!("compare?from={from}&to={to}");
        if whole == Whole::Page {
            rest.push_str("&view=page");
        }
        if sides == Sides::Beside {
            rest.push_str("&as=sides");
        }
        opened.address(&rest)
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let from = version_asked(&mut request, "from");
    let to = version_asked(&mut request, "to");
    let whole = request.query.choice("view").unwrap_or(Whole::Changes);
    let sides = request.query.choice("as").unwrap_or(Sides::Words);
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let standing = &document.standing;
    let to = to.unwrap_or(standing.version);
    let before = VersionNumber(to.0.saturating_sub(1).max(1));
    let from = from.or(standing.live_version.filter(|live| *live != to)).unwrap_or(before);
    let asked = Asked { from, to, whole, sides };
    let comparison =
        content::page_comparison(&request.ctx, opened.kind, opened.id, from, to, whole == Whole::Page).await?;
    let titles = titles(&request, &comparison).await?;
    let versions = content::history(&request.ctx, opened.kind, opened.id, None, MOST_VERSIONS).await?;
    let head = document_head(&request, &document, Tab::History).await?;
    let drawing =
        Drawing { scope: "", of: "", sides: sides == Sides::Beside, whole: whole == Whole::Page, titles: &titles };
    let main = html! {
        (head)
        div.main.stack {
            h2 { "Compare two versions" }
            (chooser(&request, opened, &document, &versions, asked))
            @if !comparison.is_same() { p { strong { (comparison.counts.in_words()) "." } } }
            (compared(&comparison, drawing))
            (onward(&request, opened, &document, asked))
        }
    };
    Ok(request.page(opened.area(), &format!("Compare versions {from} and {to}: {}", title_of(&document)), main))
}

/// What differs between two versions, for a page on which one of them is judged. `scope` stands before its ids.
pub async fn drawn(
    request: &PanelRequest,
    opened: Opened,
    from: VersionNumber,
    to: VersionNumber,
    scope: &str,
) -> Result<Markup> {
    let comparison = content::page_comparison(&request.ctx, opened.kind, opened.id, from, to, false).await?;
    draw(request, &comparison, scope).await
}

/// A comparison that was made already.
pub async fn draw(request: &PanelRequest, comparison: &PageComparison, scope: &str) -> Result<Markup> {
    draw_of(request, comparison, scope, "").await
}

/// The same where several stand on a page; `of` tells this one from the others.
pub async fn draw_of(request: &PanelRequest, comparison: &PageComparison, scope: &str, of: &str) -> Result<Markup> {
    let titles = titles(request, comparison).await?;
    Ok(compared(comparison, Drawing { scope, of, sides: false, whole: false, titles: &titles }))
}

/// The titles of the documents that are named in a comparison.
pub async fn titles(request: &PanelRequest, comparison: &PageComparison) -> Result<BTreeMap<String, String>> {
    let found = content::kinds_and_titles(&request.ctx, &comparison.documents()).await?;
    Ok(found.into_iter().map(|(id, (_, title))| (id.to_string(), title)).collect())
}

fn version_asked(request: &mut PanelRequest, name: &str) -> Option<VersionNumber> {
    let number = request.query.number(name, 0, 1, 1_000_000_000);
    i32::try_from(number).ok().filter(|number| *number > 0).map(VersionNumber)
}

fn chooser(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    versions: &[VersionSummary],
    asked: Asked,
) -> Markup {
    let options = version_options(&request.chrome.zone, document, versions);
    let state = FormState::new().with("from", asked.from.to_string()).with("to", asked.to.to_string());
    let swapped = Asked { from: asked.to, to: asked.from, ..asked };
    let way = |words: &str, other: Asked, current: bool, key: Option<&str>| {
        let address = other.address(opened);
        html! { a href=(address) aria-current=[current.then_some("true")] data-key=[key] aria-keyshortcuts=[key] { (words) } }
    };
    let of = |whole: Whole| Asked { whole, ..asked };
    let by = |sides: Sides| Asked { sides, ..asked };
    // One key goes to and fro between the two.
    let toggle = |whole: Whole| (asked.whole != whole).then_some("u");
    html! {
        form.filters method="get" action=(opened.address("compare")) {
            (field::select(&state.field("from", "From"), &options))
            (field::select(&state.field("to", "To"), &options))
            (field::hidden("view", asked.whole.name()))
            (field::hidden("as", asked.sides.name()))
            button.button { "Compare" }
            a href=(swapped.address(opened)) { "Swap them" }
        }
        nav.tabs aria-label="How they are shown" {
            ul {
                li { (way("Only changes", of(Whole::Changes), asked.whole == Whole::Changes, toggle(Whole::Changes))) }
                li { (way("Whole page", of(Whole::Page), asked.whole == Whole::Page, toggle(Whole::Page))) }
                li.apart { (way("Words", by(Sides::Words), asked.sides == Sides::Words, None)) }
                li { (way("Side by side", by(Sides::Beside), asked.sides == Sides::Beside, None)) }
            }
        }
    }
}

/// What can be done with what was seen.
fn onward(request: &PanelRequest, opened: Opened, document: &Document, asked: Asked) -> Markup {
    let standing = &document.standing;
    let restores = request.may(Permission::ContentWrite) && document.trashed_at.is_none();
    let publishes = request.may(Permission::ContentPublish) && standing.draft_version == Some(asked.to);
    html! {
        div.buttons {
            @if restores && asked.from != standing.version {
                (ui::link_button(&opened.address(&format!("restore?version={}", asked.from)), &format!("Restore version {}…", asked.from)))
            }
            @if publishes { (ui::link_button(&opened.address("publish"), "Review and publish…")) }
            @for version in [asked.from, asked.to] {
                a href=(opened.address(&format!("versions/{version}"))) { "Read version " (version) }
            }
        }
    }
}

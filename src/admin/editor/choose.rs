//! Choosing a document or an image for a place in a content, by search. What was typed is saved before one comes here.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    content::{self, Document, Kind, Listed, Listing, Sort},
    kernel::{Error, Fault, MediaId, Permission, Result},
    media::{self, Media},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, Field, field},
    },
    Address, Saved, Typed, anchor, body_of, store, version_of,
};

/// How many are offered at once.
const OFFERED: u64 = 30;

named! {
    /// What is chosen, and what becomes of it.
    What {
        RolePage = "role-page",
        RequirementSection = "requirement-section",
        /// A document that a link leads to.
        Link = "link",
        /// One more of a list of role pages.
        Related = "related",
        Parent = "parent",
        Image = "image",
    }
}

/// Goes to the page for a button `choose:POINTER:WHAT`, of which `place` is the rest.
pub fn begin(address: &Address, place: &str) -> Answer {
    let (pointer, what) = place.split_once(':').unwrap_or((place, ""));
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("at", pointer)
        .append_pair("what", what)
        .finish();
    see_other(&format!("{}/choose?{query}", address.path()))
}

/// What can be chosen.
struct Offer {
    documents: Vec<Listed>,
    images: Vec<Media>,
    total: u64,
}

pub async fn choose(mut request: PanelRequest) -> Answer {
    let pointer = request.query.text("at").unwrap_or_default();
    let what = request.query.choice::<What>("what");
    let words = request.query.text("q").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(&request)?;
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    let what =
        what.filter(|_| fits(&body_of(&document), &pointer)).ok_or_else(|| Error::not_found("place to choose for"))?;
    let offer = offer(&request, what, &words).await?;
    let main = page(&request, &address, &document, what, &pointer, &words, &offer);
    Ok(request.page_with(StatusCode::OK, address.area(), title(what), main))
}

/// Whether there is such a place.
fn fits(body: &Value, pointer: &str) -> bool {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    pointer == "/parent" || pointer.starts_with("/content/") && body.pointer(parent).is_some()
}

fn title(what: What) -> &'static str {
    match what {
        What::RolePage | What::Related => "Choose a role page",
        What::RequirementSection => "Choose a requirement section",
        What::Link => "Choose the page that the link leads to",
        What::Parent => "Choose the page above",
        What::Image => "Choose an image",
    }
}

async fn offer(request: &PanelRequest, what: What, words: &str) -> Result<Offer> {
    if what == What::Image {
        let words = Some(words.to_owned()).filter(|words| !words.trim().is_empty());
        let listing = media::Listing { words, limit: OFFERED, ..media::Listing::default() };
        let found = media::list(&request.ctx, &listing).await?;
        return Ok(Offer { documents: Vec::new(), images: found.rows, total: found.total });
    }
    let kinds: &[Kind] = match what {
        What::RequirementSection => &[Kind::RequirementSection],
        What::Link => Kind::ALL,
        _ => &[Kind::RolePage],
    };
    let mut offer = Offer { documents: Vec::new(), images: Vec::new(), total: 0 };
    if !words.trim().is_empty() {
        let best = request.best(words, usize::try_from(OFFERED).unwrap_or(usize::MAX)).await?;
        for best in best.into_iter().filter(|best| kinds.contains(&best.kind)) {
            offer.total += best.total;
            offer.documents.extend(best.found.into_iter().map(|found| found.listed));
        }
        return Ok(offer);
    }
    for kind in kinds {
        let listing = Listing {
            kind: *kind,
            draft_state: None,
            live_state: None,
            parent: None,
            owner: None,
            words: None,
            trashed: false,
            narrowing: content::Narrowing::default(),
            sort: Sort::TitleUp,
            after: None,
            limit: OFFERED,
        };
        let found = content::list(&request.ctx, &listing).await?;
        offer.documents.extend(found.rows);
        offer.total += found.total;
    }
    Ok(offer)
}

fn page(
    request: &PanelRequest,
    address: &Address,
    document: &Document,
    what: What,
    pointer: &str,
    words: &str,
    offer: &Offer,
) -> Markup {
    let target = format!("{}/choose", address.path());
    let back = format!("{}#{}", address.path(), anchor(&body_of(document), pointer));
    html! {
        div.main { div.stack {
            h1 { (title(what)) }
            p { "For “" (document.content.get("title").and_then(Value::as_str).unwrap_or_default()) "”. What you had typed there is saved. " a href=(back) { "Back without choosing" } }
            form.filters method="get" action=(target) data-enhance role="search" {
                (field::hidden("at", pointer))
                (field::hidden("what", what.name()))
                (field::text(&Field::new("q", "Search by title").value(words).kind("search").class("medium")))
                (ui::submit("Search"))
            }
            p role="status" {
                @let total = offer.total;
                @if words.is_empty() { (ui::count(total, "result", "results")) } @else { (ui::count(total, "result", "results")) " for “" (words) "”" }
                @if total > OFFERED { "; the first " (OFFERED) " are shown. Search for more words." }
            }
            @if offer.total == 0 { (ui::empty("Nothing fits. Try fewer or other words.", html! { a.button href=(back) { "Back" } })) }
            @else {
                form method="post" action=(target) {
                    (field::hidden("at", pointer))
                    (field::hidden("what", what.name()))
                    (field::hidden("version", &document.standing.version.to_string()))
                    @if what == What::Image { (images(&offer.images)) } @else { (documents(&offer.documents, document)) }
                }
            }
            @if what == What::Image && request.may(Permission::MediaWrite) { p { a href="/admin/media/new" { "Add an image to the library" } } }
        } }
    }
}

fn documents(found: &[Listed], document: &Document) -> Markup {
    html! {
        div.table { table.cards {
            caption.vh { "Documents to choose from" }
            thead { tr { th scope="col" { "Title" } th scope="col" { "State" } th scope="col" { "Choose" } } }
            tbody {
                @for one in found.iter().filter(|one| one.id != document.standing.id) {
                    tr {
                        th scope="row" { (one.title) @if let Some(path) = &one.path { br; span.muted.small { (path) } } }
                        td data-label="State" { span.badges { (Badge::live(one.live_state)) @if let Some(badge) = Badge::draft(one.draft_state) { (badge) } } }
                        td { (ui::button("chosen", &one.id.to_string(), "Choose", &one.title)) }
                    }
                }
            }
        } }
    }
}

fn images(found: &[Media]) -> Markup {
    html! {
        ul.grid.unmarked {
            @for one in found {
                li.card.stack-s {
                    @if let Some(rendition) = one.renditions.first() {
                        img src={ "/admin/media/" (one.id) "/files/" (rendition.key) } width=(rendition.width) height=(rendition.height) alt="" loading="lazy";
                    }
                    p { strong { (one.filename) } }
                    p.small { @match &one.alt { Some(alt) => (alt), None => span.muted { "No suggested alternative text" } } }
                    (ui::button("chosen", &one.id.to_string(), "Choose", &one.filename))
                }
            }
        }
    }
}

/// Puts what was chosen into its place and saves.
pub async fn chosen(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(&request)?;
    let seen = version_of(&request, "version")?;
    let (pointer, chosen) = (request.form.value("at").to_owned(), request.form.value("chosen").to_owned());
    let what = What::from_name(request.form.value("what")).ok_or_else(|| Error::not_found("place to choose for"))?;
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    if document.standing.version != seen {
        request
            .say(Tone::Warning, "Somebody saved meanwhile, so nothing was chosen. Choose again at the place.", None)
            .await?;
        return see_other(&address.path());
    }
    let mut body = body_of(&document);
    let title = put(&request, &mut body, &pointer, what, &chosen).await?;
    let typed = Typed::whole(seen, body);
    match store(&request, &address, &typed).await? {
        Saved::Done { .. } => {
            request.say(Tone::Done, format!("“{title}” is chosen."), None).await?;
            see_other(&format!("{}#{}", address.path(), anchor(&typed.body, &pointer)))
        }
        Saved::Refused(faults) => Err(Error::Invalid(faults).into()),
        Saved::Conflicting(_) => Err(Error::PreconditionRequired.into()),
    }
}

/// What was chosen stands in its place afterwards; its name is answered.
async fn put(request: &PanelRequest, body: &mut Value, pointer: &str, what: What, chosen: &str) -> Result<String> {
    let nowhere =
        || Error::Malformed(vec![Fault::new("at", "unknown-place", "There is no such place in the content.")]);
    if what == What::Image {
        let id: MediaId = chosen.parse().map_err(|_| Error::not_found("such image"))?;
        let image = media::get(&request.ctx, id).await?;
        let place = body.pointer_mut(pointer).and_then(Value::as_object_mut).ok_or_else(nowhere)?;
        place.insert("media".to_owned(), json!(id));
        let described = place.get("alt").and_then(Value::as_str).is_some_and(|alt| !alt.is_empty());
        if let (false, Some(alt)) = (described, &image.alt) {
            place.insert("alt".to_owned(), alt.clone().into());
        }
        return Ok(image.filename);
    }
    let id: uuid::Uuid = chosen.parse().map_err(|_| Error::not_found("such document"))?;
    let known = content::known(&request.ctx, &std::collections::BTreeSet::from([id])).await?;
    let title = known.get(&id).map(|known| known.title.clone()).ok_or_else(|| Error::not_found("such document"))?;
    match what {
        What::Related => {
            let list = body.pointer_mut(pointer).and_then(Value::as_array_mut).ok_or_else(nowhere)?;
            if list.iter().any(|item| *item == json!(id)) {
                return Ok(title);
            }
            list.push(json!(id));
        }
        What::Link => {
            let link = body.pointer_mut(pointer).and_then(Value::as_object_mut).ok_or_else(nowhere)?;
            link.shift_remove("url");
            link.shift_remove("block");
            link.insert("document".to_owned(), json!(id));
            if link.get("text").and_then(Value::as_str).is_none_or(str::is_empty) {
                link.insert("text".to_owned(), title.clone().into());
            }
        }
        _ => {
            let (parent, key) = pointer.rsplit_once('/').ok_or_else(nowhere)?;
            let place = if parent.is_empty() { Some(body) } else { body.pointer_mut(parent) };
            place.and_then(Value::as_object_mut).ok_or_else(nowhere)?.insert(key.to_owned(), json!(id));
        }
    }
    Ok(title)
}

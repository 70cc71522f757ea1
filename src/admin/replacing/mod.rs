//! Find and replace: what is sought stands in the address, what was found is ticked, a page between shows what would
//! change, and then drafts are made, each by itself. Nothing becomes public here.
//!
//! Decision (2026-11-22): as with steps for many documents, what was done is told on the page that answers the post.
//! Sending it once more does no harm, since every place carries the version that was seen.

mod asked;
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;

use crate::{
    content::{self, ChosenPlaces, Found, Kind, Prospective, Replacement, Sought},
    kernel::{DocumentId, Error, Fault, Permission, Result, VersionNumber},
    web::{Answer, Fields, see_other, session::Tone},
};

use super::{
    form::FormState,
    lists,
    request::PanelRequest,
    ui::{self, shell::Area},
};

use asked::{Asked, What};

const ADDRESS: &str = "/admin/replace";
/// How many documents a search for one to choose shows, of each kind.
const OFFERED: usize = 10;
/// Characters of words to search for a document by.
const WORDS_LIMIT: usize = 200;

/// What a form offers to choose from: ids and words.
type Options = Vec<(String, String)>;

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    std::mem::take(&mut request.query);
    let asked = Asked::of_text(&request.query_text)?;
    let mut state = asked.state();
    let mut found = None;
    if let Some(sought) = asked.sought() {
        match find(&request, &asked, &sought).await {
            Ok(all) => found = Some(all),
            Err(error) => state = state.refused(error)?,
        }
    }
    let offers = offers(&request, &asked, &state).await?;
    let main = pages::search(&asked, &state, &offers, found.as_ref());
    if state.is_faulty() {
        return Ok(request.refused(Area::Administration, pages::TITLE, main));
    }
    Ok(request.page(Area::Administration, pages::TITLE, main))
}

async fn find(request: &PanelRequest, asked: &Asked, sought: &Sought) -> Result<Found> {
    let replacement = asked.replacement(request).await?;
    content::find_places(&request.ctx, sought, replacement.as_ref(), asked.after()).await
}

/// The documents to choose from, in the place of the old one and of the new one.
struct Offers {
    old: Options,
    new: Options,
}

async fn offers(request: &PanelRequest, asked: &Asked, state: &FormState) -> Result<Offers> {
    if !asked.what.is_document() {
        return Ok(Offers { old: Options::new(), new: Options::new() });
    }
    Ok(Offers {
        old: offered(request, asked.kinds(), state, "old").await?,
        new: offered(request, asked.kinds(), state, "new").await?,
    })
}

/// What is chosen already, and what the search finds.
async fn offered(request: &PanelRequest, kinds: &[Kind], state: &FormState, name: &str) -> Result<Options> {
    let mut options = Options::new();
    if let Ok(chosen) = state.value(name).parse::<DocumentId>()
        && let Some(title) = content::titles(&request.ctx, &[chosen]).await?.remove(&chosen)
    {
        options.push((chosen.to_string(), title));
    }
    let words = state.value(&format!("{name}_words")).trim();
    if words.is_empty() || words.chars().count() > WORDS_LIMIT {
        return Ok(options);
    }
    let best = request.best(words, OFFERED).await?;
    for found in best.iter().filter(|best| kinds.contains(&best.kind)).flat_map(|best| &best.found) {
        let id = found.listed.id.to_string();
        if !options.iter().any(|(other, _)| *other == id) {
            options.push((id, format!("{} ({})", lists::title(&found.listed), found.listed.kind.words())));
        }
    }
    Ok(options)
}

/// The page between choosing and doing.
pub async fn choose(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let mut fields = request.form.fields(&["item"]);
    let all = fields.text("all", 10).is_some();
    let (asked, sought, chosen) = read(&mut fields)?;
    fields.finish()?;
    let back = ui::list::address(ADDRESS, &asked.text, &[]);
    let chosen = if all { every_place(&request, &asked, &sought).await? } else { chosen };
    if chosen.is_empty() {
        request.say(Tone::Warning, "Tick at least one place first.", None).await?;
        return see_other(&back);
    }
    let prospects = match look(&request, &asked, &sought, &chosen).await {
        Ok(prospects) => prospects,
        Err(error) => {
            let state = asked
                .state()
                .refused(error)?
                .with_faults_placed(|place| if asked.what.is_document() && place == "/with" { "/new" } else { place });
            let found = content::find_places(&request.ctx, &sought, None, asked.after()).await?;
            let offers = offers(&request, &asked, &state).await?;
            let main = pages::search(&asked, &state, &offers, Some(&found));
            return Ok(request.refused(Area::Administration, pages::TITLE, main));
        }
    };
    let titles = titles(&request, &asked).await?;
    let main = pages::preview(&asked, &back, &prospects, &chosen, &titles);
    Ok(request.page(Area::Administration, pages::PREVIEW, main))
}

/// What a form brought: the search that it belongs to, and the places that were ticked.
fn read(fields: &mut Fields) -> Result<(Asked, Sought, Vec<ChosenPlaces>)> {
    let asked = Asked::of_text(&fields.raw_text("query").unwrap_or_default())?;
    let missing = || Error::Malformed(vec![Fault::new("query", "missing-field", "It must be said what is sought.")]);
    let sought = asked.sought().ok_or_else(missing)?;
    let items = fields.list("item").unwrap_or_default();
    let mut chosen: Vec<ChosenPlaces> = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let Some((id, seen, number)) = item.as_str().and_then(place) else {
            fields.fault(&format!("item/{position}"), "not-an-id", "An id, a version and a number were expected here.");
            continue;
        };
        match chosen.iter_mut().find(|one| one.id == id && one.seen == seen) {
            Some(one) => {
                one.numbers.insert(number);
            }
            None => chosen.push(ChosenPlaces { id, seen, numbers: BTreeSet::from([number]) }),
        }
    }
    Ok((asked, sought, chosen))
}

/// A place as a box names it: the document, the version that was seen, and its number there.
fn place(item: &str) -> Option<(DocumentId, VersionNumber, usize)> {
    let mut parts = item.split(' ');
    let place = (parts.next()?.parse().ok()?, VersionNumber(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}

/// Every place on the page that was looked at in which something can be put.
async fn every_place(request: &PanelRequest, asked: &Asked, sought: &Sought) -> Result<Vec<ChosenPlaces>> {
    let replacement = asked.replacement(request).await?;
    let found = content::find_places(&request.ctx, sought, replacement.as_ref(), asked.after()).await?;
    let chosen = found.documents.iter().map(|one| {
        let open = one.places.iter().filter(|place| place.refusal.is_none());
        ChosenPlaces { id: one.id, seen: one.version, numbers: open.map(|place| place.number).collect() }
    });
    Ok(chosen.filter(|one| !one.numbers.is_empty()).collect())
}

/// What replacing would change, document by document.
struct Prospects {
    documents: Vec<Prospective>,
    /// How many are not there any more.
    missing: usize,
}

async fn look(request: &PanelRequest, asked: &Asked, sought: &Sought, chosen: &[ChosenPlaces]) -> Result<Prospects> {
    let replacement = required(request, asked).await?;
    let mut prospects = Prospects { documents: Vec::new(), missing: 0 };
    for one in chosen {
        match content::prospective(&request.ctx, sought, &replacement, one).await? {
            Some(prospective) => prospects.documents.push(prospective),
            None => prospects.missing += 1,
        }
    }
    Ok(prospects)
}

async fn required(request: &PanelRequest, asked: &Asked) -> Result<Replacement> {
    let missing = || Error::invalid("/with", "missing-field", "Choose the document that is to stand there.");
    asked.replacement(request).await?.ok_or_else(missing)
}

async fn titles(request: &PanelRequest, asked: &Asked) -> Result<BTreeMap<String, String>> {
    let found = content::titles(&request.ctx, &asked.documents()).await?;
    Ok(found.into_iter().map(|(id, title)| (id.to_string(), title)).collect())
}

/// What came of it: the version of the draft that was made, or why not.
type Outcomes = Vec<(Prospective, std::result::Result<VersionNumber, String>)>;

pub async fn carry_out(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let mut fields = request.form.fields(&["item"]);
    let (asked, sought, chosen) = read(&mut fields)?;
    fields.finish()?;
    let replacement = required(&request, &asked).await?;
    let prospects = look(&request, &asked, &sought, &chosen).await?;
    let missing = prospects.missing;
    let mut outcomes = Outcomes::new();
    for prospective in prospects.documents {
        let outcome = match (&prospective.refusal, chosen.iter().find(|one| one.id == prospective.id)) {
            (Some(refusal), _) => Err(refusal.clone()),
            (None, Some(places)) => match content::replace_places(&request.ctx, &sought, &replacement, places).await {
                Ok(document) => Ok(document.standing.version),
                Err(error @ Error::Forbidden(_)) => return Err(error.into()),
                Err(error) => Err(lists::why(&error)),
            },
            (None, None) => continue,
        };
        outcomes.push((prospective, outcome));
    }
    request.app.ring();
    let back = ui::list::address(ADDRESS, &asked.text, &[("cursor", None)]);
    let main = pages::told(&request, &outcomes, missing, &back);
    Ok(request.page_with(StatusCode::OK, Area::Administration, pages::DONE, main))
}

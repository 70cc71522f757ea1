//! The page that the editor's form stands on: what it is about, the structure, the fields, what the checks say.

use std::collections::{BTreeMap, BTreeSet};

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    accounts::preferences::TextEditing,
    content::{self, Content, Document, Kind, Sentences, UsesPage},
    kernel::{Fault, MediaId, Result},
    media,
};

use super::{
    super::{
        document::{Tab, document_head},
        request::PanelRequest,
        ui::{
            self, Badge,
            check_list::{self, Finding},
            field, time,
        },
    },
    Address,
    beside::{self, Wish},
    presence, requirement_section, role_page, sections,
    sheet::Sheet,
};

/// How many of the documents that show a section are named beside it.
const USES_SHOWN: usize = 20;

/// So many uses of a section are shown without being asked for.
const FEW: usize = 10;

/// Draws the editor with whatever stands in `body`; `faults` is what was wrong with it.
pub async fn show(
    request: &PanelRequest,
    address: &Address,
    document: &Document,
    body: &Value,
    faults: &[Fault],
    wish: Wish,
    status: StatusCode,
) -> Result<Response> {
    let ctx = &request.ctx;
    let content = Content::from_value(address.kind, document.content.clone())?;
    let mut ids = content::referred(&content);
    collect_ids(body, &mut ids);
    let known = content::known(ctx, &ids).await?;
    let images: BTreeSet<MediaId> = media_ids(body);
    let images = if images.is_empty() {
        BTreeMap::new()
    } else {
        media::by_ids(&*request.app.database.read().await?, &images).await?
    };
    let images = images.into_iter().map(|(id, image)| (id.0, image)).collect();
    let sentences = match &content {
        Content::RequirementSection(section) => content::sentences(ctx, address.id, section).await?,
        Content::RolePage(_) => Sentences::default(),
    };
    let embedded = match &content {
        Content::RolePage(_) => content::embedded_sentences(ctx, &embedded_ids(body)).await?,
        Content::RequirementSection(_) => BTreeMap::new(),
    };
    let uses = match address.kind {
        Kind::RequirementSection => Some(content::uses_page(ctx, address.kind, address.id, None, USES_SHOWN).await?),
        Kind::RolePage => None,
    };
    let case = wish.find(request, address.id).await?;
    let findings = Finding::all(&document.checks, &request.chrome.zone, request.now());
    let sheet = Sheet {
        kind: address.kind,
        document: address.id.0,
        reports: case.as_ref().map(|case| case.reports.as_slice()).unwrap_or_default(),
        body,
        faults,
        checks: &findings,
        known: &known,
        images: &images,
        sentences: &sentences,
        embedded: &embedded,
        rich: request.chrome.preferences.text_editing == TextEditing::Rich,
    };
    let head = document_head(request, document, Tab::Edit).await?;
    let name = title(document);
    let others = presence::others(request, address).await?;
    let title = if faults.is_empty() { title(document).to_owned() } else { format!("Error: {}", title(document)) };
    let main = html! {
        (head)
        div.main {
            (summary(faults))
            (others)
            form #editor method="post" action=(address.path()) data-enhance data-person=[request.ctx.actor.user] data-keep-unsent[request.chrome.keep_unsent] {
                (field::hidden("version", &document.standing.version.to_string()))
                (beside::carried(wish, case.as_ref()))
                div.desk.with-aside {
                    div.side.stack-s {
                        div.save-bar {
                            button.button.primary name="op" value="save" data-key="Control+s" aria-keyshortcuts=(ui::spoken_key("Control+s")) { "Save" }
                            p.small #save-status role="status" {}
                            // Scripts send with it what was dragged; everybody else has Move to.
                            button #drop name="op" value="" hidden { "Move" }
                            (field::text(&sheet.line("/note", "What did you change? (for the history)").limit(500)))
                        }
                        (outline(&sheet))
                    }
                    div.stack data-part {
                        @if let Some(case) = &case { (beside::line(case)) }
                        @if let Some(uses) = uses.as_ref().filter(|uses| uses.documents > 0) { (used_on(address, uses)) }
                        @match address.kind {
                            Kind::RolePage => { (role_page::fields(&sheet)) }
                            Kind::RequirementSection => { (requirement_section::fields(&sheet)) }
                        }
                        (address_fields(&sheet, document))
                    }
                    aside.stack aria-label="Beside the text" data-part {
                        @if let Some(case) = &case { (beside::card(request, case, &sheet)) }
                        (live_preview(address, name))
                        (checks(&sheet, content::mendable(&content)))
                        (about(request, address, document))
                    }
                }
            }
        }
    };
    Ok(request.page_with(status, address.area(), &title, main))
}

fn title(document: &Document) -> &str {
    document.content.get("title").and_then(Value::as_str).filter(|title| !title.is_empty()).unwrap_or("Without a title")
}

fn summary(faults: &[Fault]) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.summary tabindex="-1" autofocus {
                div role="alert" {
                    h2 { "There is a problem" }
                    p { "Nothing was saved. What you typed is below." }
                    ul {
                        @for fault in faults {
                            li { @if fault.pointer.is_empty() { (fault.detail) } @else { a href={ "#" (field::anchor(&fault.pointer)) } { (fault.detail) } } }
                        }
                    }
                }
            }
        }
    }
}

/// What a page that stays open has to hear after a save, without any value of a field: states and steps, the structure,
/// what the checks say. Each part has the id of the one that it takes the place of.
pub async fn news(request: &PanelRequest, address: &Address, document: &Document) -> Result<Markup> {
    let body = super::body_of(document);
    let findings = Finding::all(&document.checks, &request.chrome.zone, request.now());
    let content = Content::from_value(address.kind, document.content.clone())?;
    let sheet = Sheet {
        kind: address.kind,
        document: address.id.0,
        reports: &[],
        body: &body,
        faults: &[],
        checks: &findings,
        known: &BTreeMap::new(),
        images: &BTreeMap::new(),
        sentences: &Sentences::default(),
        embedded: &BTreeMap::new(),
        rich: false,
    };
    let head = document_head(request, document, Tab::Edit).await?;
    Ok(html! { (head) (outline(&sheet)) (checks(&sheet, content::mendable(&content))) })
}

/// The parts of the document, with how much must be mended in each.
fn outline(sheet: &Sheet<'_>) -> Markup {
    let parts: &[(&str, &str, &str)] = match sheet.kind {
        Kind::RolePage => {
            &[("part-title", "Title and summary", ""), ("part-image", "Lead image", "/content/lead_image")]
        }
        Kind::RequirementSection => &[
            ("part-title", "Title and introduction", ""),
            ("part-requirements", "Whichever way in", "/content/requirements"),
        ],
    };
    let after: &[(&str, &str, &str)] = match sheet.kind {
        Kind::RolePage => &[
            ("part-related", "Related roles", "/content/related_roles"),
            ("part-learn-more", "Learn more", "/content/learn_more"),
            ("part-facts", "Role facts", "/content/facts"),
            ("part-address", "Address", "/slug"),
        ],
        Kind::RequirementSection => {
            &[("part-skills", "Skills", "/content/skills"), ("part-address", "Address", "/slug")]
        }
    };
    let entry = |(id, words, pointer): &(&str, &str, &str)| {
        html! { li { a href={ "#" (id) } { (words) @if !pointer.is_empty() { (sections::problems(sheet, pointer)) } } } }
    };
    html! { nav.card.outline #outline aria-label="Structure" data-part {
        h2 { "Structure" }
        ul.unmarked {
            @for part in parts { (entry(part)) }
            @if sheet.kind == Kind::RequirementSection {
                @for (position, item) in sheet.items("/content/routes").iter().enumerate() {
                    li { a href={ "#" (sheet.anchor(item)) } { (position + 1) ". " (requirement_section::route_name(sheet, item)) (sections::problems(sheet, item)) } }
                }
            }
            @for (position, item) in sheet.items("/content/sections").iter().enumerate() {
                (outlined_section(sheet, item, position))
            }
            @for part in after { (entry(part)) }
        }
    } }
}

/// A section, and its blocks if it has several. A script drags them by their handles; everybody else has *Move to…*.
fn outlined_section(sheet: &Sheet<'_>, item: &str, position: usize) -> Markup {
    let blocks = sheet.items(&format!("{item}/blocks"));
    html! {
        li data-thing=(item) {
            span.handle.scripted aria-hidden="true" {}
            a href={ "#" (sheet.anchor(item)) } { (position + 1) ". " (sections::name(sheet, item)) (sections::problems(sheet, item)) }
            @if blocks.len() > 1 {
                ul.unmarked {
                    @for block in &blocks {
                        li data-thing=(block) {
                            span.handle.scripted aria-hidden="true" {}
                            a href={ "#" (sheet.anchor(block)) } { (sections::block_name(sheet, block)) (sections::problems(sheet, block)) }
                        }
                    }
                }
            }
        }
    }
}

/// The page as readers will see it, beside the text where there is room. It is drawn by script; the page *Preview* is for
/// everybody.
fn live_preview(address: &Address, title: &str) -> Markup {
    html! {
        section.card.live-preview.scripted aria-labelledby="preview-heading" {
            div.row {
                h2 #preview-heading { "Preview" }
                button.button.quiet.small type="button" data-width="phone" aria-pressed="true" { "Phone" }
                button.button.quiet.small type="button" data-width="desktop" aria-pressed="false" { "Desktop" }
                a href={ (address.path()) "/preview" } { "Full" span.vh { " preview" } }
            }
            div.live-frame data-keep data-preview={ (address.path()) "/preview/frame?line=draft&as=drafts" } data-title={ (title) " as a reader would see it" } {}
        }
    }
}

/// Who shows a shared section: it is always in sight that they change, too.
fn used_on(address: &Address, found: &UsesPage) -> Markup {
    let mut shown: Vec<&content::Use> = found.uses.iter().collect();
    shown.dedup_by_key(|one| one.id);
    html! {
        section.card aria-labelledby="used-heading" {
            h2 #used-heading { "Used on " (ui::count(found.documents, "document", "documents")) }
            p.small { (found.live) " of them are live and change as soon as this is published." }
            details open[shown.len() <= FEW] {
                summary { "Which" }
                ul { @for one in &shown { li {
                    @let collection = Kind::from_name(&one.kind).map_or("role-pages", Kind::collection);
                    a href={ "/admin/" (collection) "/" (one.id) } { (one.title) }
                    @if one.live_path.is_some() { " " (Badge::live(content::LiveState::Live)) }
                } } }
                @if found.next.is_some() { p { a href={ (address.path()) "/used-by" } { "All of them" } } }
            }
            p.small { a.tap href={ "/admin/replace?what=section&old=" (address.id) } { "Replace it by another section…" } }
        }
    }
}

/// Slug, parent and language: they take effect when they are published.
fn address_fields(sheet: &Sheet<'_>, document: &Document) -> Markup {
    let parent = sheet.text_at("/parent");
    html! {
        section.card #part-address aria-labelledby="address-heading" {
            h2 #address-heading { "Address" }
            p.hint {
                "It lives, or will live, at " code { (document.standing.path) } ". "
                "A change takes effect when it is published; the old address then leads to the new one."
            }
            (sheet.text_hint("/slug", "Slug", "Lower-case words and digits, joined by hyphens. Left empty, it stays as it is."))
            @if document.state().is_public() {
                // A script shows it as soon as the slug is another; without one the hint above has to do.
                p.note-at data-changed=(field::anchor("/slug")) hidden {
                    "Look at: publishing this moves the page. Its present address, and those of all pages below it, will lead to the new ones."
                }
            }
            @if sheet.kind == Kind::RolePage {
                p { "Stands below: " @if parent.is_empty() { "nothing, it stands at the top" } @else { (sheet.reference(&parent)) } }
                (sheet.notes("/parent"))
                (field::hidden("/parent#reference", &parent))
                div.row {
                    (sheet.choose("/parent", "parent", "Choose the page above…", ""))
                    @if !parent.is_empty() { (ui::button("op", "top:/content/", "Stand at the top", "")) }
                }
            }
            (sheet.text_hint("/language", "Language", "A language tag, such as en-GB or cy"))
        }
    }
}

/// What the checks say, and a button for what can be put right without changing a word.
fn checks(sheet: &Sheet<'_>, mendable: usize) -> Markup {
    let characters = u64::try_from(mendable).unwrap_or(u64::MAX);
    html! {
        section.card #checks aria-labelledby="checks-heading" {
            h2 #checks-heading { "Checks" }
            (check_list::check_list(sheet.checks, &|check| Some(sheet.place_of(check))))
            @if mendable > 0 {
                p { (ui::button("op", "mend", &format!("Mend these {characters}"), "stray characters")) }
                p.hint { (ui::count(characters, "stray character", "stray characters")) ", such as curly apostrophes, can be put right at once. No word changes." }
            }
        }
    }
}

/// Who looks after it and when it is looked at next.
fn about(request: &PanelRequest, address: &Address, document: &Document) -> Markup {
    let standing = &document.standing;
    html! {
        section.card aria-labelledby="about-heading" {
            h2 #about-heading { "About this " (address.kind.words()) }
            dl.facts {
                dt { "Owner" } dd { @match &standing.owner { Some(owner) => (owner.name), None => "nobody" } }
                dt { "Review by" } dd { @match &standing.review_by { Some(date) => (time::day(date)), None => "not set" } }
                @if let Some(schedule) = &standing.schedule {
                    dt { "Scheduled" } dd { (schedule.action) " version " (schedule.version) ", " (time::in_full(&request.chrome.zone, schedule.at)) }
                }
            }
            p.small { a href={ (address.path()) "/ownership" } { "Change owner and review date" } }
            p.small { a href={ (address.path()) "/used-by" } { "Where it is used" } }
        }
    }
}

fn collect_ids(value: &Value, ids: &mut BTreeSet<uuid::Uuid>) {
    const KEYS: [&str; 5] = ["requirement_section", "document", "page", "parent", "related_roles"];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let texts = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
                if KEYS.contains(&key.as_str()) {
                    ids.extend(texts.iter().filter_map(|text| text.as_str()?.parse::<uuid::Uuid>().ok()));
                }
                collect_ids(value, ids);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        _ => {}
    }
}

fn embedded_ids(body: &Value) -> BTreeSet<uuid::Uuid> {
    let mut ids = BTreeSet::new();
    named_ids(body, "requirement_section", &mut ids);
    ids
}

fn media_ids(body: &Value) -> BTreeSet<MediaId> {
    let mut ids = BTreeSet::new();
    named_ids(body, "media", &mut ids);
    ids.into_iter().map(MediaId).collect()
}

fn named_ids(value: &Value, name: &str, ids: &mut BTreeSet<uuid::Uuid>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == name {
                    ids.extend(value.as_str().and_then(|text| text.parse::<uuid::Uuid>().ok()));
                }
                named_ids(value, name, ids);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named_ids(item, name, ids)),
        _ => {}
    }
}

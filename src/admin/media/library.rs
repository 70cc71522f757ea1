//! The list of the library, as a table or as a grid.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    kernel::{MediaId, Permission},
    media::{self, Listing, Media, Page, Sort},
    site::Samples,
    web::{Answer, Cursor},
};

use super::{
    super::{
        help,
        request::PanelRequest,
        ui::{
            self, Badge, Field, field, list as lists,
            shell::{Area, Chrome},
            time,
        },
    },
    address, alt, size, thumbnail, used,
};

const PATH: &str = "/admin/media";
const PAGE: u64 = 48;

/// What was asked for.
struct Asked {
    words: Option<String>,
    without_alt: bool,
    unused: bool,
    mine: bool,
    sort: Sort,
    grid: bool,
    query: String,
}

pub async fn list(mut request: PanelRequest) -> Answer {
    let words = request.query.text("q").filter(|words| !words.trim().is_empty());
    let without_alt = request.query.boolean("without_alt").unwrap_or_default();
    let unused = request.query.boolean("unused").unwrap_or_default();
    let mine = request.query.boolean("mine").unwrap_or_default();
    let sort: Sort = request.query.choice("sort").unwrap_or(Sort::AddedDown);
    let view = request.query.text("view").unwrap_or_default();
    if !matches!(view.as_str(), "" | "table" | "grid") {
        request.query.fault("view", "unknown-choice", "The library is shown as a table or as a grid.");
    }
    let cursor = request.query.cursor("cursor", sort.name());
    request.end_of_query()?;
    let asked =
        Asked { words, without_alt, unused, mine, sort, grid: view == "grid", query: request.query_text.clone() };
    let listing = Listing {
        words: asked.words.clone(),
        without_alt,
        unused,
        added_by: request.ctx.actor.user.filter(|_| mine),
        sort,
        after: cursor.map(|cursor| (cursor.key, MediaId(cursor.id))),
        limit: PAGE,
        ..Listing::default()
    };
    let page = media::list(&request.ctx, &listing).await?;
    let ids: Vec<MediaId> = page.rows.iter().map(|media| media.id).collect();
    let counts = media::use_counts(&request.ctx, &ids).await?;
    let samples = request.samples().await?;
    let may_add = request.may(Permission::MediaWrite);
    let upload = html! { @if may_add { (ui::primary_link("/admin/media/new", "Upload pictures…")) } };
    let main = html! {
        div.main {
            (ui::head("Media", html! { @if page.total > 0 { (upload) } }))
            (filters(&asked))
            (results(&request.chrome, &asked, &page, &counts, &samples, upload.clone()))
        }
    };
    Ok(request.page(Area::Media, "Media", main))
}

fn filters(asked: &Asked) -> Markup {
    let ticked = |on: bool| if on { "true" } else { "" };
    html! {
        form.filters method="get" action=(PATH) data-enhance role="search" aria-label="Pictures" {
            (field::text(&Field::new("q", "Name or alternative text").kind("search").value(asked.words.clone().unwrap_or_default())))
            (field::select(&Field::new("sort", "Order").value(asked.sort.name()), &field::options(Sort::ALL, Sort::name, sort_words)))
            (field::check(&Field::new("without_alt", "No alternative text").value(ticked(asked.without_alt))))
            (field::check(&Field::new("unused", "Not used").value(ticked(asked.unused))))
            (field::check(&Field::new("mine", "Added by me").value(ticked(asked.mine))))
            @if asked.grid { (field::hidden("view", "grid")) }
            button.button { "Filter" }
        }
    }
}

fn sort_words(sort: Sort) -> &'static str {
    match sort {
        Sort::AddedDown => "Newest first",
        Sort::AddedUp => "Oldest first",
        Sort::NameUp => "Name, A to Z",
        Sort::NameDown => "Name, Z to A",
        Sort::SizeUp => "Smallest first",
        Sort::SizeDown => "Largest first",
    }
}

fn results(
    chrome: &Chrome,
    asked: &Asked,
    page: &Page,
    counts: &BTreeMap<MediaId, u64>,
    samples: &Samples,
    upload: Markup,
) -> Markup {
    let applied = [
        ("q", asked.words.as_ref().map(|words| format!("“{words}”"))),
        ("without_alt", asked.without_alt.then(|| "no alternative text".to_owned())),
        ("unused", asked.unused.then(|| "not used".to_owned())),
        ("mine", asked.mine.then(|| "added by me".to_owned())),
    ];
    let applied: Vec<(&str, String)> = applied.into_iter().filter_map(|(name, words)| Some((name, words?))).collect();
    let next = page
        .next
        .as_ref()
        .map(|(key, id)| Cursor { order: asked.sort.name().to_owned(), key: key.clone(), id: id.0 }.encode());
    let view = |view: &str| lists::address(PATH, &asked.query, &[("view", Some(view))]);
    let sample = |media: &Media| samples.contains(media.id);
    let used_times = |media: &Media| used(counts.get(&media.id).copied().unwrap_or_default());
    html! {
        (lists::chips(PATH, &asked.query, &applied))
        @if page.total == 0 && applied.is_empty() {
            (ui::empty(
                "The pictures of your pages will be here, each with the words that describe it, so that nobody misses what a picture says.",
                help::beside(upload, &help::MEDIA),
            ))
        } @else if page.rows.is_empty() {
            (ui::empty("No picture fits.", ui::link_button(PATH, "Show all pictures")))
        } @else {
            (ui::tabs("Shown as", &[
                (view("table"), "Table".to_owned(), !asked.grid),
                (view("grid"), "Grid".to_owned(), asked.grid),
            ]))
            p.muted role="status" { (ui::count(page.total, "picture", "pictures")) }
            @if asked.grid {
                (grid(&page.rows, &used_times, &sample))
            } @else {
                (table(chrome, asked, &page.rows, &used_times, &sample))
            }
            (lists::pages(PATH, &asked.query, page.rows.len(), page.total, next.as_deref()))
        }
    }
}

fn table(
    chrome: &Chrome,
    asked: &Asked,
    rows: &[Media],
    used_times: &dyn Fn(&Media) -> String,
    sample: &dyn Fn(&Media) -> bool,
) -> Markup {
    let heading = |words, up: Sort, down: Sort| {
        lists::sorted_heading(PATH, &asked.query, words, asked.sort.name(), up.name(), down.name())
    };
    html! {
        div.table {
            table.cards.pictures-table {
                caption.vh { "Pictures of the library" }
                thead {
                    tr {
                        (heading("Name", Sort::NameUp, Sort::NameDown))
                        th scope="col" { "Alternative text" }
                        (heading("Size", Sort::SizeUp, Sort::SizeDown))
                        th scope="col" { "Use" }
                        (heading("Added", Sort::AddedUp, Sort::AddedDown))
                    }
                }
                tbody {
                    @for media in rows {
                        tr {
                            th scope="row" {
                                div.picture-name {
                                    (thumbnail(media)) a href=(address(media.id)) { (media.filename) }
                                    @if sample(media) { (Badge::sample()) }
                                }
                            }
                            td data-label="Alternative text" { (alt(media)) }
                            td.nowrap data-label="Size" { (size(media)) }
                            td data-label="Use" {
                                (used_times(media)) @if media.replaced_by.is_some() { ", replaced" }
                            }
                            td data-label="Added" {
                                (time::when(&chrome.zone, chrome.now, media.created_at)) " by " (media.created_by.name)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn grid(rows: &[Media], used_times: &dyn Fn(&Media) -> String, sample: &dyn Fn(&Media) -> bool) -> Markup {
    html! {
        ul.pictures.unmarked {
            @for media in rows {
                li.card {
                    div.picture-place { (thumbnail(media)) }
                    p { a href=(address(media.id)) { (media.filename) } @if sample(media) { " " (Badge::sample()) } }
                    p.small { (alt(media)) }
                    p.small.muted {
                        (size(media)) "; " (used_times(media)) @if media.replaced_by.is_some() { ", replaced" }
                    }
                }
            }
        }
    }
}

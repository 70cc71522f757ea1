//! One box for everything: documents of both kinds, the best first and with what was found in them; cases, images,
//! people. The palette of commands shows the same.

use maud::{Markup, html};

use crate::{
    accounts::users,
    content::{Best, FoundDocument, Passage},
    feedback::{self, CaseListing},
    kernel::Permission,
    media,
    search::Field as Part,
    web::Answer,
};

use super::{
    lists,
    request::PanelRequest,
    ui::{self, Badge, Field, field, shell::Area},
};

/// How many of each sort are shown.
const SHOWN: u64 = 10;
const WORDS_LIMIT: usize = 200;

/// What was found of one sort.
struct Group {
    heading: &'static str,
    total: u64,
    /// Where all of them stand.
    all: String,
    lines: Vec<Markup>,
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let words = request.query.text("q").unwrap_or_default().trim().to_owned();
    if words.chars().count() > WORDS_LIMIT {
        request.query.fault("q", "too-long", format!("At most {WORDS_LIMIT} characters can be searched for."));
    }
    request.end_of_query()?;
    let groups = if words.is_empty() { Vec::new() } else { found(&request, &words).await? };
    let total: u64 = groups.iter().map(|group| group.total).sum();
    let main = html! {
        div.main { div.reading.stack {
            h1 { "Search" }
            form method="get" action="/admin/search" data-enhance role="search" aria-label="Search everything" {
                div.filters {
                    (field::text(&Field::new("q", "Words, or the number of a case").kind("search").limit(WORDS_LIMIT).value(words.as_str())))
                    (ui::submit("Search"))
                }
            }
            @if !words.is_empty() { p role="status" { (ui::count(total, "thing", "things")) " found for “" (words) "”." } }
            @for group in groups.iter().filter(|group| group.total > 0) {
                section.stack-s {
                    h2 { (group.heading) " (" (group.total) ")" }
                    ul.stack-s { @for line in &group.lines { li { (line) } } }
                    @if group.total > SHOWN { p { a href=(group.all) { "See all " (group.total) span.vh { ": " (group.heading.to_lowercase()) } } } }
                }
            }
        } }
    };
    Ok(request.page(Area::None, "Search", main))
}

async fn found(request: &PanelRequest, words: &str) -> crate::kernel::Result<Vec<Group>> {
    let ctx = &request.ctx;
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    let mut groups = Vec::new();
    let best = request.best(words, usize::try_from(SHOWN).unwrap_or(usize::MAX)).await?;
    groups.extend(best.iter().map(|best| documents(best, &query)));
    if request.may(Permission::FeedbackRead) {
        let listing = CaseListing { words: Some(words.to_owned()), limit: SHOWN, ..CaseListing::default() };
        let page = feedback::cases(ctx, &listing).await?;
        let lines = page.rows.iter().map(|case| {
            html! { a href={ "/admin/cases/" (case.id) } { "#" (case.number) " " (case.title) } " " (Badge::case(case.state)) }
        });
        let all = format!("/admin/cases?{query}");
        groups.push(Group { heading: "Cases", total: page.total, all, lines: lines.collect() });
    }
    let listing = media::Listing { words: Some(words.to_owned()), limit: SHOWN, ..media::Listing::default() };
    let page = media::list(ctx, &listing).await?;
    let lines = page.rows.iter().map(|image| {
        html! { a href={ "/admin/media/" (image.id) } { (image.filename) } @if let Some(alt) = &image.alt { " " span.muted { (alt) } } }
    });
    let all = format!("/admin/media?{query}");
    groups.push(Group { heading: "Media", total: page.total, all, lines: lines.collect() });
    if request.may(Permission::UsersManage) {
        groups.push(people(request, words).await?);
    }
    Ok(groups)
}

fn documents(best: &Best, query: &str) -> Group {
    let own = format!("/admin/{}", best.kind.collection());
    Group {
        heading: lists::area(best.kind).words(),
        total: best.total,
        lines: best.found.iter().map(|found| document(&own, found)).collect(),
        all: format!("{own}?{query}"),
    }
}

fn document(own: &str, found: &FoundDocument) -> Markup {
    let row = &found.listed;
    html! {
        a href={ (own) "/" (row.id) } {
            @if row.title.trim().is_empty() { (lists::title(row)) } @else { (ui::marked(&found.title)) }
        }
        " " span.muted { (row.path.as_deref().unwrap_or(row.slug.as_str())) }
        @if let Some(Passage { field, pieces }) = &found.passage {
            div.passage.small.muted { @if let Some(place) = place(*field) { (place) ": " } (ui::marked(pieces)) }
        }
    }
}

/// Where a passage stands, unless it is the text itself.
fn place(part: Part) -> Option<&'static str> {
    Some(match part {
        Part::Title => "Title",
        Part::AlternativeTitles => "Also called",
        Part::Roles => "Role",
        Part::SearchTerms => "Search term",
        Part::Address => "Address",
        Part::Summary => "Summary",
        Part::Tasks => "Task",
        Part::Links => "Link",
        Part::Text => return None,
    })
}

/// There are few accounts; they are all looked at.
async fn people(request: &PanelRequest, words: &str) -> crate::kernel::Result<Group> {
    let sought: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let fits = |user: &users::User| {
        let text = format!("{} {}", user.name, user.email).to_lowercase();
        sought.iter().all(|word| text.contains(word))
    };
    let users: Vec<users::User> = users::list(&request.ctx).await?.into_iter().filter(fits).collect();
    let lines = users.iter().take(usize::try_from(SHOWN).unwrap_or(usize::MAX)).map(|user| {
        html! { a href={ "/admin/users/" (user.id) } { (user.name) } " " span.muted { (user.email) } }
    });
    let total = u64::try_from(users.len()).unwrap_or(u64::MAX);
    Ok(Group { heading: "People", total, all: "/admin/users".to_owned(), lines: lines.collect() })
}

//! How a document begins: its title, where it stands, and what it starts from. Nothing is made while a search on the
//! form is unanswered, so that Enter in a field to search never makes a document by accident.

use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    content::{self, Draft, Kind, Listing, Narrowing, Sort, limits},
    kernel::{DocumentId, Error, Permission, Result},
    web::{Answer, Problem},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field},
    },
    address, area,
    filters::WORDS_LIMIT,
    kind,
    table::title,
};

/// How many results a search on the form shows.
const FOUND: usize = 10;

/// What a form offers to choose from: ids and words.
type Options = Vec<(String, String)>;

pub async fn start(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    let kind = kind(&request)?;
    let like = request.query.id("like").map(DocumentId);
    let parent = request.query.id("parent").map(DocumentId);
    request.end_of_query()?;
    let mut state = FormState::new().with("template", "outline");
    if let Some(like) = like {
        let original = content::document(&request.ctx, kind, like).await?;
        let name = original.content.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        state = state.with("template", "copy").with("like", like.to_string()).with("title", format!("{name} (copy)"));
        if let Some(parent) = original.standing.parent {
            state = state.with("parent", parent.to_string());
        }
    }
    if let Some(parent) = parent {
        state = state.with("parent", parent.to_string());
    }
    draw(&request, kind, &state, false).await
}

pub async fn create(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let kind = kind(&request)?;
    let state = FormState::of(&request.form);
    let mut fields = request.form.fields(&[]);
    let name = fields.text("title", limits::TITLE_LIMIT);
    let parent = fields.id("parent").map(DocumentId);
    let template = fields.text("template", 20);
    let like = fields.id("like").map(DocumentId);
    let searches = ["parent", "like"].map(|field| {
        let words = fields.text(&format!("{field}_words"), WORDS_LIMIT);
        let answered = fields.raw_text(&format!("{field}_found")).unwrap_or_default();
        words.is_some_and(|words| words != answered.trim())
    });
    let find = fields.text("find", 20).is_some();
    if find || searches.contains(&true) {
        return match fields.finish() {
            Ok(()) => draw(&request, kind, &state, false).await,
            Err(error) => draw(&request, kind, &state.refused(error)?, true).await,
        };
    }
    if name.is_none() && !fields.has_fault("title") {
        fields.fault("title", "missing-field", "Give it a title.");
    }
    if !matches!(template.as_deref(), Some("blank" | "outline" | "copy")) {
        fields.fault("template", "unknown-choice", "Choose what it starts from.");
    }
    if template.as_deref() == Some("copy") && like.is_none() && !fields.has_fault("like") {
        fields.fault("like", "missing-field", "Find and choose what to copy.");
    }
    let made = match fields.finish() {
        Ok(()) => make(&request, kind, &name.unwrap_or_default(), parent, template.as_deref(), like).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => {
            request.app.ring();
            request.done(&format!("{}/{id}", address(kind)), "The draft has been made. Nothing is public yet.").await
        }
        Err(error) => draw(&request, kind, &state.refused(error)?, true).await,
    }
}

async fn make(
    request: &PanelRequest,
    kind: Kind,
    name: &str,
    parent: Option<DocumentId>,
    template: Option<&str>,
    like: Option<DocumentId>,
) -> Result<DocumentId> {
    let mut body = json!({ "parent": parent });
    let content = match (template, like) {
        (Some("copy"), Some(like)) => {
            let original = content::document(&request.ctx, kind, like).await.map_err(|error| match error {
                Error::NotFound(_) => Error::invalid("/like", "reference-missing", "It is not there any more."),
                other => other,
            })?;
            if let Value::Object(fields) = &mut body {
                fields.insert("language".to_owned(), original.standing.language.into());
            }
            content::copied(original.content, name)
        }
        (Some("outline"), _) => content::outline(kind, name),
        _ => json!({ "title": name }),
    };
    if let Value::Object(fields) = &mut body {
        fields.insert("content".to_owned(), content);
    }
    let draft = Draft::read(&request.ctx, kind, body)?;
    Ok(content::create(&request.ctx, kind, draft).await?.standing.id)
}

async fn draw(request: &PanelRequest, kind: Kind, state: &FormState, refused: bool) -> Answer {
    let parents = offered(request, Kind::ALL, state, "parent").await?;
    let originals = offered(request, &[kind], state, "like").await?;
    let heading = format!("New {}", kind.words());
    let main = form(kind, &heading, state, parents, originals);
    Ok::<_, Problem>(if refused {
        request.refused(area(kind), &heading, main)
    } else {
        request.page(area(kind), &heading, main)
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
    let best = request.best(words, FOUND).await?;
    for found in best.iter().filter(|best| kinds.contains(&best.kind)).flat_map(|best| &best.found) {
        let row = &found.listed;
        let id = row.id.to_string();
        if !options.iter().any(|(other, _)| *other == id) {
            let place = row.path.as_deref().unwrap_or(row.slug.as_str()).to_owned();
            options.push((id, format!("{} ({}, {place})", title(row), row.kind.words())));
        }
    }
    Ok(options)
}

/// The first documents of a kind by title.
pub fn first(kind: Kind, limit: u64) -> Listing {
    Listing {
        kind,
        draft_state: None,
        live_state: None,
        parent: None,
        owner: None,
        words: None,
        trashed: false,
        narrowing: Narrowing::default(),
        sort: Sort::TitleUp,
        after: None,
        limit,
    }
}

fn form(kind: Kind, heading: &str, state: &FormState, parents: Options, originals: Options) -> Markup {
    let own = address(kind);
    let templates = [
        ("outline", "The standard outline: headings and empty blocks to fill or remove"),
        ("blank", "Nothing: a title and an empty page"),
        ("copy", "A copy of another; everything in it is new, links stay as they are"),
    ];
    let templates: Options = templates.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    let top = (String::new(), "Nothing: it stands at the top".to_owned());
    let parents: Options = std::iter::once(top).chain(parents).collect();
    html! {
        // The button stands before the form, so that Enter in a field means it and not a search.
        div.actions {
            h1 { (heading) }
            a href=(own) { "Back to the list" }
            button.button.primary form="new" { "Make the draft" }
        }
        div.main { div.reading.stack {
            (ui::error_summary(state))
            form #new method="post" action={ (own) "/new" } {
                (field::text(&state.field("title", "Title").limit(limits::TITLE_LIMIT)))
                (field::radios(&state.field("template", "It starts from"), &templates))
                (finder(state, "like", "Copy which one", &originals, kind.words()))
                (finder(state, "parent", "It stands below", &parents, "page"))
                p.hint { "The address is made of the title and can be changed in the editor." }
            }
        } }
    }
}

/// A field to search, and what there is to choose.
fn finder(state: &FormState, name: &'static str, label: &'static str, options: &Options, sought: &str) -> Markup {
    let searched = format!("{name}_words");
    let words = state.value(&searched).trim();
    html! {
        @if !options.is_empty() { (field::radios(&state.field(name, label), options)) }
        @else if let Some(fault) = state.fault(name) { p.fault id=(field::anchor(name)) { (fault) } }
        @if !words.is_empty() && !options.iter().any(|(value, _)| !value.is_empty() && value != state.value(name)) {
            p { "No other " (sought) " holds “" (words) "”." }
        }
        div.filters {
            (field::text(&state.field(&searched, "Search").about(format!("for: {}", label.to_lowercase())).kind("search").limit(WORDS_LIMIT)))
            (field::hidden(&format!("{name}_found"), words))
            button.button name="find" value=(name) { "Find" span.vh { ": " (label.to_lowercase()) } }
        }
    }
}

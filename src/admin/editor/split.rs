//! Moving a part of a requirement section into a new one: what will move, what the new section is called, and one button.
//! What was typed in the editor is saved before one comes here.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Document, Kind, Movable, limits},
    kernel::{Error, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        document::title_of,
        form::FormState,
        request::PanelRequest,
        ui::{self, difference, field},
    },
    Address, anchor, body_of, undo, version_of, words,
};

const TITLE: &str = "Move to a new section";
/// How lines begin that say what sort of thing it is and not what it reads.
const SAID_ELSEWHERE: [&str; 6] = ["Kind: ", "Rule: ", "Category: ", "Necessity: ", "Framework: ", "Level: "];

/// Goes to the page for a button `split-off:POINTER`.
pub fn begin(address: &Address, pointer: &str) -> Answer {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", pointer).finish();
    see_other(&format!("{}/split?{query}", address.path()))
}

/// The requirement section that the address names; no other kind has parts that can be moved.
async fn opened(request: &PanelRequest) -> Result<(Address, Document)> {
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(request)?;
    if address.kind != Kind::RequirementSection {
        return Err(Error::not_found("such address"));
    }
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    Ok((address, document))
}

pub async fn show_split(mut request: PanelRequest) -> Answer {
    let pointer = request.query.text("at").unwrap_or_default();
    request.end_of_query()?;
    let (address, document) = opened(&request).await?;
    let what = content::movable(&document.content, within(&pointer))?;
    let part = part(&document, &pointer);
    let state = FormState::new().with("title", proposed(what, part));
    Ok(request.page(address.area(), TITLE, page(&address, &document, &pointer, what, &state)))
}

pub async fn split(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (address, document) = opened(&request).await?;
    let seen = version_of(&request, "version")?;
    let (pointer, title) = (request.form.value("at").to_owned(), request.form.value("title").trim().to_owned());
    let outcome = content::split_off(&request.ctx, address.id, seen, within(&pointer), &title).await;
    let error = match outcome {
        Ok(split) => {
            request.app.ring();
            let new = &split.new.standing;
            let place = if pointer.starts_with("/content/routes/") && !pointer.contains("/requirements") {
                let last = split.old.content.get("sections").and_then(Value::as_array).map_or(0, Vec::len);
                format!("/content/sections/{}", last.saturating_sub(1))
            } else {
                pointer
            };
            let said = format!("Moved into “{title}”. Both are drafts; publish them together.");
            let link = (format!("/admin/{}/{}", new.kind.collection(), new.id), "Open the new section".to_owned());
            let back = undo(&address, seen, split.old.standing.version);
            request.say(Tone::Done, said, [link, back]).await?;
            return see_other(&format!("{}#{}", address.path(), anchor(&body_of(&split.old), &place)));
        }
        Err(Error::Stale(_)) => {
            Error::invalid("", "changed-meanwhile", "Somebody saved meanwhile. Look at what will move once more.")
        }
        Err(error) => error,
    };
    let what = content::movable(&document.content, within(&pointer))?;
    let state = FormState::of(&request.form).refused(error)?;
    let main = page(&address, &document, &pointer, what, &state);
    Ok(request.page_with(StatusCode::UNPROCESSABLE_ENTITY, address.area(), &format!("Error: {TITLE}"), main))
}

/// Pointers of the editor begin outside the content.
fn within(pointer: &str) -> &str {
    pointer.strip_prefix("/content").unwrap_or_default()
}

fn part<'a>(document: &'a Document, pointer: &str) -> &'a Value {
    document.content.pointer(within(pointer)).unwrap_or(&Value::Null)
}

/// A title to start from: what the part says of itself.
fn proposed(what: Movable, part: &Value) -> String {
    let text = |key: &str| part.get(key).and_then(Value::as_str).map(|text| text.trim_end_matches(':').to_owned());
    let kind = text("kind").unwrap_or_default();
    let said = match what {
        Movable::Route => text("heading").or_else(|| {
            use content::kinds::requirement::RouteKind;

            RouteKind::from_name(&kind).map(|kind| words::route_kind(kind).to_owned())
        }),
        Movable::Node => text("lead_in").or_else(|| text("text")),
    };
    said.unwrap_or_default().chars().take(limits::TITLE_LIMIT).collect()
}

fn page(address: &Address, document: &Document, pointer: &str, what: Movable, state: &FormState) -> Markup {
    let back = format!("{}#{}", address.path(), anchor(&body_of(document), pointer));
    let is_text = |line: &String| !SAID_ELSEWHERE.iter().any(|words| line.starts_with(words));
    let lines: Vec<String> = difference::lines(part(document, pointer)).into_iter().filter(is_text).collect();
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(back.clone(), title_of(document).to_owned())]))
            h1 { (TITLE) }
            (ui::error_summary(state))
            p {
                "A new requirement section is made, and “" (title_of(document)) "” refers to it. "
                @match what {
                    Movable::Node => { "The requirements stand where they stood, and other sections can use them, too." }
                    Movable::Route => { "The way in leaves this list of ways in; the new section stands in full at the end, and pages can embed it by itself." }
                }
            }
            form method="post" action={ (address.path()) "/split" } {
                (field::hidden("at", pointer))
                (field::hidden("version", &document.standing.version.to_string()))
                (field::text(&state.field("title", "Title of the new section").limit(limits::TITLE_LIMIT)))
                section.stack-s aria-labelledby="moves" {
                    h2 #moves { "What will move" }
                    @if lines.is_empty() { p { "It is empty." } }
                    @else { ul { @for line in &lines { li { (line) } } } }
                }
                div.buttons { (ui::submit("Make the new section")) a href=(back) { "Back without moving" } }
            }
        } }
    }
}

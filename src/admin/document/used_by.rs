//! Who refers to a document: embeds it, shows its card, links to it; in drafts and on the live line.

use maud::html;

use crate::{
    content::{self, Kind, Use},
    kernel::Permission,
    web::{Answer, Cursor},
};

use super::{
    super::{
        help,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, list, words},
    },
    Opened, Tab, address, document_head, title_of, titled,
};

/// How many documents a page of the list shows.
const PAGE: usize = 50;
const ORDER: &str = "title";

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let cursor = request.query.cursor("cursor", ORDER);
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let after = cursor.map(|cursor| (cursor.key, cursor.id));
    let found = content::uses_page(&request.ctx, opened.kind, opened.id, after, PAGE).await?;
    let next = found.next.clone().map(|(key, id)| Cursor { order: ORDER.to_owned(), key, id }.encode());
    let mut shown: Vec<_> = found.uses.iter().map(|one| one.id).collect();
    shown.dedup();
    let head = document_head(&request, &document, Tab::UsedBy).await?;
    let main = html! {
        (head)
        div.main.stack {
            @if found.documents == 0 {
                (ui::empty("Nothing refers to it. Pages that embed it, show its card or link to it stand here, so that you know whom a change reaches.", help::beside(ui::link_button("/admin/role-pages", "Go to the role pages"), &help::WHERE_USED)))
            } @else {
                div.table { table.cards {
                    caption { "What refers to it" }
                    thead { tr { th scope="col" { "Title" } th scope="col" { "Kind" } th scope="col" { "How" } th scope="col" { "Where" } th scope="col" { "Address" } } }
                    tbody { @for one in &found.uses { (row(one)) } }
                } }
                @if opened.kind == Kind::RequirementSection && request.may(Permission::ContentWrite) {
                    p { a.tap href={ "/admin/replace?what=section&old=" (opened.id) } { "Replace it by another section…" } }
                }
                (list::pages(&request.path, &request.query_text, shown.len(), found.documents, next.as_deref()))
            }
        }
    };
    Ok(request.page(opened.area(), &format!("Where used: {}", title_of(&document)), main))
}

fn row(one: &Use) -> maud::Markup {
    let kind = Kind::from_name(&one.kind);
    html! {
        tr {
            th scope="row" {
                @match kind {
                    Some(kind) => { a href=(address(kind, one.id, "")) { (titled(&one.title)) } }
                    None => { (titled(&one.title)) }
                }
            }
            td data-label="Kind" { @if let Some(kind) = kind { (words::kind(kind)) } }
            td data-label="How" { (how(&one.role)) }
            td data-label="Where" {
                @if one.line == "live" { (Badge::new(Look::Good, "Live")) } @else { (Badge::new(Look::Working, "Draft")) }
            }
            td data-label="Address" { @if let Some(path) = &one.live_path { code { (path) } } @else { "Not live" } }
        }
    }
}

fn how(role: &str) -> &'static str {
    match role {
        "embed" => "Embeds it",
        "tree" => "Its tree stands in a tree",
        "related" => "A related role",
        "link" => "A link",
        "text" => "A link in the text",
        "own_page" => "The page of a role",
        _ => "An image",
    }
}

//! How a site is connected: where it reads, the report form to paste, keys, and which sites are known. What is to be
//! taken elsewhere stands in fields that can be selected whole, with a pointer or with keys.

use maud::{Markup, html};

use crate::{kernel::Permission, web::Answer};

use super::{
    request::PanelRequest,
    ui::{self, Badge, badge::Look, shell::Area},
};

pub const ADDRESS: &str = "/admin/connect";
const TITLE: &str = "Connect a site";

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let public = request.app.public_url.as_str();
    let origins = request.app.site_origins.as_slice();
    let main = html! {
        div.main { div.reading.stack {
            h1 { (TITLE) }
            p { "A front-end site reads what is published as JSON, and sends back what its visitors report. Three steps connect one." }
            h2 { "1. Read what is published" }
            p { "Everybody can read it, without a key. Start with the list of pages:" }
            div.field {
                label for="f-fetch" { "Fetch the role pages" }
                input.secret #f-fetch type="text" readonly value={ "curl " (public) "/api/v1/role-pages" } autocomplete="off";
            }
            p { a href="/api/docs" { "The contract" } " says what each address answers, and lets you try it." }
            h2 { "2. Show the report form on each page" }
            p {
                "Put this below the text of each page. " code { "PAGE_TOKEN" } " stands in the JSON of the page, at "
                code { "feedback.page_token" } ": with it you see the page as the visitor saw it, and whether a fix held."
            }
            div.field {
                label for="f-form" { "Report form" }
                textarea.secret #f-form rows="24" readonly spellcheck="false" { (form(public)) }
            }
            p {
                "It works without its script, too. With it, people stay on your page, and point at the passage that they mean: give each passage "
                code { "data-block" } " with the id of its block or section. Where the form goes without script, a field " code { "return_to" }
                " with an address of your site brings people back there."
            }
            (known(origins))
            h2 { "3. Give programs a key" }
            p { "Only programs that write, or that read drafts, need one. It acts for the person who owns it." }
            div.row {
                (ui::link_button("/admin/api-keys/new", "Make a key…"))
                a.tap href="/admin/api-keys" { "The keys there are" }
                @if request.may(Permission::WebhooksManage) { a.tap href="/admin/webhooks" { "Webhooks: be told of changes" } }
            }
        } }
    };
    Ok(request.page(Area::Administration, TITLE, main))
}

fn known(origins: &[String]) -> Markup {
    html! {
        @if origins.is_empty() {
            p { (Badge::new(Look::Warning, "No site is known")) " The form works all the same. So that scripts of your site may send reports and visitors are brought back to it, start the server with " code { "--site-origins https://your.site" } "." }
        } @else {
            p { "Scripts of these sites may send reports, and visitors can be brought back to them: " @for (position, origin) in origins.iter().enumerate() { @if position > 0 { ", " } code { (origin) } } "." }
        }
    }
}

/// A form that works as it is, without script and without style; the script makes more of it.
fn form(public: &str) -> String {
    format!(
        r#"<script type="module" src="{public}/api/v1/report-form.js"></script>
<rolebook-report>
  <form method="post" action="{public}/api/v1/reports">
    <input type="hidden" name="page_token" value="PAGE_TOKEN">
    <fieldset>
      <legend>Make a comment or report a problem with this page</legend>
      <p><label><input type="radio" name="kind" value="problem" checked> Something is wrong</label></p>
      <p><label><input type="radio" name="kind" value="accessibility"> Something is hard to use or to read</label></p>
      <p><label><input type="radio" name="kind" value="comment"> A comment</label></p>
      <p><label><input type="radio" name="kind" value="praise"> Something is good</label></p>
    </fieldset>
    <p><label for="report-doing">What were you doing?</label></p>
    <p><textarea id="report-doing" name="doing" rows="3"></textarea></p>
    <p><label for="report-wrong">What went wrong?</label></p>
    <p><textarea id="report-wrong" name="wrong" rows="3"></textarea></p>
    <p hidden><label>Leave this empty <input name="website" autocomplete="off"></label></p>
    <p>Please do not write anything personal, such as names, addresses or numbers.</p>
    <button>Send</button>
  </form>
</rolebook-report>"#
    )
}

//! What sites read, what they show of drafts, and what their visitors send.

use rolebook::{
    content::{self, LinkEmbeds, NewPreviewLink},
    kernel::{Actor, Door, Timestamp, VersionNumber},
};
use serde_json::{Value, json};

use super::{documents::Made, recorder::Play};
use crate::support::{Client, drafts::summed, drafts::titled, id_of};

pub async fn pages(play: &mut Play, made: &Made) {
    let public = play.app.nobody();
    let list = play.ask("get_api_role_pages").with("sort", "title").with("route", "apprenticeship");
    list.with("max_level", "RQF:2").with("fields", json!(["alternative_titles"])).with("limit", 2).answers(200).await;
    let list = play.ask("get_api_requirement_sections").with("updated_since", "2026-11-01T00:00:00Z");
    list.with("limit", 1).answers(200).await;
    play.ask("get_api_role_pages_by_page").with("page", "ict-support-technician").answers(200).await;
    play.ask("get_api_requirement_sections_by_page").with("page", made.section.clone()).answers(200).await;
    play.ask("get_api_role_pages_by_page_json_ld").with("page", "ict-support-technician").answers(200).await;
    play.ask("get_api_search").with("q", "suport tech").with("kind", "role-page").answers(200).await;
    let page = public.get("/api/v1/role-pages/ict-support-technician").await.ok();
    let source = page["lead_image"]["sources"][0]["src"].as_str().unwrap().to_owned();
    play.ask("get_media_by_key").with("key", source.rsplit('/').next().unwrap()).answers(200).await;
}

/// Pages that are where they are, that moved, and that were taken away.
pub async fn addresses(play: &mut Play) {
    let ada = play.ada.clone();
    play.ask("get_api_content_by_path").with("path", "ict").answers(200).await;
    let mut porter = summed(titled("Porter"));
    let path = ada.publish_new("role-pages", &porter).await;
    porter["slug"] = "hospital-porter".into();
    ada.save(&path, &porter).await.ok();
    ada.step(&path, "publish", &json!({ "note": "Under the name that readers know." })).await.ok();
    play.ask("get_api_content_by_path").with("path", "porter").answers(301).await;
    let path = ada.publish_new("role-pages", &summed(titled("Telegraphist"))).await;
    let gone = json!({ "decision": "gone", "explanation": "Nobody does this work any more." });
    ada.step(&path, "unpublish", &gone).await.ok();
    play.ask("get_api_content_by_path").with("path", "telegraphist").answers(410).await;
    play.ask("get_api_paths").with("limit", 4).answers(200).await;
    let first = ada.get("/api/v1/changes?limit=1").await.ok();
    play.ask("get_api_changes").with("since", first["cursor"].clone()).with("limit", 2).answers(200).await;
}

/// What a version that is not published looks like, to whoever has a link to it.
pub async fn previews(play: &mut Play, made: &Made) {
    let ada = play.ada.clone();
    let draft = json!({ "slug": "ict", "content": { "title": "Digital and technology", "title_article": "none",
        "summary": "The people who keep the computers of a health service running." } });
    ada.save(&made.area, &draft).await.ok();
    let holder = linked(play, content::Kind::RolePage, &id_of(&made.area), 2).await;
    play.ask("get_preview_role_pages_by_page").by(&holder).with("page", "ict").answers(200).await;
    play.ask("get_preview_content_by_path").by(&holder).with("path", "ict").answers(200).await;
    let section = ada.create("requirement-sections", &summed(titled("Working at height"))).await;
    let holder = linked(play, content::Kind::RequirementSection, &id_of(&section), 1).await;
    let page = play.ask("get_preview_requirement_sections_by_page").by(&holder);
    page.with("page", "working-at-height").answers(200).await;
}

/// Somebody with a link to a version.
async fn linked(play: &Play, kind: content::Kind, id: &str, version: i32) -> Client {
    let mut actor = Actor::system("test");
    actor.user = play.ada.user;
    let ctx = play.app.app.ctx(actor, Door::Admin);
    let new = NewPreviewLink { version: VersionNumber(version), embedded: LinkEmbeds::Drafts, days: 7, note: None };
    let made = content::make_preview_link(&ctx, kind, id.parse().unwrap(), new).await.unwrap();
    Client { key: Some(made.secret), ..play.app.nobody() }
}

/// From the report to what its visitor adds.
pub async fn reports(play: &mut Play, made: &Made) {
    let public = play.app.nobody();
    let page = public.get("/api/v1/role-pages/ict-support-technician").await.ok();
    let block = page["sections"][0]["blocks"][0]["id"].clone();
    let report = json!({
        "page_token": page["feedback"]["page_token"], "block": block, "kind": "problem",
        "doing": "I was looking for a first job.", "wrong": "It does not say whether I need a driving licence.",
    });
    let receipt = play.ask("post_api_reports").sends(report).answers(202).await.ok();
    play.app.clock.advance(Timestamp::MINUTE);
    let form = json!({ "document": made.page, "kind": "comment", "wrong": "The photograph is very dark.", "return_to": "https://site.example/thanks" });
    play.ask("post_api_reports").sends_form(form).answers(303).await;
    play.ask("options_api_reports").answers(204).await;
    play.ask("get_api_reports_css").answers(200).await;
    play.ask("get_api_report_form_js").answers(200).await;
    let [secret, reference] = {
        let mut steps = receipt["receipt_url"].as_str().unwrap().rsplit('/').map(Value::from);
        [steps.next().unwrap(), steps.next().unwrap()]
    };
    let progress = play.ask("get_api_reports_by_reference_by_secret").with("reference", reference.clone());
    progress.with("secret", secret.clone()).answers(200).await;
    let operation = "post_api_reports_by_reference_by_secret";
    let detail = json!({ "text": "The job advert asked for one." });
    let more = play.ask(operation).with("reference", reference.clone()).with("secret", secret.clone());
    more.sends(detail).answers(200).await;
    let more = play.ask(operation).with("reference", reference.clone()).with("secret", secret.clone());
    more.sends_form(json!({ "text": "It was an advert of October." })).answers(200).await;
    let empty = play.ask(operation).with("reference", reference).with("secret", secret);
    empty.sends(json!({ "text": "" })).answers(422).await;
}

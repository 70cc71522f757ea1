//! The library of images, and the desk at which reports are worked on.

use rolebook::kernel::Timestamp;
use serde_json::{Value, json};

use super::{documents::Made, recorder::Play};
use crate::support::{drafts::summed, drafts::titled, id_of, uploads::picture};

const ALT: &str = "A technician opens the case of a computer.";

/// An image from its upload on. Answers its id.
pub async fn images(play: &mut Play) -> Value {
    let file = picture(640, 427, 90);
    let made =
        play.ask("post_manage_media").sends_file("technician.png", file, &[("alt", ALT)]).answers(201).await.ok();
    let id = made["id"].clone();
    play.ask("get_manage_media").with("q", "technician").with("limit", 1).answers(200).await;
    play.ask("get_manage_media_by_id").of(&id).answers(200).await;
    let change = json!({ "caption": "At work in the server room", "credit": "A. Mensah", "focal_point": { "x": 0.4, "y": 0.5 } });
    play.ask("patch_manage_media_by_id").of(&id).sends(change).answers(200).await;
    let key = made["renditions"][0]["key"].clone();
    play.ask("get_manage_media_by_id_files_by_key").of(&id).with("key", key).answers(200).await;
    let other = play.ada.upload("mistake.png", 20, 20, "").await;
    play.ask("delete_manage_media_by_id").with("id", other).answers(204).await;
    id
}

/// An image that pages use gives way to another one.
pub async fn replaced(play: &mut Play, image: &Value) {
    play.ask("get_manage_media_by_id_used_by").of(image).answers(200).await;
    let file = picture(640, 427, 160);
    let alt = &[("alt", "Two technicians at an open computer.")];
    play.ask("post_manage_media_by_id_replace").of(image).sends_file("technicians.png", file, alt).answers(201).await;
}

/// A report that looks like spam and is none, and what is done to reports.
pub async fn reports(play: &mut Play, made: &Made) {
    let wrong = "The page says £24,000. My colleague Jo Bloggs of ward 7 is paid more.";
    send(play, made, wrong).await;
    let list = play.ada.get("/manage/v1/reports?kind=accessibility").await.ok();
    let id = list["data"][0]["id"].clone();
    let list = play.ask("get_manage_reports").with("kind", "accessibility").with("quarantined", false);
    list.with("limit", 1).answers(200).await;
    play.ask("get_manage_reports_export").with("format", "json").with("kind", "accessibility").answers(200).await;
    play.ask("get_manage_reports_by_id").of(&id).answers(200).await;
    play.ask("post_manage_reports_by_id_quarantine").of(&id).sends(json!({})).answers(200).await;
    play.ask("post_manage_reports_by_id_release").of(&id).sends(json!({})).answers(200).await;
    let redaction = json!({ "field": "wrong", "text": "Jo Bloggs", "reason": "about_somebody_else" });
    let redacted = play.ask("post_manage_reports_by_id_redact").of(&id).sends(redaction).answers(200).await.ok();
    let back = json!({ "taken_out": redacted["taken_out"][0]["id"] });
    play.ask("post_manage_reports_by_id_put_back").of(&id).sends(back).answers(200).await;
    play.ask("get_manage_accessibility").answers(200).await;
    play.ask("get_manage_retention").with("report_text_days", 90).answers(200).await;
    let case = play.ada.get("/manage/v1/cases?limit=100").await.ok();
    let cases = case["data"].as_array().unwrap();
    let other = cases.iter().find(|case| case["title"].as_str().unwrap().contains("photograph")).unwrap();
    play.ask("post_manage_reports_by_id_move").of(&id).sends(json!({ "case": other["id"] })).answers(200).await;
    play.ask("post_manage_reports_by_id_erase").of(&id).sends(json!({})).answers(204).await;
}

async fn send(play: &mut Play, made: &Made, wrong: &str) {
    play.app.clock.advance(10 * Timestamp::MINUTE);
    let report = json!({ "document": made.page, "kind": "accessibility", "wrong": wrong });
    play.app.nobody().post("/api/v1/reports", &report).await.ok();
}

/// A case from the first look to its end, and into another one.
pub async fn cases(play: &mut Play) {
    let ada = play.ada.clone();
    let page = ada.publish_new("role-pages", &summed(titled("Cook"))).await;
    for wrong in ["The hours are out of date", "It says nothing about uniforms"] {
        play.app.clock.advance(10 * Timestamp::MINUTE);
        let report = json!({ "document": page.rsplit('/').next(), "kind": "problem", "wrong": wrong });
        play.app.nobody().post("/api/v1/reports", &report).await.ok();
    }
    let listed = play.ask("get_manage_cases").with("state", json!(["new"])).with("q", "hours").answers(200).await.ok();
    let id = listed["data"][0]["id"].clone();
    play.ask("get_manage_cases_by_id").of(&id).answers(200).await;
    let change = json!({
        "title": "Hours of cooks", "assignee": ada.user,
        "severity": "high", "category": "out_of_date", "labels": ["Hours", "catering"],
    });
    play.ask("patch_manage_cases_by_id").of(&id).sends(change).answers(200).await;
    play.ask("post_manage_cases_by_id_open").of(&id).sends(json!({})).answers(200).await;
    play.ask("post_manage_cases_by_id_start").of(&id).sends(json!({})).answers(200).await;
    let note = json!({ "text": "The catering manager knows the hours." });
    play.ask("post_manage_cases_by_id_notes").of(&id).sends(note).answers(200).await;
    let until = json!({ "until": "2026-12-01T09:00:00Z" });
    play.ask("post_manage_cases_by_id_wait").of(&id).sends(until).answers(200).await;
    play.ask("post_manage_cases_by_id_resume").of(&id).sends(json!({})).answers(200).await;
    let answered = json!({ "resolution": "answered", "reason": "The hours are those of the new contract." });
    play.ask("post_manage_cases_by_id_resolve").of(&id).sends(answered).answers(200).await;
    let again = json!({ "reason": "Another reader asks the same." });
    play.ask("post_manage_cases_by_id_reopen").of(&id).sends(again).answers(200).await;
    let other = ada.get("/manage/v1/cases?q=uniforms").await.ok()["data"][0]["id"].clone();
    play.ask("post_manage_cases_by_id_merge").of(&id).sends(json!({ "into": other })).answers(200).await;
    play.ask("post_manage_cases_by_id_unmerge").of(&id).sends(json!({})).answers(200).await;
    let dismissed = json!({ "reason": "out_of_scope", "text": "Hours are set by each hospital." });
    play.ask("post_manage_cases_by_id_dismiss").of(&id).sends(dismissed).answers(200).await;
    play.ask("post_manage_cases_by_id_undo").of(&id).sends(json!({})).answers(200).await;
    play.ask("post_manage_cases_by_id_fix").of(&id).sends(json!({})).answers(200).await;
    let path = format!("/manage/v1/cases/{}", other.as_str().unwrap());
    ada.step(&format!("/manage/v1/cases/{}", id.as_str().unwrap()), "merge", &json!({ "into": other })).await.ok();
    let reports = json!([ada.get(&path).await.ok()["reports"][0]["id"]]);
    play.ask("post_manage_cases_by_id_split").of(&other).sends(json!({ "reports": reports })).answers(200).await;
    told(play, &page, &other).await;
    play.ask("get_manage_cases_by_id_events").of(&id).with("limit", 2).answers(200).await;
}

/// What the public reads of a fix.
async fn told(play: &mut Play, page: &str, case: &Value) {
    let ada = play.ada.clone();
    ada.set(&json!({ "tell_fixes": true })).await.ok();
    let path = format!("/manage/v1/cases/{}", case.as_str().unwrap());
    ada.step(&path, "resolve", &json!({ "resolution": "fixed", "document": id_of(page), "version": 1 })).await.ok();
    let told = json!({ "text": "The hours are those of the new contract." });
    play.ask("put_manage_cases_by_id_what_changed").of(case).sends(told).answers(200).await;
    play.ask("get_api_role_pages_by_page_what_changed").with("page", "cook").answers(200).await;
    let section = ada.publish_new("requirement-sections", &summed(titled("Food hygiene"))).await;
    let operation = "get_api_requirement_sections_by_page_what_changed";
    play.ask(operation).with("page", id_of(&section)).with("limit", 5).answers(200).await;
}

/// How often a page was looked at.
pub async fn views(play: &mut Play, made: &Made) {
    let views = json!({ "views": [{ "document": made.page, "day": "2026-11-21", "views": 1_840 }] });
    play.ask("put_manage_views").sends(views).answers(200).await;
}

/// A visitor who left an address is answered, and what became of the letter.
pub async fn answers(play: &mut Play, made: &Made) {
    play.app.clock.advance(10 * Timestamp::MINUTE);
    let wrong = "The link to the union leads nowhere.";
    let report =
        json!({ "document": made.page, "kind": "problem", "wrong": wrong, "contact_email": "lee@mail.example" });
    play.app.nobody().post("/api/v1/reports", &report).await.ok();
    let report = play.ada.get("/manage/v1/reports?limit=1").await.ok()["data"][0].clone();
    let (case, report) = (report["case"].clone(), report["id"].clone());
    let kept = json!({ "title": "It is mended", "text": "Thank you for telling us. “{page}” is right now." });
    let id = play.ask("post_manage_saved_replies").sends(kept).answers(201).await.ok()["id"].clone();
    play.ask("get_manage_saved_replies").answers(200).await;
    play.ask("get_manage_saved_replies_by_id").of(&id).answers(200).await;
    let kept = json!({ "title": "It is mended", "text": "Thank you. “{page}” is right now: {receipt}" });
    play.ask("put_manage_saved_replies_by_id").of(&id).sends(kept.clone()).answers(200).await;
    let reply = json!({ "report": report, "text": kept["text"] });
    play.ask("post_manage_cases_by_id_replies").of(&case).sends(reply).answers(200).await;
    play.app.send_mail().await;
    play.ask("get_manage_cases_by_id_replies").of(&case).answers(200).await;
    play.ask("delete_manage_saved_replies_by_id").of(&id).answers(204).await;
    let test = play.ask("post_manage_mail_test").sends(json!({})).answers(201).await.ok()["id"].clone();
    play.app.send_mail().await;
    play.ask("get_manage_mail").with("state", "sent").with("limit", 1).answers(200).await;
    play.ask("get_manage_mail_by_id").of(&test).answers(200).await;
    play.ask("get_manage_mail_by_id_attempts").of(&test).answers(200).await;
    play.ask("post_manage_mail_by_id_send_again").of(&test).sends(json!({})).answers(200).await;
    let lin = play.app.person("Lin Park", &[rolebook::kernel::Role::Triager]).await;
    let path = format!("/manage/v1/cases/{}", case.as_str().unwrap());
    lin.step(&path, "notes", &json!({ "text": "@Ada Mensah, is that the right union?" })).await.ok();
    play.ask("get_manage_mentions").answers(200).await;
    play.ask("post_manage_cases_by_id_mentions_seen").of(&case).sends(json!({})).answers(204).await;
}

/// What the desk has come to.
pub async fn figures(play: &mut Play) {
    play.ask("get_manage_trends").with("weeks", 2).answers(200).await;
    let file = play.ask("get_manage_cases_export").with("format", "json").with("state", json!(["resolved"]));
    file.answers(200).await;
}

//! Documents from their first version to the purge, step by step, of either kind.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::recorder::Play;
use crate::support::{Client, drafts::summed, drafts::titled, id_of};

/// A kind of content as operations are named after it, and where its documents are.
#[derive(Clone, Copy)]
pub struct Kind {
    name: &'static str,
    collection: &'static str,
}

pub const KINDS: [Kind; 2] = [
    Kind { name: "role_pages", collection: "role-pages" },
    Kind { name: "requirement_sections", collection: "requirement-sections" },
];

/// What is published before anything else happens.
pub struct Made {
    pub area: String,
    pub page: Value,
    pub section: Value,
}

impl Kind {
    /// An operation on the whole collection.
    fn all(self, method: &str) -> String {
        format!("{method}_manage_{}", self.name)
    }

    /// An operation on one document.
    fn one(self, method: &str) -> String {
        format!("{method}_manage_{}_by_id", self.name)
    }

    fn step(self, verb: &str) -> String {
        format!("post_manage_{}_by_id_{verb}", self.name)
    }

    fn under(self, what: &str) -> String {
        format!("get_manage_{}_by_id_{what}", self.name)
    }
}

/// A page with all that a page usually has, and a requirement section in it.
pub async fn made(play: &mut Play, image: &Value) -> Made {
    let ada = play.ada.clone();
    let [pages, sections] = KINDS;
    let made = play.ask(&sections.all("post")).sends(section()).answers(201).await;
    let section = made.json()["id"].clone();
    ada.step(made.header("location"), "publish", &json!({})).await.ok();
    let area = json!({ "slug": "ict", "content": {
        "title": "Information and communication technology", "title_article": "none",
        "summary": "The people who keep the computers of a health service running.",
    } });
    let area = ada.publish_new("role-pages", &area).await;
    let made = play.ask(&pages.all("post")).sends(page(&id_of(&area), &section, image)).answers(201).await;
    let page = made.json()["id"].clone();
    ada.step(made.header("location"), "publish", &json!({})).await.ok();
    play.ask(&pages.one("get")).of(&page).answers(200).await;
    play.ask(&sections.one("get")).of(&section).answers(200).await;
    play.ask(&pages.under("used_by")).of(&id_of(&area).into()).answers(200).await;
    play.ask(&sections.under("used_by")).of(&section).answers(200).await;
    Made { area, page, section }
}

fn section() -> Value {
    json!({ "slug": "digital-apprenticeship", "content": {
        "title": "Digital apprenticeship",
        "summary": "How to start as an apprentice.",
        "routes": [{
            "kind": "apprenticeship",
            "requirements": { "kind": "group", "rule": "at_least", "count": 1, "lead_in": "You'll usually need at least one of:", "items": [
                { "kind": "requirement", "text": "4 GCSEs at grade 4, with English and maths", "category": "qualification", "necessity": "usually",
                    "qualification": { "name": "GCSE", "level": { "framework": "RQF", "level": "2" }, "grade": "4", "count_minimum": 4 } },
                { "kind": "requirement", "text": "a year of relevant work", "category": "experience", "necessity": "usually" },
            ] },
            "links": [{ "text": "Find an apprenticeship", "url": "https://www.gov.uk/apply-apprenticeship" }],
        }],
        "skills": ["solving problems"],
    } })
}

fn page(area: &str, section: &Value, image: &Value) -> Value {
    json!({ "slug": "ict-support-technician", "parent": area, "content": {
        "title": "ICT support technician",
        "title_article": "an",
        "alternative_titles": ["IT technician"],
        "summary": "ICT support technicians set up and maintain the computers that a health service runs on.",
        "lead_image": { "media": image, "alt": "A technician opens the case of a computer" },
        "sections": [
            { "heading": "Working life", "blocks": [{ "kind": "text", "markdown": "You'll **set up** computers and put them right when they fail." }] },
            { "heading": "How to become one", "blocks": [{ "kind": "requirements", "requirement_section": section }] },
        ],
        "learn_more": [{ "text": "NHS Jobs", "url": "https://www.jobs.nhs.uk/" }],
        "facts": {
            "occupation_codes": [{ "scheme": "uk-soc", "scheme_version": "2020", "code": "3132", "label": "IT user support technicians", "primary": true }],
            "tasks": ["installing new computers", "finding faults"],
            "pay": { "kind": "range", "minimum": 24000, "maximum": 30000, "currency": "GBP", "period": "year", "as_of": "2026-04-01" },
        },
    } })
}

/// Everything that can be done with one small document.
pub async fn work(play: &mut Play, kind: Kind) {
    let ada = play.ada.clone();
    let [eve, rae] = people(play, kind).await;
    let title = if kind.name == "role_pages" { "Network technician" } else { "Basic checks" };
    let mut first = summed(titled(title));
    first["content"]["sections"] = json!([{ "heading": "Good to know", "blocks": [
        { "kind": "text", "markdown": "Bring a proof of who you are, e.g. a passport." },
    ] }]);
    let path = eve.create(kind.collection, &first).await;
    let id: Value = id_of(&path).into();

    let mark = ada.get(&path).await.ok()["checks"][0]["mark"].clone();
    let looked_at = json!({ "findings": [{ "mark": mark, "reason": "Everybody here says it so." }] });
    play.ask(&kind.step("look_at")).of(&id).sends(looked_at).answers(200).await;
    play.ask(&kind.step("submit"))
        .of(&id)
        .sends(json!({ "note": "Please look at the last paragraph." }))
        .answers(200)
        .await;
    let changes = json!({ "note": "That belongs on the page about joining." });
    play.ask(&kind.step("request_changes")).by(&rae).of(&id).sends(changes).answers(200).await;
    let mut saved = summed(titled(title));
    saved["note"] = "Without the passport.".into();
    play.ask(&kind.one("put")).by(&eve).of(&id).sends(saved.clone()).answers(200).await;
    stale(play, kind, &id, saved).await;
    ada.step(&path, "submit", &json!({})).await.ok();
    play.ask(&kind.step("approve")).by(&rae).of(&id).sends(json!({ "note": "It reads well." })).answers(200).await;
    let first = json!({ "change": "major", "note": "The first publication." });
    play.ask(&kind.step("publish")).of(&id).sends(first).answers(200).await;
    ada.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();

    reading(play, kind, &id).await;
    let owner = json!({ "owner": ada.user, "review_by": "2027-05-20" });
    play.ask(&kind.one("patch")).of(&id).sends(owner).answers(200).await;
    let confirmed = json!({ "review_by": "2027-11-22", "note": "Checked against the job adverts of this month." });
    play.ask(&kind.step("confirm")).of(&id).sends(confirmed).answers(200).await;
    ada.save(&path, &summed(titled(&format!("{title}, revised")))).await.ok();
    let schedule =
        json!({ "action": "publish", "at": "2026-12-01T09:00:00Z", "change": "minor", "note": "The new name." });
    play.ask(&kind.step("schedule")).of(&id).sends(schedule).answers(200).await;
    play.ask(&kind.step("unschedule")).of(&id).sends(json!({ "action": "publish" })).answers(200).await;
    play.ask(&kind.step("discard")).of(&id).sends(json!({})).answers(200).await;
    play.ask(&kind.step("restore")).of(&id).sends(json!({ "version": 1, "note": "As it began." })).answers(200).await;
    let forced =
        json!({ "reason": "Readers were told something wrong.", "change": "minor", "note": "Corrected at once." });
    play.ask(&kind.step("force_publish")).of(&id).sends(forced).answers(200).await;
    suppressed(play, kind, &path, &id).await;
    leaving(play, kind, &path, &id).await;
}

/// Somebody who writes and somebody who reviews, with reviews asked for.
async fn people(play: &mut Play, kind: Kind) -> [Client; 2] {
    play.ada.set(&json!({ "review_role_pages": "on", "review_requirement_sections": "on" })).await.ok();
    // A person has a hand in one of the kinds only.
    let names = if kind.name == "role_pages" { ["Eve Adler", "Rae Kaur"] } else { ["Ben Sato", "Mia Lund"] };
    let eve = play.app.person(names[0], &[Role::Editor]).await;
    let rae = play.app.person(names[1], &[Role::Reviewer]).await;
    [eve, rae]
}

/// A write that started from a version that somebody else has replaced since, in the same place.
async fn stale(play: &mut Play, kind: Kind, id: &Value, mut saved: Value) {
    saved["content"]["summary"] = "Another summary of the same page.".into();
    play.ask(&kind.one("put")).of(id).sends(saved).seeing("\"1\"").refused(412).await;
}

async fn reading(play: &mut Play, kind: Kind, id: &Value) {
    play.ask(&kind.all("get")).with("live_state", "live").with("q", "sentence").with("limit", 2).answers(200).await;
    play.ask(&kind.under("versions")).of(id).with("limit", 1).answers(200).await;
    play.ask(&kind.under("versions_by_version")).of(id).with("version", 2).answers(200).await;
    play.ask(&kind.under("compare")).of(id).with("from", 1).with("to", 2).answers(200).await;
    play.ask(&kind.under("events")).of(id).with("limit", 2).answers(200).await;
}

/// A past publication is taken out of what `as_of` can show.
async fn suppressed(play: &mut Play, kind: Kind, path: &str, id: &Value) {
    play.app.clock.advance(Timestamp::MINUTE);
    play.ask(&kind.under("publications")).of(id).answers(200).await;
    let publications = play.ada.get(&format!("{path}/publications")).await.ok();
    let past = publications["data"].as_array().unwrap().iter().find(|one| !one["until"].is_null()).unwrap();
    let reason = json!({ "reason": "It named a member of staff." });
    let operation = format!("post_manage_{}_by_id_publications_by_publication_suppress", kind.name);
    play.ask(&operation).of(id).with("publication", past["id"].clone()).sends(reason).answers(204).await;
}

async fn leaving(play: &mut Play, kind: Kind, path: &str, id: &Value) {
    let wrong = json!({ "explanation": "We are checking what this says about pay." });
    play.ask(&kind.step("withdraw")).of(id).sends(wrong).answers(200).await;
    play.ask(&kind.step("reinstate")).of(id).sends(json!({})).answers(200).await;
    let gone = json!({ "decision": "gone", "explanation": "Nobody does this work any more." });
    play.ask(&kind.step("unpublish")).of(id).sends(gone).answers(200).await;
    play.ask(&kind.step("trash")).of(id).sends(json!({})).answers(200).await;
    play.ask(&kind.step("untrash")).of(id).sends(json!({})).answers(200).await;
    play.ada.seeing(path, Method::POST, &format!("{path}/trash"), &json!({})).await.ok();
    play.ask(&kind.step("purge")).of(id).sends(json!({})).answers(204).await;
}

/// Several documents at once: a page and a section that go live together.
pub async fn together(play: &mut Play) {
    let ada = play.ada.clone();
    let section = ada.create("requirement-sections", &summed(titled("Driving licence"))).await;
    let page = json!({ "content": { "title": "Driver", "summary": "Drivers bring what is needed to where it is needed.",
        "sections": [{ "heading": "What you need", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] } });
    let page = ada.create("role-pages", &page).await;
    let documents = [&section, &page].map(|path| json!({ "id": id_of(path), "version": 1 }));
    let sent = json!({ "documents": documents, "change": "major", "note": "A page with its requirements." });
    play.ask("post_manage_publish").sends(sent).answers(200).await;
}

//! The changes feed and the past: every event names exactly the documents whose JSON it changed.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    drafts::{below, embedding, relating, titled},
    id_of,
};

/// A site with somebody who publishes, where review is off.
async fn site() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    (app, pat)
}

async fn feed(app: &TestApp, since: Option<&str>) -> Value {
    let query = since.map(|cursor| format!("?since={cursor}")).unwrap_or_default();
    app.nobody().get(&format!("/api/v1/changes{query}")).await.ok()
}

/// The changes that a step makes to the feed.
async fn changes_of(app: &TestApp, step: impl Future<Output = Answer>) -> Vec<Value> {
    let before = feed(app, None).await;
    step.await.ok();
    feed(app, before["cursor"].as_str()).await["data"].as_array().unwrap().clone()
}

/// A set of ids.
fn ids(paths: &[&String]) -> BTreeSet<String> {
    paths.iter().map(|path| id_of(path)).collect()
}

fn affected(changes: &[Value]) -> BTreeSet<String> {
    let all = changes.iter().flat_map(|change| change["affected"].as_array().unwrap());
    all.map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn types(changes: &[Value]) -> Vec<&str> {
    changes.iter().map(|change| change["type"].as_str().unwrap()).collect()
}

/// Saves and publishes, as one.
async fn renew(pat: &Client, path: &str, body: &Value) -> Answer {
    pat.save(path, body).await.ok();
    pat.step(path, "publish", &json!({})).await
}

/// A section whose tree refers to others.
fn composed(title: &str, sections: &[&str]) -> Value {
    let items: Vec<Value> = sections.iter().map(|id| json!({ "kind": "section", "requirement_section": id })).collect();
    json!({ "content": { "title": title, "requirements": { "kind": "group", "rule": "all_of", "items": items } } })
}

/// A section with one requirement.
fn requiring(title: &str, text: &str) -> Value {
    let requirement = json!({ "kind": "requirement", "text": text, "category": "licence", "necessity": "required" });
    json!({ "content": { "title": title, "requirements": requirement } })
}

#[tokio::test]
async fn an_entry_has_its_keys_in_their_order() {
    let (app, pat) = site().await;
    let section = pat.create("requirement-sections", &titled("Driving")).await;
    pat.step(&section, "publish", &json!({ "note": "Level corrected.", "change": "minor" })).await.ok();
    let page = pat.publish_new("role-pages", &titled("Driver")).await;
    let old = pat.publish_new("role-pages", &titled("Old role")).await;
    app.clock.advance(Timestamp::HOUR);
    let leave = json!({ "decision": "redirect", "redirect_to": "/driver", "explanation": "Merged." });
    pat.step(&old, "unpublish", &leave).await.ok();
    renew(&pat, &page, &json!({ "slug": "van-driver", "content": { "title": "Driver" } })).await.ok();
    let feed = app.nobody().get("/api/v1/changes").await;
    assert_eq!((feed.header("cache-control"), feed.header("access-control-allow-origin")), ("no-store", "*"));
    let feed = feed.ok();
    assert_eq!(feed.as_object().unwrap().keys().collect::<Vec<_>>(), ["data", "cursor", "more"]);
    let data = feed["data"].as_array().unwrap();
    let keys = |entry: &Value| entry.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&data[0]), "sequence at type document version change note affected");
    assert_eq!(keys(&data[0]["document"]), "id kind path");
    let expected = json!({
        "sequence": data[0]["sequence"], "at": "2026-11-22T09:00:00Z", "type": "published",
        "document": { "id": id_of(&section), "kind": "requirement-section", "path": "/driving" },
        "version": 1, "change": "minor", "note": "Level corrected.", "affected": [id_of(&section)],
    });
    assert_eq!(data[0], expected);
    assert_eq!(types(data), ["published", "published", "published", "unpublished", "published", "moved"]);
    assert_eq!(data[1]["change"], "major", "unless another is named");
    let unpublished = json!({
        "sequence": data[3]["sequence"], "at": "2026-11-22T10:00:00Z", "type": "unpublished",
        "document": { "id": id_of(&old), "kind": "role-page", "path": "/old-role" },
        "explanation": "Merged.", "decision": "redirect", "redirect_to": "/driver", "affected": [id_of(&old)],
    });
    assert_eq!(data[3], unpublished);
    assert_eq!(keys(&data[3]), "sequence at type document explanation decision redirect_to affected");
    assert_eq!((&data[5]["from"], &data[5]["to"]), (&json!("/driver"), &json!("/van-driver")));
    assert_eq!(data[4]["document"]["path"], "/van-driver");
    let sequences: Vec<i64> = data.iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect();
    assert!(sequences.is_sorted_by(|before, after| before < after), "{sequences:?}");
}

#[tokio::test]
async fn the_feed_is_read_in_pages_without_gaps_or_repetitions() {
    let (app, pat) = site().await;
    for number in 0..7 {
        let path = pat.publish_new("role-pages", &titled(&format!("Porter {number}"))).await;
        pat.save(&path, &titled("A draft of no concern to the public")).await.ok();
    }
    let whole = feed(&app, None).await;
    assert_eq!((whole["data"].as_array().unwrap().len(), &whole["more"]), (7, &json!(false)));
    let mut found = Vec::new();
    let mut address = "/api/v1/changes?limit=3".to_owned();
    loop {
        let page = app.nobody().get(&address).await.ok();
        found.extend(page["data"].as_array().unwrap().clone());
        address = format!("/api/v1/changes?limit=3&since={}", page["cursor"].as_str().unwrap());
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(json!(found), whole["data"]);
    let end = app.nobody().get(&address).await.ok();
    assert_eq!((&end["data"], &end["cursor"]), (&json!([]), &whole["cursor"]));
    for wrong in ["x", "1", ".1", "a.-1", "a.b"] {
        app.nobody().get(&format!("/api/v1/changes?since={wrong}")).await.problem(400);
    }
}

#[tokio::test]
async fn a_cursor_of_another_epoch_starts_again() {
    let (app, pat) = site().await;
    pat.publish_new("role-pages", &titled("Porter")).await;
    let before = feed(&app, None).await;
    let ctx = app.system();
    let tx = ctx.write().await.unwrap();
    rolebook::site::renew_epoch(&tx, &ctx).await.unwrap();
    tx.commit(()).await.unwrap();
    let cursor = before["cursor"].as_str().unwrap();
    let problem = app.nobody().get(&format!("/api/v1/changes?since={cursor}")).await.problem(410);
    assert_eq!(problem["type"], "/problems/resync");
    let after = feed(&app, None).await;
    assert_eq!(after["data"], before["data"]);
    assert_ne!(after["cursor"], before["cursor"]);
    feed(&app, after["cursor"].as_str()).await;
}

#[tokio::test]
async fn a_waiting_question_is_answered_by_the_next_change() {
    let (app, pat) = site().await;
    let path = pat.create("role-pages", &titled("Porter")).await;
    let cursor = feed(&app, None).await["cursor"].as_str().unwrap().to_owned();
    let visitor = app.nobody();
    let address = format!("/api/v1/changes?wait=30&since={cursor}");
    let nothing = json!({});
    let (waited, _) = tokio::join!(visitor.get(&address), pat.step(&path, "publish", &nothing));
    assert_eq!(waited.ok()["data"][0]["document"]["id"], id_of(&path));
}

#[tokio::test]
async fn publishing_a_shared_section_changes_everything_that_embeds_it() {
    let (app, pat) = site().await;
    let shared = pat.publish_new("requirement-sections", &requiring("Driving", "a driving licence")).await;
    let composed = pat.publish_new("requirement-sections", &composed("Transport", &[&id_of(&shared)])).await;
    let mut embedders = Vec::new();
    for number in 0..4 {
        let page = embedding(&format!("Driver {number}"), &[&id_of(&shared)]);
        embedders.push(pat.publish_new("role-pages", &page).await);
    }
    let indirect = pat.publish_new("role-pages", &embedding("Courier", &[&id_of(&composed)])).await;
    pat.publish_new("role-pages", &relating("Porter", &[&id_of(&indirect)])).await;
    pat.create("role-pages", &embedding("A draft", &[&id_of(&shared)])).await;
    let changes = changes_of(&app, renew(&pat, &shared, &requiring("Driving", "a clean driving licence"))).await;
    let mut expected = ids(&embedders.iter().collect::<Vec<_>>());
    expected.extend(ids(&[&shared, &composed, &indirect]));
    assert_eq!((types(&changes), affected(&changes)), (vec!["published"], expected));
    let page = app.nobody().get("/api/v1/role-pages/courier").await.ok();
    assert!(page.to_string().contains("a clean driving licence"));
}

#[tokio::test]
async fn a_card_that_changes_changes_whatever_shows_it() {
    let (app, pat) = site().await;
    let shown = pat.publish_new("role-pages", &titled("Porter")).await;
    let below_it = pat.publish_new("role-pages", &below("Night porter", &id_of(&shown))).await;
    let related = pat.publish_new("role-pages", &relating("Nurse", &[&id_of(&shown)])).await;
    let in_text =
        json!({ "content": { "title": "Moving", "introduction": format!("See [porters](ref:{}).", id_of(&shown)) } });
    let section = pat.publish_new("requirement-sections", &in_text).await;
    let embedder = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    let learn_more =
        json!({ "content": { "title": "Cook", "learn_more": [{ "text": "Porter", "document": id_of(&shown) }] } });
    let linking = pat.publish_new("role-pages", &learn_more).await;
    pat.publish_new("role-pages", &titled("Unrelated")).await;
    let inner = json!({ "slug": "porter", "content": { "title": "Porter", "search_terms": ["trolley"] } });
    let changes = changes_of(&app, renew(&pat, &shown, &inner)).await;
    assert_eq!(affected(&changes), ids(&[&shown]), "its card is the same");
    let changes = changes_of(&app, renew(&pat, &shown, &titled("Hospital porter"))).await;
    // A link leads to the same address whatever stands there.
    assert!(affected(&changes).is_superset(&ids(&[&shown, &below_it, &related])), "{changes:?}");
    let moved = json!({ "slug": "hospital-porter", "content": { "title": "Hospital porter" } });
    let changes = changes_of(&app, renew(&pat, &shown, &moved)).await;
    assert_eq!(types(&changes), ["published", "moved", "moved"]);
    assert_eq!(affected(&changes), ids(&[&shown, &below_it, &related, &section, &embedder, &linking]));
}

#[tokio::test]
async fn a_move_changes_what_moves_with_it_and_what_shows_that() {
    let (app, pat) = site().await;
    let top = pat.publish_new("role-pages", &titled("Top")).await;
    let low = pat.publish_new("role-pages", &below("Low", &id_of(&top))).await;
    let section = pat.publish_new("requirement-sections", &below("Driving", &id_of(&low))).await;
    let shows_low = pat.publish_new("role-pages", &relating("Shows low", &[&id_of(&low)])).await;
    let embeds = pat.publish_new("role-pages", &embedding("Embeds", &[&id_of(&section)])).await;
    pat.publish_new("role-pages", &titled("Unrelated")).await;
    let moved = json!({ "slug": "summit", "content": { "title": "Top" } });
    let changes = changes_of(&app, renew(&pat, &top, &moved)).await;
    assert_eq!(types(&changes), ["published", "moved", "moved", "moved"]);
    assert_eq!(affected(&changes), ids(&[&top, &low, &section, &shows_low, &embeds]));
}

#[tokio::test]
async fn a_first_and_a_last_embed_change_the_used_by_of_the_section() {
    let (app, pat) = site().await;
    let inner = pat.publish_new("requirement-sections", &requiring("Driving", "a driving licence")).await;
    let outer = pat.publish_new("requirement-sections", &composed("Transport", &[&id_of(&inner)])).await;
    let page = pat.publish_new("role-pages", &titled("Driver")).await;
    let changes = changes_of(&app, renew(&pat, &page, &embedding("Driver", &[&id_of(&outer)]))).await;
    assert_eq!(affected(&changes), ids(&[&page, &outer, &inner]));
    let used_by = |path: String, app: TestApp| async move {
        let shown = app.nobody().get(&format!("/api/v1/requirement-sections/{}", id_of(&path))).await.ok();
        (shown["used_by"].as_array().unwrap().len(), app)
    };
    let (count, app) = used_by(inner.clone(), app).await;
    assert_eq!(count, 1, "through the other section");
    let again = json!({ "content": { "title": "Driver", "summary": "Drives.", "sections": embedding("", &[&id_of(&outer)])["content"]["sections"] } });
    let changes = changes_of(&app, renew(&pat, &page, &again)).await;
    assert_eq!(affected(&changes), ids(&[&page, &outer, &inner]), "the card in used_by shows the summary");
    let changes = changes_of(&app, renew(&pat, &page, &titled("Driver"))).await;
    assert_eq!(affected(&changes), ids(&[&page, &outer, &inner]));
    let (count, app) = used_by(inner.clone(), app).await;
    assert_eq!(count, 0);
    let changes = changes_of(&app, renew(&pat, &page, &titled("Van driver"))).await;
    assert_eq!(affected(&changes), ids(&[&page]));
}

#[tokio::test]
async fn withdrawing_and_confirming_change_what_shows_them() {
    let (app, pat) = site().await;
    let section = pat.publish_new("requirement-sections", &requiring("Driving", "a driving licence")).await;
    let page = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    let related = pat.publish_new("role-pages", &relating("Porter", &[&id_of(&page)])).await;
    let explanation = json!({ "explanation": "The law changed." });
    let nothing = json!({});
    let changes = changes_of(&app, pat.step(&section, "withdraw", &explanation)).await;
    assert_eq!((types(&changes), affected(&changes)), (vec!["withdrawn"], ids(&[&section, &page])));
    assert_eq!(changes[0]["explanation"], "The law changed.");
    let changes = changes_of(&app, pat.step(&section, "reinstate", &nothing)).await;
    assert_eq!((types(&changes), affected(&changes)), (vec!["reinstated"], ids(&[&section, &page])));
    let changes = changes_of(&app, pat.step(&page, "withdraw", &explanation)).await;
    assert_eq!(affected(&changes), ids(&[&page, &section, &related]), "its card goes from used_by and related roles");
    let changes = changes_of(&app, pat.step(&page, "reinstate", &nothing)).await;
    assert_eq!(affected(&changes), ids(&[&page, &section, &related]));
    let changes = changes_of(&app, pat.step(&section, "confirm", &nothing)).await;
    assert_eq!((types(&changes), affected(&changes)), (vec!["confirmed"], ids(&[&section])));
    let gone = json!({ "decision": "gone" });
    let changes = changes_of(&app, pat.step(&page, "unpublish", &gone)).await;
    assert_eq!((types(&changes), affected(&changes)), (vec!["unpublished"], ids(&[&page, &section, &related])));
}

#[tokio::test]
async fn a_date_by_which_to_review_is_public_and_so_is_its_change() {
    let (app, pat) = site().await;
    let page = pat.publish_new("role-pages", &titled("Porter")).await;
    let date = json!({ "review_by": "2027-05-20" });
    let changes = changes_of(&app, pat.at(Method::PATCH, &page, 1, &date)).await;
    assert_eq!((types(&changes), affected(&changes)), (vec!["review_date_changed"], ids(&[&page])));
    assert_eq!(changes[0]["document"]["path"], "/porter");
    let owner = json!({ "owner": null });
    assert!(changes_of(&app, pat.at(Method::PATCH, &page, 1, &owner)).await.is_empty(), "owners are not public");
}

/// Every live document's JSON by id, without what changes with each event.
async fn live_json(app: &TestApp) -> BTreeMap<String, Value> {
    let paths = app.nobody().get("/api/v1/paths").await.ok();
    let mut found = BTreeMap::new();
    for row in paths["data"].as_array().unwrap() {
        if row["document"].is_null() {
            continue;
        }
        let mut page = app.nobody().get(&format!("/api/v1/content{}", row["path"].as_str().unwrap())).await.ok();
        page["feedback"]["page_token"] = Value::Null;
        page["updated_at"] = Value::Null;
        found.insert(page["id"].as_str().unwrap().to_owned(), page);
    }
    found
}

/// Numbers that look like chance and are the same for a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }

    fn some<'a>(&mut self, from: &'a [String], most: usize) -> Vec<&'a str> {
        let count = self.below(most + 1);
        let chosen: BTreeSet<&str> = (0..count).map(|_| from[self.below(from.len())].as_str()).collect();
        chosen.into_iter().collect()
    }
}

/// Documents of both kinds, and commands on them as chance will have it.
struct Play {
    app: TestApp,
    pat: Client,
    numbers: Numbers,
    pages: Vec<String>,
    sections: Vec<String>,
    turn: usize,
}

impl Play {
    async fn begin(seed: u64) -> Self {
        let (app, pat) = site().await;
        let (mut pages, mut sections) = (Vec::new(), Vec::new());
        for number in 0..6 {
            pages.push(id_of(&pat.create("role-pages", &titled(&format!("Page {number}"))).await));
        }
        for number in 0..4 {
            sections.push(id_of(
                &pat.publish_new("requirement-sections", &requiring(&format!("Section {number}"), "a licence")).await,
            ));
        }
        Self { app, pat, numbers: Numbers(seed), pages, sections, turn: 0 }
    }

    fn address(&mut self) -> String {
        let number = self.numbers.below(self.pages.len() + self.sections.len());
        match self.sections.get(number) {
            Some(id) => format!("/manage/v1/requirement-sections/{id}"),
            None => format!("/manage/v1/role-pages/{}", self.pages[number - self.sections.len()]),
        }
    }

    /// Content that refers to others in every way there is.
    fn content(&mut self, path: &str) -> Value {
        let own = id_of(path);
        let title = format!("Title {}", self.numbers.below(8));
        let slug = match self.numbers.below(3) {
            0 => json!(format!("slug-{}", self.numbers.below(30))),
            _ => Value::Null,
        };
        let parent = match self.numbers.below(3) {
            0 => json!(self.pages[self.numbers.below(self.pages.len())]),
            _ => Value::Null,
        };
        let all: Vec<String> = self.pages.iter().chain(&self.sections).cloned().collect();
        let text: String = self.numbers.some(&all, 2).iter().map(|id| format!("See [this](ref:{id}). ")).collect();
        let links: Vec<Value> =
            self.numbers.some(&all, 2).iter().map(|id| json!({ "text": "More", "document": id })).collect();
        let content = if path.contains("role-pages") {
            let embedded = self.numbers.some(&self.sections, 2);
            let embedded: Vec<Value> =
                embedded.iter().map(|id| json!({ "kind": "requirements", "requirement_section": id })).collect();
            let page = self.numbers.some(&self.pages, 1).first().map_or(Value::Null, |id| json!(id));
            let mut blocks = vec![json!({ "kind": "text", "markdown": format!("Words. {text}") })];
            blocks.push(json!({ "kind": "roles", "roles": [{ "title": "Role", "markdown": "Works.", "page": page }] }));
            blocks.extend(embedded);
            let related: Vec<&str> = self.numbers.some(&self.pages, 2).into_iter().filter(|id| *id != own).collect();
            json!({ "title": title, "summary": "Summary.", "sections": [{ "heading": "Section", "blocks": blocks }],
                "related_roles": related, "learn_more": links })
        } else {
            let mut items = vec![
                json!({ "kind": "requirement", "text": "a licence", "category": "licence", "necessity": "required" }),
            ];
            // Only towards the front, so that most saves make no circle.
            let position = self.sections.iter().position(|id| *id == own).unwrap();
            if position > 0 {
                let others = self.numbers.some(&self.sections[..position], 1);
                items.extend(others.iter().map(|id| json!({ "kind": "section", "requirement_section": id })));
            }
            json!({ "title": title, "introduction": format!("Words. {text}"), "sections": [],
                "routes": [{ "kind": "direct", "further_information": "Apply.", "links": links }],
                "requirements": { "kind": "group", "rule": "all_of", "items": items } })
        };
        json!({ "slug": slug, "parent": parent, "content": content })
    }

    /// One command, possible or not.
    async fn turn(&mut self) -> (String, StatusCode) {
        self.turn += 1;
        self.app.clock.advance(Timestamp::DAY);
        let path = self.address();
        let (name, answer) = match self.numbers.below(16) {
            0..=5 => {
                let body = self.content(&path);
                let saved = self.pat.save(&path, &body).await;
                assert!(saved.status.is_success() || saved.status == StatusCode::UNPROCESSABLE_ENTITY, "{saved:?}");
                ("save and publish", self.pat.step(&path, "publish", &json!({})).await)
            }
            6..=8 => {
                let mut documents = Vec::new();
                for path in BTreeSet::from([path.clone(), self.address(), self.address(), self.address()]) {
                    let body = self.content(&path);
                    self.pat.save(&path, &body).await;
                    let version = self.pat.get(&path).await.ok()["version"].clone();
                    documents.push(json!({ "id": id_of(&path), "version": version }));
                }
                ("publish together", self.pat.post("/manage/v1/publish", &json!({ "documents": documents })).await)
            }
            9 => ("publish", self.pat.step(&path, "publish", &json!({})).await),
            10 => ("withdraw", self.pat.step(&path, "withdraw", &json!({ "explanation": "Wrong." })).await),
            11 => ("reinstate", self.pat.step(&path, "reinstate", &json!({})).await),
            12 => ("confirm", self.pat.step(&path, "confirm", &json!({ "review_by": "2030-01-01" })).await),
            13 => {
                let version = self.pat.get(&path).await.ok()["version"].as_i64().unwrap();
                let date = format!("2031-01-{:02}", self.turn % 28 + 1);
                ("review date", self.pat.at(Method::PATCH, &path, version, &json!({ "review_by": date })).await)
            }
            14 => {
                let body = json!({ "decision": "gone", "children": "unpublish" });
                ("unpublish", self.pat.step(&path, "unpublish", &body).await)
            }
            _ => {
                let decision = if self.numbers.below(2) == 0 { "hidden" } else { "gone" };
                ("unpublish", self.pat.step(&path, "unpublish", &json!({ "decision": decision })).await)
            }
        };
        let expected = answer.status.is_success() || matches!(answer.status.as_u16(), 409 | 422);
        assert!(expected, "{name} {path}: {answer:?}");
        (format!("{name} {path}"), answer.status)
    }
}

#[tokio::test]
async fn events_name_exactly_the_documents_whose_json_they_changed() {
    for seed in 0..3 {
        let mut play = Play::begin(seed).await;
        let mut before = live_json(&play.app).await;
        let mut cursor = feed(&play.app, None).await["cursor"].as_str().unwrap().to_owned();
        let mut done = 0;
        for turn in 0..60 {
            let (command, status) = play.turn().await;
            let after = live_json(&play.app).await;
            let page = feed(&play.app, Some(&cursor)).await;
            cursor = page["cursor"].as_str().unwrap().to_owned();
            let named = affected(page["data"].as_array().unwrap());
            let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            let changed: BTreeSet<String> =
                all.into_iter().filter(|id| before.get(*id) != after.get(*id)).cloned().collect();
            let what = || format!("seed {seed}, turn {turn}: {command} {status}\n{:#}", page["data"]);
            assert_eq!(
                changed.difference(&named).collect::<Vec<_>>(),
                Vec::<&String>::new(),
                "changed, not named; {}",
                what()
            );
            assert_eq!(
                named.difference(&changed).collect::<Vec<_>>(),
                Vec::<&String>::new(),
                "named, not changed; {}",
                what()
            );
            done += usize::from(!named.is_empty());
            before = after;
        }
        assert!(done >= 20, "the play is worth it: {done}");
    }
}

#[tokio::test]
async fn the_past_shows_publications_with_the_sections_of_their_time() {
    let (app, pat) = site().await;
    let section = pat.publish_new("requirement-sections", &requiring("Driving", "licence 1")).await;
    let page = pat.publish_new("role-pages", &embedding("Driver 1", &[&id_of(&section)])).await;
    let mut expected = vec![(0, "Driver 1", "licence 1")];
    for (hour, page_title, licence) in
        [(1, "Driver 1", "licence 2"), (2, "Driver 2", "licence 2"), (3, "Driver 2", "licence 3")]
    {
        app.clock.advance(Timestamp::HOUR);
        let (before_page, before_licence) = (expected[expected.len() - 1].1, expected[expected.len() - 1].2);
        if before_page != page_title {
            renew(&pat, &page, &embedding(page_title, &[&id_of(&section)])).await.ok();
        }
        if before_licence != licence {
            renew(&pat, &section, &requiring("Driving", licence)).await.ok();
        }
        expected.push((hour, page_title, licence));
    }
    let at = |time: String| {
        let (visitor, id) = (app.nobody(), id_of(&page));
        async move { visitor.get(&format!("/api/v1/role-pages/{id}?as_of={time}")).await }
    };
    for (hour, page_title, licence) in &expected {
        for minutes in ["00:00", "00:00.001", "59:59.999"] {
            let time = format!("2026-11-22T{:02}:{minutes}Z", 9 + hour);
            let past = at(time.clone()).await.ok();
            let text = past["sections"][0]["blocks"][0]["requirement_section"]["requirements"]["text"].clone();
            assert_eq!((&past["title"], &text), (&json!(page_title), &json!(licence)), "{time}");
        }
    }
    at("2026-11-22T08:59:59.999Z".to_owned()).await.problem(404);
    at("yesterday".to_owned()).await.problem(400);
    let future = at("2030-01-01T00:00:00Z".to_owned()).await.ok();
    assert_eq!(future["title"], "Driver 2");

    let publications = pat.get(&format!("{section}/publications")).await.ok();
    let second = publications["data"].as_array().unwrap().iter().find(|one| one["version"] == 2).unwrap()["id"].clone();
    let address = format!("{section}/publications/{}/suppress", second.as_str().unwrap());
    let reason = json!({ "reason": "It named a person." });
    let refused = pat.seeing(&section, Method::POST, &address, &reason).await;
    assert_eq!(refused.problem(403)["permission"], "content:suppress");
    let ada = app.administrator().await;
    assert_eq!(ada.seeing(&section, Method::POST, &address, &reason).await.status, StatusCode::NO_CONTENT);
    assert!(!at("2026-11-22T10:30:00Z".to_owned()).await.text().contains("licence 2"), "nor where it was embedded");
    let visitor = app.nobody();
    let own = format!("/api/v1/requirement-sections/{}", id_of(&section));
    visitor.get(&format!("{own}?as_of=2026-11-22T10:30:00Z")).await.problem(404);
    assert!(visitor.get(&format!("{own}?as_of=2026-11-22T09:30:00Z")).await.ok().to_string().contains("licence 1"));
    let present = publications["data"][0]["id"].as_str().unwrap();
    let address = format!("{section}/publications/{present}/suppress");
    let problem = ada.seeing(&section, Method::POST, &address, &reason).await.problem(409);
    assert_eq!(problem["type"], "/problems/still-live");
}

#[tokio::test]
async fn the_past_holds_only_what_the_public_may_read_now() {
    let (app, pat) = site().await;
    let shown = pat.publish_new("role-pages", &titled("Shown")).await;
    let page = pat.publish_new("role-pages", &relating("Page", &[&id_of(&shown)])).await;
    app.clock.advance(Timestamp::HOUR);
    pat.step(&shown, "unpublish", &json!({ "decision": "gone" })).await.ok();
    let address = |path: &str| format!("/api/v1/role-pages/{}?as_of=2026-11-22T09:30:00Z", id_of(path));
    app.nobody().get(&address(&shown)).await.problem(404);
    assert_eq!(app.nobody().get(&address(&page)).await.ok()["related_roles"], json!([]));
    app.clock.advance(Timestamp::HOUR);
    pat.step(&shown, "publish", &json!({})).await.ok();
    assert_eq!(app.nobody().get(&address(&shown)).await.ok()["title"], "Shown");
    assert_eq!(app.nobody().get(&address(&page)).await.ok()["related_roles"][0]["id"], id_of(&shown));
    let between = format!("/api/v1/role-pages/{}?as_of=2026-11-22T10:30:00Z", id_of(&shown));
    app.nobody().get(&between).await.problem(404);
}

#[tokio::test]
async fn the_past_shows_notices_paths_and_review_dates_as_they_stood() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &titled("Porter")).await;
    app.clock.advance(Timestamp::HOUR);
    pat.step(&path, "withdraw", &json!({ "explanation": "Wrong." })).await.ok();
    app.clock.advance(Timestamp::HOUR);
    pat.step(&path, "reinstate", &json!({})).await.ok();
    pat.step(&path, "confirm", &json!({ "review_by": "2027-01-01" })).await.ok();
    app.clock.advance(Timestamp::HOUR);
    renew(&pat, &path, &json!({ "slug": "mover", "content": { "title": "Porter" } })).await.ok();
    for (time, notice, review_by, address) in [
        ("09:30", Value::Null, Value::Null, "/porter"),
        ("10:30", json!("Wrong."), Value::Null, "/porter"),
        ("11:30", Value::Null, json!("2027-01-01"), "/porter"),
        ("12:30", Value::Null, json!("2027-01-01"), "/mover"),
    ] {
        let query = format!("/api/v1/role-pages/{}?as_of=2026-11-22T{time}:00Z", id_of(&path));
        let past = app.nobody().get(&query).await.ok();
        assert_eq!(
            (&past["notice"], &past["review_by"], &past["path"]),
            (&notice, &review_by, &json!(address)),
            "{time}"
        );
    }
}

#[tokio::test]
async fn an_etag_changes_exactly_when_the_bytes_do() {
    for seed in 100..102 {
        let mut play = Play::begin(seed).await;
        let mut seen: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
        for _ in 0..30 {
            play.turn().await;
            let visitor = play.app.nobody();
            let mut addresses: Vec<String> = play.pages.iter().map(|id| format!("/api/v1/role-pages/{id}")).collect();
            addresses.extend(play.sections.iter().map(|id| format!("/api/v1/requirement-sections/{id}")));
            addresses
                .extend(["/api/v1/role-pages", "/api/v1/requirement-sections", "/api/v1/paths"].map(str::to_owned));
            for address in addresses {
                let answer = visitor.get(&address).await;
                if answer.status == StatusCode::NOT_FOUND {
                    seen.remove(&address);
                    continue;
                }
                let etag = answer.header("etag").to_owned();
                assert!(etag.starts_with('"'), "a strong one: {etag}");
                if let Some((old, bytes)) = seen.get(&address) {
                    assert_eq!(*old == etag, *bytes == answer.body, "{address}");
                    let asked = visitor.send(Method::GET, &address, &[("if-none-match", old.as_str())], "").await;
                    let same = *bytes == answer.body;
                    assert_eq!(asked.status, if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, "{address}");
                    assert_eq!(asked.header("etag"), etag);
                    assert!(!same || asked.body.is_empty());
                }
                seen.insert(address, (etag, answer.body));
            }
        }
    }
}

/// Every address under which something stands, or stood.
fn addresses(play: &Play, paths: &Value) -> Vec<String> {
    let pages = play.pages.iter().map(|id| format!("/api/v1/role-pages/{id}"));
    let sections = play.sections.iter().map(|id| format!("/api/v1/requirement-sections/{id}"));
    let structured = play.pages.iter().map(|id| format!("/api/v1/role-pages/{id}/json-ld"));
    let listed = paths["data"].as_array().unwrap().iter();
    let at_paths = listed.map(|one| format!("/api/v1/content{}", one["path"].as_str().unwrap()));
    let lists = [
        "/api/v1/role-pages",
        "/api/v1/role-pages?sort=-updated_at&fields=sections",
        "/api/v1/requirement-sections",
        "/api/v1/paths",
    ];
    pages.chain(sections).chain(structured).chain(at_paths).chain(lists.map(str::to_owned)).collect()
}

#[tokio::test]
async fn what_is_kept_is_always_what_would_be_read_now() {
    let mut kept = 0;
    for seed in 10..12 {
        let mut play = Play::begin(seed).await;
        for turn in 0..25 {
            let (command, _) = play.turn().await;
            // An instance that has kept nothing yet.
            let fresh = play.app.beside().await;
            let paths = fresh.nobody().get("/api/v1/paths").await.ok();
            for address in addresses(&play, &paths) {
                for encoding in ["identity", "gzip", "br"] {
                    let headers = [("accept-encoding", encoding)];
                    let here = play.app.nobody().send(Method::GET, &address, &headers, Body::empty()).await;
                    let there = fresh.nobody().send(Method::GET, &address, &headers, Body::empty()).await;
                    let what = format!("seed {seed}, turn {turn}, after {command}: {address} as {encoding}");
                    assert_eq!((here.status, &here.body), (there.status, &there.body), "{what}");
                    for header in ["etag", "last-modified", "surrogate-key", "content-encoding", "location"] {
                        assert_eq!(here.headers.get(header), there.headers.get(header), "{what}: {header}");
                    }
                }
            }
            kept += play.app.app.answers.size().1;
        }
    }
    assert!(kept > 500, "much was kept all the time: {kept}");
}

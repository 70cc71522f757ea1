//! Saving by itself, as the script of an open editor does it: changed fields only, two people at once, late and repeated
//! requests, an ended session. Whatever happens on the way, no text that somebody typed is gone.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{
    Browser,
    html::{fields_of, unescape, with},
};
use crate::support::{Answer, Client, TestApp};

const TITLE: &str = "/content/title";
const SUMMARY: &str = "/content/summary";
const TEXT: &str = "/content/sections/0/blocks/0/markdown";
const HEADING: &str = "/content/sections/0/heading";

/// An editor that is open in a browser: what it was drawn with, and what its script knows.
struct Page {
    browser: Browser,
    path: String,
    page: String,
    version: String,
    heard: String,
    sequence: u32,
    /// What stands in each field.
    fields: BTreeMap<String, String>,
    /// What was last said to be saved of it.
    known: BTreeMap<String, String>,
}

impl Page {
    async fn open(mut browser: Browser, path: &str, number: u32) -> Self {
        let fields = read(&mut browser, path).await;
        let version = fields["version"].clone();
        let page = format!("018f0000-0000-7000-8000-{number:012}");
        let path = path.to_owned();
        Self { browser, path, page, heard: version.clone(), version, sequence: 0, known: fields.clone(), fields }
    }

    fn type_in(&mut self, name: &str, text: &str) {
        self.fields.insert(name.to_owned(), text.to_owned());
    }

    /// The fields of the next save: what changed, with what stood there before.
    fn body(&mut self) -> Vec<(String, String)> {
        self.sequence += 1;
        let mut body = vec![
            ("page".to_owned(), self.page.clone()),
            ("sequence".to_owned(), self.sequence.to_string()),
            ("version".to_owned(), self.version.clone()),
            ("heard".to_owned(), self.heard.clone()),
        ];
        for (name, text) in &self.fields {
            let known = &self.known[name];
            if text != known {
                body.push((name.clone(), text.clone()));
                body.push((format!("was:{name}"), known.clone()));
            }
        }
        body
    }

    async fn send(&mut self, body: &[(String, String)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(body).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-fragment", "autosave")];
        self.browser.send(Method::POST, &self.path, &headers, body).await
    }

    /// Saves what changed; of what is saved the page knows so from then on.
    async fn save(&mut self) -> Answer {
        let body = self.body();
        let answer = self.send(&body).await;
        self.hear(&answer, &body);
        answer
    }

    fn hear(&mut self, answer: &Answer, body: &[(String, String)]) {
        if answer.status != StatusCode::OK {
            return;
        }
        for (name, text) in body.iter().filter(|(name, _)| name.starts_with('/')) {
            self.known.insert(name.clone(), text.clone());
        }
        let page = answer.text();
        let said = attribute(&page, "data-version=\"");
        let others = page.contains("data-others");
        if !others && self.version == self.heard {
            self.version.clone_from(&said);
        }
        self.heard = said;
    }

    /// Draws the page again: fields in which nobody has typed show what is stored now, the others keep their text.
    async fn refresh(&mut self) {
        let fresh = read(&mut self.browser, &self.path).await;
        self.version.clone_from(&fresh["version"]);
        self.heard.clone_from(&fresh["version"]);
        let dirty: Vec<String> = self
            .fields
            .iter()
            .filter(|(name, text)| self.known[*name] != **text)
            .map(|(name, _)| name.clone())
            .collect();
        for (name, text) in fresh {
            if !dirty.contains(&name) {
                self.known.insert(name.clone(), text.clone());
                self.fields.insert(name, text);
            }
        }
    }
}

async fn read(browser: &mut Browser, path: &str) -> BTreeMap<String, String> {
    let fields = fields_of(&browser.page(path).await, "id=\"editor\"");
    let wanted = |name: &str| [TITLE, SUMMARY, TEXT, HEADING, "version"].contains(&name);
    fields.into_iter().filter(|(name, _)| wanted(name)).map(|(name, text)| (name, text.replace("\r\n", "\n"))).collect()
}

fn attribute(page: &str, start: &str) -> String {
    let rest = page.split(start).nth(1).unwrap_or_else(|| panic!("no {start} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

struct Scene {
    app: TestApp,
    program: Client,
    id: String,
    path: String,
}

async fn scene() -> Scene {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let content = json!({ "content": {
        "title": "Porter", "summary": "Porters move people.", "search_terms": ["moving"],
        "sections": [
            { "heading": "Working life", "blocks": [{ "kind": "text", "markdown": "You move people.\n" }] },
            { "heading": "Pay", "blocks": [
                { "kind": "text", "markdown": "Well paid.\n" }, { "kind": "facts", "show": ["pay", "tasks"] } ] } ],
    } });
    let created = program.create("role-pages", &content).await;
    let id = created.rsplit('/').next().unwrap().to_owned();
    let path = format!("/admin/role-pages/{id}");
    Scene { app, program, id, path }
}

impl Scene {
    async fn opened_by(&self, name: &str, number: u32) -> Page {
        Page::open(self.app.signed_in(name, &[Role::Editor]).await, &self.path, number).await
    }

    async fn document(&self) -> Value {
        self.program.get(&format!("/manage/v1/role-pages/{}", self.id)).await.ok()
    }

    async fn versions(&self) -> Value {
        self.program.get(&format!("/manage/v1/role-pages/{}/versions?limit=100", self.id)).await.ok()
    }
}

#[tokio::test]
async fn only_what_changed_is_sent_and_the_answer_holds_no_values() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    ann.type_in(TITLE, "Ward porter");
    let answer = ann.save().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let page = answer.text();
    assert!(page.contains("Saved 09:00") && page.contains("data-version=\"2\""), "{page}");
    for part in ["id=\"outline\"", "id=\"checks\"", "id=\"document-actions\"", "id=\"document-tabs\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains("<input") && !page.contains("<textarea"),
        "no field is laid over what somebody types: {page}"
    );
    let document = scene.document().await;
    assert_eq!(document["content"]["title"], "Ward porter");
    assert_eq!(document["content"]["summary"], "Porters move people.");
    assert_eq!(document["content"]["sections"][1]["blocks"][1]["show"], json!(["pay", "tasks"]));
    let show = "/content/sections/1/blocks/1/show#set";
    let terms = "/content/search_terms#lines";
    for (name, text) in [(show, ""), (terms, "moving\nlifting")] {
        let mut body = ann.body();
        body.push((name.to_owned(), text.to_owned()));
        let answer = ann.send(&body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        ann.hear(&answer, &[]);
    }
    let document = scene.document().await;
    assert_eq!(document["content"]["sections"][1]["blocks"][1]["show"], json!([]));
    assert_eq!(document["content"]["search_terms"], json!(["moving", "lifting"]));
    assert_eq!(document["version"], 4);
    ann.type_in(SUMMARY, "");
    ann.save().await;
    assert_eq!(scene.document().await["content"]["summary"], "", "a field can be emptied");
}

#[tokio::test]
async fn versions_saved_by_a_page_are_marked_until_somebody_keeps_them() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    for title in ["One", "Two", "Three"] {
        ann.type_in(TITLE, title);
        ann.save().await;
    }
    let marks = |versions: &Value| -> Vec<(i64, bool)> {
        let rows = versions["data"].as_array().unwrap().iter();
        rows.map(|row| (row["version"].as_i64().unwrap(), row["autosaved"].as_bool().unwrap())).collect()
    };
    assert_eq!(marks(&scene.versions().await), [(4, true), (3, true), (2, true), (1, false)]);
    // The history holds them in one line, with what they changed together.
    let history = ann.browser.page(&format!("{}/history", scene.path)).await;
    assert!(history.contains("Versions 2 to 4") && history.contains("<summary>3 autosaves, 09:00–09:00"), "{history}");
    assert!(history.contains("compare?from=1&amp;to=4"), "{history}");
    // The button is pressed: nothing has changed since, and yet the version is meant from now on.
    let mut form = fields_of(&ann.browser.page(&scene.path).await, "id=\"editor\"");
    form = with(with(form, "/note", "A better title"), "op", "save");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    ann.browser.submit(&scene.path, &fields).await;
    let versions = scene.versions().await;
    assert_eq!(marks(&versions), [(4, false), (3, true), (2, true), (1, false)]);
    assert_eq!(versions["data"][0]["note"], "A better title");
    let history = ann.browser.page(&format!("{}/history", scene.path)).await;
    assert!(history.contains("kept on purpose") && history.contains("<summary>2 autosaves"), "{history}");
    // What is submitted or published is meant, too.
    ann.refresh().await;
    ann.type_in(TITLE, "Four");
    ann.save().await;
    let published = scene.program.step(&format!("/manage/v1/role-pages/{}", scene.id), "publish", &json!({})).await;
    assert_eq!(published.status, StatusCode::OK, "{published:?}");
    assert_eq!(marks(&scene.versions().await)[0], (5, false));
}

#[tokio::test]
async fn others_changes_come_in_and_places_may_have_shifted() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    let mut bob = scene.opened_by("Bob", 2).await;
    // Bob puts a section before the one that Ann writes in.
    let form = fields_of(&bob.browser.page(&scene.path).await, "id=\"editor\"");
    let form = with(form, "op", "add:/content/sections:section@0");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    bob.browser.submit(&scene.path, &fields).await;
    for text in ["Ann one.", "Ann one, two.", "Ann one, two, three."] {
        ann.type_in(TEXT, text);
        let answer = ann.save().await;
        assert_eq!(answer.status, StatusCode::OK, "her own earlier text is no conflict: {answer:?}");
        let page = answer.text();
        assert_eq!(page.contains("data-others"), text == "Ann one.", "news are told once: {page}");
        assert_eq!(page.contains("Bob: "), text == "Ann one.", "{page}");
    }
    let document = scene.document().await;
    assert_eq!(document["content"]["sections"].as_array().unwrap().len(), 3);
    assert_eq!(document["content"]["sections"][1]["blocks"][0]["markdown"], "Ann one, two, three.\n");
    // A whole form of the same page goes to the same places.
    let answer = {
        let mut form = vec![("op".to_owned(), "save".to_owned())];
        let mut drawn = ann.body();
        drawn.push((format!("was:{TEXT}"), "Ann one, two, three.".to_owned()));
        drawn.push((TEXT.to_owned(), "Ann all.".to_owned()));
        drawn.push(("partial".to_owned(), "true".to_owned()));
        form.extend(drawn);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        ann.browser.post(&scene.path, &fields).await
    };
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    assert_eq!(scene.document().await["content"]["sections"][1]["blocks"][0]["markdown"], "Ann all.\n");
}

#[tokio::test]
async fn a_conflict_is_shown_at_its_place_and_settled_by_a_choice() {
    let scene = scene().await;
    for (side, expected) in
        [("yours", "Ann’s words.\n"), ("theirs", "Bob’s words.\n"), ("both", "Bob’s words.\n\nAnn’s words.\n")]
    {
        let mut ann =
            Page::open(scene.app.signed_in(&format!("Ann {side}"), &[Role::Editor]).await, &scene.path, 1).await;
        ann.page = format!("018f0000-0000-7000-8000-0000000000{}{}", side.len(), 1);
        let mut bob =
            Page::open(scene.app.signed_in(&format!("Bob {side}"), &[Role::Editor]).await, &scene.path, 2).await;
        bob.page = format!("018f0000-0000-7000-8000-0000000000{}{}", side.len(), 2);
        let before = scene.document().await["version"].as_i64().unwrap();
        bob.type_in(TEXT, "Bob’s words.");
        assert_eq!(bob.save().await.status, StatusCode::OK);
        ann.type_in(TEXT, "Ann’s words.");
        let answer = ann.save().await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{answer:?}");
        let page = unescape(&answer.text());
        assert!(page.contains(&format!("Bob {side} changed this at 09:00")) && page.contains("Bob’s"), "{page}");
        assert!(page.contains("data-at=\"f-.content.sections.0.blocks.0.markdown\""), "{page}");
        assert!(page.contains(&format!("name=\"choice:{TEXT}\" value=\"both\"")), "{page}");
        assert_eq!(scene.document().await["version"], before + 1, "nothing of the conflict is saved yet");
        let mut body = ann.body();
        body.push((format!("choice:{TEXT}"), side.to_owned()));
        body.push(("their_version".to_owned(), attribute(&page, "data-version=\"")));
        let answer = ann.send(&body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(scene.document().await["content"]["sections"][0]["blocks"][0]["markdown"], expected);
        ann.hear(&answer, &body);
        ann.refresh().await;
        ann.type_in(TEXT, "You move people.");
        ann.save().await;
    }
}

#[tokio::test]
async fn late_and_repeated_requests_change_nothing() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    ann.type_in(TITLE, "First");
    let first = ann.body();
    ann.type_in(TITLE, "Second");
    let second = ann.body();
    assert_eq!(ann.send(&second).await.status, StatusCode::OK);
    for body in [&first, &second, &first] {
        let answer = ann.send(body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let document = scene.document().await;
        assert_eq!((&document["content"]["title"], &document["version"]), (&json!("Second"), &json!(2)));
    }
    // An answer that is lost on its way puts nobody in conflict with themselves, whatever they type on.
    ann.refresh().await;
    ann.type_in(SUMMARY, "Third");
    let lost = ann.body();
    assert_eq!(ann.send(&lost).await.status, StatusCode::OK);
    ann.type_in(SUMMARY, "Third, and more");
    let answer = ann.save().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert!(!answer.text().contains("Ann"), "one's own save is no news: {answer:?}");
    assert_eq!(scene.document().await["content"]["summary"], "Third, and more");
    // A number counts for one page of one person: somebody else who names the page is not heard at all.
    let mut bob = scene.opened_by("Bob", 1).await;
    bob.sequence = 7;
    bob.type_in(TITLE, "Not mine");
    bob.save().await;
    assert_eq!(scene.document().await["content"]["title"], "Second");
    // And even a page that nobody remembers overwrites nothing unseen.
    ann.page = "018f0000-0000-7000-8000-00000000beef".to_owned();
    let mut stray = first.clone();
    stray[0].1.clone_from(&ann.page);
    assert_eq!(ann.send(&stray).await.status, StatusCode::CONFLICT);
    assert_eq!(scene.document().await["content"]["title"], "Second");
}

#[tokio::test]
async fn what_cannot_be_saved_is_named_by_its_place() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    let mut body = ann.body();
    body.push(("/content/facts/hours/minimum#number".to_owned(), "many".to_owned()));
    body.push(("/slug".to_owned(), "Not a slug".to_owned()));
    let answer = ann.send(&body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for place in ["f-.slug", "f-.content.facts.hours.minimum"] {
        assert!(page.contains(&format!("data-at=\"{place}\"")), "{place}: {page}");
    }
    for (name, text) in [
        ("/content/sections/9/heading", "x"),
        ("/content/sections/2/heading", "x"),
        ("/content/title/deeper", "x"),
        ("sequence", "0"),
        ("page", "mine"),
        ("version", "99"),
    ] {
        let answer = {
            let body = with(ann.body(), name, text);
            ann.send(&body).await
        };
        assert!(answer.status.is_client_error(), "{name}: {answer:?}");
    }
    assert_eq!(scene.document().await["version"], 1);
}

#[tokio::test]
async fn without_a_session_the_page_is_told_and_keeps_what_it_has() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    let cookies = std::mem::take(&mut ann.browser.cookies);
    ann.type_in(TITLE, "Typed while away");
    let answer = ann.save().await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(ann.browser.cookies.is_empty(), "nothing is kept for a stranger");
    ann.browser.cookies = cookies;
    assert_eq!(ann.save().await.status, StatusCode::OK);
    assert_eq!(scene.document().await["content"]["title"], "Typed while away");
    let mut reader =
        Page { browser: scene.app.signed_in("Tria", &[Role::Triager]).await, ..scene.opened_by("Bea", 3).await };
    reader.type_in(TITLE, "Not mine to change");
    assert_eq!(reader.save().await.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.document().await["content"]["title"], "Typed while away");
}

#[tokio::test]
async fn a_save_takes_no_message_away_that_the_next_page_is_to_say() {
    let scene = scene().await;
    let mut ann = scene.opened_by("Ann", 1).await;
    let form = fields_of(&ann.browser.page(&scene.path).await, "id=\"editor\"");
    let form = with(form, "op", "add:/content/sections:section");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    ann.browser.post(&scene.path, &fields).await;
    ann.type_in(TITLE, "Typed meanwhile");
    ann.save().await;
    assert!(ann.browser.page(&scene.path).await.contains("Saved as version 2."));
}

/// What somebody does next.
#[derive(Clone, Debug)]
enum Act {
    /// Types something that nobody has typed before into a field.
    Type {
        field: usize,
    },
    Save,
    Refresh,
    /// The network sends an old request again.
    Repeat {
        which: usize,
    },
    /// A request is sent and its answer lost on the way.
    Lose,
    /// Somebody puts a section on top, so that all places shift.
    Shift,
}

fn act() -> impl Strategy<Value = (bool, Act)> {
    let act = prop_oneof![
        6 => (0..4_usize).prop_map(|field| Act::Type { field }),
        4 => Just(Act::Save),
        2 => Just(Act::Refresh),
        1 => (0..8_usize).prop_map(|which| Act::Repeat { which }),
        1 => Just(Act::Lose),
        1 => Just(Act::Shift),
    ];
    (any::<bool>(), act)
}

#[tokio::test]
async fn whatever_two_people_do_no_text_of_theirs_is_lost() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..8 {
        let acts = proptest::collection::vec(act(), 24).new_tree(&mut runner).unwrap().current();
        play(&acts).await;
    }
}

/// Plays it, and looks for every word that was typed: in what is stored, in the history, or in a conflict that is shown.
async fn play(acts: &[(bool, Act)]) {
    let scene = scene().await;
    let mut pages = [scene.opened_by("Ann", 1).await, scene.opened_by("Bob", 2).await];
    let mut sent: [Vec<Vec<(String, String)>>; 2] = [Vec::new(), Vec::new()];
    let mut words: Vec<String> = Vec::new();
    let mut shifted = 0;
    for (position, (second, act)) in acts.iter().enumerate() {
        let which = usize::from(*second);
        let page = &mut pages[which];
        match act {
            Act::Type { field } => {
                let name = [TITLE, SUMMARY, TEXT, HEADING][*field];
                let word = format!("word{position}");
                let text = format!("{} {word}", page.fields[name].trim_end());
                page.type_in(name, &text);
                words.push(word);
            }
            Act::Save => {
                let body = page.body();
                let answer = page.send(&body).await;
                page.hear(&answer, &body);
                if answer.status == StatusCode::CONFLICT {
                    settle(page, &answer).await;
                } else {
                    assert_eq!(answer.status, StatusCode::OK, "{acts:?}: {answer:?}");
                }
                sent[which].push(body);
            }
            // A page that was shifted away from its fields is not drawn again here: it goes on with the old places.
            Act::Refresh if shifted == 0 => page.refresh().await,
            Act::Refresh => {}
            Act::Repeat { which: number } => {
                if let Some(body) = sent[which].get(*number).cloned() {
                    let before = scene.document().await;
                    let answer = page.send(&body).await;
                    assert_eq!(answer.status, StatusCode::OK, "{acts:?}: {answer:?}");
                    assert_eq!(before["version"], scene.document().await["version"], "{acts:?}");
                }
            }
            Act::Lose => {
                let body = page.body();
                page.send(&body).await;
                sent[which].push(body);
            }
            Act::Shift => {
                shifted += 1;
                let mut form = fields_of(&page.browser.page(&scene.path).await, "id=\"editor\"");
                form = with(form, "op", "add:/content/sections:section@0");
                let fields: Vec<(&str, &str)> =
                    form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                assert_eq!(page.browser.post(&scene.path, &fields).await.status, StatusCode::SEE_OTHER);
            }
        }
    }
    for page in &mut pages {
        for _ in 0..4 {
            let answer = page.save().await;
            if answer.status == StatusCode::CONFLICT {
                settle(page, &answer).await;
            }
        }
    }
    let mut stored = scene.document().await["content"].to_string();
    let last = scene.versions().await["data"][0]["version"].as_i64().unwrap();
    for version in 1..=last {
        let version = scene.program.get(&format!("/manage/v1/role-pages/{}/versions/{version}", scene.id)).await.ok();
        stored.push_str(&version["content"].to_string());
    }
    let lost: Vec<&String> = words.iter().filter(|word| !contains_word(&stored, word)).collect();
    assert!(lost.is_empty(), "{lost:?} of {words:?} after {acts:?}");
    assert_eq!(scene.document().await["content"]["sections"].as_array().unwrap().len(), 2 + shifted);
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[at + word.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

/// Puts both texts in wherever that can be chosen.
async fn settle(page: &mut Page, answer: &Answer) {
    let shown = answer.text();
    let mut body = page.body();
    for part in shown.split("data-pointer=\"").skip(1) {
        let pointer = part.split('"').next().unwrap();
        body.push((format!("choice:{pointer}"), "both".to_owned()));
    }
    body.push(("their_version".to_owned(), attribute(shown.split("<button").nth(1).unwrap(), "data-version=\"")));
    let again = page.send(&body).await;
    assert_eq!(again.status, StatusCode::OK, "{again:?}");
    page.hear(&again, &body);
}

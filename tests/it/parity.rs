//! The two databases are one to the program: the same commands, with the same ids and the same clock, are answered alike
//! and leave the same rows on SQLite and on PostgreSQL.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use axum::http::{Method, header};
use regex::Regex;
use rolebook::{
    kernel::{Permission, Role, SeededChance, Timestamp},
    media::Store,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    documents::{REQUIREMENT_SECTION, example},
    support::{Answer, Client, TestApp, TestDatabase, id_of, uploads::picture},
    webhooks::receiver::Receiver,
};

const COMMANDS: usize = 240;

/// Draws from a seed, the same on every machine (xorshift, Marsaglia 2003).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A run of commands on one database, and what was answered to each.
struct Run {
    app: TestApp,
    draw: Draw,
    people: Vec<Client>,
    documents: Vec<String>,
    images: Vec<String>,
    /// Where webhooks lead: the same for every run, so that the same is sent.
    receiver: String,
    transcript: Vec<String>,
    /// How often each command went well.
    done: BTreeMap<String, usize>,
}

/// Words in which case, accents and signs order differently where a database has its way.
const WORDS: &[&str] = &[
    "Porter",
    "porter",
    "Élan",
    "elan",
    "Zebra",
    "a b",
    "a-b",
    "Über",
    "ward",
    "_under",
    "Nurse's aide",
    "ångström",
    "100%",
];

const STEPS: &[&str] = &[
    "publish",
    "publish",
    "publish",
    "submit",
    "approve",
    "request-changes",
    "discard",
    "restore",
    "withdraw",
    "reinstate",
    "unpublish",
    "confirm",
    "schedule",
    "schedule",
    "unschedule",
    "trash",
    "untrash",
    "purge",
    "force-publish",
];

const CASE_STEPS: &[&str] =
    &["open", "start", "wait", "resume", "resolve", "dismiss", "reopen", "notes", "merge", "unmerge"];

impl Run {
    async fn on(database: TestDatabase, seed: u64, receiver: &Receiver) -> Self {
        let app = TestApp::with(database, Store::in_memory(), Arc::new(SeededChance::new(seed))).await;
        let all = app.person_with("Ada", &[Role::Administrator, Role::Publisher], Permission::ALL).await;
        let publisher = app.person("Pat", &[Role::Publisher]).await;
        let people = vec![all, publisher];
        let (documents, images) = (Vec::new(), Vec::new());
        let (receiver, transcript, done) = (receiver.url.clone(), Vec::new(), BTreeMap::new());
        let mut run = Self { app, draw: Draw(seed), people, documents, images, receiver, transcript, done };
        run.begin().await;
        for _ in 0..COMMANDS {
            run.command().await;
        }
        run.read_everything().await;
        run
    }

    /// Something to begin with: no reviews, and a few documents that are live.
    async fn begin(&mut self) {
        let rules = json!({ "review_role_pages": "off", "review_requirement_sections": "off" });
        self.people[0].set(&rules).await.ok();
        let webhook = json!({ "name": "Site", "url": self.receiver });
        self.people[0].post("/manage/v1/webhooks", &webhook).await.ok();
        for (collection, title) in
            [("role-pages", "Porter"), ("requirement-sections", "Élan"), ("role-pages", "ångström")]
        {
            let body = json!({ "content": { "title": title, "summary": "A summary.", "sections": [
                { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Some text." }] }
            ] } });
            self.documents.push(self.people[0].publish_new(collection, &body).await);
        }
        // One of the three does not get through at first, and the others wait for it.
        for _ in 0..2 {
            self.tick().await;
            self.app.clock.advance(Timestamp::MINUTE);
        }
    }

    fn note(&mut self, what: &str, request: &str, answer: &Answer) {
        if answer.status.is_success() {
            *self.done.entry(what.to_owned()).or_default() += 1;
        }
        let location = answer.headers.get(header::LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default();
        let etag = answer.headers.get(header::ETAG).map(|value| value.to_str().unwrap()).unwrap_or_default();
        assert!(!answer.status.is_server_error(), "{request}: {answer:?}");
        let text = without_durations(&answer.text());
        self.transcript.push(format!("{request}\n{} {location} {etag}\n{text}", answer.status));
    }

    fn actor(&mut self) -> Client {
        if self.draw.chance(75) { self.people[0].clone() } else { self.people[1].clone() }
    }

    async fn call(&mut self, what: &str, method: Method, path: &str, seen: Option<Value>, body: &Value) -> Answer {
        let actor = self.actor();
        let seen = seen.map(|seen| if let Value::String(text) = seen { text } else { format!("\"{seen}\"") });
        let mut headers = vec![("content-type", "application/json")];
        if let Some(seen) = &seen {
            headers.push(("if-match", seen));
        }
        let key = format!("key-{}", self.draw.below(60));
        if method == Method::POST && self.draw.chance(15) {
            headers.push(("idempotency-key", &key));
        }
        let answer = actor.send(method.clone(), path, &headers, body.to_string()).await;
        self.note(what, &format!("{method} {path} {seen:?} {body}"), &answer);
        answer
    }

    /// The version that is shown now, and sometimes another.
    async fn seen(&mut self, path: &str) -> Option<Value> {
        let shown = self.people[0].get(path).await;
        if self.draw.chance(8) {
            return Some(json!(self.draw.below(4)));
        }
        shown.headers.get(header::ETAG).map(|etag| Value::String(etag.to_str().unwrap().to_owned()))
    }

    async fn command(&mut self) {
        let minutes = i64::try_from(self.draw.below(90)).unwrap();
        self.app.clock.advance(minutes * Timestamp::MINUTE + 7);
        match self.draw.below(100) {
            0..10 => self.create().await,
            10..28 => self.save().await,
            28..56 => self.step().await,
            56..63 => self.together().await,
            63..67 => self.own().await,
            67..74 => self.report().await,
            74..84 => self.case().await,
            84..88 => self.triage().await,
            88..93 => self.media().await,
            93..95 => self.site().await,
            95..98 => self.webhook().await,
            _ => self.tick().await,
        }
    }

    fn any_document(&mut self, collection: &str) -> Value {
        let of: Vec<String> =
            self.documents.iter().filter(|path| path.contains(collection)).map(|path| id_of(path)).collect();
        if of.is_empty() { Value::Null } else { self.draw.one(&of).clone().into() }
    }

    fn body(&mut self, collection: &str) -> Value {
        let title = format!("{} {}", self.draw.one(WORDS), self.draw.one(WORDS));
        let mut body = json!({ "content": { "title": title, "summary": format!("About {}.", self.draw.one(WORDS)) } });
        if self.draw.chance(30) {
            body["parent"] = self.any_document("role-pages");
        }
        if self.draw.chance(15) {
            body["slug"] = format!("slug-{}", self.draw.below(6)).into();
        }
        if collection == "requirement-sections" {
            if self.draw.chance(30) {
                body["content"] = example(REQUIREMENT_SECTION, &[])["content"].clone();
                body["content"]["title"] = title.into();
            }
            if self.draw.chance(25) {
                let item =
                    json!({ "kind": "section", "requirement_section": self.any_document("requirement-sections") });
                body["content"]["requirements"] = json!({ "kind": "group", "rule": "all_of", "items": [item] });
            }
            return body;
        }
        let mut blocks = vec![json!({ "kind": "text", "markdown": format!("Some *{}* text.", self.draw.one(WORDS)) })];
        if self.draw.chance(50) {
            blocks.push(
                json!({ "kind": "requirements", "requirement_section": self.any_document("requirement-sections") }),
            );
        }
        if self.draw.chance(30) && !self.images.is_empty() {
            blocks.push(json!({ "kind": "image", "media": self.draw.one(&self.images).clone(), "alt": "A ward" }));
        }
        body["content"]["sections"] = json!([{ "heading": "Working life", "blocks": blocks }]);
        if self.draw.chance(40) {
            body["content"]["related_roles"] = json!([self.any_document("role-pages")]);
            body["content"]["learn_more"] = json!([{ "text": "More", "document": self.any_document("role-pages") }]);
        }
        body["content"]["facts"] = json!({
            "skills": ["listening"],
            "pay": { "kind": "range", "minimum": 20_000.5, "maximum": 30_000, "as_of": "2026-04-01" },
            "hours": { "minimum": 37.5, "patterns": ["nights"] },
        });
        body
    }

    async fn create(&mut self) {
        let collection = *self.draw.one(&["role-pages", "role-pages", "requirement-sections"]);
        let body = self.body(collection);
        let made = self.call("create", Method::POST, &format!("/manage/v1/{collection}"), None, &body).await;
        if made.status.is_success() {
            let path = made.header("location").to_owned();
            if !self.documents.contains(&path) {
                self.documents.push(path);
            }
        }
    }

    fn document(&mut self) -> String {
        self.draw.one(&self.documents).clone()
    }

    async fn save(&mut self) {
        let path = self.document();
        let collection = path.split('/').nth(3).unwrap().to_owned();
        let mut body = self.body(&collection);
        let shown = self.people[0].get(&path).await;
        if shown.status.is_success() && self.draw.chance(60) {
            // A small change to what is there, ids kept.
            let title = body["content"]["title"].clone();
            body = json!({ "content": shown.json()["content"].clone() });
            body["content"]["title"] = title;
        }
        let seen = self.seen(&path).await;
        self.call("save", Method::PUT, &path, seen, &body).await;
    }

    async fn step(&mut self) {
        let path = self.document();
        let step = *self.draw.one(STEPS);
        let at = self
            .app
            .app
            .clock
            .now()
            .plus(i64::try_from(self.draw.below(600)).unwrap() * Timestamp::MINUTE + 1)
            .to_string();
        let id = self.any_document("role-pages");
        let body = match step {
            "publish" => json!({ "note": "A note.", "change": self.draw.one(&["major", "minor"]), "fixes": [] }),
            "force-publish" => json!({ "reason": "It can't wait." }),
            "restore" => json!({ "version": 1 + self.draw.below(3) }),
            "withdraw" => json!({ "explanation": "It is wrong." }),
            "unpublish" => match self.draw.below(4) {
                0 => json!({ "decision": "redirect", "redirect_to": id, "children": "unpublish" }),
                1 => json!({ "decision": "hidden" }),
                _ => json!({ "decision": "gone", "explanation": "It has ended.", "children": "unpublish" }),
            },
            "confirm" => json!({ "review_by": "2027-06-01" }),
            "schedule" if self.draw.chance(30) => json!({ "at": at, "action": "unpublish", "decision": "gone" }),
            "schedule" => json!({ "at": at, "note": "Later." }),
            _ => json!({}),
        };
        let seen = self.seen(&path).await;
        self.call(step, Method::POST, &format!("{path}/{step}"), seen, &body).await;
        if step == "schedule" && self.draw.chance(60) {
            self.app.clock.advance(10 * Timestamp::HOUR);
            self.tick().await;
        }
    }

    async fn tick(&mut self) {
        let done = self.app.follow().await;
        let sent = self.app.send_webhooks().await;
        self.transcript.push(format!("tick {done}, sent {sent}"));
        *self.done.entry("tick".to_owned()).or_default() += done;
        *self.done.entry("sent".to_owned()).or_default() += sent;
    }

    /// One webhook at a time: what is sent to several goes out side by side, and in no order.
    async fn webhook(&mut self) {
        let webhooks = self.listed("webhooks").await;
        let Some(path) = webhooks.first().cloned() else {
            let events = *self.draw.one(&["published", "withdrawn"]);
            let mut body = json!({ "name": *self.draw.one(WORDS), "url": self.receiver });
            if self.draw.chance(30) {
                body["events"] = json!([events, "unpublished"]);
            }
            self.call("webhook", Method::POST, "/manage/v1/webhooks", None, &body).await;
            return;
        };
        let step =
            *self.draw.one(&["pause", "resume", "rotate", "test", "replay", "replay", "change", "again", "delete"]);
        let seen = self.seen(&path).await;
        match step {
            "change" => {
                let body = json!({ "name": *self.draw.one(WORDS) });
                self.call("change webhook", Method::PATCH, &path, seen, &body).await;
            }
            "delete" if self.draw.chance(30) => {
                self.call("delete webhook", Method::DELETE, &path, seen, &json!({})).await;
            }
            "again" | "delete" => {
                let deliveries = self.listed(&format!("{}/deliveries", path.trim_start_matches("/manage/v1/"))).await;
                if let Some(delivery) = deliveries.first() {
                    let seen = self.seen(delivery).await;
                    self.call("send again", Method::POST, &format!("{delivery}/send-again"), seen, &json!({})).await;
                }
            }
            "replay" => {
                let body = json!({ "since": "2026-11-22T09:00:00Z" });
                self.call("replay", Method::POST, &format!("{path}/replay"), seen, &body).await;
            }
            _ => {
                self.call(&format!("{step} webhook"), Method::POST, &format!("{path}/{step}"), seen, &json!({})).await;
            }
        }
        self.tick().await;
    }

    async fn together(&mut self) {
        let mut choices = Vec::new();
        for _ in 0..1 + self.draw.below(4) {
            let path = self.document();
            let shown = self.people[0].get(&path).await;
            if shown.status.is_success() {
                choices.push(json!({ "id": id_of(&path), "version": shown.json()["version"] }));
            }
        }
        self.call("together", Method::POST, "/manage/v1/publish", None, &json!({ "documents": choices })).await;
    }

    async fn own(&mut self) {
        let path = self.document();
        let seen = self.seen(&path).await;
        let owner = self.draw.one(&self.people).user.unwrap().to_string();
        let body = if self.draw.chance(50) { json!({ "owner": owner }) } else { json!({ "review_by": "2027-03-01" }) };
        self.call("own", Method::PATCH, &path, seen, &body).await;
    }

    async fn report(&mut self) {
        let document = self.any_document("role-pages");
        let wrong = format!("The {} is wrong, ring 07700 900123.", self.draw.one(WORDS));
        let mut body = json!({ "document": document, "kind": "problem", "wrong": wrong });
        if self.draw.chance(20) {
            body["website"] = "https://spam.example".into();
        }
        let answer = self.app.nobody().post("/api/v1/reports", &body).await;
        self.note("report", &format!("report {body}"), &answer);
    }

    /// The addresses of what a list shows.
    async fn listed(&self, list: &str) -> Vec<String> {
        let listed = self.people[0].get(&format!("/manage/v1/{list}")).await.ok();
        let rows = listed["data"].as_array().unwrap();
        rows.iter().map(|row| format!("/manage/v1/{list}/{}", row["id"].as_str().unwrap())).collect()
    }

    async fn case(&mut self) {
        let cases = self.listed("cases").await;
        if cases.is_empty() {
            return self.report().await;
        }
        let path = self.draw.one(&cases).clone();
        let step = *self.draw.one(CASE_STEPS);
        let until = self.app.app.clock.now().plus(Timestamp::HOUR).to_string();
        let body = match step {
            "wait" => json!({ "until": until }),
            "resolve" => json!({ "resolution": self.draw.one(&["answered", "wont_change"]), "reason": "Because." }),
            "dismiss" => json!({ "reason": "spam" }),
            "notes" => json!({ "text": format!("A note about {}.", self.draw.one(WORDS)) }),
            "merge" => json!({ "into": id_of(self.draw.one::<String>(&cases)) }),
            _ => json!({}),
        };
        let seen = self.seen(&path).await;
        self.call(&format!("case {step}"), Method::POST, &format!("{path}/{step}"), seen, &body).await;
    }

    async fn triage(&mut self) {
        let reports = self.listed("reports").await;
        if reports.is_empty() {
            return self.report().await;
        }
        let path = self.draw.one(&reports).clone();
        let step = *self.draw.one(&["release", "quarantine", "move", "redact", "erase"]);
        let body = match step {
            "redact" => json!({ "field": "wrong", "text": "wrong", "reason": "other" }),
            _ => json!({}),
        };
        let seen = self.seen(&path).await;
        self.call(step, Method::POST, &format!("{path}/{step}"), seen, &body).await;
    }

    async fn media(&mut self) {
        if self.images.is_empty() || self.draw.chance(50) {
            let (colour, name) = (u8::try_from(self.draw.below(200)).unwrap(), format!("{}.png", self.draw.one(WORDS)));
            let replaced = match self.draw.one(&[false, true]) {
                true if !self.images.is_empty() => Some(format!("/manage/v1/media/{}", self.draw.one(&self.images))),
                _ => None,
            };
            let fields = [("alt", "A ward"), ("focal_x", "0.25"), ("focal_y", "0.1")];
            let (path, file) = (replaced.as_deref().unwrap_or("/manage/v1/media"), picture(60, 40, colour));
            let answer = match &replaced {
                None => self.people[0].send_file(path, &name, &file, &fields).await,
                Some(image) => {
                    let etag = self.people[0].get(image).await.headers.get(header::ETAG).cloned();
                    let etag = etag.map_or_else(|| "\"1\"".to_owned(), |etag| etag.to_str().unwrap().to_owned());
                    self.people[0].send_replacement(image, &etag, &file, &fields).await
                }
            };
            self.note("image", &format!("{path} {name} {colour}"), &answer);
            if answer.status.is_success() {
                self.images.push(answer.json()["id"].as_str().unwrap().to_owned());
            }
            return;
        }
        let path = format!("/manage/v1/media/{}", self.draw.one(&self.images));
        let seen = self.seen(&path).await;
        if self.draw.chance(20) {
            self.call("delete image", Method::DELETE, &path, seen, &json!({})).await;
        } else {
            let body = json!({ "alt": self.draw.one(WORDS), "focal_point": { "x": 0.3, "y": 0.7 } });
            self.call("change image", Method::PATCH, &path, seen, &body).await;
        }
    }

    async fn site(&mut self) {
        match self.draw.below(5) {
            0 => {
                let rule = *self.draw.one(&["on", "off", "off", "off"]);
                let body = json!({ "review_role_pages": rule, "site_name": *self.draw.one(WORDS) });
                let seen = self.seen("/manage/v1/settings").await;
                self.call("settings", Method::PATCH, "/manage/v1/settings", seen, &body).await;
            }
            1 => {
                let email = format!("p{}@rolebook.test", self.draw.below(4));
                let body = json!({ "email": email, "name": *self.draw.one(WORDS), "roles": ["editor", "reviewer"] });
                self.call("user", Method::POST, "/manage/v1/users", None, &body).await;
            }
            2 => {
                let users = self.listed("users").await;
                let path = self.draw.one(&users[1..]).clone();
                let seen = self.seen(&path).await;
                let body = json!({ "name": format!("{} {}", self.draw.one(WORDS), self.draw.one(WORDS)) });
                self.call("change user", Method::PATCH, &path, seen, &body).await;
            }
            3 => {
                let body = json!({ "name": *self.draw.one(WORDS), "scopes": ["content:read"] });
                self.call("key", Method::POST, "/manage/v1/api-keys", None, &body).await;
            }
            _ => {
                let body = json!({ "path": format!("/old-{}", self.draw.below(5)), "target": format!("/old-{}", self.draw.below(5)) });
                self.call("redirect", Method::POST, "/manage/v1/redirects", None, &body).await;
            }
        }
    }

    /// Every list in every order, to its end, and every page: what is read is the same, not only what lies in the tables.
    async fn read_everything(&mut self) {
        let mut addresses = Vec::new();
        for collection in ["role-pages", "requirement-sections"] {
            for sort in ["title", "-title", "updated_at", "-updated_at"] {
                addresses.push(format!("/api/v1/{collection}?sort={sort}&limit=3"));
                addresses.push(format!("/manage/v1/{collection}?sort={sort}&limit=3"));
            }
            for words in ["porter", "PORTER", "%C3%89LAN", "%C3%A9", "%25", "_", "b%20", "%C3%9Cber"] {
                addresses.push(format!("/manage/v1/{collection}?q={words}"));
            }
        }
        for words in ["wrong", "WRONG", "%25", "_", "%C3%A9", "%C3%89lan"] {
            addresses.push(format!("/manage/v1/cases?q={words}"));
            addresses.push(format!("/manage/v1/media?q={words}"));
        }
        for list in [
            "cases?limit=2",
            "reports?limit=2",
            "media?limit=2",
            "users",
            "api-keys",
            "redirects?limit=1",
            "webhooks",
            "events?limit=30",
            "settings",
        ] {
            addresses.push(format!("/manage/v1/{list}"));
        }
        for webhook in self.listed("webhooks").await {
            addresses.extend(["deliveries", "attempts"].map(|what| format!("{webhook}/{what}?limit=9")));
        }
        addresses.extend(["/api/v1/changes?limit=7".to_owned(), "/api/v1/paths?limit=2".to_owned()]);
        for path in self.documents.clone() {
            let public = path.replace("/manage/v1/", "/api/v1/");
            addresses.extend([path.clone(), public.clone(), format!("{public}?as_of=2026-11-23T12:00:00Z")]);
            for rest in ["versions?limit=2", "publications", "events?limit=3", "used-by", "compare?from=1&to=2"] {
                addresses.push(format!("{path}/{rest}"));
            }
        }
        let everybody = self.people[0].clone();
        for address in addresses {
            let mut next = Some(address);
            while let Some(address) = next.take() {
                let answer = everybody.get(&address).await;
                self.note("read", &address, &answer);
                let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                next = body["next"].as_str().map(str::to_owned);
                if body["more"] == true {
                    next = Some(format!("/api/v1/changes?limit=7&since={}", body["cursor"].as_str().unwrap()));
                }
            }
        }
    }

    /// Every row of every table as JSON, in an order of its own.
    async fn rows(&self) -> BTreeMap<&'static str, Vec<String>> {
        let snapshot = self.app.app.database.read().await.unwrap();
        let mut tables = BTreeMap::new();
        macro_rules! dump {
            ($module:ident, $table:literal) => {
                let rows = entity::$module::Entity::find().all(&*snapshot).await.unwrap();
                let written = |row| without_durations(&serde_json::to_string(row).unwrap());
                let mut rows: Vec<String> = rows.iter().map(written).collect();
                rows.sort();
                tables.insert($table, rows);
            };
        }
        entity::for_each_table!(dump);
        tables
    }
}

/// How long a receiver took is nobody's doing.
fn without_durations(text: &str) -> String {
    static DURATION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""(duration|duration_milliseconds)":\d+"#).unwrap());
    DURATION.replace_all(text, r#""$1":0"#).into_owned()
}

fn compare(one: &Run, other: &Run) {
    for (position, (left, right)) in one.transcript.iter().zip(&other.transcript).enumerate() {
        assert_eq!(left, right, "the answer to command {position} differs");
    }
    assert_eq!(one.transcript.len(), other.transcript.len());
}

async fn compare_runs(seed: u64) {
    let receiver = Receiver::open().await;
    // Now and then something does not get through.
    receiver.refuses("porter");
    let one = Run::on(TestDatabase::sqlite().await, seed, &receiver).await;
    let (other, databases) = match TestDatabase::other().await {
        Some(postgres) => (Run::on(postgres, seed, &receiver).await, "SQLite and PostgreSQL"),
        None => (
            Run::on(TestDatabase::sqlite().await, seed, &receiver).await,
            "two SQLite databases, for want of a PostgreSQL",
        ),
    };
    compare(&one, &other);
    let (left, right) = (one.rows().await, other.rows().await);
    for (table, rows) in &left {
        let missing: Vec<_> = rows.iter().filter(|row| !right[table].contains(row)).collect();
        let added: Vec<_> = right[table].iter().filter(|row| !rows.contains(row)).collect();
        assert!(missing.is_empty() && added.is_empty(), "{table} on {databases}: {missing:#?} {added:#?}");
        assert_eq!(rows.len(), right[table].len(), "{table} on {databases}");
    }
    // The run is worth something: much of it went well, and all over the program.
    let done: usize = one.done.iter().filter(|(what, _)| *what != "read").map(|(_, times)| times).sum();
    assert!(done > 60 && one.done.len() > 15, "{done} commands went well: {:?}", one.done);
    let states = |state: &str| left["webhook_delivery"].iter().filter(|row| row.contains(state)).count();
    assert!(states("\"delivered\"") >= 2, "{:?}", left["webhook_delivery"]);
    assert!(left["webhook_attempt"].len() > states("\"delivered\""), "some did not get through at once");
    assert!(left["event"].len() > 60 && !left["publication"].is_empty(), "{:?}", one.done);
}

/// With `TEST_POSTGRES` (or `TEST_DATABASE`) a PostgreSQL server; without one, two SQLite databases.
#[tokio::test]
async fn the_same_commands_leave_the_same_rows_on_both_databases_if_a_postgres_is_named_else_on_two_of_sqlite() {
    for seed in [2_026, 1_122] {
        compare_runs(seed).await;
    }
}

#[tokio::test]
async fn another_seed_leaves_other_rows() {
    let receiver = Receiver::open().await;
    let one = Run::on(TestDatabase::sqlite().await, 1, &receiver).await;
    let other = Run::on(TestDatabase::sqlite().await, 2, &receiver).await;
    assert_ne!(one.transcript, other.transcript);
    assert_ne!(one.rows().await, other.rows().await);
}

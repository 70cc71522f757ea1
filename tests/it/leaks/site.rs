//! A database with something of everything: what the public may read, and what it may not.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::{HIDDEN, SHOWN, marks::Marks};
use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE},
    support::{Client, TestApp, id_of, uploads::picture},
};

/// What was put into the database, as far as it can be asked for.
pub struct Site {
    pub app: TestApp,
    pub publisher: Client,
    marks: Marks,
    /// Addresses in the management door.
    pub readable: Vec<String>,
    pub unreadable: Vec<String>,
    pub slugs: BTreeSet<String>,
    pub paths: BTreeSet<String>,
    pub shown_keys: Vec<String>,
    pub hidden_keys: Vec<String>,
    /// Ids of everything that is no document.
    pub ids: Vec<String>,
    pub times: Vec<String>,
    pub receipts: Vec<String>,
}

impl Site {
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let mut marks = Marks::default();
        let publisher = app.person(&marks.next(HIDDEN), &[Role::Administrator, Role::Publisher]).await;
        Self {
            app,
            publisher,
            marks,
            readable: Vec::new(),
            unreadable: Vec::new(),
            slugs: BTreeSet::new(),
            paths: BTreeSet::new(),
            shown_keys: Vec::new(),
            hidden_keys: Vec::new(),
            ids: Vec::new(),
            times: vec!["2026-11-01T00:00:00Z".to_owned()],
            receipts: Vec::new(),
        }
    }

    /// Lets a minute go by, and remembers the time.
    fn later(&mut self) {
        self.app.clock.advance(Timestamp::MINUTE);
        self.times.push(self.app.app.clock.now().to_string());
    }

    fn note(&mut self, answer: &Value) {
        self.slugs.insert(answer["slug"].as_str().unwrap().to_owned());
        if let Some(path) = answer["path"].as_str() {
            self.paths.insert(path.to_owned());
        }
    }

    /// Every text of a role page and of its requirement section, both as drafts.
    async fn pair(&mut self, mark: &str, parent: Option<&str>) -> (String, String) {
        let section = self.marks.document(REQUIREMENT_SECTION, mark, "");
        let section = self.draft("requirement-sections", section, mark).await;
        let page = self.page(mark, &id_of(&section), parent);
        (self.draft("role-pages", page, mark).await, section)
    }

    fn page(&mut self, mark: &str, section: &str, parent: Option<&str>) -> Value {
        let mut page = self.marks.document(ROLE_PAGE, mark, section);
        page["parent"] = json!(parent.map(id_of));
        page
    }

    pub async fn draft(&mut self, collection: &str, mut body: Value, mark: &str) -> String {
        body["note"] = self.marks.next(HIDDEN).into();
        let path = self.publisher.create(collection, &body).await;
        assert!(mark == SHOWN || mark == HIDDEN);
        let made = self.publisher.get(&path).await.ok();
        self.note(&made);
        self.later();
        path
    }

    async fn save(&mut self, path: &str, mut body: Value) -> Value {
        body["note"] = self.marks.next(HIDDEN).into();
        let saved = self.publisher.save(path, &body).await.ok();
        self.note(&saved);
        self.later();
        saved
    }

    async fn step(&mut self, path: &str, step: &str, body: Value) -> Value {
        let done = self.publisher.step(path, step, &body).await.ok();
        self.note(&done);
        self.later();
        done
    }

    async fn publish_pair(&mut self, mark: &str, parent: Option<&str>) -> (String, String) {
        let (page, section) = self.pair(mark, parent).await;
        self.publish_together(&[&page, &section], mark).await;
        (page, section)
    }

    async fn publish_together(&mut self, documents: &[&str], mark: &str) {
        let mut choices = Vec::new();
        for path in documents {
            let version = self.publisher.get(path).await.ok()["version"].clone();
            choices.push(json!({ "id": id_of(path), "version": version }));
        }
        let note = self.marks.next(mark);
        self.publisher.post("/manage/v1/publish", &json!({ "documents": choices, "note": note })).await.ok();
        for path in documents {
            let shown = self.publisher.get(path).await.ok();
            self.note(&shown);
        }
        self.later();
    }

    /// An image with words of its own; answers its id and the names of its files.
    async fn image(&mut self) -> (String, Vec<String>) {
        let fields = [
            ("alt", self.marks.next(HIDDEN)),
            ("caption", self.marks.next(HIDDEN)),
            ("credit", self.marks.next(HIDDEN)),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let filename = format!("{}.png", self.marks.next(HIDDEN));
        let colour = u8::try_from(self.marks.0 % 200).unwrap();
        let made =
            self.publisher.send_file("/manage/v1/media", &filename, &picture(400, 300, colour), &fields).await.ok();
        let keys = made["renditions"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned());
        self.later();
        (made["id"].as_str().unwrap().to_owned(), keys.collect())
    }

    /// Fills the database with everything that there can be.
    pub async fn fill(&mut self) {
        let (shown_image, shown_keys) = self.image().await;
        let (hidden_image, hidden_keys) = self.image().await;
        let (forgotten_image, forgotten_keys) = self.image().await;
        self.shown_keys.extend(shown_keys);
        self.hidden_keys.extend(hidden_keys.into_iter().chain(forgotten_keys));
        self.ids.extend([shown_image.clone(), hidden_image.clone(), forgotten_image]);

        // Never published, also below and beside what is.
        let (never, never_section) = self.pair(HIDDEN, None).await;

        // Live, with an image, with links to what is not live, and with everything of itself published.
        let (page, section) = self.pair(SHOWN, None).await;
        let mut body = self.page(SHOWN, &id_of(&section), None);
        let image = json!({ "media": shown_image, "alt": self.marks.next(SHOWN), "caption": self.marks.next(SHOWN) });
        body["content"]["lead_image"] = image;
        body["content"]["related_roles"] = json!([id_of(&never)]);
        body["content"]["learn_more"].as_array_mut().unwrap().push(json!({
            "text": self.marks.next(HIDDEN), "document": id_of(&never)
        }));
        body["content"]["sections"][1]["blocks"][0]["roles"][0]["page"] = id_of(&never).into();
        let text = format!("[{}](ref:{}) and {}", self.marks.next(SHOWN), id_of(&never), self.marks.next(SHOWN));
        body["content"]["sections"][0]["blocks"][0]["markdown"] = text.into();
        self.save(&page, body).await;
        self.publish_together(&[&page, &section], SHOWN).await;

        // A draft over what is live: of the page, with another slug, parent and image, and of its section.
        let (other, _) = self.publish_pair(SHOWN, None).await;
        let mut over = self.page(HIDDEN, &id_of(&never_section), Some(&other));
        over["content"]["lead_image"] = json!({ "media": hidden_image, "alt": self.marks.next(HIDDEN) });
        self.save(&page, over).await;
        let over = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
        self.save(&section, over).await;
        // A version between two published ones, which was never published itself.
        let (between, between_section) = self.publish_pair(SHOWN, Some(&other)).await;
        let skipped = self.page(HIDDEN, &id_of(&between_section), Some(&other));
        self.save(&between, skipped).await;
        let next = self.page(SHOWN, &id_of(&between_section), Some(&other));
        self.save(&between, next).await;
        let note = self.marks.next(SHOWN);
        self.step(&between, "publish", json!({ "note": note })).await;
        self.readable.extend([page, section, other.clone(), between, between_section]);
        self.unreadable.extend([never, never_section]);
        self.schedules(&other).await;
        self.discarded_and_submitted(&other).await;
        self.unpublished(&other).await;
        self.trashed().await;
        self.suppressed().await;
        self.feedback(&other).await;
        self.surroundings().await;
    }

    async fn schedules(&mut self, parent: &str) {
        let at = |app: &TestApp, days: i64| app.app.clock.now().plus(days * Timestamp::DAY).to_string();
        let (live, section) = self.publish_pair(SHOWN, Some(parent)).await;
        let next = self.page(HIDDEN, &id_of(&section), Some(parent));
        self.save(&live, next).await;
        let body = json!({ "at": at(&self.app, 30), "note": self.marks.next(HIDDEN) });
        self.step(&live, "schedule", body).await;
        let later = self.page(HIDDEN, &id_of(&section), Some(parent));
        self.save(&live, later).await;
        let body = json!({
            "action": "unpublish", "at": at(&self.app, 40), "decision": "gone", "explanation": self.marks.next(HIDDEN)
        });
        self.step(&section, "schedule", body).await;
        let next = self.page(HIDDEN, &id_of(&section), Some(parent));
        let never = self.draft("role-pages", next, HIDDEN).await;
        let body = json!({ "at": at(&self.app, 30), "note": self.marks.next(HIDDEN) });
        self.step(&never, "schedule", body).await;
        self.readable.extend([live, section]);
        self.unreadable.push(never);
    }

    async fn discarded_and_submitted(&mut self, parent: &str) {
        let (live, section) = self.publish_pair(SHOWN, Some(parent)).await;
        let next = self.page(HIDDEN, &id_of(&section), Some(parent));
        self.save(&live, next).await;
        self.step(&live, "discard", json!({})).await;
        let next = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
        self.save(&section, next).await;
        let note = self.marks.next(HIDDEN);
        self.step(&section, "submit", json!({ "note": note })).await;
        let note = self.marks.next(HIDDEN);
        self.step(&section, "request-changes", json!({ "note": note })).await;
        self.readable.extend([live, section]);
        // Withdrawn: readable, with its notice.
        let (withdrawn, section) = self.publish_pair(SHOWN, Some(parent)).await;
        let explanation = self.marks.next(SHOWN);
        self.step(&withdrawn, "withdraw", json!({ "explanation": explanation })).await;
        let next = self.page(HIDDEN, &id_of(&section), Some(parent));
        self.save(&withdrawn, next).await;
        self.readable.extend([withdrawn, section]);
    }

    /// What was public once and is not now. Slug and note were said in public; what stood in the page is gone.
    async fn unpublished(&mut self, parent: &str) {
        for decision in ["gone", "redirect", "hidden"] {
            let section = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
            let section = self.once_public("requirement-sections", section).await;
            let page = self.page(HIDDEN, &id_of(&section), None);
            let page = self.once_public("role-pages", page).await;
            let target = (decision == "redirect").then(|| id_of(parent));
            for path in [&page, &section] {
                let body =
                    json!({ "decision": decision, "explanation": self.marks.next(SHOWN), "redirect_to": target });
                self.step(path, "unpublish", body).await;
            }
            let next = self.page(HIDDEN, &id_of(&section), None);
            self.save(&page, next).await;
            self.unreadable.extend([page, section]);
        }
    }

    async fn once_public(&mut self, collection: &str, mut body: Value) -> String {
        body["slug"] = self.marks.next("formerq").into();
        let path = self.draft(collection, body, HIDDEN).await;
        let note = self.marks.next(SHOWN);
        self.step(&path, "publish", json!({ "note": note })).await;
        path
    }

    async fn trashed(&mut self) {
        let (page, section) = self.pair(HIDDEN, None).await;
        self.step(&page, "trash", json!({})).await;
        self.step(&section, "trash", json!({})).await;
        let body = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
        let former = self.once_public("requirement-sections", body).await;
        let body = json!({ "decision": "gone", "explanation": self.marks.next(SHOWN) });
        self.step(&former, "unpublish", body).await;
        self.step(&former, "trash", json!({})).await;
        let body = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
        let purged = self.draft("requirement-sections", body, HIDDEN).await;
        self.step(&purged, "trash", json!({})).await;
        let gone = self.publisher.step(&purged, "purge", &json!({})).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
        self.unreadable.extend([page, section, former, purged]);
    }

    /// A past publication that an administrator has hidden, of a page that is live.
    async fn suppressed(&mut self) {
        let mut body = self.marks.document(REQUIREMENT_SECTION, HIDDEN, "");
        body["slug"] = self.marks.next(SHOWN).into();
        let path = self.draft("requirement-sections", body, HIDDEN).await;
        let note = self.marks.next(SHOWN);
        self.step(&path, "publish", json!({ "note": note })).await;
        let next = self.marks.document(REQUIREMENT_SECTION, SHOWN, "");
        self.save(&path, next).await;
        self.step(&path, "publish", json!({})).await;
        let publications = self.publisher.get(&format!("{path}/publications")).await.ok();
        let publications = publications["data"].as_array().unwrap().clone();
        let first = publications.iter().find(|one| one["version"] == 1).unwrap()["id"].as_str().unwrap().to_owned();
        let body = json!({ "reason": self.marks.next(HIDDEN) });
        let address = format!("{path}/publications/{first}/suppress");
        let hidden = self.publisher.seeing(&path, Method::POST, &address, &body).await;
        assert_eq!(hidden.status, StatusCode::NO_CONTENT, "{hidden:?}");
        for publication in publications {
            self.ids.push(publication["id"].as_str().unwrap().to_owned());
        }
        self.readable.push(path);
    }

    async fn feedback(&mut self, page: &str) {
        let document = id_of(page);
        let nobody = self.app.nobody();
        for spam in [false, true, false] {
            let report = json!({
                "document": document, "kind": "problem",
                "doing": format!("Reading {}", self.marks.next(HIDDEN)),
                "wrong": format!("It says {}", self.marks.next(HIDDEN)),
                "website": if spam { "https://spam.example" } else { "" },
            });
            let sent = nobody.post("/api/v1/reports", &report).await.ok();
            let receipt = sent["receipt_url"].as_str().unwrap().replace("http://rolebook.test", "");
            let more = json!({ "text": self.marks.next(HIDDEN) });
            nobody.post(&receipt, &more).await.ok();
            self.receipts.push(receipt);
            self.later();
        }
        let reports = self.publisher.get("/manage/v1/reports").await.ok();
        for report in reports["data"].as_array().unwrap() {
            self.ids
                .extend([report["id"].as_str().unwrap().to_owned(), report["reference"].as_str().unwrap().to_owned()]);
        }
        let quarantined = reports["data"].as_array().unwrap().iter().filter(|report| report["quarantined"] == true);
        assert_eq!(quarantined.count(), 1, "{reports}");
        let cases = self.publisher.get("/manage/v1/cases").await.ok();
        for case in cases["data"].as_array().unwrap() {
            let path = format!("/manage/v1/cases/{}", case["id"].as_str().unwrap());
            let title = json!({ "title": self.marks.next(HIDDEN) });
            let version = self.publisher.get(&path).await.ok()["version"].as_i64().unwrap();
            self.publisher.at(Method::PATCH, &path, version, &title).await.ok();
            let note = json!({ "text": self.marks.next(HIDDEN) });
            self.publisher.step(&path, "notes", &note).await.ok();
            let reason = json!({ "resolution": "wont_change", "reason": self.marks.next(HIDDEN) });
            self.publisher.step(&path, "open", &json!({})).await.ok();
            self.publisher.step(&path, "resolve", &reason).await.ok();
            self.ids.push(id_of(&path));
            self.later();
        }
    }

    async fn surroundings(&mut self) {
        let user = json!({
            "email": format!("{}@people.example", self.marks.next(HIDDEN)), "name": self.marks.next(HIDDEN), "roles": ["editor"]
        });
        let user = self.publisher.post("/manage/v1/users", &user).await.ok();
        let key = json!({ "name": self.marks.next(HIDDEN), "scopes": ["content:read"] });
        let key = self.publisher.post("/manage/v1/api-keys", &key).await.ok();
        self.ids.extend([user["id"].as_str().unwrap().to_owned(), key["id"].as_str().unwrap().to_owned()]);
        let redirect =
            json!({ "path": format!("/{}", self.marks.next(SHOWN)), "target": format!("/{}", self.marks.next(SHOWN)) });
        self.publisher.post("/manage/v1/redirects", &redirect).await.ok();
        self.paths.insert(redirect["path"].as_str().unwrap().to_owned());
        let settings = json!({ "site_name": self.marks.next(HIDDEN) });
        self.publisher.set(&settings).await.ok();
        self.later();
    }
}

//! Nothing unpublished leaves through the public doors. A database is filled with texts that can be told apart: some that
//! the public may read, some that it may not. Then everything public is asked for, in every way there is to ask.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE, example},
    support::{Answer, Client, TestApp, id_of, uploads::picture},
};

/// Stands in every text that the public may read.
const SHOWN: &str = "shownq";
/// Stands in every text that the public may not read.
const HIDDEN: &str = "hiddenq";

/// Numbers the marks, so that each stands in one place.
#[derive(Default)]
struct Marks(u32);

impl Marks {
    fn next(&mut self, mark: &str) -> String {
        self.0 += 1;
        format!("{mark}{:04}", self.0)
    }

    /// An example document with a mark in every text; ids and names of closed lists stay.
    fn document(&mut self, text: &str, mark: &str, section: &str) -> Value {
        let mut body = example(text, &[("entry-requirements-ict", section)]);
        body["slug"] = self.next(mark).into();
        let standard =
            json!({ "reference": "ST0001", "title": "A standard", "level": { "framework": "RQF", "level": "4" } });
        if let Some(facts) = body["content"].get_mut("facts") {
            facts["registrations"] = json!([{ "text": "A register", "organisation": "A council", "links": [{ "text": "A link", "url": "https://a.example/" }] }, "Another"]);
            facts["uniform"] = json!(["A coat"]);
            facts["work_environments"] = json!(["Outdoors"]);
            facts["standards"] = json!([standard]);
            facts["skills"] = json!(["Patience", { "text": "Care", "code": { "scheme": "esco", "code": "S1" } }]);
            body["content"]["sections"][2]["blocks"][0]["note"] = "A note".into();
        }
        if let Some(tree) = body["content"].get_mut("requirements") {
            let inner = json!({
                "kind": "group", "rule": "one_of", "lead_in": "One of:",
                "items": [{
                    "kind": "requirement", "text": "A licence", "category": "licence", "necessity": "required",
                    "organisation": "An agency", "links": [{ "text": "A link", "url": "https://a.example/" }], "nations": ["wales"],
                    "source": { "title": "A law", "url": "https://law.example/", "checked_on": "2026-11-01" },
                    "qualification": { "name": "A name", "grade": "A grade", "subjects": ["A subject"] },
                }],
            });
            tree["items"].as_array_mut().unwrap().push(inner);
            body["content"]["routes"][0]["heading"] = "A way in".into();
            body["content"]["routes"][0]["standards"] = json!([standard]);
        }
        self.content(&mut body["content"], mark, "");
        body
    }

    fn content(&mut self, value: &mut Value, mark: &str, key: &str) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    self.content(value, mark, key);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.content(item, mark, key);
                }
            }
            Value::String(text) if !CLOSED.contains(&key) && text.len() != 36 => {
                *text = match key {
                    "url" => format!("https://{}.example/", self.next(mark)),
                    "markdown" | "introduction" => format!("{}\n\n- **{}**\n", self.next(mark), self.next(mark)),
                    _ => self.next(mark),
                };
            }
            _ => {}
        }
    }
}

/// Fields whose values are names of closed lists, codes and dates.
const CLOSED: &[&str] = &[
    "kind",
    "display",
    "tone",
    "show",
    "title_article",
    "rule",
    "category",
    "necessity",
    "framework",
    "level",
    "nation",
    "nations",
    "scheme",
    "period",
    "currency",
    "as_of",
    "checked_on",
];

/// What was put into the database, as far as it can be asked for.
struct Site {
    app: TestApp,
    publisher: Client,
    marks: Marks,
    /// Addresses in the management door.
    readable: Vec<String>,
    unreadable: Vec<String>,
    slugs: BTreeSet<String>,
    paths: BTreeSet<String>,
    shown_keys: Vec<String>,
    hidden_keys: Vec<String>,
    /// Ids of everything that is no document.
    ids: Vec<String>,
    times: Vec<String>,
    receipts: Vec<String>,
}

impl Site {
    async fn new() -> Self {
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

    async fn draft(&mut self, collection: &str, mut body: Value, mark: &str) -> String {
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
    async fn fill(&mut self) {
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

    fn documents(&self) -> impl Iterator<Item = String> {
        self.readable.iter().chain(&self.unreadable).map(|path| id_of(path))
    }

    /// Every address that the public can type, with whatever it can say about it.
    fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = [
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/v1/openapi.json",
            "/api/docs",
            "/api/v1/search?q=hiddenq",
            "/api/v1/paths",
            "/api/v1/paths?limit=1",
            "/api/v1/changes",
            "/api/v1/changes?limit=1",
            "/api/v1/changes?wait=0",
            "/api/v1/media",
            "/api/v1/reports",
            "/api/v1/users",
            "/api/v1/cases",
            "/preview/v1/role-pages",
            "/manage/v1/role-pages",
            "/admin",
            "/media",
            "/media/",
            "/api/v1/content",
            "/api/v1/content/",
            "/api/v1/schedules",
            "/api/v1/events",
            "/",
        ]
        .map(str::to_owned)
        .to_vec();
        let ids: Vec<String> = self.documents().collect();
        let named: Vec<String> = ids.iter().chain(&self.slugs).chain(&self.ids).cloned().collect();
        for collection in ["role-pages", "requirement-sections"] {
            let list = format!("/api/v1/{collection}");
            for sort in ["title", "-title", "updated_at", "-updated_at"] {
                all.push(format!("{list}?sort={sort}&limit=100"));
                all.push(format!("{list}?sort={sort}&limit=1"));
            }
            for state in ["draft", "in_review", "live", "unpublished"] {
                all.push(format!("{list}?draft_state={state}"));
                all.push(format!("{list}?live_state={state}"));
            }
            all.extend(
                ["?trashed=true", "?q=hiddenq", "?preview=true", "?version=1", "?draft=1", "?token=x", "?as_of=now"]
                    .map(|query| format!("{list}{query}")),
            );
            all.push(format!("{list}?ids={}", ids.join(",")));
            for id in &ids {
                all.push(format!("{list}?parent={id}&limit=100"));
                all.push(format!("{list}?ids={id}&fields=sections,slug"));
            }
            for time in &self.times {
                all.push(format!("{list}?updated_since={time}"));
            }
            for field in FIELDS {
                all.push(format!("{list}?fields={field}&limit=100"));
            }
            for name in &named {
                all.push(format!("{list}/{name}"));
                for parameter in
                    ["version=1", "version=2", "draft=true", "preview=true", "token=x", "fields=content,note", "as_of="]
                {
                    all.push(format!("{list}/{name}?{parameter}"));
                }
                for rest in
                    ["versions", "versions/1", "draft", "publications", "events", "compare?from=1&to=2", "json-ld"]
                {
                    all.push(format!("{list}/{name}/{rest}"));
                }
            }
        }
        for (position, id) in ids.iter().enumerate() {
            let collection =
                if self.readable.iter().chain(&self.unreadable).nth(position).unwrap().contains("role-pages") {
                    "role-pages"
                } else {
                    "requirement-sections"
                };
            for time in &self.times {
                all.push(format!("/api/v1/{collection}/{id}?as_of={time}"));
            }
            for field in FIELDS {
                all.push(format!("/api/v1/{collection}/{id}?fields={field}"));
            }
        }
        for path in self.paths.iter().cloned().chain(self.slugs.iter().map(|slug| format!("/{slug}"))) {
            all.extend([
                format!("/api/v1/content{path}"),
                format!("/api/v1/content{path}/"),
                format!("/api/v1/content{}", path.to_uppercase()),
            ]);
        }
        for key in self.shown_keys.iter().chain(&self.hidden_keys) {
            all.extend([format!("/media/{key}"), format!("/media/{key}?public=true"), format!("/media/%2e%2e/{key}")]);
        }
        for id in &self.ids {
            all.extend([
                format!("/media/{id}"),
                format!("/api/v1/reports/{id}"),
                format!("/api/v1/reports/{id}/{}", "0".repeat(32)),
            ]);
        }
        all.extend(self.receipts.iter().cloned());
        all
    }
}

const FIELDS: &[&str] = &[
    "title",
    "slug",
    "path",
    "summary",
    "sections",
    "facts",
    "breadcrumbs",
    "related_roles",
    "learn_more",
    "lead_image",
    "routes",
    "requirements",
    "used_by",
    "skills",
    "introduction",
    "meta_description",
    "alternative_titles",
    "notice",
    "feedback",
    "links",
    "search_terms",
    "note",
    "owner",
    "draft",
    "content",
    "schedule",
];

/// The marks of a kind that stand in a text.
fn marks_in(text: &str, mark: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let places = text.match_indices(mark).map(|(place, _)| place);
    places.map(|place| text[place..].chars().take(mark.len() + 4).collect()).collect()
}

/// Everything hidden that the management door knows of, which is where all of it was put.
async fn kept(site: &Site) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in site.readable.iter().chain(&site.unreadable) {
        let versions = site.publisher.get(&format!("{path}/versions?limit=100")).await;
        found.extend(marks_in(&versions.text(), HIDDEN));
        for number in 1..=4 {
            let version = site.publisher.get(&format!("{path}/versions/{number}")).await;
            found.extend(marks_in(&version.text(), HIDDEN));
        }
    }
    for list in ["media", "reports", "cases", "users", "api-keys", "settings", "events?limit=100"] {
        found.extend(marks_in(&site.publisher.get(&format!("/manage/v1/{list}")).await.text(), HIDDEN));
    }
    found
}

/// Everything that came back, as text.
fn whole(answer: &Answer) -> String {
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    format!("{}\n{}\n{}", answer.status, headers.join("\n"), answer.text())
}

/// What came back, what of it was found to be hidden, and what of it was shown.
#[derive(Default)]
struct Findings {
    leaks: Vec<String>,
    shown: BTreeSet<String>,
    asked: usize,
}

impl Findings {
    /// What was asked for may be said again; anything else that is hidden may not.
    fn look(&mut self, request: &str, answer: &Answer, site: &Site) {
        self.asked += 1;
        let text = whole(answer);
        let asked = marks_in(request, HIDDEN);
        let mut leaked: BTreeSet<String> = marks_in(&text, HIDDEN).difference(&asked).cloned().collect();
        for key in site.hidden_keys.iter().filter(|key| !request.contains(key.as_str())) {
            if text.contains(key.as_str()) {
                leaked.insert(key.clone());
            }
        }
        if !leaked.is_empty() {
            self.leaks.push(format!("{request}: {leaked:?}"));
        }
        if answer.status.is_server_error() {
            self.leaks.push(format!("{request}: {}", answer.status));
        }
        self.shown.extend(marks_in(&text, SHOWN));
    }
}

#[tokio::test]
async fn nothing_unpublished_leaves_through_a_public_door() {
    let mut site = Site::new().await;
    site.fill().await;
    let kept = kept(&site).await;
    assert!(kept.len() > 1_000, "there is much to find: {}", kept.len());
    let nobody = site.app.nobody();
    let mut findings = Findings::default();
    for address in site.addresses() {
        let mut next = Some(address);
        // Lists are followed to their ends.
        for _ in 0..200 {
            let Some(address) = next.take() else { break };
            let answer = nobody.get(&address).await;
            findings.look(&address, &answer, &site);
            if answer.status == StatusCode::OK
                && let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
            {
                next = body["next"].as_str().map(str::to_owned);
                if body["more"] == true {
                    next = Some(format!("/api/v1/changes?limit=1&since={}", body["cursor"].as_str().unwrap()));
                }
            }
        }
    }
    assert!(findings.leaks.is_empty(), "{} leaks:\n{}", findings.leaks.len(), findings.leaks.join("\n"));
    assert!(findings.asked > 2_000, "{}", findings.asked);
    // The search is able to find something: what is public was seen, nearly all of it.
    assert!(findings.shown.len() > 300, "{}", findings.shown.len());
}

#[tokio::test]
async fn a_planted_leak_is_found() {
    let mut site = Site::new().await;
    let path = site.draft("role-pages", json!({ "content": { "title": site_title() } }), HIDDEN).await;
    site.hidden_keys.push("a-key.webp".to_owned());
    let leak = site.publisher.get(&path).await;
    let mut findings = Findings::default();
    findings.look("/api/v1/role-pages", &leak, &site);
    assert_eq!(findings.leaks.len(), 1, "{:?}", findings.leaks);
    let mut header = site.app.nobody().get("/healthz").await;
    findings.look("/healthz", &header, &site);
    assert_eq!(findings.leaks.len(), 1, "{:?}", findings.leaks);
    header.headers.insert("location", "/a-key.webp".parse().unwrap());
    findings.look("/healthz", &header, &site);
    assert_eq!(findings.leaks.len(), 2, "{:?}", findings.leaks);
    findings.look("/media/a-key.webp", &header, &site);
    assert_eq!(findings.leaks.len(), 2, "what was asked for may be said again");
}

fn site_title() -> String {
    format!("{HIDDEN}9999")
}

#[tokio::test]
async fn no_header_method_or_key_shows_more() {
    let mut site = Site::new().await;
    site.fill().await;
    let nobody = site.app.nobody();
    let key = format!("Bearer {}", site.publisher.key.clone().unwrap());
    let headers: &[&[(&str, &str)]] = &[
        &[("authorization", "rubbish")],
        &[("authorization", &key)],
        &[("cookie", "session=1; preview=1; draft=true")],
        &[("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "admin.example")],
        &[
            ("x-forwarded-prefix", "/manage/v1"),
            ("x-original-url", "/manage/v1/role-pages"),
            ("x-rewrite-url", "/manage/v1/role-pages"),
        ],
        &[("x-http-method-override", "PUT"), ("x-preview-token", "x"), ("preview-token", "x")],
        &[("if-none-match", "*")],
        &[("if-none-match", "\"0\""), ("if-modified-since", "Sun, 22 Nov 2026 09:00:00 GMT")],
        &[("if-match", "\"1\""), ("range", "bytes=0-10")],
        &[("accept", "text/html")],
        &[("accept", "application/xml;q=0.1, */*;q=0"), ("accept-language", "cy"), ("accept-encoding", "gzip, br")],
        &[("origin", "https://site.example"), ("access-control-request-method", "GET")],
    ];
    let mut addresses: Vec<String> =
        vec!["/api/v1/role-pages".to_owned(), "/api/v1/paths".to_owned(), "/api/v1/changes".to_owned()];
    for path in site.readable.iter().chain(&site.unreadable) {
        addresses.push(path.replace("/manage/v1/", "/api/v1/"));
    }
    addresses.extend(site.paths.iter().map(|path| format!("/api/v1/content{path}")));
    addresses.extend(site.hidden_keys.iter().map(|key| format!("/media/{key}")));
    let mut findings = Findings::default();
    for address in &addresses {
        let plain = nobody.get(address).await;
        for headers in headers {
            let answer = nobody.send(Method::GET, address, headers, "").await;
            findings.look(&format!("{address} {headers:?}"), &answer, &site);
            if answer.status != StatusCode::NOT_MODIFIED && address != "/api/v1/changes" {
                assert_eq!(
                    (plain.status, plain.text()),
                    (answer.status, strip(&plain, &answer)),
                    "{address} {headers:?}"
                );
            }
        }
        for method in
            [Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE]
        {
            let answer = nobody.send(method.clone(), address, &[("content-type", "application/json")], "{}").await;
            findings.look(&format!("{method} {address}"), &answer, &site);
            if method == Method::HEAD {
                assert!(answer.body.is_empty(), "{address}");
                assert_eq!(answer.status, plain.status, "{address}");
            }
        }
    }
    assert!(findings.leaks.is_empty(), "{} leaks:\n{}", findings.leaks.len(), findings.leaks.join("\n"));
    assert!(findings.shown.len() > 200, "{}", findings.shown.len());
}

/// The second answer as text, with the first one's name of the request in a problem.
fn strip(plain: &Answer, answer: &Answer) -> String {
    if answer.headers.get("content-type").is_none_or(|kind| kind != "application/problem+json") {
        return answer.text();
    }
    let (first, mut second) = (plain.json(), answer.json());
    if second.get("request_id").is_some() {
        second["request_id"] = first["request_id"].clone();
    }
    second.to_string()
}

#[tokio::test]
async fn what_the_public_may_not_read_answers_like_what_never_was() {
    let mut site = Site::new().await;
    site.fill().await;
    let nobody = site.app.nobody();
    for path in &site.unreadable {
        let address = path.replace("/manage/v1/", "/api/v1/");
        nobody.get(&address).await.problem(404);
        for time in &site.times {
            nobody.get(&format!("{address}?as_of={time}")).await.problem(404);
        }
    }
    for path in &site.readable {
        nobody.get(&path.replace("/manage/v1/", "/api/v1/")).await.ok();
    }
    for slug in site.slugs.iter().filter(|slug| slug.starts_with(HIDDEN)) {
        for collection in ["role-pages", "requirement-sections", "content"] {
            nobody.get(&format!("/api/v1/{collection}/{slug}")).await.problem(404);
        }
        let report = json!({ "document": slug, "kind": "problem", "wrong": "x" });
        let refused = nobody.post("/api/v1/reports", &report).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert!(marks_in(&whole(&refused), HIDDEN).iter().all(|mark| mark == slug), "{refused:?}");
    }
    for key in &site.hidden_keys {
        nobody.get(&format!("/media/{key}")).await.problem(404);
    }
    for key in &site.shown_keys {
        assert_eq!(nobody.get(&format!("/media/{key}")).await.status, StatusCode::OK);
    }
    // Neither do the lists of paths and changes name what was never public.
    for address in
        ["/api/v1/paths", "/api/v1/changes", "/api/v1/role-pages?limit=100", "/api/v1/requirement-sections?limit=100"]
    {
        let text = nobody.get(address).await.text();
        let never = site.unreadable.iter().take(2).map(|path| id_of(path));
        for id in never {
            assert!(!text.contains(&id), "{address} names {id}");
        }
    }
}

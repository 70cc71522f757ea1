//! The application under test: in process, with a database of its own.

mod database;
pub mod drafts;
pub mod uploads;

use std::{io::Read, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use rolebook::{
    accounts::{PasswordCost, Passwords, api_keys, api_keys::NewKey, users, users::NewUser},
    app, content,
    feedback::{CaseSearch, Limits},
    followers,
    kernel::{
        Actor, Chance, Clock, Ctx, Database, Door, ManualClock, Permission, Role, SeededChance, SystemChance,
        Timestamp, UserId,
    },
    media::Store,
    outbound::{Mailer, Outbound, Targets},
    published::Search,
    web::{Answers, App, Front, RateLimit, Surroundings},
};
use serde_json::Value;
use tower::ServiceExt;

pub use database::TestDatabase;

/// Sunday morning, to the second.
pub const START: &str = "2026-11-22T09:00:00Z";

/// Bytes of the kept answers of an instance.
pub const CACHE: u64 = 4 * 1024 * 1024;

pub struct TestApp {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub router: Front,
    pub database: TestDatabase,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// Somebody with a key, or nobody.
#[derive(Clone)]
pub struct Client {
    pub router: Front,
    pub key: Option<String>,
    pub user: Option<UserId>,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::on(TestDatabase::new().await).await
    }

    /// On a database that is there already.
    pub async fn on(database: TestDatabase) -> Self {
        Self::with(database, Store::in_memory(), Arc::new(SeededChance::new(1))).await
    }

    pub async fn with(database: TestDatabase, store: Store, chance: Arc<dyn Chance>) -> Self {
        Self::reached_at("http://rolebook.test", database, store, chance).await
    }

    /// As the public knows it under another address.
    pub async fn reached_at(public_url: &str, database: TestDatabase, store: Store, chance: Arc<dyn Chance>) -> Self {
        Self::made(in_memory(), public_url, database, store, chance, CACHE, None).await
    }

    /// As the public knows it under another address, with a way to a mail server.
    pub async fn reached_and_mailing(
        public_url: &str,
        mailer: Mailer,
        database: TestDatabase,
        chance: Arc<dyn Chance>,
    ) -> Self {
        Self::made(in_memory(), public_url, database, Store::in_memory(), chance, CACHE, Some(mailer)).await
    }

    /// With a way to a mail server, or without.
    pub async fn with_mailer(
        mailer: Option<Mailer>,
        database: TestDatabase,
        store: Store,
        chance: Arc<dyn Chance>,
    ) -> Self {
        Self::made(in_memory(), "http://rolebook.test", database, store, chance, CACHE, mailer).await
    }

    /// With an index of what is published that may have been there already.
    pub async fn searching(search: Search, database: TestDatabase) -> Self {
        let (_, work, cases) = in_memory();
        let indexes = (search, work, cases);
        Self::made(indexes, "http://rolebook.test", database, Store::in_memory(), system_chance(), CACHE, None).await
    }

    /// With all indexes in a folder, as a server keeps them.
    pub async fn indexing(folder: &std::path::Path, database: TestDatabase) -> Self {
        let indexes = (
            Search::in_folder(folder).unwrap(),
            content::Search::in_folder(&folder.join("work")).unwrap(),
            CaseSearch::in_folder(&folder.join("cases")).unwrap(),
        );
        Self::made(indexes, "http://rolebook.test", database, Store::in_memory(), system_chance(), CACHE, None).await
    }

    /// With an index of what is worked on that may have been there already.
    pub async fn working(search: content::Search, database: TestDatabase) -> Self {
        let (published, _, cases) = in_memory();
        let indexes = (published, search, cases);
        Self::made(indexes, "http://rolebook.test", database, Store::in_memory(), system_chance(), CACHE, None).await
    }

    /// With room for this many bytes of public answers.
    pub async fn keeping(database: TestDatabase, store: Store, chance: Arc<dyn Chance>, bytes: u64) -> Self {
        Self::made(in_memory(), "http://rolebook.test", database, store, chance, bytes, None).await
    }

    async fn made(
        indexes: Indexes,
        public_url: &str,
        database: TestDatabase,
        store: Store,
        chance: Arc<dyn Chance>,
        bytes: u64,
        mailer: Option<Mailer>,
    ) -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::parse(START).unwrap()));
        let connection = Database::connect(&database.url, 12, false).await.unwrap();
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let app = App::new(Surroundings {
            database: connection,
            store,
            passwords: Passwords::new(PasswordCost::LEAST).unwrap(),
            clock: shared,
            chance,
            public_url: public_url.to_owned(),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            site_origins: vec!["https://site.example".to_owned()],
            outbound: Outbound::new(Targets::new(vec!["127.0.0.0/8".parse().unwrap()])).unwrap(),
            mailer,
            reset_limit: RateLimit::new(5, 60),
            report_limit: RateLimit::new(5, 20).hourly(60),
            inbox_limits: Limits::default(),
            unsent_limit: RateLimit::new(5, 12),
            preview_limit: RateLimit::new(120, 1),
            answers: Answers::new(bytes),
            directory: rolebook::published::Directory::default(),
            search: indexes.0,
            work_search: indexes.1,
            case_search: indexes.2,
            trends: rolebook::feedback::RunningTrends::default(),
            contract: std::sync::OnceLock::new(),
            bell: tokio::sync::Notify::new(),
            presence: tokio::sync::Notify::new(),
            ending: tokio_util::sync::CancellationToken::new(),
        });
        app::prepare(&app.ctx(Actor::system("test"), Door::CommandLine), false).await.unwrap();
        Self { router: app::service(app.clone()), app, clock, database }
    }

    /// Another instance of the application on the same database, with a clock of its own.
    pub async fn beside(&self) -> Self {
        Self::with(self.database.same(), Store::in_memory(), system_chance()).await
    }

    /// What the program itself does.
    pub fn system(&self) -> Ctx {
        self.app.ctx(Actor::system("test"), Door::CommandLine)
    }

    /// A person with these roles, who has a key with all that they may do.
    pub async fn person(&self, name: &str, roles: &[Role]) -> Client {
        let scopes: std::collections::BTreeSet<Permission> =
            roles.iter().flat_map(|role| role.permissions().iter().copied()).collect();
        self.person_with(name, roles, &scopes.into_iter().collect::<Vec<_>>()).await
    }

    pub async fn person_with(&self, name: &str, roles: &[Role], scopes: &[Permission]) -> Client {
        let ctx = self.system();
        let new = NewUser {
            email: format!("{}@rolebook.test", name.to_lowercase().replace(' ', ".")),
            name: name.to_owned(),
            roles: roles.to_vec(),
            password: None,
        };
        let user = users::add(&ctx, &self.app.passwords, new).await.unwrap();
        let key = NewKey { name: "test".to_owned(), owner: user.id, scopes: scopes.to_vec(), expires_at: None };
        let added = api_keys::add(&ctx, key).await.unwrap();
        Client { router: self.router.clone(), key: Some(added.secret), user: Some(user.id) }
    }

    pub async fn administrator(&self) -> Client {
        self.person("Ada", &[Role::Administrator]).await
    }

    pub fn nobody(&self) -> Client {
        Client { router: self.router.clone(), key: None, user: None }
    }

    /// Puts public events into the queues of webhooks and sends all that is due now. Answers how many were sent to.
    pub async fn send_webhooks(&self) -> usize {
        followers::webhooks::tick(&app::follower_ctx(&self.app), &self.app.outbound).await.unwrap()
    }

    /// Lets the followers of the log do what is due now.
    pub async fn follow(&self) -> usize {
        let done = followers::tick(&app::follower_ctx(&self.app)).await.unwrap();
        self.app.answers.catch_up(&self.app.database).await.unwrap();
        done
    }
}

/// The indexes of words of an instance without a folder.
/// Of what is published, of what is worked on, and of cases.
type Indexes = (Search, content::Search, CaseSearch);

fn in_memory() -> Indexes {
    (Search::in_memory().unwrap(), content::Search::in_memory().unwrap(), CaseSearch::in_memory().unwrap())
}

/// A source of chance for tests that must not share ids with another application on the same database.
pub fn system_chance() -> Arc<dyn Chance> {
    Arc::new(SystemChance)
}

impl Client {
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The same person at another instance.
    pub fn at_instance(&self, app: &TestApp) -> Self {
        Self { router: app.router.clone(), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// A step or a write on a version that was seen.
    pub async fn at(&self, method: Method, path: &str, version: i64, body: &Value) -> Answer {
        let seen = format!("\"{version}\"");
        let headers = [("content-type", "application/json"), ("if-match", seen.as_str())];
        self.send(method, path, &headers, body.to_string()).await
    }

    /// A step or a write on whatever is shown at an address now, named by its ETag.
    pub async fn seeing(&self, shown: &str, method: Method, path: &str, body: &Value) -> Answer {
        let shown = self.get(shown).await;
        self.naming(shown.header("etag"), method, path, body).await
    }

    /// A step or a write that names this ETag.
    pub async fn naming(&self, etag: &str, method: Method, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", etag)];
        self.send(method, path, &headers, body.to_string()).await
    }

    /// Changes some settings, whatever they are now.
    pub async fn set(&self, settings: &Value) -> Answer {
        self.seeing("/manage/v1/settings", Method::PATCH, "/manage/v1/settings", settings).await
    }

    /// A step on whatever version is shown now.
    pub async fn step(&self, path: &str, step: &str, body: &Value) -> Answer {
        let version = self.get(path).await.ok()["version"].as_i64().unwrap();
        self.at(Method::POST, &format!("{path}/{step}"), version, body).await
    }

    /// Makes a document and answers its address.
    pub async fn create(&self, collection: &str, body: &Value) -> String {
        let made = self.post(&format!("/manage/v1/{collection}"), body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// Makes a document, publishes it, and answers its address.
    pub async fn publish_new(&self, collection: &str, body: &Value) -> String {
        let path = self.create(collection, body).await;
        self.step(&path, "publish", &serde_json::json!({})).await.ok();
        path
    }

    /// Adds an image of one colour and answers its id.
    pub async fn upload(&self, filename: &str, width: u32, height: u32, alt: &str) -> String {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(width, height, image::Rgb([20, 90, 160]));
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let mut body = Vec::new();
        for part in [
            format!("--edge\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\n{alt}\r\n").into_bytes(),
            format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\r\n")
                .into_bytes(),
            bytes.into_inner(),
            b"\r\n--edge--\r\n".to_vec(),
        ] {
            body.extend(part);
        }
        let headers = [("content-type", "multipart/form-data; boundary=edge")];
        let added = self.send(Method::POST, "/manage/v1/media", &headers, body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        added.json()["id"].as_str().unwrap().to_owned()
    }

    /// Saves over whatever version is shown now.
    pub async fn save(&self, path: &str, body: &Value) -> Answer {
        let version = self.get(path).await.ok()["version"].as_i64().unwrap();
        self.at(Method::PUT, path, version, body).await
    }
}

impl Answer {
    /// The JSON of an answer that went well.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, String::from_utf8_lossy(&self.body));
        self.json()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The problem of an answer that went wrong with this status.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem
    }

    /// The text of a body that came in an encoding or plain.
    pub fn decoded(&self) -> String {
        let mut text = String::new();
        match self.headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap()) {
            None => text = self.text(),
            Some("gzip") => {
                flate2::read::GzDecoder::new(&self.body[..]).read_to_string(&mut text).unwrap();
            }
            Some("br") => {
                brotli::Decompressor::new(&self.body[..], 4_096).read_to_string(&mut text).unwrap();
            }
            Some(other) => panic!("{other}"),
        }
        text
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
    }
}

/// The id at the end of a document's address.
pub fn id_of(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// The pointers of a problem's errors.
pub fn pointers(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

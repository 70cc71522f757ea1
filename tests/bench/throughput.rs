//! How many public answers a second go out, beside a bare axum handler that gives out the same bytes with the same
//! headers. Both listen in this process; `wrk` asks them in turns with one thread, and ratios are of medians of rounds.
//! `cargo bench --bench throughput -- 1000` says of how many pages the site is. It needs `wrk` (a package of Debian) and
//! judges nothing.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark that can't go on shall stop where it is, and it prints"
)]

mod site;
#[path = "../it/support/mod.rs"]
mod support;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::{
    Router, ServiceExt,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use rolebook::{kernel::Role, media::Store};
use serde_json::json;
use support::{Client, TestApp, TestDatabase, system_chance};
use tokio::{net::TcpListener, process::Command};

const ROUNDS: usize = 5;
const SECONDS: u32 = 3;
const ENOUGH_FOR_ALL: u64 = 4 * 1024 * 1024 * 1024;

#[tokio::main(worker_threads = 2)]
async fn main() {
    let documents = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000);
    let app = TestApp::keeping(TestDatabase::sqlite().await, Store::in_memory(), system_chance(), ENOUGH_FOR_ALL).await;
    let editor = app.person("Pat", &[Role::Publisher]).await;
    let ids = site::fill(&app, &editor, documents).await;
    let page = format!("/api/v1/role-pages/{}", ids[documents / 2]);
    let ours = listen(app.router.clone()).await;
    let plain = bare(&app, &page, "identity").await;
    let known = app.nobody().get(&page).await.header("etag").to_owned();
    let length = app.nobody().get(&page).await.body.len();
    println!(
        "\n{documents} pages on SQLite; the page is {length} bytes; medians of {ROUNDS} rounds of {SECONDS} s, wrk -t1"
    );
    println!("{:<56} {:>9} {:>9} {:>6}", "answers a second", "this", "beside", "ratio");
    for connections in [16, 64] {
        let name = format!("one page, {connections} connections, beside the bare handler");
        compare(&name, ask(ours, &page, connections), ask(plain, &page, connections)).await;
    }
    let conditional = |at| Ask { headers: vec![("if-none-match", known.clone())], ..ask(at, &page, 16) };
    compare("the same with If-None-Match", conditional(ours), conditional(plain)).await;
    for encoding in ["gzip", "br"] {
        let encoded = Ask { headers: vec![("accept-encoding", encoding.to_owned())], ..ask(ours, &page, 16) };
        compare(&format!("{encoding}, beside identity"), encoded, ask(ours, &page, 16)).await;
    }
    let started = Instant::now();
    for id in &ids {
        app.nobody().get(&format!("/api/v1/role-pages/{id}")).await;
    }
    let each = started.elapsed().as_secs_f64() * 1_000.0 / f64::from(u32::try_from(ids.len()).unwrap());
    let (bytes, answers) = app.app.answers.size();
    let any = Ask { script: Some(any_of(&ids)), ..ask(ours, &page, 16) };
    compare(&format!("any of {documents} pages, beside one page"), any, ask(ours, &page, 16)).await;
    println!("composed for the first time: {each:.2} ms a page; kept: {answers} answers in {} MiB", bytes / 1_048_576);
    lists(&app).await;
    shared(&app, &editor).await;
}

/// What `wrk` is to ask.
#[derive(Clone)]
struct Ask {
    at: SocketAddr,
    path: String,
    connections: u32,
    headers: Vec<(&'static str, String)>,
    script: Option<std::path::PathBuf>,
}

fn ask(at: SocketAddr, path: &str, connections: u32) -> Ask {
    Ask { at, path: path.to_owned(), connections, headers: Vec::new(), script: None }
}

impl Ask {
    /// Answers a second.
    async fn run(&self) -> f64 {
        let mut command = Command::new("wrk");
        command.args(["-t1", &format!("-c{}", self.connections), &format!("-d{SECONDS}s")]);
        for (name, value) in &self.headers {
            command.args(["-H", &format!("{name}: {value}")]);
        }
        if let Some(script) = &self.script {
            command.arg("-s").arg(script);
        }
        command.arg(format!("http://{}{}", self.at, self.path));
        let output = command.output().await.unwrap_or_else(|error| panic!("wrk can't be run: {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{text}");
        let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
        line.unwrap_or_else(|| panic!("{text}")).trim().parse().unwrap()
    }
}

/// Both in turns, so that what else the machine does falls on both.
async fn compare(name: &str, this: Ask, beside: Ask) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(this.run().await);
        theirs.push(beside.run().await);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("{name:<56} {ours:>9.0} {theirs:>9.0} {:>6.2}", ours / theirs);
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn listen<S>(service: S) -> SocketAddr
where
    S: tower::Service<Request, Response = Response, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// A handler that does nothing but give out these bytes with these headers, or 304.
async fn bare(app: &TestApp, page: &str, encoding: &str) -> SocketAddr {
    let answer = app.nobody().send(Method::GET, page, &[("accept-encoding", encoding)], Body::empty()).await;
    let (headers, body, etag) =
        (answer.headers.clone(), Bytes::from(answer.body.clone()), answer.headers["etag"].clone());
    let handler = move |request: HeaderMap| async move {
        if request.get("if-none-match") == Some(&etag) {
            let kept = ["etag", "cache-control", "vary", "last-modified", "surrogate-key"];
            let headers: HeaderMap = headers
                .iter()
                .filter(|(name, _)| kept.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, body).into_response()
    };
    listen(Router::new().route(page, get(handler))).await
}

/// A script of `wrk` that asks for any of these pages, each as often.
fn any_of(ids: &[uuid::Uuid]) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("rolebook-throughput-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    std::fs::write(directory.join("ids"), list.join("\n")).unwrap();
    let script = format!(
        "local ids = {{}}\nfor line in io.lines('{}') do ids[#ids + 1] = line end\nmath.randomseed(7)\n\
         request = function() return wrk.format('GET', '/api/v1/role-pages/' .. ids[math.random(#ids)]) end\n",
        directory.join("ids").display()
    );
    let file = directory.join("any.lua");
    std::fs::write(&file, script).unwrap();
    file
}

/// Lists that nobody has asked for before.
async fn lists(app: &TestApp) {
    for (name, query) in
        [("a list of 20, not kept", "sort=title"), ("a list of 100, not kept", "sort=-updated_at&limit=100")]
    {
        let mut times = Vec::new();
        for round in 0..50 {
            // An address of its own each time.
            let address = format!("/api/v1/role-pages?{query}&updated_since=2020-01-01T00:00:{:02}Z", round % 60);
            let started = Instant::now();
            app.nobody().get(&address).await.ok();
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        println!("{name:<56} {:>9.2} ms", median(times));
    }
}

/// The requirement section that every page embeds, published anew.
async fn shared(app: &TestApp, editor: &Client) {
    let list = editor.get("/manage/v1/requirement-sections").await.ok();
    let path = format!("/manage/v1/requirement-sections/{}", list["data"][0]["id"].as_str().unwrap());
    let page = editor.get("/api/v1/role-pages?limit=1").await.ok()["data"][0]["id"].as_str().unwrap().to_owned();
    let (mut commits, mut fresh) = (Vec::new(), Vec::new());
    for round in 0..9 {
        let mut content = editor.get(&path).await.ok()["content"].clone();
        content["summary"] = format!("Round {round}.").into();
        editor.save(&path, &json!({ "content": content })).await.ok();
        let version = editor.get(&path).await.ok()["version"].as_i64().unwrap();
        let started = Instant::now();
        editor.at(Method::POST, &format!("{path}/publish"), version, &json!({})).await.ok();
        commits.push(started.elapsed());
        let started = Instant::now();
        let answer = app.nobody().get(&format!("/api/v1/role-pages/{page}")).await.text();
        fresh.push(started.elapsed());
        assert!(answer.contains(&format!("Round {round}.")), "stale after a publication was acknowledged");
    }
    let milliseconds = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1_000.0
    };
    println!("{:<56} {:>9.2} ms", "publishing the section of every page", milliseconds(commits));
    println!("{:<56} {:>9.2} ms", "the first page after it", milliseconds(fresh));
}

//! How many public answers a second go out, beside a bare axum handler that gives out the same bytes with the same
//! headers. Both listen in this process; `wrk` asks them in turns with one thread, and ratios are of medians of rounds.
//! After that: what is not kept, publishing beside reading, and the program itself on the same files, that is, its start
//! and its memory. `cargo bench --bench throughput -- 1000` says of how many pages the site is; `lists` after it leaves
//! out everything but lists and searches; `feedback` measures the feedback desk instead, and `reports` what a flood of
//! reports does. It needs `wrk` (a package of Debian) and judges nothing.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark that can't go on shall stop where it is, and it prints"
)]

mod desk;
mod feedback;
mod flood;
#[path = "../it/panel/html.rs"]
mod html;
mod panel;
mod program;
mod site;
mod steady;
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
/// Asks for lists, filters and searches alone.
const LISTS: &str = "lists";
/// Of each document.
const VERSIONS: i32 = 2;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == steady::WORD => steady::main(rest),
        Some((word, rest)) if word == feedback::WORD => run(feedback::main(rest)),
        Some((word, rest)) if word == flood::WORD => run(flood::main(rest)),
        _ => run(measure()),
    }
}

fn run(measure: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(measure);
}

async fn measure() {
    let documents = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000);
    let app = TestApp::keeping(TestDatabase::sqlite().await, Store::in_memory(), system_chance(), ENOUGH_FOR_ALL).await;
    let editor = app.person("Pat", &[Role::Publisher]).await;
    let ids = site::fill(&app, &editor, documents, VERSIONS).await;
    if std::env::args().any(|argument| argument == LISTS) {
        return fresh(&app, documents).await;
    }
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
    // Both by a script, which is the slower side where there is one.
    let any = Ask { script: Some(any_of("any", &ids)), ..ask(ours, &page, 16) };
    let one = Ask { script: Some(any_of("one", &ids[..1])), ..ask(ours, &page, 16) };
    compare(&format!("any of {documents} pages, beside one page"), any, one).await;
    println!("composed for the first time: {each:.2} ms a page; kept: {answers} answers in {} MiB", bytes / 1_048_576);
    fresh(&app, documents).await;
    shared(&app, &editor).await;
    beside_publishing(&app, &editor, ours, &ids).await;
    app.app.database.clone().close().await.unwrap();
    program::measure(app.database.directory.as_ref().unwrap().path()).await;
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
fn any_of(name: &str, ids: &[uuid::Uuid]) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("rolebook-throughput-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    std::fs::write(directory.join(name), list.join("\n")).unwrap();
    let script = format!(
        "local requests = {{}}\ninit = function()\nfor line in io.lines('{}') do\n\
         requests[#requests + 1] = wrk.format('GET', '/api/v1/role-pages/' .. line)\nend\nend\n\
         math.randomseed(7)\nrequest = function() return requests[math.random(#requests)] end\n",
        directory.join(name).display()
    );
    let file = directory.join(format!("{name}.lua"));
    std::fs::write(&file, script).unwrap();
    file
}

/// Lists, filters and searches that nobody has asked for before: each time for another number of lines.
async fn fresh(app: &TestApp, documents: usize) {
    // The directory and the index of words are made at the first question, which may be told to come again.
    app.nobody().get("/api/v1/role-pages?route=college").await.ok();
    let started = Instant::now();
    while !app.nobody().get("/api/v1/search?q=hospitals").await.status.is_success() {}
    println!("the index of words was made in {:.1} s", started.elapsed().as_secs_f64());
    println!("{:<56} {:>9} {:>9}", "milliseconds, not kept", "p50", "p95");
    let few = documents / 2;
    for query in [
        "role-pages?sort=title".to_owned(),
        "role-pages?sort=-updated_at".to_owned(),
        "role-pages?updated_since=2026-01-01T00:00:00Z".to_owned(),
        "role-pages?route=college".to_owned(),
        "role-pages?max_level=RQF:3&unknown=include".to_owned(),
        "role-pages?route=college&nation=wales&sort=-updated_at".to_owned(),
        "role-pages?skill=patience".to_owned(),
        format!("role-pages?q=role+{few}"),
        "role-pages?q=hospitals".to_owned(),
        format!("search?q=role+{few}"),
        "search?q=hospitals".to_owned(),
        "search?q=hospitls".to_owned(),
        "search?q=%22in+the+community%22".to_owned(),
    ] {
        let mut times = Vec::new();
        let most = if query.starts_with("search") { 50 } else { 100 };
        for limit in 1..=most {
            let address = format!("/api/v1/{query}&limit={limit}");
            let started = Instant::now();
            app.nobody().get(&address).await.ok();
            times.push(milliseconds(started));
        }
        let p95 = percentile(&mut times, 95);
        println!("{query:<56} {:>9.2} {p95:>9.2}", median(times));
    }
}

/// The 99th percentile of reads at three tenths of what can be answered, while ten pages a second are published, beside
/// the same when all is quiet.
async fn beside_publishing(app: &TestApp, editor: &Client, ours: SocketAddr, ids: &[uuid::Uuid]) {
    app.person("Robin", &[Role::Administrator]).await.set(&json!({ "review_role_pages": "off" })).await.ok();
    let read: Vec<String> = ids.iter().take(1_000).map(|id| format!("/api/v1/role-pages/{id}")).collect();
    let most = ask(ours, &read[0], 32).run().await;
    let paths = std::env::temp_dir().join(format!("rolebook-throughput-{}/paths", std::process::id()));
    std::fs::write(&paths, read.join("\n")).unwrap();
    let rate: u64 = format!("{:.0}", most * 0.3).parse().unwrap();
    let (mut quiet, mut busy, mut publishing) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for path in &read {
            app.nobody().get(path).await.ok();
        }
        quiet.push(steady::p99(ours, &paths, rate, 5).await);
        let stop = tokio_util::sync::CancellationToken::new();
        let publisher = tokio::spawn(publish_ten_a_second(
            editor.clone(),
            ids[..1_000.min(ids.len())].to_vec(),
            round,
            stop.clone(),
        ));
        busy.push(steady::p99(ours, &paths, rate, 5).await);
        stop.cancel();
        publishing.extend(publisher.await.unwrap());
    }
    let p90 = percentile(&mut publishing, 90);
    let (quiet, busy) = (median(quiet), median(busy));
    println!(
        "{:<56} {busy:>9.2} {quiet:>9.2} {:>6.2}",
        format!("p99 ms of {rate} reads a second beside 10 publishes"),
        busy / quiet
    );
    println!("{:<56} {p90:>9.2} ms, of {}", "publishing meanwhile, p90", publishing.len());
}

async fn publish_ten_a_second(
    editor: Client,
    ids: Vec<uuid::Uuid>,
    round: usize,
    stop: tokio_util::sync::CancellationToken,
) -> Vec<f64> {
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    let mut times = Vec::new();
    for turn in 0.. {
        tokio::select! { _ = beat.tick() => {}, () = stop.cancelled() => break }
        let path = format!("/manage/v1/role-pages/{}", ids[(turn * 31 + round) % ids.len()]);
        let mut content = editor.get(&path).await.ok()["content"].clone();
        content["summary"] = format!("Round {round}, turn {turn}.").into();
        editor.save(&path, &json!({ "content": content })).await.ok();
        let version = editor.get(&path).await.ok()["version"].as_i64().unwrap();
        let started = Instant::now();
        editor.at(Method::POST, &format!("{path}/publish"), version, &json!({})).await.ok();
        times.push(milliseconds(started));
    }
    times
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn percentile(times: &mut [f64], part: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * part / 100).min(times.len() - 1)]
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
        commits.push(milliseconds(started));
        let started = Instant::now();
        let answer = app.nobody().get(&format!("/api/v1/role-pages/{page}")).await.text();
        fresh.push(milliseconds(started));
        assert!(answer.contains(&format!("Round {round}.")), "stale after a publication was acknowledged");
    }
    println!("{:<56} {:>9.2} ms", "publishing the section of every page", median(commits));
    println!("{:<56} {:>9.2} ms", "the first page after it", median(fresh));
}

//! How fast the feedback desk is with 100,000 reports in 20,000 cases: each list, filter and search as a person's browser asks
//! for it, cases, trends, what publishing asks, and a report on its way in. `cargo bench --bench throughput -- feedback` runs
//! it on SQLite, and on PostgreSQL too if `TEST_POSTGRES` names a server; a number after it makes fewer reports.

use std::time::{Duration, Instant};

use axum::{body::Body, extract::ConnectInfo, http::Request};
use http_body_util::BodyExt;
use rolebook::{
    kernel::{Role, Timestamp},
    media::Store,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    desk::{self, Desk},
    median,
    panel::Panel,
    percentile, site,
    support::{TestApp, TestDatabase, system_chance},
};

/// What makes this program measure the feedback desk.
pub const WORD: &str = "feedback";
const PAGES: usize = 1_000;
const ROUNDS: usize = 50;
const VERSIONS: i32 = 2;
const CACHE: u64 = 64 * 1024 * 1024;

pub async fn main(arguments: &[String]) {
    let reports = arguments.iter().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100_000);
    measure("SQLite", TestDatabase::sqlite().await, reports).await;
    if let Some(postgres) = TestDatabase::other().await {
        measure("PostgreSQL", postgres, reports).await;
    }
}

async fn measure(name: &str, database: TestDatabase, reports: usize) {
    let app = TestApp::keeping(database, Store::in_memory(), system_chance(), CACHE).await;
    let editor = app.person("Pat", &[Role::Publisher]).await;
    let pages = site::fill(&app, &editor, PAGES, VERSIONS).await;
    let mut people = Vec::new();
    for name in ["Tom", "Tara", "Tilda", "Tim", "Toni"] {
        people.push(app.person(name, &[Role::Triager]).await.user.unwrap().0);
    }
    let started = Instant::now();
    let desk = desk::fill(&app, &editor, &pages, reports, reports / 5, &people).await;
    let made = started.elapsed().as_secs_f64();
    let panel = Panel::of(&app, Role::Administrator).await;
    settle(&app).await;
    println!("\n{name}: {reports} reports in {} cases, {PAGES} pages, made in {made:.1} s", desk.cases.len());
    println!("{:<56} {:>9} {:>9} {:>9}", "milliseconds", "p50", "p95", "first");
    let only = std::env::args().skip_while(|argument| argument != "only").nth(1).unwrap_or_default();
    for (name, path) in screens(&desk, &people) {
        if name.contains(&only) {
            each(&name, async |_| panel.ask(&path).await).await;
        }
    }
    if only.is_empty() || only == "search" {
        let started = Instant::now();
        // The index is made at the first question, which may be told to come again.
        let triager = app.person("Terry", &[Role::Triager]).await;
        loop {
            match triager.get("/manage/v1/cases?q=hospitals").await.status.as_u16() {
                200 => break,
                503 => tokio::task::yield_now().await,
                other => panic!("a search was answered with {other}"),
            }
        }
        println!("the index of cases was made in {:.1} s", started.elapsed().as_secs_f64());
        for (name, words) in searches() {
            each(&name, async |_| panel.ask(&format!("/admin/cases?{words}")).await).await;
        }
    }
    if only.is_empty() || "case".contains(&only) {
        let pick = |round: usize| desk.cases[(round * 7_919) % desk.cases.len()];
        each("case, any", async |round| panel.ask(&format!("/admin/cases/{}", pick(round))).await).await;
        let newest = |round: usize| desk.cases[desk.cases.len() - 1 - round * 17];
        each("case, one of the newest", async |round| panel.ask(&format!("/admin/cases/{}", newest(round))).await)
            .await;
        each("case with the most reports", async |_| panel.ask(&format!("/admin/cases/{}", desk.largest)).await).await;
    }
    if only.is_empty() || "intake".contains(&only) {
        intake(&app, &desk, &pages).await;
    }
}

/// PostgreSQL looks at its tables by itself, some time after so much has been written; what is SQLite's stands in its file
/// before long.
async fn settle(app: &TestApp) {
    let tx = app.system().write().await.unwrap();
    if tx.locks_rows() {
        tx.execute_unprepared("ANALYZE").await.unwrap();
    }
    tx.commit(()).await.unwrap();
    app.app.database.settle().await.unwrap();
}

/// The screens, each by what it is of and where it is.
fn screens(desk: &Desk, people: &[Uuid]) -> Vec<(String, String)> {
    let mut screens = Vec::new();
    for view in ["new", "mine", "open", "waiting", "regressed", "resolved", "dismissed", "all"] {
        screens.push((format!("inbox, {view}"), format!("/admin/cases?view={view}")));
    }
    let (page, block, person) = (desk.page, desk.block, people[0]);
    for (name, query) in [
        ("assignee", format!("assignee={person}")),
        ("nobody assigned", "assignee=nobody".to_owned()),
        ("state", "state=in_progress".to_owned()),
        ("severity", "severity=urgent".to_owned()),
        ("category", "category=typo".to_owned()),
        ("label", "label=pay".to_owned()),
        ("a label of few", "label=pdf".to_owned()),
        ("kind of report", "kind=accessibility".to_owned()),
        ("page", format!("document={page}")),
        ("passage", format!("block={block}")),
        ("with an address", "contact=true".to_owned()),
        ("without an address", "contact=false".to_owned()),
        ("reported since", "since=2028-10-01".to_owned()),
        ("reported until", "until=2027-01-31".to_owned()),
        ("overdue", "due=overdue".to_owned()),
        ("due this week", "due=week".to_owned()),
        ("due first", "view=all&sort=due".to_owned()),
        ("open, due first", "view=open&sort=due".to_owned()),
        ("four together", "view=open&severity=high&category=typo&kind=problem&contact=false".to_owned()),
        ("page, passage, state", format!("document={page}&block={block}&state=resolved")),
    ] {
        screens.push((format!("inbox, {name}"), format!("/admin/cases?{query}")));
    }
    for (name, query) in [
        ("all", String::new()),
        ("quarantine", "quarantined=true".to_owned()),
        ("page", format!("document={page}")),
        ("kind", "kind=accessibility".to_owned()),
        ("flag", "flag=name".to_owned()),
        ("a flag that none has", "flag=street_address".to_owned()),
        ("quarantine, page and kind", format!("quarantined=true&document={page}&kind=comment")),
    ] {
        screens.push((format!("reports, {name}"), format!("/admin/reports?{query}")));
    }
    for (name, address) in [
        ("trends, 4 weeks", "/admin/trends?weeks=4".to_owned()),
        ("trends, 12 weeks", "/admin/trends?weeks=12".to_owned()),
        ("trends, 52 weeks", "/admin/trends?weeks=52".to_owned()),
        ("trends, a table as a file", "/admin/trends/download?weeks=52&table=pages".to_owned()),
        ("dashboard", "/admin".to_owned()),
        ("publishing, with fixes in hand", format!("/admin/role-pages/{page}/publish")),
    ] {
        screens.push((name.to_owned(), address));
    }
    screens
}

fn searches() -> Vec<(String, String)> {
    [
        ("a word of most cases", "view=all&q=hospitals"),
        ("three words", "view=all&q=uniform+band+interview"),
        ("a number", "view=all&q=17"),
        ("a word of none", "view=all&q=wheelbarrow"),
        ("as one types", "view=all&q=radio"),
        ("words and filters", "view=open&q=hospitals&severity=high&label=pay"),
        ("in the new ones", "view=new&q=pension"),
    ]
    .map(|(name, query)| (format!("search, {name}"), query.to_owned()))
    .to_vec()
}

/// Reports through the public door, each of another sender and with other words, to pages with more and fewer cases.
async fn intake(app: &TestApp, desk: &Desk, pages: &[Uuid]) {
    let busy: &dyn Fn(usize) -> Uuid = &|_| desk.page;
    let any: &dyn Fn(usize) -> Uuid = &|round| pages[(round * 31) % pages.len()];
    let block = Some(desk.block);
    for (name, page, block, token) in [
        ("a report about any page", any, None, false),
        ("the same, of a passage", any, block, false),
        ("a report about the page with the most cases", busy, None, false),
        ("the same, of a passage", busy, block, false),
        ("the same, with a page token", busy, block, true),
    ] {
        let mut bodies = Vec::new();
        for round in 0..ROUNDS {
            let public = app.nobody().get(&format!("/api/v1/role-pages/{}", page(round))).await.ok();
            let words =
                format!("the page says that nurses work in hospitals {round} and band {} is not right", round * 3);
            let mut body = json!({ "document": page(round), "kind": "problem", "wrong": words });
            if token {
                body["page_token"] = public["feedback"]["page_token"].clone();
            }
            if let Some(block) = block {
                body["block"] = json!(block);
            }
            bodies.push(body);
        }
        each(name, async |round| {
            // So far apart that none is too many.
            app.clock.advance(2 * Timestamp::MINUTE);
            send(app, round, &bodies[round]).await
        })
        .await;
    }
}

/// Sends a report through a proxy of ours from an address of its own.
async fn send(app: &TestApp, round: usize, report: &Value) -> Duration {
    let request = Request::post("/api/v1/reports")
        .header("content-type", "application/json")
        .header("x-forwarded-for", format!("203.0.113.{}", round % 250))
        .extension(ConnectInfo::<std::net::SocketAddr>("10.1.2.3:4711".parse().unwrap()))
        .body(Body::from(report.to_string()))
        .unwrap();
    let started = Instant::now();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(status.as_u16(), 202, "{}", String::from_utf8_lossy(&body));
    started.elapsed()
}

async fn each(name: &str, run: impl AsyncFn(usize) -> Duration) {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        times.push(run(round).await.as_secs_f64() * 1_000.0);
    }
    let first = times[0];
    let p95 = percentile(&mut times, 95);
    println!("{name:<56} {:>9.2} {p95:>9.2} {first:>9.2}", median(times));
}

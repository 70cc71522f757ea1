//! What a flood of reports does: 500 a second of 5,000 senders behind a proxy, for a minute, to the program itself, while
//! readers ask and an editor saves. It counts what was acknowledged and what is there afterwards, and looks at memory.
//! `cargo bench --bench throughput -- reports` runs it, with `TEST_POSTGRES` on PostgreSQL too; numbers after it say how many
//! a second and for how many seconds.

use std::time::{Duration, Instant};

use entity::report;
use rolebook::{
    kernel::{Database, Role},
    media::Store,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::mpsc,
};
use tokio_util::sync::CancellationToken;

use crate::{
    percentile, program, site, steady,
    support::{Client, TestApp, TestDatabase, system_chance},
};

/// What makes this program send reports instead of measuring answers.
pub const WORD: &str = "reports";
const PAGES: usize = 1_000;
const VERSIONS: i32 = 2;
const CACHE: u64 = 64 * 1024 * 1024;
const SENDERS: usize = 5_000;
/// Connections of the proxy.
const CONNECTIONS: usize = 256;
/// Reads a second beside it.
const READS: u64 = 2_000;
/// For how many seconds what is compared with is measured, at most.
const SHORT: u64 = 15;

#[derive(Default)]
struct Outcome {
    acknowledged: u64,
    refused: u64,
    /// Sent to where nothing is.
    nowhere: u64,
    times: Vec<f64>,
}

pub async fn main(arguments: &[String]) {
    let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<usize>().ok());
    let (rate, seconds) = (numbers.next().unwrap_or(500), numbers.next().unwrap_or(60));
    measure("SQLite", TestDatabase::sqlite().await, rate, seconds).await;
    if let Some(postgres) = TestDatabase::other().await {
        measure("PostgreSQL", postgres, rate, seconds).await;
    }
}

async fn measure(name: &str, database: TestDatabase, rate: usize, seconds: usize) {
    let app = TestApp::keeping(database, Store::in_memory(), system_chance(), CACHE).await;
    let editor = app.person("Pat", &[Role::Publisher]).await;
    let pages = site::fill(&app, &editor, PAGES, VERSIONS).await;
    app.app.database.clone().close().await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let options = ["--database", app.database.url.as_str(), "--trusted-proxies", "127.0.0.0/8"];
    let (mut server, address) = program::listening(data.path(), &options).await;
    let host = address.trim_start_matches("http://").to_owned();
    let paths = data.path().join("paths");
    let read: Vec<String> = pages.iter().map(|id| format!("/api/v1/role-pages/{id}")).collect();
    std::fs::write(&paths, read.join("\n")).unwrap();
    for path in &read {
        program::until_answered(&address, path).await;
    }
    let length = u64::try_from(seconds).unwrap();
    let ids: Vec<String> = pages.iter().map(ToString::to_string).collect();
    let quiet = steady::p99(host.parse().unwrap(), &paths, READS, length.min(SHORT)).await;
    // What sending alone takes of the machine: as many requests to where nothing is.
    let sending =
        tokio::spawn(flood(host.clone(), "/nothing", rate, seconds.min(usize::try_from(SHORT).unwrap()), ids.clone()));
    let beside_nothing = steady::p99(host.parse().unwrap(), &paths, READS, length.min(SHORT)).await;
    sending.await.unwrap();
    let before = program::resident(&server);
    let stop = CancellationToken::new();
    let saving = tokio::spawn(save(editor, host.clone(), pages[7], stop.clone()));
    let flood = tokio::spawn(flood(host.clone(), "/api/v1/reports", rate, seconds, ids));
    let busy = steady::p99(host.parse().unwrap(), &paths, READS, length).await;
    let mut outcome = flood.await.unwrap();
    let most = program::resident(&server);
    stop.cancel();
    let mut saves = saving.await.unwrap();
    program::end(&mut server).await;
    let database = Database::connect(&app.database.url, 2, false).await.unwrap();
    let kept = report::Entity::find().count(&*database.read().await.unwrap()).await.unwrap();
    println!(
        "{name}: {rate} reports a second for {seconds} s: {} acknowledged, {} told to come again",
        outcome.acknowledged, outcome.refused
    );
    println!("{kept} rows afterwards; {} MiB before, {most} MiB after", before);
    let p95 = percentile(&mut outcome.times, 95);
    println!("an acknowledgement: p50 {:.1} ms, p95 {p95:.1} ms", percentile(&mut outcome.times, 50));
    println!(
        "p99 of {READS} reads a second: {busy:.2} ms beside it, {quiet:.2} ms in quiet, ratio {:.2}; {beside_nothing:.2} ms \
         beside as many requests that find nothing",
        busy / quiet
    );
    println!(
        "{} saves meanwhile: p50 {:.0} ms, p95 {:.0} ms",
        saves.len(),
        percentile(&mut saves, 50),
        percentile(&mut saves, 95)
    );
    assert_eq!(kept, outcome.acknowledged, "what was acknowledged is there");
    assert_eq!(outcome.nowhere, 0, "every report found its way");
}

/// Sends reports at a fixed rate, each of the next sender, to any page.
async fn flood(host: String, to: &'static str, rate: usize, seconds: usize, pages: Vec<String>) -> Outcome {
    let (send, receive) = async_queue();
    let workers: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(connection(host.clone(), receive.clone()))).collect();
    let started = Instant::now();
    for number in 0..rate * seconds {
        let due = started + Duration::from_secs(1) / u32::try_from(rate).unwrap() * u32::try_from(number).unwrap();
        tokio::time::sleep_until(due.into()).await;
        let (sender, page) = (number % SENDERS, &pages[number * 31 % pages.len()]);
        let words = format!("Sentence {number} of this page is not right any more, since the pay band is another");
        let body = json!({ "document": page, "kind": "problem", "wrong": words }).to_string();
        let request = format!(
            "POST {to} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             X-Forwarded-For: 198.51.{}.{}\r\nContent-Length: {}\r\n\r\n{body}",
            sender / 250,
            sender % 250,
            body.len()
        );
        send.send((due, request)).unwrap();
    }
    drop(send);
    let mut all = Outcome::default();
    for worker in workers {
        let one = worker.await.unwrap();
        all.acknowledged += one.acknowledged;
        all.refused += one.refused;
        all.nowhere += one.nowhere;
        all.times.extend(one.times);
    }
    all
}

type Requests = std::sync::Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<(Instant, String)>>>;

fn async_queue() -> (mpsc::UnboundedSender<(Instant, String)>, Requests) {
    let (send, receive) = mpsc::unbounded_channel();
    (send, std::sync::Arc::new(tokio::sync::Mutex::new(receive)))
}

/// One connection of the proxy, which sends what is due and reads each answer.
async fn connection(host: String, requests: Requests) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = BufReader::new(TcpStream::connect(&host).await.unwrap());
    loop {
        let Some((due, request)) = requests.lock().await.recv().await else { return outcome };
        stream.get_mut().write_all(request.as_bytes()).await.unwrap();
        match answer(&mut stream).await.0 {
            202 => {
                outcome.acknowledged += 1;
                outcome.times.push(due.elapsed().as_secs_f64() * 1_000.0);
            }
            503 => outcome.refused += 1,
            404 => outcome.nowhere += 1,
            other => panic!("a report was answered with {other}"),
        }
    }
}

/// The status and the body of the next answer.
async fn answer(stream: &mut BufReader<TcpStream>) -> (u16, Vec<u8>) {
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {line:?}")).parse().unwrap();
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    (status, body)
}

/// Saves a page again and again; answers how many milliseconds each save took.
async fn save(editor: Client, host: String, page: uuid::Uuid, stop: CancellationToken) -> Vec<f64> {
    let mut stream = BufReader::new(TcpStream::connect(&host).await.unwrap());
    let (key, path) = (editor.key.unwrap(), format!("/manage/v1/role-pages/{page}"));
    let head = |method: &str, length: usize, more: &str| {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n{more}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let mut times = Vec::new();
    for round in 0.. {
        stream.get_mut().write_all(head("GET", 0, "").as_bytes()).await.unwrap();
        let (status, body) = answer(&mut stream).await;
        assert_eq!(status, 200);
        let document: Value = serde_json::from_slice(&body).unwrap();
        let mut content = document["content"].clone();
        content["summary"] = format!("Saved in round {round}.").into();
        let body = json!({ "content": content }).to_string();
        let seen = format!("If-Match: \"{}\"\r\n", document["version"]);
        let started = Instant::now();
        stream.get_mut().write_all((head("PUT", body.len(), &seen) + &body).as_bytes()).await.unwrap();
        assert_eq!(answer(&mut stream).await.0, 200, "a save");
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
    }
    times
}

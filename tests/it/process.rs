//! The program as people start it: its own process, its own port, its own data directory.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rolebook::{
    accounts::{Link, Purpose, links},
    kernel::{Actor, Ctx, Database, Door, Error, SystemChance, SystemClock},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::TestDatabase;

/// A place for data: a directory, and a database of the kind that the run tests.
struct Place {
    directory: TempDir,
    database: TestDatabase,
}

struct Server {
    process: Child,
    address: String,
    /// What it says from then on.
    output: BufReader<ChildStdout>,
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Place {
    async fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), database: TestDatabase::new().await }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolebook"));
        command
            .args(arguments)
            .env_remove("ROLEBOOK_LISTEN")
            .env_remove("ROLEBOOK_PUBLIC_URL")
            .env("ROLEBOOK_DATABASE_URL", &self.database.url)
            .env("ROLEBOOK_DATA_DIR", self.directory.path().join("data"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A person who may publish, and their key.
    fn publisher(&self) -> String {
        self.done(&["user", "add", "--email", "pat@rolebook.test", "--name", "Pat", "--role", "publisher"]);
        let scopes = ["content:read", "content:write", "content:publish"];
        let mut arguments = vec!["api-key", "add", "--name", "test", "--owner", "pat@rolebook.test", "--scope"];
        arguments.extend(scopes);
        self.done(&arguments).trim().to_owned()
    }

    fn serve(&self) -> Server {
        self.serve_with(&["serve", "--listen", "127.0.0.1:0"]).0
    }

    /// A server that listens, and what it said before.
    fn serve_with(&self, arguments: &[&str]) -> (Server, String) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let mut process = self.command(arguments).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (mut said, mut line) = (String::new(), String::new());
        while !line.contains("listening") {
            said.push_str(&line);
            line.clear();
            let read = output.read_line(&mut line).unwrap();
            assert!(read > 0, "{said} {}", std::fs::read_to_string(self.log()).unwrap());
        }
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        (Server { process, address, output }, said)
    }

    /// What the program itself makes of a link.
    async fn look(&self, purpose: Purpose, secret: &str) -> Result<Link, Error> {
        let ctx = Ctx {
            actor: Actor::visitor(),
            door: Door::Admin,
            database: Database::connect(&self.database.url, 1, false).await.unwrap(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            request_id: None,
            idempotency: None,
        };
        links::look(&ctx, purpose, secret).await
    }

    fn log(&self) -> std::path::PathBuf {
        self.directory.path().join("log")
    }
}

impl Server {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.process.id().to_string()).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One request on a connection of its own; `None` if the server went away.
fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).ok()?;
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply { status, head, body: answer[end + 4..].to_vec() })
}

fn write(address: &str, key: &str, method: &str, path: &str, version: Option<i64>, body: &Value) -> Option<Reply> {
    let authorization = format!("Bearer {key}");
    let seen = version.map(|version| format!("\"{version}\""));
    let mut headers = vec![("content-type", "application/json"), ("authorization", authorization.as_str())];
    if let Some(seen) = &seen {
        headers.push(("if-match", seen));
    }
    ask(address, method, path, &headers, &body.to_string())
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&reply.body)))
}

fn make(address: &str, key: &str, title: &str) -> String {
    let body = json!({ "content": { "title": title, "summary": "A page." } });
    let reply = write(address, key, "POST", "/manage/v1/role-pages", None, &body).unwrap();
    assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    json_of(&reply)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_server_serves_ends_cleanly_and_starts_again() {
    let place = Place::new().await;
    for _ in 0..2 {
        let mut server = place.serve();
        assert_eq!(ask(&server.address, "GET", "/healthz", &[], "").unwrap().status, 200);
        assert_eq!(ask(&server.address, "GET", "/readyz", &[], "").unwrap().status, 200);
        let missing = ask(&server.address, "GET", "/nowhere", &[], "").unwrap();
        assert_eq!(missing.status, 404);
        assert!(missing.head.to_lowercase().contains("content-type: application/problem+json"));
        server.signal("TERM");
        assert!(server.process.wait().unwrap().success());
    }
}

/// The address in the last of these lines and the secret at its end.
#[track_caller]
fn link(lines: &str) -> (&str, &str) {
    lines.trim().lines().last().unwrap().rsplit_once('/').unwrap()
}

#[tokio::test]
async fn a_site_without_administrators_prints_a_link_to_set_it_up_at_each_start() {
    let place = Place::new().await;
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let mut server = place.serve();
        let mut lines = String::new();
        for _ in 0..2 {
            server.output.read_line(&mut lines).unwrap();
        }
        let (address, secret) = link(&lines);
        assert_eq!(address, format!("http://{}/admin/set-up", server.address));
        ask(&server.address, "GET", &format!("/admin/set-up/{secret}"), &[], "").unwrap();
        secrets.push(secret.to_owned());
        server.signal("TERM");
        assert!(server.process.wait().unwrap().success());
    }
    assert_ne!(secrets[0], secrets[1]);
    let log = std::fs::read_to_string(place.log()).unwrap();
    assert!(log.contains("/admin/set-up") && secrets.iter().all(|secret| !log.contains(secret)), "{log}");
    let looked = [place.look(Purpose::SetUp, &secrets[0]).await, place.look(Purpose::SetUp, &secrets[1]).await];
    assert!(looked[0].is_err() && looked[1].is_ok(), "the newest is good and no other: {looked:?}");

    let mut command =
        place.command(&["user", "add", "--email", "ada@rolebook.test", "--name", "Ada", "--role", "administrator"]);
    let mut process = command.arg("--password-stdin").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(b"wet paint on the stairs\n").unwrap();
    assert!(process.wait().unwrap().success());
    let mut server = place.serve();
    server.signal("TERM");
    let mut rest = String::new();
    server.output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "there is somebody now");
}

#[tokio::test]
async fn an_account_without_a_password_comes_with_an_invitation() {
    let place = Place::new().await;
    let arguments = ["user", "add", "--email", "eda@rolebook.test", "--name", "Eda", "--role", "editor"];
    let lines = place.done(&[&arguments[..], &["--public-url", "https://careers.example/"]].concat());
    let (address, secret) = link(&lines);
    assert_eq!(address, "https://careers.example/admin/invitation");
    let invited = place.look(Purpose::Invitation, secret).await.unwrap().user.unwrap();
    assert_eq!((invited.name.as_str(), invited.email.as_str()), ("Eda", "eda@rolebook.test"));
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_with_one_sentence() {
    let place = Place::new().await;
    for (arguments, named) in [
        (vec!["serve", "--listen", "here"], "--listen"),
        (vec!["serve", "--public-url", "careers"], "--public-url"),
        (vec!["serve", "--trusted-proxies", "all"], "--trusted-proxies"),
        (vec!["serve", "--site-origins", "https://a.example/x"], "--site-origins"),
        (
            vec!["user", "add", "--email", "a@b.test", "--name", "A", "--role", "editor", "--public-url", "x/y"],
            "--public-url",
        ),
        (vec!["serve", "--database", "mysql://x/y"], "--database"),
        (vec!["doctor", "--database", "sqlite:///nowhere/at/all.db"], "database"),
    ] {
        let output = place.run(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?} {said}");
        assert!(said.contains(named), "{said}");
        assert_eq!(said.trim().lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_sudden_end_of_the_process() {
    let place = Place::new().await;
    let key = place.publisher();
    let mut server = place.serve();
    let documents: Vec<String> =
        (0..200).map(|number| make(&server.address, &key, &format!("Page {number}"))).collect();

    let (next, acknowledged) = (AtomicUsize::new(0), Arc::new(Mutex::new(BTreeSet::new())));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(id) = documents.get(next.fetch_add(1, Ordering::SeqCst)) else { return };
                    let path = format!("/manage/v1/role-pages/{id}/publish");
                    let Some(reply) = write(&server.address, &key, "POST", &path, Some(1), &json!({})) else { return };
                    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
                    let mut acknowledged = acknowledged.lock().unwrap();
                    acknowledged.insert(id.clone());
                    if acknowledged.len() == 80 {
                        server.signal("KILL");
                    }
                }
            });
        }
    });
    let _ = server.process.wait();
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!((80..200).contains(&acknowledged.len()), "{} publications were acknowledged", acknowledged.len());

    let again = place.serve();
    let mut live = 0;
    for id in &documents {
        let public = ask(&again.address, "GET", &format!("/api/v1/role-pages/{id}"), &[], "").unwrap().status;
        let reply =
            write(&again.address, &key, "GET", &format!("/manage/v1/role-pages/{id}"), None, &json!({})).unwrap();
        let document = json_of(&reply);
        match public {
            200 => {
                live += 1;
                assert_eq!((&document["live_state"], &document["draft_state"]), (&json!("live"), &json!("none")));
            }
            404 => {
                assert!(!acknowledged.contains(id), "the acknowledged publication of {id} is lost");
                assert_eq!((&document["live_state"], &document["draft_state"]), (&json!("never"), &json!("draft")));
            }
            other => panic!("{id} answers {other}"),
        }
    }
    let changes = json_of(&ask(&again.address, "GET", "/api/v1/changes?limit=100", &[], "").unwrap());
    let more = if changes["more"] == true {
        let cursor = changes["cursor"].as_str().unwrap();
        json_of(&ask(&again.address, "GET", &format!("/api/v1/changes?since={cursor}"), &[], "").unwrap())
    } else {
        json!({ "data": [] })
    };
    let told = changes["data"].as_array().unwrap().len() + more["data"].as_array().unwrap().len();
    assert_eq!(told, live, "each live page has its event and no other has one");
    drop(again);
    place.done(&["doctor"]);
}

#[tokio::test]
async fn a_backup_under_writes_is_whole_and_restores_to_the_same_public_bytes() {
    let place = Place::new().await;
    let key = place.publisher();
    let server = place.serve();
    let before: Vec<String> = (0..20).map(|number| make(&server.address, &key, &format!("Page {number}"))).collect();
    for id in &before {
        let path = format!("/manage/v1/role-pages/{id}/publish");
        assert_eq!(write(&server.address, &key, "POST", &path, Some(1), &json!({})).unwrap().status, 200);
    }
    let file = place.directory.path().join("backup.tar");
    let ended = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while ended.load(Ordering::SeqCst) == 0 {
                make(&server.address, &key, &format!("Meanwhile {number}"));
                number += 1;
            }
        });
        let output = place.run(&["backup", file.to_str().unwrap(), "--verify"]);
        ended.store(1, Ordering::SeqCst);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
    let bytes = |server: &Server, path: &str| ask(&server.address, "GET", path, &[], "").unwrap().body;
    let paths: Vec<String> = before.iter().map(|id| format!("/api/v1/role-pages/{id}")).collect();
    let served: Vec<Vec<u8>> = paths.iter().map(|path| bytes(&server, path)).collect();
    let epoch = json_of(&ask(&server.address, "GET", "/api/v1/changes", &[], "").unwrap())["cursor"].clone();

    let target = Place { directory: tempfile::tempdir().unwrap(), database: TestDatabase::empty().await };
    target.done(&["restore", file.to_str().unwrap()]);
    let refused = target.run(&["restore", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "a target that is not empty is refused");
    let restored = target.serve();
    for (path, served) in paths.iter().zip(served) {
        assert_eq!(bytes(&restored, path), served, "{path}");
    }
    let cursor = epoch.as_str().unwrap();
    let old = ask(&restored.address, "GET", &format!("/api/v1/changes?since={cursor}"), &[], "").unwrap();
    assert_eq!(old.status, 410, "a cursor of the time before the backup is told to start again");
    drop(restored);
    target.done(&["doctor"]);
}

#[tokio::test]
async fn the_log_tells_of_requests_without_reports_and_secrets() {
    let place = Place::new().await;
    let key = place.publisher();
    let server = place.serve();
    let id = make(&server.address, &key, "Porter");
    write(&server.address, &key, "POST", &format!("/manage/v1/role-pages/{id}/publish"), Some(1), &json!({})).unwrap();
    let report = json!({ "document": id, "kind": "problem", "wrong": "The word zebrafish is wrong, write to zoe@zebrafish.example" });
    let headers = [("content-type", "application/json")];
    let reply = ask(&server.address, "POST", "/api/v1/reports", &headers, &report.to_string()).unwrap();
    assert_eq!(reply.status, 202, "{}", String::from_utf8_lossy(&reply.body));
    let receipt = json_of(&reply)["receipt_url"].as_str().unwrap().to_owned();
    let secret = receipt.rsplit('/').next().unwrap();
    ask(&server.address, "GET", &format!("/api/v1/role-pages?zebrafish={key}"), &[], "").unwrap();
    ask(&server.address, "GET", receipt.split_once(&server.address).unwrap().1, &[], "").unwrap();
    server.signal("TERM");
    let mut server = server;
    server.process.wait().unwrap();
    let log = std::fs::read_to_string(place.log()).unwrap();
    assert!(log.contains("/api/v1/reports") && log.contains("request_id"), "{log}");
    for hidden in ["zebrafish", key.as_str(), secret] {
        assert!(!log.contains(hidden), "{hidden} stands in the log");
    }
}

#[tokio::test]
async fn an_export_goes_into_an_empty_site_and_comes_out_the_same() {
    let place = Place::new().await;
    let key = place.publisher();
    let server = place.serve();
    for number in 0..5 {
        let id = make(&server.address, &key, &format!("Page {number} “é” 护士"));
        let path = format!("/manage/v1/role-pages/{id}");
        write(&server.address, &key, "POST", &format!("{path}/publish"), Some(1), &json!({})).unwrap();
        let body = json!({ "content": { "title": format!("Page {number}, again"), "summary": "Other *words*." } });
        assert_eq!(write(&server.address, &key, "PUT", &path, Some(1), &body).unwrap().status, 200);
    }
    drop(server);
    let first = place.directory.path().join("first");
    place.done(&["export", first.to_str().unwrap()]);
    let target = Place { directory: tempfile::tempdir().unwrap(), database: TestDatabase::empty().await };
    for (turn, name) in ["second", "third"].into_iter().enumerate() {
        target.done(&["import", first.to_str().unwrap()]);
        let folder = target.directory.path().join(name);
        target.done(&["export", folder.to_str().unwrap()]);
        assert_eq!(files(&first), files(&folder), "import {turn}");
    }
    target.done(&["doctor"]);
}

/// Every file below a directory, with its bytes.
#[tokio::test(flavor = "multi_thread")]
async fn a_demo_is_filled_once_and_goes_on_with_what_is_there() {
    let place = Place::new().await;
    let demo = ["serve", "--demo", "--listen", "127.0.0.1:0"];
    let (first, said) = place.serve_with(&demo);
    assert!(said.contains("Filling the demo"), "{said}");
    let pages = ask(&first.address, "GET", "/api/v1/role-pages?limit=100", &[], "").unwrap();
    assert!(json_of(&pages)["total"].as_u64().unwrap() >= 14);
    let greeting = end(first);
    for person in rolebook::demo::people() {
        let line = greeting.lines().find(|line| line.contains(person.name));
        assert!(line.is_some_and(|line| line.contains("/admin/demo/")), "{greeting}");
    }
    let folder = |name: &str| place.directory.path().join(name).display().to_string();
    place.done(&["export", &folder("first")]);

    let (second, said) = place.serve_with(&demo);
    assert_eq!(said, "");
    assert_eq!(ask(&second.address, "GET", "/api/v1/role-pages?limit=100", &[], "").unwrap().body, pages.body);
    assert!(end(second).contains("Leila Griffiths"));
    place.done(&["export", &folder("second")]);
    let exported = |name: &str| files(&place.directory.path().join(name));
    assert_eq!(exported("first"), exported("second"));

    for arguments in [&["serve", "--listen", "0.0.0.0:0"][..], &["serve", "--demo", "--listen", "0.0.0.0:0"]] {
        let refused = place.run(arguments);
        let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && sentence.contains("loopback"), "{sentence}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_is_no_demo_is_left_alone() {
    let place = Place::new().await;
    place.publisher();
    let refused = place.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && sentence.contains("no demo") && sentence.contains("--database"), "{sentence}");
}

/// Ends a server as an operator does; answers what it had said since it listened.
fn end(mut server: Server) -> String {
    server.signal("TERM");
    let mut said = String::new();
    server.output.read_to_string(&mut said).unwrap();
    assert!(server.process.wait().unwrap().success());
    said
}

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().display().to_string();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

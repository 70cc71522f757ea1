//! The program itself on files that are there: how long its start takes, and how much memory it holds when nobody asks.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

/// Long enough for what only looks on now and then to have looked.
const IDLE: Duration = Duration::from_secs(5);

/// Started twice: the first start makes the index of words.
pub async fn measure(data: &Path) {
    for name in ["first start", "second start"] {
        let started = Instant::now();
        let (mut program, address) = listening(data, &[]).await;
        let listened = started.elapsed();
        until_answered(&address, "/api/v1/role-pages?limit=1").await;
        let ready = started.elapsed();
        until_answered(&address, "/api/v1/search?q=hospitals&limit=1").await;
        let searched = started.elapsed();
        println!(
            "{name}: listening after {:.2} s, first list after {:.2} s, first search after {:.2} s, {} MiB",
            listened.as_secs_f64(),
            ready.as_secs_f64(),
            searched.as_secs_f64(),
            resident(&program)
        );
        end(&mut program).await;
    }
    let demo = data.join("demo");
    let (mut filling, _) = listening(&demo, &["--demo"]).await;
    end(&mut filling).await;
    let (mut program, address) = listening(&demo, &["--demo"]).await;
    let started = resident(&program);
    for path in ["role-pages", "role-pages?route=university", "requirement-sections", "search?q=nurse"] {
        until_answered(&address, &format!("/api/v1/{path}")).await;
    }
    tokio::time::sleep(IDLE).await;
    println!("demo: {started} MiB when it listens, {} MiB idle after lists and a search", resident(&program));
    end(&mut program).await;
}

pub async fn listening(data: &Path, more: &[&str]) -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rolebook"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", &data.display().to_string()])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let address = loop {
        let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("the program ended at its start"));
        if let Some(address) = line.strip_prefix("Rolebook is listening on ") {
            break address.to_owned();
        }
    };
    // What it says later is read too, or it would wait for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (program, address)
}

/// Asks until the answer is a good one.
pub async fn until_answered(address: &str, path: &str) {
    let host = address.trim_start_matches("http://");
    loop {
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        if answer.starts_with(b"HTTP/1.1 200 ") {
            return;
        }
    }
}

/// Resident memory in MiB.
pub fn resident(program: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id().unwrap())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1_024
}

pub async fn end(program: &mut Child) {
    program.kill().await.unwrap();
}

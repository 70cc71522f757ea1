//! Requests at a fixed rate from a process of its own: each is due at its time, however late the one before it was
//! answered, and is measured from when it was due. Each connection has a thread of its own, which sleeps until its next
//! request is due and while it waits for the answer, as readers elsewhere would: what asks takes no processor from what it
//! measures. A thread that looks at all connections in turns without ever sleeping is more exact by the hundredth of a
//! millisecond that waking takes, and took one of two processors.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use tokio::process::Command;

const CONNECTIONS: usize = 32;
/// What makes this program ask at a fixed rate instead of measuring.
pub const WORD: &str = "steady";

/// Asks for the addresses of a file, one a line, for so long and as often a second: the 99th percentile in milliseconds.
pub async fn p99(at: SocketAddr, paths: &Path, rate: u64, seconds: u64) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([WORD, &at.to_string(), &paths.display().to_string(), &rate.to_string(), &seconds.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().parse().unwrap_or_else(|_| panic!("the process that asks said {text:?}"))
}

/// What the process of its own does, with the arguments after the word.
pub fn main(arguments: &[String]) {
    let at: SocketAddr = arguments[0].parse().unwrap();
    let paths = std::fs::read_to_string(&arguments[1]).unwrap();
    let paths: Vec<&str> = paths.lines().collect();
    let (rate, seconds): (u64, u64) = (arguments[2].parse().unwrap(), arguments[3].parse().unwrap());
    let between = Duration::from_secs(1) / u32::try_from(rate).unwrap();
    let count = usize::try_from(rate * seconds).unwrap();
    let streams: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connection(at)).collect();
    let started = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let ask = |(first, mut stream): (usize, TcpStream)| {
            let numbers = (first..count).step_by(CONNECTIONS);
            let paths = &paths;
            scope.spawn(move || -> Vec<Duration> {
                let one = |number: usize| {
                    let due = started + between * u32::try_from(number).unwrap();
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    answered(&mut stream, at, paths[(number * 7_919) % paths.len()]);
                    due.elapsed()
                };
                numbers.map(one).collect()
            })
        };
        let threads: Vec<_> = streams.into_iter().enumerate().map(ask).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort();
    println!("{}", times[count * 99 / 100].as_secs_f64() * 1_000.0);
}

fn connection(at: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(at).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Asks, and reads the answer to its end.
fn answered(stream: &mut TcpStream, at: SocketAddr, path: &str) {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n").as_bytes()).unwrap();
    let (mut answer, mut piece) = (Vec::new(), [0; 16_384]);
    let whole = loop {
        let length = stream.read(&mut piece).unwrap();
        assert!(length > 0, "the server hung up");
        answer.extend_from_slice(&piece[..length]);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let length: Option<usize> =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let whole = end + 4 + length.unwrap_or_else(|| panic!("{head}"));
        if answer.len() >= whole {
            break whole;
        }
    };
    assert_eq!(answer.len(), whole, "more than one answer");
}

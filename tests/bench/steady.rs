//! Requests at a fixed rate from a process of its own: each is due at its time, however late the one before it was
//! answered, and is measured from when it was due. One thread looks at all connections in turns without ever waiting, so
//! that no timer blurs what is shorter than a millisecond. Where nothing is to be done it lets others have the processor,
//! so that it takes none from what it measures.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Stdio,
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
    let mut connections: Vec<Connection> = (0..CONNECTIONS).map(|_| Connection::to(at)).collect();
    let count = usize::try_from(rate * seconds).unwrap();
    let (mut asked, mut times) = (0, Vec::with_capacity(count));
    let started = Instant::now();
    while times.len() < count {
        let before = (asked, times.len());
        for connection in &mut connections {
            if let Some(due) = connection.answered() {
                times.push(due.elapsed());
            }
            let due = started + between * u32::try_from(asked).unwrap();
            if asked < count && connection.due.is_none() && due <= Instant::now() {
                connection.ask(at, paths[(asked * 7_919) % paths.len()], due);
                asked += 1;
            }
        }
        if (asked, times.len()) == before {
            std::thread::yield_now();
        }
    }
    times.sort();
    println!("{}", times[count * 99 / 100].as_secs_f64() * 1_000.0);
}

struct Connection {
    stream: TcpStream,
    /// When the request that is under way was due.
    due: Option<Instant>,
    read: Vec<u8>,
}

impl Connection {
    fn to(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self { stream, due: None, read: Vec::new() }
    }

    fn ask(&mut self, at: SocketAddr, path: &str, due: Instant) {
        self.stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n").as_bytes()).unwrap();
        self.due = Some(due);
    }

    /// When the request was due whose answer is whole now.
    fn answered(&mut self) -> Option<Instant> {
        let due = self.due?;
        let mut piece = [0; 16_384];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => panic!("the server hung up"),
                Ok(length) => self.read.extend_from_slice(&piece[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
        let end = self.read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&self.read[..end]).unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.unwrap_or_else(|| panic!("{head}"));
        if self.read.len() < end + length {
            return None;
        }
        assert_eq!(self.read.len(), end + length, "more than one answer");
        self.read.clear();
        self.due = None;
        Some(due)
    }
}

//! Posts to servers that are really there. The key and the certificates beside this file were made for these tests and are
//! good for nothing else; they last for a hundred years.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use super::{Exchange, Outbound, Patience, Resolve, Targets};

const AUTHORITY: &[u8] = include_bytes!("authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("hooks.pem");
const KEY: &[u8] = include_bytes!("hooks.key");

const QUICK: Patience = Patience { connect: Duration::from_secs(5), whole: Duration::from_secs(10) };
const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// Answers names with the addresses of a script, the last again and again.
struct Script {
    answers: Mutex<VecDeque<Vec<SocketAddr>>>,
    asked: Arc<AtomicUsize>,
}

impl Resolve for Script {
    fn resolve<'a>(&'a self, _name: &'a str, port: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let addresses = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        let mut addresses = addresses.unwrap_or_default();
        addresses.iter_mut().for_each(|address| address.set_port(port));
        Box::pin(async move { Ok(addresses) })
    }
}

fn script(answers: &[&[&str]]) -> (Box<dyn Resolve>, Arc<AtomicUsize>) {
    let address = |text: &&str| SocketAddr::new(text.parse().unwrap(), 0);
    let answers = answers.iter().map(|answer| answer.iter().map(address).collect()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    (Box::new(Script { answers: Mutex::new(answers), asked: Arc::clone(&asked) }), asked)
}

fn outbound(private: &[&str], resolver: Box<dyn Resolve>, patience: Patience) -> Outbound {
    let private = private.iter().map(|range| range.parse().unwrap()).collect();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(AUTHORITY).unwrap()).unwrap();
    Outbound::with(Targets::new(private), roots, resolver, patience).unwrap()
}

/// One that may post to this machine.
fn local() -> Outbound {
    outbound(&["127.0.0.0/8"], script(&[]).0, QUICK)
}

/// Reads a request to its end.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(count > 0, "the request broke off: {text}");
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= length.parse().unwrap() {
            return text;
        }
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, reply: &str) -> String {
    let request = request(&mut stream).await;
    // Whoever has read enough of it is free to go.
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
    request
}

/// A server for one request: where it is, and what it was asked.
async fn server(reply: impl Into<String>) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, reply) = (listener.local_addr().unwrap(), reply.into());
    (address, tokio::spawn(async move { answer(listener.accept().await.unwrap().0, &reply).await }))
}

async fn encrypted_server() -> (SocketAddr, JoinHandle<String>) {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        match acceptor.accept(listener.accept().await.unwrap().0).await {
            Ok(stream) => answer(stream, NO_CONTENT).await,
            Err(error) => error.to_string(),
        }
    });
    (address, task)
}

fn refused(exchange: &Exchange) -> &str {
    exchange.reply.as_ref().unwrap_err()
}

#[tokio::test]
async fn a_post_is_sent_as_it_is_recorded_and_the_answer_is_kept() {
    let (address, asked) = server("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\nlater\0").await;
    let headers = [("webhook-id", "evt_1".to_owned())];
    let exchange = local().post(&format!("http://{address}/a?b=c"), &headers, "{\"é\":1}").await;
    let reply = exchange.reply.unwrap();
    assert_eq!((reply.status, reply.retry_after.as_deref()), (503, Some("120")));
    assert_eq!(reply.body, "later\u{fffd}");
    let asked = asked.await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!((lines.next(), body), (Some("POST /a?b=c HTTP/1.1"), "{\"é\":1}"));
    let sent: Vec<String> = exchange.sent.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(lines.collect::<Vec<_>>(), sent);
    for expected in [format!("host: {address}"), "content-length: 8".to_owned(), "webhook-id: evt_1".to_owned()] {
        assert!(sent.contains(&expected), "{sent:?}");
    }
    assert!(sent.iter().any(|line| line.starts_with("user-agent: Rolebook/")));
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let (elsewhere, never) = server(NO_CONTENT).await;
    let (address, asked) = server(format!("HTTP/1.1 302 Found\r\nLocation: http://{elsewhere}/\r\n\r\n")).await;
    let exchange = local().post(&format!("http://{address}/"), &[], "{}").await;
    assert_eq!(exchange.reply.unwrap().status, 302);
    asked.await.unwrap();
    assert!(!never.is_finished(), "nobody came");
}

#[tokio::test]
async fn of_a_long_answer_the_beginning_is_kept_and_the_rest_is_not_waited_for() {
    let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n{}", "x".repeat(100_000));
    let (address, _asked) = server(long).await;
    let reply = local().post(&format!("http://{address}/"), &[], "{}").await.reply.unwrap();
    assert_eq!((reply.status, reply.body), (200, "x".repeat(4_096)));
    let (address, _asked) = server(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(100_000))).await;
    let exchange = local().post(&format!("http://{address}/"), &[], "{}").await;
    assert!(refused(&exchange).contains("broke off"), "{}", refused(&exchange));
}

#[tokio::test]
async fn what_is_no_answer_is_said_in_words() {
    let (address, _asked) = server("SMTP ready\r\n").await;
    let exchange = local().post(&format!("http://{address}/"), &[], "{}").await;
    assert!(refused(&exchange).starts_with("The connection broke off: "), "{}", refused(&exchange));
    let (address, _asked) = server("").await;
    let exchange = local().post(&format!("http://{address}/"), &[], "{}").await;
    assert!(refused(&exchange).starts_with("The connection broke off: "), "{}", refused(&exchange));
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let exchange = local().post(&format!("http://{nobody}/"), &[], "{}").await;
    assert_eq!(refused(&exchange), format!("The connection to {nobody} was refused."));
    let exchange = outbound(&[], script(&[]).0, QUICK).post("https://hooks.test/", &[], "{}").await;
    assert_eq!(refused(&exchange), "There is no address to connect to.");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Patience { whole: Duration::from_millis(300), ..QUICK };
    let outbound = outbound(&["127.0.0.0/8"], script(&[]).0, patience);
    let exchange = outbound.post(&format!("http://{address}/"), &[], "{}").await;
    assert_eq!(refused(&exchange), "No complete answer came within 0.3 seconds.");
    assert!(exchange.duration >= patience.whole && exchange.duration < QUICK.whole);
}

#[tokio::test]
async fn a_name_that_leads_to_an_address_of_ones_own_is_refused_and_nobody_is_asked() {
    let (address, never) = server(NO_CONTENT).await;
    for answer in [&["127.0.0.1"][..], &["::ffff:127.0.0.1"], &["10.0.0.1", "127.0.0.1"]] {
        let outbound = outbound(&[], script(&[answer]).0, QUICK);
        let exchange = outbound.post(&format!("https://hooks.test:{}/", address.port()), &[], "{}").await;
        assert!(refused(&exchange).contains("which this server may not post to"), "{}", refused(&exchange));
    }
    let outbound = outbound(&["10.0.0.0/8"], script(&[&["127.0.0.1"]]).0, QUICK);
    let exchange = outbound.post(&format!("http://hooks.test:{}/", address.port()), &[], "{}").await;
    assert!(refused(&exchange).contains("an address of the machine itself"), "{}", refused(&exchange));
    assert!(!never.is_finished(), "nobody came");
}

#[tokio::test]
async fn the_connection_goes_to_the_address_that_was_judged_whatever_the_name_says_next() {
    let (address, asked) = server(NO_CONTENT).await;
    // Of the two answers the second would lead to an address that may not be reached.
    let (resolver, questions) = script(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let outbound = outbound(&["127.0.0.1/32"], resolver, QUICK);
    let url = format!("http://hooks.test:{}/", address.port());
    assert_eq!(outbound.post(&url, &[], "{}").await.reply.unwrap().status, 204);
    assert!(asked.await.unwrap().contains(&format!("host: hooks.test:{}", address.port())));
    assert_eq!(questions.load(Ordering::SeqCst), 1, "the name is asked for once");
    assert!(refused(&outbound.post(&url, &[], "{}").await).starts_with("127.0.0.2 is "));
    assert_eq!(questions.load(Ordering::SeqCst), 2, "and for each post again");
}

#[tokio::test]
async fn of_several_addresses_those_that_may_be_reached_are_tried() {
    let (address, asked) = server(NO_CONTENT).await;
    let resolver = script(&[&["10.0.0.1", "127.0.0.9", "127.0.0.1"]]).0;
    let outbound = outbound(&["127.0.0.0/8"], resolver, QUICK);
    let exchange = outbound.post(&format!("http://hooks.test:{}/", address.port()), &[], "{}").await;
    assert_eq!(exchange.reply.unwrap().status, 204);
    asked.await.unwrap();
}

#[tokio::test]
async fn a_certificate_is_judged_by_its_authority_and_its_name() {
    let trusting = |name: &'static str| async move {
        let (address, asked) = encrypted_server().await;
        let outbound = outbound(&["127.0.0.0/8"], script(&[&["127.0.0.1"]]).0, QUICK);
        let exchange = outbound.post(&format!("https://{name}:{}/", address.port()), &[], "{}").await;
        (exchange, asked.await.unwrap())
    };
    let (exchange, asked) = trusting("hooks.test").await;
    assert_eq!(exchange.reply.unwrap().status, 204);
    assert!(asked.starts_with("POST / HTTP/1.1"), "{asked}");
    let (exchange, asked) = trusting("other.test").await;
    assert!(refused(&exchange).starts_with("No encrypted connection could be made: "), "{}", refused(&exchange));
    assert!(!asked.contains("POST"), "{asked}");

    let (address, asked) = encrypted_server().await;
    let resolver = script(&[&["127.0.0.1"]]).0;
    let targets = Targets::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let usual = Outbound::with(targets, roots, resolver, QUICK).unwrap();
    let exchange = usual.post(&format!("https://hooks.test:{}/", address.port()), &[], "{}").await;
    assert!(refused(&exchange).contains("UnknownIssuer"), "{}", refused(&exchange));
    assert!(!asked.await.unwrap().contains("POST"));
}

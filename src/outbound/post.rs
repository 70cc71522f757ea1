//! One post to an address elsewhere: the name resolved, the address judged, the connection made to that very address, the
//! answer read as far as it is kept. Each post has a connection of its own; no redirect is followed.
//!
//! Decision (2026-11-22): hyper's client of one connection, on streams that are opened here. Context: clients with a pool
//! resolve names by themselves and reuse connections to addresses that were judged long ago. Choice: the few lines between
//! a judged address and a request are ours. Consequence: every post costs a handshake, which is little beside the guarantee
//! that nothing is reached that was not judged a moment before.
//!
//! Decision (2026-11-22): certificates are judged by the roots that Mozilla trusts, which come with the program. Consequence:
//! a receiver with a certificate of one's own authority is reached over plain HTTP within a configured range, or not at all.

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::http::{Method, Request, header};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::Host;

use crate::kernel::{Error, Result};

use super::targets::{Target, Targets};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long everything together may take.
const WHOLE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are kept; the rest is not even read.
const ANSWER_KEPT: usize = 4 * 1024;
/// Bytes of the head of an answer.
const HEAD_LIMIT: usize = 32 * 1024;
/// Addresses of one name that are tried.
const ADDRESSES: usize = 4;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub connect: Duration,
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: CONNECT, whole: WHOLE }
    }
}

/// Finds the addresses of a name.
pub trait Resolve: Send + Sync {
    fn resolve<'a>(&'a self, name: &'a str, port: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>>;
}

/// Asks the machine.
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str, port: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, port)).await?.collect()) })
    }
}

/// The way to addresses elsewhere; cloning it is cheap.
#[derive(Clone)]
pub struct Outbound(Arc<Way>);

struct Way {
    targets: Targets,
    resolver: Box<dyn Resolve>,
    tls: Arc<ClientConfig>,
    patience: Patience,
}

/// What was sent, and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Every header of the request.
    pub sent: Vec<(String, String)>,
    pub duration: Duration,
    /// The answer, or why there is none, in words.
    pub reply: Result<Reply, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// The header `Retry-After` as it came.
    pub retry_after: Option<String>,
    /// The first 4 KiB, with what is no text replaced.
    pub body: String,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Outbound {
    /// # Errors
    /// [`Error::Bug`] if the library of certificates can't be set up.
    pub fn new(targets: Targets) -> Result<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::with(targets, roots, Box::new(SystemResolver), Patience::default())
    }

    /// With other roots, another way to find addresses and another patience; for tests.
    ///
    /// # Errors
    /// [`Error::Bug`] if the library of certificates can't be set up.
    pub fn with(
        targets: Targets,
        roots: RootCertStore,
        resolver: Box<dyn Resolve>,
        patience: Patience,
    ) -> Result<Self> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::bug)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(Way { targets, resolver, tls: Arc::new(tls), patience })))
    }

    /// Which addresses may be reached.
    pub fn targets(&self) -> &Targets {
        &self.0.targets
    }

    /// Posts JSON with these headers beside the usual ones.
    pub async fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Exchange {
        let begun = Instant::now();
        let target = match self.0.targets.read(url) {
            Ok(target) => target,
            Err(refusal) => {
                return Exchange { sent: Vec::new(), duration: begun.elapsed(), reply: Err(refusal.detail) };
            }
        };
        let sent = all_headers(&target, headers, body);
        let patience = self.0.patience.whole;
        let reply = match timeout(patience, self.0.exchange(&target, &sent, body)).await {
            Ok(reply) => reply,
            Err(_) => Err(format!("No complete answer came within {}.", seconds(patience))),
        };
        Exchange { sent, duration: begun.elapsed(), reply }
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Outbound").field(&self.0.targets).finish()
    }
}

fn all_headers(target: &Target, headers: &[(&str, String)], body: &str) -> Vec<(String, String)> {
    let usual = [
        (header::HOST, target.authority()),
        (header::USER_AGENT, format!("Rolebook/{}", env!("CARGO_PKG_VERSION"))),
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_LENGTH, body.len().to_string()),
        (header::CONNECTION, "close".to_owned()),
    ];
    let usual = usual.into_iter().map(|(name, value)| (name.to_string(), value));
    usual.chain(headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()))).collect()
}

impl Way {
    async fn exchange(&self, target: &Target, headers: &[(String, String)], body: &str) -> Result<Reply, String> {
        let mut request = Request::builder().method(Method::POST).uri(&target.path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned())));
        let request = request.map_err(|error| format!("The request can't be written: {error}."))?;
        let stream = self.connect(target).await?;
        let broken = |error: hyper::Error| format!("The connection broke off: {}.", causes(&error));
        let handshake = http1::Builder::new().max_buf_size(HEAD_LIMIT).handshake(TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.map_err(broken)?;
        let exchange = async move {
            let response = sender.send_request(request).await.map_err(broken)?;
            let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            let (status, retry_after) = (response.status().as_u16(), retry_after.map(str::to_owned));
            Ok(Reply { status, retry_after, body: beginning(response.into_body()).await })
        };
        tokio::pin!(connection, exchange);
        tokio::select! {
            biased;
            reply = &mut exchange => reply,
            // All that came has been handed over by then.
            _ = &mut connection => exchange.await,
        }
    }

    /// A connection to the first address of the target that may be reached and answers.
    async fn connect(&self, target: &Target) -> Result<Box<dyn Stream>, String> {
        let addresses = self.addresses(target).await?;
        let patience = self.patience.connect / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        let mut failure = "There is no address to connect to.".to_owned();
        for address in addresses {
            failure = match timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.encrypt(target, stream).await,
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    format!("The connection to {address} was refused.")
                }
                Ok(Err(error)) => format!("The connection to {address} failed: {error}."),
                Err(_) => format!("Nothing answered at {address} within {}.", seconds(patience)),
            };
        }
        Err(failure)
    }

    /// The addresses of the target that may be reached.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, String> {
        let found = match &target.host {
            Host::Ipv4(address) => vec![SocketAddr::from((*address, target.port))],
            Host::Ipv6(address) => vec![SocketAddr::from((*address, target.port))],
            Host::Domain(name) => {
                let found = self.resolver.resolve(name, target.port).await;
                found.map_err(|_| format!("The name {name} has no address that could be found."))?
            }
        };
        let mut refused = None;
        let mut allowed = Vec::new();
        for address in found {
            match self.targets.judge_for(target, address.ip()) {
                Ok(()) => allowed.push(address),
                Err(refusal) => refused = Some(refusal.detail),
            }
        }
        allowed.truncate(ADDRESSES);
        match refused {
            Some(detail) if allowed.is_empty() => Err(detail),
            _ => Ok(allowed),
        }
    }

    async fn encrypt(&self, target: &Target, stream: TcpStream) -> Result<Box<dyn Stream>, String> {
        if !target.encrypted {
            return Ok(Box::new(stream));
        }
        let name = match &target.host {
            Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(*address)),
            Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(*address)),
            Host::Domain(name) => {
                ServerName::try_from(name.clone()).map_err(|_| format!("No certificate can be for the name {name}."))?
            }
        };
        match TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(format!("No encrypted connection could be made: {error}.")),
        }
    }
}

/// The beginning of a body, as text without NUL. What breaks off is taken as it is.
async fn beginning(mut body: Incoming) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_KEPT {
        match body.frame().await {
            Some(Ok(frame)) => bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            Some(Err(_)) | None => break,
        }
    }
    bytes.truncate(ANSWER_KEPT);
    String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}")
}

fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f32();
    if seconds == 1.0 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}

/// An error with what lies behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

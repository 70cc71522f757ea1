//! A mail server on a port of its own, as small as one can be: it keeps what it is given and answers as it is told. The key
//! and the certificates beside this file were made for these tests and are good for nothing else; they last for a hundred
//! years.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use rolebook::{
    config::{MailEncryption, MailServer, Sender},
    outbound::{Mailer, Patience},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
    time::Duration,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

pub const AUTHORITY: &[u8] = include_bytes!("authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("server.pem");
const KEY: &[u8] = include_bytes!("server.key");

/// A message that was taken or refused.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// Head and body as they came.
    pub raw: String,
    pub encrypted: bool,
    /// Name and password, if somebody signed in.
    pub credentials: Option<String>,
}

impl Received {
    /// The value of a header; folded lines are put together.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let prefix = format!("{}:", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix))?;
        Some(line[prefix.len()..].trim().to_owned())
    }

    /// The text as its receiver reads it.
    pub fn body(&self) -> String {
        let body = self.raw.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        if self.header("content-transfer-encoding").as_deref() != Some("quoted-printable") {
            return body.to_owned();
        }
        let body = body.replace("=\r\n", "");
        let mut parts = body.split('=');
        let mut bytes = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend(&part.as_bytes()[2..]);
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The path of the link in it.
    pub fn link(&self) -> String {
        let body = self.body();
        let line = body.lines().find(|line| line.starts_with("http://rolebook.test/")).unwrap();
        line.trim_start_matches("http://rolebook.test").to_owned()
    }
}

/// What is answered to a message.
#[derive(Clone, Debug)]
pub enum Reply {
    /// After the recipient was named.
    ToRecipient(&'static str),
    /// After the message.
    ToMessage(&'static str),
    /// Never.
    Nothing,
}

/// How the server is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    pub offers_tls: bool,
    /// Wants a name and a password: these.
    pub password: Option<&'static str>,
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    script: Mutex<VecDeque<Reply>>,
    said: Mutex<Vec<String>>,
}

pub struct Server {
    pub port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn open() -> Self {
        Self::with(Manner::default()).await
    }

    pub async fn with(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 mail.test ready\r\n").await.unwrap();
                    if talk(&mut stream, &state, manner, false).await {
                        let mut stream = BufReader::new(acceptor().accept(stream.into_inner()).await.unwrap());
                        talk(&mut stream, &state, manner, true).await;
                    }
                });
            }
        });
        Self { port, state, task }
    }

    /// What is answered next, one after the other; otherwise messages are taken.
    pub fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.script.lock().unwrap().extend(replies);
    }

    /// From now on messages are taken again.
    pub fn recovers(&self) {
        self.state.script.lock().unwrap().clear();
    }

    /// Everything that came so far, which is then forgotten.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut *self.state.received.lock().unwrap())
    }

    /// Every line that was said to it.
    pub fn said(&self) -> Vec<String> {
        self.state.said.lock().unwrap().clone()
    }

    /// How the program would be configured for it.
    pub fn settings(&self, encryption: MailEncryption) -> MailServer {
        MailServer {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption,
            credentials: None,
            sender: Sender { name: Some("Careers".to_owned()), address: "careers@rolebook.test".to_owned() },
        }
    }

    pub fn mailer(&self) -> Mailer {
        Mailer::with(self.settings(MailEncryption::None), Some(AUTHORITY), QUICK).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub const QUICK: Patience = Patience { connect: Duration::from_secs(5), whole: Duration::from_secs(10) };

fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Talks until the other goes. `true` if the rest is to be encrypted.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    state: &State,
    manner: Manner,
    encrypted: bool,
) -> bool {
    let mut message = Received { encrypted, ..Received::default() };
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return false;
        }
        let line = line.trim_end().to_owned();
        state.said.lock().unwrap().push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => {
                let mut offers = vec!["250-mail.test".to_owned()];
                if manner.offers_tls && !encrypted {
                    offers.push("250-STARTTLS".to_owned());
                }
                if manner.password.is_some() {
                    offers.push("250-AUTH PLAIN".to_owned());
                }
                offers.push("250 8BITMIME".to_owned());
                offers.join("\r\n")
            }
            "STARTTLS" => {
                stream.write_all(b"220 go ahead\r\n").await.unwrap();
                return true;
            }
            "AUTH" => {
                let sent = BASE64_STANDARD.decode(line.rsplit(' ').next().unwrap()).unwrap();
                let sent = String::from_utf8(sent).unwrap().replace('\0', " ").trim().to_owned();
                let answer = if Some(sent.as_str()) == manner.password { "235 welcome" } else { "535 no" };
                message.credentials = Some(sent);
                answer.to_owned()
            }
            "MAIL" => {
                message.from = line;
                "250 ok".to_owned()
            }
            "RCPT" => {
                message.to.push(line);
                match next_if(state, |reply| matches!(reply, Reply::ToRecipient(_))) {
                    Some(Reply::ToRecipient(words)) => words.to_owned(),
                    _ => "250 ok".to_owned(),
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                loop {
                    let mut part = String::new();
                    if stream.read_line(&mut part).await.unwrap_or(0) == 0 {
                        return false;
                    }
                    if part == ".\r\n" {
                        break;
                    }
                    message.raw.push_str(&part);
                }
                state
                    .received
                    .lock()
                    .unwrap()
                    .push(std::mem::replace(&mut message, Received { encrypted, ..Received::default() }));
                match next_if(state, |_| true) {
                    Some(Reply::ToMessage(words)) => words.to_owned(),
                    Some(Reply::Nothing) => std::future::pending().await,
                    _ => "250 taken".to_owned(),
                }
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n").await;
                return false;
            }
            _ => "500 what?".to_owned(),
        };
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return false;
        }
    }
}

/// Takes the next of the script, if it is of this sort.
fn next_if(state: &State, wanted: impl Fn(&Reply) -> bool) -> Option<Reply> {
    let mut script = state.script.lock().unwrap();
    if script.front().is_some_and(wanted) { script.pop_front() } else { None }
}

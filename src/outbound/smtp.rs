//! The way to the one mail server that the configuration names. It hands a letter over and says what came of it; what a
//! letter says, and whether it is tried again, is decided elsewhere.
//!
//! Decision (2026-11-22): the messages and the protocol are `lettre`'s, with rustls, `ring` and Mozilla's roots as for
//! webhooks, so that there is one TLS stack. Every letter has a connection of its own: mail is seldom, and a connection
//! that was kept is one more thing that can have died. What `lettre` builds is encoded by it, so no text of ours can add a
//! header; control characters are taken out of subjects and names all the same.
//!
//! Decision (2026-11-22), what is tried again. Context: a refusal with 5xx is final (RFC 5321, section 4.2.1), but 530, 534,
//! 535 and 538 say that the server wants another name, password or encryption of us (RFC 4954), which an administrator can
//! mend within the day. Choice: those count as passing trouble, like 4xx and a server that is away. Consequence: a wrong
//! password is tried a few times more, and no invitation is lost over it.

use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, SystemTime},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::{Instant, timeout};

use crate::{
    config::{MailEncryption, MailServer},
    kernel::{Error, Result, Timestamp},
};

use super::Patience;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long everything together may take.
const WHOLE: Duration = Duration::from_secs(30);
/// Refusals that are about how we come, not about the letter.
const ABOUT_US: [u16; 4] = [530, 534, 535, 538];
/// Characters of an answer that are kept.
const ANSWER_KEPT: usize = 500;

/// A way to a mail server; cloning it is cheap.
#[derive(Clone)]
pub struct Mailer(Arc<Way>);

struct Way {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: MailServer,
    from: Mailbox,
    patience: Patience,
}

/// Something to hand over. It can hold a secret link, so it can't be printed.
#[derive(Clone)]
pub struct Letter {
    /// How the receiver is called, if that is known.
    pub name: Option<String>,
    pub address: String,
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// What stands before the `@` of its `Message-ID`.
    pub message_id: String,
    pub at: Timestamp,
}

/// What came of a letter.
#[derive(Clone, Debug)]
pub struct Posted {
    pub duration: Duration,
    /// The code of the server's last answer.
    pub status: Option<u16>,
    /// The words of it.
    pub answer: Option<String>,
    pub setback: Option<Setback>,
}

/// Why a letter was not accepted, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setback {
    /// It can be tried again.
    Passing(String),
    /// It never will be.
    Final(String),
}

impl Mailer {
    /// # Errors
    /// [`Error::Bug`] if the library of certificates can't be set up, or the sender can't be read.
    pub fn new(server: MailServer) -> Result<Self> {
        Self::with(server, None, Patience { connect: CONNECT, whole: WHOLE })
    }

    /// Trusts one authority (in PEM) in the place of Mozilla's, with another patience; for tests.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(server: MailServer, authority: Option<&[u8]>, patience: Patience) -> Result<Self> {
        let parameters = || {
            let builder = TlsParameters::builder(server.host.clone());
            match authority {
                None => builder.certificate_store(CertificateStore::WebpkiRoots),
                Some(authority) => {
                    let builder = builder.certificate_store(CertificateStore::None);
                    match Certificate::from_pem(authority) {
                        Ok(certificate) => builder.add_root_certificate(certificate),
                        Err(_) => builder,
                    }
                }
            }
            .build()
            .map_err(Error::bug)
        };
        let tls = match server.encryption {
            MailEncryption::StartTls => Tls::Required(parameters()?),
            MailEncryption::Tls => Tls::Wrapper(parameters()?),
            MailEncryption::None => Tls::None,
        };
        let address: Address = server.sender.address.parse().map_err(Error::bug)?;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .hello_name(ClientId::Domain(address.domain().to_owned()))
            .timeout(Some(patience.connect));
        if let Some((user, password)) = &server.credentials {
            transport = transport.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
        }
        let from = Mailbox::new(server.sender.name.clone(), address);
        Ok(Self(Arc::new(Way { transport: transport.build(), server, from, patience })))
    }

    /// Where mail goes and who it comes from.
    pub fn server(&self) -> &MailServer {
        &self.0.server
    }

    /// Hands a letter over.
    pub async fn post(&self, letter: &Letter) -> Posted {
        let begun = Instant::now();
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(why) => return posted(begun, None, None, Some(Setback::Final(why))),
        };
        match timeout(self.0.patience.whole, self.0.transport.send(message)).await {
            Err(_) => {
                let why = format!("The mail server did not answer within {} seconds.", self.0.patience.whole.as_secs());
                posted(begun, None, None, Some(Setback::Passing(why)))
            }
            Ok(Ok(response)) => {
                let words = response.message().collect::<Vec<_>>().join(" ");
                posted(begun, response.code().to_string().parse().ok(), Some(words), None)
            }
            Ok(Err(error)) => refused(begun, &error),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let address: Address = letter.address.parse().map_err(|_| "The address can't be written to.".to_owned())?;
        let domain = self.0.from.email.domain();
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.at.0).unwrap_or_default());
        Message::builder()
            .from(self.0.from.clone())
            .to(Mailbox::new(letter.name.as_deref().map(one_line), address))
            .subject(one_line(&letter.subject))
            .message_id(Some(format!("<{}@{domain}>", letter.message_id)))
            .date(at)
            // No machine shall answer it (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| "The message can't be made.".to_owned())
    }
}

/// A text without line breaks and other control characters.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(begun: Instant, error: &smtp::Error) -> Posted {
    let status: Option<u16> = error.status().and_then(|code| code.to_string().parse().ok());
    let words = error.source().map(|source| one_line(&source.to_string()));
    match status {
        Some(code) => {
            let why = match code {
                code if ABOUT_US.contains(&code) => {
                    format!("The mail server refused the name, the password or the encryption ({code}).")
                }
                400..=499 => format!("The mail server can't take it at the moment ({code})."),
                _ => format!("The mail server refused it ({code})."),
            };
            let is_final = code >= 500 && !ABOUT_US.contains(&code);
            let setback = if is_final { Setback::Final(why) } else { Setback::Passing(why) };
            posted(begun, status, words, Some(setback))
        }
        None => {
            let why = if error.is_tls() {
                "The connection to the mail server could not be encrypted."
            } else if error.is_timeout() {
                "The mail server did not answer in time."
            } else {
                "The mail server can't be reached, or does not speak as expected."
            };
            let words = words.unwrap_or_else(|| one_line(&error.to_string()));
            posted(begun, None, None, Some(Setback::Passing(format!("{why} ({words})"))))
        }
    }
}

fn posted(begun: Instant, status: Option<u16>, answer: Option<String>, setback: Option<Setback>) -> Posted {
    let answer =
        answer.map(|words| words.chars().take(ANSWER_KEPT).collect::<String>()).filter(|words| !words.is_empty());
    Posted { duration: begun.elapsed(), status, answer, setback }
}

//! What all handlers share.

use std::{
    net::IpAddr,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use ipnet::IpNet;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Passwords,
    content,
    feedback::{self, Limits},
    kernel::{Actor, Chance, Clock, Ctx, Database, Door, Error, Result},
    media::Store,
    outbound::{Mailer, Outbound},
    published::{Directory, Search},
};

use super::{Answers, RateLimit};

/// The application's state; cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Surroundings>);

/// What the application was started with.
pub struct Surroundings {
    pub database: Database,
    pub store: Store,
    pub passwords: Passwords,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// How the public reaches this server, without a slash at the end.
    pub public_url: String,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of front-end sites: they may send reports from browsers, and reports may return to them. The first is the one
    /// by which the site is found.
    pub site_origins: Vec<String>,
    /// The way to webhooks, and which addresses may be reached on it.
    pub outbound: Outbound,
    /// The way to the mail server; `None` if mail is off, and links are shown to copy.
    pub mailer: Option<Mailer>,
    /// Reports per sender.
    pub report_limit: RateLimit,
    /// Reports that reach the inbox; the others wait in quarantine.
    pub inbox_limits: Limits,
    /// Form posts of ended sessions that are kept, per sender.
    pub unsent_limit: RateLimit,
    /// Questions for a new password, per sender.
    pub reset_limit: RateLimit,
    /// Looks through links for previews, per sender.
    pub preview_limit: RateLimit,
    /// The OpenAPI document, once somebody has asked for it.
    pub contract: OnceLock<Contract>,
    /// Public answers that are kept.
    pub answers: Answers,
    /// What is known of the live documents, by which lists are narrowed.
    pub directory: Directory,
    /// The words of what is published.
    pub search: Search,
    /// The words of what is worked on.
    pub work_search: content::Search,
    /// The words of cases and reports.
    pub case_search: feedback::CaseSearch,
    /// What the event log says of reports and cases.
    pub trends: feedback::RunningTrends,
    /// Rung after every command, so that the followers look at the log at once.
    pub bell: Notify,
    /// Rung when somebody opens or leaves an editor, or goes to another part of it.
    pub presence: Notify,
    /// Cancelled when the server is to end: answers that go on for long end then.
    pub ending: CancellationToken,
}

/// The OpenAPI document, to be shown and as it is sent.
pub struct Contract {
    pub document: serde_json::Value,
    pub json: Vec<u8>,
}

impl App {
    pub fn new(surroundings: Surroundings) -> Self {
        Self(Arc::new(surroundings))
    }

    /// What a command is given when `actor` acts through `door`.
    pub fn ctx(&self, actor: Actor, door: Door) -> Ctx {
        Ctx {
            actor,
            door,
            database: self.database.clone(),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            request_id: None,
            idempotency: None,
        }
    }

    /// Wakes the followers of the event log.
    pub fn ring(&self) {
        self.bell.notify_waiters();
    }

    /// Refuses what needs a mail server on a server that was started without one.
    ///
    /// # Errors
    /// [`Error::Conflict`] `mail-off`.
    pub fn require_mail(&self) -> Result<()> {
        match self.mailer {
            Some(_) => Ok(()),
            None => Err(Error::conflict("mail-off", "Mail is off: this server was started without a mail server.")),
        }
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }
}

impl Deref for App {
    type Target = Surroundings;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

//! Empties the outbox: finds out whom letters are for, writes each when it is due, hands it to the mail server and records
//! what came of it. It has a lease of its own, so that a slow server holds up nothing else; a claim on each letter guards
//! against two instances whose leases overlap.

use std::{sync::Arc, time::Duration};

use uuid::Uuid;

use crate::{
    accounts::{self, NewLink, Purpose, User, mailed_links},
    feedback::{self, Notice},
    kernel::{CaseId, Ctx, Error, Permission, Result, Timestamp, UserId},
    mail::{
        self, Claimed, Ended, MailKind,
        letters::{self, Words},
    },
    outbound::{Letter, Mailer},
    site::{self, Settings},
};

use super::{AsyncBell, lead, rest};

const LEASE_NAME: &str = "mail";
/// How long what is in flight may take once the end has been asked for.
const GRACE: Duration = Duration::from_secs(5);
/// How often old records are looked for, in milliseconds.
const THINNED_EVERY: i64 = Timestamp::HOUR;

/// Where links of letters lead; the doors know.
#[derive(Clone)]
pub struct Addresses {
    /// How people reach this server, without a slash at the end.
    pub public_url: String,
    /// Where the holder of a link uses it.
    pub of_link: fn(&str, &NewLink) -> String,
}

/// What one instance sends.
pub struct Postman {
    ctx: Ctx,
    mailer: Mailer,
    addresses: Addresses,
    holder: Arc<str>,
    thinned_at: Option<Timestamp>,
}

/// Sends until `stop` resolves. `bell` is rung by whoever has just written.
pub async fn follow(
    ctx: Ctx,
    mailer: Mailer,
    addresses: Addresses,
    holder: String,
    bell: impl AsyncBell,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    let mut postman = Postman::new(ctx, mailer, addresses, &holder);
    loop {
        let rung = bell.rung();
        {
            let turn = postman.turn();
            tokio::pin!(turn);
            let turned = tokio::select! {
                turned = &mut turn => turned,
                _ = stop.changed() => {
                    let _ = tokio::time::timeout(GRACE, turn).await;
                    return;
                }
            };
            if let Err(error) = turned {
                tracing::warn!(%error, "mail can't be looked after at the moment; it will be again");
            }
        }
        tokio::select! {
            () = rest(rung) => {}
            _ = stop.changed() => return,
        }
    }
}

impl Postman {
    pub fn new(ctx: Ctx, mailer: Mailer, addresses: Addresses, holder: &str) -> Self {
        Self { ctx, mailer, addresses, holder: Arc::from(holder), thinned_at: None }
    }

    /// Sends what is due, if this instance holds the lease. Answers how many letters it tried.
    pub async fn turn(&mut self) -> Result<usize> {
        if !lead(&self.ctx, &self.holder, LEASE_NAME).await? {
            return Ok(0);
        }
        let tried = self.send_due().await?;
        let now = self.ctx.now();
        if self.thinned_at.is_none_or(|at| now >= at.plus(THINNED_EVERY)) {
            mail::thin(&self.ctx).await?;
            self.thinned_at = Some(now);
        }
        Ok(tried)
    }

    /// Sends what is due, whoever holds the lease.
    pub async fn send_due(&self) -> Result<usize> {
        let mut tried = 0;
        for (id, is_known) in mail::due(&self.ctx).await? {
            if !is_known {
                mailed_links::resolve(&self.ctx, id).await?;
            }
            if let Some(claimed) = mail::claim(&self.ctx, id).await? {
                self.send(&claimed).await?;
                tried += 1;
            }
        }
        Ok(tried)
    }

    async fn send(&self, claimed: &Claimed) -> Result<()> {
        let at = self.ctx.now();
        let ended = match self.write(claimed).await {
            Ok(letter) => {
                let posted = self.mailer.post(&letter).await;
                if let (MailKind::Reply, Some(reply), None) = (claimed.kind, claimed.about, &posted.setback) {
                    feedback::note_sent(&self.ctx, reply).await?;
                }
                Ended::Posted(posted)
            }
            // What has become pointless meanwhile is said in the log; trouble of ours is tried again when the claim ends.
            Err(Error::Conflict { detail, .. } | Error::NotFound(detail)) => Ended::Moot(detail),
            Err(error) => return Err(error),
        };
        mail::record(&self.ctx, claimed, at, &ended).await
    }

    /// The letter as it is handed over.
    async fn write(&self, claimed: &Claimed) -> Result<Letter> {
        let settings = site::settings(&*self.ctx.database.read().await?).await?;
        let (name, address, words) = match claimed.kind {
            MailKind::Test => {
                let user = self.person(claimed.user).await?;
                let words = letters::test(&settings.site_name, &user.name);
                (Some(user.name), user.email, words)
            }
            MailKind::Invitation => {
                self.with_link(claimed, &settings, Purpose::Invitation, letters::invitation).await?
            }
            MailKind::PasswordReset => {
                self.with_link(claimed, &settings, Purpose::PasswordReset, letters::password_reset).await?
            }
            MailKind::Reply => {
                let letter = feedback::reply_letter(&self.ctx, self.about(claimed)?).await?;
                let url = &self.addresses.public_url;
                let receipt = format!("{url}/api/v1/reports/{}/{}", letter.reference, letter.receipt);
                let words = letters::reply(&settings.site_name, &letter.reference, &letter.text, &receipt);
                (None, letter.address, words)
            }
            MailKind::NewCase => {
                let user = self.person(claimed.user).await?;
                let case = CaseId(self.about(claimed)?);
                let Notice { page, waiting } = feedback::notice(&self.ctx, case, user.id).await?;
                if !user.permissions().contains(&Permission::FeedbackRead) {
                    return Err(Error::conflict("not-for-them", "They may not read feedback any more."));
                }
                let link = self.case_address(case);
                let words = letters::new_case(&settings.site_name, &user.name, &page, waiting, &link);
                (Some(user.name), user.email, words)
            }
            MailKind::Mention => {
                let user = self.person(claimed.user).await?;
                let named = feedback::mention_notice(&self.ctx, self.about(claimed)?, user.id).await?;
                if !user.permissions().contains(&Permission::FeedbackRead) {
                    return Err(Error::conflict("not-for-them", "They may not read feedback any more."));
                }
                let link = self.case_address(named.case);
                let name = &settings.site_name;
                let words = letters::mention(name, &user.name, &named.by, named.number, named.waiting, &link);
                (Some(user.name), user.email, words)
            }
        };
        let Words { subject, body } = words;
        Ok(Letter { name, address, subject, body, message_id: claimed.message_id.clone(), at: self.ctx.now() })
    }

    async fn with_link(
        &self,
        claimed: &Claimed,
        settings: &Settings,
        purpose: Purpose,
        words: fn(&str, &str, &str, &str) -> Words,
    ) -> Result<(Option<String>, String, Words)> {
        let user = self.person(claimed.user).await?;
        let link = mailed_links::make(&self.ctx, purpose, user.id).await?;
        let until = letters::day_and_time(&settings.time_zone, link.expires_at);
        let address = (self.addresses.of_link)(&self.addresses.public_url, &link);
        let words = words(&settings.site_name, &user.name, &address, &until);
        Ok((Some(user.name), user.email, words))
    }

    fn case_address(&self, case: CaseId) -> String {
        format!("{}/admin/cases/{case}", self.addresses.public_url)
    }

    fn about(&self, claimed: &Claimed) -> Result<Uuid> {
        claimed.about.ok_or_else(|| Error::bug("a letter that is about nothing"))
    }

    async fn person(&self, id: Option<UserId>) -> Result<User> {
        let id = id.ok_or_else(|| Error::bug("a letter to a person without a person"))?;
        accounts::users::get(&self.ctx, id).await
    }
}

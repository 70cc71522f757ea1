//! Posts public events to webhooks: reads on in the log, puts events into the queue, and sends what is due, side by side for
//! different webhooks and one after the other for each. It has a lease of its own and waits for no receiver, so that a slow
//! one holds up neither the others nor the other followers.
//!
//! Decision (2026-11-22), what is posted can be read. Context: a receiver that hears of a change asks for the page at once, from
//! whichever instance the way there leads to, and keeps what it gets; another instance may answer with what was before
//! for 100 ms after a publication. Choice: an event is put into the queue once this instance has seen it in the log for
//! [`HOLD`]. Consequence: whoever is told of a change reads it, and is told a moment later.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use serde_json::json;
use tokio::{
    task::{self, JoinError, JoinSet},
    time::Instant,
};

use crate::{
    events::Event,
    kernel::{Ctx, Result, Sequence, Timestamp, WebhookId},
    outbound::{Exchange, Outbound},
    published, site,
    webhooks::{self, Message, Outcome, Outgoing},
};

use super::{AsyncBell, lead, rest};

const LEASE_NAME: &str = "webhooks";
/// Webhooks that are sent to at the same time.
const AT_ONCE: usize = 32;
/// How long one webhook is sent to before it is asked again which is due.
const ROUND: Duration = Duration::from_secs(10);
/// How long what is in flight may take once the end has been asked for.
const GRACE: Duration = Duration::from_secs(5);
/// How long an event stands in the log before it is posted: twice the time after which every instance answers with it.
const HOLD: Duration = Duration::from_millis(200);
/// How often old records are looked for, in milliseconds.
const THINNED_EVERY: i64 = Timestamp::HOUR;

/// What one instance is sending.
pub struct Sender {
    ctx: Ctx,
    outbound: Outbound,
    holder: Arc<str>,
    running: JoinSet<()>,
    /// The webhooks that are being sent to.
    busy: HashMap<task::Id, WebhookId>,
    /// How far the log has been read; the position in the database moves only when there is something to put in.
    read: Sequence,
    /// Ends of the log that are too new, with the time at which each was seen; the oldest first.
    news: VecDeque<(Sequence, Instant)>,
    /// Up to where the log may be posted.
    settled: Sequence,
    hold: Duration,
    thinned_at: Option<Timestamp>,
}

/// Sends until `stop` resolves. `bell` is rung by whoever has just written.
pub async fn follow(
    ctx: Ctx,
    outbound: Outbound,
    holder: String,
    bell: impl AsyncBell,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    let mut sender = Sender::new(ctx, outbound, &holder);
    loop {
        let rung = bell.rung();
        if let Err(error) = sender.turn().await {
            tracing::warn!(%error, "webhooks can't be looked after at the moment; they will be again");
        }
        let settled = sender.news.front().map(|(_, seen)| *seen + sender.hold);
        let settles = async {
            match settled {
                Some(settled) => tokio::time::sleep_until(settled).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = rest(rung) => {}
            () = sender.one_ends() => {}
            () = settles => {}
            _ = stop.changed() => break,
        }
    }
    let _ = tokio::time::timeout(GRACE, sender.all_end()).await;
}

impl Sender {
    pub fn new(ctx: Ctx, outbound: Outbound, holder: &str) -> Self {
        Self {
            ctx,
            outbound,
            holder: Arc::from(holder),
            running: JoinSet::new(),
            busy: HashMap::new(),
            read: Sequence(0),
            news: VecDeque::new(),
            settled: Sequence(0),
            hold: HOLD,
            thinned_at: None,
        }
    }

    /// Does what is to be done now, if this instance holds the lease: events are put into the queue, and sending begins
    /// where something is due. Answers whether it holds the lease.
    pub async fn turn(&mut self) -> Result<bool> {
        if !lead(&self.ctx, &self.holder, LEASE_NAME).await? {
            // Another instance sends now; what was in flight here is sent by that one, with the same ids.
            self.running.abort_all();
            self.all_end().await;
            (self.read, self.settled) = (Sequence(0), Sequence(0));
            self.news.clear();
            return Ok(false);
        }
        while let Some(ended) = self.running.try_join_next_with_id() {
            self.ended(ended);
        }
        self.take_in().await?;
        self.begin_sending().await?;
        self.thin().await?;
        Ok(true)
    }

    /// Waits until sending to one webhook has ended; for ever if none is being sent to.
    async fn one_ends(&mut self) {
        match self.running.join_next_with_id().await {
            Some(ended) => self.ended(ended),
            None => std::future::pending().await,
        }
    }

    /// Waits until all that has been seen in the log so far may be posted.
    pub async fn all_settles(&self) {
        if let Some((_, seen)) = self.news.back() {
            tokio::time::sleep_until(*seen + self.hold).await;
        }
    }

    /// Waits until nothing is in flight.
    pub async fn all_end(&mut self) {
        while let Some(ended) = self.running.join_next_with_id().await {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(task::Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                if !error.is_cancelled() {
                    tracing::error!(%error, "sending to a webhook broke off");
                }
                error.id()
            }
        };
        self.busy.remove(&id);
    }

    /// Puts what has happened since, and what is to be replayed, into the queue.
    async fn take_in(&mut self) -> Result<()> {
        self.settle().await?;
        while let Some(batch) = webhooks::next_batch(&self.ctx, self.read, self.settled).await? {
            if !batch.events.is_empty() {
                let messages = messages(&self.ctx, batch.events.clone()).await?;
                webhooks::put(&self.ctx, &batch, &messages).await?;
            }
            let is_new = batch.end > self.read;
            self.read = batch.end;
            if !is_new || batch.events.is_empty() {
                break;
            }
        }
        while let Some(batch) = webhooks::next_replay(&self.ctx).await? {
            let messages = messages(&self.ctx, batch.events.clone()).await?;
            webhooks::put_replay(&self.ctx, &batch, &messages).await?;
        }
        Ok(())
    }

    /// Looks how far the log goes now, and how far it went long enough ago.
    async fn settle(&mut self) -> Result<()> {
        let end = webhooks::end_of_log(&self.ctx).await?;
        if self.news.back().map_or(self.settled, |(newest, _)| *newest) < end {
            self.news.push_back((end, Instant::now()));
        }
        while let Some((end, _)) = self.news.pop_front_if(|(_, seen)| seen.elapsed() >= self.hold) {
            self.settled = end;
        }
        Ok(())
    }

    async fn begin_sending(&mut self) -> Result<()> {
        for id in webhooks::due(&self.ctx).await? {
            if self.running.len() >= AT_ONCE {
                return Ok(());
            }
            if !self.busy.values().any(|busy| *busy == id) {
                let task = self.running.spawn(send_round(self.ctx.clone(), self.outbound.clone(), id));
                self.busy.insert(task.id(), id);
            }
        }
        Ok(())
    }

    async fn thin(&mut self) -> Result<()> {
        let now = self.ctx.now();
        if self.thinned_at.is_none_or(|at| now >= at.plus(THINNED_EVERY)) {
            webhooks::thin(&self.ctx).await?;
            self.thinned_at = Some(now);
        }
        Ok(())
    }
}

/// The events as they are sent: what the changes feed says of them, within the envelope of Standard Webhooks.
async fn messages(ctx: &Ctx, events: Vec<Event>) -> Result<Vec<Message>> {
    let snapshot = ctx.database.read().await?;
    let epoch = site::identity(&*snapshot).await?.epoch;
    let mut messages = Vec::new();
    for event in events {
        let (sequence, at) = (event.sequence, event.at);
        let Some(kind) = event.kind.public_name() else { continue };
        let data = published::entry(&*snapshot, event).await?;
        let body = json!({ "type": kind, "timestamp": at, "data": data }).to_string();
        messages.push(Message { sequence, id: format!("evt_{epoch}_{sequence}"), kind: kind.to_owned(), body });
    }
    Ok(messages)
}

/// Sends what is due to one webhook, one after the other, until something fails, nothing is due or the round is over.
async fn send_round(ctx: Ctx, outbound: Outbound, id: WebhookId) {
    let begun = Instant::now();
    loop {
        let got_through = match send_next(&ctx, &outbound, id).await {
            Ok(got_through) => got_through,
            Err(error) => {
                tracing::error!(%error, webhook = %id, "a webhook could not be sent to; it will be again");
                false
            }
        };
        if !got_through || begun.elapsed() > ROUND {
            return;
        }
    }
}

/// Whether something was due and got through.
async fn send_next(ctx: &Ctx, outbound: &Outbound, id: WebhookId) -> Result<bool> {
    let Some(outgoing) = webhooks::next(ctx, id).await? else { return Ok(false) };
    let at = ctx.now();
    let exchange = outbound.post(&outgoing.url, &outgoing.headers(at), &outgoing.body).await;
    let outcome = outcome(&outgoing, at, exchange);
    webhooks::record(ctx, &outgoing, &outcome).await?;
    Ok(outcome.error.is_none())
}

fn outcome(outgoing: &Outgoing, at: Timestamp, exchange: Exchange) -> Outcome {
    let duration = i32::try_from(exchange.duration.as_millis()).unwrap_or(i32::MAX);
    let (reply, error) = match exchange.reply {
        Ok(reply) => {
            let error = failure(reply.status);
            (Some(reply), error)
        }
        Err(error) => (None, Some(error)),
    };
    Outcome {
        at,
        url: outgoing.url.clone(),
        headers: exchange.sent,
        duration,
        status: reply.as_ref().map(|reply| reply.status),
        retry_after: reply.as_ref().and_then(|reply| reply.retry_after.clone()),
        answer: reply.map(|reply| reply.body),
        error,
    }
}

/// Why an answer does not mean that something got through.
fn failure(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!("The answer was {status}; redirects are not followed.")),
        410 => Some("The answer was 410: its receiver is gone for good.".to_owned()),
        _ => Some(format!("The answer was {status}.")),
    }
}

/// Puts everything into the queue, however new it is, and sends all that is due, until nothing is. Answers how many webhooks
/// were sent to. The lease is not asked for.
pub async fn tick(ctx: &Ctx, outbound: &Outbound) -> Result<usize> {
    let mut sender = Sender::new(ctx.clone(), outbound.clone(), "");
    sender.hold = Duration::ZERO;
    sender.thin().await?;
    let mut rounds = 0;
    loop {
        sender.take_in().await?;
        sender.begin_sending().await?;
        if sender.running.is_empty() {
            return Ok(rounds);
        }
        rounds += sender.running.len();
        sender.all_end().await;
    }
}

//! Where the story is played: the people, the clock, and everything by the name that the story has for it.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    accounts::{Passwords, users::User},
    content,
    feedback::Receipt,
    followers,
    kernel::{Actor, Clock, Ctx, Door, Error, ManualClock, Result, Timestamp},
    media::Store,
    site,
};

use super::{
    names::{Names, unknown},
    people::{self, Part},
    story::{Entry, Step},
};

/// How long before the present the story begins, in days.
const BEGINNING: i64 = 190;

pub(super) struct Stage<'a> {
    /// The program itself, with the clock of the story.
    pub system: Ctx,
    clock: Arc<ManualClock>,
    /// The present.
    pub present: Timestamp,
    pub store: &'a Store,
    people: BTreeMap<Part, User>,
    pub names: Names,
    pub reports: BTreeMap<String, Receipt>,
}

impl<'a> Stage<'a> {
    /// With people, and nothing to read yet.
    pub async fn set(ctx: &Ctx, store: &'a Store, passwords: &Passwords) -> Result<Self> {
        let present = ctx.now();
        let clock = Arc::new(ManualClock::at(present.plus(-BEGINNING * Timestamp::DAY)));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let system = Ctx { actor: Actor::system("demo"), door: Door::CommandLine, clock: shared, ..ctx.clone() };
        let people = people::add(&system, passwords).await?.into_iter().collect();
        Ok(Self { system, clock, present, store, people, names: Names::default(), reports: BTreeMap::new() })
    }

    /// Plays one entry at its time, and lets the followers see it.
    pub async fn play(&mut self, entry: Entry) -> Result<()> {
        let at = self.time_of(&entry)?;
        self.move_to(at).await?;
        match entry.step {
            step @ (Step::Report(_) | Step::AddDetail { .. } | Step::Case { .. }) => self.hear(step).await?,
            step @ (Step::Burst(_) | Step::SavedReply { .. } | Step::Views(_)) => self.keep_desk(step).await?,
            step => self.write(step).await?,
        }
        self.follow().await
    }

    /// Lets what is due come about, and says that the demo is complete.
    pub async fn end(mut self) -> Result<()> {
        self.move_to(self.present).await?;
        site::complete_demo(&self.system).await
    }

    /// Somebody at the panel.
    pub fn person(&self, part: Part) -> Result<Ctx> {
        let user = self.user(part)?;
        let actor = Actor::user(user.id, user.name.clone(), user.email.clone(), user.permissions());
        Ok(Ctx { actor, door: Door::Admin, ..self.system.clone() })
    }

    pub fn user(&self, part: Part) -> Result<&User> {
        self.people.get(&part).ok_or_else(|| unknown("person", &format!("{part:?}")))
    }

    /// Somebody who reads the site.
    pub fn visitor(&self) -> Ctx {
        Ctx { actor: Actor::visitor(), door: Door::Public, ..self.system.clone() }
    }

    /// Moves the clock forward, never back; whatever is scheduled on the way comes about at its time.
    pub async fn move_to(&mut self, at: Timestamp) -> Result<()> {
        loop {
            let due = content::next_due(&*self.system.database.read().await?).await?;
            match due.filter(|due| *due <= at) {
                Some(due) => {
                    self.advance_to(due);
                    if followers::tick(&self.follower()).await? == 0 {
                        return Err(Error::bug("something that is due does not come about"));
                    }
                }
                None => {
                    self.advance_to(at);
                    return self.follow().await;
                }
            }
        }
    }

    /// Lets some time pass between two steps of one entry.
    pub fn pass(&self, minutes: i64) {
        self.clock.advance(minutes * Timestamp::MINUTE + 7 * Timestamp::SECOND + 130);
    }

    /// Lets less than that pass.
    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.advance(seconds * Timestamp::SECOND);
    }

    async fn follow(&self) -> Result<()> {
        followers::tick(&self.follower()).await?;
        Ok(())
    }

    fn follower(&self) -> Ctx {
        Ctx { actor: Actor::system("schedule"), door: Door::Schedule, ..self.system.clone() }
    }

    fn advance_to(&self, at: Timestamp) {
        let distance = at.0 - self.clock.now().0;
        self.clock.advance(distance.max(Timestamp::SECOND));
    }

    fn time_of(&self, entry: &Entry) -> Result<Timestamp> {
        if entry.days_ago == 0 {
            return Err(Error::bug("an entry of the story lies in the future"));
        }
        let day = self.present.plus(-i64::from(entry.days_ago) * Timestamp::DAY).date();
        Timestamp::parse(&format!("{day}T{}:00Z", entry.at)).ok_or_else(|| unknown("time", &entry.at))
    }
}

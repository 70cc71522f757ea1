//! What the people of the story do with documents and pictures.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    content::{
        self, Choice, Document, Draft, DraftState, Kind, Ownership, Publishing, ScheduledAction, Scheduling,
        Unpublishing,
    },
    kernel::{CaseId, Ctx, DocumentId, Error, Result, Timestamp, VersionNumber},
    media::{self, FocalPoint, NewImage},
    site,
};

use super::{
    material,
    names::unknown,
    people::Part,
    stage::Stage,
    story::{Image, Reach, Revise, Schedule, Step, Words, Write},
};

/// How long the people take between two steps, in minutes.
const READING_AGAIN: i64 = 35;
const REVIEWING: i64 = 80;
const PUBLISHING: i64 = 25;

impl Stage<'_> {
    /// Plays a step that is about documents, pictures or the site.
    pub async fn write(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Settings(changes) => self.change_settings(changes).await,
            Step::Image(image) => self.add_image(image).await,
            Step::ReplaceImage { old, new } => self.replace_image(&old, new).await,
            Step::Write(write) => self.make(write).await,
            Step::Revise(revise) => self.revise(revise).await,
            Step::Advance { document, words } => self.advance(&document, &words).await,
            Step::PublishTogether { documents, note } => self.publish_together(&documents, note).await,
            Step::Schedule(schedule) => self.schedule(schedule).await,
            Step::Own { documents, owner, review_in_days } => self.own(&documents, owner, review_in_days).await,
            Step::Redirect { path, target } => {
                content::add_redirect(&self.person(Part::Publisher)?, path, target).await.map(|_| ())
            }
            other => self.take_step(other).await,
        }
    }

    async fn change_settings(&self, changes: Value) -> Result<()> {
        let ctx = self.person(Part::Administrator)?;
        let present = site::settings(&*ctx.database.read().await?).await?;
        let seen = present.revision()?;
        let mut settings = serde_json::to_value(present)?;
        if let (Value::Object(settings), Value::Object(changes)) = (&mut settings, changes) {
            settings.extend(changes);
        }
        let settings: site::Settings = serde_json::from_value(settings)?;
        site::change_settings(&ctx, &seen, settings).await.map(|_| ())
    }

    async fn add_image(&mut self, image: Image) -> Result<()> {
        let name = image.name.clone();
        let added = media::add(&self.person(Part::Editor)?, self.store, new_image(image)?).await?;
        self.names.remember_image(name, added.id);
        Ok(())
    }

    async fn replace_image(&mut self, old: &str, new: Image) -> Result<()> {
        let ctx = self.person(Part::Editor)?;
        let name = new.name.clone();
        let old = self.names.image(old)?;
        let seen = media::get(&ctx, old).await?.version;
        let replaced = media::replace(&ctx, self.store, old, seen, new_image(new)?).await?;
        for shown in replaced.uses {
            self.pass(1);
            for outcome in content::replace_image_in(&ctx, &[shown.id], old, replaced.media.id).await {
                outcome?;
            }
        }
        self.names.remember_image(name, replaced.media.id);
        Ok(())
    }

    async fn make(&mut self, write: Write) -> Result<()> {
        let by = write.words.by.unwrap_or(Part::Editor);
        for name in &write.documents {
            let (kind, text) = material::document(name).ok_or_else(|| unknown("file of a document", name))?;
            let mut body: Value = serde_json::from_str(text)?;
            self.names.put_ids(&mut body)?;
            if let (Value::Object(fields), Some(note)) = (&mut body, &write.words.note) {
                fields.insert("note".to_owned(), json!(note));
            }
            let ctx = self.person(by)?;
            let made = content::create(&ctx, kind, Draft::read(&ctx, kind, body)?).await?;
            self.names.remember_document(name, kind, made.standing.id);
            self.pass(READING_AGAIN);
        }
        for name in &write.documents {
            self.advance(name, &write.words).await?;
        }
        Ok(())
    }

    async fn revise(&mut self, revise: Revise) -> Result<()> {
        let Revise { document: name, slug, parent, changes, words } = revise;
        let (kind, id) = self.names.document(&name)?;
        let ctx = self.person(words.by.unwrap_or(Part::Editor))?;
        let present = content::document(&ctx, kind, id).await?;
        let mut changed = present.content.clone();
        for mut change in changes {
            if let Some(value) = change.values() {
                self.names.put_ids(value)?;
            }
            change.apply(&mut changed)?;
        }
        let mut body = json!({ "content": changed, "note": words.note });
        if let Value::Object(fields) = &mut body {
            if let Some(slug) = slug {
                fields.insert("slug".to_owned(), json!(slug));
            }
            if let Some(parent) = parent {
                fields.insert("parent".to_owned(), json!(self.names.document(&parent)?.1));
            }
        }
        let draft = Draft::read(&ctx, kind, body)?;
        let saved = content::save(&ctx, kind, id, present.standing.version, draft).await?;
        if saved.standing.version == present.standing.version {
            return Err(Error::bug("the revision changes nothing"));
        }
        self.pass(READING_AGAIN);
        self.advance(&name, &words).await
    }

    /// Brings a draft as far as the words say, each step by whoever takes it.
    async fn advance(&mut self, name: &str, words: &Words) -> Result<()> {
        let (kind, id) = self.names.document(name)?;
        let by = words.by.unwrap_or(Part::Editor);
        // Nobody approves what they wrote.
        let reviewer = if by == Part::Reviewer { Part::Publisher } else { Part::Reviewer };
        let now = content::document(&self.system, kind, id).await?.standing;
        let (mut state, seen) = (now.draft_state, now.version);
        if words.reach == Reach::Draft {
            return Ok(());
        }
        if matches!(state, DraftState::Draft | DraftState::ChangesRequested | DraftState::Failed) {
            let submitted = content::submit(&self.person(by)?, kind, id, seen, None).await?;
            state = submitted.standing.draft_state;
            self.pass(REVIEWING);
        }
        if words.reach == Reach::ChangesRequested {
            let ctx = self.person(reviewer)?;
            return content::request_changes(&ctx, kind, id, seen, words.review.clone()).await.map(|_| ());
        }
        if words.reach >= Reach::Approved && state == DraftState::InReview {
            content::approve(&self.person(reviewer)?, kind, id, seen, words.review.clone()).await?;
            self.pass(PUBLISHING);
        }
        if words.reach == Reach::Live {
            let publishing = Publishing {
                change: words.change,
                note: words.note.clone(),
                fixes: self.cases_of(&words.fixes).await?,
                force: None,
            };
            content::publish(&self.person(Part::Publisher)?, kind, id, seen, publishing).await?;
        }
        Ok(())
    }

    async fn cases_of(&self, reports: &[String]) -> Result<Vec<CaseId>> {
        let mut cases = Vec::new();
        for report in reports {
            cases.push(self.case_of(report).await?.id);
        }
        Ok(cases)
    }

    async fn publish_together(&self, documents: &[String], note: String) -> Result<()> {
        let mut choices = Vec::new();
        for name in documents {
            let (kind, id, version) = self.seen(name).await?;
            choices.push(Choice { kind, id, version });
        }
        let publishing = Publishing { note: Some(note), ..Publishing::default() };
        content::publish_together(&self.person(Part::Publisher)?, &choices, publishing).await.map(|_| ())
    }

    async fn schedule(&self, schedule: Schedule) -> Result<()> {
        let (kind, id, seen) = self.seen(&schedule.document).await?;
        let ctx = self.person(Part::Publisher)?;
        let scheduling = Scheduling {
            action: schedule.action,
            at: self.morning_in(schedule.in_days)?,
            publishing: Publishing { note: schedule.note, ..Publishing::default() },
            unpublishing: Unpublishing {
                decision: schedule.decision,
                explanation: schedule.explanation,
                ..Unpublishing::default()
            },
        };
        let standing = content::schedule(&ctx, kind, id, seen, scheduling).await?.standing;
        let publishes = schedule.action == ScheduledAction::Publish;
        if publishes && standing.draft_state != DraftState::Approved {
            return Err(Error::bug("only an approved draft is scheduled in the story"));
        }
        Ok(())
    }

    async fn own(&self, documents: &[String], owner: Part, review_in_days: i64) -> Result<()> {
        let change =
            Ownership { owner: Some(Some(self.user(owner)?.id)), review_by: Some(Some(self.day_in(review_in_days))) };
        let ctx = self.person(Part::Publisher)?;
        for name in documents {
            let (kind, id, seen) = self.seen(name).await?;
            content::own(&ctx, kind, id, seen, change.clone()).await?;
            self.pass(1);
        }
        Ok(())
    }

    /// The steps that name one document and say little.
    async fn take_step(&self, step: Step) -> Result<()> {
        let ctx = self.person(Part::Publisher)?;
        let stepped: Document = match step {
            Step::ForcePublish { document, reason } => {
                let (kind, id, seen) = self.seen(&document).await?;
                let publishing = Publishing { force: Some(reason), ..Publishing::default() };
                content::publish(&self.person(Part::Administrator)?, kind, id, seen, publishing).await?
            }
            Step::Withdraw { document, explanation } => {
                let (kind, id, seen) = self.seen(&document).await?;
                content::withdraw(&ctx, kind, id, seen, Some(explanation)).await?
            }
            Step::Reinstate { document } => {
                let (kind, id, seen) = self.seen(&document).await?;
                content::reinstate(&ctx, kind, id, seen).await?
            }
            Step::Unpublish { document, decision, redirect_to, explanation, children } => {
                let (kind, id, seen) = self.seen(&document).await?;
                let redirect_to = redirect_to.map(|to| match to.strip_prefix('@') {
                    Some(name) => self.names.document(name).map(|(_, id)| id.to_string()),
                    None => Ok(to),
                });
                let redirect_to = redirect_to.transpose()?;
                let said = Unpublishing { decision: Some(decision), redirect_to, explanation, children };
                content::unpublish(&ctx, kind, id, seen, said).await?
            }
            Step::Trash { document } => {
                let (kind, id, seen) = self.seen(&document).await?;
                content::trash(&ctx, kind, id, seen).await?
            }
            Step::Discard { document } => {
                let (kind, id, seen) = self.seen(&document).await?;
                content::discard(&self.person(Part::Editor)?, kind, id, seen).await?
            }
            Step::Restore { document, version, note } => {
                let (kind, id, seen) = self.seen(&document).await?;
                let editor = self.person(Part::Editor)?;
                content::restore(&editor, kind, id, seen, VersionNumber(version), Some(note)).await?
            }
            Step::Confirm { document, review_in_days, note } => {
                let (kind, id, seen) = self.seen(&document).await?;
                content::confirm(&ctx, kind, id, seen, Some(self.day_in(review_in_days)), note).await?
            }
            other => return Err(Error::bug(format!("nobody knows how to play {other:?}"))),
        };
        tracing::debug!(document = %stepped.standing.slug, "a step of the demo's story");
        Ok(())
    }

    /// A document with the version that its next step names.
    pub async fn seen(&self, name: &str) -> Result<(Kind, DocumentId, VersionNumber)> {
        let (kind, id) = self.names.document(name)?;
        let ctx: &Ctx = &self.system;
        Ok((kind, id, content::document(ctx, kind, id).await?.standing.version))
    }

    fn day_in(&self, days: i64) -> String {
        self.present.plus(days * Timestamp::DAY).date()
    }

    /// Nine in the morning of a day counted from the present.
    pub fn morning_in(&self, days: i64) -> Result<Timestamp> {
        let day = self.day_in(days);
        Timestamp::parse(&format!("{day}T09:00:00Z")).ok_or_else(|| unknown("day", &day))
    }
}

/// A picture as the library takes it.
pub(super) fn new_image(image: Image) -> Result<NewImage> {
    let bytes = material::image(&image.name).ok_or_else(|| unknown("picture", &image.name))?;
    Ok(NewImage {
        filename: format!("{}.webp", image.name),
        bytes: Bytes::from_static(bytes),
        alt: Some(image.alt),
        caption: image.caption,
        credit: Some("Rolebook demo".to_owned()),
        focal_point: image.focal_point.map(|(x, y)| FocalPoint { x, y }),
    })
}

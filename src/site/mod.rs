//! The site itself: what identifies this database, and the settings that administrators change. It knows kinds of
//! content by name only. Which things are sample content is in `samples.rs`.
//!
//! Decision (2026-11-22): settings are changed under the publication lock, so that two changes take turns and each is
//! compared with what really stands, also before there is a row to lock. Consequence: a review rule never changes in the
//! middle of a publication. What a change names as seen is a digest of all settings, since nothing counts their changes.

mod samples;
mod targets;

use entity::{counter, setting, site};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use serde::{Deserialize, Serialize};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, Permission, Result, Transaction, revision},
};

pub use samples::{Added, SampleId, SampleKind, Samples, forget_sample, keep_samples, mark_samples, samples};
pub use targets::{HOLIDAY_NAME_LIMIT, Holiday, LONGEST_TARGET, MOST_HOLIDAYS, Target, Targets};

named! {
    /// Whether a version needs the approval of a second person before it is published.
    ReviewRule {
        /// Off until a second active person may review, then on.
        Automatic = "automatic",
        On = "on",
        Off = "off",
    }
}

/// What administrators may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// In titles and answers; 1 to 100 characters.
    pub site_name: String,
    pub review_role_pages: ReviewRule,
    pub review_requirement_sections: ReviewRule,
    /// Whether visitors may leave an address with a report.
    pub contact_email: bool,
    /// After how many days such an address is deleted at the latest; 1 to 365.
    pub contact_email_days: u32,
    /// For how many days after its case was closed what a report says is kept; 1 to 3,650.
    #[serde(default = "default_report_text_days")]
    pub report_text_days: u32,
    /// For how many days what is suspected of being spam, or was dismissed as spam, is kept; 1 to 365.
    #[serde(default = "default_spam_days")]
    pub spam_days: u32,
    /// For how many days after the closing of a case the addresses are kept that visitors left; 0 to 365.
    #[serde(default = "default_contact_closed_days")]
    pub contact_closed_days: u32,
    /// In which times are shown and typed in the panel: a name of the IANA time zone database, such as Europe/London.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// How soon cases are to be looked at and answered.
    #[serde(default)]
    pub targets: Targets,
    /// The days on which nobody works, besides Saturdays and Sundays; at most [`MOST_HOLIDAYS`], in the order of dates.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Whether text that could not be sent is kept in the browser of who typed it; off where computers are shared.
    #[serde(default = "default_keep_unsent")]
    pub keep_unsent: bool,
    /// After how many days what editors saved by themselves is thinned to the last of each sitting; 0 to 3,650, 0 is never.
    #[serde(default = "default_autosave_days")]
    pub autosave_days: u32,
    /// Whether what people write about fixes for the public is given out.
    #[serde(default)]
    pub tell_fixes: bool,
}

fn default_keep_unsent() -> bool {
    true
}

fn default_autosave_days() -> u32 {
    30
}

fn default_report_text_days() -> u32 {
    180
}

fn default_spam_days() -> u32 {
    30
}

fn default_contact_closed_days() -> u32 {
    30
}

fn default_time_zone() -> String {
    "Europe/London".to_owned()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_name: "Rolebook".to_owned(),
            review_role_pages: ReviewRule::Automatic,
            review_requirement_sections: ReviewRule::Automatic,
            contact_email: false,
            contact_email_days: 90,
            report_text_days: default_report_text_days(),
            spam_days: default_spam_days(),
            contact_closed_days: default_contact_closed_days(),
            time_zone: default_time_zone(),
            targets: Targets::default(),
            holidays: Vec::new(),
            keep_unsent: default_keep_unsent(),
            autosave_days: default_autosave_days(),
            tell_fixes: false,
        }
    }
}

/// What is to change; `None` leaves it as it is. Whole settings, as a change, replace all.
#[derive(Clone, Debug, Default)]
pub struct SettingsChange {
    pub site_name: Option<String>,
    pub review_role_pages: Option<ReviewRule>,
    pub review_requirement_sections: Option<ReviewRule>,
    pub contact_email: Option<bool>,
    pub contact_email_days: Option<u32>,
    pub report_text_days: Option<u32>,
    pub spam_days: Option<u32>,
    pub contact_closed_days: Option<u32>,
    pub time_zone: Option<String>,
    pub targets: Option<Targets>,
    pub holidays: Option<Vec<Holiday>>,
    pub keep_unsent: Option<bool>,
    pub autosave_days: Option<u32>,
    pub tell_fixes: Option<bool>,
}

impl From<Settings> for SettingsChange {
    fn from(settings: Settings) -> Self {
        let Settings {
            site_name,
            review_role_pages,
            review_requirement_sections,
            contact_email,
            contact_email_days,
            report_text_days,
            spam_days,
            contact_closed_days,
            time_zone,
            targets,
            holidays,
            keep_unsent,
            autosave_days,
            tell_fixes,
        } = settings;
        Self {
            site_name: Some(site_name),
            review_role_pages: Some(review_role_pages),
            review_requirement_sections: Some(review_requirement_sections),
            contact_email: Some(contact_email),
            contact_email_days: Some(contact_email_days),
            report_text_days: Some(report_text_days),
            spam_days: Some(spam_days),
            contact_closed_days: Some(contact_closed_days),
            time_zone: Some(time_zone),
            targets: Some(targets),
            holidays: Some(holidays),
            keep_unsent: Some(keep_unsent),
            autosave_days: Some(autosave_days),
            tell_fixes: Some(tell_fixes),
        }
    }
}

impl Settings {
    /// What a change names to say that it has seen these.
    pub fn revision(&self) -> Result<String> {
        revision(self)
    }

    fn with(&self, change: SettingsChange) -> Self {
        let SettingsChange {
            site_name,
            review_role_pages,
            review_requirement_sections,
            contact_email,
            contact_email_days,
            report_text_days,
            spam_days,
            contact_closed_days,
            time_zone,
            targets,
            holidays,
            keep_unsent,
            autosave_days,
            tell_fixes,
        } = change;
        Self {
            site_name: site_name.unwrap_or_else(|| self.site_name.clone()),
            review_role_pages: review_role_pages.unwrap_or(self.review_role_pages),
            review_requirement_sections: review_requirement_sections.unwrap_or(self.review_requirement_sections),
            contact_email: contact_email.unwrap_or(self.contact_email),
            contact_email_days: contact_email_days.unwrap_or(self.contact_email_days),
            report_text_days: report_text_days.unwrap_or(self.report_text_days),
            spam_days: spam_days.unwrap_or(self.spam_days),
            contact_closed_days: contact_closed_days.unwrap_or(self.contact_closed_days),
            time_zone: time_zone.unwrap_or_else(|| self.time_zone.clone()),
            targets: targets.unwrap_or(self.targets),
            holidays: holidays.unwrap_or_else(|| self.holidays.clone()),
            keep_unsent: keep_unsent.unwrap_or(self.keep_unsent),
            autosave_days: autosave_days.unwrap_or(self.autosave_days),
            tell_fixes: tell_fixes.unwrap_or(self.tell_fixes),
        }
    }
}

const SETTINGS: &str = "site";
/// Stands among the settings of a demo from the moment at which it is complete.
const DEMO: &str = "demo";

/// What a new database needs before anything can be recorded; harmless on one that has it.
pub async fn prepare(tx: &Transaction, ctx: &Ctx, demo: bool) -> Result<()> {
    for name in ["event", "publication", "case"] {
        if counter::Entity::find_by_id(name).one(&**tx).await?.is_none() {
            let row = counter::ActiveModel { name: Set(name.to_owned()), value: Set(0) };
            counter::Entity::insert(row).exec_without_returning(&**tx).await?;
        }
    }
    if site::Entity::find_by_id(1).one(&**tx).await?.is_none() {
        let row = site::ActiveModel {
            id: Set(1),
            epoch: Set(new_epoch(ctx)),
            demo: Set(demo),
            page_token_key: Set(ctx.chance.secret()),
            created_at: Set(ctx.now().0),
        };
        site::Entity::insert(row).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// What identifies this database.
pub async fn identity(connection: &impl ConnectionTrait) -> Result<site::Model> {
    let row = site::Entity::find_by_id(1).one(connection).await?;
    row.ok_or_else(|| Error::Unavailable("the database has not been set up".to_owned()))
}

/// Whether a demo has been filled to its end.
pub async fn demo_is_complete(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(setting::Entity::find_by_id(DEMO).one(connection).await?.is_some())
}

/// Notes that a demo has been filled to its end.
///
/// # Errors
/// [`Error::Conflict`] if the database is no demo.
pub async fn complete_demo(ctx: &Ctx) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    if !identity(&*tx).await?.demo {
        return Err(Error::conflict("no-demo", "This database holds a site that is no demo."));
    }
    let value = serde_json::json!({ "complete": true });
    let row = setting::ActiveModel {
        name: Set(DEMO.to_owned()),
        value: Set(value.to_string()),
        changed_at: Set(ctx.now().0),
    };
    setting::Entity::insert(row).exec_without_returning(&*tx).await?;
    let event = NewEvent::about(EventKind::SettingChanged, "setting", DEMO).with("to", value);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// Makes every cursor that was given out before worthless; after a backup has been restored.
pub async fn renew_epoch(tx: &Transaction, ctx: &Ctx) -> Result<()> {
    let mut row = identity(&**tx).await?.into_active_model();
    row.epoch = Set(new_epoch(ctx));
    row.update(&**tx).await?;
    events::append(tx, ctx, NewEvent::about(EventKind::BackupRestored, "site", 1)).await?;
    Ok(())
}

pub async fn settings(connection: &impl ConnectionTrait) -> Result<Settings> {
    match setting::Entity::find_by_id(SETTINGS).one(connection).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => Ok(Settings::default()),
    }
}

/// Changes the settings. What changes nothing is no change.
///
/// # Errors
/// [`Error::Invalid`] for a setting that is out of range; [`Error::Stale`] if they are no longer as they were seen (their
/// [`Settings::revision`]).
pub async fn change_settings(ctx: &Ctx, seen: &str, change: impl Into<SettingsChange>) -> Result<Settings> {
    ctx.authorise(Permission::SettingsManage)?;
    let mut change = change.into();
    if let Some(fault) = change.site_name.as_deref().and_then(name_fault) {
        return Err(Error::Invalid(vec![fault]));
    }
    if change.contact_email_days.is_some_and(|days| !(1..=365).contains(&days)) {
        return Err(Error::invalid("/contact_email_days", "out-of-range", "Addresses are kept for 1 to 365 days."));
    }
    let periods = [
        ("/report_text_days", change.report_text_days, 1..=3_650, "Texts are kept for 1 to 3,650 days after closing."),
        ("/spam_days", change.spam_days, 1..=365, "Spam is kept for 1 to 365 days."),
        (
            "/contact_closed_days",
            change.contact_closed_days,
            0..=365,
            "Addresses are kept for 0 to 365 days after closing.",
        ),
    ];
    for (pointer, days, possible, detail) in periods {
        if days.is_some_and(|days| !possible.contains(&days)) {
            return Err(Error::invalid(pointer, "out-of-range", detail));
        }
    }
    if change.autosave_days.is_some_and(|days| days > 3_650) {
        return Err(Error::invalid("/autosave_days", "out-of-range", "From 0 to 3,650 days are possible; 0 is never."));
    }
    if change.time_zone.as_ref().is_some_and(|name| jiff::tz::TimeZone::get(name).is_err()) {
        let detail = "A time zone is named as in the IANA database, such as Europe/London.";
        return Err(Error::invalid("/time_zone", "not-a-time-zone", detail));
    }
    let mut faults = change.targets.map(|targets| targets.faults()).unwrap_or_default();
    faults.extend(change.holidays.as_deref().map(targets::holiday_faults).unwrap_or_default());
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if let Some(holidays) = &mut change.holidays {
        holidays.sort_by(|a, b| a.date.cmp(&b.date));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let before = self::settings(&*tx).await?;
    let present = before.revision()?;
    if present != seen {
        return Err(Error::stale(&present, &before));
    }
    let settings = before.with(change);
    if before == settings {
        return tx.commit(settings).await;
    }
    let event = replace(&tx, ctx, &before, &settings).await?;
    events::append(&tx, ctx, event).await?;
    tx.commit(settings).await
}

/// The names of time zones that a site can be in, as people choose among them: places, and UTC.
pub fn time_zones() -> Vec<String> {
    let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let place = |name: &String| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"));
    let mut places: Vec<String> = names.filter(place).collect();
    places.sort_unstable();
    places
}

/// Gives the site its first name, within the transaction that sets it up. The caller appends the event, if there is one,
/// after everything else, and has looked for a [`name_fault`].
pub async fn name(tx: &Transaction, ctx: &Ctx, site_name: &str) -> Result<Option<NewEvent>> {
    let before = settings(&**tx).await?;
    let after = Settings { site_name: site_name.trim().to_owned(), ..before.clone() };
    if before == after { Ok(None) } else { replace(tx, ctx, &before, &after).await.map(Some) }
}

/// What is wrong with a name for the site, if anything.
pub fn name_fault(site_name: &str) -> Option<Fault> {
    let length = site_name.trim().chars().count();
    let fault = || Fault::new("/site_name", "out-of-range", "The name of the site has 1 to 100 characters.");
    (!(1..=100).contains(&length)).then(fault)
}

async fn replace(tx: &Transaction, ctx: &Ctx, before: &Settings, after: &Settings) -> Result<NewEvent> {
    let row = setting::ActiveModel {
        name: Set(SETTINGS.to_owned()),
        value: Set(serde_json::to_string(after)?),
        changed_at: Set(ctx.now().0),
    };
    setting::Entity::delete_by_id(SETTINGS).exec(&**tx).await?;
    setting::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(NewEvent::about(EventKind::SettingChanged, "setting", SETTINGS)
        .with("from", serde_json::to_value(before)?)
        .with("to", serde_json::to_value(after)?))
}

/// Eight characters are enough to tell the epochs of one database apart.
fn new_epoch(ctx: &Ctx) -> String {
    ctx.chance.secret().chars().take(8).collect()
}

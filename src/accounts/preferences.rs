//! How each person likes the panel: what rich text is edited as, single keys, what is announced, theme and density. Whoever
//! has chosen nothing has what everybody begins with.
//!
//! Decision (2026-11-22): preferences have no event and no version. Context: commands append an event, and changes name
//! the version that they start from; but nobody else can see how somebody likes their screen, and "Edit as plain text" is
//! pressed in the midst of writing. Consequence: the log is silent about them, and of two tabs the later one counts.

use entity::preference;
use sea_orm::{ConnectionTrait, EntityTrait, Set, sea_query::OnConflict};

use crate::kernel::{ActorKind, Ctx, Error, Result, UserId};

named! {
    /// What a rich text is edited as.
    TextEditing {
        /// As it will look.
        Rich = "rich",
        /// As Markdown.
        Plain = "plain",
    }

    Theme {
        /// As the system has it.
        System = "system",
        Light = "light",
        Dark = "dark",
    }

    /// How close things stand.
    Density {
        Comfortable = "comfortable",
        Compact = "compact",
    }

    /// When the owner of a page is told by mail that somebody has reported something about it.
    ReportsByMail {
        /// Never.
        None = "none",
        AtOnce = "at_once",
    }

    /// When a person is told by mail that a note names them.
    MentionsByMail {
        /// Never.
        None = "none",
        AtOnce = "at_once",
    }
}

/// How a person likes the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    pub text_editing: TextEditing,
    /// Whether single keys are shortcuts (WCAG 2.1.4 asks that they can be turned off).
    pub single_keys: bool,
    /// Whether the formatting is said when the caret moves, not only when it changes.
    pub announce_formatting: bool,
    pub theme: Theme,
    pub density: Density,
    pub reports_by_mail: ReportsByMail,
    pub mentions_by_mail: MentionsByMail,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            text_editing: TextEditing::Rich,
            single_keys: true,
            announce_formatting: false,
            theme: Theme::System,
            density: Density::Comfortable,
            reports_by_mail: ReportsByMail::None,
            mentions_by_mail: MentionsByMail::None,
        }
    }
}

/// What is to change; `None` leaves it as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct PreferencesChange {
    pub text_editing: Option<TextEditing>,
    pub single_keys: Option<bool>,
    pub announce_formatting: Option<bool>,
    pub theme: Option<Theme>,
    pub density: Option<Density>,
    pub reports_by_mail: Option<ReportsByMail>,
    pub mentions_by_mail: Option<MentionsByMail>,
}

/// The preferences of a person.
pub async fn of(connection: &impl ConnectionTrait, person: UserId) -> Result<Preferences> {
    let row = preference::Entity::find_by_id(person.0).one(connection).await?;
    Ok(row.map_or_else(Preferences::default, |row| read(&row)))
}

/// A name that an older or newer program wrote counts as nothing chosen.
fn read(row: &preference::Model) -> Preferences {
    let usual = Preferences::default();
    Preferences {
        text_editing: TextEditing::from_name(&row.text_editing).unwrap_or(usual.text_editing),
        single_keys: row.single_keys,
        announce_formatting: row.announce_formatting,
        theme: Theme::from_name(&row.theme).unwrap_or(usual.theme),
        density: Density::from_name(&row.density).unwrap_or(usual.density),
        reports_by_mail: ReportsByMail::from_name(&row.reports_by_mail).unwrap_or(usual.reports_by_mail),
        mentions_by_mail: MentionsByMail::from_name(&row.mentions_by_mail).unwrap_or(usual.mentions_by_mail),
    }
}

/// Changes the preferences of the person who acts.
///
/// # Errors
/// [`Error::Bug`] if it is no person who acts: no other door leads here.
pub async fn prefer(ctx: &Ctx, change: PreferencesChange) -> Result<Preferences> {
    let person = ctx.actor.user.filter(|_| ctx.actor.kind == ActorKind::User);
    let person = person.ok_or_else(|| Error::bug("preferences were changed by somebody who is no person"))?;
    let tx = ctx.write().await?;
    let before = of(&*tx, person).await?;
    let after = Preferences {
        text_editing: change.text_editing.unwrap_or(before.text_editing),
        single_keys: change.single_keys.unwrap_or(before.single_keys),
        announce_formatting: change.announce_formatting.unwrap_or(before.announce_formatting),
        theme: change.theme.unwrap_or(before.theme),
        density: change.density.unwrap_or(before.density),
        reports_by_mail: change.reports_by_mail.unwrap_or(before.reports_by_mail),
        mentions_by_mail: change.mentions_by_mail.unwrap_or(before.mentions_by_mail),
    };
    let row = preference::ActiveModel {
        user_id: Set(person.0),
        text_editing: Set(after.text_editing.name().to_owned()),
        single_keys: Set(after.single_keys),
        announce_formatting: Set(after.announce_formatting),
        theme: Set(after.theme.name().to_owned()),
        density: Set(after.density.name().to_owned()),
        updated_at: Set(ctx.now().0),
        reports_by_mail: Set(after.reports_by_mail.name().to_owned()),
        mentions_by_mail: Set(after.mentions_by_mail.name().to_owned()),
    };
    let columns = [
        preference::Column::TextEditing,
        preference::Column::SingleKeys,
        preference::Column::AnnounceFormatting,
        preference::Column::Theme,
        preference::Column::Density,
        preference::Column::UpdatedAt,
        preference::Column::ReportsByMail,
        preference::Column::MentionsByMail,
    ];
    let instead = OnConflict::column(preference::Column::UserId).update_columns(columns).to_owned();
    preference::Entity::insert(row).on_conflict(instead).exec_without_returning(&*tx).await?;
    tx.commit(()).await?;
    Ok(after)
}

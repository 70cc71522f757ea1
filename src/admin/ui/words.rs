//! Words for people in place of the names that programs use. Every closed list that a screen shows has its words here.

use crate::{
    accounts::preferences::{Density, MentionsByMail, ReportsByMail, TextEditing, Theme},
    content::{Action, Damage, DamagedText, DraftState, Kind, LiveState, markdown::Dropped},
    feedback::{CaseCategory, CaseSeverity, CaseState, Device, Dismissal, ReportKind, Resolution, redaction::Flag},
    kernel::{Permission, Role},
    mail::{MailKind, MailState},
    site::ReviewRule,
    webhooks::{DeliveryState, EventType},
};

pub fn draft_state(state: DraftState) -> &'static str {
    match state {
        DraftState::None => "No draft",
        DraftState::Draft => "Draft",
        DraftState::InReview => "In review",
        DraftState::ChangesRequested => "Changes requested",
        DraftState::Approved => "Approved",
        DraftState::Failed => "Publishing failed",
    }
}

pub fn live_state(state: LiveState) -> &'static str {
    match state {
        LiveState::Never => "Never published",
        LiveState::Live => "Live",
        LiveState::Withdrawn => "Withdrawn",
        LiveState::Unpublished => "Unpublished",
    }
}

/// A step as a link to its page says it.
pub fn step(action: Action) -> &'static str {
    match action {
        Action::Save => "Save",
        Action::Submit => "Submit for review…",
        Action::Approve => "Approve…",
        Action::RequestChanges => "Request changes…",
        Action::Publish => "Review and publish…",
        Action::ForcePublish => "Publish without a review…",
        Action::Schedule | Action::ScheduleUnpublish => "Schedule…",
        Action::Unschedule => "Take the schedule away…",
        Action::Confirm => "Confirm as still correct…",
        Action::Withdraw => "Withdraw…",
        Action::Reinstate => "Reinstate…",
        Action::Unpublish => "Unpublish…",
        Action::Discard => "Discard the draft…",
        Action::Restore => "Restore…",
        Action::Trash => "Move to the trash…",
        Action::Untrash => "Take out of the trash…",
        Action::Purge => "Remove for good…",
    }
}

pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::RolePage => "Role page",
        Kind::RequirementSection => "Requirement section",
    }
}

pub fn case_state(state: CaseState) -> &'static str {
    match state {
        CaseState::New => "New",
        CaseState::Open => "Open",
        CaseState::InProgress => "In progress",
        CaseState::Waiting => "Waiting",
        CaseState::Resolved => "Resolved",
        CaseState::Dismissed => "Dismissed",
        CaseState::Merged => "Merged",
    }
}

pub fn resolution(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Fixed => "Fixed in a published version",
        Resolution::Answered => "Answered; nothing had to change",
        Resolution::WontChange => "Will not change",
    }
}

pub fn dismissal(dismissal: Dismissal) -> &'static str {
    match dismissal {
        Dismissal::Spam => "Spam",
        Dismissal::NotActionable => "Nothing can be done about it",
        Dismissal::OutOfScope => "Not about this site",
        Dismissal::NoDetail => "Too little detail",
        Dismissal::PersonalQuery => "A personal question",
        Dismissal::Duplicate => "Reported already",
    }
}

pub fn case_severity(severity: CaseSeverity) -> &'static str {
    match severity {
        CaseSeverity::Urgent => "Urgent",
        CaseSeverity::High => "High",
        CaseSeverity::Normal => "Normal",
        CaseSeverity::Low => "Low",
    }
}

pub fn case_category(category: CaseCategory) -> &'static str {
    match category {
        CaseCategory::FactualError => "Wrong",
        CaseCategory::OutOfDate => "Out of date",
        CaseCategory::MissingContent => "Something is missing",
        CaseCategory::Unclear => "Hard to understand",
        CaseCategory::Typo => "Spelling",
        CaseCategory::BrokenLink => "Broken link",
        CaseCategory::Accessibility => "Hard to use or read",
        CaseCategory::Technical => "Technical",
        CaseCategory::Praise => "Praise",
        CaseCategory::Other => "Other",
    }
}

/// What sort of device a report came from.
pub fn device(device: Device) -> &'static str {
    match device {
        Device::Phone => "Phone",
        Device::Tablet => "Tablet",
        Device::Desktop => "Desktop",
    }
}

pub fn report_kind(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Problem => "Problem",
        ReportKind::Comment => "Comment",
        ReportKind::Accessibility => "Hard to use or read",
        ReportKind::Praise => "Praise",
    }
}

pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Name => "May name somebody",
        Flag::StreetAddress => "May say where somebody lives",
    }
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Editor => "Editor",
        Role::Reviewer => "Reviewer",
        Role::Publisher => "Publisher",
        Role::Triager => "Triager",
        Role::Administrator => "Administrator",
    }
}

/// What somebody with a role does, in a sentence.
pub fn role_means(role: Role) -> &'static str {
    match role {
        Role::Editor => "Writes pages and sections, adds pictures, and reads what visitors report.",
        Role::Reviewer => "Writes, and approves or sends back what others have written.",
        Role::Publisher => "Writes and reviews, decides what is public and when, and uses the trash.",
        Role::Triager => {
            "Looks after what visitors report: sorts it, answers it, sees it through. Reads pages, changes none."
        }
        Role::Administrator => "May do everything, accounts, keys and settings included.",
    }
}

/// What a permission allows, in a sentence.
pub fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::ContentRead => "Read pages and sections with their drafts and history.",
        Permission::ContentWrite => "Make and change drafts, and submit them for review.",
        Permission::ContentReview => "Approve drafts that others wrote, or request changes.",
        Permission::ContentPublish => "Publish, schedule, withdraw and unpublish; manage redirects.",
        Permission::ContentTrash => "Move pages to the trash and take them out of it.",
        Permission::ContentForcePublish => "Publish without a review, to be reviewed afterwards.",
        Permission::ContentPurge => "Remove for good what is in the trash.",
        Permission::ContentSuppress => "Hide a past publication from everybody.",
        Permission::MediaWrite => "Add, describe, replace and delete pictures.",
        Permission::FeedbackRead => "Read cases and what visitors report.",
        Permission::FeedbackTriage => "Assign, answer, resolve, dismiss and merge cases.",
        Permission::FeedbackExport => "Take what visitors report out as files.",
        Permission::FeedbackErase => "Erase the text of a report for good.",
        Permission::UsersManage => "Add people, give them roles, and make accounts inactive.",
        Permission::KeysManage => "See and revoke the API keys of everybody, and make keys for others.",
        Permission::WebhooksManage => "Say which programs are told of changes.",
        Permission::SettingsManage => "Change the settings of the site.",
        Permission::AuditRead => "Read the audit log.",
    }
}

pub fn review_rule(rule: ReviewRule) -> &'static str {
    match rule {
        ReviewRule::Automatic => "Automatic",
        ReviewRule::On => "Always",
        ReviewRule::Off => "Never",
    }
}

/// A type of public event. One that has no words yet says its name.
pub fn event_type(one: EventType) -> &'static str {
    match one.name() {
        "published" => "Published",
        "withdrawn" => "Withdrawn",
        "reinstated" => "Reinstated",
        "unpublished" => "Unpublished",
        "moved" => "Moved",
        "confirmed" => "Confirmed",
        "review_date_changed" => "Review date changed",
        "media_changed" => "Picture changed",
        other => other,
    }
}

/// When an event of a type happens, in a sentence.
pub fn event_type_means(one: EventType) -> &'static str {
    match one.name() {
        "published" => "A page or section is published, for the first time or with changes.",
        "withdrawn" => "A page gets a notice that it is withdrawn.",
        "reinstated" => "The notice is taken away again.",
        "unpublished" => "A page is no longer there, or leads elsewhere.",
        "moved" => "A page has another address.",
        "confirmed" => "Somebody has confirmed that a page is still correct.",
        "review_date_changed" => "A page is to be reviewed on another day.",
        "media_changed" => "What is said about a picture has changed, or how it is cut.",
        _ => "",
    }
}

pub fn mentions_by_mail(choice: MentionsByMail) -> &'static str {
    match choice {
        MentionsByMail::None => "None",
        MentionsByMail::AtOnce => "At once",
    }
}

pub fn reports_by_mail(choice: ReportsByMail) -> &'static str {
    match choice {
        ReportsByMail::None => "None",
        ReportsByMail::AtOnce => "At once",
    }
}

pub fn mail_state(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "Waiting",
        MailState::Sending => "Being sent",
        MailState::Sent => "Sent",
        MailState::Failed => "Not sent",
    }
}

pub fn mail_kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Test => "Test",
        MailKind::Invitation => "Invitation",
        MailKind::PasswordReset => "Link for a new password",
        MailKind::Reply => "Answer to a report",
        MailKind::NewCase => "News of a report",
        MailKind::Mention => "News of a note",
    }
}

pub fn delivery_state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "Waiting",
        DeliveryState::Delivered => "Got through",
        DeliveryState::Failed => "Given up",
    }
}

/// What was reduced in a rich text, to be said in a list.
pub fn dropped(kind: Dropped) -> &'static str {
    match kind {
        Dropped::Image => "a picture was left out",
        Dropped::Code => "code became plain text",
        Dropped::Html => "HTML was left out",
        Dropped::Rule => "a line across the page was left out",
        Dropped::HeadingLevel => "a heading became one of the two levels that there are",
        Dropped::LinkTarget => "a link to an address that is not allowed became plain text",
        Dropped::LinkTitle => "the title of a link was left out",
        Dropped::Alignment => "the alignment of columns was left out",
        Dropped::Nesting => "lists or quotes that were nested too deep were lifted out",
        Dropped::TableSize => "a table that was too large became paragraphs",
        Dropped::Unknown => "formatting that texts here do not have was left out",
        Dropped::MergedCells => "merged cells were taken apart",
        Dropped::ColumnWidth => "the widths of columns were left out",
        Dropped::TableHeads => "the first row of a table, and no other cell, became its head",
        Dropped::CellBlocks => "several lines in a cell became one",
        Dropped::LineBreak => "a line break in a heading or a cell became a space",
    }
}

/// What is wrong with a text in quarantine.
pub fn damage(damage: Damage) -> &'static str {
    match damage {
        Damage::Changed => "Its words are not those that the browser had counted",
        Damage::Unreadable => "It could not be read",
        Damage::TooLarge => "It was too long to be read",
    }
}

/// What the person is told whose text arrived damaged.
pub fn damage_told(text: &DamagedText) -> String {
    let what = match text.damage {
        Damage::Changed => "did not arrive as it was written. Read it again below, mend it, and save once more",
        Damage::Unreadable => {
            "could not be read when it arrived. It stands below as it came: put the text right, and save once more"
        }
        Damage::TooLarge => "is too long to be read. Shorten it, or divide it into several blocks, and save once more",
    };
    format!(
        "{} {what}. A copy of what arrived is kept: an administrator finds it under Administration, Quarantined texts.",
        text.label
    )
}

pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "As the system has them",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

pub fn density(density: Density) -> &'static str {
    match density {
        Density::Comfortable => "Comfortable",
        Density::Compact => "Compact, for more rows on a screen",
    }
}

pub fn text_editing(editing: TextEditing) -> &'static str {
    match editing {
        TextEditing::Rich => "Rich text: as they will look",
        TextEditing::Plain => "Plain text: Markdown, with stars around what is bold",
    }
}

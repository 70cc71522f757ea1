//! Who may do what: the one table of roles and permissions. API scopes are the permissions' names.

use std::collections::BTreeSet;

named! {
    /// Something that an actor may do.
    Permission {
        ContentRead = "content:read",
        ContentWrite = "content:write",
        ContentReview = "content:review",
        ContentPublish = "content:publish",
        ContentTrash = "content:trash",
        ContentForcePublish = "content:force-publish",
        ContentPurge = "content:purge",
        ContentSuppress = "content:suppress",
        MediaWrite = "media:write",
        FeedbackRead = "feedback:read",
        FeedbackTriage = "feedback:triage",
        FeedbackExport = "feedback:export",
        FeedbackErase = "feedback:erase",
        UsersManage = "users:manage",
        KeysManage = "keys:manage",
        WebhooksManage = "webhooks:manage",
        SettingsManage = "settings:manage",
        AuditRead = "audit:read",
    }
}

named! {
    /// What a person is at this site; one person may hold several.
    Role {
        Editor = "editor",
        Reviewer = "reviewer",
        Publisher = "publisher",
        Triager = "triager",
        Administrator = "administrator",
    }
}

pub type Permissions = BTreeSet<Permission>;

impl Role {
    /// The table of roles and permissions.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::{
            ContentPublish, ContentRead, ContentReview, ContentTrash, ContentWrite, FeedbackExport, FeedbackRead,
            FeedbackTriage, MediaWrite,
        };
        match self {
            Self::Editor => &[ContentRead, FeedbackRead, ContentWrite, MediaWrite],
            Self::Reviewer => &[ContentRead, FeedbackRead, ContentWrite, MediaWrite, ContentReview],
            Self::Publisher => {
                &[ContentRead, FeedbackRead, ContentWrite, MediaWrite, ContentReview, ContentPublish, ContentTrash]
            }
            Self::Triager => &[ContentRead, FeedbackRead, FeedbackTriage, FeedbackExport],
            Self::Administrator => Permission::ALL,
        }
    }
}

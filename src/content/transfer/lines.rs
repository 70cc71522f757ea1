//! The shape of an exported document. Fields are written in this order; an unknown one is refused by name.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::{DocumentId, PublicationId, Sequence, Timestamp, VersionNumber};

use super::super::{
    kinds::Kind,
    lifecycle::{DraftState, LiveState},
};

/// A document with everything that is content about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    pub id: DocumentId,
    pub kind: Kind,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub owner: Option<PersonLine>,
    pub review_by: Option<String>,
    pub last_reviewed_on: Option<String>,
    pub trashed_at: Option<Timestamp>,
    pub latest_version: VersionNumber,
    pub draft: Option<DraftLine>,
    pub live: Option<LiveLine>,
    pub schedules: Vec<ScheduleLine>,
    pub versions: Vec<VersionLine>,
    pub publications: Vec<PublicationLine>,
    pub paths: Vec<PathLine>,
    pub confirmations: Vec<ConfirmationLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLine {
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftLine {
    pub version: VersionNumber,
    pub state: DraftState,
    pub faults: Option<Value>,
    pub submitted_by: Option<PersonLine>,
    pub approved_by: Option<PersonLine>,
}

/// What can't be told from the version that is live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveLine {
    pub state: LiveState,
    pub version: VersionNumber,
    pub path: Option<String>,
    pub notice: Option<String>,
    pub unpublish_decision: Option<String>,
    pub unpublish_target: Option<String>,
    pub unpublish_explanation: Option<String>,
    pub retrospective_version: Option<VersionNumber>,
    pub retrospective_by: Option<PersonLine>,
    pub first_published_at: Timestamp,
    pub published_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleLine {
    pub action: String,
    pub version: VersionNumber,
    pub at: Timestamp,
    pub details: Value,
    pub created_at: Timestamp,
    pub actor: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionLine {
    pub number: VersionNumber,
    pub slug: String,
    pub parent: Option<DocumentId>,
    pub language: String,
    pub title: String,
    pub format: i32,
    pub content: Value,
    pub content_hash: String,
    pub created_at: Timestamp,
    pub door: String,
    pub actor: ActorLine,
    pub from_version: Option<VersionNumber>,
    pub note: Option<String>,
    /// Left out of versions that people saved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub autosaved: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorLine {
    pub kind: String,
    pub name: String,
    pub email: Option<String>,
}

/// A place in the log that something began or ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceLine {
    pub sequence: Sequence,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationLine {
    pub id: PublicationId,
    pub version: VersionNumber,
    pub state: LiveState,
    pub change: String,
    pub note: Option<String>,
    pub notice: Option<String>,
    pub from: PlaceLine,
    pub until: Option<PlaceLine>,
    pub suppressed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathLine {
    pub id: Uuid,
    pub path: String,
    pub from: PlaceLine,
    pub until: Option<PlaceLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationLine {
    pub sequence: Sequence,
    pub version: Option<VersionNumber>,
    pub review_by: Option<String>,
    pub last_reviewed_on: Option<String>,
    pub at: Timestamp,
    pub actor: String,
}

impl PlaceLine {
    pub fn of(sequence: i64, at: i64) -> Self {
        Self { sequence: Sequence(sequence), at: Timestamp(at) }
    }

    pub fn of_end(sequence: Option<i64>, at: Option<i64>) -> Option<Self> {
        sequence.map(|sequence| Self::of(sequence, at.unwrap_or_default()))
    }
}

impl DocumentLine {
    pub fn version(&self, number: VersionNumber) -> Option<&VersionLine> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// Whether the public can read it.
    pub fn is_public(&self) -> bool {
        self.live.as_ref().is_some_and(|live| matches!(live.state, LiveState::Live | LiveState::Withdrawn))
    }

    /// Whether both tell the same. People are the same if their e-mails are: a site may know them by another name. When
    /// the public JSON changed last is told by the documents around it.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.clone().bare() == other.clone().bare()
    }

    fn bare(mut self) -> Self {
        if let Some(live) = &mut self.live {
            live.changed_at = Timestamp::default();
        }
        let draft = self.draft.iter_mut().flat_map(|draft| [&mut draft.submitted_by, &mut draft.approved_by]);
        let live = self.live.iter_mut().map(|live| &mut live.retrospective_by);
        for person in draft.chain(live).chain([&mut self.owner]).filter_map(Option::as_mut) {
            person.name.clear();
        }
        self
    }
}

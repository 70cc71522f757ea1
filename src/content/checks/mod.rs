//! Content checks: what stands in the way of publishing, and what an editor should look at. A check never stops a save.
//! One file a family; a family is a function from a part and what is known around it to findings. To add a family, add
//! its file and its line in [`run`].

mod facts;
mod images;
mod links;
mod requirements;
mod structure;

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, media};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::{Fault, Result};

use super::{
    kinds::{Content, Kind},
    references::{self, ReferenceRole},
};

named! {
    Severity {
        /// Publishing, scheduling and submitting refuse it.
        MustFix = "must-fix",
        LookAt = "look-at",
        Advice = "advice",
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub code: String,
    pub severity: Severity,
    /// JSON pointer within the content.
    pub pointer: String,
    pub message: String,
}

/// What checks may know beyond the content itself.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The documents that are referred to and exist outside the trash.
    pub documents: BTreeMap<Uuid, Kind>,
    /// Those of them that are live.
    pub live: BTreeSet<Uuid>,
    /// The images that are used and exist.
    pub images: BTreeSet<Uuid>,
}

/// Collects findings.
pub struct Findings(Vec<Check>);

impl Findings {
    fn must_fix(&mut self, code: &str, pointer: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::MustFix, code, pointer, message);
    }

    fn look_at(&mut self, code: &str, pointer: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::LookAt, code, pointer, message);
    }

    fn advice(&mut self, code: &str, pointer: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Advice, code, pointer, message);
    }

    fn add(&mut self, severity: Severity, code: &str, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(Check { code: code.to_owned(), severity, pointer: pointer.into(), message: message.into() });
    }
}

/// Everything that the checks find, the gravest first, then in reading order.
pub fn run(content: &Content, surroundings: &Surroundings) -> Vec<Check> {
    let mut findings = Findings(Vec::new());
    structure::check(content, &mut findings);
    images::check(content, surroundings, &mut findings);
    links::check(content, surroundings, &mut findings);
    requirements::check(content, &mut findings);
    facts::check(content, &mut findings);
    let mut checks = findings.0;
    checks.sort_by_key(|check| check.severity);
    checks
}

/// The must-fix findings as faults of a request to publish, schedule or submit.
pub fn faults(checks: &[Check]) -> Vec<Fault> {
    checks
        .iter()
        .filter(|check| check.severity == Severity::MustFix)
        .map(|check| Fault::new(format!("/content{}", check.pointer), &check.code, &check.message))
        .collect()
}

/// Looks up what the checks of a content need to know.
pub async fn surroundings(connection: &impl ConnectionTrait, content: &Content) -> Result<Surroundings> {
    let mut documents = BTreeSet::new();
    let mut images = BTreeSet::new();
    for reference in references::of(content) {
        let set = if reference.role == ReferenceRole::Image { &mut images } else { &mut documents };
        set.insert(reference.target);
    }
    let mut known = Surroundings::default();
    if !documents.is_empty() {
        let found: Vec<(Uuid, String)> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .column(document::Column::Kind)
            .filter(document::Column::Id.is_in(documents.iter().copied()))
            .filter(document::Column::TrashedAt.is_null())
            .into_tuple()
            .all(connection)
            .await?;
        known.documents = found.into_iter().filter_map(|(id, kind)| Some((id, Kind::from_name(&kind)?))).collect();
        let live: Vec<Uuid> = entity::live_document::Entity::find()
            .select_only()
            .column(entity::live_document::Column::DocumentId)
            .filter(entity::live_document::Column::DocumentId.is_in(documents))
            .filter(entity::live_document::Column::State.eq("live"))
            .into_tuple()
            .all(connection)
            .await?;
        known.live = live.into_iter().collect();
    }
    if !images.is_empty() {
        let found: Vec<Uuid> = media::Entity::find()
            .select_only()
            .column(media::Column::Id)
            .filter(media::Column::Id.is_in(images))
            .into_tuple()
            .all(connection)
            .await?;
        known.images = found.into_iter().collect();
    }
    Ok(known)
}

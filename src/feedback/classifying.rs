//! What people say of a case so that it can be found and put in order: how grave it is, what it is about, and labels.
//!
//! Decisions (2026-11-22):
//! - A case has the category that the kind of its first report suggests until somebody gives it another one; most reports
//!   of a problem say nothing about which sort of problem, so theirs is *other*. Everything begins with severity *normal*.
//! - Labels are free words, made alike: one line of letters, digits, spaces, hyphens and apostrophes in lower case. Because
//!   they stand beside a case for as long as it does and are offered to everybody, a label in which personal data is found is
//!   refused, not redacted. Like other words that people write they don't enter the event log.

use std::collections::{BTreeMap, BTreeSet};

use entity::case_label;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::kernel::{Ctx, Error, Fault, Permission, Result, Transaction};

use super::{intake::ReportKind, redaction};

named! {
    /// How grave the problem is; each has its own targets.
    CaseSeverity {
        Urgent = "urgent",
        High = "high",
        Normal = "normal",
        Low = "low",
    }

    /// What a case is about.
    CaseCategory {
        FactualError = "factual_error",
        OutOfDate = "out_of_date",
        MissingContent = "missing_content",
        Unclear = "unclear",
        Typo = "typo",
        BrokenLink = "broken_link",
        Accessibility = "accessibility",
        Technical = "technical",
        Praise = "praise",
        Other = "other",
    }
}

/// The most labels of one case.
pub const MOST_LABELS: usize = 10;
/// The longest label, in characters.
pub const LABEL_LIMIT: usize = 30;
/// How many labels are offered.
const OFFERED: u64 = 50;

/// What is to become of the labels of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelChange {
    /// These and no others.
    Only(Vec<String>),
    /// More of them, and fewer.
    Some { add: Vec<String>, remove: Vec<String> },
}

impl CaseCategory {
    /// What a case is about whose first report is of this kind.
    pub fn suggested_by(kind: ReportKind) -> Self {
        match kind {
            ReportKind::Accessibility => Self::Accessibility,
            ReportKind::Praise => Self::Praise,
            ReportKind::Problem | ReportKind::Comment => Self::Other,
        }
    }
}

impl LabelChange {
    /// The same with every label as it is kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the label that can't be one.
    pub(super) fn made_alike(self) -> Result<Self> {
        let alike = |labels: Vec<String>| -> Result<Vec<String>> {
            labels
                .iter()
                .map(|label| label_of(label))
                .filter(|label| !matches!(label, Ok(label) if label.is_empty()))
                .collect()
        };
        Ok(match self {
            Self::Only(labels) => Self::Only(alike(labels)?),
            Self::Some { add, remove } => Self::Some { add: alike(add)?, remove: alike(remove)? },
        })
    }

    /// What a case has afterwards.
    ///
    /// # Errors
    /// [`Error::Invalid`] if they are too many.
    pub(super) fn applied(&self, before: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        let after: BTreeSet<String> = match self {
            Self::Only(labels) => labels.iter().cloned().collect(),
            Self::Some { add, remove } => {
                before.iter().chain(add).filter(|label| !remove.contains(label)).cloned().collect()
            }
        };
        if after.len() > MOST_LABELS {
            return Err(Error::invalid("/labels", "too-many", format!("A case has at most {MOST_LABELS} labels.")));
        }
        Ok(after)
    }
}

/// A label as it is kept; empty if nothing is left.
///
/// # Errors
/// [`Error::Invalid`] if it can't be one.
pub fn label_of(text: &str) -> Result<String> {
    let composed: String = text.nfkc().collect::<String>().to_lowercase();
    let label = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fault = |code: &str, detail: String| Err(Error::Invalid(vec![Fault::new("/labels", code, detail)]));
    if label.chars().count() > LABEL_LIMIT {
        let detail = format!("A label has at most {LABEL_LIMIT} characters.");
        return fault("too-long", detail);
    }
    let possible = |character: char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '\'' | '’');
    if !label.chars().all(possible) {
        return fault("not-a-label", "A label has letters, digits, spaces and hyphens.".to_owned());
    }
    if redaction::redact(&label).text != label {
        return fault("personal-data", "A label can't hold personal data.".to_owned());
    }
    Ok(label)
}

/// The labels that are in use, with how many cases have each; the most used first.
pub async fn labels_in_use(ctx: &Ctx) -> Result<Vec<(String, u64)>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let rows: Vec<(String, i64)> = case_label::Entity::find()
        .select_only()
        .column(case_label::Column::Label)
        .column_as(case_label::Column::CaseId.count(), "cases")
        .group_by(case_label::Column::Label)
        .order_by_desc(case_label::Column::CaseId.count())
        .order_by_asc(case_label::Column::Label)
        .limit(OFFERED)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(|(label, cases)| (label, u64::try_from(cases).unwrap_or_default())).collect())
}

/// The labels of these cases, in the order of letters.
pub(super) async fn labels(
    connection: &impl ConnectionTrait,
    cases: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<String>>> {
    let mut labels: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    let rows = case_label::Entity::find().filter(case_label::Column::CaseId.is_in(cases)).all(connection).await?;
    for row in rows {
        labels.entry(row.case_id).or_default().insert(row.label);
    }
    Ok(labels)
}

/// Gives a case these labels in place of those that it had.
pub(super) async fn relabel(
    tx: &Transaction,
    case: Uuid,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<()> {
    let removed: Vec<&String> = before.difference(after).collect();
    if !removed.is_empty() {
        case_label::Entity::delete_many()
            .filter(case_label::Column::CaseId.eq(case))
            .filter(case_label::Column::Label.is_in(removed))
            .exec(&**tx)
            .await?;
    }
    for label in after.difference(before) {
        let row = case_label::ActiveModel { case_id: Set(case), label: Set(label.clone()) };
        case_label::Entity::insert(row).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let Err(Error::Invalid(faults)) = label_of(text) else { panic!("{text} is a label") };
        faults[0].code.clone()
    }

    #[test]
    fn labels_are_made_alike_and_hold_no_personal_data() {
        for (typed, label) in [("  Pay  BANDS ", "pay bands"), ("Ｐａｙ", "pay"), ("T-levels", "t-levels"), ("  ", "")]
        {
            assert_eq!(label_of(typed).unwrap(), label);
        }
        assert_eq!(code("ana@private.example"), "not-a-label");
        assert_eq!(code("07700 900123"), "personal-data");
        assert_eq!(code("a<b"), "not-a-label");
        assert_eq!(code(&"x".repeat(LABEL_LIMIT + 1)), "too-long");
    }

    #[test]
    fn labels_are_set_added_and_taken_away_up_to_a_bound() {
        let set = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<BTreeSet<String>>();
        let words = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<String>>();
        let before = set(&["pay", "hours"]);
        let only = LabelChange::Only(words(&["Maps", "maps ", ""])).made_alike().unwrap();
        assert_eq!(only.applied(&before).unwrap(), set(&["maps"]));
        let some = LabelChange::Some { add: words(&["Maps"]), remove: words(&["PAY"]) }.made_alike().unwrap();
        assert_eq!(some.applied(&before).unwrap(), set(&["hours", "maps"]));
        let many = LabelChange::Only((0..=MOST_LABELS).map(|number| format!("label {number}")).collect());
        assert!(matches!(many.applied(&before), Err(Error::Invalid(_))));
    }
}

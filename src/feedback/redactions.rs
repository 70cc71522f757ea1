//! Taking words out of a report for good: a passage that the rules did not find, or everything. Nothing of it is kept
//! anywhere: the mark stands in its place, the event says only that it happened, and what was made from the words (the
//! title of the case, the fingerprint) is made anew.
//!
//! Decisions (2026-11-22):
//! - The reason is one of a closed list. A free text would tempt people to repeat what they have just taken out, in a log
//!   that can't be pruned.
//! - A passage that is taken out of a report is taken out of the titles and notes of its cases too, where it stands there
//!   in whole words.
//! - An erased report keeps its row, its place in the counts and its receipt; its additions and its address go.

use std::collections::BTreeSet;

use entity::{case, case_note, report, report_addition, report_contact};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, Filter},
    kernel::{Ctx, Error, Permission, ReportId, Result, Transaction},
};

use super::{
    cases, intake,
    placing::NO_TITLE,
    reports::{self, Report},
    texts::{self, Removed},
};

named! {
    /// Why words are taken out by hand.
    RedactionReason {
        PersonalData = "personal_data",
        AboutSomebodyElse = "about_somebody_else",
        Offensive = "offensive",
        Other = "other",
    }
}

/// Which text of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Doing,
    Wrong,
    /// What the visitor added later, by its id.
    Addition(Uuid),
}

/// Which words of it. They may be personal, so they can't be printed.
#[derive(Clone)]
pub enum Passage {
    /// Characters, counted from 0; the last is not included.
    Range { start: usize, end: usize },
    /// These words, wherever they stand in the text.
    Words(String),
}

#[derive(Clone)]
pub struct Redaction {
    pub field: Field,
    pub passage: Passage,
    pub reason: RedactionReason,
}

/// What stands in place of what people took out.
const MARK: &str = "[removed]";
/// The key under which it is counted.
const BY_HAND: &str = "by_hand";
/// How many events of one report are looked through for the cases that it was in.
const EVENTS: u64 = 1_000;

/// Takes a passage out of a report. It can't be undone.
///
/// # Errors
/// [`Error::Invalid`] if there is no such passage.
pub async fn redact_report(ctx: &Ctx, id: ReportId, seen: &str, redaction: Redaction) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let cases = cases_of(&tx, id.0).await?;
    let (row, _) = reports::locked(&tx, ctx, id, seen, &cases).await?;
    let before = title(&row);
    let (field, words, row) = match redaction.field {
        Field::Addition(addition) => {
            let words = redact_addition(&tx, id, addition, &redaction.passage).await?;
            ("addition", words, row)
        }
        Field::Doing => {
            let cut = cut(row.doing.as_deref(), &redaction.passage)?;
            let wrong = row.wrong.clone();
            ("doing", cut.words, rewritten(&tx, row, Some(cut.text), wrong, cut.count).await?)
        }
        Field::Wrong => {
            let cut = cut(row.wrong.as_deref(), &redaction.passage)?;
            let doing = row.doing.clone();
            ("wrong", cut.words, rewritten(&tx, row, doing, Some(cut.text), cut.count).await?)
        }
    };
    for case in cases {
        clean_case(&tx, ctx, case, before.as_deref(), &words).await?;
    }
    let event = reports::about(EventKind::ReportRedacted, &row)
        .with("field", field)
        .with("reason", redaction.reason.name())
        .with("case", row.case_id.map(|case| case.to_string()));
    events::append(&tx, ctx, event).await?;
    reports::finish(tx, ctx, row, None).await
}

/// What would stand in place of a text of this report, and how often something would be taken out of it.
///
/// # Errors
/// [`Error::Invalid`] if there is no such passage.
pub fn preview(report: &Report, field: Field, passage: &Passage) -> Result<(String, u32)> {
    let text = match field {
        Field::Doing => report.doing.as_deref(),
        Field::Wrong => report.wrong.as_deref(),
        Field::Addition(id) => report.additions.iter().find(|one| one.id == id).map(|one| one.text.as_str()),
    };
    let Cut { text, count, words: _ } = cut(text, passage)?;
    Ok((text, count))
}

/// Erases everything that a visitor said in a report, and the address that they left. It can't be undone. The report is
/// named by its reference, or by its id as text.
///
/// # Errors
/// [`Error::Stale`] if the report is no longer as it was seen.
pub async fn erase(ctx: &Ctx, reference: &str, seen: &str) -> Result<()> {
    ctx.authorise(Permission::FeedbackErase)?;
    let tx = ctx.write().await?;
    let found = reports::find_by_reference(&*tx, reference).await?;
    let cases = cases_of(&tx, found.id).await?;
    let row = reports::locked_with(&tx, &found, &cases).await?;
    reports::require_current(&tx, ctx, &row, seen).await?;
    let before = title(&row);
    report_addition::Entity::delete_many().filter(report_addition::Column::ReportId.eq(row.id)).exec(&*tx).await?;
    report_contact::Entity::delete_by_id(row.id).exec(&*tx).await?;
    let mut changed = row.into_active_model();
    changed.doing = Set(None);
    changed.wrong = Set(None);
    changed.fingerprint = Set(String::new());
    changed.text_purged_at = Set(Some(ctx.now().0));
    let row = changed.update(&*tx).await?;
    for case in cases {
        clean_case(&tx, ctx, case, before.as_deref(), &[]).await?;
    }
    let event = reports::about(EventKind::ReportRedacted, &row).with("erased", true);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// Every case that the report is or ever was in: its words may stand in their titles.
async fn cases_of(tx: &Transaction, report: Uuid) -> Result<BTreeSet<Uuid>> {
    let row = report::Entity::find_by_id(report).one(&**tx).await?;
    let mut cases: BTreeSet<Uuid> =
        row.into_iter().flat_map(|row| [row.case_id, row.case_before_merge]).flatten().collect();
    let filter = Filter { subject: Some(("report".to_owned(), report.to_string())), ..Filter::default() };
    for event in events::list(&**tx, &filter, false, EVENTS).await? {
        let named = ["case", "from_case", "to_case"].into_iter().filter_map(|key| event.payload.get(key)?.as_str());
        cases.extend(named.filter_map(|id| id.parse::<Uuid>().ok()));
    }
    Ok(cases)
}

fn title(row: &report::Model) -> Option<String> {
    texts::title_of(row.doing.as_deref(), row.wrong.as_deref())
}

/// A text without a passage.
struct Cut {
    text: String,
    /// What was taken out; for looking elsewhere, never for keeping.
    words: Vec<String>,
    count: u32,
}

fn cut(text: Option<&str>, passage: &Passage) -> Result<Cut> {
    let missing = |pointer: &str| Error::invalid(pointer, "no-such-passage", "The text has no such passage.");
    let text = text.ok_or_else(|| missing("/field"))?;
    match passage {
        Passage::Range { start, end } => {
            let place = |index: usize| text.char_indices().map(|(place, _)| place).chain([text.len()]).nth(index);
            let range = place(*start).zip(place(*end)).filter(|(start, end)| start < end);
            let parts =
                range.and_then(|(start, end)| Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?)));
            let (before, words, after) = parts.ok_or_else(|| missing("/range"))?;
            Ok(Cut { text: format!("{before}{MARK}{after}"), words: vec![words.trim().to_owned()], count: 1 })
        }
        Passage::Words(words) => {
            let words = words.trim();
            let found = if words.is_empty() { 0 } else { text.matches(words).count() };
            if found == 0 {
                return Err(missing("/text"));
            }
            let count = u32::try_from(found).unwrap_or(u32::MAX);
            Ok(Cut { text: text.replace(words, MARK), words: vec![words.to_owned()], count })
        }
    }
}

async fn rewritten(
    tx: &Transaction,
    row: report::Model,
    doing: Option<String>,
    wrong: Option<String>,
    count: u32,
) -> Result<report::Model> {
    let removed = counted(&row.removed, count)?;
    let fingerprint = intake::fingerprint_of(row.document_id, doing.as_deref(), wrong.as_deref());
    let mut row = row.into_active_model();
    row.doing = Set(doing);
    row.wrong = Set(wrong);
    row.removed = Set(removed);
    row.fingerprint = Set(fingerprint);
    Ok(row.update(&**tx).await?)
}

async fn redact_addition(tx: &Transaction, report: ReportId, addition: Uuid, passage: &Passage) -> Result<Vec<String>> {
    let row = report_addition::Entity::find_by_id(addition)
        .filter(report_addition::Column::ReportId.eq(report.0))
        .one(&**tx)
        .await?
        .ok_or_else(|| Error::invalid("/field", "reference-missing", "The report has no such addition."))?;
    let cut = cut(Some(&row.text), passage)?;
    let removed = counted(&row.removed, cut.count)?;
    let mut row = row.into_active_model();
    row.text = Set(cut.text);
    row.removed = Set(removed);
    row.update(&**tx).await?;
    Ok(cut.words)
}

fn counted(removed: &str, count: u32) -> Result<String> {
    let mut removed: Removed = serde_json::from_str(removed)?;
    let sum = removed.entry(BY_HAND.to_owned()).or_default();
    *sum = sum.saturating_add(count);
    Ok(serde_json::to_string(&removed)?)
}

/// Takes the words of a report out of the title and the notes of a case. A title that was made from the report is made
/// anew, from the oldest report that still says something.
async fn clean_case(tx: &Transaction, ctx: &Ctx, id: Uuid, made: Option<&str>, words: &[String]) -> Result<()> {
    let Some(row) = case::Entity::find_by_id(id).one(&**tx).await? else { return Ok(()) };
    let title = if made == Some(row.title.as_str()) { new_title(tx, id).await? } else { without(&row.title, words) };
    let mut changed = title != row.title;
    let notes = case_note::Entity::find().filter(case_note::Column::CaseId.eq(id)).all(&**tx).await?;
    for note in notes {
        let text = without(&note.text, words);
        if text != note.text {
            let removed = counted(&note.removed, 1)?;
            let mut note = note.into_active_model();
            note.text = Set(text);
            note.removed = Set(removed);
            note.update(&**tx).await?;
            changed = true;
        }
    }
    if changed {
        let mut row = row.into_active_model();
        row.title = Set(title);
        cases::touch(&mut row, ctx);
        row.update(&**tx).await?;
    }
    Ok(())
}

async fn new_title(tx: &Transaction, case: Uuid) -> Result<String> {
    let oldest = report::Entity::find()
        .filter(report::Column::CaseId.eq(case))
        .filter(report::Column::TextPurgedAt.is_null())
        .order_by_asc(report::Column::ReceivedAt)
        .order_by_asc(report::Column::Id)
        .one(&**tx)
        .await?;
    Ok(oldest.as_ref().and_then(title).unwrap_or_else(|| NO_TITLE.to_owned()))
}

/// The text with the mark wherever the words stand whole: "Al" is not taken out of "also".
fn without(text: &str, words: &[String]) -> String {
    let mut text = text.to_owned();
    for words in words.iter().filter(|words| !words.is_empty()) {
        let mut result = String::with_capacity(text.len());
        let mut end = 0;
        for (start, found) in text.match_indices(words.as_str()) {
            let after = start + found.len();
            let before_is_word =
                text.get(..start).and_then(|part| part.chars().next_back()).is_some_and(char::is_alphanumeric);
            let after_is_word =
                text.get(after..).and_then(|part| part.chars().next()).is_some_and(char::is_alphanumeric);
            if before_is_word || after_is_word {
                continue;
            }
            result.push_str(text.get(end..start).unwrap_or_default());
            result.push_str(MARK);
            end = after;
        }
        result.push_str(text.get(end..).unwrap_or_default());
        text = result;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_counts_characters_and_has_to_lie_in_the_text() {
        let range = |start, end| cut(Some("Zoë says é"), &Passage::Range { start, end }).map(|cut| cut.text);
        assert_eq!(range(0, 3).unwrap(), "[removed] says é");
        assert_eq!(range(9, 10).unwrap(), "Zoë says [removed]");
        for (start, end) in [(3, 3), (4, 3), (9, 11), (11, 12)] {
            assert!(range(start, end).is_err(), "{start}..{end}");
        }
        assert!(cut(None, &Passage::Range { start: 0, end: 1 }).is_err());
    }

    #[test]
    fn words_go_wherever_they_stand_in_the_text_and_elsewhere_only_whole() {
        let cut = cut(Some("Al met Al"), &Passage::Words("Al".to_owned())).unwrap();
        assert_eq!((cut.text.as_str(), cut.count), ("[removed] met [removed]", 2));
        assert_eq!(without("Al is not Also. (Al)", &["Al".to_owned()]), "[removed] is not Also. ([removed])");
    }
}

//! Taking words out of a report: a passage that the rules did not find, or everything. The mark stands in its place, the
//! event says only that it happened, and what was made from the words (the title of the case, the fingerprint) is made anew.
//! For ten minutes a passage can be put back by whoever took it out (`sealed.rs`); then nothing of it is left anywhere.
//!
//! Decisions (2026-11-22):
//! - The reason is one of a closed list. A free text would tempt people to repeat what they have just taken out, in a log
//!   that can't be pruned.
//! - A passage that is taken out of a report is taken out of the titles and notes of its cases too, where it stands there
//!   in whole words.
//! - An erased report keeps its row, its place in the counts and its receipt; its additions and its address go. Sentences
//!   that somebody has copied from it into a note or a title go too; what people said of it in words of their own stays.
//! - Words are put back only into the text from which they were taken. Of several passages the last one comes back first.

use std::collections::BTreeSet;

use entity::{case, case_note, report, report_addition, report_contact};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, Filter},
    kernel::{Ctx, Error, Permission, ReportId, Result, Transaction},
};

use super::{
    cases, intake,
    placing::NO_TITLE,
    replies,
    reports::{self, Report},
    sealed::{self, Rewritten, Seal, Undoing},
    telling,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    Doing,
    Wrong,
    /// What the visitor added later, by its id.
    Addition(Uuid),
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Doing => "doing",
            Self::Wrong => "wrong",
            Self::Addition(_) => "addition",
        }
    }
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
/// From so many words on, a sentence that stands in a note is taken to be a copy.
const COPIED_WORDS: usize = 4;
/// How many events of one report are looked through for the cases that it was in.
const EVENTS: u64 = 1_000;

/// Takes a passage out of a report. Who did it can put it back for ten minutes, with the same seal; then it is gone for good.
///
/// # Errors
/// [`Error::Invalid`] if there is no such passage.
pub async fn redact_report(ctx: &Ctx, id: ReportId, seen: &str, redaction: Redaction, seal: &Seal) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let cases = cases_of(&tx, id.0).await?;
    let (row, _) = reports::locked(&tx, ctx, id, seen, &cases).await?;
    let before = title(&row);
    let text = present(&tx, &row, redaction.field).await?;
    let cut = cut(text.before.as_deref(), &redaction.passage)?;
    let removed = counted(&text.removed, cut.count)?;
    let row = rewrite(&tx, row, redaction.field, &cut.text, &removed).await?;
    let text =
        Rewritten { id: row.id, before: text.before.unwrap_or_default(), after: cut.text, removed: text.removed };
    let mut undoing = Undoing { field: redaction.field, text, titles: Vec::new(), notes: Vec::new() };
    for case in cases {
        clean_case(&tx, ctx, case, before.as_deref(), &cut.words, &mut undoing).await?;
    }
    sealed::keep(&tx, ctx, row.id, &undoing, seal).await?;
    let event = reports::about(EventKind::ReportRedacted, &row)
        .with("field", redaction.field.name())
        .with("reason", redaction.reason.name())
        .with("case", row.case_id.map(|case| case.to_string()));
    events::append(&tx, ctx, event).await?;
    reports::finish(tx, ctx, row, None).await
}

/// Puts words back that were taken out in the last ten minutes, wherever they stood.
///
/// # Errors
/// [`Error::Conflict`] once the time is over, if somebody else took them out, or if the text has been changed since.
pub async fn put_back(ctx: &Ctx, id: ReportId, seen: &str, taken_out: Uuid, seal: &Seal) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let cases = cases_of(&tx, id.0).await?;
    let (row, _) = reports::locked(&tx, ctx, id, seen, &cases).await?;
    let undoing = sealed::take(&tx, ctx, row.id, taken_out, seal).await?;
    let text = present(&tx, &row, undoing.field).await?;
    if text.before.as_ref() != Some(&undoing.text.after) {
        let detail = "The text has been changed since. Put back first what was taken out of it last.";
        return Err(Error::conflict("changed-since", detail));
    }
    let row = rewrite(&tx, row, undoing.field, &undoing.text.before, &undoing.text.removed).await?;
    for title in undoing.titles {
        let found = case::Entity::find_by_id(title.id).one(&*tx).await?;
        // Somebody may have given the case another title meanwhile, which stays.
        let Some(found) = found.filter(|case| case.title == title.after) else { continue };
        let mut changed = found.into_active_model();
        changed.title = Set(title.before);
        cases::touch(&mut changed, ctx);
        changed.update(&*tx).await?;
    }
    for note in undoing.notes {
        let found = case_note::Entity::find_by_id(note.id).one(&*tx).await?;
        let Some(found) = found.filter(|row| row.text == note.after) else { continue };
        let mut changed = found.into_active_model();
        changed.text = Set(note.before);
        changed.removed = Set(note.removed);
        changed.update(&*tx).await?;
    }
    let event = reports::about(EventKind::ReportWordsPutBack, &row)
        .with("field", undoing.field.name())
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
    let row = empty(&tx, ctx, row, cases).await?;
    let event = reports::about(EventKind::ReportRedacted, &row).with("erased", true);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await?;
    ctx.database.settle().await
}

/// Leaves nothing of what was said in a report that is locked with its cases: neither in itself nor in what was added, left,
/// sealed, made from it or copied from it.
pub(super) async fn empty(
    tx: &Transaction,
    ctx: &Ctx,
    row: report::Model,
    cases: BTreeSet<Uuid>,
) -> Result<report::Model> {
    let before = title(&row);
    let added = report_addition::Entity::find().filter(report_addition::Column::ReportId.eq(row.id)).all(&**tx).await?;
    let said = [row.doing.as_deref(), row.wrong.as_deref()].into_iter().flatten();
    let copies = copies(said.chain(added.iter().map(|addition| addition.text.as_str())));
    report_addition::Entity::delete_many().filter(report_addition::Column::ReportId.eq(row.id)).exec(&**tx).await?;
    report_contact::Entity::delete_by_id(row.id).exec(&**tx).await?;
    sealed::forget(tx, row.id).await?;
    replies::forget(tx, ctx, row.id).await?;
    let mut changed = row.into_active_model();
    changed.doing = Set(None);
    changed.wrong = Set(None);
    changed.fingerprint = Set(String::new());
    changed.flags = Set(texts::flags(std::iter::empty())?);
    changed.text_purged_at = Set(Some(ctx.now().0));
    changed.has_contact = Set(false);
    let row = changed.update(&**tx).await?;
    let mut forgotten =
        Undoing { field: Field::Wrong, text: Rewritten::default(), titles: Vec::new(), notes: Vec::new() };
    for case in cases {
        clean_case(tx, ctx, case, before.as_deref(), &copies, &mut forgotten).await?;
    }
    Ok(row)
}

/// What people copy of a text: all of it, a line, a sentence. Short ones could be anybody's words. The longest come first.
fn copies<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut copies = BTreeSet::new();
    for text in texts {
        copies.insert(text.trim());
        for line in text.lines() {
            let sentences = line.split_inclusive(['.', '!', '?']);
            let parts = sentences.map(|part| part.trim_end_matches(['.', '!', '?'])).chain([line]);
            copies.extend(parts.map(str::trim).filter(|part| part.split_whitespace().count() >= COPIED_WORDS));
        }
    }
    let mut copies: Vec<String> = copies.into_iter().filter(|copy| !copy.is_empty()).map(str::to_owned).collect();
    copies.sort_by_key(|copy| std::cmp::Reverse(copy.len()));
    copies
}

/// Every case that the report is or ever was in: its words may stand in their titles.
pub(super) async fn cases_of(tx: &Transaction, report: Uuid) -> Result<BTreeSet<Uuid>> {
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

/// The case with a title from the oldest of its reports, if the one that it has is of a report that left it.
pub(super) async fn without_title_of(tx: &Transaction, case: case::Model, left: &report::Model) -> Result<case::Model> {
    if title(left).as_ref() != Some(&case.title) {
        return Ok(case);
    }
    let new = new_title(tx, case.id).await?;
    let mut case = case.into_active_model();
    case.title = Set(new);
    Ok(case.update(&**tx).await?)
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

/// A text of a report, and what was counted as removed from it.
struct Present {
    before: Option<String>,
    removed: String,
}

async fn present(tx: &Transaction, row: &report::Model, field: Field) -> Result<Present> {
    Ok(match field {
        Field::Doing => Present { before: row.doing.clone(), removed: row.removed.clone() },
        Field::Wrong => Present { before: row.wrong.clone(), removed: row.removed.clone() },
        Field::Addition(id) => {
            let addition = addition(tx, row.id, id).await?;
            Present { before: Some(addition.text), removed: addition.removed }
        }
    })
}

async fn addition(tx: &Transaction, report: Uuid, id: Uuid) -> Result<report_addition::Model> {
    let found = report_addition::Entity::find_by_id(id).filter(report_addition::Column::ReportId.eq(report));
    let missing = || Error::invalid("/field", "reference-missing", "The report has no such addition.");
    found.one(&**tx).await?.ok_or_else(missing)
}

/// Writes one text of a report, and makes anew what is made from all of them.
async fn rewrite(
    tx: &Transaction,
    row: report::Model,
    field: Field,
    text: &str,
    removed: &str,
) -> Result<report::Model> {
    let id = row.id;
    let (doing, wrong) = match field {
        Field::Doing => (Some(text.to_owned()), row.wrong.clone()),
        Field::Wrong => (row.doing.clone(), Some(text.to_owned())),
        Field::Addition(_) => (row.doing.clone(), row.wrong.clone()),
    };
    let mut changed = row.into_active_model();
    if let Field::Addition(id_of_addition) = field {
        let mut addition = addition(tx, id, id_of_addition).await?.into_active_model();
        addition.text = Set(text.to_owned());
        addition.removed = Set(removed.to_owned());
        addition.update(&**tx).await?;
    } else {
        changed.removed = Set(removed.to_owned());
    }
    let added = report_addition::Entity::find().filter(report_addition::Column::ReportId.eq(id)).all(&**tx).await?;
    let said = [doing.as_deref(), wrong.as_deref()].into_iter().flatten();
    changed.flags = Set(texts::flags(said.chain(added.iter().map(|addition| addition.text.as_str())))?);
    changed.fingerprint = Set(intake::fingerprint_of(doing.as_deref(), wrong.as_deref()));
    changed.doing = Set(doing);
    changed.wrong = Set(wrong);
    Ok(changed.update(&**tx).await?)
}

fn counted(removed: &str, count: u32) -> Result<String> {
    let mut removed: Removed = serde_json::from_str(removed)?;
    let sum = removed.entry(BY_HAND.to_owned()).or_default();
    *sum = sum.saturating_add(count);
    Ok(serde_json::to_string(&removed)?)
}

/// Takes the words of a report out of the title and the notes of a case and notes what stood there, and takes back a sentence
/// for the public that holds them. A title that was made
/// from the report is made anew, from the oldest report that still says something.
async fn clean_case(
    tx: &Transaction,
    ctx: &Ctx,
    id: Uuid,
    made: Option<&str>,
    words: &[String],
    undoing: &mut Undoing,
) -> Result<()> {
    let Some(row) = case::Entity::find_by_id(id).one(&**tx).await? else { return Ok(()) };
    let title = if made == Some(row.title.as_str()) { new_title(tx, id).await? } else { without(&row.title, words) };
    let mut changed = title != row.title;
    if changed {
        let (before, after) = (row.title.clone(), title.clone());
        undoing.titles.push(Rewritten { id, before, after, removed: String::new() });
    }
    let notes = case_note::Entity::find().filter(case_note::Column::CaseId.eq(id)).all(&**tx).await?;
    for note in notes {
        let text = without(&note.text, words);
        if text != note.text {
            let counted = counted(&note.removed, 1)?;
            let (before, removed) = (note.text.clone(), note.removed.clone());
            undoing.notes.push(Rewritten { id: note.id, before, after: text.clone(), removed });
            let mut note = note.into_active_model();
            note.text = Set(text);
            note.removed = Set(counted);
            note.update(&**tx).await?;
            changed = true;
        }
    }
    // What everybody can read is not mended in silence: it goes, and who wants to can write anew.
    if let Some(told) = telling::told(&**tx, id).await?
        && without(&told.text, words) != told.text
    {
        changed |= telling::forget(tx, id).await?;
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
    fn a_copy_is_the_whole_text_a_line_or_a_sentence_of_some_words() {
        let copies = copies(["No. The pay of porters is old!\nAsk Bob Quill about that"].into_iter());
        assert_eq!(
            copies,
            [
                "No. The pay of porters is old!\nAsk Bob Quill about that",
                "No. The pay of porters is old!",
                "The pay of porters is old",
                "Ask Bob Quill about that",
            ]
        );
    }

    #[test]
    fn words_go_wherever_they_stand_in_the_text_and_elsewhere_only_whole() {
        let cut = cut(Some("Al met Al"), &Passage::Words("Al".to_owned())).unwrap();
        assert_eq!((cut.text.as_str(), cut.count), ("[removed] met [removed]", 2));
        assert_eq!(without("Al is not Also. (Al)", &["Al".to_owned()]), "[removed] is not Also. ([removed])");
    }
}

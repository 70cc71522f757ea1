//! An index of words: texts with ids go in, ids come out, the best first. It knows no documents and no database; who feeds
//! it says what a text is and up to which event it has been fed.
//!
//! Decision (2026-11-22), tantivy. Context: ranking, prefixes and words with mistakes in them, over 100,000 documents of
//! several kilobytes, kept on disk between two starts. Choice: tantivy without its default features, and words cut by our
//! own rules, so that what is found and what is marked in an answer is decided in one place. Consequence: some sixty
//! crates more; the index is never the truth, and whoever asks checks each hit against what is live.
//!
//! Decision (2026-11-22), where it is kept. Context: two processes may be given one data directory, and a folder can be
//! from another version of the program, damaged, or deleted. Choice: a process that gets the lock of the folder keeps its
//! index there, any other in memory; a folder that can't be opened as it should be is emptied. Consequence: nothing about
//! the folder is worth a backup.

mod cutting;
mod hits;
mod marks;
mod phrases;
mod question;
mod scoring;
mod words;

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::{
    IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term,
    directory::MmapDirectory,
    merge_policy::NoMergePolicy,
    schema::{FAST, Field as TantivyField, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
};
use uuid::Uuid;

use crate::kernel::{Error, Result, Sequence};

use cutting::Form;

pub use hits::{Hit, Hits, Part, Things};
pub use marks::{Marker, Piece};
pub use question::Question;
pub use tantivy::{
    Score,
    collector::{TopNComputer, sort_key::NaturalComparator},
};
pub use words::Words;

/// The shape of the index. Raise it when fields or the cutting of words change; folders of another shape are emptied.
const SHAPE: u32 = 3;
/// The least that a writer can have; it is given back after each batch.
const WRITER_BYTES: usize = 15_000_000;

/// A part of a text, by how much it says about what the whole is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    AlternativeTitles,
    Roles,
    SearchTerms,
    /// A slug, or a path: the steps of a text that begins with a slash are found by those alone who look for a path.
    Address,
    Summary,
    Tasks,
    Text,
    Links,
}

impl Field {
    const ALL: [Self; 9] = [
        Self::Title,
        Self::AlternativeTitles,
        Self::Roles,
        Self::SearchTerms,
        Self::Address,
        Self::Summary,
        Self::Tasks,
        Self::Text,
        Self::Links,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::AlternativeTitles => "alternative_titles",
            Self::Roles => "roles",
            Self::SearchTerms => "search_terms",
            Self::Address => "address",
            Self::Summary => "summary",
            Self::Tasks => "tasks",
            Self::Text => "text",
            Self::Links => "links",
        }
    }

    /// How much a word counts here.
    fn weight(self) -> Score {
        match self {
            Self::Title => 8.0,
            Self::AlternativeTitles => 6.0,
            Self::Roles => 4.0,
            Self::SearchTerms => 3.5,
            Self::Address => 3.0,
            Self::Summary => 2.0,
            Self::Tasks => 1.5,
            Self::Text => 1.0,
            Self::Links => 0.8,
        }
    }
}

/// What is searched for one id.
#[derive(Clone, Debug)]
pub struct Texts {
    pub id: Uuid,
    /// By which whoever searches tells hits apart without looking them up.
    pub class: u64,
    pub texts: Vec<(Field, String)>,
}

/// Up to where an index has been fed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub epoch: String,
    pub sequence: Sequence,
}

/// The fields in which a part of a text is kept: as it is written, by the stems of its words, and by its runs.
#[derive(Clone, Copy, Debug)]
struct Forms {
    part: Field,
    written: TantivyField,
    stems: TantivyField,
    runs: TantivyField,
}

#[derive(Clone, Debug)]
struct Fields {
    id: TantivyField,
    high: TantivyField,
    low: TantivyField,
    class: TantivyField,
    parts: Vec<Forms>,
}

/// An index in a folder or in memory.
pub struct Index {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    segments: hits::Segments,
    /// Held as long as the folder is used.
    _lock: Option<fs::File>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Index({} documents)", self.reader.searcher().num_docs())
    }
}

impl Index {
    /// An index in memory, empty.
    pub fn in_memory() -> Result<Self> {
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_ram(schema);
        cutting::register(index.tokenizers());
        let reader = reader(&index).map_err(Error::bug)?;
        Ok(Self { index, reader, fields, segments: hits::Segments::default(), _lock: None })
    }

    /// The index in a folder, as it was left; empty if it can't be read. In memory if another process has the folder.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        match Self::kept_in(folder) {
            Ok(Some(index)) => Ok(index),
            Ok(None) => {
                tracing::info!(folder = %folder.display(), "another process has the search index; this one keeps its own in memory");
                Self::in_memory()
            }
            Err(error) => {
                tracing::warn!(folder = %folder.display(), %error, "the search index can't be kept in its folder; it is kept in memory");
                Self::in_memory()
            }
        }
    }

    /// `None` if another process has the folder.
    fn kept_in(folder: &Path) -> Result<Option<Self>> {
        fs::create_dir_all(folder).map_err(Error::bug)?;
        let lock = fs::File::create(folder.join("lock")).map_err(Error::bug)?;
        if lock.try_lock().is_err() {
            return Ok(None);
        }
        remove_other_shapes(folder);
        let inner = folder.join(shape());
        let (schema, fields) = schema();
        let open = || -> tantivy::Result<(tantivy::Index, IndexReader)> {
            fs::create_dir_all(&inner)?;
            let index = tantivy::Index::open_or_create(MmapDirectory::open(&inner)?, schema.clone())?;
            cutting::register(index.tokenizers());
            let reader = reader(&index)?;
            Ok((index, reader))
        };
        let opened = open().or_else(|error| {
            tracing::warn!(%error, "the search index can't be read; it is made anew");
            fs::remove_dir_all(&inner)?;
            open()
        });
        let (index, reader) = opened.map_err(Error::bug)?;
        Ok(Some(Self { index, reader, fields, segments: hits::Segments::default(), _lock: Some(lock) }))
    }

    /// Whether every file is as it was written. Reads them all, and blocks.
    pub fn is_sound(&self) -> bool {
        self.index.validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }

    /// Up to where it has been fed; `None` if it is empty or nobody knows.
    pub fn mark(&self) -> Option<Mark> {
        let payload = self.index.load_metas().ok()?.payload?;
        serde_json::from_str(&payload).ok()
    }

    /// Begins to change it. Nothing is seen before [`Batch::finish`].
    pub fn begin(&self, change: Change) -> Result<Batch> {
        let writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES).map_err(Error::bug)?;
        if change == Change::Anew {
            writer.delete_all_documents().map_err(Error::bug)?;
        }
        if change.rewrites() {
            // All files are merged at the end, which fails if some of them are being merged already.
            writer.set_merge_policy(Box::new(NoMergePolicy));
        }
        let reader = self.reader.clone();
        Ok(Batch { writer, reader, fields: self.fields.clone(), change })
    }

    /// Works out what somebody looks for, from the words that the index knows.
    pub fn question(&self, words: &Words) -> Result<Question> {
        question::question(&self.reader.searcher(), &self.fields, words).map_err(Error::bug)
    }

    /// Everything that answers a question, in no order.
    pub fn find(&self, question: &Question) -> Result<Hits> {
        let searcher = self.reader.searcher();
        let found = question::clauses(&self.fields, question)
            .and_then(|clauses| scoring::ready(&searcher, clauses))
            .and_then(|clauses| self.segments.find(&searcher, &clauses));
        found.map_err(Error::bug)
    }
}

fn shape() -> String {
    format!("shape-{SHAPE}")
}

/// What other versions of the program left is of no use to anybody.
fn remove_other_shapes(folder: &Path) {
    let kept = shape();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_other = name.to_str().is_some_and(|name| name.starts_with("shape-") && name != kept);
        if is_other && let Err(error) = fs::remove_dir_all(entry.path()) {
            tracing::warn!(%error, "an old search index can't be removed");
        }
    }
}

fn reader(index: &tantivy::Index) -> tantivy::Result<IndexReader> {
    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STRING);
    let high = builder.add_u64_field("id_high", FAST);
    let low = builder.add_u64_field("id_low", FAST);
    let class = builder.add_u64_field("class", FAST);
    let mut add = |part: Field, form: Form| {
        let (name, option) = match form {
            Form::Written => (part.name().to_owned(), IndexRecordOption::WithFreqsAndPositions),
            Form::Stems => (format!("{}_stems", part.name()), IndexRecordOption::WithFreqs),
            Form::Runs => (format!("{}_runs", part.name()), IndexRecordOption::WithFreqs),
        };
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(form.cutter(part == Field::Address))
            .set_index_option(option)
            .set_fieldnorms(form != Form::Runs);
        builder.add_text_field(&name, TextOptions::default().set_indexing_options(indexing))
    };
    let forms = |part| Forms {
        part,
        written: add(part, Form::Written),
        stems: add(part, Form::Stems),
        runs: add(part, Form::Runs),
    };
    let parts = Field::ALL.map(forms).to_vec();
    (builder.build(), Fields { id, high, low, class, parts })
}

/// How an index is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Texts come in place of others; what is gone is no longer found, and leaves the files at some time.
    Further,
    /// The same, and words that nobody finds any more leave the files at once: everything is written anew.
    Forgetting,
    /// Everything is forgotten first.
    Anew,
}

impl Change {
    fn rewrites(self) -> bool {
        self != Self::Further
    }
}

/// Changes that are seen together, at the end.
pub struct Batch {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
    change: Change,
}

impl Batch {
    /// Takes texts in, in place of those of the same id.
    pub fn put(&mut self, texts: &Texts) -> Result<()> {
        self.remove(texts.id);
        let (high, low) = texts.id.as_u64_pair();
        let mut document = TantivyDocument::new();
        document.add_text(self.fields.id, texts.id.to_string());
        document.add_u64(self.fields.high, high);
        document.add_u64(self.fields.low, low);
        document.add_u64(self.fields.class, texts.class);
        for (part, text) in &texts.texts {
            let Some(forms) = self.fields.parts.iter().find(|forms| forms.part == *part) else { continue };
            for field in [forms.written, forms.stems, forms.runs] {
                document.add_text(field, text);
            }
        }
        self.writer.add_document(document).map_err(Error::bug)?;
        Ok(())
    }

    pub fn remove(&mut self, id: Uuid) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, &id.to_string()));
    }

    /// Makes the changes seen and lasting, and gives the writer's memory back. Blocks; where everything is written anew, as
    /// long as that takes.
    pub fn finish(mut self, mark: &Mark) -> Result<()> {
        let mut commit = self.writer.prepare_commit().map_err(Error::bug)?;
        commit.set_payload(&serde_json::to_string(mark)?);
        commit.commit().map_err(Error::bug)?;
        if self.change.rewrites() {
            let segments = self.writer.index().searchable_segment_ids().map_err(Error::bug)?;
            if !segments.is_empty() {
                self.writer.merge(&segments).wait().map_err(Error::bug)?;
            }
        }
        self.reader.reload().map_err(Error::bug)?;
        if self.change.rewrites() {
            self.writer.garbage_collect_files().wait().map_err(Error::bug)?;
        }
        self.writer.wait_merging_threads().map_err(Error::bug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(batch: &mut Batch, number: u128) {
        let texts = vec![(Field::Title, format!("Nurse {number}"))];
        batch.put(&Texts { id: Uuid::from_u128(number), class: 1, texts }).unwrap();
    }

    /// With the eighth file some would be merged in the background, while all of them are.
    #[test]
    fn what_is_forgotten_leaves_the_files_however_many_there_are() {
        let index = Index::in_memory().unwrap();
        let mark = |sequence| Mark { epoch: "e".to_owned(), sequence: Sequence(sequence) };
        for number in 1_u32..8 {
            let mut batch = index.begin(Change::Further).unwrap();
            put(&mut batch, u128::from(number));
            batch.finish(&mark(i64::from(number))).unwrap();
        }
        assert_eq!(index.reader.searcher().segment_readers().len(), 7);
        let mut batch = index.begin(Change::Forgetting).unwrap();
        put(&mut batch, 8);
        batch.remove(Uuid::from_u128(3));
        batch.finish(&mark(8)).unwrap();
        let searcher = index.reader.searcher();
        assert_eq!((searcher.segment_readers().len(), searcher.num_docs()), (1, 7));
        let title = index.fields.parts.iter().find(|forms| forms.part == Field::Title).unwrap().written;
        assert_eq!(searcher.doc_freq(&Term::from_field_text(title, "3")).unwrap(), 0);
        assert_eq!(index.mark(), Some(mark(8)));
    }
}

//! Keeps the bytes of media files under short, safe keys: in a folder of this machine, or in memory for tests.
//!
//! A file that was acknowledged survives a crash, and a crash leaves no half file under a key.
//! Knows keys and bytes only: no images, no HTTP, no database.

use std::{fmt, fs, io, path::Path as FolderPath, str::FromStr, sync::Arc};

use bytes::Bytes;
use object_store::{
    Error as ObjectError, ObjectStore, ObjectStoreExt, local::LocalFileSystem, memory::InMemory, path::Path,
};
use sha2::{Digest, Sha256};

/// Media files by key. Cloning is cheap and gives the same store.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
}

impl Store {
    /// A store in a folder of this machine, which is created if it is not there. Blocks; meant for the start of the
    /// program.
    ///
    /// A write goes to a staging file beside its target, which is synced, renamed over the target, and followed by a
    /// sync of the folder; only then does [`put`](Self::put) return. (`LocalFileSystem` always renames but syncs only
    /// when asked to, which is done here.) A crash can leave a staging file `<key>#<number>` behind: it takes space,
    /// but no key reaches it and [`list`](Self::list) does not show it. Folders can be synced on Unix only.
    ///
    /// # Errors
    /// [`StoreFault::Folder`] when the folder cannot be made or synced.
    pub fn local(folder: &FolderPath) -> Result<Self, StoreFault> {
        prepare_shards(folder).map_err(StoreFault::Folder)?;
        let objects =
            LocalFileSystem::new_with_prefix(folder).map_err(|source| StoreFault::Access { action: "open", source })?;
        Ok(Self { objects: Arc::new(objects.with_fsync(true)) })
    }

    /// A store that forgets everything when its last clone is dropped. For tests.
    pub fn in_memory() -> Self {
        Self { objects: Arc::new(InMemory::new()) }
    }

    /// Stores the bytes under the key, in place of what was there. Readers see the old bytes or the new ones, never a
    /// mixture.
    ///
    /// # Errors
    /// [`StoreFault::Access`]; what was stored before is then still there, or, if only the last sync failed, already
    /// replaced.
    pub async fn put(&self, key: &MediaKey, bytes: Bytes) -> Result<(), StoreFault> {
        self.objects
            .put(&key.location(), bytes.into())
            .await
            .map(|_| ())
            .map_err(|source| StoreFault::Access { action: "write", source })
    }

    /// The bytes under the key, or `None` when there are none.
    ///
    /// # Errors
    /// [`StoreFault::Access`].
    pub async fn get(&self, key: &MediaKey) -> Result<Option<Bytes>, StoreFault> {
        let bytes = match self.objects.get(&key.location()).await {
            Ok(found) => found.bytes().await,
            Err(fault) => Err(fault),
        };
        unless_missing(bytes, "read")
    }

    /// Whether there is anything under the key.
    ///
    /// # Errors
    /// [`StoreFault::Access`].
    pub async fn exists(&self, key: &MediaKey) -> Result<bool, StoreFault> {
        let found = self.objects.head(&key.location()).await;
        Ok(unless_missing(found, "look up")?.is_some())
    }

    /// Removes what is under the key. Removing nothing is no error, so a repeated attempt after a crash succeeds.
    ///
    /// # Errors
    /// [`StoreFault::Access`].
    pub async fn delete(&self, key: &MediaKey) -> Result<(), StoreFault> {
        let removed = self.objects.delete(&key.location()).await;
        unless_missing(removed, "remove").map(|_| ())
    }

    /// All keys in ascending order with the size of their files in bytes. Files whose name is no key are left out.
    ///
    /// Reads every folder of the store; meant for maintenance, not for requests.
    ///
    /// # Errors
    /// [`StoreFault::Access`].
    pub async fn list(&self) -> Result<Vec<(MediaKey, u64)>, StoreFault> {
        let fault = |source| StoreFault::Access { action: "list", source };
        let mut files = Vec::new();
        let shards = self.objects.list_with_delimiter(None).await.map_err(fault)?;
        for shard in shards.common_prefixes {
            let listed = self.objects.list_with_delimiter(Some(&shard)).await.map_err(fault)?;
            for object in listed.objects {
                let key = object.location.filename().map(str::parse::<MediaKey>);
                if let Some(Ok(key)) = key
                    && key.location() == object.location
                {
                    files.push((key, object.size));
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

/// Makes all sub-folders at once and syncs them.
///
/// Made one by one as files arrive, two writes into a new folder could race: the second would be acknowledged while the
/// entry of the folder itself is not on the disk yet.
fn prepare_shards(folder: &FolderPath) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for shard in 0..=u8::MAX {
        fs::create_dir_all(folder.join(format!("{shard:02x}")))?;
    }
    #[cfg(unix)]
    {
        fs::File::open(folder)?.sync_all()?;
        if let Some(parent) = folder.canonicalize()?.parent() {
            fs::File::open(parent)?.sync_all()?;
        }
    }
    Ok(())
}

fn unless_missing<Found>(
    answer: Result<Found, ObjectError>,
    action: &'static str,
) -> Result<Option<Found>, StoreFault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(ObjectError::NotFound { .. }) => Ok(None),
        Err(source) => Err(StoreFault::Access { action, source }),
    }
}

/// The name of a stored file: lower-case letters, digits and hyphens, one dot, letters and digits; up to 120
/// characters.
///
/// It has no slash and no second dot, so it cannot point outside its folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaKey(String);

impl MediaKey {
    /// The longest key, in characters.
    pub const MAX_LENGTH: usize = 120;

    /// Checks a text and takes it as a key.
    ///
    /// # Errors
    /// [`NotAMediaKey`] for anything but `[a-z0-9-]+\.[a-z0-9]+` of up to [`MAX_LENGTH`](Self::MAX_LENGTH) characters.
    pub fn new(text: impl Into<String>) -> Result<Self, NotAMediaKey> {
        let text = text.into();
        let is_letter_or_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let (stem, extension) = text.split_once('.').ok_or(NotAMediaKey)?;
        let valid = text.len() <= Self::MAX_LENGTH
            && !stem.is_empty()
            && !extension.is_empty()
            && stem.bytes().all(|byte| is_letter_or_digit(byte) || byte == b'-')
            && extension.bytes().all(is_letter_or_digit);
        if valid { Ok(Self(text)) } else { Err(NotAMediaKey) }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the file lies: in one of 256 folders, so that no folder grows too large to list.
    ///
    /// The folder is the first byte of the key's SHA-256. Keys themselves end in one of a few widths and may begin with
    /// a time, so their own characters would fill a few folders only.
    fn location(&self) -> Path {
        let shard = Sha256::digest(self.0.as_bytes()).first().copied().unwrap_or_default();
        Path::from(format!("{shard:02x}/{}", self.0))
    }
}

impl FromStr for MediaKey {
    type Err = NotAMediaKey;

    fn from_str(text: &str) -> Result<Self, NotAMediaKey> {
        Self::new(text)
    }
}

impl fmt::Display for MediaKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text that is no [`MediaKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMediaKey;

impl fmt::Display for NotAMediaKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "a media key has lower-case letters, digits and hyphens, a dot and an extension, up to 120 characters",
        )
    }
}

impl std::error::Error for NotAMediaKey {}

/// Why the store could not do what it was asked. The cause is kept as the source; it names paths, so it belongs in logs
/// only.
#[derive(Debug)]
pub enum StoreFault {
    /// The folder of the store could not be made.
    Folder(io::Error),
    /// A file could not be written, read, looked up, removed or listed.
    Access {
        /// What was tried, as a verb.
        action: &'static str,
        /// What went wrong.
        source: ObjectError,
    },
}

impl fmt::Display for StoreFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(_) => formatter.write_str("the media store could not prepare its folder"),
            Self::Access { action, .. } => {
                write!(formatter, "the media store failed to {action}")
            }
        }
    }
}

impl std::error::Error for StoreFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(source) => Some(source),
            Self::Access { source, .. } => Some(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use proptest::prelude::*;

    use super::*;

    type Outcome = Result<(), Box<dyn Error>>;

    #[tokio::test]
    async fn a_file_is_kept_replaced_listed_and_removed() -> Outcome {
        let folder = tempfile::tempdir()?;
        for store in [Store::local(folder.path())?, Store::in_memory()] {
            let key = MediaKey::new("0199a1c2aa-640.webp")?;
            assert_eq!(store.get(&key).await?, None);
            assert!(!store.exists(&key).await?);

            store.put(&key, Bytes::from_static(b"first")).await?;
            store.put(&key, Bytes::from_static(b"second!")).await?;
            let other = MediaKey::new("-.a")?;
            store.put(&other, Bytes::new()).await?;

            assert_eq!(store.get(&key).await?, Some(Bytes::from_static(b"second!")));
            assert!(store.exists(&key).await?);
            assert_eq!(store.list().await?, [(other.clone(), 0), (key.clone(), 7)]);

            store.delete(&key).await?;
            store.delete(&key).await?;
            assert_eq!(store.get(&key).await?, None);
            assert_eq!(store.list().await?, [(other, 0)]);
        }
        Ok(())
    }

    #[tokio::test]
    async fn files_survive_a_restart_and_strangers_are_not_listed() -> Outcome {
        let folder = tempfile::tempdir()?;
        let key = MediaKey::new("photo-320.webp")?;
        Store::local(&folder.path().join("media"))?.put(&key, Bytes::from_static(b"pixels")).await?;
        // A file of someone else, one that a crash left half-written, and one with a fine name in the wrong place.
        let root = folder.path().join("media");
        let staged = root.join(format!("{}#1", key.location()));
        fs::write(root.join("00").join(".DS_Store"), b"x")?;
        fs::write(&staged, b"pix")?;
        fs::write(root.join("stray.webp"), b"x")?;

        let store = Store::local(&root)?;
        assert_eq!(store.get(&key).await?, Some(Bytes::from_static(b"pixels")));
        assert_eq!(store.list().await?, [(key.clone(), 6)]);
        store.put(&key, Bytes::from_static(b"again")).await?;
        assert_eq!(store.get(&key).await?, Some(Bytes::from_static(b"again")));
        Ok(())
    }

    #[tokio::test]
    async fn a_write_leaves_no_staging_file_behind() -> Outcome {
        let folder = tempfile::tempdir()?;
        let store = Store::local(folder.path())?;
        let key = MediaKey::new("a.png")?;
        store.put(&key, Bytes::from_static(b"x")).await?;
        let path = folder.path().join(key.location().to_string());
        let beside: Vec<_> = fs::read_dir(path.parent().ok_or("no parent")?)?.collect::<Result<_, _>>()?;
        assert_eq!(beside.len(), 1);
        Ok(())
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_fault_with_its_cause() -> Outcome {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("file");
        fs::write(&file, b"")?;
        let fault = Store::local(&file.join("media")).err().ok_or("a store inside a file")?;
        assert!(fault.source().is_some());
        assert!(!fault.to_string().contains('/'));
        Ok(())
    }

    #[test]
    fn keys_that_could_lead_elsewhere_are_refused() {
        for text in [
            "", ".", "..", "a", "a.", ".png", "a..png", "a.b.png", "../a.png", "a/b.png", "a\\b.png", "A.png", "a.PNG",
            "a b.png", "a.p-g", "a#1.png", "a.png#1", "a%2e.png", "ä.png", "a.png\0", "a.png\n",
        ] {
            assert_eq!(MediaKey::new(text), Err(NotAMediaKey), "{text:?}");
        }
        let longest = format!("{}.png", "a".repeat(MediaKey::MAX_LENGTH - 4));
        assert!(MediaKey::new(longest.clone()).is_ok());
        assert!(MediaKey::new(format!("a{longest}")).is_err());
    }

    proptest! {
        #[test]
        fn every_key_lies_one_folder_deep_under_its_own_name(text in "[a-z0-9-]{1,60}\\.[a-z0-9]{1,8}") {
            let key = MediaKey::new(text.clone());
            prop_assert!(key.is_ok());
            if let Ok(key) = key {
                let location = key.location();
                prop_assert_eq!(location.parts().count(), 2);
                prop_assert_eq!(location.filename(), Some(text.as_str()));
            }
        }

        #[test]
        fn any_other_text_is_refused_without_panic(text in "\\PC{0,140}") {
            if let Ok(key) = MediaKey::new(text.clone()) {
                prop_assert_eq!(key.as_str(), text.as_str());
                prop_assert_eq!(text.matches('.').count(), 1);
                prop_assert!(!text.contains('/'));
            }
        }
    }
}

//! Files and folders of the machine, as the operations need them: written so that they survive a crash, and cleared away
//! when an operation fails. It knows nothing of what stands in them.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::kernel::{Ctx, Error, Result};

use super::rows::hexadecimal;

/// A folder for the time of one operation; dropping it removes it with everything in it.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Beside `file`, where there is room for a thing of its size; elsewhere if nothing can be written there.
    pub fn beside(ctx: &Ctx, file: &Path) -> Result<Self> {
        let name = format!(".rolebook-{}", ctx.new_id());
        let near = folder_of(file).join(&name);
        if make_private_folder(&near).is_ok() {
            return Ok(Self(near));
        }
        let far = std::env::temp_dir().join(&name);
        make_private_folder(&far).map_err(|error| fault("make the folder", &far, &error))?;
        Ok(Self(far))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody is left to be told; what stays behind is a hidden folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that is complete or not there: written under another name, synced, then renamed.
pub struct Partial {
    target: PathBuf,
    partial: PathBuf,
    done: bool,
}

impl Partial {
    /// # Errors
    /// [`Error::Conflict`] if the target is there, or another one is being written or was left behind.
    pub fn create(target: &Path) -> Result<(Self, File)> {
        if fs::symlink_metadata(target).is_ok() {
            let detail = format!("{} is there already; name a new file.", target.display());
            return Err(Error::conflict("file-exists", detail));
        }
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let file = private_file(&partial).map_err(|error| {
            if error.kind() != io::ErrorKind::AlreadyExists {
                return fault("make", &partial, &error);
            }
            let detail = format!(
                "{} is there: another one is being written, or was interrupted; remove it in that case.",
                partial.display()
            );
            Error::conflict("file-exists", detail)
        })?;
        Ok((Self { target: target.to_owned(), partial, done: false }, file))
    }

    /// Gives the file its name once its bytes are on the disk.
    pub fn finish(mut self, file: &File) -> Result<()> {
        file.sync_all().map_err(|error| fault("write", &self.partial, &error))?;
        fs::rename(&self.partial, &self.target).map_err(|error| fault("name", &self.target, &error))?;
        self.done = true;
        sync_folder(folder_of(&self.target))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.done {
            // The failure that led here is told already.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// A new file that nobody else on the machine can read: what the operations write holds drafts and keys.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the names in a folder lasting, where the system can.
pub fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| fault("write", folder, &error))?;
    }
    Ok(())
}

/// The size and the SHA-256 of a file.
pub fn size_and_hash(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
        size += u64::try_from(read).unwrap_or_default();
    }
    Ok((size, hexadecimal(&hasher.finalize())))
}

/// What the machine said about a file, in one sentence.
pub fn fault(action: &str, path: &Path, error: &io::Error) -> Error {
    Error::conflict("file-failed", format!("The program could not {action} {}: {error}.", path.display()))
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

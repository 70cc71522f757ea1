//! Looking after a site as a whole: backup and restore, export and import, and the doctor. It stands above the domain,
//! reads every table, and is told where files lie; it prints nothing and reads no settings.

mod archive;
pub mod backup;
pub mod doctor;
mod files;
mod migrations;
pub mod restore;
pub mod rows;
pub mod transfer;

#[cfg(test)]
mod tests;

/// The store's trouble as an error of the domain.
fn store_fault(source: crate::media::StoreFault) -> crate::kernel::Error {
    let cause = std::error::Error::source(&source).map(|cause| format!(" ({cause})")).unwrap_or_default();
    crate::kernel::Error::conflict("store-failed", format!("Something is wrong: {source}{cause}."))
}

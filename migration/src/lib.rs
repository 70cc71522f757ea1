//! The history of the tables, one file a change, each carried out in a transaction. It never imports `entity`:
//! an old migration must keep meaning what it meant.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261122_000001_site;
mod m20261122_000002_accounts;
mod m20261122_000003_content;
mod m20261122_000004_media;
mod m20261122_000005_feedback;
mod m20261122_000006_signing_in;
mod m20261122_000007_overview;
mod m20261122_000008_autosave;
mod m20261122_000009_writing;
mod m20261122_000010_checks_edition;
mod m20261122_000011_preview_links;
mod m20261122_000011_saved_views;
mod m20261122_000012_looked_at;
mod m20261122_000013_event_times;
mod m20261122_000014_webhooks;
mod m20261122_000015_findable;
mod m20261122_000016_samples;
mod m20261122_000017_flags;
mod m20261122_000018_retention;
mod m20261122_000019_case_targets;
mod m20261122_000020_case_undo;
mod m20261122_000021_mentions;
mod m20261122_000022_mail;
mod m20261122_000023_replies;
mod m20261122_000024_page_views;
mod m20261122_000025_purges;
mod m20261122_000026_many_reports;
mod m20261122_000028_fixes_told;
mod m20261122_000029_accessibility_targets;
mod m20261122_000030_mentions_by_mail;
mod m20261122_000032_reported_blocks;
mod m20261122_000034_devices;
mod m20261123_000035_counted_cases;
mod schema;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_site::Migration),
            Box::new(m20261122_000002_accounts::Migration),
            Box::new(m20261122_000003_content::Migration),
            Box::new(m20261122_000004_media::Migration),
            Box::new(m20261122_000005_feedback::Migration),
            Box::new(m20261122_000006_signing_in::Migration),
            Box::new(m20261122_000007_overview::Migration),
            Box::new(m20261122_000008_autosave::Migration),
            Box::new(m20261122_000009_writing::Migration),
            Box::new(m20261122_000010_checks_edition::Migration),
            Box::new(m20261122_000011_preview_links::Migration),
            Box::new(m20261122_000011_saved_views::Migration),
            Box::new(m20261122_000012_looked_at::Migration),
            Box::new(m20261122_000013_event_times::Migration),
            Box::new(m20261122_000014_webhooks::Migration),
            Box::new(m20261122_000015_findable::Migration),
            Box::new(m20261122_000016_samples::Migration),
            Box::new(m20261122_000017_flags::Migration),
            Box::new(m20261122_000018_retention::Migration),
            Box::new(m20261122_000019_case_targets::Migration),
            Box::new(m20261122_000020_case_undo::Migration),
            Box::new(m20261122_000021_mentions::Migration),
            Box::new(m20261122_000022_mail::Migration),
            Box::new(m20261122_000023_replies::Migration),
            Box::new(m20261122_000024_page_views::Migration),
            Box::new(m20261122_000025_purges::Migration),
            Box::new(m20261122_000026_many_reports::Migration),
            Box::new(m20261122_000028_fixes_told::Migration),
            Box::new(m20261122_000029_accessibility_targets::Migration),
            Box::new(m20261122_000030_mentions_by_mail::Migration),
            Box::new(m20261122_000032_reported_blocks::Migration),
            Box::new(m20261122_000034_devices::Migration),
            Box::new(m20261123_000035_counted_cases::Migration),
        ]
    }
}

//! The database itself: its migrations, and what SQLite can say of its own file.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement};

use crate::kernel::{Database, Result};

use super::{super::migrations as changes, Findings};

/// Compares the changes that the tables have been through with those that this program knows; answers whether the tables
/// can be looked into.
pub async fn migrations(database: &Database, findings: &mut Findings) -> Result<bool> {
    let (known, applied) = (changes::known(), changes::applied(database).await?);
    let pending = changes::beyond(&known, &applied);
    let unknown = changes::beyond(&applied, &known);
    for name in &pending {
        findings.error("migration-pending", format!("The change {name} of the tables has not been carried out."));
    }
    for name in &unknown {
        let sentence = format!("The tables have been through the change {name}, which this program does not know.");
        findings.error("migration-unknown", sentence);
    }
    Ok(pending.is_empty() && unknown.is_empty())
}

/// What a connection of the pool says of itself and of the file; nothing on PostgreSQL.
pub async fn sqlite(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    if connection.get_database_backend() != DatabaseBackend::Sqlite {
        return Ok(());
    }
    pragmas(connection, findings).await?;
    for row in all(connection, "PRAGMA integrity_check").await? {
        let said: String = row.try_get_by_index(0)?;
        if said != "ok" {
            findings.error("database-damaged", format!("SQLite finds its file damaged: {said}."));
        }
    }
    for row in all(connection, "PRAGMA foreign_key_check").await? {
        let (table, parent): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        let sentence = format!("A row of the table {table} belongs to a row of the table {parent} that is not there.");
        findings.error("row-without-parent", sentence);
    }
    Ok(())
}

async fn pragmas(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    for row in all(connection, "PRAGMA journal_mode").await? {
        let mode: String = row.try_get_by_index(0)?;
        if mode != "wal" {
            let sentence = format!("The journal_mode of SQLite is {mode} and should be wal: readers wait for writers.");
            findings.error("sqlite-journal", sentence);
        }
    }
    for row in all(connection, "PRAGMA synchronous").await? {
        let level: i64 = row.try_get_by_index(0)?;
        if level < 2 {
            let sentence =
                format!("SQLite's synchronous is {level} and should be 2 (FULL): a power cut can lose a save.");
            findings.error("sqlite-synchronous", sentence);
        }
    }
    for row in all(connection, "PRAGMA foreign_keys").await? {
        let on: i64 = row.try_get_by_index(0)?;
        if on != 1 {
            findings.error("sqlite-foreign-keys", "SQLite does not watch over foreign keys; it should.");
        }
    }
    Ok(())
}

async fn all(connection: &impl ConnectionTrait, pragma: &str) -> Result<Vec<QueryResult>> {
    Ok(connection.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, pragma)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_that_is_not_set_up_for_safety_is_found() {
        let mut options = sea_orm::ConnectOptions::new("sqlite::memory:");
        options
            .max_connections(1)
            .map_sqlx_sqlite_opts(|sqlite| sqlite.foreign_keys(false).pragma("synchronous", "OFF"));
        let connection = sea_orm::Database::connect(options).await.unwrap();
        let mut findings = Findings::default();
        sqlite(&connection, &mut findings).await.unwrap();
        let codes: Vec<_> = findings.0.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["sqlite-journal", "sqlite-synchronous", "sqlite-foreign-keys"]);
    }
}

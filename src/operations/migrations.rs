//! Which changes of the tables this program knows, and which a database has been through. It changes no database.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};

use crate::kernel::{Database, Dialect, Result};

/// The names of the migrations that this program knows, oldest first.
pub fn known() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// The names of the migrations that a database has been through, oldest first; none if it is new.
pub async fn applied(database: &Database) -> Result<Vec<String>> {
    let snapshot = database.read().await?;
    let backend = snapshot.get_database_backend();
    let find = match database.dialect() {
        Dialect::Sqlite => "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        Dialect::Postgres => "SELECT CAST(to_regclass('seaql_migrations') AS text) AS name",
    };
    let table = snapshot.query_one_raw(Statement::from_string(backend, find)).await?;
    let name: Option<String> = table.map(|row| row.try_get("", "name")).transpose()?.flatten();
    if name.is_none() {
        return Ok(Vec::new());
    }
    let statement = Statement::from_string(backend, "SELECT version FROM seaql_migrations");
    let rows = snapshot.query_all_raw(statement).await?;
    let mut names: Vec<String> = rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?;
    names.sort();
    Ok(names)
}

/// The names in `these` that are not in `those`.
pub fn beyond(these: &[String], those: &[String]) -> Vec<String> {
    these.iter().filter(|name| !those.contains(name)).cloned().collect()
}

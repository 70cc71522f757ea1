//! A database for one test: a copy of a migrated template, made once per process.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use rolebook::kernel::Database;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Lives as long as its test.
pub struct TestDatabase {
    pub url: String,
    /// Of the SQLite file.
    pub directory: Option<TempDir>,
    /// Of the PostgreSQL server, and the database to remove at the end.
    server: Option<(String, String)>,
}

static SQLITE_TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The PostgreSQL server to test on, if not SQLite.
fn server() -> Option<String> {
    std::env::var("TEST_DATABASE").ok().filter(|value| value.starts_with("postgres"))
}

impl TestDatabase {
    /// Of the kind that `TEST_DATABASE` names.
    pub async fn new() -> Self {
        match server() {
            Some(server) => Self::postgres(server).await,
            None => Self::sqlite().await,
        }
    }

    pub async fn sqlite() -> Self {
        let template = SQLITE_TEMPLATE.get_or_init(migrated_file).await;
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("rolebook.db");
        std::fs::copy(template, &file).unwrap();
        Self { url: format!("sqlite://{}", file.display()), directory: Some(directory), server: None }
    }

    /// Without any tables yet.
    pub async fn empty() -> Self {
        let Some(server) = server() else {
            let directory = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", directory.path().join("rolebook.db").display());
            return Self { url, directory: Some(directory), server: None };
        };
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("rolebook_test_{}_{number}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Self { url: beside(&server, &name), directory: None, server: Some((server, name)) }
    }

    async fn postgres(server: String) -> Self {
        let template = POSTGRES_TEMPLATE.get_or_init(|| migrated_database(server.clone())).await;
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("rolebook_test_{}_{number}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")).await;
        Self { url: beside(&server, &name), directory: None, server: Some((server, name)) }
    }

    /// The same database again, for another instance; whoever made it removes it.
    pub fn same(&self) -> Self {
        Self { url: self.url.clone(), directory: None, server: None }
    }

    /// The PostgreSQL server of this run, for tests that need both databases.
    pub async fn other() -> Option<Self> {
        match std::env::var("TEST_POSTGRES").ok().or_else(server) {
            Some(server) => Some(Self::postgres(server).await),
            None => None,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.server.take() else { return };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        let _ = dropped.join();
    }
}

async fn migrated_file() -> PathBuf {
    let directory = tempfile::tempdir().unwrap().keep();
    let file = directory.join("template.db");
    let database = Database::connect(&format!("sqlite://{}", file.display()), 1, true).await.unwrap();
    database.migrate().await.unwrap();
    database.close().await.unwrap();
    file
}

async fn migrated_database(server: String) -> String {
    let name = format!("rolebook_template_{}", std::process::id());
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let database = Database::connect(&beside(&server, &name), 1, false).await.unwrap();
    database.migrate().await.unwrap();
    database.close().await.unwrap();
    name
}

/// The address of another database on the same server.
fn beside(server: &str, name: &str) -> String {
    let (front, _) = server.rsplit_once('/').unwrap();
    format!("{front}/{name}")
}

async fn run(server: &str, statement: &str) {
    use sea_orm::ConnectionTrait;

    let connection = sea_orm::Database::connect(server).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

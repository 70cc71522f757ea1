//! The history of the tables: step by step, with rows in them, it leads to the same tables as a fresh install.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};

use crate::support::TestDatabase;

/// A database without any table.
struct Blank {
    database: TestDatabase,
    connection: DatabaseConnection,
}

impl Blank {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let url = match &database.directory {
            Some(directory) => format!("sqlite://{}?mode=rwc", directory.path().join("blank.db").display()),
            None => database.url.clone(),
        };
        let connection = sea_orm::Database::connect(url).await.unwrap();
        if connection.get_database_backend() == DatabaseBackend::Postgres {
            connection.execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
        }
        Self { database, connection }
    }

    fn is_sqlite(&self) -> bool {
        self.connection.get_database_backend() == DatabaseBackend::Sqlite
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql.to_owned());
        let rows = self.connection.query_all_raw(statement).await.unwrap();
        let texts = |row: &sea_orm::QueryResult| {
            let columns = row.column_names();
            columns
                .iter()
                .map(|column| row.try_get::<Option<String>>("", column).unwrap().unwrap_or_default())
                .collect()
        };
        rows.iter().map(texts).collect()
    }

    /// Tables, columns, keys and indexes, in an order of their own.
    async fn schema(&self) -> BTreeSet<String> {
        let queries: &[&str] = if self.is_sqlite() {
            &["SELECT type, name, tbl_name, sql FROM sqlite_master"]
        } else {
            &[
                "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text, column_default::text \
                 FROM information_schema.columns WHERE table_schema = 'public'",
                "SELECT indexdef::text FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT conrelid::regclass::text, pg_get_constraintdef(oid)::text FROM pg_constraint \
                 WHERE connamespace = 'public'::regnamespace",
            ]
        };
        let mut schema = BTreeSet::new();
        for query in queries {
            schema.extend(self.rows(query).await.into_iter().map(|row| row.join(" | ")));
        }
        schema
    }

    async fn tables(&self) -> Vec<String> {
        let sql = if self.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        } else {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        };
        let tables = self.rows(sql).await;
        tables.into_iter().flatten().filter(|table| table != "seaql_migrations").collect()
    }

    /// The names and types of a table's columns.
    async fn columns(&self, table: &str) -> Vec<(String, String)> {
        let sql = if self.is_sqlite() {
            format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid")
        } else {
            format!(
                "SELECT column_name::text, data_type::text FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
            )
        };
        self.rows(&sql).await.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
    }

    async fn count(&self, table: &str) -> i64 {
        let statement = format!("SELECT COUNT(*) AS n FROM \"{table}\"");
        let statement = Statement::from_string(self.connection.get_database_backend(), statement);
        self.connection.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    /// One row for every table that has none. All ids are the same, so that every foreign key leads somewhere.
    async fn fill(&self) {
        let mut empty = Vec::new();
        for table in self.tables().await {
            if self.count(&table).await == 0 {
                empty.push(table);
            }
        }
        // Parents before children: what a key still refuses comes in the next round.
        while !empty.is_empty() {
            let before = empty.len();
            let mut refused = Vec::new();
            let mut last = String::new();
            for table in empty {
                let columns = self.columns(&table).await;
                let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
                let values: Vec<String> = columns.iter().map(|(_, kind)| self.value(kind)).collect();
                let insert = format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), values.join(", "));
                if let Err(error) = self.connection.execute_unprepared(&insert).await {
                    last = error.to_string();
                    refused.push(table);
                }
            }
            assert!(refused.len() < before, "no row for {refused:?}: {last}");
            empty = refused;
        }
    }

    fn value(&self, kind: &str) -> String {
        let kind = kind.to_lowercase();
        if kind.contains("uuid") {
            return if self.is_sqlite() { format!("x'{}'", "07".repeat(16)) } else { format!("'{}'", "07".repeat(16)) };
        }
        let value = match kind.as_str() {
            kind if kind.contains("bool") => "true",
            kind if kind.contains("int") => "1",
            kind if kind.contains("double") || kind.contains("real") => "0.5",
            _ => "'1'",
        };
        value.to_owned()
    }
}

#[tokio::test]
async fn step_by_step_with_rows_leads_to_the_same_tables_as_a_fresh_install() {
    let (stepwise, fresh) = (Blank::new().await, Blank::new().await);
    Migrator::up(&fresh.connection, None).await.unwrap();
    let steps = Migrator::migrations().len();
    assert!(steps > 1);
    for step in 1..=steps {
        Migrator::up(&stepwise.connection, Some(1)).await.unwrap();
        let applied = Migrator::get_applied_migrations(&stepwise.connection).await.unwrap();
        assert_eq!(applied.len(), step, "one step at a time");
        stepwise.fill().await;
    }
    assert!(Migrator::get_pending_migrations(&stepwise.connection).await.unwrap().is_empty());
    let (one_way, other_way) = (stepwise.schema().await, fresh.schema().await);
    assert!(other_way.len() > 50, "{other_way:?}");
    let differences: Vec<_> = one_way.symmetric_difference(&other_way).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    for table in stepwise.tables().await {
        assert!(stepwise.count(&table).await > 0, "the row of {table} has survived every step");
    }
    assert!(stepwise.database.url.contains("://"));
}

#[tokio::test]
async fn every_table_of_the_list_is_there_and_no_other() {
    let blank = Blank::new().await;
    Migrator::up(&blank.connection, None).await.unwrap();
    let mut listed = BTreeSet::new();
    macro_rules! note {
        ($module:ident, $table:literal) => {
            assert_eq!(sea_orm::EntityName::table_name(&entity::$module::Entity), $table);
            listed.insert($table.to_owned());
        };
    }
    entity::for_each_table!(note);
    let there: BTreeSet<String> = blank.tables().await.into_iter().collect();
    assert_eq!(listed, there);
}

#[tokio::test]
async fn a_difference_between_two_schemas_is_seen() {
    let (one, other) = (Blank::new().await, Blank::new().await);
    Migrator::up(&one.connection, None).await.unwrap();
    Migrator::up(&other.connection, None).await.unwrap();
    assert_eq!(one.schema().await, other.schema().await);
    other.connection.execute_unprepared("ALTER TABLE setting ADD COLUMN planted text").await.unwrap();
    assert_ne!(one.schema().await, other.schema().await);
    other.connection.execute_unprepared("CREATE INDEX planted ON setting (changed_at)").await.unwrap();
    other.connection.execute_unprepared("ALTER TABLE setting DROP COLUMN planted").await.unwrap();
    assert_ne!(one.schema().await, other.schema().await);
}

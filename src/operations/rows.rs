//! Every table as rows of JSON: read in one order on both databases, hashed, and written back. It goes through the
//! entities, so a row is the same text whichever database it lies in. It knows no table by name and no meaning of any.

use std::fmt::Write as _;

use sea_orm::{
    ColumnTrait, ColumnType, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Order, SimpleExpr},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::kernel::{Error, Result};

/// Rows that are held in memory at once.
const CHUNK: usize = 500;

/// How many rows a table has, and a digest over all of them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDigest {
    pub rows: u64,
    /// SHA-256 in hexadecimal over the hashes of the rows, one a line, in the order of the primary key.
    pub digest: String,
}

/// Adds up the digest of a table row by row.
#[derive(Clone, Default)]
pub struct Digester {
    rows: u64,
    hasher: Sha256,
}

impl Digester {
    pub fn add(&mut self, row_hash: &str) {
        self.rows += 1;
        self.hasher.update(row_hash);
        self.hasher.update("\n");
    }

    pub fn finish(self) -> TableDigest {
        TableDigest { rows: self.rows, digest: hexadecimal(&self.hasher.finalize()) }
    }
}

/// The names of the tables that a backup carries, parents before children.
pub fn lasting() -> Vec<&'static str> {
    tables().into_iter().filter(|table| !entity::MOMENTARY.contains(table)).collect()
}

/// The names of all tables, parents before children.
pub fn tables() -> Vec<&'static str> {
    let mut names = Vec::new();
    macro_rules! add {
        ($module:ident, $name:literal) => {
            names.push($name);
        };
    }
    entity::for_each_table!(add);
    names
}

/// Shows every row of a table, in the order of its primary key. Texts are ordered by their bytes on both databases.
pub async fn each(
    connection: &impl ConnectionTrait,
    table: &str,
    visit: &mut (dyn FnMut(&Value) -> Result<()> + Send),
) -> Result<()> {
    macro_rules! read {
        ($module:ident, $name:literal) => {
            if table == $name {
                return each_of::<entity::$module::Entity>(connection, visit).await;
            }
        };
    }
    entity::for_each_table!(read);
    Err(unknown(table))
}

/// Whether a table has any row.
pub async fn is_empty(connection: &impl ConnectionTrait, table: &str) -> Result<bool> {
    macro_rules! look {
        ($module:ident, $name:literal) => {
            if table == $name {
                return Ok(entity::$module::Entity::find().limit(1).one(connection).await?.is_none());
            }
        };
    }
    entity::for_each_table!(look);
    Err(unknown(table))
}

/// Writes rows into a table.
///
/// # Errors
/// [`Error::Conflict`] for a row that has not the columns of the table.
pub async fn insert(connection: &impl ConnectionTrait, table: &str, rows: Vec<Value>) -> Result<()> {
    macro_rules! write {
        ($module:ident, $name:literal) => {
            if table == $name {
                return insert_into::<entity::$module::Entity>(connection, table, rows).await;
            }
        };
    }
    entity::for_each_table!(write);
    Err(unknown(table))
}

/// The digest of a table as it stands.
pub async fn digest(connection: &impl ConnectionTrait, table: &str) -> Result<TableDigest> {
    let mut digester = Digester::default();
    let mut add = |row: &Value| {
        digester.add(&hash(row.to_string()));
        Ok(())
    };
    each(connection, table, &mut add).await?;
    Ok(digester.finish())
}

/// The hash of a row, or of anything else: SHA-256 in hexadecimal.
pub fn hash(text: impl AsRef<[u8]>) -> String {
    hexadecimal(&Sha256::digest(text))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unknown(table: &str) -> Error {
    Error::bug(format!("there is no table {table}"))
}

async fn each_of<E>(
    connection: &impl ConnectionTrait,
    visit: &mut (dyn FnMut(&Value) -> Result<()> + Send),
) -> Result<()>
where
    E: EntityTrait,
    E::Model: Serialize,
{
    let backend = connection.get_database_backend();
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let mut last: Option<E::Model> = None;
    loop {
        let mut query = E::find().limit(u64::try_from(CHUNK).unwrap_or(u64::MAX));
        for key in &keys {
            query = query.order_by(ordered::<E>(*key, backend), Order::Asc);
        }
        if let Some(last) = &last {
            query = query.filter(after::<E>(&keys, last, backend));
        }
        let rows = query.all(connection).await?;
        let complete = rows.len() < CHUNK;
        for row in &rows {
            visit(&serde_json::to_value(row)?)?;
        }
        if complete {
            return Ok(());
        }
        last = rows.into_iter().next_back();
    }
}

/// The rows whose key comes after that of `last`.
fn after<E: EntityTrait>(keys: &[E::Column], last: &E::Model, backend: DatabaseBackend) -> Condition {
    let mut any = Condition::any();
    let mut same = Condition::all();
    for key in keys {
        let value = last.get(*key);
        any = any.add(same.clone().add(ordered::<E>(*key, backend).gt(Expr::val(value.clone()))));
        same = same.add(key.eq(value));
    }
    any
}

/// PostgreSQL orders texts by a language's rules unless it is told otherwise.
fn ordered<E: EntityTrait>(column: E::Column, backend: DatabaseBackend) -> SimpleExpr {
    let is_text = matches!(column.def().get_column_type(), ColumnType::String(_) | ColumnType::Text);
    let name = sea_orm::Iden::unquoted(&column).to_string();
    match backend {
        DatabaseBackend::Postgres if is_text => Expr::cust(format!("\"{name}\" COLLATE \"C\"")),
        _ => column.into_expr(),
    }
}

async fn insert_into<E>(connection: &impl ConnectionTrait, table: &str, rows: Vec<Value>) -> Result<()>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let mut models = Vec::new();
    for row in rows {
        let model: E::Model = serde_json::from_value(row).map_err(|error| {
            Error::conflict("row-unreadable", format!("A row of the table {table} does not fit: {error}."))
        })?;
        models.push(model.into_active_model());
    }
    for chunk in models.chunks(CHUNK) {
        E::insert_many(chunk.to_vec()).exec_without_returning(connection).await?;
    }
    Ok(())
}

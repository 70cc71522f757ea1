//! Sessions of people who are signed in.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, cookie::SameSite};

use crate::{
    accounts::User,
    kernel::{Actor, Error, Result, Timestamp},
};

use super::App;

/// How something that was said once looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Done,
    Note,
    Warning,
    Fault,
}

/// Something that the next page says once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// Where to go on: an address and its words.
    pub link: Option<(String, String)>,
}

/// A form whose post met an ended session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unsent {
    pub path: String,
    pub fields: Vec<(String, String)>,
    pub kept_at: Timestamp,
}

pub fn session_layer(app: &App) -> SessionManagerLayer<MemoryStore> {
    let https = app.public_url.starts_with("https://");
    SessionManagerLayer::new(MemoryStore::default())
        .with_name(if https { "__Host-rolebook" } else { "rolebook" })
        .with_secure(https)
        .with_same_site(SameSite::Lax)
}

pub async fn begin(session: &Session, _app: &App, user: &User, _headers: &HeaderMap) -> Result<()> {
    session.cycle_id().await.map_err(Error::bug)?;
    session.insert("user", user).await.map_err(Error::bug)
}

pub async fn end(session: &Session) -> Result<()> {
    session.flush().await.map_err(Error::bug)
}

pub async fn signed_in(session: &Session, _app: &App) -> Result<Option<Actor>> {
    let user: Option<User> = session.get("user").await.map_err(Error::bug)?;
    Ok(user.map(|user| Actor::user(user.id, user.name.clone(), user.email.clone(), user.permissions())))
}

pub async fn flash(session: &Session, flash: Flash) -> Result<()> {
    session.insert("flash", flash).await.map_err(Error::bug)
}

pub async fn take_flash(session: &Session) -> Result<Option<Flash>> {
    session.remove("flash").await.map_err(Error::bug)
}

pub async fn keep(session: &Session, unsent: Unsent) -> Result<()> {
    session.insert("unsent", unsent).await.map_err(Error::bug)
}

pub async fn take_unsent(session: &Session) -> Result<Option<Unsent>> {
    session.remove("unsent").await.map_err(Error::bug)
}

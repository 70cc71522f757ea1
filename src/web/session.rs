//! The session of a browser: a cookie with a random id, a row that it finds, and what the panel keeps there between two
//! requests. It knows no pages; which sessions have ended is the business of `accounts`.
//!
//! Decision (2026-11-22): tower-sessions' core with our own store and times. Context: its published stores lag behind, and
//! it reckons by the clock of the machine. Choice: it carries the id and the values; whether a session has ended says the
//! row, by the program's clock. Consequence: the cookie lasts as long as the browser likes and has no date of its own.
//!
//! Decision (2026-11-22): ids come from the program's chance like every other secret, and the row holds their hash alone.
//! A visitor who only looks gets neither cookie nor row; strangers get a row only for a form post that met an ended
//! session, and of those so many a minute, so that they can't fill the disk.

use std::{collections::HashMap, fmt, net::IpAddr};

use async_trait::async_trait;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use tower::{layer::util::Stack, util::MapResponseLayer};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

use crate::{
    accounts::{
        NewLink, Purpose, SessionKey, User,
        sessions::{self, Content},
    },
    kernel::{Actor, Ctx, Door, Error, Result, Timestamp, UserId},
};

use super::{App, browser};

pub use tower_sessions::Session;

/// Bytes of a form post that is kept at most.
pub const UNSENT_LIMIT: usize = 2 * 1024 * 1024;
/// How long it is kept, in milliseconds.
pub const UNSENT_KEPT: i64 = sessions::ANONYMOUS;

/// The cookie over https: no other host, and no page of ours over http, can set it.
const SECURE_COOKIE: &str = "__Host-rolebook";
const PLAIN_COOKIE: &str = "rolebook";

/// The names of what stands in a session. The first two are columns of the row.
const USER: &str = "user";
const BROWSER: &str = "browser";
const FLASH: &str = "flash";
const UNSENT: &str = "unsent";

/// Ids that are tried before it is certain that chance is broken.
const TRIES: usize = 8;
/// How the store says that the database is away, in the one text that its errors have.
const AWAY: &str = "the database is away";

/// How something that is said once is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Done,
    Note,
    Warning,
    Fault,
}

/// Something that the next page says once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// Where to go on: addresses of this server and their words.
    #[serde(default)]
    pub links: Vec<(String, String)>,
    /// How it is undone: where a form posts, and what it carries.
    #[serde(default)]
    pub undo: Option<(String, Vec<(String, String)>)>,
}

/// A form post that met an ended session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    pub path: String,
    pub fields: Vec<(String, String)>,
    pub kept_at: Timestamp,
}

/// What [`session_layer`] makes.
pub type SessionLayer = Stack<SessionManagerLayer<Rows>, MapResponseLayer<fn(Response) -> Response>>;

/// Gives every request below it a [`Session`], which is read only when somebody asks it.
pub fn session_layer(app: &App) -> SessionLayer {
    let secure = app.public_url.starts_with("https://");
    let manager = SessionManagerLayer::new(Rows { app: app.clone() })
        .with_name(if secure { SECURE_COOKIE } else { PLAIN_COOKIE })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);
    Stack::new(manager, MapResponseLayer::new(removable))
}

/// Begins the session of a person who has just shown who they are. The id is a new one, so that nobody who knew the old
/// one is signed in with it; what a visitor had kept comes along, what another person had does not. The log then says that
/// the person has signed in.
///
/// # Errors
/// [`Error::Unauthenticated`] if the account has become inactive meanwhile.
pub async fn begin(session: &Session, app: &App, user: &User, headers: &HeaderMap) -> Result<()> {
    if sessions::person(&ctx(app), user.id).await?.is_none() {
        return Err(Error::Unauthenticated("The account is not active.".to_owned()));
    }
    let before: Option<UserId> = session.get(USER).await.map_err(fault)?;
    if before.is_some_and(|before| before != user.id) {
        session.flush().await.map_err(fault)?;
    }
    session.cycle_id().await.map_err(fault)?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    session.insert(USER, user.id).await.map_err(fault)?;
    session.insert(BROWSER, browser::describe(user_agent)).await.map_err(fault)
}

/// Ends the session: row and cookie go. Harmless without one.
pub async fn end(session: &Session) -> Result<()> {
    if session.id().is_none() {
        return Ok(());
    }
    session.flush().await.map_err(fault)
}

/// Who is signed in, with what they may do now; `None` once the session has ended or expired, or the person is inactive.
pub async fn signed_in(session: &Session, app: &App) -> Result<Option<Actor>> {
    let id: Option<UserId> = session.get(USER).await.map_err(fault)?;
    match id {
        Some(id) => sessions::person(&ctx(app), id).await,
        None => Ok(None),
    }
}

/// The key of a session, by which lists know it and commands spare it.
pub fn key(session: &Session) -> Option<SessionKey> {
    session.id().map(|id| SessionKey::of(&id.to_string()))
}

/// Leaves a message for the next page, in the place of any other. It gives a visitor a row, so leave strangers none.
pub async fn flash(session: &Session, flash: Flash) -> Result<()> {
    session.insert(FLASH, flash).await.map_err(fault)
}

/// Takes the message that was left.
pub async fn take_flash(session: &Session) -> Result<Option<Flash>> {
    take(session, FLASH).await
}

/// Keeps a form post until its sender has signed in, in the place of any other. Fields for passwords are left out, and
/// `kept_at` becomes now. `false` if it was not kept: it is too large, or this client has sent too many.
pub async fn keep(session: &Session, app: &App, client: IpAddr, unsent: Unsent) -> Result<bool> {
    let fields: Vec<_> = unsent.fields.into_iter().filter(|(name, _)| !name.contains("password")).collect();
    let size = fields.iter().fold(unsent.path.len(), |size, (name, value)| size + name.len() + value.len());
    let now = app.clock.now();
    if size > UNSENT_LIMIT || app.unsent_limit.take(&client.to_string(), now, &*app.chance).is_err() {
        return Ok(false);
    }
    session.insert(UNSENT, Unsent { path: unsent.path, fields, kept_at: now }).await.map_err(fault)?;
    Ok(true)
}

/// The form post that is kept, left where it is; `None` after fifteen minutes.
pub async fn unsent(session: &Session, app: &App) -> Result<Option<Unsent>> {
    let value = session.get_value(UNSENT).await.map_err(fault)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()).filter(|unsent| is_fresh(unsent, app)))
}

/// Takes the form post that was kept; `None` after fifteen minutes.
pub async fn take_unsent(session: &Session, app: &App) -> Result<Option<Unsent>> {
    Ok(take(session, UNSENT).await?.filter(|unsent| is_fresh(unsent, app)))
}

fn is_fresh(unsent: &Unsent, app: &App) -> bool {
    app.clock.now() < unsent.kept_at.plus(UNSENT_KEPT)
}

/// The address at which the holder of a link uses it.
pub fn link_address(public_url: &str, link: &NewLink) -> String {
    let place = match link.purpose {
        Purpose::SetUp => "set-up",
        Purpose::Invitation => "invitation",
        Purpose::PasswordReset => "reset",
        Purpose::Demo => "demo",
    };
    format!("{public_url}/admin/{place}/{}", link.secret)
}

/// Takes a value out. Without one nothing is written; a visitor's session that is empty then ends.
async fn take<T: DeserializeOwned>(session: &Session, name: &str) -> Result<Option<T>> {
    if session.get_value(name).await.map_err(fault)?.is_none() {
        return Ok(None);
    }
    let taken = session.remove_value(name).await.map_err(fault)?;
    let mut left = false;
    for other in [USER, FLASH, UNSENT] {
        left |= session.get_value(other).await.map_err(fault)?.is_some();
    }
    if !left {
        end(session).await?;
    }
    // What an older program wrote may read otherwise now; then there is nothing.
    Ok(taken.and_then(|value| serde_json::from_value(value).ok()))
}

fn fault(error: tower_sessions::session::Error) -> Error {
    match error {
        tower_sessions::session::Error::Store(session_store::Error::Backend(text)) if text == AWAY => {
            Error::Unavailable(text)
        }
        other => Error::bug(other),
    }
}

/// A cookie with the prefix `__Host-` is not removed by browsers unless what removes it says `Secure` too (RFC 6265bis
/// section 4.1.3.2), which the library leaves out.
fn removable(mut response: Response) -> Response {
    let mend = |value: &HeaderValue| {
        let text = value.to_str().ok()?;
        let ours = text.split_once('=').is_some_and(|(name, _)| name == SECURE_COOKIE);
        let mended = if ours && !text.contains("; Secure") { format!("{text}; Secure") } else { text.to_owned() };
        HeaderValue::from_str(&mended).ok()
    };
    let headers = response.headers_mut();
    let cookies: Vec<HeaderValue> =
        headers.get_all(header::SET_COOKIE).iter().map(|value| mend(value).unwrap_or_else(|| value.clone())).collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// The rows of sessions, as the library's store.
#[derive(Clone)]
pub struct Rows {
    app: App,
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Rows")
    }
}

#[async_trait]
impl SessionStore for Rows {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let content = content(&record.data)?;
        for _ in 0..TRIES {
            let mut bytes = [0; 16];
            self.app.chance.fill(&mut bytes);
            record.id = Id(i128::from_le_bytes(bytes));
            let created = sessions::create(&ctx(&self.app), &key_of(&record.id), content.clone()).await;
            if created.map_err(store_fault)? {
                return Ok(());
            }
        }
        Err(session_store::Error::Backend("no free id was found for a session".to_owned()))
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let content = content(&record.data)?;
        sessions::save(&ctx(&self.app), &key_of(&record.id), &content.data).await.map_err(store_fault)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(content) = sessions::load(&ctx(&self.app), &key_of(id)).await.map_err(store_fault)? else {
            return Ok(None);
        };
        let data: Map<String, Value> =
            serde_json::from_str(&content.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let mut data: HashMap<String, Value> = data.into_iter().collect();
        if let Some(user) = content.user {
            data.insert(USER.to_owned(), user.to_string().into());
        }
        // The library asks for a time and nobody reads it: the row has been found good.
        let expiry_date = self.app.clock.now().plus(sessions::LONGEST).moment();
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sessions::sign_out(&ctx(&self.app), &key_of(id)).await.map_err(store_fault)
    }
}

/// What a record holds, with the columns taken out of the rest.
fn content(data: &HashMap<String, Value>) -> session_store::Result<Content> {
    let encode = |error: serde_json::Error| session_store::Error::Encode(error.to_string());
    let user = data.get(USER).cloned().map(serde_json::from_value).transpose().map_err(encode)?;
    let browser = data.get(BROWSER).and_then(Value::as_str).map(str::to_owned);
    let rest: HashMap<&String, &Value> =
        data.iter().filter(|(name, _)| ![USER, BROWSER].contains(&name.as_str())).collect();
    Ok(Content { user, browser, data: serde_json::to_string(&rest).map_err(encode)? })
}

fn key_of(id: &Id) -> SessionKey {
    SessionKey::of(&id.to_string())
}

fn store_fault(error: Error) -> session_store::Error {
    match error {
        Error::Unavailable(_) => session_store::Error::Backend(AWAY.to_owned()),
        other => session_store::Error::Backend(other.to_string()),
    }
}

/// A session acts for nobody until it is known whose it is.
fn ctx(app: &App) -> Ctx {
    app.ctx(Actor::visitor(), Door::Admin)
}

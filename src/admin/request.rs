//! What a request to the panel brings: who is signed in, what was asked and typed, and what every page shows around its
//! own part. Whoever is not signed in is sent to sign in first, and what they had typed is kept for them.

use std::sync::{Arc, Mutex};

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use maud::Markup;
use tower_sessions::Session;
use uuid::Uuid;

use crate::{
    accounts::preferences::{self, Preferences},
    content::{self, Best, Holders},
    feedback,
    kernel::{Actor, Door, Error, Permission, Result, Timestamp},
    site::{self, Samples},
    web::{
        App, Problem, Query, UPLOAD_LIMIT, Visit, client_address, read_body, see_other,
        session::{self, Flash, Tone, Unsent},
    },
};

use super::{
    form::Form,
    ui::{
        shell::{self, Area, Chrome},
        time::Zone,
    },
};

/// Bytes of a form without files: a large content, every text of it as the editor's document, and percent-encoded. Short
/// paragraphs come to ten times their length that way.
const FORM_LIMIT: usize = 12 * crate::content::limits::CONTENT_LIMIT;

/// A request of a person who is signed in.
pub struct PanelRequest {
    pub app: App,
    /// The person acts, through the panel.
    pub ctx: crate::kernel::Ctx,
    pub session: Session,
    pub method: Method,
    /// The path that was asked for, without its query.
    pub path: String,
    pub query: Query,
    /// The query as it stands in the address, without the question mark.
    pub query_text: String,
    pub headers: HeaderMap,
    /// Empty but for a post.
    pub form: Form,
    pub chrome: Arc<Chrome>,
    visit: Visit,
}

/// What stands around the page of this request, once it is known; the pages of errors show it too.
#[derive(Clone, Default)]
pub struct Surrounding(Arc<Mutex<Option<Arc<Chrome>>>>);

impl Surrounding {
    pub fn get(&self) -> Option<Arc<Chrome>> {
        self.0.lock().ok().and_then(|chrome| chrome.clone())
    }

    fn set(&self, chrome: &Arc<Chrome>) {
        if let Ok(mut place) = self.0.lock() {
            *place = Some(Arc::clone(chrome));
        }
    }
}

impl FromRequest<App> for PanelRequest {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let refused = |error: Error| Problem::from(error).into_response();
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let session = session_of(&mut parts, app).await?;
        let surrounding = parts.extensions.get::<Surrounding>().cloned().unwrap_or_default();
        let multipart = is_multipart(&parts.headers);
        let read = async || {
            let body = read_body(body, if multipart { UPLOAD_LIMIT } else { FORM_LIMIT }).await?;
            Form::read(&parts.headers, body).await
        };
        let actor = session::signed_in(&session, app).await.map_err(refused)?;
        let scripted = parts.headers.get(shell::FRAGMENT).and_then(|value| value.to_str().ok());
        let Some(actor) = actor else {
            // A script keeps what it sent until somebody has signed in again; a page would be of no use to it.
            if scripted.is_some() && parts.method == Method::POST {
                return Err(refused(Error::Unauthenticated("Your session has ended.".to_owned())));
            }
            let form = if parts.method == Method::POST { read().await.map_err(refused)? } else { Form::default() };
            return Err(to_sign_in(&session, &visit, &parts, form).await.map_err(refused)?);
        };
        let chrome = Arc::new(Chrome {
            // What is said once is for the next page that is shown, not for what a script does beside it.
            flash: match scripted {
                None | Some("main") if !is_stream(&parts.headers) => {
                    session::take_flash(&session).await.map_err(refused)?
                }
                _ => None,
            },
            fragment: parts.headers.contains_key(shell::FRAGMENT),
            request_id: visit.ctx.request_id.clone(),
            ..chrome(app, &actor).await.map_err(refused)?
        });
        surrounding.set(&chrome);
        let form = if parts.method == Method::POST { read().await.map_err(refused)? } else { Form::default() };
        let mut ctx = app.ctx(actor, Door::Admin);
        ctx.request_id = visit.ctx.request_id.clone();
        Ok(Self {
            app: app.clone(),
            ctx,
            session,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: Query::parse(parts.uri.query()),
            query_text: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            form,
            chrome,
            visit,
        })
    }
}

/// The session that a request carries; the layer around the panel provides it.
pub async fn session_of(parts: &mut axum::http::request::Parts, app: &App) -> Result<Session, Response> {
    Session::from_request_parts(parts, app)
        .await
        .map_err(|_| Problem::from(Error::bug("the panel has no session layer")).into_response())
}

fn is_stream(headers: &HeaderMap) -> bool {
    headers.get(axum::http::header::ACCEPT).is_some_and(|value| value == "text/event-stream")
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let media_type = headers.get(axum::http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|text| text.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Sends a person to sign in. What a post brought is kept, and offered again afterwards, unless it is too large or this
/// client has sent too many.
async fn to_sign_in(
    session: &Session,
    visit: &Visit,
    parts: &axum::http::request::Parts,
    form: Form,
) -> Result<Response> {
    let next = if parts.method == Method::POST {
        let unsent = Unsent { path: parts.uri.path().to_owned(), fields: form.values, kept_at: visit.app.clock.now() };
        let client = client_address(&visit.app, visit.peer, &visit.headers);
        let kept = session::keep(session, &visit.app, client, unsent).await?;
        if kept { "/admin/unsent" } else { "/admin" }.to_owned()
    } else {
        parts.uri.path_and_query().map_or("/admin", |asked| asked.as_str()).to_owned()
    };
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
    see_other(&format!("/admin/sign-in?{query}")).map_err(|problem| Error::bug(problem.0))
}

/// What every page shows around its own part.
async fn chrome(app: &App, actor: &Actor) -> Result<Chrome> {
    let (settings, identity, preferences) = {
        let snapshot = app.database.read().await?;
        let preferences = match actor.user {
            Some(person) => preferences::of(&*snapshot, person).await?,
            None => Preferences::default(),
        };
        (site::settings(&*snapshot).await?, site::identity(&*snapshot).await?, preferences)
    };
    let ctx = app.ctx(actor.clone(), Door::Admin);
    let new_cases = if actor.may(Permission::FeedbackRead) { feedback::count_new(&ctx).await? } else { 0 };
    Ok(Chrome {
        site_name: settings.site_name,
        zone: Zone::named(&settings.time_zone),
        now: app.clock.now(),
        actor: actor.clone(),
        new_cases,
        flash: None,
        demo: identity.demo,
        keep_unsent: settings.keep_unsent,
        tells_fixes: settings.tell_fixes,
        fragment: false,
        preferences,
        request_id: None,
    })
}

impl PanelRequest {
    pub fn parameter(&self, name: &str) -> &str {
        self.visit.parameter(name)
    }

    /// An id in the path; anything that is none leads nowhere.
    pub fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        self.parameter(name).parse().map_err(|_| Error::not_found("such address"))
    }

    /// Refuses parameters that nobody asked for; screens call it once they have read theirs.
    pub fn end_of_query(&mut self) -> Result<()> {
        std::mem::take(&mut self.query).finish()
    }

    /// What on this site is sample content; lists say so.
    pub async fn samples(&self) -> Result<Samples> {
        site::samples(&*self.app.database.read().await?).await
    }

    /// The address that the request came from.
    pub fn client(&self) -> std::net::IpAddr {
        client_address(&self.app, self.visit.peer, &self.headers)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.ctx.actor.may(permission)
    }

    pub fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    /// The documents that hold these words; `None` if there is nothing to look for.
    pub async fn holders(&self, words: &str) -> Result<Option<Holders>> {
        content::holders(&self.ctx, &self.app.work_search, words).await
    }

    /// The cases that hold these words; `None` if there is nothing to look for.
    pub async fn cases_with(&self, words: &str) -> Result<Option<Vec<Uuid>>> {
        feedback::cases_with(&self.ctx, &self.app.case_search, words).await
    }

    /// The documents that answer these words best, at most `limit` of each kind.
    pub async fn best(&self, words: &str, limit: usize) -> Result<Vec<Best>> {
        content::best(&self.ctx, &self.app.work_search, words, limit).await
    }

    /// A page. The title is the h1's text, without the area and the name of the program.
    pub fn page(&self, area: Area, title: &str, main: Markup) -> Response {
        shell::page(&self.chrome, area, title, main, StatusCode::OK)
    }

    /// A form that was refused, with everything typed. The title says that there is an error.
    pub fn refused(&self, area: Area, title: &str, main: Markup) -> Response {
        shell::page(&self.chrome, area, &format!("Error: {title}"), main, StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// A page with another status.
    pub fn page_with(&self, status: StatusCode, area: Area, title: &str, main: Markup) -> Response {
        shell::page(&self.chrome, area, title, main, status)
    }

    /// Goes on to another page, which says once what was done.
    pub async fn done(&self, location: &str, text: impl Into<String>) -> Result<Response, Problem> {
        self.say(Tone::Done, text, None).await?;
        see_other(location)
    }

    /// Says something once, on the next page, with the ways to go on.
    pub async fn say(
        &self,
        tone: Tone,
        text: impl Into<String>,
        links: impl IntoIterator<Item = (String, String)>,
    ) -> Result<()> {
        let flash = Flash { tone, text: text.into(), links: links.into_iter().collect(), undo: None };
        session::flash(&self.session, flash).await
    }

    /// Says what was done, with the way to it, and how it is undone.
    pub async fn say_done(
        &self,
        text: String,
        link: Option<(String, String)>,
        undo: Option<(String, Vec<(String, String)>)>,
    ) -> Result<()> {
        session::flash(&self.session, Flash { tone: Tone::Done, text, links: link.into_iter().collect(), undo }).await
    }
}

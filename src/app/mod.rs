//! The parts put together: the state, the router with its layers, the followers. Used by the server and by the tests.

mod contract;

use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    admin, content, delivery, followers,
    kernel::{Actor, Ctx, Door, Error, Result},
    manage, site,
    web::{self, Access, Answer, App, Front, Route, Visit},
};

/// How often an instance looks at the log by itself while nobody tells it of news.
const LOOK: Duration = Duration::from_millis(100);
/// The same while it listens to the database.
const LOOK_WHILE_LISTENING: Duration = Duration::from_secs(1);

/// The routes that belong to no door: operations and the contract itself.
pub const OPERATIONS: &[Route] = &[
    Route { method: "get", path: "/healthz", access: Access::Public, summary: "Whether the process is alive" },
    Route { method: "get", path: "/readyz", access: Access::Public, summary: "Whether it can serve" },
    Route { method: "get", path: "/api/v1/openapi.json", access: Access::Public, summary: "This contract" },
    Route { method: "get", path: "/api/docs", access: Access::Public, summary: "This contract as pages for people" },
    Route { method: "get", path: "/api/docs/{group}", access: Access::Public, summary: "One group of operations" },
    Route { method: "get", path: "/api/docs/try", access: Access::Public, summary: "Try a public read" },
    Route { method: "get", path: "/api/docs/style.css", access: Access::Public, summary: "The style of these pages" },
];

/// Every route that programs and sites call. The panel's pages, `admin::ROUTES`, are no part of the contract.
pub fn routes() -> Vec<Route> {
    [delivery::ROUTES, manage::ROUTES, OPERATIONS].concat()
}

/// Everything that answers: the answers that are kept, and behind them the router.
pub fn service(app: App) -> Front {
    Front::new(app.clone(), router(app))
}

/// The router with everything around it.
fn router(app: App) -> Router {
    let lost = admin::lost(&app).with_state(app.clone());
    let doors = Router::new()
        .merge(delivery::router())
        .merge(manage::router())
        .merge(admin::panel(&app))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .merge(contract::router())
        .fallback(move |request: Request| nowhere(lost, request));
    web::around(doors, app.clone()).with_state(app)
}

/// The answer to an address that leads nowhere: a page for people, a problem for programs.
async fn nowhere(lost: Router, request: Request) -> Response {
    use tower::ServiceExt;

    let path = request.uri().path();
    if path == "/admin" || path.starts_with("/admin/") {
        lost.oneshot(request).await.into_response()
    } else {
        web::not_found().await.into_response()
    }
}

/// Brings a database up to date and gives a new one what it needs.
pub async fn prepare(ctx: &Ctx, demo: bool) -> Result<()> {
    ctx.database.migrate().await?;
    let tx = ctx.write().await?;
    site::prepare(&tx, ctx, demo).await?;
    tx.commit(()).await?;
    content::prepare_overviews(ctx).await?;
    content::findable::prepare(ctx).await
}

/// What the program does by itself, as an actor of its own.
pub fn follower_ctx(app: &App) -> Ctx {
    app.ctx(Actor::system("schedule"), Door::Schedule)
}

async fn healthz(visit: Visit) -> Answer {
    visit.query.finish()?;
    web::json(&serde_json::json!({ "status": "ok" }))
}

async fn readyz(visit: Visit) -> Answer {
    visit.query.finish()?;
    visit.app.database.ping().await?;
    if !visit.app.database.is_current().await? {
        let detail = "the tables are not up to date".to_owned();
        return Err(Error::Unavailable(detail).into());
    }
    web::json(&serde_json::json!({ "status": "ready" }))
}

impl followers::AsyncBell for App {
    fn rung(&self) -> impl Future<Output = ()> + Send {
        self.bell.notified()
    }
}

/// Follows the log until `stop` says so.
pub async fn follow(app: App, stop: tokio::sync::watch::Receiver<bool>) {
    let ctx = follower_ctx(&app);
    let holder = ctx.new_id().to_string();
    let searching = follow_with_search(app.clone(), stop.clone());
    let webhooks =
        followers::webhooks::follow(ctx.clone(), app.outbound.clone(), holder.clone(), app.clone(), stop.clone());
    let mail = follow_with_mail(app.clone(), holder.clone(), stop.clone());
    tokio::join!(followers::follow(ctx.clone(), holder.clone(), app, stop), searching, webhooks, mail);
    if let Err(error) = followers::resign(&ctx, &holder).await {
        tracing::warn!(%error, "the lease could not be given back; it ends by itself");
    }
}

/// Where the links of letters lead.
pub fn addresses(app: &App) -> followers::mail::Addresses {
    followers::mail::Addresses { public_url: app.public_url.clone(), of_link: web::session::link_address }
}

/// Sends mail, if there is a server for it.
async fn follow_with_mail(app: App, holder: String, stop: tokio::sync::watch::Receiver<bool>) {
    let Some(mailer) = app.mailer.clone() else { return };
    followers::mail::follow(follower_ctx(&app), mailer, addresses(&app), holder, app, stop).await;
}

/// Keeps the kept answers exact, whoever wrote: another instance on the same database, the followers, the command line.
/// Wakes whoever waits for news.
pub async fn follow_answers(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut announcements = None;
    let mut away = false;
    loop {
        if announcements.is_none() && !away {
            announcements = app.database.announcements().await.unwrap_or_default();
        }
        let before = app.answers.applied();
        match app.answers.catch_up(&app.database).await {
            Ok(now) => {
                if now > before {
                    app.ring();
                }
                away = false;
            }
            Err(error) => {
                if !away {
                    tracing::warn!(%error, "the log can't be followed; what is kept is answered until it can");
                }
                away = true;
                announcements = None;
            }
        }
        let look = if announcements.is_some() { LOOK_WHILE_LISTENING } else { LOOK };
        let heard = async {
            match &mut announcements {
                Some(listener) => listener.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            heard = heard => if heard.is_err() { announcements = None },
            () = tokio::time::sleep(look) => {}
            _ = stop.changed() => return,
        }
    }
}

/// How often the index of what is worked on is fed without a question. People save far more often than they search, and
/// each time takes a moment of the processor: whoever asks waits for little more than the last seconds of writing.
const WORK_LOOK: Duration = Duration::from_secs(5);

/// Feeds the index of what is published after every command, and those of what is worked on and of cases now and then, so
/// that questions find them ready.
async fn follow_with_search(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut fed_at: Option<Instant> = None;
    loop {
        let rung = app.bell.notified();
        let is_due = fed_at.is_none_or(|at| at.elapsed() >= WORK_LOOK);
        let feed = async {
            app.search.refresh(&app.database).await?;
            if !is_due {
                return Ok(());
            }
            app.work_search.refresh(&app.database).await?;
            app.case_search.refresh(&app.database).await
        };
        // Making it anew can take longer than an end may.
        let fed = tokio::select! {
            fed = feed => fed,
            _ = stop.changed() => return,
        };
        if is_due {
            fed_at = Some(Instant::now());
        }
        if let Err(error) = fed {
            tracing::warn!(%error, "an index of words could not be fed; it will be tried again");
        }
        tokio::select! {
            () = followers::rest(rung) => {}
            _ = stop.changed() => return,
        }
    }
}

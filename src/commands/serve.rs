//! `serve`: bring the database up to date, listen, and end cleanly on SIGTERM: no new connections, requests in flight
//! get ten seconds, the followers stop between two pieces of work.
//!
//! Decision (2026-11-22): a site that nobody administers with a password prints a link to set it up, a new one at each
//! start. Context: a first password on the command line stays in its history, and one that is built in stays for ever.
//! Consequence: whoever reads what the server prints at its start can take over a site that is not set up, and only that.
//!
//! Decision (2026-11-23): once a demo is filled, the program begins anew in the same process. Context: filling draws pictures
//! and makes indexes on many threads at a time, and what they took is not given back by the allocator: an idle demo held 88
//! to 130 MiB after its first start, and 38 after each later one. Other allocators were tried (jemalloc 62, mimalloc 65 and
//! 112). Consequence: the first start is like any other; where the program can't be started anew, it serves as it is.

use std::{
    net::SocketAddr,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
    sync::Arc,
    time::Duration,
};

use axum::{ServiceExt, extract::Request};
use tokio::{net::TcpListener, signal::unix, sync::watch};

use crate::{
    accounts::{PasswordCost, Passwords, links},
    app,
    config::{Config, ServerFlags},
    content,
    feedback::{self, Limits},
    outbound::{Mailer, Outbound, Targets},
    published, site,
    web::{self, App, RateLimit, Surroundings, session},
};

use super::{Failure, Outcome, say};

/// Connections to the database of a server.
const CONNECTIONS: u32 = 16;
/// How long requests in flight may take once the end has been asked for.
const GRACE: Duration = Duration::from_secs(10);

pub async fn run(flags: &ServerFlags) -> Outcome {
    let config = flags.check()?;
    start_log();
    refuse_open_demo(config.demo, &config)?;
    let (ctx, store) = super::connect(&config.storage, CONNECTIONS, true).await?;
    app::prepare(&ctx, config.demo).await?;
    let is_demo = site::identity(&*ctx.database.read().await?).await?.demo;
    refuse_open_demo(is_demo, &config)?;
    let folder = config.storage.data_dir.join("search");
    let search = published::Search::in_folder(&folder)?;
    let work_search = content::Search::in_folder(&folder.join("work"))?;
    let case_search = feedback::CaseSearch::in_folder(&folder.join("cases"))?;
    if config.demo && super::demo::fill(&ctx, &store, &config.storage).await? {
        search.refresh(&ctx.database).await?;
        work_search.refresh(&ctx.database).await?;
        case_search.refresh(&ctx.database).await?;
        let error = begin_anew();
        tracing::warn!(%error, "the program can't begin anew after filling the demo; it serves with the memory it took");
    }
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Failure::new(format!(
            "The setting --listen (ROLEBOOK_LISTEN) is {}, but nothing can listen there: {error}.",
            config.listen
        ))
    })?;
    let address = listener.local_addr()?;
    // The people of a demo have no passwords; whoever starts it is given links to sign in as them.
    let set_up = if is_demo { None } else { links::set_up_link(&ctx).await? };
    let app = App::new(Surroundings {
        database: ctx.database.clone(),
        store,
        passwords: Passwords::new(PasswordCost::default())?,
        clock: Arc::clone(&ctx.clock),
        chance: Arc::clone(&ctx.chance),
        public_url: config.public_url.clone().unwrap_or_else(|| format!("http://{address}")),
        trusted_proxies: config.trusted_proxies,
        site_origins: config.site_origins,
        outbound: Outbound::new(Targets::new(config.webhook_private_targets))?,
        mailer: config.mail.map(Mailer::new).transpose()?,
        report_limit: RateLimit::new(5, 20).hourly(60),
        inbox_limits: Limits::default(),
        unsent_limit: RateLimit::new(5, 12),
        reset_limit: RateLimit::new(5, 60),
        preview_limit: RateLimit::new(120, 1),
        answers: web::Answers::new(config.cache_bytes),
        directory: published::Directory::default(),
        search,
        work_search,
        case_search,
        trends: feedback::RunningTrends::default(),
        contract: std::sync::OnceLock::new(),
        bell: tokio::sync::Notify::new(),
        presence: tokio::sync::Notify::new(),
        ending: tokio_util::sync::CancellationToken::new(),
    });
    // Before anybody is told that it listens, or an end that comes at once would not be a clean one.
    let end = End::expected()?;
    say(format!("Rolebook is listening on http://{address}"));
    if is_demo {
        super::demo::greet(&ctx, &app.public_url).await?;
    }
    if let Some(link) = set_up {
        say(
            "Nobody can administer this site with a password yet. Whoever opens this address first, within 24 hours, can:",
        );
        say(session::link_address(&app.public_url, &link));
    }
    serve(app, listener, config.metrics_listen, end).await
}

/// Begins this program anew, in the same process and with the same arguments. It comes back only if that is not possible.
fn begin_anew() -> std::io::Error {
    match std::env::current_exe() {
        Ok(program) => Command::new(program).args(std::env::args_os().skip(1)).exec(),
        Err(error) => error,
    }
}

/// A demo database holds people whom everybody may sign in as.
fn refuse_open_demo(demo: bool, config: &Config) -> Result<(), Failure> {
    if demo && !config.listen.ip().is_loopback() {
        let listen = config.listen;
        return Err(Failure::new(format!(
            "The setting --listen (ROLEBOOK_LISTEN) is {listen}, but a demo database is served on a loopback address only."
        )));
    }
    Ok(())
}

async fn serve(app: App, listener: TcpListener, metrics: Option<SocketAddr>, end: End) -> Outcome {
    let (stop, stopped) = watch::channel(false);
    let followers = tokio::spawn(app::follow(app.clone(), stopped.clone()));
    tokio::spawn(app::follow_answers(app.clone(), stopped.clone()));
    let operations = match metrics {
        Some(address) => Some(super::metrics::listen(address, stopped.clone()).await?),
        None => None,
    };
    let service = app::service(app.clone());
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let mut ending = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = ending.changed().await;
    });
    let server = tokio::spawn(server.into_future());
    end.comes().await;
    tracing::info!("ending: no new connections, requests in flight are finished");
    let _ = stop.send(true);
    app.ending.cancel();
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    let _ = tokio::time::timeout(GRACE, followers).await;
    if let Some(operations) = operations {
        operations.abort();
    }
    app.database.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

/// The signals that ask the server to end.
struct End {
    terminate: unix::Signal,
    interrupt: unix::Signal,
}

impl End {
    /// From now on the signals are heard.
    fn expected() -> Result<Self, Failure> {
        Ok(Self {
            terminate: unix::signal(unix::SignalKind::terminate())?,
            interrupt: unix::signal(unix::SignalKind::interrupt())?,
        })
    }

    async fn comes(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// One line an event on standard error: JSON where a program reads it, words where a person does.
fn start_log() {
    use std::io::IsTerminal;
    use tracing_subscriber::{EnvFilter, fmt, prelude::*};

    let filter = EnvFilter::try_from_env("ROLEBOOK_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if std::io::stderr().is_terminal() {
        registry.with(fmt::layer().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init()
    };
    if started.is_err() {
        tracing::debug!("a log was there already");
    }
}

//! `serve`: bring the database up to date, listen, and end cleanly on SIGTERM: no new connections, requests in flight
//! get ten seconds, the followers stop between two pieces of work.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use tokio::{net::TcpListener, signal::unix, sync::watch};

use crate::{
    accounts::{self, PasswordCost, Passwords},
    app,
    config::{Config, ServerFlags},
    site,
    web::{App, RateLimit, Surroundings},
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
    if config.demo {
        super::demo::fill(&ctx, &store, &config.storage).await?;
    }
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Failure::new(format!(
            "The setting --listen (ROLEBOOK_LISTEN) is {}, but nothing can listen there: {error}.",
            config.listen
        ))
    })?;
    let address = listener.local_addr()?;
    let has_administrator = accounts::has_administrator(&*ctx.database.read().await?).await?;
    let app = App::new(Surroundings {
        database: ctx.database.clone(),
        store,
        passwords: Passwords::new(PasswordCost::default())?,
        clock: ctx.clock,
        chance: ctx.chance,
        public_url: config.public_url.clone().unwrap_or_else(|| format!("http://{address}")),
        trusted_proxies: config.trusted_proxies,
        site_origins: config.site_origins,
        report_limit: RateLimit::new(5, 20),
        contract: std::sync::OnceLock::new(),
        bell: tokio::sync::Notify::new(),
    });
    say(format!("Rolebook is listening on http://{address}"));
    if config.demo {
        super::demo::greet();
    }
    if !has_administrator {
        say(
            "There is no administrator yet. Make one with: rolebook user add --email YOU@EXAMPLE --name \"YOUR NAME\" --role administrator",
        );
    }
    serve(app, listener, config.metrics_listen).await
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

async fn serve(app: App, listener: TcpListener, metrics: Option<SocketAddr>) -> Outcome {
    let (stop, stopped) = watch::channel(false);
    let followers = tokio::spawn(app::follow(app.clone(), stopped.clone()));
    let operations = match metrics {
        Some(address) => Some(super::metrics::listen(address, stopped.clone()).await?),
        None => None,
    };
    let service = app::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let mut ending = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = ending.changed().await;
    });
    let server = tokio::spawn(server.into_future());
    wait_for_the_end().await?;
    tracing::info!("ending: no new connections, requests in flight are finished");
    let _ = stop.send(true);
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

async fn wait_for_the_end() -> Result<(), Failure> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
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

//! Figures about the running server, in the text format of OpenMetrics, on an address of their own.

use std::net::SocketAddr;

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::Failure;

/// Upper bounds of the answer times that are counted, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];

/// Starts to count, and to listen for who asks.
pub async fn listen(address: SocketAddr, mut stopped: watch::Receiver<bool>) -> Result<JoinHandle<()>, Failure> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BOUNDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Failure::new(format!("The figures can't be counted: {error}")))?;
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let setting = "--metrics-listen (ROLEBOOK_METRICS_LISTEN)";
        Failure::new(format!("The setting {setting} is {address}, but nothing can listen there: {error}."))
    })?;
    let render = move || {
        let text = handle.render();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    let router = Router::new().route("/metrics", get(render));
    Ok(tokio::spawn(async move {
        let ended = axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = stopped.changed().await;
            })
            .await;
        if let Err(error) = ended {
            tracing::warn!(%error, "the figures are no longer served");
        }
    }))
}

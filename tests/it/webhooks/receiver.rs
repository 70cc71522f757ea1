//! A receiver on a port of its own: it keeps what it is sent and answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// What came.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether one of its signatures was made with this secret, as the library of the standard makes it.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let at = self.header("webhook-timestamp").parse().unwrap();
        let library = standardwebhooks::Webhook::new(secret).unwrap();
        let expected = library.sign(self.id(), at, self.body.as_bytes()).unwrap();
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: String,
    /// Waited for before the answer goes out.
    pub held: Option<Arc<Notify>>,
}

impl From<u16> for Reply {
    fn from(status: u16) -> Self {
        Self { status, retry_after: None, body: String::new(), held: None }
    }
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    script: Mutex<VecDeque<Reply>>,
    usual: Mutex<Option<Reply>>,
    refused: Mutex<Option<String>>,
    arrived: Notify,
}

pub struct Receiver {
    pub url: String,
    state: Arc<State>,
    server: JoinHandle<()>,
}

impl Receiver {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?site=main", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let answer = move |headers: HeaderMap, body: Bytes| {
            let state = Arc::clone(&shared);
            async move {
                let body = String::from_utf8(body.to_vec()).unwrap();
                let refused = state.refused.lock().unwrap().as_ref().is_some_and(|text| body.contains(text));
                state.received.lock().unwrap().push(Received { headers, body });
                state.arrived.notify_one();
                let next = if refused { Some(500.into()) } else { state.script.lock().unwrap().pop_front() };
                let reply = next.or_else(|| state.usual.lock().unwrap().clone()).unwrap_or(204.into());
                if let Some(held) = &reply.held {
                    held.notified().await;
                }
                let mut response = Response::builder().status(reply.status);
                if let Some(value) = &reply.retry_after {
                    response = response.header("retry-after", value);
                }
                response.body(Body::from(reply.body)).unwrap()
            }
        };
        let router = Router::new().fallback(answer);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, state, server }
    }

    /// What is answered next, one after the other.
    pub fn answers(&self, replies: impl IntoIterator<Item = impl Into<Reply>>) {
        self.state.script.lock().unwrap().extend(replies.into_iter().map(Into::into));
    }

    /// What is answered when nothing else was said.
    pub fn always_answers(&self, reply: impl Into<Reply>) {
        *self.state.usual.lock().unwrap() = Some(reply.into());
    }

    /// Whatever holds this text is answered with 500.
    pub fn refuses(&self, text: &str) {
        *self.state.refused.lock().unwrap() = Some(text.to_owned());
    }

    /// Everything that came so far, which is then forgotten.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut *self.state.received.lock().unwrap())
    }

    /// Waits until something comes.
    pub async fn arrival(&self) {
        self.state.arrived.notified().await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

//! Webhooks: looked after through the doors, and sent to a receiver that is really there.

mod following;
mod managing;
pub mod receiver;
mod restoring;
mod sending;

use axum::http::Method;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, drafts::titled};

pub const WEBHOOKS: &str = "/manage/v1/webhooks";

/// A site with somebody who administers it and somebody who publishes.
pub struct Site {
    pub app: TestApp,
    pub ada: Client,
    pub pat: Client,
}

impl Site {
    pub async fn open() -> Self {
        let app = TestApp::new().await;
        let ada = app.administrator().await;
        // Two people may review; whether that is asked for is another test's business.
        ada.set(&json!({ "review_role_pages": "off" })).await.ok();
        let pat = app.person("Pat", &[Role::Publisher]).await;
        Self { app, ada, pat }
    }

    /// Publishes a new page and answers its address.
    pub async fn publish(&self, title: &str) -> String {
        self.pat.publish_new("role-pages", &titled(title)).await
    }

    /// Sends the newest delivery of a webhook again.
    pub async fn send_again(&self, webhook: &str) -> Answer {
        let id = deliveries(&self.ada, webhook).await[0]["id"].as_str().unwrap().to_owned();
        let delivery = format!("{webhook}/deliveries/{id}");
        self.ada.seeing(&delivery, Method::POST, &format!("{delivery}/send-again"), &json!({})).await
    }
}

/// Makes a webhook and answers its address and its secret.
pub async fn add(client: &Client, url: &str) -> (String, String) {
    let made = client.post(WEBHOOKS, &json!({ "name": "Site", "url": url })).await;
    let secret = made.ok()["secret"].as_str().unwrap().to_owned();
    (made.header("location").to_owned(), secret)
}

/// A step on a webhook as it is now.
pub async fn step(client: &Client, webhook: &str, step: &str, body: &Value) -> Answer {
    client.seeing(webhook, Method::POST, &format!("{webhook}/{step}"), body).await
}

/// The deliveries of a webhook, newest first.
pub async fn deliveries(client: &Client, webhook: &str) -> Vec<Value> {
    client.get(&format!("{webhook}/deliveries?limit=100")).await.ok()["data"].as_array().unwrap().clone()
}

//! Autosaves of old sittings give way to the last of each; nothing that somebody meant or that something names goes.

use axum::http::StatusCode;
use rolebook::{
    content::{self, Content, Draft, Kind},
    kernel::{Ctx, DocumentId, Role, VersionNumber},
};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

struct Scene {
    app: TestApp,
    program: Client,
    id: DocumentId,
    path: String,
}

async fn scene() -> Scene {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let path = program.create("role-pages", &json!({ "content": { "title": "Porter", "summary": "Moves." } })).await;
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    Scene { app, program, id, path }
}

impl Scene {
    async fn shown(&self) -> VersionNumber {
        let version = self.program.get(&self.path).await.ok()["version"].as_i64().unwrap();
        VersionNumber(i32::try_from(version).unwrap())
    }

    async fn ctx(&self, name: &str) -> Ctx {
        let browser = self.app.signed_in(name, &[Role::Editor]).await;
        let person = self.app.system();
        let actor = rolebook::kernel::Actor::user(
            browser.user.unwrap(),
            name.to_owned(),
            browser.email.clone(),
            [Role::Editor].iter().flat_map(|role| role.permissions().iter().copied()).collect(),
        );
        Ctx { actor, ..person }
    }

    async fn draft(&self, title: &str) -> Draft {
        let mut content = self.program.get(&self.path).await.ok()["content"].clone();
        content["title"] = title.into();
        let content = Content::from_value(Kind::RolePage, content).unwrap();
        Draft { slug: None, parent: None, language: None, note: None, content }
    }

    async fn autosave(&self, ctx: &Ctx, title: &str) {
        self.app.clock.advance(MINUTE);
        content::autosave(ctx, Kind::RolePage, self.id, self.shown().await, self.draft(title).await).await.unwrap();
    }

    async fn numbers(&self) -> Vec<i64> {
        let versions: Value = self.program.get(&format!("{}/versions?limit=100", self.path)).await.ok();
        versions["data"].as_array().unwrap().iter().rev().map(|row| row["version"].as_i64().unwrap()).collect()
    }
}

#[tokio::test]
async fn the_last_of_a_sitting_stays_and_what_somebody_meant() {
    let scene = scene().await;
    let (ann, bob) = (scene.ctx("Ann").await, scene.ctx("Bob").await);
    for title in ["a", "b", "c"] {
        scene.autosave(&ann, title).await; // 2, 3, 4
    }
    scene.autosave(&bob, "d").await; // 5: another person's sitting within hers
    scene.autosave(&ann, "e").await; // 6
    let published = scene.program.step(&scene.path, "publish", &json!({})).await; // 6 is meant
    assert_eq!(published.status, StatusCode::OK, "{published:?}");
    scene.autosave(&ann, "f").await; // 7
    scene.autosave(&ann, "g").await; // 8
    scene.app.clock.advance(40 * MINUTE);
    scene.autosave(&ann, "h").await; // 9: another sitting
    scene.autosave(&ann, "i").await; // 10
    let everything: Vec<i64> = (1..=10).collect();
    scene.app.clock.advance(29 * DAY);
    assert_eq!(content::thin_autosaves(&scene.app.system()).await.unwrap(), 0, "they are too young");
    assert_eq!(scene.numbers().await, everything);
    scene.app.clock.advance(2 * DAY);
    scene.program.set(&json!({ "autosave_days": 0 })).await;
    assert_eq!(content::thin_autosaves(&scene.app.system()).await.unwrap(), 0, "it is switched off");
    scene.program.set(&json!({ "autosave_days": 30 })).await;
    scene.app.follow().await;
    assert_eq!(scene.numbers().await, [1, 5, 6, 8, 10]);
    assert_eq!(content::thin_autosaves(&scene.app.system()).await.unwrap(), 0, "once is enough");
    // Gaps are no obstacle anywhere.
    let events = scene.program.get(&format!("{}/events?limit=100", scene.path)).await.ok();
    let thinned: Vec<&Value> =
        events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "versions_thinned").collect();
    assert_eq!(thinned.len(), 1, "{events}");
    assert_eq!(thinned[0]["payload"]["versions"], json!([2, 3, 4, 7, 9]));
    let compared = scene.program.get(&format!("{}/compare?from=1&to=10", scene.path)).await;
    assert_eq!(compared.status, StatusCode::OK, "{compared:?}");
    let mut reader = scene.app.signed_in("Cleo", &[Role::Editor]).await;
    let address = format!("/admin/role-pages/{}", scene.id);
    for page in ["", "/history", "/versions/5", "/compare?from=5&to=8"] {
        reader.page(&format!("{address}{page}")).await;
    }
    scene.autosave(&ann, "j").await;
    assert_eq!(scene.numbers().await, [1, 5, 6, 8, 10, 11]);
}

#[tokio::test]
async fn what_a_preview_link_shows_stays() {
    let scene = scene().await;
    let ann = scene.ctx("Ann").await;
    for title in ["a", "b", "c"] {
        scene.autosave(&ann, title).await; // 2, 3, 4
    }
    let link =
        content::NewPreviewLink { version: VersionNumber(3), embedded: content::LinkEmbeds::Live, days: 1, note: None };
    content::make_preview_link(&ann, Kind::RolePage, scene.id, link).await.unwrap();
    scene.app.clock.advance(31 * DAY);
    scene.app.follow().await;
    assert_eq!(scene.numbers().await, [1, 3, 4]);
}

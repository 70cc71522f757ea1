//! The gallery of components: complete, and there in a demo only.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use crate::support::TestApp;

/// These draw a whole document with an h1 of its own, for a frame; a page of samples can't hold them.
const WHOLE_DOCUMENTS: &[&str] = &["passage::page", "reader::reader_view"];

/// Every public function of the components that answers markup, as `module::name`.
fn components() -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/admin/ui")).unwrap() {
        let path = entry.unwrap().path();
        let module = match path.file_stem().unwrap().to_str().unwrap() {
            "mod" => "ui",
            name => name,
        };
        let text = std::fs::read_to_string(&path).unwrap();
        for function in text.split("\npub fn ").skip(1) {
            let signature = function.split('{').next().unwrap();
            if signature.contains("-> Markup") {
                found.push(format!("{module}::{}", signature.split(['(', '<']).next().unwrap()));
            }
        }
        if text.contains("impl maud::Render for Badge") {
            found.push(format!("{module}::Badge"));
        }
    }
    found
}

#[tokio::test]
async fn the_gallery_shows_every_component_in_a_demo_and_nothing_elsewhere() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    assert_eq!(ada.get("/admin/gallery").await.status, StatusCode::NOT_FOUND);

    let tx = app.system().write().await.unwrap();
    let mut site = entity::site::Entity::find_by_id(1).one(&*tx).await.unwrap().unwrap().into_active_model();
    site.demo = Set(true);
    site.update(&*tx).await.unwrap();
    tx.commit(()).await.unwrap();
    let page = ada.page("/admin/gallery").await;
    let components = components();
    assert!(components.len() > 25, "{components:?}");
    let missing: Vec<&String> = components
        .iter()
        .filter(|name| !WHOLE_DOCUMENTS.contains(&name.as_str()) && !page.contains(&format!("<code>{name}</code>")))
        .collect();
    assert!(missing.is_empty(), "the gallery lacks {missing:?}");
}

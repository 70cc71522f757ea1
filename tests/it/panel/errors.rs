//! What people are told when the program itself is at fault.

use axum::http::StatusCode;
use entity::version;
use rolebook::kernel::Role;
use sea_orm::{EntityTrait, sea_query::Expr};

use super::well_formed;
use crate::support::{TestApp, drafts::titled, id_of};

#[tokio::test]
async fn a_fault_of_the_program_has_a_number_by_which_the_log_knows_it() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    let page = format!("/admin/role-pages/{}", id_of(&pat.create("role-pages", &titled("Porter")).await));
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let tx = app.system().write().await.unwrap();
    let broken = version::Entity::update_many().col_expr(version::Column::Content, Expr::value("no content"));
    broken.exec(&*tx).await.unwrap();
    tx.commit(()).await.unwrap();
    let answer = eve.get(&page).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let text = answer.text();
    well_formed(&text, &page);
    let number = answer.header("x-request-id");
    assert!(number.len() >= 32 && text.contains(&format!("<code>{number}</code>")), "{number}: {text}");
    assert!(text.contains("The fault is ours") && text.contains("href=\"/admin\""), "{text}");
    assert!(!text.contains("no content") && !text.contains("expected"), "nothing of the fault itself: {text}");
}

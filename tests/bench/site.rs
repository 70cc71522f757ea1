//! A site of any size for benchmarks: one page made through the doors, and copies of its rows.

use entity::{document, findable, live_document, live_path, overview, publication, reference, version};
use rolebook::kernel::Transaction;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Client, TestApp, id_of};

/// One page of some eight kilobytes, as it is published, made through the doors, and as many copies of its rows as are
/// wanted, each with this many versions: saving each by itself would take an hour and measure nothing else.
pub async fn fill(app: &TestApp, editor: &Client, documents: usize, versions: i32) -> Vec<Uuid> {
    let section = editor
        .publish_new("requirement-sections", &json!({ "content": { "title": "Way in", "routes": [
            { "kind": "college", "introduction": "Ask the college.", "requirements": { "kind": "group", "rule": "one_of", "items": [
                { "kind": "requirement", "text": "2 A levels" }, { "kind": "requirement", "text": "a year of work" }] } }] } }))
        .await;
    let paragraph = "People do this work in hospitals, in the community and at home. ".repeat(3);
    let sections: Vec<_> = (0..3)
        .map(|number| json!({ "heading": format!("Part {number}"), "blocks": [
            { "kind": "text", "markdown": format!("{paragraph}\n\n- one\n- two\n- three\n") },
            { "kind": "roles", "roles": [{ "title": "A role", "markdown": paragraph, "tasks": ["lift", "carry"] }] }] }))
        .chain([json!({ "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] })])
        .collect();
    let body =
        json!({ "slug": "template", "content": { "title": "Template", "summary": "A page.", "sections": sections } });
    let path = editor.publish_new("role-pages", &body).await;
    let template: Uuid = id_of(&path).parse().unwrap();
    let ctx = app.system();
    let tx = ctx.write().await.unwrap();
    let mut ids = Vec::new();
    for chunk in (0..documents).collect::<Vec<_>>().chunks(50) {
        ids.extend(copy(&tx, &ctx, template, chunk, versions).await);
    }
    tx.commit(()).await.unwrap();
    ids
}

async fn copy(
    tx: &Transaction,
    ctx: &rolebook::kernel::Ctx,
    template: Uuid,
    numbers: &[usize],
    versions: i32,
) -> Vec<Uuid> {
    let document = document::Entity::find_by_id(template).one(&**tx).await.unwrap().unwrap();
    let saved = version::Entity::find_by_id((template, 1)).one(&**tx).await.unwrap().unwrap();
    let live = live_document::Entity::find_by_id(template).one(&**tx).await.unwrap().unwrap();
    let published = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(template))
        .one(&**tx)
        .await
        .unwrap()
        .unwrap();
    let path =
        live_path::Entity::find().filter(live_path::Column::DocumentId.eq(template)).one(&**tx).await.unwrap().unwrap();
    let references =
        reference::Entity::find().filter(reference::Column::DocumentId.eq(template)).all(&**tx).await.unwrap();
    let seen = overview::Entity::find_by_id(template).one(&**tx).await.unwrap().unwrap();
    let (mut ids, mut documents, mut saves, mut lives) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let found = findable::Entity::find_by_id(template).one(&**tx).await.unwrap().unwrap();
    let (mut overviews, mut findables) = (Vec::new(), Vec::new());
    let (mut publications, mut paths, mut referring) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let id = ctx.new_id();
        let (slug, title) = (format!("role-{number}"), format!("Role {number}"));
        let content = saved.content.replace("\"title\":\"Template\"", &format!("\"title\":\"{title}\""));
        ids.push(id);
        documents.push(
            document::Model {
                id,
                slug: slug.clone(),
                title: title.clone(),
                title_key: title.to_lowercase(),
                latest_version: versions,
                ..document.clone()
            }
            .into_active_model(),
        );
        for version in 1..=versions {
            let content = if version == 1 { content.replace("lift", "push") } else { content.clone() };
            saves.push(
                version::Model {
                    document_id: id,
                    number: version,
                    slug: slug.clone(),
                    title: title.clone(),
                    content,
                    ..saved.clone()
                }
                .into_active_model(),
            );
        }
        let words = format!("{} {} {slug}", seen.words, title.to_lowercase());
        findables.push(findable::Model { document_id: id, version: versions, ..found.clone() }.into_active_model());
        overviews.push(overview::Model { document_id: id, words, ..seen.clone() }.into_active_model());
        let changed_at = live.changed_at + i64::try_from(*number).unwrap();
        lives.push(
            live_document::Model {
                document_id: id,
                version: versions,
                slug: Some(slug.clone()),
                path: Some(format!("/{slug}")),
                title: title.clone(),
                title_key: title.to_lowercase(),
                changed_at,
                ..live.clone()
            }
            .into_active_model(),
        );
        publications.push(
            publication::Model { id: ctx.new_id(), document_id: id, version: versions, ..published.clone() }
                .into_active_model(),
        );
        paths.push(
            live_path::Model { id: ctx.new_id(), document_id: id, path: format!("/{slug}"), ..path.clone() }
                .into_active_model(),
        );
        referring.extend(
            references.iter().map(|row| reference::Model { document_id: id, ..row.clone() }.into_active_model()),
        );
    }
    document::Entity::insert_many(documents).exec_without_returning(&**tx).await.unwrap();
    version::Entity::insert_many(saves).exec_without_returning(&**tx).await.unwrap();
    overview::Entity::insert_many(overviews).exec_without_returning(&**tx).await.unwrap();
    findable::Entity::insert_many(findables).exec_without_returning(&**tx).await.unwrap();
    live_document::Entity::insert_many(lives).exec_without_returning(&**tx).await.unwrap();
    publication::Entity::insert_many(publications).exec_without_returning(&**tx).await.unwrap();
    live_path::Entity::insert_many(paths).exec_without_returning(&**tx).await.unwrap();
    reference::Entity::insert_many(referring).exec_without_returning(&**tx).await.unwrap();
    ids
}

//! Gathering bundles from a database: a little site with a past, written row by row.

use entity::{
    confirmation, document as document_row, live_document, live_path, media, publication, reference, rendition, site,
    version,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use serde_json::{Value, json};

use crate::{
    content::kinds::Kind,
    kernel::{Database, MediaId, PageToken, Sequence, Timestamp, VersionNumber},
    published::{At, Bundle, bundle, compose},
};

use super::{content, document, id, text};

/// A database in a directory that is removed with it.
struct Site {
    _directory: tempfile::TempDir,
    database: Database,
    rows: DatabaseConnection,
}

/// What a document is to the public from an event until another. The time of an event is ten times its sequence.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: u128,
    kind: Kind,
    version: i32,
    parent: Option<u128>,
    path: &'a str,
    state: &'a str,
    from: i64,
    until: Option<i64>,
}

impl<'a> Line<'a> {
    fn page(number: u128, path: &'a str) -> Self {
        Self { number, kind: Kind::RolePage, version: 1, parent: None, path, state: "live", from: 1, until: None }
    }

    fn section(number: u128, path: &'a str) -> Self {
        Self { kind: Kind::RequirementSection, ..Self::page(number, path) }
    }
}

impl Site {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("test.db").display());
        let database = Database::connect(&url, 2, true).await.unwrap();
        database.migrate().await.unwrap();
        let rows = sea_orm::Database::connect(&url).await.unwrap();
        let site = Self { _directory: directory, database, rows };
        site.put(site::Model {
            id: 1,
            epoch: "epoch".to_owned(),
            demo: false,
            page_token_key: "key".to_owned(),
            created_at: 0,
        })
        .await;
        site
    }

    async fn put<A: ActiveModelTrait>(&self, row: impl IntoActiveModel<A>) {
        <A::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(&self.rows).await.unwrap();
    }

    /// A document that was published once, and what it is now.
    async fn publish(&self, line: Line<'_>, value: Value) {
        let title = value["title"].as_str().unwrap().to_owned();
        self.put(document_row::Model {
            id: id(line.number),
            kind: line.kind.name().to_owned(),
            latest_version: line.version,
            draft_version: None,
            draft_state: None,
            draft_faults: None,
            submitted_by: None,
            approved_by: None,
            title: title.clone(),
            title_key: title.to_lowercase(),
            slug: slug(line.path),
            parent_id: line.parent.map(id),
            language: "en-GB".to_owned(),
            owner_id: None,
            review_by: None,
            last_reviewed_on: None,
            trashed_at: None,
            row_version: 1,
            created_at: 0,
            updated_at: 0,
            updated_by: None,
            updated_by_name: String::new(),
        })
        .await;
        self.put(live_document::Model {
            document_id: id(line.number),
            kind: line.kind.name().to_owned(),
            state: line.state.to_owned(),
            version: line.version,
            title_key: title.to_lowercase(),
            title,
            summary: value["summary"].as_str().unwrap_or_default().to_owned(),
            language: "en-GB".to_owned(),
            slug: Some(slug(line.path)),
            parent_id: line.parent.map(id),
            path: Some(line.path.to_owned()),
            notice: None,
            unpublish_decision: None,
            unpublish_target: None,
            unpublish_explanation: None,
            retrospective_version: None,
            retrospective_by: None,
            first_published_at: 10,
            published_at: line.from * 10,
            changed_sequence: 90,
            changed_at: 900,
        })
        .await;
        self.past(line, value).await;
        self.path(line).await;
    }

    /// A version with its publication.
    async fn past(&self, line: Line<'_>, value: Value) {
        let title = value["title"].as_str().unwrap().to_owned();
        self.put(version::Model {
            document_id: id(line.number),
            number: line.version,
            slug: slug(line.path),
            parent_id: line.parent.map(id),
            language: "en-GB".to_owned(),
            title,
            format: 1,
            content: content(line.kind, value).to_stored().unwrap(),
            content_hash: String::new(),
            created_at: 0,
            door: "api".to_owned(),
            actor_kind: "system".to_owned(),
            actor_id: None,
            actor_name: String::new(),
            actor_email: None,
            from_version: None,
            note: None,
            autosaved: false,
        })
        .await;
        self.publication(line).await;
    }

    async fn publication(&self, line: Line<'_>) {
        self.put(publication::Model {
            id: id(line.number * 1_000 + u128::try_from(line.from).unwrap()),
            document_id: id(line.number),
            version: line.version,
            state: line.state.to_owned(),
            change: "major".to_owned(),
            note: None,
            notice: (line.state == "withdrawn").then(|| "Out of date.".to_owned()),
            from_sequence: line.from,
            from_at: line.from * 10,
            until_sequence: line.until,
            until_at: line.until.map(|until| until * 10),
            suppressed_at: None,
        })
        .await;
    }

    async fn path(&self, line: Line<'_>) {
        self.put(live_path::Model {
            id: id(line.number * 1_000 + u128::try_from(line.from).unwrap()),
            path: line.path.to_owned(),
            document_id: id(line.number),
            from_sequence: line.from,
            from_at: line.from * 10,
            until_sequence: line.until,
            until_at: line.until.map(|until| until * 10),
        })
        .await;
    }

    async fn refer(&self, from: u128, role: &str, to: u128, since: i64, until: Option<i64>) {
        self.put(reference::Model {
            document_id: id(from),
            line: "live".to_owned(),
            role: role.to_owned(),
            target_id: id(to),
            from_sequence: since,
            target_kind: "document".to_owned(),
            from_at: since * 10,
            until_sequence: until,
            until_at: until.map(|until| until * 10),
        })
        .await;
    }

    async fn confirm(&self, number: u128, sequence: i64, review_by: &str) {
        self.put(confirmation::Model {
            document_id: id(number),
            sequence,
            version: Some(1),
            review_by: Some(review_by.to_owned()),
            last_reviewed_on: None,
            at: sequence * 10,
            actor_id: None,
            actor_name: String::new(),
        })
        .await;
    }

    async fn image(&self, number: u128, public_since: Option<i64>) {
        self.put(media::Model {
            id: id(number),
            filename: String::new(),
            media_type: "image/png".to_owned(),
            bytes: 1,
            width: 30,
            height: 20,
            sha256: String::new(),
            alt: None,
            caption: None,
            credit: None,
            focal_x: Some(0.25),
            focal_y: Some(0.75),
            replaced_by: None,
            public_since,
            row_version: 1,
            created_at: 0,
            created_by: None,
            created_by_name: String::new(),
        })
        .await;
        self.put(rendition::Model {
            key: format!("{number}-30.webp"),
            media_id: id(number),
            width: 30,
            height: 20,
            media_type: "image/webp".to_owned(),
            bytes: 1,
            sha256: String::new(),
        })
        .await;
    }

    async fn state(&self, number: u128, state: &str) {
        live_document::Entity::update_many()
            .col_expr(live_document::Column::State, Expr::value(state))
            .filter(live_document::Column::DocumentId.eq(id(number)))
            .exec(&self.rows)
            .await
            .unwrap();
    }

    async fn see(&self, number: u128, at: At) -> Option<Bundle> {
        let snapshot = self.database.read().await.unwrap();
        bundle(&*snapshot, document(number), at).await.unwrap()
    }

    async fn see_now(&self, number: u128) -> Bundle {
        self.see(number, At::Now).await.unwrap()
    }

    async fn see_then(&self, number: u128, time: i64) -> Bundle {
        self.see(number, At::Time(Timestamp(time))).await.unwrap()
    }
}

fn slug(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

fn titles(cards: &[crate::published::view::Card]) -> Vec<&str> {
    cards.iter().map(|card| card.title.as_str()).collect()
}

#[tokio::test]
async fn a_page_is_gathered_with_all_that_stands_in_it_and_nothing_that_is_not_live() {
    let site = Site::new().await;
    site.publish(Line::page(2, "/estates"), json!({"title": "Estates"})).await;
    site.state(2, "withdrawn").await;
    site.publish(Line { parent: Some(2), ..Line::page(3, "/estates/grounds") }, json!({"title": "Grounds"})).await;
    for (number, state) in [(5, "live"), (6, "withdrawn"), (7, "unpublished")] {
        let path = format!("/other-{number}");
        site.publish(Line::page(number, &path), json!({"title": "Other", "summary": "Short."})).await;
        site.state(number, state).await;
    }
    let tree = json!({"kind": "section", "requirement_section": id(9)});
    let link = json!([{"kind": "links", "links": [{"text": "Other", "document": id(7)}]}]);
    let inner = json!({"title": "Outer", "requirements": tree, "sections": [{"blocks": link}]});
    site.publish(Line::section(8, "/outer"), inner).await;
    let requirement = json!({"kind": "requirement", "text": "a check"});
    let withdrawn = Line { state: "withdrawn", ..Line::section(9, "/inner") };
    site.publish(withdrawn, json!({"title": "Inner", "requirements": requirement})).await;
    site.image(30, Some(4)).await;
    site.image(31, None).await;
    let page = json!({
        "title": "Porter",
        "lead_image": {"media": id(30), "alt": "A bed"},
        "sections": [{"blocks": [
            text(20, &format!("[one](ref:{})", id(6))),
            {"kind": "image", "media": id(31), "alt": "Not public"},
            {"kind": "requirements", "requirement_section": id(8)},
        ]}],
        "related_roles": [id(5), id(404)],
    });
    site.publish(Line { parent: Some(3), version: 4, ..Line::page(1, "/estates/grounds/porter") }, page).await;

    site.confirm(1, 3, "2027-01-01").await;
    site.confirm(1, 4, "2027-02-02").await;

    let seen = site.see_now(1).await;
    assert_eq!(titles(&seen.breadcrumbs), ["Estates", "Grounds"]);
    assert_eq!(seen.cards.keys().collect::<Vec<_>>(), [&document(5)]);
    assert_eq!(seen.cards[&document(5)].summary, "Short.");
    assert_eq!(seen.embedded.len(), 2);
    assert_eq!(seen.embedded[&document(9)].notice.as_deref(), Some("Out of date."));
    assert_eq!(seen.media.keys().collect::<Vec<_>>(), [&MediaId(id(30))]);
    assert_eq!(seen.media[&MediaId(id(30))].renditions[0].key, "30-30.webp");
    assert_eq!(seen.document.version, VersionNumber(4));
    assert_eq!(seen.document.review_by.as_deref(), Some("2027-02-02"));
    assert_eq!(seen.document.updated_at, Timestamp(900));
    let absent = [5, 6, 7, 404].map(document);
    assert!(absent.iter().all(|one| seen.depends_on.documents.contains(one)));
    let token = PageToken { document: document(1), version: VersionNumber(4), changed_sequence: Sequence(90) };
    assert_eq!(PageToken::verify(&seen.page_token, "key"), Some(token));
    let json = serde_json::to_value(compose(&seen)).unwrap();
    assert_eq!(json["sections"][0]["blocks"].as_array().unwrap().len(), 2);

    assert!(site.see(7, At::Now).await.is_none() && site.see(404, At::Now).await.is_none());
    assert!(site.see(6, At::Now).await.is_some(), "a withdrawn page can still be read");
}

#[tokio::test]
async fn a_page_of_the_past_is_as_the_public_saw_it_then() {
    let site = Site::new().await;
    let page = |version, from, until| Line { version, from, until, ..Line::page(1, "/new") };
    let embedding = json!([{"blocks": [{"kind": "requirements", "requirement_section": id(8)}]}]);
    let body = |title: &str| json!({"title": title, "sections": embedding, "related_roles": [id(5)]});
    site.publish(page(3, 40, None), body("Third")).await;
    site.past(Line { path: "/old", ..page(1, 10, Some(20)) }, body("First")).await;
    site.publication(Line { state: "withdrawn", ..page(1, 20, Some(25)) }).await;
    site.publication(page(1, 25, Some(30))).await;
    site.past(page(2, 30, Some(40)), body("Second")).await;
    site.path(Line { path: "/old", ..page(1, 10, Some(30)) }).await;
    site.path(Line { path: "/new-before", ..page(2, 30, Some(40)) }).await;
    let section = |version, from, until| Line { version, from, until, ..Line::section(8, "/checks") };
    site.publish(section(2, 27, None), json!({"title": "Now"})).await;
    site.past(section(1, 5, Some(27)), json!({"title": "Then"})).await;
    site.path(section(1, 5, Some(27))).await;
    let other = |version, from, until| Line { version, from, until, ..Line::page(5, "/other") };
    site.publish(other(2, 27, None), json!({"title": "Other now", "summary": "Now."})).await;
    site.past(other(1, 5, Some(27)), json!({"title": "Other then", "summary": "Then."})).await;
    site.path(other(1, 5, Some(27))).await;
    site.confirm(1, 11, "2027-01-01").await;
    site.confirm(1, 26, "2027-02-02").await;

    assert!(site.see(1, At::Time(Timestamp(99))).await.is_none(), "before it was published");
    let first = site.see_then(1, 100).await;
    assert_eq!((first.document.path.as_str(), first.document.slug.as_str()), ("/old", "old"));
    assert_eq!((first.document.content.title(), first.document.review_by), ("First", None));
    assert_eq!((first.document.published_at, first.document.updated_at), (Timestamp(100), Timestamp(100)));
    assert_eq!(first.embedded[&document(8)].content.title, "Then");
    assert_eq!(first.cards[&document(5)].summary, "Then.");

    let withdrawn = site.see_then(1, 200).await;
    assert_eq!(withdrawn.document.notice.as_deref(), Some("Out of date."));
    let reinstated = site.see_then(1, 299).await;
    assert_eq!(reinstated.document.notice, None);
    assert_eq!((reinstated.document.published_at, reinstated.document.updated_at), (Timestamp(100), Timestamp(250)));
    assert_eq!(reinstated.document.review_by.as_deref(), Some("2027-02-02"));
    assert_eq!(reinstated.embedded[&document(8)].version, VersionNumber(2));
    assert_eq!(reinstated.cards[&document(5)].title, "Other now");

    let second = site.see_then(1, 300).await;
    assert_eq!((second.document.content.title(), second.document.path.as_str()), ("Second", "/new-before"));
    let token = PageToken { document: document(1), version: VersionNumber(2), changed_sequence: Sequence(30) };
    assert_eq!(PageToken::verify(&second.page_token, "key"), Some(token));
    assert_eq!(site.see_then(1, 4_000).await.document.content.title(), "Third");

    publication::Entity::update_many()
        .col_expr(publication::Column::SuppressedAt, Expr::value(5_000))
        .filter(publication::Column::FromSequence.eq(30))
        .exec(&site.rows)
        .await
        .unwrap();
    assert!(site.see(1, At::Time(Timestamp(300))).await.is_none(), "suppressed");
    site.state(5, "unpublished").await;
    assert!(site.see_then(1, 100).await.cards.is_empty(), "what can't be read now has no past");
    site.state(1, "unpublished").await;
    assert!(site.see(1, At::Time(Timestamp(100))).await.is_none());
}

#[tokio::test]
async fn a_section_is_used_by_live_pages_directly_and_through_other_sections() {
    let site = Site::new().await;
    site.publish(Line::section(8, "/checks"), json!({"title": "Checks"})).await;
    site.publish(Line::section(9, "/all"), json!({"title": "All"})).await;
    for (number, title) in [(1, "Zoo keeper"), (2, "Écologist"), (3, "ecologist"), (4, "Was")] {
        let path = format!("/page-{number}");
        site.publish(Line::page(number, &path), json!({"title": title})).await;
    }
    site.refer(9, "tree", 8, 3, None).await;
    site.refer(1, "embed", 9, 3, None).await;
    site.refer(2, "embed", 8, 3, None).await;
    site.refer(3, "link", 8, 3, None).await;
    site.refer(3, "embed", 8, 6, None).await;
    site.refer(4, "embed", 8, 2, Some(5)).await;

    assert_eq!(titles(&site.see_now(8).await.used_by), ["ecologist", "Écologist", "Zoo keeper"]);
    assert_eq!(titles(&site.see_now(9).await.used_by), ["Zoo keeper"]);
    assert_eq!(titles(&site.see_then(8, 29).await.used_by), ["Was"]);
    assert_eq!(titles(&site.see_then(8, 40).await.used_by), ["Écologist", "Was", "Zoo keeper"]);
    site.state(2, "withdrawn").await;
    assert_eq!(titles(&site.see_now(8).await.used_by), ["ecologist", "Zoo keeper"]);
    assert!(site.see_now(1).await.used_by.is_empty());
}

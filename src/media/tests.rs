//! The library, as its commands are called. Documents stand in the tables as content writes them.

use std::{io::Cursor, sync::Arc};

use bytes::Bytes;
use entity::{document, event, live_document, media, reference};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    kernel::{
        Actor, Ctx, Database, Door, Error, IdempotencyClaim, ManualClock, MediaId, Permission, Permissions, Role,
        SeededChance, Timestamp, UserId, VersionNumber,
    },
    site,
};

use super::{
    FocalPoint, Listing, MAX_BYTES, Media, MediaChange, MediaKey, NewImage, Replaced, Store, add, by_ids, change,
    delete, file, get, list, replace, stocktake,
};

struct Place {
    ctx: Ctx,
    clock: Arc<ManualClock>,
    store: Store,
    _folder: TempDir,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("site.db").display());
        let database = Database::connect(&url, 3, true).await.unwrap();
        database.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
        let permissions: Permissions = Role::Editor.permissions().iter().copied().collect();
        let editor = UserId(Uuid::from_u128(1));
        let ctx = Ctx {
            actor: Actor::user(editor, "Ada".to_owned(), "ada@example.org".to_owned(), permissions),
            door: Door::Admin,
            database,
            clock: clock.clone(),
            chance: Arc::new(SeededChance::new(7)),
            request_id: None,
            idempotency: None,
        };
        let tx = ctx.write().await.unwrap();
        site::prepare(&tx, &ctx, false).await.unwrap();
        tx.commit(()).await.unwrap();
        Self { ctx, clock, store: Store::in_memory(), _folder: folder }
    }

    async fn add(&self, filename: &str) -> Media {
        self.clock.advance(Timestamp::SECOND);
        add(&self.ctx, &self.store, upload(filename)).await.unwrap()
    }

    /// A document that uses an image, or in which another document stands.
    async fn document(&self, title: &str, line: &str, role: &str, target: Uuid) -> Uuid {
        let id = self.ctx.new_id();
        let tx = self.ctx.write().await.unwrap();
        document::Entity::insert(document_row(id, title)).exec_without_returning(&*tx).await.unwrap();
        let live = line == "live";
        if live {
            live_document::Entity::insert(live_row(id, title)).exec_without_returning(&*tx).await.unwrap();
        }
        let row = reference::ActiveModel {
            document_id: Set(id),
            line: Set(line.to_owned()),
            role: Set(role.to_owned()),
            target_id: Set(target),
            from_sequence: Set(if live { 1 } else { 0 }),
            target_kind: Set(if role == "image" { "media" } else { "document" }.to_owned()),
            from_at: Set(0),
            until_sequence: Set(None),
            until_at: Set(None),
        };
        reference::Entity::insert(row).exec_without_returning(&*tx).await.unwrap();
        tx.commit(()).await.unwrap();
        id
    }

    async fn make_public(&self, id: MediaId) {
        let tx = self.ctx.write().await.unwrap();
        let mut row = media::Entity::find_by_id(id.0).one(&*tx).await.unwrap().unwrap().into_active_model();
        row.public_since = Set(Some(1));
        row.update(&*tx).await.unwrap();
        tx.commit(()).await.unwrap();
    }

    async fn events(&self) -> Vec<event::Model> {
        let snapshot = self.ctx.database.read().await.unwrap();
        event::Entity::find().order_by_asc(event::Column::Sequence).all(&*snapshot).await.unwrap()
    }

    async fn changed_sequence(&self, document: Uuid) -> i64 {
        let snapshot = self.ctx.database.read().await.unwrap();
        live_document::Entity::find_by_id(document).one(&*snapshot).await.unwrap().unwrap().changed_sequence
    }
}

fn document_row(id: Uuid, title: &str) -> document::ActiveModel {
    document::ActiveModel {
        id: Set(id),
        kind: Set("role-page".to_owned()),
        latest_version: Set(1),
        draft_version: Set(None),
        draft_state: Set(None),
        draft_faults: Set(None),
        submitted_by: Set(None),
        approved_by: Set(None),
        title: Set(title.to_owned()),
        title_key: Set(title.to_lowercase()),
        slug: Set(title.to_lowercase()),
        parent_id: Set(None),
        language: Set("en-GB".to_owned()),
        owner_id: Set(None),
        review_by: Set(None),
        last_reviewed_on: Set(None),
        trashed_at: Set(None),
        row_version: Set(1),
        created_at: Set(0),
        updated_at: Set(0),
        updated_by: Set(None),
        updated_by_name: Set("Ada".to_owned()),
    }
}

fn live_row(id: Uuid, title: &str) -> live_document::ActiveModel {
    live_document::ActiveModel {
        document_id: Set(id),
        kind: Set("role-page".to_owned()),
        state: Set("live".to_owned()),
        version: Set(1),
        title: Set(title.to_owned()),
        title_key: Set(title.to_lowercase()),
        summary: Set(String::new()),
        language: Set("en-GB".to_owned()),
        slug: Set(Some(title.to_lowercase())),
        parent_id: Set(None),
        path: Set(Some(format!("/{}", title.to_lowercase()))),
        notice: Set(None),
        unpublish_decision: Set(None),
        unpublish_target: Set(None),
        unpublish_explanation: Set(None),
        retrospective_version: Set(None),
        retrospective_by: Set(None),
        first_published_at: Set(0),
        published_at: Set(0),
        changed_sequence: Set(0),
        changed_at: Set(0),
    }
}

fn picture() -> Bytes {
    let pixels =
        RgbImage::from_fn(400, 200, |x, y| Rgb([x.try_into().unwrap_or(255), y.try_into().unwrap_or(255), 90]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner().into()
}

fn upload(filename: &str) -> NewImage {
    NewImage {
        filename: filename.to_owned(),
        bytes: picture(),
        alt: Some("A nurse\nat work".to_owned()),
        caption: Some("  ".to_owned()),
        credit: None,
        focal_point: Some(FocalPoint { x: 0.25, y: 1.0 }),
    }
}

fn everything() -> Listing {
    Listing { limit: 10, ..Listing::default() }
}

fn faults(error: Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(faults) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_upload_becomes_an_image_with_files() {
    let place = Place::new().await;
    let media = place.add("C:\\fakepath\\Nurse.png").await;
    assert_eq!((media.filename.as_str(), media.media_type.as_str()), ("Nurse.png", "image/png"));
    assert_eq!((media.width, media.height, media.bytes), (400, 200, i64::try_from(picture().len()).unwrap()));
    assert_eq!((media.alt.as_deref(), media.caption.as_deref()), (Some("A nurse at work"), None));
    assert_eq!((media.public, media.version.0, media.created_by.name.as_str()), (false, 1, "Ada"));
    assert_eq!(get(&place.ctx, media.id).await.unwrap(), media);

    let plain = media.id.to_string().replace('-', "");
    let files: Vec<(&str, u32, &str)> =
        media.renditions.iter().map(|one| (one.key.as_str(), one.width, one.media_type.as_str())).collect();
    let keys = [format!("{plain}-320.webp"), format!("{plain}-400.webp"), format!("{plain}-400.jpg")];
    assert_eq!(files, [(&*keys[0], 320, "image/webp"), (&*keys[1], 400, "image/webp"), (&*keys[2], 400, "image/jpeg")]);
    let events = place.events().await;
    assert_eq!((events.len(), events[0].kind.as_str(), events[0].public), (1, "media_added", false));
    assert_eq!(serde_json::to_value(&media).unwrap()["renditions"][2]["type"], "image/jpeg");

    // The same upload is another image, and can be found by its hash.
    let twin = place.add("nurse.png").await;
    assert_ne!(twin.id, media.id);
    let twins = list(&place.ctx, &Listing { sha256: Some(media.sha256.clone()), ..everything() }).await.unwrap();
    assert_eq!(twins.rows, [twin, media]);
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_named() {
    let place = Place::new().await;
    let bad = NewImage {
        filename: "/".to_owned(),
        alt: Some("x".repeat(1_001)),
        focal_point: Some(FocalPoint { x: f64::NAN, y: 0.5 }),
        ..upload("x")
    };
    let found = faults(add(&place.ctx, &place.store, bad).await.unwrap_err());
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/filename", "/alt", "/focal_point"]);
    let text = NewImage { bytes: Bytes::from_static(b"<svg/>"), ..upload("x.png") };
    let found = faults(add(&place.ctx, &place.store, text).await.unwrap_err());
    assert_eq!(found, [("/file".to_owned(), "unknown-format".to_owned())]);
    let large = NewImage { bytes: Bytes::from(vec![0; MAX_BYTES + 1]), ..upload("x.png") };
    let refused = add(&place.ctx, &place.store, large).await.unwrap_err();
    assert!(matches!(refused, Error::TooLarge { limit: MAX_BYTES }));
    assert!(place.store.list().await.unwrap().is_empty() && place.events().await.is_empty());
}

#[tokio::test]
async fn only_those_who_may_write_media_change_the_library() {
    let place = Place::new().await;
    let media = place.add("a.png").await;
    let permissions: Permissions = Role::Triager.permissions().iter().copied().collect();
    let actor = Actor::user(UserId(Uuid::from_u128(2)), "Tom".to_owned(), "tom@example.org".to_owned(), permissions);
    let ctx = Ctx { actor, ..place.ctx.clone() };
    let forbidden = |error: Error| matches!(error, Error::Forbidden(Permission::MediaWrite));
    assert!(forbidden(add(&ctx, &place.store, upload("x.png")).await.unwrap_err()));
    assert!(forbidden(change(&ctx, media.id, media.version, MediaChange::default()).await.unwrap_err()));
    assert!(forbidden(replace(&ctx, &place.store, media.id, media.version, upload("x.png")).await.unwrap_err()));
    assert!(forbidden(delete(&ctx, &place.store, media.id, media.version).await.unwrap_err()));
    assert!(get(&ctx, media.id).await.is_ok());
    let visitor = Ctx { actor: Actor::visitor(), ..place.ctx.clone() };
    assert!(get(&visitor, media.id).await.is_err() && list(&visitor, &everything()).await.is_err());
}

#[tokio::test]
async fn a_file_is_public_once_a_publication_has_used_its_image() {
    let place = Place::new().await;
    let media = place.add("a.png").await;
    let key = media.renditions[0].key.as_str();
    let ask = async |key: &str, public_only: bool| {
        let snapshot = place.ctx.database.read().await.unwrap();
        file(&place.store, &*snapshot, key, public_only).await.unwrap()
    };
    assert!(ask(key, true).await.is_none());
    let sent = ask(key, false).await.unwrap();
    assert_eq!(
        (sent.media_type.as_str(), i64::try_from(sent.bytes.len()).unwrap()),
        ("image/webp", media.renditions[0].bytes)
    );
    place.make_public(media.id).await;
    assert_eq!(ask(key, true).await.unwrap().sha256, sent.sha256);
    for unknown in ["x-320.webp", "../site.db", "", "x"] {
        assert!(ask(unknown, false).await.is_none(), "{unknown}");
    }
    let key = MediaKey::new(key).unwrap();
    place.store.delete(&key).await.unwrap();
    let snapshot = place.ctx.database.read().await.unwrap();
    assert!(matches!(file(&place.store, &*snapshot, key.as_str(), true).await, Err(Error::Bug(_))));
}

#[tokio::test]
async fn words_change_no_document_and_the_focal_point_those_that_show_the_image() {
    let place = Place::new().await;
    let media = place.add("a.png").await;
    let section = place.document("Section", "live", "image", media.id.0).await;
    let inner = place.document("Outer", "live", "tree", section).await;
    let page = place.document("Page", "live", "embed", inner).await;
    let draft = place.document("Draft", "draft", "image", media.id.0).await;
    let linking = place.document("Linking", "live", "related", section).await;
    let elsewhere = MediaChange { focal_point: Some(Some(FocalPoint { x: 0.5, y: 0.5 })), ..MediaChange::default() };

    // Nothing has been published with it as far as the image knows.
    let media = change(&place.ctx, media.id, media.version, elsewhere).await.unwrap();
    assert_eq!((media.version.0, media.focal_point), (2, Some(FocalPoint { x: 0.5, y: 0.5 })));
    place.make_public(media.id).await;
    let words = MediaChange { alt: Some(None), credit: Some(Some("NHS".to_owned())), ..MediaChange::default() };
    let media = change(&place.ctx, media.id, media.version, words).await.unwrap();
    assert_eq!((media.alt.as_deref(), media.credit.as_deref()), (None, Some("NHS")));
    let events = place.events().await;
    assert!(events.iter().all(|event| !event.public && event.affected == "[]"));
    assert_eq!(events[2].payload, r#"{"fields":["alt","credit"]}"#);

    let none = MediaChange { focal_point: Some(None), ..MediaChange::default() };
    let media = change(&place.ctx, media.id, media.version, none.clone()).await.unwrap();
    assert_eq!(media.focal_point, None);
    let event = place.events().await.pop().unwrap();
    assert_eq!((event.kind.as_str(), event.public), ("media_changed", true));
    let mut affected: Vec<Uuid> = serde_json::from_str(&event.affected).unwrap();
    affected.sort();
    let mut expected = [section, inner, page];
    expected.sort();
    assert_eq!(affected, expected);
    for document in expected {
        assert_eq!(place.changed_sequence(document).await, event.sequence);
    }
    assert_eq!(place.changed_sequence(linking).await, 0);
    assert_ne!(draft, page);

    // The same again is no change; from an old version it is refused.
    assert_eq!(change(&place.ctx, media.id, media.version, none.clone()).await.unwrap(), media);
    assert_eq!(place.events().await.len(), 4);
    let Error::Stale(stale) = change(&place.ctx, media.id, VersionNumber(1), none).await.unwrap_err() else {
        panic!("an old version was accepted");
    };
    assert_eq!((stale.version, stale.current.unwrap()["filename"].as_str()), (Some(4), Some("a.png")));
}

#[tokio::test]
async fn a_replacement_is_another_image_and_names_who_shows_the_old_one() {
    let place = Place::new().await;
    let old = place.add("old.png").await;
    place.document("Ward", "live", "image", old.id.0).await;
    place.document("Aids", "draft", "image", old.id.0).await;
    let claim = IdempotencyClaim { key: "a".to_owned(), request_digest: "digest".to_owned() };
    let ctx = Ctx { idempotency: Some(claim), ..place.ctx.clone() };
    let Replaced { media, uses } = replace(&ctx, &place.store, old.id, old.version, upload("new.png")).await.unwrap();
    let earlier: Replaced = serde_json::from_value(ctx.earlier_outcome().await.unwrap().unwrap()).unwrap();
    assert_eq!((&earlier.media, &earlier.uses), (&media, &uses));
    let told: Vec<(&str, bool, bool)> = uses.iter().map(|one| (one.title.as_str(), one.draft, one.live)).collect();
    assert_eq!(told, [("Aids", true, false), ("Ward", false, true)]);
    let old = get(&place.ctx, old.id).await.unwrap();
    assert_eq!((old.replaced_by, old.version.0), (Some(media.id), 2));
    let kinds: Vec<String> = place.events().await.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["media_added", "media_added", "media_changed"]);
    let again = replace(&place.ctx, &place.store, old.id, old.version, upload("newer.png")).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { code: "already-replaced", .. }));

    // Once the replacement is gone, the old image can be replaced again.
    delete(&place.ctx, &place.store, media.id, media.version).await.unwrap();
    let old = get(&place.ctx, old.id).await.unwrap();
    assert_eq!((old.replaced_by, old.version.0), (None, 3));
}

#[tokio::test]
async fn an_image_is_deleted_only_while_nothing_needs_it() {
    let place = Place::new().await;
    let used = place.add("used.png").await;
    place.document("Ward", "draft", "image", used.id.0).await;
    let Error::Conflict { code, faults, .. } =
        delete(&place.ctx, &place.store, used.id, used.version).await.unwrap_err()
    else {
        panic!("it was deleted")
    };
    assert_eq!((code, faults.len(), faults[0].detail.contains("Ward")), ("still-used", 1, true));
    let seen = place.add("seen.png").await;
    place.make_public(seen.id).await;
    let refused = delete(&place.ctx, &place.store, seen.id, seen.version).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "was-public", .. }));
    let free = place.add("free.png").await;
    let stale = delete(&place.ctx, &place.store, free.id, VersionNumber(9)).await.unwrap_err();
    assert!(matches!(stale, Error::Stale(_)));
    delete(&place.ctx, &place.store, free.id, free.version).await.unwrap();
    assert!(matches!(get(&place.ctx, free.id).await, Err(Error::NotFound(_))));
    assert_eq!(place.store.list().await.unwrap().len(), used.renditions.len() + seen.renditions.len());
    assert_eq!(place.events().await.pop().unwrap().kind, "media_deleted");
}

#[tokio::test]
async fn the_library_is_listed_newest_first_and_searched_by_words() {
    let place = Place::new().await;
    let mut added = Vec::new();
    for name in ["Nurse_1.png", "nurse 2.png", "Éclair 100%.png"] {
        added.push(place.add(name).await);
    }
    let page = list(&place.ctx, &Listing { limit: 2, ..everything() }).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.total), (&[added[2].clone(), added[1].clone()][..], 3));
    let rest = list(&place.ctx, &Listing { limit: 2, after: page.next, ..everything() }).await.unwrap();
    assert_eq!((rest.rows, rest.next, rest.total), (vec![added[0].clone()], None, 3));

    let searches =
        [("NURSE", 3), ("png nurse_", 1), ("100%", 1), ("%", 1), ("Éclair", 1), ("\\", 0), ("work 2", 1), ("zebra", 0)];
    for (words, expected) in searches {
        let found = list(&place.ctx, &Listing { words: Some(words.to_owned()), ..everything() }).await.unwrap();
        assert_eq!(found.total, expected, "{words}");
    }
    let ids = [added[0].id, MediaId(Uuid::nil())].into();
    let found = by_ids(&*place.ctx.database.read().await.unwrap(), &ids).await.unwrap();
    assert_eq!(found.into_values().collect::<Vec<_>>(), [added[0].clone()]);
}

#[tokio::test]
async fn a_stocktake_finds_what_is_left_over_and_what_is_lost() {
    let place = Place::new().await;
    let media = place.add("a.png").await;
    let lost = MediaKey::new(media.renditions[1].key.clone()).unwrap();
    let stray = MediaKey::new("stray-320.webp").unwrap();
    place.store.delete(&lost).await.unwrap();
    place.store.put(&stray, Bytes::from_static(b"abc")).await.unwrap();
    let found = stocktake(&place.store, &*place.ctx.database.read().await.unwrap()).await.unwrap();
    assert_eq!((found.orphaned, found.missing), (vec![(stray, 3)], vec![lost.to_string()]));
}

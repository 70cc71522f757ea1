//! The media library: uploading, describing, finding, replacing, deleting.

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;
use serde_json::json;

use super::{Browser, well_formed};
use crate::support::{Answer, TestApp, id_of, uploads::picture};

/// A file for a form: the field, its name, its bytes.
type File<'a> = (&'a str, &'a str, &'a [u8]);

impl Browser {
    /// Sends a form with files.
    async fn send_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
            body.extend(head.bytes());
            body.extend(b"Content-Type: image/png\r\n\r\n");
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=b")];
        let answer = self.send(Method::POST, path, &headers, body).await;
        if answer.headers.get("content-type").is_some_and(|value| value.as_bytes().starts_with(b"text/html")) {
            well_formed(&answer.text(), path);
        }
        answer
    }

    /// Uploads files that are all accepted, and answers the page on which they are described.
    async fn upload(&mut self, files: &[File<'_>]) -> String {
        let answer = self.send_files("/admin/media/new", &[], files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let location = answer.header("location").to_owned();
        self.page(&location).await
    }
}

/// The ids of the pictures that a page asks to describe.
fn described(page: &str) -> Vec<String> {
    let ids = page.split("name=\"ids\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    ids.split(',').map(str::to_owned).collect()
}

#[tokio::test]
async fn several_pictures_are_uploaded_and_described_in_one_go() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let page = ada
        .upload(&[("files", "ward.png", &picture(400, 200, 10)), ("files", "bed.png", &picture(200, 300, 20))])
        .await;
    assert!(page.contains("2 pictures were added."), "{page}");
    let ids = described(&page);
    assert_eq!(ids.len(), 2);
    let joined = ids.join(",");
    let names: Vec<String> =
        ids.iter().flat_map(|id| ["version", "alt", "caption", "credit"].map(|name| format!("{name}-{id}"))).collect();
    let long = "a".repeat(1_001);
    let mut fields = vec![("ids", joined.as_str())];
    let values = ["1", "A ward at night", "", "Ada", "1", &long, "Kept in full", ""];
    fields.extend(names.iter().map(String::as_str).zip(values));

    // One is too long: what was typed stays, and the other one is saved.
    let refused = ada.post("/admin/media/describe", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    for kept in ["A ward at night", "Kept in full", &long, &format!("href=\"#f-alt-{}\"", ids[1])] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert!(page.contains(&format!("name=\"version-{}\" value=\"2\"", ids[0])), "{page}");

    for (name, value) in &mut fields {
        if *name == names[0] {
            *value = "2";
        } else if *name == names[5] {
            *value = "A bed";
        }
    }
    let page = ada.submit("/admin/media/describe", &fields).await;
    assert!(page.contains("The words of 2 pictures were saved."), "{page}");
    assert!(page.contains("A ward at night") && page.contains("A bed"), "{page}");
}

#[tokio::test]
async fn a_file_that_is_refused_is_named_and_takes_nothing_with_it() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let fine = picture(300, 300, 10);
    let cut = &fine[..fine.len() / 2];
    let script = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let markup = b"<!doctype html><script>alert(1)</script>";
    let files: [File<'_>; 5] = [
        ("files", "cut.png", cut),
        ("files", "picture.png", script),
        ("files", "page.jpg", markup),
        ("files", "fine.png", &fine),
        ("files", "nothing.png", b""),
    ];
    let answer = ada.send_files("/admin/media/new", &[], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    assert_eq!(page.matches("was not added.").count(), 4 + 1, "in the summary, and the first at the field: {page}");
    for expected in [
        "“cut.png” was not added. The image is damaged",
        "“picture.png” was not added. The file is not a JPEG, PNG, WebP or GIF image.",
        "“page.jpg” was not added. The file is not a JPEG",
        "“nothing.png” was not added. The file is empty.",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert_eq!(described(&page).len(), 1);
    let library = ada.page("/admin/media").await;
    assert!(library.contains("fine.png") && library.contains("1 picture<"), "{library}");

    let none = ada.send_files("/admin/media/new", &[], &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choose at least one file."));
}

#[tokio::test]
async fn limits_are_named() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let large = vec![0; 20 * 1024 * 1024 + 1];
    let answer = ada.send_files("/admin/media/new", &[], &[("files", "large.png", &large)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("“large.png” was not added. The file is larger than 20 MB."), "{}", answer.text());
    let api = app.person("Una", &[Role::Administrator]).await;
    api.send_file("/manage/v1/media", "large.png", &large, &[]).await.problem(413);
    // The head of a PNG that promises 50,000 × 50,000 pixels.
    let mut wide = picture(4, 4, 1);
    wide[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let checksum = crc32(&wide[12..29]);
    wide[29..33].copy_from_slice(&checksum.to_be_bytes());
    let answer = ada.send_files("/admin/media/new", &[], &[("files", "wide.png", &wide)]).await;
    assert!(answer.text().contains("more than 50 megapixels"), "{}", answer.text());
    let answer =
        ada.send_files("/admin/media/new", &[], &[("files", "a.png", &large), ("files", "b.png", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("More than 21 MB were sent"), "{}", answer.text());
}

/// The checksum of a PNG's chunk (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

#[tokio::test]
async fn a_file_that_is_there_is_offered_and_added_again_only_if_asked() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let file = picture(300, 300, 10);
    let first = described(&ada.upload(&[("files", "ward.png", &file), ("files", "ward copy.png", &file)]).await);
    assert_eq!(first.len(), 1, "chosen twice, added once");
    let page = ada.upload(&[("files", "again.png", &file)]).await;
    assert!(page.contains("The library already has") && page.contains(&format!("/admin/media/{}", first[0])), "{page}");
    assert!(page.contains("No picture was added."), "{page}");
    let answer = ada.send_files("/admin/media/new", &[("again", "true")], &[("files", "again.png", &file)]).await;
    let page = ada.page(answer.header("location")).await;
    assert_ne!(described(&page), first);
}

#[tokio::test]
async fn the_library_is_searched_filtered_ordered_and_paged() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let mut bob = app.signed_in("Bob", &[Role::Editor]).await;
    let used = api.upload("Ward.png", 40, 40, "A ward").await;
    api.upload("bed.png", 50, 40, "").await;
    let document = json!({ "content": { "title": "Porter", "lead_image": { "media": used, "alt": "A porter" } } });
    api.create("role-pages", &document).await;
    bob.upload(&[("files", "mine.png", &picture(30, 30, 1))]).await;

    let all = bob.page("/admin/media").await;
    assert!(all.contains("3 pictures") && all.contains("used in 1 document") && all.contains("No alternative text"));
    for (query, there, absent) in [
        ("q=WARD", vec!["Ward.png"], vec!["bed.png", "mine.png"]),
        ("without_alt=true", vec!["bed.png", "mine.png"], vec!["Ward.png"]),
        ("unused=true", vec!["bed.png", "mine.png"], vec!["Ward.png"]),
        ("mine=true", vec!["mine.png"], vec!["Ward.png", "bed.png"]),
        ("q=&sort=filename&view=grid", vec!["Ward.png", "bed.png", "mine.png"], vec!["<table"]),
    ] {
        let page = bob.page(&format!("/admin/media?{query}")).await;
        for name in there {
            assert!(page.contains(name), "{query}: {name}: {page}");
        }
        for name in absent {
            assert!(!page.contains(name), "{query}: {name}: {page}");
        }
    }
    let place = |page: &str, name: &str| page.find(&format!("{name}</a>")).unwrap();
    let by_name = bob.page("/admin/media?sort=filename").await;
    assert!(
        place(&by_name, "bed.png") < place(&by_name, "mine.png")
            && place(&by_name, "mine.png") < place(&by_name, "Ward.png")
    );
    assert!(by_name.contains("aria-sort=\"ascending\""));
    assert!(bob.page("/admin/media?q=zebra").await.contains("No picture fits."));

    for number in 0..48_u8 {
        api.upload(&format!("many-{number:02}.png"), 10, 10, "One of many").await;
    }
    for sort in ["-created_at", "created_at", "filename", "-filename", "bytes", "-bytes"] {
        let (mut address, mut names) = (format!("/admin/media?sort={sort}"), Vec::new());
        loop {
            let page = bob.page(&address).await;
            names.extend(
                page.split("</a>")
                    .filter_map(|part| part.rsplit('>').next())
                    .filter(|name| name.ends_with(".png"))
                    .map(str::to_owned),
            );
            let Some(next) = page.split("Next page").next().filter(|_| page.contains("Next page")) else { break };
            address = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
        }
        assert_eq!(names.len(), 51, "{sort}");
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 51, "{sort}: every picture stands once");
    }
}

#[tokio::test]
async fn what_is_said_about_a_picture_is_changed_and_kept_when_refused() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let id = api.upload("ward.png", 300, 100, "A ward").await;
    let mut bob = app.signed_in("Bob", &[Role::Editor]).await;
    let path = format!("/admin/media/{id}");
    let page = bob.page(&path).await;
    assert!(page.contains("How to write it") && page.contains("No document uses it"), "{page}");
    assert!(!page.contains("<circle"), "there is no focal point yet");

    let fields = [
        ("version", "1"),
        ("filename", "ward.png"),
        ("alt", "A quiet ward"),
        ("caption", "At night"),
        ("credit", "Bob"),
    ];
    let with = |x, y| [&fields[..], &[("focal_x", x), ("focal_y", y)]].concat();
    for (x, y) in [("40", ""), ("much", "10"), ("140", "10")] {
        let refused = bob.post(&path, &with(x, y)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{x} {y}");
        let page = refused.text();
        assert!(
            page.contains("href=\"#f-focal_")
                && page.contains("A quiet ward")
                && page.contains(&format!("value=\"{x}\"")),
            "{page}"
        );
    }
    let page = bob.submit(&path, &with("33.3", "50")).await;
    assert!(page.contains("was saved") && page.contains("A quiet ward") && page.contains("value=\"33.3\""), "{page}");
    assert!(page.contains("<circle"), "{page}");

    // The form was opened before somebody else saved.
    let mut stale = with("33.3", "50");
    stale[2] = ("alt", "A loud ward");
    let refused = bob.post(&path, &stale).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let page = refused.text();
    assert!(page.contains("A loud ward") && page.contains("A quiet ward"), "{page}");
    assert!(page.contains("name=\"version\" value=\"2\""), "{page}");
    stale[0] = ("version", "2");
    assert!(bob.submit(&path, &stale).await.contains("A loud ward"));
}

#[tokio::test]
async fn a_focal_point_that_nobody_touched_stays_exact() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let id = api.upload("ward.png", 300, 100, "A ward").await;
    let address = format!("/manage/v1/media/{id}");
    api.at(Method::PATCH, &address, 1, &json!({ "focal_point": { "x": 0.123456, "y": 1.0 } })).await.ok();
    let mut bob = app.signed_in("Bob", &[Role::Editor]).await;
    let fields =
        [("version", "2"), ("filename", "ward.png"), ("alt", "Other words"), ("focal_x", "12.3"), ("focal_y", "100")];
    bob.submit(&format!("/admin/media/{id}"), &fields).await;
    let media = api.get(&address).await.ok();
    assert_eq!((&media["focal_point"]["x"], &media["alt"]), (&json!(0.123456), &json!("Other words")));
}

#[tokio::test]
async fn files_are_for_people_who_are_signed_in_and_load_nothing() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let id = api.upload("ward.png", 300, 100, "A ward").await;
    let key = format!("{}-300.webp", id.replace('-', ""));
    let path = format!("/admin/media/{id}/files/{key}");
    let mut bob = app.signed_in("Bob", &[Role::Triager]).await;
    assert!(bob.page(&format!("/admin/media/{id}")).await.contains(&path));
    let file = bob.get(&path).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/webp"));
    assert!(file.header("cache-control").starts_with("private, "));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").starts_with("default-src 'none'; frame-ancestors"));
    assert!(file.body.starts_with(b"RIFF"));
    assert_eq!(app.browser().get(&path).await.status, StatusCode::SEE_OTHER);
    let other = api.upload("bed.png", 300, 101, "A bed").await;
    assert_eq!(bob.get(&format!("/admin/media/{other}/files/{key}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn replacing_makes_drafts_and_changes_nothing_that_is_live() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let id = api.upload("old.png", 300, 100, "A ward").await;
    let document = json!({
        "slug": "porter",
        "content": {
            "title": "Porter",
            "summary": "Porters move people.",
            "lead_image": { "media": id, "alt": "A porter" },
            "sections": [{ "blocks": [{ "kind": "text", "markdown": "Porters know every corridor." }] }],
        },
    });
    let path = api.publish_new("role-pages", &document).await;
    let mut bob = app.signed_in("Bob", &[Role::Editor]).await;
    let replace = format!("/admin/media/{id}/replace");
    let page = bob.page(&replace).await;
    assert!(
        page.contains("1 draft is made") && page.contains(&format!("/admin/role-pages/{}", id_of(&path))),
        "{page}"
    );

    let refused = bob
        .send_files(&replace, &[("version", "1"), ("alt", "Typed words")], &[("file", "x.png", b"no picture")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Typed words") && refused.text().contains("href=\"#f-file\""));
    let none = bob.send_files(&replace, &[("version", "1"), ("alt", "Typed words")], &[]).await;
    assert!(none.text().contains("Choose the picture that takes the place"), "{}", none.text());

    let file = picture(200, 200, 50);
    let stale =
        bob.send_files(&replace, &[("version", "7"), ("alt", "Other words")], &[("file", "new.png", &file)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Other words") && stale.text().contains("name=\"version\" value=\"1\""));
    let words = [("version", "1"), ("alt", "Another ward")];
    let done = bob.send_files(&replace, &words, &[("file", "new.png", &file)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = bob.page(done.header("location")).await;
    assert!(page.contains("1 draft was made") && page.contains("Another ward"), "{page}");
    let draft = api.get(&path).await.ok();
    assert_eq!((&draft["draft_state"], &draft["content"]["lead_image"]["alt"]), (&json!("draft"), &json!("A porter")));
    assert_ne!(draft["content"]["lead_image"]["media"], json!(id));
    let live = app.nobody().get("/api/v1/role-pages/porter").await.text();
    assert!(live.contains(&id.replace('-', "")), "{live}");

    let old = bob.page(&format!("/admin/media/{id}")).await;
    assert!(old.contains("has been replaced") && !old.contains("Replace…"), "{old}");
    let again = bob.send_files(&replace, &[("version", "2")], &[("file", "new.png", &file)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("replaced already"));
}

#[tokio::test]
async fn a_picture_is_deleted_only_while_nothing_uses_it() {
    let app = TestApp::new().await;
    let api = app.administrator().await;
    let used = api.upload("used.png", 30, 30, "A ward").await;
    api.create(
        "role-pages",
        &json!({ "content": { "title": "Porter", "lead_image": { "media": used, "alt": "A porter" } } }),
    )
    .await;
    let free = api.upload("free.png", 31, 30, "A bed").await;
    let mut bob = app.signed_in("Bob", &[Role::Editor]).await;

    assert!(!bob.page(&format!("/admin/media/{used}")).await.contains("Delete…"));
    let path = format!("/admin/media/{used}/delete");
    let page = bob.page(&path).await;
    assert!(page.contains("can&#39;t be deleted") || page.contains("can't be deleted"), "{page}");
    assert!(page.contains("Porter") && !page.contains("Delete for good"), "{page}");
    let refused = bob.post(&path, &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("“Porter”"), "{}", refused.text());

    let path = format!("/admin/media/{free}/delete");
    assert!(bob.page(&format!("/admin/media/{free}")).await.contains("Delete…"));
    assert!(bob.page(&path).await.contains("Delete for good"));
    let stale = bob.post(&path, &[("version", "7")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Delete for good"), "{}", stale.text());
    assert!(bob.submit(&path, &[("version", "1")]).await.contains("free.png was deleted."));
    assert_eq!(bob.get(&format!("/admin/media/{free}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_may_only_read_sees_no_way_to_change() {
    let app = TestApp::new().await;
    let id = app.administrator().await.upload("ward.png", 30, 30, "A ward").await;
    let mut tom = app.signed_in("Tom", &[Role::Triager]).await;
    let (library, detail) = (tom.page("/admin/media").await, tom.page(&format!("/admin/media/{id}")).await);
    assert!(library.contains("ward.png") && !library.contains("/admin/media/new"));
    assert!(detail.contains("A ward"));
    for absent in ["Replace…", "Delete…", "name=\"alt\""] {
        assert!(!detail.contains(absent), "{absent}");
    }
    let file = picture(30, 30, 1);
    let refused = tom.send_files("/admin/media/new", &[], &[("files", "a.png", &file)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

//! One's own account, and keys.

use axum::http::{Method, StatusCode};
use rolebook::{
    accounts::users,
    kernel::{Role, Timestamp},
};

use super::{super::PASSWORD, send, shown};
use crate::{panel::html::fields_of, support::TestApp};

const PROFILE: &str = "/admin/profile";
const OTHER: &str = "wet paint on the stairs";

#[tokio::test]
async fn everybody_writes_their_own_name_and_nothing_else() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = ed.page(PROFILE).await;
    assert!(page.contains("ed@rolebook.test") && page.contains("Writes pages and sections"), "{page}");
    let page = ed.submit(PROFILE, &[("version", "1"), ("name", "Edmund")]).await;
    assert!(page.contains("Your name is kept.") && page.contains("value=\"Edmund\""), "{page}");
    let stale = ed.post(PROFILE, &[("version", "1"), ("name", "Teddy")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("value=\"Teddy\"") && stale.text().contains("Edmund"));
    let refused = ed.post(PROFILE, &[("version", "2"), ("name", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let more = ed.post(PROFILE, &[("version", "2"), ("name", "Ed"), ("roles", "administrator")]).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    let user = users::get(&app.system(), ed.user.unwrap()).await.unwrap();
    assert_eq!((user.name.as_str(), user.roles), ("Edmund", [Role::Editor].into()));
}

#[tokio::test]
async fn a_new_password_needs_the_present_one_and_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let mut telephone = ed.clone();
    telephone.cookies.clear();
    telephone.sign_in().await;
    let address = "/admin/profile/password";
    for (present, new, field) in [("not the password", OTHER, "present_password"), (PASSWORD, "short", "password")] {
        let refused = ed.post(address, &[("version", "1"), ("present_password", present), ("password", new)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(page.contains(&format!("href=\"#f-{field}\"")), "{page}");
        assert!(!page.contains(&format!("value=\"{present}\"")) && !page.contains(&format!("value=\"{new}\"")));
    }
    let page = ed.submit(address, &[("version", "1"), ("present_password", PASSWORD), ("password", OTHER)]).await;
    assert!(page.contains("Your new password is set"), "{page}");
    assert_eq!(telephone.get("/admin").await.status, StatusCode::SEE_OTHER);
    let sign_in = |password: &'static str| vec![("email", "ed@rolebook.test"), ("password", password)];
    assert_eq!(app.browser().post("/admin/sign-in", &sign_in(PASSWORD)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.browser().post("/admin/sign-in", &sign_in(OTHER)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn ones_own_address_changes_with_the_present_password() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    app.signed_in("Eve", &[Role::Editor]).await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let address = "/admin/profile/email";
    for (email, present, field) in [
        ("edmund@rolebook.test", "not the password", "password_for_email"),
        ("edmund", PASSWORD, "email"),
        ("EVE@rolebook.test", PASSWORD, "email"),
    ] {
        let fields = [("version", "1"), ("email", email), ("password_for_email", present)];
        let refused = ed.post(address, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(
            page.contains(&format!("href=\"#f-{field}\"")) && page.contains(&format!("value=\"{email}\"")),
            "{page}"
        );
        assert!(!page.contains(&format!("value=\"{present}\"")), "{page}");
    }
    let fields = [("version", "1"), ("email", " Edmund@Rolebook.test"), ("password_for_email", PASSWORD)];
    let page = ed.submit(address, &fields).await;
    assert!(page.contains("From now on you sign in with edmund@rolebook.test."), "{page}");
    assert!(page.contains("Nobody signs in with ed@rolebook.test any more."), "{page}");
    let stale = ed.post(address, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text());
    let sign_in = |email: &'static str| vec![("email", email), ("password", PASSWORD)];
    let old = app.browser().post("/admin/sign-in", &sign_in("ed@rolebook.test")).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = app.browser().post("/admin/sign-in", &sign_in("edmund@rolebook.test")).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
    let log = ada.page("/admin/audit-log").await;
    assert!(log.contains("another e-mail address") && !log.contains("edmund@"), "{log}");
}

#[tokio::test]
async fn own_sessions_are_listed_and_end_everywhere_else() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let mut others = Vec::new();
    for _ in 0..2 {
        let mut other = ed.clone();
        other.cookies.clear();
        other.sign_in().await;
        others.push(other);
    }
    let page = ed.page(PROFILE).await;
    assert_eq!((page.matches("This browser").count(), page.matches("/end\"").count()), (1, 2), "{page}");
    let one =
        page.split("action=\"").find(|part| part.contains("/end\"")).unwrap().split('"').next().unwrap().to_owned();
    let mut eve = app.signed_in("Eve", &[Role::Administrator]).await;
    assert_eq!(eve.post(&one, &[]).await.status, StatusCode::NOT_FOUND, "it is no session of hers");
    assert!(ed.submit(&one, &[]).await.contains("The session has ended."));
    assert!(ed.submit("/admin/profile/sessions/end-others", &[]).await.contains("1 other session ended."));
    for mut other in others {
        assert_eq!(other.get("/admin").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(ed.get("/admin").await.status, StatusCode::OK);
}

#[tokio::test]
async fn everybody_makes_and_revokes_their_own_keys() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    assert!(ed.page("/admin/api-keys").await.contains("No key has been made."));
    let page = ed.page("/admin/api-keys/new").await;
    assert!(page.contains("content:write") && !page.contains("users:manage"), "only what the owner may: {page}");
    assert!(page.contains("value=\"90\" checked"), "{page}");
    let own = ed.user.unwrap().to_string();
    let wrong = [("owner", own.as_str()), ("name", ""), ("scopes", "users:manage"), ("expires", "90")];
    let refused = ed.post("/admin/api-keys/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#f-scopes\"") && refused.text().contains("href=\"#f-name\""));

    let right = [("owner", own.as_str()), ("name", "Export"), ("scopes", "content:read"), ("expires", "30")];
    let made = ed.post("/admin/api-keys/new", &right).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::CREATED, "no-store"));
    let secret = shown(&made.text());
    assert!(made.text().contains(&format!("Authorization: Bearer {secret}")), "{}", made.text());
    let mut program = app.nobody();
    program.key = Some(secret.clone());
    assert_eq!(program.get("/manage/v1/me").await.ok()["permissions"], serde_json::json!(["content:read"]));
    let list = ed.page("/admin/api-keys").await;
    assert!(list.contains("Export") && list.contains("In use") && !list.contains(&secret), "{list}");

    let revoke = list.split("href=\"").find(|part| part.contains("/revoke\"")).unwrap().split('"').next().unwrap();
    let mut eve = app.signed_in("Eve", &[Role::Publisher]).await;
    assert_eq!(eve.get(revoke).await.status, StatusCode::NOT_FOUND);
    let fields = fields_of(&ed.page(revoke).await, "/revoke");
    assert_eq!(send(&mut ed, revoke, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(program.get("/manage/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(ed.page("/admin/api-keys").await.contains("Revoked"));
    let stale = send(&mut ed, revoke, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("revoked already"), "{}", stale.text());
    assert_eq!(ed.post(revoke, &[]).await.status, StatusCode::CONFLICT, "it has to say what was seen");
}

#[tokio::test]
async fn keys_for_others_are_for_those_who_manage_keys() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let (own, hers) = (ed.user.unwrap().to_string(), ada.user.unwrap().to_string());
    let for_ed = ada.page(&format!("/admin/api-keys/new?owner={own}")).await;
    assert!(for_ed.contains("content:write") && !for_ed.contains("users:manage"), "{for_ed}");
    let fields = |owner: &str| {
        [
            ("owner", owner.to_owned()),
            ("name", "Site".to_owned()),
            ("scopes", "content:read".to_owned()),
            ("expires", "365".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    };
    assert_eq!(send(&mut ada, "/admin/api-keys/new", &fields(&own)).await.status, StatusCode::CREATED);
    assert_eq!(send(&mut ed, "/admin/api-keys/new", &fields(&hers)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ed.get(&format!("/admin/api-keys/new?owner={hers}")).await.status, StatusCode::FORBIDDEN);
    send(&mut ada, "/admin/api-keys/new", &fields(&hers)).await;
    let all = ada.page("/admin/api-keys").await;
    assert_eq!(all.matches("/revoke\"").count(), 2);
    assert_eq!(ada.page(&format!("/admin/api-keys?owner={own}")).await.matches("/revoke\"").count(), 1);
    assert_eq!(ed.page("/admin/api-keys").await.matches("/revoke\"").count(), 1);
    app.clock.advance(360 * Timestamp::DAY);
    ada.sign_in().await;
    assert!(ada.page("/admin/api-keys").await.contains("Expires soon"));
    app.clock.advance(5 * Timestamp::DAY);
    ada.sign_in().await;
    assert!(ada.page("/admin/api-keys").await.contains("Expired"));
}

#[tokio::test]
async fn preferences_are_kept_for_one_person_and_stand_on_every_page() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let root = |page: &str| page.split("<html ").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let usual = "lang=\"en-GB\" data-theme=\"system\" data-density=\"comfortable\" data-rich-text=\"rich\" \
                 data-single-keys=\"on\" data-announce=\"off\"";
    assert_eq!(root(&ed.page("/admin").await), usual);
    let chosen = [
        ("theme", "dark"),
        ("density", "compact"),
        ("text_editing", "plain"),
        ("single_keys", "off"),
        ("announce_formatting", "on"),
    ];
    let address = "/admin/profile/preferences";
    let page = ed.submit(address, &chosen).await;
    assert!(page.contains("Your preferences are kept.") && page.contains("content=\"dark\""), "{page}");
    let own = "lang=\"en-GB\" data-theme=\"dark\" data-density=\"compact\" data-rich-text=\"plain\" \
               data-single-keys=\"off\" data-announce=\"on\"";
    assert_eq!(root(&page), own);
    assert_eq!(root(&ed.get("/admin/nowhere").await.text()), own, "pages of errors, too");
    let fields = fields_of(&page, "action=\"/admin/profile/preferences\"");
    for (name, value) in chosen {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name} is filled in: {fields:?}");
    }

    let quietly = [("content-type", "application/x-www-form-urlencoded"), ("x-fragment", "preference")];
    let answer = ed.send(Method::POST, address, &quietly, "text_editing=rich").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(root(&ed.page("/admin").await), own.replace("rich-text=\"plain\"", "rich-text=\"rich\""));

    for wrong in [("theme", "purple"), ("single_keys", "true"), ("colour", "dark")] {
        assert_eq!(ed.post(address, &[wrong]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let mut bea = app.signed_in("Bea", &[Role::Editor]).await;
    assert_eq!(root(&bea.page("/admin").await), usual, "nobody else's change");
    assert!(!root(&app.browser().get("/admin/sign-in").await.text()).contains("data-"), "a stranger has none");
}

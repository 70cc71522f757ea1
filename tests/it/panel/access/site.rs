//! The settings, the audit log, and the way to them.

use axum::http::StatusCode;
use rolebook::{
    accounts::{UserChange, users},
    kernel::{Role, Timestamp, VersionNumber},
    site,
};

use super::{
    super::html::{fields_of, with},
    send,
};
use crate::support::{TestApp, drafts::titled, id_of};

const SETTINGS: &str = "/admin/settings";

async fn settings(app: &TestApp) -> site::Settings {
    site::settings(&*app.app.database.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn settings_are_changed_from_what_was_seen() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = ada.page(SETTINGS).await;
    assert!(page.contains("Now one person may, so at the moment it asks for none."), "{page}");
    assert!(
        page.contains("10.0.0.0/8") && page.contains("https://site.example") && page.contains("http://rolebook.test")
    );
    let seen = fields_of(&page, "action=\"/admin/settings\"");
    let fields = with(with(with(seen.clone(), "site_name", "Harbour"), "contact_email", "true"), "time_zone", "UTC");
    let fields = with(fields, "review_role_pages", "on");
    assert_eq!(send(&mut ada, SETTINGS, &fields).await.status, StatusCode::SEE_OTHER);
    let now = settings(&app).await;
    assert_eq!((now.site_name.as_str(), now.contact_email, now.time_zone.as_str()), ("Harbour", true, "UTC"));
    assert_eq!(now.review_role_pages, site::ReviewRule::On);
    assert_eq!(now.review_requirement_sections, site::ReviewRule::Automatic);

    let stale = send(&mut ada, SETTINGS, &with(seen, "contact_email_days", "30")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let text = stale.text();
    assert!(text.contains("Harbour") && text.contains("value=\"30\""), "both: {text}");
    assert_eq!(settings(&app).await.contact_email_days, 90);
    let again = fields_of(&text, "action=\"/admin/settings\"");
    assert_eq!(send(&mut ada, SETTINGS, &again).await.status, StatusCode::SEE_OTHER);
    let now = settings(&app).await;
    assert_eq!((now.contact_email_days, now.contact_email, now.site_name.as_str()), (30, false, "Rolebook"));

    app.signed_in("Eve", &[Role::Reviewer]).await;
    assert!(ada.page(SETTINGS).await.contains("Now 2 people may, so at the moment it asks for one."));
}

#[tokio::test]
async fn what_is_wrong_with_a_setting_stands_at_its_field() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let seen = fields_of(&ada.page(SETTINGS).await, "action=\"/admin/settings\"");
    for (field, value) in [
        ("site_name", " "),
        ("contact_email_days", "0"),
        ("contact_email_days", "some"),
        ("time_zone", "Atlantis/Harbour"),
        ("review_role_pages", "sometimes"),
    ] {
        let refused = send(&mut ada, SETTINGS, &with(seen.clone(), field, value)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(refused.text().contains(&format!("href=\"#f-{field}\"")), "{field} {value}: {}", refused.text());
    }
    let without: Vec<_> = seen.into_iter().filter(|(name, _)| name != "revision").collect();
    assert_eq!(send(&mut ada, SETTINGS, &without).await.status, StatusCode::CONFLICT);
    assert_eq!(settings(&app).await, site::Settings::default());
}

#[tokio::test]
async fn the_log_says_in_sentences_what_was_done_and_can_be_narrowed() {
    let app = TestApp::new().await;
    let api = app.person("Grace", &[Role::Administrator]).await;
    let porter = api.publish_new("role-pages", &titled("Porter")).await;
    app.clock.advance(Timestamp::DAY);
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let id = id_of(&porter);
    let page = ada.page("/admin/audit-log").await;
    assert!(page.contains("Grace, with a key"), "{page}");
    assert!(page.contains(&format!("published <a href=\"/admin/role-pages/{id}\">“Porter”</a>, version 1")), "{page}");
    assert!(page.contains("2026-11-22 09:00:00") && page.contains("2026-11-23 09:00:00") && page.contains("signed in"));

    let rows = |page: &str| page.matches("<tr>").count() - 1;
    let about = ada.page(&format!("/admin/audit-log?document={id}&kind=&person=&from=&to=")).await;
    assert_eq!(rows(&about), 2, "made and published: {about}");
    assert!(about.contains("Porter") && about.contains("(remove)"));
    assert_eq!(rows(&ada.page("/admin/audit-log?kind=document_published").await), 1);
    let own = ada.page(&format!("/admin/audit-log?person={}", ada.user.unwrap())).await;
    assert_eq!(rows(&own), 1, "{own}");
    let later = ada.page("/admin/audit-log?from=2026-11-23").await;
    assert!(later.contains("signed in") && !later.contains("Porter"), "{later}");
    let earlier = ada.page("/admin/audit-log?to=2026-11-22").await;
    assert!(!earlier.contains("signed in") && earlier.contains("Porter"), "{earlier}");
    assert!(ada.page("/admin/audit-log?to=2026-11-21").await.contains("No event fits."));
    for wrong in ["kind=nothing", "from=yesterday", "person=x", "document=x", "cursor=x", "colour=red"] {
        let refused = ada.get(&format!("/admin/audit-log?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_long_log_goes_on_page_by_page() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let ctx = app.system();
    for number in 0..70 {
        rolebook::content::add_redirect(&ctx, format!("/old/{number:02}"), "/new".to_owned()).await.unwrap();
    }
    let first = ada.page("/admin/audit-log?kind=redirect_added").await;
    assert!(first.contains("70 events") && first.contains("/old/69") && first.contains("/old/20<"), "{first}");
    assert!(!first.contains("/old/19<"));
    let next = first.split("href=\"").find(|part| part.contains("cursor=")).unwrap().split('"').next().unwrap();
    let second = ada.page(&next.replace("&amp;", "&")).await;
    assert!(second.contains("/old/19<") && second.contains("/old/00<") && !second.contains("/old/20<"), "{second}");
    assert!(second.contains("First page") && !second.contains("Next page"));
}

#[tokio::test]
async fn the_log_as_a_file_holds_no_formulas() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let eve = app.person("Eve", &[Role::Editor]).await;
    let name = Some("=HYPERLINK(\"http://elsewhere.example\") Eve".to_owned());
    let change = UserChange { name, ..UserChange::default() };
    users::change(&app.system(), eve.user.unwrap(), VersionNumber(1), change).await.unwrap();
    eve.create("role-pages", &titled("+Porter, \"night\"")).await;
    let file = ada.get("/admin/audit-log/download?kind=document_created").await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let text = file.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 3, "a heading, a line, nothing: {text}");
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"http://elsewhere.example\"\") Eve\""), "{text}");
    assert!(lines[1].contains("\"made “+Porter, \"\"night\"\"”, version 1\""), "{text}");
    for cell in lines[1].split("\",\"") {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    assert_eq!(ed.get("/admin/audit-log/download").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_overview_leads_to_what_one_may_open() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let all = [
        "/admin/users",
        "/admin/roles",
        "/admin/api-keys",
        "/admin/webhooks",
        "/admin/settings",
        "/admin/redirects",
        "/admin/audit-log",
    ];
    let overview = ada.page("/admin/administration").await;
    let own = ed.page("/admin/administration").await;
    for address in all {
        let link = format!("<h2><a href=\"{address}\">");
        assert!(overview.contains(&link), "{address}: {overview}");
        ada.page(address).await;
        let may = ed.get(address).await.status == StatusCode::OK;
        assert_eq!(own.contains(&link), may, "{address}: {own}");
    }
}

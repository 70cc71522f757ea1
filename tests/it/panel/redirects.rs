//! Redirects made by hand.

use axum::http::StatusCode;
use rolebook::kernel::Role;

use crate::support::TestApp;

#[tokio::test]
async fn a_redirect_is_added_found_and_removed() {
    let app = TestApp::new().await;
    let mut pat = app.signed_in("Pat", &[Role::Publisher]).await;
    assert!(pat.page("/admin/redirects").await.contains("No redirect has been made by hand."));
    let page = pat.submit("/admin/redirects/new", &[("path", "/old/porter"), ("target", "/porter")]).await;
    assert!(page.contains("/old/porter now leads to /porter."), "{page}");
    pat.submit("/admin/redirects/new", &[("path", "/old/nurse"), ("target", "https://elsewhere.example/nurse")]).await;
    let found = pat.page("/admin/redirects?q=ELSEWHERE").await;
    assert!(found.contains("/old/nurse") && !found.contains("/old/porter") && found.contains("1 redirect<"), "{found}");
    assert!(pat.page("/admin/redirects?q=zebra").await.contains("No redirect fits."));

    let remove = found.split("href=\"").find(|part| part.contains("/remove\"")).unwrap().split('"').next().unwrap();
    let page = pat.page(remove).await;
    assert!(page.contains("/old/nurse"), "{page}");
    let stale = pat.post(remove, &[("revision", "another")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("not the redirect that you saw"), "{}", stale.text());
    let revision = page.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(pat.submit(remove, &[("revision", revision)]).await.contains("The redirect from /old/nurse was removed."));
    assert_eq!(pat.get(remove).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_a_redirect_stands_at_its_field() {
    let app = TestApp::new().await;
    let mut pat = app.signed_in("Pat", &[Role::Publisher]).await;
    pat.submit("/admin/redirects/new", &[("path", "/old"), ("target", "/new")]).await;
    let cases = [
        ("Old/", "nowhere", vec!["path", "target"]),
        ("", "/new", vec!["path"]),
        ("/old", "/other", vec!["path"]),
        ("/new", "/old", vec!["target"]),
        ("/same", "/same", vec!["target"]),
    ];
    for (path, target, faulty) in cases {
        let refused = pat.post("/admin/redirects/new", &[("path", path), ("target", target)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {target}");
        let page = refused.text();
        for field in ["path", "target"] {
            let linked = page.contains(&format!("href=\"#f-{field}\""));
            assert_eq!(linked, faulty.contains(&field), "{path} {target}: {field}: {page}");
        }
        assert!(page.contains(&format!("value=\"{target}\"")), "{page}");
    }
}

#[tokio::test]
async fn long_lists_go_on_and_readers_see_no_steps() {
    let app = TestApp::new().await;
    let ctx = app.system();
    for number in 0..51 {
        rolebook::content::add_redirect(&ctx, format!("/old/{number:02}"), "/new".to_owned()).await.unwrap();
    }
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = ed.page("/admin/redirects").await;
    assert!(page.contains("51 redirects") && page.contains("/old/49") && !page.contains("/old/50"));
    assert!(!page.contains("Remove") && !page.contains("/admin/redirects/new"));
    let next = page.split("Next page").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let rest = ed.page(&next.replace("&amp;", "&")).await;
    assert!(rest.contains("/old/50") && !rest.contains("/old/49"), "{rest}");
}

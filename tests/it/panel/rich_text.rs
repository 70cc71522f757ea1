//! Rich text in the panel: what the editing element finds on a page, what its documents become, and that a text which
//! arrives damaged is kept and never stored.

use axum::http::StatusCode;
use rolebook::{content::markdown::RichDoc, kernel::Role};
use serde_json::{Value, json};

use super::{
    Browser,
    html::{fields_of, with},
};
use crate::support::{Client, TestApp};

const TEXT: &str = "/content/sections/0/blocks/0/markdown";

struct Scene {
    app: TestApp,
    ed: Browser,
    program: Client,
    id: String,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let program = app.administrator().await;
        let block = json!({ "kind": "text", "markdown": "### Beds\n\nPorters **move** [people](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f).\n" });
        let page = json!({ "content": { "title": "Porter", "sections": [{ "heading": "Work", "blocks": [block] }] } });
        let id = program.create("role-pages", &page).await.rsplit('/').next().unwrap().to_owned();
        let ed = app.signed_in("Ed", &[Role::Editor]).await;
        Self { app, ed, program, id }
    }

    fn path(&self) -> String {
        format!("/admin/role-pages/{}", self.id)
    }

    /// The form as the element sends it: a document and its digest in place of the Markdown.
    async fn scripted(&mut self, document: &str, sum: &str) -> Vec<(String, String)> {
        let path = self.path();
        let fields = self.ed.form(&path).await.into_iter().flat_map(|(name, value)| {
            if name != TEXT {
                return vec![(name, value)];
            }
            vec![(format!("{TEXT}#doc"), document.to_owned()), (format!("{TEXT}#sum"), sum.to_owned())]
        });
        fields.collect()
    }

    async fn stored(&self) -> Value {
        self.program.get(&format!("/manage/v1/role-pages/{}", self.id)).await.ok()
    }

    async fn stored_text(&self) -> String {
        self.stored().await["content"]["sections"][0]["blocks"][0]["markdown"].as_str().unwrap_or_default().to_owned()
    }
}

/// What the element sends for a text, and the digest of it.
fn sent(markdown: &str) -> (String, String) {
    let document = RichDoc::parse(markdown);
    (document.to_editor().to_string(), document.digest().to_string())
}

#[tokio::test]
async fn every_rich_text_field_carries_markdown_and_html_for_the_element() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let text = "### Beds\n\nPorters **move** [people](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f).\n";
    let html = "<h3>Beds</h3>\n<p>Porters <strong>move</strong> <a href=\"ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f\">people</a>.</p>\n";
    let tail = |path: String| path.rsplit('/').next().unwrap().to_owned();
    let section = json!({ "content": { "title": "Needs", "introduction": text,
        "routes": [{ "kind": "college", "introduction": text, "further_information": text }],
        "sections": [{ "blocks": [{ "kind": "quote", "markdown": text }] }] } });
    let section = tail(program.create("requirement-sections", &section).await);
    let page = json!({ "content": { "title": "Porter", "facts": { "career_path": text }, "sections": [{ "blocks": [
        { "kind": "text", "markdown": text }, { "kind": "callout", "tone": "tip", "markdown": text },
        { "kind": "details", "summary": "More", "markdown": text },
        { "kind": "roles", "introduction": text, "roles": [{ "title": "Head porter", "markdown": text }] },
        { "kind": "requirements", "requirement_section": section, "note": text } ] }] } });
    let page = tail(program.create("role-pages", &page).await);
    for (path, count) in
        [(format!("/admin/role-pages/{page}"), 7), (format!("/admin/requirement-sections/{section}"), 4)]
    {
        let page = ed.page(&path).await;
        let fields: Vec<&str> = page.split("<rich-text ").skip(1).collect();
        assert_eq!(fields.len(), count, "{path}");
        for field in fields {
            let field = field.split("</rich-text>").next().unwrap();
            let id = field.split("data-field=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(
                field.contains("data-mode=\"rich\"")
                    && field.contains(&format!("<textarea id=\"{id}\" name=\"/content/"))
            );
            assert!(field.ends_with(&format!("</textarea><template>{html}</template>")), "{field}");
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{id} has a label");
        }
        let markdown = fields_of(&page, "id=\"editor\"");
        assert_eq!(markdown.iter().filter(|(_, value)| value.replace("\r\n", "\n") == text.trim_end()).count(), count);
    }
}

#[tokio::test]
async fn a_document_of_the_element_counts_and_becomes_markdown() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let (document, sum) = sent("Two\n\n- three\n  1. *four*");
    let mut fields = scene.scripted(&document, &sum).await;
    fields.push((TEXT.to_owned(), "What stood in the text area".to_owned()));
    let answer = scene.ed.post_all(&path, &with(fields, "op", "add:/content/sections/0/blocks:quote")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(scene.stored_text().await, "Two\n\n- three\n  1. *four*\n");
    assert_eq!(scene.stored().await["content"]["sections"][0]["blocks"][1]["kind"], "quote", "the button did its work");

    let unchanged = scene.stored().await;
    let fields = scene.scripted(&document, &sum).await;
    scene.ed.post_all(&path, &fields).await;
    assert_eq!(scene.stored().await, unchanged, "the same text makes no version");

    let choose = with(scene.scripted(&sent("Chosen").0, &sent("Chosen").1).await, "op", "choose:/parent:parent");
    let answer = scene.ed.post_all(&path, &choose).await;
    assert!(answer.header("location").contains("/choose?"), "{}", answer.text());
    assert_eq!(scene.stored_text().await, "Chosen\n");

    let (empty, sum) = sent("");
    let fields = scene.scripted(&empty, &sum).await;
    assert_eq!(scene.ed.post_all(&path, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.stored_text().await, "", "an empty document is no text");
}

#[tokio::test]
async fn what_no_text_can_hold_is_told_by_field() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let text = json!({ "type": "text", "text": "Fast", "marks": [{ "type": "underline" }] });
    let document = json!({ "type": "doc", "content": [{ "type": "horizontal_rule" }, { "type": "paragraph", "content": [text] }] });
    let fields = scene.scripted(&document.to_string(), &RichDoc::parse("Fast").digest().to_string()).await;
    assert_eq!(scene.ed.post_all(&path, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.stored_text().await, "Fast\n");
    let page = scene.ed.page(&path).await;
    let told =
        "a line across the page was left out, formatting that texts here do not have was left out. Saved as version 2.";
    assert!(page.contains("Not all formatting could be kept. ") && page.contains(told), "{page}");
}

#[tokio::test]
async fn a_damaged_text_is_kept_apart_and_nothing_of_its_save_is_stored() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let mut vera = scene.app.signed_in("Vera", &[Role::Administrator]).await;
    assert!(vera.page("/admin/quarantined-texts").await.contains("No text is in quarantine"));
    let (document, sum) = sent("Porters \\<move> beds.");
    let document = document.replace("beds", "bed");
    for button in ["save", "add:/content/sections/0/blocks:quote", "choose:/parent:parent"] {
        let mut fields = with(scene.scripted(&document, &sum).await, "op", button);
        fields = with(fields, "/content/title", "Head porter");
        let answer = scene.ed.post_all(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        assert!(page.contains("There is a problem") && page.contains("did not arrive as it was written"), "{page}");
        assert!(page.contains("Administration, Quarantined texts"), "the page says where the text is");
        assert!(page.contains("href=\"#f-.content.sections.0.blocks.0.markdown\""), "the field is linked");
        let again = fields_of(&page, "id=\"editor\"");
        assert!(again.contains(&(TEXT.to_owned(), "Porters \\<move> bed.".to_owned())), "the text is kept: {again:?}");
        assert!(again.contains(&("/content/title".to_owned(), "Head porter".to_owned())));
        assert_eq!(scene.stored().await["version"], 1, "nothing was saved");
    }

    let list = vera.page("/admin/quarantined-texts").await;
    assert!(list.contains("3 texts") && list.contains("Ed") && list.contains("Porter"), "{list}");
    let address = list.split("href=\"/admin/quarantined-texts/").nth(1).unwrap().split('"').next().unwrap();
    let address = format!("/admin/quarantined-texts/{address}");
    let one = vera.page(&address).await;
    assert!(one.contains("<p>Porters &lt;move&gt; bed.</p>") && one.contains(&sum), "{one}");
    assert!(super::html::unescape(&one).contains(&document), "it is kept as it was sent");
    assert_eq!(scene.ed.get(&address).await.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.ed.get("/admin/quarantined-texts").await.status, StatusCode::FORBIDDEN);

    assert!(vera.page(&format!("{address}/delete")).await.contains("deleted for good"));
    assert!(vera.submit(&format!("{address}/delete"), &[]).await.contains("2 texts"));
    assert_eq!(vera.get(&address).await.status, StatusCode::NOT_FOUND);
    let log = vera.page("/admin/audit-log").await;
    assert!(log.contains("sent a damaged text for") && log.contains("deleted a damaged text of"), "{log}");
    assert!(!log.contains("bed."), "the log holds no texts");
    assert!(vera.page(&format!("{path}/history")).await.contains("A text arrived damaged and was kept apart"));
}

#[tokio::test]
async fn what_is_no_document_is_kept_as_it_came() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let mut vera = scene.app.signed_in("Vera", &[Role::Administrator]).await;
    let deep = format!("{}{}", "{\"type\":\"blockquote\",\"content\":[".repeat(100), "]}".repeat(100));
    for document in ["", "{\"type\":\"doc\"", "\0<script>", &format!("{{\"type\":\"doc\",\"content\":[{deep}]}}")] {
        let fields = scene.scripted(document, "0:811c9dc5").await;
        let answer = scene.ed.post_all(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{document}");
        assert!(answer.text().contains("could not be read when it arrived"), "{}", answer.text());
    }
    let mut fields = scene.scripted(&sent("Words").0, "").await;
    fields.retain(|(name, _)| !name.ends_with("#sum"));
    let answer = scene.ed.post_all(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "without a digest nothing is believed");
    let large = json!({ "type": "doc", "content": [{ "type": "text", "text": "a".repeat(2_000_000) }] }).to_string();
    let fields = scene.scripted(&large, "2000000:0").await;
    let answer = scene.ed.post_all(&path, &fields).await;
    assert!(answer.text().contains("is too long to be read"), "{}", answer.status);
    assert_eq!(scene.stored().await["version"], 1);
    assert!(vera.page("/admin/quarantined-texts").await.contains("6 texts"));
}

#[tokio::test]
async fn purging_a_document_takes_its_quarantined_texts_with_it() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let fields = scene.scripted("{}", "").await;
    scene.ed.post_all(&path, &fields).await;
    let mut vera = scene.app.signed_in("Vera", &[Role::Administrator]).await;
    assert!(vera.page("/admin/quarantined-texts").await.contains("1 text"));
    for step in ["trash", "purge"] {
        let page = vera.page(&format!("{path}/{step}")).await;
        let fields = fields_of(&page, &format!("action=\"{path}/{step}\""));
        let answer = vera.post_all(&format!("{path}/{step}"), &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}: {}", answer.text());
    }
    assert!(vera.page("/admin/quarantined-texts").await.contains("No text is in quarantine"));
}

#[tokio::test]
async fn a_lost_session_and_a_conflict_carry_documents_along() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    let (document, sum) = sent("Typed **while** away");
    let fields = scene.scripted(&document, &sum).await;
    scene.ed.cookies.clear();
    scene.ed.post_all(&path, &fields).await;
    scene.ed.sign_in().await;
    let page = scene.ed.page("/admin/unsent").await;
    assert!(page.contains("Typed **while** away") && !page.contains(&format!("<code>{TEXT}#sum</code>")), "{page}");
    let kept = fields_of(&page, &format!("action=\"{path}\""));
    assert_eq!(scene.ed.post_all(&path, &kept).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.stored_text().await, "Typed **while** away\n");

    let (document, sum) = sent("Mine, and **bold**");
    let mine = scene.scripted(&document, &sum).await;
    scene.ed.press_with(&path, "save", &[(TEXT, "Theirs")]).await;
    let answer = scene.ed.post_all(&path, &mine).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    let chosen = fields_of(&answer.text(), "method=\"post\" action=\"/admin/role-pages");
    let answer = scene.ed.post_all(&path, &with(chosen, &format!("choice:{TEXT}"), "both")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(scene.stored_text().await, "Theirs\n\nMine, and **bold**\n");
}

#[tokio::test]
async fn a_person_who_prefers_plain_text_gets_fields_that_begin_so() {
    let mut scene = Scene::new().await;
    let path = scene.path();
    scene.ed.submit("/admin/profile/preferences", &[("text_editing", "plain")]).await;
    let page = scene.ed.page(&path).await;
    assert!(page.contains("data-mode=\"plain\"") && !page.contains("data-mode=\"rich\""), "{page}");
}

#[tokio::test]
async fn text_goes_between_its_two_forms_through_the_server() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let markdown = "### Beds\n\nPorters **move** [people](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f).";
    let answer = ed.post("/admin/richtext/doc", &[("markdown", &format!("{markdown}\n\n![a](/b) `c`"))]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    let converted: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(converted["doc"], RichDoc::parse(&format!("{markdown}\n\na c")).to_editor());
    let html = "<h3>Beds</h3>\n<p>Porters <strong>move</strong> <a href=\"ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f\">people</a>.</p>\n<p>a c</p>\n";
    assert_eq!(converted["html"], html);
    assert_eq!(converted["dropped"], json!(["a picture was left out", "code became plain text"]));

    let answer = ed.post("/admin/richtext/markdown", &[("doc", &converted["doc"].to_string())]).await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.text(), format!("{markdown}\n\na c"));

    let (short, long) = ("a".repeat(100_000), "a".repeat(100_001));
    for (path, fields, status) in [
        ("doc", vec![("markdown", "")], StatusCode::OK),
        ("doc", vec![("markdown", short.as_str())], StatusCode::OK),
        ("doc", vec![("markdown", long.as_str())], StatusCode::UNPROCESSABLE_ENTITY),
        ("doc", vec![("doc", "{}")], StatusCode::UNPROCESSABLE_ENTITY),
        ("doc", vec![], StatusCode::UNPROCESSABLE_ENTITY),
        ("doc?x=y", vec![("markdown", "")], StatusCode::BAD_REQUEST),
        ("markdown", vec![("doc", "{}")], StatusCode::UNPROCESSABLE_ENTITY),
        ("markdown", vec![("doc", "{\"type\":\"doc\"}")], StatusCode::OK),
        ("markdown", vec![("doc", "{\"type\":\"doc\"}"), ("more", "")], StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = ed.post(&format!("/admin/richtext/{path}"), &fields).await;
        assert_eq!(answer.status, status, "{path}");
    }
    assert_eq!(app.browser().post("/admin/richtext/doc", &[("markdown", "a")]).await.status, StatusCode::SEE_OTHER);
}

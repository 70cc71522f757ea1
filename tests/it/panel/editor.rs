//! The editors of both kinds: every field goes through the form unharmed, buttons do what they say, two people are merged
//! or told, and nothing that was typed is lost.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{
    Browser,
    html::{fields_of, with},
};
use crate::support::{Client, TestApp};

/// Everything that can stand in a role page, apart from what needs other documents.
fn full_page(section: &str, other: &str, image: &str) -> Value {
    let used = json!({ "media": image, "alt": "A desk & \"two\" screens", "decorative": false, "caption": "At work" });
    json!({ "slug": "porter", "content": {
        "title": "Porter", "title_article": "a", "alternative_titles": ["Ward porter", "Theatre <porter>"],
        "summary": "Porters move people.", "meta_description": "All about porters.", "search_terms": ["moving"],
        "lead_image": used,
        "sections": [
            { "heading": "Working life", "display": "accordion", "blocks": [
                { "kind": "text", "markdown": "You **move** people.\n\n- one\n- two\n  - deeper\n\n| a | b |\n| - | - |\n| 1 | 2 |\n" },
                { "kind": "image", "media": image, "alt": "", "decorative": true, "caption": null },
                { "kind": "callout", "tone": "warning", "heading": "Mind", "markdown": "The step.\n" },
                { "kind": "details", "summary": "More", "markdown": "Much more.\n" },
                { "kind": "roles", "introduction": "Some:\n", "roles": [
                    { "title": "Head porter", "markdown": "Leads.\n", "tasks": ["lead", "follow"], "page": other },
                    { "title": "Night porter", "markdown": "", "tasks": [], "page": null } ] },
            ] },
            { "blocks": [
                { "kind": "requirements", "requirement_section": section, "note": "Here too.\n" },
                { "kind": "links", "links": [ { "text": "Jobs", "url": "https://jobs.example/?a=1&b=2" },
                    { "text": "Inside", "document": other } ] },
                { "kind": "quote", "markdown": "Never dull.\n", "attribution": "A porter" },
                { "kind": "facts", "show": ["pay", "tasks"] } ] },
        ],
        "related_roles": [other],
        "learn_more": [ { "text": "Section", "document": section } ],
        "facts": {
            "occupation_codes": [ { "scheme": "uk-soc", "scheme_version": "2020", "code": "9271", "label": "Porters", "primary": true },
                { "scheme": "esco", "scheme_version": "1.2", "uri": "http://data.europa.eu/esco/x", "primary": false } ],
            "pay": { "kind": "range", "minimum": 23615, "maximum": 24336.5, "currency": "GBP", "period": "year", "as_of": "2026-04-01" },
            "hours": { "minimum": 37.5, "maximum": 37.5, "detail": "a week", "patterns": ["nights", "weekends"] },
            "tasks": ["move beds"],
            "skills": [ { "kind": "essential", "text": "strength" }, { "kind": "digital", "text": "radio", "code": { "scheme": "ESCO", "code": "S1" } } ],
            "registrations": [ { "text": "None needed", "organisation": "HCPC", "links": [ { "text": "HCPC", "url": "https://www.hcpc-uk.org/" } ] } ],
            "work_locations": ["hospital"], "work_environments": ["on your feet"], "uniform": ["tunic"],
            "standards": [ { "reference": "ST0120", "title": "Support", "level": { "framework": "RQF", "level": "3" }, "lars_code": 120, "duration_months": 12 } ],
            "career_path": "You could **lead**.\n"
        }
    } })
}

/// Everything that can stand in a requirement section.
fn full_section(other: &str) -> Value {
    json!({ "slug": "needs", "content": {
        "title": "Needs", "summary": "What you need.", "introduction": "It depends.\n",
        "requirements": { "kind": "group", "rule": "at_least", "count": 2, "lead_in": "You need:", "items": [
            { "kind": "requirement", "text": "a licence", "category": "licence", "necessity": "usually",
              "qualification": { "name": "GCSE", "level": { "framework": "SCQF", "level": "12" }, "grade": "4", "count_minimum": 2,
                "count_maximum": 5, "or_equivalent": true, "subjects": ["maths", "English"] },
              "organisation": "DVLA", "links": [ { "text": "Apply", "url": "/apply" } ],
              "source": { "title": "Handbook", "url": "https://handbook.example/", "checked_on": "2026-11-01" },
              "nations": ["scotland", "wales"] },
            { "kind": "group", "rule": "one_of", "items": [
                { "kind": "group", "rule": "all_of", "items": [ { "kind": "requirement", "text": "deep", "necessity": "helpful" } ] },
                { "kind": "section", "requirement_section": other, "necessity": "sometimes" } ] },
            { "kind": "requirement", "text": "bare" } ] },
        "routes": [
            { "kind": "college", "heading": "At college", "introduction": "Learn.\n",
              "requirements": { "kind": "requirement", "text": "alone", "category": "age" },
              "further_information": "More.\n", "subjects": ["care"], "standards": [ { "reference": "ST0001", "title": "Care" } ],
              "links": [ { "text": "Courses", "url": "https://courses.example/" } ] },
            { "kind": "direct", "requirements": { "kind": "section", "requirement_section": null } } ],
        "skills": [ { "kind": "personal", "text": "patience" } ],
        "sections": [ { "heading": "More", "blocks": [ { "kind": "text", "markdown": "Text.\n" } ] } ]
    } })
}

struct Scene {
    ed: Browser,
    program: Client,
    page: String,
    section: String,
}

async fn scene(app: &TestApp) -> Scene {
    let program = app.administrator().await;
    let tail = |path: String| path.rsplit('/').next().unwrap().to_owned();
    let other_section =
        tail(program.create("requirement-sections", &json!({ "content": { "title": "Checks" } })).await);
    let other = tail(program.create("role-pages", &json!({ "content": { "title": "Head porter" } })).await);
    let image = program.upload("desk.png", 40, 30, "A desk").await;
    let section = tail(program.create("requirement-sections", &full_section(&other_section)).await);
    let page = tail(program.create("role-pages", &full_page(&section, &other, &image)).await);
    Scene { ed: app.signed_in("Ed", &[Role::Editor]).await, program, page, section }
}

impl Browser {
    pub(super) async fn form(&mut self, path: &str) -> Vec<(String, String)> {
        fields_of(&self.page(path).await, "id=\"editor\"")
    }

    pub(super) async fn post_all(&mut self, path: &str, fields: &[(String, String)]) -> crate::support::Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &fields).await
    }

    /// Presses a button of the editor with everything as it stands, and answers where it leads.
    pub(super) async fn press(&mut self, path: &str, button: &str) -> String {
        self.press_with(path, button, &[]).await
    }

    pub(super) async fn press_with(&mut self, path: &str, button: &str, typed: &[(&str, &str)]) -> String {
        let mut fields = self.form(path).await;
        for (name, value) in typed {
            fields = with(fields, name, value);
        }
        fields = with(fields, "op", button);
        let answer = self.post_all(path, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{button}: {}", answer.text());
        answer.header("location").to_owned()
    }
}

async fn content(program: &Client, collection: &str, id: &str) -> Value {
    program.get(&format!("/manage/v1/{collection}/{id}")).await.ok()
}

#[tokio::test]
async fn every_field_goes_through_the_form_unharmed() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    for (collection, id) in [("role-pages", scene.page.clone()), ("requirement-sections", scene.section.clone())] {
        let before = content(&scene.program, collection, &id).await;
        let path = format!("/admin/{collection}/{id}");
        let fields = scene.ed.form(&path).await;
        let answer = scene.ed.post_all(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let after = content(&scene.program, collection, &id).await;
        assert_eq!(after["version"], 1, "what the form shows is what is stored: {}", {
            scene
                .program
                .get(&format!("/manage/v1/{collection}/{id}/compare?from=1&to={}", after["version"]))
                .await
                .text()
        });
        assert_eq!(before["content"], after["content"]);
        assert!(scene.ed.page(&path).await.contains("Nothing had changed."));
    }
}

#[tokio::test]
async fn buttons_do_their_work_and_save_what_was_typed() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let place = scene.ed.press_with(&path, "down:/content/sections/0", &[("/content/title", "Ward porter")]).await;
    let page = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(page["content"]["title"], "Ward porter");
    assert_eq!(page["content"]["sections"][1]["heading"], "Working life");
    let id = page["content"]["sections"][1]["id"].as_str().unwrap();
    assert_eq!(place, format!("{path}#{id}"));
    let shown = scene.ed.page(&path).await;
    assert!(shown.contains("Moved down. Now 2 of 2. Saved as version 2.") && shown.contains(&format!("id=\"{id}\"")));
    let place = scene.ed.press(&path, "add:/content/sections/0/blocks:callout").await;
    let page = content(&scene.program, "role-pages", &scene.page).await;
    let block = &page["content"]["sections"][0]["blocks"][4];
    assert_eq!(block["kind"], "callout");
    assert!(place.ends_with(block["id"].as_str().unwrap()));
    scene
        .ed
        .press_with(&path, "lines:/content/facts/tasks:task", &[("lines:/content/facts/tasks", "- lift\n• carry\n")])
        .await;
    scene.ed.press(&path, "duplicate:/content/sections/1").await;
    scene.ed.press(&path, "clear:/content/facts/pay").await;
    scene.ed.press(&path, "set:/content/facts/pay:bands").await;
    scene.ed.press(&path, "remove:/content/learn_more/0").await;
    let shown = scene.ed.page(&path).await;
    assert!(
        shown.contains("Removed. Saved as version") && shown.contains("/restore?version="),
        "a removal can be undone"
    );
    let page = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(page["content"]["facts"]["tasks"].as_array().unwrap().len(), 3);
    assert_eq!(page["content"]["sections"].as_array().unwrap().len(), 3);
    assert_eq!(page["content"]["facts"]["pay"]["kind"], "bands");
    assert_eq!(page["content"]["learn_more"], json!([]));
}

#[tokio::test]
async fn a_requirement_tree_of_depth_three_is_built_from_nothing() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let program = app.administrator().await;
    let created = program.create("requirement-sections", &json!({ "content": { "title": "Ways in" } })).await;
    let id = created.rsplit('/').next().unwrap();
    let path = format!("/admin/requirement-sections/{id}");
    let tree = "/content/requirements";
    ed.press(&path, &format!("set:{tree}:group")).await;
    let typed = [(format!("{tree}/rule"), "one_of"), (format!("{tree}/lead_in"), "You will need:")];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    ed.press_with(&path, &format!("add:{tree}/items:requirement"), &typed).await;
    ed.press_with(&path, &format!("add:{tree}/items:group"), &[(&format!("{tree}/items/0/text"), "a degree")]).await;
    ed.press_with(
        &path,
        &format!("lines:{tree}/items/1/items:requirement"),
        &[(&format!("lines:{tree}/items/1/items"), "two A levels\na foundation course")],
    )
    .await;
    ed.press(&path, &format!("group:{tree}/items/1/items/1")).await;
    ed.press(&path, &format!("set:{tree}/items/1/items/0/qualification:object")).await;
    let typed = [
        (format!("{tree}/items/1/items/0/qualification/name"), "A level"),
        (format!("{tree}/items/1/items/0/qualification/level#level"), "RQF:3"),
        (format!("{tree}/items/1/items/1/items/0/necessity"), "helpful"),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    ed.press_with(&path, "save", &typed).await;
    let saved = content(&program, "requirement-sections", id).await;
    let tree = &saved["content"]["requirements"];
    assert_eq!(tree["rule"], "one_of");
    assert_eq!(tree["items"][0]["text"], "a degree");
    assert_eq!(tree["items"][1]["items"][0]["qualification"]["level"], json!({ "framework": "RQF", "level": "3" }));
    assert_eq!(tree["items"][1]["items"][1]["kind"], "group");
    assert_eq!(tree["items"][1]["items"][1]["items"][0]["text"], "a foundation course");
    assert_eq!(tree["items"][1]["items"][1]["items"][0]["necessity"], "helpful");
    let page = ed.page(&path).await;
    assert!(
        page.contains("You will need:") && page.contains("<li>a degree"),
        "the plain English stands beside the tree: {page}"
    );
    ed.press(&path, "out:/content/requirements/items/1/items/1").await;
    ed.press(&path, "into:/content/requirements/items/2").await;
    let same = content(&program, "requirement-sections", id).await;
    assert_eq!(&same["content"]["requirements"], tree);
}

#[tokio::test]
async fn what_cannot_be_saved_comes_back_with_everything_typed() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let mut fields = scene.ed.form(&path).await;
    for (name, value) in [
        ("/slug", "Not a slug"),
        ("/content/title", "Changed & kept"),
        ("/content/facts/hours/minimum#number", "many"),
        ("/content/facts/pay/as_of", "tomorrow"),
    ] {
        fields = with(fields, name, value);
    }
    let answer = scene.ed.post_all(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    let again = fields_of(&page, "id=\"editor\"");
    for (name, value) in &fields {
        if !name.starts_with("lines:") {
            assert!(again.contains(&(name.clone(), value.clone())), "{name}: {value:?} is kept");
        }
    }
    for anchor in ["#f-.slug", "#f-.content.facts.hours.minimum", "#f-.content.facts.pay.as_of"] {
        assert!(page.contains(&format!("href=\"{anchor}\"")), "{anchor} is linked");
        assert!(page.contains(&format!("id=\"{}\"", &anchor[1..])), "{anchor} is there");
    }
    assert!(page.contains("<title>") && page.contains("Error: "));
    assert_eq!(content(&scene.program, "role-pages", &scene.page).await["version"], 1, "nothing was saved");
}

#[tokio::test]
async fn changes_to_different_parts_are_merged_and_said() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let mine = scene.ed.form(&path).await;
    let mut bea = app.signed_in("Bea", &[Role::Editor]).await;
    let theirs = with(bea.form(&path).await, "/content/summary", "Bea's summary.");
    bea.post_all(&path, &theirs).await;
    let answer = scene.ed.post_all(&path, &with(mine, "/content/title", "My title")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = scene.ed.page(&path).await;
    assert!(page.contains("Bea had saved meanwhile; those changes are in it as well: Summary"), "{page}");
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["title"], "My title");
    assert_eq!(saved["content"]["summary"], "Bea's summary.");
    assert_eq!(saved["version"], 3);
}

#[tokio::test]
async fn a_conflict_shows_both_texts_and_saves_what_is_chosen() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let text = "/content/sections/0/blocks/0/markdown";
    let mut mine = with(scene.ed.form(&path).await, "/content/summary", "My summary.");
    mine = with(mine, text, "My text.");
    mine = with(mine, "/content/title", "My title");
    let mut bea = app.signed_in("Bea", &[Role::Editor]).await;
    let mut theirs = with(bea.form(&path).await, "/content/summary", "Bea's summary.");
    theirs = with(theirs, text, "Bea's text.");
    bea.post_all(&path, &theirs).await;
    let answer = scene.ed.post_all(&path, &mine).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("Bea saved version 2") && page.contains("My") && page.contains("Bea's"), "{page}");
    assert_eq!(content(&scene.program, "role-pages", &scene.page).await["version"], 2, "nothing is saved yet");
    let mut chosen = fields_of(&page, "method=\"post\" action=\"/admin/role-pages");
    chosen = with(chosen, "choice:/content/summary", "yours");
    chosen = with(chosen, &format!("choice:{text}"), "both");
    let answer = scene.ed.post_all(&path, &chosen).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["title"], "My title");
    assert_eq!(saved["content"]["summary"], "My summary.");
    assert_eq!(saved["content"]["sections"][0]["blocks"][0]["markdown"], "Bea's text.\n\nMy text.\n");
}

#[tokio::test]
async fn a_choice_is_asked_again_if_the_other_text_changed_meanwhile() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let mine = with(scene.ed.form(&path).await, "/content/summary", "My summary.");
    let mut bea = app.signed_in("Bea", &[Role::Editor]).await;
    for summary in ["Bea's first.", "Bea's second."] {
        let theirs = with(bea.form(&path).await, "/content/summary", summary);
        bea.post_all(&path, &theirs).await;
        if summary == "Bea's first." {
            let page = scene.ed.post_all(&path, &mine).await.text();
            let chosen = with(
                fields_of(&page, "method=\"post\" action=\"/admin/role-pages"),
                "choice:/content/summary",
                "yours",
            );
            let later = with(bea.form(&path).await, "/content/summary", "Bea's third.");
            bea.post_all(&path, &later).await;
            let again = scene.ed.post_all(&path, &chosen).await;
            assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
            assert!(again.text().contains("third"), "the newest text is shown");
            let fields = fields_of(&again.text(), "method=\"post\" action=\"/admin/role-pages");
            let saved = scene.ed.post_all(&path, &with(fields, "choice:/content/summary", "yours")).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
            break;
        }
    }
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["summary"], "My summary.");
}

#[tokio::test]
async fn documents_and_images_are_chosen_by_search() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    scene.program.create("role-pages", &json!({ "content": { "title": "Zoo keeper" } })).await;
    let place =
        scene.ed.press_with(&path, "choose:/content/related_roles:related", &[("/content/title", "Typed first")]).await;
    assert!(place.starts_with(&format!("{path}/choose?at=%2Fcontent%2Frelated_roles")), "{place}");
    let page = scene.ed.page(&format!("{place}&q=zoo")).await;
    assert!(page.contains("Zoo keeper") && !page.contains("Head porter"), "{page}");
    let id = page.split("name=\"chosen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = with(fields_of(&page, "method=\"post\" action=\"/admin/role-pages"), "chosen", &id);
    let answer = scene.ed.post_all(&format!("{path}/choose"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["related_roles"][1], id.as_str());
    assert_eq!(saved["content"]["title"], "Typed first", "what was typed before choosing is saved");

    let place = scene.ed.press(&path, "choose:/content/sections/1/blocks/1/links/0:link").await;
    let page = scene.ed.page(&format!("{place}&q=needs")).await;
    let fields = with(fields_of(&page, "method=\"post\" action=\"/admin/role-pages"), "chosen", &scene.section);
    scene.ed.post_all(&format!("{path}/choose"), &fields).await;
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["sections"][1]["blocks"][1]["links"][0]["document"], scene.section.as_str());

    scene.ed.press(&path, "add:/content/sections/0/blocks:image").await;
    let place = scene.ed.press(&path, "choose:/content/sections/0/blocks/5:image").await;
    let page = scene.ed.page(&place).await;
    let id = page.split("name=\"chosen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = with(fields_of(&page, "method=\"post\" action=\"/admin/role-pages"), "chosen", &id);
    scene.ed.post_all(&format!("{path}/choose"), &fields).await;
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["sections"][0]["blocks"][5]["media"], id.as_str());
    assert_eq!(saved["content"]["sections"][0]["blocks"][5]["alt"], "A desk", "the suggested text is a start");
}

#[tokio::test]
async fn an_editor_whose_session_ended_loses_nothing() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let fields = with(scene.ed.form(&path).await, "/content/title", "Typed while away");
    scene.ed.cookies.clear();
    let away = scene.ed.post_all(&path, &fields).await;
    assert_eq!(away.header("location"), "/admin/sign-in?next=%2Fadmin%2Funsent");
    scene.ed.sign_in().await;
    let kept = fields_of(&scene.ed.page("/admin/unsent").await, &format!("action=\"{path}\""));
    let answer = scene.ed.post_all(&path, &kept).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let saved = content(&scene.program, "role-pages", &scene.page).await;
    assert_eq!(saved["content"]["title"], "Typed while away");
}

#[tokio::test]
async fn hostile_forms_are_refused_and_hostile_texts_are_inert() {
    let app = TestApp::new().await;
    let mut scene = scene(&app).await;
    let path = format!("/admin/role-pages/{}", scene.page);
    let evil = "\"><script>alert(1)</script>";
    scene.ed.press_with(&path, "save", &[("/content/title", evil), ("/content/sections/0/heading", evil)]).await;
    assert!(scene.ed.page(&path).await.contains("&lt;script&gt;"));
    for (name, value) in [
        ("/content/sections/99999/heading", "x"),
        ("/content/title/deeper", "x"),
        ("/content/title#colour", "x"),
        ("op", "explode:/content/sections/0"),
        ("op", "up:/content/sections/99"),
        ("version", "one"),
    ] {
        let fields = scene.ed.form(&path).await;
        let fields = with(fields, name, value);
        let answer = scene.ed.post_all(&path, &fields).await;
        assert!(answer.status.is_client_error(), "{name}={value}: {}", answer.status);
    }
    let fields = with(scene.ed.form(&path).await, "/content/colour", "red");
    assert_eq!(scene.ed.post_all(&path, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut reader = app.signed_in("Tria", &[Role::Triager]).await;
    let away = reader.get(&path).await;
    assert_eq!(away.header("location"), format!("{path}/preview"), "who may only read gets the page as readers see it");
    let fields = scene.ed.form(&path).await;
    assert_eq!(reader.post_all(&path, &fields).await.status, StatusCode::FORBIDDEN);
}

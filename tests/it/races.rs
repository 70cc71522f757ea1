//! Many at once: nothing is lost, nothing is refused that could be done, and the log stays in order. On whichever
//! database the run uses.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    drafts::{embedding, titled},
    id_of,
};

/// Two editors, and two instances of the application on one database.
struct Desk {
    first: TestApp,
    second: TestApp,
    eda: Client,
    ned: Client,
}

impl Desk {
    async fn open() -> Self {
        let first = TestApp::new().await;
        let second = first.beside().await;
        let eda = first.person("Eda", &[Role::Editor]).await;
        let ned = first.person("Ned", &[Role::Editor]).await.at_instance(&second);
        Self { first, second, eda, ned }
    }
}

/// Which of two answers was the first to be accepted, and which was refused.
#[track_caller]
fn one_of_each<'a>(left: &'a Answer, right: &'a Answer) -> (&'a Answer, &'a Answer) {
    match (left.status, right.status) {
        (StatusCode::OK, StatusCode::PRECONDITION_FAILED) => (left, right),
        (StatusCode::PRECONDITION_FAILED, StatusCode::OK) => (right, left),
        _ => panic!("exactly one of two saves is accepted: {left:?} {right:?}"),
    }
}

#[tokio::test]
async fn of_two_overlapping_saves_one_is_kept_and_the_other_is_told() {
    for apart in [false, true] {
        let Desk { first: _first, second: _second, eda, ned } = Desk::open().await;
        let other = if apart { ned } else { eda.clone() };
        let path = eda.create("role-pages", &titled("Version 1")).await;
        for round in 0..50 {
            let version = round + 1;
            let (mine, theirs) = (titled(&format!("Eda {round}")), titled(&format!("Ned {round}")));
            let (left, right) = tokio::join!(
                eda.at(Method::PUT, &path, version, &mine),
                other.at(Method::PUT, &path, version, &theirs)
            );
            let (kept, refused) = one_of_each(&left, &right);
            let kept = kept.ok();
            assert_eq!(kept["version"], version + 1);
            let problem = refused.problem(412);
            assert_eq!((&problem["version"], &problem["merged"]), (&json!(version + 1), &Value::Null));
            let conflict = &problem["conflicts"][0];
            assert_eq!(
                (&conflict["pointer"], &conflict["theirs"]),
                (&json!("/content/title"), &kept["content"]["title"])
            );
            let sent = [&mine, &theirs].map(|body| body["content"]["title"].clone());
            assert!(
                sent.contains(&conflict["yours"]) && conflict["yours"] != conflict["theirs"],
                "nothing typed is lost"
            );
            assert_eq!(eda.get(&path).await.ok()["content"]["title"], kept["content"]["title"]);
        }
        let shown = eda.get(&path).await.ok();
        assert_eq!((&shown["version"], &shown["latest_version"]), (&json!(51), &json!(51)));
        assert_eq!(eda.get(&format!("{path}/versions?limit=100")).await.ok()["data"].as_array().unwrap().len(), 51);
    }
}

#[tokio::test]
async fn of_two_saves_of_different_parts_the_refused_one_gets_both_to_put_back() {
    for apart in [false, true] {
        let Desk { first: _first, second: _second, eda, ned } = Desk::open().await;
        let other = if apart { ned } else { eda.clone() };
        let blocks = json!([{ "kind": "text", "markdown": "First." }, { "kind": "text", "markdown": "Second." }]);
        let body = json!({ "content": { "title": "Porter", "sections": [{ "heading": "Work", "blocks": blocks }] } });
        let path = eda.create("role-pages", &body).await;
        for round in 0..50 {
            let base = eda.get(&path).await.ok();
            let version = base["version"].as_i64().unwrap();
            let (mut mine, mut theirs) = (json!({ "content": base["content"] }), json!({ "content": base["content"] }));
            let words = |place: &str| json!(format!("{place} words of round {round}."));
            mine["content"]["sections"][0]["blocks"][0]["markdown"] = words("First");
            theirs["content"]["sections"][0]["blocks"][1]["markdown"] = words("Second");
            let (left, right) = tokio::join!(
                eda.at(Method::PUT, &path, version, &mine),
                other.at(Method::PUT, &path, version, &theirs)
            );
            let (_, refused) = one_of_each(&left, &right);
            let problem = refused.problem(412);
            assert_eq!(problem["conflicts"], json!([]));
            let written = problem["merged"]["content"]["sections"][0]["blocks"].clone();
            for (position, place) in ["First", "Second"].iter().enumerate() {
                let markdown = written[position]["markdown"].as_str().unwrap().trim_end();
                assert_eq!(markdown, words(place), "{problem}");
            }
            let current = problem["version"].as_i64().unwrap();
            let put_back = eda.at(Method::PUT, &path, current, &problem["merged"]).await.ok();
            assert_eq!(put_back["content"], problem["merged"]["content"]);
        }
        assert_eq!(eda.get(&path).await.ok()["version"], 101);
    }
}

/// All public changes, over as many pages as it takes.
async fn changes(app: &TestApp) -> Vec<Value> {
    let mut found = Vec::new();
    let mut address = "/api/v1/changes".to_owned();
    loop {
        let page = app.nobody().get(&address).await.ok();
        found.extend(page["data"].as_array().unwrap().clone());
        address = format!("/api/v1/changes?since={}", page["cursor"].as_str().unwrap());
        if page["more"] == false {
            return found;
        }
    }
}

/// The whole log, oldest first.
async fn log(administrator: &Client) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = Some("/manage/v1/events?limit=100".to_owned());
    while let Some(address) = next {
        let page = administrator.get(&address).await.ok();
        found.extend(page["data"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    found.reverse();
    found
}

#[track_caller]
fn assert_in_order(log: &[Value]) {
    for (position, event) in log.iter().enumerate() {
        assert_eq!(event["sequence"], position + 1, "without gaps");
    }
    let times: Vec<Timestamp> =
        log.iter().map(|event| Timestamp::parse(event["at"].as_str().unwrap()).unwrap()).collect();
    assert!(times.is_sorted(), "time never goes back");
}

#[tokio::test]
async fn a_section_and_a_page_that_begins_to_embed_it_are_published_at_once() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let pat_elsewhere = pat.at_instance(&other);
    for round in 0..50 {
        let section = pat.publish_new("requirement-sections", &titled(&format!("Section {round}"))).await;
        let page = pat.publish_new("role-pages", &titled(&format!("Page {round}"))).await;
        pat.save(&section, &titled("Changed")).await.ok();
        pat.save(&page, &embedding("Embeds", &[&id_of(&section)])).await.ok();
        let nothing = json!({});
        let (section_step, page_step) = (format!("{section}/publish"), format!("{page}/publish"));
        let elsewhere = if round % 2 == 0 { &pat } else { &pat_elsewhere };
        let (first, second) = tokio::join!(
            pat.at(Method::POST, &section_step, 2, &nothing),
            elsewhere.at(Method::POST, &page_step, 2, &nothing),
        );
        first.ok();
        second.ok();
        let all = changes(&app).await;
        let last = all.last().unwrap();
        let affected: BTreeSet<&str> =
            last["affected"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        let (section_id, page_id) = (id_of(&section), id_of(&page));
        assert_eq!(affected, BTreeSet::from([section_id.as_str(), page_id.as_str()]), "the later names both: {last}");
        let shown = app.nobody().get(&format!("/api/v1/role-pages/{page_id}")).await.ok();
        let embedded = &shown["sections"][0]["blocks"][0]["requirement_section"];
        assert_eq!((&embedded["version"], &embedded["title"]), (&json!(2), &json!("Changed")));
        let shown = app.nobody().get(&format!("/api/v1/requirement-sections/{section_id}")).await.ok();
        assert_eq!((shown["used_by"].as_array().unwrap().len(), &shown["used_by"][0]["id"]), (1, &json!(page_id)));
        let uses = pat.get(&format!("{section}/used-by")).await.ok();
        assert_eq!((&uses["total"], &uses["data"][0]["line"]), (&json!(1), &json!("live")));
    }
}

#[tokio::test]
async fn a_section_never_leaves_while_a_page_begins_to_embed_it() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let other = app.beside().await;
    let pat_elsewhere = pat.at_instance(&other);
    for round in 0..30 {
        let section = pat.publish_new("requirement-sections", &titled(&format!("Section {round}"))).await;
        let page = pat.create("role-pages", &embedding(&format!("Page {round}"), &[&id_of(&section)])).await;
        let (nothing, gone) = (json!({}), json!({ "decision": "gone" }));
        let (page_step, section_step) = (format!("{page}/publish"), format!("{section}/unpublish"));
        let (published, left) = tokio::join!(
            pat.at(Method::POST, &page_step, 1, &nothing),
            pat_elsewhere.at(Method::POST, &section_step, 1, &gone),
        );
        match (published.status, left.status) {
            (StatusCode::OK, StatusCode::CONFLICT) => assert_eq!(left.json()["type"], "/problems/embedded"),
            (StatusCode::CONFLICT, StatusCode::OK) => assert_eq!(published.json()["type"], "/problems/embeds-not-live"),
            _ => panic!("one of the two: {published:?} {left:?}"),
        }
    }
}

/// What one of many does, turn by turn; answers the statuses it got.
async fn work(client: Client, paths: Vec<String>, worker: usize) -> Vec<(String, StatusCode, String)> {
    let mut answers = Vec::new();
    for turn in 0..24 {
        let path = &paths[(worker * 7 + turn * 5) % paths.len()];
        let other = &paths[(worker * 3 + turn * 11 + 1) % paths.len()];
        let shown = client.get(path).await.ok();
        let version = shown["version"].as_i64().unwrap();
        let step = |step: &str| format!("{path}/{step}");
        let (name, answer) = match (worker + turn) % 8 {
            0 | 1 | 4 => {
                let mut body = json!({ "content": shown["content"] });
                body["content"]["title"] = json!(format!("Worker {worker}, turn {turn}"));
                ("save", client.at(Method::PUT, path, version, &body).await)
            }
            2 | 5 => ("publish", client.at(Method::POST, &step("publish"), version, &json!({})).await),
            3 => {
                let theirs = client.get(other).await.ok()["version"].clone();
                let mut documents = vec![json!({ "id": id_of(path), "version": version })];
                if other != path {
                    documents.push(json!({ "id": id_of(other), "version": theirs }));
                }
                ("publish together", client.post("/manage/v1/publish", &json!({ "documents": documents })).await)
            }
            6 => {
                let body = json!({ "decision": "gone", "children": "unpublish" });
                ("unpublish", client.at(Method::POST, &step("unpublish"), version, &body).await)
            }
            _ => match turn % 3 {
                0 => (
                    "withdraw",
                    client.at(Method::POST, &step("withdraw"), version, &json!({ "explanation": "Wrong." })).await,
                ),
                1 => ("reinstate", client.at(Method::POST, &step("reinstate"), version, &json!({})).await),
                _ => ("confirm", client.at(Method::POST, &step("confirm"), version, &json!({})).await),
            },
        };
        answers.push((name.to_owned(), answer.status, answer.text()));
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_work_on_the_same_documents_never_stand_in_each_others_way() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let ada = app.administrator().await;
    let mut paths: Vec<String> = Vec::new();
    for number in 0..3 {
        paths.push(ada.publish_new("requirement-sections", &titled(&format!("Section {number}"))).await);
    }
    for number in 0..6 {
        let sections = [id_of(&paths[number % 3]), id_of(&paths[(number + 1) % 3])];
        let mut body = embedding(&format!("Page {number}"), &[&sections[0], &sections[1]]);
        if number > 2 {
            body["parent"] = json!(id_of(&paths[number]));
        }
        paths.push(ada.publish_new("role-pages", &body).await);
    }
    let mut workers = Vec::new();
    for worker in 0..8 {
        let client = if worker % 2 == 0 { ada.clone() } else { ada.at_instance(&other) };
        workers.push(tokio::spawn(work(client, paths.clone(), worker)));
        app.clock.advance(Timestamp::SECOND);
    }
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    for worker in workers {
        for (name, status, text) in worker.await.unwrap() {
            let expected = status.is_success() || matches!(status.as_u16(), 409 | 412);
            assert!(expected, "{name}: {status} {text}");
            *done.entry(name).or_default() += usize::from(status.is_success());
        }
    }
    assert!(done["save"] > 10 && done["publish"] > 5 && done.len() > 5, "something was done: {done:?}");
    let log = log(&ada).await;
    assert_in_order(&log);
    let versions: usize = log
        .iter()
        .filter(|event| matches!(event["kind"].as_str().unwrap(), "document_created" | "document_saved"))
        .count();
    let mut kept = 0;
    for path in &paths {
        kept += ada.get(&format!("{path}/versions")).await.ok()["total"].as_u64().unwrap();
    }
    assert_eq!(u64::try_from(versions).unwrap(), kept, "every accepted save is a version");
    let listed = app.nobody().get("/api/v1/paths").await.ok();
    for row in listed["data"].as_array().unwrap().iter().filter(|row| !row["document"].is_null()) {
        let page = app.nobody().get(&format!("/api/v1/content{}", row["path"].as_str().unwrap())).await.ok();
        let embeds =
            page["sections"].as_array().unwrap().iter().flat_map(|section| section["blocks"].as_array().unwrap());
        let whole = embeds
            .filter(|block| block["kind"] == "requirements")
            .all(|block| block["requirement_section"].is_object());
        assert!(whole, "what live pages embed is there: {page}");
        if row["kind"] == "role-page" {
            assert_eq!(page["sections"][0]["blocks"].as_array().unwrap().len(), 2, "and all of it");
        }
    }
}

#[tokio::test]
async fn instances_whose_clocks_differ_keep_the_log_in_order() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    other.clock.advance(-Timestamp::HOUR);
    let ada = app.administrator().await;
    let ada_elsewhere = ada.at_instance(&other);
    for number in 0..10 {
        let (here, there) = (titled(&format!("Here {number}")), titled(&format!("There {number}")));
        let (first, second) =
            tokio::join!(ada.publish_new("role-pages", &here), ada_elsewhere.publish_new("role-pages", &there));
        assert_ne!(first, second);
    }
    assert_in_order(&log(&ada).await);
}

//! Every operation of the contract is played once on a small site. What is sent and answered fits the schemas of the
//! document, and the examples in the document are that, so that none of them can be out of date. To write them anew after a
//! change, into `src/openapi/examples`: `RENEW_EXAMPLES=1 cargo test --test it played`.

mod administration;
mod comparing;
mod desk;
mod documents;
mod public;
mod recorder;
mod refusals;
mod schemas;

use std::{path::Path, sync::Arc};

use rolebook::kernel::{Role, SeededChance};
use serde_json::{Map, Value, json};

use crate::{
    mail::server::Server,
    support::{TestApp, TestDatabase},
};

use recorder::{Play, is_json};
use schemas::Schemas;

const RENEW: &str = "RENEW_EXAMPLES";
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/openapi/examples");
/// What is answered with JSON and has no example: it would be the document within itself.
const WITHOUT: &str = "get_api_openapi_json";

async fn opened() -> Play {
    let chance = Arc::new(SeededChance::new(1));
    let database = TestDatabase::new().await;
    let server = Server::open().await;
    let app = TestApp::reached_and_mailing("https://careers.example", server.mailer(), database, chance).await;
    let ada = app.person("Ada Mensah", &[Role::Administrator]).await;
    let contract = app.nobody().get("/api/v1/openapi.json").await.ok();
    Play::new(app, ada, contract, server)
}

#[tokio::test]
async fn the_examples_of_the_contract_are_what_is_really_answered() {
    let mut play = opened().await;
    administration::settings(&mut play).await;
    let image = desk::images(&mut play).await;
    let made = documents::made(&mut play, &image).await;
    for kind in documents::KINDS {
        documents::work(&mut play, kind).await;
    }
    documents::together(&mut play).await;
    public::pages(&mut play, &made).await;
    public::addresses(&mut play).await;
    public::previews(&mut play, &made).await;
    public::reports(&mut play, &made).await;
    desk::replaced(&mut play, &image).await;
    desk::reports(&mut play, &made).await;
    desk::cases(&mut play).await;
    desk::answers(&mut play, &made).await;
    administration::people(&mut play).await;
    administration::keys(&mut play).await;
    administration::webhooks(&mut play).await;
    administration::redirects(&mut play).await;
    administration::operations(&mut play).await;
    desk::views(&mut play, &made).await;
    desk::figures(&mut play).await;
    refusals::refusals(&mut play).await;
    play.examples.remove(WITHOUT);
    assert!(play.faults.is_empty(), "{:#?}", play.faults);
    everything_was_played(&play);
    if std::env::var_os(RENEW).is_some() {
        renew(&play);
    } else {
        let differences = differences(&play);
        assert!(
            differences.is_empty(),
            "what is answered is not what the document shows; if it should be, {RENEW}=1 cargo test --test it played: {differences:#?}"
        );
    }
}

/// Every operation went well once, in every way in which it can, and every problem came about.
fn everything_was_played(play: &Play) {
    let mut missing = Vec::new();
    for (id, operation) in operations(&play.contract) {
        let well = members(&operation["responses"]).filter(|(status, _)| **status < *"400");
        let unplayed = well.filter(|(status, _)| !play.played.contains(&(id.to_owned(), (*status).to_owned())));
        missing.extend(unplayed.map(|(status, _)| format!("{id} {status}")));
    }
    let problems = members(&play.contract["components"]["responses"]).map(|(name, _)| name.to_owned());
    missing.extend(problems.filter(|name| !play.problems.contains_key(name)));
    assert!(missing.is_empty(), "nobody has played {missing:?}");
}

/// Where what was played and what the document shows differ.
fn differences(play: &Play) -> Vec<String> {
    let mut found = Vec::new();
    for (id, real) in &play.examples {
        let (shown, real) = (shown(&play.contract, id), in_order(real, &play.contract, id));
        found.extend(comparing::differences(&shown, &real).into_iter().map(|difference| format!("{id}{difference}")));
    }
    for (name, real) in &play.problems {
        let shown = &play.contract["components"]["examples"][name]["value"];
        found.extend(comparing::differences(shown, real).into_iter().map(|difference| format!("{name}{difference}")));
    }
    found
}

/// The example of an operation as the document shows it.
fn shown(contract: &Value, id: &str) -> Value {
    let operation = operations(contract).find(|(other, _)| *other == id).unwrap().1;
    let mut shown = json!({ "parameters": {}, "sent": {}, "answered": {} });
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if let (Some(name), Some(example)) = (parameter["name"].as_str(), parameter.get("example")) {
            shown["parameters"][name] = example.clone();
        }
    }
    for (media_type, content) in members(&operation["requestBody"]["content"]) {
        if let Some(example) = content.get("example") {
            shown["sent"][media_type] = example.clone();
        }
    }
    for (status, response) in members(&operation["responses"]) {
        for (_, content) in members(&response["content"]) {
            if let Some(example) = content.get("example") {
                shown["answered"][status] = example.clone();
            }
        }
    }
    shown
}

/// Writes the examples, group by group. What is the same but for chance stays as it stands there.
fn renew(play: &Play) {
    for tag in play.contract["tags"].as_array().unwrap() {
        let mut group = Map::new();
        for (id, _) in operations(&play.contract).filter(|(_, operation)| operation["tags"][0] == tag["name"]) {
            let Some(real) = play.examples.get(id) else { continue };
            group.insert(id.to_owned(), kept(shown(&play.contract, id), in_order(real, &play.contract, id)));
        }
        write(tag["name"].as_str().unwrap(), &group);
    }
    let shown = &play.contract["components"]["examples"];
    let problems = members(&play.contract["components"]["responses"]).map(|(name, _)| name);
    let problems =
        problems.map(|name| (name.to_owned(), kept(shown[name]["value"].clone(), play.problems[name].clone())));
    write("problems", &problems.collect());
}

/// An example with its parameters as the document lists them.
fn in_order(example: &Value, contract: &Value, id: &str) -> Value {
    let operation = operations(contract).find(|(other, _)| *other == id).unwrap().1;
    let names = operation["parameters"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str());
    let values = &example["parameters"];
    let ordered: Map<String, Value> =
        names.filter_map(|name| Some((name.to_owned(), values.get(name)?.clone()))).collect();
    let mut example = example.clone();
    example["parameters"] = Value::Object(ordered);
    example
}

fn kept(shown: Value, real: Value) -> Value {
    if comparing::differences(&shown, &real).is_empty() { shown } else { real }
}

fn write(name: &str, examples: &Map<String, Value>) {
    let text = serde_json::to_string_pretty(examples).unwrap();
    std::fs::write(Path::new(FOLDER).join(format!("{name}.json")), text + "\n").unwrap();
}

/// The operations of a document by name, in its order.
fn operations(contract: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let items = contract["paths"].as_object().unwrap().values();
    let all = items.flat_map(|item| item.as_object().unwrap().values());
    all.map(|operation| (operation["operationId"].as_str().unwrap(), operation))
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

/// Whether a body of this media type can be shown: an image that is sent can't.
fn can_be_shown(media_type: &str) -> bool {
    is_json(media_type) || media_type == "application/x-www-form-urlencoded"
}

#[tokio::test]
async fn what_is_sent_and_answered_has_an_example_that_fits_its_schema() {
    let app = TestApp::new().await;
    let contract = app.nobody().get("/api/v1/openapi.json").await.ok();
    let schemas = Schemas::of(&contract);
    let responses = &contract["components"]["responses"];
    let mut held = 0;
    let mut hold = |content: &Value, what: &str| {
        let example = content.get("example").or_else(|| {
            let (_, named) = members(&content["examples"]).next()?;
            contract.pointer(named["$ref"].as_str()?.trim_start_matches('#'))?.get("value")
        });
        let example = example.unwrap_or_else(|| panic!("{what} has no example"));
        schemas.hold(&content["schema"], example, what);
        held += 1;
    };
    for (id, operation) in operations(&contract).filter(|(id, _)| *id != WITHOUT) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if let Some(example) = parameter.get("example") {
                schemas.hold(&parameter["schema"], example, id);
            }
        }
        for (media_type, content) in members(&operation["requestBody"]["content"]) {
            if can_be_shown(media_type) {
                hold(content, &format!("{id} {media_type}"));
            }
        }
        for (status, response) in members(&operation["responses"]) {
            for (_, content) in members(&response["content"]).filter(|(media_type, _)| is_json(media_type)) {
                hold(content, &format!("{id} {status}"));
            }
        }
    }
    for (name, response) in members(responses) {
        hold(&response["content"]["application/problem+json"], name);
    }
    assert!(held > 200, "{held}");
}

#[test]
fn an_example_that_is_out_of_date_or_breaks_its_schema_is_found() {
    let id = "0199a1c2-0000-7000-8000-000000000001";
    let promised = json!({ "id": id, "title": "Porter", "version": 1, "at": "2026-11-22T09:00:00Z", "tags": ["a"] });
    let other = json!({ "id": "0199a1c2-0000-7000-8000-0000000000ff", "title": "Porter", "version": 1, "at": "2027-01-01T00:00:00.5Z", "tags": ["a"] });
    assert_eq!(comparing::differences(&promised, &other), Vec::<String>::new());
    for (pointer, value) in [
        ("/title", json!("Nurse")),
        ("/version", json!(2)),
        ("/version", json!("1")),
        ("/id", json!("porter")),
        ("/at", Value::Null),
        ("/tags", json!([])),
        ("/tags/0", json!({})),
    ] {
        let mut changed = promised.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(comparing::differences(&promised, &changed).len(), 1, "{changed}");
    }
    let mut longer = promised.clone();
    longer["more"] = json!(true);
    assert_eq!(comparing::differences(&promised, &longer).len(), 1);

    let whole = json!({ "$ref": "#/components/schemas/Thing" });
    let schemas = Schemas::of(&json!({ "components": { "schemas": {
        "Thing": { "type": "object", "properties": { "id": { "$ref": "#/components/schemas/Id" } }, "required": ["id"] },
        "Id": { "type": "string", "format": "uuid" },
    } } }));
    assert_eq!(schemas.faults(&whole, &json!({ "id": id })), Vec::<String>::new());
    for wrong in [json!({}), json!({ "id": 1 }), json!({ "id": "porter" })] {
        assert_eq!(schemas.faults(&whole, &wrong).len(), 1, "{wrong}");
    }
}

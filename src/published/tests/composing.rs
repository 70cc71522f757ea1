//! Composing from bundles made by hand.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    content::{
        kinds::{Content, Kind},
        lifecycle::LiveState,
    },
    kernel::{MediaId, Sequence, Timestamp, VersionNumber},
    published::{Bundle, DependsOn, EmbeddedSection, Media, PublishedDocument, compose, view::Card},
};

use super::{document, id, requirement_section, role_page, text};

fn bundle(content: Content) -> Bundle {
    let kind = content.kind();
    Bundle {
        document: PublishedDocument {
            id: document(1),
            kind,
            slug: "porter".to_owned(),
            path: "/porter".to_owned(),
            version: VersionNumber(2),
            language: "en-GB".to_owned(),
            state: LiveState::Live,
            notice: None,
            content,
            first_published_at: Timestamp(0),
            published_at: Timestamp(1_000),
            updated_at: Timestamp(2_000),
            changed_sequence: Sequence(9),
            last_reviewed_on: None,
            review_by: None,
        },
        embedded: HashMap::new(),
        cards: HashMap::new(),
        breadcrumbs: Vec::new(),
        media: HashMap::new(),
        used_by: Vec::new(),
        page_token: "token".to_owned(),
        depends_on: DependsOn::default(),
    }
}

fn with_section(bundle: &mut Bundle, number: u128, notice: Option<&str>, value: Value) {
    let Content::RequirementSection(content) = requirement_section(value) else { panic!() };
    let section = EmbeddedSection {
        id: document(number),
        slug: format!("section-{number}"),
        path: format!("/section-{number}"),
        version: VersionNumber(5),
        notice: notice.map(str::to_owned),
        content: *content,
    };
    bundle.embedded.insert(section.id, section);
}

fn with_card(bundle: &mut Bundle, number: u128) {
    bundle.cards.insert(document(number), card(number));
}

fn card(number: u128) -> Card {
    Card {
        id: document(number),
        kind: Kind::RolePage,
        slug: format!("role-{number}"),
        path: format!("/area/role-{number}"),
        title: format!("Role {number}"),
        summary: String::new(),
    }
}

fn json(bundle: &Bundle) -> Value {
    serde_json::to_value(compose(bundle)).unwrap()
}

fn embed(number: u128, section: u128) -> Value {
    json!({"id": id(number), "kind": "requirements", "requirement_section": id(section)})
}

fn requirement(number: u128, text: &str) -> Value {
    json!({"id": id(number), "kind": "requirement", "text": text, "necessity": "required"})
}

#[test]
fn only_what_is_live_is_linked_to_and_other_links_keep_their_text() {
    let markdown =
        format!("See [a role](ref:{}), [one part](ref:{}#{}) and [a *secret*](ref:{}).", id(5), id(5), id(77), id(6));
    let links = json!([
        {"text": "Live", "document": id(5), "block": id(77)}, {"text": "Not live", "document": id(6)},
        {"text": "Elsewhere", "url": "mailto:jobs@example.org"},
    ]);
    let mut bundle = bundle(role_page(json!({
        "title": "Porter",
        "sections": [{"blocks": [
            text(20, &markdown),
            {"kind": "links", "links": links},
            {"kind": "roles", "introduction": "", "roles": [
                {"id": id(21), "title": "One", "markdown": "Text", "tasks": [{"id": id(22), "text": "lift"}], "page": id(5)},
                {"id": id(23), "title": "Two", "page": id(6)},
            ]},
        ]}],
        "related_roles": [id(6), id(5)],
        "learn_more": links,
        "facts": {"registrations": [{"text": "None", "links": links}]},
    })));
    with_card(&mut bundle, 5);
    let page = json(&bundle);

    let fragment = format!("/area/role-5#{}", id(77));
    let expected = json!([
        {"text": "Live", "url": fragment, "document": id(5), "block": id(77)},
        {"text": "Elsewhere", "url": "mailto:jobs@example.org"},
    ]);
    let blocks = &page["sections"][0]["blocks"];
    for found in [&page["learn_more"], &blocks[1]["links"], &page["facts"]["registrations"][0]["links"]] {
        assert_eq!(found, &expected);
    }
    assert_eq!(page["related_roles"], json!([card(5)]));
    assert_eq!(blocks[2]["introduction"], Value::Null);
    assert_eq!(blocks[2]["roles"][0]["page"], json!(card(5)));
    assert_eq!(blocks[2]["roles"][0]["tasks"], json!([{"id": id(22), "text": "lift"}]));
    assert_eq!(blocks[2]["roles"][1]["page"], Value::Null);
    assert_eq!(blocks[2]["roles"][1]["text"], Value::Null);

    let rich = &blocks[0]["text"];
    assert_eq!(rich["markdown"], format!("See [a role](/area/role-5), [one part]({fragment}) and a *secret*.\n"));
    assert_eq!(
        rich["html"],
        format!(
            "<p>See <a href=\"/area/role-5\">a role</a>, <a href=\"{fragment}\">one part</a> and a <em>secret</em>.</p>\n"
        )
    );
    assert!(!page.to_string().contains(&id(6).to_string()), "no trace of what is not live");
}

#[test]
fn anchors_are_unique_in_the_page_and_its_own_sections_come_first() {
    let mut bundle = bundle(role_page(json!({
        "title": "Porter",
        "sections": [
            {"heading": "Skills", "blocks": [embed(30, 8)]},
            {"heading": null, "blocks": []},
            {"heading": "Skills", "display": "accordion", "blocks": []},
        ],
    })));
    with_section(&mut bundle, 8, None, json!({"title": "S", "sections": [{"heading": "Skills", "blocks": []}]}));
    let page = json(&bundle);
    let anchors: Vec<&Value> = page["sections"].as_array().unwrap().iter().map(|one| &one["anchor"]).collect();
    assert_eq!(anchors, [&json!("skills"), &Value::Null, &json!("skills-2")]);
    let within = &page["sections"][0]["blocks"][0]["requirement_section"]["sections"][0];
    assert_eq!(within["anchor"], "skills-3");
}

#[test]
fn every_kind_of_block_has_its_promised_keys() {
    let mut bundle = bundle(role_page(json!({
        "title": "Porter",
        "sections": [{"blocks": [
            {"kind": "callout", "tone": "tip", "heading": "Note", "markdown": "Text"},
            {"kind": "details", "summary": "More", "markdown": "Text"},
            {"kind": "quote", "markdown": "Text", "attribution": "A porter"},
            {"kind": "facts", "show": ["tasks", "pay"]},
            {"kind": "roles", "roles": [{"title": "One"}]},
            {"kind": "image", "media": id(40), "alt": "A bed", "caption": "In use"},
            {"kind": "image", "media": id(41), "alt": "Not public"},
            {"kind": "requirements", "requirement_section": id(9), "note": "Not readable"},
            {"kind": "requirements", "requirement_section": id(8), "note": "Only nights"},
        ]}],
    })));
    with_section(&mut bundle, 8, Some("Being rewritten."), json!({"title": "S"}));
    let image = Media { id: MediaId(id(40)), width: 10, height: 20, focal_point: None, renditions: Vec::new() };
    bundle.media.insert(image.id, image);
    let page = json(&bundle);
    let blocks = page["sections"][0]["blocks"].as_array().unwrap();
    let keys: Vec<String> = blocks
        .iter()
        .map(|block| block.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        keys,
        [
            "id kind tone heading text",
            "id kind summary text",
            "id kind text attribution",
            "id kind show",
            "id kind introduction roles",
            "id kind image",
            "id kind note requirement_section",
        ]
    );
    assert_eq!(blocks[6]["note"]["html"], "<p>Only nights</p>\n");
    assert_eq!(blocks[6]["requirement_section"]["notice"], "Being rewritten.");
    let role: Vec<&String> = blocks[4]["roles"][0].as_object().unwrap().keys().collect();
    assert_eq!(role, ["id", "title", "text", "tasks", "page"]);
}

#[test]
fn a_referenced_tree_stands_in_its_place_and_names_its_section() {
    let mut bundle = bundle(requirement_section(json!({
        "title": "Porters",
        "requirements": {"id": id(50), "kind": "group", "rule": "all_of", "items": [
            requirement(51, "a driving licence"),
            {"id": id(52), "kind": "section", "requirement_section": id(8), "necessity": "helpful"},
            {"id": id(53), "kind": "section", "requirement_section": id(9)},
        ]},
        "routes": [
            {"kind": "direct", "requirements": requirement(54, "an interview")},
            {"kind": "other", "introduction": "Ask us."},
        ],
    })));
    with_section(
        &mut bundle,
        8,
        Some("Under review."),
        json!({"title": "Checks", "requirements": requirement(60, "a check")}),
    );
    let page = json(&bundle);
    let items = &page["requirements"]["items"];
    assert_eq!(items[0].get("requirement_section"), None);
    assert_eq!(items[1]["id"], json!(id(60)));
    assert_eq!(items[1]["necessity"], "helpful");
    assert_eq!(items[1]["requirement_section"]["title"], "Checks");
    assert_eq!(items[1]["requirement_section"]["notice"], "Under review.");
    let unreadable = json!({"id": id(53), "kind": "section", "requirement_section": null, "necessity": null});
    assert_eq!(items[2], unreadable);
    assert!(!page["plain"].as_array().unwrap().is_empty());
    assert_eq!(page["routes"][0]["asks_for"], Value::Null, "the section's tree asks for something unknown");
    assert_eq!(page["routes"][1]["plain"], json!([]));
    assert_eq!(page["routes"][1]["asks_for"], Value::Null);
}

#[test]
fn a_requirement_section_has_its_own_middle_between_the_same_ends() {
    let summary = format!("Short first sentence. {}", "And then some more words. ".repeat(12));
    let mut bundle = bundle(requirement_section(json!({"title": "Porters", "summary": summary.trim()})));
    bundle.document.notice = Some("Wrong.".to_owned());
    bundle.used_by = vec![card(4)];
    let page = json(&bundle);
    let keys: Vec<&String> = page.as_object().unwrap().keys().collect();
    let expected = "id kind slug path version language title summary meta_description breadcrumbs introduction \
        requirements plain routes skills sections used_by first_published_at published_at updated_at last_reviewed_on \
        review_by notice feedback links";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
    let description = page["meta_description"].as_str().unwrap();
    assert!(description.len() <= 160 && description.ends_with("more words."), "{description}");
    assert_eq!(page["links"], json!({"self": "/api/v1/requirement-sections/porter"}));
    assert_eq!(page["used_by"][0]["title"], "Role 4");
    assert_eq!(page["notice"], "Wrong.");
}

#[test]
fn sections_stand_within_each_other_three_deep_in_the_first_and_never_in_themselves() {
    let mut bundle = bundle(role_page(json!({"title": "Porter", "sections": [{"blocks": [embed(70, 10)]}]})));
    for number in 10..15 {
        let blocks = json!([embed(80 + number, number + 1), embed(90 + number, 10)]);
        with_section(&mut bundle, number, None, json!({"title": "S", "sections": [{"blocks": blocks}]}));
    }
    with_section(&mut bundle, 15, None, json!({"title": "S"}));
    let page = json(&bundle);
    let mut sections = &page["sections"];
    let mut depth = 0;
    while let Some(blocks) = sections[0]["blocks"].as_array().filter(|blocks| !blocks.is_empty()) {
        assert_eq!(blocks.len(), 1, "never in itself");
        sections = &blocks[0]["requirement_section"]["sections"];
        depth += 1;
    }
    assert_eq!(depth, 4);
}

//! The public JSON of a role page, key for key as it is promised to sites.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    content::{
        kinds::{Content, Kind},
        lifecycle::LiveState,
    },
    kernel::{MediaId, Sequence, Timestamp, VersionNumber},
    published::{
        Bundle, DependsOn, EmbeddedSection, Media, PublishedDocument, Rendition, compose,
        view::{Card, FocalPoint},
    },
};

use super::{document, id, requirement_section, role_page};

/// The names, nesting and order of keys; what is not a list or an object counts by its type alone.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let inner: Vec<String> = object.iter().map(|(key, value)| format!("{key}: {}", shape(value))).collect();
            format!("{{{}}}", inner.join(", "))
        }
        Value::Array(items) if items.iter().all(Value::is_string) => "[texts]".to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", ")),
        Value::String(_) => "text".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "truth".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

#[test]
fn a_role_page_is_published_with_exactly_the_promised_keys_in_the_promised_order() {
    let published = serde_json::to_value(compose(&bundle())).unwrap();
    assert_eq!(shape(&published), shape(&promised()));
    let sentences = "/sections/1/blocks/0/requirement_section/routes/0/plain";
    let (mut published, mut promised) = (published, promised());
    for page in [&mut published, &mut promised] {
        *page.pointer_mut(sentences).unwrap() = Value::Null;
    }
    assert_eq!(published, promised);
}

fn bundle() -> Bundle {
    let Content::RequirementSection(embedded) = requirement_section(written_section()) else { panic!() };
    let section = EmbeddedSection {
        id: document(2),
        slug: "garden-traineeship".to_owned(),
        path: "/garden-traineeship".to_owned(),
        version: VersionNumber(3),
        notice: None,
        content: *embedded,
    };
    let card = |number, slug: &str, path: &str, title: &str, summary: &str| Card {
        id: document(number),
        kind: Kind::RolePage,
        slug: slug.to_owned(),
        path: path.to_owned(),
        title: title.to_owned(),
        summary: summary.to_owned(),
    };
    let related = card(3, "head-gardener", "/estates/head-gardener", "Head gardener", "Plans the grounds.");
    let rendition = |key: &str, width, height, media_type: &str| Rendition {
        key: key.to_owned(),
        width,
        height,
        media_type: media_type.to_owned(),
    };
    let lead = Media {
        id: MediaId(id(0xaa)),
        width: 1600,
        height: 1067,
        focal_point: Some(FocalPoint { x: 0.5, y: 0.4 }),
        renditions: vec![
            rendition("lead-1600.jpg", 1600, 1067, "image/jpeg"),
            rendition("lead-640.webp", 640, 427, "image/webp"),
        ],
    };
    let ornament = Media { id: MediaId(id(0xab)), width: 1200, height: 800, focal_point: None, renditions: Vec::new() };
    let time = |text| Timestamp::parse(text).unwrap();
    Bundle {
        document: PublishedDocument {
            id: document(0xff),
            kind: Kind::RolePage,
            slug: "hospital-gardener".to_owned(),
            path: "/estates/hospital-gardener".to_owned(),
            version: VersionNumber(7),
            language: "en-GB".to_owned(),
            state: LiveState::Live,
            notice: None,
            content: role_page(written_page()),
            first_published_at: time("2026-10-01T09:00:00Z"),
            published_at: time("2026-11-20T08:30:00Z"),
            updated_at: time("2026-11-21T10:00:00Z"),
            changed_sequence: Sequence(41),
            last_reviewed_on: Some("2026-11-20".to_owned()),
            review_by: Some("2027-05-20".to_owned()),
        },
        embedded: HashMap::from([(section.id, section)]),
        cards: HashMap::from([(related.id, related)]),
        breadcrumbs: vec![card(1, "estates", "/estates", "Estates", "Buildings and grounds.")],
        media: HashMap::from([(lead.id, lead), (ornament.id, ornament)]),
        used_by: Vec::new(),
        page_token: "signed".to_owned(),
        depends_on: DependsOn::default(),
    }
}

fn written_page() -> Value {
    json!({
        "title": "Hospital gardener",
        "title_article": "a",
        "alternative_titles": ["Groundskeeper"],
        "summary": "Hospital gardeners look after the green places where patients rest.",
        "meta_description": "What hospital gardeners do and how to become one.",
        "search_terms": ["grounds"],
        "lead_image": {"media": id(0xaa), "alt": "A gardener prunes a rose", "decorative": false},
        "sections": [
            {"id": id(0x10), "heading": "Working life", "blocks": [
                {"id": id(0x11), "kind": "text", "markdown": "You will **plant** trees.\n"},
                {"id": id(0x12), "kind": "image", "media": id(0xab), "alt": "not said aloud", "decorative": true},
            ]},
            {"id": id(0x20), "heading": "How to become one", "blocks": [
                {"id": id(0x21), "kind": "requirements", "requirement_section": id(2)},
            ]},
        ],
        "related_roles": [id(3), id(4)],
        "learn_more": [
            {"text": "Garden jobs", "url": "https://jobs.example/"},
            {"text": "Something that isn't live", "document": id(4)},
        ],
        "facts": {
            "occupation_codes": [
                {"scheme": "uk-soc", "scheme_version": "2020", "code": "5113", "label": "Gardeners", "primary": true},
            ],
            "pay": {"kind": "range", "minimum": 23000, "maximum": 28500.5, "currency": "GBP", "period": "year",
                    "as_of": "2026-04-01"},
        },
    })
}

fn written_section() -> Value {
    json!({
        "title": "Garden traineeship",
        "summary": "Learn while you work.",
        "routes": [{
            "id": id(0x30),
            "kind": "apprenticeship",
            "requirements": {
                "id": id(0x31), "kind": "group", "rule": "at_least", "count": 1, "lead_in": "One of these is usual:",
                "items": [
                    {"id": id(0x32), "kind": "requirement", "text": "2 GCSEs at grade 4", "category": "qualification",
                     "necessity": "usually",
                     "qualification": {"name": "GCSE", "level": {"framework": "RQF", "level": "2"}, "grade": "4",
                                       "count_minimum": 2, "subjects": ["science", "maths"]}},
                    {"id": id(0x33), "kind": "requirement", "text": "a summer of garden work", "category": "experience",
                     "necessity": "usually"},
                ],
            },
            "standards": [{"reference": "ST0225", "title": "Horticulture operative",
                           "level": {"framework": "RQF", "level": "2"}}],
            "links": [{"text": "Find a traineeship", "url": "https://training.example/"}],
        }],
        "skills": [{"id": id(0x40), "kind": "essential", "text": "patience"}],
    })
}

/// Written out by hand: this is the promise, not a record of what the program does.
fn promised() -> Value {
    serde_json::from_str(&PROMISED.replace("ID-", "0199a1c2-0000-7000-8000-0000000000")).unwrap()
}

const PROMISED: &str = r#"{
    "id": "ID-ff", "kind": "role-page", "slug": "hospital-gardener", "path": "/estates/hospital-gardener",
    "version": 7, "language": "en-GB",
    "title": "Hospital gardener", "title_article": "a", "alternative_titles": ["Groundskeeper"],
    "summary": "Hospital gardeners look after the green places where patients rest.",
    "meta_description": "What hospital gardeners do and how to become one.",
    "breadcrumbs": [
        {"id": "ID-01", "kind": "role-page", "slug": "estates", "path": "/estates", "title": "Estates",
         "summary": "Buildings and grounds."}
    ],
    "lead_image": {
        "id": "ID-aa", "alt": "A gardener prunes a rose", "decorative": false, "caption": null,
        "width": 1600, "height": 1067, "focal_point": {"x": 0.5, "y": 0.4},
        "sources": [
            {"src": "/media/lead-640.webp", "width": 640, "height": 427, "type": "image/webp"},
            {"src": "/media/lead-1600.jpg", "width": 1600, "height": 1067, "type": "image/jpeg"}
        ]
    },
    "sections": [
        {"id": "ID-10", "heading": "Working life", "anchor": "working-life", "display": "plain", "blocks": [
            {"id": "ID-11", "kind": "text", "text": {
                "markdown": "You will **plant** trees.\n",
                "html": "<p>You will <strong>plant</strong> trees.</p>\n",
                "tree": [{"type": "paragraph", "content": [
                    {"type": "text", "text": "You will "},
                    {"type": "strong", "content": [{"type": "text", "text": "plant"}]},
                    {"type": "text", "text": " trees."}
                ]}]
            }},
            {"id": "ID-12", "kind": "image", "image": {
                "id": "ID-ab", "alt": "", "decorative": true, "caption": null, "width": 1200, "height": 800,
                "focal_point": null, "sources": []
            }}
        ]},
        {"id": "ID-20", "heading": "How to become one", "anchor": "how-to-become-one", "display": "plain", "blocks": [
            {"id": "ID-21", "kind": "requirements", "note": null, "requirement_section": {
                "id": "ID-02", "kind": "requirement-section", "slug": "garden-traineeship",
                "path": "/garden-traineeship", "version": 3, "title": "Garden traineeship",
                "summary": "Learn while you work.", "notice": null,
                "introduction": null, "requirements": null, "plain": [],
                "routes": [{
                    "id": "ID-30", "kind": "apprenticeship", "heading": null, "introduction": null,
                    "requirements": {
                        "id": "ID-31", "kind": "group", "rule": "at_least", "count": 1,
                        "lead_in": "One of these is usual:",
                        "items": [
                            {"id": "ID-32", "kind": "requirement", "text": "2 GCSEs at grade 4",
                             "category": "qualification", "necessity": "usually",
                             "qualification": {
                                 "name": "GCSE", "level": {"framework": "RQF", "level": "2"}, "grade": "4",
                                 "count_minimum": 2, "count_maximum": null, "or_equivalent": false,
                                 "subjects": ["science", "maths"]
                             },
                             "organisation": null, "links": [], "source": null, "nations": []},
                            {"id": "ID-33", "kind": "requirement", "text": "a summer of garden work",
                             "category": "experience", "necessity": "usually", "qualification": null,
                             "organisation": null, "links": [], "source": null, "nations": []}
                        ]
                    },
                    "plain": ["sentences"],
                    "asks_for": {"RQF": "0"},
                    "further_information": null,
                    "subjects": [],
                    "standards": [
                        {"reference": "ST0225", "title": "Horticulture operative",
                         "level": {"framework": "RQF", "level": "2"}, "lars_code": null, "duration_months": null}
                    ],
                    "links": [{"text": "Find a traineeship", "url": "https://training.example/"}]
                }],
                "skills": [{"id": "ID-40", "kind": "essential", "text": "patience", "code": null}],
                "sections": []
            }}
        ]}
    ],
    "related_roles": [
        {"id": "ID-03", "kind": "role-page", "slug": "head-gardener", "path": "/estates/head-gardener",
         "title": "Head gardener", "summary": "Plans the grounds."}
    ],
    "learn_more": [{"text": "Garden jobs", "url": "https://jobs.example/"}],
    "facts": {
        "occupation_codes": [
            {"scheme": "uk-soc", "scheme_version": "2020", "code": "5113", "label": "Gardeners", "primary": true}
        ],
        "pay": {"kind": "range", "minimum": 23000, "maximum": 28500.5, "currency": "GBP", "period": "year",
                "as_of": "2026-04-01"},
        "hours": null, "tasks": [], "skills": [], "registrations": [], "work_locations": [],
        "work_environments": [], "uniform": [], "standards": [], "career_path": null
    },
    "first_published_at": "2026-10-01T09:00:00Z",
    "published_at": "2026-11-20T08:30:00Z",
    "updated_at": "2026-11-21T10:00:00Z",
    "last_reviewed_on": "2026-11-20",
    "review_by": "2027-05-20",
    "notice": null,
    "feedback": {
        "action": "/api/v1/reports", "page_token": "signed",
        "kinds": ["problem", "comment", "accessibility", "praise"]
    },
    "links": {
        "self": "/api/v1/role-pages/hospital-gardener",
        "json_ld": "/api/v1/role-pages/hospital-gardener/json-ld"
    }
}"#;

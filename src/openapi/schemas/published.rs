//! Published pages: what they are made of, key for key as `published::view` writes them.

use serde_json::{Value, json};

use super::{
    Schemas, named,
    parts::{
        address, boolean, choice, component, constant, count, date, described, fraction, id, kinds, list, nullable,
        object, record, text, time, version, whole, with,
    },
};
use crate::{
    content::kinds::{
        Kind,
        requirement::{Category, Framework, Nation, Necessity, RouteKind, Rule},
        role_page::{CodeScheme, Period, TitleArticle},
        section::{Display, FactName, SkillKind, Tone},
    },
    feedback::ReportKind,
};

/// A key, its schema, and whether it always stands.
type Key = (&'static str, Value, bool);

pub fn schemas() -> Schemas {
    let mut schemas = named([
        (
            "PublishedRolePage",
            described(page(Kind::RolePage), "A published role page, with its requirement sections in full."),
        ),
        ("PublishedRequirementSection", described(page(Kind::RequirementSection), "A published requirement section.")),
        ("NarrowedRolePage", narrowed(page(Kind::RolePage))),
        ("NarrowedRequirementSection", narrowed(page(Kind::RequirementSection))),
        ("Card", described(record(card()), "A reference to another page, with enough to show it.")),
        ("PublishedFeedback", feedback()),
        ("PublishedSection", section()),
        ("PublishedImage", image()),
        ("RichText", rich_text()),
        ("TreeNode", described(tree_node(), "A block of a rich text.")),
        ("TreeInline", described(tree_inline(), "A part of a line of a rich text.")),
        ("PublishedRoleSummary", role_summary()),
        ("PublishedTask", object([("id", id()), ("text", text())])),
        ("PublishedSkill", skill()),
        ("PublishedLink", link()),
        ("EmbeddedRequirementSection", embedded()),
        ("RequirementSectionHead", described(record(head()), "Which requirement section something comes from.")),
        ("PublishedEntryRoute", route()),
        ("PublishedQualification", qualification()),
        ("PublishedStandard", standard()),
        ("PublishedFacts", facts()),
        ("PublishedPay", pay()),
    ]);
    schemas.extend(blocks());
    schemas.extend(nodes());
    schemas
}

fn rich() -> Value {
    nullable(component("RichText"))
}

fn page(kind: Kind) -> Value {
    let mut keys = vec![
        ("id", id(), true),
        ("kind", constant(kind.name()), true),
        ("slug", text(), true),
        ("path", text(), true),
        ("version", version(), true),
        ("language", described(text(), "A language tag of BCP 47."), true),
        ("title", text(), true),
    ];
    match kind {
        Kind::RolePage => keys.extend([
            ("title_article", described(choice::<TitleArticle>(), "The article before the title in a sentence."), true),
            ("alternative_titles", list(text()), true),
            ("summary", text(), true),
            ("meta_description", text(), true),
            ("breadcrumbs", list(component("Card")), true),
            ("lead_image", nullable(component("PublishedImage")), true),
            ("sections", list(component("PublishedSection")), true),
            ("related_roles", list(component("Card")), true),
            ("learn_more", list(component("PublishedLink")), true),
            ("facts", component("PublishedFacts"), true),
        ]),
        Kind::RequirementSection => {
            keys.extend([
                ("summary", text(), true),
                ("meta_description", text(), true),
                ("breadcrumbs", list(component("Card")), true),
            ]);
            keys.extend(section_body());
            keys.push(("used_by", described(list(component("Card")), "The live pages that embed it."), true));
        }
    }
    keys.extend(standing(kind));
    record(keys)
}

/// What every page ends with.
fn standing(kind: Kind) -> Vec<Key> {
    let links = record(vec![
        ("self", address(), true),
        ("json_ld", described(address(), "The page in the vocabulary of schema.org."), false),
    ]);
    let notice = format!("Why the {} was withdrawn; null while it is live.", kind.words());
    vec![
        ("first_published_at", time(), true),
        ("published_at", time(), true),
        ("updated_at", described(time(), "The time of the last event that changed this JSON."), true),
        ("last_reviewed_on", nullable(date()), true),
        ("review_by", nullable(date()), true),
        ("notice", described(nullable(text()), &notice), true),
        ("feedback", component("PublishedFeedback"), true),
        ("links", links, true),
    ]
}

/// A page of which only some keys were asked for.
fn narrowed(page: Value) -> Value {
    let narrowed = with(page, "required", json!(["id"]));
    described(narrowed, "What `fields` leaves of a page: the id and the keys that were named.")
}

fn feedback() -> Value {
    let schema = object([
        ("action", described(address(), "Where reports are sent.")),
        (
            "page_token",
            described(text(), "Proves which version of which page the visitor saw; send it with the report."),
        ),
        ("kinds", list(choice::<ReportKind>())),
    ]);
    described(schema, "How a visitor reports a problem with the page.")
}

fn card() -> Vec<Key> {
    vec![
        ("id", id(), true),
        ("kind", choice::<Kind>(), true),
        ("slug", text(), true),
        ("path", text(), true),
        ("title", text(), true),
        ("summary", text(), true),
    ]
}

fn section() -> Value {
    object([
        ("id", id()),
        ("heading", nullable(text())),
        ("anchor", described(nullable(text()), "Unique in the page; null without a heading.")),
        ("display", choice::<Display>()),
        ("blocks", list(component("PublishedBlock"))),
    ])
}

/// A block of each kind, and all of them together.
fn blocks() -> Schemas {
    let bodies: [(&str, &str, Vec<Key>); 9] = [
        ("text", "PublishedTextBlock", vec![("text", rich(), true)]),
        ("image", "PublishedImageBlock", vec![("image", component("PublishedImage"), true)]),
        (
            "callout",
            "PublishedCalloutBlock",
            vec![("tone", choice::<Tone>(), true), ("heading", nullable(text()), true), ("text", rich(), true)],
        ),
        ("details", "PublishedDetailsBlock", vec![("summary", text(), true), ("text", rich(), true)]),
        (
            "roles",
            "PublishedRolesBlock",
            vec![("introduction", rich(), true), ("roles", list(component("PublishedRoleSummary")), true)],
        ),
        (
            "requirements",
            "PublishedRequirementsBlock",
            vec![("note", rich(), true), ("requirement_section", component("EmbeddedRequirementSection"), true)],
        ),
        ("links", "PublishedLinksBlock", vec![("links", list(component("PublishedLink")), true)]),
        ("quote", "PublishedQuoteBlock", vec![("text", rich(), true), ("attribution", nullable(text()), true)]),
        ("facts", "PublishedFactsBlock", vec![("show", list(choice::<FactName>()), true)]),
    ];
    let names: Vec<(&str, String)> = bodies.iter().map(|(kind, name, _)| (*kind, (*name).to_owned())).collect();
    let mut schemas = vec![("PublishedBlock".to_owned(), kinds("kind", &names))];
    schemas.extend(bodies.into_iter().map(|(kind, name, body)| {
        let mut keys = vec![("id", id(), true), ("kind", constant(kind), true)];
        keys.extend(body);
        (name.to_owned(), record(keys))
    }));
    schemas
}

fn image() -> Value {
    let source = object([
        ("src", address()),
        ("width", count()),
        ("height", count()),
        ("type", described(text(), "A media type, such as image/webp.")),
    ]);
    let focal = described(
        object([("x", fraction()), ("y", fraction())]),
        "What must stay visible, from the left and from the top.",
    );
    object([
        ("id", id()),
        ("alt", described(text(), "Empty if the image is decorative.")),
        ("decorative", boolean()),
        ("caption", nullable(text())),
        ("width", described(count(), "In pixels.")),
        ("height", described(count(), "In pixels.")),
        ("focal_point", nullable(focal)),
        ("sources", list(source)),
    ])
}

fn rich_text() -> Value {
    let schema = object([
        ("markdown", described(text(), "As it is kept; links to documents are `ref:ID`.")),
        ("html", described(text(), "With links resolved; safe to put into a page as it is.")),
        ("tree", described(list(component("TreeNode")), "With links resolved, for sites that make their own HTML.")),
    ]);
    described(schema, "One text in three forms.")
}

fn tree_node() -> Value {
    let inlines = || list(component("TreeInline"));
    let nodes = || list(component("TreeNode"));
    let start = described(count(), "The number of the first item.");
    let item = object([("blocks", nodes())]);
    json!({ "oneOf": [
        object([("type", constant("paragraph")), ("content", inlines())]),
        object([("type", constant("heading")), ("level", whole(3, 4)), ("id", text()), ("content", inlines())]),
        object([("type", constant("list")), ("ordered", boolean()), ("start", start), ("items", list(item))]),
        object([("type", constant("quote")), ("blocks", nodes())]),
        object([("type", constant("table")), ("head", list(inlines())), ("rows", list(list(inlines())))]),
    ] })
}

fn tree_inline() -> Value {
    let inlines = || list(component("TreeInline"));
    let link = record(vec![
        ("type", constant("link"), true),
        ("href", address(), true),
        ("document", described(id(), "For a link to a document of this site."), false),
        ("block", id(), false),
        ("content", inlines(), true),
    ]);
    json!({ "oneOf": [
        object([("type", constant("text")), ("text", text())]),
        object([("type", constant("strong")), ("content", inlines())]),
        object([("type", constant("emphasis")), ("content", inlines())]),
        link,
        object([("type", constant("break"))]),
    ] })
}

fn role_summary() -> Value {
    object([
        ("id", id()),
        ("title", text()),
        ("text", rich()),
        ("tasks", list(component("PublishedTask"))),
        ("page", described(nullable(component("Card")), "The role's own page; null if it has none that is live.")),
    ])
}

fn skill() -> Value {
    let code = object([("scheme", text()), ("code", text())]);
    object([("id", id()), ("kind", choice::<SkillKind>()), ("text", text()), ("code", nullable(code))])
}

fn link() -> Value {
    record(vec![
        ("text", text(), true),
        ("url", described(text(), "Of a link to a document its live path."), true),
        ("document", id(), false),
        ("block", id(), false),
    ])
}

fn head() -> Vec<Key> {
    vec![
        ("id", id(), true),
        ("kind", constant(Kind::RequirementSection.name()), true),
        ("slug", text(), true),
        ("path", text(), true),
        ("version", version(), true),
        ("title", text(), true),
        ("summary", text(), true),
        ("notice", described(nullable(text()), "Why the section was withdrawn; null while it is live."), true),
    ]
}

fn plain() -> Value {
    described(list(text()), "The requirements in sentences, in order.")
}

fn section_body() -> Vec<Key> {
    vec![
        ("introduction", rich(), true),
        ("requirements", described(nullable(component("PublishedNode")), "What holds whichever way in."), true),
        ("plain", plain(), true),
        ("routes", list(component("PublishedEntryRoute")), true),
        ("skills", list(component("PublishedSkill")), true),
        ("sections", list(component("PublishedSection")), true),
    ]
}

fn embedded() -> Value {
    described(
        record(head().into_iter().chain(section_body()).collect()),
        "A requirement section that stands in a page in full.",
    )
}

fn route() -> Value {
    object([
        ("id", id()),
        ("kind", choice::<RouteKind>()),
        ("heading", nullable(text())),
        ("introduction", rich()),
        ("requirements", nullable(component("PublishedNode"))),
        ("plain", plain()),
        ("asks_for", asks_for()),
        ("further_information", rich()),
        ("subjects", list(text())),
        ("standards", list(component("PublishedStandard"))),
        ("links", list(component("PublishedLink"))),
    ])
}

/// By framework the lowest level that the route asks for.
fn asks_for() -> Value {
    let levels: serde_json::Map<String, Value> = Framework::ALL
        .iter()
        .map(|framework| {
            let levels: Vec<&str> = std::iter::once("0").chain(framework.levels().iter().copied()).collect();
            (framework.name().to_owned(), json!({ "type": "string", "enum": levels }))
        })
        .collect();
    let schema = json!({ "type": ["object", "null"], "properties": levels });
    described(schema, "By framework, the level that is asked for at least; `0` for none, null where it is not known.")
}

/// A node of each kind, and all of them together.
fn nodes() -> Schemas {
    let origin = || {
        described(component("RequirementSectionHead"), "Where a reference stood: the section that the node comes from.")
    };
    let node = |kind: &str, body: Vec<Key>| {
        let mut keys = vec![("id", id(), true), ("kind", constant(kind), true)];
        keys.extend(body);
        record(keys)
    };
    let group = vec![
        ("rule", choice::<Rule>(), true),
        ("count", described(nullable(count()), "Of `at_least`: how many."), true),
        ("lead_in", nullable(text()), true),
        ("items", list(component("PublishedNode")), true),
        ("requirement_section", origin(), false),
    ];
    let source = object([("title", text()), ("url", text()), ("checked_on", nullable(date()))]);
    let requirement = vec![
        ("text", text(), true),
        ("category", choice::<Category>(), true),
        ("necessity", choice::<Necessity>(), true),
        ("qualification", nullable(component("PublishedQualification")), true),
        ("organisation", nullable(text()), true),
        ("links", list(component("PublishedLink")), true),
        ("source", nullable(source), true),
        ("nations", described(list(choice::<Nation>()), "Empty: all nations."), true),
        ("requirement_section", origin(), false),
    ];
    let unfollowed = vec![
        ("requirement_section", nullable(component("RequirementSectionHead")), true),
        ("necessity", nullable(choice::<Necessity>()), true),
    ];
    let names = ["PublishedGroup", "PublishedRequirement", "PublishedSectionReference"].map(str::to_owned);
    let [group_name, requirement_name, reference_name] = names.clone();
    let together =
        kinds("kind", &[("group", group_name), ("requirement", requirement_name), ("section", reference_name)]);
    let [group_name, requirement_name, reference_name] = names;
    vec![
        ("PublishedNode".to_owned(), described(together, "A node of a requirement tree, with references followed.")),
        (group_name, node("group", group)),
        (requirement_name, node("requirement", requirement)),
        (reference_name, described(node("section", unfollowed), "A reference that could not be followed.")),
    ]
}

fn qualification() -> Value {
    object([
        ("name", text()),
        ("level", nullable(component("Level"))),
        ("grade", nullable(text())),
        ("count_minimum", nullable(count())),
        ("count_maximum", nullable(count())),
        ("or_equivalent", boolean()),
        ("subjects", list(text())),
    ])
}

fn standard() -> Value {
    object([
        ("reference", text()),
        ("title", text()),
        ("level", nullable(component("Level"))),
        ("lars_code", nullable(count())),
        ("duration_months", nullable(count())),
    ])
}

fn facts() -> Value {
    let code = record(vec![
        ("scheme", choice::<CodeScheme>(), true),
        ("scheme_version", text(), true),
        ("code", text(), false),
        ("uri", text(), false),
        ("label", nullable(text()), true),
        ("primary", boolean(), true),
    ]);
    let hours = object([
        ("minimum", nullable(amount())),
        ("maximum", nullable(amount())),
        ("detail", nullable(text())),
        ("patterns", list(text())),
    ]);
    let registration = object([
        ("id", id()),
        ("text", text()),
        ("organisation", nullable(text())),
        ("links", list(component("PublishedLink"))),
    ]);
    object([
        ("occupation_codes", list(code)),
        ("pay", nullable(component("PublishedPay"))),
        ("hours", nullable(hours)),
        ("tasks", list(component("PublishedTask"))),
        ("skills", list(component("PublishedSkill"))),
        ("registrations", list(registration)),
        ("work_locations", list(text())),
        ("work_environments", list(text())),
        ("uniform", list(text())),
        ("standards", list(component("PublishedStandard"))),
        ("career_path", rich()),
    ])
}

fn amount() -> Value {
    json!({ "type": "number", "minimum": 0 })
}

fn pay() -> Value {
    let span = |kind: &str, from: &'static str, to: &'static str| {
        object([
            ("kind", constant(kind)),
            (from, nullable(amount())),
            (to, nullable(amount())),
            ("currency", described(text(), "A code of ISO 4217.")),
            ("period", choice::<Period>()),
            ("as_of", nullable(date())),
        ])
    };
    let bands = object([
        ("kind", constant("bands")),
        ("scheme", text()),
        ("nation", nullable(choice::<Nation>())),
        ("bands", list(text())),
    ]);
    json!({ "oneOf": [
        bands,
        span("range", "minimum", "maximum"),
        span("progression", "starter", "experienced"),
        object([("kind", constant("variable")), ("note", nullable(text()))]),
    ] })
}

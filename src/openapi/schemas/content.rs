//! The content of versions, from one description in two forms: as it is sent, where almost everything may be left out,
//! and as it is answered, with every id and every key.

use serde_json::{Map, Value, json};

use super::{
    Schemas,
    limits::{
        BLOCKS_LIMIT, ITEMS_LIMIT, LINE_LIMIT, MARKDOWN_LIMIT, SECTIONS_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT,
        TREE_DEPTH_LIMIT,
    },
    parts::{
        boolean, choice, component, constant, date, described, id, kinds, list_up_to, nullable, text, text_up_to,
        whole, with,
    },
};
use crate::content::{
    kinds::{
        requirement::{Category, Nation, Necessity, RouteKind, Rule},
        role_page::{CodeScheme, Period, TitleArticle},
        section::{Display, FactName, SkillKind, Tone},
    },
    limits::CONTENT_LIMIT,
};

/// In which form content stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Sent,
    Answered,
}

/// Whether a key stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// In both forms.
    Needed,
    /// In what is answered.
    Filled,
    /// In what is answered, perhaps as null.
    Empty,
    /// Nowhere of necessity.
    Absent,
}

use Presence::{Absent, Empty, Filled, Needed};

type Key = (&'static str, Value, Presence);

pub fn schemas() -> Schemas {
    [Form::Sent, Form::Answered].into_iter().flat_map(Form::schemas).collect()
}

impl Form {
    fn schemas(self) -> Schemas {
        let mut schemas = vec![
            self.component("RolePageContent", self.role_page()),
            self.component("RequirementSectionContent", self.requirement_section()),
            self.component("Section", self.section()),
            self.component("ImageUse", self.object(image_use())),
            self.component("RoleSummary", self.role_summary()),
            self.component("Task", self.or_text(self.object(vec![identity(), ("text", line(), Filled)]))),
            self.component("Skill", self.or_text(self.skill())),
            self.component("Link", self.link()),
            self.component("EntryRoute", self.entry_route()),
            self.component("Qualification", self.qualification()),
            self.component("Standard", self.standard()),
            self.component("Facts", self.facts()),
            self.component("Registration", self.or_text(self.registration())),
            self.component("Pay", self.pay()),
        ];
        schemas.extend(self.blocks());
        schemas.extend(self.nodes());
        schemas
    }

    fn name(self, name: &str) -> String {
        match self {
            Self::Sent => format!("{name}Input"),
            Self::Answered => name.to_owned(),
        }
    }

    fn component(self, name: &str, schema: Value) -> (String, Value) {
        (self.name(name), schema)
    }

    fn reference(self, name: &str) -> Value {
        component(&self.name(name))
    }

    fn references(self, name: &str) -> Value {
        list_up_to(self.reference(name), ITEMS_LIMIT)
    }

    /// An object in this form.
    fn object(self, keys: Vec<Key>) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, schema, presence) in keys {
            let stands = match self {
                Self::Sent => presence == Needed,
                Self::Answered => presence != Absent,
            };
            let may_be_null = match self {
                Self::Sent => !stands,
                Self::Answered => presence == Empty,
            };
            if stands {
                required.push(name);
            }
            properties.insert(name.to_owned(), if may_be_null { nullable(schema) } else { schema });
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema = with(schema, "required", json!(required));
        }
        match self {
            Self::Sent => with(schema, "additionalProperties", false.into()),
            Self::Answered => schema,
        }
    }

    /// What may be sent as a plain text.
    fn or_text(self, schema: Value) -> Value {
        match self {
            Self::Sent => {
                json!({ "anyOf": [described(line(), "Its text; everything else is left to the server."), schema] })
            }
            Self::Answered => schema,
        }
    }

    fn role_page(self) -> Value {
        let schema = self.object(vec![
            ("title", text_up_to(TITLE_LIMIT), Filled),
            (
                "title_article",
                described(choice::<TitleArticle>(), "The article before the title in a sentence."),
                Filled,
            ),
            ("alternative_titles", lines(), Filled),
            ("summary", text_up_to(SUMMARY_LIMIT), Filled),
            ("meta_description", described(line(), "Without one, the summary cut at a sentence."), Empty),
            ("search_terms", lines(), Filled),
            ("lead_image", self.reference("ImageUse"), Empty),
            ("sections", list_up_to(self.reference("Section"), SECTIONS_LIMIT), Filled),
            (
                "related_roles",
                described(with(list_up_to(id(), ITEMS_LIMIT), "uniqueItems", true.into()), "Role pages, in order."),
                Filled,
            ),
            ("learn_more", self.references("Link"), Filled),
            ("facts", self.reference("Facts"), Filled),
        ]);
        described(schema, &format!("What a version of a role page says; at most {CONTENT_LIMIT} bytes of JSON."))
    }

    fn requirement_section(self) -> Value {
        let schema = self.object(vec![
            ("title", text_up_to(TITLE_LIMIT), Filled),
            ("summary", text_up_to(SUMMARY_LIMIT), Filled),
            ("introduction", markdown(), Filled),
            ("requirements", described(self.reference("Node"), "What holds whichever way in."), Empty),
            ("routes", self.references("EntryRoute"), Filled),
            ("skills", self.references("Skill"), Filled),
            ("sections", list_up_to(self.reference("Section"), SECTIONS_LIMIT), Filled),
        ]);
        described(
            schema,
            &format!("What a version of a requirement section says; at most {CONTENT_LIMIT} bytes of JSON."),
        )
    }

    fn section(self) -> Value {
        self.object(vec![
            identity(),
            ("heading", text_up_to(TITLE_LIMIT), Empty),
            ("display", choice::<Display>(), Filled),
            ("blocks", list_up_to(self.reference("Block"), BLOCKS_LIMIT), Filled),
        ])
    }

    /// A block of each kind, and all of them together.
    fn blocks(self) -> Schemas {
        let bodies: [(&str, &str, Vec<Key>); 9] = [
            ("text", "TextBlock", vec![("markdown", markdown(), Filled)]),
            ("image", "ImageBlock", image_use()),
            (
                "callout",
                "CalloutBlock",
                vec![
                    ("tone", choice::<Tone>(), Filled),
                    ("heading", text_up_to(TITLE_LIMIT), Empty),
                    ("markdown", markdown(), Filled),
                ],
            ),
            ("details", "DetailsBlock", vec![("summary", line(), Filled), ("markdown", markdown(), Filled)]),
            (
                "roles",
                "RolesBlock",
                vec![("introduction", markdown(), Filled), ("roles", self.references("RoleSummary"), Filled)],
            ),
            (
                "requirements",
                "RequirementsBlock",
                vec![
                    ("requirement_section", described(id(), "The requirement section that stands here."), Empty),
                    ("note", described(markdown(), "A note of this page only."), Filled),
                ],
            ),
            ("links", "LinksBlock", vec![("links", self.references("Link"), Filled)]),
            ("quote", "QuoteBlock", vec![("markdown", markdown(), Filled), ("attribution", line(), Empty)]),
            ("facts", "FactsBlock", vec![("show", list_up_to(choice::<FactName>(), ITEMS_LIMIT), Filled)]),
        ];
        let names: Vec<(&str, String)> = bodies.iter().map(|(kind, name, _)| (*kind, self.name(name))).collect();
        let mut schemas = vec![self.component("Block", kinds("kind", &names))];
        schemas.extend(
            bodies.into_iter().map(|(kind, name, body)| self.component(name, self.object(of_kind(kind, body)))),
        );
        schemas
    }

    fn role_summary(self) -> Value {
        self.object(vec![
            identity(),
            ("title", text_up_to(TITLE_LIMIT), Filled),
            ("markdown", markdown(), Filled),
            ("tasks", self.references("Task"), Filled),
            ("page", described(id(), "The role's own page, if it has one."), Empty),
        ])
    }

    fn skill(self) -> Value {
        let code = self.object(vec![("scheme", line(), Filled), ("code", line(), Filled)]);
        let kind = described(choice::<SkillKind>(), "Sent as a plain text, or without a kind, a skill is essential.");
        self.object(vec![identity(), ("kind", kind, Filled), ("text", line(), Filled), ("code", code, Empty)])
    }

    fn link(self) -> Value {
        let url = described(line(), "http(s), mailto, tel, or a path of the site.");
        let schema = self.object(vec![
            ("text", line(), Filled),
            ("url", url, Absent),
            ("document", described(id(), "Instead of a url, a document of the site."), Absent),
            ("block", described(id(), "A block of that document."), Absent),
        ]);
        described(schema, "Leads to a url or to a document, not to both.")
    }

    /// A node of each kind, and all of them together.
    fn nodes(self) -> Schemas {
        let items =
            described(self.references("Node"), &format!("At most {TREE_DEPTH_LIMIT} groups stand within each other."));
        let group = vec![
            ("rule", choice::<Rule>(), Filled),
            ("count", described(whole(1, 500), "With the rule `at_least` only: how many."), Empty),
            ("lead_in", described(line(), "Such as “You'll usually need:”."), Empty),
            ("items", items, Filled),
        ];
        let source =
            self.object(vec![("title", line(), Filled), ("url", line(), Filled), ("checked_on", date(), Empty)]);
        let nations = described(list_up_to(choice::<Nation>(), ITEMS_LIMIT), "Empty: all nations.");
        let requirement = vec![
            ("text", line(), Filled),
            ("category", choice::<Category>(), Filled),
            (
                "necessity",
                described(choice::<Necessity>(), "`required` and `usually` ask for something; the others don't."),
                Filled,
            ),
            ("qualification", self.reference("Qualification"), Empty),
            ("organisation", line(), Empty),
            ("links", self.references("Link"), Filled),
            ("source", source, Empty),
            ("nations", nations, Filled),
        ];
        let section = vec![
            ("requirement_section", described(id(), "The requirement section whose tree stands here."), Empty),
            ("necessity", described(choice::<Necessity>(), "Takes the place of what the section says."), Empty),
        ];
        let names = [("group", "Group"), ("requirement", "Requirement"), ("section", "SectionReference")];
        let named: Vec<(&str, String)> = names.iter().map(|(kind, name)| (*kind, self.name(name))).collect();
        let node = described(kinds("kind", &named), "A node of a requirement tree.");
        let mut schemas = vec![self.component("Node", node)];
        for ((kind, name), body) in names.into_iter().zip([group, requirement, section]) {
            schemas.push(self.component(name, self.object(of_kind(kind, body))));
        }
        schemas
    }

    fn qualification(self) -> Value {
        self.object(vec![
            ("name", line(), Filled),
            ("level", self.reference("Level"), Empty),
            ("grade", line(), Empty),
            ("count_minimum", whole(1, 100), Empty),
            ("count_maximum", whole(1, 100), Empty),
            ("or_equivalent", boolean(), Filled),
            ("subjects", lines(), Filled),
        ])
    }

    fn entry_route(self) -> Value {
        self.object(vec![
            identity(),
            ("kind", choice::<RouteKind>(), Needed),
            ("heading", text_up_to(TITLE_LIMIT), Empty),
            ("introduction", markdown(), Filled),
            (
                "requirements",
                described(self.reference("Node"), "Without one, nobody knows what the route asks for."),
                Empty,
            ),
            ("further_information", markdown(), Filled),
            ("subjects", lines(), Filled),
            ("standards", self.references("Standard"), Filled),
            ("links", self.references("Link"), Filled),
        ])
    }

    fn standard(self) -> Value {
        let schema = self.object(vec![
            ("reference", line(), Filled),
            ("title", line(), Filled),
            ("level", self.reference("Level"), Empty),
            ("lars_code", whole(1, 1_000_000), Empty),
            ("duration_months", whole(1, 120), Empty),
        ]);
        described(schema, "An apprenticeship standard, such as ST0120.")
    }

    fn facts(self) -> Value {
        let code = self.object(vec![
            ("scheme", choice::<CodeScheme>(), Needed),
            ("scheme_version", line(), Filled),
            ("code", line(), Absent),
            ("uri", line(), Absent),
            ("label", line(), Empty),
            ("primary", boolean(), Filled),
        ]);
        let hours = self.object(vec![
            ("minimum", amount(), Empty),
            ("maximum", amount(), Empty),
            ("detail", line(), Empty),
            ("patterns", lines(), Filled),
        ]);
        self.object(vec![
            ("occupation_codes", list_up_to(code, ITEMS_LIMIT), Filled),
            ("pay", self.reference("Pay"), Empty),
            ("hours", hours, Empty),
            ("tasks", self.references("Task"), Filled),
            ("skills", self.references("Skill"), Filled),
            ("registrations", self.references("Registration"), Filled),
            ("work_locations", lines(), Filled),
            ("work_environments", lines(), Filled),
            ("uniform", lines(), Filled),
            ("standards", self.references("Standard"), Filled),
            ("career_path", markdown(), Filled),
        ])
    }

    fn registration(self) -> Value {
        self.object(vec![
            identity(),
            ("text", line(), Filled),
            ("organisation", line(), Empty),
            ("links", self.references("Link"), Filled),
        ])
    }

    fn pay(self) -> Value {
        let currency = json!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "A code of ISO 4217." });
        let span = |kind: &str, from: &'static str, to: &'static str| {
            self.object(vec![
                ("kind", constant(kind), Needed),
                (from, amount(), Empty),
                (to, amount(), Empty),
                ("currency", currency.clone(), Filled),
                ("period", choice::<Period>(), Filled),
                ("as_of", date(), Empty),
            ])
        };
        let bands = self.object(vec![
            ("kind", constant("bands"), Needed),
            ("scheme", line(), Filled),
            ("nation", choice::<Nation>(), Empty),
            ("bands", lines(), Filled),
        ]);
        json!({ "oneOf": [
            bands,
            span("range", "minimum", "maximum"),
            span("progression", "starter", "experienced"),
            self.object(vec![("kind", constant("variable"), Needed), ("note", line(), Empty)]),
        ] })
    }
}

fn identity() -> Key {
    ("id", described(id(), "Survives edits and moves; made by the server if it is left out."), Filled)
}

/// The keys of a thing of one kind among several.
fn of_kind(kind: &str, body: Vec<Key>) -> Vec<Key> {
    let mut keys = vec![identity(), ("kind", constant(kind), Needed)];
    keys.extend(body);
    keys
}

fn image_use() -> Vec<Key> {
    vec![
        ("media", described(id(), "An image of the library."), Empty),
        ("alt", described(line(), "What the image says here; empty if it is decorative."), Filled),
        ("decorative", boolean(), Filled),
        ("caption", line(), Empty),
    ]
}

/// One line of plain text.
fn line() -> Value {
    text_up_to(LINE_LIMIT)
}

fn lines() -> Value {
    list_up_to(line(), ITEMS_LIMIT)
}

fn markdown() -> Value {
    described(
        with(text(), "maxLength", json!(MARKDOWN_LIMIT)),
        "Markdown of a closed schema; nothing else survives a save.",
    )
}

/// In units of the currency, or hours.
fn amount() -> Value {
    let description = "At most two decimal places.";
    json!({ "type": "number", "minimum": 0, "maximum": 1_000_000_000, "description": description })
}

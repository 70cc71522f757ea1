//! A role page as structured data of schema.org, for search engines: `WebPage`, `BreadcrumbList` and `Occupation` in one
//! graph. It says nothing that the page itself does not say.
//!
//! Decision (2026-11-22), addresses. Context: search engines want addresses in full, and which host shows the pages is the
//! site's business. Choice: where the server was told of front-end sites, the first one stands before every path; else they are
//! paths, and a document that embeds this in a page resolves them against its own address (JSON-LD 1.1, section 4.1.3).
//! Consequence: a site that is served from several origins names the one first by which it wants to be found.

use serde_json::{Map, Value, json};

use crate::content::{
    Content,
    kinds::{
        RolePage,
        role_page::{CodeScheme, OccupationCode, Pay, Period},
        section::SkillKind,
    },
    values::Amount,
};

use super::Bundle;

/// The graph of a role page on the site at `origin`, which may be empty; `None` for other kinds.
pub fn json_ld(bundle: &Bundle, origin: &str) -> Option<Value> {
    let Content::RolePage(page) = &bundle.document.content else { return None };
    let address = format!("{origin}{}", bundle.document.path);
    let (breadcrumbs, occupation) = (format!("{address}#breadcrumbs"), format!("{address}#occupation"));
    let graph = [
        web_page_of(bundle, page, &address, &breadcrumbs, &occupation),
        breadcrumbs_of(bundle, page, origin, &breadcrumbs),
        occupation_of(page, &occupation, &address),
    ];
    Some(json!({ "@context": "https://schema.org", "@graph": graph }))
}

fn web_page_of(bundle: &Bundle, page: &RolePage, address: &str, breadcrumbs: &str, occupation: &str) -> Value {
    let document = &bundle.document;
    object([
        ("@type", json!("WebPage")),
        ("@id", json!(format!("{address}#page"))),
        ("url", json!(address)),
        ("name", json!(page.title)),
        ("description", text(page.meta_description.as_deref().unwrap_or(&page.summary))),
        ("inLanguage", json!(document.language)),
        ("datePublished", json!(document.first_published_at)),
        ("dateModified", json!(document.published_at)),
        ("lastReviewed", json!(document.last_reviewed_on)),
        ("breadcrumb", json!({ "@id": breadcrumbs })),
        ("mainEntity", json!({ "@id": occupation })),
    ])
}

fn breadcrumbs_of(bundle: &Bundle, page: &RolePage, origin: &str, id: &str) -> Value {
    let ancestors = bundle.breadcrumbs.iter().map(|card| (card.title.as_str(), card.path.as_str()));
    let trail = ancestors.chain([(page.title.as_str(), bundle.document.path.as_str())]);
    let items: Vec<Value> = trail
        .enumerate()
        .map(|(place, (name, path))| {
            json!({ "@type": "ListItem", "position": place + 1, "name": name, "item": format!("{origin}{path}") })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "@id": id, "itemListElement": items })
}

fn occupation_of(page: &RolePage, id: &str, address: &str) -> Value {
    let facts = &page.facts;
    let tasks: Vec<&str> = facts.tasks.iter().map(|task| task.text.as_str()).collect();
    let skills: Vec<&str> = facts
        .skills
        .iter()
        .filter(|skill| skill.kind != SkillKind::Desirable)
        .map(|skill| skill.text.as_str())
        .collect();
    let codes: Vec<Value> = facts.occupation_codes.iter().map(code).collect();
    object([
        ("@type", json!("Occupation")),
        ("@id", json!(id)),
        ("name", json!(page.title)),
        ("alternateName", json!(page.alternative_titles)),
        ("description", text(&page.summary)),
        ("mainEntityOfPage", json!(address)),
        ("occupationalCategory", json!(codes)),
        ("responsibilities", json!(tasks)),
        ("skills", json!(skills)),
        ("estimatedSalary", facts.pay.as_ref().map_or(Value::Null, salary)),
    ])
}

fn code(code: &OccupationCode) -> Value {
    let scheme = match code.scheme {
        CodeScheme::UkSoc => "UK SOC",
        CodeScheme::OnetSoc => "O*NET-SOC",
        CodeScheme::Isco => "ISCO",
        CodeScheme::Esco => "ESCO",
    };
    object([
        ("@type", json!("CategoryCode")),
        ("codeValue", json!(code.code)),
        ("url", json!(code.uri)),
        ("name", json!(code.label)),
        ("inCodeSet", json!({ "@type": "CategoryCodeSet", "name": format!("{scheme} {}", code.scheme_version) })),
    ])
}

/// Pay in money; bands and words are no figures.
fn salary(pay: &Pay) -> Value {
    let (low, high, currency, period) = match pay {
        Pay::Range { minimum, maximum, currency, period, as_of: _ } => (minimum, maximum, currency, period),
        Pay::Progression { starter, experienced, currency, period, as_of: _ } => {
            (starter, experienced, currency, period)
        }
        Pay::Bands { .. } | Pay::Variable { .. } => return Value::Null,
    };
    let unit = match period {
        Period::Hour => "HOUR",
        Period::Day => "DAY",
        Period::Week => "WEEK",
        Period::Month => "MONTH",
        Period::Year => "YEAR",
    };
    let amount = |amount: &Option<Amount>| json!(amount);
    let value = object([
        ("@type", json!("QuantitativeValue")),
        ("minValue", amount(low)),
        ("maxValue", amount(high)),
        ("unitText", json!(unit)),
    ]);
    json!({ "@type": "MonetaryAmount", "currency": currency, "value": value })
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// An object of what there is: without null values and empty lists.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let said = |value: &Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    let fields = fields.into_iter().filter(|(_, value)| said(value));
    Value::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

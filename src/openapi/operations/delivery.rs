//! The public door.

use serde_json::json;

use super::{
    super::{
        responses::CACHED,
        schemas::{choice, choice_of, described, filled_text, id, list_up_to, names, text, time, whole, with},
    },
    Operation, id_or, media_type, reference,
};
use crate::content::{
    Kind, Sort,
    kinds::requirement::{Framework, Nation, Necessity, RouteKind},
};

const FIELDS: &str =
    "Names of keys of the page. Of a page only these are answered, beside its id; of a list item these as well.";

const LIST: &str = "Withdrawn pages keep their addresses but stand in no list. `route`, `max_level`, `nation` and `necessity` \
    speak of one way in: an entry route with its own requirements and those of its section, of all sections that stand in \
    the page. A page is listed if one way fulfils them all: `route=apprenticeship&max_level=RQF:2` lists pages with an \
    apprenticeship for which level 2 is enough.";

impl Operation {
    /// Can be narrowed to what only typed content tells.
    fn filtered(self) -> Self {
        let levels = Framework::ALL
            .iter()
            .flat_map(|framework| framework.levels().iter().map(|level| format!("{}:{level}", framework.name())));
        let levels: Vec<String> = levels.collect();
        self.query("route", described(choice::<RouteKind>(), "The way in is an entry route of this kind."))
            .query("max_level", described(with(choice_of(&levels), "example", "RQF:3".into()), MAX_LEVEL))
            .query("unknown", described(with(names(&["include", "exclude"]), "default", "exclude".into()), UNKNOWN))
            .query("nation", described(choice::<Nation>(), NATION))
            .query("necessity", described(choice::<Necessity>(), "Some requirement of the way in has this necessity."))
            .query("skill", described(with(filled_text(200), "example", "team work".into()), SKILL))
    }
}

const MAX_LEVEL: &str = "Nothing that is required or usually asked for on some way through the requirements is above this \
    level: of `one_of` a degree and 2 A levels, RQF:3 is enough; of `all_of` the two it is not. Levels of different \
    frameworks are not compared; what has no level in this one asks for nothing in it.";
const UNKNOWN: &str = "With `max_level`: whether routes of which nobody knows what they ask for, such as those in prose \
    only, are listed too.";
const NATION: &str = "The way in is open here. Requirements that name no nation hold in all of them; those that name only \
    others are taken out before the rest is looked at.";
const SKILL: &str = "Words that stand in a skill one after the other, in whatever case and with or without accents; or the \
    skill's code, alone or as `scheme:code`.";

const SEARCH: &str = "The best first: a word in a title counts most, then in alternative titles, role summaries, search terms, \
    summaries, tasks and texts. All words have to be there, but for small ones such as “to” and “how”. Pages are found by their \
    own words, requirement sections by theirs. At most 10,000 hits can be paged through.";
const WORDS: &str = "Words are found in whatever case and form and without accents; the last one may be the beginning of a \
    word, unless a space follows it; a word that stands nowhere is taken for similar ones. Words in quotes stand one after \
    the other, exactly as they are.";

pub fn operations() -> Vec<Operation> {
    let get = |path| Operation::new("get", path, "delivery");
    vec![
        get("/api/v1/{collection}")
            .says(LIST)
            .query("sort", with(choice::<Sort>(), "default", Sort::TitleUp.name().into()))
            .query("parent", described(id(), "Only pages right below this one."))
            .listed_query("ids", described(list_up_to(id(), 100), "Only these pages."))
            .query("updated_since", described(time(), "Only pages whose JSON changed at this time or later."))
            .filtered()
            .query("q", described(with(filled_text(200), "example", "support".into()), WORDS))
            .listed_query("fields", fields())
            .paged(20, 100)
            .answers_cached(&["PublishedList"]),
        get("/api/v1/{collection}/{page}")
            .says("With its requirement sections in full and related pages as cards.")
            .path_parameter("page", id_or("The slug or the id of the page."))
            .query("as_of", described(time(), "What the public saw at this time; only of pages that can be read now."))
            .listed_query("fields", fields())
            .answers_cached(&["Published{Kind}", "Narrowed{Kind}"]),
        get("/api/v1/role-pages/{page}/json-ld")
            .says("A graph of schema.org: WebPage, BreadcrumbList and Occupation. Addresses begin with the first of the site's origins that the server was told of; they are paths if there is none.")
            .path_parameter("page", id_or("The slug or the id of the page."))
            .answers_content(
                200,
                "As the public reads it.",
                CACHED,
                json!({ "application/ld+json": { "schema": { "type": "object" } } }),
            )
            .cached(),
        get("/api/v1/{collection}/{page}/what-changed")
            .says("Sentences that people of the site wrote for the public, about the page and the requirement sections that stand in it, the newest change first. None while the site does not tell; nothing of a report is among them. The changes feed does not name it.")
            .path_parameter("page", id_or("The slug or the id of the page."))
            .paged(20, 100)
            .answers_cached(&["FixToldList"]),
        Operation::new("get", "/preview/v1/{collection}/{page}", "preview")
            .says("The version that the token was made for, with embedded sections as drafts or as live, as the token says.")
            .path_parameter("page", id_or("The slug or the id of the page, as the version has it."))
            .answers("Published{Kind}")
            .problem(429),
        Operation::new("get", "/preview/v1/content/{*path}", "preview")
            .says("The same by the path that the page has, or will have.")
            .path_parameter("path", described(text(), "The path without its first slash."))
            .answers_content(
                200,
                "As the public would read it.",
                &[],
                json!({ "application/json": { "schema": { "anyOf": [reference("PublishedRolePage"), reference("PublishedRequirementSection")] } } }),
            )
            .problem(429),
        get("/api/v1/content/{*path}")
            .says("The page that lives at a path; where it went, if it moved; why, if it was taken away.")
            .path_parameter(
                "path",
                described(text(), "The path without its first slash; slashes in it stay as they are."),
            )
            .answers_cached(&["PublishedRolePage", "PublishedRequirementSection"])
            .answers_content(
                301,
                "It lives elsewhere now.",
                &with_location(),
                json!({ "application/json": media_type("Moved") }),
            )
            .answers_content(
                410,
                "It was taken away.",
                CACHED,
                json!({ "application/problem+json": media_type("GoneProblem") }),
            ),
        get("/api/v1/paths")
            .says("Live, old and gone paths in alphabetical order, for site maps and static sites.")
            .paged(1_000, 1_000)
            .answers_cached(&["PathList"]),
        get("/api/v1/search")
            .says(SEARCH)
            .needed_query("q", described(with(filled_text(200), "example", "suport tech".into()), WORDS))
            .query("kind", described(choice::<Kind>(), "Only pages of this kind."))
            .query("parent", described(id(), "Only pages right below this one."))
            .query("updated_since", described(time(), "Only pages whose JSON changed at this time or later."))
            .filtered()
            .paged(20, 100)
            .answers_cached(&["SearchAnswer"]),
        get("/api/v1/changes")
            .says(
                "Public events in order. Start without a cursor, then send the cursor of the answer before as `since`.",
            )
            .query("since", described(text(), "The cursor of the answer before; from the beginning without one."))
            .query("limit", with(whole(1, 100), "default", 100.into()))
            .query(
                "wait",
                described(
                    with(whole(0, 30), "default", 0.into()),
                    "For how many seconds to wait if there is nothing new.",
                ),
            )
            .answers_with(200, "What happened since.", "Changes", &["Cache-Control", "Access-Control-Allow-Origin"])
            .problem(410),
        get("/media/{key}")
            .says("The bytes at an address never change. An image can be had here once a publication has used it.")
            .path_parameter("key", described(text(), "From `src` of an image."))
            .answers_content(
                200,
                "The image.",
                CACHED,
                json!({ "image/webp": {}, "image/jpeg": {}, "image/png": {}, "image/gif": {} }),
            )
            .cached(),
        receive(),
        Operation::new("options", "/api/v1/reports", "reports")
            .says("The preflight request of browsers.")
            .answers_nothing(),
        Operation::new("get", "/api/v1/report-form.js", "reports")
            .says("A module script that makes `<rolebook-report page-token=…>` a form that knows the page and lets readers point at a passage.")
            .answers_content(200, "The script.", CACHED, json!({ "text/javascript": {} }))
            .cached(),
        Operation::new("get", "/api/v1/reports.css", "reports")
            .says("Of the form that comes again, of thanks and of receipts.")
            .answers_content(200, "The style sheet.", CACHED, json!({ "text/css": {} }))
            .cached(),
        Operation::new("get", "/api/v1/reports/{reference}/{secret}", "reports")
            .says("How far it is. A wrong secret is answered like an unknown reference.")
            .answers_content(200, "How far it is.", &["Cache-Control"], receipt_or_page()),
        Operation::new("post", "/api/v1/reports/{reference}/{secret}", "reports")
            .says("Up to ten times. Personal data is removed.")
            .takes_content(forms("ReportDetailInput", "ReportDetailInput"), true)
            .answers_content(200, "It has been added.", &["Cache-Control"], receipt_or_page())
            .answers_content(422, "It can't be accepted.", &[], problem_or_page("InvalidProblem"))
            .problem(409)
            .problem(429),
    ]
}

fn fields() -> serde_json::Value {
    described(json!({ "type": "array", "items": text() }), FIELDS)
}

fn with_location() -> Vec<&'static str> {
    CACHED.iter().copied().chain(["Location"]).collect()
}

fn receive() -> Operation {
    let accepted = json!({ "application/json": media_type("Receipt"), "text/html": { "schema": text() } });
    Operation::new("post", "/api/v1/reports", "reports")
        .says(
            "JSON is answered with JSON. The post of an HTML form is answered with a page, or leads to `return_to`; on \
             faults the form comes again with everything that was typed. Personal data is removed before anything is kept.",
        )
        .takes_content(forms("ReportInput", "ReportForm"), true)
        .answers_content(202, "It has been received.", &["Cache-Control", "Vary", "Access-Control-Allow-Origin"], accepted)
        .answers_content(303, "After the post of a form with `return_to`.", &["Location"], json!({}))
        .answers_content(422, "Parts of it can't be accepted.", &[], problem_or_page("InvalidProblem"))
        .answers_content(429, "Too much was sent in a short time.", &["Retry-After"], problem_or_page("Problem"))
        .answers_content(500, "The fault is the server's.", &[], problem_or_page("ServerProblem"))
        .answers_content(503, "It can't be received at the moment.", &["Retry-After"], problem_or_page("ServerProblem"))
}

/// A form that could not be received comes again as a page, whatever stood in the way.
fn problem_or_page(schema: &str) -> serde_json::Value {
    json!({ "application/problem+json": media_type(schema), "text/html": { "schema": text() } })
}

fn receipt_or_page() -> serde_json::Value {
    json!({ "application/json": media_type("ReportProgress"), "text/html": { "schema": text() } })
}

fn forms(json_schema: &str, form_schema: &str) -> serde_json::Value {
    json!({
        "application/json": media_type(json_schema),
        "application/x-www-form-urlencoded": media_type(form_schema),
    })
}

//! The rules on samples: faults that real pages have, texts in which nothing is wrong, and texts made to be slow.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::{
    content::kinds::Kind,
    kernel::{SeededChance, Timestamp},
};

fn content(kind: Kind, value: Value) -> Content {
    Content::read(kind, value, "", &SeededChance::new(1), Timestamp(0)).unwrap()
}

/// What is found in a role page, with nothing around it.
fn found(value: Value) -> Vec<Check> {
    let mut checks = run(&content(Kind::RolePage, value), &Surroundings::default());
    checks.retain(|check| check.code != "image-missing" && check.code != "summary-missing");
    checks
}

/// The codes found in one text of a role page.
fn in_text(markdown: &str) -> Vec<String> {
    let page = json!({ "title": "Porter", "summary": "Porters move people.", "sections": [
        { "heading": "Working life", "blocks": [{ "kind": "text", "markdown": markdown }] } ] });
    found(page).into_iter().map(|check| check.code).collect()
}

#[track_caller]
fn the<'a>(checks: &'a [Check], code: &str) -> &'a Check {
    let named: Vec<&Check> = checks.iter().filter(|check| check.code == code).collect();
    assert_eq!(named.len(), 1, "{code}: {checks:#?}");
    named[0]
}

/// A page about an area of work, with the faults that a real one has.
fn area() -> Value {
    json!({
        "title": "Computers and networks",
        "summary": "What people who look after computers in hospitals do.",
        "lead_image": { "media": "00000000-0000-7000-8000-000000000001", "alt": "technician with a laptop" },
        "sections": [
            { "heading": "Working life", "blocks": [
                { "kind": "text", "markdown": "Teams keep an organisation’s lines open, including:\n\n\
                    - wide area networks (WAN) between sites and local area networks (LAN) within them\n\
                    - the machines eg computers and printers\n\
                    - the programs eg email systems" } ] },
            { "heading": "Roles", "blocks": [
                { "kind": "roles", "introduction": "", "roles": [
                    { "title": "Network manager", "markdown": "Looks after\u{a0}an organisation's servers.", "tasks": [] } ] } ] },
            { "heading": "Want to know more?", "blocks": [] },
            { "heading": "Other roles that may suit you", "blocks": [] },
        ],
    })
}

/// A page about the way in, with the faults that a real one has.
fn entry() -> Value {
    json!({
        "title": "Entry requirements for computers and networks",
        "summary": "How to get in.",
        "sections": [
            { "heading": "Before you apply", "blocks": [
                { "kind": "text", "markdown": "You may have built websites or answered calls for example.\n\n\
                    A level 3 apprenticeship for support staff has been agreed. What you need depends on the employer. \
                    You work for them and study at university.\n\n\
                    If you have a question, use our [contact us page](/contact)." },
                { "kind": "text", "markdown": "- Staff need good technical skills\n  - keenness\n  - patience" } ] },
        ],
    })
}

#[test]
fn the_faults_of_a_page_about_an_area_are_found() {
    let checks = found(area());
    let latin = the(&checks, "latin-abbreviation");
    assert_eq!((latin.severity, latin.pointer.as_str()), (Severity::LookAt, "/sections/0/blocks/0/markdown"));
    assert_eq!(latin.excerpts, ["the machines eg computers and", "the programs eg email systems"]);
    assert_eq!(the(&checks, "acronym-once").excerpts, ["LAN", "WAN"]);
    assert_eq!(the(&checks, "heading-question").pointer, "/sections/2/heading");
    assert_eq!(the(&checks, "alt-lower-case").pointer, "/lead_image/alt");
    assert_eq!(the(&checks, "curly-apostrophe").excerpts, ["organisation’s lines"]);
    assert_eq!(the(&checks, "no-break-space").pointer, "/sections/1/blocks/0/roles/0/markdown");
    let empty: Vec<&str> =
        checks.iter().filter(|check| check.code == "section-empty").map(|check| check.pointer.as_str()).collect();
    assert_eq!(empty, ["/sections/2", "/sections/3"]);
    assert_eq!(faults(&checks).len(), 2, "{checks:#?}");
    assert!(checks.iter().all(|check| !check.source.is_empty()));
}

#[test]
fn the_faults_of_a_page_about_the_way_in_are_found() {
    let checks = found(entry());
    let text = "/sections/0/blocks/0/markdown";
    assert_eq!(the(&checks, "for-example-last").excerpts, ["answered calls for example."]);
    assert_eq!(the(&checks, "apprenticeship-level-university").pointer, text);
    assert_eq!(the(&checks, "link-text-vague").excerpts, ["contact us page"]);
    let one = the(&checks, "list-one-item");
    assert_eq!((one.pointer.as_str(), one.severity), ("/sections/0/blocks/1/markdown", Severity::LookAt));
    assert!(faults(&checks).is_empty(), "{checks:#?}");
}

#[test]
fn a_page_in_which_nothing_is_wrong_is_left_alone() {
    let page = json!({
        "title": "Theatre porter",
        "alternative_titles": ["Operating department porter", "ODP porter"],
        "summary": "Theatre porters move people and equipment to and from operations.",
        "meta_description": "What theatre porters do in the NHS, and how to become one.",
        "search_terms": ["ODP", "eg"],
        "sections": [
            { "heading": "Working life in the NHS", "blocks": [
                { "kind": "text", "markdown": "You may hold a level 2 qualification, such as a GCSE in English. The UK has \
                    many GPs.\n\nAn operating department practitioner (ODP) works beside you. ODPs had had other names; \
                    they say that that helps.\n\nYou'll move:\n\n- beds\n- equipment, for example pumps\n- samples" },
                { "kind": "text", "markdown": "### At night\n\nIt is calmer.\n\n#### On the ward\n\nBring 1 jacket." },
                { "kind": "text", "markdown": "A degree apprenticeship at level 6 is taught at a university.\n\n\
                    1. Apply.\n2. Talk.\n3. Begin." },
            ] },
            { "heading": "Pay", "blocks": [
                { "kind": "links", "links": [
                    { "text": "Jobs in the NHS", "url": "https://www.jobs.nhs.uk/" },
                    { "text": "Pay bands (PDF, 120 KB)", "url": "https://www.nhs.uk/bands.pdf" } ] },
                { "kind": "text", "markdown": "Look at [jobs in the NHS](https://www.jobs.nhs.uk/) every week." },
            ] },
        ],
    });
    assert_eq!(found(page), []);
}

#[test]
fn acronyms_are_explained_at_first_use_in_one_way() {
    let codes = |text: &str| in_text(text).into_iter().filter(|code| code.starts_with("acronym")).collect::<Vec<_>>();
    let none: [&str; 0] = [];
    assert_eq!(codes("Work with ECGs."), ["acronym-unexplained"]);
    assert_eq!(codes("Work with an electrocardiogram (ECG). An ECG is quick."), none);
    assert_eq!(codes("The HCPC (Health and Care Professions Council) keeps a list. The HCPC asks for it."), none);
    assert_eq!(codes("WHEN YOU CALL THE WARD"), none);
    assert_eq!(codes("Bands IV and 5, COVID-19, ST0120 and PDFs in the UK."), none);
    let two = "Information technology services (ITS) help. The information and training school (ITS) helps, too.";
    assert_eq!(codes(two), ["acronym-two-meanings"]);
    let again = "Wide area networks (WAN) link sites. A WAN is wide. Wide area networks (WAN) are old.";
    assert_eq!(codes(again), none);
}

#[test]
fn headings_are_in_order_and_read_like_headings() {
    assert_eq!(in_text("#### Deep\n\nText."), ["heading-skips-level"]);
    assert_eq!(in_text("### One\n\n### Two\n\nText."), ["heading-empty"]);
    assert_eq!(in_text("Text.\n\n### Last"), ["heading-empty"]);
    assert_eq!(in_text("### PAY AND HOURS\n\nText."), ["heading-capitals"]);
    assert_eq!(in_text("### What You Will Need\n\nText."), ["heading-title-case"]);
    assert_eq!(in_text("### What you'll need.\n\nText."), ["heading-full-stop", "heading-contraction"]);
    let none: [&str; 0] = [];
    for fine in ["### NHS Jobs and UCAS\n\nText.", "### Children's nurses\n\nText.", "### A\n\n#### B\n\nText."] {
        assert_eq!(in_text(fine), none, "{fine}");
    }
    let bare = found(json!({ "title": "Porter", "summary": "Moves.", "sections": [
        { "blocks": [{ "kind": "text", "markdown": "### Early\n\nText." }] } ] }));
    assert_eq!(the(&bare, "heading-skips-level").excerpts, ["Early"]);
}

#[test]
fn lists_links_and_words_are_looked_at() {
    assert_eq!(in_text("It takes patience\n\n- one\n- two"), ["list-lead-in"]);
    assert_eq!(in_text("### Needs\n\n- one\n- two"), ["list-after-heading"]);
    assert_eq!(in_text("All:\n\n- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n- 7"), ["list-long"]);
    assert_eq!(in_text("Look [here](/a)."), ["link-text-vague"]);
    assert_eq!(in_text("See [https://a.example](https://a.example/)."), ["link-text-address"]);
    assert_eq!(in_text("See [pay](/pay)."), ["link-text-short"]);
    assert_eq!(in_text("[Pay bands.](/pay)"), ["link-text-full-stop"]);
    assert_eq!(in_text("[Pay bands](/pay.pdf)"), ["link-file"]);
    assert_eq!(in_text("[Pay bands](/pay) and [Pay bands](/bands)"), ["link-text-two-targets"]);
    assert_eq!(in_text("[Pay bands](/pay) and [bands of pay](/pay)"), ["link-two-texts"]);
    assert_eq!(in_text("[Log in](/admin/role-pages)"), ["link-not-public"]);
    assert_eq!(in_text("Find out about about pay."), ["repeated-word"]);
    assert_eq!(in_text("Beds , chairs."), ["space-before-punctuation"]);
}

#[test]
fn what_stands_around_a_page_is_looked_at() {
    let page = content(Kind::RolePage, json!({ "title": "Ward porter", "summary": "Moves people." }));
    let place = |slug: &str| surroundings::Place {
        slug: slug.to_owned(),
        path: format!("/{slug}"),
        live_slug: None,
        live_path: None,
        holder: None,
        leads_to: None,
    };
    let codes = |place: surroundings::Place, has_twin: bool| {
        let around = Surroundings { has_twin, place: Some(place), ..Surroundings::default() };
        run(&page, &around).into_iter().map(|check| format!("{} {}", check.pointer, check.code)).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(codes(place("ward-porter"), false), none);
    assert_eq!(codes(place("ward-porter"), true), ["/title title-duplicate"]);
    assert_eq!(codes(place("whats-a-porter"), false), ["/slug slug-contraction", "/slug slug-unlike-title"]);
    let moved = surroundings::Place { live_path: Some("/porter".to_owned()), ..place("ward-porter") };
    assert_eq!(codes(moved, false), ["/slug path-moves"]);
    let taken = surroundings::Place { holder: Some("Porter".to_owned()), ..place("ward-porter") };
    assert_eq!(codes(taken, false), ["/slug path-taken"]);
    let led = surroundings::Place { leads_to: Some("Porter".to_owned()), ..place("ward-porter") };
    assert_eq!(codes(led, false), ["/slug path-leads-elsewhere"]);
}

#[test]
fn every_rule_has_a_code_of_its_own_and_says_where_it_is_from() {
    let rules: Vec<&Rule> = FAMILIES.iter().flat_map(|family| family.rules).collect();
    let codes: BTreeSet<&str> = rules.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rules.len());
    assert!(rules.len() > 60, "{}", rules.len());
    assert!(rules.iter().all(|rule| !rule.source.is_empty()));
    let clean = json!({ "title": "Porter", "summary": "Porters move people." });
    assert_eq!(passed(found(clean).iter()).len(), FAMILIES.len());
    assert_eq!(passed(found(entry()).iter()).len(), FAMILIES.len() - 4, "examples, links, lists and facts");
}

/// A page of five texts, each of these words so many times over.
fn hostile(words: &str, times: usize) -> Content {
    let id = |number: usize| format!("00000000-0000-7000-8000-{number:012}");
    let blocks: Vec<Value> =
        (0..5).map(|at| json!({ "id": id(at + 10), "kind": "text", "markdown": words.repeat(times) })).collect();
    let page = json!({ "title": "Porter", "title_article": "none", "alternative_titles": [], "summary": "", "search_terms": [],
        "sections": [{ "id": id(1), "heading": "All", "display": "plain", "blocks": blocks }], "related_roles": [], "learn_more": [] });
    Content::from_value(Kind::RolePage, page).unwrap()
}

#[test]
fn twice_the_text_is_twice_the_work_whatever_it_says() {
    for words in [
        "eg ",
        "WAN (WAN) ",
        "AB (a b c d e f g h ",
        "[here](https://a.example/1) ",
        "- x\n",
        "### A\n\n",
        "a\u{a0}b ",
        "word word , ",
        "level 3 apprenticeship university. ",
    ] {
        let work = |times: usize| {
            let content = hostile(words, times);
            let reading = Reading::of(&content);
            let checks = checked(&reading, &content, &Surroundings::default());
            assert!(checks.len() < 40, "{words:?}: one finding a rule and a field, not {}", checks.len());
            assert!(checks.iter().all(|check| check.excerpts.iter().all(|words| words.chars().count() <= 400)));
            reading.work()
        };
        let times = 20_000 / words.len();
        let (half, whole) = (work(times), work(2 * times));
        assert!(half > 1_000, "{words:?}: {half}");
        assert!(whole <= 2 * half + 100, "{words:?}: {half}, then {whole}");
    }
}

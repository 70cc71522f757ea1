//! What people read when two versions of a page are compared, and what holds for all comparisons.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{What, WordOp, compare, samples::*},
    Body, Fate, PageComparison, Part, TextLine, compare_pages,
};

fn section(id: &str, heading: &str, markdown: &str) -> Value {
    json!({ "id": id, "heading": heading, "display": "plain",
        "blocks": [{ "id": format!("{id}-text"), "kind": "text", "markdown": markdown }] })
}

fn page(sections: Value) -> Value {
    json!({ "slug": "nurse", "content": { "title": "Nurse", "summary": "Nurses care.", "sections": sections } })
}

fn told(from: &Value, to: &Value) -> PageComparison {
    compare_pages(from, to, false)
}

/// Every line of text in a comparison.
fn lines(comparison: &PageComparison) -> Vec<TextLine> {
    fn collect(part: &Part, found: &mut Vec<TextLine>) {
        match &part.body {
            Body::Text(lines) => found.extend(lines.iter().cloned()),
            Body::Parts(parts) | Body::Items(parts) => parts.iter().for_each(|part| collect(part, found)),
            Body::Nothing | Body::Said(_) => {}
        }
    }

    let mut found = Vec::new();
    comparison.regions.iter().for_each(|region| collect(&region.part, &mut found));
    found
}

fn marked(line: &TextLine) -> String {
    let run = |op: WordOp, text: &str| match op {
        WordOp::Equal => text.to_owned(),
        WordOp::Insert => format!("{{+{text}+}}"),
        WordOp::Delete => format!("{{-{text}-}}"),
    };
    line.runs().map(|one| run(one.op, &one.text)).collect()
}

#[test]
fn a_moved_section_is_told_in_its_new_place_and_marked_in_its_old_one() {
    let (work, entry, pay) =
        (section("a", "Work", "You work."), section("b", "Entry", "You train."), section("c", "Pay", "You earn."));
    let comparison = told(&page(json!([work, entry, pay])), &page(json!([entry, pay, work])));
    let told: Vec<(&str, &str)> =
        comparison.regions.iter().map(|region| (region.name.as_str(), region.sentence.as_str())).collect();
    assert_eq!(told, [("Work", "Work moved to 3"), ("Work", "Work moved from 1 to 3, not changed")]);
    assert_eq!(comparison.changes().count(), 1);
    assert_eq!(comparison.counts.in_words(), "1 section moved");
}

#[test]
fn a_section_with_another_id_and_most_of_its_words_is_rewritten() {
    let old = section("a", "Pay", "Pay starts at band five and rises with your experience every year.");
    let new = section("z", "Pay", "Pay starts at band six and rises with your experience every year.");
    let comparison = told(&page(json!([old])), &page(json!([new])));
    let [region] = comparison.regions.as_slice() else { panic!("{comparison:?}") };
    assert_eq!(region.part.fate, Fate::Rewritten);
    assert_eq!(region.sentence, "Pay probably rewritten; 1 paragraph changed");
    assert_eq!(
        lines(&comparison).iter().map(marked).collect::<Vec<_>>(),
        ["Pay starts at band {-five-}{+six+} and rises with your experience every year."]
    );
    let other = section("z", "Uniform", "Nothing of this stood there before.");
    let comparison = told(&page(json!([old])), &page(json!([other])));
    assert_eq!(comparison.summary(), ["Pay removed", "Uniform added"]);
}

#[test]
fn words_stay_in_their_paragraphs_and_lists() {
    let old = "You will:\n\n- assess patients\n- plan care\n- talk to families\n\nDays differ.\n";
    let new =
        "You will:\n\n- assess patients\n- plan and review care\n- write reports\n- talk to families\n\nDays differ.\n";
    let comparison = told(&page(json!([section("a", "Work", old)])), &page(json!([section("a", "Work", new)])));
    let lines = lines(&comparison);
    assert_eq!(
        lines.iter().map(marked).collect::<Vec<_>>(),
        [
            "You will:",
            "assess patients",
            "plan {+and review +}care",
            "{+write reports+}",
            "talk to families",
            "Days differ."
        ]
    );
    assert_eq!(lines.iter().filter(|line| line.within.is_empty()).count(), 2);
    assert_eq!(comparison.summary(), ["Work: 1 list item changed, 1 list item added"]);
    assert_eq!(comparison.counts.in_words(), "1 section changed, +4 words");
}

#[test]
fn formatting_and_targets_of_links_are_told_apart_from_words() {
    let of = |markdown: &str| page(json!([section("a", "Work", markdown)]));
    let comparison = told(&of("Days are *varied* and long."), &of("Days are **varied** and long."));
    assert_eq!(comparison.summary(), ["Work: formatting changed"]);
    let found = lines(&comparison);
    assert!(found[0].is_only_formatted() && comparison.counts.words_added == 0);
    let run = found[0].runs().find(|run| run.was.is_some()).unwrap();
    assert_eq!((run.text.as_str(), run.style.strong, run.was.as_ref().unwrap().emphasis), ("varied", true, true));

    let comparison = told(&of("Read [this](https://a.example/)."), &of("Read [this](https://b.example/)."));
    let run = lines(&comparison)[0].runs().find(|run| run.was.is_some()).cloned().unwrap();
    assert_eq!(run.was.unwrap().link.as_deref(), Some("https://a.example/"));
    assert_eq!(run.style.link.as_deref(), Some("https://b.example/"));

    // The same words in a list are another shape of them.
    let comparison = told(&of("Plan care."), &of("- Plan care."));
    assert_eq!(comparison.summary(), ["Work: formatting changed"]);
}

#[test]
fn a_requirement_tree_is_told_group_by_group_and_leaf_by_leaf() {
    let leaf = |id: &str, text: &str, level: &str| {
        json!({ "id": id, "kind": "requirement", "text": text, "category": "qualification", "necessity": "required",
            "qualification": { "name": "A level", "level": { "framework": "RQF", "level": level }, "subjects": [] } })
    };
    let group = |id: &str, rule: &str, lead_in: &str, items: Value| json!({ "id": id, "kind": "group", "rule": rule, "count": null, "lead_in": lead_in, "items": items });
    let old = json!({ "content": { "requirements": group("g", "one_of", "You need:", json!([
        leaf("a", "a licence", "2"), leaf("b", "a check", "2"), group("h", "all_of", "And:", json!([leaf("c", "a reference", "3")]))])) }});
    let new = json!({ "content": { "requirements": group("g", "all_of", "You need:", json!([
        leaf("a", "a licence", "3"), group("h", "all_of", "And:", json!([leaf("c", "a reference", "3"), leaf("b", "a check", "2")]))])) }});
    let comparison = told(&old, &new);
    assert_eq!(
        comparison.summary(),
        ["Requirements: “one of” became “all of”, level raised from RQF 2 to RQF 3, 1 requirement changed, and 1 more"]
    );
    let said = format!("{comparison:?}");
    assert!(said.contains("from group “You need:” into group “And:”"), "{said}");
    assert!(said.contains("to group “And:”"), "where it was, it says whither");
}

#[test]
fn choices_lists_and_references_read_as_words() {
    let of = |necessity: &str, titles: Value, parent: Value| {
        json!({ "parent": parent, "content": { "alternative_titles": titles, "skills": [
            { "id": "s", "kind": "essential", "text": "care", "necessity": necessity }] } })
    };
    let id = "01a2021a-0260-790a-aa03-d374c0eaecbb";
    let old = of("required", json!(["Staff nurse", "Sister"]), Value::Null);
    let new = of("usually", json!(["Staff nurse", "Charge nurse", "Sister"]), json!(id));
    let comparison = told(&old, &new);
    assert_eq!(
        comparison.summary(),
        [
            "Parent added",
            "Alternative titles: 1 list item added",
            "Skills: necessity: “required” became “usually”, 1 skill changed"
        ]
    );
    assert_eq!(comparison.documents().iter().map(ToString::to_string).collect::<Vec<_>>(), [id]);
}

#[test]
fn the_whole_page_shows_what_did_not_change_too() {
    let old = page(json!([section("a", "Work", "You work."), section("b", "Pay", "You earn.")]));
    let mut new = old.clone();
    new["content"]["sections"][1]["blocks"][0]["markdown"] = json!("You earn well.");
    let names = |whole: bool| {
        let comparison = compare_pages(&old, &new, whole);
        assert_eq!(comparison.changes().count(), 1);
        comparison.regions.into_iter().map(|region| region.name).collect::<Vec<_>>()
    };
    assert_eq!(names(false), ["Pay"]);
    assert_eq!(names(true), ["Slug", "Title", "Summary", "Work", "Pay"]);
    assert!(compare_pages(&old, &old, true).is_same());
    assert!(compare_pages(&old, &old, false).regions.is_empty());
}

#[test]
fn two_hundred_bullets_that_all_change_are_paired_one_by_one() {
    let bullets = |word: &str| {
        (0..200).map(|number| format!("- {word} the patients of ward {number} on arrival\n")).collect::<String>()
    };
    let (old, new) = (bullets("assess"), bullets("examine"));
    let comparison = told(&page(json!([section("a", "Work", &old)])), &page(json!([section("a", "Work", &new)])));
    let lines = lines(&comparison);
    assert_eq!(lines.len(), 200);
    assert!(lines.iter().all(|line| line.what == Some(What::Changed)));
    assert_eq!(comparison.summary(), ["Work: 200 list items changed"]);
}

fn joined(lines: &[TextLine], without: WordOp) -> String {
    lines.iter().flat_map(TextLine::runs).filter(|run| run.op != without).map(|run| run.text.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn something_is_told_of_everything_that_changed(base in documents(), edits in edits(8)) {
        let edited = edited(&base, &edits, "ann", "");
        let programs = compare(&base, &edited);
        let people = told(&base, &edited);
        prop_assert_eq!(programs.changes.is_empty(), base == edited);
        // An id alone says nothing to people, and neither does a field that is empty in another way.
        if base == edited {
            prop_assert!(people.is_same() && people.counts == super::Counts::default());
        }
        if programs.changes.iter().any(|change| change.words.iter().any(|words| words.text.contains(char::is_alphanumeric) && words.op != WordOp::Equal)) {
            prop_assert!(!people.is_same(), "{programs:?}");
        }
        for region in &people.regions {
            prop_assert!(!region.sentence.is_empty());
        }
    }

    #[test]
    fn a_text_laid_over_another_gives_both_back(old in "([ab é-]{0,8}\n\n){0,4}", new in "([ab é-]{0,8}\n\n){0,4}") {
        let (before, after) = (super::lines::of_markdown(&old), super::lines::of_markdown(&new));
        let both = super::texts::texts(&before, &after);
        let text = |lines: &[super::lines::Line]| lines.iter().map(super::lines::Line::text).collect::<String>();
        prop_assert_eq!(joined(&both, WordOp::Insert), text(&before));
        prop_assert_eq!(joined(&both, WordOp::Delete), text(&after));
    }

    #[test]
    fn any_two_documents_can_be_told_apart(from in any_json(), to in any_json()) {
        prop_assert!(compare_pages(&from, &from, true).is_same());
        let _told = compare_pages(&from, &to, true);
    }
}

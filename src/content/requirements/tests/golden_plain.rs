//! Trees in plain English, sentence by sentence.

use crate::content::{
    kinds::requirement::{
        Nation::{self, England, NorthernIreland, Scotland, Wales},
        Necessity,
    },
    requirements::{expand, plain_text},
};

use super::build::*;

#[test]
fn a_single_requirement_is_a_sentence() {
    golden(required("a degree in nursing")).reads(&["You'll need a degree in nursing."]);
    golden(usually("GCSEs")).reads(&["You'll usually need GCSEs."]);
    golden(asked("a medical", Necessity::Sometimes)).reads(&["You'll sometimes need a medical."]);
    golden(helpful("A driving licence.")).reads(&["A driving licence (helpful)."]);
    golden(helpful("A driving licence")).reads(&["It can help to have a driving licence."]);
    golden(required("A levels")).reads(&["You'll need A levels."]);
    golden(required("You must be 18 or over")).reads(&["You must be 18 or over."]);
    golden(asked("no formal qualifications", Necessity::None)).reads(&["No formal qualifications."]);
    golden(asked("a driving licence", Necessity::None)).reads(&["A driving licence (not needed)."]);
    golden(required("  ")).reads(&[]);
    golden(all_of([one_of([required("a degree")])])).reads(&["You'll need a degree."]);
}

#[test]
fn a_lead_in_is_made_from_rule_and_necessity() {
    let pair = |necessity| [asked("a", necessity), asked("b", necessity)];
    let three = |necessity| [asked("a", necessity), asked("b", necessity), asked("c", necessity)];
    golden(all_of(pair(Necessity::Required))).reads(&["You'll need:", "a", "b"]);
    golden(all_of(pair(Necessity::Usually))).reads(&["You'll usually need:", "a", "b"]);
    golden(all_of(pair(Necessity::Sometimes))).reads(&["You'll sometimes need:", "a", "b"]);
    golden(all_of(pair(Necessity::Helpful))).reads(&["It can help to have:", "a", "b"]);
    golden(all_of(pair(Necessity::None))).reads(&["Good to know:", "a (not needed)", "b (not needed)"]);
    golden(one_of(pair(Necessity::Required))).reads(&["You'll need one of:", "a", "b"]);
    golden(one_of(pair(Necessity::Helpful))).reads(&["It can help to have one of:", "a", "b"]);
    golden(at_least(1, pair(Necessity::Usually))).reads(&["You'll usually need at least one of:", "a", "b"]);
    golden(at_least(2, three(Necessity::Required))).reads(&["You'll need at least 2 of:", "a", "b", "c"]);
    golden(at_least(2, pair(Necessity::Required))).reads(&["You'll need:", "a", "b"]);
}

#[test]
fn a_given_lead_in_stays_as_it_is() {
    golden(one_of([required("a"), required("b")]).led_in("Employers ask for")).reads(&["Employers ask for", "a", "b"]);
    golden(all_of([usually("a")]).led_in("Most roles will need:")).reads(&["Most roles will need:", "a"]);
    golden(all_of([]).led_in("Most roles will need:")).reads(&[]);
}

#[test]
fn a_differing_necessity_is_remarked() {
    let tree = all_of([
        required("a"),
        usually("b"),
        asked("c", Necessity::Sometimes),
        helpful("d"),
        asked("e", Necessity::None),
        asked("no degree", Necessity::None),
        helpful("f, which is helpful"),
    ]);
    golden(tree).reads(&[
        "You'll need:",
        "a",
        "b (usually)",
        "c (sometimes asked for)",
        "d (helpful)",
        "e (not needed)",
        "no degree",
        "f, which is helpful",
    ]);
}

#[test]
fn a_limit_to_nations_is_remarked_unless_the_text_has_it() {
    let tree = all_of([
        required("a").in_nations(&[Wales, England]),
        helpful("b").in_nations(&[Scotland, Wales, NorthernIreland]),
        required("c").in_nations(Nation::ALL),
        required("a check in Scotland").in_nations(&[Scotland]),
        required("d.").in_nations(&[Scotland]),
    ]);
    golden(tree).reads(&[
        "You'll need:",
        "a (in England and Wales)",
        "b (in Scotland, Wales and Northern Ireland; helpful)",
        "c",
        "a check in Scotland",
        "d (in Scotland).",
    ]);
}

#[test]
fn a_text_is_completed_from_its_qualification() {
    let gcses = |text: &str| {
        required(text).at("RQF:2").qualified(|qualification| {
            qualification.name = "GCSE".to_owned();
            qualification.grade = Some("4".to_owned());
            qualification.count_minimum = Some(4);
            qualification.or_equivalent = true;
            qualification.subjects = strings(&["English", "maths"]);
        })
    };
    let whole = "4 GCSEs at grade 4 in English and maths, or equivalent";
    golden(all_of([
        gcses("GCSEs"),
        gcses(""),
        gcses("4 GCSEs"),
        gcses("4 GCSEs at grade 4"),
        gcses(whole),
        gcses("GCSEs in English and mathematics at grades 9 to 4"),
        gcses("4 GCSEs including English"),
        gcses("4 GCSEs or equivalent in relevant subjects."),
    ]))
    .asks("RQF:2")
    .reads(&[
        "You'll need:",
        whole,
        whole,
        whole,
        whole,
        whole,
        "4 GCSEs in English and mathematics at grades 9 to 4, or equivalent",
        "4 GCSEs including English at grade 4 (also maths), or equivalent",
        "4 GCSEs or equivalent in relevant subjects at grade 4 (English and maths).",
    ]);
}

#[test]
fn grades_read_as_people_write_them() {
    let graded = |text: &str, grade: &str| {
        required(text).qualified(|qualification| qualification.grade = Some(grade.to_owned()))
    };
    golden(all_of([
        graded("an A level", "A*"),
        graded("2 A levels", "A to C"),
        graded("3 A levels", "BBB"),
        graded("3 A levels (BBB)", "BBB"),
        graded("a degree", "2:1"),
        graded("GCSE maths", "4 or above"),
        graded("GCSE maths", "Grade C"),
    ]))
    .reads(&[
        "You'll need:",
        "an A level at grade A*",
        "2 A levels at grades A to C",
        "3 A levels (BBB)",
        "3 A levels (BBB)",
        "a degree (2:1)",
        "GCSE maths at grade 4 or above",
        "GCSE maths at Grade C",
    ]);
}

#[test]
fn counts_and_subjects_read_as_people_mean_them() {
    let of = |text: &str, name: &str, minimum, maximum, subjects: &[&str]| {
        required(text).qualified(|qualification| {
            qualification.name = name.to_owned();
            qualification.count_minimum = minimum;
            qualification.count_maximum = maximum;
            qualification.subjects = strings(subjects);
        })
    };
    golden(all_of([
        of("GCSEs", "GCSE", Some(4), Some(5), &[]),
        of("GCSEs", "GCSE", None, Some(3), &[]),
        of("A levels", "A level", Some(2), None, &["biology", "chemistry", "physics"]),
        of("a degree", "Degree", None, None, &["computing", "maths"]),
        of("Highers", "Higher", None, None, &["English", "maths"]),
        of("a degree in computing", "Degree", None, None, &["computing", "maths"]),
    ]))
    .reads(&[
        "You'll need:",
        "4 to 5 GCSEs",
        "up to 3 GCSEs",
        "2 A levels in biology, chemistry or physics",
        "a degree in computing or maths",
        "Highers in English and maths",
        "a degree in computing (or maths)",
    ]);
}

#[test]
fn a_level_is_said_where_the_name_leaves_it_open() {
    let named = |text: &str, name: &str, level: &str| {
        required(text).at(level).qualified(|qualification| qualification.name = name.to_owned())
    };
    golden(all_of([
        named("a diploma", "Diploma", "RQF:3"),
        named("a level 3 diploma", "Diploma", "RQF:3"),
        named("a certificate", "Certificate", "SCQF:6"),
        named("an award", "Award", "RQF:entry"),
        named("a degree", "Degree", "RQF:6"),
    ]))
    .reads(&[
        "You'll need:",
        "a diploma (level 3)",
        "a level 3 diploma",
        "a certificate (SCQF level 6)",
        "an award (entry level)",
        "a degree",
    ]);
}

#[test]
fn a_group_within_a_group_is_one_string() {
    golden(all_of([
        required("a driving licence"),
        one_of([required("a degree"), required("2 years of experience")]),
        at_least(2, [required("a"), required("b"), required("c")]),
        required("a check"),
    ]))
    .reads(&[
        "You'll need:",
        "a driving licence",
        "one of these: a degree; or 2 years of experience",
        "at least 2 of these: a; b; and c",
        "a check",
    ]);
    golden(one_of([
        required("a degree"),
        all_of([required("A levels"), required("GCSE maths"), one_of([required("a portfolio"), required("a test")])]),
        all_of([required("an apprenticeship"), required("a year of work")]),
    ]))
    .reads(&[
        "You'll need one of:",
        "a degree",
        "all of these: A levels; GCSE maths; and (one of these: a portfolio; or a test)",
        "both of these: an apprenticeship; and a year of work",
    ]);
}

#[test]
fn a_group_within_a_group_says_its_necessity_once() {
    golden(all_of([required("a"), one_of([helpful("b"), helpful("c")]), one_of([required("d"), helpful("e")])]))
        .reads(&["You'll need:", "a", "one of these (helpful): b; or c", "one of these: d; or e (helpful)"]);
    golden(all_of([required("a"), at_least(1, [usually("b"), helpful("c")]).led_in("You'll usually need one of:")]))
        .reads(&["You'll need:", "a", "You'll usually need one of: b; or c (helpful)"]);
}

#[test]
fn groups_that_say_the_same_are_merged() {
    golden(all_of([required("a"), all_of([required("b"), all_of([required("c")])])])).reads(&[
        "You'll need:",
        "a",
        "b",
        "c",
    ]);
    golden(one_of([required("a"), one_of([required("b"), required("c")])])).reads(&[
        "You'll need one of:",
        "a",
        "b",
        "c",
    ]);
    golden(all_of([all_of([]), one_of([required("a"), required("b")])])).reads(&["You'll need one of:", "a", "b"]);
    golden(one_of([required("a"), all_of([required("b"), required("c")]).led_in("The long way:")])).reads(&[
        "You'll need one of:",
        "a",
        "The long way: b; and c",
    ]);
}

#[test]
fn a_reference_that_is_not_followed_is_named() {
    let itself = || [(1, "Basics", Some(all_of([required("a"), section_as(1, Necessity::Helpful)])))];
    golden(section(1)).among(itself()).asks("nothing").reads(&[
        "You'll need:",
        "a",
        "what is asked for in “Basics” (helpful)",
    ]);
}

#[test]
fn the_sentences_make_one_text_for_search() {
    let sections = library([]);
    let tree = expand(&one_of([required("a"), required("b")]), OWNER, &sections);
    assert_eq!(plain_text(&tree, &sections), "You'll need one of:\na\nb");
}

//! What shows and says something: badges, messages, ways through the panel, lists, content and its changes.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    content::{self, Check, DraftState, LiveState, Severity, markdown::RichDoc},
    feedback::CaseState,
    search::Piece,
    web::session::{Flash, Tone},
};

use super::{
    super::{
        reader,
        ui::{
            self, Badge,
            badge::Look,
            chart::{self, Bars, Chart, Measure, Series},
            check_list::{self, Finding},
            compared::{self, Drawing},
            compared_text::{self, Side},
            difference, list, passage, time, timeline,
        },
    },
    Exhibit, NOW, PATH,
};

/// Everything that a rich text can hold.
const RICH: &str = "### A heading\n\nWords that are **bold** or *slanted*, and [a link](https://example.org/).\n\n- beds\n- samples\n\n1. first\n2. second\n\n> A quotation.\n\n| Band | Years |\n| --- | --- |\n| 5 | 2 |\n";

pub fn messages() -> Vec<Exhibit> {
    let flash = Flash {
        tone: Tone::Done,
        text: "“Adult nurse” is live.".to_owned(),
        links: vec![(PATH.to_owned(), "Look at it".to_owned()), (PATH.to_owned(), "Undo…".to_owned())],
        undo: Some((PATH.to_owned(), vec![("version".to_owned(), "3".to_owned())])),
    };
    vec![
        ("badge::Badge", badges()),
        (
            "ui::banner",
            html! { @for tone in [Tone::Done, Tone::Note, Tone::Warning, Tone::Fault] { (ui::banner(tone, html! { p { "Something that is said once, with " a href=(PATH) { "a link" } "." } })) } },
        ),
        ("ui::flash", ui::flash(&flash)),
        ("ui::empty", ui::empty("The pages of your site will be here.", ui::link_button(PATH, "Write the first"))),
        ("time::when", times()),
        (
            "div.card",
            html! { div.card { h4 { "A card" } dl.facts { dt { "Owner" } dd { "Ada" } dt { "Review by" } dd { (time::day("2027-05-01")) } } } },
        ),
    ]
}

fn badges() -> Markup {
    html! {
        p.badges { @for state in DraftState::ALL { @if let Some(badge) = Badge::draft(*state) { (badge) } } }
        p.badges { @for state in LiveState::ALL { (Badge::live(*state)) } }
        p.badges { @for state in CaseState::ALL { (Badge::case(*state)) } }
        p.badges { @for severity in [Severity::MustFix, Severity::LookAt, Severity::Advice] { (Badge::severity(severity)) } }
        p.badges { (Badge::new(Look::Planned, "Goes live tomorrow 09:00")) }
    }
}

fn times() -> Markup {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let zone = time::Zone::named("Europe/London");
    html! {
        ul { @for days in [0, -1, 1, -40, -400] {
            li { (time::when(&zone, NOW, crate::kernel::Timestamp(NOW.0 + days * DAY))) }
        } }
    }
}

pub fn ways() -> Vec<Exhibit> {
    let step = |words: &str| (PATH.to_owned(), words.to_owned());
    let tab = |words: &str, current| (PATH.to_owned(), words.to_owned(), current);
    vec![
        ("ui::crumbs", ui::crumbs(&[step("Role pages"), step("Nursing"), step("Adult nurse")])),
        ("ui::tabs", ui::tabs("Views of a page", &[tab("Edit", true), tab("History", false), tab("Used by", false)])),
        (
            "ui::keyed_tabs",
            ui::keyed_tabs(
                "Views with a key",
                &[tab("Write", true), ("/admin".to_owned(), "Read".to_owned(), false)],
                "/admin",
                "Alt+p",
            ),
        ),
        ("list::pages", list::pages(PATH, "cursor=x", 50, 312, Some("y"))),
        (
            "list::chips",
            list::chips(PATH, "q=nurse&state=draft", &[("q", "“nurse”".to_owned()), ("state", "draft".to_owned())]),
        ),
    ]
}

pub fn lists() -> Vec<Exhibit> {
    let piece = |text: &str, marked| Piece { text: text.to_owned(), marked };
    vec![
        (
            "ui::marked",
            html! { p { (ui::marked(&[piece("Somebody who cares for ", false), piece("patients", true)])) } },
        ),
        ("list::sorted_heading", table("Wide enough for columns")),
        ("table.cards", html! { div.narrow-place { (table("As cards where there is no room")) } }),
        ("timeline::timeline", happenings()),
        (
            "check_list::check_list",
            html! {
                (check_list::check_list(&with_one_looked_at("list"), &|check| (check.pointer == "/title").then(|| PATH.to_owned())))
                (check_list::check_list(&[], &|_| None))
            },
        ),
        (
            "check_list::finding",
            html! { @for one in with_one_looked_at("finding") { div.check { (check_list::finding(&one, None)) } } },
        ),
        ("check_list::notes", check_list::notes("sample-notes", &with_one_looked_at("notes"))),
    ]
}

fn table(caption: &str) -> Markup {
    let rows =
        [("Adult nurse", LiveState::Live, 3), ("Midwife", LiveState::Never, 0), ("Porter", LiveState::Withdrawn, 12)];
    html! {
        div.table {
            table.cards {
                caption { (caption) }
                thead {
                    tr {
                        (list::sorted_heading(PATH, "", "Title", "title", "title", "-title"))
                        (list::sorted_heading(PATH, "", "State", "-state", "state", "-state"))
                        (list::sorted_heading(PATH, "", "Reports", "", "reports", "-reports"))
                    }
                }
                tbody {
                    @for (title, state, reports) in rows {
                        tr {
                            th scope="row" { a href=(PATH) { (title) } }
                            td data-label="State" { (Badge::live(state)) }
                            td data-label="Reports" { (reports) }
                        }
                    }
                }
            }
        }
    }
}

fn happenings() -> Markup {
    let entry = |minutes: i64, who: &str, what: Markup, more: Option<Markup>| timeline::Entry {
        at: crate::kernel::Timestamp(NOW.0 - minutes * 60_000),
        who: who.to_owned(),
        what,
        more,
    };
    let entries = [
        entry(5, "Ada", html! { "Published " a href=(PATH) { "version 4" } "." }, None),
        entry(90, "Bob", html! { "Asked for changes." }, Some(html! { blockquote { "The hours are out of date." } })),
        entry(3_000, "Rolebook", html! { "Put a report into this case." }, None),
    ];
    timeline::timeline(&time::Zone::named("Europe/London"), NOW, &entries)
}

/// One finding of each severity, and one that somebody has looked at.
fn with_one_looked_at(mark: &str) -> Vec<Finding> {
    let mut all = findings(mark);
    let looked = Some("Looked at by Ada, 3 November: the name is official".to_owned());
    all.extend(
        findings(mark)
            .into_iter()
            .filter(|one| one.check.mark.is_some())
            .map(|one| Finding { looked: looked.clone(), ..one }),
    );
    all
}

/// One finding of each severity.
pub fn findings(mark: &str) -> Vec<Finding> {
    [
        (Severity::MustFix, "/title", "Give it a title."),
        (Severity::LookAt, "/summary", "The summary says little about the role."),
        (Severity::Advice, "/sections/0", "End the line before the list with a colon."),
    ]
    .map(|(severity, pointer, message)| Check {
        code: "sample".to_owned(),
        severity,
        pointer: pointer.to_owned(),
        message: message.to_owned(),
        source: "House rule".to_owned(),
        excerpts: vec!["the words that were found".to_owned()],
        mark: (severity == Severity::LookAt).then(|| mark.to_owned()),
        looked_at: None,
    })
    .map(|check| Finding { check, looked: None })
    .into()
}

/// What a value of a sample names.
const DOCUMENT: &str = "01a2021a-0260-790a-aa03-d374c0eaecbb";

/// A page with sections in one order or the other.
fn written(page: &Value) -> Value {
    let mut page = page.clone();
    let section = |id: &str, heading: &str, markdown: &str| json!({ "id": id, "heading": heading, "display": "plain", "blocks": [{ "id": format!("{id}-text"), "kind": "text", "markdown": markdown }] });
    let first = page.get("title").is_some_and(|title| title == "Adult nurse");
    let work = section(
        "work",
        "Working life",
        if first {
            "Days are *varied*. You:\n\n- assess patients\n- plan care\n\nRead about [nursing](https://example.org/).\n"
        } else {
            "Days are **varied**. You:\n\n- assess patients\n- plan and review care\n- write it down\n\nRead about [nursing](ref:01a2021a-0260-790a-aa03-d374c0eaecbb).\n"
        },
    );
    let pay = section("pay", "Pay and conditions", "Pay starts at band 5.");
    let entry = json!({ "id": "entry", "kind": "group", "rule": if first { "one_of" } else { "all_of" }, "count": null, "lead_in": null, "items": [
        { "id": "degree", "kind": "requirement", "text": "a degree", "necessity": if first { "required" } else { "usually" } },
    ] });
    if let Some(fields) = page.as_object_mut() {
        fields.insert("sections".to_owned(), if first { json!([work, pay]) } else { json!([pay, work]) });
        fields.insert("requirements".to_owned(), entry);
    }
    page
}

fn chart() -> Markup {
    let columns = ["2", "9", "16", "23"].map(|day| (format!("{day} Nov"), format!("{day} November")));
    let counts = |values: [u64; 4]| values.into_iter().map(Some).collect();
    let series = [
        Series { name: "Received", values: counts([3, 8, 6, 12]) },
        Series { name: "Closed", values: counts([1, 4, 6, 11]) },
    ];
    let chart = Chart {
        id: "sample-chart",
        title: "Reports received and closed, by week",
        finding: "Reports rose from about 3 to about 12 a week.",
        heading: "Week of",
        columns: &columns,
        series: &series,
        measure: Measure::Count,
        running: true,
        drawn: true,
    };
    let few = Chart { id: "few", finding: "Too few reports to see how they change.", drawn: false, ..chart.clone() };
    let times = [Series { name: "To a fix", values: vec![Some(30), None, Some(110), Some(80)] }];
    let times = Chart {
        id: "sample-times",
        title: "How long it took, by week",
        finding: "Half of the fixes took at most 3 days.",
        series: &times,
        measure: Measure::Hours,
        ..chart.clone()
    };
    html! { (chart::lines(&chart)) (chart::lines(&times)) (chart::lines(&few)) }
}

fn bars() -> Markup {
    let rows = [("Something is wrong", 12), ("A comment", 3), ("Something is good", 0)]
        .map(|(name, count)| (name.to_owned(), count));
    let bars = Bars {
        id: "sample-bars",
        title: "Reports by kind",
        finding: "Most: Something is wrong, with 12 reports.",
        heading: "Kind",
        value: "Reports",
        rows: &rows,
        drawn: true,
    };
    chart::bars(&bars)
}

pub fn content() -> Vec<Exhibit> {
    let (before, after) = (
        json!({ "title": "Adult nurse", "summary": "Nurses care for adults.", "search_terms": ["ward"] }),
        json!({ "title": "Nurse for adults", "summary": "Nurses care for adults on wards and at home.", "search_terms": ["ward", "home"] }),
    );
    let comparison = content::compare(&before, &after);
    let pages = content::compare_pages(&written(&before), &written(&after), false);
    let titles = BTreeMap::from([(DOCUMENT.to_owned(), "Nursing".to_owned())]);
    let drawing = Drawing { scope: "sample-", of: "", sides: false, whole: false, titles: &titles };
    let texts: Vec<_> = pages
        .regions
        .iter()
        .filter_map(|region| match &region.part.body {
            content::Body::Text(lines) => Some(lines),
            _ => None,
        })
        .collect();
    vec![
        (
            "compared::compared",
            html! {
                (compared::compared(&pages, drawing))
                (compared::compared(&pages, Drawing { scope: "beside-", of: "side by side", sides: true, ..drawing }))
                (compared::compared(&content::compare_pages(&before, &before, false), drawing))
            },
        ),
        ("chart::lines", chart()),
        ("chart::bars", bars()),
        ("compared::key", compared::key()),
        (
            "compared_text::compared_text",
            html! { @for lines in &texts { div.change { (compared_text::compared_text(lines, Side::Both, drawing)) } } },
        ),
        (
            "difference::body",
            html! { @for change in comparison.changes.iter().take(1) { div.change { (difference::body(change)) } } },
        ),
        (
            "difference::words",
            html! { @for change in comparison.changes.iter().filter(|change| !change.words.is_empty()) { (difference::words(&change.words)) } },
        ),
        (
            "div.prose",
            html! { div.prose {
                p { "Porters know every corridor. They " strong { "move" } " people, " em { "samples" } " and " a href=(PATH) { "records" } "." }
                ul { li { "beds and chairs" } li { "samples" } }
                blockquote { p { "Nobody gets anywhere without us." } }
            } },
        ),
        (
            "div.plain-english",
            html! { div.plain-english {
                p { "You'll usually need:" }
                ul { li { "two A levels, or" } li { "a level 3 qualification" } }
            } },
        ),
        (
            "passage::rich_text",
            html! { div.prose { (passage::rich_text(&RichDoc::parse(RICH).to_tree(&|_, _| None))) } },
        ),
        (
            "reader::plain",
            reader::plain(&["You'll usually need two A levels.".to_owned(), "A driving licence helps.".to_owned()]),
        ),
        ("span.moved", html! { p { span.moved { "Moved" } " to another place." } }),
    ]
}

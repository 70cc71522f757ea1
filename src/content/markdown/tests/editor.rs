//! The editor's JSON: what it becomes, that nothing of it is lost, and what hostile JSON comes to.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{
    super::{
        editor::{Digest, EDITOR_LIMIT, Received, Refusal, receive},
        *,
    },
    properties::{ADDRESSES, document, text},
};

/// What is promised of so many documents, and shown on every one of them.
const DOCUMENTS: u32 = 10_000;

fn doc(content: impl Into<Value>) -> Value {
    json!({ "type": "doc", "content": content.into() })
}

fn paragraph(content: impl Into<Value>) -> Value {
    json!({ "type": "paragraph", "content": content.into() })
}

fn words(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn markdown_of(document: &Value) -> (String, Vec<Dropped>) {
    let (document, dropped) = RichDoc::from_editor(&document.to_string()).unwrap();
    (document.to_markdown(), dropped)
}

/// The digest as the browser reckons it, from the text nodes however deep they stand.
fn sum_of(document: &Value) -> String {
    fn gather(node: &Value, texts: &mut String) {
        texts.push_str(node["text"].as_str().unwrap_or_default());
        node["content"].as_array().into_iter().flatten().for_each(|inner| gather(inner, texts));
    }
    let mut texts = String::new();
    gather(document, &mut texts);
    Digest::of(std::iter::once(texts.as_str())).to_string()
}

fn marks() -> impl Strategy<Value = Vec<Value>> {
    let link = prop::sample::select(ADDRESSES).prop_map(|href| json!({ "type": "link", "attrs": { "href": href } }));
    let mark = prop_oneof![Just(json!({ "type": "strong" })), Just(json!({ "type": "em" })), link];
    prop_oneof![2 => Just(Vec::new()), 3 => prop::collection::vec(mark, 0..4)]
}

fn node_of_line() -> impl Strategy<Value = Value> {
    let node = prop_oneof![8 => text().prop_map(|text| words(&text)), 1 => Just(json!({ "type": "hard_break" }))];
    (node, marks()).prop_map(|(mut node, marks)| {
        if !marks.is_empty() {
            node["marks"] = marks.into();
        }
        node
    })
}

fn line_of_nodes() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(node_of_line(), 0..4)
}

/// A table as the editor's schema allows it: equally long rows, heads in the first one.
fn table() -> impl Strategy<Value = Value> {
    let cells = (1_usize..3, 1_usize..3)
        .prop_flat_map(|(rows, columns)| prop::collection::vec(prop::collection::vec(line_of_nodes(), columns), rows));
    cells.prop_map(|rows| {
        let rows = rows.into_iter().enumerate().map(|(position, cells)| {
            let kind = if position == 0 { "table_header" } else { "table_cell" };
            let attributes = json!({ "colspan": 1, "rowspan": 1, "colwidth": null });
            let cells = cells
                .into_iter()
                .map(|line| json!({ "type": kind, "attrs": attributes, "content": [paragraph(line)] }));
            json!({ "type": "table_row", "content": cells.collect::<Vec<_>>() })
        });
        json!({ "type": "table", "content": rows.collect::<Vec<_>>() })
    })
}

/// Documents of the editor's schema: lists, items and quotes are not empty.
fn editor_document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => line_of_nodes().prop_map(paragraph),
        1 => (3..5, line_of_nodes()).prop_map(|(level, line)| json!({ "type": "heading", "attrs": { "level": level }, "content": line })),
        1 => table(),
    ];
    let block = leaf.prop_recursive(3, 6, 2, |inner| {
        let item = prop::collection::vec(inner.clone(), 1..3)
            .prop_map(|blocks| json!({ "type": "list_item", "content": blocks }));
        let items = prop::collection::vec(item, 1..3).boxed();
        let order = prop_oneof![3 => Just(1_u32), 1 => 0_u32..1_000_000_000];
        prop_oneof![
            2 => items.clone().prop_map(|items| json!({ "type": "bullet_list", "content": items })),
            2 => (order, items).prop_map(|(order, items)| json!({ "type": "ordered_list", "attrs": { "order": order }, "content": items })),
            1 => prop::collection::vec(inner, 1..3).prop_map(|blocks| json!({ "type": "blockquote", "content": blocks })),
        ]
    });
    prop::collection::vec(block, 1..4).prop_map(doc)
}

#[test]
fn ten_thousand_documents_of_the_editor_come_back_exactly() {
    let seen = Cell::new(0);
    let config = Config { cases: DOCUMENTS, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&editor_document(), |sent| {
        let (document, dropped) = RichDoc::from_editor(&sent.to_string()).unwrap();
        prop_assert!(
            dropped.iter().all(|kind| matches!(kind, Dropped::LinkTarget | Dropped::LineBreak)),
            "{:?}",
            dropped
        );
        let written = document.to_editor();

        let received = receive(&sent.to_string(), &sum_of(&sent));
        let markdown = received.map_err(|refusal| TestCaseError::fail(format!("{refusal:?}")))?.markdown;
        let read = RichDoc::parse(&markdown);
        prop_assert_eq!(&read, &document, "{}", markdown);
        prop_assert_eq!(&read.to_editor(), &written);
        let (again, dropped) = RichDoc::from_editor(&written.to_string()).unwrap();
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(dropped, vec![]);
        seen.set(seen.get() + 1);
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    assert_eq!(seen.get(), DOCUMENTS);
}

#[test]
fn a_document_in_every_shape_is_written_as_it_stands_here() {
    let markdown = "### a\n\n2. **b** [*c*](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f)\\\n   d\n3. - e\n\n> f\n\n| g |  |\n| --- | --- |\n| h |  |\n";
    let document = RichDoc::parse(markdown);
    let link = json!({ "type": "link", "attrs": { "href": "ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f" } });
    let item = |content: Vec<Value>| json!({ "type": "list_item", "content": content });
    let row = |kind: &str, text: &str| {
        let attributes = json!({ "colspan": 1, "rowspan": 1, "colwidth": null });
        json!({ "type": "table_row", "content": [
            { "type": kind, "attrs": attributes, "content": [paragraph(vec![words(text)])] },
            { "type": kind, "attrs": attributes, "content": [{ "type": "paragraph" }] },
        ] })
    };
    let expected = doc(vec![
        json!({ "type": "heading", "attrs": { "level": 3 }, "content": [words("a")] }),
        json!({ "type": "ordered_list", "attrs": { "order": 2 }, "content": [
            item(vec![paragraph(vec![
                json!({ "type": "text", "text": "b", "marks": [{ "type": "strong" }] }),
                words(" "),
                json!({ "type": "text", "text": "c", "marks": [link, { "type": "em" }] }),
                json!({ "type": "hard_break" }),
                words("d"),
            ])]),
            item(vec![json!({ "type": "bullet_list", "content": [item(vec![paragraph(vec![words("e")])])] })]),
        ] }),
        json!({ "type": "blockquote", "content": [paragraph(vec![words("f")])] }),
        json!({ "type": "table", "content": [row("table_header", "g"), row("table_cell", "h")] }),
    ]);
    assert_eq!(document.to_editor(), expected);
    assert_eq!(markdown_of(&expected), (markdown.to_owned(), Vec::new()));
    assert_eq!(RichDoc::default().to_editor(), doc(vec![json!({ "type": "paragraph" })]));
}

#[test]
fn html_for_the_editor_keeps_references_and_has_no_anchors() {
    let document = RichDoc::parse(
        "### a\n\n[b](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f#0199a1c2-0000-7000-8000-000000000010) <c>\n",
    );
    assert_eq!(
        document.to_editor_html(),
        "<h3>a</h3>\n<p><a href=\"ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f#0199a1c2-0000-7000-8000-000000000010\">b</a></p>\n"
    );
}

#[test]
fn what_the_schema_lacks_is_reduced_and_named() {
    let table = |rows: Value| doc(vec![json!({ "type": "table", "content": rows })]);
    let cell = |kind: &str, attributes: Value, blocks: Vec<Value>| json!({ "type": kind, "attrs": attributes, "content": blocks });
    let row = |cells: Vec<Value>| json!({ "type": "table_row", "content": cells });
    let line = |text: &str| paragraph(vec![words(text)]);
    let plain = |kind: &str, text: &str| cell(kind, json!({}), vec![line(text)]);
    let marked = |mark: Value| doc(vec![paragraph(vec![json!({ "type": "text", "text": "a", "marks": [mark] })])]);
    let samples: Vec<(Value, &str, Vec<Dropped>)> = vec![
        (
            doc(vec![json!({ "type": "heading", "attrs": { "level": 1 }, "content": [words("a")] })]),
            "### a\n",
            vec![Dropped::HeadingLevel],
        ),
        (
            doc(vec![json!({ "type": "heading", "attrs": { "level": 6 }, "content": [words("a")] })]),
            "#### a\n",
            vec![Dropped::HeadingLevel],
        ),
        (
            doc(vec![
                json!({ "type": "heading", "attrs": { "level": 4 }, "content": [words("a"), { "type": "hard_break" }, words("b")] }),
            ]),
            "#### a b\n",
            vec![Dropped::LineBreak],
        ),
        (
            marked(json!({ "type": "link", "attrs": { "href": "javascript:alert(1)" } })),
            "a\n",
            vec![Dropped::LinkTarget],
        ),
        (marked(json!({ "type": "link" })), "a\n", vec![Dropped::LinkTarget]),
        (
            marked(json!({ "type": "link", "attrs": { "href": "/b", "title": "c" } })),
            "[a](/b)\n",
            vec![Dropped::LinkTitle],
        ),
        (marked(json!({ "type": "underline" })), "a\n", vec![Dropped::Unknown]),
        (marked(json!({ "type": "code" })), "a\n", vec![Dropped::Code]),
        (
            doc(vec![
                json!({ "type": "image", "attrs": { "alt": "gone" } }),
                json!({ "type": "horizontal_rule" }),
                json!({ "type": "code_block", "content": [words("let a\nlet b")] }),
                json!({ "type": "spoiler", "content": [line("c"), words("d"), words("e"), line("f")] }),
            ]),
            "let a let b\n\nc\n\nde\n\nf\n",
            vec![Dropped::Image, Dropped::Rule, Dropped::Code, Dropped::Unknown],
        ),
        (
            doc(vec![paragraph(vec![words("a"), json!({ "type": "spoiler", "content": [words("b")] }), words("c")])]),
            "a b c\n",
            vec![Dropped::Unknown],
        ),
        (
            doc(vec![
                json!({ "type": "bullet_list", "content": [line("a"), { "type": "list_item", "content": [line("b")] }] }),
            ]),
            "- a\n- b\n",
            vec![Dropped::Unknown],
        ),
        (
            table(json!([
                row(vec![
                    cell("table_header", json!({ "colspan": 2, "colwidth": [80, 90] }), vec![line("a"), line("b")]),
                    plain("table_header", "c")
                ]),
                row(vec![
                    cell("table_cell", json!({ "rowspan": 2 }), vec![line("d")]),
                    plain("table_cell", "e"),
                    plain("table_cell", "f")
                ]),
                row(vec![plain("table_cell", "g"), plain("table_cell", "h")]),
            ])),
            "| a b |  | c |\n| --- | --- | --- |\n| d | e | f |\n|  | g | h |\n",
            vec![Dropped::ColumnWidth, Dropped::CellBlocks, Dropped::MergedCells],
        ),
        (
            table(json!([row(vec![plain("table_cell", "a")]), row(vec![plain("table_header", "b")]), line("c")])),
            "| a |\n| --- |\n| b |\n| c |\n",
            vec![Dropped::TableHeads, Dropped::Unknown],
        ),
    ];
    for (sent, markdown, dropped) in samples {
        assert_eq!(markdown_of(&sent), (markdown.to_owned(), dropped.clone()), "{sent}");
        let received = receive(&sent.to_string(), &sum_of(&sent));
        assert_eq!(received, Ok(Received { markdown: markdown.to_owned(), dropped }), "{sent}");
    }
}

#[test]
fn a_digest_counts_what_can_be_seen() {
    let digest = |texts: &[&str]| Digest::of(texts.iter().copied()).to_string();
    assert_eq!(digest(&[]), "0:811c9dc5");
    assert_eq!(digest(&["a"]), "1:e40c292c");
    assert_eq!(digest(&["foobar"]), "6:bf9cf968");
    assert_eq!(digest(&["foo", "bar"]), "6:bf9cf968");
    assert_eq!(digest(&[" f\u{a0}o\u{85}o\u{200b}\u{feff}", "\u{2028}b\u{3000}ar\n"]), "6:bf9cf968");
    assert_eq!(digest(&["é😀"]).split(':').next(), Some("2"));
    assert_ne!(digest(&["ab"]), digest(&["ba"]));
    assert_eq!(RichDoc::parse("**f**oo\n\n- b\n\n| a |\n|-|\n| r |").digest().to_string(), "6:bf9cf968");
}

#[test]
fn words_that_changed_on_the_way_are_noticed() {
    let sent = doc(vec![paragraph(vec![words("one\u{2}two ")])]).to_string();
    let sum = Digest::of(std::iter::once("one\u{2}two")).to_string();
    let markdown = "onetwo\n".to_owned();
    assert_eq!(receive(&sent, &sum), Ok(Received { markdown: markdown.clone(), dropped: Vec::new() }));
    for wrong in [
        "",
        "6:00000000",
        "7:",
        &sum.to_uppercase().replace(':', "::"),
        &Digest::of(std::iter::once("onetwo")).to_string(),
    ] {
        assert_eq!(receive(&sent, wrong), Err(Refusal::Changed { markdown: markdown.clone() }), "{wrong}");
    }
    for unreadable in ["", "{", "[]", "null", "\"doc\"", "{}", "{\"type\":\"paragraph\"}", "{\"type\":\"doc\"} x"] {
        assert_eq!(receive(unreadable, "0:811c9dc5"), Err(Refusal::Unreadable), "{unreadable}");
    }
    let large = doc(vec![paragraph(vec![words(&"a".repeat(EDITOR_LIMIT))])]).to_string();
    assert_eq!(receive(&large, &sum_of(&json!({}))), Err(Refusal::TooLarge));
    assert_eq!(RichDoc::from_editor(&large), None);
}

#[test]
fn hostile_json_costs_little_and_loses_no_words() {
    let nested = |depth: usize| {
        let mut block = paragraph(vec![words("deep")]);
        for _ in 0..depth {
            block = json!({ "type": "blockquote", "content": [block] });
        }
        doc(vec![block])
    };
    let (markdown, dropped) = markdown_of(&nested(40));
    assert_eq!((markdown.trim_start_matches("> "), dropped), ("deep\n", vec![Dropped::Nesting]));
    assert_eq!(RichDoc::from_editor(&nested(200).to_string()), None);
    assert_eq!(receive(&"[".repeat(EDITOR_LIMIT), ""), Err(Refusal::Unreadable));

    let cells = |attributes: &str, count: usize| {
        let cell = format!("{{\"type\":\"table_cell\",\"attrs\":{attributes}}},");
        let row = format!("{{\"type\":\"table_row\",\"content\":[{}null]}}", cell.repeat(count));
        format!("{{\"type\":\"doc\",\"content\":[{{\"type\":\"table\",\"content\":[{row},{row}]}}]}}")
    };
    let wrong = "{\"type\":7,\"text\":8,\"marks\":9,\"content\":10},";
    let inputs = [
        cells("{\"colspan\":4000000000}", 15_000),
        cells("{\"rowspan\":18446744073709551615}", 15_000),
        cells("{\"colspan\":-1,\"rowspan\":1.5}", 15_000),
        format!("{{\"type\":\"doc\",\"content\":[{}null]}}", "{\"type\":\"hard_break\"},".repeat(80_000)),
        format!("{{\"type\":\"doc\",\"content\":[{}null]}}", wrong.repeat(40_000)),
        format!("{{\"type\":\"doc\",\"content\":[{}null]}}", "[],".repeat(600_000)),
    ];
    for input in inputs {
        assert!(input.len() <= EDITOR_LIMIT, "{}", input.len());
        let start = Instant::now();
        let (document, _) = RichDoc::from_editor(&input).unwrap();
        let markdown = document.to_markdown();
        // Many times what it takes unoptimised.
        assert!(start.elapsed() < Duration::from_secs(10), "{}", input.get(..80).unwrap_or_default());
        assert!(markdown.is_empty(), "{}", markdown.len());
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_text_can_be_edited_and_comes_back(document in document()) {
        let document = document.normalised();
        let written = document.to_editor().to_string();
        prop_assert_eq!(RichDoc::from_editor(&written), Some((document.clone(), vec![])));
        let received = receive(&written, &document.digest().to_string());
        prop_assert_eq!(received.map(|received| received.markdown), Ok(document.to_markdown()));
    }
}

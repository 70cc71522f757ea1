//! Samples with what they must become; what holds for every document is in `properties`.

mod editor;
mod properties;

use std::time::{Duration, Instant};

use super::escape::{Caution, Place, line};
use super::*;

const DOCUMENT: Uuid = Uuid::from_u128(0x0199_a1c2_7b1e_7c3a_9d55_0a1b_2c3d_4e5f);
const BLOCK: Uuid = Uuid::from_u128(0x0199_a1c2_0000_7000_8000_0000_0000_0010);

fn nowhere(_: Uuid, _: Option<Uuid>) -> Option<String> {
    None
}

fn somewhere(id: Uuid, block: Option<Uuid>) -> Option<String> {
    let anchor = block.map(|block| format!("#{block}")).unwrap_or_default();
    (id == DOCUMENT).then(|| format!("/ict/technician{anchor}"))
}

/// Markdown as typed, and as kept.
const SAMPLES: &[(&str, &str)] = &[
    ("", ""),
    (" \n\n\t\n", ""),
    ("You will **set up** computers.", "You will **set up** computers.\n"),
    ("one\ntwo\r\nthree", "one two three\n"),
    ("one  \ntwo\\\nthree", "one\\\ntwo\\\nthree\n"),
    ("a<br>b<br/>\n\nc", "a\\\nb\n\nc\n"),
    (
        "# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\nSix\n===",
        "### One\n\n### Two\n\n### Three\n\n#### Four\n\n#### Five\n\n### Six\n",
    ),
    ("###\n\n### C# #\n\n### a \\#", "### C#\n\n### a \\#\n"),
    ("* a\n* b\n  + c\n\n  + d", "- a\n- b\n  - c\n  - d\n"),
    ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c\n"),
    ("- a\n* b\n- c", "- a\n\n* b\n\n- c\n"),
    ("7. a\n8. b\n\n1) c", "7. a\n8. b\n\n1) c\n"),
    ("- a\n\n  3. b", "- a\n\n  3. b\n"),
    ("- a\n  1. b\n\n     c", "- a\n  1. b\n\n     c\n"),
    ("-\n- \n- a\n-", "- a\n"),
    ("- - a\n  - b", "- - a\n  - b\n"),
    ("> a\nb\n>\n> - c\n\n> d", "> a b\n>\n> - c\n\n> d\n"),
    (">\n> >", ""),
    ("1986\\. A great year", "1986\\. A great year\n"),
    ("\\- a\n\n\\+ b\n\n\\# c\n\n\\> d", "\\- a\n\n\\+ b\n\n\\# c\n\n\\> d\n"),
    ("a\\\n\\---\n\nb\\\n\\=\n\n\\~~~\n\n-5 #x +y", "a\\\n\\---\n\nb\\\n\\=\n\n\\~~~\n\n-5 #x +y\n"),
    ("2 * 3 _ 4 \\[x\\] AT&T &copy; \\&copy; a < b", "2 \\* 3 \\_ 4 \\[x\\] AT&T © \\&copy; a \\< b\n"),
    ("__a__ _b_ ***c***", "**a** *b* **_c_**\n"),
    ("**a ** b** c", "**a \\*\\* b** c\n"),
    ("**a**b", "**a**b\n"),
    ("**(a)**&#98;", "**(a)**&#98;\n"),
    ("*a* **b**_c_", "*a* **b**_c_\n"),
    ("**See [the page](/x) now**", "**See [the page](/x) now**\n"),
    ("**[a](/x)** [**b** c](/y)", "[**a**](/x) [**b** c](/y)\n"),
    ("[a](/x)[b](/x) [[c](/y)](/z)", "[ab](/x) \\[[c](/y)\\](/z)\n"),
    ("[a](</x y>) [b](</x(y>) [c](/x\\*y)", "[a](</x y>) [b](</x(y>) [c](/x*y)\n"),
    ("[a](javascript:x) [b](//x.y) [c](/\\x.y) [d](x) [e](#f) [f](https:g) [g](data:h)", "a b c d e f g\n"),
    (
        "<https://a.b/c> <d@e.f> [t](tel:1 \"title\")",
        "[https://a.b/c](https://a.b/c) [d@e.f](mailto:d@e.f) [t](tel:1)\n",
    ),
    ("[a](REF:0199A1C2-7B1E-7C3A-9D55-0A1B2C3D4E5F) [b](ref:x)", "[a](ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f) b\n"),
    ("[a][b] !\\[c\n\n[b]: /x", "[a](/x) !\\[c\n"),
    ("wow\\![a](/x)", "wow\\![a](/x)\n"),
    ("![the *alt* text](/x.png) and [![in a link](/y.png)](/z)", "the *alt* text and [in a link](/z)\n"),
    ("`a*b` c\n\n```rust\nlet a = 1;\n\nb\nc\n```", "a\\*b c\n\nlet a = 1;\n\nb\\\nc\n"),
    ("a <b>b</b><!-- c --> <script>alert(1)</script><style>p</style>d", "a b d\n"),
    ("<div>\nx\n</div>\n\ny\n\n<!-- z -->\n\n<script>\nalert(1)\n\n</script>\n\n***", "y\n"),
    ("|a|b|\n|:-|-:|\n|c\\|d|**e**|\n|f|", "| a | b |\n| --- | --- |\n| c\\|d | **e** |\n| f |  |\n"),
    ("a | b\n- | -\n\n\\| c", "| a | b |\n| --- | --- |\n\n| c\n"),
    ("- | a |\n  |---|\n  | b |", "- | a |\n  | --- |\n  | b |\n"),
    ("~~a~~ $b$ [^1] - [ ] c", "~~a~~ $b$ \\[^1\\] - \\[ \\] c\n"),
    ("a&nbsp;**&nbsp;b**&nbsp;", "a\u{a0}\u{a0}**b**\n"),
];

#[test]
fn samples_are_kept_in_canonical_form_which_is_stable() {
    for (typed, kept) in SAMPLES {
        assert_eq!(RichDoc::parse(typed).to_markdown(), *kept, "typed: {typed}");
        assert_eq!(RichDoc::parse(kept).to_markdown(), *kept);
    }
}

#[test]
fn every_degree_of_caution_reads_back() {
    for (typed, _) in SAMPLES {
        for block in RichDoc::parse(typed).blocks {
            let Block::Paragraph { content } = &block else {
                continue;
            };
            for caution in [Caution::Needed, Caution::Neighbours, Caution::Everything] {
                let printed = line(content, Place::Paragraph, caution);
                assert_eq!(RichDoc::parse(&printed).blocks, std::slice::from_ref(&block), "{printed}");
            }
        }
    }
}

#[test]
fn html_has_one_block_on_a_line() {
    let samples = [
        ("You will **set up** computers.\n", "<p>You will <strong>set up</strong> computers.</p>\n"),
        ("*a* \\<b> \"c\" & 'd'\\\ne", "<p><em>a</em> &lt;b&gt; &quot;c&quot; &amp; 'd'<br>e</p>\n"),
        ("[a](/x?a=1&b=\"2\")", "<p><a href=\"/x?a=1&amp;b=&quot;2&quot;\">a</a></p>\n"),
        (
            "### You'll need\n\n#### You'll *need*\n\n### !",
            "<h3 id=\"youll-need\">You'll need</h3>\n<h4 id=\"youll-need-2\">You'll <em>need</em></h4>\n<h3 id=\"heading\">!</h3>\n",
        ),
        (
            "### a\n\n### a-2\n\n### a\n\n### A",
            "<h3 id=\"a\">a</h3>\n<h3 id=\"a-2\">a-2</h3>\n<h3 id=\"a-3\">a</h3>\n<h3 id=\"a-4\">A</h3>\n",
        ),
        (
            "- a\n  1. b\n- c\n\n  d",
            "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol>\n</li>\n<li>\n<p>c</p>\n<p>d</p>\n</li>\n</ul>\n",
        ),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        (
            "|a|\n|-|\n|b|",
            "<table>\n<thead>\n<tr><th scope=\"col\">a</th></tr>\n</thead>\n<tbody>\n<tr><td>b</td></tr>\n</tbody>\n</table>\n",
        ),
    ];
    for (markdown, html) in samples {
        assert_eq!(RichDoc::parse(markdown).to_html(&nowhere), html);
    }
}

#[test]
fn a_link_to_a_document_is_resolved_or_becomes_its_text() {
    let document = RichDoc::parse(&format!("a **[b](ref:{DOCUMENT}#{BLOCK})** c"));
    let resolved = format!("<p>a <a href=\"/ict/technician#{BLOCK}\"><strong>b</strong></a> c</p>\n");
    assert_eq!(document.to_html(&somewhere), resolved);
    assert_eq!(document.to_html(&nowhere), "<p>a <strong>b</strong> c</p>\n");
    assert_eq!(document.targets(), [&Target::Document { id: DOCUMENT, block: Some(BLOCK) }]);

    let touching = RichDoc::parse(&format!("**a**[**b** c](ref:{DOCUMENT})"));
    assert_eq!(touching.to_html(&nowhere), "<p><strong>ab</strong> c</p>\n");
}

#[test]
fn an_unsafe_address_in_a_tree_built_by_hand_never_reaches_html() {
    let target = Target::Address("javascript:alert(1)".to_owned());
    let content = vec![Inline::Link { target, content: vec![Inline::text("a")] }];
    let document = RichDoc { blocks: vec![Block::Paragraph { content }] };
    assert_eq!(document.to_html(&nowhere), "<p>a</p>\n");
    assert_eq!(document.to_markdown(), "a\n");
}

#[test]
fn the_public_tree_has_the_documented_keys() {
    let markdown = format!(
        "### a\n\n2. **b** [c](ref:{DOCUMENT}) [d](ref:{DOCUMENT}#{BLOCK}) [e](/f)\\\n   *g*\n\n> h\n\n|i|\n|-|\n|j|"
    );
    let tree = serde_json::json!(RichDoc::parse(&markdown).to_tree(&somewhere));
    let text = |text: &str| serde_json::json!({"type": "text", "text": text});
    let expected = serde_json::json!([
        {"type": "heading", "level": 3, "id": "a", "content": [text("a")]},
        {"type": "list", "ordered": true, "start": 2, "items": [{"blocks": [{"type": "paragraph", "content": [
            {"type": "strong", "content": [text("b")]},
            text(" "),
            {"type": "link", "href": "/ict/technician", "document": DOCUMENT, "content": [text("c")]},
            text(" "),
            {"type": "link", "href": format!("/ict/technician#{BLOCK}"), "document": DOCUMENT, "block": BLOCK, "content": [text("d")]},
            text(" "),
            {"type": "link", "href": "/f", "content": [text("e")]},
            {"type": "break"},
            {"type": "emphasis", "content": [text("g")]},
        ]}]}]},
        {"type": "quote", "blocks": [{"type": "paragraph", "content": [text("h")]}]},
        {"type": "table", "head": [[text("i")]], "rows": [[[text("j")]]]},
    ]);
    assert_eq!(tree, expected);
}

#[test]
fn text_has_a_line_for_each_block() {
    let document = RichDoc::parse("### a\n\n**b** [c](/d)\\\ne\n\n- f\n  - g\n\n|h|i|\n|-|-|\n|j||");
    assert_eq!(document.to_text(), "a\nb c\ne\nf\ng\nh\ti\nj\t");
    assert!(RichDoc::parse("<!-- a -->").is_empty() && !document.is_empty());
}

#[test]
fn what_was_dropped_is_reported_once_each_in_order() {
    let markdown = "# a\n\n# b\n\n![c](/d) `e` <i>f</i> [g](h) [i](/j \"k\")\n\n---\n\n|l|\n|:-|";
    let (_, dropped) = RichDoc::parse_reporting(markdown);
    let expected = [
        Dropped::HeadingLevel,
        Dropped::Image,
        Dropped::Code,
        Dropped::Html,
        Dropped::LinkTarget,
        Dropped::LinkTitle,
        Dropped::Rule,
        Dropped::Alignment,
    ];
    assert_eq!(dropped, expected);
    assert_eq!(RichDoc::parse_reporting("### a\n\n- **b** *c* [d](/e)<br>f").1, []);
}

#[test]
fn nesting_and_tables_are_bounded_without_losing_words() {
    for markdown in [format!("{}a\n\nb", "> ".repeat(40)), format!("{}a\n\nb", "- ".repeat(200))] {
        let (document, dropped) = RichDoc::parse_reporting(&markdown);
        assert_eq!(dropped, [Dropped::Nesting]);
        assert_eq!(document.to_text(), "a\nb");
        assert_eq!(RichDoc::parse(&document.to_markdown()), document);
        assert!(!document.to_markdown().contains(&"> ".repeat(MAXIMUM_NESTING + 1)));
    }
    let wide = format!("{}|\n{}|\n|c|", "|a".repeat(6_000), "|-".repeat(6_000));
    let (document, dropped) = RichDoc::parse_reporting(&wide);
    assert_eq!(dropped, [Dropped::TableSize]);
    assert_eq!(document.blocks.len(), 2);
}

#[test]
fn hostile_input_takes_no_long_time() {
    let repeated = [
        "[",
        "]",
        "*",
        "_",
        ">",
        "> ",
        "- ",
        "1. ",
        "`",
        "<",
        "&",
        "![",
        "[](",
        "*a **b ",
        "a**b",
        "<!--",
        "|a",
        "\n",
        "- \n",
        "a|b\n-|-\n",
        "[x](/y)",
        "*(a)*b",
    ];
    let mut inputs: Vec<String> = repeated.iter().map(|piece| piece.repeat(100_000 / piece.len())).collect();
    inputs.push("[".repeat(50_000) + &"]".repeat(50_000));
    inputs.push(format!("**a{}&nbsp;**b", "\u{a0}".repeat(45_000)));
    inputs.push("- ".repeat(25_000) + "```" + &"\n".repeat(50_000));
    inputs.push(">".repeat(50_000) + &"a\n".repeat(25_000));
    inputs.push((0..300).map(|depth| " ".repeat(depth * 2) + "- a\n").collect());
    inputs.push(format!("[a]: /{}\n\n", "x".repeat(50_000)) + &"[a]".repeat(16_000));
    for input in inputs {
        let start = Instant::now();
        let document = RichDoc::parse(&input);
        let markdown = document.to_markdown();
        let html = document.to_html(&nowhere);
        // Many times what it takes unoptimised; only to tell linear from quadratic.
        assert!(start.elapsed() < Duration::from_secs(10), "{}", input.get(..40).unwrap_or_default());
        assert!(markdown.len() < 3 * input.len() && html.len() < 10 * input.len() + 100);
        assert_eq!(RichDoc::parse(&markdown), document);
    }
}

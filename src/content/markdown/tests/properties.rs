//! Properties that hold for every document, however it was made.

use proptest::prelude::*;
use uuid::Uuid;

use super::super::*;

const PIECES: &[&str] = &[
    "word", "set", "up", "a", "I", "été", "naïve", "7", "1986", " ", " ", " ", " ", "  ", "*", "**", "_", "__", "[",
    "]", "(", ")", "<", "<b>", "</b>", ">", "|", "&", "&amp;", "&#35;", "amp;", "#", "###", "!", "+", "-", "---",
    "===", "=", "~~~", ".", "1.", "1)", "12345.", "`", "```", "\\", "\u{a0}", "\u{3000}", "\u{2003}", "\u{200b}",
    "\u{301}", "€", "–", "“", "”", "’", "…", "。", "漢字", "😀", "\t", "\n", "\u{0}", "\u{7f}", "\u{85}", "\u{2028}",
    "\u{feff}", "'", "\"", "/", ":", "@", "$", "%", "^", "{", "}", ";", ",", "?", "[x]", "![", "](", "]:", "<!--",
    "-->", "https://", ":-", "|-|", "- ", "> ", "# ", "1. ",
];

pub(super) const ADDRESSES: &[&str] = &[
    "https://example.org/",
    "HTTP://example.org/a?b=c&d=e#f",
    "/careers/nurse",
    "/a b",
    "/a(b",
    "/a)b(",
    "/a[b]c",
    "/a\"b'c",
    "/a|b",
    "/a\\b",
    "/a\\",
    "/a`b",
    "/a*b*_c_",
    "/a&amp;b",
    "/a&#35;b",
    "/<x>",
    "/",
    "/é\u{a0}ü",
    "https://a.b/x (y)",
    "mailto:someone@example.org",
    "tel:+44 20 7946 0000",
    "javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "",
    "ref:0199a1c2-7b1e-7c3a-9d55-0a1b2c3d4e5f",
];

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::collection::vec(prop::sample::select(PIECES), 0..5).prop_map(|pieces| pieces.concat()),
        2 => prop::sample::select(&["plain words", "one", " a ", "b", " ", "You will "][..]).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(6).collect()),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        3 => prop::sample::select(ADDRESSES).prop_map(|address| Target::Address(address.to_owned())),
        1 => (any::<u128>(), any::<Option<u128>>()).prop_map(|(id, block)| Target::Document {
            id: Uuid::from_u128(id),
            block: block.map(Uuid::from_u128),
        }),
    ]
}

fn inline() -> impl Strategy<Value = Inline> {
    let leaf = prop_oneof![
        8 => text().prop_map(|text| Inline::Text { text }),
        1 => Just(Inline::Break),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let content = prop::collection::vec(inner, 0..4);
        prop_oneof![
            content.clone().prop_map(|content| Inline::Strong { content }),
            content.clone().prop_map(|content| Inline::Emphasis { content }),
            (target(), content).prop_map(|(target, content)| Inline::Link { target, content }),
        ]
    })
}

fn line() -> impl Strategy<Value = Vec<Inline>> {
    prop::collection::vec(inline(), 0..6)
}

/// One or two characters at a time with any marks, so that delimiters touch in every way.
fn dense_line() -> impl Strategy<Value = Vec<Inline>> {
    let text = prop::sample::select(
        &["a", "b", "(", ")", "*", "_", "!", " ", "€", "\u{a0}", "é", "1.", "&", "\u{301}", "#", "~", "-"][..],
    );
    let piece = (text, any::<bool>(), any::<bool>(), prop::option::weighted(0.3, any::<bool>())).prop_map(
        |(text, strong, emphasis, link)| {
            let mut inline = Inline::text(text);
            if strong {
                inline = Inline::Strong { content: vec![inline] };
            }
            if emphasis {
                inline = Inline::Emphasis { content: vec![inline] };
            }
            if let Some(link) = link {
                let target = Target::Address(if link { "/x" } else { "/y z" }.to_owned());
                inline = Inline::Link { target, content: vec![inline] };
            }
            inline
        },
    );
    prop::collection::vec(piece, 1..12)
}

fn block() -> impl Strategy<Value = Block> {
    let row = || prop::collection::vec(line(), 0..4);
    let leaf = prop_oneof![
        6 => line().prop_map(|content| Block::Paragraph { content }),
        1 => (1_u8..7, line()).prop_map(|(level, content)| Block::Heading { level, content }),
        1 => (row(), prop::collection::vec(row(), 0..3)).prop_map(|(head, rows)| Block::Table { head, rows }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let blocks = prop::collection::vec(inner, 0..4);
        let items = prop::collection::vec(blocks.clone().prop_map(|blocks| Item { blocks }), 0..4);
        let start = prop_oneof![Just(1_u32), 0_u32..12, Just(999_999_998), any::<u32>()];
        prop_oneof![
            3 => (any::<bool>(), start, items).prop_map(|(ordered, start, items)| Block::List { ordered, start, items }),
            1 => blocks.prop_map(|blocks| Block::Quote { blocks }),
        ]
    })
}

pub(super) fn document() -> impl Strategy<Value = RichDoc> {
    prop::collection::vec(block(), 0..5).prop_map(|blocks| RichDoc { blocks })
}

/// Markdown as a careless or hostile author might type it.
fn source() -> impl Strategy<Value = String> {
    let line = prop::collection::vec(
        prop_oneof![
            4 => prop::sample::select(PIECES).prop_map(str::to_owned),
            1 => prop::sample::select(&["    ", "\n", "\n\n", "\r\n", "<script>", "</script>", "<br>", "[x](/y)", "![z](/y)", "|a|b|\n|-|-|\n|c|", "</p>", "<https://a.b>", "<a@b.c>", "[a]: /x\n", "***", "- - "][..]).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ],
        0..40,
    );
    line.prop_map(|pieces| pieces.concat())
}

// 256 cases of each, or as many as the variable PROPTEST_CASES says.
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_document_reads_back_as_its_normal_form(document in document()) {
        let normal = document.clone().normalised();
        let markdown = document.to_markdown();
        prop_assert_eq!(&RichDoc::parse(&markdown), &normal, "{}", markdown);
        prop_assert!(markdown.is_empty() == normal.is_empty());
        prop_assert!(markdown.is_empty() || (markdown.ends_with('\n') && !markdown.ends_with("\n\n")));
    }

    #[test]
    fn marks_in_the_middle_of_words_read_back(line in dense_line()) {
        let document = RichDoc { blocks: vec![Block::Paragraph { content: line }] }.normalised();
        let markdown = document.to_markdown();
        prop_assert_eq!(&RichDoc::parse(&markdown), &document, "{}", markdown);
    }

    #[test]
    fn normalising_twice_changes_nothing_more(document in document()) {
        let once = document.normalised();
        prop_assert_eq!(&once.clone().normalised(), &once);
    }

    #[test]
    fn normalising_keeps_every_word(line in line()) {
        let letters = |text: &str| text.chars().filter(|character| character.is_alphanumeric()).collect::<String>();
        let before = letters(&text_of_inlines(&line));
        let after = RichDoc { blocks: vec![Block::Paragraph { content: line }] }.to_text();
        prop_assert_eq!(letters(&after), before);
    }

    #[test]
    fn reading_any_text_gives_a_normal_form_that_prints_stably(source in source()) {
        let document = RichDoc::parse(&source);
        prop_assert_eq!(&document.clone().normalised(), &document);
        let markdown = document.to_markdown();
        let again = RichDoc::parse(&markdown);
        prop_assert_eq!(&again, &document, "{}", markdown);
        prop_assert_eq!(again.to_markdown(), markdown);
    }

    #[test]
    fn html_has_only_elements_of_the_schema(document in document()) {
        let html = document.to_html(&|_, _| Some("/x?a=1&b=\"2\"".to_owned()));
        let mut open: Vec<String> = Vec::new();
        for tag in html.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').unwrap_or_default();
            prop_assert!(!text.contains('>'));
            let name = tag.split(' ').next().unwrap_or_default();
            match name.strip_prefix('/') {
                Some(name) => prop_assert_eq!(open.pop(), Some(name.to_owned())),
                None if name == "br" => {}
                None => {
                    let known = ["p", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "a"];
                    prop_assert!(known.contains(&name), "{}", name);
                    open.push(name.to_owned());
                }
            }
        }
        prop_assert!(open.is_empty());
        prop_assert!(!html.contains("href=\"javascript:"));
    }

    #[test]
    fn json_of_a_document_reads_back(document in document()) {
        let document = document.normalised();
        let json = serde_json::json!(document);
        prop_assert_eq!(serde_json::from_value::<RichDoc>(json).ok(), Some(document));
    }
}

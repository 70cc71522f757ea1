//! Buttons, fields and forms. Nothing here sends anything that would be kept.

use maud::html;

use super::{
    super::{
        form::FormState,
        ui::{self, Field, confirm, field, markdown},
    },
    Exhibit, PATH,
    showing::findings,
};

pub fn buttons() -> Vec<Exhibit> {
    vec![
        ("ui::submit", ui::submit("Save")),
        (
            "ui::button",
            html! { div.row { (ui::button("step", "a", "Add a section", "")) (ui::button("step", "b", "Remove", "Working life")) } },
        ),
        (
            "ui::small_button",
            html! { div.row { (ui::small_button("step", "up", "Move up", "Working life")) (ui::small_button("step", "down", "Move down", "Working life")) } },
        ),
        (
            "ui::keyed_button",
            html! { div.row { (ui::keyed_button("step", "up", "Up", "Working life", "Alt+Shift+ArrowUp")) } },
        ),
        (
            "ui::keyed_add",
            html! { form { button.button { "Save" } " " (ui::keyed_add("add", "Add a section", "after Working life", "Control+Alt+n")) } },
        ),
        ("ui::bad_button", ui::bad_button("Delete for good")),
        ("ui::link_button", ui::link_button(PATH, "Compare…")),
        ("ui::primary_link", ui::primary_link(PATH, "Review and publish…")),
        ("ui::post_button", ui::post_button(PATH, "Assign to me", "Pay band is out of date")),
        (
            "div.buttons",
            html! { div.buttons { (ui::submit("Save")) (ui::button("step", "c", "Submit for review…", "")) (ui::link_button(PATH, "Cancel")) } },
        ),
    ]
}

pub fn fields() -> Vec<Exhibit> {
    let options = ["Nursing", "Allied health", "Estates"].map(|words| (words.to_lowercase(), words.to_owned()));
    let ticked = |value: &str| value == "nursing" || value == "estates";
    let fault = "Say what the page is called.";
    vec![
        (
            "field::text",
            html! {
                (field::text(&Field::new("text-plain", "Title").value("Adult nurse")))
                (field::text(&Field::new("text-hint", "Slug").hint("Small letters, digits and hyphens.").class("medium").value("adult-nurse")))
                (field::text(&Field::new("text-about", "Link text").about("of the first link")))
                (field::text(&Field::new("text-fault", "Title").hint("As it stands at the top of the page.").fault(fault)))
                (field::text(&findings("field").into_iter().fold(Field::new("text-note", "Summary").value("Nurses do many things."), Field::note)))
                (field::text(&Field::new("text-date", "Review by").kind("date").class("short").value("2027-05-01")))
                (field::text(&Field::new("text-limit", "Code").class("short").limit(4).value("2231").autocomplete("off")))
            },
        ),
        (
            "field::area",
            html! {
                (field::area(&Field::new("area-plain", "Text").value("Porters move people and things.\n\n- beds\n- samples")))
                (field::area(&Field::new("area-fault", "Note").hint("Those who review see it.").rows(2).fault("Say why.")))
            },
        ),
        (
            "markdown::rich_text",
            html! {
                (markdown::rich_text(&Field::new("rich-text", "Text").value("Porters **move** people and things.\n\n- beds\n- samples"), true))
                (markdown::rich_text(&Field::new("rich-plain", "Text").about("as Markdown").hint("With stars around it, it is bold.").value("Porters **move** things."), false))
                (markdown::rich_text(&Field::new("rich-fault", "Text").value("Porters.").fault("It did not arrive as it was written."), true))
            },
        ),
        (
            "field::select",
            html! {
                (field::select(&Field::new("select-plain", "Area of work").value("estates"), &options))
                (field::select(&Field::new("select-unknown", "A value that is in no list").value("dental"), &options))
                (field::select(&Field::new("select-fault", "Area of work").class("medium").fault("Choose one."), &options))
            },
        ),
        (
            "field::radios",
            html! {
                (field::radios(&Field::new("radios-plain", "Area of work").value("nursing"), &options))
                (field::radios(&Field::new("radios-fault", "Area of work").hint("Where most people of this role work.").fault("Choose one."), &options))
            },
        ),
        (
            "field::checks",
            html! {
                (field::checks(&Field::new("checks-plain", "Areas of work"), &options, &ticked))
                (field::checks(&Field::new("checks-fault", "Areas of work").fault("Choose at least one."), &options, &|_| false))
            },
        ),
        (
            "field::check",
            html! {
                (field::check(&Field::new("check-on", "Visitors may leave an address").value("true")))
                (field::check(&Field::new("check-off", "The picture is decoration").hint("Nobody misses anything without it.")))
                (field::check(&Field::new("check-fault", "I have read it").fault("Say that you have read it.")))
            },
        ),
        (
            "field::file",
            html! {
                (field::file(&Field::new("file-one", "Picture").hint("At most 20 MB."), "image/png", false))
                (field::file(&Field::new("file-fault", "Pictures").fault("Choose at least one file."), "image/png", true))
            },
        ),
        ("field::hidden", html! { p { "Nothing to be seen." } (field::hidden("version", "3")) }),
        (
            "div.fields",
            html! { div.fields {
                (field::text(&Field::new("beside-one", "From").class("short")))
                (field::text(&Field::new("beside-two", "To").class("short")))
            } },
        ),
    ]
}

pub fn forms() -> Vec<Exhibit> {
    let state = FormState::new()
        .with_fault("text-fault", "Say what the page is called.")
        .with_fault("", "The page could not be saved.");
    let sentence =
        html! { p { "“Adult nurse” goes into the trash. It can be taken out again for as long as nobody purges it." } };
    vec![
        ("ui::error_summary", ui::error_summary(&state)),
        ("confirm::ask", confirm::ask(PATH, sentence, ui::bad_button("Move to the trash"), PATH)),
    ]
}

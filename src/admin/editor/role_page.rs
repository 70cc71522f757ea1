//! The fields of a role page.

use maud::{Markup, html};

use crate::content::kinds::{
    requirement::Nation,
    role_page::{CodeScheme, Period, TitleArticle},
};

use super::{
    super::ui::{self, field},
    parts, sections,
    sheet::Sheet,
    words,
};

/// The title, the sections, the references and the facts, in this order.
pub fn fields(sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card #part-title aria-labelledby="title-heading" {
            h2 #title-heading { "Title and summary" }
            (sheet.text("/content/title", "Title"))
            (sheet.select("/content/title_article", "Article before the title in a sentence", &field::options(TitleArticle::ALL, TitleArticle::name, words::title_article)))
            (sheet.lines("/content/alternative_titles", "Other titles", "One a line. People search for them."))
            (field::area(&sheet.line("/content/summary", "Summary").hint("One or two sentences. It stands in lists and in search results.").rows(3).counted(600)))
            (field::area(&sheet.line("/content/meta_description", "Description for search engines").hint("Left empty, it is the summary, cut at a sentence.").rows(2).counted(160)))
            (sheet.lines("/content/search_terms", "Search terms", "One a line. Nobody sees them."))
        }
        section.card #part-image aria-labelledby="image-heading" {
            h2 #image-heading { "Lead image" }
            div id=(field::anchor("/content/lead_image")) {
                @if sheet.at("/content/lead_image").is_object() {
                    (sheet.object("/content/lead_image"))
                    (parts::image(sheet, "/content/lead_image", "lead image"))
                    (ui::button("op", "clear:/content/lead_image", "Remove the lead image", ""))
                } @else {
                    (ui::button("op", "set:/content/lead_image:object", "Add a lead image", ""))
                }
            }
        }
        h2 #part-sections { "Sections" }
        (sections::sections(sheet))
        section.card #part-related aria-labelledby="related-heading" {
            h2 #related-heading { "Related roles" }
            (related(sheet))
        }
        section.card #part-learn-more aria-labelledby="learn-more-heading" {
            h2 #learn-more-heading { "Learn more" }
            (parts::links(sheet, "/content/learn_more", "Learn more links"))
        }
        section.card #part-facts aria-labelledby="facts-heading" {
            h2 #facts-heading { "Role facts" }
            (facts(sheet))
        }
    }
}

fn related(sheet: &Sheet<'_>) -> Markup {
    let items = sheet.items("/content/related_roles");
    let dark = items.iter().filter(|item| {
        let known = sheet.text_at(item).parse::<uuid::Uuid>().ok().and_then(|id| sheet.known.get(&id));
        !known.is_some_and(|known| known.live_state.name() == "live" || known.live_state.name() == "withdrawn")
    });
    let dark = dark.count();
    html! {
        (sheet.notes("/content/related_roles"))
        @if dark > 0 {
            p.hint { (dark) " of " (items.len()) " related roles are not live. They are left out of the public page until they are." }
        }
        ol.stack-s id=(field::anchor("/content/related_roles")) {
            @for (position, item) in items.iter().enumerate() {
                @let id = sheet.text_at(item);
                li id=(field::anchor(item)) {
                    (sheet.reference(&id))
                    (field::hidden(&format!("{item}#reference"), &id))
                    (sheet.notes(item))
                    div.row {
                        @let about = format!("related role {}", position + 1);
                        (ui::small_button("op", &format!("up:{item}"), "Up", &about))
                        (ui::small_button("op", &format!("down:{item}"), "Down", &about))
                        (ui::small_button("op", &format!("remove:{item}"), "Remove", &about))
                    }
                }
            }
        }
        (sheet.choose("/content/related_roles", "related", "Add a related role…", ""))
    }
}

fn facts(sheet: &Sheet<'_>) -> Markup {
    html! {
        (sheet.notes("/content/facts"))
        (codes(sheet))
        (pay(sheet))
        fieldset.things {
            legend { "Hours" }
            (sheet.notes("/content/facts/hours"))
            div.fields {
                (sheet.number("/content/facts/hours/minimum", "At least"))
                (sheet.number("/content/facts/hours/maximum", "At most"))
                (sheet.text("/content/facts/hours/detail", "Detail"))
            }
            (sheet.lines("/content/facts/hours/patterns", "Patterns", "One a line, such as: evenings and weekends on a rota"))
        }
        (parts::tasks(sheet, "/content/facts/tasks", "role facts"))
        (parts::skills(sheet, "/content/facts/skills"))
        (registrations(sheet))
        (sheet.lines("/content/facts/work_locations", "Where people work", "One a line."))
        (sheet.lines("/content/facts/work_environments", "What the work is like", "One a line."))
        (sheet.lines("/content/facts/uniform", "Uniform", "One a line."))
        (parts::standards(sheet, "/content/facts/standards", "role facts"))
        (sheet.markdown("/content/facts/career_path", "Career path"))
    }
}

fn codes(sheet: &Sheet<'_>) -> Markup {
    let list = "/content/facts/occupation_codes";
    html! {
        fieldset.things id=(field::anchor(list)) {
            legend { "Occupation codes" }
            (sheet.notes(list))
            @for (position, item) in sheet.items(list).iter().enumerate() {
                div.thing id=(field::anchor(item)) {
                    (sheet.notes(item))
                    div.fields {
                        (sheet.select(&format!("{item}/scheme"), "Scheme", &field::options(CodeScheme::ALL, CodeScheme::name, words::code_scheme)))
                        (sheet.text_hint(&format!("{item}/scheme_version"), "Version of the scheme", "Such as 2020"))
                        (sheet.text(&format!("{item}/code"), "Code"))
                        (sheet.text(&format!("{item}/uri"), "Address of the concept"))
                        (sheet.text(&format!("{item}/label"), "Label"))
                    }
                    (sheet.flag(&format!("{item}/primary"), "The main code"))
                    div.row { (sheet.controls(item, &format!("occupation code {}", position + 1))) }
                }
            }
            (sheet.add(list, "occupation_code", "Add an occupation code", ""))
        }
    }
}

fn pay(sheet: &Sheet<'_>) -> Markup {
    let pay = "/content/facts/pay";
    let period =
        || sheet.select(&format!("{pay}/period"), "For", &field::options(Period::ALL, Period::name, words::period));
    let amounts = |first: (&str, &str), second: (&str, &str)| {
        html! {
            div.fields {
                (sheet.number(&format!("{pay}/{}", first.0), first.1))
                (sheet.number(&format!("{pay}/{}", second.0), second.1))
                (sheet.text_hint(&format!("{pay}/currency"), "Currency", "Three capital letters; GBP if left empty"))
                (period())
                (sheet.date(&format!("{pay}/as_of"), "As of"))
            }
        }
    };
    let mut nations = vec![(String::new(), "Not said".to_owned())];
    nations.extend(field::options(Nation::ALL, Nation::name, words::nation));
    html! {
        fieldset.things id=(field::anchor(pay)) {
            legend { "Pay" }
            (sheet.notes(pay))
            @if sheet.at(pay).is_object() {
                (sheet.hidden(&format!("{pay}/kind")))
                (sheet.notes(&format!("{pay}/kind")))
                @match sheet.text_at(&format!("{pay}/kind")).as_str() {
                    "bands" => {
                        div.fields {
                            (sheet.text_hint(&format!("{pay}/scheme"), "Scheme", "Such as agenda-for-change"))
                            (sheet.select(&format!("{pay}/nation"), "Nation", &nations))
                        }
                        (sheet.lines(&format!("{pay}/bands"), "Bands", "One a line."))
                    }
                    "range" => { (amounts(("minimum", "From"), ("maximum", "To"))) }
                    "progression" => { (amounts(("starter", "Starting"), ("experienced", "Experienced"))) }
                    _ => { (sheet.text(&format!("{pay}/note"), "How it varies")) }
                }
                (ui::button("op", &format!("clear:{pay}"), "Remove pay", ""))
            } @else {
                p.hint { "How is pay said?" }
                div.row {
                    (ui::button("op", &format!("set:{pay}:bands"), "In bands", "of pay"))
                    (ui::button("op", &format!("set:{pay}:range"), "As a range", "of pay"))
                    (ui::button("op", &format!("set:{pay}:progression"), "Starting and experienced", "pay"))
                    (ui::button("op", &format!("set:{pay}:variable"), "It varies", ""))
                }
            }
        }
    }
}

fn registrations(sheet: &Sheet<'_>) -> Markup {
    let list = "/content/facts/registrations";
    html! {
        fieldset.things id=(field::anchor(list)) {
            legend { "Registrations" }
            (sheet.notes(list))
            @for (position, item) in sheet.items(list).iter().enumerate() {
                div.thing id=(sheet.anchor(item)) {
                    (sheet.id_of(item))
                    (sheet.notes(item))
                    (sheet.text(&format!("{item}/text"), "Registration"))
                    (sheet.text(&format!("{item}/organisation"), "Organisation"))
                    (parts::links(sheet, &format!("{item}/links"), &format!("Links of registration {}", position + 1)))
                    div.row { (sheet.controls(item, &format!("registration {}", position + 1))) }
                }
            }
            (sheet.add(list, "registration", "Add a registration", ""))
        }
    }
}

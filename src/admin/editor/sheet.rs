//! The sheet that an editor is drawn on: the values of the form, what is wrong with them, what their checks say, and what
//! is known of everything that they refer to. The parts of the editors draw their fields with it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    content::{Check, Kind, Known, Sentences, Severity},
    feedback::Report,
    kernel::Fault,
    media::Media,
};

use super::{
    super::ui::{
        self, Badge,
        check_list::{self, Finding},
        field,
        field::Field,
        markdown,
    },
    beside,
    body::{level_of, lines_of, text_of},
};

pub struct Sheet<'a> {
    pub kind: Kind,
    /// The document that is edited.
    pub document: Uuid,
    /// What visitors said, of the case that stands beside the text.
    pub reports: &'a [Report],
    /// Slug, parent, language, note and content.
    pub body: &'a Value,
    /// With pointers into the body.
    pub faults: &'a [Fault],
    /// With pointers into the content.
    pub checks: &'a [Finding],
    pub known: &'a BTreeMap<Uuid, Known>,
    pub images: &'a BTreeMap<Uuid, Media>,
    /// Of the document itself.
    pub sentences: &'a Sentences,
    /// Of the requirement sections that it embeds.
    pub embedded: &'a BTreeMap<Uuid, Sentences>,
    /// Whether rich text begins as it will look, or as Markdown.
    pub rich: bool,
}

impl<'a> Sheet<'a> {
    /// The value at a pointer; null where there is none.
    pub fn at(&self, pointer: &str) -> &'a Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a pointer.
    pub fn text_at(&self, pointer: &str) -> String {
        text_of(self.at(pointer))
    }

    /// How many items a list has.
    pub fn count(&self, pointer: &str) -> usize {
        self.at(pointer).as_array().map_or(0, Vec::len)
    }

    /// The pointers of the items of a list.
    pub fn items(&self, pointer: &str) -> Vec<String> {
        (0..self.count(pointer)).map(|position| format!("{pointer}/{position}")).collect()
    }

    /// A field with the value, the faults and the checks of its place.
    fn field<'f>(&self, pointer: &str, kind: &str, label: &'f str, value: String) -> Field<'f> {
        let name = if kind.is_empty() { pointer.to_owned() } else { format!("{pointer}#{kind}") };
        let mut field = Field::new(name, label).value(value);
        if let Some(fault) = self.fault(pointer) {
            field = field.fault(fault);
        }
        for check in self.checks_at(pointer).chain(self.checks_of_lines(pointer)) {
            field = field.note(check.clone());
        }
        field
    }

    fn fault(&self, pointer: &str) -> Option<&'a str> {
        let inside = |fault: &&Fault| {
            fault.pointer.strip_prefix(pointer).is_some_and(|rest| {
                // Of a list of lines, the fault of a line is the field's.
                rest.is_empty()
                    || rest.strip_prefix('/').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
            })
        };
        self.faults.iter().find(inside).map(|fault| fault.detail.as_str())
    }

    /// The checks that speak of exactly this place.
    pub fn checks_at(&self, pointer: &str) -> impl Iterator<Item = &'a Finding> {
        let place = pointer.strip_prefix("/content").unwrap_or(pointer).to_owned();
        self.checks.iter().filter(move |one| one.check.pointer == place)
    }

    /// The checks that speak of a line of a field that holds texts, one a line.
    fn checks_of_lines(&self, pointer: &str) -> impl Iterator<Item = &'a Finding> {
        let place = format!("{}/", pointer.strip_prefix("/content").unwrap_or(pointer));
        let line = move |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        self.checks.iter().filter(move |one| one.check.pointer.strip_prefix(&place).is_some_and(line))
    }

    /// Where in this page a finding is put right: its field; of a line in a field of lines, that field.
    pub fn place_of(&self, check: &Check) -> String {
        let place = check.place();
        let lines = place.rsplit_once('/').filter(|(list, _)| self.at(list).is_array() && self.at(&place).is_string());
        format!("#{}", field::anchor(lines.map_or(place.as_str(), |(list, _)| list)))
    }

    /// How many must-fix checks and faults there are within a place.
    pub fn problems_within(&self, pointer: &str) -> usize {
        let inside = |text: &str, place: &str| {
            text.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let place = pointer.strip_prefix("/content").unwrap_or(pointer);
        let checks = self
            .checks
            .iter()
            .map(|one| &one.check)
            .filter(|check| check.severity == Severity::MustFix && inside(&check.pointer, place));
        let faults = self.faults.iter().filter(|fault| inside(&fault.pointer, pointer));
        checks.count() + faults.count()
    }

    pub fn line(&self, pointer: &str, label: &'a str) -> Field<'a> {
        self.field(pointer, "", label, self.text_at(pointer))
    }

    /// One line of text.
    pub fn text(&self, pointer: &str, label: &str) -> Markup {
        field::text(&self.field(pointer, "", label, self.text_at(pointer)))
    }

    /// One line of text with a hint.
    pub fn text_hint(&self, pointer: &str, label: &str, hint: &str) -> Markup {
        field::text(&self.field(pointer, "", label, self.text_at(pointer)).hint(hint))
    }

    pub fn date(&self, pointer: &str, label: &str) -> Markup {
        field::text(&self.field(pointer, "", label, self.text_at(pointer)).kind("date").class("short"))
    }

    pub fn number(&self, pointer: &str, label: &str) -> Markup {
        field::text(&self.field(pointer, "number", label, self.text_at(pointer)).class("short"))
    }

    pub fn flag(&self, pointer: &str, label: &str) -> Markup {
        field::check(&self.field(pointer, "flag", label, self.text_at(pointer)))
    }

    /// Texts, one a line.
    pub fn lines(&self, pointer: &str, label: &str, hint: &str) -> Markup {
        let rows = (self.count(pointer) + 1).clamp(2, 12);
        field::area(&self.field(pointer, "lines", label, lines_of(self.at(pointer))).hint(hint).rows(rows))
    }

    /// Rich text.
    pub fn markdown(&self, pointer: &str, label: &str) -> Markup {
        let value = self.text_at(pointer);
        let rows = (value.lines().count() + 2).clamp(3, 24);
        markdown::rich_text(&self.field(pointer, "", label, value.trim_end().to_owned()).rows(rows), self.rich)
    }

    /// One of a closed list.
    pub fn select(&self, pointer: &str, label: &str, options: &[(String, String)]) -> Markup {
        field::select(&self.field(pointer, "", label, self.text_at(pointer)).class("medium"), options)
    }

    /// A level of one of the frameworks.
    pub fn level(&self, pointer: &str, label: &str) -> Markup {
        use crate::content::kinds::requirement::Framework;

        let mut options = vec![(String::new(), "No level".to_owned())];
        for framework in Framework::ALL {
            for level in framework.levels() {
                options.push((format!("{}:{level}", framework.name()), format!("{} {level}", framework.name())));
            }
        }
        field::select(&self.field(pointer, "level", label, level_of(self.at(pointer))).class("medium"), &options)
    }

    /// Any of a closed list.
    pub fn set(&self, pointer: &str, label: &str, hint: &str, options: &[(String, String)]) -> Markup {
        let chosen =
            |value: &str| self.at(pointer).as_array().is_some_and(|items| items.iter().any(|item| item == value));
        let field = self.field(pointer, "set", label, String::new());
        let field = if hint.is_empty() { field } else { field.hint(hint) };
        // What is chosen stands first and in its order, so that a save that changes nothing changes no order either.
        let place = |value: &str| {
            let items = self.at(pointer).as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().position(|item| item == value).unwrap_or(items.len())
        };
        let mut options = options.to_vec();
        options.sort_by_key(|(value, _)| place(value));
        field::checks(&field, &options, &chosen)
    }

    /// A value that the form carries and nobody sees.
    pub fn hidden(&self, pointer: &str) -> Markup {
        field::hidden(pointer, &self.text_at(pointer))
    }

    /// Says that there is an object, whatever is in it.
    pub fn object(&self, pointer: &str) -> Markup {
        field::hidden(&format!("{pointer}#object"), "")
    }

    /// The id of a thing.
    pub fn id_of(&self, pointer: &str) -> Markup {
        self.hidden(&format!("{pointer}/id"))
    }

    /// Where a page returns to a thing: its own id if it has one, else its place.
    pub fn anchor(&self, pointer: &str) -> String {
        match self.text_at(&format!("{pointer}/id")) {
            id if id.is_empty() => field::anchor(pointer),
            id => id,
        }
    }

    /// What visitors said of the thing at a pointer.
    fn reported_at(&self, pointer: &str) -> Vec<&'a Report> {
        if self.reports.is_empty() {
            return Vec::new();
        }
        let id = self.text_at(&format!("{pointer}/id"));
        let here = |report: &&Report| {
            report.document.0 == self.document && report.block.is_some_and(|block| block.to_string() == id)
        };
        self.reports.iter().filter(here).collect()
    }

    /// Whether something in the form bears an id.
    pub fn holds(&self, id: &str) -> bool {
        fn within(value: &Value, id: &str) -> bool {
            match value {
                Value::Object(fields) => {
                    fields.get("id").and_then(Value::as_str) == Some(id)
                        || fields.values().any(|field| within(field, id))
                }
                Value::Array(items) => items.iter().any(|item| within(item, id)),
                _ => false,
            }
        }
        within(self.body, id)
    }

    /// What the checks and visitors say of a place that is no field.
    pub fn notes(&self, pointer: &str) -> Markup {
        html! {
            (beside::at_a_passage(&self.reported_at(pointer)))
            (check_list::notes(&format!("{}-notes", field::anchor(pointer)), &self.checks_at(pointer).cloned().collect::<Vec<_>>()))
            @if let Some(fault) = self.fault(pointer) { p.fault { span.vh { "Error: " } (fault) } }
        }
    }

    /// Up, down, duplicate and remove, for a thing in a list. `about` names it for those who don't see it.
    pub fn controls(&self, pointer: &str, about: &str) -> Markup {
        html! {
            (ui::small_button("op", &format!("up:{pointer}"), "Up", about))
            (ui::small_button("op", &format!("down:{pointer}"), "Down", about))
            (ui::small_button("op", &format!("duplicate:{pointer}"), "Duplicate", about))
            (ui::small_button("op", &format!("remove:{pointer}"), "Remove", about))
        }
    }

    /// The same with keys, for what is moved about most.
    pub fn keyed_controls(&self, pointer: &str, about: &str) -> Markup {
        html! {
            (ui::keyed_button("op", &format!("up:{pointer}"), "Up", about, "Alt+Shift+ArrowUp"))
            (ui::keyed_button("op", &format!("down:{pointer}"), "Down", about, "Alt+Shift+ArrowDown"))
            (ui::keyed_button("op", &format!("duplicate:{pointer}"), "Duplicate", about, "Control+Alt+d"))
            (ui::small_button("op", &format!("remove:{pointer}"), "Remove", about))
        }
    }

    /// Leads to every place where a thing can stand, once everything is saved.
    pub fn move_to(&self, pointer: &str, about: &str) -> Markup {
        html! {
            button.button.quiet.small name="op" value={ "place:" (pointer) } data-dialog {
                "Move to…" span.vh { " " (about) }
            }
        }
    }

    /// A button that adds something to a list.
    pub fn add(&self, pointer: &str, kind: &str, words: &str, about: &str) -> Markup {
        ui::button("op", &format!("add:{pointer}:{kind}"), words, about)
    }

    /// A field for many things at once, one a line.
    pub fn paste(&self, pointer: &str, kind: &str, words: &str, about: &str) -> Markup {
        let name = format!("lines:{pointer}");
        html! {
            details.paste {
                summary { (words) span.vh { " " (about) } }
                (field::area(&Field::new(name, "One a line").about(about)))
                (ui::button("op", &format!("lines:{pointer}:{kind}"), "Add the lines", about))
            }
        }
    }

    /// A document that is referred to: its title and state, or what is to be done.
    pub fn reference(&self, id: &str) -> Markup {
        let known = id.parse::<Uuid>().ok().and_then(|id| self.known.get(&id));
        html! {
            @match known {
                Some(known) => {
                    a href={ "/admin/" (known.kind.collection()) "/" (known.id) } { (known.title) }
                    " " (Badge::live(known.live_state))
                    @if let Some(badge) = Badge::draft(known.draft_state) { " " (badge) }
                    @if known.trashed { " " span.muted { "(in the trash)" } }
                }
                None if id.is_empty() => { span.muted { "Nothing is chosen yet." } }
                None => { span.muted { "This does not exist any more." } }
            }
        }
    }

    /// A button that leads to choosing a document or an image for a place, once everything is saved.
    pub fn choose(&self, pointer: &str, what: &str, words: &str, about: &str) -> Markup {
        html! {
            button.button name="op" value={ "choose:" (pointer) ":" (what) } data-dialog {
                (words) @if !about.is_empty() { span.vh { " " (about) } }
            }
        }
    }
}

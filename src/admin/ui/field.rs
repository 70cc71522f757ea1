//! Fields of forms: label, hint, what is wrong, control. The same for every form, the editors' included.

use std::borrow::Cow;

use maud::{Markup, html};

use super::{
    super::form::FormState,
    check_list::{self, Finding},
};

/// One field. Made with [`Field::new`] or from a form's state, and drawn by one of the functions below.
#[derive(Clone, Debug, Default)]
pub struct Field<'a> {
    name: Cow<'a, str>,
    label: Cow<'a, str>,
    /// Words that only those hear who don't see where the field stands.
    about: String,
    hint: Option<String>,
    value: String,
    fault: Option<String>,
    /// What the checks say of it; that is no fault of the form.
    notes: Vec<Finding>,
    kind: &'a str,
    class: &'a str,
    autocomplete: Option<&'a str>,
    rows: usize,
    limit: Option<usize>,
    /// The most characters that are good; more can be typed.
    counted: Option<usize>,
}

/// The id of a field in the page, made of its name; what stands behind `#` says how the value is read and is left out.
pub fn anchor(name: &str) -> String {
    let name = name.split('#').next().unwrap_or(name);
    let legal = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '.' };
    format!("f-{}", name.chars().map(legal).collect::<String>())
}

impl FormState {
    /// A field with what was typed in it and what is wrong with it.
    pub fn field<'a>(&self, name: &'a str, label: &'a str) -> Field<'a> {
        let field = Field::new(name, label).value(self.value(name));
        match self.fault(name) {
            Some(fault) => field.fault(fault),
            None => field,
        }
    }
}

impl<'a> Field<'a> {
    pub fn new(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), label: label.into(), kind: "text", rows: 4, ..Self::default() }
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn fault(mut self, fault: impl Into<String>) -> Self {
        self.fault = Some(fault.into());
        self
    }

    #[must_use]
    pub fn note(mut self, finding: Finding) -> Self {
        self.notes.push(finding);
        self
    }

    /// Completes the label for those who don't see where the field stands.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// The type of an input: text, email, password, search, date, datetime-local, url …
    #[must_use]
    pub fn kind(mut self, kind: &'a str) -> Self {
        self.kind = kind;
        self
    }

    /// `short` or `medium`; without it the field is as wide as its place.
    #[must_use]
    pub fn class(mut self, class: &'a str) -> Self {
        self.class = class;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'a str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// The most characters that can be typed.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Says how many characters there are, of so many that are good.
    #[must_use]
    pub fn counted(mut self, limit: usize) -> Self {
        self.counted = Some(limit);
        self
    }

    /// The id of the control.
    pub fn id(&self) -> String {
        anchor(&self.name)
    }

    /// What the control holds.
    pub fn text(&self) -> &str {
        &self.value
    }

    /// The ids of what describes the control.
    fn described_by(&self) -> Option<String> {
        let id = self.id();
        let hint = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let fault = self.fault.as_ref().map(|_| format!("{id}-fault"));
        let notes = (!self.notes.is_empty()).then(|| format!("{id}-notes"));
        let all: Vec<String> = [hint, fault, notes].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.fault.as_ref().map(|_| "true")
    }

    fn class_of_field(&self) -> &'static str {
        if self.fault.is_some() { "field has-fault" } else { "field" }
    }

    fn said(&self) -> Markup {
        let id = self.id();
        html! {
            @if let Some(hint) = &self.hint { span.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(fault) = &self.fault { span.fault id={ (id) "-fault" } { span.vh { "Error: " } (fault) } }
        }
    }

    fn noted(&self) -> Markup {
        html! {
            @if let Some(limit) = self.counted {
                p.hint id={ (self.id()) "-count" } data-count=(limit) { (self.value.chars().count()) " of " (limit) " characters" }
            }
            (check_list::notes(&format!("{}-notes", self.id()), &self.notes))
        }
    }

    fn words(&self) -> Markup {
        html! { (self.label) @if !self.about.is_empty() { span.vh { " " (self.about) } } }
    }

    /// A control of one's own with everything that belongs to a field.
    pub fn around(&self, control: Markup) -> Markup {
        html! {
            div class=(self.class_of_field()) {
                label for=(self.id()) { (self.words()) }
                (self.said())
                (control)
                (self.noted())
            }
        }
    }

    /// The control of several lines.
    pub fn text_area(&self) -> Markup {
        html! {
            // A line break right after the tag is not part of the text.
            textarea id=(self.id()) name=(self.name) rows=(self.rows) maxlength=[self.limit]
                aria-describedby=[self.described_by()] aria-invalid=[self.invalid()] { "\n" (self.value) }
        }
    }
}

/// One line.
pub fn text(field: &Field<'_>) -> Markup {
    let id = field.id();
    html! {
        div class=(field.class_of_field()) {
            label for=(id) { (field.words()) }
            (field.said())
            input id=(id) class=[(!field.class.is_empty()).then_some(field.class)] type=(field.kind) name=(field.name)
                value=(field.value) autocomplete=[field.autocomplete] maxlength=[field.limit]
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
            (field.noted())
        }
    }
}

/// Several lines.
pub fn area(field: &Field<'_>) -> Markup {
    field.around(field.text_area())
}

/// One of several, in a list that opens. An empty value stands for none.
pub fn select(field: &Field<'_>, options: &[(String, String)]) -> Markup {
    let id = field.id();
    let known = options.iter().any(|(value, _)| *value == field.value);
    html! {
        div class=(field.class_of_field()) {
            label for=(id) { (field.words()) }
            (field.said())
            select id=(id) class=[(!field.class.is_empty()).then_some(field.class)] name=(field.name)
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
                @if !known && !field.value.is_empty() { option value=(field.value) selected { (field.value) } }
                @for (value, words) in options {
                    option value=(value) selected[*value == field.value] { (words) }
                }
            }
            (field.noted())
        }
    }
}

/// One of a few, all in view.
pub fn radios(field: &Field<'_>, options: &[(String, String)]) -> Markup {
    let id = field.id();
    html! {
        fieldset class=(field.class_of_field()) id=(id) aria-describedby=[field.described_by()] {
            legend { (field.words()) }
            (field.said())
            @for (position, (value, words)) in options.iter().enumerate() {
                label.choice for={ (id) "-" (position) } {
                    input type="radio" id={ (id) "-" (position) } name=(field.name) value=(value) checked[*value == field.value];
                    (words)
                }
            }
            (field.noted())
        }
    }
}

/// Any of a few, all in view; `chosen` are the values that are ticked.
pub fn checks(field: &Field<'_>, options: &[(String, String)], chosen: &dyn Fn(&str) -> bool) -> Markup {
    let id = field.id();
    html! {
        fieldset class=(field.class_of_field()) id=(id) aria-describedby=[field.described_by()] {
            legend { (field.words()) }
            (field.said())
            div.choices {
                @for (position, (value, words)) in options.iter().enumerate() {
                label.choice for={ (id) "-" (position) } {
                    input type="checkbox" id={ (id) "-" (position) } name=(field.name) value=(value) checked[chosen(value)];
                    (words)
                }
            }
            }
            (field.noted())
        }
    }
}

/// Yes or no. It sends `true` when it is ticked and nothing when it is not.
pub fn check(field: &Field<'_>) -> Markup {
    let id = field.id();
    html! {
        div class=(field.class_of_field()) {
            label.choice for=(id) {
                input type="checkbox" id=(id) name=(field.name) value="true" checked[field.value == "true"]
                    aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
                (field.words())
            }
            (field.said())
            (field.noted())
        }
    }
}

/// A file to choose.
pub fn file(field: &Field<'_>, accept: &str, several: bool) -> Markup {
    let id = field.id();
    html! {
        div class=(field.class_of_field()) {
            label for=(id) { (field.words()) }
            (field.said())
            input id=(id) type="file" name=(field.name) accept=(accept) multiple[several]
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
        }
    }
}

/// Something that the form carries and nobody sees.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Options of a closed list, with words for people.
pub fn options<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    words: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|one| (name(*one).to_owned(), words(*one).to_owned())).collect()
}

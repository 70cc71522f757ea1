//! A time that somebody chose for something to happen: read in the zone of the site, and named in full on the button that
//! counts, once it has been looked at.
//!
//! Decision (2026-11-22): the button carries the time that it names. Context: without a script the button can name a time
//! only once the server has seen it, and the field beside it can be changed afterwards. Consequence: a button that names
//! another time than the field holds does nothing but name the new one.

use maud::{Markup, html};

use crate::{kernel::Timestamp, web::Fields};

use super::super::{
    form::FormState,
    request::PanelRequest,
    ui::{
        self,
        time::{self, Zone},
    },
};

/// The field in which the time is typed.
const AT: &str = "at";
/// What the button that counts carries: the time that it names.
const NAMED: &str = "named_at";
/// The button that asks for the time in full.
const ASK: &str = "name_time";

/// A time as it was typed in the zone of the site.
pub fn typed(request: &PanelRequest, fields: &mut Fields, name: &str) -> Option<Timestamp> {
    let text = fields.text(name, 40);
    let time = text.as_deref().and_then(|text| request.chrome.zone.read(text));
    if time.is_none() {
        let zone = request.chrome.zone.name();
        fields.fault(name, "not-a-time", format!("Say when: a day and a time, in the zone {zone}."));
    }
    time
}

/// The time at which something is to happen. One that was changed after the button had named it is refused.
pub fn chosen(request: &PanelRequest, fields: &mut Fields) -> Option<Timestamp> {
    let named = fields.text(NAMED, 40);
    fields.text(ASK, 10);
    let time = typed(request, fields, AT);
    let zone = &request.chrome.zone;
    if let (Some(named), Some(time)) = (named.as_deref().and_then(|text| zone.read(text)), time)
        && named != time
    {
        let detail = "The time was changed after the button had named it. The button names it now.";
        fields.fault(AT, "changed-meanwhile", detail);
    }
    time
}

/// Whether somebody asks for the time in full.
pub fn is_asked(request: &PanelRequest) -> bool {
    request.form.has(ASK)
}

/// What a form shows whose time was asked for in full: the button names it, or the field says what is wrong with it.
pub fn named(request: &PanelRequest, state: FormState) -> FormState {
    let zone = &request.chrome.zone;
    match zone.read(state.value(AT)) {
        None => state.with_fault(AT, &format!("Say when: a day and a time, in the zone {}.", zone.name())),
        Some(time) if time <= request.now() => state.with_fault(AT, "The time has to lie in the future."),
        Some(_) => state,
    }
}

/// The buttons of a form that schedules. The first names the time as soon as one has been typed.
pub fn buttons(zone: &Zone, now: Timestamp, state: &FormState) -> Markup {
    let time = zone.read(state.value(AT)).filter(|time| *time > now);
    html! {
        @match time {
            Some(time) => { button.button.primary name=(NAMED) value=(zone.typed(time)) { "Schedule for " (time::in_full(zone, time)) } }
            None => { (ui::submit("Schedule")) }
        }
        (ui::button(ASK, "true", "Name the time in full", "on the button"))
    }
}

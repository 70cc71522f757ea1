//! One's own preferences: the form on the page of one's account, and what it changes.

use maud::{Markup, html};

use crate::{
    accounts::preferences::{
        self, Density, MentionsByMail, Preferences, PreferencesChange, ReportsByMail, TextEditing, Theme,
    },
    kernel::Result,
    web::{Answer, no_content},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Field, field, words},
    },
    profile::PROFILE,
};

named! {
    /// A preference that is on or off. A box that is not ticked sends nothing, which here means no change.
    Switch {
        On = "on",
        Off = "off",
    }
}

impl Switch {
    fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }

    fn is_on(self) -> bool {
        self == Self::On
    }
}

/// The form.
pub fn form(preferences: &Preferences, mail: bool) -> Markup {
    let switches = field::options(Switch::ALL, Switch::name, |switch| if switch.is_on() { "On" } else { "Off" });
    let switch = |name: &'static str, label: &'static str, hint: &str, on: bool| {
        field::radios(&Field::new(name, label).hint(hint).value(Switch::of(on).name()), &switches)
    };
    html! {
        h2 { "Preferences" }
        form method="post" action={ (PROFILE) "/preferences" } {
            div.fields {
                (field::radios(
                    &Field::new("theme", "Colours").value(preferences.theme.name()),
                    &field::options(Theme::ALL, Theme::name, words::theme),
                ))
                (field::radios(
                    &Field::new("density", "Density").value(preferences.density.name()),
                    &field::options(Density::ALL, Density::name, words::density),
                ))
            }
            (field::radios(
                &Field::new("text_editing", "Write texts as").value(preferences.text_editing.name()),
                &field::options(TextEditing::ALL, TextEditing::name, words::text_editing),
            ))
            (switch("announce_formatting", "Say the formatting wherever the cursor goes",
                "For screen readers. Otherwise it is said only when it changes.", preferences.announce_formatting))
            (switch("single_keys", "Shortcuts with a single key",
                "Such as j and k in lists. Turn them off if you speak to your computer.", preferences.single_keys))
            @if mail {
                (field::radios(
                    &Field::new("reports_by_mail", "Mail when somebody reports something about a page of yours")
                        .hint("It says which page, never what was reported; one in ten minutes at most.")
                        .value(preferences.reports_by_mail.name()),
                    &field::options(ReportsByMail::ALL, ReportsByMail::name, words::reports_by_mail),
                ))
                (field::radios(
                    &Field::new("mentions_by_mail", "Mail when a note names you")
                        .hint("It says which case, never what was written; one in ten minutes at most.")
                        .value(preferences.mentions_by_mail.name()),
                    &field::options(MentionsByMail::ALL, MentionsByMail::name, words::mentions_by_mail),
                ))
            }
            (ui::submit("Keep the preferences"))
        }
    }
}

/// Keeps the preferences that were sent; the others stay. A script that remembers one of them needs no page.
pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    preferences::prefer(&request.ctx, read(&request)?).await?;
    if request.chrome.fragment {
        return no_content();
    }
    request.done(PROFILE, "Your preferences are kept.").await
}

fn read(request: &PanelRequest) -> Result<PreferencesChange> {
    let mut fields = request.form.fields(&[]);
    let change = PreferencesChange {
        text_editing: fields.choice("text_editing"),
        single_keys: fields.choice("single_keys").map(Switch::is_on),
        announce_formatting: fields.choice("announce_formatting").map(Switch::is_on),
        theme: fields.choice("theme"),
        density: fields.choice("density"),
        reports_by_mail: fields.choice("reports_by_mail"),
        mentions_by_mail: fields.choice("mentions_by_mail"),
    };
    fields.finish()?;
    Ok(change)
}

//! Badges: a shape, a colour and words, so that none of the three is needed alone.

use maud::{Markup, html};

use crate::{
    content::{DraftState, LiveState, Severity},
    feedback::{CaseState, redaction::Flag},
};

use super::words;

/// How a badge looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Good,
    Warning,
    Bad,
    Planned,
    Working,
    Quiet,
}

/// A short state in words.
#[derive(Clone, Debug)]
pub struct Badge {
    pub look: Look,
    pub words: String,
}

impl Badge {
    pub fn new(look: Look, words: impl Into<String>) -> Self {
        Self { look, words: words.into() }
    }

    /// The draft line; without a draft there is nothing to say.
    pub fn draft(state: DraftState) -> Option<Self> {
        let look = match state {
            DraftState::None => return None,
            DraftState::Draft => Look::Working,
            DraftState::InReview => Look::Warning,
            DraftState::ChangesRequested | DraftState::Failed => Look::Bad,
            DraftState::Approved => Look::Good,
        };
        Some(Self::new(look, words::draft_state(state)))
    }

    pub fn live(state: LiveState) -> Self {
        let look = match state {
            LiveState::Live => Look::Good,
            LiveState::Never | LiveState::Unpublished => Look::Quiet,
            LiveState::Withdrawn => Look::Warning,
        };
        Self::new(look, words::live_state(state))
    }

    pub fn case(state: CaseState) -> Self {
        let look = match state {
            CaseState::New => Look::Warning,
            CaseState::Open | CaseState::InProgress => Look::Working,
            CaseState::Waiting => Look::Planned,
            CaseState::Resolved => Look::Good,
            CaseState::Dismissed | CaseState::Merged => Look::Quiet,
        };
        Self::new(look, words::case_state(state))
    }

    /// Something in a report that people should look at before its words are passed on.
    pub fn flag(flag: Flag) -> Self {
        Self::new(Look::Warning, words::flag(flag))
    }

    /// Content that was added to look around, and is to be removed again.
    pub fn sample() -> Self {
        Self::new(Look::Quiet, "Sample")
    }

    pub fn severity(severity: Severity) -> Self {
        match severity {
            Severity::MustFix => Self::new(Look::Bad, "Must fix"),
            Severity::LookAt => Self::new(Look::Warning, "Look at"),
            Severity::Advice => Self::new(Look::Quiet, "Advice"),
        }
    }
}

impl maud::Render for Badge {
    fn render(&self) -> Markup {
        let class = match self.look {
            Look::Good => "badge ok",
            Look::Warning => "badge warn",
            Look::Bad => "badge bad",
            Look::Planned => "badge plan",
            Look::Working => "badge info",
            Look::Quiet => "badge",
        };
        html! { span class=(class) { (shape(self.look)) (self.words) } }
    }
}

fn shape(look: Look) -> Markup {
    html! {
        svg viewBox="0 0 10 10" aria-hidden="true" {
            @match look {
                Look::Good => { circle cx="5" cy="5" r="4" fill="currentColor" {} }
                Look::Working => { circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" stroke-width="2" {} }
                Look::Warning => { path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor" {} circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" {} }
                Look::Bad => { path d="M5 1l4 8H1z" fill="currentColor" {} }
                Look::Planned => { path d="M5 1v4l3 2" fill="none" stroke="currentColor" stroke-width="2" {} }
                Look::Quiet => { rect x="1.5" y="1.5" width="7" height="7" fill="none" stroke="currentColor" stroke-width="1.5" {} }
            }
        }
    }
}

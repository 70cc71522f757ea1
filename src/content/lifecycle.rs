//! The life of a document as one pure table: state × action × settings → next state, and the permission each action
//! needs. The panel, the management API, the scheduler and the tests all read it; it reads no database.
//!
//! Decisions (2026-11-22):
//! - A withdrawn document may be published: a corrected version then replaces the withdrawn one. Reinstating first would
//!   put the wrong advice back for a while.
//! - An unpublished document without a draft may be published: its last published version goes live again.
//! - A document that the public can read is not trashed: what becomes of its address has to be said, which unpublishing
//!   asks for. So "as it was" after the trash never puts anything live.
//! - After a failed schedule the version is submitted again where review is on, since what made it fail may have changed
//!   what was approved. Where review is off, scheduling it again makes a draft of it that is scheduled: what failed was the
//!   schedule before, and its faults are looked for again.

use serde::Serialize;

use crate::kernel::Permission;

named! {
    /// The draft line.
    DraftState {
        None = "none",
        Draft = "draft",
        InReview = "in_review",
        ChangesRequested = "changes_requested",
        Approved = "approved",
        Failed = "failed",
    }

    /// The live line.
    LiveState { Never = "never", Live = "live", Withdrawn = "withdrawn", Unpublished = "unpublished", }

    Action {
        Save = "save",
        Submit = "submit",
        Approve = "approve",
        RequestChanges = "request-changes",
        Publish = "publish",
        ForcePublish = "force-publish",
        Schedule = "schedule",
        ScheduleUnpublish = "schedule-unpublish",
        Unschedule = "unschedule",
        Confirm = "confirm",
        Withdraw = "withdraw",
        Reinstate = "reinstate",
        Unpublish = "unpublish",
        Discard = "discard",
        Restore = "restore",
        Trash = "trash",
        Untrash = "untrash",
        Purge = "purge",
    }
}

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct State {
    pub draft: DraftState,
    pub live: LiveState,
    pub trashed: bool,
    pub scheduled: bool,
    /// Whether a forced publication still awaits its review.
    pub retrospective: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Whether a version needs an approval before it is published.
    pub review: bool,
}

/// Why an action is not possible in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub detail: &'static str,
}

impl Action {
    pub fn permission(self) -> Permission {
        match self {
            Self::Save | Self::Submit | Self::Discard | Self::Restore => Permission::ContentWrite,
            Self::Approve | Self::RequestChanges => Permission::ContentReview,
            Self::Publish
            | Self::Schedule
            | Self::ScheduleUnpublish
            | Self::Unschedule
            | Self::Confirm
            | Self::Withdraw
            | Self::Reinstate
            | Self::Unpublish => Permission::ContentPublish,
            Self::ForcePublish => Permission::ContentForcePublish,
            Self::Trash | Self::Untrash => Permission::ContentTrash,
            Self::Purge => Permission::ContentPurge,
        }
    }
}

impl State {
    pub const NEW: Self = Self {
        draft: DraftState::None,
        live: LiveState::Never,
        trashed: false,
        scheduled: false,
        retrospective: false,
    };

    pub fn has_draft(self) -> bool {
        self.draft != DraftState::None
    }

    /// Whether the public can read it.
    pub fn is_public(self) -> bool {
        matches!(self.live, LiveState::Live | LiveState::Withdrawn)
    }
}

/// The table.
///
/// # Errors
/// Why the action is not possible from this state. Permissions, authorship and content checks are the commands' part.
pub fn next(state: State, action: Action, rules: Rules) -> Result<State, Refusal> {
    if state.trashed && !matches!(action, Action::Untrash | Action::Purge) {
        return refuse("in-trash", "The document is in the trash; take it out first.");
    }
    match action {
        Action::Save | Action::Restore => Ok(State { draft: DraftState::Draft, ..state }),
        Action::Submit => match state.draft {
            DraftState::Draft | DraftState::ChangesRequested | DraftState::Failed => {
                Ok(State { draft: DraftState::InReview, ..state })
            }
            DraftState::None => refuse("no-draft", "There is no draft to submit."),
            DraftState::InReview => refuse("in-review", "The draft is in review already."),
            DraftState::Approved => refuse("approved", "The draft has been approved already."),
        },
        Action::Approve => match state.draft {
            DraftState::InReview => Ok(State { draft: DraftState::Approved, ..state }),
            DraftState::None if state.retrospective => Ok(State { retrospective: false, ..state }),
            _ => refuse("not-in-review", "The draft is not in review."),
        },
        Action::RequestChanges => match state.draft {
            DraftState::InReview => Ok(State { draft: DraftState::ChangesRequested, ..state }),
            _ => refuse("not-in-review", "The draft is not in review."),
        },
        Action::Publish => {
            let published = State { draft: DraftState::None, live: LiveState::Live, ..state };
            match state.draft {
                DraftState::None if state.live == LiveState::Unpublished => Ok(published),
                DraftState::None => refuse("no-draft", "There is no draft to publish."),
                DraftState::Approved => Ok(published),
                _ if rules.review => refuse("not-approved", "The draft has to be approved before it is published."),
                _ => Ok(published),
            }
        }
        Action::ForcePublish => {
            if state.has_draft() {
                Ok(State { draft: DraftState::None, live: LiveState::Live, retrospective: true, ..state })
            } else {
                refuse("no-draft", "There is no draft to publish.")
            }
        }
        Action::Schedule => match state.draft {
            DraftState::None => refuse("no-draft", "There is no draft to schedule."),
            DraftState::Approved => Ok(State { scheduled: true, ..state }),
            _ if rules.review => refuse("not-approved", "The draft has to be approved before it is scheduled."),
            DraftState::Failed => Ok(State { draft: DraftState::Draft, scheduled: true, ..state }),
            _ => Ok(State { scheduled: true, ..state }),
        },
        Action::ScheduleUnpublish => {
            if state.is_public() {
                Ok(State { scheduled: true, ..state })
            } else {
                refuse("not-live", "The document is not live.")
            }
        }
        Action::Unschedule => {
            if state.scheduled {
                Ok(State { scheduled: false, ..state })
            } else {
                refuse("not-scheduled", "Nothing is scheduled.")
            }
        }
        Action::Confirm => match state.live {
            LiveState::Live => Ok(state),
            _ => refuse("not-live", "Only a live document can be confirmed as still correct."),
        },
        Action::Withdraw => match state.live {
            LiveState::Live => Ok(State { live: LiveState::Withdrawn, ..state }),
            _ => refuse("not-live", "Only a live document can be withdrawn."),
        },
        Action::Reinstate => match state.live {
            LiveState::Withdrawn => Ok(State { live: LiveState::Live, ..state }),
            _ => refuse("not-withdrawn", "Only a withdrawn document can be reinstated."),
        },
        Action::Unpublish => {
            if state.is_public() {
                Ok(State { live: LiveState::Unpublished, ..state })
            } else {
                refuse("not-live", "The document is not live.")
            }
        }
        Action::Discard => {
            if state.has_draft() {
                Ok(State { draft: DraftState::None, ..state })
            } else {
                refuse("no-draft", "There is no draft to discard.")
            }
        }
        Action::Trash => {
            if state.is_public() {
                refuse("still-live", "The document is live; unpublish it first and say what becomes of its address.")
            } else {
                Ok(State { trashed: true, scheduled: false, ..state })
            }
        }
        Action::Untrash => {
            if state.trashed {
                Ok(State { trashed: false, ..state })
            } else {
                refuse("not-in-trash", "The document is not in the trash.")
            }
        }
        Action::Purge => {
            if state.trashed {
                Ok(state)
            } else {
                refuse("not-in-trash", "Only a document in the trash can be purged.")
            }
        }
    }
}

fn refuse(code: &'static str, detail: &'static str) -> Result<State, Refusal> {
    Err(Refusal { code, detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> Vec<State> {
        let mut states = Vec::new();
        for draft in DraftState::ALL {
            for live in LiveState::ALL {
                for bits in 0..8 {
                    states.push(State {
                        draft: *draft,
                        live: *live,
                        trashed: bits & 1 == 1,
                        scheduled: bits & 2 == 2,
                        retrospective: bits & 4 == 4,
                    });
                }
            }
        }
        states
    }

    #[test]
    fn the_draft_line_and_the_live_line_never_mix() {
        for state in states() {
            for action in Action::ALL {
                for review in [false, true] {
                    let Ok(after) = next(state, *action, Rules { review }) else { continue };
                    let publishes = matches!(action, Action::Publish | Action::ForcePublish);
                    if after.live != state.live && after.draft != state.draft {
                        assert!(publishes, "{action:?} changed both lines of {state:?}");
                    }
                    if after.live != state.live {
                        assert_ne!(action.permission(), Permission::ContentWrite, "{action:?}");
                    }
                    if !after.has_draft() && state.has_draft() {
                        assert!(publishes || *action == Action::Discard, "{action:?} lost the draft of {state:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_published_unapproved_where_review_is_on_except_by_force() {
        for state in states() {
            let published = next(state, Action::Publish, Rules { review: true });
            if published.is_ok() {
                let republished = state.draft == DraftState::None && state.live == LiveState::Unpublished;
                assert!(state.draft == DraftState::Approved || republished);
            }
            if let Ok(forced) = next(state, Action::ForcePublish, Rules { review: true }) {
                assert!(forced.retrospective);
            }
        }
    }

    #[test]
    fn a_save_voids_whatever_a_review_said() {
        for state in states().into_iter().filter(|state| !state.trashed) {
            for action in [Action::Save, Action::Restore] {
                let after = next(state, action, Rules { review: true }).unwrap();
                assert_eq!(after, State { draft: DraftState::Draft, ..state });
            }
        }
    }

    #[test]
    fn what_is_in_the_trash_can_only_leave_it() {
        for state in states().into_iter().filter(|state| state.trashed) {
            for action in Action::ALL {
                let possible = next(state, *action, Rules { review: false }).is_ok();
                assert_eq!(possible, matches!(action, Action::Untrash | Action::Purge));
            }
        }
    }

    #[test]
    fn the_drawn_life_is_possible_step_by_step() {
        let rules = Rules { review: true };
        let mut state = State::NEW;
        for (action, draft, live) in [
            (Action::Save, DraftState::Draft, LiveState::Never),
            (Action::Submit, DraftState::InReview, LiveState::Never),
            (Action::RequestChanges, DraftState::ChangesRequested, LiveState::Never),
            (Action::Submit, DraftState::InReview, LiveState::Never),
            (Action::Approve, DraftState::Approved, LiveState::Never),
            (Action::Schedule, DraftState::Approved, LiveState::Never),
            (Action::Unschedule, DraftState::Approved, LiveState::Never),
            (Action::Publish, DraftState::None, LiveState::Live),
            (Action::Confirm, DraftState::None, LiveState::Live),
            (Action::Withdraw, DraftState::None, LiveState::Withdrawn),
            (Action::Reinstate, DraftState::None, LiveState::Live),
            (Action::Unpublish, DraftState::None, LiveState::Unpublished),
            (Action::Trash, DraftState::None, LiveState::Unpublished),
            (Action::Untrash, DraftState::None, LiveState::Unpublished),
            (Action::Publish, DraftState::None, LiveState::Live),
        ] {
            state = next(state, action, rules).unwrap();
            assert_eq!((state.draft, state.live), (draft, live), "after {action:?}");
        }
    }
}

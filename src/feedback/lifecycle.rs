//! The life of a case as one pure table: state × action → next state. The panel, the management API, the followers and
//! the tests all read it; it reads no database and knows no reports.
//!
//! Decisions (2026-11-22):
//! - A new case can be started at once: who starts it has opened it on the way.
//! - A waiting case can be made to wait for another time.
//! - A publication can fix a case in any open state, so every open state can be resolved.
//! - A case that has been answered or dismissed is reopened before it is merged, so that unmerging never brings back an
//!   answer that nobody remembers.

use crate::kernel::Permission;

named! {
    CaseState {
        New = "new",
        Open = "open",
        InProgress = "in_progress",
        Waiting = "waiting",
        Resolved = "resolved",
        Dismissed = "dismissed",
        Merged = "merged",
    }

    /// How a case was resolved.
    Resolution {
        /// In a published version.
        Fixed = "fixed",
        /// Nothing had to change.
        Answered = "answered",
        WontChange = "wont_change",
    }

    /// Why a case was dismissed.
    Dismissal {
        Spam = "spam",
        NotActionable = "not_actionable",
        OutOfScope = "out_of_scope",
        NoDetail = "no_detail",
        PersonalQuery = "personal_query",
        Duplicate = "duplicate",
    }

    /// What can happen to a case.
    CaseAction {
        Open = "open",
        Start = "start",
        Wait = "wait",
        Resume = "resume",
        Resolve = "resolve",
        Dismiss = "dismiss",
        Reopen = "reopen",
        /// A report says that the fix did not work.
        Regress = "regress",
        Merge = "merge",
        Unmerge = "unmerge",
        Assign = "assign",
        Retitle = "retitle",
        /// Says how grave it is and what it is about.
        Classify = "classify",
        /// Takes back what was done last.
        Undo = "undo",
        Note = "note",
        /// A report comes in by itself.
        Receive = "receive",
        /// A person moves reports into it.
        Take = "take",
    }
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub state: CaseState,
    /// What it goes back to when it is unmerged.
    pub before_merge: Option<CaseState>,
}

/// Why an action is not possible in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub detail: &'static str,
}

impl CaseState {
    /// Whether somebody still has to do something about it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Open | Self::InProgress | Self::Waiting)
    }
}

impl CaseAction {
    pub fn permission(self) -> Permission {
        Permission::FeedbackTriage
    }
}

/// The table.
///
/// # Errors
/// Why the action is not possible from this state. Permissions, and what an action says, are the commands' part.
pub fn next(standing: Standing, action: CaseAction) -> Result<Standing, Refusal> {
    use CaseState::{Dismissed, InProgress, Merged, New, Open, Resolved, Waiting};

    let state = standing.state;
    let to = |state| Ok(Standing { state, before_merge: None });
    match action {
        CaseAction::Unmerge => match state {
            Merged => to(standing.before_merge.unwrap_or(Open)),
            _ => refuse("not-merged", "The case is not merged into another."),
        },
        // What was done last is known to the command alone.
        CaseAction::Note | CaseAction::Undo => Ok(standing),
        _ if state == Merged => refuse("merged", "The case is merged into another; unmerge it first."),
        CaseAction::Open => match state {
            New => to(Open),
            _ => refuse("not-new", "Only a new case can be opened."),
        },
        CaseAction::Start => match state {
            New | Open => to(InProgress),
            _ => refuse("not-open", "Only a new or open case can be started."),
        },
        CaseAction::Wait => match state {
            InProgress | Waiting => to(Waiting),
            _ => refuse("not-in-progress", "Only a case in progress can wait."),
        },
        CaseAction::Resume => match state {
            Waiting => to(InProgress),
            _ => refuse("not-waiting", "The case is not waiting."),
        },
        CaseAction::Resolve if state.is_open() => to(Resolved),
        CaseAction::Dismiss if state.is_open() => to(Dismissed),
        CaseAction::Merge if state.is_open() => Ok(Standing { state: Merged, before_merge: Some(state) }),
        CaseAction::Resolve | CaseAction::Dismiss | CaseAction::Merge => {
            refuse("closed", "The case is resolved or dismissed; reopen it first.")
        }
        CaseAction::Reopen => match state {
            Resolved | Dismissed => to(Open),
            _ => refuse("not-closed", "Only a resolved or dismissed case can be reopened."),
        },
        CaseAction::Regress => match state {
            Resolved => to(Open),
            _ => refuse("not-resolved", "Only a resolved case can regress."),
        },
        CaseAction::Take if state == Dismissed => refuse("dismissed", "The case is dismissed; reopen it first."),
        CaseAction::Assign | CaseAction::Retitle | CaseAction::Classify | CaseAction::Receive | CaseAction::Take => {
            Ok(standing)
        }
    }
}

/// Why an action is not possible for a case in this state; `None` if it is. What a case goes back to when it is unmerged
/// changes nothing about that.
pub fn refusal(state: CaseState, action: CaseAction) -> Option<Refusal> {
    next(Standing { state, before_merge: None }, action).err()
}

fn refuse(code: &'static str, detail: &'static str) -> Result<Standing, Refusal> {
    Err(Refusal { code, detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings() -> Vec<Standing> {
        let mut standings = Vec::new();
        for state in CaseState::ALL {
            if *state == CaseState::Merged {
                let open = CaseState::ALL.iter().copied().filter(|state| state.is_open());
                standings.extend(open.map(|before| Standing { state: *state, before_merge: Some(before) }));
            } else {
                standings.push(Standing { state: *state, before_merge: None });
            }
        }
        standings
    }

    fn possible(action: CaseAction) -> Vec<&'static str> {
        let mut names: Vec<&str> = standings()
            .into_iter()
            .filter(|standing| next(*standing, action).is_ok())
            .map(|standing| standing.state.name())
            .collect();
        names.dedup();
        names
    }

    #[test]
    fn the_drawn_life_is_possible_step_by_step() {
        let mut standing = Standing { state: CaseState::New, before_merge: None };
        for (action, state) in [
            (CaseAction::Open, CaseState::Open),
            (CaseAction::Start, CaseState::InProgress),
            (CaseAction::Wait, CaseState::Waiting),
            (CaseAction::Resume, CaseState::InProgress),
            (CaseAction::Resolve, CaseState::Resolved),
            (CaseAction::Regress, CaseState::Open),
            (CaseAction::Dismiss, CaseState::Dismissed),
            (CaseAction::Reopen, CaseState::Open),
            (CaseAction::Start, CaseState::InProgress),
            (CaseAction::Merge, CaseState::Merged),
            (CaseAction::Unmerge, CaseState::InProgress),
        ] {
            standing = next(standing, action).unwrap();
            assert_eq!(standing.state, state, "after {action:?}");
        }
    }

    #[test]
    fn each_action_is_possible_where_it_should_be_and_nowhere_else() {
        let open = vec!["new", "open", "in_progress", "waiting"];
        let unmerged = vec!["new", "open", "in_progress", "waiting", "resolved", "dismissed"];
        for (action, states) in [
            (CaseAction::Open, vec!["new"]),
            (CaseAction::Start, vec!["new", "open"]),
            (CaseAction::Wait, vec!["in_progress", "waiting"]),
            (CaseAction::Resume, vec!["waiting"]),
            (CaseAction::Resolve, open.clone()),
            (CaseAction::Dismiss, open.clone()),
            (CaseAction::Merge, open),
            (CaseAction::Reopen, vec!["resolved", "dismissed"]),
            (CaseAction::Regress, vec!["resolved"]),
            (CaseAction::Unmerge, vec!["merged"]),
            (CaseAction::Assign, unmerged.clone()),
            (CaseAction::Retitle, unmerged.clone()),
            (CaseAction::Classify, unmerged.clone()),
            (CaseAction::Receive, unmerged.clone()),
            (CaseAction::Take, vec!["new", "open", "in_progress", "waiting", "resolved"]),
            (CaseAction::Undo, [unmerged.clone(), vec!["merged"]].concat()),
            (CaseAction::Note, [unmerged, vec!["merged"]].concat()),
        ] {
            assert_eq!(possible(action), states, "{action:?}");
        }
    }

    #[test]
    fn a_merge_is_undone_exactly() {
        for standing in standings() {
            if let Ok(merged) = next(standing, CaseAction::Merge) {
                assert_eq!(next(merged, CaseAction::Unmerge), Ok(standing));
            }
        }
    }

    #[test]
    fn only_a_merged_case_remembers_what_it_was() {
        for standing in standings() {
            for action in CaseAction::ALL {
                let Ok(after) = next(standing, *action) else { continue };
                assert_eq!(after.before_merge.is_some(), after.state == CaseState::Merged, "{standing:?} {action:?}");
            }
        }
    }
}
